# Format checks of instructions (JVMS §4.9.1, static constraints), for classes that are not trusted:
# every instruction is a known one and ends inside the code; every branch, switch and handler leads to
# an instruction's first byte; constant-pool indices have the kind that the instruction wants; local
# indices are below max_locals; execution cannot run off the end.
#
# Not here: types and the depth of the operand stack (JVMS §4.10), which are the next milestone.
from jvm.loader.classes cimport Class, JavaThread

cdef extern int code_check(JavaThread* t, Class* klass) noexcept nogil   # 0, or -1 thrown (VerifyError, ClassFormatError)
