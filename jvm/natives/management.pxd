# What the files of java.management's natives share.
from kernel.types cimport u64

# Milliseconds from the start of the machine to a monotonic time, as GcInfo and RuntimeMXBean count.
cdef extern u64 management_milliseconds(u64 time) noexcept nogil
cdef extern void management_init() noexcept nogil
