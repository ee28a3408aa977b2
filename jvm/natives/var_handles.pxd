# Calls of VarHandle's signature-polymorphic methods (JVMS §2.9.3) without method handles.
#
# Interface: a call site that names such a method calls the Method that var_handle_method gives for its
# name and descriptor: a native method whose frame and arguments are those of any other call.
from jvm.loader.classes cimport Class, JavaThread, Method, Symbol

# NULL: t.exception is set (no memory).
cdef extern Method* var_handle_method(JavaThread* t, Class* var_handle, Symbol* name, Symbol* descriptor) noexcept nogil
