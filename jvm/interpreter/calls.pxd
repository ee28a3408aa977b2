# Calling and leaving methods, beyond what the loop does itself: natives, synchronized methods, entry
# from C, unwinding.
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport Frame, JavaThread, Method, Slot

# Enters a method that method_is_slow() names; arguments lie at `args`.  0: its frame is now t.frame, at
# its first instruction; 1: it was native and has run, its result is on the caller's stack (frame.sp);
# -1: thrown, t.frame is the caller.
cdef extern int enter_slowly(JavaThread* t, Frame* frame, Method* method, Slot* args) noexcept nogil
# Before returning from a frame with flags: 0: pop it; 1: it was an entry frame and has been popped;
# -1: thrown (monitors were still held).
cdef extern int leave_slowly(JavaThread* t, Frame* frame) noexcept nogil
# Finds the handler of t.exception, popping frames: 1: t.frame is ready to resume in its handler;
# 0: an entry frame was popped, the exception is still pending.
cdef extern int unwind(JavaThread* t) noexcept nogil
