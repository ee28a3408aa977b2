# Sockets behind descriptors: see socket.pxd.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.files.anonymous cimport anonymous_node, anonymous_open
from kernel.files.errno cimport (EAFNOSUPPORT, EBADF, EINVAL, ENOMEM, ENOPROTOOPT, ENOTCONN, ENOTSOCK, EOPNOTSUPP, EPROTONOSUPPORT)
from kernel.files.vfs cimport *
from kernel.net.address cimport *
from kernel.net.datagram cimport datagrams_init
from kernel.net.local cimport local_init
from kernel.net.local_datagram cimport local_datagrams_init
from kernel.net.stream cimport streams_init

cdef enum:
    ESOCKTNOSUPPORT = 94
    TYPES = 6
    BUFFER_LEAST = 1024                  # what the class library rounds up to, too
    BUFFER_MOST = 212992                 # net.core.rmem_max

# <sys/socket.h>, <netinet/in.h>, <netinet/tcp.h>
cdef enum:
    LEVEL_IP = 0
    LEVEL_SOCKET = 1
    LEVEL_TCP = 6
    LEVEL_IPV6 = 41

ctypedef Socket* (*Maker)(u32 family) noexcept nogil

cdef Maker makers[TYPES]
cdef VnodeOperations socket_operations


# --- options --------------------------------------------------------------------------------------------

# The option of a level and name; -1: none.
cdef int option_index(int level, int name) noexcept nogil:
    if level == LEVEL_SOCKET:
        if name == 2:                    # SO_REUSEADDR
            return OPTION_REUSE_ADDRESS
        elif name == 6:                  # SO_BROADCAST
            return OPTION_BROADCAST
        elif name == 7:                  # SO_SNDBUF
            return OPTION_SEND_BUFFER
        elif name == 8:                  # SO_RCVBUF
            return OPTION_RECEIVE_BUFFER
        elif name == 9:                  # SO_KEEPALIVE
            return OPTION_KEEP_ALIVE
        elif name == 10:                 # SO_OOBINLINE
            return OPTION_OOB_INLINE
        elif name == 13:                 # SO_LINGER
            return OPTION_LINGER
        elif name == 15:                 # SO_REUSEPORT
            return OPTION_REUSE_PORT
        elif name == 56:                 # SO_INCOMING_NAPI_ID
            return OPTION_NAPI_ID
    elif level == LEVEL_TCP:
        if name == 1:                    # TCP_NODELAY
            return OPTION_NO_DELAY
        elif name == 4:                  # TCP_KEEPIDLE
            return OPTION_KEEP_IDLE
        elif name == 5:                  # TCP_KEEPINTVL
            return OPTION_KEEP_INTERVAL
        elif name == 6:                  # TCP_KEEPCNT
            return OPTION_KEEP_PROBES
        elif name == 12:                 # TCP_QUICKACK
            return OPTION_QUICK_ACK
    elif level == LEVEL_IP:
        if name == 1:                    # IP_TOS
            return OPTION_TYPE_OF_SERVICE
        elif name == 2:                  # IP_TTL
            return OPTION_TIME_TO_LIVE
        elif name == 10:                 # IP_MTU_DISCOVER, as a flag
            return OPTION_DO_NOT_FRAGMENT
        elif name == 32:                 # IP_MULTICAST_IF
            return OPTION_MULTICAST_INTERFACE
        elif name == 33:                 # IP_MULTICAST_TTL
            return OPTION_MULTICAST_HOPS
        elif name == 34:                 # IP_MULTICAST_LOOP
            return OPTION_MULTICAST_LOOP
    elif level == LEVEL_IPV6:
        if name == 67:                   # IPV6_TCLASS
            return OPTION_TYPE_OF_SERVICE
        elif name == 17:                 # IPV6_MULTICAST_IF
            return OPTION_MULTICAST_INTERFACE
        elif name == 18:                 # IPV6_MULTICAST_HOPS
            return OPTION_MULTICAST_HOPS
        elif name == 19:                 # IPV6_MULTICAST_LOOP
            return OPTION_MULTICAST_LOOP
        elif name == 26:                 # IPV6_V6ONLY
            return OPTION_ONLY_IPV6
    return -1


cdef public int socket_get_option(int fd, int level, int name, i32* value) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    cdef int index = option_index(level, name)
    if socket == NULL:
        return error
    if index < 0:
        error = -ENOPROTOOPT
    else:
        value[0] = socket.options[index]
    vnode_put(&socket.node)
    return error


cdef public int socket_set_option(int fd, int level, int name, i32 value) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    cdef int index = option_index(level, name)
    if socket == NULL:
        return error
    if index < 0:
        error = -ENOPROTOOPT
    elif index == OPTION_ONLY_IPV6 and (socket.local.port or socket.family != NET_INET6):
        error = -EINVAL
    else:
        if index in (OPTION_RECEIVE_BUFFER, OPTION_SEND_BUFFER):
            value = min(max(value, <i32>BUFFER_LEAST), <i32>BUFFER_MOST)
        socket.options[index] = value
        socket.operations.changed(socket, index)
    vnode_put(&socket.node)
    return error


# --- making ---------------------------------------------------------------------------------------------

cdef public void net_register(u32 type, Socket* (*make)(u32 family) noexcept nogil) noexcept nogil:
    makers[type] = make


cdef public void socket_setup(Socket* socket, const SocketOperations* operations, u32 family, u32 type) noexcept nogil:
    anonymous_node(&socket.node, &socket_operations, VFS_S_IFSOCK | 0o777)
    socket.operations = operations
    socket.family = family
    socket.type = type
    socket.local.family = family
    if family == NET_INET:
        address_set_ipv4(&socket.local, 0, 0, 0, 0)
    socket.options[OPTION_LINGER] = -1
    socket.options[OPTION_TIME_TO_LIVE] = 64
    socket.options[OPTION_MULTICAST_LOOP] = 1
    socket.options[OPTION_MULTICAST_HOPS] = 1
    socket.options[OPTION_KEEP_IDLE] = 7200
    socket.options[OPTION_KEEP_INTERVAL] = 75
    socket.options[OPTION_KEEP_PROBES] = 9
    socket.options[OPTION_QUICK_ACK] = 1


cdef Socket* socket_of(int fd, int* error) noexcept nogil:
    cdef Vnode* node = vfs_vnode(fd)
    if node == NULL:
        error[0] = -EBADF
        return NULL
    if node.operations != &socket_operations:
        vnode_put(node)
        error[0] = -ENOTSOCK
        return NULL
    return <Socket*>node


cdef public int socket_open(u32 family, u32 type, u32 flags) noexcept nogil:
    cdef Socket* socket
    if family != NET_INET and family != NET_INET6 and family != NET_UNIX:
        return -EAFNOSUPPORT
    if type >= TYPES or makers[type] == NULL:
        return -EPROTONOSUPPORT
    if type == SOCKET_RECORDS and family != NET_UNIX:
        return -ESOCKTNOSUPPORT
    socket = makers[type](family)
    if socket == NULL:
        return -ENOMEM
    return anonymous_open(&socket.node, VFS_O_RDWR | (flags & VFS_O_NONBLOCK))


# --- calls ----------------------------------------------------------------------------------------------

cdef int fits(Socket* socket, const SocketAddress* address) noexcept nogil:
    if address.family == NET_INET6 and socket.family == NET_INET:
        return -EAFNOSUPPORT
    if socket.family == NET_UNIX:
        return -EINVAL
    return 0


cdef public int socket_bind(int fd, const SocketAddress* address) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    error = fits(socket, address)
    if error == 0:
        error = socket.operations.bind(socket, address)
    vnode_put(&socket.node)
    return error


cdef public int socket_listen(int fd, int backlog) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    error = socket.operations.listen(socket, backlog)
    vnode_put(&socket.node)
    return error


cdef public int socket_accept(int fd, SocketAddress* peer, u32 flags) noexcept nogil:
    cdef int result = 0
    cdef Socket* socket = socket_of(fd, &result)
    cdef Socket* made = NULL
    if socket == NULL:
        return result
    result = socket.operations.accept(socket, &made, flags | <u32>max(vfs_get_flags(fd), 0))
    if result == 0:
        peer[0] = made.peer
        result = anonymous_open(&made.node, VFS_O_RDWR | (flags & VFS_O_NONBLOCK))
    vnode_put(&socket.node)
    return result


cdef public int socket_connect(int fd, const SocketAddress* address) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    # unix(7): a datagram socket without a peer again.
    if socket.family != NET_UNIX or socket.type != SOCKET_DATAGRAM or address.family != NET_UNSPEC:
        error = fits(socket, address)
    if error == 0:
        error = socket.operations.connect(socket, address, <u32>max(vfs_get_flags(fd), 0))
    vnode_put(&socket.node)
    return error


cdef public i64 socket_send(int fd, const void* data, u64 size, const SocketAddress* to, u32 flags) noexcept nogil:
    cdef int error = 0
    cdef i64 result
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    result = fits(socket, to) if to != NULL else 0
    if result == 0:
        result = socket.operations.send(socket, data, size, to, flags | <u32>max(vfs_get_flags(fd), 0))
    vnode_put(&socket.node)
    return result


cdef public i64 socket_receive(int fd, void* into, u64 size, SocketAddress* sender, u32 flags) noexcept nogil:
    cdef int error = 0
    cdef i64 result
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    result = socket.operations.receive(socket, into, size, sender, flags | <u32>max(vfs_get_flags(fd), 0))
    vnode_put(&socket.node)
    return result


cdef public int socket_send_urgent(int fd, u8 byte) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    error = -EOPNOTSUPP
    if socket.operations.urgent != NULL:
        error = socket.operations.urgent(socket, byte, <u32>max(vfs_get_flags(fd), 0))
    vnode_put(&socket.node)
    return error


cdef public int socket_membership(int fd, int how, const SocketAddress* group, const SocketAddress* source) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    error = fits(socket, group)
    if error == 0:
        error = socket.operations.membership(socket, how, group, source) if socket.operations.membership != NULL else -EOPNOTSUPP
    vnode_put(&socket.node)
    return error


# One of family NET_UNIX, or NULL.
cdef Socket* named_socket(int fd, int* error) noexcept nogil:
    cdef Socket* socket = socket_of(fd, error)
    if socket != NULL and (socket.family != NET_UNIX or socket.operations.name == NULL):
        vnode_put(&socket.node)
        socket = NULL
        error[0] = -EINVAL
    return socket


cdef public int socket_bind_name(int fd, const LocalName* name) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = named_socket(fd, &error)
    if socket == NULL:
        return error
    error = socket.operations.bind_name(socket, name)
    vnode_put(&socket.node)
    return error


cdef public int socket_connect_name(int fd, const LocalName* name) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = named_socket(fd, &error)
    if socket == NULL:
        return error
    error = socket.operations.connect_name(socket, name, <u32>max(vfs_get_flags(fd), 0))
    vnode_put(&socket.node)
    return error


cdef public int socket_name(int fd, bint peer, LocalName* into) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = named_socket(fd, &error)
    if socket == NULL:
        return error
    into[0] = socket.operations.name(socket, peer)[0]
    vnode_put(&socket.node)
    return 0


cdef public i64 socket_send_name(int fd, const void* data, u64 size, const LocalName* to, u32 flags) noexcept nogil:
    cdef int error = 0
    cdef i64 result = -EOPNOTSUPP
    cdef Socket* socket = named_socket(fd, &error)
    if socket == NULL:
        return error
    if socket.operations.send_name != NULL:
        result = socket.operations.send_name(socket, data, size, to, flags | <u32>max(vfs_get_flags(fd), 0))
    vnode_put(&socket.node)
    return result


cdef public i64 socket_receive_name(int fd, void* into, u64 size, LocalName* sender, u32 flags) noexcept nogil:
    cdef int error = 0
    cdef i64 result = -EOPNOTSUPP
    cdef Socket* socket = named_socket(fd, &error)
    if socket == NULL:
        return error
    if socket.operations.receive_name != NULL:
        result = socket.operations.receive_name(socket, into, size, sender, flags | <u32>max(vfs_get_flags(fd), 0))
    vnode_put(&socket.node)
    return result


cdef public int socket_pair(u32 family, u32 type, u32 flags, i32* pair) noexcept nogil:
    cdef Socket* one
    cdef Socket* other
    cdef int error = 0
    if family != NET_UNIX:
        return -EOPNOTSUPP if family in (NET_INET, NET_INET6) else -EAFNOSUPPORT
    pair[0] = socket_open(family, type, flags)
    if pair[0] < 0:
        return pair[0]
    pair[1] = socket_open(family, type, flags)
    if pair[1] < 0:
        vfs_close(pair[0])
        return pair[1]
    one = socket_of(pair[0], &error)
    other = socket_of(pair[1], &error)
    if one == NULL or other == NULL:     # another thread has closed it already
        error = -EBADF
    else:
        one.operations.join(one, other)
        error = 0
    if one != NULL:
        vnode_put(&one.node)
    if other != NULL:
        vnode_put(&other.node)
    return error


cdef public int socket_shutdown(int fd, int how) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    error = socket.operations.shutdown(socket, how) if SHUTDOWN_READ <= how <= SHUTDOWN_BOTH else -EINVAL
    vnode_put(&socket.node)
    return error


cdef public int socket_local(int fd, SocketAddress* into) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    into[0] = socket.local
    vnode_put(&socket.node)
    return 0


cdef public int socket_peer(int fd, SocketAddress* into) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    into[0] = socket.peer
    if into.port == 0:
        error = -ENOTCONN
    vnode_put(&socket.node)
    return error


cdef public int socket_error(int fd) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    error = socket.operations.error(socket)
    vnode_put(&socket.node)
    return error


cdef public int socket_family(int fd) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    error = <int>socket.family
    vnode_put(&socket.node)
    return error


cdef public int socket_type(int fd) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    error = <int>socket.type
    vnode_put(&socket.node)
    return error


cdef public int socket_listening(int fd) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket == NULL:
        return error
    error = socket.listening
    vnode_put(&socket.node)
    return error


cdef public int socket_timeout(int fd, int option, i32* value) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket != NULL:
        value[0] = socket.options[option]
        vnode_put(&socket.node)
    return error


cdef public int socket_set_timeout(int fd, int option, i32 value) noexcept nogil:
    cdef int error = 0
    cdef Socket* socket = socket_of(fd, &error)
    if socket != NULL:
        socket.options[option] = value
        vnode_put(&socket.node)
    return error


# --- as a vnode -----------------------------------------------------------------------------------------

cdef i64 node_read(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    return (<Socket*>node).operations.receive(<Socket*>node, into, size, NULL, flags)


cdef i64 node_write(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil:
    return (<Socket*>node).operations.send(<Socket*>node, data, size, NULL, flags)


cdef u32 node_poll(Vnode* node) noexcept nogil:
    return (<Socket*>node).operations.poll(<Socket*>node)


cdef i64 node_available(Vnode* node) noexcept nogil:
    return (<Socket*>node).operations.available(<Socket*>node)


cdef void node_retire(Vnode* node) noexcept nogil:
    (<Socket*>node).operations.retire(<Socket*>node)


cdef void node_destroy(Vnode* node) noexcept nogil:
    (<Socket*>node).operations.destroy(<Socket*>node)


cdef public int net_init() noexcept nogil:
    socket_operations.unlocked = True
    socket_operations.read = node_read
    socket_operations.write = node_write
    socket_operations.poll = node_poll
    socket_operations.available = node_available
    socket_operations.retire = node_retire
    socket_operations.destroy = node_destroy
    streams_init()
    datagrams_init()
    local_init()
    local_datagrams_init()
    return 0
