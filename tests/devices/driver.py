"""The driver's side of virtio in Python: drives a device model through its registers and rings.

It can keep every rule and break each one; addresses are guest-physical.
"""

from __future__ import annotations

import struct
from typing import Any

from demitasse import _devices

F_NEXT, F_WRITE, F_INDIRECT = 1, 2, 4
#: Start of the guest's RAM, and where each queue's three areas lie.
RAM = 0x200000
DESC, AVAIL, USED = RAM, RAM + 0x1000, RAM + 0x2000
AREA = 0x200


class Queue:
    """One enabled queue; buffers go into descriptors from 0 on at each `post`."""

    def __init__(self, driver: Driver, number: int, size: int) -> None:
        self.driver = driver
        self.machine = driver.machine
        self.number = number
        self.size = size
        self.desc, self.avail, self.ring = (base + number * AREA for base in (DESC, AVAIL, USED))
        self.index = 0
        self.seen = 0

    def write16(self, address: int, value: int) -> None:
        self.machine.poke(address, struct.pack("<H", value))

    def set_flags(self, flags: int) -> None:
        self.write16(self.avail, flags)

    def describe(self, at: int, address: int, length: int, flags: int, following: int = 0) -> None:
        self.machine.poke(self.desc + 16 * at, struct.pack("<QIHH", address, length, flags, following))

    def offer(self, head: int, notify: bool = True) -> None:
        self.write16(self.avail + 4 + 2 * (self.index % self.size), head)
        self.index = (self.index + 1) % 65536
        self.write16(self.avail + 2, self.index)
        if notify:
            self.notify()

    def notify(self) -> None:
        self.machine.write(0x50, self.number)

    def post(self, buffers: list[tuple[int, int, int]], notify: bool = True, first: int = 0) -> None:
        for at, (address, length, flags) in enumerate(buffers, first):
            last = at == first + len(buffers) - 1
            self.describe(at, address, length, flags | (0 if last else F_NEXT), 0 if last else at + 1)
        self.offer(first, notify)

    def used_index(self) -> int:
        return int(struct.unpack("<H", self.machine.peek(self.ring + 2, 2))[0])

    def used(self) -> list[tuple[int, int]]:
        """New entries of the used ring as (head, length)."""
        found = []
        while self.seen != self.used_index():
            at = self.ring + 4 + 8 * (self.seen % self.size)
            found.append(struct.unpack("<II", self.machine.peek(at, 8)))
            self.seen = (self.seen + 1) % 65536
        return found


class Driver:
    """A device taken through §3.1.1 up to DRIVER_OK."""

    def __init__(self, kind: str, **settings: int) -> None:
        self.machine: Any = _devices.Machine(kind, **settings)
        self.restart()

    def restart(self) -> None:
        write, read = self.machine.write, self.machine.read
        write(0x70, 0)
        assert read(0x70) == 0
        write(0x70, 1)
        write(0x70, 3)
        write(0x14, 1)
        assert read(0x10) & 1  # VIRTIO_F_VERSION_1
        write(0x24, 1)
        write(0x20, 1)
        write(0x70, 11)
        assert read(0x70) == 11
        write(0x70, 15)
        self.machine.poke(DESC, bytes(0x3000))

    def setup(self, number: int, size: int, areas: tuple[int, int, int]) -> None:
        self.machine.write(0x30, number)
        self.machine.write(0x38, size)
        for register, address in zip((0x80, 0x90, 0xa0), areas):
            self.machine.write(register, address & 0xffffffff)
            self.machine.write(register + 4, address >> 32)
        self.machine.write(0x44, 1)

    def queue(self, number: int, size: int = 8) -> Queue:
        queue = Queue(self, number, size)
        self.setup(number, size, (queue.desc, queue.avail, queue.ring))
        assert self.machine.read(0x44) == 1
        return queue

    def broken(self) -> bool:
        return bool(self.machine.read(0x70) & 64)
