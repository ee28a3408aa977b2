# Safepoints: stopping all Java threads but one.
#
# Invariant: `running` counts the threads in STATE_JAVA.  While `stopper` is not NULL, no other thread
# changes from STATE_SAFE to STATE_JAVA, and SAFEPOINT_STOP is requested, so that the count falls to 1:
# the stopper itself.  All of it changes with events masked, hence preemption anywhere does no harm.
# A thread in STATE_SAFE may run on meanwhile, but touches no object.
#
# Registers: a stopped thread is not running, so its kernel stack from Thread.saved_sp on holds every
# register it had (kernel/threads/thread.pxd).  With several CPUs a thread in STATE_SAFE could run
# elsewhere at that moment; thread_enter_safe would then have to store the callee-saved registers.
from kernel.types cimport u32, u64
from kernel.diagnostics.panic cimport kassert
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.stress cimport stress_point
from kernel.threads.thread cimport Thread, WaitQueue, thread_block, waitqueue_wake_all
from jvm.loader.classes cimport JavaThread
from jvm.runtime.safepoint cimport java_threads_free_dead
from jvm.runtime.statistics cimport statistics_sample
from jvm.runtime.thread cimport (SAFEPOINT_SAMPLE, SAFEPOINT_STOP, SAFEPOINT_STRESS, STATE_JAVA, STATE_SAFE, java_thread_current,
                                 safepoint_requested)

cdef u32 running
cdef JavaThread* stopper
cdef u32 depth                           # nested stops of the stopper
cdef WaitQueue stopper_queue             # the stopper, until the others have stopped
cdef WaitQueue stopped_queue             # threads that wait for the end of the stop

# The definition behind thread.pxd's extern variable.
cdef public u32 requested "safepoint_requested"

cdef extern from *:
    u64 frame_address "(uint64_t)__builtin_frame_address"(int level) noexcept nogil

# Masked: one thread less runs Java code.
cdef void become_safe(JavaThread* t) noexcept nogil:
    global running
    t.state = STATE_SAFE
    running -= 1
    if stopper != NULL and running <= 1:
        waitqueue_wake_all(&stopper_queue, 0)

# Masked: waits for the end of a stop, then runs Java code again.
cdef void become_java(JavaThread* t) noexcept nogil:
    global running
    while stopper != NULL and stopper != t:
        thread_block(&stopped_queue, 0, b"safepoint", NULL)
    t.state = STATE_JAVA
    running += 1

cdef public void thread_enter_safe(JavaThread* t) noexcept nogil:
    kassert(t.state == STATE_JAVA, b"thread_enter_safe: not in STATE_JAVA")
    t.safe_sp = frame_address(0)
    events_mask()
    become_safe(t)
    events_unmask()

cdef public void thread_leave_safe(JavaThread* t) noexcept nogil:
    kassert(t.state == STATE_SAFE, b"thread_leave_safe: not in STATE_SAFE")
    events_mask()
    become_java(t)
    events_unmask()

cdef public void safepoint_block(JavaThread* t) noexcept nogil:
    if requested & SAFEPOINT_STRESS:
        stress_point()
    if requested & SAFEPOINT_SAMPLE:
        statistics_sample(t)
    if not requested & SAFEPOINT_STOP or stopper == t:
        return
    thread_enter_safe(t)
    thread_leave_safe(t)

cdef public void safepoint_add_thread(JavaThread* t) noexcept nogil:
    thread_leave_safe(t)

cdef public void safepoint_remove_thread(JavaThread* t) noexcept nogil:
    become_safe(t)

cdef public void safepoint_stress() noexcept nogil:
    global requested
    requested |= SAFEPOINT_STRESS

cdef public void safepoint_request_sample(bint wanted) noexcept nogil:
    global requested
    if wanted:
        requested |= SAFEPOINT_SAMPLE
    else:
        requested &= ~<u32>SAFEPOINT_SAMPLE

cdef public JavaThread* java_threads_stopper() noexcept nogil:
    return stopper

cdef public void java_threads_stop_others() noexcept nogil:
    global stopper, requested, depth
    cdef JavaThread* t = java_thread_current()
    if t == NULL:                        # before the main thread is attached there are no others
        return
    events_mask()
    if stopper == t:
        depth += 1
        events_unmask()
        return
    while stopper != NULL:
        # Another thread was first: its stop is our safepoint.
        become_safe(t)
        become_java(t)
    stopper = t
    requested |= SAFEPOINT_STOP
    while running > 1:
        thread_block(&stopper_queue, 0, b"safepoint", NULL)
    events_unmask()
    java_threads_free_dead()

cdef public void java_threads_resume_others() noexcept nogil:
    global stopper, requested, depth
    if stopper == NULL:
        return
    events_mask()
    if depth > 0:
        depth -= 1
    else:
        stopper = NULL
        requested &= ~<u32>SAFEPOINT_STOP
        waitqueue_wake_all(&stopped_queue, 0)
    events_unmask()
