"""Soft, weak, final and phantom references, in the order that java.lang.ref promises."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demitasse import _guest as guest

from .model import (DISCOVERED, FINAL, NEXT, PHANTOM, REFERENT, SOFT, TIMESTAMP, WEAK, Heap, Node, pending_list,
                    referent_of)


@pytest.mark.parametrize("strength", [SOFT, WEAK, FINAL, PHANTOM])
def test_a_strongly_reachable_referent_stays(strength: int) -> None:
    heap = Heap()
    node = heap.instance(0)
    reference = heap.reference(strength, node)
    heap.root(0, reference)
    heap.root(1, node)
    guest.heap_gc(1)
    assert pending_list() == []
    assert referent_of(reference) == node.address
    assert guest.heap_load(reference.address, DISCOVERED) == 0
    heap.verify()


@pytest.mark.parametrize("strength", [SOFT, WEAK, PHANTOM])
def test_otherwise_it_is_cleared_and_pending_once(strength: int) -> None:
    heap = Heap()
    node = heap.instance(0)
    reference = heap.reference(strength, node)
    heap.root(0, reference)
    guest.heap_gc(1)
    assert guest.heap_find(node.address) == 0
    assert referent_of(reference) == 0
    assert guest.heap_load(reference.address, NEXT) == 0
    assert guest.heap_is_pending()
    assert pending_list() == [reference.address]
    assert not guest.heap_is_pending()
    guest.heap_gc(1)
    assert pending_list() == []
    heap.verify()


def test_a_final_reference_keeps_its_referent_for_the_finalizer() -> None:
    heap = Heap()
    inner = heap.instance(0)
    node = heap.instance(1)
    heap.link(node, 12, inner)
    reference = heap.reference(FINAL, node)
    heap.root(0, reference)
    guest.heap_gc()
    assert pending_list() == [reference.address]
    assert referent_of(reference) == node.address
    assert guest.heap_load(reference.address, NEXT) == reference.address, "inactive: next is itself"
    node.check()
    inner.check()
    # Inactive, it holds its referent strongly and is not pending again.
    guest.heap_gc()
    assert pending_list() == []
    node.check()
    guest.heap_store(reference.address, REFERENT, 0)
    guest.heap_gc()
    assert guest.heap_objects() == [reference.address]


def test_weak_is_cleared_before_finalization_and_phantom_after() -> None:
    heap = Heap()
    node = heap.instance(0)
    weak, final, phantom = (heap.reference(s, node) for s in (WEAK, FINAL, PHANTOM))
    for i, reference in enumerate((weak, final, phantom)):
        heap.root(i, reference)
    guest.heap_gc()
    assert sorted(pending_list()) == sorted([weak.address, final.address])
    assert referent_of(weak) == 0
    assert referent_of(phantom) == node.address
    guest.heap_store(final.address, REFERENT, 0)
    guest.heap_gc()
    assert pending_list() == [phantom.address]
    assert guest.heap_find(node.address) == 0


def test_a_reference_that_died_itself_is_not_pending() -> None:
    heap = Heap()
    heap.reference(WEAK, heap.instance(0))
    guest.heap_gc()
    assert pending_list() == []
    assert guest.heap_objects() == []


def test_weak_reference_met_only_through_a_finalizable_object_waits() -> None:
    heap = Heap()
    target = heap.instance(0)
    node = heap.instance(1)
    weak = heap.reference(WEAK, target)
    heap.link(node, 12, weak)
    final = heap.reference(FINAL, node)
    heap.root(0, final)
    guest.heap_gc()
    assert pending_list() == [final.address]
    assert referent_of(weak) == target.address
    guest.heap_gc()
    assert pending_list() == [weak.address]


def test_the_pending_list_survives_collections_until_it_is_taken() -> None:
    heap = Heap()
    references = [heap.reference(WEAK, heap.instance(0)) for _ in range(10)]
    for i, reference in enumerate(references):
        heap.root(i, reference)
    guest.heap_gc()
    for i in range(10):
        heap.root(i, None)
    guest.heap_gc()
    guest.heap_gc()
    more = heap.reference(WEAK, heap.instance(0))
    heap.root(0, more)
    guest.heap_gc()
    assert sorted(pending_list()) == sorted(r.address for r in [*references, more])


def test_the_rest_of_a_list_that_is_being_processed_stays() -> None:
    heap = Heap()
    for i in range(10):
        heap.root(i, heap.reference(WEAK, heap.instance(0)))
    guest.heap_gc()
    for i in range(10):
        heap.root(i, None)
    head = guest.heap_pending()
    guest.heap_stack_word(0, head)
    guest.heap_gc()
    length = 0
    while head:
        assert guest.heap_find(head) == head
        head = guest.heap_load(head, DISCOVERED)
        length += 1
    assert length == 10


class TestSoft:
    def test_recently_used_ones_stay(self) -> None:
        heap = Heap(8 << 20)
        reference = heap.reference(SOFT, heap.instance(0))
        heap.root(0, reference)
        guest.heap_set_time(1000)
        guest.heap_gc()
        guest.heap_gc()
        assert referent_of(reference)

    def test_idle_ones_go_by_free_memory(self) -> None:
        heap = Heap(8 << 20)
        old, young = (heap.reference(SOFT, heap.instance(0)) for _ in range(2))
        heap.root(0, old)
        heap.root(1, young)
        guest.heap_set_time(100_000)
        guest.heap_gc()                  # the clock of the collection before counts
        guest.heap_poke(young.address + TIMESTAMP, 99_000, 8)
        guest.heap_gc()
        assert referent_of(old) == 0, "idle for 100 s with 8 MiB free: kept for 7 or 8 s"
        assert referent_of(young)
        assert pending_list() == [old.address]

    def test_all_go_before_memory_runs_out(self) -> None:
        heap = Heap(1 << 20)
        references = []
        for i in range(20):
            references.append(heap.reference(SOFT, heap.bytes(40_000)))
            heap.root(i, references[-1])
        kept = heap.bytes(600_000)
        assert kept, "soft references give way"
        heap.root(30, kept)
        cleared = [r for r in references if not referent_of(r)]
        assert cleared
        assert sorted(pending_list()) == sorted(r.address for r in cleared)
        heap.verify()

    def test_soft_chain_keeps_what_the_referent_reaches(self) -> None:
        heap = Heap()
        node, inner = heap.instance(1), heap.instance(0)
        heap.link(node, 12, inner)
        heap.root(0, heap.reference(SOFT, node))
        guest.heap_gc()
        node.check()
        inner.check()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), stack=st.sampled_from([0, 1, 8]))
def test_random_references(seed: int, stack: int) -> None:
    """Random graph with weak and phantom references and no final ones: the model is exact."""
    dice = random.Random(seed)
    heap = Heap(4 << 20, verify=1, poison=1, mark_stack=stack)
    nodes: list[Node] = [heap.instance(3) for _ in range(60)]
    for node in nodes:
        for offset in node.targets:
            if dice.random() < 0.5:
                heap.link(node, offset, dice.choice(nodes))
    references = []
    for i in range(40):
        target = dice.choice(nodes)
        references.append((heap.reference(dice.choice((WEAK, PHANTOM)), target), target))
        if dice.random() < 0.7:
            heap.root(100 + i, references[-1][0])
    for i in range(4):
        heap.root(i, dice.choice(nodes))
    live = {n.address for n in heap.reachable()}
    guest.heap_gc(1)
    expected = {r.address for r, target in references if r.address in live and target.address not in live}
    assert set(pending_list()) == expected
    for reference, target in references:
        if reference.address in live:
            assert referent_of(reference) == (target.address if target.address in live else 0)
    assert set(guest.heap_objects()) == live
    heap.verify()
