"""kernel/diagnostics, kernel/time/entropy and the launch configuration."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from demitasse import _guest as guest
from demitasse.runtime import trace


# --- format ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("form, arguments, expected", [
    (b"plain", [], b"plain"), (b"%d %d", [-5, 7], b"-5 7"), (b"%u", [-1], b"18446744073709551615"),
    (b"%d", [-(1 << 63)], b"-9223372036854775808"), (b"%x|%08x|%4x", [255, 255, 255], b"ff|000000ff|  ff"),
    (b"%p", [0x1000], b"0x1000"), (b"%s!%s", [b"abc", None], b"abc!(null)"), (b"%c%%", [65], b"A%"),
    (b"[%6d][%06d][%-6d]", [-42, -42, -42], b"[   -42][-00042][-42   ]"), (b"[%6s][%-6s]", [b"ab", b"ab"], b"[    ab][ab    ]"),
    (b"%q", [1], b"%q"), (b"%", [], b""), (b"%5", [1], b""), (b"%d", [], b"0"), (b"%s", [], b"(null)"),
])
def test_format(form: bytes, arguments: list[int | bytes], expected: bytes) -> None:
    assert guest.format_text(form, arguments) == (expected, False)


@given(st.integers(-(1 << 63), (1 << 64) - 1), st.integers(0, 30))
def test_format_numbers(value: int, width: int) -> None:
    unsigned, signed = value % (1 << 64), (value + (1 << 63)) % (1 << 64) - (1 << 63)
    form = b"%%%du %%%dd %%0%dx" % (width, width, width)
    text, cut = guest.format_text(form, [unsigned, signed, unsigned])
    assert text.decode() == f"{unsigned:{width}d} {signed:{width}d} {unsigned:0{width or 1}x}" and not cut


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80), st.integers(0, 40))
def test_format_never_leaves_its_buffer(text: str, capacity: int) -> None:
    form = text.encode()
    whole, _ = guest.format_text(form, [b"string", b"string"] * 8, 4096)
    got, cut = guest.format_text(form, [b"string", b"string"] * 8, capacity)
    assert got == whole[:max(0, capacity - 1)] and cut == (len(whole) > max(0, capacity - 1))


@given(st.binary(max_size=40).filter(lambda b: 0 not in b and b"%s" not in b and b"s" not in b))
def test_hostile_formats(form: bytes) -> None:
    guest.format_text(form, [1, 2, 3], 64)


# --- log ------------------------------------------------------------------------------------------------

def test_log_keeps_all_and_shows_from_its_level() -> None:
    guest.log_line(0, b"broken")
    guest.log_line(2, b"by the way")
    assert guest.kernel_text() == "[    0.000000] error: broken\n"
    assert guest.log_tail(1000).splitlines() == [b"[    0.000000] error: broken", b"[    0.000000] info: by the way"]
    guest.log_level(3)
    guest.log_line(3, b"detail")
    assert guest.kernel_text().endswith("debug: detail\n")


def test_log_ring_wraps() -> None:
    for i in range(2000):
        guest.log_line(3, b"line %d" % i)
    tail = guest.log_tail(1 << 20)
    assert len(tail) == 16384 and tail.endswith(b"debug: line 1999\n")
    assert guest.log_tail(10) == tail[-10:]


def test_log_cuts_long_lines() -> None:
    guest.log_line(0, b"x" * 1000)
    assert len(guest.kernel_text()) == 399


# --- trace ----------------------------------------------------------------------------------------------

def test_trace_to_chrome_json() -> None:
    ring = guest.trace_ring_of(16, [("B", b"outer", 7), ("i", b"point", 42), ("X", b"whole", 9), ("E", b"outer", 0)])
    document = json.loads(trace.to_chrome_json(ring))
    assert document["otherData"]["lost"] == 0
    assert [(e["ph"], e["name"], e["ts"], e["args"]["argument"]) for e in document["traceEvents"]] == \
        [("B", "outer", 1000, 7), ("i", "point", 2000, 42), ("X", "whole", 2000, 9), ("E", "outer", 4000, 0)]
    assert document["traceEvents"][2]["dur"] == 1000 and {e["tid"] for e in document["traceEvents"]} == {1}


def test_trace_ring_wraps_and_drops_unopened_ends() -> None:
    events = [("B", b"lost", 0), *[("i", b"%d" % i, i) for i in range(9)], ("E", b"lost", 0)]
    document = trace.to_chrome_events(guest.trace_ring_of(4, events))
    assert document["otherData"]["lost"] == 7 and [e["name"] for e in document["traceEvents"]] == ["6", "7", "8"]


def test_trace_names_are_cut() -> None:
    document = trace.to_chrome_events(guest.trace_ring_of(4, [("i", b"n" * 100, 0)]))
    assert document["traceEvents"][0]["name"] == "n" * 31


def test_no_trace_is_an_empty_one() -> None:
    assert json.loads(trace.to_chrome_json(b""))["traceEvents"] == []


@settings(deadline=None)
@given(st.data())
def test_damaged_traces_are_refused_in_one_line(data: st.DataObject) -> None:
    ring = bytearray(guest.trace_ring_of(2, [("i", b"a", 0)]))
    ring[data.draw(st.integers(0, len(ring) - 1))] = data.draw(st.integers(0, 255))
    try:
        trace.to_chrome_json(bytes(ring[:data.draw(st.integers(1, len(ring)))]))
    except trace.TraceError as error:
        assert "\n" not in str(error)


# --- configuration ----------------------------------------------------------------------------------------

def test_config_keeps_order() -> None:
    data = b"a=1\0arg=x\0b=\0arg=y=z\0nothing\0=v\0a=2\0"
    assert [guest.config_lookup(data, b"arg", i) for i in range(3)] == [b"x", b"y=z", None]
    assert guest.config_lookup(data, b"b", 0) == b"" and guest.config_lookup(data, b"nothing", 0) is None
    assert guest.config_lookup(data, b"a", 1) == b"2" and guest.config_lookup(data, b"ar", 0) is None


@pytest.mark.parametrize("data", [b"", b"\0", b"a", b"a=1", b"\0\0a=1", b"a=1\xff"])
def test_config_without_its_end(data: bytes) -> None:
    assert guest.config_lookup(data, b"a", 0) is None


@settings(max_examples=500)
@given(st.lists(st.tuples(st.sampled_from([b"a", b"ab", b"b", b""]), st.binary(max_size=5).map(lambda v: v.replace(b"\0", b"")))),
       st.binary(max_size=6), st.sampled_from([b"a", b"ab", b"b"]), st.integers(0, 4))
def test_config_against_a_model(records: list[tuple[bytes, bytes]], rest: bytes, key: bytes, index: int) -> None:
    data = b"".join(k + b"=" + v + b"\0" for k, v in records) + rest.replace(b"\0", b"")
    values = [v for k, v in records if k == key]
    assert guest.config_lookup(data, key, index) == (values[index] if index < len(values) else None)


@given(st.binary(max_size=80), st.integers(0, 3))
def test_config_fuzz(data: bytes, index: int) -> None:
    found = guest.config_lookup(data, b"k", index)
    assert found is None or b"k=" + found + b"\0" in data


@pytest.mark.parametrize("text, value", [
    (b"0", 0), (b"42", 42), (b"64M", 64 << 20), (b"3k", 3072), (b"2G", 2 << 30), (b"18446744073709551605", (1 << 64) - 11),
    (b"", None), (b"x", None), (b"1x", None), (b"-1", None), (b"1MM", None), (b"99999999999999999999", None),
    (b"17179869184G", None), (b" 1", None), (b"M", None),
])
def test_config_numbers(text: bytes, value: int | None) -> None:
    assert guest.config_number_of(text) == value


# --- entropy ----------------------------------------------------------------------------------------------

def test_chacha20_block_rfc_8439_2_3_2() -> None:
    block = guest.chacha20(bytes(range(32)), 1, bytes.fromhex("000000090000004a00000000"))
    assert block == bytes.fromhex(
        "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
        "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e")


def test_entropy_counts_only_what_is_vouched_for() -> None:
    known = guest.entropy_known()
    guest.entropy_mix(b"jitter" * 100, 0)
    assert guest.entropy_known() == known
    guest.entropy_mix(b"x", 1000)
    assert guest.entropy_known() == 256


def test_entropy_output_looks_random() -> None:
    data = guest.entropy_draw(1 << 16)
    ones = sum(byte.bit_count() for byte in data)
    assert abs(ones - (1 << 18)) < 3000 and len({data[i:i + 8] for i in range(0, 1 << 16, 8)}) == 1 << 13
    assert guest.entropy_draw(0) == b"" and len(guest.entropy_draw(33)) == 33
