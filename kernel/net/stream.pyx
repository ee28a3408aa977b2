# Stream sockets over loopback, and those that meet at a path (unix(7)).
#
# A connection is two Streams that point at each other; what one sends goes into the other's ring, up to the
# receiver's SO_RCVBUF.  Ends, resets and errors are seen as over TCP on Linux: data before an end or a
# reset is still read; a reset is reported once (sk_err), afterwards reads give the end and writes EPIPE.
#
# Invariant: `peer` is set exactly while both ends exist; a Stream in a listener's queue or waiting line has
# `listener` set, and one in the queue belongs to the listener until it is accepted.
# The last urgent byte (RFC 9293 §3.8.5, Linux's reading of it) is one of the input, `urgent_at` bytes from its start;
# a read ends before it, and the next one begins behind it, or with it when SO_OOBINLINE is set.
# A SOCK_SEQPACKET of Unix is a Stream whose ring holds records: a length of RECORD_HEAD bytes, then the bytes; one read takes one.
# Not as TCP: no TIME_WAIT; a connection request that finds the backlog full waits in line and never times out.
from kernel.types cimport i64, u8, u16, u32, u64
from kernel.files.errno cimport (EAGAIN, EALREADY, ECONNREFUSED, ECONNRESET, EINPROGRESS, EINTR, EINVAL, EISCONN, EMSGSIZE, ENOBUFS, ENOMEM, ENOTCONN,
                                 EOPNOTSUPP, EPIPE, EADDRINUSE)
from kernel.files.ring cimport ByteRing, ring_copy, ring_free, ring_put, ring_room, ring_take
from kernel.files.vfs cimport VFS_O_NONBLOCK, VFS_POLLERR, VFS_POLLHUP, VFS_POLLIN, VFS_POLLOUT, Vnode, vnode_put, vnode_ready
from kernel.memory.heap cimport kcalloc, kfree, kmalloc
from kernel.memory.string cimport memcpy, memset
from kernel.net.address cimport *
from kernel.net.local cimport Place, local_bind, local_find, local_leave, local_node
from kernel.net.loopback cimport *
from kernel.net.socket cimport *
from kernel.threads.sync cimport Condition, condition_broadcast, mutex_lock, mutex_unlock

cdef enum:
    DEFAULT_BUFFER = 65536
    RECORD_BUFFER = 212992               # net.core.wmem_default
    RECORD_MOST = RECORD_BUFFER - 32
    RECORD_HEAD = 8
    BACKLOG_MOST = 4096                  # net.core.somaxconn
    EVERYTHING = VFS_POLLIN | VFS_POLLOUT | VFS_POLLERR | VFS_POLLHUP

cdef enum State:
    STREAM_IDLE = 0                      # new, bound, or refused
    STREAM_LISTENING
    STREAM_CONNECTING                    # in the line of a listener whose backlog is full
    STREAM_CONNECTED                     # has been: the flags below say what is left of it

cdef struct Stream:
    Socket socket                        # first
    State state
    Condition changed
    ByteRing input
    bint urgent                          # a byte of the input is
    u64 urgent_at
    Stream* peer
    int error                            # pending, positive
    bint ended                           # the peer sends no more
    bint abandoned                       # the peer is closed: the next thing sent is answered by a reset
    bint reset                           # both directions are gone
    bint no_reads                        # shut down by this side
    bint no_writes
    bint retired
    Place place                          # NET_UNIX: its name; of an accepted one the listener's, and it is not in the table
    LocalName peer_name
    u64 records                          # of type SOCKET_RECORDS: how many are in the input
    Stream* listener
    Stream* next                         # in the queue or the line
    Stream* queue                        # of a listener: connections not yet accepted, oldest first
    Stream* line                         # of a listener: those who wait for room in it
    int backlog
    int queued

cdef SocketOperations stream_operations


cdef inline void lock() noexcept nogil:
    mutex_lock(loopback_lock())


cdef inline void unlock() noexcept nogil:
    mutex_unlock(loopback_lock())


cdef void changed(Stream* stream, u32 events) noexcept nogil:
    condition_broadcast(&stream.changed)
    vnode_ready(&stream.socket.node, events)


cdef void append(Stream** list, Stream* stream) noexcept nogil:
    stream.next = NULL
    while list[0] != NULL:
        list = &list[0].next
    list[0] = stream


cdef Stream* new_stream(u32 family, u32 type) noexcept nogil:
    cdef Stream* stream = <Stream*>kcalloc(1, sizeof(Stream))
    if stream != NULL:
        socket_setup(&stream.socket, &stream_operations, family, type)
        stream.socket.options[OPTION_RECEIVE_BUFFER] = DEFAULT_BUFFER
        stream.socket.options[OPTION_SEND_BUFFER] = DEFAULT_BUFFER
        stream.input.limit = DEFAULT_BUFFER
        if type == SOCKET_RECORDS:
            stream.socket.options[OPTION_RECEIVE_BUFFER] = stream.socket.options[OPTION_SEND_BUFFER] = RECORD_BUFFER
            stream.input.limit = RECORD_BUFFER + RECORD_HEAD
    return stream


cdef Socket* make(u32 family) noexcept nogil:
    return <Socket*>new_stream(family, SOCKET_STREAM)


cdef Socket* make_records(u32 family) noexcept nogil:
    return <Socket*>new_stream(family, SOCKET_RECORDS)


# --- connections ----------------------------------------------------------------------------------------

# The listener's side of a connection from `client`, into its queue.
cdef int establish(Stream* listener, Stream* client) noexcept nogil:
    cdef Stream* server = new_stream(listener.socket.family, listener.socket.type)
    cdef int i
    if server == NULL:
        return -ENOMEM
    for i in range(OPTION_COUNT):
        server.socket.options[i] = listener.socket.options[i]
    if server.socket.type == SOCKET_STREAM:
        server.input.limit = <u64>server.socket.options[OPTION_RECEIVE_BUFFER]
    if server.socket.family == NET_UNIX:
        server.place.name = listener.place.name
        server.peer_name = client.place.name
        server.socket.peer.port = client.socket.peer.port = 1
    else:
        server.socket.local = client.socket.peer
        server.socket.local.family = <u16>server.socket.family
        server.socket.peer = client.socket.local
        server.socket.peer.family = <u16>server.socket.family
        ports_add(&server.socket)
    server.state = client.state = STREAM_CONNECTED
    server.peer = client
    client.peer = server
    server.listener = listener
    append(&listener.queue, server)
    listener.queued += 1
    changed(client, VFS_POLLOUT)
    changed(listener, VFS_POLLIN)
    return 0


cdef void fail(Stream* client, int error) noexcept nogil:
    client.state = STREAM_IDLE
    client.error = error
    client.listener = NULL
    memset(&client.socket.peer, 0, sizeof(SocketAddress))
    changed(client, EVERYTHING)


# The peer learns that this side is gone: by an end, or by a reset.
cdef void leave(Stream* stream, bint by_reset) noexcept nogil:
    cdef Stream* peer = stream.peer
    if peer == NULL:
        return
    stream.peer = NULL
    peer.peer = NULL
    if by_reset:
        # CLOSE_WAIT or not, of TCP.
        peer.error = EPIPE if peer.ended and peer.socket.family != NET_UNIX else ECONNRESET
        peer.reset = True
    else:
        peer.ended = True
        peer.abandoned = True
    changed(peer, EVERYTHING)


cdef Stream* find_listener(const SocketAddress* address) noexcept nogil:
    cdef Socket* socket = ports_first(address.port)
    cdef Stream* best = NULL
    cdef int match, best_match = 0
    while socket != NULL:
        if socket.listening:
            match = ports_match(socket, address)
            if match > best_match:
                best = <Stream*>socket
                best_match = match
        socket = socket.bound_next
    return best


# --- operations -----------------------------------------------------------------------------------------

cdef int stream_bind(Socket* socket, const SocketAddress* address) noexcept nogil:
    cdef int error
    lock()
    error = ports_bind(socket, address)
    unlock()
    return error


cdef int stream_listen(Socket* socket, int backlog) noexcept nogil:
    cdef Stream* stream = <Stream*>socket
    cdef int error = 0
    lock()
    if stream.state != STREAM_IDLE and stream.state != STREAM_LISTENING:
        error = -EINVAL
    elif socket.family == NET_UNIX:
        error = 0 if stream.place.name.length else -EINVAL
    elif stream.state == STREAM_IDLE:
        error = ports_bind_some(socket, NULL)
        if error == 0 and not ports_may_listen(socket):
            error = -EADDRINUSE
    if error == 0:
        stream.state = STREAM_LISTENING
        socket.listening = True
        stream.backlog = BACKLOG_MOST if backlog < 0 or backlog > BACKLOG_MOST else backlog
        changed(stream, 0)
    unlock()
    return error


cdef int stream_accept(Socket* socket, Socket** made, u32 flags) noexcept nogil:
    cdef Stream* listener = <Stream*>socket
    cdef Stream* first = NULL
    cdef Stream* waiting
    cdef int error = 0
    lock()
    while error == 0:
        if listener.retired:
            error = -EINTR
        elif listener.state != STREAM_LISTENING:
            error = -EINVAL
        elif listener.queue != NULL:
            first = listener.queue
            listener.queue = first.next
            listener.queued -= 1
            first.listener = first.next = NULL
            made[0] = &first.socket
            break
        else:
            error = loopback_wait(&listener.changed, flags)
    waiting = listener.line
    if first != NULL and waiting != NULL:
        listener.line = waiting.next
        waiting.next = waiting.listener = NULL
        if establish(listener, waiting) != 0:
            fail(waiting, ENOBUFS)
    unlock()
    return error


cdef int begin_connection(Stream* client, const SocketAddress* address) noexcept nogil:
    cdef SocketAddress destination, source
    cdef Stream* listener
    cdef int error = loopback_destination(&client.socket, address, &destination)
    if error:
        return error
    loopback_source(&destination, &source)
    error = ports_bind_some(&client.socket, &source)
    if error:
        return error
    if address_is_wildcard(&client.socket.local):
        source.port = client.socket.local.port
        source.family = client.socket.local.family
        client.socket.local = source
    client.error = 0
    listener = find_listener(&destination)
    if listener == NULL:
        return -ECONNREFUSED
    client.socket.peer = destination
    return request(client, listener)


# A place in the listener's queue, or in the line for one.
cdef int request(Stream* client, Stream* listener) noexcept nogil:
    cdef int error
    if listener.queued <= listener.backlog:
        error = establish(listener, client)
        if error:
            memset(&client.socket.peer, 0, sizeof(SocketAddress))
        return error
    client.state = STREAM_CONNECTING
    client.listener = listener
    append(&listener.line, client)
    return 0


cdef int connect_locked(Stream* client, const SocketAddress* address, u32 flags) noexcept nogil:
    cdef int error
    if address.family == NET_UNSPEC:
        return -EOPNOTSUPP
    if client.retired:
        return -EINTR
    if client.state == STREAM_CONNECTED or client.state == STREAM_LISTENING:
        return -EISCONN
    if client.state == STREAM_CONNECTING:
        if flags & VFS_O_NONBLOCK:
            return -EALREADY
    else:
        error = begin_connection(client, address)
        if flags & VFS_O_NONBLOCK and (error == 0 or error == -ECONNREFUSED):
            # The answer is always seen later, as on Linux.
            client.error = -error
            changed(client, EVERYTHING)
            return -EINPROGRESS
        if error:
            return error
    return connected(client)


# Waits in the line, if it is there.
cdef int connected(Stream* client) noexcept nogil:
    cdef int error
    while client.state == STREAM_CONNECTING:
        loopback_wait(&client.changed, 0)
        if client.retired:
            return -EINTR
    error = client.error if client.state != STREAM_CONNECTED else 0
    if error:
        client.error = 0
    return -error


# --- names ----------------------------------------------------------------------------------------------

cdef int stream_bind_name(Socket* socket, const LocalName* name) noexcept nogil:
    return local_bind(&(<Stream*>socket).place, socket, name)


cdef int connect_name_locked(Stream* client, const LocalName* name, const Vnode* node, u32 flags) noexcept nogil:
    cdef Socket* found = NULL
    cdef int error
    if client.retired:
        return -EINTR
    if client.state == STREAM_CONNECTED or client.state == STREAM_LISTENING:
        return -EISCONN
    if client.state == STREAM_IDLE:
        client.error = 0
        error = local_find(name, node, client.socket.type, &found)
        if error:
            return error
        if (<Stream*>found).state != STREAM_LISTENING:
            return -ECONNREFUSED
        client.peer_name = (<Stream*>found).place.name
        error = request(client, <Stream*>found)
        if error:
            return error
    if client.state == STREAM_CONNECTING and flags & VFS_O_NONBLOCK:
        return -EINPROGRESS
    return connected(client)


cdef int stream_connect_name(Socket* socket, const LocalName* name, u32 flags) noexcept nogil:
    cdef Vnode* node = NULL
    cdef int error = local_node(name, &node)
    if error:
        return error
    lock()
    error = connect_name_locked(<Stream*>socket, name, node, flags)
    unlock()
    if node != NULL:
        vnode_put(node)
    return error


cdef const LocalName* stream_name(Socket* socket, bint peer) noexcept nogil:
    return &(<Stream*>socket).peer_name if peer else &(<Stream*>socket).place.name


cdef void stream_join(Socket* one, Socket* other) noexcept nogil:
    cdef Stream* a = <Stream*>one
    cdef Stream* b = <Stream*>other
    lock()
    a.state = b.state = STREAM_CONNECTED
    a.peer = b
    b.peer = a
    one.peer.port = other.peer.port = 1
    unlock()


cdef int stream_connect(Socket* socket, const SocketAddress* address, u32 flags) noexcept nogil:
    cdef int error
    lock()
    error = connect_locked(<Stream*>socket, address, flags)
    unlock()
    return error


cdef int take_error(Stream* stream) noexcept nogil:
    cdef int error = stream.error
    stream.error = 0
    return error


# Room in the peer's buffer that makes a sender go on: half of it, so that it does not go on for each byte.
cdef inline bint has_room(Stream* peer) noexcept nogil:
    return peer.input.used * 2 <= peer.input.limit


# Records go as a whole.
cdef inline bint has_room_for(Stream* peer, u64 size) noexcept nogil:
    if peer.socket.type == SOCKET_RECORDS:
        return ring_room(&peer.input) >= size + RECORD_HEAD
    return has_room(peer)


cdef i64 put_record(Stream* peer, const u8* data, u64 size) noexcept nogil:
    cdef i64 head = ring_put(&peer.input, &size, RECORD_HEAD)
    cdef i64 body = ring_put(&peer.input, data, size) if head == RECORD_HEAD and size else 0
    if head != RECORD_HEAD or body != <i64>size:               # no memory: none of it
        peer.input.used -= <u64>(max(head, <i64>0) + max(body, <i64>0))
        return -ENOBUFS
    peer.records += 1
    changed(peer, VFS_POLLIN)
    return <i64>size


# One record, or as much of it as fits; the rest is lost.
cdef i64 take_record(Stream* stream, u8* into, u64 size, bint peek) noexcept nogil:
    cdef u8 scratch[256]
    cdef u8* copy
    cdef u64 length = 0, rest
    ring_copy(&stream.input, &length, RECORD_HEAD)
    size = min(size, length)
    if peek:
        copy = <u8*>kmalloc(RECORD_HEAD + size)
        if copy == NULL:
            return -ENOMEM
        ring_copy(&stream.input, copy, RECORD_HEAD + size)
        memcpy(into, copy + RECORD_HEAD, size)
        kfree(copy)
        return <i64>size
    ring_take(&stream.input, &length, RECORD_HEAD)
    ring_take(&stream.input, into, size)
    rest = length - size
    while rest:
        rest -= ring_take(&stream.input, scratch, min(rest, sizeof(scratch)))
    stream.records -= 1
    if stream.peer != NULL:
        changed(stream.peer, VFS_POLLOUT)
    return <i64>size


cdef i64 send_some(Stream* stream, const u8* data, u64 size, u32 flags) noexcept nogil:
    cdef i64 count
    while True:
        if stream.retired:
            return -EINTR
        if stream.state == STREAM_CONNECTING:
            count = loopback_wait(&stream.changed, flags)
            if count:
                return count
            continue
        # unix(7) streams leave the reset to the next read.
        if stream.reset and stream.socket.family == NET_UNIX and stream.socket.type == SOCKET_STREAM:
            return -EPIPE
        if stream.error:
            return -take_error(stream)
        if stream.state != STREAM_CONNECTED or stream.no_writes or stream.reset:
            return -EPIPE
        if stream.abandoned and stream.socket.family == NET_UNIX:
            return -EPIPE
        if stream.abandoned:
            # It goes out, and the answer is a reset; in CLOSE_WAIT that is told as EPIPE.
            stream.error = EPIPE
            stream.reset = True
            changed(stream, EVERYTHING)
            return <i64>size
        if stream.socket.type == SOCKET_RECORDS and ring_room(&stream.peer.input) >= size + RECORD_HEAD:
            return put_record(stream.peer, data, size)
        if stream.socket.type == SOCKET_STREAM and ring_room(&stream.peer.input):
            count = ring_put(&stream.peer.input, data, size)
            if count < 0:
                return -ENOBUFS
            changed(stream.peer, VFS_POLLIN)
            return count
        while stream.peer != NULL and not has_room_for(stream.peer, size) and not stream.retired and not stream.no_writes:
            count = loopback_wait(&stream.changed, flags)
            if count:
                return count


cdef i64 stream_send(Socket* socket, const void* data, u64 size, const SocketAddress* to, u32 flags) noexcept nogil:
    cdef Stream* stream = <Stream*>socket
    cdef u64 done = 0
    cdef i64 count = 0
    if socket.type == SOCKET_RECORDS and size > RECORD_MOST:
        return -EMSGSIZE
    lock()
    if socket.type == SOCKET_RECORDS:
        count = -ENOTCONN if stream.state != STREAM_CONNECTED else send_some(stream, <const u8*>data, size, flags)
        unlock()
        return count
    while done < size:
        count = send_some(stream, <const u8*>data + done, size - done, flags)
        if count < 0:
            break
        done += <u64>count
    unlock()
    return <i64>done if done else count


# What a read may give: up to the urgent byte, or what is behind it.
cdef inline u64 readable(Stream* stream) noexcept nogil:
    if not stream.urgent:
        return stream.input.used
    if stream.urgent_at:
        return stream.urgent_at
    return stream.input.used if stream.socket.options[OPTION_OOB_INLINE] else stream.input.used - 1


# A read begins at the urgent byte: from now on it is like others, or it is gone.
cdef void pass_mark(Stream* stream) noexcept nogil:
    cdef u8 byte
    if stream.urgent and stream.urgent_at == 0 and stream.input.used:
        stream.urgent = False
        if not stream.socket.options[OPTION_OOB_INLINE]:
            ring_take(&stream.input, &byte, 1)


cdef int stream_urgent(Socket* socket, u8 byte, u32 flags) noexcept nogil:
    cdef Stream* stream = <Stream*>socket
    cdef Stream* peer
    cdef u64 at
    cdef i64 count
    if socket.family == NET_UNIX:
        return -EOPNOTSUPP
    lock()
    peer = stream.peer
    if peer != NULL and peer.urgent and peer.urgent_at == 0:
        pass_mark(peer)                  # never read: a newer one takes its place
    count = send_some(stream, &byte, 1, flags)
    if count == 1 and stream.peer != NULL:
        at = stream.peer.input.used - 1
        stream.peer.urgent = True
        stream.peer.urgent_at = at
    unlock()
    return <int>count


cdef i64 receive_locked(Stream* stream, void* into, u64 size, u32 flags) noexcept nogil:
    cdef i64 count
    cdef bint had_room
    while True:
        if stream.retired:
            return -EINTR
        if stream.records:
            return take_record(stream, <u8*>into, size, flags & <u32>SOCKET_PEEK != 0)
        if readable(stream):
            if flags & <u32>SOCKET_PEEK and not (stream.urgent and stream.urgent_at == 0):
                return <i64>ring_copy(&stream.input, into, min(size, readable(stream)))
            had_room = has_room(stream)
            pass_mark(stream)
            if flags & <u32>SOCKET_PEEK:
                return <i64>ring_copy(&stream.input, into, size)
            count = <i64>ring_take(&stream.input, into, min(size, readable(stream)))
            if stream.urgent:
                stream.urgent_at -= <u64>count
            if stream.peer != NULL and not had_room and has_room(stream):
                changed(stream.peer, VFS_POLLOUT)
            return count
        if (stream.ended or stream.no_reads) and not (stream.error and stream.socket.family == NET_UNIX):
            return 0
        if stream.error:
            return -take_error(stream)
        if stream.reset:
            return 0
        if stream.state == STREAM_IDLE or stream.state == STREAM_LISTENING:
            return -ENOTCONN
        count = loopback_wait(&stream.changed, flags)
        if count:
            return count


cdef i64 stream_receive(Socket* socket, void* into, u64 size, SocketAddress* sender, u32 flags) noexcept nogil:
    cdef i64 count
    lock()
    count = receive_locked(<Stream*>socket, into, size, flags)
    if sender != NULL:
        sender[0] = socket.peer
    unlock()
    return count


cdef int stream_shutdown(Socket* socket, int how) noexcept nogil:
    cdef Stream* stream = <Stream*>socket
    cdef int error = 0
    lock()
    if stream.state != STREAM_CONNECTED or stream.reset:
        error = -ENOTCONN
    else:
        if how != SHUTDOWN_WRITE:
            stream.no_reads = True
        if how != SHUTDOWN_READ and not stream.no_writes:
            stream.no_writes = True
            if stream.peer != NULL:
                stream.peer.ended = True
                changed(stream.peer, VFS_POLLIN | (VFS_POLLHUP if stream.peer.no_writes else 0))
        changed(stream, EVERYTHING)
    unlock()
    return error


cdef int stream_error(Socket* socket) noexcept nogil:
    cdef int error
    lock()
    error = take_error(<Stream*>socket)
    unlock()
    return error


# As tcp_poll of Linux has it.
cdef u32 stream_poll(Socket* socket) noexcept nogil:
    cdef Stream* stream = <Stream*>socket
    cdef u32 ready = 0
    lock()
    if stream.error:
        ready |= VFS_POLLERR | VFS_POLLIN | VFS_POLLOUT
    if stream.retired:
        ready |= VFS_POLLIN | VFS_POLLOUT | VFS_POLLHUP
    if stream.state == STREAM_LISTENING:
        if stream.queue != NULL:
            ready |= VFS_POLLIN
    elif stream.state == STREAM_IDLE:
        ready |= VFS_POLLOUT | VFS_POLLHUP
    elif stream.state == STREAM_CONNECTED:
        if readable(stream) or stream.ended or stream.no_reads or stream.reset:
            ready |= VFS_POLLIN
        if stream.no_writes or stream.abandoned or stream.reset or (stream.peer != NULL and has_room(stream.peer)):
            ready |= VFS_POLLOUT
        if stream.reset or ((stream.ended or stream.no_reads) and stream.no_writes):
            ready |= VFS_POLLHUP
    unlock()
    return ready


cdef i64 stream_available(Socket* socket) noexcept nogil:
    cdef Stream* stream = <Stream*>socket
    if stream.records:
        return <i64>(stream.input.used - stream.records * RECORD_HEAD)
    return <i64>(stream.input.used if socket.options[OPTION_OOB_INLINE] else readable(stream))


cdef void stream_changed(Socket* socket, int option) noexcept nogil:
    lock()
    if option == OPTION_RECEIVE_BUFFER and socket.type == SOCKET_STREAM:
        (<Stream*>socket).input.limit = <u64>socket.options[OPTION_RECEIVE_BUFFER]
    unlock()


cdef void stream_retire(Socket* socket) noexcept nogil:
    lock()
    (<Stream*>socket).retired = True
    changed(<Stream*>socket, EVERYTHING)
    unlock()


# Whoever waits at a listener that closes: accepted by the kernel, so reset; or in line, so refused.
cdef void dismiss(Stream* listener) noexcept nogil:
    cdef Stream* stream
    while listener.queue != NULL:
        stream = listener.queue
        listener.queue = stream.next
        leave(stream, True)
        ports_remove(&stream.socket)
        ring_free(&stream.input)
        kfree(stream)
    while listener.line != NULL:
        stream = listener.line
        listener.line = stream.next
        stream.next = NULL
        fail(stream, ECONNREFUSED)


cdef void stream_destroy(Socket* socket) noexcept nogil:
    cdef Stream* stream = <Stream*>socket
    cdef Stream** at
    cdef Vnode* place
    lock()
    ports_remove(socket)
    place = local_leave(&stream.place)
    dismiss(stream)
    if stream.state == STREAM_CONNECTING:
        at = &stream.listener.line
        while at[0] != stream:
            at = &at[0].next
        at[0] = stream.next
    # RFC 9293 §3.6: closing with unread data, or with SO_LINGER 0, resets.
    leave(stream, stream.input.used != 0 or (socket.options[OPTION_LINGER] == 0 and socket.family != NET_UNIX))
    unlock()
    if place != NULL:
        vnode_put(place)
    ring_free(&stream.input)
    kfree(stream)


cdef public void streams_init() noexcept nogil:
    loopback_init()
    stream_operations.bind_name = stream_bind_name
    stream_operations.connect_name = stream_connect_name
    stream_operations.name = stream_name
    stream_operations.join = stream_join
    stream_operations.bind = stream_bind
    stream_operations.listen = stream_listen
    stream_operations.accept = stream_accept
    stream_operations.connect = stream_connect
    stream_operations.send = stream_send
    stream_operations.receive = stream_receive
    stream_operations.urgent = stream_urgent
    stream_operations.shutdown = stream_shutdown
    stream_operations.error = stream_error
    stream_operations.poll = stream_poll
    stream_operations.available = stream_available
    stream_operations.changed = stream_changed
    stream_operations.retire = stream_retire
    stream_operations.destroy = stream_destroy
    net_register(SOCKET_STREAM, make)
    net_register(SOCKET_RECORDS, make_records)
