# Math.sin, cos and tan.
#
# Invariant: as in math_exponential.pyx, results are computed in 128-bit integers and rounded once.  The
# argument is reduced exactly, however great: x · 2/π is an integer product of x's 53 bits with the 256
# bits of 2/π that are neither multiples of 4 nor too small to count.  Less than 2^-62 of a double's
# fraction is ever cancelled, so 130 bits remain where 100 are asked for.
from kernel.types cimport u64
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.math_tables cimport (math_cos_series, math_cos_terms, math_half_pi, math_sin_series, math_sin_terms,
                                      math_two_over_pi)
from jvm.natives.wide cimport (MANTISSA_BITS, bits_of, double_of, shifted, split, times, wide, wide_assemble,
                               wide_clz, wide_clz_64, wide_quotient, wide_series_alternating)

cdef enum:
    WINDOW = 4                           # words of 2/π
    # Where the series go on in 64 bits; x² is below 0.617.
    SIN_NARROW = 5                       # 1/13! < 2^-32
    SIN_SCALE = 32
    COS_NARROW = 6                       # 1/14! < 2^-36
    COS_SCALE = 36
    WINDOW_BASE = 62                     # the bit of the table that 2^0 · (2/π) · 4 begins at

# An argument in [-π/4, π/4]: its magnitude is r × 2^-(128 + shift), plus `quadrant` quarter turns.
cdef struct Angle:
    u64 sign
    wide r
    int shift
    int quadrant
    wide square                          # of the magnitude, a fraction


cdef void reduce_angle(u64 bits, int e, u64 m, Angle* a) noexcept nogil:
    cdef u64 w[WINDOW]
    cdef u64 f[WINDOW]
    cdef int first = e + WINDOW_BASE
    cdef int word = first >> 6
    cdef int bit = first & 63
    cdef int i
    cdef int shift
    cdef u64 carry = 0
    cdef wide product
    for i in range(WINDOW):
        w[i] = math_two_over_pi[word + i]
        if bit:
            w[i] = w[i] << bit | math_two_over_pi[word + i + 1] >> (64 - bit)
    # Modulo 2^256: two bits of quadrant, 254 of fraction.
    i = WINDOW
    while i > 0:
        i -= 1
        product = <wide>m * w[i] + carry
        f[i] = <u64>product
        carry = <u64>(product >> 64)
    a.quadrant = <int>(f[0] >> 62)
    for i in range(WINDOW):
        f[i] = f[i] << 2 | (f[i + 1] >> 62 if i + 1 < WINDOW else 0)
    # To the nearest quarter turn.
    if f[0] >> 63:
        a.quadrant += 1
        a.sign ^= <u64>1 << 63
        for i in range(WINDOW):
            f[i] = ~f[i]
    i = 0
    while f[i] == 0 and i < WINDOW - 3:
        i += 1
    shift = wide_clz_64(f[i])
    a.r = <wide>f[i] << 64 | f[i + 1]
    if shift:
        a.r = a.r << shift | f[i + 2] >> (64 - shift)
    a.r = times(a.r, math_half_pi)
    a.shift = 64 * i + shift - 1


# x is finite and not 0.  The sign is the magnitude's, to be seen beside the quadrant of |x|.
cdef void angle_of(double x, Angle* a) noexcept nogil:
    cdef u64 bits = bits_of(x) & ~(<u64>1 << 63)
    cdef int e
    cdef u64 m = split(bits, &e)
    a.sign = 0
    a.quadrant = 0
    if double_of(bits) < 0.7853981633974483:
        a.r = <wide>m << 75
        a.shift = -53 - e
    else:
        reduce_angle(bits, e, m, a)
    a.square = shifted(times(a.r, a.r), 2 * a.shift)


# The mantissa of the sine beside a.shift; 0 is left 0.
cdef wide sine(Angle* a) noexcept nogil:
    return a.r - times(a.r, times(a.square, wide_series_alternating(a.square, math_sin_series, math_sin_terms, SIN_NARROW, SIN_SCALE)))


# The cosine as a fraction; 1 is all ones.
cdef wide cosine(Angle* a) noexcept nogil:
    return ~times(a.square, wide_series_alternating(a.square, math_cos_series, math_cos_terms, COS_NARROW, COS_SCALE))


# sin (turn = 0) or cos (turn = 1) of |x|, with `sign` to be applied.
cdef double wave(double x, int turn, u64 sign) noexcept nogil:
    cdef Angle a
    angle_of(x, &a)
    a.quadrant += turn
    if a.quadrant & 2:
        sign ^= <u64>1 << 63
    if a.quadrant & 1:
        return wide_assemble(sign, cosine(&a), -128)
    return wide_assemble(sign ^ a.sign, sine(&a), -128 - a.shift)


# An infinity or NaN.
cdef inline bint not_finite(double x) noexcept nogil:
    return (bits_of(x) >> MANTISSA_BITS & 0x7FF) == 0x7FF


# The functions of these: x - x is the processor's own NaN for an infinity, and NaN with its payload, made quiet, as on the host.
cdef inline double of_not_finite(double x) noexcept nogil:
    return x - x


cdef public void native_math_sin(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef double x = args[0].d
    if not_finite(x):
        result.d = of_not_finite(x)
    elif x == 0.0:
        result.d = x
    else:
        result.d = wave(x, 0, bits_of(x) & (<u64>1 << 63))


cdef public void native_math_cos(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef double x = args[0].d
    if not_finite(x):
        result.d = of_not_finite(x)
    elif x == 0.0:
        result.d = 1.0
    else:
        result.d = wave(x, 1, 0)


# sin / cos, or -cos / sin an odd number of quarter turns on.
cdef public void native_math_tan(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef double x = args[0].d
    cdef u64 sign = bits_of(x) & (<u64>1 << 63)
    cdef Angle a
    cdef wide s
    cdef wide c
    cdef int shift
    if not_finite(x):
        result.d = of_not_finite(x)
        return
    if x == 0.0:
        result.d = x
        return
    angle_of(x, &a)
    s = sine(&a)
    c = cosine(&a)
    shift = wide_clz(s)
    s <<= shift
    a.shift += shift
    sign ^= a.sign
    if a.quadrant & 1:
        result.d = wide_assemble(sign ^ (<u64>1 << 63), wide_quotient(c, s), a.shift - 127)
    else:
        result.d = wide_assemble(sign, wide_quotient(s, c), -127 - a.shift)
