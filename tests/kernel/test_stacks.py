"""kernel/threads/stacks: areas never overlap, are memory only where they were touched, and are paid for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from demitasse import _guest as guest

PAGE, STEP, GUARD = 4096, 2 << 20, 16384
RANGE = 24 * STEP

SIZES = st.tuples(st.integers(1, 80).map(lambda n: n * PAGE), st.sampled_from([0, 0, PAGE, 64 * PAGE, 256 * PAGE, 3 * STEP]))
STEPS = st.lists(st.tuples(st.sampled_from(["take", "take", "give", "down", "up"]), SIZES, st.integers(0, 1 << 30)), max_size=60)


def committed(areas: list[guest.Area]) -> int:
    return sum(places[6] - places[5] for places in (area.places() for area in areas))


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_areas_on_demand(steps: list[tuple[str, tuple[int, int], int]]) -> None:
    guest.kernel_reset()
    start = guest.stacks_open(RANGE)
    before = guest.stacks_free_memory()
    areas: list[guest.Area] = []
    for what, (stack, upper), number in steps:
        if what == "take":
            area = guest.Area()
            if area.take(stack, upper):
                areas.append(area)
                base, size, low, middle, high, *_ = area.places()
                assert start <= base and base + size <= start + RANGE and base % PAGE == 0 and size % STEP == 0
                assert middle - low == stack and high - middle == upper and low - base >= GUARD and high <= base + size
        elif areas and what == "give":
            areas.pop(number % len(areas)).give()
        elif areas:
            base, size, low, middle, high, committed_low, committed_high = areas[number % len(areas)].places()
            address = low + number % (middle - low) if what == "down" or high == middle else middle + number % (high - middle)
            assert guest.stacks_fault(address) is (not committed_low <= address < committed_high)
            base, size, low, middle, high, committed_low, committed_high = areas[number % len(areas)].places()
            assert committed_low <= address < committed_high and low <= committed_low and committed_high <= high
        spans = sorted((area.places()[0], area.places()[0] + area.places()[1]) for area in areas)
        assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:]))
        for area in areas:
            guest.stacks_touch(*area.places()[5:])
        assert before - guest.stacks_free_memory() >= committed(areas)
    for area in areas:
        base, _, low, _, high, *_ = area.places()
        assert not guest.stacks_fault(low - 1) and not guest.stacks_fault(base)
        area.give()
        assert not guest.stacks_fault(low)


def test_all_of_the_range_can_be_taken_again() -> None:
    guest.stacks_open(RANGE)
    for _ in range(3):
        areas = [guest.Area() for _ in range(RANGE // STEP)]
        assert all(area.take(64 * PAGE, 256 * PAGE) for area in areas)
        assert not guest.Area().take(64 * PAGE, 256 * PAGE)
        assert len({area.places()[0] for area in areas}) == len(areas)
        for area in areas:
            area.give()


def test_memory_is_paid_for_and_given_back() -> None:
    guest.stacks_open(1 << 30)
    before = guest.stacks_free_memory()
    areas = [guest.Area() for _ in range(400)]
    for area in areas:
        assert area.take(64 * PAGE, 256 * PAGE)
        guest.stacks_fault(area.places()[2])
    assert before - guest.stacks_free_memory() == committed(areas)
    for area in areas:
        area.give()
    assert before - guest.stacks_free_memory() <= 64 * 32 * PAGE    # what is kept for the next threads


@pytest.mark.parametrize("upper", [0, 64 * PAGE])
def test_without_a_range_areas_are_pages(upper: int) -> None:
    guest.stacks_open(0)
    area = guest.Area()
    assert area.take(16 * PAGE, upper)
    _, _, low, middle, high, committed_low, committed_high = area.places()
    assert (committed_low, committed_high) == (low, high) and middle - low == 16 * PAGE and high - middle == upper
    guest.stacks_touch(low, high)
    assert not guest.stacks_fault(low) and not guest.stacks_fault(low - 1)
    area.give()
