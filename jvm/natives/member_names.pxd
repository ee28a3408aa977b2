# What other natives need of MemberName and ResolvedMethodName (member_names.pyx).
from kernel.types cimport i32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread, Method

# Modifiers and kind of a method as MethodHandleNatives.Constants have them, without the reference kind.
cdef extern i32 member_flags(Method* method) noexcept nogil
# A ResolvedMethodName, NULL with t.exception set.
cdef extern Object* resolved_method_new(JavaThread* t, Method* method) noexcept nogil
