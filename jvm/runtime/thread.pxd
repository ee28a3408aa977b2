# A Java thread: the JVM's half of a kernel thread, and its frames.  The structures themselves are in
# jvm/loader/classes.pxd, because Class, Method and JavaThread refer to each other.
#
# Invariant: frames form a list from `frame` (youngest) to NULL.  Locals, frame and operand stack
# of a method lie on the thread's Java stack; the callee's locals overlap the caller's operands, so
# that arguments are passed without a copy.  The Java stack grows upwards, from stack_base to
# stack_limit.
from kernel.types cimport u8, u16, u32, u64, i32, i64

from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, Frame, JavaThread, Method, Slot

cdef enum FrameFlag:
    FRAME_ENTRY = 1                      # returning from it leaves interpret()
    FRAME_NATIVE = 2
    FRAME_LOCKED = 4                     # `locked` is held for a synchronized method
    FRAME_MONITORS = 8                   # it holds monitors by monitorenter (jvm/interpreter/locks.pxd)

cdef enum ThreadState:
    STATE_JAVA = 1                       # runs Java or VM code: must come to a safepoint
    STATE_SAFE = 2                       # blocked or in long native work: touches no heap

# Nonzero: every thread in STATE_JAVA calls safepoint_block() at its next poll (back edges, calls,
# returns).  It is SafepointRequest bits.
cdef enum SafepointRequest:
    SAFEPOINT_STOP = 1                   # a thread stops the others
    SAFEPOINT_STRESS = 2                 # stays set: every poll is a point of kernel/threads/stress.pxd
    SAFEPOINT_SAMPLE = 4                 # of the running method (jvm/runtime/statistics.pyx)
cdef extern u32 safepoint_requested
cdef extern void safepoint_block(JavaThread* t) noexcept nogil
cdef extern void safepoint_request_sample(bint wanted) noexcept nogil                # masked
# Around anything that may block or run long without touching the heap.
cdef extern void thread_enter_safe(JavaThread* t) noexcept nogil
cdef extern void thread_leave_safe(JavaThread* t) noexcept nogil
cdef extern JavaThread* java_thread_current() noexcept nogil
