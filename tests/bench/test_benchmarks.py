"""Benchmarks for pytest-benchmark: `pytest tests/bench --benchmark-only`.  Skipped in ordinary runs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from demitasse.runtime.bench import contenders, interpreter
from demitasse.runtime.bench.child import START
from demitasse.runtime.bench.contenders import Contender
from tests.conftest import need_home

SCALE = 0.1
JAVA, INTERPRETED = contenders.host(), contenders.host("-Xint")
GUESTS = contenders.guests(("process", "kvm"))


def take(benchmark: BenchmarkFixture, contender: Contender, program: Sequence[str]) -> None:
    if contender.guest:
        need_home(contender.guest)
    benchmark.pedantic(  # type: ignore[no-untyped-call]
        contenders.run_once, args=(contender, ["-cp", str(contenders.PROGRAMS), *program]), rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("contender", [JAVA, INTERPRETED, *GUESTS], ids=lambda c: c.name)
def test_hello(benchmark: BenchmarkFixture, contender: Contender) -> None:
    take(benchmark, contender, ["bench.Start", START])


@pytest.mark.parametrize("loop", list(interpreter.LOOPS))
@pytest.mark.parametrize("contender", [INTERPRETED, *GUESTS], ids=lambda c: c.name)
def test_loop(benchmark: BenchmarkFixture, contender: Contender, loop: str) -> None:
    take(benchmark, contender, [f"bench.{loop}", str(round(interpreter.LOOPS[loop] * SCALE))])
