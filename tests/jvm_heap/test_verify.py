"""heap_verify finds planted corruption and says what it is."""

from __future__ import annotations

import pytest

from demitasse import _guest as guest

from .model import Heap


@pytest.fixture
def heap() -> Heap:
    heap = Heap(2 << 20)
    a, b = heap.instance(3), heap.instance(3)
    heap.link(a, 12, b)
    heap.root(0, a)
    heap.root(1, heap.bytes(40_000))
    heap.root(2, heap.array(10))
    guest.heap_gc()
    heap.verify()
    return heap


def texts() -> list[str]:
    count, reports = guest.heap_check()
    assert count == len(reports) > 0
    return [text for text, _, _ in reports]


def test_wild_reference(heap: Heap) -> None:
    guest.heap_store(heap.roots[0].address, 16, heap.roots[0].address + 8)
    assert texts() == ["reference to no object"]


def test_reference_in_an_array(heap: Heap) -> None:
    guest.heap_poke(heap.roots[2].address + 12 + 36, 0x1234)
    assert texts() == ["reference to no object"]


def test_header_without_class(heap: Heap) -> None:
    guest.heap_poke(heap.roots[0].address, 0)
    assert "header with no class" in texts()


def test_header_with_a_wrong_class(heap: Heap) -> None:
    guest.heap_poke(heap.roots[0].address, guest.heap_peek(heap.roots[0].address) + 1)
    assert "header with no class" in texts()


def test_array_length_too_long(heap: Heap) -> None:
    guest.heap_poke(heap.roots[2].address + 8, 9000)
    assert "small object crosses its block's end" in texts()


def test_negative_array_length(heap: Heap) -> None:
    guest.heap_poke(heap.roots[2].address + 8, 0xFFFFFFFF)
    assert texts() == ["negative array length"]


def test_length_of_a_large_array(heap: Heap) -> None:
    guest.heap_poke(heap.roots[1].address + 8, 20_000)
    assert "large object outside of its pages" in texts()


def test_overlap(heap: Heap) -> None:
    big = heap.array(8)
    heap.instance(3)
    guest.heap_poke(big.address + 8, 12)
    assert "overlaps the object before it" in texts()


def test_writes_into_free_memory(heap: Heap) -> None:
    heap.instance(3)
    cursor, end = guest.heap_span_room(0)
    assert cursor < end
    guest.heap_poke(cursor, 1, 1)
    assert texts() == ["free memory of a span is not zero"]
