"""The statistics of all benchmarks: medians and spread, ratios of medians with an interval.

Invariant: the same samples give the same summary; the bootstrap draws from a fixed seed.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_DRAWS = 2000
_SEED = 20250923
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Summary:
    """Median, quartiles, extremes and number of the samples."""

    median: float
    q1: float
    q3: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Ratio:
    """A ratio of medians and the interval that holds 95 % of its bootstrap."""

    value: float
    low: float
    high: float


def summarize(samples: Sequence[float]) -> Summary:
    """Summarize at least one sample."""
    if not samples:
        raise ValueError("no samples")
    q1, _, q3 = statistics.quantiles(samples, n=4, method="inclusive") if len(samples) > 1 else (samples[0],) * 3
    return Summary(statistics.median(samples), q1, q3, min(samples), max(samples), len(samples))


def ratio(of: Sequence[float], to: Sequence[float]) -> Ratio:
    """median(of) / median(to)."""
    draw = random.Random(_SEED)
    values = sorted(
        statistics.median(draw.choices(of, k=len(of))) / statistics.median(draw.choices(to, k=len(to)))
        for _ in range(_DRAWS)
    )
    edge = int(_DRAWS * (1 - _CONFIDENCE) / 2)
    return Ratio(statistics.median(of) / statistics.median(to), values[edge], values[-1 - edge])


def geometric_mean(ratios: Sequence[Ratio]) -> Ratio:
    """The geometric mean of ratios; its interval is that of the means of the bounds (cautious)."""
    def mean(values: list[float]) -> float:
        return math.exp(sum(map(math.log, values)) / len(values))

    return Ratio(mean([r.value for r in ratios]), mean([r.low for r in ratios]), mean([r.high for r in ratios]))
