# Boxed values and widening, for reflection.
from kernel.types cimport u8, u32, u64, i8, i16, u16, i32, i64
from jvm.heap.object cimport Object
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport (Class, JavaThread, Method, Slot, CLASS_INITIALIZED, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE,
                                 TYPE_FLOAT, TYPE_INT, TYPE_LONG, TYPE_SHORT, class_of)
from jvm.loader.loader cimport class_initialize
from jvm.natives.support cimport known_class, known_field, known_method

cdef enum:
    TYPES = 12

# By PrimitiveType.
cdef Class* box_class[TYPES]
cdef u32 box_value[TYPES]
cdef Method* box_value_of[TYPES]


cdef const char* class_name(int type) noexcept nogil:
    if type == TYPE_BOOLEAN:
        return b"java/lang/Boolean"
    elif type == TYPE_BYTE:
        return b"java/lang/Byte"
    elif type == TYPE_CHAR:
        return b"java/lang/Character"
    elif type == TYPE_SHORT:
        return b"java/lang/Short"
    elif type == TYPE_INT:
        return b"java/lang/Integer"
    elif type == TYPE_LONG:
        return b"java/lang/Long"
    elif type == TYPE_FLOAT:
        return b"java/lang/Float"
    return b"java/lang/Double"


cdef const char* letter(int type) noexcept nogil:
    if type == TYPE_BOOLEAN:
        return b"Z"
    elif type == TYPE_BYTE:
        return b"B"
    elif type == TYPE_CHAR:
        return b"C"
    elif type == TYPE_SHORT:
        return b"S"
    elif type == TYPE_INT:
        return b"I"
    elif type == TYPE_LONG:
        return b"J"
    elif type == TYPE_FLOAT:
        return b"F"
    return b"D"


cdef const char* value_of_descriptor(int type) noexcept nogil:
    if type == TYPE_BOOLEAN:
        return b"(Z)Ljava/lang/Boolean;"
    elif type == TYPE_BYTE:
        return b"(B)Ljava/lang/Byte;"
    elif type == TYPE_CHAR:
        return b"(C)Ljava/lang/Character;"
    elif type == TYPE_SHORT:
        return b"(S)Ljava/lang/Short;"
    elif type == TYPE_INT:
        return b"(I)Ljava/lang/Integer;"
    elif type == TYPE_LONG:
        return b"(J)Ljava/lang/Long;"
    elif type == TYPE_FLOAT:
        return b"(F)Ljava/lang/Float;"
    return b"(D)Ljava/lang/Double;"


cdef public int unbox(Object* box, Slot* value) noexcept nogil:
    cdef Class* klass
    cdef int type
    cdef u8* at
    if box == NULL:
        return 0
    klass = class_of(box)
    for type in range(TYPE_BOOLEAN, TYPES):
        if klass == known_class(&box_class[type], class_name(type)):
            at = <u8*>box + known_field(&box_value[type], class_name(type), b"value", letter(type))
            if type == TYPE_BOOLEAN or type == TYPE_BYTE:
                value.i = (<i8*>at)[0]
            elif type == TYPE_CHAR:
                value.i = (<u16*>at)[0]
            elif type == TYPE_SHORT:
                value.i = (<i16*>at)[0]
            elif type == TYPE_LONG or type == TYPE_DOUBLE:
                value.l = (<i64*>at)[0]
            else:
                value.i = (<i32*>at)[0]
            return type
    return 0


cdef public Object* box_new(JavaThread* t, int type, u64 bits) noexcept nogil:
    cdef Slot arguments[2]
    cdef Slot result
    cdef Method* method = known_method(&box_value_of[type], class_name(type), b"valueOf", value_of_descriptor(type))
    if method.holder.state != CLASS_INITIALIZED and class_initialize(t, method.holder) != 0:
        return NULL
    arguments[0].raw = bits
    result.a = NULL
    if java_call(t, method, arguments, &result) != 0:
        return NULL
    return result.a


cdef public int widen(Slot* value, int type, int to) noexcept nogil:
    cdef i64 number
    if type == to:
        return 1
    # boolean converts to nothing else; nothing converts to boolean or char, or to a narrower type.
    if type == TYPE_BOOLEAN or to == TYPE_BOOLEAN or to == TYPE_CHAR or to == TYPE_BYTE:
        return 0
    if type == TYPE_BYTE or type == TYPE_SHORT or type == TYPE_CHAR or type == TYPE_INT:
        number = value.i
        if to == TYPE_SHORT:
            return type == TYPE_BYTE
        elif to == TYPE_INT:
            return 1
        elif to == TYPE_LONG:
            value.l = number
        elif to == TYPE_FLOAT:
            value.f = <float>value.i
        else:
            value.d = <double>value.i
        return 1
    elif type == TYPE_LONG:
        number = value.l
        if to == TYPE_FLOAT:
            value.f = <float>number
        elif to == TYPE_DOUBLE:
            value.d = <double>number
        return to == TYPE_FLOAT or to == TYPE_DOUBLE
    elif type == TYPE_FLOAT and to == TYPE_DOUBLE:
        value.d = <double>value.f
        return 1
    return 0
