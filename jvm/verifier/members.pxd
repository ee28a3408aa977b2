# Field access and method calls in the type-checking verifier (JVMS §4.10.1.9, §4.10.1.8).
from kernel.types cimport u8, u32
from jvm.verifier.check cimport Check
from jvm.verifier.types cimport Verifier

cdef extern int check_field(Check* c, u8 op) noexcept nogil
cdef extern int check_invoke(Check* c, u8 op) noexcept nogil
cdef extern int check_constant(Check* c, u8 op, u32 index) noexcept nogil          # ldc, ldc_w, ldc2_w
# The entry exists and its tag is one of the bits.
cdef extern int check_pool_tag(Check* c, u32 index, u32 tags) noexcept nogil
