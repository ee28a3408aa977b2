# Datagram sockets over loopback.
#
# A datagram is copied once, into a Packet in the queue of the socket that it is for.  What finds no
# room there (SO_RCVBUF) or no memory is lost, as UDP may lose it; what finds nobody comes back to a connected
# sender as ECONNREFUSED (RFC 1122 §4.1.3.3).  What goes to a multicast group is copied for each that it is for; on
# the loopback interface IP_MULTICAST_LOOP and the number of hops change nothing, as on Linux.
from kernel.types cimport i64, u8, u16, u32, u64
from kernel.files.errno cimport EAFNOSUPPORT, ECONNREFUSED, EDESTADDRREQ, EINTR, EMSGSIZE, ENOTCONN, EOPNOTSUPP, EPIPE
from kernel.files.vfs cimport VFS_POLLERR, VFS_POLLHUP, VFS_POLLIN, VFS_POLLOUT, vnode_ready
from kernel.memory.heap cimport kcalloc, kfree, kmalloc
from kernel.memory.string cimport memcpy, memset
from kernel.net.address cimport *
from kernel.net.local_datagram cimport local_datagram_make
from kernel.net.loopback cimport *
from kernel.net.multicast cimport Membership, membership_accepts, membership_change, membership_leave_all
from kernel.net.socket cimport *
from kernel.threads.sync cimport Condition, condition_broadcast, mutex_lock, mutex_unlock

cdef enum:
    PAYLOAD_MOST = 65507                 # 65535 - IPv4 header - UDP header
    DEFAULT_BUFFER = 212992              # net.core.rmem_default
    PACKET_OVERHEAD = 64                 # what a datagram counts beside its bytes, so that empty ones end too

cdef struct Packet:
    Packet* next
    SocketAddress sender
    u64 size
    u8 bytes[1]

cdef struct Datagram:
    Socket socket                        # first
    Condition changed
    Packet* first
    Packet* last
    u64 queued                           # bytes, with overhead
    Membership* groups
    int error
    bint no_reads
    bint no_writes
    bint retired

cdef SocketOperations datagram_operations


cdef inline void lock() noexcept nogil:
    mutex_lock(loopback_lock())


cdef inline void unlock() noexcept nogil:
    mutex_unlock(loopback_lock())


cdef void changed(Datagram* datagram, u32 events) noexcept nogil:
    condition_broadcast(&datagram.changed)
    vnode_ready(&datagram.socket.node, events)


cdef Socket* make(u32 family) noexcept nogil:
    cdef Datagram* made = NULL
    if family == NET_UNIX:
        return local_datagram_make()
    made = <Datagram*>kcalloc(1, sizeof(Datagram))
    if made == NULL:
        return NULL
    socket_setup(&made.socket, &datagram_operations, family, SOCKET_DATAGRAM)
    made.socket.options[OPTION_RECEIVE_BUFFER] = DEFAULT_BUFFER
    made.socket.options[OPTION_SEND_BUFFER] = DEFAULT_BUFFER
    return &made.socket


cdef int datagram_bind(Socket* socket, const SocketAddress* address) noexcept nogil:
    cdef int error
    lock()
    error = ports_bind(socket, address)
    unlock()
    return error


cdef int datagram_listen(Socket* socket, int backlog) noexcept nogil:
    return -EOPNOTSUPP


cdef int datagram_accept(Socket* socket, Socket** made, u32 flags) noexcept nogil:
    return -EOPNOTSUPP


cdef int connect_locked(Socket* socket, const SocketAddress* address) noexcept nogil:
    cdef SocketAddress destination, source
    cdef int error
    if address.family == NET_UNSPEC:
        memset(&socket.peer, 0, sizeof(SocketAddress))
        (<Datagram*>socket).error = 0
        return 0
    error = loopback_destination(socket, address, &destination)
    if error:
        return error
    loopback_source(&destination, &source)
    error = ports_bind_some(socket, &source)
    if error:
        return error
    if address_is_wildcard(&socket.local):
        source.port = socket.local.port
        source.family = socket.local.family
        socket.local = source
    socket.peer = destination
    return 0


cdef int datagram_connect(Socket* socket, const SocketAddress* address, u32 flags) noexcept nogil:
    cdef int error
    lock()
    error = connect_locked(socket, address)
    unlock()
    return error


# The socket that gets what `sender` sends to `destination`: a connected one before others, one bound to the address
# before one bound to all.
cdef Datagram* receiver_of(const SocketAddress* destination, const SocketAddress* sender) noexcept nogil:
    cdef Socket* socket = ports_first(destination.port)
    cdef Datagram* best = NULL
    cdef int score, best_score = 0
    while socket != NULL:
        score = ports_match(socket, destination) if socket.type == SOCKET_DATAGRAM else 0
        if score and socket.peer.port:
            score = score + 2 if socket.peer.port == sender.port and address_same_host(&socket.peer, sender) else 0
        if score > best_score:
            best = <Datagram*>socket
            best_score = score
        socket = socket.bound_next
    return best


cdef void deliver(Datagram* receiver, const SocketAddress* sender, const void* data, u64 size) noexcept nogil:
    cdef Packet* packet
    if receiver.queued + size + PACKET_OVERHEAD > <u64>receiver.socket.options[OPTION_RECEIVE_BUFFER] and receiver.first != NULL:
        return
    packet = <Packet*>kmalloc(sizeof(Packet) + size)
    if packet == NULL:
        return
    packet.next = NULL
    packet.sender = sender[0]
    packet.sender.family = <u16>receiver.socket.family
    packet.size = size
    memcpy(packet.bytes, data, size)
    if receiver.last != NULL:
        receiver.last.next = packet
    else:
        receiver.first = packet
    receiver.last = packet
    receiver.queued += size + PACKET_OVERHEAD
    changed(receiver, VFS_POLLIN)


# To all that are in the group and bound to it or to the wildcard.  (Others get nothing: the class library turns Linux's
# IP_MULTICAST_ALL off.)
cdef void deliver_all(const SocketAddress* group, const SocketAddress* sender, const void* data, u64 size) noexcept nogil:
    cdef Socket* socket = ports_first(group.port)
    while socket != NULL:
        if socket.type == SOCKET_DATAGRAM and ports_match(socket, group) \
                and (socket.peer.port == 0 or (socket.peer.port == sender.port and address_same_host(&socket.peer, sender))) \
                and membership_accepts((<Datagram*>socket).groups, group, sender):
            deliver(<Datagram*>socket, sender, data, size)
        socket = socket.bound_next


cdef i64 send_locked(Datagram* datagram, const void* data, u64 size, const SocketAddress* to) noexcept nogil:
    cdef SocketAddress destination, sender
    cdef Datagram* receiver
    cdef int error
    if datagram.retired:
        return -EINTR
    if datagram.no_writes:
        return -EPIPE
    if datagram.error:
        error = datagram.error
        datagram.error = 0
        return -error
    if to == NULL:
        if datagram.socket.peer.port == 0:
            return -EDESTADDRREQ
        to = &datagram.socket.peer
    if size > PAYLOAD_MOST:
        return -EMSGSIZE
    error = loopback_destination(&datagram.socket, to, &destination)
    if error == 0:
        error = ports_bind_some(&datagram.socket, NULL)
    if error:
        return error
    if address_is_wildcard(&datagram.socket.local) or address_is_multicast(&datagram.socket.local):
        loopback_source(&destination, &sender)
        sender.port = datagram.socket.local.port
    else:
        sender = datagram.socket.local
    if address_is_multicast(&destination):
        deliver_all(&destination, &sender, data, size)
        return <i64>size
    receiver = receiver_of(&destination, &sender)
    if receiver != NULL:
        deliver(receiver, &sender, data, size)
    elif datagram.socket.peer.port:
        datagram.error = ECONNREFUSED
        changed(datagram, VFS_POLLERR)
    return <i64>size


cdef i64 datagram_send(Socket* socket, const void* data, u64 size, const SocketAddress* to, u32 flags) noexcept nogil:
    cdef i64 result
    lock()
    result = send_locked(<Datagram*>socket, data, size, to)
    unlock()
    return result


cdef void drop_first(Datagram* datagram) noexcept nogil:
    cdef Packet* packet = datagram.first
    datagram.first = packet.next
    if datagram.first == NULL:
        datagram.last = NULL
    datagram.queued -= packet.size + PACKET_OVERHEAD
    kfree(packet)


cdef i64 receive_locked(Datagram* datagram, void* into, u64 size, SocketAddress* sender, u32 flags) noexcept nogil:
    cdef int error
    while True:
        if datagram.retired:
            return -EINTR
        if datagram.error:
            error = datagram.error
            datagram.error = 0
            return -error
        if datagram.first != NULL:
            size = min(size, datagram.first.size)
            memcpy(into, datagram.first.bytes, size)
            if sender != NULL:
                sender[0] = datagram.first.sender
            if flags & <u32>SOCKET_PEEK == 0:
                drop_first(datagram)
            return <i64>size
        if datagram.no_reads:
            return 0
        error = loopback_wait(&datagram.changed, flags)
        if error:
            return error


cdef i64 datagram_receive(Socket* socket, void* into, u64 size, SocketAddress* sender, u32 flags) noexcept nogil:
    cdef i64 result
    lock()
    result = receive_locked(<Datagram*>socket, into, size, sender, flags)
    unlock()
    return result


cdef int datagram_shutdown(Socket* socket, int how) noexcept nogil:
    cdef Datagram* datagram = <Datagram*>socket
    cdef int error = 0
    lock()
    if socket.peer.port == 0:
        error = -ENOTCONN
    else:
        if how != SHUTDOWN_WRITE:
            datagram.no_reads = True
        if how != SHUTDOWN_READ:
            datagram.no_writes = True
        changed(datagram, VFS_POLLIN | VFS_POLLOUT | VFS_POLLHUP)
    unlock()
    return error


cdef int datagram_membership(Socket* socket, int how, const SocketAddress* group, const SocketAddress* source) noexcept nogil:
    cdef int error
    lock()
    error = membership_change(&(<Datagram*>socket).groups, how, group, source)
    unlock()
    return error


cdef int datagram_error(Socket* socket) noexcept nogil:
    cdef int error
    lock()
    error = (<Datagram*>socket).error
    (<Datagram*>socket).error = 0
    unlock()
    return error


cdef u32 datagram_poll(Socket* socket) noexcept nogil:
    cdef Datagram* datagram = <Datagram*>socket
    cdef u32 ready = VFS_POLLOUT
    lock()
    if datagram.error:
        ready |= VFS_POLLERR | VFS_POLLIN
    if datagram.first != NULL or datagram.no_reads or datagram.retired:
        ready |= VFS_POLLIN
    if datagram.retired or (datagram.no_reads and datagram.no_writes):
        ready |= VFS_POLLHUP
    unlock()
    return ready


# FIONREAD of a datagram socket: the size of the next one.
cdef i64 datagram_available(Socket* socket) noexcept nogil:
    cdef i64 size = 0
    lock()
    if (<Datagram*>socket).first != NULL:
        size = <i64>(<Datagram*>socket).first.size
    unlock()
    return size


cdef void datagram_changed(Socket* socket, int option) noexcept nogil:
    pass                                 # the options are looked at where they matter


cdef void datagram_retire(Socket* socket) noexcept nogil:
    lock()
    (<Datagram*>socket).retired = True
    changed(<Datagram*>socket, VFS_POLLIN | VFS_POLLOUT | VFS_POLLHUP)
    unlock()


cdef void datagram_destroy(Socket* socket) noexcept nogil:
    lock()
    ports_remove(socket)
    membership_leave_all(&(<Datagram*>socket).groups)
    while (<Datagram*>socket).first != NULL:
        drop_first(<Datagram*>socket)
    unlock()
    kfree(socket)


cdef public void datagrams_init() noexcept nogil:
    datagram_operations.membership = datagram_membership
    datagram_operations.bind = datagram_bind
    datagram_operations.listen = datagram_listen
    datagram_operations.accept = datagram_accept
    datagram_operations.connect = datagram_connect
    datagram_operations.send = datagram_send
    datagram_operations.receive = datagram_receive
    datagram_operations.shutdown = datagram_shutdown
    datagram_operations.error = datagram_error
    datagram_operations.poll = datagram_poll
    datagram_operations.available = datagram_available
    datagram_operations.changed = datagram_changed
    datagram_operations.retire = datagram_retire
    datagram_operations.destroy = datagram_destroy
    net_register(SOCKET_DATAGRAM, make)
