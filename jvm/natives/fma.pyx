# Fused multiply-add in integers: the baseline x86-64 has no instruction for it, and the Java body goes
# through BigDecimal.
#
# Invariant: the exact sum lies between two 128-bit numbers that differ in their last bit; that bit is
# set when anything was lost below it (a sticky bit), which is enough to round correctly.
from kernel.types cimport i64, u32, u64
from jvm.loader.classes cimport JavaThread, Slot

cdef extern from *:
    """
    typedef unsigned __int128 fma_wide;
    static inline int fma_wide_bits(fma_wide x) {
        unsigned long high = (unsigned long)(x >> 64);
        return high ? 128 - __builtin_clzl(high) : (x ? 64 - __builtin_clzl((unsigned long)x) : 0);
    }
    """
    ctypedef u64 wide "fma_wide"
    int wide_bits "fma_wide_bits"(wide x) noexcept nogil

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


# x / 2^count with the lost bits gathered in the last one.
cdef wide shift_sticky(wide x, int count) noexcept nogil:
    if count <= 0:
        return x
    if count >= 127:
        return 1 if x != 0 else 0
    return x >> count | (1 if x & (((<wide>1) << count) - 1) != 0 else 0)


# sign × x × 2^exponent (the last bit of x may be sticky), rounded to the nearest, ties to even.
cdef double assemble(u64 sign, wide x, int exponent) noexcept nogil:
    cdef int length = wide_bits(x)
    cdef int drop = length - (MANTISSA_BITS + 1)
    cdef u64 mantissa
    cdef u64 rest
    cdef u64 half
    if x == 0:
        return double_of(sign)
    # Subnormal numbers keep fewer bits.
    if exponent + drop < 1 - BIAS:
        drop = 1 - BIAS - exponent
    if drop <= 0:
        mantissa = <u64>x << -drop
        exponent += drop
    else:
        # Three more bits than needed decide: half, and below half.
        x = shift_sticky(x, drop - 2) if drop > 2 else x << (2 - drop)
        mantissa = <u64>(x >> 2)
        rest = <u64>x & 3
        if rest > 2 or (rest == 2 and mantissa & 1):
            mantissa += 1
        exponent += drop
    if mantissa >> (MANTISSA_BITS + 1):
        mantissa >>= 1
        exponent += 1
    if exponent > EXPONENT_MAX - 1 - BIAS:
        return double_of(sign | <u64>EXPONENT_MAX << MANTISSA_BITS)
    if not mantissa >> MANTISSA_BITS:
        return double_of(sign | mantissa)                      # subnormal or 0
    return double_of(sign | <u64>(exponent + BIAS) << MANTISSA_BITS | (mantissa & (((<u64>1) << MANTISSA_BITS) - 1)))


cdef public double fma_double(double a, double b, double c) noexcept nogil:
    cdef u64 x = bits_of(a)
    cdef u64 y = bits_of(b)
    cdef u64 z = bits_of(c)
    cdef u64 sign = (x ^ y) & (<u64>1 << 63)
    cdef u64 addend_sign = z & (<u64>1 << 63)
    cdef int x_exponent
    cdef int y_exponent
    cdef int exponent
    cdef int addend_exponent
    cdef int shift
    cdef wide product
    cdef wide addend
    # Infinities, NaN and zeros: the plain operations are exact there.
    if (x >> MANTISSA_BITS) & EXPONENT_MAX == EXPONENT_MAX or (y >> MANTISSA_BITS) & EXPONENT_MAX == EXPONENT_MAX or x << 1 == 0 or y << 1 == 0:
        return a * b + c
    if (z >> MANTISSA_BITS) & EXPONENT_MAX == EXPONENT_MAX:
        return c
    product = <wide>split(x, &x_exponent) * split(y, &y_exponent)        # at most 106 bits
    exponent = x_exponent + y_exponent
    if z << 1 == 0:
        return assemble(sign, product, exponent)
    addend = split(z, &addend_exponent)
    # Both to the top of 126 bits, so that what is shifted out is far below the result's last place.
    shift = 126 - wide_bits(product)
    product <<= shift
    exponent -= shift
    shift = 126 - wide_bits(addend)
    addend <<= shift
    addend_exponent -= shift
    if exponent >= addend_exponent:
        addend = shift_sticky(addend, exponent - addend_exponent)
    else:
        product = shift_sticky(product, addend_exponent - exponent)
        exponent = addend_exponent
    if sign == addend_sign:
        return assemble(sign, product + addend, exponent)
    if product == addend:
        return 0.0                       # exact cancellation is +0 when rounding to the nearest
    if product > addend:
        return assemble(sign, product - addend, exponent)
    return assemble(addend_sign, addend - product, exponent)


# The product of two floats is exact as a double; the sum is rounded to odd there, so that the second
# rounding cannot go wrong.
cdef public float fma_float(float a, float b, float c) noexcept nogil:
    cdef double product = <double>a * <double>b
    cdef double addend = c
    cdef double sum = product + addend
    cdef double back
    cdef double error
    cdef u64 bits = bits_of(sum)
    if (bits >> MANTISSA_BITS) & EXPONENT_MAX == EXPONENT_MAX or bits & 1:
        return <float>sum
    # Knuth's exact error of a sum.
    back = sum - product
    error = (product - (sum - back)) + (addend - back)
    if error == 0.0:
        return <float>sum
    # An even last bit becomes odd, towards the exact value.
    if (error > 0.0) == (sum > 0.0):
        bits += 1
    else:
        bits -= 1
    return <float>double_of(bits)


cdef public void native_math_fma_double(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.d = fma_double(args[0].d, args[2].d, args[4].d)


cdef public void native_math_fma_float(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.f = fma_float(args[0].f, args[1].f, args[2].f)
