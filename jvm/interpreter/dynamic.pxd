# Constants and call sites that java.lang.invoke links for the machine: CONSTANT_MethodType (JVMS §5.4.3.5),
# CONSTANT_MethodHandle (§5.4.3.5), CONSTANT_Dynamic and invokedynamic (§5.4.3.6).
#
# Invariant: what is published first stays; a LinkageError that resolution ended with is kept, and every later
# attempt ends with a new throwable of the same class, message and cause (§5.4.3).
# Interface: all may run Java code; NULL or -1: t.exception is set.
from kernel.types cimport u8, u16
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, Frame, JavaThread, Link, Slot, Symbol

# The java.lang.invoke.MethodType of a method descriptor, its classes found through caller's loader.
cdef extern Object* method_type(JavaThread* t, Class* caller, Symbol* descriptor) noexcept nogil
# An entry with tag MethodHandle, MethodType or Dynamic, or one of those resolved: 0, its value is in the pool.
cdef extern int resolve_dynamic_constant(JavaThread* t, Class* caller, u16 index) noexcept nogil
# The call site of the invokedynamic at frame.pc, whose operand is `index`; not published.  NULL without
# t.exception: another thread has rewritten the instruction meanwhile.
cdef extern Link* link_call_site(JavaThread* t, Frame* frame, u16 index) noexcept nogil
# Keeps the pending LinkageError for the call site at frame.pc.
cdef extern void call_site_failed(JavaThread* t, Frame* frame) noexcept nogil
# MethodHandleNatives.name(args), which returns a MemberName and puts the appendix into `result`.
cdef extern Link* link_upcall(JavaThread* t, Class* caller, const char* name, const char* descriptor, Slot* args,
                              Object* result) noexcept nogil
# The entry in the class file, from its tag on, resolved or not; index is in the pool.
cdef extern const u8* original_entry(Class* klass, u16 wanted) noexcept nogil
# Bootstrap arguments from…to-1 of a CONSTANT_Dynamic or CONSTANT_InvokeDynamic entry into `array` at `at`.
cdef extern int bootstrap_arguments(JavaThread* t, Class* caller, u16 index, int first, int end, Object* array, int at) noexcept nogil
