"""The adaptation guide says what the tables say, and its commands are commands."""

from __future__ import annotations

import re

from demitasse.cabi.adapt import guide
from demitasse.runtime.cli import commands


def test_tables_are_those_of_the_facts() -> None:
    text = guide.GUIDE.read_text()
    assert guide.filled(text) == text, "python -m demitasse.cabi.adapt.guide"
    assert all(f"<!-- {mark} -->" in text for mark in guide.tables())


def test_commands_are_there() -> None:
    named = set(re.findall(r"demitasse (cc|adapt|run|[a-z]+) ", guide.GUIDE.read_text()))
    assert {"cc", "adapt", "run"} <= named <= set(commands.COMMANDS)


def test_links() -> None:
    for name in re.findall(r"\]\(([^)#:]+)\)", guide.GUIDE.read_text()):
        assert (guide.GUIDE.parent / name).exists(), name
