"""The register block (virtio 1.2 §4.2.2) and the console (§5.3)."""

from __future__ import annotations

import os
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demitasse import _devices

from .driver import F_WRITE, RAM, Driver


def test_4_2_2_identity() -> None:
    machine = _devices.Machine("console")
    assert [machine.read(offset) for offset in (0, 4, 8)] == [0x74726976, 2, 3]
    assert _devices.Machine("entropy").read(8) == 4


def test_queue_sizes() -> None:
    machine = _devices.Machine("console")
    for number, size in ((0, 256), (1, 256), (2, 0), (2**32 - 1, 0)):
        machine.write(0x30, number)
        assert machine.read(0x34) == size and machine.read(0x44) == 0


@pytest.mark.parametrize("low, high, agreed", [(0, 1, True), (0, 0, False), (1, 1, False), (0, 3, False)])
def test_3_1_1_features_are_a_subset_with_version_1(low: int, high: int, agreed: bool) -> None:
    machine = _devices.Machine("console")
    machine.write(0x70, 3)
    for select, bits in ((0, low), (1, high)):
        machine.write(0x24, select)
        machine.write(0x20, bits)
    machine.write(0x70, 11)
    assert bool(machine.read(0x70) & 8) is agreed
    machine.write(0x70, 15)
    assert bool(machine.read(0x70) & 4) is agreed


def test_2_1_1_bits_are_cleared_by_reset_only() -> None:
    driver = Driver("console")
    driver.machine.write(0x70, 1)
    assert driver.machine.read(0x70) == 15
    driver.machine.write(0x70, 64)
    assert not driver.broken()
    driver.machine.write(0x70, 0)
    assert driver.machine.read(0x70) == 0


def test_4_2_2_2_a_live_queue_keeps_its_areas() -> None:
    read, write = os.pipe()
    driver = Driver("console", output=write)
    queue = driver.queue(1)
    driver.machine.write(0x80, 0)
    driver.machine.write(0x38, 4)
    driver.machine.poke(RAM + 0x8000, b"still here")
    queue.post([(RAM + 0x8000, 10, 0)])
    assert os.read(read, 100) == b"still here"
    driver.machine.write(0x30, 1)
    driver.machine.write(0x44, 0)
    assert driver.machine.read(0x44) == 0
    queue.post([(RAM + 0x8000, 10, 0)])
    assert queue.used() == [(0, 0)]  # of the first post
    os.close(read)
    os.close(write)


def test_nothing_moves_before_driver_ok() -> None:
    machine = _devices.Machine("console")
    machine.write(0x50, 1)
    machine.write(0x50, 77)
    assert machine.read(0x60) == 0 and machine.wants_input() == -1


def test_interrupt_is_acknowledged() -> None:
    driver = Driver("entropy")
    driver.queue(0).post([(RAM + 0x8000, 1, F_WRITE)])
    assert driver.machine.read(0x60) == 1
    driver.machine.write(0x64, 1)
    assert driver.machine.read(0x60) == 0


def test_configuration_space_is_bounded() -> None:
    machine = _devices.Machine("console")
    for offset in (0, 60, 64, 0xefc, 2**32 - 4 - 0x100):
        assert machine.read(0x100 + offset) == 0
        assert machine.read_config(offset, 1) == 0


@settings(max_examples=300, deadline=None)
@given(writes=st.lists(st.tuples(st.one_of(st.integers(0, 0x110), st.integers(0, 2**32 - 1)),
                                 st.one_of(st.integers(0, 16), st.integers(0, 2**32 - 1))), max_size=40),
       kind=st.sampled_from(["console", "entropy"]))
def test_any_register_writes_are_survived(writes: list[tuple[int, int]], kind: str) -> None:
    machine = _devices.Machine(kind)
    for offset, value in writes:
        machine.write(offset, value)
        machine.read(offset)
    machine.write(0x70, 0)
    assert machine.read(0x70) == 0


def test_5_3_transmit_writes_before_the_notification_returns() -> None:
    read, write = os.pipe()
    driver = Driver("console", output=write)
    driver.machine.poke(RAM + 0x8000, b"hello, world")
    queue = driver.queue(1)
    queue.post([(RAM + 0x8000, 7, 0), (RAM + 0x8007, 0, 0), (RAM + 0x8007, 5, 0)])
    assert queue.used() == [(0, 0)] and os.read(read, 100) == b"hello, world"
    os.close(read)
    os.close(write)


def test_transmit_through_a_full_pipe() -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    driver = Driver("console", output=write, size=1 << 20)
    data = os.urandom(400_000)
    driver.machine.poke(RAM + 0x8000, data)
    got = bytearray()

    def drain() -> None:
        while len(got) < len(data):
            got.extend(os.read(read, 1 << 16))

    # The model does not let go of the interpreter while it waits for room: drain from a process.
    child = os.fork()
    if child == 0:
        os.close(write)
        drain()
        os._exit(0 if bytes(got) == data else 1)
    os.close(read)
    queue = driver.queue(1)
    queue.post([(RAM + 0x8000, len(data), 0)])
    assert queue.used() == [(0, 0)]
    os.close(write)
    assert os.waitpid(child, 0)[1] == 0


def test_transmit_to_a_closed_pipe_is_dropped() -> None:
    read, write = os.pipe()
    os.close(read)
    driver = Driver("console", output=write)
    queue = driver.queue(1)
    for _ in range(3):
        queue.post([(RAM + 0x8000, 10, 0)])
    assert queue.used() == [(0, 0)] * 3 and not driver.broken()
    os.close(write)


def test_receive_only_what_is_there() -> None:
    read, write = os.pipe()
    driver = Driver("console", input=read)
    queue = driver.queue(0)
    assert driver.machine.wants_input() == -1
    os.write(write, b"abcdef")
    assert not driver.machine.receive() and queue.used() == []  # no buffer: not a byte is taken
    queue.post([(RAM + 0x8000, 4, F_WRITE)])
    assert queue.used() == [(0, 4)] and driver.machine.peek(RAM + 0x8000, 4) == b"abcd"
    queue.post([(RAM + 0x8000, 1, F_WRITE), (RAM + 0x9000, 9, F_WRITE)])
    assert queue.used() == [(0, 2)] and driver.machine.peek(RAM + 0x9000, 1) == b"f"
    queue.post([(RAM + 0x8000, 4, F_WRITE)])
    assert queue.used() == [] and driver.machine.wants_input() == read
    os.write(write, b"x")
    assert driver.machine.receive() and queue.used() == [(0, 1)]
    os.close(write)
    os.close(read)


def test_end_of_input_is_a_used_buffer_of_length_0() -> None:
    read, write = os.pipe()
    os.write(write, b"end")
    os.close(write)
    driver = Driver("console", input=read)
    queue = driver.queue(0)
    for expected in (3, 0, 0):
        queue.post([(RAM + 0x8000, 8, F_WRITE)])
        assert queue.used() == [(0, expected)]
    os.close(read)


def test_console_without_an_input_is_at_its_end() -> None:
    queue = Driver("console").queue(0)
    queue.post([(RAM + 0x8000, 8, F_WRITE)])
    assert queue.used() == [(0, 0)]


def test_empty_pipe_read_by_another_is_no_end() -> None:
    read, write = os.pipe()
    os.set_blocking(read, False)
    driver = Driver("console", input=read)
    queue = driver.queue(0)
    queue.post([(RAM + 0x8000, 8, F_WRITE)])
    timer = threading.Timer(0.01, lambda: os.write(write, b"late"))
    timer.start()
    timer.join()
    assert driver.machine.receive() and queue.used() == [(0, 4)]
    os.close(read)
    os.close(write)
