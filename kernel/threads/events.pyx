# Event handling: see events.pxd.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport (EventFrame, EVENT_PAGE_FAULT, EVENT_TIMER, EVENT_DEVICE, EVENT_INTERRUPT_KEY, EVENT_QUIT_KEY,
                                   EVENT_TERMINATE)
from kernel.platform.platform cimport platform_clock, platform_exit, platform_set_event_handler
from kernel.threads.cpu cimport *
from kernel.threads.scheduler cimport scheduler_preempt, scheduler_tick, scheduler_arm, preempt_trampoline
from kernel.threads.stacks cimport stack_area_fault
from kernel.threads.stress cimport stress_kernel_point
from kernel.threads.timer cimport timer_next, timers_run
from kernel.diagnostics.trace cimport trace_instant
from kernel.diagnostics.panic cimport panic_fault, panic_print_threads, panic
from kernel.files.errno cimport ENOMEM

cdef enum:
    DEVICES_MAX = 32
    EXCEPTIONS = 32                      # vectors below are x86 exceptions
    RED_ZONE = 128                       # System V ABI, AMD64 supplement §3.2.2
    EXIT_INTERRUPTED = 130
    EXIT_TERMINATED = 143

cdef struct DevicePoll:
    void (*poll)(void* argument) noexcept nogil
    void* argument

cdef DevicePoll devices[DEVICES_MAX]
cdef u32 device_count
cdef void (*signal_handler)(u32 vector) noexcept nogil
cdef int (*fault_handler)(EventFrame* frame) noexcept nogil
cdef void (*preempted_handler)(u64* registers, void* state) noexcept nogil


cdef public void events_init() noexcept nogil:
    global device_count, signal_handler, fault_handler, preempted_handler
    device_count = 0
    signal_handler = NULL
    fault_handler = NULL
    preempted_handler = NULL
    platform_set_event_handler(events_handle)


cdef public int events_add_device(void (*poll)(void* argument) noexcept nogil, void* argument) noexcept nogil:
    global device_count
    cdef int result = 0
    events_mask()
    if device_count == DEVICES_MAX:
        result = -ENOMEM
    else:
        devices[device_count].poll = poll
        devices[device_count].argument = argument
        device_count += 1
    events_unmask()
    return result


cdef public void events_set_signal_handler(void (*handler)(u32 vector) noexcept nogil) noexcept nogil:
    global signal_handler
    signal_handler = handler


cdef public void fault_set_handler(int (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil:
    global fault_handler
    fault_handler = handler


# On the event stack.
cdef public void events_handle(EventFrame* frame) noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    if frame.vector == EVENT_PAGE_FAULT and stack_area_fault(frame.address):
        return
    if frame.vector < EXCEPTIONS:
        if fault_handler == NULL or fault_handler(frame) == 0:
            panic_fault(frame)
        return
    if frame.vector == EVENT_TIMER:
        cpu_pending_set(PENDING_TIMER)
    elif frame.vector == EVENT_DEVICE:
        cpu_pending_set(PENDING_DEVICE)
    elif frame.vector == EVENT_INTERRUPT_KEY:
        cpu_pending_set(PENDING_INTERRUPT_KEY)
    elif frame.vector == EVENT_QUIT_KEY:
        cpu_pending_set(PENDING_QUIT_KEY)
    elif frame.vector == EVENT_TERMINATE:
        cpu_pending_set(PENDING_TERMINATE)
    if cpu.mask_depth:
        return
    # Masked on behalf of the trampoline, which opens the mask when it is done.
    cpu.mask_depth = 1
    frame.rsp -= RED_ZONE + 8
    stack_area_fault(frame.rsp)          # the word may be the first in a page of its stack
    (<u64*>frame.rsp)[0] = frame.rip
    frame.rip = <u64>&preempt_trampoline


# Called by preempt_trampoline, whose registers lie at `registers` and `state`.
cdef public void events_preempt(u64* registers, void* state) noexcept nogil:
    events_unmask()
    if thread_current().attention and preempted_handler != NULL:
        preempted_handler(registers, state)


cdef public void events_set_preempted_handler(void (*handler)(u64* registers, void* state) noexcept nogil) noexcept nogil:
    global preempted_handler
    preempted_handler = handler


cdef public void events_poll_devices() noexcept nogil:
    cdef u32 i
    for i in range(device_count):
        devices[i].poll(devices[i].argument)


cdef void signalled(u32 vector) noexcept nogil:
    if signal_handler != NULL:
        signal_handler(vector)
    elif vector == EVENT_QUIT_KEY:
        panic_print_threads()
    else:
        platform_exit(EXIT_INTERRUPTED if vector == EVENT_INTERRUPT_KEY else EXIT_TERMINATED)


cdef public void events_work() noexcept nogil:
    cdef u32 bits = cpu_pending_take(~<u32>(PENDING_RESCHEDULE | PENDING_STRESS))
    cdef u64 now
    if bits & PENDING_TIMER:
        this_cpu().armed = 0
        now = platform_clock()
        timers_run(now)
        scheduler_tick(now)
        scheduler_arm()
    if bits & PENDING_DEVICE:
        trace_instant(b"device", 0)
        events_poll_devices()
    if bits & PENDING_QUIT_KEY:
        signalled(EVENT_QUIT_KEY)
    if bits & PENDING_INTERRUPT_KEY:
        signalled(EVENT_INTERRUPT_KEY)
    if bits & PENDING_TERMINATE:
        signalled(EVENT_TERMINATE)


# Something is pending and the mask has just become open.
cdef public void events_run_pending() noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    if cpu.mask_depth == 0 and cpu.pending & PENDING_STRESS:
        stress_kernel_point()
        cpu = this_cpu()
    while cpu.mask_depth == 0 and cpu.pending & ~<u32>PENDING_STRESS:
        if cpu.preempt_depth and cpu.pending & ~<u32>PENDING_STRESS == PENDING_RESCHEDULE:
            return                       # thread_preempt_enable will come here again
        cpu_mask()
        events_work()
        if cpu.preempt_depth == 0 and cpu_pending_take(PENDING_RESCHEDULE):
            scheduler_preempt()
            cpu = this_cpu()
        cpu_unmask()
