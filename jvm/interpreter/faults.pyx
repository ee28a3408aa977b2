# Exceptions that single instructions throw: see faults.pxd.
from kernel.types cimport i32, u8, u16, u32, u64
from kernel.diagnostics.format cimport Text, text_init, text_signed, text_string, text_unsigned
from jvm.heap.object cimport Object, array_length
from jvm.interpreter.describe cimport (describe_class, describe_kind, describe_method, describe_place, describe_location,
                                       describe_location_of_two)
from jvm.loader.resolution cimport throw_abstract_method
from jvm.loader.classes cimport ACC_ABSTRACT, ACC_PRIVATE, class_of
from jvm.loader.wellknown cimport wk
from jvm.runtime.exceptions cimport throw_class, throw_index, throw_named, throw_out_of_memory, throw_stack_overflow

cdef enum:
    MESSAGE_MAX = 2048
    ARRAY_LENGTH_MAX = 2147483645        # HotSpot's arrayOopDesc::max_array_length

cdef public int fault_index(JavaThread* t, i32 index, Object* array) noexcept nogil:
    return throw_index(t, index, array_length(array))

cdef public int fault_division(JavaThread* t) noexcept nogil:
    return throw_class(t, wk.java_lang_ArithmeticException, b"/ by zero")

cdef public int fault_store(JavaThread* t, Object* value) noexcept nogil:
    cdef char message[MESSAGE_MAX]
    cdef Text text
    text_init(&text, message, sizeof(message))
    describe_class(&text, class_of(value))
    return throw_class(t, wk.java_lang_ArrayStoreException, message)

cdef public int fault_cast(JavaThread* t, Object* object, Class* target) noexcept nogil:
    """class A cannot be cast to class B (A and B are in module M of loader L)"""
    cdef char message[MESSAGE_MAX]
    cdef Text text
    cdef Class* source = class_of(object)
    text_init(&text, message, sizeof(message))
    text_string(&text, b"class ")
    describe_class(&text, source)
    text_string(&text, b" cannot be cast to class ")
    describe_class(&text, target)
    text_string(&text, b" (")
    if source.module == target.module and source.loader == target.loader:
        describe_location_of_two(&text, source, target)
    else:
        describe_location(&text, source)
        text_string(&text, b"; ")
        describe_location(&text, target)
    text_string(&text, b")")
    return throw_class(t, wk.java_lang_ClassCastException, message)

cdef public int fault_memory(JavaThread* t) noexcept nogil:
    return throw_out_of_memory(t, b"Java heap space")

cdef public int fault_array_memory(JavaThread* t, i32 length) noexcept nogil:
    if length > ARRAY_LENGTH_MAX:
        return throw_out_of_memory(t, b"Requested array size exceeds VM limit")
    return throw_out_of_memory(t, b"Java heap space")

cdef public int fault_negative_size(JavaThread* t, i32 length) noexcept nogil:
    cdef char message[16]
    cdef Text text
    text_init(&text, message, sizeof(message))
    text_signed(&text, length)
    return throw_class(t, wk.java_lang_NegativeArraySizeException, message)

cdef public int fault_overflow(JavaThread* t) noexcept nogil:
    return throw_stack_overflow(t)

cdef public int fault_opcode(JavaThread* t, Frame* frame) noexcept nogil:
    """The verifier lets no such byte through, so only unverified code gets here."""
    cdef char message[MESSAGE_MAX]
    cdef Text text
    text_init(&text, message, sizeof(message))
    text_string(&text, b"opcode ")
    text_unsigned(&text, frame.pc[0])
    describe_place(&text, frame)
    return throw_named(t, b"java/lang/InternalError", message)

cdef public int throw_abstract(JavaThread* t, Method* method, Object* receiver) noexcept nogil:
    cdef char message[MESSAGE_MAX]
    cdef Text text
    if receiver != NULL:
        return throw_abstract_method(t, class_of(receiver), method, NULL)
    text_init(&text, message, sizeof(message))
    text_string(&text, b"Missing implementation of")
    text_string(&text, b" resolved method '")
    if method.access_flags & ACC_ABSTRACT:
        text_string(&text, b"abstract ")
    if method.access_flags & ACC_PRIVATE:
        text_string(&text, b"private ")
    describe_method(&text, method, True)
    text_string(&text, b"' of ")
    describe_kind(&text, method.holder)
    describe_class(&text, method.holder)
    text_string(&text, b".")
    return throw_named(t, b"java/lang/AbstractMethodError", message)

cdef public int throw_unsatisfied_link(JavaThread* t, Method* method) noexcept nogil:
    cdef char message[MESSAGE_MAX]
    cdef Text text
    text_init(&text, message, sizeof(message))
    text_string(&text, b"'")
    describe_method(&text, method, True)
    text_string(&text, b"'")
    return throw_named(t, b"java/lang/UnsatisfiedLinkError", message)
