# sun.nio.ch's dispatchers, datagrams, pipes, event counters and selectors.
#
# Addresses are raw memory; negative results are IOStatus codes.  A descriptor of a SocketDispatcher is a
# stream socket or an end of a pipe.
from kernel.types cimport u8, u16, u32, u64, i16, i32, i64
from kernel.files.anonymous cimport anonymous_retire
from kernel.files.errno cimport EAGAIN, ECONNREFUSED, ECONNRESET, EPIPE
from kernel.files.pipe cimport event_counter_open, pipe_open
from kernel.files.readiness cimport ReadyEvent, readiness_control, readiness_open, readiness_wait
from kernel.files.vfs cimport (PollRequest, VFS_O_NONBLOCK, vfs_available, vfs_dup2, vfs_poll, vfs_read, vfs_write)
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcpy, memset
from kernel.net.address cimport *
from kernel.net.socket cimport socket_connect, socket_family, socket_receive, socket_send
from kernel.threads.cpu cimport thread_current
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.descriptors cimport blocking_read, blocking_write, descriptor_number
from jvm.natives.io_status cimport *
from jvm.natives.net_support cimport *
from jvm.natives.support cimport throw_errno
from jvm.runtime.exceptions cimport throw_named, throw_out_of_memory
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe

cdef enum:
    DATAGRAM_MOST = 65536


# --- sun.nio.ch.NativeThread, UnixDispatcher ------------------------------------------------------------

# Not 0: that there is a thread to wait for.  It need not be signalled, since preClose0 has ended its calls.
cdef public void native_channel_thread(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>thread_current().id + 1


cdef public void native_channel_retire(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int number = descriptor_number(args[0].a)
    cdef int error
    if number >= 0:
        error = anonymous_retire(number)
        if error < 0:
            throw_errno(t, b"java/io/IOException", error)


# --- sun.nio.ch.SocketDispatcher ------------------------------------------------------------------------

cdef i64 stream_status(JavaThread* t, i64 count) noexcept nogil:
    if count == -ECONNRESET or count == -EPIPE:
        throw_named(t, b"sun/net/ConnectionResetException", b"Connection reset")
        return IO_THROWN
    return io_transferred(t, count, 1)


cdef public void native_socket_read(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>stream_status(t, blocking_read(t, descriptor_number(args[0].a), <void*>args[1].raw, args[3].i))


cdef public void native_socket_write(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>io_transferred(t, blocking_write(t, descriptor_number(args[0].a), <void*>args[1].raw, args[3].i), 0)


# An iovec of `count` (address, length) pairs.  Only the first part that is read may wait for data.
cdef public void native_socket_readv(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int fd = descriptor_number(args[0].a)
    cdef u64* pairs = <u64*>args[1].raw
    cdef i64 total = 0
    cdef i64 part = 0
    cdef i32 i
    for i in range(args[3].i):
        if pairs[2 * i + 1] == 0:
            continue
        if total > 0 and vfs_available(fd) <= 0:
            break
        part = blocking_read(t, fd, <void*>pairs[2 * i], <i64>pairs[2 * i + 1])
        if part <= 0:
            break
        total += part
        if <u64>part != pairs[2 * i + 1]:
            break
    result.l = stream_status(t, total if total > 0 else part)


cdef public void native_socket_writev(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int fd = descriptor_number(args[0].a)
    cdef u64* pairs = <u64*>args[1].raw
    cdef i64 total = 0
    cdef i64 part = 0
    cdef i32 i
    for i in range(args[3].i):
        part = blocking_write(t, fd, <void*>pairs[2 * i], <i64>pairs[2 * i + 1])
        if part < 0:
            break
        total += part
        if <u64>part != pairs[2 * i + 1]:
            break
    result.l = io_transferred(t, total if total > 0 else part, 0)


# --- datagrams ------------------------------------------------------------------------------------------

cdef i64 receive(JavaThread* t, int fd, void* into, i64 size, SocketAddress* sender) noexcept nogil:
    cdef i64 count
    thread_enter_safe(t)
    count = socket_receive(fd, into, <u64>size, sender, 0)
    thread_leave_safe(t)
    return count


cdef i64 send(JavaThread* t, int fd, const void* data, i64 size, const SocketAddress* to) noexcept nogil:
    cdef i64 count
    thread_enter_safe(t)
    count = socket_send(fd, data, <u64>size, to, 0)
    thread_leave_safe(t)
    return count


cdef i64 datagram_status(JavaThread* t, i64 count, bint reading) noexcept nogil:
    if count == -ECONNREFUSED:
        throw_named(t, b"java/net/PortUnreachableException", NULL)
        return IO_THROWN
    return io_transferred(t, count, reading)


cdef public void native_datagram_read(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>datagram_status(t, receive(t, descriptor_number(args[0].a), <void*>args[1].raw, args[3].i, NULL), 1)


cdef public void native_datagram_write(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>datagram_status(t, send(t, descriptor_number(args[0].a), <void*>args[1].raw, args[3].i, NULL), 0)


# One datagram over several pieces of memory goes through a buffer.
cdef public void native_datagram_readv(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64* pairs = <u64*>args[1].raw
    cdef u8* buffer = <u8*>kmalloc(DATAGRAM_MOST)
    cdef i64 count, part
    cdef i64 done = 0
    cdef i32 i
    if buffer == NULL:
        throw_out_of_memory(t, b"native memory")
        return
    cdef i64 room = 0
    for i in range(args[3].i):
        room += <i64>pairs[2 * i + 1]
    count = receive(t, descriptor_number(args[0].a), buffer, min(room, <i64>DATAGRAM_MOST), NULL)
    for i in range(args[3].i):
        part = min(count - done, <i64>pairs[2 * i + 1])
        if part <= 0:
            continue
        memcpy(<void*>pairs[2 * i], buffer + done, <u64>part)
        done += part
    kfree(buffer)
    result.l = datagram_status(t, count, 1)


cdef public void native_datagram_writev(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64* pairs = <u64*>args[1].raw
    cdef u8* buffer
    cdef u64 size = 0
    cdef u64 done = 0
    cdef i32 i
    for i in range(args[3].i):
        size += pairs[2 * i + 1]
    buffer = <u8*>kmalloc(min(size, <u64>DATAGRAM_MOST) + 1)
    if buffer == NULL:
        throw_out_of_memory(t, b"native memory")
        return
    if size <= DATAGRAM_MOST:            # else it is refused by its size alone
        for i in range(args[3].i):
            memcpy(buffer + done, <void*>pairs[2 * i], pairs[2 * i + 1])
            done += pairs[2 * i + 1]
    result.l = datagram_status(t, send(t, descriptor_number(args[0].a), buffer, <i64>size, NULL), 0)
    kfree(buffer)


cdef public void native_datagram_dup(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int error = vfs_dup2(descriptor_number(args[0].a), descriptor_number(args[1].a))
    if error < 0:
        throw_errno(t, b"java/io/IOException", error)


# struct sockaddr_in and sockaddr_in6, as native_sockaddr_… below tell their layout.
cdef void sockaddr_write(u8* into, const SocketAddress* address) noexcept nogil:
    cdef bint ipv6 = address.family == NET_INET6
    memset(into, 0, 28 if ipv6 else 16)
    (<u16*>into)[0] = address.family
    into[2] = <u8>(address.port >> 8)
    into[3] = <u8>address.port
    if ipv6:
        memcpy(into + 8, address.bytes, 16)
        (<u32*>(into + 24))[0] = address.scope
    else:
        memcpy(into + 4, address.bytes + 12, 4)


cdef void sockaddr_read(const u8* at, SocketAddress* into) noexcept nogil:
    memset(into, 0, sizeof(SocketAddress))
    into.family = (<const u16*>at)[0]
    into.port = <u16>(<u32>at[2] << 8 | at[3])
    if into.family == NET_INET6:
        memcpy(into.bytes, at + 8, 16)
        into.scope = (<const u32*>(at + 24))[0]
    else:
        address_set_ipv4(into, at[4], at[5], at[6], at[7])


# receive0(FileDescriptor, long address, int size, long senderAddress, boolean connected)
cdef public void native_datagram_receive(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress sender
    cdef int fd = descriptor_number(args[0].a)
    cdef i64 count = -ECONNREFUSED
    while count == -ECONNREFUSED:
        count = receive(t, fd, <void*>args[1].raw, args[3].i, &sender)
        if count == -ECONNREFUSED and args[6].i:
            throw_named(t, b"java/net/PortUnreachableException", NULL)
            result.i = IO_THROWN
            return
    if count >= 0:
        sockaddr_write(<u8*>args[4].raw, &sender)
    result.i = <i32>io_of_socket(t, count)


# send0(FileDescriptor, long address, int size, long targetAddress, int targetSize); 0: the connected peer.
cdef public void native_datagram_send(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress target
    cdef i64 count
    if args[4].raw != 0:
        sockaddr_read(<u8*>args[4].raw, &target)
    count = send(t, descriptor_number(args[0].a), <void*>args[1].raw, args[3].i, &target if args[4].raw != 0 else NULL)
    if count == -ECONNREFUSED:
        throw_named(t, b"java/net/PortUnreachableException", NULL)
        result.i = IO_THROWN
        return
    result.i = <i32>io_of_socket(t, count)


cdef public void native_datagram_disconnect(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress nobody
    cdef int error
    memset(&nobody, 0, sizeof(nobody))
    error = socket_connect(descriptor_number(args[0].a), &nobody)
    if error < 0:
        throw_socket_error(t, error)


# --- sun.nio.ch.NativeSocketAddress: <netinet/in.h> -------------------------------------------------------

cdef public void native_sockaddr_inet(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = NET_INET


cdef public void native_sockaddr_inet6(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = NET_INET6


cdef public void native_sockaddr_2(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 2


cdef public void native_sockaddr_4(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 4


cdef public void native_sockaddr_8(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 8


cdef public void native_sockaddr_16(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 16


cdef public void native_sockaddr_24(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 24


cdef public void native_sockaddr_28(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 28


# --- sun.nio.ch.IOUtil's pipes, EventFD -----------------------------------------------------------------

# makePipe(boolean blocking): the reading end in the upper half
cdef public void native_pipe_make(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int ends[2]
    cdef int error = pipe_open(ends, 0 if args[0].i else VFS_O_NONBLOCK)
    if error < 0:
        throw_errno(t, b"java/io/IOException", error)
        return
    result.l = <i64>ends[0] << 32 | ends[1]


cdef public void native_pipe_write_one(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u8 byte = <u8>args[1].i
    result.i = <i32>io_transferred(t, blocking_write(t, args[0].i, &byte, 1), 0)


# drain(int fd): takes all there is; was there anything?
cdef public void native_pipe_drain(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u8 buffer[128]
    cdef i64 count = sizeof(buffer)
    result.i = 0
    while count == sizeof(buffer):
        count = blocking_read(t, args[0].i, buffer, sizeof(buffer))
        if count > 0:
            result.i = 1
    if count < 0 and count != -EAGAIN:
        throw_errno(t, b"java/io/IOException", count)


cdef public void native_pipe_drain_one(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u8 byte
    cdef i64 count = blocking_read(t, args[0].i, &byte, 1)
    result.i = 0 if count == -EAGAIN else <i32>io_transferred(t, count, 0)


cdef public void native_event_open(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = event_counter_open(0)
    if result.i < 0:
        throw_errno(t, b"java/io/IOException", result.i)


cdef public void native_event_set(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64 one = 1
    cdef i64 count = blocking_write(t, args[0].i, &one, 8)
    if count < 0:
        throw_errno(t, b"java/io/IOException", count)
    result.i = 0


# --- sun.nio.ch.EPoll, PollSelectorImpl -----------------------------------------------------------------

cdef public void native_epoll_event_size(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = sizeof(ReadyEvent)


cdef public void native_epoll_create(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = readiness_open()
    if result.i < 0:
        throw_errno(t, b"java/io/IOException", result.i)


# ctl(int epfd, int opcode, int fd, int events): 0 or an errno
cdef public void native_epoll_control(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = -readiness_control(args[0].i, args[1].i, args[2].i, <u32>args[3].i, <u32>args[2].i)


# wait(int epfd, long events, int count, int timeout)
cdef public void native_epoll_wait(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int count
    thread_enter_safe(t)
    count = readiness_wait(args[0].i, <ReadyEvent*>args[1].raw, args[3].i, poll_deadline(args[4].i))
    thread_leave_safe(t)
    result.i = <i32>io_handled(t, count)


# struct pollfd
cdef struct PollPlace:
    i32 fd
    i16 events
    i16 ready


# poll(long address, int count, int timeout)
cdef public void native_poll_all(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef PollPlace* places = <PollPlace*>args[0].raw
    cdef i32 count = args[2].i
    cdef PollRequest* requests = <PollRequest*>kmalloc(<u64>count * sizeof(PollRequest))
    cdef i32 i
    cdef int ready
    if requests == NULL:
        throw_out_of_memory(t, b"native memory")
        return
    for i in range(count):
        requests[i].fd = places[i].fd
        requests[i].events = <u32>places[i].events
        requests[i].ready = 0
    thread_enter_safe(t)
    ready = vfs_poll(requests, <u64>count, poll_deadline(args[3].i))
    thread_leave_safe(t)
    for i in range(count):
        places[i].ready = <i16>requests[i].ready
    kfree(requests)
    if ready < 0:
        throw_errno(t, b"java/io/IOException", ready)
    result.i = ready
