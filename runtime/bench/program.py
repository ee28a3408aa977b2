"""`demitasse bench program`: a C program of anybody's in a guest and on Linux, built twice by `demitasse cc` from the same source.

Invariant: both sides get the same arguments but for the word {folder}, which is a folder in memory that is empty at the start of
each run; a run that ends with another exit code than 0, or prints no time where times are asked for, gives no figures at all.

What is compared: the whole run; what of it the program itself had, from its entry to its end (on Linux there is nothing else); the
processor's time, which other programs on the machine change less; and, with a pattern, the time that the program prints.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from demitasse.runtime.bench import contenders as sides
from demitasse.runtime.bench.contenders import Contender, Run, Runner
from demitasse.runtime.bench.kernel import GUEST_FOLDER, LINUX, memory_folder
from demitasse.runtime.bench.report import Comparison, Measure, Report
from demitasse.runtime.bench.suite import UNITS, time_pattern, times_told
from demitasse.runtime.bench.summary import ratio

FOLDER = "{folder}"
WHOLE, INSIDE, PROCESSOR, OWN = "whole run", "in the program", "processor", "the program's own time"


@dataclass(frozen=True)
class Twins:
    """What to run.  guest, linux: the two programs; time: a pattern whose one group is a number of `unit`s."""

    guest: str
    linux: str
    args: tuple[str, ...] = ()
    guest_options: tuple[str, ...] = ()
    time: str | None = None
    unit: str = "ms"


def measure(twins: Twins, runs: int, homes: Sequence[str] | None, runner: Runner = sides.run_once) -> Report:
    """Run the comparison; UserError if a side cannot run."""
    pattern = time_pattern(twins.time)
    linux = Contender(LINUX, native=twins.linux)
    guests = [Contender(guest.name, twins.guest_options, guest.guest) for guest in sides.guests(homes)]
    everyone = [linux, *guests]
    measures = [Measure(WHOLE, "ms", "from starting the command to its end"),
                Measure(INSIDE, "ms", "from the program's entry to its end; on Linux that is the whole run"),
                Measure(PROCESSOR, "ms", "of the whole run, in all threads")]
    if pattern:
        measures.append(Measure(OWN, "ms", f"what it prints ({twins.time})"))
    printed: set[str] = set()

    def run(contender: Contender, program: Sequence[str]) -> Run:
        if contender.guest or FOLDER not in " ".join(program):
            return runner(contender, [word.replace(FOLDER, GUEST_FOLDER) for word in program])
        with tempfile.TemporaryDirectory(prefix="demitasse-bench-", dir=memory_folder()) as folder:
            return runner(contender, [word.replace(FOLDER, folder) for word in program])

    for number, contender, done in sides.rounds(everyone, [twins.guest, *twins.args], runs, run):
        printed.add(re.sub(r"[0-9][0-9.]*", "#", done.out))
        times = [done.wall, _inside(done), done.processor]
        values = [nanoseconds / 1e6 for nanoseconds in times]
        if pattern:
            values.append(times_told(contender.name, done, pattern) * UNITS[twins.unit])
        if number:
            for one, value in zip(measures, values, strict=True):
                one.add(contender.name, value)
    notes = ["The same arguments and C library (musl) on both sides; files of {folder} are in memory on both.",
             "A ratio below 1 means that Demitasse is faster; 1.05 is 0.95 of Linux's speed."]
    if len(printed) > 1:
        notes.append("The two sides print different things (numbers apart), or different things from run to run.")
    commands = {c.name: c.command([twins.guest, *twins.args], "FILE") for c in everyone}
    report = Report("program", runs, commands, measures, notes=notes)
    for guest in guests:
        report.comparisons += [Comparison(m.name, guest.name, LINUX, ratio(m.samples[guest.name], m.samples[LINUX]), m.meaning)
                               for m in measures]
    return report


def _inside(run: Run) -> int:
    """Nanoseconds from the program's entry to its end."""
    marks = run.stats.get("marks", {})
    return int(marks["exit"] - marks["main"]) if "exit" in marks and "main" in marks else run.wall
