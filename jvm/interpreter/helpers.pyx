# Small work of single instructions: see helpers.pxd.
from kernel.types cimport i8, i16, i32, i64, u8, u16, u32, u64
from jvm.heap.heap cimport heap_new_array
from jvm.heap.object cimport Object, array_set, ref
from jvm.interpreter.calls cimport java_call
from jvm.interpreter.faults cimport fault_array_memory, fault_negative_size
from jvm.loader.classes cimport (ACC_VOLATILE, Class, Field, Frame, JavaThread, Slot, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR,
                                 TYPE_DOUBLE, TYPE_FLOAT, TYPE_INT, TYPE_LONG, TYPE_SHORT)
from jvm.loader.loader cimport class_array_of
from jvm.loader.resolution cimport resolve_class
from jvm.loader.wellknown cimport mid, wk

cdef extern from * nogil:
    """
    static inline uint64_t bits_of_double(double d) { uint64_t u; __builtin_memcpy(&u, &d, 8); return u; }
    static inline double double_of_bits(uint64_t u) { double d; __builtin_memcpy(&d, &u, 8); return d; }
    static inline void fence_store(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
    """
    u64 bits_of_double(double value) noexcept
    double double_of_bits(u64 bits) noexcept
    void fence_store() noexcept
    int __builtin_clzll(u64 value) noexcept

cdef enum:
    EXPONENT_MASK = 0x7FF
    FRACTION_BITS = 52

cdef public double double_remainder(double dividend, double divisor) noexcept nogil:
    """JVMS §6.5 drem: the truncating remainder of IEEE arithmetic, exact (C's fmod).

    Both are m × 2^e with whole m; the remainder of m × 2^(e-e') by m' is taken 11 bits of the
    exponent at a time, which fits because m < 2^53."""
    cdef u64 a = bits_of_double(dividend)
    cdef u64 b = bits_of_double(divisor)
    cdef u64 sign = a & (<u64>1 << 63)
    cdef i32 exponent_a, exponent_b, gap, step
    a ^= sign
    b &= ~(<u64>1 << 63)
    if b == 0 or a >= <u64>0x7FF << 52 or b > <u64>0x7FF << 52:
        # NaN on either side, ∞ % y, x % 0: to Java all are NaN; the bits are the host's.
        if b > <u64>0x7FF << 52:
            return double_of_bits(b | <u64>1 << 51) if a >= <u64>0x7FF << 52 else divisor + divisor
        if a > <u64>0x7FF << 52:
            return double_of_bits(a | <u64>1 << 51)
        return double_of_bits(<u64>0xFFF8 << 48)
    if a < b:
        return dividend
    exponent_a = <i32>(a >> FRACTION_BITS)
    exponent_b = <i32>(b >> FRACTION_BITS)
    a &= (<u64>1 << FRACTION_BITS) - 1
    b &= (<u64>1 << FRACTION_BITS) - 1
    if exponent_a != 0:
        a |= <u64>1 << FRACTION_BITS
    else:
        exponent_a = 1                   # subnormal
    if exponent_b != 0:
        b |= <u64>1 << FRACTION_BITS
    else:
        exponent_b = 1
    gap = exponent_a - exponent_b
    a %= b
    while gap > 0 and a != 0:
        step = gap if gap < 11 else 11
        a = (a << step) % b
        gap -= step
    if a == 0:
        return double_of_bits(sign)
    # Normalise m × 2^(exponent_b) again.
    step = __builtin_clzll(a) - 11
    if step >= exponent_b:
        a <<= exponent_b - 1
        return double_of_bits(sign | a)  # subnormal
    a <<= step
    exponent_b -= step
    return double_of_bits(sign | (<u64>exponent_b << FRACTION_BITS) | (a & ((<u64>1 << FRACTION_BITS) - 1)))

cdef public i32 double_to_int_slow(double value) noexcept nogil:
    if value != value:
        return 0
    return 2147483647 if value > 0 else <i32>0x80000000

cdef public i64 double_to_long_slow(double value) noexcept nogil:
    if value != value:
        return 0
    return 0x7FFFFFFFFFFFFFFF if value > 0 else <i64>0x8000000000000000

cdef public Slot* field_push(u8* address, int type, Slot* sp) noexcept nogil:
    if type == TYPE_BOOLEAN or type == TYPE_BYTE:
        sp[0].i = (<i8*>address)[0]
    elif type == TYPE_CHAR:
        sp[0].i = (<u16*>address)[0]
    elif type == TYPE_SHORT:
        sp[0].i = (<i16*>address)[0]
    elif type == TYPE_INT or type == TYPE_FLOAT:
        sp[0].i = (<i32*>address)[0]
    elif type == TYPE_LONG or type == TYPE_DOUBLE:
        sp[0].l = (<i64*>address)[0]
        return sp + 2
    else:
        sp[0].a = ref_decode((<ref*>address)[0])
    return sp + 1

cdef public void field_pop(u8* address, Field* field, Slot* sp) noexcept nogil:
    cdef int type = field.type
    if type == TYPE_BOOLEAN:
        address[0] = <u8>((sp - 1).i & 1)  # JVMS §6.5 putfield: narrowed to its lowest bit
    elif type == TYPE_BYTE:
        address[0] = <u8>(sp - 1).i
    elif type == TYPE_CHAR or type == TYPE_SHORT:
        (<u16*>address)[0] = <u16>(sp - 1).i
    elif type == TYPE_INT or type == TYPE_FLOAT:
        (<i32*>address)[0] = (sp - 1).i
    elif type == TYPE_LONG or type == TYPE_DOUBLE:
        (<i64*>address)[0] = (sp - 2).l
    else:
        (<ref*>address)[0] = ref_encode((sp - 1).a)
    if field.access_flags & ACC_VOLATILE:
        # JLS §17.4.4: a later volatile read, also of another field, comes after this write.
        fence_store()

cdef public i32 lookup_switch(u8* table, i32 key) noexcept nogil:
    """Binary search among the sorted match-offset pairs (JVMS §6.5 lookupswitch)."""
    cdef i32 low = 0
    cdef i32 high = read_s4(table + 4) - 1
    cdef i32 middle, match
    while low <= high:
        middle = <i32>((<u32>low + <u32>high) >> 1)
        match = read_s4(table + 8 + 8 * <i64>middle)
        if match < key:
            low = middle + 1
        elif match > key:
            high = middle - 1
        else:
            return read_s4(table + 12 + 8 * <i64>middle)
    return read_s4(table)

cdef Object* new_array(JavaThread* t, Class* array_class, i32 length) noexcept nogil:
    cdef Object* array
    if length < 0:
        fault_negative_size(t, length)
        return NULL
    array = heap_new_array(&t.span, &array_class.shape, length)
    if array == NULL:
        fault_array_memory(t, length)
    return array

cdef Class* primitive_array_class(int type) noexcept nogil:
    """newarray's operand (JVMS table 6.5.newarray-A)."""
    if type == TYPE_BYTE:
        return wk.array_of_byte
    elif type == TYPE_INT:
        return wk.array_of_int
    elif type == TYPE_CHAR:
        return wk.array_of_char
    elif type == TYPE_LONG:
        return wk.array_of_long
    elif type == TYPE_BOOLEAN:
        return wk.array_of_boolean
    elif type == TYPE_SHORT:
        return wk.array_of_short
    elif type == TYPE_FLOAT:
        return wk.array_of_float
    return wk.array_of_double

cdef public Object* new_primitive_array(JavaThread* t, int type, i32 length) noexcept nogil:
    return new_array(t, primitive_array_class(type), length)

cdef public Object* new_reference_array(JavaThread* t, Class* element, i32 length) noexcept nogil:
    cdef Class* array_class = element.array
    if array_class == NULL:
        array_class = class_array_of(t, element)
        if array_class == NULL:
            return NULL
    return new_array(t, array_class, length)

cdef Object* fill_dimensions(JavaThread* t, Class* array_class, Slot* lengths, int dimensions) noexcept nogil:
    """An array with all of its sub-arrays; `array` keeps those under construction alive."""
    cdef Object* array = new_array(t, array_class, lengths[0].i)
    cdef Object* inner
    cdef i32 index
    if array == NULL or dimensions == 1:
        return array
    for index in range(lengths[0].i):
        inner = fill_dimensions(t, array_class.element, lengths + 1, dimensions - 1)
        if inner == NULL:
            return NULL
        array_set(array, index, inner)
    return array

cdef public Object* new_multi_array(JavaThread* t, Frame* frame) noexcept nogil:
    """JVMS §6.5 multianewarray: all counts are checked before anything is made."""
    cdef u8* pc = frame.pc
    cdef int dimensions = pc[3]
    cdef int index
    cdef Slot* lengths = frame.sp - dimensions
    cdef Class* array_class = resolve_class(t, frame.method.holder, <u16>(pc[1] << 8 | pc[2]))
    if array_class == NULL:
        return NULL
    for index in range(dimensions):
        if lengths[index].i < 0:
            fault_negative_size(t, lengths[index].i)
            return NULL
    return fill_dimensions(t, array_class, lengths, dimensions)

cdef public int register_finalizer(JavaThread* t, Object* object) noexcept nogil:
    """JLS §12.6: an object with a finalize method is registered when Object's constructor ends."""
    cdef Slot argument
    argument.a = object
    return java_call(t, mid.java_lang_ref_Finalizer_register, &argument, NULL)
