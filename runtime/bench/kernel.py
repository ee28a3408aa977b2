"""`demitasse bench kernel`: what a C program pays for calls of the kernel and switches of threads, beside Linux.

Invariant: both sides run the same source with the same compiler, flags and C library, and do each thing equally often,
with all threads on one processor; what does not do all of it gives no figure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demitasse.runtime.bench import contenders as sides
from demitasse.runtime.bench.contenders import Contender, Run, Runner
from demitasse.runtime.bench.report import Comparison, Measure, Report
from demitasse.runtime.bench.summary import geometric_mean, ratio
from demitasse.runtime.errors import UserError

SOURCE = Path(__file__).resolve().parent / "programs" / "kernel.c"
FLAGS = ("-O2", "-pthread")
#: Where the guest makes its small file: in memory, as on the other side.
GUEST_FOLDER = "/tmp"
#: Folders in memory on Linux, the first that is there.
LINUX_FOLDERS = ("/dev/shm", "/run/user", "/tmp")


@dataclass(frozen=True)
class Thing:
    """What is measured under a name of the program.  switch: a change of threads, not a call."""

    title: str
    meaning: str
    switch: bool = False


#: By the name that the program prints, in its order.
THINGS = {
    "read": Thing("read", "one byte of a file in memory"),
    "write": Thing("write", "one byte to a file in memory"),
    "clock_gettime": Thing("clock_gettime", "the monotonic clock, as the C library asks for it: on Linux without a system call (vDSO)"),
    "syscall-clock_gettime": Thing("syscall(SYS_clock_gettime)", "the same through syscall(): on Linux a system call"),
    "sched_yield": Thing("sched_yield", "with no other thread to run"),
    "mutex": Thing("mutex", "locked and unlocked with nobody waiting: no call on either side"),
    "hand-over": Thing("mutex hand-over", "to a thread that sleeps on a condition variable", True),
    "switch-yield": Thing("switch by sched_yield", "two threads that yield until the other has run", True),
    "switch-semaphore": Thing("switch by semaphore", "two threads that post and wait in turn", True),
    "switch-pipe": Thing("switch by pipe", "two threads that pass a byte to and fro", True),
    "thread": Thing("thread", "made and joined", True),
}
LINUX = "linux"
CALLS, SWITCHES = "geometric mean of calls", "geometric mean of switches"
#: What is a system call on Linux: its mean is of these.
SYSTEM_CALLS = ("read", "write", "syscall-clock_gettime", "sched_yield")


def measure(runs: int, homes: Sequence[str] | None, scale: float = 1.0, runner: Runner = sides.run_once,
            programs: tuple[str, str] | None = None) -> Report:
    """Run the comparison; UserError if a side cannot run.  programs: for the guest and for Linux, if they are built already."""
    guests = sides.guests(homes)
    with _built(programs) as (guest_program, linux_program):
        linux = Contender(LINUX, native=linux_program)
        everyone = [linux, *guests]
        words = {c.name: [guest_program, GUEST_FOLDER if c.guest else memory_folder(), str(scale)] for c in everyone}
        measures = {name: Measure(thing.title, "ns", thing.meaning) for name, thing in THINGS.items()}
        counts: dict[str, int] = {}

        def run(contender: Contender, program: Sequence[str]) -> Run:
            return runner(contender, words[contender.name])

        for number, contender, done in sides.rounds(everyone, [], runs, run):
            for name, count, nanoseconds in _told(contender.name, done):
                if counts.setdefault(name, count) != count:
                    raise UserError(f"Error: {contender.name} does {name} {count} times, the others {counts[name]} times")
                if number:
                    measures[name].add(contender.name, nanoseconds / count)
        report = Report("kernel", runs, {c.name: c.command(words[c.name], "FILE") for c in everyone}, list(measures.values()), notes=[
            "Nanoseconds for one, by the program's own clock; the same source and C library (musl) on both sides.",
            "All threads share one processor, on Linux by sched_setaffinity.",
            "A ratio below 1 means that Demitasse is faster; 0.10 is ten times cheaper.",
        ])
    for guest in guests:
        ratios = {name: ratio(m.samples[guest.name], m.samples[LINUX]) for name, m in measures.items()}
        report.comparisons += [Comparison(THINGS[name].title, guest.name, LINUX, r, THINGS[name].meaning) for name, r in ratios.items()]
        report.comparisons += [
            Comparison(CALLS, guest.name, LINUX, geometric_mean([ratios[name] for name in SYSTEM_CALLS]), "of " + ", ".join(SYSTEM_CALLS)),
            Comparison(SWITCHES, guest.name, LINUX, geometric_mean([r for name, r in ratios.items() if name.startswith("switch")]),
                       "by yield, semaphore and pipe"),
        ]
    return report


def _told(who: str, run: Run) -> Iterator[tuple[str, int, int]]:
    """(name, how often, nanoseconds) of each line; UserError unless they are those of THINGS."""
    lines = [line.split() for line in run.out.splitlines()]
    if [words[0] for words in lines if words] != list(THINGS) or any(len(words) != 3 for words in lines):
        raise UserError(f"Error: {who} did not measure everything, but printed {run.out[:80]!r}")
    for name, count, nanoseconds in lines:
        yield name, int(count), int(nanoseconds)


def memory_folder() -> str:
    """A folder in memory on Linux, if there is one."""
    return next((folder for folder in LINUX_FOLDERS if os.access(folder, os.W_OK)), tempfile.gettempdir())


@contextmanager
def _built(programs: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
    """The program for a guest and for Linux; built in a folder that goes afterwards."""
    if programs is not None:
        yield programs
        return
    with tempfile.TemporaryDirectory(prefix="demitasse-bench-") as folder:
        guest, linux = os.path.join(folder, "kernel"), os.path.join(folder, "kernel-linux")
        for path, options in ((guest, ()), (linux, ("--for-linux",))):
            command = [sys.executable, "-m", "demitasse", "cc", *options, *FLAGS, "-o", path, str(SOURCE)]
            if subprocess.run(command).returncode:
                raise UserError(f"Error: {SOURCE.name} cannot be compiled; demitasse cc has said why")
        yield guest, linux
