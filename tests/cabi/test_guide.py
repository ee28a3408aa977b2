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


def test_what_does_not_pass_of_libc_test_is_listed() -> None:
    """The guide names the tests that tests/cabi/libc_test.py knows to fail, and no others."""
    from . import libc_test

    text = guide.GUIDE.read_text()
    section = text[text.index("## What does not pass of musl's own tests"):text.index("## Reference")]
    table, _, rest = section.partition("\n\nTests of libraries")
    assert set(re.findall(r"`((?:functional|regression|math)/[^`]+)`", table)) == set(libc_test.MISSED)
    assert set(re.findall(r"`((?:functional|regression|math)/[^`]+)`", rest)) == set(libc_test.SHARED)
    assert f"The other {len(libc_test.MISSED)}:" in section
