# Time: monotonic ns (deadlines, nanoTime) and wall ns since the epoch (a settable offset to it).
from kernel.types cimport i64, u64

cdef extern void clock_init() noexcept nogil
cdef extern u64 clock_monotonic() noexcept nogil
cdef extern u64 clock_wall() noexcept nogil
cdef extern void clock_set_wall(u64 wall) noexcept nogil
cdef extern u64 clock_since_boot() noexcept nogil                       # ns since clock_init
