"""`demitasse bench collector`: what collecting costs, on Demitasse and on the host JVM's serial collector.

Invariant: both sides run with the same maximum heap and compute the same checksum.  The host's pauses
are those of its own log (-Xlog:gc), Demitasse's those of --stats; both are times when nothing else runs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from demitasse.runtime.bench import contenders as sides
from demitasse.runtime.bench.contenders import PROGRAMS, Contender, Run, Runner
from demitasse.runtime.bench.report import Comparison, Measure, Report
from demitasse.runtime.bench.summary import ratio
from demitasse.runtime.errors import UserError

#: Program → its usual argument and what it does to a collector (sources: tests/programs/src/bench).
PROGRAM_SIZES = {"Trees": 15, "LiveSet": 400_000}
MEANINGS = {
    "Trees": "binary trees: much is allocated, little lives",
    "LiveSet": "a large live set of maps, lists and strings, of which a little changes all the time",
}
HEAP = "256m"
TOTAL, LONGEST, COUNT, TIME, MEMORY = "collector time", "longest pause", "collections", "program", "peak memory"
_UNITS = {TOTAL: "ms", LONGEST: "ms", COUNT: "", TIME: "ms", MEMORY: "MiB"}
_PAUSE = re.compile(r"\[gc[ ,\]].*Pause.* (\d+\.\d+)ms$", re.M)


def measure(runs: int, homes: Sequence[str] | None, scale: float = 1.0, runner: Runner = sides.run_once) -> Report:
    """Run the comparison; UserError if a side cannot run or computes something else."""
    java = sides.host("-Xint", "-XX:+UseSerialGC", f"-Xmx{HEAP}", "-Xlog:gc:stderr")
    guests = [Contender(guest.name, (f"-Xmx{HEAP}",), guest.guest) for guest in sides.guests(homes)]
    everyone = [java, *guests]
    measures: list[Measure] = []
    comparisons: list[Comparison] = []
    commands: dict[str, list[str]] = {}
    for name, usual in PROGRAM_SIZES.items():
        size = usual if name == "Trees" else max(1000, round(usual * scale))
        program = ["-cp", str(PROGRAMS), f"bench.{name}", str(size)]
        commands = commands or {c.name: c.command(program, "FILE") for c in everyone}
        mine = {what: Measure(f"{name}: {what}", unit, MEANINGS[name]) for what, unit in _UNITS.items()}
        checksums: set[str] = set()
        for number, contender, run in sides.rounds(everyone, program, runs, runner):
            for what, value in _told(contender, run, checksums).items():
                if number:
                    mine[what].add(contender.name, value)
        if len(checksums) != 1:
            raise UserError(f"Error: bench.{name} computes different things: {', '.join(sorted(checksums))}")
        measures += mine.values()
        for guest in guests:
            for what in (TOTAL, LONGEST, TIME):
                of, to = mine[what].samples[guest.name], mine[what].samples[java.name]
                if min(to) > 0:
                    comparisons.append(Comparison(mine[what].name, guest.name, java.name, ratio(of, to), MEANINGS[name]))
    return Report("collector", runs, commands, measures, comparisons, notes=[
        f"Both sides have a heap of {HEAP} at the most; the host interprets (-Xint) and collects serially, young and old.",
        "collector time: all pauses together; java: of its own log; demitasse: of its own figures (--stats).",
        "program: the time that the program takes by its own clock, collections included.",
        "A ratio below 1 means that Demitasse is faster.",
    ])


def _told(contender: Contender, run: Run, checksums: set[str]) -> dict[str, float]:
    match = re.fullmatch(r"checksum (-?\d+)\nns (\d+)\n", run.out)
    if match is None:
        raise UserError(f"Error: {contender.name} printed no checksum and time but {run.out[:80]!r}")
    checksums.add(match[1])
    if contender.guest:
        told = run.stats.get("java", {})
        if "collections" not in told:
            raise UserError(f"Error: {contender.name} did not tell of its collections")
        pauses = [told["pause_longest"] / 1e6]
        total, count = told["pause_total"] / 1e6, told["collections"]
        memory = run.stats.get("peak_memory", 0)
    else:
        pauses = [float(text) for text in _PAUSE.findall(run.err)]
        total, count, memory = sum(pauses), len(pauses), run.peak
    return {TOTAL: total, LONGEST: max(pauses, default=0.0), COUNT: count, TIME: int(match[2]) / 1e6, MEMORY: memory / 2**20}
