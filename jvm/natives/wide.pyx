# 128-bit arithmetic that is too long to be inline: rounding to a double, division, series (wide.pxd).
from kernel.types cimport u64
from jvm.natives.wide cimport (BIAS, EXPONENT_MAX, MANTISSA_BITS, double_of, high_64, shift_sticky, times, times_64,
                               wide, wide_clz)


# sign × x × 2^exponent (the last bit of x may be sticky), rounded to the nearest, ties to even.
cdef public double wide_assemble(u64 sign, wide x, int exponent) noexcept nogil:
    cdef int length
    cdef int drop
    cdef u64 mantissa
    cdef u64 rest
    if x == 0:
        return double_of(sign)
    length = 128 - wide_clz(x)
    drop = length - (MANTISSA_BITS + 1)
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


# The reciprocal's first 50 bits come from a double, kept too small; q(1 + e + e²) with e = 1 − d·y
# brings the rest.
cdef public wide wide_quotient(wide numerator, wide denominator) noexcept nogil:
    cdef double d = <double><u64>(denominator >> 64)
    cdef u64 reciprocal = <u64>(170141183460469231731687303715884105728.0 / d - 8192.0)     # 2^127 / d
    cdef wide q = times_64(numerator, reciprocal)
    cdef wide e = (((<wide>1) << 127) - times_64(denominator, reciprocal)) << 1
    return q + times(q, e + times(e, e))


cdef public wide wide_series(wide z, const wide* c, int count, int narrow, int scale) noexcept nogil:
    cdef int i = count - 1
    cdef u64 low = <u64>(c[i] >> (64 - scale))
    cdef u64 z_high = <u64>(z >> 64)
    cdef wide sum
    while i > narrow:
        i -= 1
        low = <u64>(c[i] >> (64 - scale)) + high_64(z_high, low)
    sum = <wide>low << (64 - scale)
    while i > 0:
        i -= 1
        sum = c[i] + times(z, sum)
    return sum


cdef public wide wide_series_alternating(wide z, const wide* c, int count, int narrow, int scale) noexcept nogil:
    cdef int i = count - 1
    cdef u64 low = <u64>(c[i] >> (64 - scale))
    cdef u64 z_high = <u64>(z >> 64)
    cdef wide sum
    while i > narrow:
        i -= 1
        low = <u64>(c[i] >> (64 - scale)) - high_64(z_high, low)
    sum = <wide>low << (64 - scale)
    while i > 0:
        i -= 1
        sum = c[i] - times(z, sum)
    return sum
