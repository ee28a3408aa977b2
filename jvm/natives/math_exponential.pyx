# Math.exp, log, log10, pow and tanh.
#
# Invariant: every result is computed in 128-bit integers with a relative error below 2^-95 and rounded
# once, so it is the double nearest to the exact value except for one argument in 2^40 or so; Java asks
# for one unit in the last place and for monotony.  Where an exact result lies midway between two doubles,
# which only pow can have, it is computed exactly.
#
# "log" numbers have MATH_LOG_BITS bits below the point and cover ±2^11.
from kernel.types cimport i64, u64
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.math_tables cimport (MATH_LOG_BITS, MATH_UPPER_HALF, math_exp_series, math_exp_terms, math_ln2, math_ln2_log,
                                      math_log10_e, math_log2_e, math_log_series, math_log_terms, math_logarithms, math_powers,
                                      math_reciprocals, math_tanh_series, math_tanh_terms)
from jvm.natives.wide cimport (MANTISSA_BITS, bits_of, double_of, shifted, signed_wide, split, split_top, times, times_64, wide,
                               wide_assemble, wide_clz, wide_quotient, wide_series, wide_series_alternating)

cdef extern from * nogil:
    double exponential_sqrt "__builtin_sqrt"(double x) noexcept
    int exponential_ctz "__builtin_ctzl"(u64 x) noexcept

cdef enum:
    INDEX_BITS = 7
    # Where series go on in 64 bits: the rounding errors there, 2^-63 with the scale, times the power of the
    # argument, weigh below 2^-100.
    EXP_NARROW = 3                       # |r| < 2^-7, 1/5! < 2^-6
    EXP_SCALE = 6
    LOG_NARROW = 5                       # |z| < 2^-6.8
    TANH_NARROW = 3                      # x² < 2^-14
    POWER_LIMIT = 1080                   # 2^±1080 is beyond every double


cdef inline u64 sign_of(u64 bits) noexcept nogil:
    return bits & (<u64>1 << 63)


cdef inline u64 magnitude(u64 bits) noexcept nogil:
    return bits & ~(<u64>1 << 63)


cdef inline double infinity() noexcept nogil:
    return double_of(<u64>0x7FF << MANTISSA_BITS)


# What the processor gives for an operation that has no result (Intel SDM volume 1 §4.8.3.7); Double.NaN has the other sign.
cdef inline double indefinite() noexcept nogil:
    return double_of(<u64>0xFFF8 << 48)


# 2^t of a log number: the mantissa (1.127), and the exponent of its last bit.  t = k + i/128 + g, and
# 2^g = e^(g ln 2) by its series.
cdef wide power_of_two(signed_wide t, int* exponent) noexcept nogil:
    cdef wide f = <wide>t << (128 - MATH_LOG_BITS)
    cdef int i = <int>(f >> (128 - INDEX_BITS))
    cdef wide r = times((f << INDEX_BITS) >> INDEX_BITS, math_ln2)
    cdef wide e = r + times(r, times(r, wide_series(r, math_exp_series, math_exp_terms, EXP_NARROW, EXP_SCALE)))
    exponent[0] = <int>(t >> MATH_LOG_BITS) - 127
    return math_powers[i] + times(math_powers[i], e)


# ln of a positive finite number: sign, and a mantissa with its top bit set (0 for ln 1) × 2^exponent.
#
# The mantissa times a reciprocal of eleven bits is exactly 1 ± z with z below 2^-6.8; which sign is
# chosen so that the reciprocal next to x = 1 is 1 on both sides, where the result is as small as z and
# keeps z's relative precision.
cdef wide logarithm(u64 bits, u64* sign, int* exponent) noexcept nogil:
    cdef int e
    cdef u64 m = split_top(bits, &e) >> 11
    cdef int k = e + 11 + MANTISSA_BITS
    cdef int i = <int>(m >> (MANTISSA_BITS - INDEX_BITS)) & ((1 << INDEX_BITS) - 1)
    cdef u64 c = math_reciprocals[i]
    cdef bint below = i >= MATH_UPPER_HALF
    cdef wide z
    cdef wide series
    cdef signed_wide sum
    cdef int shift
    if below:
        k += 1
        z = <wide>((<u64>1 << 63) - m * c) << 65
    else:
        z = <wide>(m * c - (<u64>1 << 62)) << 66
    if below:
        series = wide_series(z, math_log_series, math_log_terms, LOG_NARROW, 0)
    else:
        series = wide_series_alternating(z, math_log_series, math_log_terms, LOG_NARROW, 0)
    if k == 0 and c == 1024:
        sign[0] = <u64>below << 63
        exponent[0] = 0
        if z == 0:
            return 0
        shift = wide_clz(z)
        series = times(z << shift, times(z, series))
        z <<= shift
        # Between 2^127 and 2^128, up to a bit: the sum below cannot pass 2^128, as z keeps below 2^-6.
        z = (z >> 1) + (series >> 1) if below else (z >> 1) - (series >> 1)
        shift = 1 - shift
        while not <u64>(z >> 127):
            z <<= 1
            shift -= 1
        exponent[0] = shift - 128
        return z
    series = times(z, times(z, series))
    sum = <signed_wide>k * <signed_wide>math_ln2_log + <signed_wide>math_logarithms[i]
    if below:
        sum -= <signed_wide>((z + series) >> (128 - MATH_LOG_BITS))
    else:
        sum += <signed_wide>((z - series) >> (128 - MATH_LOG_BITS))
    sign[0] = 0
    if sum < 0:
        sign[0] = <u64>1 << 63
        sum = -sum
    shift = wide_clz(<wide>sum)
    exponent[0] = -MATH_LOG_BITS - shift
    return <wide>sum << shift


# x · log2 e as a log number, for |x| below 2^10.
cdef signed_wide scaled_by_log2_e(u64 bits) noexcept nogil:
    cdef int e
    cdef u64 m = split_top(bits, &e)
    cdef wide product = times_64(math_log2_e, m)              # × 2^(e + 64 - 127)
    cdef signed_wide t = <signed_wide>shifted(product, 63 - MATH_LOG_BITS - e)
    return -t if bits >> 63 else t


cdef double exponential(double x) noexcept nogil:
    cdef u64 bits = bits_of(x)
    cdef int exponent
    cdef wide m
    if x != x:
        return x + x                     # quiet, with its payload, as on the host; so below
    if x > 710.0:
        return infinity()
    if x < -750.0:
        return 0.0
    if magnitude(bits) < bits_of(2.7755575615628914e-17):     # 2^-55: nothing beside 1
        return 1.0
    m = power_of_two(scaled_by_log2_e(bits), &exponent)
    return wide_assemble(0, m, exponent)


# The common part of log and log10: what is not positive and finite.
cdef inline bint logarithm_special(double x, double* result) noexcept nogil:
    if x != x or x == infinity():
        result[0] = x + x
    elif x == 0.0:
        result[0] = -infinity()
    elif x < 0.0:
        result[0] = indefinite()
    else:
        return 0
    return 1


cdef public void native_math_exp(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.d = exponential(args[0].d)


cdef public void native_math_log(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef double x = args[0].d
    cdef u64 sign
    cdef int exponent
    cdef wide m
    if logarithm_special(x, &x):
        result.d = x
        return
    m = logarithm(bits_of(x), &sign, &exponent)
    result.d = wide_assemble(sign if m != 0 else 0, m, exponent)


cdef public void native_math_log10(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef double x = args[0].d
    cdef u64 sign
    cdef int exponent
    cdef wide m
    if logarithm_special(x, &x):
        result.d = x
        return
    m = logarithm(bits_of(x), &sign, &exponent)
    result.d = wide_assemble(sign if m != 0 else 0, times(m, math_log10_e), exponent)


# --- pow ----------------------------------------------------------------------------------------------

cdef inline bint is_integer(double y) noexcept nogil:
    cdef double a = double_of(magnitude(bits_of(y)))
    return a >= 4503599627370496.0 or <double><i64>a == a


cdef inline bint is_odd(double y) noexcept nogil:
    cdef double a = double_of(magnitude(bits_of(y)))
    return a < 9007199254740992.0 and <double><i64>a == a and <i64>a & 1


# x^y in integers when it is a number of at most 128 bits; 0 when it is not or may not be.  Every result
# midway between two doubles is of this kind: it has 54 bits, so it is an odd number to a small power, or
# a power of two below the subnormal numbers.
cdef wide exact_power(u64 bits, double y, int* exponent) noexcept nogil:
    cdef int e
    cdef u64 m = split(bits, &e)
    cdef u64 root
    cdef int n
    cdef wide product
    n = exponential_ctz(m)
    m >>= n
    e += n
    # y = n / 2^j: x must be a square j times over.
    while not is_integer(y):
        root = <u64>exponential_sqrt(<double>m)
        if root * root != m or e & 1:
            return 0
        m = root
        e >>= 1
        y *= 2.0
    if m == 1:
        if y < -4096.0 or y > 4096.0:
            return 0
        exponent[0] = e * <int>y
        return 1
    # 3^80 has 127 bits.
    if y < 1.0 or y > 80.0:
        return 0
    n = <int>y
    if (128 - wide_clz(m)) * n > 128:
        return 0
    exponent[0] = e * n
    product = m
    while n > 1:
        product *= m
        n -= 1
    return product


cdef double power(double x, double y) noexcept nogil:
    cdef u64 x_bits = bits_of(x)
    cdef u64 y_bits = bits_of(y)
    cdef double a = double_of(magnitude(x_bits))
    cdef double b = double_of(magnitude(y_bits))
    cdef u64 sign = 0
    cdef u64 log_sign
    cdef int exponent
    cdef int y_exponent
    cdef int shift
    cdef wide m
    cdef signed_wide t
    # The cases in the order of Math.pow's specification.
    if y == 0.0:
        return 1.0
    if y == 1.0 and x == x:
        return x
    if x == 1.0 and y != y or a == 1.0 and b == infinity():
        return double_of(<u64>0x7FF8 << 48)
    if x != x:
        return x + x
    if y != y:
        return y + y
    if b == infinity():
        return infinity() if (a > 1.0) == (y > 0.0) else 0.0
    if sign_of(x_bits) and is_odd(y):
        sign = <u64>1 << 63
    if a == 0.0 or a == infinity():
        return double_of(sign | (bits_of(infinity()) if (a == 0.0) == (y < 0.0) else 0))
    if sign_of(x_bits) and not is_integer(y):
        return indefinite()
    if a == 1.0:
        return double_of(sign | bits_of(1.0))
    m = exact_power(bits_of(a), y, &exponent)
    if m != 0:
        return wide_assemble(sign, m, exponent)
    m = times(logarithm(bits_of(a), &log_sign, &exponent), math_log2_e)
    m = times_64(m, split_top(magnitude(y_bits), &y_exponent))
    # × 2^shift is a log number.  Both factors are normalised, so m is at least 2^125.
    shift = exponent + y_exponent + 65 + MATH_LOG_BITS
    log_sign ^= sign_of(y_bits)
    if shift > 1 or (shift >= 0 and m >> (127 - shift) != 0):
        return double_of(sign | (0 if log_sign else bits_of(infinity())))
    t = <signed_wide>(m << shift if shift >= 0 else shifted(m, -shift))
    if t >> MATH_LOG_BITS >= POWER_LIMIT:
        return double_of(sign | (0 if log_sign else bits_of(infinity())))
    m = power_of_two(-t if log_sign else t, &exponent)
    return wide_assemble(sign, m, exponent)


cdef public void native_math_pow(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.d = power(args[0].d, args[2].d)


# --- tanh ---------------------------------------------------------------------------------------------

# (E - 1) / (E + 1) with E = e^2x; near 0, where that cancels, the series x - x³/3 + 2x⁵/15 - ….
cdef double hyperbolic_tangent(double x) noexcept nogil:
    cdef u64 bits = bits_of(x)
    cdef u64 sign = sign_of(bits)
    cdef double a = double_of(magnitude(bits))
    cdef int exponent
    cdef int shift
    cdef int other
    cdef wide m
    cdef wide one
    cdef wide r
    if x != x or x == 0.0:
        return x + x
    if a >= 22.0:
        return double_of(sign | bits_of(1.0))
    if a < 0.0078125:
        m = <wide>split_top(magnitude(bits), &exponent) << 64
        exponent -= 64                   # a = m × 2^exponent
        shift = -128 - exponent
        r = shifted(times(m, m), 2 * shift)
        m -= times(m, times(r, wide_series_alternating(r, math_tanh_series, math_tanh_terms, TANH_NARROW, 0)))
        return wide_assemble(sign, m, exponent)
    m = power_of_two(scaled_by_log2_e(magnitude(bits)) << 1, &exponent)
    # m × 2^exponent, and 1 is 2^-exponent; both halved, so that the sum fits.
    one = (<wide>1) << (-exponent - 1)
    m >>= 1
    r = m + one
    m -= one
    shift = wide_clz(m)
    other = wide_clz(r)
    return wide_assemble(sign, wide_quotient(m << shift, r << other), other - shift - 127)


cdef public void native_math_tanh(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.d = hyperbolic_tangent(args[0].d)
