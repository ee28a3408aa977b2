# Panic: see panic.pxd.  Uses nothing that allocates, locks or blocks.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport EventFrame, EVENT_PAGE_FAULT
from kernel.platform.platform cimport platform_exit, platform_print
from kernel.threads.cpu cimport Cpu, this_cpu, thread_current, cpu_read_self
from kernel.threads.thread cimport (Thread, THREAD_GUARD_SIZE, THREAD_NEW, THREAD_READY, THREAD_RUNNING,
                                    THREAD_BLOCKED, THREAD_DEAD, thread_for_each)
from kernel.diagnostics.format cimport Text, text_init, text_format, kprint
from kernel.drivers.console cimport console_drain
from kernel.memory.string cimport strlen

cdef enum:
    MESSAGE_MAX = 256
    BACKTRACE_MAX = 40
    # Page-fault error code, Intel SDM volume 3A §4.7
    FAULT_PRESENT = 1
    FAULT_WRITE = 2
    FAULT_FETCH = 16

cdef u32 depth                           # panics begun
cdef void (*java_reporter)() noexcept nogil

cdef extern from *:
    u64 panic_frame "(uint64_t)__builtin_frame_address"(int level) noexcept nogil


cdef public void panic_init() noexcept nogil:
    global depth, java_reporter
    depth = 0
    java_reporter = NULL


cdef public void panic_set_java_reporter(void (*reporter)() noexcept nogil) noexcept nogil:
    global java_reporter
    java_reporter = reporter


cdef const char* state_name(u32 state) noexcept nogil:
    if state == THREAD_NEW:
        return b"new"
    if state == THREAD_READY:
        return b"ready"
    if state == THREAD_RUNNING:
        return b"running"
    if state == THREAD_BLOCKED:
        return b"blocked"
    return b"dead"


cdef void print_thread(Thread* thread, void* argument) noexcept nogil:
    if thread.state == THREAD_BLOCKED:
        kprint(b"  %4u %-24s %-8s priority %2u  waits: %s %p\n", thread.id, thread.name, state_name(thread.state),
               thread.priority, thread.wait_reason, thread.wait_object)
    else:
        kprint(b"  %4u %-24s %-8s priority %2u\n", thread.id, thread.name, state_name(thread.state), thread.priority)


cdef public void panic_print_threads() noexcept nogil:
    kprint(b"threads:\n")
    thread_for_each(print_thread, NULL)


# Walks frame pointers from `frame`, as long as they climb inside the current thread's stack.
cdef void backtrace(u64 rip, u64 frame) noexcept nogil:
    cdef Thread* thread = thread_current()
    cdef u32 n = 1
    kprint(b"kernel stack:\n")
    if rip:
        kprint(b"  %p\n", rip)
    while thread != NULL and n < BACKTRACE_MAX and thread.stack_low <= frame < thread.stack_high - 15 and frame & 7 == 0:
        rip = (<u64*>frame)[1]
        if rip == 0:
            break
        kprint(b"  %p\n", rip)
        if (<u64*>frame)[0] <= frame:
            break
        frame = (<u64*>frame)[0]
        n += 1


# Everything after the first line and the registers.
cdef void finish(u64 rip, u64 frame) noexcept nogil:
    cdef Thread* thread = thread_current()
    if thread != NULL:
        kprint(b"thread %u \"%s\", stack %p-%p\n", thread.id, thread.name, thread.stack_low, thread.stack_high)
    backtrace(rip, frame)
    if java_reporter != NULL:
        java_reporter()
    if thread != NULL:
        panic_print_threads()
    platform_exit(EXIT_PANIC)


# False: this panic happened inside another one, which is the news.
cdef bint begin() noexcept nogil:
    global depth
    cdef Cpu* cpu = <Cpu*>cpu_read_self()
    cpu.mask_depth += 1
    depth += 1
    if depth == 1:
        console_drain()
        return True
    if depth == 2:
        platform_print(b"panic within a panic: ", 22)
    else:
        platform_exit(EXIT_PANIC)
    return False


cdef public void panic(const char* message) noexcept nogil:
    if not begin():
        platform_print(message, strlen(message))
        platform_print(b"\n", 1)
        platform_exit(EXIT_PANIC)
        return
    kprint(b"panic: %s\n", message)
    finish(0, panic_frame(0))


cdef public void panic_format(const char* format, const u64* arguments, int count) noexcept nogil:
    cdef char message[MESSAGE_MAX]
    cdef Text text
    text_init(&text, message, MESSAGE_MAX)
    text_format(&text, format, arguments, count)
    panic(message)


cdef public void assertion_failed(const char* message) noexcept nogil:
    panic_print(b"assertion failed: %s", message)


cdef const char* exception_name(u64 vector) noexcept nogil:
    # Intel SDM volume 3A, table 6-1
    if vector == 0:
        return b"divide error"
    if vector == 1:
        return b"debug exception"
    if vector == 3:
        return b"breakpoint"
    if vector == 6:
        return b"invalid opcode"
    if vector == 8:
        return b"double fault"
    if vector == 12:
        return b"stack fault"
    if vector == 13:
        return b"general protection fault"
    if vector == 16 or vector == 19:
        return b"floating-point exception"
    if vector == 17:
        return b"alignment check"
    return b"exception"


cdef public void panic_fault(EventFrame* frame) noexcept nogil:
    cdef Thread* thread = thread_current()
    cdef const char* access
    cdef const char* what = b""
    if not begin():
        kprint(b"fault %u at %p, address %p\n", frame.vector, frame.rip, frame.address)
        platform_exit(EXIT_PANIC)
        return
    if frame.vector == EVENT_PAGE_FAULT:
        if frame.error & FAULT_FETCH:
            access = b"execution"
        elif frame.error & FAULT_WRITE:
            access = b"write"
        else:
            access = b"read"
        if frame.address < 65536:
            what = b" (null pointer)"
        elif thread != NULL and thread.stack_low - THREAD_GUARD_SIZE <= frame.address < thread.stack_low:
            what = b" (kernel stack overflow)"
        elif frame.error & FAULT_PRESENT:
            what = b" (protected)"
        kprint(b"panic: page fault: %s of address %p%s at %p\n", access, frame.address, what, frame.rip)
    else:
        kprint(b"panic: %s (vector %u, error %x) at %p\n", exception_name(frame.vector), frame.vector, frame.error,
               frame.rip)
    kprint(b"rax %016x  rbx %016x  rcx %016x  rdx %016x\n", frame.rax, frame.rbx, frame.rcx, frame.rdx)
    kprint(b"rsi %016x  rdi %016x  rbp %016x  rsp %016x\n", frame.rsi, frame.rdi, frame.rbp, frame.rsp)
    kprint(b"r8  %016x  r9  %016x  r10 %016x  r11 %016x\n", frame.r8, frame.r9, frame.r10, frame.r11)
    kprint(b"r12 %016x  r13 %016x  r14 %016x  r15 %016x\n", frame.r12, frame.r13, frame.r14, frame.r15)
    kprint(b"rip %016x  flags %x  error %x  address %016x\n", frame.rip, frame.rflags, frame.error, frame.address)
    finish(frame.rip, frame.rbp)
