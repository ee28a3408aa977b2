"""Marking: graphs against the model, conservative roots, mirrors, loaders, weak tables, overflow."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demitasse import _guest as guest

from .model import INSTANCE, REF_ARRAY, Heap, Node


def grow(heap: Heap, dice: random.Random, steps: int, limit: int) -> None:
    """Allocate, link, unlink and root at random; now and then collect and compare with the model."""
    for step in range(steps):
        choice = dice.random()
        live = heap.reachable()
        if choice < 0.55:
            makers = [lambda: heap.instance(dice.choice((0, 1, 3, 8)), dice.randrange(3)),
                      lambda: heap.split_instance(dice.randrange(3)),
                      lambda: heap.wide_instance(dice.randrange(3)),
                      lambda: heap.array(dice.choice((0, 1, 5, 40, 2100)), dice.randrange(3)),
                      lambda: heap.bytes(dice.choice((0, 1, 50, 300, 5000, 9000, 70_000)), dice.randrange(3))]
            node = dice.choices(makers, weights=(50, 20, 5, 15, 10))[0]()
            if node is None:
                heap.root(dice.randrange(limit), None)
                continue
            holders = [n for n in live if n.targets]
            if holders and dice.random() < 0.7:
                holder = dice.choice(holders)
                heap.link(holder, dice.choice(list(holder.targets)), node)
            else:
                heap.root(dice.randrange(limit), node)
        elif choice < 0.75 and live:
            holder = dice.choice(live)
            if holder.targets:
                heap.link(holder, dice.choice(list(holder.targets)), dice.choice([None, *live]))
        elif choice < 0.85:
            heap.root(dice.randrange(limit), dice.choice(live) if live and dice.random() < 0.4 else None)
        elif choice < 0.9:
            guest.heap_gc()
            heap.check()
    guest.heap_gc()
    heap.check()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), stack=st.sampled_from([0, 0, 3, 17]))
def test_random_graphs(seed: int, stack: int) -> None:
    grow(Heap(2 << 20, verify=1, poison=1, mark_stack=stack), random.Random(seed), 250, 8)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_random_graphs_in_a_heap_that_is_often_full(seed: int) -> None:
    grow(Heap(256 << 10, verify=1, poison=1), random.Random(seed), 400, 30)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_random_graphs_collected_at_every_third_allocation(seed: int) -> None:
    heap = Heap(1 << 20, verify=1, poison=1, collect_every=3)
    grow(heap, random.Random(seed), 150, 8)


@pytest.mark.parametrize("stack", [0, 1, 2, 64])
def test_a_long_list_needs_no_depth(stack: int) -> None:
    heap = Heap(8 << 20, mark_stack=stack)
    first = node = heap.instance(1)
    heap.root(0, first)
    for _ in range(5000):
        following = heap.instance(1)
        heap.link(node, 12, following)
        node = following
    guest.heap_gc()
    heap.check()


@pytest.mark.parametrize("stack", [1, 16, 5000])
def test_a_broad_array_overflows_the_mark_stack(stack: int) -> None:
    heap = Heap(8 << 20, mark_stack=stack)
    array = heap.array(3000)
    heap.root(0, array)
    for offset in array.targets:
        inner = heap.instance(1)
        heap.link(array, offset, inner)
        heap.link(inner, 12, heap.instance(0))
    guest.heap_gc()
    heap.check()


def test_many_long_arrays_overflow_the_array_stack() -> None:
    heap = Heap(32 << 20)
    outer = heap.array(1500)
    heap.root(0, outer)
    leaves = []
    for offset in outer.targets:
        inner = heap.array(2000)
        heap.link(outer, offset, inner)
        leaf = heap.instance(0)
        heap.link(inner, max(inner.targets), leaf)
        leaves.append(leaf)
    guest.heap_gc()
    for leaf in leaves:
        leaf.check()


def test_cycles_die() -> None:
    heap = Heap()
    a, b = heap.instance(3), heap.instance(3)
    heap.link(a, 12, b)
    heap.link(b, 12, a)
    guest.heap_gc()
    assert guest.heap_objects() == []


class TestConservativeRoots:
    def test_an_address_keeps_its_object(self) -> None:
        heap = Heap()
        node, lost = heap.instance(3), heap.instance(3)
        inner = heap.instance(0)
        heap.link(node, 16, inner)
        guest.heap_stack_word(5, node.address)
        guest.heap_gc()
        assert guest.heap_objects() == sorted([node.address, inner.address])
        node.check()

    def test_an_address_inside_keeps_it_too(self) -> None:
        heap = Heap(initial=1 << 20)
        small, large = heap.bytes(200), heap.bytes(50_000)
        guest.heap_stack_word(0, small.address + 211)
        guest.heap_stack_word(1, large.address + 40_000)
        guest.heap_gc()
        assert guest.heap_objects() == sorted([small.address, large.address])

    @pytest.mark.parametrize("word", [0, 1, 8, 2**63, 2**64 - 1, (1 << 44) - 8, 1 << 44])
    def test_other_words_keep_nothing(self, word: int) -> None:
        heap = Heap()
        heap.instance(3)
        guest.heap_stack_word(0, word)
        guest.heap_gc()
        assert guest.heap_objects() == []

    def test_the_space_behind_objects_is_no_object(self) -> None:
        heap = Heap()
        node = heap.instance(0)
        guest.heap_stack_word(0, node.address + 16)
        guest.heap_gc()
        assert guest.heap_objects() == []

    def test_a_dead_neighbour_stays_dead(self) -> None:
        heap = Heap()
        dead, live = heap.instance(3), heap.instance(3)
        heap.root(0, live)
        guest.heap_gc()
        guest.heap_stack_word(0, dead.address)
        guest.heap_gc()
        assert guest.heap_objects() == [live.address]

    def test_c_stacks_may_hold_compressed_references(self) -> None:
        heap = Heap()
        low, high, java = heap.instance(0), heap.instance(0), heap.instance(0)
        guest.heap_native_word(0, guest.heap_compress(low.address) | 77 << 32)
        guest.heap_native_word(1, guest.heap_compress(high.address) << 32 | 78)
        guest.heap_stack_word(0, guest.heap_compress(java.address))
        guest.heap_gc()
        assert guest.heap_objects() == sorted([low.address, high.address])


def test_a_mirror_reports_its_statics() -> None:
    heap = Heap()
    mirror = guest.heap_sized_object(heap.mirror, 16 + 4 * 500)
    guest.heap_poke(mirror + 8, 500)
    own, first, last = heap.instance(0), heap.instance(0), heap.instance(0)
    guest.heap_store(mirror, 12, own.address)
    guest.heap_store(mirror, 16, first.address)
    guest.heap_store(mirror, 16 + 4 * 499, last.address)
    heap.root(0, Node(mirror, 0, 0))
    guest.heap_gc()
    assert guest.heap_objects() == sorted([mirror, own.address, first.address, last.address])
    heap.verify()


def test_a_loader_keeps_what_the_client_says() -> None:
    heap = Heap()
    loader = guest.heap_object(heap.loader)
    guest.heap_poke(loader + 8, 7)
    parent, kept, other = heap.instance(0), heap.instance(0), heap.instance(0)
    guest.heap_store(loader, 12, parent.address)
    guest.heap_loaded(7, kept.address)
    guest.heap_loaded(8, other.address)
    guest.heap_root(0, loader)
    guest.heap_gc()
    assert guest.heap_objects() == sorted([loader, parent.address, kept.address])


def test_weak_tables_see_what_died() -> None:
    heap = Heap()
    live, dead = heap.instance(0), heap.instance(0)
    heap.root(0, live)
    guest.heap_weak(0, live.address)
    guest.heap_weak(1, dead.address)
    guest.heap_gc()
    assert guest.heap_weak_entry(0) == live.address
    assert guest.heap_weak_entry(1) == 0


UNLOADABLE = 0x80


def test_an_instance_of_an_unloadable_class_keeps_what_the_client_says() -> None:
    heap = Heap(1 << 22)
    holder, other = heap.instance(0), heap.instance(0)
    shapes = [guest.heap_shape(INSTANCE | UNLOADABLE, 24, [(8, 1)]), guest.heap_shape(REF_ARRAY | UNLOADABLE, log_element=2)]
    made = [guest.heap_object(shapes[0]), guest.heap_array(shapes[1], 3)]
    assert guest.heap_size_of(made[0]) == 24 and guest.heap_size_of(made[1]) == 24
    for shape, address in zip(shapes, made, strict=True):
        guest.heap_holder(shape, holder.address)
        target = heap.instance(0)
        guest.heap_store(address, 12 if shape == shapes[1] else 8, target.address)
        heap.root(0, Node(address, 0, 0))
        guest.heap_gc()
        assert {holder.address, target.address, address} <= set(guest.heap_objects())
        assert other.address not in guest.heap_objects() and guest.heap_check() == (0, [])


def test_words_in_the_watched_range_are_told() -> None:
    heap = Heap(1 << 22)
    low = (1 << 44) + (1 << 32)
    guest.heap_watch_range(low, low + 4096)
    heap.instance(0)
    for word in (low, low + 4095, low - 8, low + 4096, 5):
        guest.heap_native_word(0, word)
        guest.heap_gc()
        assert guest.heap_watched() == ([(word, False)] if low <= word < low + 4096 else []), hex(word)
    half = (low + 8 - (1 << 44)) >> 3
    for word in (half, half << 32, half | half << 32):
        guest.heap_native_word(0, word)
        guest.heap_gc()
        assert guest.heap_watched() == [(low + 8, True)] * (2 if word >> 32 and word & 0xFFFFFFFF else 1)
    guest.heap_watch_range(0, 0)
    guest.heap_gc()
    assert guest.heap_watched() == []
