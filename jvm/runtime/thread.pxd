# A Java thread: the JVM's half of a kernel thread, and its frames.
#
# Invariant: frames form a list from `frame` (youngest) to NULL.  Locals, frame and operand stack
# of a method lie on the thread's Java stack; the callee's locals overlap the caller's operands, so
# that arguments are passed without a copy.  The Java stack grows upwards, from stack_base to
# stack_limit.
from kernel.types cimport u8, u16, u32, u64, i32, i64

from jvm.heap.heap cimport Span
from jvm.heap.object cimport Object
from jvm.loader.class cimport Class, Method, Slot

cdef enum FrameFlag:
    FRAME_ENTRY = 1                      # returning from it leaves interpret()
    FRAME_NATIVE = 2
    FRAME_LOCKED = 4                     # `locked` is held for a synchronized method

#   [locals: max_locals slots][Frame][operand stack: max_stack slots]
cdef struct Frame:
    Frame* previous
    Method* method
    u8* pc                               # of the current instruction, stored at calls and safepoints
    Slot* sp                             # first free operand slot, stored at the same points
    Slot* locals
    Object* locked
    u64 flags                            # FrameFlag

cdef enum ThreadState:
    STATE_JAVA = 1                       # runs Java or VM code: must come to a safepoint
    STATE_SAFE = 2                       # blocked or in long native work: touches no heap

cdef struct JavaThread:
    Span span                            # must be first (heap allocation)
    Object* exception                    # pending, or NULL
    Frame* frame
    Slot* stack_base
    Slot* stack_limit
    void* kernel                         # Thread of kernel/threads/thread.pxd
    Object* object                       # java.lang.Thread
    Object* carrier_object               # what currentCarrierThread answers
    u32 id                               # 1 …: owner field of thin locks (jvm/runtime/monitor.pxd)
    u32 state                            # ThreadState
    u64 safe_sp                          # stack pointer when it became safe: scan from here
    u32 native_depth                     # interpret() activations on the kernel stack
    u8 interrupted
    u8 park_permit
    u8 daemon
    u8 ended
    void* parker                         # kernel Event for LockSupport.park
    void* waiting                        # monitor wait node, when in Object.wait
    Object* scoped_values
    Object* blocker                      # monitor it waits for (reports)
    u64 bytecodes                        # executed, when counting is on
    JavaThread* next
    JavaThread* previous


# Nonzero: every thread in STATE_JAVA calls safepoint_block() at its next poll (back edges, calls,
# returns, allocation).
cdef extern u32 safepoint_requested
cdef extern void safepoint_block(JavaThread* t) noexcept nogil
# Around anything that may block or run long without touching the heap.
cdef extern void thread_enter_safe(JavaThread* t) noexcept nogil
cdef extern void thread_leave_safe(JavaThread* t) noexcept nogil
cdef extern JavaThread* java_thread_current() noexcept nogil
