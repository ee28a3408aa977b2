"""The table of system calls: its invariant, and that the page made of it is the current one."""

from __future__ import annotations

from collections import Counter

from demitasse.cabi import generate
from demitasse.cabi.syscalls import EXPORTS, TABLE


def test_numbers_rise_and_names_are_unique() -> None:
    numbers = [row.number for row in TABLE]
    assert numbers == sorted(set(numbers))
    assert len({row.name for row in TABLE}) == len(TABLE)
    assert len(set(EXPORTS)) == len(EXPORTS)


def test_every_row_says_what_it_is() -> None:
    for row in TABLE:
        assert (row.state == "done") == (not row.reason), row
        assert row.function or row.state == "none", row
        assert not row.direct or row.function, row
        assert len(row.arguments) <= 6, row


def test_the_page_is_current() -> None:
    assert generate.PAGE.read_text() == generate.render_page(), "run `python -m cabi.generate`"


def test_the_page_counts_right() -> None:
    text = generate.render_page()
    count = Counter(row.state for row in TABLE)
    assert f"{count['done']} work as on Linux, {count['partly']} work partly, {count['none']} fail" in text
