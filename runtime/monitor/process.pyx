"""The process home: maps the image at its link address in this process and calls it.

Interrupts are signals: each becomes an EventFrame that the guest's one handler gets and may edit, and
the guest resumes from the frame.  Three stacks keep this sound:

  signal stack   every first-level signal arrives here (armed with SS_AUTODISARM);
  event stack    the guest's handler runs here, so its overflow is an ordinary fault;
  nested stack   what arrives meanwhile: a fault (which is fatal), Ctrl-C or SIGTERM (which wait).

Invariant: nothing that the guest does leaves the process changed: signal dispositions, the signal
mask, the signal stack, GS base and every mapping are put back before `run` returns.  A fault that the
guest cannot handle ends as a crash report with exit code 134.

There is no protection here: the guest shares this address space, and is as trusted as a library.
FS base is this process's own wherever code of the monitor runs, for it has thread-local storage: the guest puts
it back before each of its calls (kernel/platform/process.pyx), and a signal handler before it does anything.
"""
include "signals.pxi"
include "bootdata.pxi"

import os


cdef extern from *:
    """
    #define _GNU_SOURCE 1
    #include <setjmp.h>
    #include <signal.h>
    #include <sys/auxv.h>
    #include <sys/syscall.h>
    #include <sys/uio.h>
    #include <ucontext.h>
    #include <unistd.h>

    #define ARCH_SET_GS 0x1001
    #define ARCH_GET_GS 0x1004

    static sigjmp_buf escape;

    /* Calls the image; returns its exit code, or that of process_escape.  The guest may leave the
     * floating-point control words and the direction flag as it likes. */
    static int process_enter(unsigned long entry, void *info) {
        volatile unsigned int mxcsr;
        volatile unsigned short fpu;
        __asm__ volatile("stmxcsr %0; fnstcw %1" : "=m"(mxcsr), "=m"(fpu));
        int code = sigsetjmp(escape, 1);
        code = code ? code & 0xff : ((int (*)(void *))entry)(info);
        __asm__ volatile("cld; ldmxcsr %0; fldcw %1" : : "m"(mxcsr), "m"(fpu));
        return code;
    }
    static void process_escape(int code) { siglongjmp(escape, 0x100 | (code & 0xff)); }

    /* Calls handler(frame) with the stack pointer at `top`. */
    static void process_call(void *handler, void *frame, void *top) {
        register void *saved __asm__("rbx");
        __asm__ volatile("mov %%rsp, %0; mov %3, %%rsp; cld; call *%1; mov %0, %%rsp"
                         : "=&r"(saved), "+r"(handler), "+D"(frame) : "r"(top)
                         : "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "memory", "cc",
                           "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
                           "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    }

    /* FS base without the C library, which needs the right one for errno. */
    static long process_raw(long number, long a, long b) {
        long result;
        __asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b) : "rcx", "r11", "memory");
        return result;
    }
    static int process_fsgsbase;               /* instructions for FS base may be used (Linux 5.9) */
    static unsigned long process_base(void *context, unsigned long base) {
        if (base)
            process_raw(SYS_arch_prctl, 0x1002, (long)base);
        else
            process_raw(SYS_arch_prctl, 0x1003, (long)&base);
        return base;
    }
    static unsigned long process_get_fs(void) {
        unsigned long base;
        if (!process_fsgsbase) return process_base(0, 0);
        __asm__ volatile("rdfsbase %0" : "=r"(base));
        return base;
    }
    static void process_set_fs(unsigned long base) {
        if (!process_fsgsbase) process_base(0, base);
        else __asm__ volatile("wrfsbase %0" : : "r"(base));
    }
    static void process_find_fsgsbase(void) { process_fsgsbase = getauxval(AT_HWCAP2) >> 1 & 1; }

    /* Signal handlers as the kernel calls them: with FS base of whoever was interrupted. */
    static long process_thread;                /* the one that runs the guest */
    static unsigned long process_host_base;
    static void (*process_handlers[2])(int, siginfo_t *, void *);
    __attribute__((no_stack_protector)) static void process_signal(int which, int sig, siginfo_t *info, void *context) {
        unsigned long base = 0;
        if (process_raw(SYS_gettid, 0, 0) == process_thread) {
            base = process_get_fs();
            if (base == process_host_base) base = 0;
            else process_set_fs(process_host_base);
        }
        process_handlers[which](sig, info, context);
        if (base) process_set_fs(base);
    }
    __attribute__((no_stack_protector)) static void process_on_event(int sig, siginfo_t *info, void *context) {
        process_signal(0, sig, info, context);
    }
    __attribute__((no_stack_protector)) static void process_on_fault(int sig, siginfo_t *info, void *context) {
        process_signal(1, sig, info, context);
    }

    static unsigned long process_get_gs(void) { unsigned long v = 0; syscall(SYS_arch_prctl, ARCH_GET_GS, &v); return v; }
    static void process_set_gs(void *base) { syscall(SYS_arch_prctl, ARCH_SET_GS, base); }

    /* Reads guest memory that may not be there. */
    static int process_peek(unsigned long address, void *to, size_t length) {
        struct iovec local = {to, length}, remote = {(void *)address, length};
        return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)length;
    }

    static void process_get_frame(const ucontext_t *uc, unsigned long *f) {
        const greg_t *g = uc->uc_mcontext.gregs;
        static const int order[15] = {REG_R15, REG_R14, REG_R13, REG_R12, REG_RBP, REG_RBX, REG_R11, REG_R10,
                                      REG_R9, REG_R8, REG_RAX, REG_RCX, REG_RDX, REG_RSI, REG_RDI};
        for (int i = 0; i < 15; i++) f[i] = g[order[i]];
        f[17] = g[REG_RIP]; f[18] = g[REG_CSGSFS] & 0xffff; f[19] = g[REG_EFL]; f[20] = g[REG_RSP];
        f[21] = (unsigned long)g[REG_CSGSFS] >> 48; f[22] = 0;
        f[15] = g[REG_TRAPNO]; f[16] = g[REG_ERR];
    }
    static void process_set_frame(ucontext_t *uc, const unsigned long *f) {
        greg_t *g = uc->uc_mcontext.gregs;
        static const int order[15] = {REG_R15, REG_R14, REG_R13, REG_R12, REG_RBP, REG_RBX, REG_R11, REG_R10,
                                      REG_R9, REG_R8, REG_RAX, REG_RCX, REG_RDX, REG_RSI, REG_RDI};
        for (int i = 0; i < 15; i++) g[order[i]] = f[i];
        g[REG_RIP] = f[17]; g[REG_EFL] = f[19]; g[REG_RSP] = f[20];
    }
    static unsigned long process_cr2(const ucontext_t *uc) { return uc->uc_mcontext.gregs[REG_CR2]; }
    """
    int process_enter(u64 entry, void* info) noexcept nogil
    void process_escape(int code) noexcept nogil
    void process_call(void* handler, void* frame, void* top) noexcept nogil
    u64 process_base(void* context, u64 base) noexcept nogil
    u64 process_get_fs() noexcept nogil
    void process_find_fsgsbase() noexcept nogil
    bint process_fsgsbase
    long process_thread
    u64 process_host_base
    void (*process_handlers[2])(int, siginfo_t*, void*) noexcept nogil
    void process_on_event(int sig, siginfo_t* info, void* uc) noexcept nogil
    void process_on_fault(int sig, siginfo_t* info, void* uc) noexcept nogil
    u64 process_get_gs() noexcept nogil
    void process_set_gs(void* base) noexcept nogil
    int process_peek(u64 address, void* to, size_t length) noexcept nogil
    void process_get_frame(void* uc, u64* frame) noexcept nogil
    void process_set_frame(void* uc, u64* frame) noexcept nogil
    u64 process_cr2(void* uc) noexcept nogil

cdef enum:
    STACK = 256 << 10                    # each of the three stacks, with a guard page below
    CAUGHT_MAX = 12

# State of the one guest that can run: its window of the address space is unique.
cdef struct Guest:
    long tid
    EventHandler handler
    bint inside                          # between entering and leaving the image
    bint in_handler                      # the guest's handler runs
    bint in_device                       # a device model runs: input must wait
    bint delivered                       # an event came since platform_wait last returned
    bint device_pending                  # the device signal is on its way
    bint nested_ready                    # the kernel knows SS_AUTODISARM
    bint reporting
    bint ticking
    bint key_pending, terminate_pending
    EventFrame* interrupted              # what the handler that runs was called for
    Patience patience
    u64 ram_start, ram_end               # guest-virtual, from the image's writable data on
    u64 window_end                       # behind the last module
    u64 stacks_start, stacks_end         # the range for stacks
    u64 stacks_high                      # behind the highest page of it that was ever used
    u64 entry_memory                     # private memory of the process at entry
    u64 peak
    int print_fd
    void* timer
    void* input_timer
    char* stacks
    sigset_t open_mask                   # while the guest runs
    sigset_t closed_mask                 # our asynchronous signals blocked
    sigaction_t old[CAUGHT_MAX]
    int caught[CAUGHT_MAX]
    int caught_count
    CrashRecord crash
    Devices devices

cdef Guest guest
cdef PlatformCalls calls
cdef bint busy = False


# --- signals ------------------------------------------------------------------------------------

cdef char* stack_top(int number) noexcept nogil:
    return guest.stacks + (number + 1) * (STACK + PAGE_SIZE) - 64


cdef void leave_guest(int code) noexcept nogil:
    """Ends the run from wherever it is, a signal handler included."""
    guest.inside = False                 # what is still pending finds nobody
    process_escape(code)


cdef bint on_guest_stack(u64 address) noexcept nogil:
    return (WINDOW_BASE <= address < guest.window_end
            or <u64>guest.stacks <= address < <u64>guest.stacks + 3 * (STACK + PAGE_SIZE))


cdef void record_calls(EventFrame* frame) noexcept nogil:
    """Appends the return addresses of `frame`, by the chain of frame pointers."""
    cdef u64 pair[2]
    cdef u64 rbp = frame.rbp
    cdef CrashRecord* c = &guest.crash
    if c.depth < BACKTRACE_MAX:
        c.backtrace[c.depth] = frame.rip
        c.depth += 1
    if c.depth < BACKTRACE_MAX and not WINDOW_BASE <= frame.rip < guest.window_end and process_peek(frame.rsp, pair, 8):
        c.backtrace[c.depth] = pair[0]   # a call to nowhere: its return address
        c.depth += 1
    while c.depth < BACKTRACE_MAX and on_guest_stack(rbp) and process_peek(rbp, pair, 16):
        if not WINDOW_BASE <= pair[1] < guest.window_end:
            break
        c.backtrace[c.depth] = pair[1]
        c.depth += 1
        if pair[0] <= rbp:
            break
        rbp = pair[0]


cdef void record_crash(int kind, EventFrame* frame) noexcept nogil:
    """Keeps registers and return addresses, then leaves the guest for good."""
    if guest.reporting:
        write(2, b"demitasse: the monitor faulted while it reported a fault\n", 57)
        _exit(CRASHED)
    guest.reporting = True
    guest.crash.kind = kind
    guest.crash.frame = frame[0]
    record_calls(frame)
    if guest.in_handler:
        record_calls(guest.interrupted)
    leave_guest(CRASHED)


cdef void deliver(u64 vector, void* uc) noexcept nogil:
    """Hands an event to the guest's handler, on the event stack; resumes from the frame."""
    cdef EventFrame frame
    cdef stack_t nested
    process_get_frame(uc, <u64*>&frame)
    if vector < EVENT_TIMER:
        frame.address = process_cr2(uc)
    else:
        frame.error = 0
    frame.vector = vector
    guest.delivered = True
    if guest.nested_ready:
        nested.ss_sp = guest.stacks + 2 * (STACK + PAGE_SIZE) + PAGE_SIZE
        nested.ss_size = STACK
        nested.ss_flags = 0
        sigaltstack(&nested, NULL)       # undone by the return from the signal
    guest.interrupted = &frame
    guest.in_handler = True
    process_call(<void*>guest.handler, &frame, stack_top(1))
    guest.in_handler = False
    process_set_frame(uc, <u64*>&frame)


cdef void on_fault(int sig, siginfo_t* info, void* uc) noexcept nogil:
    cdef EventFrame frame
    cdef int i
    if not guest.inside or host_tid() != guest.tid:
        # Not the guest's: give the signal back to whom it belonged, and let it happen again.
        for i in range(guest.caught_count):
            if guest.caught[i] == sig:
                sigaction(sig, &guest.old[i], NULL)
        return
    process_get_frame(uc, <u64*>&frame)
    frame.address = process_cr2(uc) if frame.vector == EVENT_PAGE_FAULT else 0
    if guest.in_handler:
        record_crash(CRASH_IN_HANDLER, &frame)
    elif not WINDOW_BASE <= frame.rip < guest.window_end and not (
            frame.vector == EVENT_PAGE_FAULT
            and (frame.address == frame.rip or guest.stacks_start <= frame.address < guest.stacks_end)):
        record_crash(CRASH_IN_MONITOR, &frame)
    elif guest.handler == NULL:
        record_crash(CRASH_NO_HANDLER, &frame)
    else:
        deliver(frame.vector, uc)


cdef void on_event(int sig, siginfo_t* info, void* uc) noexcept nogil:
    cdef u64 vector
    cdef int code
    if not guest.inside:
        return
    if host_tid() != guest.tid:
        host_signal(guest.tid, sig)   # signals of the whole process may pick any thread
        return
    if sig == signal_timer():
        vector = EVENT_TIMER
    elif sig == signal_device():
        guest.device_pending = False
        if guest.key_pending:
            guest.key_pending = False
            raise_device(NULL)           # the signal may have been meant for the devices as well
            vector = EVENT_INTERRUPT_KEY
        elif guest.terminate_pending:
            guest.terminate_pending = False
            raise_device(NULL)
            vector = EVENT_TERMINATE
        else:
            vector = EVENT_DEVICE
    elif sig == signal_input():
        look_for_input()
        return
    else:
        code = forced_exit(&guest.patience, sig, guest.handler != NULL)
        if code:
            leave_guest(code)
        vector = event_of(sig)
    if guest.handler == NULL:
        guest.delivered = True
    elif guest.in_handler:
        # Only SIGINT and SIGTERM arrive here: deliver them when the handler is done.
        if vector == EVENT_INTERRUPT_KEY:
            guest.key_pending = True
        else:
            guest.terminate_pending = True
        raise_device(NULL)
    else:
        deliver(vector, uc)


cdef inline void* no_timer() noexcept nogil:
    return <void*>~<u64>0


cdef void raise_device(void* context) noexcept nogil:
    if not guest.device_pending:
        guest.device_pending = True
        host_signal(guest.tid, signal_device())


# --- input --------------------------------------------------------------------------------------

cdef void look_for_input() noexcept nogil:
    """While the guest computes with a receive buffer posted: take what has come."""
    if guest.in_device:
        return
    guest.in_device = True
    devices_serve(&guest.devices)
    guest.in_device = False
    tick_for_devices()


cdef void tick_for_devices() noexcept nogil:
    cdef bint wanted = devices_wait_for_host(&guest.devices)
    if wanted != guest.ticking:
        guest.ticking = wanted
        set_timer(guest.input_timer, INPUT_TICK if wanted else 0, INPUT_TICK if wanted else 0, 0)


# --- what the guest may call (PlatformCalls) ----------------------------------------------------

cdef u64 call_clock(void* context) noexcept nogil:
    return now(CLOCK_MONOTONIC)


cdef u64 call_wall(void* context) noexcept nogil:
    return now(CLOCK_REALTIME)


cdef void call_print(void* context, const char* text, u64 length) noexcept nogil:
    cdef long done
    while length:
        done = write(guest.print_fd, text, length)
        if done < 0:
            if errno == EINTR:
                continue
            return
        text += done
        length -= <u64>done


cdef void call_wait(void* context, u64 deadline) noexcept nogil:
    # Signals are open only inside ppoll: an event between the look at `delivered` and the sleep ends
    # the sleep.  Events before that are remembered in `delivered`.
    cdef pollfd polls[DEVICE_POLLS]
    cdef timespec rest
    cdef u64 time
    cdef int count, got
    pthread_sigmask(SIG_SETMASK, &guest.closed_mask, NULL)
    while not guest.delivered and not guest.device_pending:
        if guest.ticking:
            guest.ticking = False
            set_timer(guest.input_timer, 0, 0, 0)
        count = devices_poll(&guest.devices, polls)
        if deadline:
            time = now(CLOCK_MONOTONIC)
            if time >= deadline:
                break
            rest.tv_sec = (deadline - time) // NANOSECONDS
            rest.tv_nsec = (deadline - time) % NANOSECONDS
        got = ppoll(polls, count, &rest if deadline else NULL, &guest.open_mask)
        if got > 0:
            guest.in_device = True
            devices_serve(&guest.devices)
            guest.in_device = False
        elif got == 0:
            break
    tick_for_devices()
    pthread_sigmask(SIG_SETMASK, &guest.open_mask, NULL)
    guest.delivered = False


cdef void call_timer(void* context, u64 deadline) noexcept nogil:
    set_timer(guest.timer, deadline, 0, TIMER_ABSTIME)


cdef u32 call_device_read(void* context, u64 device, u32 offset) noexcept nogil:
    if device >= guest.devices.count:
        return 0
    return device_read(guest.devices.at[device], offset)


cdef void call_device_write(void* context, u64 device, u32 offset, u32 value) noexcept nogil:
    if device >= guest.devices.count:
        return
    guest.in_device = True
    device_write(guest.devices.at[device], offset, value)
    guest.in_device = False
    if offset == REG_QUEUE_NOTIFY:
        tick_for_devices()


cdef void call_notify(void* context, u64 device, u32 queue) noexcept nogil:
    call_device_write(context, device, REG_QUEUE_NOTIFY, queue)


cdef bint in_range(u64 address, u64 size, u64 start, u64 end) noexcept nogil:
    return not (address | size) & (PAGE_SIZE - 1) and start <= address <= end and size <= end - address


cdef bint in_ram(u64 address, u64 size) noexcept nogil:
    return (in_range(address, size, guest.ram_start, guest.ram_end)
            or in_range(address, size, guest.stacks_start, guest.stacks_end))


cdef int call_protect(void* context, u64 address, u64 size, int access) noexcept nogil:
    cdef int bits = PROT_NONE
    if not in_ram(address, size):
        return -EINVAL
    if access & 1:
        bits |= PROT_READ
    if access & 2:
        bits |= PROT_WRITE
    if access & 4:
        bits |= PROT_EXEC
    if address >= guest.stacks_start:
        guest.stacks_high = max(guest.stacks_high, address + size)
    return 0 if mprotect(<void*>address, size, bits) == 0 else -errno


cdef void call_release(void* context, u64 address, u64 size) noexcept nogil:
    cdef u64 current
    if not in_ram(address, size) or size == 0:
        return
    current = private_memory()
    if current > guest.entry_memory and current - guest.entry_memory > guest.peak:
        guest.peak = current - guest.entry_memory
    madvise(<void*>address, size, MADV_DONTNEED)


cdef void call_set_cpu_base(void* context, void* base) noexcept nogil:
    process_set_gs(base)


cdef void call_set_event_handler(void* context, EventHandler handler) noexcept nogil:
    guest.handler = handler


# --- setting up and taking down -----------------------------------------------------------------

def _owner(start: int, end: int) -> str:
    """What is mapped in [start, end) already, for the user."""
    with open("/proc/self/maps") as maps:
        for line in maps:
            where, *rest = line.split(None, 5)
            low, high = (int(part, 16) for part in where.split("-"))
            if low < end and start < high:
                return f"{low:#x}-{high:#x} {rest[4].strip() if len(rest) == 5 else '(anonymous)'}"
    return "nothing any more"


cdef int map_at(list mapped, u64 address, u64 size, int prot, int flags, int fd, long offset, str what) except -1:
    cdef void* got = mmap(<void*>address, size, prot, flags | MAP_FIXED_NOREPLACE, fd, offset)
    cdef int error = errno
    if got == <void*>address:
        mapped.append((address, size))
        return 0
    if got != MAP_FAILED:                # a kernel before 4.17 takes the address as a hint
        munmap(got, size)
        error = EEXIST
    if error == EEXIST:
        raise MachineError(f"the process home needs addresses {address:#x}-{address + size:#x} for {what}, "
                           f"but there is {_owner(address, address + size)}")
    raise MachineError(f"cannot map {size >> 10} KiB for {what}: {os.strerror(error)}"
                       + (" (is the address space limited by ulimit -v?)" if error == ENOMEM else ""))


cdef int map_image(list mapped, object plan) except -1:
    """RAM as one range, then the image's segments over its start, from the file without a copy."""
    cdef u64 start = WINDOW_BASE + IMAGE_PHYSICAL, end = WINDOW_BASE + <u64>plan.memory_end
    cdef u64 address, file_size, file_pages, behind
    cdef int prot
    map_at(mapped, start, end - start, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, "guest memory")
    fd = os.open(plan.image.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for segment in plan.image.segments:
            address = segment.address
            file_size = segment.file_size
            file_pages = (file_size + PAGE_SIZE - 1) & ~<u64>(PAGE_SIZE - 1)
            prot = ((PROT_READ if segment.readable else 0) | (PROT_WRITE if segment.writable else 0)
                    | (PROT_EXEC if segment.executable else 0))
            if file_size and mmap(<void*>address, file_size, prot, MAP_PRIVATE | MAP_FIXED, fd,
                                  segment.offset) == MAP_FAILED:
                raise MachineError(f"cannot map the kernel image: {os.strerror(errno)}")
            if segment.writable:
                memset(<void*>(address + file_size), 0, file_pages - file_size)
            behind = segment.end
            if not segment.writable and behind > address + file_pages:
                mprotect(<void*>(address + file_pages), behind - address - file_pages, prot)
    finally:
        os.close(fd)
    return 0


cdef int map_module(list mapped, object module) except -1:
    cdef u64 address = WINDOW_BASE + <u64>module.physical, size = module.size
    cdef const char* data
    cdef bytes content
    what = f"boot module {module.name}"
    if isinstance(module.source, bytes) or size == 0:
        content = module.source if size else b""
        map_at(mapped, address, max(size, <u64>1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, what)
        data = content
        memcpy(<void*>address, data, size)
        mprotect(<void*>address, max(size, <u64>1), PROT_READ)
        return 0
    try:
        fd = os.open(module.source, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise MachineError(f"{what}: cannot read {module.source}: {error.strerror}") from None
    try:
        map_at(mapped, address, size, PROT_READ, MAP_PRIVATE, fd, 0, what)
    finally:
        os.close(fd)
    return 0


cdef int catch(int sig, bint fault) except -1:
    cdef sigaction_t action
    memset(&action, 0, sizeof(action))
    action.sa_sigaction = process_on_fault if fault else process_on_event
    # Faults are never blocked, nor are Ctrl-C and SIGTERM: they must get through to a stuck guest.
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER
    sigemptyset(&action.sa_mask)
    sigaddset(&action.sa_mask, signal_timer())
    sigaddset(&action.sa_mask, signal_device())
    sigaddset(&action.sa_mask, signal_input())
    sigaddset(&action.sa_mask, SIGQUIT)
    if sigaction(sig, &action, &guest.old[guest.caught_count]) != 0:
        raise MachineError(f"cannot catch signal {sig}: {os.strerror(errno)}")
    guest.caught[guest.caught_count] = sig
    guest.caught_count += 1
    return 0


cdef int arm_signals() except -1:
    cdef int sig
    cdef sigaction_t ignore
    cdef stack_t stack
    for sig in (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP):
        catch(sig, True)
    for sig in (signal_timer(), signal_device(), signal_input(), SIGINT, SIGTERM, SIGQUIT):
        catch(sig, False)
    memset(&ignore, 0, sizeof(ignore))
    ignore.sa_handler = SIG_IGN
    sigaction(SIGPIPE, &ignore, &guest.old[guest.caught_count])
    guest.caught[guest.caught_count] = SIGPIPE
    guest.caught_count += 1
    stack.ss_sp = guest.stacks + PAGE_SIZE
    stack.ss_size = STACK
    stack.ss_flags = <int>SS_AUTODISARM
    guest.nested_ready = sigaltstack(&stack, NULL) == 0
    if not guest.nested_ready:
        stack.ss_flags = 0
        if sigaltstack(&stack, NULL) != 0:
            raise MachineError(f"cannot set up a signal stack: {os.strerror(errno)}")
    if (host_timer_create(&guest.timer, guest.tid, signal_timer()) != 0
            or host_timer_create(&guest.input_timer, guest.tid, signal_input()) != 0):
        raise MachineError(f"cannot create a timer: {os.strerror(errno)}")
    return 0


cdef void disarm_signals() noexcept:
    cdef int i, sig
    cdef sigaction_t ignore
    if guest.timer != no_timer():
        timer_delete(guest.timer)
    if guest.input_timer != no_timer():
        timer_delete(guest.input_timer)
    # What is still pending of our own signals is dropped: being ignored discards it (signal(7)).
    memset(&ignore, 0, sizeof(ignore))
    ignore.sa_handler = SIG_IGN
    for sig in (signal_timer(), signal_device(), signal_input()):
        sigaction(sig, &ignore, NULL)
    for i in range(guest.caught_count - 1, -1, -1):
        sigaction(guest.caught[i], &guest.old[i], NULL)


def keeps_time_by_tsc():
    """Whether Linux has found the processor's counter steady on all processors, and takes its time from it."""
    try:
        with open("/sys/devices/system/clocksource/clocksource0/current_clocksource", "rb") as file:
            return file.read().strip() == b"tsc"
    except OSError:
        return False


def run(spec, plan):
    """Run `spec` as planned in this process; returns a RunResult."""
    global busy
    if busy:
        raise MachineError("a guest is running in this process already: the process home has room for one")
    busy = True
    mapped = []
    try:
        return run_mapped(spec, plan, mapped)
    finally:
        folders_close(&guest.devices)
        for address, size in reversed(mapped):
            munmap(<void*><u64>address, size)
        busy = False


cdef object run_mapped(object spec, object plan, list mapped):
    cdef sigset_t old_mask
    cdef stack_t old_stack
    cdef u64 old_gs, entry = plan.image.entry, huge, size
    cdef int code = 0, i
    cdef BootInfo* info = <BootInfo*>(WINDOW_BASE + <u64>plan.boot_data)
    cdef u64 memory_base = boot_data_end(plan.boot_data)
    map_image(mapped, plan)
    for module in plan.modules:
        map_module(mapped, module)

    memset(&guest, 0, sizeof(guest))
    guest.timer = no_timer()               # 0 is a timer: the first of a process
    guest.input_timer = no_timer()
    guest.ram_start = WINDOW_BASE + memory_base
    for segment in plan.image.segments:
        if segment.writable:
            guest.ram_start = min(guest.ram_start, <u64>segment.address)
    guest.ram_end = WINDOW_BASE + <u64>plan.memory_end
    guest.window_end = guest.ram_end
    guest.print_fd = spec.stderr
    guest.stacks_start = WINDOW_BASE + STACKS_PHYSICAL
    guest.stacks_end = guest.stacks_start + STACKS_SIZE
    guest.stacks_high = guest.stacks_start
    map_at(mapped, guest.stacks_start, STACKS_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, "stacks")
    madvise(<void*>guest.stacks_start, STACKS_SIZE, MADV_NOHUGEPAGE)
    for address, length in mapped:
        guest.window_end = max(guest.window_end, <u64>address + <u64>length)
    # A page of 4 KiB costs 0.5 ms for each MiB at its first touch here, one of 2 MiB a tenth of that;
    # the guest's page allocator keeps what it uses dense.
    if spec.huge_pages is not False:
        huge = (WINDOW_BASE + memory_base + (2 << 20) - 1) & ~<u64>((2 << 20) - 1)
        if huge < guest.ram_end:
            madvise(<void*>huge, guest.ram_end - huge, MADV_HUGEPAGE)

    fill_boot_info(info, plan.boot_data, memory_base, spec, plan, HOME_PROCESS, TRANSPORT_DIRECT)
    info.ring = 3
    info.calls = &calls
    info.tsc_khz = keeps_time_by_tsc()
    # Devices may read everything, and write behind the image's read-only part.
    for segment in plan.image.segments:
        memory_add(&guest.devices.memory, <u64>segment.address - WINDOW_BASE, segment.end - segment.address,
                   <void*><u64>segment.address, segment.writable)
    memory_add(&guest.devices.memory, plan.boot_data, plan.memory_end - plan.boot_data,
               <void*>(WINDOW_BASE + <u64>plan.boot_data), True)
    memory_add(&guest.devices.memory, STACKS_PHYSICAL, STACKS_SIZE, <void*>guest.stacks_start, True)
    for module in plan.modules:
        if memory_add(&guest.devices.memory, module.physical, module.size,
                      <void*>(WINDOW_BASE + <u64>module.physical), False) < 0:
            break
    devices_init(&guest.devices, spec.stdin, spec.stdout, spec.stderr, raise_device, NULL)
    folders_open(&guest.devices, spec, raise_device, NULL)
    calls.context = NULL
    calls.clock = call_clock
    calls.wall = call_wall
    calls.print = call_print
    calls.wait = call_wait
    calls.timer = call_timer
    calls.notify = call_notify
    calls.device_read = call_device_read
    calls.device_write = call_device_write
    calls.protect = call_protect
    calls.release = call_release
    calls.set_cpu_base = call_set_cpu_base
    calls.set_event_handler = call_set_event_handler
    process_find_fsgsbase()
    calls.host_base = process_get_fs()
    calls.thread_base = NULL
    if not process_fsgsbase:
        calls.thread_base = process_base

    size = 3 * (STACK + PAGE_SIZE)
    guest.stacks = <char*>mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    if guest.stacks == MAP_FAILED:
        raise MachineError(f"cannot map the signal stacks: {os.strerror(errno)}")
    mapped.append((<u64>guest.stacks, size))
    for i in range(3):
        mprotect(guest.stacks + i * (STACK + PAGE_SIZE), PAGE_SIZE, PROT_NONE)

    guest.tid = host_tid()
    process_thread = guest.tid
    process_host_base = process_get_fs()
    process_handlers[0] = on_event
    process_handlers[1] = on_fault
    old_gs = process_get_gs()
    sigaltstack(NULL, &old_stack)
    pthread_sigmask(SIG_BLOCK, NULL, &old_mask)
    guest.open_mask = old_mask
    for sig in (signal_timer(), signal_device(), signal_input(), SIGINT, SIGTERM, SIGQUIT):
        sigdelset(&guest.open_mask, sig)
    guest.closed_mask = guest.open_mask
    for sig in (signal_timer(), signal_device(), signal_input(), SIGINT, SIGTERM, SIGQUIT):
        sigaddset(&guest.closed_mask, sig)
    guest.entry_memory = private_memory()
    try:
        pthread_sigmask(SIG_SETMASK, &guest.closed_mask, NULL)
        arm_signals()
        info.wall_time = now(CLOCK_REALTIME)
        info.entry_time = now(CLOCK_MONOTONIC)
        entry_time = info.entry_time
        with nogil:
            guest.inside = True
            pthread_sigmask(SIG_SETMASK, &guest.open_mask, NULL)
            code = process_enter(entry, info)
            pthread_sigmask(SIG_SETMASK, &guest.closed_mask, NULL)
            guest.inside = False
            process_set_gs(<void*>old_gs)
    finally:
        disarm_signals()
        sigaltstack(&old_stack, NULL)
        pthread_sigmask(SIG_SETMASK, &old_mask, NULL)
    with nogil:
        guest.peak = max(guest.peak, resident(WINDOW_BASE + IMAGE_PHYSICAL, guest.ram_end)
                         + resident(guest.stacks_start, guest.stacks_high))
    return result_of("process", code & 0xff, info, entry_time, 0, guest.ram_end, guest.peak, &guest.crash, "")
