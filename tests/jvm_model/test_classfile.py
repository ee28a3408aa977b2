"""Class files read and write back byte for byte; bad ones give ClassFormatError and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demitasse.jvm.model import constant_pool as cp
from demitasse.jvm.model import mutf8
from demitasse.jvm.model.attribute import PREDEFINED, RawInfo
from demitasse.jvm.model.classfile import build_class, parse_class
from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.wire import build_bytes, parse_stream

from .support import sample, small_class


def test_library_classes_round_trip() -> None:
    for location, data in sample(300):
        parsed = parse_class(data)
        assert build_class(parsed) == data, location.name
        assert location.base == "module-info" or parsed.name == f"{location.parent}/{location.base}"


def test_all_predefined_attributes_are_known() -> None:
    # JVMS table 4.7-C has 30 rows.
    assert len(PREDEFINED) == 30
    assert {"Record", "Module", "StackMapTable", "AnnotationDefault"} <= set(PREDEFINED)


def test_attribute_of_a_later_version_is_raw() -> None:
    data = bytearray(small_class())
    data[6:8] = (45).to_bytes(2, "big")
    code = parse_class(data).methods[0].code
    assert code is not None
    assert [type(a.info) is RawInfo for a in code.attributes if a.name == "StackMapTable"] == [True]
    assert build_class(parse_class(data)) == bytes(data)


def test_every_truncation_is_a_class_format_error() -> None:
    data = small_class()
    for length in range(len(data)):
        with pytest.raises(ClassFormatError) as caught:
            parse_class(data[:length])
        assert caught.value.offset is not None and caught.value.offset <= length
        assert "\n" not in str(caught.value)


def test_bytes_after_the_end_are_an_error() -> None:
    data = small_class()
    with pytest.raises(ClassFormatError, match=rf"1 bytes follow .* \(at byte {len(data)}\)"):
        parse_class(data + b"\0")


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=4))
def test_mutations_parse_or_give_class_format_error(changes: list[tuple[int, int]]) -> None:
    data = bytearray(small_class())
    for position, value in changes:
        data[position % len(data)] = value
    try:
        parsed = parse_class(data)
    except ClassFormatError:
        return
    assert build_class(parsed) == bytes(data)


@given(st.binary(max_size=200))
def test_noise_gives_class_format_error(noise: bytes) -> None:
    with pytest.raises(ClassFormatError):
        parse_class(noise)
    with pytest.raises(ClassFormatError):
        parse_class(b"\xca\xfe\xba\xbe\0\0\0\x45" + noise[:20])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"PK\3\4", "it starts with 0x504B0304"),
        (bytes.fromhex("cafebabe00000045 0000"), "constant_pool_count is 0"),
        (bytes.fromhex("cafebabe00000045 0002 63"), "unknown tag 99"),
        (bytes.fromhex("cafebabe00000045 0002 0100 01ff"), "cannot start a character"),
        (bytes.fromhex("cafebabe00000045 0002 07 0005"), "#5 is not in the constant pool"),
        (bytes.fromhex("cafebabe00000045 0002 05 0000000000000000"), "takes two slots"),
        (bytes.fromhex("cafebabe00000045 0003 0100 0161 0f 0a 0001"), "no reference kind 10"),
    ],
)
def test_messages_name_the_problem(data: bytes, problem: str) -> None:
    with pytest.raises(ClassFormatError, match=problem):
        parse_class(data)


def test_nesting_too_deep_is_a_class_format_error() -> None:
    pool = cp.ConstantPool()
    name, this = pool.add_utf8("AnnotationDefault"), pool.add_class("A")
    body = b"[\0\1" * 5000 + b"s" + name.to_bytes(2, "big")
    method = (b"\0\0" + name.to_bytes(2, "big") * 2 + b"\0\1" + name.to_bytes(2, "big")
              + len(body).to_bytes(4, "big") + body)
    head = build_bytes(cp.PoolFormat(), pool)
    data = (bytes.fromhex("cafebabe00000045") + head + b"\0\0" + this.to_bytes(2, "big")
            + bytes(6) + b"\0\1" + method + b"\0\0")
    with pytest.raises(ClassFormatError, match="too deeply"):
        parse_class(data)


# --- modified UTF-8 and the constant pool ---------------------------------------------------------

_UNITS = st.lists(st.integers(0, 0xFFFF), max_size=30).map(
    lambda units: b"".join(u.to_bytes(2, "little") for u in units)
    .decode("utf-16-le", "surrogatepass"))


@given(st.one_of(st.text(), _UNITS))
def test_modified_utf8_round_trips(text: str) -> None:
    encoded = mutf8.encode(text)
    assert 0 not in encoded and not any(byte >= 0xF0 for byte in encoded)
    assert mutf8.decode(encoded) == text


@given(st.binary(max_size=20))
def test_modified_utf8_never_fails_otherwise(data: bytes) -> None:
    try:
        mutf8.decode(data)
    except mutf8.ModifiedUtf8Error as error:
        assert 0 <= error.position <= len(data)


def test_modified_utf8_known_forms() -> None:
    assert mutf8.encode("\0é€😀") == bytes.fromhex("c080 c3a9 e282ac eda0bd edb880")


_S4 = st.integers(-(1 << 31), (1 << 31) - 1)
_CONSTANTS = st.one_of(
    st.builds(cp.Utf8.of, st.text(max_size=20)), st.builds(cp.Integer, _S4),
    st.builds(cp.Float, st.integers(0, (1 << 32) - 1)),
    st.builds(cp.Long, st.integers(-(1 << 63), (1 << 63) - 1)),
    st.builds(cp.Double, st.integers(0, (1 << 64) - 1)),
)


@given(st.lists(_CONSTANTS, max_size=20), st.lists(st.text(max_size=8), max_size=8))
def test_constant_pools_round_trip(constants: list[cp.Constant], names: list[str]) -> None:
    pool = cp.ConstantPool()
    for constant in constants:
        assert pool[pool.add(constant)] == constant
    for name in names:
        method = pool.add_member(cp.Methodref, name, name, "()V")
        assert pool.member(method) == (name, name, "()V")
        for kind in range(5, 9):
            pool.add(cp.MethodHandle(kind, method))
        pair = pool.add_name_and_type(name, "I")
        for indirect in (cp.Dynamic(0, pair), cp.InvokeDynamic(0, pair)):
            pool.add(indirect)
        for named in (cp.MethodType, cp.Module, cp.Package, cp.String):
            pool.add(named(pool.add_utf8(name)))
    data = build_bytes(cp.PoolFormat(), pool)
    parsed, _ = parse_stream(cp.PoolFormat(), data)
    assert parsed == pool
    assert build_bytes(cp.PoolFormat(), parsed) == data


def test_numbers_that_do_not_fit_are_class_format_errors() -> None:
    parsed = parse_class(small_class())
    parsed.access_flags = 1 << 16
    with pytest.raises(ClassFormatError, match="access_flags does not fit"):
        build_class(parsed)
