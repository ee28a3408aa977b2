# The scheduler's inside, for kernel/threads only.  All with events masked.
from kernel.types cimport u32, u64
from kernel.threads.cpu cimport Cpu
from kernel.threads.thread cimport Thread

cdef extern void scheduler_init() noexcept nogil
cdef extern void scheduler_ready(Thread* thread) noexcept nogil         # into the run queue; asks for a switch if it is more urgent
cdef extern void scheduler_switch() noexcept nogil                      # give up the CPU: state and queue of the current thread are set
cdef extern void scheduler_requeue(Thread* thread, u32 priority) noexcept nogil  # change the priority of a thread that is READY
cdef extern void scheduler_preempt() noexcept nogil                     # switch if a thread with a better claim is ready
cdef extern void scheduler_yield(Thread* current) noexcept nogil        # behind the others of its level
cdef extern void scheduler_shuffle(u64 random) noexcept nogil            # switch to any ready one of the best level (stress.pxd)
cdef extern void scheduler_set_slice(u64 nanoseconds) noexcept nogil      # instead of TIME_SLICE_NS
cdef extern void scheduler_tick(u64 now) noexcept nogil                 # after timers ran: is the time slice over?
cdef extern void scheduler_arm() noexcept nogil                         # ask for the next timer event that is needed
cdef extern void scheduler_idle() noexcept nogil                        # body of the idle thread
cdef extern void scheduler_arrived() noexcept nogil                     # first thing after a switch, on the new thread's stack
cdef extern void thread_reap(Thread* thread) noexcept nogil             # thread.pyx: frees a dead thread's stack
# switch.S
cdef extern void thread_switch(Thread* previous, Thread* next) noexcept nogil
cdef extern void thread_trampoline() noexcept nogil
cdef extern void preempt_trampoline() noexcept nogil
