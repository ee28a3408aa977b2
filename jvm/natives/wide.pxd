# Unsigned 128-bit integers, as fixed-point fractions and as long mantissas.
#
# Interface: a product keeps its upper half and is at most three units too small.  wide_assemble is the
# one place where such a number becomes a double: it rounds once, to the nearest, ties to even, also
# where the result is subnormal, and gives infinity beyond the greatest double.
from kernel.types cimport i64, u64

cdef extern from *:
    """
    #ifndef WIDE_TYPES
    #define WIDE_TYPES
    typedef unsigned __int128 wide_unsigned;
    typedef __int128 wide_signed;
    #endif
    """
    # Cython has no name for these widths: what it believes about their size is never used.
    ctypedef u64 wide "wide_unsigned"
    ctypedef i64 signed_wide "wide_signed"

cdef extern from * nogil:
    int wide_clz_64 "__builtin_clzl"(u64 x) noexcept

cdef enum:
    MANTISSA_BITS = 52
    EXPONENT_MAX = 0x7FF
    BIAS = 1075                          # exponent of a mantissa taken as an integer

cdef union Bits:
    double d
    u64 u


cdef inline u64 bits_of(double x) noexcept nogil:
    cdef Bits b
    b.d = x
    return b.u


cdef inline double double_of(u64 bits) noexcept nogil:
    cdef Bits b
    b.u = bits
    return b.d


# Splits a finite number that is not 0: value = mantissa × 2^exponent.
cdef inline u64 split(u64 bits, int* exponent) noexcept nogil:
    cdef int e = <int>(bits >> MANTISSA_BITS) & EXPONENT_MAX
    cdef u64 mantissa = bits & (((<u64>1) << MANTISSA_BITS) - 1)
    if e == 0:
        exponent[0] = 1 - BIAS
        return mantissa
    exponent[0] = e - BIAS
    return mantissa | (<u64>1) << MANTISSA_BITS


# The same with the mantissa's first bit at the top of 64.
cdef inline u64 split_top(u64 bits, int* exponent) noexcept nogil:
    cdef u64 mantissa = split(bits, exponent)
    cdef int shift = wide_clz_64(mantissa)
    exponent[0] -= shift
    return mantissa << shift


# Leading zeros of a number that is not 0.
cdef inline int wide_clz(wide x) noexcept nogil:
    cdef u64 high = <u64>(x >> 64)
    if high:
        return wide_clz_64(high)
    return 64 + wide_clz_64(<u64>x)


cdef inline u64 high_64(u64 a, u64 b) noexcept nogil:
    return <u64>(<wide>a * b >> 64)


# a × b / 2^64.
cdef inline wide times_64(wide a, u64 b) noexcept nogil:
    return <wide><u64>(a >> 64) * b + <wide>high_64(<u64>a, b)


# a × b / 2^128.
cdef inline wide times(wide a, wide b) noexcept nogil:
    cdef u64 a_high = <u64>(a >> 64)
    cdef u64 b_high = <u64>(b >> 64)
    return <wide>a_high * b_high + <wide>high_64(a_high, <u64>b) + <wide>high_64(<u64>a, b_high)


# x / 2^count with the lost bits gathered in the last one.
cdef inline wide shift_sticky(wide x, int count) noexcept nogil:
    if count <= 0:
        return x
    if count >= 127:
        return 1 if x != 0 else 0
    return x >> count | (1 if x & (((<wide>1) << count) - 1) != 0 else 0)


# x / 2^count; 0 when nothing is left.
cdef inline wide shifted(wide x, int count) noexcept nogil:
    return x >> count if count < 128 else 0


cdef extern double wide_assemble(u64 sign, wide x, int exponent) noexcept nogil
# Quotient of two numbers whose top bit is set, × 2^127; its last few bits are unsure.
cdef extern wide wide_quotient(wide numerator, wide denominator) noexcept nogil
# c[0] + z(c[1] + z(c[2] + …)) and c[0] − z(c[1] − z(c[2] − …)) of `count` fractions.  From the term `narrow`
# on, where all are below 2^-scale, they are added in 64 bits, × 2^scale.
cdef extern wide wide_series(wide z, const wide* c, int count, int narrow, int scale) noexcept nogil
cdef extern wide wide_series_alternating(wide z, const wide* c, int count, int narrow, int scale) noexcept nogil
