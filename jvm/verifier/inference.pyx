# See inference.pxd.
from jvm.loader.code_check cimport code_check
from jvm.verifier.types cimport FAILURE_THROWN, Verifier

cdef public int infer_class(Verifier* v) noexcept nogil:
    if code_check(v.t, v.klass) != 0:
        v.failure = FAILURE_THROWN
        return -1
    return 0
