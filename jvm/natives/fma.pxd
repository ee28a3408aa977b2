# Fused multiply-add: a × b + c, rounded once (IEEE 754 §5.4.1).
from kernel.types cimport u32, u64

cdef extern double fma_double(double a, double b, double c) noexcept nogil
cdef extern float fma_float(float a, float b, float c) noexcept nogil
