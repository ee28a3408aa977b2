# sun.nio.ch.Net and jdk.net's socket options: Java's sockets on the kernel's.
#
# Blocking calls are in STATE_SAFE meanwhile.  What a call throws for an errno is throw_socket_error's.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.files.errno cimport EADDRNOTAVAIL, EINVAL, ENODEV, ENOTCONN
from kernel.files.vfs cimport (PollRequest, VFS_POLLERR, VFS_POLLHUP, VFS_POLLIN, VFS_POLLNVAL, VFS_POLLOUT, vfs_available, vfs_close, vfs_poll)
from kernel.memory.string cimport memset
from kernel.net.address cimport *
from kernel.net.loopback cimport EPHEMERAL_FIRST, EPHEMERAL_LAST
from kernel.net.multicast cimport MEMBERSHIP_BLOCK, MEMBERSHIP_DROP, MEMBERSHIP_JOIN, MEMBERSHIP_UNBLOCK
from kernel.net.local cimport local_name
from kernel.net.socket cimport (SOCKET_DATAGRAM, SOCKET_STREAM, socket_accept, socket_bind, socket_bind_name, socket_connect,
                                socket_connect_name, socket_error, socket_get_option,
                                socket_listen, socket_local, socket_membership, socket_name, socket_open, socket_peer, socket_send_urgent, socket_set_option, socket_shutdown)
from jvm.heap.object cimport Object, array_data, array_length, array_set
from jvm.loader.classes cimport JavaThread, Method, Slot
from jvm.natives.descriptors cimport descriptor_number, descriptor_set
from jvm.natives.io_status cimport *
from jvm.natives.net_support cimport *
from jvm.natives.support cimport bytes_new, known_method, object_construct, throw_errno, throw_text
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe

cdef enum:
    LEVEL_SOCKET = 1
    LEVEL_TCP = 6
    LEVEL_IP = 0
    SO_REUSEADDR = 2
    SO_LINGER = 13
    IP_MTU_DISCOVER = 10
    IP_MULTICAST_IF = 32
    LOOPBACK_INDEX = 1

cdef Method* socket_address_new


# A result of the kernel, or the exception it means.
cdef i64 checked(JavaThread* t, i64 value) noexcept nogil:
    if value < 0:
        throw_socket_error(t, value)
    return value


# --- what there is --------------------------------------------------------------------------------------

cdef public void native_net_minus_one(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = -1


cdef public void native_net_pollin(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = VFS_POLLIN


cdef public void native_net_pollout(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = VFS_POLLOUT


cdef public void native_net_pollerr(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = VFS_POLLERR


cdef public void native_net_pollhup(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = VFS_POLLHUP


cdef public void native_net_pollnval(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = VFS_POLLNVAL


# sendOOB(FileDescriptor, byte)
cdef public void native_net_send_urgent(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int fd = descriptor_number(args[0].a)
    cdef u8 byte = <u8>args[1].i
    cdef int count
    thread_enter_safe(t)
    count = socket_send_urgent(fd, byte)
    thread_leave_safe(t)
    result.i = <i32>io_handled(t, count)


# --- making and connecting ------------------------------------------------------------------------------

# socket0(boolean preferIPv6, boolean stream, boolean reuse, boolean fastLoopback)
cdef public void native_net_socket(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int fd = socket_open(NET_INET6 if args[0].i else NET_INET, SOCKET_STREAM if args[1].i else SOCKET_DATAGRAM, 0)
    if checked(t, fd) >= 0 and args[2].i:
        socket_set_option(fd, LEVEL_SOCKET, SO_REUSEADDR, 1)
    result.i = fd


# bind0(FileDescriptor, boolean preferIPv6, boolean useExclBind, InetAddress, int port)
cdef public void native_net_bind(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress address
    inet_address_read(args[3].a, args[4].i, args[1].i, &address)
    checked(t, socket_bind(descriptor_number(args[0].a), &address))


cdef public void native_net_listen(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    checked(t, socket_listen(descriptor_number(args[0].a), args[1].i))


# connect0(boolean preferIPv6, FileDescriptor, InetAddress, int port)
cdef public void native_net_connect(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress address
    cdef int fd = descriptor_number(args[1].a)
    cdef int error
    inet_address_read(args[2].a, args[3].i, args[0].i, &address)
    thread_enter_safe(t)
    error = socket_connect(fd, &address)
    thread_leave_safe(t)
    result.i = 1 if error == 0 else <i32>io_of_socket(t, error)


# accept(FileDescriptor, FileDescriptor newfd, InetSocketAddress[1])
cdef public void native_net_accept(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress peer
    cdef Slot arguments[2]
    cdef Object* made = NULL
    cdef int listener = descriptor_number(args[0].a)
    cdef int fd
    thread_enter_safe(t)
    fd = socket_accept(listener, &peer, 0)
    thread_leave_safe(t)
    if fd < 0:
        result.i = <i32>io_of_socket(t, fd)
    else:
        arguments[0].a = inet_address_new(t, &peer, NULL)
        arguments[1].i = peer.port
        if arguments[0].a != NULL:
            made = object_construct(t, known_method(&socket_address_new, b"java/net/InetSocketAddress", b"<init>",
                                                    b"(Ljava/net/InetAddress;I)V"), arguments, 2)
        if made == NULL:
            vfs_close(fd)
            result.i = IO_THROWN
            return
        descriptor_set(args[1].a, fd)
        array_set(args[2].a, 0, made)
        result.i = 1


cdef public void native_net_shutdown(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int error = socket_shutdown(descriptor_number(args[0].a), args[1].i)
    if error != -ENOTCONN:
        checked(t, error)


# --- sun.nio.ch.UnixDomainSockets: paths are byte[] -------------------------------------------------------

# The name that a path is, or an empty one, which binds and connects refuse; -1: thrown.
cdef int path_read(JavaThread* t, Object* bytes, LocalName* into) noexcept nogil:
    cdef i32 length
    if bytes == NULL:
        throw_null_pointer(t)
        return -1
    length = array_length(bytes)
    if length >= PATH_MOST:
        throw_named(t, b"java/net/SocketException", b"Unix domain path too long")
        return -1
    into.length = 0
    local_name(<const char*>array_data(bytes), length, into)
    return 0


cdef public void native_unix_socket(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>checked(t, socket_open(NET_UNIX, SOCKET_STREAM, 0))


# bind0(FileDescriptor, byte[] path)
cdef public void native_unix_bind(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef LocalName name
    if path_read(t, args[1].a, &name) == 0:
        checked(t, socket_bind_name(descriptor_number(args[0].a), &name) if name.length else -EINVAL)


# connect0(FileDescriptor, byte[] path)
cdef public void native_unix_connect(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef LocalName name
    cdef int fd = descriptor_number(args[0].a)
    cdef int error
    result.i = IO_THROWN
    if path_read(t, args[1].a, &name) != 0:
        return
    thread_enter_safe(t)
    error = socket_connect_name(fd, &name) if name.length else -EINVAL
    thread_leave_safe(t)
    result.i = 1 if error == 0 else <i32>io_of_socket(t, error)


# The socket's own path, or its peer's, as byte[].
cdef Object* path_of(JavaThread* t, int fd, bint peer) noexcept nogil:
    cdef LocalName name
    if checked(t, socket_name(fd, peer, &name)) < 0:
        return NULL
    return bytes_new(t, name.bytes, <u32>name.length)


# accept0(FileDescriptor, FileDescriptor newfd, Object[1]): the path goes into the array.
cdef public void native_unix_accept(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress peer
    cdef Object* path
    cdef int listener = descriptor_number(args[0].a)
    cdef int fd
    thread_enter_safe(t)
    fd = socket_accept(listener, &peer, 0)
    thread_leave_safe(t)
    if fd < 0:
        result.i = <i32>io_of_socket(t, fd)
    else:
        path = path_of(t, fd, True)
        if path == NULL:
            vfs_close(fd)
            result.i = IO_THROWN
            return
        descriptor_set(args[1].a, fd)
        array_set(args[2].a, 0, path)
        result.i = 1


cdef public void native_unix_local(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = path_of(t, descriptor_number(args[0].a), False)


# --- addresses ------------------------------------------------------------------------------------------

cdef public void native_net_local_port(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress address
    if checked(t, socket_local(descriptor_number(args[0].a), &address)) == 0:
        result.i = address.port


cdef public void native_net_local_address(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress address
    result.a = NULL
    if checked(t, socket_local(descriptor_number(args[0].a), &address)) == 0:
        result.a = inet_address_new(t, &address, NULL)


cdef public void native_net_remote_port(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress address
    if checked(t, socket_peer(descriptor_number(args[0].a), &address)) == 0:
        result.i = address.port


cdef public void native_net_remote_address(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress address
    result.a = NULL
    if checked(t, socket_peer(descriptor_number(args[0].a), &address)) == 0:
        result.a = inet_address_new(t, &address, NULL)


# --- readiness ------------------------------------------------------------------------------------------

cdef int poll_one(JavaThread* t, int fd, u32 events, i64 milliseconds, u32* ready) noexcept nogil:
    cdef PollRequest request
    cdef int count
    request.fd = fd
    request.events = events
    request.ready = 0
    thread_enter_safe(t)
    count = vfs_poll(&request, 1, poll_deadline(milliseconds))
    thread_leave_safe(t)
    ready[0] = request.ready if count > 0 else 0
    return count


# poll(FileDescriptor, int events, long timeout)
cdef public void native_net_poll(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u32 ready
    checked(t, poll_one(t, descriptor_number(args[0].a), <u32>args[1].i, args[2].l, &ready))
    result.i = <i32>ready


# pollConnect(FileDescriptor, long timeout): is it connected?
cdef public void native_net_poll_connect(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u32 ready
    cdef int error
    cdef int fd = descriptor_number(args[0].a)
    result.i = 0
    if checked(t, poll_one(t, fd, VFS_POLLOUT, args[1].l, &ready)) > 0:
        error = socket_error(fd)
        if error != 0:
            throw_socket_error(t, error)
        elif ready & VFS_POLLHUP:
            throw_socket_error(t, ENOTCONN)
        else:
            result.i = 1


cdef public void native_net_check_connect(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int error = socket_error(args[0].i)
    if error != 0:
        throw_socket_error(t, error)


cdef public void native_net_available(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>checked(t, vfs_available(descriptor_number(args[0].a)))


# --- options --------------------------------------------------------------------------------------------

# getIntOption0(FileDescriptor, boolean mayNeedConversion, int level, int option)
cdef public void native_net_get_option(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 value = 0
    checked(t, socket_get_option(descriptor_number(args[0].a), args[2].i, args[3].i, &value))
    result.i = value


# setIntOption0(FileDescriptor, boolean mayNeedConversion, int level, int option, int value, boolean isIPv6)
cdef public void native_net_set_option(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 value = args[4].i
    if args[2].i == LEVEL_SOCKET and args[3].i == SO_LINGER and value < 0:
        value = -1
    checked(t, socket_set_option(descriptor_number(args[0].a), args[2].i, args[3].i, value))


# jdk.net.LinuxSocketOptions: the descriptor's number comes first.
cdef void get_number(JavaThread* t, Slot* args, int level, int name, Slot* result) noexcept nogil:
    cdef i32 value = 0
    checked(t, socket_get_option(args[0].i, level, name, &value))
    result.i = value


cdef public void native_netoption_get_idle(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_number(t, args, LEVEL_TCP, 4, result)


cdef public void native_netoption_get_interval(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_number(t, args, LEVEL_TCP, 5, result)


cdef public void native_netoption_get_probes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_number(t, args, LEVEL_TCP, 6, result)


cdef public void native_netoption_get_quick(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_number(t, args, LEVEL_TCP, 12, result)


cdef public void native_netoption_get_fragment(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    get_number(t, args, LEVEL_IP, IP_MTU_DISCOVER, result)


cdef public void native_netoption_set_idle(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    checked(t, socket_set_option(args[0].i, LEVEL_TCP, 4, args[1].i))


cdef public void native_netoption_set_interval(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    checked(t, socket_set_option(args[0].i, LEVEL_TCP, 5, args[1].i))


cdef public void native_netoption_set_probes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    checked(t, socket_set_option(args[0].i, LEVEL_TCP, 6, args[1].i))


cdef public void native_netoption_set_quick(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    checked(t, socket_set_option(args[0].i, LEVEL_TCP, 12, args[1].i))


cdef public void native_netoption_set_fragment(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    checked(t, socket_set_option(args[0].i, LEVEL_IP, IP_MTU_DISCOVER, args[1].i))


# --- multicast groups: there is one interface, whose index is 1 and whose address is 127.0.0.1 -------------

cdef void ipv4_read(i32 number, SocketAddress* into) noexcept nogil:
    memset(into, 0, sizeof(SocketAddress))
    into.family = NET_INET
    address_set_ipv4(into, <u8>(number >> 24), <u8>(number >> 16), <u8>(number >> 8), <u8>number)


cdef void change_membership(JavaThread* t, int fd, int how, const SocketAddress* group, const SocketAddress* source, Slot* result) noexcept nogil:
    checked(t, socket_membership(fd, how, group, source))
    result.i = 0


# joinOrDrop4, blockOrUnblock4(boolean, FileDescriptor, int group, int interface, int source): addresses as numbers.
cdef void membership4(JavaThread* t, Slot* args, int yes, int no, Slot* result) noexcept nogil:
    cdef SocketAddress group, source
    ipv4_read(args[2].i, &group)
    ipv4_read(args[4].i, &source)
    if args[3].i != 0 and args[3].i >> 24 != 127:
        throw_socket_error(t, -ENODEV)
        return
    change_membership(t, descriptor_number(args[1].a), yes if args[0].i else no, &group, &source if args[4].i else NULL, result)


# joinOrDrop6, blockOrUnblock6(boolean, FileDescriptor, byte[] group, int index, byte[] source)
cdef void membership6(JavaThread* t, Slot* args, int yes, int no, Slot* result) noexcept nogil:
    cdef SocketAddress group, source
    memset(&group, 0, sizeof(group))
    memset(&source, 0, sizeof(source))
    inet_bytes_read(args[2].a, &group)
    group.family = NET_INET6
    if args[4].a != NULL:
        inet_bytes_read(args[4].a, &source)
    if args[3].i != 0 and args[3].i != LOOPBACK_INDEX:
        throw_socket_error(t, -ENODEV)
        return
    change_membership(t, descriptor_number(args[1].a), yes if args[0].i else no, &group, &source if args[4].a != NULL else NULL, result)


cdef public void native_net_join4(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    membership4(t, args, MEMBERSHIP_JOIN, MEMBERSHIP_DROP, result)


cdef public void native_net_join6(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    membership6(t, args, MEMBERSHIP_JOIN, MEMBERSHIP_DROP, result)


cdef public void native_net_block4(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    membership4(t, args, MEMBERSHIP_BLOCK, MEMBERSHIP_UNBLOCK, result)


cdef public void native_net_block6(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    membership6(t, args, MEMBERSHIP_BLOCK, MEMBERSHIP_UNBLOCK, result)


# set/getInterface4(FileDescriptor[, int address]), set/getInterface6(FileDescriptor[, int index])
cdef public void native_net_set_interface4(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[1].i != 0 and args[1].i >> 24 != 127:
        throw_socket_error(t, -EADDRNOTAVAIL)
    else:
        checked(t, socket_set_option(descriptor_number(args[0].a), LEVEL_IP, IP_MULTICAST_IF, LOOPBACK_INDEX if args[1].i else 0))


cdef public void native_net_set_interface6(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[1].i != 0 and args[1].i != LOOPBACK_INDEX:
        throw_socket_error(t, -ENODEV)
    else:
        checked(t, socket_set_option(descriptor_number(args[0].a), LEVEL_IP, IP_MULTICAST_IF, args[1].i))


cdef public void native_net_get_interface6(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 value = 0
    checked(t, socket_get_option(descriptor_number(args[0].a), LEVEL_IP, IP_MULTICAST_IF, &value))
    result.i = value


cdef public void native_net_get_interface4(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    native_net_get_interface6(t, args, result)
    if result.i:
        result.i = (127 << 24) | 1


# --- sun.net.PortConfig: the ports that port 0 gives -----------------------------------------------------

cdef public void native_port_config_lower(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = EPHEMERAL_FIRST


cdef public void native_port_config_upper(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = EPHEMERAL_LAST
