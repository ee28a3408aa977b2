# What the loopback protocols share: one lock, who is bound to which port, waiting.
#
# Invariant: `loopback_lock` guards all state of loopback sockets and the table of ports.  It is taken
# inside of kernel/files/readiness.pyx's lock, and no vnode is put while it is held.
# Interface: everything here but loopback_init is called with the lock held.
from kernel.types cimport u32, u64
from kernel.net.address cimport SocketAddress
from kernel.net.socket cimport Socket
from kernel.threads.sync cimport Condition, Mutex

cdef enum:
    EPHEMERAL_FIRST = 32768              # net.ipv4.ip_local_port_range
    EPHEMERAL_LAST = 60999

cdef extern Mutex* loopback_lock() noexcept nogil
cdef extern void loopback_init() noexcept nogil

# Binds to `address`; its port 0 gives an ephemeral one.  EINVAL (is bound), EADDRNOTAVAIL, EADDRINUSE.
cdef extern int ports_bind(Socket* socket, const SocketAddress* address) noexcept nogil
# Before a socket that is not bound sends: some port, the address `host` or, NULL, as it is.
cdef extern int ports_bind_some(Socket* socket, const SocketAddress* host) noexcept nogil
# Puts a connection in beside its listener, whose port it has.
cdef extern void ports_add(Socket* socket) noexcept nogil
cdef extern void ports_remove(Socket* socket) noexcept nogil           # nothing if it is not bound
# May this bound stream socket listen, beside others that do?
cdef extern bint ports_may_listen(Socket* socket) noexcept nogil
# The first of a port's sockets, to go through by bound_next (other ports are among them).
cdef extern Socket* ports_first(u32 port) noexcept nogil
# Does a socket bound here get what is sent to `address`?  0: no, 1: by the wildcard, 2: by its address.
cdef extern int ports_match(Socket* socket, const SocketAddress* address) noexcept nogil
# The destination that a caller's address means: the wildcard means this machine (as on Linux).
# ENETUNREACH for what is not on the loopback interface; for datagrams, every multicast group is.
cdef extern int loopback_destination(Socket* socket, const SocketAddress* address, SocketAddress* into) noexcept nogil
# The source address of what goes to `destination`.
cdef extern void loopback_source(const SocketAddress* destination, SocketAddress* into) noexcept nogil
# Waits for a change: 0, -EAGAIN if `flags` say not to, or -EINTR.
cdef extern int loopback_wait(Condition* changed, u32 flags) noexcept nogil
