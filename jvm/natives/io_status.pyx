# From errnos to sun.nio.ch.IOStatus.  See io_status.pxd.
from kernel.types cimport i64
from kernel.files.errno cimport EAGAIN, EINPROGRESS, EINTR
from jvm.loader.classes cimport JavaThread
from jvm.natives.net_support cimport throw_socket_error
from jvm.natives.support cimport throw_errno


cdef i64 code_of(i64 value) noexcept nogil:
    if value >= 0:
        return value
    if value == -EAGAIN or value == -EINPROGRESS:
        return IO_UNAVAILABLE
    return IO_INTERRUPTED if value == -EINTR else IO_THROWN


cdef public i64 io_transferred(JavaThread* t, i64 count, bint reading) noexcept nogil:
    return IO_EOF if count == 0 and reading else io_handled(t, count)


cdef public i64 io_handled(JavaThread* t, i64 value) noexcept nogil:
    cdef i64 code = code_of(value)
    if code == IO_THROWN:
        throw_errno(t, b"java/io/IOException", value)
    return code


cdef public i64 io_of_socket(JavaThread* t, i64 value) noexcept nogil:
    cdef i64 code = code_of(value)
    if code == IO_THROWN:
        throw_socket_error(t, value)
    return code
