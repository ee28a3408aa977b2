# Life of Java threads: attach, start, end, park, sleep, safepoints, stack walking for the collector.
from kernel.types cimport i32, i64, u64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread, Slot

cdef extern JavaThread* java_thread_attach_main(u64 java_stack_bytes) noexcept nogil         # before any Java code
cdef extern int java_thread_start(JavaThread* t, Object* thread_object) noexcept nogil       # Thread.start0
cdef extern JavaThread* java_thread_of(Object* thread_object) noexcept nogil                 # through Thread.eetop; NULL: not alive
cdef extern void java_threads_join_user() noexcept nogil                                     # DestroyJavaVM: wait for non-daemon threads
cdef extern int java_thread_sleep(JavaThread* t, i64 nanoseconds) noexcept nogil
cdef extern void java_thread_park(JavaThread* t, int absolute, i64 time) noexcept nogil      # Unsafe.park
cdef extern void java_thread_unpark(JavaThread* t) noexcept nogil
cdef extern void java_threads_stop_others() noexcept nogil                                   # safepoint begin / end
cdef extern void java_threads_resume_others() noexcept nogil
cdef extern void java_threads_for_each(void (*visit)(JavaThread* t) noexcept nogil) noexcept nogil
cdef extern Object* reference_pending_take(JavaThread* t) noexcept nogil
cdef extern void reference_pending_wait(JavaThread* t) noexcept nogil
