# java.lang.reflect.Array: elements by index, with unboxing and widening, and new arrays.
from kernel.types cimport u8, u16, u32, i8, i16, i32, i64
from kernel.diagnostics.format cimport Text, text_init, text_signed
from jvm.heap.object cimport (Object, array_data, array_data_wide, array_get, array_length, array_set, SHAPE_PRIMITIVE_ARRAY)
from jvm.loader.classes cimport (Class, JavaThread, Slot, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT, TYPE_INT, TYPE_LONG,
                                 TYPE_REFERENCE, TYPE_SHORT, TYPE_VOID, class_of)
from jvm.loader.loader cimport class_array_of, class_is_subtype, mirror_class
from jvm.natives.boxing cimport box_new, unbox, widen
from jvm.natives.support cimport array_new, throw_text
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer


# The array's class, after the checks of every method here; NULL: thrown.
cdef Class* checked_array(JavaThread* t, Object* array) noexcept nogil:
    if array == NULL:
        throw_null_pointer(t)
        return NULL
    if class_of(array).dimensions == 0:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Argument is not an array")
        return NULL
    return class_of(array)


cdef Class* checked_index(JavaThread* t, Object* array, i32 index) noexcept nogil:
    cdef Class* klass = checked_array(t, array)
    if klass != NULL and <u32>index >= <u32>array_length(array):
        throw_named(t, b"java/lang/ArrayIndexOutOfBoundsException", NULL)
        return NULL
    return klass


# As checked_index, for an array of a primitive type.
cdef Class* checked_primitive(JavaThread* t, Object* array, i32 index) noexcept nogil:
    cdef Class* klass = checked_array(t, array)
    if klass == NULL:
        return NULL
    if klass.element.type == TYPE_REFERENCE:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Argument is not an array of primitive type")
        return NULL
    return checked_index(t, array, index)


cdef void mismatch(JavaThread* t) noexcept nogil:
    throw_named(t, b"java/lang/IllegalArgumentException", b"argument type mismatch")


cdef void load(Object* array, i32 index, int type, Slot* value) noexcept nogil:
    if type == TYPE_BOOLEAN or type == TYPE_BYTE:
        value.i = (<i8*>array_data(array))[index]
    elif type == TYPE_CHAR:
        value.i = (<u16*>array_data(array))[index]
    elif type == TYPE_SHORT:
        value.i = (<i16*>array_data(array))[index]
    elif type == TYPE_LONG or type == TYPE_DOUBLE:
        value.l = (<i64*>array_data_wide(array))[index]
    else:
        value.i = (<i32*>array_data(array))[index]


cdef void store(Object* array, i32 index, int type, Slot value) noexcept nogil:
    if type == TYPE_BOOLEAN:
        array_data(array)[index] = value.i & 1
    elif type == TYPE_BYTE:
        array_data(array)[index] = <u8>value.i
    elif type == TYPE_CHAR or type == TYPE_SHORT:
        (<u16*>array_data(array))[index] = <u16>value.i
    elif type == TYPE_LONG or type == TYPE_DOUBLE:
        (<i64*>array_data_wide(array))[index] = value.l
    else:
        (<i32*>array_data(array))[index] = value.i


cdef public void native_array_get_length(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if checked_array(t, args[0].a) != NULL:
        result.i = array_length(args[0].a)


cdef public void native_array_get(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Slot value
    cdef Class* klass = checked_index(t, args[0].a, args[1].i)
    if klass == NULL:
        return
    if klass.element.type == TYPE_REFERENCE:
        result.a = array_get(args[0].a, args[1].i)
        return
    value.raw = 0
    load(args[0].a, args[1].i, klass.element.type, &value)
    result.a = box_new(t, klass.element.type, value.raw)


cdef void get_as(JavaThread* t, Slot* args, Slot* result, int type) noexcept nogil:
    cdef Class* klass = checked_primitive(t, args[0].a, args[1].i)
    if klass == NULL:
        return
    load(args[0].a, args[1].i, klass.element.type, result)
    if not widen(result, klass.element.type, type):
        mismatch(t)


cdef public void native_array_get_boolean(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_as(t, args, result, TYPE_BOOLEAN)


cdef public void native_array_get_byte(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_as(t, args, result, TYPE_BYTE)


cdef public void native_array_get_char(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_as(t, args, result, TYPE_CHAR)


cdef public void native_array_get_short(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_as(t, args, result, TYPE_SHORT)


cdef public void native_array_get_int(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_as(t, args, result, TYPE_INT)


cdef public void native_array_get_long(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_as(t, args, result, TYPE_LONG)


cdef public void native_array_get_float(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_as(t, args, result, TYPE_FLOAT)


cdef public void native_array_get_double(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_as(t, args, result, TYPE_DOUBLE)


cdef public void native_array_set(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Slot value
    cdef int type
    cdef Class* klass = checked_array(t, args[0].a)
    if klass == NULL:
        return
    if klass.element.type != TYPE_REFERENCE and args[2].a == NULL:
        throw_named(t, b"java/lang/IllegalArgumentException", NULL)
        return
    klass = checked_index(t, args[0].a, args[1].i)
    if klass == NULL:
        return
    if klass.element.type == TYPE_REFERENCE:
        if args[2].a != NULL and not class_is_subtype(class_of(args[2].a), klass.element):
            throw_named(t, b"java/lang/IllegalArgumentException", b"array element type mismatch")
            return
        array_set(args[0].a, args[1].i, args[2].a)
        return
    type = unbox(args[2].a, &value)
    if type == 0 or not widen(&value, type, klass.element.type):
        mismatch(t)
        return
    store(args[0].a, args[1].i, klass.element.type, value)


cdef void set_as(JavaThread* t, Slot* args, int type) noexcept nogil:
    cdef Slot value = args[2]
    cdef Class* klass = checked_primitive(t, args[0].a, args[1].i)
    if klass == NULL:
        return
    if not widen(&value, type, klass.element.type):
        mismatch(t)
        return
    store(args[0].a, args[1].i, klass.element.type, value)


cdef public void native_array_set_boolean(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_as(t, args, TYPE_BOOLEAN)


cdef public void native_array_set_byte(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_as(t, args, TYPE_BYTE)


cdef public void native_array_set_char(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_as(t, args, TYPE_CHAR)


cdef public void native_array_set_short(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_as(t, args, TYPE_SHORT)


cdef public void native_array_set_int(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_as(t, args, TYPE_INT)


cdef public void native_array_set_long(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_as(t, args, TYPE_LONG)


cdef public void native_array_set_float(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_as(t, args, TYPE_FLOAT)


cdef public void native_array_set_double(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_as(t, args, TYPE_DOUBLE)


# --- new arrays ---------------------------------------------------------------------------------------

# newArray(Class component, int length)
cdef public void native_array_new(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* component
    cdef Class* klass
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    component = mirror_class(args[0].a)
    if component.type == TYPE_VOID or component.dimensions >= 255:
        throw_named(t, b"java/lang/IllegalArgumentException", NULL)
        return
    klass = class_array_of(t, component)
    if klass != NULL:
        result.a = array_new(t, klass, args[1].i)


cdef Object* multi_new(JavaThread* t, Class* klass, i32* lengths, i32 depth) noexcept nogil:
    cdef Object* array = array_new(t, klass, lengths[0])
    cdef Object* part
    cdef i32 i
    if array == NULL or depth == 1:
        return array
    for i in range(lengths[0]):
        part = multi_new(t, klass.element, lengths + 1, depth - 1)
        if part == NULL:
            return NULL
        array_set(array, i, part)
    return array


# multiNewArray(Class component, int[] lengths)
cdef public void native_array_new_multi(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char digits[16]
    cdef Text text
    cdef Class* klass
    cdef i32* lengths
    cdef i32 depth
    cdef i32 i
    if args[0].a == NULL or args[1].a == NULL:
        throw_null_pointer(t)
        return
    klass = mirror_class(args[0].a)
    depth = array_length(args[1].a)
    lengths = <i32*>array_data(args[1].a)
    if depth == 0 or depth + klass.dimensions > 255 or klass.type == TYPE_VOID:
        throw_named(t, b"java/lang/IllegalArgumentException", NULL)
        return
    for i in range(depth):
        if lengths[i] < 0:
            text_init(&text, digits, sizeof(digits))
            text_signed(&text, lengths[i])
            throw_named(t, b"java/lang/NegativeArraySizeException", digits)
            return
    for i in range(depth):
        klass = class_array_of(t, klass)
        if klass == NULL:
            return
    result.a = multi_new(t, klass, lengths, depth)
