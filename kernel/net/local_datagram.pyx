# Datagrams of Unix-domain sockets (unix(7)).
#
# None is lost: who sends waits for room at the receiver.  There is room for QUEUE_MOST + 1 of them, as Linux has it, or for as many
# bytes as SO_SNDBUF, which is all that counts between two that are connected to each other.
#
# Invariant: `peer` is a socket in `everyone`; one that closes is taken out of the peers of all others, which learn of it from `left`.
# A receiver may go away while somebody waits for room in it, so that is waited for at `room`, and the receiver is looked for again.
from kernel.types cimport i64, u8, u32, u64
from kernel.files.errno cimport (EAGAIN, ECONNREFUSED, ECONNRESET, EINTR, EINVAL, EMSGSIZE, ENOBUFS, ENOTCONN, EOPNOTSUPP, EPERM, EPIPE)
from kernel.files.vfs cimport VFS_O_NONBLOCK, VFS_POLLERR, VFS_POLLHUP, VFS_POLLIN, VFS_POLLOUT, Vnode, vnode_put, vnode_ready
from kernel.memory.heap cimport kcalloc, kfree, kmalloc
from kernel.memory.string cimport memcpy, memset
from kernel.net.address cimport LocalName, NET_UNIX, NET_UNSPEC, SocketAddress
from kernel.net.local cimport Place, local_bind, local_find, local_leave, local_node
from kernel.net.loopback cimport loopback_lock, loopback_wait
from kernel.net.socket cimport *
from kernel.threads.sync cimport Condition, condition_broadcast, mutex_lock, mutex_unlock

cdef enum:
    DEFAULT_BUFFER = 212992              # net.core.wmem_default
    RESERVED = 32                        # of it, what no message may use
    PACKET_OVERHEAD = 512                # what one counts beside its bytes, which count in steps, as Linux has them
    PACKET_STEP = 256
    QUEUE_MOST = 10                      # net.unix.max_dgram_qlen
    EVERYTHING = VFS_POLLIN | VFS_POLLOUT | VFS_POLLERR | VFS_POLLHUP

cdef struct Packet:
    Packet* next
    u64 sender                           # its number
    LocalName sender_name
    u64 size
    u8 bytes[1]

cdef struct Local:
    Socket socket                        # first
    Local* next                          # of everyone
    Condition changed
    u64 number                           # of all that were ever made
    Place place
    Local* peer
    LocalName peer_name
    bint left                            # it had a peer, which has closed
    Packet* first
    Packet* last
    u64 queued                           # bytes, with overhead
    u64 count
    int error
    bint no_reads
    bint no_writes
    bint retired

cdef SocketOperations local_operations
cdef Local* everyone
cdef u64 made_so_far
cdef Condition room                      # in some queue, or a sender is to look again


cdef inline u64 charge(u64 size) noexcept nogil:
    return PACKET_OVERHEAD + (size | 1) + <u64>(PACKET_STEP - 1) & ~<u64>(PACKET_STEP - 1)


cdef inline void lock() noexcept nogil:
    mutex_lock(loopback_lock())


cdef inline void unlock() noexcept nogil:
    mutex_unlock(loopback_lock())


cdef void changed(Local* local, u32 events) noexcept nogil:
    condition_broadcast(&local.changed)
    vnode_ready(&local.socket.node, events)


cdef public Socket* local_datagram_make() noexcept nogil:
    global everyone, made_so_far
    cdef Local* made = <Local*>kcalloc(1, sizeof(Local))
    if made == NULL:
        return NULL
    socket_setup(&made.socket, &local_operations, NET_UNIX, SOCKET_DATAGRAM)
    made.socket.options[OPTION_RECEIVE_BUFFER] = DEFAULT_BUFFER
    made.socket.options[OPTION_SEND_BUFFER] = DEFAULT_BUFFER
    lock()
    made_so_far += 1
    made.number = made_so_far
    made.next = everyone
    everyone = made
    unlock()
    return &made.socket


# --- peers ----------------------------------------------------------------------------------------------

# May `local` send to `other`?  Not if that one is connected to somebody else.
cdef inline bint admits(Local* other, Local* local) noexcept nogil:
    return (other.peer == NULL and not other.left) or other.peer == local


cdef bint is_full(Local* receiver, Local* sender) noexcept nogil:
    if receiver.queued >= <u64>sender.socket.options[OPTION_SEND_BUFFER]:
        return True
    return receiver.peer != sender and receiver.count > QUEUE_MOST


# Senders look again, and those connected to `local` may be writable.
cdef void tell_senders(Local* local) noexcept nogil:
    cdef Local* each = everyone
    condition_broadcast(&room)
    while each != NULL:
        if each.peer == local:
            vnode_ready(&each.socket.node, VFS_POLLOUT)
        each = each.next


cdef void drop_first(Local* local) noexcept nogil:
    cdef Packet* packet = local.first
    local.first = packet.next
    if local.first == NULL:
        local.last = NULL
    local.queued -= charge(packet.size)
    local.count -= 1
    kfree(packet)


# What the old peer had sent is gone, and it hears of it.
cdef void part(Local* local) noexcept nogil:
    cdef Local* old = local.peer
    local.peer = NULL
    local.left = False
    local.socket.peer.port = 0
    if local.first == NULL:
        return
    while local.first != NULL:
        drop_first(local)
    tell_senders(local)
    if old != NULL and old.peer == local:
        old.error = ECONNRESET
        changed(old, EVERYTHING)


cdef int local_connect(Socket* socket, const SocketAddress* address, u32 flags) noexcept nogil:
    if address.family != NET_UNSPEC:
        return -EINVAL
    lock()
    part(<Local*>socket)
    unlock()
    return 0


cdef int connect_locked(Local* local, const LocalName* name, Vnode* node) noexcept nogil:
    cdef Socket* found
    cdef Local* other
    cdef int error = local_find(name, node, SOCKET_DATAGRAM, &found)
    if error:
        return error
    other = <Local*>found
    if not admits(other, local):
        return -EPERM
    if local.peer != other:
        part(local)
    local.peer = other
    local.peer_name = other.place.name
    local.socket.peer.port = 1
    changed(local, VFS_POLLOUT)
    return 0


cdef int local_connect_name(Socket* socket, const LocalName* name, u32 flags) noexcept nogil:
    cdef Vnode* node = NULL
    cdef int error = local_node(name, &node)
    if error:
        return error
    lock()
    error = connect_locked(<Local*>socket, name, node)
    unlock()
    if node != NULL:
        vnode_put(node)
    return error


cdef void local_join(Socket* one, Socket* other) noexcept nogil:
    lock()
    (<Local*>one).peer = <Local*>other
    (<Local*>other).peer = <Local*>one
    one.peer.port = other.peer.port = 1
    unlock()


cdef int local_bind_name(Socket* socket, const LocalName* name) noexcept nogil:
    cdef Local* local = <Local*>socket
    cdef Local* each
    cdef Packet* packet
    cdef int error = local_bind(&local.place, socket, name)
    if error:
        return error
    # What it has sent before and nobody has read yet is told to come from the new name, too.
    lock()
    each = everyone
    while each != NULL:
        packet = each.first
        while packet != NULL:
            if packet.sender == local.number:
                packet.sender_name = local.place.name
            packet = packet.next
        each = each.next
    unlock()
    return 0


cdef const LocalName* local_own_name(Socket* socket, bint peer) noexcept nogil:
    return &(<Local*>socket).peer_name if peer else &(<Local*>socket).place.name


cdef int local_bind_address(Socket* socket, const SocketAddress* address) noexcept nogil:
    return -EINVAL


cdef int local_listen(Socket* socket, int backlog) noexcept nogil:
    return -EOPNOTSUPP


cdef int local_accept(Socket* socket, Socket** made, u32 flags) noexcept nogil:
    return -EOPNOTSUPP


# --- sending and receiving ------------------------------------------------------------------------------

# The receiver: the one at a name, or the peer.
cdef int receiver_of(Local* local, const LocalName* to, Vnode* node, Local** receiver) noexcept nogil:
    cdef Socket* found = NULL
    cdef int error
    if to != NULL:
        error = local_find(to, node, SOCKET_DATAGRAM, &found)
        receiver[0] = <Local*>found
        return error
    receiver[0] = local.peer
    if local.peer != NULL:
        return 0
    if not local.left:
        return -ENOTCONN
    local.left = False                   # said once
    local.socket.peer.port = 0
    return -ECONNREFUSED


cdef i64 send_locked(Local* local, const void* data, u64 size, const LocalName* to, Vnode* node, u32 flags) noexcept nogil:
    cdef Local* receiver = NULL
    cdef Packet* packet
    cdef int error
    if to == NULL and local.peer == NULL and not local.left:
        return -ENOTCONN
    if size > <u64>max(local.socket.options[OPTION_SEND_BUFFER] - RESERVED, 0):
        return -EMSGSIZE
    while True:
        if local.retired:
            return -EINTR
        if local.error:
            error = local.error
            local.error = 0
            return -error
        if local.no_writes:
            return -EPIPE
        error = receiver_of(local, to, node, &receiver)
        if error:
            return error
        if not admits(receiver, local):
            return -EPERM
        if receiver.no_reads:
            return -EPIPE
        if not is_full(receiver, local):
            break
        error = loopback_wait(&room, flags)
        if error:
            return error
    packet = <Packet*>kmalloc(sizeof(Packet) + size)
    if packet == NULL:
        return -ENOBUFS
    packet.next = NULL
    packet.sender = local.number
    packet.sender_name = local.place.name
    packet.size = size
    memcpy(packet.bytes, data, size)
    if receiver.last != NULL:
        receiver.last.next = packet
    else:
        receiver.first = packet
    receiver.last = packet
    receiver.queued += charge(size)
    receiver.count += 1
    changed(receiver, VFS_POLLIN)
    return <i64>size


cdef i64 local_send_name(Socket* socket, const void* data, u64 size, const LocalName* to, u32 flags) noexcept nogil:
    cdef Vnode* node = NULL
    cdef i64 result = local_node(to, &node) if to != NULL else 0
    if result:
        return result
    lock()
    result = send_locked(<Local*>socket, data, size, to, node, flags)
    unlock()
    if node != NULL:
        vnode_put(node)
    return result


cdef i64 local_send(Socket* socket, const void* data, u64 size, const SocketAddress* to, u32 flags) noexcept nogil:
    return local_send_name(socket, data, size, NULL, flags)


cdef i64 receive_locked(Local* local, void* into, u64 size, LocalName* sender, u32 flags) noexcept nogil:
    cdef int error
    while True:
        if local.retired:
            return -EINTR
        if local.error:
            error = local.error
            local.error = 0
            return -error
        if local.first != NULL:
            size = min(size, local.first.size)
            memcpy(into, local.first.bytes, size)
            if sender != NULL:
                sender[0] = local.first.sender_name
            if flags & <u32>SOCKET_PEEK == 0:
                drop_first(local)
                tell_senders(local)
            return <i64>size
        if local.no_reads:               # as on Linux, where only who waits sees the end
            return -EAGAIN if flags & <u32>VFS_O_NONBLOCK else 0
        error = loopback_wait(&local.changed, flags)
        if error:
            return error


cdef i64 local_receive_name(Socket* socket, void* into, u64 size, LocalName* sender, u32 flags) noexcept nogil:
    cdef i64 result
    lock()
    result = receive_locked(<Local*>socket, into, size, sender, flags)
    unlock()
    return result


cdef i64 local_receive(Socket* socket, void* into, u64 size, SocketAddress* sender, u32 flags) noexcept nogil:
    if sender != NULL:
        memset(sender, 0, sizeof(SocketAddress))
    return local_receive_name(socket, into, size, NULL, flags)


# --- the rest -------------------------------------------------------------------------------------------

cdef int local_shutdown(Socket* socket, int how) noexcept nogil:
    cdef Local* local = <Local*>socket
    lock()
    if how != SHUTDOWN_WRITE:
        local.no_reads = True
    if how != SHUTDOWN_READ:
        local.no_writes = True
    tell_senders(local)
    changed(local, EVERYTHING)
    unlock()
    return 0


cdef int local_error(Socket* socket) noexcept nogil:
    cdef int error
    lock()
    error = (<Local*>socket).error
    (<Local*>socket).error = 0
    unlock()
    return error


cdef u32 local_poll(Socket* socket) noexcept nogil:
    cdef Local* local = <Local*>socket
    cdef u32 ready = 0
    lock()
    if local.peer == NULL or not admits(local.peer, local) or not is_full(local.peer, local):
        ready |= VFS_POLLOUT
    if local.error:
        ready |= VFS_POLLERR
    if local.first != NULL or local.no_reads or local.retired:
        ready |= VFS_POLLIN
    if local.retired or (local.no_reads and local.no_writes):
        ready |= VFS_POLLHUP
    unlock()
    return ready


cdef i64 local_available(Socket* socket) noexcept nogil:
    cdef i64 size = 0
    lock()
    if (<Local*>socket).first != NULL:
        size = <i64>(<Local*>socket).first.size
    unlock()
    return size


cdef void local_changed(Socket* socket, int option) noexcept nogil:
    pass                                 # the options are looked at where they matter


cdef void local_retire(Socket* socket) noexcept nogil:
    lock()
    (<Local*>socket).retired = True
    condition_broadcast(&room)
    changed(<Local*>socket, EVERYTHING)
    unlock()


cdef void local_destroy(Socket* socket) noexcept nogil:
    global everyone
    cdef Local* local = <Local*>socket
    cdef Local** at = &everyone
    cdef Local* each
    cdef Vnode* node
    lock()
    while at[0] != local:
        at = &at[0].next
    at[0] = local.next
    while local.first != NULL:
        drop_first(local)
    each = everyone
    while each != NULL:
        if each.peer == local:
            each.peer = NULL
            each.left = True
            changed(each, VFS_POLLOUT)
        each = each.next
    condition_broadcast(&room)
    node = local_leave(&local.place)
    unlock()
    if node != NULL:
        vnode_put(node)
    kfree(local)


cdef public void local_datagrams_init() noexcept nogil:
    global everyone
    everyone = NULL
    memset(&room, 0, sizeof(room))
    local_operations.bind = local_bind_address
    local_operations.listen = local_listen
    local_operations.accept = local_accept
    local_operations.connect = local_connect
    local_operations.send = local_send
    local_operations.receive = local_receive
    local_operations.bind_name = local_bind_name
    local_operations.connect_name = local_connect_name
    local_operations.name = local_own_name
    local_operations.send_name = local_send_name
    local_operations.receive_name = local_receive_name
    local_operations.join = local_join
    local_operations.shutdown = local_shutdown
    local_operations.error = local_error
    local_operations.poll = local_poll
    local_operations.available = local_available
    local_operations.changed = local_changed
    local_operations.retire = local_retire
    local_operations.destroy = local_destroy
