# Native code in place of Java bodies: exactly specified mathematics and bit operations.
#
# sqrt is correctly rounded by IEEE 754 and by Math.sqrt; floor, ceil and rint are exact.  Functions
# whose results Java leaves some freedom (sin, exp, …) are in math_*.pyx, or stay Java.
from kernel.types cimport u32, u64, i32, i64
from jvm.loader.classes cimport JavaThread, Slot

cdef extern from * nogil:
    double sqrt_double "__builtin_sqrt"(double x) noexcept
    double copysign_double "__builtin_copysign"(double magnitude, double sign) noexcept
    double fabs_double "__builtin_fabs"(double x) noexcept
    int clz_32 "__builtin_clz"(u32 x) noexcept
    int clz_64 "__builtin_clzll"(u64 x) noexcept
    int ctz_32 "__builtin_ctz"(u32 x) noexcept
    int ctz_64 "__builtin_ctzll"(u64 x) noexcept
    u32 swap_32 "__builtin_bswap32"(u32 x) noexcept
    u64 swap_64 "__builtin_bswap64"(u64 x) noexcept

cdef extern from *:
    """
    static inline long multiply_high(long a, long b) { return (long)(((__int128)a * b) >> 64); }
    static inline unsigned long multiply_high_unsigned(unsigned long a, unsigned long b) {
        return (unsigned long)(((unsigned __int128)a * b) >> 64); }
    """
    i64 multiply_high(i64 a, i64 b) noexcept nogil
    u64 multiply_high_unsigned(u64 a, u64 b) noexcept nogil


cdef public void native_math_sqrt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.d = sqrt_double(args[0].d)


cdef public void native_math_abs_double(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.d = fabs_double(args[0].d)


cdef public void native_math_abs_int(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = args[0].i if args[0].i >= 0 else -args[0].i


cdef public void native_math_max_int(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = args[0].i if args[0].i >= args[1].i else args[1].i


cdef public void native_math_min_int(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = args[0].i if args[0].i <= args[1].i else args[1].i


cdef public void native_math_max_long(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = args[0].l if args[0].l >= args[2].l else args[2].l


cdef public void native_math_min_long(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = args[0].l if args[0].l <= args[2].l else args[2].l


# Beyond 2^52 every double is an integer; NaN compares as false.
cdef inline bint has_fraction(double x) noexcept nogil:
    return fabs_double(x) < 4503599627370496.0


cdef public void native_math_floor(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef double x = args[0].d
    cdef double y
    result.d = x
    if has_fraction(x):
        y = <double><i64>x
        if y > x:
            y -= 1.0
        result.d = copysign_double(y, x)


cdef public void native_math_ceil(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef double x = args[0].d
    cdef double y
    result.d = x
    if has_fraction(x):
        y = <double><i64>x
        if y < x:
            y += 1.0
        result.d = copysign_double(y, x)


# To the nearest, ties to even: what adding 2^52 does in the default rounding mode.
cdef public void native_math_rint(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef double x = args[0].d
    cdef double big = 4503599627370496.0
    cdef double y
    result.d = x
    if x != x:
        result.d = fabs_double(x) + fabs_double(x)           # as the Java body's arithmetic has it
    elif has_fraction(x):
        y = fabs_double(x)
        y = (y + big) - big
        result.d = copysign_double(y, x)


cdef public void native_math_multiply_high(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = multiply_high(args[0].l, args[2].l)


cdef public void native_math_multiply_high_unsigned(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = multiply_high_unsigned(args[0].raw, args[2].raw)


# --- bits ---------------------------------------------------------------------------------------------

cdef inline i32 count_bits(u64 x) noexcept nogil:
    # The population count of baseline x86-64, which has no instruction for it.
    x = x - (x >> 1 & <u64>0x5555555555555555)
    x = (x & <u64>0x3333333333333333) + (x >> 2 & <u64>0x3333333333333333)
    x = x + (x >> 4) & <u64>0x0F0F0F0F0F0F0F0F
    return <i32>(x * <u64>0x0101010101010101 >> 56)


cdef public void native_int_bit_count(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = count_bits(<u32>args[0].i)


cdef public void native_long_bit_count(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = count_bits(args[0].raw)


cdef public void native_int_leading_zeros(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = clz_32(<u32>args[0].i) if args[0].i != 0 else 32


cdef public void native_long_leading_zeros(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = clz_64(args[0].raw) if args[0].raw != 0 else 64


cdef public void native_int_trailing_zeros(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = ctz_32(<u32>args[0].i) if args[0].i != 0 else 32


cdef public void native_long_trailing_zeros(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = ctz_64(args[0].raw) if args[0].raw != 0 else 64


cdef public void native_int_reverse_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>swap_32(<u32>args[0].i)


cdef public void native_long_reverse_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = swap_64(args[0].raw)
