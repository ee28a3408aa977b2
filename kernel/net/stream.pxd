# Stream sockets over loopback: what TCP looks like from above, without segments.
cdef extern void streams_init() noexcept nogil
