# Fused multiply-add in integers: the baseline x86-64 has no instruction for it, and the Java body goes
# through BigDecimal.
#
# Invariant: the exact sum lies between two 128-bit numbers that differ in their last bit; that bit is
# set when anything was lost below it (a sticky bit), which is enough to round correctly.
from kernel.types cimport u64
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.wide cimport EXPONENT_MAX, MANTISSA_BITS, bits_of, double_of, shift_sticky, split, wide, wide_assemble, wide_clz


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
        return wide_assemble(sign, product, exponent)
    addend = split(z, &addend_exponent)
    # Both to the top of 126 bits, so that what is shifted out is far below the result's last place.
    shift = wide_clz(product) - 2
    product <<= shift
    exponent -= shift
    shift = wide_clz(addend) - 2
    addend <<= shift
    addend_exponent -= shift
    if exponent >= addend_exponent:
        addend = shift_sticky(addend, exponent - addend_exponent)
    else:
        product = shift_sticky(product, addend_exponent - exponent)
        exponent = addend_exponent
    if sign == addend_sign:
        return wide_assemble(sign, product + addend, exponent)
    if product == addend:
        return 0.0                       # exact cancellation is +0 when rounding to the nearest
    if product > addend:
        return wide_assemble(sign, product - addend, exponent)
    return wide_assemble(addend_sign, addend - product, exponent)


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
