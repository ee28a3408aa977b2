# Events: what the platform reports about the outside, and faults of the running code.
#
# Invariant: events_handle runs on the platform's event stack and never blocks or allocates.  With
# events masked it records a pending bit and returns; otherwise it sends the interrupted thread
# through preempt_trampoline (switch.S), which does the work on that thread's own stack.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport EventFrame

cdef extern void events_init() noexcept nogil
cdef extern void events_handle(EventFrame* frame) noexcept nogil
# `poll(argument)` is called with events masked, in some thread's context, at every EVENT_DEVICE and
# when the CPU idles; it must not block.  Returns 0 or -ENOMEM.
cdef extern int events_add_device(void (*poll)(void* argument) noexcept nogil, void* argument) noexcept nogil
# What to do on EVENT_INTERRUPT_KEY, _QUIT_KEY and _TERMINATE: called with events masked in some thread's
# context.  Without a handler: end with 130, report the threads, end with 143.
cdef extern void events_set_signal_handler(void (*handler)(u32 vector) noexcept nogil) noexcept nogil
# Called for a fault of the running code, on the event stack.  Nonzero: the frame was edited and the
# code goes on from there.  0: not ours, panic.
cdef extern void fault_set_handler(int (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil
# Called with events open when a thread that has attention to give (thread.pxd) is about to go on where it was preempted:
# `registers` are PreemptedRegisters (cabi/process/signals.pxd), `state` its FXSAVE area, or the XSAVE area.
cdef extern void events_set_preempted_handler(void (*handler)(u64* registers, void* state) noexcept nogil) noexcept nogil

# For kernel/threads only, events masked.
cdef extern void events_work() noexcept nogil                           # do what is pending, but for switching threads
cdef extern void events_poll_devices() noexcept nogil
