"""Reads files and folders and says what was found: a line for each place, then a sum.

Interface: `adapt_main` gives 0 when nothing blocks, 1 when something does; what cannot be read at all is a UserError.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from demitasse.cabi.adapt import csource, facts
from demitasse.cabi.adapt.csource import Finding
from demitasse.runtime.errors import UserError

SOURCES = (".c", ".h", ".i", ".inc", ".def", ".y", ".l", ".in.h", ".c.in", ".h.in")
OBJECTS = (".o", ".a", ".so", ".elf")
SKIPPED = frozenset((".git", ".hg", ".svn", "CVS", "node_modules"))


def files(paths: Sequence[str]) -> Iterator[Path]:
    """The files named, and in folders those that look like C or like objects."""
    for name in paths:
        path = Path(name)
        if not path.exists():
            raise UserError(f"Error: {name}: no such file or folder")
        if path.is_file():
            yield path
            continue
        for folder, inner, names in os.walk(path):
            inner[:] = sorted(set(inner) - SKIPPED)
            for entry in sorted(names):
                if entry.endswith(SOURCES + OBJECTS) and Path(folder, entry).is_file():
                    yield Path(folder, entry)


def collect(paths: Sequence[str]) -> tuple[list[Finding], int]:
    """All findings, and how many files were read."""
    found: list[Finding] = []
    in_sources: set[str] = set()
    in_objects: set[str] = set()
    headers: set[str] = set()
    count = 0
    for path in files(paths):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UserError(f"Error: {path}: {error.strerror}") from None
        count += 1
        if data[:4] == b"\x7fELF" or data[:8] == b"!<arch>\n":
            from demitasse.cabi.adapt import objects

            found += objects.read(str(path), data)
            in_objects |= objects.defined(data)
        elif b"\0" not in data[:1000]:
            source = csource.read(str(path), data.decode("utf-8", "replace"))
            found += source.hits
            in_sources |= source.defined
            headers |= {name for name in (path.name.replace(".in.h", ".h"), f"{path.parent.name}/{path.name}") if name.endswith(".h")}
        else:
            raise UserError(f"Error: {path}: neither C source nor ELF")
    return [f for f in found if not _is_own(f, in_sources if f.line else in_objects, headers)], count


def _is_own(finding: Finding, functions: set[str], headers: set[str]) -> bool:
    """A program that has a function or a header of its own by such a name uses that one."""
    if finding.what.endswith("()"):
        return finding.what[:-2] in functions
    return finding.what.startswith("#include <") and finding.what[10:-1] in headers


def adapt_main(paths: Sequence[str], *, as_json: bool, everything: bool, out: TextIO) -> int:
    """Report on files and folders; the exit code."""
    found, count = collect(paths)
    blocks = facts.worst(f.fact for f in found) == "blocks"
    sums = {level: sum(f.fact.level == level for f in found) for level in facts.LEVELS}
    shown = [f for f in found if everything or f.fact.level != "note"]
    if as_json:
        rows = [{"file": f.file, "line": f.line or None, "what": f.what, "level": f.fact.level, "why": f.fact.why, "instead": f.fact.instead or None}
                for f in shown]
        json.dump({"files": count, "blocks": sums["blocks"], "differs": sums["differs"], "notes": sums["note"], "findings": rows}, out, indent=2)
        out.write("\n")
        return int(blocks)
    colours = {"blocks": "\033[31m", "differs": "\033[33m", "note": "\033[2m"} if out.isatty() and "NO_COLOR" not in os.environ else {}
    for finding in shown:
        fact = finding.fact
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file
        level = f"{colours[fact.level]}{fact.level}\033[0m" if colours else fact.level
        instead = f"; instead: {fact.instead}" if fact.instead else ""
        out.write(f"{place}: {level}: {finding.what}: {fact.why}{instead}\n")
    out.write(f"{count} files: {sums['blocks']} block, {sums['differs']} differ, {sums['note']} notes"
              f"{' (--all shows them)' if sums['note'] and not everything else ''}\n")
    return int(blocks)
