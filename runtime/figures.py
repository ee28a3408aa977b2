"""What the guest tells of a run for --stats: its lines read, and said in words.

The guest writes (jvm/runtime/statistics.pyx): lines of a name, a space and a whole number, and lines
"method SAMPLES NAME", most samples first.

Invariant: a guest may write anything; what is not such a line is skipped, so no run fails for its figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from demitasse.runtime.sizes import readable

_NUMBER = re.compile(r"([a-z][a-z_]*) (\d{1,20})")
_METHOD = re.compile(r"method (\d{1,20}) (.+)")


def parse(text: bytes) -> dict[str, Any]:
    """Numbers by name, and "methods": [{"method", "samples"}]; empty when the guest told nothing."""
    found: dict[str, Any] = {}
    methods: list[dict[str, Any]] = []
    for line in text.decode(errors="replace").splitlines():
        if match := _NUMBER.fullmatch(line):
            found[match[1]] = int(match[2])
        elif match := _METHOD.fullmatch(line):
            methods.append({"method": match[2], "samples": int(match[1])})
    if found:
        found["methods"] = methods
    return found


def lines(figures: Mapping[str, Any]) -> list[str]:
    """The figures in words; those that the guest did not tell are left out."""
    def number(name: str) -> int:
        return int(figures.get(name, 0))

    said: list[str] = []
    if "bytecodes" in figures:
        said.append(f"bytecodes      {number('bytecodes'):,} executed")
    if "calls" in figures:
        said.append(f"calls          {number('calls'):,} of methods, {number('native_calls'):,} of them native")
    if "classes_loaded" in figures:
        text = f"classes        {number('classes_loaded'):,} loaded, {number('classes_unloaded'):,} unloaded"
        if "metadata_held" in figures:
            text += f"; {readable(number('metadata_used'))} of metadata at the end, in {readable(number('metadata_held'))}"
        said.append(text)
    if "threads_started" in figures:
        said.append(f"threads        {number('threads_started'):,} started, {number('threads_peak'):,} at once at the most")
    if "heap_maximum" in figures:
        said.append(f"heap           {readable(number('heap_allocated'))} allocated, {readable(number('heap_used'))} used at the end"
                    f" of {readable(number('heap_maximum'))}")
    if "collections" in figures:
        count = number("collections")
        text = f"collections    {count:,}"
        if count:
            text += (f", {number('pause_total') / 1e6:.1f} ms in all, {number('pause_longest') / 1e6:.1f} ms the longest;"
                     f" the last {readable(number('last_collected_before'))} to {readable(number('last_collected_after'))}")
        said.append(text)
    samples = number("samples")
    if samples:
        shares = [(name, number("samples_" + name)) for name in ("java", "collector", "kernel", "idle")]
        said.append(f"samples        {samples:,}, one each {number('sample_period') / 1e6:g} ms: "
                    + ", ".join(f"{100 * count / samples:.0f} % {name}" for name, count in shares if count))
        said += [f"{100 * method['samples'] / max(1, number('samples_java')):6.1f} % {method['method']}"
                 for method in figures["methods"]]
    return said
