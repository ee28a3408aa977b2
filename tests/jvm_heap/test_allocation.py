"""Allocation: placement, zeroing, spans, large objects, exhaustion, the debug switches."""

from __future__ import annotations

import pytest

from demitasse import _guest as guest

from .model import Heap

LINE, BLOCK, LARGE, PAGE = 256, 32768, 8192, 4096


def test_objects_are_aligned_zeroed_and_apart() -> None:
    heap = Heap()
    nodes = [heap.instance(n) for n in (0, 1, 3, 8) * 50]
    ends = sorted((n.address, n.address + guest.heap_size_of(n.address)) for n in nodes)
    assert all(a % 8 == 0 for a, _ in ends)
    assert all(end <= start for (_, end), (start, _) in zip(ends, ends[1:]))
    for node in nodes:
        node.check()
    heap.verify()


def test_an_exact_address_is_an_object_and_its_inside_is_around_it() -> None:
    heap = Heap(initial=4 << 20)
    node = heap.bytes(100)
    large = heap.bytes(100_000)
    for o, length in ((node, 112), (large, 100_016)):
        assert guest.heap_find(o.address) == o.address
        assert guest.heap_find(o.address + 8) == 0
        assert guest.heap_find(o.address + 1) == 0
        assert guest.heap_around(o.address + 1) == o.address
        assert guest.heap_around(o.address + length - 1) == o.address
        assert guest.heap_around(o.address + length) != o.address
    assert guest.heap_find(8) == 0 and guest.heap_around(8) == 0


def test_array_sizes() -> None:
    heap = Heap(initial=4 << 20)
    for shape, base, width in ((heap.byte_array, 12, 1), (heap.ref_array, 12, 4), (heap.long_array, 16, 8)):
        for length in (0, 1, 2, 3, 7, 8, 255, 1000, 5000):
            address = guest.heap_array(shape, length)
            assert guest.heap_size_of(address) == (base + length * width + 7) & ~7
            assert guest.heap_peek(address + 8) == length


@pytest.mark.parametrize("length", [-1, -(2**31), 2**31 - 1, 2**30])
def test_impossible_lengths_give_null(length: int) -> None:
    heap = Heap(1 << 20)
    for shape in (heap.byte_array, heap.ref_array, heap.long_array):
        assert guest.heap_array(shape, length) == 0
    heap.verify()
    assert heap.instance()


def test_spans_never_share_a_line() -> None:
    heap = Heap(4 << 20, initial=4 << 20)
    lines: dict[int, int] = {}
    for i in range(3000):
        span = i % 5
        node = heap.instance((0, 1, 3, 8)[i % 4], span) if i % 7 else heap.bytes(300 + i % 900, span)
        for line in range(node.address // LINE, (node.address + guest.heap_size_of(node.address) - 1) // LINE + 1):
            assert lines.setdefault(line, span) == span
    heap.verify()


def test_large_objects_start_on_pages_and_do_not_waste_blocks() -> None:
    heap = Heap(2 << 20, initial=2 << 20)
    nodes = [heap.bytes(LARGE + 1) for _ in range(20)]
    assert nodes[0] and all(n.address % PAGE == 0 for n in nodes)
    assert guest.heap_numbers()["committed"] <= 20 * 3 * PAGE + 2 * BLOCK
    for i, node in enumerate(nodes):
        heap.root(i, node)
    guest.heap_gc()
    heap.check()


def test_freed_large_pages_are_reused_zeroed() -> None:
    heap = Heap(1 << 20, initial=1 << 20, poison=1)
    for round_ in range(10):
        node = heap.bytes(600_000)
        assert node, f"round {round_}"
        guest.heap_poke(node.address + 1000, 0x77, 1)
    heap.verify()


def test_exhaustion_gives_null_and_recovers() -> None:
    heap = Heap(1 << 20)
    index = 0
    while node := heap.bytes(1000):
        heap.root(index, node)
        index += 1
    assert index * 1024 > (1 << 20) * 0.9
    assert heap.bytes(100_000) is None
    heap.check()
    for i in range(index):
        heap.root(i, None)
    assert heap.bytes(500_000)
    heap.verify()


def test_exhaustion_with_large_objects() -> None:
    heap = Heap(4 << 20)
    index = 0
    while node := heap.bytes(50_000):
        heap.root(index, node)
        index += 1
    assert index >= 70
    for i in range(0, index, 2):
        heap.root(i, None)
    assert heap.bytes(60_000) is None, "the holes are shorter"
    assert heap.bytes(49_000)
    heap.verify()


def test_medium_objects_find_holes_when_no_block_is_free() -> None:
    heap = Heap(1 << 20)
    index = 0
    while node := heap.bytes(2000):
        heap.root(index, node)
        index += 1
    # Every second one goes: eight lines free, eight in use, no free block.
    for i in range(0, index, 2):
        heap.root(i, None)
    count = 0
    while (node := heap.bytes(1500)) and count < index:
        heap.root(index + count, node)
        count += 1
    assert count > index // 4
    guest.heap_gc()
    heap.check()


def test_fragmented_lines_are_used_again() -> None:
    heap = Heap(1 << 20)
    kept = 0
    for i in range(20_000):
        node = heap.instance(3)
        assert node
        if i % 40 == 0:
            heap.root(kept, node)
            kept += 1
    assert guest.heap_numbers()["collections"] > 0
    guest.heap_gc()
    heap.check()


def test_collect_at_every_allocation() -> None:
    heap = Heap(1 << 20, collect_every=1, verify=1, poison=1)
    first = heap.instance(3)
    heap.root(0, first)
    node = first
    for i in range(60):
        following = heap.instance(3) if i % 3 else heap.wide_instance()
        guest.heap_stack_word(0, following.address)
        heap.link(node, 12, following)
        node = following
    assert guest.heap_numbers()["collections"] >= 61
    guest.heap_stack_word(0, 0)
    guest.heap_gc()
    heap.check()
    assert guest.heap_reports() == []


def test_the_nth_allocation_fails_once() -> None:
    heap = Heap(1 << 20)
    heap.instance()
    guest.heap_debug(fail_after=5)
    made = [heap.instance() is not None for _ in range(8)]
    assert made == [True] * 4 + [False] + [True] * 3
    heap.verify()


def test_a_retired_span_gives_its_lines_back() -> None:
    heap = Heap(1 << 20)
    node = heap.instance(3, span=2)
    heap.root(0, node)
    guest.heap_retire(2)
    guest.heap_gc()
    heap.check()
    assert heap.instance(3, span=2)
    heap.verify()


def test_small_heap_stays_small() -> None:
    heap = Heap(64 << 20, initial=1 << 20)
    for _ in range(100_000):
        heap.instance(3)
    numbers = guest.heap_numbers()
    assert numbers["committed"] <= (1 << 20) + 2 * BLOCK
    assert numbers["allocated"] >= 100_000 * 24


def test_the_budget_grows_with_the_live_set_and_memory_comes_back() -> None:
    heap = Heap(64 << 20, initial=1 << 20)
    for i in range(400):
        heap.root(i, heap.bytes(20_000))
    assert guest.heap_numbers()["collections"] < 12
    top = guest.heap_numbers()["committed"]
    assert top >= 400 * 20_000
    for i in range(400):
        heap.root(i, None)
    guest.heap_gc()
    numbers = guest.heap_numbers()
    assert numbers["committed"] <= BLOCK
    assert numbers["seen_released"] >= top - (3 << 20)
    # Released memory may hold anything: it is zeroed when it is handed out again.
    for i in range(300):
        heap.root(i, heap.bytes(20_000))
    guest.heap_gc()
    heap.check()


def test_statistics_count_whole_lines() -> None:
    heap = Heap(4 << 20)
    heap.root(0, heap.bytes(10_000))
    heap.root(1, heap.instance())
    guest.heap_gc()
    assert guest.heap_numbers()["used"] == 3 * PAGE + LINE
    assert guest.heap_numbers()["marked"] == 2


def one_small_object_in_each_block(maximum: int) -> Heap:
    """All blocks are in use, and each is free but for one object."""
    heap = Heap(maximum, initial=maximum)
    keeper = heap.array(maximum // 2000)
    heap.root(0, keeper)
    blocks = {keeper.address // BLOCK}
    offsets = list(keeper.targets)
    while node := heap.bytes(2000):
        heap.link(keeper, offsets.pop(), node)
    for offset, node in keeper.targets.items():
        if node and node.address // BLOCK in blocks:
            heap.link(keeper, offset, None)
        elif node:
            blocks.add(node.address // BLOCK)
    assert len(blocks) == maximum // BLOCK
    guest.heap_gc()
    return heap


@pytest.mark.parametrize("length", [LARGE + 1, 20_000])
def test_a_large_object_finds_a_hole_among_small_ones(length: int) -> None:
    heap = one_small_object_in_each_block(1 << 20)
    made = [heap.bytes(length) for _ in range(10)]
    assert all(made)
    for node in made:
        heap.root(len(heap.roots), node)
    guest.heap_gc()
    heap.check()


def test_a_small_heap_keeps_whole_blocks_for_large_arrays() -> None:
    heap = Heap(8 << 20, initial=0)
    keeper = heap.array(500)
    heap.root(0, keeper)
    for i in range(10_000):              # 20 MB; of 4000 objects in a row, 8 MB, one of eight lives
        node = heap.bytes(2000)
        assert node
        if i % 8 == 0:
            heap.link(keeper, 12 + 4 * (i // 8 % 500), node)
    assert heap.bytes(2 << 20)
    heap.verify()
