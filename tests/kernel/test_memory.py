"""kernel/memory: byte primitives, pages, heap, arenas, each against a plain model."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule

from demitasse import _guest as guest

PAGE, BLOCK = 4096, 512


# --- bytes ------------------------------------------------------------------------------------------

SIZES = sorted({*range(0, 70), 127, 128, 129, 255, 256, 257, 2047, 2048, 2049, 5000})


@pytest.mark.parametrize("size", SIZES)
def test_copy_fill_compare(size: int) -> None:
    source = random.Random(size).randbytes(12000)
    for to, start in ((6000, 100), (6001, 103), (6015, 116)):
        buffer = bytearray(source)
        guest.bytes_move(buffer, to, start, size, False)
        expected = bytearray(source)
        expected[to:to + size] = source[start:start + size]
        assert buffer == expected
        guest.bytes_fill(buffer, start, 0x1A7, size)
        expected[start:start + size] = b"\xa7" * size
        assert buffer == expected
    other = bytearray(source[:size])
    assert guest.bytes_compare(source[:size], bytes(other)) == 0
    if size:
        other[-1] ^= 1
        wanted = -1 if source[:size] < bytes(other) else 1
        assert guest.bytes_compare(source[:size], bytes(other)) * wanted > 0


@settings(deadline=None)
@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 2**32))
def test_move_with_overlap(to: int, source: int, size: int, seed: int) -> None:
    buffer = bytearray(random.Random(seed).randbytes(10100))
    expected = bytearray(buffer)
    expected[to:to + size] = bytes(expected[source:source + size])
    guest.bytes_move(buffer, to, source, size, True)
    assert buffer == expected


@pytest.mark.parametrize("distance", [-33, -17, -16, -15, -1, 0, 1, 15, 16, 17, 33])
@pytest.mark.parametrize("size", [15, 16, 17, 31, 32, 33, 100, 3000])
def test_move_near_overlap(distance: int, size: int) -> None:
    buffer = bytearray(random.Random(1).randbytes(4000))
    expected = bytearray(buffer)
    expected[100 + distance:100 + distance + size] = bytes(expected[100:100 + size])
    guest.bytes_move(buffer, 100 + distance, 100, size, True)
    assert buffer == expected


@given(st.binary(max_size=40).filter(lambda b: 0 not in b), st.binary(max_size=40).filter(lambda b: 0 not in b))
def test_strings(a: bytes, b: bytes) -> None:
    assert guest.bytes_length(a) == len(a)
    order = guest.bytes_order(a, b)
    assert (order > 0) - (order < 0) == (a > b) - (a < b)


# --- pages ------------------------------------------------------------------------------------------

class PoolMachine(RuleBasedStateMachine):
    """A pool of 8 blocks against a set of used page numbers; contents as handed out and freed."""

    ranges = Bundle("ranges")

    @initialize(pages=st.integers(BLOCK, 8 * BLOCK), offset=st.sampled_from([0, PAGE, 100 * PAGE, 511 * PAGE]))
    def make(self, pages: int, offset: int) -> None:
        self.pool = guest.Pool(pages, offset)
        assert self.pool.made
        self.used: set[int] = set()
        assert pages - 2 <= self.pool.total_pages <= pages

    @rule(target=ranges, count=st.one_of(st.integers(1, 40), st.integers(1, 4 * BLOCK)),
          align=st.sampled_from([1, 1, 1, 2, 16, 512]), zero=st.booleans())
    def alloc(self, count: int, align: int, zero: bool) -> tuple[int, int]:
        address = self.pool.alloc(count, align, zero)
        if not address:
            return (0, 0)
        assert address % (align * PAGE) == 0
        pages = set(range(address // PAGE, address // PAGE + count))
        assert not pages & self.used
        self.used |= pages
        if zero:
            assert self.pool.is_zero(address, count)
        self.pool.dirty(address, count)
        return (address, count)

    @rule(taken=consumes(ranges), part=st.floats(0, 1))
    def free(self, taken: tuple[int, int], part: float) -> None:
        """Frees the range in two pieces, which must come together again."""
        address, count = taken
        if not address:
            return
        first = int(count * part)
        if first:
            self.pool.free(address, first)
        if count - first:
            self.pool.free(address + first * PAGE, count - first)
        self.used -= set(range(address // PAGE, address // PAGE + count))

    @invariant()
    def consistent(self) -> None:
        if hasattr(self, "pool"):
            assert self.pool.check()
            assert self.pool.total_pages - self.pool.free_pages == len(self.used)


TestPool = PoolMachine.TestCase
TestPool.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_pool_exhaustion_and_coalescing() -> None:
    pool = guest.Pool(4 * BLOCK)
    whole = pool.free_pages
    largest = pool.largest
    taken = []
    while address := pool.alloc(1):
        taken.append(address)
    assert len(set(taken)) == whole and pool.free_pages == 0 and pool.alloc(1) == 0
    random.Random(5).shuffle(taken)
    for address in taken:
        pool.free(address, 1)
    assert pool.check() and pool.free_pages == whole and pool.largest == largest


def test_pool_small_requests_leave_blocks_whole() -> None:
    pool = guest.Pool(8 * BLOCK)
    for _ in range(100):
        assert pool.alloc(3)
    assert pool.largest >= 6 * BLOCK


def test_pool_huge_range_is_not_touched() -> None:
    pool = guest.Pool((8 << 30) // PAGE)
    address = pool.alloc((6 << 30) // PAGE)
    assert address and address % (2 << 20) == 0
    pool.free(address, (6 << 30) // PAGE)
    assert pool.check()


@pytest.mark.parametrize("count, align", [(0, 1), (1, 0), (1, 3), (1, 1024), (1 << 60, 1)])
def test_pool_refuses_nonsense(count: int, align: int) -> None:
    assert guest.Pool(BLOCK).alloc(count, align) == 0


def test_pool_too_small() -> None:
    assert not guest.Pool(0).made


def test_zeroed_after_release() -> None:
    total, free, _, _ = guest.kernel_pages()
    address = guest.kernel_pages_alloc(4 * BLOCK)
    guest.memory_fill(address, 0xEE, 4 * BLOCK * PAGE)
    guest.kernel_pages_free(address, 4 * BLOCK)
    said, given = guest.kernel_pages_release()
    assert said == given >= 4 * BLOCK * PAGE
    assert guest.kernel_pages_release()[0] == 0     # nothing twice
    assert guest.kernel_pages()[:2] == (total, free)


# --- heap -------------------------------------------------------------------------------------------

class HeapMachine(RuleBasedStateMachine):
    """The kernel heap against a dictionary of contents."""

    blocks = Bundle("blocks")

    @initialize()
    def make(self) -> None:
        guest.kernel_reset()
        self.live: dict[int, bytes] = {}
        self.start = guest.kmalloc_numbers()

    def _check(self, address: int) -> None:
        assert guest.memory_read(address, len(self.live[address])) == self.live[address]

    @rule(target=blocks, size=st.one_of(st.integers(0, 300), st.integers(0, 9000), st.integers(8000, 200000)), zero=st.booleans(),
          seed=st.integers(0, 255))
    def alloc(self, size: int, zero: bool, seed: int) -> int:
        address = guest.heap_alloc(size, zero)
        assert address and address % 16 == 0 and address not in self.live
        assert guest.heap_size(address) >= size
        if zero:
            assert guest.memory_read(address, size) == bytes(size)
        guest.memory_fill(address, seed, size)
        self.live[address] = bytes([seed]) * size
        return address

    @rule(address=consumes(blocks))
    def free(self, address: int) -> None:
        self._check(address)
        del self.live[address]
        guest.heap_free(address)

    @rule(target=blocks, address=consumes(blocks), size=st.integers(0, 20000))
    def resize(self, address: int, size: int) -> int:
        content = self.live.pop(address)
        moved: int = guest.heap_realloc(address, size)
        kept = content[:size]
        assert moved and guest.memory_read(moved, len(kept)) == kept
        guest.memory_fill(moved, 7, size)
        self.live[moved] = b"\7" * size
        return moved

    @invariant()
    def consistent(self) -> None:
        if hasattr(self, "live"):
            assert guest.heap_good()
            assert guest.kmalloc_numbers()[0] - self.start[0] == len(self.live)

    def teardown(self) -> None:
        for address in list(getattr(self, "live", {})):
            self._check(address)
            guest.heap_free(address)
        assert guest.heap_good()


TestHeap = HeapMachine.TestCase
TestHeap.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_heap_gives_pages_back() -> None:
    before = guest.kmalloc_numbers()
    taken = [guest.heap_alloc(size) for size in range(1, 20000, 37)]
    for address in taken:
        guest.heap_free(address)
    allocations, size, pages = guest.kmalloc_numbers()
    assert (allocations, size) == before[:2] and pages <= before[2] + 32 * 16


def test_heap_limits() -> None:
    assert guest.heap_calloc(1 << 40, 1 << 40) == 0
    assert guest.heap_alloc((1 << 64) - 1) == 0
    assert guest.heap_alloc(1 << 62) == 0
    assert guest.heap_alloc(1 << 40) == 0
    guest.heap_free(0)


@pytest.mark.parametrize("nth", [1, 2, 5])
def test_heap_fail_nth(nth: int) -> None:
    guest.heap_fail(nth)
    assert [bool(guest.heap_alloc(64)) for _ in range(7)] == [i != nth for i in range(1, 8)]


def test_file_system_survives_each_failing_allocation() -> None:
    """Whatever allocation fails, a call fails cleanly or works, and nothing is lost."""
    for nth in range(1, 25):
        guest.kernel_reset()
        guest.heap_fail(nth)
        results = [guest.fs_mkdir(b"/a"), guest.fs_symlink(b"a", b"/l"), guest.fs_open(b"/a/f", 0o102)]
        guest.heap_fail(0)
        assert all(r >= 0 or -r in (12, 28, 2) for r in results), results
        assert guest.fs_mkdir(b"/b") == 0 and guest.heap_good()


@given(st.lists(st.tuples(st.integers(0, 90000), st.sampled_from([1, 2, 8, 16, 64, 4096])), max_size=60))
@settings(deadline=None)
def test_arena(requests: list[tuple[int, int]]) -> None:
    before = guest.kernel_pages()[1]
    found = guest.arena_run(requests)
    spans = sorted((a, a + size) for a, (size, align) in zip(found, requests, strict=True) if size)
    assert all(a and a % align == 0 for a, (_, align) in zip(found, requests, strict=True))
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
    assert guest.kernel_pages()[1] == before
