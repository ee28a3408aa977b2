# Shared text of the homes with a monitor of ours: signals and timers of the thread that runs the guest.
from kernel.types cimport u64
from libc.errno cimport EAGAIN, EEXIST, EINTR, EINVAL, ENOMEM, errno

cdef extern from *:
    """
    #ifndef _GNU_SOURCE
    #define _GNU_SOURCE 1
    #endif
    #include <signal.h>
    #include <sys/syscall.h>
    #include <time.h>
    #include <unistd.h>

    #ifndef SS_AUTODISARM
    #define SS_AUTODISARM (1U << 31)
    #endif
    #ifndef sigev_notify_thread_id
    #define sigev_notify_thread_id _sigev_un._tid
    #endif

    static inline long host_tid(void) { return syscall(SYS_gettid); }
    static inline void host_signal(long tid, int sig) { syscall(SYS_tgkill, syscall(SYS_getpid), tid, sig); }
    static inline int host_timer_create(timer_t *timer, long tid, int sig) {
        struct sigevent event = {0};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = sig;
        event.sigev_notify_thread_id = (int)tid;
        return timer_create(CLOCK_MONOTONIC, &event, timer);
    }
    """
    long host_tid() noexcept nogil
    void host_signal(long tid, int sig) noexcept nogil
    int host_timer_create(void** timer, long tid, int sig) noexcept nogil

cdef extern from "<time.h>" nogil:
    struct timespec:
        long tv_sec
        long tv_nsec
    int clock_gettime(int clock, timespec* ts)
    int CLOCK_MONOTONIC, CLOCK_REALTIME
cdef extern from "<signal.h>" nogil:
    ctypedef struct sigset_t:
        pass
    ctypedef struct siginfo_t:
        int si_code
    struct sigaction_t "sigaction":
        void (*sa_sigaction)(int, siginfo_t*, void*) noexcept nogil
        void (*sa_handler)(int) noexcept nogil
        sigset_t sa_mask
        int sa_flags
    ctypedef struct stack_t:
        void* ss_sp
        int ss_flags
        size_t ss_size
    int sigaction(int sig, const sigaction_t* new, sigaction_t* old)
    int sigaltstack(const stack_t* new, stack_t* old)
    int sigemptyset(sigset_t* set)
    int sigaddset(sigset_t* set, int sig)
    int sigdelset(sigset_t* set, int sig)
    int pthread_sigmask(int how, const sigset_t* new, sigset_t* old)
    int sigtimedwait(const sigset_t* set, siginfo_t* info, const timespec* timeout)
    int SIG_BLOCK, SIG_SETMASK, SA_SIGINFO, SA_ONSTACK, SA_NODEFER, SIGRTMIN, SS_DISABLE
    unsigned int SS_AUTODISARM
    int SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGINT, SIGTERM, SIGQUIT, SIGPIPE
    void (*SIG_IGN)(int) noexcept nogil
cdef extern from "<time.h>" nogil:
    struct itimerspec:
        timespec it_interval
        timespec it_value
    int timer_settime(void* timer, int flags, const itimerspec* new, itimerspec* old)
    int timer_delete(void* timer)
    int TIMER_ABSTIME
cdef extern from "<poll.h>" nogil:
    struct pollfd:
        int fd
        short events
        short revents
    int ppoll(pollfd* fds, unsigned long count, const timespec* timeout, const sigset_t* mask)
    short POLLIN, POLLOUT
cdef extern from "<fcntl.h>" nogil:
    int os_open "open"(const char* path, int flags, ...)
    int O_RDONLY, O_RDWR, O_CLOEXEC
cdef extern from "<unistd.h>" nogil:
    long os_read "read"(int fd, void* data, size_t n)
    long write(int fd, const void* data, size_t n)
    int os_close "close"(int fd)
    void _exit(int code)

cdef enum:
    NANOSECONDS = 1000000000
    INPUT_TICK = 20000000                # ns between looks for input while the guest computes


cdef u64 now(int clock) noexcept nogil:
    cdef timespec ts
    clock_gettime(clock, &ts)
    return <u64>ts.tv_sec * 1000000000 + <u64>ts.tv_nsec


# How often the user has asked the guest to end.
cdef struct Patience:
    u64 last_key                         # time of the last Ctrl-C
    bint terminated


cdef int signal_timer() noexcept nogil:
    return SIGRTMIN + 4

cdef int signal_device() noexcept nogil:
    return SIGRTMIN + 5

cdef int signal_input() noexcept nogil:
    return SIGRTMIN + 6


cdef u64 event_of(int sig) noexcept nogil:
    """The event that a signal of the user's becomes."""
    return EVENT_INTERRUPT_KEY if sig == SIGINT else EVENT_TERMINATE if sig == SIGTERM else EVENT_QUIT_KEY


cdef int forced_exit(Patience* patience, int sig, bint handled) noexcept nogil:
    """Exit code if this SIGINT, SIGTERM or SIGQUIT is to end the guest whether it likes or not, or 0.

    That is without an event handler, at the second Ctrl-C within a second, and at the second SIGTERM.
    """
    cdef u64 when
    cdef bint force = not handled
    if sig == SIGINT:
        when = now(CLOCK_MONOTONIC)
        force = force or (patience.last_key != 0 and when - patience.last_key < NANOSECONDS)
        patience.last_key = when
    elif sig == SIGTERM:
        force = force or patience.terminated
        patience.terminated = True
    return 128 + sig if force else 0


cdef void set_timer(void* timer, u64 first, u64 interval, int flags) noexcept nogil:
    cdef itimerspec spec
    spec.it_value.tv_sec = first // NANOSECONDS
    spec.it_value.tv_nsec = first % NANOSECONDS
    spec.it_interval.tv_sec = interval // NANOSECONDS
    spec.it_interval.tv_nsec = interval % NANOSECONDS
    timer_settime(timer, flags, &spec, NULL)


cdef u64 private_memory() noexcept nogil:
    """Anonymous resident bytes of this process (proc(5), statm: resident - shared)."""
    cdef char text[128]
    cdef u64 field[3]
    cdef int i, at = 0
    cdef long got
    cdef int fd = os_open(b"/proc/self/statm", O_RDONLY | O_CLOEXEC)
    if fd < 0:
        return 0
    got = os_read(fd, text, sizeof(text))
    os_close(fd)
    for i in range(3):
        field[i] = 0
        while at < got and c'0' <= text[at] <= c'9':
            field[i] = field[i] * 10 + <u64>(text[at] - c'0')
            at += 1
        at += 1
    return (field[1] - field[2]) * PAGE_SIZE
