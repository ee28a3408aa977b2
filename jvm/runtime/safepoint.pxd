# Safepoints, the part that jvm/runtime/threads.pyx uses; the rest is in thread.pxd and threads.pxd.
from jvm.loader.classes cimport JavaThread

# The current thread begins to run Java code (waits while a stop is on); its JavaThread is in STATE_SAFE.
cdef extern void safepoint_add_thread(JavaThread* t) noexcept nogil
# The current thread will not touch the heap any more.  Masked.
cdef extern void safepoint_remove_thread(JavaThread* t) noexcept nogil
# From now on every poll, and every allocation and monitor operation that asks, may switch threads.
cdef extern void safepoint_stress() noexcept nogil
# jvm/runtime/threads.pyx: frees the JavaThreads of ended threads; all others are stopped.
cdef extern void java_threads_free_dead() noexcept nogil
