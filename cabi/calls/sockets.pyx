# Sockets of programs: the addresses and options of Linux's calls, in front of kernel/net/socket.pxd.
from kernel.types cimport i32, i64, u8, u16, u32, u64
from kernel.diagnostics.format cimport kprint
from kernel.files.errno cimport (EAFNOSUPPORT, EAGAIN, EINTR, EINVAL, EISCONN, EMSGSIZE, ENOMEM, ENOPROTOOPT, ENOTSOCK, EOPNOTSUPP, EPIPE,
                                 EPROTONOSUPPORT)
from kernel.files.vfs cimport (PollRequest, VFS_O_CLOEXEC, VFS_O_NONBLOCK, VFS_POLLIN, VFS_POLLOUT, vfs_close, vfs_close_on_exec,
                               vfs_get_flags, vfs_poll, vfs_set_flags)
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcpy, memset
from kernel.net.address cimport NET_INET, NET_INET6, NET_UNIX, NET_UNSPEC, PATH_MOST, LocalName, SocketAddress, address_set_ipv4
from kernel.net.local cimport local_name
from kernel.net.socket cimport *
from kernel.time.clock cimport clock_monotonic
from cabi.process.program cimport *
from cabi.process.signals cimport SIGNAL_PIPE, signal_send_thread

cdef enum:
    EFAULT = 14
    EDOM = 33
    AF_UNIX = 1
    MSG_PEEK = 2
    MSG_TRUNC = 0x20
    MSG_DONTWAIT = 0x40
    MSG_WAITALL = 0x100
    MSG_NOSIGNAL = 0x4000
    SOL_SOCKET = 1
    SO_TYPE = 3
    SO_ERROR = 4
    SO_LINGER = 13
    SO_RCVTIMEO = 20
    SO_SNDTIMEO = 21
    SO_PEERCRED = 17
    SO_ACCEPTCONN = 30
    SCM_RIGHTS = 1
    SO_PROTOCOL = 38
    SO_DOMAIN = 39
    PARTS_MAX = 1024
    MESSAGE_MAX = 1048576
    DATAGRAM_MAX = 262144                # more than any protocol's

cdef bint rights_told                    # why SCM_RIGHTS is refused

cdef struct LinuxAddress:                # struct sockaddr_in, sockaddr_in6
    u16 family
    u8 port[2]
    u8 rest[24]

cdef struct Part:
    u8* base
    u64 size

cdef struct Sender:                      # one of them
    SocketAddress address
    LocalName name

cdef struct Message:                     # struct msghdr
    void* name
    u32 name_length, pad
    Part* parts
    u64 part_count
    void* control
    u64 control_length
    i32 flags


# --- addresses ------------------------------------------------------------------------------------------

cdef int take_address(const void* address, u32 length, SocketAddress* into) noexcept nogil:
    cdef const LinuxAddress* from_ = <const LinuxAddress*>address
    if length < 2 or length > 128:
        return -EINVAL
    if not program_may(address, length):
        return -EFAULT
    memset(into, 0, sizeof(SocketAddress))
    into.family = from_.family
    if from_.family == NET_UNSPEC:
        return 0
    if from_.family == NET_INET and length >= 16:
        address_set_ipv4(into, from_.rest[0], from_.rest[1], from_.rest[2], from_.rest[3])
    elif from_.family == NET_INET6 and length >= 24:
        memcpy(into.bytes, &from_.rest[4], 16)
        if length >= 28:
            memcpy(&into.scope, &from_.rest[20], 4)
    else:
        return -EINVAL if from_.family in (NET_INET, NET_INET6) else -EAFNOSUPPORT
    into.port = <u16>(from_.port[0] << 8 | from_.port[1])
    return 0


# The name in a struct sockaddr_un: 1, or 0 if socket or address are none of Unix's.  An empty one has length 0.
cdef int take_name(int fd, const void* address, u32 length, LocalName* into) noexcept nogil:
    cdef int error = 0
    if length < 2 or length > 128 or socket_family(fd) != NET_UNIX:
        return 0
    if not program_may(address, length):
        return -EFAULT
    if (<const u16*>address)[0] != AF_UNIX:
        return 0
    into.length = 0
    if length > 2:
        error = local_name(<const char*>address + 2, <int>length - 2, into)
    return error if error else 1


cdef int give_name(const LocalName* name, void* into, u32* length) noexcept nogil:
    cdef char out[2 + PATH_MOST + 1]
    cdef u32 size = 2 + <u32>name.length
    (<u16*>out)[0] = AF_UNIX
    memcpy(out + 2, name.bytes, <u64>name.length)
    if name.length and name.bytes[0]:    # a path goes with its NUL
        out[size] = 0
        size += 1
    memcpy(into, out, min(size, length[0]))
    length[0] = size
    return 0


# As much as fits; `length` says how much there would be.
cdef int give_address(int fd, const SocketAddress* address, bint peer, void* into, u32* length) noexcept nogil:
    cdef LinuxAddress out
    cdef LocalName name
    cdef u32 size
    cdef int error
    if into == NULL:
        return 0
    if not program_may(length, 4) or not program_may(into, length[0]):
        return -EFAULT
    memset(&out, 0, sizeof(out))
    out.family = <u16>socket_family(fd)
    if out.family == NET_UNIX:
        error = socket_name(fd, peer, &name)
        return error if error else give_name(&name, into, length)
    out.port[0] = <u8>(address.port >> 8)
    out.port[1] = <u8>address.port
    if out.family == NET_INET:
        memcpy(out.rest, &address.bytes[12], 4)
        size = 16
    else:
        memcpy(&out.rest[4], address.bytes, 16)
        memcpy(&out.rest[20], &address.scope, 4)
        size = 28
    memcpy(into, &out, min(size, length[0]))
    length[0] = size
    return 0


cdef inline i64 again(i64 result) noexcept nogil:
    return -RESTART if result == -EINTR else result


cdef u32 flags_of(int flags) noexcept nogil:
    return (VFS_O_NONBLOCK if flags & MSG_DONTWAIT else 0) | (SOCKET_PEEK if flags & MSG_PEEK else 0)


# --- making and joining ---------------------------------------------------------------------------------

cdef public i64 sys_socket(int family, int type, int protocol) noexcept nogil:
    cdef int fd, kind = type & 15
    if type & ~(15 | VFS_O_NONBLOCK | VFS_O_CLOEXEC):
        return -EINVAL
    if protocol and not (kind == SOCKET_STREAM and protocol == 6) and not (kind == SOCKET_DATAGRAM and protocol == 17):
        return -EPROTONOSUPPORT
    fd = socket_open(<u32>family, <u32>kind, <u32>type & VFS_O_NONBLOCK)
    if fd >= 0 and type & VFS_O_CLOEXEC:
        vfs_close_on_exec(fd, True)
    return fd


cdef public i64 sys_bind(int fd, const void* address, u32 length) noexcept nogil:
    cdef SocketAddress a
    cdef LocalName name
    cdef int error = take_name(fd, address, length, &name)
    if error:
        return socket_bind_name(fd, &name) if error > 0 else error
    error = take_address(address, length, &a)
    return socket_bind(fd, &a) if error == 0 else error


cdef public i64 sys_listen(int fd, int backlog) noexcept nogil:
    return socket_listen(fd, backlog)


cdef public i64 sys_connect(int fd, const void* address, u32 length) noexcept nogil:
    cdef SocketAddress a
    cdef LocalName name
    cdef int error = take_name(fd, address, length, &name)
    if error > 0 and name.length == 0:
        return -EINVAL
    if error:
        return again(socket_connect_name(fd, &name)) if error > 0 else error
    error = take_address(address, length, &a)
    return again(socket_connect(fd, &a)) if error == 0 else error


cdef public i64 sys_accept4(int fd, void* address, u32* length, int flags) noexcept nogil:
    cdef SocketAddress peer
    cdef int made, error
    if flags & ~(VFS_O_NONBLOCK | VFS_O_CLOEXEC):
        return -EINVAL
    made = socket_accept(fd, &peer, 0)
    if made < 0:
        return again(made)
    if flags & VFS_O_NONBLOCK:
        set_nonblocking(made)
    if flags & VFS_O_CLOEXEC:
        vfs_close_on_exec(made, True)
    error = give_address(made, &peer, True, address, length)
    if error != 0:
        vfs_close(made)
        return error
    return made


cdef void set_nonblocking(int fd) noexcept nogil:
    vfs_set_flags(fd, VFS_O_NONBLOCK)


cdef public i64 sys_accept(int fd, void* address, u32* length) noexcept nogil:
    return sys_accept4(fd, address, length, 0)


cdef public i64 sys_getsockname(int fd, void* address, u32* length) noexcept nogil:
    cdef SocketAddress a
    cdef int error = socket_local(fd, &a)
    return give_address(fd, &a, False, address, length) if error == 0 else error


cdef public i64 sys_getpeername(int fd, void* address, u32* length) noexcept nogil:
    cdef SocketAddress a
    cdef int error = socket_peer(fd, &a)
    return give_address(fd, &a, True, address, length) if error == 0 else error


cdef public i64 sys_shutdown(int fd, int how) noexcept nogil:
    return socket_shutdown(fd, how)


cdef public i64 sys_socketpair(int family, int type, int protocol, i32* pair) noexcept nogil:
    cdef int error
    if not program_may(pair, 8):
        return -EFAULT
    if type & ~(15 | VFS_O_NONBLOCK | VFS_O_CLOEXEC):
        return -EINVAL
    error = socket_pair(<u32>family, <u32>type & 15, <u32>type & VFS_O_NONBLOCK, pair)
    if error == 0 and type & VFS_O_CLOEXEC:
        vfs_close_on_exec(pair[0], True)
        vfs_close_on_exec(pair[1], True)
    return error


# --- sending and receiving ------------------------------------------------------------------------------

cdef i64 sent(int fd, i64 result, int flags) noexcept nogil:
    if result == -EPIPE and flags & MSG_NOSIGNAL == 0 and socket_type(fd) == SOCKET_STREAM:
        signal_send_thread(program_thread(), SIGNAL_PIPE, NULL)
    return again(result)


cdef i64 send_named(int fd, const void* buffer, u64 count, int flags, const void* address, u32 length) noexcept nogil:
    cdef LocalName name
    cdef int error = take_name(fd, address, length, &name)
    if error <= 0 or name.length == 0:
        return error if error < 0 else -EINVAL
    error = await_ready(fd, flags, OPTION_SEND_TIMEOUT, VFS_POLLOUT)
    return again(socket_send_name(fd, buffer, count, &name, flags_of(flags))) if error == 0 else error


cdef public i64 sys_sendto(int fd, const void* buffer, u64 count, int flags, const void* address, u32 length) noexcept nogil:
    cdef SocketAddress a
    cdef int error = 0
    if not program_may(buffer, count):
        return -EFAULT
    if socket_family(fd) == NET_UNIX and address != NULL:
        if socket_type(fd) == SOCKET_DATAGRAM:
            return send_named(fd, buffer, count, flags, address, length)
        if socket_type(fd) == SOCKET_STREAM:
            return -EISCONN if socket_peer(fd, &a) == 0 else -EOPNOTSUPP
        address = NULL                   # as Linux: records go to the peer
    if address != NULL:
        error = take_address(address, length, &a)
    if error == 0:
        error = await_ready(fd, flags, OPTION_SEND_TIMEOUT, VFS_POLLOUT)
    return sent(fd, socket_send(fd, buffer, count, &a if address != NULL else NULL, flags_of(flags)), flags) if error == 0 else error


# SO_RCVTIMEO and SO_SNDTIMEO, in ms: 0, or -EAGAIN when they are over.  A descriptor that does not block is not waited for.
cdef int await_ready(int fd, int flags, int option, u32 events) noexcept nogil:
    cdef PollRequest request
    cdef i32 timeout = 0
    cdef int ready
    if flags & MSG_DONTWAIT or socket_timeout(fd, option, &timeout) != 0 or timeout == 0 or vfs_get_flags(fd) & VFS_O_NONBLOCK:
        return 0
    request.fd = fd
    request.events = events
    ready = vfs_poll(&request, 1, clock_monotonic() + <u64>timeout * 1000000)
    return -EAGAIN if ready == 0 else (ready if ready < 0 else 0)


cdef i64 receive_one(int fd, u8* into, u64 size, Sender* sender, int flags) noexcept nogil:
    memset(sender, 0, sizeof(Sender))
    if socket_family(fd) == NET_UNIX and socket_type(fd) == SOCKET_DATAGRAM:
        return socket_receive_name(fd, into, size, &sender.name, flags_of(flags))
    return socket_receive(fd, into, size, &sender.address, flags_of(flags))


# The sender's address; a stream does not say it, nor does a Unix-domain socket without a name.
cdef int give_sender(int fd, const Sender* sender, void* into, u32* length) noexcept nogil:
    cdef LocalName name
    if not program_may(length, 4) or not program_may(into, length[0]):
        return -EFAULT
    if socket_family(fd) == NET_UNIX:
        name = sender.name
        if socket_type(fd) != SOCKET_DATAGRAM:
            socket_name(fd, True, &name)
        if name.length:
            return give_name(&name, into, length)
    if sender.address.port == 0 or socket_family(fd) == NET_UNIX:
        length[0] = 0
        return 0
    return give_address(fd, &sender.address, True, into, length)


# A datagram whose length is asked for: it is taken as a whole, and what fits is given.
cdef i64 receive_whole(int fd, u8* into, u64 size, Sender* sender, int flags) noexcept nogil:
    cdef u8* buffer = <u8*>kmalloc(DATAGRAM_MAX)
    cdef i64 got
    if buffer == NULL:
        return -ENOMEM
    got = receive_one(fd, buffer, DATAGRAM_MAX, sender, flags)
    if got > 0:
        memcpy(into, buffer, min(<u64>got, size))
    kfree(buffer)
    return again(got)


cdef i64 receive(int fd, u8* into, u64 size, Sender* sender, int flags) noexcept nogil:
    cdef i64 got = await_ready(fd, flags, OPTION_RECEIVE_TIMEOUT, VFS_POLLIN), more
    if got != 0:
        return got
    if flags & MSG_TRUNC and socket_type(fd) != SOCKET_STREAM:
        return receive_whole(fd, into, size, sender, flags)
    got = receive_one(fd, into, size, sender, flags)
    if flags & MSG_WAITALL and flags & MSG_PEEK == 0 and socket_type(fd) == SOCKET_STREAM:
        while got > 0 and <u64>got < size:
            more = socket_receive(fd, into + got, size - <u64>got, NULL, flags_of(flags))
            if more <= 0:
                break
            got += more
    return again(got)


cdef public i64 sys_recvfrom(int fd, void* buffer, u64 count, int flags, void* address, u32* length) noexcept nogil:
    cdef Sender sender
    cdef i64 got
    cdef int error
    if not program_may(buffer, count):
        return -EFAULT
    got = receive(fd, <u8*>buffer, count, &sender, flags)
    if got >= 0 and address != NULL:
        error = give_sender(fd, &sender, address, length)
        if error != 0:
            return error
    return got


# The total of a message's parts, or a negative errno.
cdef i64 check_message(const Message* message) noexcept nogil:
    cdef u64 total = 0, i
    if not program_may(message, sizeof(Message)):
        return -EFAULT
    if message.part_count > PARTS_MAX:
        return -EMSGSIZE
    if message.part_count and not program_may(message.parts, message.part_count * sizeof(Part)):
        return -EFAULT
    for i in range(message.part_count):
        if message.parts[i].size and not program_may(message.parts[i].base, message.parts[i].size):
            return -EFAULT
        total += message.parts[i].size
    return <i64>min(total, <u64>MESSAGE_MAX)


# What messages might carry beside bytes.
cdef i64 refuse_control(const Message* message) noexcept nogil:
    global rights_told
    cdef const u32* header = <const u32*>message.control     # struct cmsghdr: length (8 bytes), level, type
    if message.control_length >= 16 and program_may(header, 16) and header[2] == SOL_SOCKET and header[3] == SCM_RIGHTS and not rights_told:
        rights_told = True
        kprint(b"demitasse: %s: messages carry no descriptors (SCM_RIGHTS): threads share them all\n", program_process().path)
    return -EOPNOTSUPP


cdef public i64 sys_sendmsg(int fd, const Message* message, int flags) noexcept nogil:
    cdef u8* buffer
    cdef u64 at = 0, i, part
    cdef i64 total = check_message(message), result
    if total < 0:
        return total
    if message.control_length:
        return refuse_control(message)
    buffer = <u8*>kmalloc(<u64>total)
    if buffer == NULL:
        return -ENOMEM
    for i in range(message.part_count):
        part = min(message.parts[i].size, <u64>total - at)
        memcpy(buffer + at, message.parts[i].base, part)
        at += part
    result = sys_sendto(fd, buffer, at, flags, message.name if message.name_length else NULL, message.name_length)
    kfree(buffer)
    return result


cdef public i64 sys_recvmsg(int fd, Message* message, int flags) noexcept nogil:
    cdef Sender sender
    cdef u8* buffer
    cdef u64 at = 0, i, part
    cdef i64 total = check_message(message), got
    cdef bint whole = socket_type(fd) != SOCKET_STREAM
    if total < 0:
        return total
    buffer = <u8*>kmalloc(<u64>total + 1)
    if buffer == NULL:
        return -ENOMEM
    # One byte more than there is room for tells whether a message is longer.
    got = receive(fd, buffer, <u64>total + whole, &sender, flags)
    if got >= 0:
        message.flags = MSG_TRUNC if got > total else 0
        if got > total and flags & MSG_TRUNC == 0:
            got = total
        for i in range(message.part_count):
            part = min(message.parts[i].size, <u64>min(got, total) - at)
            memcpy(message.parts[i].base, buffer + at, part)
            at += part
        message.control_length = 0
        if message.name != NULL:
            give_sender(fd, &sender, message.name, &message.name_length)
    kfree(buffer)
    return got


# --- options --------------------------------------------------------------------------------------------

cdef public i64 sys_setsockopt(int fd, int level, int name, const i32* value, u32 length) noexcept nogil:
    cdef const i64* time
    if not program_may(value, length):
        return -EFAULT
    if level == SOL_SOCKET and name == SO_LINGER:
        if length < 8:
            return -EINVAL
        return socket_set_option(fd, level, name, value[1] if value[0] else -1)
    if level == SOL_SOCKET and name in (SO_RCVTIMEO, SO_SNDTIMEO):
        if length < 16:
            return -EINVAL
        time = <const i64*>value
        if time[1] < 0 or time[1] >= 1000000:
            return -EDOM
        return socket_set_timeout(fd, OPTION_RECEIVE_TIMEOUT if name == SO_RCVTIMEO else OPTION_SEND_TIMEOUT,
                                  <i32>min(<u64>time[0] * 1000 + <u64>(time[1] + 999) // 1000, <u64>0x7fffffff))
    if length < 4:
        return -EINVAL
    return socket_set_option(fd, level, name, value[0])


cdef public i64 sys_getsockopt(int fd, int level, int name, i32* value, u32* length) noexcept nogil:
    cdef i32 answer[4]
    cdef u32 size = 4
    cdef int error = 0
    if not program_may(length, 4) or not program_may(value, length[0]):
        return -EFAULT
    memset(answer, 0, sizeof(answer))
    if level == SOL_SOCKET and name == SO_ERROR:
        answer[0] = socket_error(fd)
        error = answer[0] if answer[0] < 0 else 0
    elif level == SOL_SOCKET and name == SO_DOMAIN:
        answer[0] = socket_family(fd)
        error = answer[0] if answer[0] < 0 else 0
    elif level == SOL_SOCKET and name == SO_PEERCRED and socket_family(fd) == NET_UNIX:
        answer[0] = <i32>program_process().id        # struct ucred: there is one user
        size = 12
    elif level == SOL_SOCKET and name == SO_TYPE:
        answer[0] = socket_type(fd)
        error = answer[0] if answer[0] < 0 else 0
    elif level == SOL_SOCKET and name == SO_ACCEPTCONN:
        answer[0] = socket_listening(fd)
        error = answer[0] if answer[0] < 0 else 0
    elif level == SOL_SOCKET and name in (SO_RCVTIMEO, SO_SNDTIMEO):
        size = 16
        error = socket_timeout(fd, OPTION_RECEIVE_TIMEOUT if name == SO_RCVTIMEO else OPTION_SEND_TIMEOUT, &answer[0])
        answer[2] = answer[0] % 1000 * 1000
        answer[0] = answer[0] // 1000
    else:
        error = socket_get_option(fd, level, name, &answer[0])
        if level == SOL_SOCKET and name == SO_LINGER:
            answer[1] = max(answer[0], 0)
            answer[0] = answer[0] >= 0
            size = 8
    if error < 0:
        return error
    memcpy(value, answer, min(size, length[0]))
    length[0] = min(size, length[0])
    return 0
