"""A short campaign on every run of the tests; the long one is a command (campaign.py).

The seed of a run is in the name of each test, and DEMITASSE_SEED adds one.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.seeds import SEED

from . import campaign

SEEDS = sorted({1, SEED})


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("kind", "count"), [("classes", 1000), ("jars", 300), ("started", 25)])
def test_always_a_java_answer(kind: str, count: int, seed: int) -> None:
    found = campaign.run(kind, seed, 0, count, ("--home", "process"), beside_host=True)
    assert found.failures == []
    assert len(found.differences) <= count // 25, found.differences
    assert len(found.outcomes) == count
    assert len({text.split(" ")[0] for text in found.outcomes.values()}) >= (2 if kind == "started" else 5)


@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_programs_get_one_line(seed: int) -> None:
    """In a process of its own: a crash is a failure of this test, not of all."""
    done = subprocess.run([sys.executable, "-m", "tests.fuzz.programs", "--cases", "5000", "--seed", str(seed)],
                          capture_output=True, text=True, cwd=campaign.HERE.parents[1])
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
