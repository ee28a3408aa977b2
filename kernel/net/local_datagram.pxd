# Datagrams of Unix-domain sockets (unix(7)).
from kernel.net.socket cimport Socket

cdef extern void local_datagrams_init() noexcept nogil
cdef extern Socket* local_datagram_make() noexcept nogil       # NULL: no memory
