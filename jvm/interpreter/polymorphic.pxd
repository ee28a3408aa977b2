# Signature-polymorphic methods (JVMS §2.9.3): what a call of one runs.
#
# MethodHandle.invokeBasic and linkToStatic, linkToSpecial, linkToVirtual, linkToInterface have no body: the
# machine takes the method from the handle's lambda form, or from the trailing MemberName, and that method's
# frame takes the call's place, with the same arguments.  A call site of such an intrinsic names a Method made
# for its descriptor.  Any other polymorphic call site (invokeExact, invoke, the access modes of VarHandle) is
# linked by java.lang.invoke (MethodHandleNatives.linkMethod) to a static method and an appendix argument.
#
# Invariant: made Methods and Links live for ever; a Link's appendix is a root of the class of its code.
from kernel.types cimport u64
from jvm.heap.object cimport Object, ref_load
from jvm.loader.classes cimport Class, JavaThread, Link, Method, Slot, Symbol
from jvm.loader.wellknown cimport off

cdef enum PolymorphicIntrinsic:          # Method.intrinsic
    INTRINSIC_INVOKE_BASIC = 1
    INTRINSIC_LINK_STATIC = 2
    INTRINSIC_LINK_SPECIAL = 3
    INTRINSIC_LINK_VIRTUAL = 4
    INTRINSIC_LINK_INTERFACE = 5
    INTRINSIC_LINK_NATIVE = 6

# The method of a MemberName, NULL when it is not resolved.
cdef inline Method* member_target(Object* member) noexcept nogil:
    cdef Object* resolved = ref_load(member, off.java_lang_invoke_MemberName_method)
    if resolved == NULL:
        return NULL
    return <Method*>(<u64*>(<char*>resolved + off.java_lang_invoke_ResolvedMethodName_vmtarget))[0]

# What MethodHandle.invokeBasic runs: form.vmentry.
cdef inline Method* basic_target(Object* handle) noexcept nogil:
    cdef Object* part = ref_load(handle, off.java_lang_invoke_MethodHandle_form)
    if part == NULL:
        return NULL
    part = ref_load(part, off.java_lang_invoke_LambdaForm_vmentry)
    return member_target(part) if part != NULL else NULL

# NULL: t.exception is set.
# A polymorphic method of this descriptor, its `intrinsic` set if it is one.
cdef extern Method* polymorphic_method(JavaThread* t, Method* declared, Symbol* descriptor) noexcept nogil
# The method that a call of an intrinsic runs, arguments at `args`.
cdef extern Method* polymorphic_target(JavaThread* t, Method* intrinsic, Slot* args) noexcept nogil
# Selection by the receiver's class: linkToVirtual, linkToInterface; `target`: the MemberName's method, or NULL.
cdef extern Method* polymorphic_select(JavaThread* t, Object* receiver, Method* target, int intrinsic) noexcept nogil
# Links entry `index` of caller's pool, which names `declared`, no intrinsic.
cdef extern Link* polymorphic_link(JavaThread* t, Class* caller, int index, Method* declared, Symbol* descriptor) noexcept nogil
# A new Link in the list of its class, without method and appendix.
cdef extern Link* link_new(JavaThread* t, Class* caller) noexcept nogil
# InternalError: java.lang.invoke gave something that cannot be called.
cdef extern int throw_unlinked(JavaThread* t) noexcept nogil
