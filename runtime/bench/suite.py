"""`demitasse bench suite`: a program of anybody's on Demitasse and on the host JVM.

Each case is one line of arguments to the same jar or class.  What is compared is the time of the whole
run, or, with a pattern, the times that the program prints itself: its one group is a number, and a run
counts with the median of those that it printed.

Invariant: a run that ends with another exit code than 0, or prints no time where times are asked for, gives
no figures at all; where the two sides print different things (numbers apart, if the program tells times),
a note says so.
"""

from __future__ import annotations

import re
import shlex
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from demitasse.runtime.bench import contenders as sides
from demitasse.runtime.bench.contenders import Run, Runner
from demitasse.runtime.bench.report import Comparison, Measure, Report
from demitasse.runtime.bench.summary import geometric_mean, ratio
from demitasse.runtime.errors import UserError

#: Milliseconds of one unit.
UNITS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}
MEAN = "geometric mean"


@dataclass(frozen=True)
class Suite:
    """What to run.  program: what follows java's options, up to the jar or class; cases: its argument lines."""

    program: tuple[str, ...]
    cases: tuple[str, ...] = ("",)
    java_options: tuple[str, ...] = ()
    guest_options: tuple[str, ...] = ()
    time: str | None = None
    unit: str = "ms"


def time_pattern(text: str | None) -> re.Pattern[str] | None:
    """The pattern of times, checked; UserError if it is none."""
    if text is None:
        return None
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise UserError(f"Error: --time {text}: {error}") from None
    if pattern.groups != 1:
        raise UserError(f"Error: --time {text}: one group must hold the number, as in 'took ([0-9]+) ms'")
    return pattern


def measure(suite: Suite, runs: int, homes: Sequence[str] | None, runner: Runner = sides.run_once) -> Report:
    """Run the comparison; UserError if a side cannot run."""
    pattern = time_pattern(suite.time)
    java = sides.host(*suite.java_options)
    guests = [sides.Contender(guest.name, suite.guest_options, guest.guest) for guest in sides.guests(homes)]
    everyone = [java, *guests]
    measures: list[Measure] = []
    different: list[str] = []
    for case in suite.cases:
        program = [*suite.program, *shlex.split(case)]
        one = Measure(case or suite.program[-1].rpartition("/")[2], "ms", "the program's own time" if pattern else "the whole run")
        printed: set[str] = set()
        for number, contender, run in sides.rounds(everyone, program, runs, runner):
            printed.add(re.sub(r"[0-9][0-9.]*", "#", run.out) if pattern else run.out)
            value = run.wall / 1e6 if pattern is None else times_told(contender.name, run, pattern) * UNITS[suite.unit]
            if number:
                one.add(contender.name, value)
        if len(printed) > 1:
            different.append(one.name)
        measures.append(one)
    notes = [f"Times that the program prints ({suite.time}); a run counts with their median." if pattern else
             "Times of the whole run, from starting the command to its end.",
             "A ratio below 1 means that Demitasse is faster than the host JVM."]
    notes += [f"The output of {name} differs between the two sides, or from run to run." for name in different]
    commands = {c.name: c.command([*suite.program, *shlex.split(suite.cases[0])], "FILE") for c in everyone}
    report = Report("suite", runs, commands, measures, notes=notes)
    for guest in guests:
        ratios = [ratio(m.samples[guest.name], m.samples[java.name]) for m in measures]
        report.comparisons += [Comparison(m.name, guest.name, java.name, r, m.meaning) for m, r in zip(measures, ratios, strict=True)]
        if len(ratios) > 1:
            report.comparisons.append(Comparison(MEAN, guest.name, java.name, geometric_mean(ratios), "of all cases"))
    return report


def times_told(who: str, run: Run, pattern: re.Pattern[str]) -> float:
    """The median of the numbers that a run printed; UserError if it printed none."""
    try:
        found = [float(match[1]) for match in pattern.finditer(run.out + run.err)]
    except ValueError as error:
        raise UserError(f"Error: --time {pattern.pattern}: {error} (printed by {who})") from None
    if not found:
        raise UserError(f"Error: {who} printed no time like {pattern.pattern}, but {run.out[:80]!r}")
    return statistics.median(found)
