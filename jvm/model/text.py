"""Escapes in strings and names, as the assembler reads and the disassembler writes them.

Invariant: `unescape(quote(text)[1:-1]) == text` for every string whose surrogates are unpaired or
none, and a quoted text is printable.
"""

from __future__ import annotations

import re
from typing import Final

ESCAPES: Final = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0",
    '"': '"', "'": "'", "\\": "\\",
}
_LETTERS: Final = {value: key for key, value in ESCAPES.items() if value not in "\"'\0"}
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")


class EscapeError(ValueError):
    """An escape that does not exist; `position` is its index in the text."""

    def __init__(self, problem: str, position: int) -> None:
        self.position = position
        super().__init__(problem)


def unescape(text: str) -> str:
    """The string that a text with escapes stands for."""

    def replace(match: re.Match[str]) -> str:
        body = match.group(1)
        if body[0] == "u" and len(body) == 5:
            return chr(int(body[1:], 16))
        if body not in ESCAPES:
            raise EscapeError(f"there is no escape \\{body}", match.start())
        return ESCAPES[body]

    # Two escapes may be the halves of one character.
    replaced = _ESCAPE.sub(replace, text)
    return replaced.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def quote(text: str, mark: str = '"') -> str:
    """A text in quotes, with escapes for what is not printable."""
    out = []
    for char in text:
        if char == mark:
            out.append("\\" + char)
        elif char in _LETTERS:
            out.append("\\" + _LETTERS[char])
        elif char.isprintable():
            out.append(char)
        else:
            units = char.encode("utf-16-be", "surrogatepass").hex()
            out.append("".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)))
    return mark + "".join(out) + mark
