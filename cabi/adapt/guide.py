"""The guide's tables, out of the facts: `python -m demitasse.cabi.adapt.guide` writes them into ADAPTING.md.

Invariant: what stands between a table's mark and its end is made here (`tests/cabi/test_guide.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from demitasse.cabi.adapt import facts
from demitasse.cabi.adapt.facts import Fact

GUIDE = Path(__file__).resolve().parents[1] / "ADAPTING.md"


def _table(title: str, rows: Iterable[Fact], suffix: str = "") -> str:
    """Facts of the same reason and advice share a row."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for fact in rows:
        grouped.setdefault((fact.why, fact.instead), []).append(f"`{fact.subject}{suffix}`")
    lines = [f"| {title} | why | instead |", "|---|---|---|"]
    lines += [f"| {', '.join(names)} | {why} | {instead} |" for (why, instead), names in grouped.items()]
    return "\n".join(lines).replace("<", "&lt;") + "\n"


def tables() -> dict[str, str]:
    """Each table by its mark."""
    calls = facts.of_calls().values()
    paths = [fact for _, fact in facts.PATHS if fact is not None]
    return {
        "functions:blocks": _table("function", (fact for fact in calls if fact.level == "blocks"), "()"),
        "functions:differs": _table("function", (fact for fact in calls if fact.level == "differs"), "()"),
        "constants": _table("constant", facts.CONSTANTS.values()),
        "headers": _table("header", facts.HEADERS.values()),
        "paths": _table("path", paths),
    }


def filled(text: str) -> str:
    """The guide with its tables made anew."""
    for mark, table in tables().items():
        text = re.sub(rf"(<!-- {mark} -->\n).*?(<!-- end -->)", lambda match: match[1] + table + match[2], text, count=1, flags=re.S)
    return text


if __name__ == "__main__":
    GUIDE.write_text(filled(GUIDE.read_text()))
