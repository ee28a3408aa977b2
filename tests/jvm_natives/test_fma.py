"""Fused multiply-add against exact fractions."""

from __future__ import annotations

import math
import struct
from fractions import Fraction

from demitasse import _guest
from hypothesis import example, given, settings
from hypothesis import strategies as st

DOUBLES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.builds(lambda m, e: math.ldexp(m, e), st.integers(-(1 << 53), 1 << 53), st.integers(-1130, 960)),
)
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


def bits(x: float) -> bytes:
    return struct.pack("<d", x)


def exact(a: float, b: float, c: float) -> float | None:
    """The one rounding of a*b + c; None where the sign of a zero needs thought."""
    value = Fraction(a) * Fraction(b) + Fraction(c)
    if value == 0:
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


@settings(max_examples=3000, deadline=None)
@given(DOUBLES, DOUBLES, DOUBLES)
@example(5e-324, 0.5, 5e-324)
@example(1.7976931348623157e308, 2.0, -1.7976931348623157e308)
@example(1 + 2**-52, 1 + 2**-52, -1.0)
def test_double(a: float, b: float, c: float) -> None:
    expected = exact(a, b, c)
    got = _guest.natives_fma(a, b, c)
    if expected is None:
        assert got == 0 and (a * b + c != 0 or bits(got) == bits(a * b + c))
    else:
        assert bits(got) == bits(expected)


@settings(max_examples=1000, deadline=None)
@given(st.floats(), st.floats(), st.floats())
def test_near_cancellation(a: float, b: float, c: float) -> None:
    for value in (-(a * b), math.nextafter(-(a * b), 0.0)):
        if all(map(math.isfinite, (a, b, value))):
            expected = exact(a, b, value)
            if expected is not None:
                assert bits(_guest.natives_fma(a, b, value)) == bits(expected)


def test_special() -> None:
    inf, nan = math.inf, math.nan
    assert math.isnan(_guest.natives_fma(inf, 0.0, 1.0))
    assert math.isnan(_guest.natives_fma(inf, 1.0, -inf))
    assert _guest.natives_fma(inf, 1.0, 1.0) == inf
    assert _guest.natives_fma(1e300, 1e300, -inf) == -inf
    assert math.isnan(_guest.natives_fma(1.0, nan, 1.0))
    assert bits(_guest.natives_fma(-0.0, 1.0, -0.0)) == bits(-0.0)
    assert bits(_guest.natives_fma(1.0, 1.0, -1.0)) == bits(0.0)


def nearest_float(value: Fraction) -> float:
    """Correct rounding of a fraction to a float, by way of its neighbours."""
    if abs(value) >= Fraction(2) ** 128 - Fraction(2) ** 103:
        return math.inf if value > 0 else -math.inf
    exponent = max(math.frexp(float(value))[1] - 24, -149) if value else -149
    scaled = value / Fraction(2) ** exponent
    while abs(round(scaled)) > 1 << 24:
        exponent += 1
        scaled = value / Fraction(2) ** exponent
    return math.ldexp(round(scaled), exponent)


@settings(max_examples=2000, deadline=None)
@given(FLOATS, FLOATS, FLOATS)
def test_float(a: float, b: float, c: float) -> None:
    value = Fraction(a) * Fraction(b) + Fraction(c)
    if value != 0:
        assert _guest.natives_fma_float(a, b, c) == nearest_float(value)
