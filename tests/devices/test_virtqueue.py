"""Split virtqueues under a driver that keeps the rules, and under one that does not (virtio 1.2 §2.7)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from .driver import AVAIL, DESC, F_INDIRECT, F_NEXT, F_WRITE, RAM, USED, Driver


def test_entropy_fills_a_buffer() -> None:
    driver = Driver("entropy")
    queue = driver.queue(0)
    queue.post([(RAM + 0x8000, 100, F_WRITE)])
    assert queue.used() == [(0, 100)]
    assert len(set(driver.machine.peek(RAM + 0x8000, 100))) > 20
    assert driver.machine.peek(RAM + 0x8000 + 100, 16) == bytes(16)
    assert driver.machine.interrupts == 1


def test_2_7_7_no_interrupt_when_the_driver_asks_so() -> None:
    driver = Driver("entropy")
    queue = driver.queue(0)
    queue.set_flags(1)
    queue.post([(RAM + 0x8000, 4, F_WRITE)])
    assert queue.used() == [(0, 4)] and driver.machine.interrupts == 0


def test_2_7_13_indices_wrap_around() -> None:
    driver = Driver("entropy")
    queue = driver.queue(0, size=4)
    for _ in range(70000):
        queue.post([(RAM + 0x8000, 1, F_WRITE)])
    assert queue.used_index() == 70000 % 65536 and not driver.broken()


def test_2_7_4_buffers_of_a_chain_in_order() -> None:
    driver = Driver("entropy")
    queue = driver.queue(0)
    queue.post([(RAM + 0x8000, 8, 0), (RAM + 0x9000, 8, F_WRITE), (RAM + 0xA000, 8, F_WRITE)])
    assert queue.used() == [(0, 16)]
    assert driver.machine.peek(RAM + 0x8000, 8) == bytes(8) != driver.machine.peek(RAM + 0xA000, 8)


def breaks(change: "dict[str, int] | None" = None, buffers: "list[tuple[int, int, int]] | None" = None,
           size: int = 8) -> None:
    """The device asks for a reset, touches nothing, and works again after the reset."""
    driver = Driver("entropy")
    queue = driver.queue(0, size=size)
    before = driver.machine.peek(RAM + 0x8000, 0x8000)
    if buffers is not None:
        queue.post(buffers)
    for address, value in (change or {}).items():
        queue.write16(int(address), value)
    queue.notify()
    assert driver.broken() and queue.used() == []
    assert driver.machine.peek(RAM + 0x8000, 0x8000) == before
    assert driver.machine.interrupts == 1  # §2.1.2: a configuration change notification
    assert driver.machine.read(0x60) == 2
    queue.notify()
    assert queue.used() == []
    driver.restart()
    queue = driver.queue(0)
    queue.post([(RAM + 0x8000, 4, F_WRITE)])
    assert queue.used() == [(0, 4)]


def test_2_7_5_chain_with_a_loop() -> None:
    driver = Driver("entropy")
    queue = driver.queue(0)
    queue.describe(0, RAM + 0x8000, 4, F_WRITE | F_NEXT, 1)
    queue.describe(1, RAM + 0x8000, 4, F_WRITE | F_NEXT, 0)
    queue.offer(0)
    assert driver.broken() and queue.used() == []


def test_2_7_5_next_outside_the_table() -> None:
    driver = Driver("entropy")
    queue = driver.queue(0)
    queue.describe(0, RAM + 0x8000, 4, F_WRITE | F_NEXT, 8)
    queue.offer(0)
    assert driver.broken() and queue.used() == []


def test_2_7_6_head_outside_the_table() -> None:
    driver = Driver("entropy")
    queue = driver.queue(0)
    queue.offer(8)
    assert driver.broken()


def test_2_7_13_too_many_chains() -> None:
    breaks({str(AVAIL + 2): 9})


def test_2_7_5_3_indirect_was_not_offered() -> None:
    breaks(buffers=[(RAM + 0x8000, 16, F_INDIRECT)])


def test_2_7_4_2_readable_behind_writable() -> None:
    breaks(buffers=[(RAM + 0x8000, 4, F_WRITE), (RAM + 0x8000, 4, 0)])


def test_buffers_outside_memory() -> None:
    driver = Driver("entropy")
    end = RAM + driver.machine.size
    for address, length in ((end - 3, 4), (end, 1), (RAM - 1, 1), (0, 1), (2**64 - 4, 8), (RAM, 2**32 - 1)):
        breaks(buffers=[(address, length, F_WRITE)])


def test_writable_buffer_in_constant_memory() -> None:
    breaks(buffers=[(Driver("entropy").machine.constant_start, 4, F_WRITE)])


def test_2_7_areas_are_checked_when_the_queue_is_enabled() -> None:
    driver = Driver("entropy")
    end = RAM + driver.machine.size
    constant = driver.machine.constant_start
    for size, areas in (
        (0, (DESC, AVAIL, USED)), (3, (DESC, AVAIL, USED)), (512, (DESC, AVAIL, USED)), (2**31, (DESC, AVAIL, USED)),
        (8, (DESC + 8, AVAIL, USED)), (8, (DESC, AVAIL + 1, USED)), (8, (DESC, AVAIL, USED + 2)),
        (8, (end - 64, AVAIL, USED)), (8, (DESC, end - 8, USED)), (8, (DESC, AVAIL, end - 8)),
        (8, (DESC, AVAIL, constant)), (8, (2**64 - 16, AVAIL, USED)),
    ):
        driver.restart()
        driver.setup(0, size, areas)
        assert driver.broken(), (size, areas)
        driver.machine.write(0x50, 0)


def test_memory_ranges() -> None:
    machine = Driver("entropy").machine
    assert machine.inside(RAM, machine.size, True) and not machine.inside(RAM, machine.size + 1, True)
    assert machine.inside(RAM + machine.size, 0, True)
    assert not machine.inside(RAM + 1, 2**64 - 1, False)
    assert machine.inside(machine.constant_start, 4096, False)
    assert not machine.inside(machine.constant_start, 1, True)


@settings(max_examples=300, deadline=None)
@given(ring=st.binary(min_size=0x180, max_size=0x180), index=st.integers(0, 65535))
def test_any_bytes_as_rings_are_survived(ring: bytes, index: int) -> None:
    driver = Driver("entropy")
    queue = driver.queue(0)
    driver.machine.poke(DESC, ring[:0x80])
    driver.machine.poke(AVAIL, ring[0x80:0xA0])
    queue.write16(AVAIL + 2, index)
    queue.notify()
    queue.notify()
    assert queue.used_index() <= 8
