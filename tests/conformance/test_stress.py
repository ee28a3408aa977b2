"""The threaded programs of the corpus with a thread switch at every safepoint.

One run each here; `python -m tests.conformance.stress` does it 50 times, and so does the slow test.
"""

from __future__ import annotations

import random

import pytest

from tests.conformance import stress
from tests.conftest import need_home
from tests.programs.catalogue import Program

#: Another one each time; a failure names it.
SEED = random.randrange(1 << 30)


#: Half a minute each; the run of fifty has it.
LONG = {"SecureChannels"}


@pytest.mark.parametrize("way", stress.WAYS)
@pytest.mark.parametrize("program", [p for p in stress.THREADED if p.name not in LONG], ids=lambda program: program.name)
def test_threads_are_switched_all_the_time(program: Program, way: str) -> None:
    need_home("process")
    how = stress.Stress(SEED, way)
    wrong = stress.difference(program, how)
    assert not wrong, f"{' '.join(how.options())}: {wrong}"


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("program", stress.THREADED, ids=lambda program: program.name)
def test_fifty_times(program: Program) -> None:
    need_home("process")
    found = [(how, stress.difference(program, how)) for how in map(stress.stress_of, range(1, 51))]
    assert not [f"{' '.join(how.options())}: {wrong}" for how, wrong in found if wrong]
