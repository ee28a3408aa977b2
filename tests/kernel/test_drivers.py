"""kernel/drivers: the driver's side of a virtqueue against a device that plays by the rules, and one that does not."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from demitasse import _guest as guest

WINDOW = 1 << 44
MASK = (1 << 64) - 1
NEXT, WRITE = 1, 2
EINVAL, EIO, ENOSPC = -22, -5, -28


class Device:
    """The other side: reads descriptors and the available ring, writes the used ring (virtio 1.2 §2.7)."""

    def __init__(self, queue: guest.Queue, size: int) -> None:
        self.size = size
        self.descriptors, self.available, self.used = queue.addresses()
        self.seen = 0
        self.used_index = 0

    def _read(self, address: int, form: str) -> tuple[int, ...]:
        return struct.unpack(form, guest.memory_read(address, struct.calcsize(form)))

    def waiting(self) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
        """(head, [(address, length, flags)]) of each chain that was made available since the last call."""
        index = self._read(self.available + 2, "<H")[0]
        while self.seen != index:
            head = self._read(self.available + 4 + 2 * (self.seen % self.size), "<H")[0]
            self.seen = (self.seen + 1) & 0xFFFF
            chain, at = [], head
            while True:
                address, length, flags, following = self._read(self.descriptors + 16 * at, "<QIHH")
                chain.append(((address + WINDOW) & MASK, length, flags))
                if not flags & NEXT:
                    break
                at = following
            yield head, chain

    def use(self, head: int, length: int) -> None:
        guest.memory_write(self.used + 4 + 8 * (self.used_index % self.size), struct.pack("<II", head & 0xFFFFFFFF, length))
        self.used_index = (self.used_index + 1) & 0xFFFF
        guest.memory_write(self.used + 2, struct.pack("<H", self.used_index))


@contextmanager
def made(size: int = 8) -> Iterator[tuple[guest.Queue, Device]]:
    queue = guest.Queue(size)
    assert queue.error == 0
    yield queue, Device(queue, size)
    assert queue.check()
    queue.destroy()


@pytest.mark.parametrize("size", [0, 3, 512, 65535])
def test_2_7_queue_size_is_a_power_of_two_in_bounds(size: int) -> None:
    assert guest.Queue(size).error == EINVAL


@pytest.mark.parametrize("size", [1, 2, 8, 256])
def test_2_7_alignment(size: int) -> None:
    with made(size) as (queue, _):
        table, available, used = queue.addresses()
        assert table % 16 == 0 and available % 2 == 0 and used % 4 == 0
        assert available >= table + 16 * size and used >= available + 6 + 2 * size


def test_2_7_5_chain_as_the_device_sees_it() -> None:
    with made() as (queue, device):
        assert queue.add([(WINDOW + 0x1000, 10, False), (WINDOW + 0x2000, 20, True), (WINDOW + 0x3000, 30, True)], 77) == 0
        [(head, chain)] = device.waiting()
        assert chain == [(WINDOW + 0x1000, 10, NEXT), (WINDOW + 0x2000, 20, NEXT | WRITE), (WINDOW + 0x3000, 30, WRITE)]
        assert queue.take() is None
        device.use(head, 50)
        assert queue.take() == (77, 50) and queue.take() is None and queue.free == 8


def test_2_7_4_2_readable_before_writable() -> None:
    with made() as (queue, _):
        assert queue.add([(WINDOW, 1, True), (WINDOW, 1, False)], 1) == EINVAL
        assert queue.add([], 1) == EINVAL and queue.add([(WINDOW, 1, False)], 0) == EINVAL
        assert queue.add([(WINDOW, 0xFFFFFFFF, True)] * 2, 1) == EINVAL


def test_full_queue() -> None:
    with made(4) as (queue, device):
        assert [queue.add([(WINDOW, 1, False)] * 3, i + 1) for i in range(2)] == [0, ENOSPC]
        assert queue.add([(WINDOW, 1, False)], 9) == 0 and queue.free == 0
        for head, _ in device.waiting():
            device.use(head, 0)
        assert [queue.take(), queue.take()] == [(1, 0), (9, 0)] and queue.free == 4


@pytest.mark.parametrize("seed", range(10))
def test_random_traffic_out_of_order(seed: int) -> None:
    """More than 65536 chains, so that every index wraps; used in any order."""
    rng = random.Random(seed)
    with made(16) as (queue, device):
        token, flying = 0, {}
        for _ in range(7000):
            while rng.random() < 0.8:
                buffers = [(WINDOW + rng.randrange(1 << 30), rng.randrange(100), i > 2) for i in range(rng.randrange(1, 6))]
                token += 1
                result = queue.add(buffers, token)
                if result:
                    assert result == ENOSPC and len(buffers) > queue.free
                    break
                [(head, chain)] = device.waiting()
                assert [(a, n) for a, n, _ in chain] == [(a, n) for a, n, _ in buffers]
                flying[head] = (token, sum(n for _, n, w in buffers if w))
            for head in rng.sample(sorted(flying), rng.randrange(len(flying) + 1)):
                expected, room = flying.pop(head)
                length = rng.randrange(room + 1)
                device.use(head, length)
                assert queue.take() == (expected, length)
        assert not queue.broken


@pytest.mark.parametrize("name, head, length", [
    ("id outside the queue", 8, 0), ("huge id", 0xFFFFFFFF, 0), ("id of a free descriptor", 5, 0),
    ("id inside a chain", 1, 0), ("length beyond the writable buffers", 0, 21), ("huge length", 0, 0xFFFFFFFF),
])
def test_2_7_8_hostile_used_element_breaks_the_queue(name: str, head: int, length: int) -> None:
    with made() as (queue, device):
        assert queue.add([(WINDOW, 10, False), (WINDOW, 20, True)], 7) == 0
        device.use(head, length)
        assert queue.take() is None and queue.broken
        assert queue.add([(WINDOW, 1, False)], 8) == EIO and queue.take() is None


def test_hostile_used_twice() -> None:
    with made() as (queue, device):
        queue.add([(WINDOW, 1, False)], 7)
        queue.add([(WINDOW, 1, False)], 8)
        device.use(0, 0)
        device.use(0, 0)
        assert queue.take() == (7, 0) and queue.take() is None and queue.broken


def test_hostile_used_index_leaps() -> None:
    with made() as (queue, device):
        queue.add([(WINDOW, 1, False)], 7)
        guest.memory_write(device.used + 2, struct.pack("<H", 9))
        assert queue.take() is None and queue.broken


@pytest.mark.parametrize("seed", range(50))
def test_garbage_from_the_device_does_no_harm(seed: int) -> None:
    """Whatever stands in the used ring: tokens given out are ones that were put in, each once."""
    rng = random.Random(seed)
    with made() as (queue, device):
        out: set[int] = set()
        for token in range(1, 200):
            if queue.add([(WINDOW, 4, True)] * rng.randrange(1, 4), token) == 0:
                out.add(token)
            guest.memory_write(device.used, struct.pack("<HH", rng.randrange(2), rng.choice([token, rng.randrange(65536)]) & 0xFFFF))
            guest.memory_write(device.used + 4, rng.randbytes(64) if rng.random() < 0.5 else
                               b"".join(struct.pack("<II", rng.randrange(9), rng.randrange(14)) for _ in range(8)))
            while (taken := queue.take()) is not None:
                assert taken[0] in out and taken[1] <= 12
                out.remove(taken[0])
            assert queue.check()


def test_2_7_10_no_notify_flag() -> None:
    with made() as (queue, device):
        assert queue.wants_notify()
        guest.memory_write(device.used, struct.pack("<H", 1))
        assert not queue.wants_notify()
