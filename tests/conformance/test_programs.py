"""Every program of the corpus in every home, against what the host JVM is known to do.

The committed expectations are the host JVM's own output (tests/programs/host.py, checked against it by
tests/programs/test_programs.py).  A home in which not even the smallest program runs fails at once for
all, instead of once per program after a time-out.
"""

from __future__ import annotations

import functools

import pytest

from tests import tools
from tests.conftest import HOMES, need_home
from tests.programs import host
from tests.programs.catalogue import PROGRAMS, Program

#: QEMU emulates the processor: a few programs there are enough to prove the image.
IN_QEMU = frozenset({"hello", "Nothing", "IntArithmetic", "Exceptions", "SumLines"})
SMALLEST = "Nothing"
TIMEOUTS = {"process": 60.0, "kvm": 120.0, "qemu": 300.0}

BY_NAME = {program.name: program for program in PROGRAMS}
RUNS = [
    pytest.param(home, program, id=f"{home}-{program.name}")
    for home in HOMES
    for program in PROGRAMS
    if home == "process" or (home == "kvm" and "slow" not in program.tags)
    or (home == "qemu" and (program.example == "hello" or program.name in IN_QEMU))
]


def run(program: Program, home: str, *options: str) -> tools.Outcome:
    environment = [word for name, value in host.ENVIRONMENT.items() for word in ("--env", f"{name}={value}")]
    return tools.run_demitasse("run", "--home", home, *environment, *options, *program.vm_options, *host.command(program),
                               stdin=program.stdin, timeout=TIMEOUTS[home])


@functools.cache
def trouble(home: str) -> str:
    """What keeps the smallest program from running in a home; empty if nothing does."""
    outcome = run(BY_NAME[SMALLEST], home)
    last = outcome.err.decode(errors="replace").strip().splitlines()[-1:]
    return "" if outcome.code == 0 else f"{SMALLEST} ends with {outcome.code}: {' '.join(last)}"


@pytest.mark.parametrize(("home", "program"), RUNS)
def test_same_bytes_as_the_host_jvm(home: str, program: Program) -> None:
    need_home(home)
    if program.name != SMALLEST and trouble(home):
        pytest.fail(f"the {home} home runs no program: {trouble(home)}", pytrace=False)
    outcome = run(program, home)
    assert host.difference(program, outcome.out, outcome.err, outcome.code) == ""


@pytest.mark.parametrize("options", [("--config", "indy-shortcuts=0"), ("--config", "gc-every=500", "--config", "gc-verify=1")],
                         ids=["no-shortcuts", "collecting"])
@pytest.mark.parametrize("program", [p for p in PROGRAMS if "method-handles" in p.tags], ids=lambda program: program.name)
def test_method_handles_otherwise(program: Program, options: tuple[str, ...]) -> None:
    """The programs that link call sites, linked by the class library alone, and under a busy collector."""
    need_home("process")
    outcome = run(program, "process", *options)
    assert host.difference(program, outcome.out, outcome.err, outcome.code) == ""
