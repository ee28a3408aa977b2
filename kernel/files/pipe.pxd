# Pipes (pipe(7)) and event counters (eventfd(2)).
from kernel.types cimport u32

cdef extern void pipes_init() noexcept nogil
# ends[0] reads, ends[1] writes.  `flags`: VFS_O_NONBLOCK.
cdef extern int pipe_open(int* ends, u32 flags) noexcept nogil
# A descriptor whose reads take the counter (8 bytes) and whose writes add to it.
cdef extern int event_counter_open(u32 flags) noexcept nogil
