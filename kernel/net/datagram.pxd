# Datagram sockets over loopback: what UDP looks like from above.
cdef extern void datagrams_init() noexcept nogil
