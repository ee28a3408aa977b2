"""The deflater against zlib: the same bytes for every level and strategy, however they are fed."""

from __future__ import annotations

import random
import zlib

import pytest
from demitasse import _guest
from hypothesis import given, settings
from hypothesis import strategies as st

OK, END, STUCK = 0, 1, -5
NO_FLUSH, SYNC, FULL, FINISH = 0, 2, 3, 4


def text(seed: int, size: int, alphabet: bytes) -> bytes:
    """Words of a small vocabulary: full of matches, near and far."""
    source = random.Random(seed)
    words = [bytes(source.choices(alphabet, k=source.randint(1, 12))) for _ in range(60)]
    out = bytearray()
    while len(out) < size:
        out += source.choice(words)
    return bytes(out[:size])


DATA = st.one_of(
    st.binary(max_size=3000),
    st.builds(text, st.integers(0, 9999), st.integers(0, 4000), st.sampled_from([b"ab", b"abcdefgh ", bytes(range(256))])),
    st.builds(text, st.integers(0, 9999), st.integers(60000, 200000), st.sampled_from([b"ab", b"abcdefgh ", bytes(range(256))])),
    st.builds(lambda part, times: part * times, st.binary(min_size=1, max_size=300), st.integers(1, 500)),
    st.builds(lambda seed, size: random.Random(seed).randbytes(size), st.integers(0, 99), st.integers(0, 90000)),
)


def reference(level: int, strategy: int, raw: bool) -> "zlib._Compress":
    return zlib.compressobj(level, zlib.DEFLATED, -15 if raw else 15, 8, strategy)


def drain(stream: "_guest.DeflateStream", data: bytes, room: int, flush: int) -> tuple[int, bytes]:
    """Feed all of `data` with this flush; the last result and the output."""
    out = bytearray()
    while True:
        result, consumed, part = stream.feed(data, room, flush)
        data = data[consumed:]
        out += part
        if result in (END, STUCK) or (not data and len(part) < room):
            return result, bytes(out)


@settings(max_examples=150, deadline=None)
@given(DATA, st.integers(1, 9), st.integers(0, 2), st.booleans())
def test_same_bytes_as_zlib(data: bytes, level: int, strategy: int, raw: bool) -> None:
    packer = reference(level, strategy, raw)
    expected = packer.compress(data) + packer.flush()
    result, out = drain(_guest.DeflateStream(level, strategy, raw), data, 1 << 20, FINISH)
    assert result == END
    assert zlib.decompress(out, -15 if raw else 15) == data
    assert out == expected


@settings(max_examples=60, deadline=None)
@given(DATA, st.integers(1, 9), st.integers(1, 5000), st.integers(1, 700))
def test_piecewise(data: bytes, level: int, piece: int, room: int) -> None:
    packer = reference(level, 0, False)
    expected = packer.compress(data) + packer.flush()
    stream = _guest.DeflateStream(level)
    out = bytearray()
    for at in range(0, len(data), piece):
        out += drain(stream, data[at : at + piece], room, NO_FLUSH)[1]
    result, rest = drain(stream, b"", room, FINISH)
    assert result == END and bytes(out) + rest == expected
    assert stream.adler == zlib.adler32(data)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DATA, st.sampled_from([NO_FLUSH, SYNC, FULL])), max_size=5), st.integers(1, 9))
def test_flushes(parts: list[tuple[bytes, int]], level: int) -> None:
    packer = reference(level, 0, True)
    stream = _guest.DeflateStream(level, 0, True)
    expected, out = bytearray(), bytearray()
    for data, flush in parts:
        expected += packer.compress(data)
        if flush != NO_FLUSH:
            expected += packer.flush(flush)
        out += drain(stream, data, 1 << 20, NO_FLUSH)[1]
        if flush != NO_FLUSH:
            out += drain(stream, b"", 1 << 20, flush)[1]
            assert zlib.decompressobj(-15).decompress(bytes(out)) == b"".join(d for d, _ in parts)[: sum(len(d) for d, _ in parts)][
                : len(zlib.decompressobj(-15).decompress(bytes(expected)))]
    expected += packer.flush()
    out += drain(stream, b"", 1 << 20, FINISH)[1]
    assert out == expected


@settings(max_examples=60, deadline=None)
@given(DATA, st.integers(1, 3000), st.booleans())
def test_stored(data: bytes, room: int, raw: bool) -> None:
    result, out = drain(_guest.DeflateStream(0, 0, raw), data, room, FINISH)
    assert result == END
    assert zlib.decompress(out, -15 if raw else 15) == data
    if room > len(data) + 100:
        packer = reference(0, 0, raw)
        assert out == packer.compress(data) + packer.flush()


@settings(max_examples=60, deadline=None)
@given(DATA, DATA, DATA, st.integers(0, 9), st.integers(0, 9), st.integers(0, 2), st.integers(50, 4000))
def test_parameters_change(one: bytes, two: bytes, three: bytes, first: int, second: int, strategy: int, room: int) -> None:
    stream = _guest.DeflateStream(first)
    out = bytearray(drain(stream, one, room, NO_FLUSH)[1])
    left = two
    while True:
        result, consumed, part = stream.params(left, room, second, strategy)
        out += part
        left = left[consumed:]
        if result == OK:
            break
        assert result == STUCK and (consumed or part)
    out += drain(stream, left + three, room, FINISH)[1]
    assert zlib.decompress(bytes(out)) == one + two + three


@settings(max_examples=40, deadline=None)
@given(DATA, DATA, st.booleans())
def test_dictionary(words: bytes, data: bytes, raw: bool) -> None:
    if not words:
        return
    packer = zlib.compressobj(6, zlib.DEFLATED, -15 if raw else 15, 8, 0, words)
    expected = packer.compress(data) + packer.flush()
    stream = _guest.DeflateStream(6, 0, raw)
    assert stream.set_dictionary(words) == 0
    assert drain(stream, data, 1 << 20, FINISH) == (END, expected)


def test_reset_starts_anew() -> None:
    stream = _guest.DeflateStream()
    drain(stream, b"something else" * 100, 50, NO_FLUSH)
    stream.reset()
    assert drain(stream, b"abc" * 99, 1000, FINISH) == (END, zlib.compress(b"abc" * 99))


@pytest.mark.parametrize("level", range(10))
def test_empty(level: int) -> None:
    assert drain(_guest.DeflateStream(level), b"", 100, FINISH) == (END, zlib.compress(b"", level))
