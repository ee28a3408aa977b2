# Shells of kernel/net, and of pipes, event counters and readiness sets: addresses are (host bytes, port).
from kernel.files.anonymous cimport anonymous_retire
from kernel.files.pipe cimport event_counter_open, pipe_open
from kernel.files.readiness cimport ReadyEvent, readiness_control, readiness_open, readiness_wait
from kernel.net.address cimport SocketAddress
from kernel.net.socket cimport (socket_accept, socket_bind, socket_connect, socket_error, socket_get_option, socket_listen, socket_local,
    socket_open, socket_peer, socket_receive, socket_send, socket_set_option, socket_shutdown)
from kernel.types cimport i32 as k_i32

cdef void net_address(SocketAddress* into, address):
    host, port = address
    bytes_memset(into, 0, sizeof(SocketAddress))
    into.port = port
    into.family = {0: 0, 4: 2, 16: 10}[len(host)]
    if len(host) == 4:
        host = bytes(10) + b"\xff\xff" + host
    bytes_memcpy(into.bytes, <const char*>host, len(host))

cdef object net_pair(SocketAddress* address):
    host = (<const char*>address.bytes)[:16]
    return (host[12:] if host[:12] == bytes(10) + b"\xff\xff" else host), address.port

def net_open(family: int, type: int, flags: int = 0) -> int:
    return socket_open(family, type, flags)

def net_bind(fd: int, address: tuple[bytes, int]) -> int:
    cdef SocketAddress a
    net_address(&a, address)
    return socket_bind(fd, &a)

def net_listen(fd: int, backlog: int) -> int:
    return socket_listen(fd, backlog)

def net_accept(fd: int, flags: int = 0o4000) -> int:
    cdef SocketAddress peer
    return socket_accept(fd, &peer, flags)

def net_connect(fd: int, address: tuple[bytes, int]) -> int:
    cdef SocketAddress a
    net_address(&a, address)
    return socket_connect(fd, &a)

def net_send(fd: int, data: bytes, to: tuple[bytes, int] | None = None, flags: int = 0o4000) -> int:
    cdef SocketAddress a
    if to is None:
        return socket_send(fd, <const char*>data, len(data), NULL, flags)
    net_address(&a, to)
    return socket_send(fd, <const char*>data, len(data), &a, flags)

def net_receive(fd: int, size: int, flags: int = 0o4000) -> int | tuple[bytes, tuple[bytes, int]]:
    cdef SocketAddress sender
    buffer = bytearray(max(size, 1))
    cdef k_u8[:] view = buffer
    cdef k_i64 n
    bytes_memset(&sender, 0, sizeof(sender))
    n = socket_receive(fd, &view[0], size, &sender, flags)
    if n < 0:
        return n
    return bytes(buffer[:n]), net_pair(&sender)

def net_shutdown(fd: int, how: int) -> int:
    return socket_shutdown(fd, how)

def net_local(fd: int) -> int | tuple[bytes, int]:
    cdef SocketAddress a
    cdef int error = socket_local(fd, &a)
    if error:
        return error
    return net_pair(&a)

def net_peer(fd: int) -> int | tuple[bytes, int]:
    cdef SocketAddress a
    cdef int error = socket_peer(fd, &a)
    if error:
        return error
    return net_pair(&a)

def net_error(fd: int) -> int:
    return socket_error(fd)

def net_set_option(fd: int, level: int, name: int, value: int) -> int:
    return socket_set_option(fd, level, name, value)

def net_get_option(fd: int, level: int, name: int) -> tuple[int, int]:
    cdef k_i32 value = 0
    cdef int error = socket_get_option(fd, level, name, &value)
    return error, value

def net_retire(fd: int) -> int:
    return anonymous_retire(fd)

def net_pipe(flags: int = 0o4000) -> int | tuple[int, int]:
    cdef int ends[2]
    cdef int error = pipe_open(ends, flags)
    if error:
        return error
    return ends[0], ends[1]

def net_event_counter() -> int:
    return event_counter_open(0o4000)

def ready_open() -> int:
    return readiness_open()

def ready_control(set_fd: int, operation: int, fd: int, events: int) -> int:
    return readiness_control(set_fd, operation, fd, <k_u32>events, <k_u64><k_i64>fd)

def ready_now(set_fd: int, count: int = 16) -> int | list[tuple[int, int]]:
    """What readiness_wait finds without waiting: (descriptor, events)."""
    cdef ReadyEvent events[16]
    cdef int n = readiness_wait(set_fd, events, count, 1)
    if n < 0:
        return n
    return [(events[i].fd, events[i].events) for i in range(n)]


# A thread that makes one blocking call, and another that acts on its descriptor a millisecond later.
cdef struct NetScene:
    int call                             # 0 accept, 1 receive, 2 send much, 3 connect, 4 poll, 5 readiness_wait, 6 pipe read
    int act                              # 0 retire, 1 close, 2 send 3 bytes, 3 connect, 4 accept, 5 shut down writing
    int fd
    int other
    SocketAddress address
    k_i64 result
    k_i64 acted

cdef NetScene net_scene
cdef k_u8 net_much[1 << 20]

cdef void net_blocked(void* argument) noexcept nogil:
    cdef NetScene* scene = <NetScene*>argument
    cdef SocketAddress peer
    cdef PollRequest request
    cdef ReadyEvent event
    if scene.call == 0:
        scene.result = socket_accept(scene.fd, &peer, 0)
    elif scene.call == 1:
        scene.result = socket_receive(scene.fd, net_much, 100, NULL, 0)
    elif scene.call == 2:
        scene.result = socket_send(scene.fd, net_much, sizeof(net_much), NULL, 0)
    elif scene.call == 3:
        scene.result = socket_connect(scene.fd, &scene.address)
    elif scene.call == 4:
        request.fd = scene.fd
        request.events = 1
        scene.result = vfs_poll(&request, 1, 0)
        if scene.result > 0:
            scene.result = request.ready
    elif scene.call == 5:
        scene.result = readiness_wait(scene.fd, &event, 1, 0)
        if scene.result > 0:
            scene.result = event.events
    else:
        scene.result = vfs_read(scene.fd, net_much, 100)

cdef void net_play(void* argument) noexcept nogil:
    cdef NetScene* scene = <NetScene*>argument
    cdef SocketAddress peer
    cdef Thread* thread = thread_create(b"blocked", net_blocked, scene, 0, 16)
    thread_start(thread)
    thread_sleep(host_clock + 1000000)
    if scene.act == 0:
        scene.acted = anonymous_retire(scene.other)
    elif scene.act == 1:
        scene.acted = vfs_close(scene.other)
    elif scene.act == 2:
        scene.acted = vfs_write(scene.other, b"abc", 3)
    elif scene.act == 3:
        scene.acted = socket_connect(scene.other, &scene.address)
    elif scene.act == 4:
        scene.acted = socket_accept(scene.other, &peer, 0)
    else:
        scene.acted = socket_shutdown(scene.other, 1)
    thread_join(thread, NULL, 0)

def net_blocking(call: int, fd: int, act: int, other: int, address: tuple[bytes, int] = (b"", 0)) -> tuple[int, int]:
    """The result of the blocked call, and that of what ended it."""
    net_scene.call = call
    net_scene.act = act
    net_scene.fd = fd
    net_scene.other = other
    net_scene.result = net_scene.acted = -9999
    net_address(&net_scene.address, address)
    assert host_guarded(net_play, &net_scene) == -1
    return net_scene.result, net_scene.acted
