# See verifier.pxd.
from kernel.types cimport u8, u32
from kernel.memory.arena cimport arena_alloc, arena_free, arena_init
from kernel.memory.string cimport memset
from jvm.loader.classes cimport CLASS_LOADED, Class, JavaThread, Method
from jvm.loader.messages cimport loader_throw
from jvm.loader.wellknown cimport sym
from jvm.verifier.check cimport check_method
from jvm.verifier.inference cimport infer_class
from jvm.verifier.types cimport (
    FAILURE_FORMAT, FAILURE_VERIFY, Verifier, name_type, verify_out_of_memory,
    verify_select)

cdef enum:
    STACK_MAPS_MAJOR = 50
    KEPT_BYTES = 1 << 16                 # of the arena, from one method to the next

cdef public int verify_select(Verifier* v, Method* method) noexcept nogil:
    # What was learnt of earlier methods is kept while it is little.
    if v.arena.used > KEPT_BYTES:
        memset(v.cache, 0, sizeof(v.cache))
        arena_free(&v.arena)
    v.method = method
    v.length = method.code_length
    # The code stands in front of the handlers, which stand in front of the attributes (§4.7.3).
    v.code = v.klass.bytes + method.code_attributes - 8 * <u32>method.handler_count - 2 - v.length
    v.marks = <u8*>arena_alloc(&v.arena, v.length)
    return 0 if v.marks != NULL else verify_out_of_memory(v)

cdef int check_class(Verifier* v) noexcept nogil:
    cdef u32 index
    for index in range(v.klass.method_count):
        if v.klass.methods[index].code_attributes == 0:
            continue
        # Loading a class for a check may have linked this one.
        if v.klass.state != CLASS_LOADED:
            return 0
        if verify_select(v, &v.klass.methods[index]) != 0 or check_method(v) != 0:
            return -1
    return 0

cdef void prepare(Verifier* v, JavaThread* t, Class* klass) noexcept nogil:
    memset(v, 0, sizeof(Verifier))
    arena_init(&v.arena)
    v.t = t
    v.klass = klass
    v.self = name_type(klass.name)
    v.object = name_type(sym.java_lang_Object)
    v.throwable = name_type(sym.java_lang_Throwable)
    v.string = name_type(sym.java_lang_String)
    v.class_type = name_type(sym.java_lang_Class)
    v.method_handle = name_type(sym.java_lang_invoke_MethodHandle)
    v.method_type = name_type(sym.java_lang_invoke_MethodType)

cdef int conclude(Verifier* v, int result) noexcept nogil:
    if result != 0:
        if v.failure == FAILURE_VERIFY:
            loader_throw(v.t, b"java/lang/VerifyError", v.message)
        elif v.failure == FAILURE_FORMAT:
            loader_throw(v.t, b"java/lang/ClassFormatError", v.message)
    arena_free(&v.arena)
    return result

cdef int infer(JavaThread* t, Class* klass, Verifier* first) noexcept nogil:
    """`first`: what checking by stack maps has found, which is the text if inference finds fault as well; or NULL."""
    cdef Verifier v
    cdef int result
    prepare(&v, t, klass)
    result = infer_class(&v)
    if first != NULL and result != 0 and (v.failure == FAILURE_VERIFY or v.failure == FAILURE_FORMAT):
        first.failure = v.failure
        arena_free(&v.arena)
        return conclude(first, -1)
    if first != NULL:
        arena_free(&first.arena)
    return conclude(&v, result)

cdef public int verify_class(JavaThread* t, Class* klass) noexcept nogil:
    cdef Verifier v
    cdef int result
    if klass.major_version < STACK_MAPS_MAJOR:
        return infer(t, klass, NULL)
    prepare(&v, t, klass)
    result = check_class(&v)
    if result != 0 and klass.major_version == STACK_MAPS_MAJOR \
            and (v.failure == FAILURE_VERIFY or v.failure == FAILURE_FORMAT):
        return infer(t, klass, &v)
    return conclude(&v, result)
