"""Intrinsics against Python models of the Java bodies they replace, on raw array objects."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

import pytest
from demitasse import _guest
from hypothesis import given, settings
from hypothesis import strategies as st

BYTES = st.one_of(st.binary(max_size=40), st.text("ab\x7f\x80\xff\x00", max_size=40).map(lambda s: s.encode("latin-1")))
CHARS = st.lists(st.sampled_from([0, 1, 97, 98, 0x7F, 0x80, 0xFF, 0x100, 0xD800, 0xFFFF]), max_size=30)
INTS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=12)


@pytest.fixture(autouse=True)
def area() -> None:
    _guest.natives_arrays_start()


def array(log2: int, data: bytes) -> int:
    return int(_guest.natives_array(log2, data))


def chars(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}H", *values)


def ints(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *[v & 0xFFFFFFFF for v in values])


def words(at: int) -> list[int]:
    data = _guest.natives_array_bytes(at)
    return list(struct.unpack(f"<{len(data) // 4}I", data))


def i32(value: int) -> int:
    return (value & 0xFFFFFFFF) - ((value & 0x80000000) << 1)


def call(name: str, *arguments: int) -> int:
    """The int result."""
    return i32(_guest.natives_call(name, list(arguments)))


def java_hash(values: Sequence[int], h: int = 0) -> int:
    for value in values:
        h = 31 * h + value
    return i32(h)


def compare(a: Sequence[int], b: Sequence[int]) -> int:
    return next((x - y for x, y in zip(a, b) if x != y), len(a) - len(b))


@given(BYTES, BYTES)
def test_latin1(a: bytes, b: bytes) -> None:
    _guest.natives_arrays_start()
    x, y = array(0, a), array(0, b)
    assert call("latin1_equals", x, y) == (a == b)
    assert call("latin1_equals", x, array(0, a)) == 1
    assert call("latin1_hash_code", x) == java_hash(a)
    assert call("latin1_compare", x, y) == compare(a, b)
    assert call("latin1_index_of", x, y) == a.find(b)
    for ch in (97, 255, 0x161):
        assert call("latin1_index_of_char", x, ch, 0, len(a)) == a.find(bytes([ch & 0xFF]))
        assert call("latin1_last_index_of", x, ch, len(a)) == (a.rfind(bytes([ch])) if ch < 256 else -1)
    if b and len(a) >= len(b):
        assert call("latin1_index_of_range", x, len(a), y, len(b), len(a) // 3) == a.find(b, len(a) // 3)


@given(CHARS, CHARS)
def test_utf16(a: list[int], b: list[int]) -> None:
    _guest.natives_arrays_start()
    x, y = array(0, chars(a)), array(0, chars(b))
    assert call("utf16_hash_code", x) == java_hash(a)
    assert call("utf16_compare", x, y) == compare(a, b)
    found = next((i for i in range(len(a) - len(b) + 1) if a[i : i + len(b)] == b), -1)
    assert call("utf16_index_of", x, y) == found
    assert call("utf16_index_of_char", x, 0x100, 0, len(a)) == (a.index(0x100) if 0x100 in a else -1)
    out = array(1, bytes(2 * len(a)))
    call("utf16_get_chars", x, 0, len(a), out, 0)
    assert _guest.natives_array_bytes(out) == chars(a)


@given(BYTES, CHARS)
def test_mixed(a: bytes, b: list[int]) -> None:
    _guest.natives_arrays_start()
    x, y = array(0, a), array(0, chars(b))
    assert call("latin1_compare_utf16", x, y) == compare(a, b)
    assert call("utf16_compare_latin1", y, x) == compare(b, a)
    found = next((i for i in range(len(b) - len(a) + 1) if b[i : i + len(a)] == list(a)), -1)
    assert call("utf16_index_of_latin1", y, x) == found


@given(BYTES, st.integers(0, 3))
def test_inflate(a: bytes, at: int) -> None:
    _guest.natives_arrays_start()
    for name, log2 in (("latin1_inflate_chars", 1), ("latin1_inflate_bytes", 0)):
        out = array(log2, bytes(2 * (len(a) + at)))
        call(name, array(0, a), 0, out, at, len(a))
        assert _guest.natives_array_bytes(out) == bytes(2 * at) + chars(a)


@given(CHARS, st.integers(0, 3))
def test_compress(a: list[int], at: int) -> None:
    _guest.natives_arrays_start()
    for name, log2, limit in (("utf16_compress_chars", 1, 0xFF), ("utf16_compress_bytes", 0, 0xFF), ("coding_encode_ascii", 1, 0x7F)):
        good = next((i for i, c in enumerate(a) if c > limit), len(a))
        out = array(0, bytes(len(a) + at))
        assert call(name, array(log2, chars(a)), 0, out, at, len(a)) == good
        assert _guest.natives_array_bytes(out)[at : at + good] == bytes(a[:good])


@given(BYTES, st.integers(0, 5))
def test_coding(a: bytes, offset: int) -> None:
    _guest.natives_arrays_start()
    offset = min(offset, len(a))
    part = a[offset:]
    x = array(0, a)
    positive = next((i for i, c in enumerate(part) if c >= 0x80), len(part))
    ascii_count = next((i for i, c in enumerate(part) if c >= 0x80 or c == 0), len(part))
    assert call("coding_count_positives", x, offset, len(part)) == positive
    assert call("coding_has_negatives", x, offset, len(part)) == (positive != len(part))
    assert call("coding_count_non_zero_ascii", x, offset, len(part)) == ascii_count


@given(st.binary(max_size=64), st.integers(0, 2**32 - 1), st.integers(0, 7))
def test_hash_codes(data: bytes, initial: int, skip: int) -> None:
    _guest.natives_arrays_start()
    for type_, log2, letter in ((4, 0, "B"), (8, 0, "b"), (5, 1, "H"), (9, 1, "h"), (10, 2, "i")):
        whole = data[: len(data) >> log2 << log2]
        values = struct.unpack(f"<{len(whole) >> log2}{letter}", whole)
        start = min(skip, len(values))
        assert call("arrays_hash_code", array(log2, whole), start, len(values) - start, initial, type_) == java_hash(values[start:], initial)
    whole = data[: len(data) & ~1]
    values = struct.unpack(f"<{len(whole) >> 1}H", whole)
    assert call("arrays_hash_code", array(0, whole), 0, len(values), initial, 5) == java_hash(values, initial)


@given(st.binary(max_size=64), st.integers(0, 63), st.integers(0, 255), st.integers(0, 3))
def test_mismatch(data: bytes, at: int, change: int, log2: int) -> None:
    _guest.natives_arrays_start()
    data = data[: len(data) >> log2 << log2]
    other = bytearray(data)
    if at < len(other):
        other[at] ^= change
    expected = at >> log2 if at < len(data) and change else -1
    x, y, count = array(log2, data), array(log2, bytes(other)), len(data) >> log2
    assert call("arrays_mismatch", x, y, count) == expected
    for start in range(min(count, 3)):
        shifted = -1 if expected < 0 else expected - start
        if expected < 0 or expected >= start:
            assert call("arrays_mismatch_range", x, start, y, start, count - start) == shifted
    base = 16 if log2 == 3 else 12
    assert call("arrays_vectorized_mismatch", x, base, 0, y, base, 0, count, log2) == expected


@given(st.binary(min_size=8, max_size=80), st.integers(0, 9), st.integers(0, 9), st.integers(0, 80), st.integers(0, 3))
def test_arraycopy(data: bytes, source: int, target: int, count: int, log2: int) -> None:
    _guest.natives_arrays_start()
    length = len(data) >> log2
    data = data[: length << log2]
    count = min(count, length - min(source, length), length - min(target, length))
    if count < 0 or source > length or target > length:
        return
    x = array(log2, data)
    _guest.natives_call("system_arraycopy", [x, source, x, target, count])
    expected = bytearray(data)
    expected[target << log2 : (target + count) << log2] = data[source << log2 : (source + count) << log2]
    assert _guest.natives_array_bytes(x) == bytes(expected)


@given(st.binary(min_size=16, max_size=64), st.sampled_from([2, 4, 8]))
def test_copy_swap(data: bytes, size: int) -> None:
    _guest.natives_arrays_start()
    data = data[: len(data) // size * size]
    x, y = array(0, data), array(0, bytes(len(data)))
    _guest.natives_call("unsafe_copy_swap_memory", [0, x, 12, 0, y, 12, 0, len(data), 0, size, 0])
    assert _guest.natives_array_bytes(y) == b"".join(data[i : i + size][::-1] for i in range(0, len(data), size))


@pytest.mark.parametrize(("name", "log2", "value"), [("fill_8", 0, 0x1FE), ("fill_16", 1, 0x12345), ("fill_32", 2, -5), ("fill_64", 3, 1 << 62)])
def test_fill(name: str, log2: int, value: int) -> None:
    x = array(log2, bytes(9 << log2))
    _guest.natives_call(f"arrays_{name}", [x, value])
    size = 1 << log2
    assert _guest.natives_array_bytes(x) == (value & ((1 << 8 * size) - 1)).to_bytes(size, "little") * 9


def test_unsafe() -> None:
    x = array(3, struct.pack("<2Q", 0x1122334455667788, 5))
    assert _guest.natives_call("unsafe_get_64_order", [0, x, 16, 0, 0]) == 0x1122334455667788
    assert _guest.natives_call("unsafe_get_64_order", [0, x, 16, 0, 1]) == 0x8877665544332211
    assert call("unsafe_cas_64", 0, x, 24, 0, 6, 0, 9, 0) == 0
    assert call("unsafe_cas_64", 0, x, 24, 0, 5, 0, 9, 0) == 1
    assert _guest.natives_call("unsafe_get_and_add_64", [0, x, 24, 0, -10 & (1 << 64) - 1, 0]) == 9
    assert struct.unpack("<2q", _guest.natives_array_bytes(x))[1] == -1
    assert call("unsafe_cas_32", 0, x, 24, 0, 0xFFFFFFFF, 7) == 1
    assert struct.unpack("<4I", _guest.natives_array_bytes(x))[2] == 7


def number(words_: Sequence[int]) -> int:
    value = 0
    for word in words_:
        value = value << 32 | word
    return value


@given(INTS, INTS)
def test_multiply(a: list[int], b: list[int]) -> None:
    _guest.natives_arrays_start()
    z = array(2, ints([7] * (len(a) + len(b))))
    _guest.natives_call("big_multiply", [array(2, ints(a)), len(a), array(2, ints(b)), len(b), z])
    assert number(words(z)) == number(a) * number(b)
    z = array(2, ints([7] * (2 * len(a) + 1)))
    _guest.natives_call("big_square", [array(2, ints(a)), len(a), z, 2 * len(a)])
    assert number(words(z)[:-1]) == number(a) ** 2 and words(z)[-1] == 7


@given(INTS, INTS, st.integers(0, 2**32 - 1), st.integers(0, 4))
def test_mul_add(out: list[int], a: list[int], k: int, offset: int) -> None:
    _guest.natives_arrays_start()
    if len(a) + offset > len(out):
        return
    z = array(2, ints(out))
    carry = call("big_mul_add", z, array(2, ints(a)), offset, len(a), k) & 0xFFFFFFFF
    end = len(out) - offset
    part = number(out[end - len(a) : end]) + number(a) * k
    assert number(words(z)[end - len(a) : end]) == part % (1 << 32 * len(a)) and carry == part >> 32 * len(a)
    assert words(z)[end:] == out[end:] and words(z)[: end - len(a)] == out[: end - len(a)]


@given(INTS, st.integers(1, 31))
def test_shift_left(a: list[int], shift: int) -> None:
    _guest.natives_arrays_start()
    z = array(2, ints([0] * (len(a) + 1)))
    _guest.natives_call("big_shift_left", [z, array(2, ints(a)), 1, shift, len(a) - 1])
    assert words(z)[1 : len(a)] == [(a[i] << shift | a[i + 1] >> (32 - shift)) & 0xFFFFFFFF for i in range(len(a) - 1)]


@given(INTS, st.integers(1, 31), st.integers(0, 1))
def test_shift_right(a: list[int], shift: int, start: int) -> None:
    _guest.natives_arrays_start()
    count = len(a) - 1
    z = array(2, ints([7] * (count + 1)))
    _guest.natives_call("big_shift_right", [z, array(2, ints(a)), start, shift, count])
    made = [(a[i] << 32 | a[i + 1]) >> shift & 0xFFFFFFFF for i in range(count)]
    if start == 0:
        assert words(z) == [*made, 7]
    else:
        assert words(z) == [7, *made]


def big_words(value: int, count: int) -> list[int]:
    return [value >> 32 * (count - 1 - i) & 0xFFFFFFFF for i in range(count)]


@given(st.integers(1, 12), st.data())
def test_montgomery(limbs: int, data: st.DataObject) -> None:
    _guest.natives_arrays_start()
    count, top = 2 * limbs, 1 << 64 * limbs
    modulus = data.draw(st.integers(1, top - 1)) | 1
    a, b = data.draw(st.integers(0, top - 1)) % modulus, data.draw(st.integers(0, top - 1)) % modulus
    inverse = -pow(modulus, -1, 1 << 64)
    shift = pow(top, -1, modulus) if modulus > 1 else 0
    n, x, z = (array(2, ints(big_words(value, count))) for value in (modulus, a, 0))
    assert _guest.natives_call("big_montgomery_multiply", [x, array(2, ints(big_words(b, count))), n, count, inverse, 0, z]) == z
    assert number(words(z)) == a * b * shift % modulus
    _guest.natives_call("big_montgomery_square", [x, n, count, inverse, 0, z])
    assert number(words(z)) == a * a * shift % modulus


def double(name: str, x: float) -> float:
    (bits,) = struct.unpack("<Q", struct.pack("<d", x))
    return float(struct.unpack("<d", struct.pack("<Q", _guest.natives_call(name, [bits, 0])))[0])


def same(a: float, b: float) -> bool:
    return struct.pack("<d", a) == struct.pack("<d", b) or (math.isnan(a) and math.isnan(b))


@settings(max_examples=500)
@given(st.one_of(st.floats(), st.integers(-(2**54), 2**54).map(lambda n: n / 2)))
def test_rounding(x: float) -> None:
    finite = math.isfinite(x)
    for name, model in (("floor", math.floor), ("ceil", math.ceil), ("rint", round)):
        expected = math.copysign(float(model(x)), x) if finite else x
        assert same(double(f"math_{name}", x), expected)
    if x >= 0:
        assert same(double("math_sqrt", x), math.sqrt(x))


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_multiply_high(a: int, b: int) -> None:
    mask = (1 << 64) - 1
    assert _guest.natives_call("math_multiply_high", [a, 0, b, 0]) == (a * b >> 64) & mask
    assert _guest.natives_call("math_multiply_high_unsigned", [a, 0, b, 0]) == (a & mask) * (b & mask) >> 64


@given(st.integers(0, 2**64 - 1))
def test_bits(x: int) -> None:
    for prefix, size in (("int", 32), ("long", 64)):
        value = x & ((1 << size) - 1)
        assert call(f"{prefix}_bit_count", value) == value.bit_count()
        assert call(f"{prefix}_leading_zeros", value) == size - value.bit_length()
        assert call(f"{prefix}_trailing_zeros", value) == ((value & -value).bit_length() - 1 if value else size)
        swapped = _guest.natives_call(f"{prefix}_reverse_bytes", [value, 0]) & ((1 << size) - 1)
        assert swapped == int.from_bytes(value.to_bytes(size // 8, "little"), "big")
