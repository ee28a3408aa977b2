"""Modified UTF-8, the encoding of strings in class files (JVMS §4.4.7).

It differs from UTF-8 in two ways: U+0000 is two bytes (C0 80), and a character above U+FFFF is a
surrogate pair, each half encoded as three bytes.

Invariant: `decode(encode(text)) == text` for every Python string whose surrogates are not already
an unpaired high followed by an unpaired low one (such a pair is the character it stands for).
Decoding accepts overlong forms, as older virtual machines do; callers that must give the same bytes
back keep the bytes.
"""

from __future__ import annotations


class ModifiedUtf8Error(ValueError):
    """Bytes that are not modified UTF-8; `position` is the index of the first wrong one."""

    def __init__(self, problem: str, position: int) -> None:
        self.position = position
        super().__init__(problem)


def encode(text: str) -> bytes:
    """The modified UTF-8 form of a string; unpaired surrogates are encoded as they are."""
    if text.isascii() and "\0" not in text:
        return text.encode("ascii")
    out = bytearray()
    for char in text:
        point = ord(char)
        if point > 0xFFFF:
            point -= 0x10000
            units = [0xD800 | point >> 10, 0xDC00 | point & 0x3FF]
        else:
            units = [point]
        for unit in units:
            if 0 < unit < 0x80:
                out.append(unit)
            elif unit < 0x800:
                out += bytes((0xC0 | unit >> 6, 0x80 | unit & 0x3F))
            else:
                out += bytes((0xE0 | unit >> 12, 0x80 | unit >> 6 & 0x3F, 0x80 | unit & 0x3F))
    return bytes(out)


def decode(data: bytes) -> str:
    """The string that modified UTF-8 bytes stand for, or ModifiedUtf8Error."""
    if data.isascii() and 0 not in data:
        return data.decode("ascii")
    units: list[int] = []
    position = 0
    while position < len(data):
        lead = data[position]
        if 0 < lead < 0x80:
            length, unit = 1, lead
        elif lead & 0xE0 == 0xC0:
            length, unit = 2, lead & 0x1F
        elif lead & 0xF0 == 0xE0:
            length, unit = 3, lead & 0x0F
        else:
            raise ModifiedUtf8Error(f"byte 0x{lead:02x} cannot start a character", position)
        for index in range(position + 1, position + length):
            if index >= len(data) or data[index] & 0xC0 != 0x80:
                raise ModifiedUtf8Error("a character is cut short", index)
            unit = unit << 6 | data[index] & 0x3F
        units.append(unit)
        position += length
    utf16 = b"".join(unit.to_bytes(2, "little") for unit in units)
    return utf16.decode("utf-16-le", "surrogatepass")
