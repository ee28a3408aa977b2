"""The memory of records that may go: whose a page is, what is freed, what is poisoned."""

from __future__ import annotations

import random

import pytest

from demitasse import _guest as guest

from .library import open_loader

HEADER = 16
PAGE = 4096


@pytest.fixture(autouse=True)
def library() -> None:
    open_loader()


@pytest.mark.parametrize("seed", range(8))
def test_each_address_leads_to_its_record(seed: int) -> None:
    dice = random.Random(seed)
    records: dict[int, list[tuple[int, int]]] = {}
    for _ in range(300):
        if not records or dice.random() < 0.2:
            records[guest.metadata_new(dice.choice((0, 3000, 9000, 100_000)))] = []
        record = dice.choice(list(records))
        size = dice.choice((8, 24, 200, 3000, 5000, 20_000, 70_000))
        records[record].append((guest.metadata_alloc(record, size), size))
        if dice.random() < 0.05:
            dead = dice.sample(list(records), len(records) // 2)
            gone = [place for record in dead for place in records.pop(record)]
            guest.metadata_release(dead, list(records))
            assert all(guest.metadata_owner_of(address) == 0 for address, _ in gone)
        assert 0 not in records
        for owner, places in records.items():
            assert guest.metadata_owner_of(owner) == owner
            for address, size in places:
                assert address and all(guest.metadata_owner_of(at) == owner
                                       for at in (address, address + size // 2, address + size - 1)), hex(address)
    low, high = guest.metadata_range()
    assert all(low <= address < high for places in records.values() for address, _ in places)
    guest.metadata_release(list(records), [])
    assert guest.metadata_range() == (0, 0) and guest.metadata_bytes() == 0


def test_a_chunk_header_is_nobodys() -> None:
    record = guest.metadata_new()
    assert record % PAGE == HEADER
    assert guest.metadata_owner_of(record - HEADER) == 0 == guest.metadata_owner_of(record - 1)
    assert guest.metadata_owner_of(record) == record == guest.metadata_owner_of(record + PAGE - HEADER - 1)
    guest.metadata_release([record], [])


def test_poisoned_memory_is_not_handed_out_at_once() -> None:
    record = guest.metadata_new()
    address = guest.metadata_alloc(record, 64)
    guest.metadata_release([record], [], 0xDB)
    assert guest.heap_bytes(address, 64) == b"\xdb" * 64
    again = guest.metadata_new()
    assert again != record
    guest.metadata_release([again], [])
