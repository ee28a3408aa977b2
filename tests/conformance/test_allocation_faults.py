"""Every nth allocation fails: once in a run, in the Java heap, the kernel's heap or the pages.

What comes of it must be the program's own end (it caught the error, or did not need the memory), an
OutOfMemoryError, or one clear line; never a crash, a hang or a wrong diagnosis.  How many allocations a run makes,
the guest tells itself.  A sample runs with the tests, from a seed that is printed; the tests marked slow go through
every n of some programs, and so does the command:

    python -m tests.conformance.test_allocation_faults [PROGRAM… | all] [--switch gc-fail] [--step 10] [--first 1]
"""

from __future__ import annotations

import argparse
import functools
import random
import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests import tools
from tests.cabi import building
from tests.conftest import need_home
from tests.programs import host
from tests.programs.catalogue import PROGRAMS
from tests.seeds import SEED

#: The switch of each allocator (jvm/runtime/vm.pyx, kernel/boot/main.pyx).
SWITCHES = ("gc-fail", "heap.fail", "pages.fail")
#: What a message may say when memory was short.
WORDS = ("OutOfMemoryError", "insufficient memory", "no memory", "too little memory", "too small", "is missing or not a jimage",
         "Could not find or load main class", "thrown from the UncaughtExceptionHandler", "Cannot allocate memory", "No space left on device")
SAMPLE = 12
#: Programs of each kind that run for a short while, and wait for no thread that a failure may end.
SMALL = ("Nothing", "Exceptions", "Maps", "ThreadBasics", "StringConcats", "TryFinally", "Streams", "OutOfMemory", "HiddenClasses")
#: C programs (tests/cabi/src), which have no Java heap.
OWN_C = ("files", "memory", "pipes", "condition")
#: Gone through with the tests marked slow.
THOROUGH = ("Nothing", "files", "condition")
PATIENCE = 120
CRASHES = (134, 139)
BY_NAME = {program.name: program for program in PROGRAMS}


@functools.cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="allocation-faults-")
    _kept.append(folder)
    return Path(folder.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


@functools.cache
def _compiled(name: str) -> Path:
    source = building.HERE / "src" / f"{name}.c"
    return building.compile_one(source, "guest", _folder() / name, "-pthread", "-w")


def switches(name: str) -> tuple[str, ...]:
    return SWITCHES[1:] if name in OWN_C else SWITCHES


def run(name: str, *options: str) -> tools.Outcome:
    if name in OWN_C:
        return tools.run_demitasse("run", "--home", "process", *options, "-w", "/tmp", str(_compiled(name)), timeout=PATIENCE)
    program = BY_NAME[name]
    return tools.run_demitasse("run", "--home", "process", *options, *program.vm_options, *host.command(program),
                               stdin=program.stdin, timeout=PATIENCE)


@functools.cache
def allocations(name: str, switch: str) -> int:
    """About how many allocations a run makes: threads do not always meet in the same order."""
    outcome = run(name, "--config", f"{switch}={1 << 30}", "--config", "log=info")
    found = re.search(rf"{switch}: (\d+) allocations", (outcome.out + outcome.err).decode(errors="replace"))
    assert found, f"{name} does not tell how many allocations {switch} counts: {outcome}"
    return int(found[1])


@functools.cache
def usual_code(name: str) -> int:
    return 0 if name in OWN_C else host.expected(BY_NAME[name]).code


def judge(name: str, switch: str, nth: int) -> str:
    """Runs a program with the nth allocation failing; what is wrong with its end, or nothing."""
    try:
        found = run(name, "--config", f"{switch}={nth}")
    except subprocess.TimeoutExpired:
        return f"{name} {switch}={nth}: does not end"
    if found.code == usual_code(name):
        return ""                        # it went on, perhaps having said so
    text = found.err.decode(errors="replace") + found.out.decode(errors="replace")
    said = " / ".join(text.strip().splitlines()[-12:])[:800]
    if found.code in CRASHES:
        return f"{name} {switch}={nth}: exit code {found.code}: {said}"
    if name in OWN_C:                    # a check of the program's own, or the loader's line
        return "" if text.strip() else f"{name} {switch}={nth}: exit code {found.code} and not a word"
    if found.code != 1 or not any(word in text for word in WORDS):
        return f"{name} {switch}={nth}: exit code {found.code}: {said}"
    return ""


def sweep(name: str, switch: str, numbers: Iterable[int]) -> tuple[int, list[str]]:
    """Runs, and what was wrong."""
    count, wrong = 0, []
    for nth in numbers:
        count += 1
        if said := judge(name, switch, nth):
            wrong.append(said)
            print(said, flush=True)
    return count, wrong


@pytest.mark.parametrize("switch", SWITCHES)
def test_some_allocations(switch: str) -> None:
    need_home("process")
    chance = random.Random(SEED)
    wrong = []
    for _ in range(SAMPLE):
        name = chance.choice(SMALL)
        wrong.append(judge(name, switch, chance.randint(1, allocations(name, switch))))
    assert not any(wrong), f"seed {SEED}:\n" + "\n".join(filter(None, wrong))


@pytest.mark.parametrize("switch", SWITCHES[1:])
def test_some_allocations_of_a_c_program(switch: str) -> None:
    need_home("process")
    chance = random.Random(SEED)
    names = [chance.choice(OWN_C) for _ in range(SAMPLE // 2)]
    wrong = [judge(name, switch, chance.randint(1, allocations(name, switch))) for name in names]
    assert not any(wrong), f"seed {SEED}:\n" + "\n".join(filter(None, wrong))


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name, switch", [(name, switch) for name in THOROUGH for switch in switches(name)])
def test_every_allocation(name: str, switch: str) -> None:
    need_home("process")
    _, wrong = sweep(name, switch, range(1, allocations(name, switch) + 1))
    assert not wrong, "\n".join(wrong[:50])


def main() -> int:
    parser = argparse.ArgumentParser(description="Make every nth allocation of a program fail.")
    parser.add_argument("names", nargs="*", default=["Nothing"], metavar="PROGRAM", help=f"one of {', '.join((*SMALL, *OWN_C))}; or all")
    parser.add_argument("--switch", choices=SWITCHES, action="append")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--step", type=int, default=1)
    args = parser.parse_args()
    failures = 0
    for name in (*SMALL, *OWN_C) if args.names == ["all"] else args.names:
        for switch in args.switch or SWITCHES:
            if switch in switches(name):
                most = allocations(name, switch)
                count, wrong = sweep(name, switch, range(args.first, most + 1, args.step))
                failures += len(wrong)
                print(f"{name} {switch}: {count} runs, n from {args.first} to {most}, {len(wrong)} failures", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
