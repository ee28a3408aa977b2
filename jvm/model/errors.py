"""The error of the class-file model: what is wrong, and at which byte.

Invariant: nothing under jvm/model lets an exception of construct, struct or zipfile reach a caller
who gave it bad input; it is one of the classes below, and its text is one line.
"""

from __future__ import annotations


class ClassFormatError(ValueError):
    """A class file that breaks JVMS §4, with the byte offset at which that showed."""

    def __init__(self, problem: str, offset: int | None = None) -> None:
        self.problem = problem
        self.offset = offset
        super().__init__(problem if offset is None else f"{problem} (at byte {offset})")


class ArchiveError(ValueError):
    """A jar or jimage that cannot be read or lacks what was asked for."""
