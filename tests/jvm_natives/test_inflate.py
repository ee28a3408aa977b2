"""The inflater against zlib: whole and piecewise, damaged and truncated streams."""

from __future__ import annotations

import random
import zlib

import pytest
from demitasse import _guest
from hypothesis import given, settings
from hypothesis import strategies as st

OK, END, DICTIONARY, BAD, STUCK = 0, 1, 2, -3, -5


def compress(data: bytes, raw: bool, level: int = 6, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15 if raw else 15, 8, strategy)
    return packer.compress(data) + packer.flush()


def inflate(packed: bytes, raw: bool, pieces: int = 1 << 20, room: int = 1 << 20) -> tuple[int, int, bytes, str]:
    """Feed `packed` in pieces; (last result, bytes consumed, output, message)."""
    stream = _guest.InflateStream(raw)
    at, out, result = 0, bytearray(), OK
    while True:
        result, consumed, part = stream.feed(packed[at : at + pieces], room)
        at += consumed
        out += part
        if result in (END, BAD, DICTIONARY):
            return result, at, bytes(out), stream.message
        if not consumed and not part and (at == len(packed) or pieces == 0):
            return result, at, bytes(out), stream.message
        assert consumed or part or at < len(packed), "no progress"


def zlib_inflate(packed: bytes, raw: bool) -> tuple[bytes, bool, int, str]:
    """What zlib makes of it: output, finished, bytes consumed, error text."""
    unpacker = zlib.decompressobj(-15 if raw else 15)
    out = bytearray()
    try:
        for i in range(len(packed)):
            out += unpacker.decompress(packed[i : i + 1])
            if unpacker.eof:
                return bytes(out), True, i + 1, ""
    except zlib.error as error:
        return bytes(out), False, 0, str(error).partition(": ")[2]
    return bytes(out), False, len(packed), ""


TEXTS = st.one_of(
    st.binary(max_size=2000),
    st.builds(lambda part, times: part * times, st.binary(min_size=1, max_size=40), st.integers(1, 3000)),
    st.builds(lambda seed, size: bytes(random.Random(seed).choices(b"abcde ", k=size)), st.integers(0, 99), st.integers(0, 70000)),
)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.booleans(), st.integers(0, 9), st.sampled_from([zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE]),
       st.binary(max_size=9))
def test_whole(data: bytes, raw: bool, level: int, strategy: int, tail: bytes) -> None:
    packed = compress(data, raw, level, strategy)
    result, consumed, out, _ = inflate(packed + tail, raw, room=max(len(data), 1))
    assert (result, consumed, out) == (END, len(packed), data)


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.booleans(), st.integers(1, 60), st.integers(1, 400))
def test_piecewise(data: bytes, raw: bool, pieces: int, room: int) -> None:
    data = data[:20000]
    packed = compress(data, raw)
    assert inflate(packed, raw, pieces, room)[:3] == (END, len(packed), data)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans(), st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(1, 255)), max_size=4), st.integers(0, 1 << 16),
       st.integers(1, 50))
def test_damaged(data: bytes, raw: bool, damage: list[tuple[int, int]], cut: int, pieces: int) -> None:
    packed = bytearray(compress(data[:3000], raw, strategy=zlib.Z_FIXED if cut % 3 == 0 else zlib.Z_DEFAULT_STRATEGY))
    for at, bits in damage:
        packed[at % len(packed)] ^= bits
    if cut % 2:
        del packed[cut % len(packed):]
    expected_out, finished, consumed, error = zlib_inflate(bytes(packed), raw)
    result, used, out, message = inflate(bytes(packed), raw, pieces)
    if error:
        assert (result, message) == (BAD, error)
        assert out.startswith(expected_out)
    elif finished:
        assert (result, used, out) == (END, consumed, expected_out)
    elif result != DICTIONARY:
        assert result in (OK, STUCK) and out == expected_out


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_garbage(data: bytes) -> None:
    expected_out, finished, consumed, error = zlib_inflate(data, True)
    result, used, out, message = inflate(data, True, room=300)
    if error:
        assert (result, message) == (BAD, error)
    elif finished:
        assert (result, used, out) == (END, consumed, expected_out)
    else:
        assert result in (OK, STUCK) and out == expected_out


def test_dictionary() -> None:
    words = b"a dictionary of words that come again and again"
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 8, zlib.Z_DEFAULT_STRATEGY, words)
    packed = packer.compress(b"words that come again, a dictionary") + packer.flush()
    stream = _guest.InflateStream()
    result, consumed, out = stream.feed(packed, 100)
    assert (result, consumed, out) == (DICTIONARY, 6, b"")
    assert stream.adler == zlib.adler32(words)
    assert stream.set_dictionary(b"other") == BAD
    assert stream.set_dictionary(words) == 0
    result, consumed, out = stream.feed(packed[6:], 100)
    assert (result, out) == (END, b"words that come again, a dictionary")
    assert stream.adler == zlib.adler32(out)


def test_reset_starts_anew() -> None:
    stream = _guest.InflateStream()
    assert stream.feed(compress(b"x" * 99, False)[:9], 1000)[0] == OK
    stream.reset()
    assert stream.feed(compress(b"y" * 99, False), 1000)[::2] == (END, b"y" * 99)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 5552, 5553, 100000])
def test_checksums(size: int) -> None:
    data = random.Random(size).randbytes(size)
    assert _guest.natives_adler32(1, data) == zlib.adler32(data)
    assert _guest.natives_crc32(0, data) == zlib.crc32(data)
    assert _guest.natives_crc32(zlib.crc32(b"before"), data) == zlib.crc32(b"before" + data)
