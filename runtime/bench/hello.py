"""`demitasse bench hello`: how long a Hello World takes to start, and how much memory.

Invariant: "time to main" is counted on both sides from an honest beginning.  For the host JVM that is
the start of its process; for Demitasse it is given twice: from image entry (the boot of the appliance
itself, what a hypervisor would see) and, as first output, from the start of the command, Python
included.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from demitasse.runtime.bench import contenders as sides
from demitasse.runtime.bench.child import START
from demitasse.runtime.bench.contenders import PROGRAMS, Contender, Run, Runner
from demitasse.runtime.bench.report import Comparison, Measure, Report
from demitasse.runtime.bench.summary import ratio
from demitasse.runtime.errors import UserError

WALL, OUTPUT, MAIN, PEAK, GUEST = "wall time", "first output", "time to main", "peak memory", "guest memory"
NOTES = [
    "wall time: from starting the command to its end.",
    "first output: from starting the command to the first byte of its stdout, seen by the one who started it.",
    "time to main: java: from starting the process to the first statement of main, by CLOCK_MONOTONIC, which "
    "System.nanoTime is; demitasse: from image entry to main, by the guest's own mark.",
    "peak memory: of the whole process (java; demitasse: monitor and Python with the guest inside).",
    "guest memory: RAM of the guest that was touched at the worst moment; the mapped class library is not in it.",
    "The wheel of the host JVM has no class data archive, so its default is what -Xshare:off does.",
]


def measure(runs: int, homes: Sequence[str] | None, runner: Runner = sides.run_once) -> Report:
    """Run the comparison; UserError if a side cannot run."""
    guests = sides.guests(homes)
    everyone = [sides.host(), sides.host("-Xint"), *guests]
    measures = {
        WALL: Measure(WALL, "ms", NOTES[0]), OUTPUT: Measure(OUTPUT, "ms", NOTES[1]),
        MAIN: Measure(MAIN, "ms", NOTES[2]), PEAK: Measure(PEAK, "MiB", NOTES[3]),
        GUEST: Measure(GUEST, "MiB", NOTES[4]),
    }
    program = ["-cp", str(PROGRAMS), "bench.Start", START]
    for number, contender, run in sides.rounds(everyone, program, runs, runner):
        if number:
            _take(contender, run, measures)
    commands = {c.name: c.command(program, "FILE") for c in everyone}
    report = Report("hello", runs, commands, [m for m in measures.values() if m.samples], notes=NOTES)
    java = everyone[0].name
    for guest in guests:
        for name, meaning in ((MAIN, "image entry to main, to process start to main"), (WALL, "the whole run"),
                              (OUTPUT, "until the first byte of output")):
            samples = measures[name].samples
            report.comparisons.append(Comparison(name, guest.name, java, ratio(samples[guest.name], samples[java]), meaning))
        of, to = measures[GUEST].samples[guest.name], measures[PEAK].samples[java]
        report.comparisons.append(Comparison(GUEST, guest.name, java, ratio(of, to), "guest memory, to the JVM's peak memory"))
    return report


def _take(contender: Contender, run: Run, measures: dict[str, Measure]) -> None:
    who = contender.name
    measures[WALL].add(who, run.wall / 1e6)
    if run.first_byte is None:
        raise UserError(f"Error: {who} printed nothing")
    measures[OUTPUT].add(who, run.first_byte / 1e6)
    measures[PEAK].add(who, run.peak / 2**20)
    if contender.guest:
        try:
            measures[MAIN].add(who, run.stats["marks"]["main"] / 1e6)
            measures[GUEST].add(who, run.stats["peak_memory"] / 2**20)
        except KeyError as error:
            raise UserError(f"Error: {who} did not tell {error}") from None
    else:
        told = re.search(r"^main (\d+)$", run.out, re.M)
        if told is None:
            raise UserError(f"Error: {who} did not tell when main began")
        measures[MAIN].add(who, int(told[1]) / 1e6)
