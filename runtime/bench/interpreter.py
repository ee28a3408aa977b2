"""`demitasse bench interpreter`: three loops on Demitasse and on `java -Xint`.

Invariant: every run of a loop prints the same checksum on both sides, or there is no figure.  The
loops time themselves (System.nanoTime around the loop), so start-up does not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from demitasse.runtime.bench import contenders as sides
from demitasse.runtime.bench.contenders import PROGRAMS, Run, Runner
from demitasse.runtime.bench.report import Comparison, Measure, Report
from demitasse.runtime.bench.summary import geometric_mean, ratio
from demitasse.runtime.errors import UserError

#: Loop → iterations that take a host interpreter some 0.5 s (sources: tests/programs/src/bench).
LOOPS = {"LoopInt": 20_000_000, "LoopCalls": 3_000_000, "LoopObjects": 1_000_000}
MEANINGS = {
    "LoopInt": "int arithmetic and array access; no calls, no allocation",
    "LoopCalls": "static, virtual, interface and private calls, and field access",
    "LoopObjects": "allocation, linked lists, a HashMap, strings: work for the collector",
}
MEAN = "geometric mean"


def measure(runs: int, homes: Sequence[str] | None, scale: float = 1.0, runner: Runner = sides.run_once) -> Report:
    """Run the comparison; UserError if a side cannot run or computes something else."""
    guests = sides.guests(homes)
    interpreter = sides.host("-Xint")
    everyone = [interpreter, *guests]
    measures = []
    commands: dict[str, list[str]] = {}
    for loop, usual in LOOPS.items():
        program = ["-cp", str(PROGRAMS), f"bench.{loop}", str(max(10, round(usual * scale)))]
        commands = commands or {c.name: c.command(program, "FILE") for c in everyone}
        one = Measure(loop, "ms", MEANINGS[loop])
        checksums: dict[str, str] = {}
        for number, contender, run in sides.rounds(everyone, program, runs, runner):
            checksum, nanoseconds = _told(contender.name, run)
            other = checksums.setdefault("", checksum)
            if other != checksum:
                raise UserError(f"Error: {contender.name} computes {checksum} in {loop}, the others {other}")
            if number:
                one.add(contender.name, nanoseconds / 1e6)
        measures.append(one)
    report = Report("interpreter", runs, commands, measures, notes=[
        "Each loop times itself with System.nanoTime, after a tenth of its iterations to warm up; checksums agree.",
        "A ratio below 1 means that Demitasse is faster than java -Xint.",
    ])
    for guest in guests:
        ratios = [ratio(m.samples[guest.name], m.samples[interpreter.name]) for m in measures]
        report.comparisons += [Comparison(m.name, guest.name, interpreter.name, r, m.meaning)
                               for m, r in zip(measures, ratios, strict=True)]
        report.comparisons.append(Comparison(MEAN, guest.name, interpreter.name, geometric_mean(ratios), "of the loops"))
    return report


def _told(who: str, run: Run) -> tuple[str, int]:
    match = re.fullmatch(r"checksum (-?\d+)\nns (\d+)\n", run.out)
    if match is None:
        raise UserError(f"Error: {who} printed no checksum and time but {run.out[:80]!r}")
    return match[1], int(match[2])
