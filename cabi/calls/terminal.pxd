# What programs ask of a terminal.  See terminal.pyx.
from kernel.types cimport i64, u64

cdef extern void terminal_init() noexcept nogil
# ioctl on a console; -ENOTTY: it is none, or asks for what is not there.
cdef extern i64 terminal_control(int fd, u64 request, void* argument) noexcept nogil
