# Types where ways of the code meet, in the type-inferring verifier (JVMS §4.10.2.2).
from jvm.verifier.types cimport VType, Verifier

# The most special type that both are; T_TOP: nothing in common.  v.failure may be set.
cdef extern VType merge_types(Verifier* v, VType a, VType b) noexcept nogil
# Whether a reference may be used as another type: any interface is like Object, for arrays too.  1, 0, -1.
cdef extern int merge_assignable(Verifier* v, VType other, VType to) noexcept nogil
