# Small work of single instructions that is too long for a handler, or shared by several.
#
# Interface: the functions with a JavaThread return NULL or -1 with t.exception set; the frame must be
# saved before.
from kernel.types cimport i8, i16, i32, i64, u8, u16, u32, u64
from jvm.heap.object cimport Object, ref, ref_decode, ref_encode
from jvm.interpreter.opcodes cimport (OP_Q_THIS_GETFIELD_BYTE, OP_Q_THIS_GETFIELD_INT, OP_Q_THIS_GETFIELD_REF)
from jvm.loader.classes cimport (Class, DISPLAY_DEPTH, Field, Frame, JavaThread, Slot, TYPE_DOUBLE, TYPE_LONG)
from jvm.loader.loader cimport class_is_subtype

cdef extern double double_remainder(double dividend, double divisor) noexcept nogil
cdef extern i32 double_to_int_slow(double value) noexcept nogil
cdef extern i64 double_to_long_slow(double value) noexcept nogil
# Reads a field of any type to the stack, or writes it from there; push returns the new stack pointer.
cdef extern Slot* field_push(u8* address, int type, Slot* sp) noexcept nogil
cdef extern void field_pop(u8* address, Field* field, Slot* sp) noexcept nogil
cdef extern i32 lookup_switch(u8* table, i32 key) noexcept nogil                                    # the branch offset
cdef extern Object* new_primitive_array(JavaThread* t, int type, i32 length) noexcept nogil
cdef extern Object* new_reference_array(JavaThread* t, Class* element, i32 length) noexcept nogil
cdef extern Object* new_multi_array(JavaThread* t, Frame* frame) noexcept nogil                     # multianewarray at frame.pc
cdef extern int register_finalizer(JavaThread* t, Object* object) noexcept nogil

cdef inline i32 read_s4(const u8* p) noexcept nogil:
    return <i32>(<u32>p[0] << 24 | <u32>p[1] << 16 | <u32>p[2] << 8 | p[3])

# JVMS §6.5 d2i, d2l: cvttsd2si gives the smallest number for all that does not fit; only that is slow.
cdef extern from * nogil:
    """
    #include <emmintrin.h>
    """
    i32 convert_int "__builtin_ia32_cvttsd2si"(__m128d value) noexcept
    i64 convert_long "__builtin_ia32_cvttsd2si64"(__m128d value) noexcept
    ctypedef struct __m128d:
        pass
    __m128d _mm_set_sd(double value) noexcept

cdef inline i32 double_to_int(double value) noexcept nogil:
    cdef i32 number = convert_int(_mm_set_sd(value))
    return number if number != -2147483648 else double_to_int_slow(value)

cdef inline i64 double_to_long(double value) noexcept nogil:
    cdef i64 number = convert_long(_mm_set_sd(value))
    return number if number != <i64>0x8000000000000000 else double_to_long_slow(value)

# Assignment of reference types (JVMS §6.5 checkcast); the display answers for classes near Object.
cdef inline bint class_is(Class* sub, Class* of) noexcept nogil:
    if of.depth < DISPLAY_DEPTH and sub.display[of.depth] == of:
        return True
    return class_is_subtype(sub, of) != 0

# What a METHOD_GETTER with this code answers of its receiver, put at `at`; returns what is above it.
cdef inline Slot* getter_push(Object* receiver, u8* code, Slot* at) noexcept nogil:
    cdef u8* address = <u8*>receiver + (<u16*>(code + 2))[0]
    if code[0] == OP_Q_THIS_GETFIELD_REF:
        at[0].a = ref_decode((<ref*>address)[0])
    elif code[0] == OP_Q_THIS_GETFIELD_INT:
        at[0].i = (<i32*>address)[0]
    elif code[0] == OP_Q_THIS_GETFIELD_BYTE:
        at[0].i = (<i8*>address)[0]
    else:
        at[0].l = (<i64*>address)[0]
        return at + 2
    return at + 1

cdef inline int type_slots(int type) noexcept nogil:
    return 2 if type == TYPE_LONG or type == TYPE_DOUBLE else 1

# tableswitch and lookupswitch: operands start at the next multiple of 4 in the code (JVMS §6.5).
cdef inline u8* switch_operands(Frame* frame, u8* pc) noexcept nogil:
    cdef u8* code = frame.method.code
    return code + ((<u64>(pc - code) + 4) & ~<u64>3)
