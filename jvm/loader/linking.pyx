# Linking (JVMS §5.4): verifies the classes that the boot loader did not define, makes the
# loading constraints of what they override, binds native methods, and
# gives every method with code a writable copy for the interpreter to rewrite.
#
# Invariant: a class is LINKED only when its superclass and superinterfaces are.  Two threads may link
# one class at the same time: both verify and prepare, the first one's work is taken.
from kernel.types cimport u8, u32, u64
from kernel.memory.string cimport memcpy
from kernel.threads.cpu cimport events_mask, events_unmask
from jvm.loader.classes cimport (
    ACC_NATIVE, ACC_SYNCHRONIZED, CLASS_LINKED, CLASS_LOADED, Class, JavaThread, METHOD_INTRINSIC, METHOD_LEAF,
    METHOD_PREPARED, Method,
    NativeMethod)
from jvm.loader.constraints cimport constrain_tables
from jvm.loader.loader cimport class_link
from jvm.loader.memory cimport loader_alloc
from jvm.loader.messages cimport loader_throw
from jvm.verifier.verifier cimport verify_class
from jvm.natives.table cimport (NATIVE_CLASS_INTRINSICS, NATIVE_CLASS_METHODS, intrinsic_find, native_class_flags,
                                native_find, native_is_leaf)
from jvm.runtime.observe cimport observe_native

cdef void mark_leaf(Method* method) noexcept nogil:
    if native_is_leaf(<void*>method.native) and not method.access_flags & ACC_SYNCHRONIZED:
        method.flags |= METHOD_LEAF

cdef void bind_natives(Class* klass) noexcept nogil:
    """Only the class library's own classes are in the table; an unbound method stays NULL, and calling
    it throws UnsatisfiedLinkError."""
    cdef int flags
    cdef u32 index
    cdef Method* method
    cdef void* code
    if klass.loader.object != NULL:
        return
    flags = native_class_flags(klass.name)
    if flags == 0:
        return
    for index in range(klass.method_count):
        method = &klass.methods[index]
        if method.native != NULL:
            continue
        if method.access_flags & ACC_NATIVE:
            if flags & NATIVE_CLASS_METHODS:
                method.native = <NativeMethod>native_find(klass.name, method.name, method.descriptor)
                if method.native != NULL:
                    mark_leaf(method)
                    observe_native(method, False)
        elif flags & NATIVE_CLASS_INTRINSICS:
            code = intrinsic_find(klass.name, method.name, method.descriptor)
            if code != NULL:
                method.native = <NativeMethod>code
                method.flags |= METHOD_INTRINSIC
                method.access_flags |= ACC_NATIVE
                mark_leaf(method)
                observe_native(method, True)

cdef bint prepare(Class* klass) noexcept nogil:
    """One copy of all code of the class.  False: no memory."""
    cdef u64 total = 0
    cdef u32 index
    cdef Method* method
    cdef u8* copy
    cdef u8* at
    for index in range(klass.method_count):
        total += klass.methods[index].code_length
    copy = <u8*>loader_alloc(klass.owner, total)
    if copy == NULL:
        return False
    at = copy
    for index in range(klass.method_count):
        method = &klass.methods[index]
        if method.code != NULL and not method.flags & METHOD_PREPARED:
            memcpy(at, method.code, method.code_length)
            at += method.code_length
    events_mask()
    if klass.state == CLASS_LOADED:
        at = copy
        for index in range(klass.method_count):
            method = &klass.methods[index]
            if method.code != NULL:
                method.code = at
                method.flags |= METHOD_PREPARED
                at += method.code_length
        klass.state = CLASS_LINKED
    events_unmask()
    return True

cdef public int class_link(JavaThread* t, Class* klass) noexcept nogil:
    cdef u32 index
    if klass.state != CLASS_LOADED:
        return 0
    if klass.super_class != NULL and class_link(t, klass.super_class) != 0:
        return -1
    for index in range(klass.interface_count):
        if class_link(t, klass.interfaces[index]) != 0:
            return -1
    if klass.loader.object != NULL and verify_class(t, klass) != 0:
        return -1
    if klass.loader.object != NULL and constrain_tables(t, klass) != 0:
        return -1
    bind_natives(klass)
    if not prepare(klass):
        return loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
    return 0
