# sun.nio.fs.UnixException of an error number of either sign (jvm/natives/nio_fs.pyx).
from kernel.types cimport i64
from jvm.loader.classes cimport JavaThread

cdef extern void throw_unix(JavaThread* t, i64 error) noexcept nogil
