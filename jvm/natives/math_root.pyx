# Math.cbrt.
#
# Invariant: the root is computed to 2^-90 and rounded once.  A cube root is never midway between two
# doubles (its cube would have 160 bits), and where it is a double the error is too small to matter.
from kernel.types cimport i64, u64
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.wide cimport bits_of, double_of, signed_wide, split_top, wide, wide_assemble


# The root of a number in [2^52, 2^55): its exponent divided by three to begin with, then three steps of
# Halley's, each of which triples the exact bits.
cdef double approximate(double a) noexcept nogil:
    cdef double y = double_of(bits_of(a) // 3 + (<u64>682 << 52))
    cdef double cube
    cdef int i
    for i in range(3):
        cube = y * y * y
        y = y * (cube + 2.0 * a) / (2.0 * cube + a)
    return y


cdef public void native_math_cbrt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef double x = args[0].d
    cdef u64 sign = bits_of(x) & (<u64>1 << 63)
    cdef u64 bits = bits_of(x) & ~(<u64>1 << 63)
    cdef int e
    cdef u64 m
    cdef u64 root
    cdef signed_wide rest
    cdef double step
    if bits == 0 or bits >> 52 == 0x7FF:
        result.d = x + x                 # ±0, ±infinity, NaN
        return
    m = split_top(bits, &e) >> 11
    e += 11
    # x = m × 2^e with e a multiple of three.
    while e % 3 != 0:
        m <<= 1
        e -= 1
    # Of m × 2^66, a number of at most 121 bits, the root has 41 bits before the point.  The integer
    # below has an exact cube; the rest, over the derivative and with the second term, is the fraction.
    root = <u64>(approximate(<double>m) * 4194304.0)
    rest = <signed_wide>((<wide>m << 66) - <wide>root * root * root)
    step = <double><i64>(rest >> 24) * 16777216.0 / (3.0 * <double>root * <double>root)
    step -= step * step / <double>root
    result.d = wide_assemble(sign, (<wide>root << 60) + <wide><signed_wide><i64>(step * 1152921504606846976.0), e / 3 - 82)
