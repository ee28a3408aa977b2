# Life of Java threads: attach, start, end, park, sleep, safepoints, stack walking for the collector.
from kernel.types cimport i32, i64, u32, u64
from kernel.threads.sync cimport Parker
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread, Slot

# How often and how long a thread was blocked at monitors, and waited, parked or slept.
cdef struct Contention:
    u64 blocked
    u64 waited
    i64 blocked_time                     # ms, while thread_contention_enable(1) holds
    i64 waited_time
    u64 since                            # monotonic ns when the present wait began; 0: none, or not timed

# What JavaThread.parker points to.
cdef struct Blocking:
    Parker park                          # LockSupport.park
    Parker sleep                         # Thread.sleep, so that an interrupt can end it
    u64 stack_pages                      # of a Java stack of its own, guard included; 0: it is the kernel thread's upper part
    void (*body)(JavaThread* t) noexcept nogil   # instead of Thread.run; NULL: that
    u64 started                          # monotonic ns
    JavaThread* next_dead
    Contention contention

cdef extern JavaThread* java_thread_attach_main(u64 java_stack_bytes) noexcept nogil         # any kernel thread; NULL: no memory
cdef extern int java_thread_start(JavaThread* t, Object* thread_object) noexcept nogil       # Thread.start0
# The same for a thread of the VM's own, which runs `body` instead of Thread.run.
cdef extern int java_thread_start_body(JavaThread* t, Object* thread_object,
                                       void (*body)(JavaThread* t) noexcept nogil) noexcept nogil
# The end of the current thread as Java sees it: uncaught exception handler, Thread.exit, TERMINATED and
# notifyAll for join.  Afterwards t.object is NULL; t itself goes on (DestroyJavaVM attaches to it again).
cdef extern void java_thread_finish(JavaThread* t) noexcept nogil
# The current kernel thread, finished as a Java thread, gives up its JavaThread and touches no object any more.
cdef extern void java_thread_detach(JavaThread* t) noexcept nogil
cdef extern JavaThread* java_thread_of(Object* thread_object) noexcept nogil                 # through Thread.eetop; NULL: not alive
cdef extern void java_threads_join_user() noexcept nogil                                     # DestroyJavaVM: wait for non-daemon threads
cdef extern int java_thread_sleep(JavaThread* t, i64 nanoseconds) noexcept nogil             # -1: interrupted, thrown
cdef extern void java_thread_park(JavaThread* t, int absolute, i64 time) noexcept nogil      # Unsafe.park
cdef extern void java_thread_unpark(JavaThread* t) noexcept nogil
cdef extern void java_thread_yield(JavaThread* t) noexcept nogil
cdef extern Contention* java_thread_contention(JavaThread* t) noexcept nogil
cdef extern void thread_contention_enable(bint on) noexcept nogil
cdef extern bint thread_contention_on() noexcept nogil
# thread_set_status (thread_fields.pxd) tells of each change.
cdef extern void thread_contention_note(JavaThread* t, i32 old, i32 status) noexcept nogil
cdef extern void java_threads_stop_others() noexcept nogil                                   # safepoint begin / end; they nest
cdef extern void java_threads_resume_others() noexcept nogil
# Not NULL between java_threads_stop_others and java_threads_resume_others.
cdef extern JavaThread* java_threads_stopper() noexcept nogil
# Events are masked meanwhile unless the other threads are stopped: `visit` then must not allocate.
cdef extern void java_threads_for_each(void (*visit)(JavaThread* t) noexcept nogil) noexcept nogil
cdef extern u32 java_threads_count(int daemons_too) noexcept nogil
cdef extern u32 java_threads_started() noexcept nogil                                        # platform threads since the start
cdef extern u32 java_threads_platform(int daemons_only) noexcept nogil                      # live platform threads
cdef extern u32 java_threads_peak(int reset) noexcept nogil                                 # most of them at once, since the start or the reset
cdef extern Object* reference_pending_take(JavaThread* t) noexcept nogil
cdef extern void reference_pending_wait(JavaThread* t) noexcept nogil
cdef extern void reference_pending_announce() noexcept nogil                                 # after a collection
