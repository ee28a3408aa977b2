# sun.nio.ch.IOStatus: what the natives of channels and sockets give for an errno of the kernel.
#
# Interface: a value that is not negative passes through; EAGAIN and EINTR become codes, any other errno an
# exception and IO_THROWN.
from kernel.types cimport i64
from jvm.loader.classes cimport JavaThread

cdef enum:
    IO_EOF = -1
    IO_UNAVAILABLE = -2
    IO_INTERRUPTED = -3
    IO_UNSUPPORTED = -4
    IO_THROWN = -5

# A count of bytes; 0 bytes of a read mean the end.  IOException.
cdef extern i64 io_transferred(JavaThread* t, i64 count, bint reading) noexcept nogil
# Any other call on a file or a descriptor.  IOException.
cdef extern i64 io_handled(JavaThread* t, i64 value) noexcept nogil
# Of sockets; EINPROGRESS is IO_UNAVAILABLE too.  Else what throw_socket_error throws.
cdef extern i64 io_of_socket(JavaThread* t, i64 value) noexcept nogil
