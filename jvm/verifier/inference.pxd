# The type-inferring verifier (JVMS §4.10.2), for class files before version 50: types flow through the code
# until nothing changes.  Subroutines (jsr, ret) are its own.
from jvm.verifier.types cimport Verifier

cdef extern int infer_class(Verifier* v) noexcept nogil
