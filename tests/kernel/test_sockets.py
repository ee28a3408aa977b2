"""kernel/net and what it needs of kernel/files: each rule by itself, then with memory failing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings, strategies as st

from demitasse import _guest as guest

EINTR, EBADF, EAGAIN, ENOMEM, EEXIST, EINVAL, EPIPE, ENOENT, EPERM = -4, -9, -11, -12, -17, -22, -32, -2, -1
ENOTSOCK, EDESTADDRREQ, EMSGSIZE, ENOPROTOOPT, EOPNOTSUPP, EAFNOSUPPORT = -88, -89, -90, -92, -95, -97
EADDRINUSE, EADDRNOTAVAIL, ENETUNREACH, ECONNRESET, EISCONN, ENOTCONN = -98, -99, -101, -104, -106, -107
ECONNREFUSED, EALREADY, EINPROGRESS = -111, -114, -115
INET, INET6, STREAM, DATAGRAM, NONBLOCK = 2, 10, 1, 2, 0o4000
IN, OUT, ERR, HUP = 1, 4, 8, 16
LOOP4, LOOP6, ANY4, ANY6 = bytes([127, 0, 0, 1]), bytes(15) + b"\1", bytes(4), bytes(16)
SOCKET, REUSEADDR, RCVBUF, LINGER, REUSEPORT = 1, 2, 8, 13, 15
ADD, DELETE, MODIFY, ONE_SHOT, EDGE = 1, 2, 3, 1 << 30, 1 << 31


def listener(host: bytes = LOOP4, port: int = 0, backlog: int = 5, family: int | None = None) -> tuple[int, int]:
    fd = guest.net_open(family or (INET if len(host) == 4 else INET6), STREAM)
    assert fd >= 0
    assert guest.net_bind(fd, (host, port)) == 0 and guest.net_listen(fd, backlog) == 0
    return fd, guest.net_local(fd)[1]


def pair() -> tuple[int, int]:
    fd, port = listener()
    client = guest.net_open(INET, STREAM)
    assert guest.net_connect(client, (LOOP4, port)) == 0
    server = guest.net_accept(fd)
    assert server >= 0 and guest.fs_close(fd) == 0
    return client, server


def poll(fd: int, events: int = IN | OUT) -> int:
    ready: int = guest.fs_poll(fd, events)[1]
    return ready


def received(fd: int, size: int = 1000) -> int | bytes:
    answer = guest.net_receive(fd, size)
    return answer if isinstance(answer, int) else answer[0]


def test_addresses_of_a_connection() -> None:
    fd, port = listener()
    client = guest.net_open(INET, STREAM)
    assert guest.net_local(client) == (ANY4, 0) and guest.net_peer(client) == ENOTCONN
    assert guest.net_connect(client, (ANY4, port)) == 0         # the wildcard means this machine
    server = guest.net_accept(fd)
    assert guest.net_peer(client) == guest.net_local(server) == (LOOP4, port)
    assert guest.net_local(client) == guest.net_peer(server) and 32768 <= guest.net_local(client)[1] < 61000
    assert guest.net_connect(client, (LOOP4, port)) == EISCONN
    assert guest.net_accept(fd) == EAGAIN


@pytest.mark.parametrize(("bound", "to", "answer"), [
    (LOOP4, LOOP4, 0), (ANY4, LOOP4, 0), (ANY6, LOOP4, 0), (ANY6, LOOP6, 0), (LOOP6, LOOP6, 0),
    (LOOP6, LOOP4, ECONNREFUSED), (LOOP4, LOOP6, ECONNREFUSED), (ANY4, LOOP6, ECONNREFUSED),
    (LOOP4, bytes([127, 0, 0, 2]), ECONNREFUSED), (ANY4, bytes([127, 9, 9, 9]), 0), (ANY4, bytes([10, 0, 0, 1]), ENETUNREACH),
])
def test_who_listens_where(bound: bytes, to: bytes, answer: int) -> None:
    _, port = listener(bound)
    client = guest.net_open(INET6, STREAM)
    assert guest.net_connect(client, (to, port)) == answer


def test_families_and_other_descriptors() -> None:
    assert guest.net_open(3, STREAM) == EAFNOSUPPORT and guest.net_open(1, 2) == EAFNOSUPPORT and guest.net_open(INET, 7) == -93
    fd = guest.net_open(INET, STREAM)
    assert guest.net_connect(fd, (LOOP6, 80)) == EAFNOSUPPORT
    assert guest.net_bind(fd, (bytes([10, 0, 0, 1]), 0)) == EADDRNOTAVAIL
    plain = guest.fs_open(b"/f", 0o102)
    assert guest.net_listen(plain, 1) == ENOTSOCK and guest.net_listen(99, 1) == EBADF
    assert guest.fs_lseek(fd, 0, 0) == -29 and guest.fs_pread(fd, 1, 0) == -29
    assert guest.fs_fstat(fd)["mode"] & 0o170000 == 0o140000


def test_sharing_ports() -> None:
    fd, port = listener()
    for host, answer in ((LOOP4, EADDRINUSE), (ANY4, EADDRINUSE), (bytes([127, 0, 0, 2]), 0)):
        assert guest.net_bind(guest.net_open(INET, STREAM), (host, port)) == answer
    assert guest.net_bind(guest.net_open(INET6, STREAM), (LOOP6, port)) == 0
    assert guest.net_bind(guest.net_open(INET, DATAGRAM), (LOOP4, port)) == 0
    assert guest.net_bind(fd, (LOOP4, 0)) == EINVAL
    guest.fs_close(fd)
    first, second = guest.net_open(INET, STREAM), guest.net_open(INET, STREAM)
    for each in (first, second):
        assert guest.net_set_option(each, SOCKET, REUSEADDR, 1) == 0
        assert guest.net_bind(each, (LOOP4, port)) == 0
    assert guest.net_listen(first, 1) == 0 and guest.net_listen(second, 1) == EADDRINUSE


def test_a_listener_returns_while_its_connections_live() -> None:
    fd = guest.net_open(INET, STREAM)
    guest.net_set_option(fd, SOCKET, REUSEADDR, 1)
    assert guest.net_bind(fd, (LOOP4, 5000)) == 0 and guest.net_listen(fd, 1) == 0
    client = guest.net_open(INET, STREAM)
    assert guest.net_connect(client, (LOOP4, 5000)) == 0
    server = guest.net_accept(fd)
    guest.fs_close(fd)
    plain = guest.net_open(INET, STREAM)
    assert guest.net_bind(plain, (LOOP4, 5000)) == EADDRINUSE
    again = guest.net_open(INET, STREAM)
    guest.net_set_option(again, SOCKET, REUSEADDR, 1)
    assert guest.net_bind(again, (LOOP4, 5000)) == 0 and guest.net_listen(again, 1) == 0
    assert guest.net_send(client, b"x") == 1 and received(server) == b"x"


def test_bytes_both_ways_and_the_end() -> None:
    client, server = pair()
    assert received(client) == EAGAIN and poll(client) == OUT
    assert guest.net_send(client, b"hello") == 5 and poll(server) == IN | OUT and guest.fs_available(server) == 5
    assert received(server, 2) == b"he" and received(server) == b"llo"
    assert guest.net_shutdown(client, 1) == 0
    assert poll(server) == IN | OUT and received(server) == b"" and guest.net_send(client, b"x") == EPIPE
    assert guest.net_send(server, b"still") == 5 and received(client) == b"still"
    guest.fs_close(server)
    assert received(client) == b"" and poll(client) == IN | OUT | HUP
    assert guest.net_shutdown(guest.net_open(INET, STREAM), 1) == ENOTCONN


def test_back_pressure() -> None:
    client, server = pair()
    sent = guest.net_send(client, bytes(1 << 20))
    assert sent == 65536 and guest.net_send(client, b"x") == EAGAIN and poll(client) == 0
    assert len(received(server, 20000)) == 20000 and poll(client) == 0          # type: ignore[arg-type]
    assert len(received(server, 20000)) == 20000 and poll(client) == OUT        # type: ignore[arg-type]
    assert guest.net_set_option(server, SOCKET, RCVBUF, 100000) == 0
    assert guest.net_get_option(server, SOCKET, RCVBUF) == (0, 100000)
    assert guest.net_send(client, bytes(1 << 20)) == 100000 - (65536 - 40000)
    assert guest.net_get_option(server, SOCKET, 99) == (ENOPROTOOPT, 0)


def test_the_peer_is_gone() -> None:
    client, server = pair()
    guest.fs_close(server)
    assert received(client) == b"" and guest.net_send(client, b"x") == 1        # answered by a reset
    assert guest.net_send(client, b"x") == EPIPE and guest.net_send(client, b"x") == EPIPE and received(client) == b""


def test_closing_with_unread_data_resets() -> None:
    client, server = pair()
    guest.net_send(server, b"before")
    guest.net_send(client, b"unread")
    guest.fs_close(server)
    assert poll(client) == IN | OUT | ERR | HUP
    assert received(client) == b"before" and received(client) == ECONNRESET
    assert received(client) == b"" and guest.net_send(client, b"x") == EPIPE


def test_linger_0_resets() -> None:
    client, server = pair()
    guest.net_set_option(server, SOCKET, LINGER, 0)
    guest.fs_close(server)
    assert guest.net_error(client) == -ECONNRESET and guest.net_error(client) == 0


def test_connecting_without_blocking() -> None:
    fd, port = listener(backlog=0)
    clients = [guest.net_open(INET, STREAM, NONBLOCK) for _ in range(3)]
    assert [guest.net_connect(c, (LOOP4, port)) for c in clients] == [EINPROGRESS] * 3
    assert [poll(c, OUT) for c in clients] == [OUT, 0, 0] and guest.net_connect(clients[1], (LOOP4, port)) == EALREADY
    assert guest.net_accept(fd) >= 0
    assert [poll(c, OUT) for c in clients] == [OUT, OUT, 0] and guest.net_error(clients[1]) == 0
    guest.fs_close(fd)                   # one is in the queue: reset; one in line: refused
    assert guest.net_error(clients[1]) == -ECONNRESET and guest.net_error(clients[2]) == -ECONNREFUSED
    nobody = guest.net_open(INET, STREAM, NONBLOCK)
    assert guest.net_connect(nobody, (LOOP4, port)) == EINPROGRESS and poll(nobody) == IN | OUT | ERR | HUP
    assert guest.net_error(nobody) == -ECONNREFUSED


def test_a_connector_in_line_may_leave() -> None:
    fd, port = listener(backlog=0)
    clients = [guest.net_open(INET, STREAM, NONBLOCK) for _ in range(4)]
    for client in clients:
        guest.net_connect(client, (LOOP4, port))
    guest.fs_close(clients[2])
    accepted = [guest.net_accept(fd) for _ in range(4)]
    assert accepted[3] == EAGAIN and all(a >= 0 for a in accepted[:3])
    assert [guest.net_peer(a) for a in accepted[:3]] == [guest.net_local(clients[i]) for i in (0, 1, 3)]


def test_blocking_calls_end() -> None:
    fd, port = listener()
    client = guest.net_open(INET, STREAM)
    result, _ = guest.net_blocking(0, fd, 3, client, (LOOP4, port))
    assert result >= 0                   # accept by a connection
    assert guest.net_blocking(1, client, 2, result) == (3, 3)
    assert guest.net_blocking(1, client, 5, result) == (0, 0)
    assert guest.net_blocking(0, fd, 0, fd) == (EINTR, 0)       # accept by being closed under it
    assert guest.fs_read(fd, 1) == b"" and guest.fs_write(fd, b"x") == EPIPE and guest.net_accept(fd) == ENOTSOCK
    for call, answer in ((1, EINTR), (2, 65536), (4, IN | OUT | HUP & 0)):
        client, server = pair()
        result, acted = guest.net_blocking(call, client, 0, client)
        assert acted == 0 and (result == answer or (call == 4 and result & IN))
    client, server = pair()
    assert guest.net_blocking(4, client, 2, server) == (IN, 3)
    assert guest.net_blocking(1, client, 2, server) == (3, 3)
    client, server = pair()
    assert guest.net_blocking(2, client, 1, server) == (65536, 0)       # what went before the reset
    assert guest.net_send(client, b"x") == EPIPE


def test_blocked_connect() -> None:
    fd, port = listener(backlog=0)
    first, second = guest.net_open(INET, STREAM), guest.net_open(INET, STREAM)
    assert guest.net_connect(first, (LOOP4, port)) == 0
    assert guest.net_blocking(3, second, 4, fd, (LOOP4, port))[0] == 0
    third = guest.net_open(INET, STREAM)
    assert guest.net_blocking(3, third, 1, fd, (LOOP4, port)) == (ECONNREFUSED, 0)


def test_datagrams() -> None:
    a, b = guest.net_open(INET6, DATAGRAM), guest.net_open(INET, DATAGRAM)
    assert guest.net_bind(a, (ANY6, 7000)) == 0 and received(a) == EAGAIN and poll(a) == OUT
    assert guest.net_send(b, b"x") == EDESTADDRREQ and guest.net_send(b, bytes(65508), (LOOP4, 7000)) == EMSGSIZE
    assert guest.net_send(b, b"one", (LOOP4, 7000)) == 3 and guest.net_send(b, b"", (LOOP4, 7000)) == 0
    assert guest.fs_available(a) == 3 and poll(a) == IN | OUT
    data, sender = guest.net_receive(a, 2)
    assert data == b"on" and sender == (LOOP4, guest.net_local(b)[1])   # the rest is lost
    assert received(a) == b"" and received(a) == EAGAIN
    assert guest.net_send(a, b"back", sender) == 4 and received(b) == b"back"
    assert guest.net_listen(a, 1) == EOPNOTSUPP and guest.net_accept(a) == EOPNOTSUPP
    assert guest.net_send(b, b"lost", (LOOP4, 7001)) == 4 and received(b) == EAGAIN


def test_connected_datagrams() -> None:
    a, b, c = (guest.net_open(INET, DATAGRAM) for _ in range(3))
    for each in (a, b, c):
        assert guest.net_bind(each, (LOOP4, 0)) == 0
    assert guest.net_connect(a, guest.net_local(b)) == 0
    guest.net_send(c, b"stranger", guest.net_local(a))
    assert received(a) == EAGAIN
    assert guest.net_send(a, b"x") == 1 and received(b) == b"x"
    guest.fs_close(b)
    assert guest.net_send(a, b"x") == 1 and poll(a) & ERR and received(a) == ECONNREFUSED and received(a) == EAGAIN
    assert guest.net_connect(a, (b"", 0)) == 0 and guest.net_peer(a) == ENOTCONN
    guest.net_send(c, b"stranger", guest.net_local(a))
    assert received(a) == b"stranger"


def test_datagrams_that_find_no_room_are_lost() -> None:
    a, b = guest.net_open(INET, DATAGRAM), guest.net_open(INET, DATAGRAM)
    guest.net_bind(a, (LOOP4, 7000))
    guest.net_set_option(a, SOCKET, RCVBUF, 5000)
    for _ in range(10):
        assert guest.net_send(b, bytes(1000), (LOOP4, 7000)) == 1000
    count = 0
    while received(a) != EAGAIN:
        count += 1
    assert count == 4


def test_pipes() -> None:
    reader, writer = guest.net_pipe()
    assert guest.fs_read(reader, 1) == EAGAIN and guest.fs_write(reader, b"x") == EBADF and guest.fs_read(writer, 1) == EBADF
    assert guest.fs_write(writer, bytes(70000)) == 65536 and guest.fs_write(writer, b"x") == EAGAIN and poll(writer, OUT) == 0
    assert len(guest.fs_read(reader, 4095)) == 4095 and poll(writer, OUT) == 0 and guest.fs_write(writer, bytes(4096)) == EAGAIN
    assert len(guest.fs_read(reader, 1)) == 1 and poll(writer, OUT) == OUT and guest.fs_write(writer, bytes(4096)) == 4096
    assert guest.fs_close(writer) == 0 and poll(reader, IN) == IN | HUP
    assert len(guest.fs_read(reader, 70000)) == 65536 and guest.fs_read(reader, 1) == b"" and poll(reader, IN) == HUP
    reader, writer = guest.net_pipe(0)
    assert guest.net_blocking(6, reader, 2, writer) == (3, 3)
    assert guest.net_blocking(6, reader, 0, reader) == (EINTR, 0)
    assert guest.fs_write(writer, b"x") == EPIPE


def test_event_counters() -> None:
    fd = guest.net_event_counter()
    assert guest.fs_read(fd, 8) == EAGAIN and guest.fs_read(fd, 7) == EINVAL and poll(fd) == OUT
    for value in (1, 5):
        assert guest.fs_write(fd, value.to_bytes(8, "little")) == 8
    assert poll(fd) == IN | OUT and guest.fs_read(fd, 8) == (6).to_bytes(8, "little") and guest.fs_read(fd, 8) == EAGAIN
    assert guest.fs_write(fd, b"\xff" * 8) == EINVAL
    assert guest.fs_write(fd, (2**64 - 2).to_bytes(8, "little")) == 8 and poll(fd) == IN
    assert guest.fs_write(fd, (1).to_bytes(8, "little")) == EAGAIN


def test_readiness_sets() -> None:
    ready = guest.ready_open()
    client, server = pair()
    assert guest.ready_control(ready, ADD, client, IN) == 0 and guest.ready_control(ready, ADD, client, IN) == EEXIST
    assert guest.ready_now(ready) == [] and poll(ready) == 0
    guest.net_send(server, b"x")
    assert poll(ready) == IN and guest.ready_now(ready) == [(client, IN)] == guest.ready_now(ready)     # level
    assert guest.ready_control(ready, MODIFY, client, OUT) == 0 and guest.ready_now(ready) == [(client, OUT)]
    assert guest.ready_control(ready, MODIFY, client, IN | ONE_SHOT) == 0
    assert guest.ready_now(ready) == [(client, IN)] and guest.ready_now(ready) == []
    guest.net_send(server, b"y")
    assert guest.ready_now(ready) == []
    assert guest.ready_control(ready, MODIFY, client, IN | EDGE) == 0
    assert guest.ready_now(ready) == [(client, IN)] and guest.ready_now(ready) == []
    guest.net_send(server, b"z")
    assert guest.ready_now(ready) == [(client, IN)]
    assert guest.ready_control(ready, ADD, server, IN | OUT) == 0 and guest.ready_now(ready) == [(server, OUT)]
    guest.fs_close(server)               # its interest ends with it
    assert guest.ready_now(ready) == [(client, IN)]
    assert guest.ready_control(ready, DELETE, client, 0) == 0 and guest.ready_control(ready, DELETE, client, 0) == ENOENT
    assert guest.ready_now(ready) == []
    plain = guest.fs_open(b"/f", 0o102)
    assert guest.ready_control(ready, ADD, plain, IN) == EPERM and guest.ready_control(ready, ADD, 99, IN) == EBADF
    assert guest.ready_control(ready, ADD, ready, IN) == EINVAL and guest.ready_control(plain, ADD, client, IN) == EINVAL
    assert guest.ready_now(ready, 0) == EINVAL


def test_readiness_sets_wait_and_nest() -> None:
    outer, inner = guest.ready_open(), guest.ready_open()
    counter = guest.net_event_counter()
    assert guest.ready_control(inner, ADD, counter, IN) == 0 and guest.ready_control(outer, ADD, inner, IN) == 0
    client, server = pair()
    assert guest.ready_control(inner, ADD, client, IN) == 0
    while guest.ready_now(inner):
        pass
    assert guest.ready_now(outer) == []
    assert guest.net_blocking(5, outer, 2, server) == (IN, 3)
    assert guest.ready_now(inner) == [(client, IN)]
    assert received(client) == b"abc" and guest.ready_now(inner) == [] == guest.ready_now(outer)
    assert guest.net_blocking(5, outer, 0, outer) == (EINTR, 0)
    guest.fs_close(inner)


@given(st.integers(0, 1 << 30))
@settings(max_examples=30, deadline=None)
def test_a_stream_is_what_was_sent(seed: int) -> None:
    guest.kernel_reset()
    choose = random.Random(seed)
    client, server = pair()
    guest.net_set_option(server, SOCKET, RCVBUF, choose.choice([1024, 5000, 65536]))
    sent, got = b"", b""
    for _ in range(60):
        if choose.random() < 0.5:
            data = choose.randbytes(choose.choice([1, 100, 3000, 9000]))
            count = guest.net_send(client, data)
            assert count > 0 or count == EAGAIN
            sent += data[:max(count, 0)]
        else:
            data = received(server, choose.choice([1, 50, 4096, 20000]))
            got += data if isinstance(data, bytes) else b""
            assert sent.startswith(got)
    guest.fs_close(client)
    while (data := received(server)) != b"":
        got += data                      # type: ignore[operator]
    assert got == sent


def story() -> None:
    """Some of everything; calls may fail, what was opened is closed."""
    opened: list[int] = []

    def keep(fd: int) -> int:
        if fd >= 0:
            opened.append(fd)
        return fd

    fd = keep(guest.net_open(INET6, STREAM, NONBLOCK))
    guest.net_bind(fd, (ANY6, 6000))
    guest.net_listen(fd, 0)
    ready = keep(guest.ready_open())
    guest.ready_control(ready, ADD, fd, IN)
    clients = [keep(guest.net_open(INET, STREAM, NONBLOCK)) for _ in range(3)]
    for client in clients:
        guest.net_connect(client, (LOOP4, 6000))
        guest.ready_control(ready, ADD, client, OUT)
    guest.ready_now(ready)
    for _ in range(2):
        server = keep(guest.net_accept(fd))
        guest.net_send(server, bytes(10000))
        guest.net_send(clients[0], bytes(10000))
        received(clients[0], 5000)
    ends = guest.net_pipe()
    if not isinstance(ends, int):
        opened.extend(ends)
        guest.fs_write(ends[1], bytes(9000))
        guest.net_retire(ends[1])
    keep(guest.net_event_counter())
    a, b = keep(guest.net_open(INET, DATAGRAM, NONBLOCK)), keep(guest.net_open(INET, DATAGRAM, NONBLOCK))
    guest.net_bind(a, (LOOP4, 6001))
    guest.net_send(b, b"data", (LOOP4, 6001))
    guest.net_connect(b, (LOOP4, 6001))
    guest.net_send(b, b"data")
    received(a)
    if clients[1] >= 0:
        guest.net_retire(clients[1])
    guest.fs_poll(fd, IN)
    for each in opened:
        assert guest.fs_close(each) == 0


def test_nothing_is_lost_when_memory_fails() -> None:
    story()                              # what is made once stays: the table of descriptors
    before = guest.kheap_numbers()[0]
    story()
    assert guest.kheap_numbers()[0] == before
    for nth in range(1, 70):
        guest.kheap_fail(nth)
        story()
        guest.kheap_fail(0)
        assert guest.kheap_numbers()[0] == before, nth
    assert guest.kheap_good()
