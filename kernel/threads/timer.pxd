# Timers: a pairing heap of absolute monotonic deadlines.
#
# Invariant: `queued` is 1 exactly while the timer is in the heap; equal deadlines expire in the order
# in which they were started.
# Interface: the Timer is the caller's memory and stays valid while queued.  The callback runs in the
# context of whichever thread runs then, with events masked: it must be short and must not block; it
# may start and stop timers and wake threads.  All functions may be called with events masked or not.
from kernel.types cimport u32, u64

cdef struct Timer:
    u64 deadline                         # monotonic ns
    u64 order
    void (*callback)(Timer* timer) noexcept nogil
    void* argument
    Timer* child
    Timer* next
    Timer* previous                      # left sibling, or parent for a first child
    u32 queued

cdef extern void timers_init() noexcept nogil                           # none queued
cdef extern void timer_start(Timer* timer, u64 deadline, void (*callback)(Timer* timer) noexcept nogil, void* argument) noexcept nogil
cdef extern bint timer_stop(Timer* timer) noexcept nogil                # True if it was still queued
cdef extern u64 timer_next() noexcept nogil                             # earliest deadline, 0: none
cdef extern void timers_run(u64 now) noexcept nogil                     # expire what is due (events masked)
