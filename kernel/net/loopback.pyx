# What the loopback protocols share: see loopback.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.files.errno cimport EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EINVAL, ENETUNREACH
from kernel.files.vfs cimport VFS_O_NONBLOCK
from kernel.memory.string cimport memset
from kernel.net.address cimport *
from kernel.net.socket cimport (OPTION_ONLY_IPV6, OPTION_REUSE_ADDRESS, OPTION_REUSE_PORT, SOCKET_DATAGRAM, Socket)
from kernel.threads.sync cimport Condition, Mutex, condition_wait_interruptible
from kernel.threads.thread cimport threads_expect_event
from kernel.time.entropy cimport entropy_fill

cdef enum:
    BUCKETS = 256
    EPHEMERAL_COUNT = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1

cdef Mutex lock
cdef Socket* bound[BUCKETS]              # by port, streams and datagrams
cdef u32 next_ephemeral
cdef bint seeded


cdef public Mutex* loopback_lock() noexcept nogil:
    return &lock


cdef public void loopback_init() noexcept nogil:
    global next_ephemeral, seeded
    memset(&lock, 0, sizeof(lock))
    memset(bound, 0, sizeof(bound))
    next_ephemeral = 0
    seeded = False


# --- ports ----------------------------------------------------------------------------------------------

# Is everything that is sent to `inner` also sent to the socket's `outer`?
cdef bint covers(Socket* socket, const SocketAddress* outer, const SocketAddress* inner) noexcept nogil:
    if not address_is_wildcard(outer):
        return address_same_host(outer, inner)
    if address_is_mapped(outer):         # 0.0.0.0
        return address_is_mapped(inner)
    return not address_is_mapped(inner) or not socket.options[OPTION_ONLY_IPV6]


cdef bint overlap(Socket* a, const SocketAddress* at_a, Socket* b, const SocketAddress* at_b) noexcept nogil:
    return covers(a, at_a, at_b) or covers(b, at_b, at_a)


# Sockets that both allow it share a port (socket(7), SO_REUSEADDR and SO_REUSEPORT).
cdef bint share(Socket* a, Socket* b) noexcept nogil:
    return (a.options[OPTION_REUSE_ADDRESS] and b.options[OPTION_REUSE_ADDRESS]) \
        or (a.options[OPTION_REUSE_PORT] and b.options[OPTION_REUSE_PORT])


cdef inline bint refuses_sharing(Socket* other) noexcept nogil:
    return other.listening and not other.options[OPTION_REUSE_PORT]


cdef bint is_free(Socket* socket, const SocketAddress* address, bint shared) noexcept nogil:
    cdef Socket* other = bound[address.port % BUCKETS]
    while other != NULL:
        if other != socket and other.type == socket.type and other.local.port == address.port \
                and overlap(socket, address, other, &other.local) \
                and not (shared and share(socket, other) and not refuses_sharing(other)):
            return False
        other = other.bound_next
    return True


cdef public void ports_add(Socket* socket) noexcept nogil:
    cdef u32 bucket = socket.local.port % BUCKETS
    socket.bound_next = bound[bucket]
    bound[bucket] = socket


cdef public void ports_remove(Socket* socket) noexcept nogil:
    cdef Socket** at = &bound[socket.local.port % BUCKETS]
    if socket.local.port == 0:
        return
    while at[0] != NULL and at[0] != socket:
        at = &at[0].bound_next
    if at[0] == socket:
        at[0] = socket.bound_next
    socket.local.port = 0


cdef int choose(Socket* socket, SocketAddress* address) noexcept nogil:
    global next_ephemeral, seeded
    cdef u32 attempt
    if not seeded:
        entropy_fill(&next_ephemeral, sizeof(next_ephemeral))
        seeded = True
    for attempt in range(EPHEMERAL_COUNT):
        next_ephemeral = (next_ephemeral + 1) % EPHEMERAL_COUNT
        address.port = <u16>(EPHEMERAL_FIRST + next_ephemeral)
        if is_free(socket, address, False):
            return 0
    return -EADDRINUSE


cdef public int ports_bind(Socket* socket, const SocketAddress* address) noexcept nogil:
    cdef SocketAddress wanted = address[0]
    cdef int error
    if socket.local.port:
        return -EINVAL
    if not address_is_wildcard(&wanted) and not address_is_loopback(&wanted) \
            and not (socket.type == SOCKET_DATAGRAM and address_is_multicast(&wanted)):
        return -EADDRNOTAVAIL
    if socket.options[OPTION_ONLY_IPV6] and address_is_mapped(&wanted):
        return -EINVAL
    if wanted.port == 0:
        error = choose(socket, &wanted)
        if error:
            return error
    elif not is_free(socket, &wanted, True):
        return -EADDRINUSE
    wanted.family = <u16>socket.family
    socket.local = wanted
    ports_add(socket)
    return 0


cdef public int ports_bind_some(Socket* socket, const SocketAddress* host) noexcept nogil:
    cdef SocketAddress wanted = host[0] if host != NULL else socket.local
    if socket.local.port:
        return 0
    wanted.port = 0
    return ports_bind(socket, &wanted)


cdef public bint ports_may_listen(Socket* socket) noexcept nogil:
    cdef Socket* other = bound[socket.local.port % BUCKETS]
    while other != NULL:
        if other != socket and other.type == socket.type and other.local.port == socket.local.port and other.listening \
                and overlap(socket, &socket.local, other, &other.local) \
                and not (socket.options[OPTION_REUSE_PORT] and other.options[OPTION_REUSE_PORT]):
            return False
        other = other.bound_next
    return True


cdef public Socket* ports_first(u32 port) noexcept nogil:
    return bound[port % BUCKETS]


cdef public int ports_match(Socket* socket, const SocketAddress* address) noexcept nogil:
    if socket.local.port != address.port or not covers(socket, &socket.local, address):
        return 0
    return 1 if address_is_wildcard(&socket.local) else 2


# --- addresses ------------------------------------------------------------------------------------------

cdef public int loopback_destination(Socket* socket, const SocketAddress* address, SocketAddress* into) noexcept nogil:
    into[0] = address[0]
    into.family = <u16>socket.family
    if address_is_wildcard(into):
        if address_is_mapped(into):
            address_set_ipv4(into, 127, 0, 0, 1)
        else:
            address_set_ipv6_loopback(into)
    if not address_is_loopback(into) and not (socket.type == SOCKET_DATAGRAM and address_is_multicast(into)):
        return -ENETUNREACH
    if address_is_mapped(into) and socket.family == NET_INET6 and socket.options[OPTION_ONLY_IPV6]:
        return -ENETUNREACH
    into.scope = 0
    return 0


cdef public void loopback_source(const SocketAddress* destination, SocketAddress* into) noexcept nogil:
    into[0] = destination[0]
    into.port = 0
    if address_is_mapped(destination):
        address_set_ipv4(into, 127, 0, 0, 1)
    elif address_is_multicast(destination):
        address_set_ipv6_loopback(into)


# --- waiting --------------------------------------------------------------------------------------------

cdef public int loopback_wait(Condition* changed, u32 flags) noexcept nogil:
    if flags & VFS_O_NONBLOCK:
        return -EAGAIN
    cdef int result
    threads_expect_event(1)
    result = condition_wait_interruptible(changed, &lock, 0)
    threads_expect_event(-1)
    return result
