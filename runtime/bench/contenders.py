"""Who competes, and one run of each: the host JVM with some flags, a program of this machine, Demitasse in some home.

Invariant: both sides get the same class files (or the same C source, built for each) and arguments, an environment of their own, pipes for
stdin, stdout and stderr, and take turns: every round runs each contender once, each round starting
with another one, so that a machine that grows slower or faster favours nobody.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demitasse.jvm.model.class_library import java_home
from demitasse.runtime.bench import child
from demitasse.runtime.errors import UserError
from demitasse.runtime.homes import available

PROGRAMS = Path(__file__).resolve().parent / "programs" / "bench.jar"
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
#: A run that takes longer is stuck.
TIMEOUT = 600.0


@dataclass(frozen=True)
class Contender:
    """One side of the comparison.  guest: its home, or "" for the host JVM; native: a program of this machine, which
    stands for the first word of what is run."""

    name: str
    options: tuple[str, ...] = ()
    guest: str = ""
    native: str = ""

    def command(self, program: Sequence[str], stats: str) -> list[str]:
        """The command line that runs `program` (what follows java's options)."""
        if self.guest:
            return [sys.executable, "-m", "demitasse", "run", "--home", self.guest, "--stats-json", stats,
                    *self.options, *program]
        if self.native:
            return [self.native, *program[1:]]
        return [str(java_home() / "bin" / "java"), *self.options, *program]


@dataclass(frozen=True)
class Run:
    """One run.  Times in ns from the start of the process, processor: of all its threads; stats: what a guest told of itself."""

    first_byte: int | None
    wall: int
    peak: int
    code: int
    out: str
    err: str
    stats: dict[str, Any] = field(default_factory=dict)
    processor: int = 0


Runner = Callable[[Contender, Sequence[str]], Run]


def host(*options: str) -> Contender:
    return Contender(" ".join(("java", *options)), options)


def guests(homes: Sequence[str] | None) -> list[Contender]:
    """Demitasse in the homes asked for; if none are, in the process home, and in kvm if it is there."""
    if homes is None:
        homes = [home for home in available() if home in ("process", "kvm")]
    return [Contender(f"demitasse {home}", guest=home) for home in homes]


def run_once(contender: Contender, program: Sequence[str]) -> Run:
    """Run `program` once and measure it; UserError if it cannot be run or fails."""
    with tempfile.TemporaryDirectory(prefix="demitasse-bench-") as folder:
        stats = Path(folder, "stats.json")
        order = {"argv": contender.command(program, str(stats)), "env": ENVIRONMENT, "stdin": ""}
        try:
            done = subprocess.run([sys.executable, "-I", "-S", child.__file__], input=json.dumps(order),
                                  capture_output=True, text=True, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            raise UserError(f"Error: {contender.name}: no end after {TIMEOUT:.0f} seconds") from None
        if done.returncode:
            raise UserError(f"Error: {contender.name} cannot be started: {_last_line(done.stderr)}")
        found = json.loads(done.stdout)
        told = json.loads(stats.read_text()) if stats.exists() else {}
    start, first = found["started"], found["first_byte"]
    run = Run(None if first is None else first - start, found["ended"] - start, found["peak"],
              found["code"], found["out"], found["err"], told, found["processor"])
    if run.code:
        raise UserError(f"Error: {contender.name} ended with exit code {run.code}: {_last_line(run.err)}")
    return run


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "it said nothing")


def rounds(contenders: Sequence[Contender], program: Sequence[str], runs: int,
           runner: Runner) -> Iterator[tuple[int, Contender, Run]]:
    """(round, contender, run) for one round to warm the page cache (round 0) and `runs` that count."""
    for number in range(runs + 1):
        turn = number % len(contenders)
        for contender in (*contenders[turn:], *contenders[:turn]):
            yield number, contender, runner(contender, program)
