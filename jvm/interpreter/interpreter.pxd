# The interpreter's entry: run one Java or native method to its end.
from jvm.loader.classes cimport JavaThread, Method, Slot

# Calls `method` with `args` (receiver first; longs and doubles take two slots).  No virtual
# selection is done.  Returns 0 with the value in `result` (may be NULL for void), or -1 with
# t.exception set.  The class must be initialised (or being so by this thread).
cdef extern int java_call(JavaThread* t, Method* method, Slot* args, Slot* result) noexcept nogil
