"""Sizes as java reads them, and the guest's memory chosen from -m and -Xmx."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demitasse.runtime import sizes
from demitasse.runtime.errors import UserError
from demitasse.runtime.sizes import GIB, KIB, MIB, choose_memory, format_size, guest_for, parse_size


@pytest.mark.parametrize(("text", "size"), [
    ("1", 1), ("512k", 512 * KIB), ("512K", 512 * KIB), ("64m", 64 * MIB), ("2g", 2 * GIB), ("1T", 1 << 40),
    ("0x10", 16), ("0", 0),
    ("", None), ("m", None), ("5q", None), ("-5", None), ("1.5g", None), (" 1m", None), ("1m ", None), ("1_0m", None), ("٣", None),
])
def test_parse(text: str, size: int | None) -> None:
    assert parse_size(text) == size


@given(st.integers(min_value=1, max_value=1 << 45))
def test_a_formatted_size_is_read_back(size: int) -> None:
    assert parse_size(format_size(size)) == size


def test_the_default_leaves_room_beside_the_heap() -> None:
    memory = choose_memory(None, None)
    assert memory.heap_max == sizes.DEFAULT_HEAP
    assert memory.guest >= memory.heap_max + sizes.DEFAULT_ROOM


@given(st.integers(min_value=sizes.LEAST_HEAP, max_value=sizes.MOST_HEAP))
def test_the_guest_is_large_enough_for_its_heap_and_takes_that_much_itself(heap: int) -> None:
    memory = choose_memory(None, heap)
    assert memory.heap_max == heap
    assert memory.guest == guest_for(heap, sizes.DEFAULT_ROOM)
    assert choose_memory(memory.guest, heap) == memory


@given(st.integers(min_value=guest_for(sizes.LEAST_HEAP), max_value=64 * GIB))
def test_the_heap_fits_into_the_guest(guest: int) -> None:
    memory = choose_memory(guest, None)
    assert sizes.LEAST_HEAP <= memory.heap_max <= sizes.MOST_HEAP
    assert guest_for(memory.heap_max) <= guest


@pytest.mark.parametrize(("guest", "heap", "words"), [
    (16 * MIB, None, ["Too little memory: -m 16m", "at least -m 41m"]),
    (64 * MIB, 64 * MIB, ["Too little memory: -m 64m", "at least -m 98m", "for -Xmx64m"]),
    (None, KIB, ["Too small maximum heap: -Xmx1k", "-Xmx8m"]),
    (None, 100 << 40, ["Too large maximum heap", "-Xmx32g"]),
])
def test_what_cannot_fit_is_one_line_with_the_minimum(guest: int | None, heap: int | None, words: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        choose_memory(guest, heap)
    assert all(word in str(caught.value) for word in words), caught.value
