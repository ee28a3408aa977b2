# The kernel inside an ordinary process: a platform with a virtual clock, memory from mmap, events by
# signal.  Everything is deterministic: time passes only when a thread says so or all are idle.
#
# Interface: kernel_reset() starts the kernel anew and may be called at any time by host code.  Guest
# code runs inside host_guarded(); a platform_exit in it comes back as the exit code.
from kernel.diagnostics.trace cimport trace_disable
from kernel.memory.heap cimport kmalloc_reset
from kernel.types cimport u8 as k_u8, u16 as k_u16, u32 as k_u32, u64 as k_u64, i64 as k_i64
from kernel.boot.bootinfo cimport BootInfo as KBootInfo, EventFrame as KEventFrame, PlatformCalls as KPlatformCalls
from kernel.boot.bootinfo cimport GuestMarks as KGuestMarks, HOME_PROCESS as K_HOME_PROCESS, EVENT_TIMER as K_EVENT_TIMER
from kernel.platform.platform cimport platform_init
from kernel.memory.pages cimport pages_init
from kernel.threads.cpu cimport cpu_init, events_mask, events_unmask, this_cpu
from kernel.threads.thread cimport threads_init
from kernel.threads.events cimport events_init, events_handle
from kernel.time.clock cimport clock_init
from kernel.time.entropy cimport entropy_init
from kernel.diagnostics.log cimport log_init
from kernel.diagnostics.panic cimport panic_init
from kernel.files.vfs cimport vfs_init
from kernel.net.socket cimport net_init
from kernel.boot.config cimport config_init

cdef extern from *:
    """
    #define _GNU_SOURCE 1
    #include <setjmp.h>
    #include <signal.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/mman.h>
    #include <sys/syscall.h>
    #include <ucontext.h>
    #include <unistd.h>

    static sigjmp_buf host_escape;
    static int host_inside;
    static char host_text[65536];
    static size_t host_text_length;
    static void *host_handler;
    static unsigned host_vector;

    /* Where platform_exit leads (kernel/platform/process.pyx). */
    void image_leave(int code) {
        if (host_inside)
            siglongjmp(host_escape, 0x100 | (code & 0xff));
        fprintf(stderr, "the kernel ended outside a guarded call, code %d\\n%.*s\\n", code, (int)host_text_length, host_text);
        abort();
    }
    static void host_print_text(const char *text, size_t length) {
        if (length > sizeof(host_text) - host_text_length) length = sizeof(host_text) - host_text_length;
        memcpy(host_text + host_text_length, text, length);
        host_text_length += length;
    }
    /* An event as a signal: the frame is built from the interrupted registers and put back. */
    static void host_on_signal(int sig, siginfo_t *info, void *context) {
        ucontext_t *uc = context;
        unsigned long frame[23] = {0};
        (void)sig; (void)info;
        frame[15] = host_vector;
        frame[17] = uc->uc_mcontext.gregs[REG_RIP];
        frame[20] = uc->uc_mcontext.gregs[REG_RSP];
        ((void (*)(void *))host_handler)(frame);
        uc->uc_mcontext.gregs[REG_RIP] = frame[17];
        uc->uc_mcontext.gregs[REG_RSP] = frame[20];
    }
    static void host_prepare(void) {
        static char stack[65536];
        stack_t s = {.ss_sp = stack, .ss_size = sizeof(stack)};
        struct sigaction action = {0};
        sigaltstack(&s, NULL);
        action.sa_sigaction = host_on_signal;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        sigaction(SIGUSR2, &action, NULL);
    }
    static void host_raise(unsigned vector) {
        /* syscall() is declared a leaf: without the barriers gcc would keep variables in registers. */
        host_vector = vector;
        __asm__ volatile("" ::: "memory");
        syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR2);
        __asm__ volatile("" ::: "memory");
    }
    static void host_set_gs(void *base) { syscall(SYS_arch_prctl, 0x1001, base); }
    static int host_guarded(void (*body)(void *), void *argument) {
        int code = sigsetjmp(host_escape, 1);
        if (code == 0) { host_inside = 1; body(argument); }
        host_inside = 0;
        return code ? code & 0xff : -1;
    }
    static unsigned long host_map(size_t size) {
        void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        return p == MAP_FAILED ? 0 : (unsigned long)p;
    }
    static int host_zero(unsigned long address, size_t size) { return madvise((void *)address, size, MADV_DONTNEED); }
    static int host_protect_pages(unsigned long a, size_t n, int access) {
        return mprotect((void *)a, n, (access & 1 ? PROT_READ : 0) | (access & 2 ? PROT_WRITE : 0));
    }
    """
    void host_print_text(const char* text, size_t length) noexcept nogil
    void host_prepare() noexcept nogil
    void host_raise(unsigned vector) noexcept nogil
    void host_set_gs(void* base) noexcept nogil
    int host_guarded(void (*body)(void* argument) noexcept nogil, void* argument) noexcept nogil
    k_u64 host_map(size_t size) noexcept nogil
    int host_zero(k_u64 address, size_t size) noexcept nogil
    int host_protect_pages(k_u64 address, size_t size, int access) noexcept nogil
    void* host_handler
    char host_text[65536]
    size_t host_text_length

cdef enum:
    HOST_MEMORY = 536870912
    HOST_WALL = 1700000000

cdef KBootInfo host_info
cdef KPlatformCalls host_calls
cdef KGuestMarks host_marks
cdef k_u64 host_memory
cdef k_u64 host_clock                    # ns
cdef k_u64 host_armed
cdef k_u64 host_releases                 # bytes given back

cdef k_u64 host_call_clock(void* c) noexcept nogil:
    return host_clock

cdef k_u64 host_call_wall(void* c) noexcept nogil:
    return <k_u64>HOST_WALL * 1000000000 + host_clock

cdef void host_call_print(void* c, const char* text, k_u64 n) noexcept nogil:
    host_print_text(text, n)

cdef void host_call_wait(void* c, k_u64 deadline) noexcept nogil:
    global host_clock
    if deadline > host_clock:
        host_clock = deadline

cdef void host_call_timer(void* c, k_u64 deadline) noexcept nogil:
    global host_armed
    host_armed = deadline

# The one device of this machine, if a test gives one: a Python object with notify, read and write.
cdef object host_device = None
cdef bint host_has_device = False

cdef void host_call_notify(void* c, k_u64 device, k_u32 queue) noexcept nogil:
    if host_has_device:
        with gil:
            host_device.notify(queue)

cdef k_u32 host_call_read(void* c, k_u64 device, k_u32 offset) noexcept nogil:
    if host_has_device:
        with gil:
            return host_device.read(offset)
    return 0

cdef void host_call_write(void* c, k_u64 device, k_u32 offset, k_u32 value) noexcept nogil:
    if host_has_device:
        with gil:
            host_device.write(offset, value)

cdef int host_call_protect(void* c, k_u64 address, k_u64 size, int access) noexcept nogil:
    return host_protect_pages(address, size, access)

cdef void host_call_release(void* c, k_u64 address, k_u64 size) noexcept nogil:
    global host_releases
    host_releases += size
    host_zero(address, size)

cdef void host_call_base(void* c, void* base) noexcept nogil:
    host_set_gs(base)

cdef void host_call_handler(void* c, void (*handler)(KEventFrame* frame) noexcept nogil) noexcept nogil:
    global host_handler
    host_handler = <void*>handler


# A thread computes for a while; a timer that falls due interrupts it here, and the rest is done later.
cdef void host_advance(k_u64 ns) noexcept nogil:
    global host_clock, host_armed
    cdef k_u64 part
    while ns:
        part = ns
        if host_armed and host_armed <= host_clock + ns:
            part = host_armed - host_clock if host_armed > host_clock else 0
        ns -= part
        host_clock += part
        if host_armed and host_armed <= host_clock:
            host_armed = 0
            host_raise(K_EVENT_TIMER)


def kernel_reset() -> None:
    """Start the kernel anew: empty memory, one thread, empty file system, clock at 1 s."""
    global host_memory, host_clock, host_armed, host_releases, host_text_length, host_has_device
    host_has_device = False
    if host_memory == 0:
        host_memory = host_map(HOST_MEMORY)
        if host_memory == 0:
            raise MemoryError("no address space for the guest")
        host_prepare()
    host_protect_pages(host_memory, HOST_MEMORY, 3)
    host_zero(host_memory, HOST_MEMORY)
    trace_disable()                      # its ring lay there
    host_clock = 1000000000
    host_armed = 0
    host_releases = 0
    host_text_length = 0
    host_calls.clock = host_call_clock
    host_calls.wall = host_call_wall
    host_calls.print = host_call_print
    host_calls.wait = host_call_wait
    host_calls.timer = host_call_timer
    host_calls.notify = host_call_notify
    host_calls.device_read = host_call_read
    host_calls.device_write = host_call_write
    host_calls.protect = host_call_protect
    host_calls.release = host_call_release
    host_calls.set_cpu_base = host_call_base
    host_calls.set_event_handler = host_call_handler
    host_info.home = K_HOME_PROCESS
    host_info.calls = &host_calls
    host_info.marks = &host_marks
    platform_init(&host_info)
    cpu_init()
    panic_init()
    kmalloc_reset()
    config_init(NULL, 0)
    log_init()
    pages_init(host_memory, host_memory + HOST_MEMORY, True)
    threads_init()
    clock_init()
    entropy_init()
    events_init()
    events_unmask()
    if vfs_init() != 0:
        raise MemoryError("vfs_init")
    net_init()


def kernel_text() -> str:
    """What the kernel has printed since the last reset or call."""
    global host_text_length
    text = host_text[:host_text_length].decode()
    host_text_length = 0
    return text


kernel_reset()
