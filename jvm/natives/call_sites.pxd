# Call sites that the machine links to native code of its own, without running their bootstrap methods.
from jvm.loader.classes cimport Class, JavaThread, Link, Method, Slot, Symbol

# The link of a call site of `caller` with this type to `native`.  `method` is zero, lives for ever and is the first
# member of what the native needs to know: it finds itself through t.frame.method.  NULL: t.exception is set.
cdef extern Link* native_link(JavaThread* t, Class* caller, Method* method, Symbol* name, Symbol* descriptor,
                              void (*native)(JavaThread* t, Slot* args, Slot* result) noexcept nogil) noexcept nogil
