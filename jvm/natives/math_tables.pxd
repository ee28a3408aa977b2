# Constants of jvm/natives/math_*.pyx, made by jvm/natives/math_tables.py.
#
# "fraction" is an integer × 2^-128, "1.127" × 2^-127 (between 1 and 2), "log" × 2^-MATH_LOG_BITS.
from kernel.types cimport u16, u64
from jvm.natives.wide cimport wide

cdef extern from "jvm/natives/math_tables.h" nogil:
    enum:
        MATH_LOG_BITS
        MATH_UPPER_HALF                  # from this index on, a logarithm's mantissa counts as below 1
        math_exp_terms
        math_log_terms
        math_sin_terms
        math_cos_terms
        math_tanh_terms
    const wide math_ln2                  # fraction
    const wide math_ln2_log              # log
    const wide math_log2_e               # 1.127
    const wide math_log10_e              # fraction
    const wide math_half_pi              # 1.127
    const u64* math_two_over_pi          # bits of 2/π; the first has the weight 2^63
    const wide* math_powers              # 2^(i/128), 1.127
    const u16* math_reciprocals          # of 1 + i/128 or half that, × 1024
    const wide* math_logarithms          # of the reciprocals, negated; log
    # Magnitudes of the terms after the first, fractions: 1/2!, 1/3!, …; 1/2, 1/3, …; 1/3!, 1/5!, …;
    # 1/2!, 1/4!, …; 1/3, 2/15, ….
    const wide* math_exp_series
    const wide* math_log_series
    const wide* math_sin_series
    const wide* math_cos_series
    const wide* math_tanh_series
