# What Java threads wait for, and who waits in a circle: for reports and java.lang.management.
#
# Interface: all of it while the other threads are stopped (java_threads_stop_others), and so for as
# long as the answers are used: nothing here keeps a JavaThread or an object alive.
from kernel.types cimport u32, u64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Frame, JavaThread

cdef enum WaitKind:
    WAIT_NONE = 0
    WAIT_MONITOR = 1                     # to enter a monitor
    WAIT_SYNCHRONIZER = 2                # parked for a java.util.concurrent.locks.AbstractOwnableSynchronizer

cdef struct ThreadWait:
    u32 kind                             # WaitKind
    Object* object                       # the monitor's object, the synchronizer
    JavaThread* owner                    # who has it; NULL: nobody that is alive

# Threads that have an object and have not ended, by their number (Thread.threadId): an array to be given
# to kfree, NULL when there is no memory.
cdef extern JavaThread** threads_collect(bint virtual_too, u32* count) noexcept nogil
cdef extern u64 thread_number(JavaThread* t) noexcept nogil              # Thread.threadId
cdef extern int thread_status(JavaThread* t) noexcept nogil              # ThreadStatus (thread_fields.pxd)
cdef extern Object* thread_park_blocker(JavaThread* t) noexcept nogil
cdef extern void thread_wait_of(JavaThread* t, ThreadWait* wait) noexcept nogil
# Circles of waiting: following[i] becomes 1 + the index of the thread that threads[i] waits for (0: none),
# starts[c] the index of a thread of circle c.  Returns the number of circles.  Both arrays have `count` places.
cdef extern u32 threads_find_deadlocks(JavaThread** threads, u32 count, bint synchronizers_too,
                                       u32* following, u32* starts) noexcept nogil
# The monitors that a frame holds, youngest first; an object may come more than once.
cdef extern void frame_for_each_monitor(JavaThread* t, Frame* frame, void (*visit)(Object* object, void* argument) noexcept nogil,
                                        void* argument) noexcept nogil
