"""Math's transcendental functions: special cases from Math's specification, and the nearest double elsewhere."""

from __future__ import annotations

import math
import struct
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from demitasse import _guest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

INF, NAN = math.inf, math.nan
LEAST, GREATEST = 5e-324, 1.7976931348623157e308
POSITIVE = st.floats(min_value=LEAST, allow_nan=False, allow_infinity=False)
NEAR_ONE = st.builds(lambda m, e: 1 + m * 2.0**-e, st.integers(-9, 9), st.integers(6, 52))


def bits(x: float) -> str:
    return "nan" if math.isnan(x) else struct.pack(">d", x).hex()


def math_of(name: str, *arguments: float) -> float:
    return float(_guest.natives_math(name, *arguments))


def nearest(value: Decimal) -> float:
    """The double nearest to a decimal of many digits."""
    return float(Fraction(value)) if abs(value.adjusted()) < 330 else math.copysign(0.0, value)


SPECIAL = [
    *((name, x, x) for name in ("sin", "tan", "tanh", "cbrt") for x in (0.0, -0.0, NAN, LEAST, -LEAST) if (name, x) not in
      {("cbrt", LEAST), ("cbrt", -LEAST)}),
    *((name, x, NAN) for name in ("sin", "cos", "tan") for x in (INF, -INF, NAN)),
    ("cos", 0.0, 1.0), ("cos", -0.0, 1.0), ("cos", LEAST, 1.0), ("cos", 1e-9, 1.0),
    ("sin", 1e22, -0.8522008497671888), ("cos", 1e22, 0.523214785395139), ("tan", 1e22, -1.6287782256068988),
    ("sin", GREATEST, 0.004961954789184062), ("cos", GREATEST, -0.9999876894265599), ("tan", GREATEST, -0.004962015874444895),
    ("cos", 6381956970095103.0 * 2.0**797, -4.6871659242546277e-19),                 # the double nearest to a multiple of π/2
    ("sin", math.pi, 1.2246467991473532e-16), ("cos", math.pi / 2, 6.123233995736766e-17), ("tan", math.pi / 2, 1.633123935319537e16),
    ("exp", 0.0, 1.0), ("exp", -0.0, 1.0), ("exp", INF, INF), ("exp", -INF, 0.0), ("exp", NAN, NAN), ("exp", 1.0, math.e),
    ("exp", 709.782712893384, 1.7976931348622732e308), ("exp", 709.7827128933841, INF), ("exp", GREATEST, INF), ("exp", -GREATEST, 0.0),
    ("exp", -745.1332191019411, LEAST), ("exp", -745.1332191019412, 0.0), ("exp", LEAST, 1.0), ("exp", -LEAST, 1.0),
    *((name, x, y) for name in ("log", "log10") for x, y in ((0.0, -INF), (-0.0, -INF), (-1.0, NAN), (-INF, NAN), (NAN, NAN), (INF, INF), (1.0, 0.0),
                                                            (-LEAST, NAN))),
    ("log", LEAST, -744.4400719213812), ("log", GREATEST, 709.782712893384), ("log10", LEAST, -323.3062153431158),
    *(("log10", float(10**n), float(n)) for n in range(23)), ("log10", 0.001, -3.0),
    ("tanh", INF, 1.0), ("tanh", -INF, -1.0), ("tanh", 22.0, 1.0), ("tanh", -1e300, -1.0),
    ("cbrt", INF, INF), ("cbrt", -INF, -INF), ("cbrt", LEAST, 1.7031839360032603e-108),
    *(("cbrt", sign * n**3 * 0.125, sign * n * 0.5) for n in range(1, 60) for sign in (1.0, -1.0)),
]


@pytest.mark.parametrize(("name", "x", "expected"), SPECIAL)
def test_special(name: str, x: float, expected: float) -> None:
    assert bits(math_of(name, x)) == bits(expected)


ODD, EVEN = 9007199254740991.0, 9007199254740992.0

#: In the order of Math.pow's specification.
POWERS = [
    *((x, zero, 1.0) for x in (0.0, -0.0, 1.0, -2.5, INF, -INF, NAN) for zero in (0.0, -0.0)),
    *((x, 1.0, x) for x in (0.0, -0.0, 3.5, -3.5, LEAST, GREATEST, INF, -INF, NAN)),
    (2.0, NAN, NAN), (1.0, NAN, NAN), (NAN, 2.0, NAN), (NAN, INF, NAN),
    (1.5, INF, INF), (-1.5, INF, INF), (0.5, -INF, INF), (0.0, -INF, INF), (1.5, -INF, 0.0), (0.5, INF, 0.0), (-0.5, INF, 0.0),
    (1.0, INF, NAN), (-1.0, INF, NAN), (1.0, -INF, NAN), (-1.0, -INF, NAN), (INF, INF, INF), (-INF, -INF, 0.0),
    (0.0, 2.0, 0.0), (0.0, 0.3, 0.0), (INF, -2.0, 0.0), (INF, -0.3, 0.0), (0.0, -2.0, INF), (INF, 0.3, INF),
    (-0.0, 2.0, 0.0), (-0.0, 0.3, 0.0), (-INF, -2.0, 0.0), (-0.0, ODD, -0.0), (-INF, -3.0, -0.0), (-0.0, EVEN, 0.0),
    (-0.0, -2.0, INF), (-0.0, -0.3, INF), (-INF, 2.0, INF), (-0.0, -ODD, -INF), (-INF, ODD, -INF), (-INF, EVEN, INF),
    (-2.0, 3.0, -8.0), (-2.0, 2.0, 4.0), (-2.0, -1.0, -0.5), (-2.0, 0.5, NAN), (-1e-300, 1e-300, NAN), (-1.0, 1e300, 1.0), (-1.0, ODD, -1.0),
    (2.0, 1023.0, 2.0**1023), (2.0, 1024.0, INF), (-2.0, 1025.0, -INF), (2.0, -1074.0, LEAST), (-2.0, -1077.0, -0.0), (4.0, -537.0, LEAST),
    (2.0, -1075.0, 0.0),                                       # midway between 0 and the least: to even
    (0.0625, 268.75, 0.0), (0.0625, 268.5, LEAST),
    (1.0000000000000002, 1e300, INF), (0.9999999999999999, 1e300, 0.0), (2.0, GREATEST, INF), (2.0, -GREATEST, 0.0), (2.0, LEAST, 1.0),
    (3.0, 34.0, float(3**34)), (9.0, 17.0, float(3**34)), (81.0, 8.5, float(3**34)), (4624.0, 6.5, float(68**13)),       # 54 bits
    (1.0000000000000002, 0.5, 1.0), (1.0000000000000007, 0.5, 1.0000000000000002),                 # not midway
    *((10.0, float(n), float(f"1e{n}")) for n in range(-340, 310)),
]


@pytest.mark.parametrize(("x", "y", "expected"), POWERS)
def test_pow_special(x: float, y: float, expected: float) -> None:
    assert bits(math_of("pow", x, y)) == bits(expected)


@settings(max_examples=500, deadline=None)
@given(st.floats(-750, 709.78), st.sampled_from([1.0, 2.0**-10, 2.0**-50]))
def test_exp(x: float, scale: float) -> None:
    with localcontext() as context:
        context.prec = 60
        assert math_of("exp", x * scale) == nearest(Decimal(x * scale).exp())


@settings(max_examples=500, deadline=None)
@given(st.one_of(POSITIVE, NEAR_ONE, st.floats(0.5, 2)))
def test_logarithms(x: float) -> None:
    with localcontext() as context:
        context.prec = 70
        assert math_of("log", x) == nearest(Decimal(x).ln())
        assert math_of("log10", x) == nearest(Decimal(x).log10())


@settings(max_examples=500, deadline=None)
@given(st.one_of(POSITIVE, NEAR_ONE, st.floats(0.5, 200)), st.one_of(st.floats(-20, 20), st.floats(-1e17, 1e17), st.integers(-320, 320).map(float)))
def test_pow(x: float, y: float) -> None:
    with localcontext() as context:
        context.prec = 90
        exponent = Decimal(x).ln() * Decimal(y)
        assume(abs(exponent) < 700)
        assert math_of("pow", x, y) == nearest(exponent.exp())


@settings(max_examples=1000, deadline=None)
@given(POSITIVE, st.integers(1, 80))
@example(134217729.0, 2)
def test_pow_exact(x: float, n: int) -> None:
    """Whole powers, in fractions: ties too."""
    assume(-1100 < math.log2(x) * n < 1030)
    try:
        expected = float(Fraction(x) ** n)
    except OverflowError:
        expected = INF
    assert math_of("pow", x, float(n)) == expected
    assert math_of("pow", -x, float(n)) == (-expected if n % 2 else expected)


@settings(max_examples=500, deadline=None)
@given(st.floats(-25, 25), st.sampled_from([1.0, 2.0**-6, 2.0**-30]))
def test_tanh(x: float, scale: float) -> None:
    with localcontext() as context:
        context.prec = 120
        power = (2 * Decimal(x * scale)).exp()
        assert math_of("tanh", x * scale) == nearest((power - 1) / (power + 1)) or abs(x * scale) < 1e-18


@settings(max_examples=1000, deadline=None)
@given(POSITIVE)
def test_cbrt(x: float) -> None:
    """x lies between the cubes of the midpoints on both sides of the root."""
    y = math_of("cbrt", x)
    low = (Fraction(y) + Fraction(math.nextafter(y, 0.0))) / 2
    high = (Fraction(y) + Fraction(math.nextafter(y, INF))) / 2
    assert low**3 < Fraction(x) < high**3
    assert math_of("cbrt", -x) == -y


def turns(x: float) -> tuple[Fraction, int]:
    """x reduced to [-π/4, π/4], to 2^-300, and the quadrant."""
    n = round(Fraction(x) / HALF_PI)
    return Fraction(x) - n * HALF_PI, n % 4


def _half_pi() -> Fraction:
    """π/2 to 1400 bits, by Machin's formula."""
    one = 1 << 1480

    def arctan_inverse(n: int) -> int:
        power, total, k = one // n, one // n, 1
        while power:
            power, k = power // -(n * n), k + 2
            total += power // k
            if abs(power) <= 1:
                break
        return total

    return Fraction(2 * (4 * arctan_inverse(5) - arctan_inverse(239)), one)


HALF_PI = _half_pi()


def sine(r: Fraction) -> Fraction:
    """Taylor's series of |r| < 1, to 2^-190 of r."""
    return sum((Fraction((-1) ** k, math.factorial(2 * k + 1)) * r ** (2 * k + 1) for k in range(22)), Fraction(0))


def cosine(r: Fraction) -> Fraction:
    return sum((Fraction((-1) ** k, math.factorial(2 * k)) * r ** (2 * k) for k in range(22)), Fraction(0))


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.floats(-1, 1), st.floats(-1000, 1000), st.floats(allow_nan=False, allow_infinity=False),
                 st.integers(1, 10**6).map(lambda n: n * (math.pi / 2))))
@example(6381956970095103.0 * 2.0**797)
def test_trigonometric(x: float) -> None:
    assume(abs(x) > 1e-60)
    rest, quadrant = turns(x)
    rest = Fraction(round(rest * (1 << 420)), 1 << 420)
    s, c = sine(rest), cosine(rest)
    s, c = ((s, c), (c, -s), (-s, -c), (-c, s))[quadrant]
    assert math_of("sin", x) == float(s)
    assert math_of("cos", x) == float(c)
    assert math_of("tan", x) == float(s / c)
