"""Small damages to the code of valid classes, for comparing verifiers.

Invariant: a mutant differs from a valid class in one method only, and in its Code attribute only; so there is
one method to find fault with, whatever the order in which methods are looked at.
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass

_SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}


@dataclass(frozen=True)
class Body:
    """Where things of one method are in the file: limits, code, exception table and stack map, as (start, end)."""

    limits: tuple[int, int]
    code: tuple[int, int]
    handlers: tuple[int, int]
    stack_map: tuple[int, int]


def _pool(data: bytes) -> tuple[dict[int, bytes], int]:
    """The texts of the constant pool, and its end."""
    texts, at, index = {}, 10, 1
    (count,) = struct.unpack_from(">H", data, 8)
    while index < count:
        tag = data[at]
        if tag == 1:
            (size,) = struct.unpack_from(">H", data, at + 1)
            texts[index] = data[at + 3:at + 3 + size]
            at += 3 + size
        else:
            at += 1 + _SIZES[tag]
        index += 2 if tag in (5, 6) else 1
    return texts, at


def _attributes(data: bytes, at: int) -> tuple[list[tuple[int, int, int]], int]:
    """(name index, start, end) of each, and the end."""
    found = []
    (count,) = struct.unpack_from(">H", data, at)
    at += 2
    for _ in range(count):
        name, size = struct.unpack_from(">HI", data, at)
        found.append((name, at + 6, at + 6 + size))
        at += 6 + size
    return found, at


def bodies(data: bytes) -> list[Body]:
    """The methods that have code."""
    texts, at = _pool(data)
    (interfaces,) = struct.unpack_from(">H", data, at + 6)
    at += 8 + 2 * interfaces
    found = []
    for kind in ("fields", "methods"):
        (count,) = struct.unpack_from(">H", data, at)
        at += 2
        for _ in range(count):
            attributes, at = _attributes(data, at + 6)
            for name, start, _end in attributes:
                if kind == "methods" and texts.get(name) == b"Code":
                    (length,) = struct.unpack_from(">I", data, start + 4)
                    table = start + 8 + length
                    (rows,) = struct.unpack_from(">H", data, table)
                    inner, _ = _attributes(data, table + 2 + 8 * rows)
                    maps = [(s, e) for n, s, e in inner if texts.get(n) == b"StackMapTable"]
                    found.append(Body((start, start + 4), (start + 8, table), (table + 2, table + 2 + 8 * rows),
                                      maps[0] if maps else (0, 0)))
    return found


def without_debugging(data: bytes) -> bytes:
    """The class with its local variable tables renamed: they would be checked as well, by the parser."""
    for name in (b"LocalVariableTable", b"LocalVariableTypeTable"):
        text = struct.pack(">BH", 1, len(name)) + name
        data = data.replace(text, text[:-1] + b"X")
    return data


def mutant(data: bytes, chance: random.Random, major: int | None = None) -> bytes:
    """One method's code, handlers, limits or stack map damaged in one to three bytes."""
    made = bytearray(data)
    if major is not None:
        made[6:8] = struct.pack(">H", major)
    body = chance.choice(bodies(data))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        place = chance.random()
        start, end = body.code
        if place > 0.6 and body.stack_map[1] > body.stack_map[0] and (major is None or major >= 50):
            start, end = body.stack_map
        elif place > 0.52 and body.handlers[1] > body.handlers[0]:
            start, end = body.handlers
        elif place > 0.49:
            start, end = body.limits
        at = chance.randrange(start, end)
        how = chance.random()
        if how < 0.35:
            made[at] = chance.randrange(256)
        elif how < 0.55:
            made[at] = chance.randrange(202)
        elif how < 0.75:
            made[at] = (made[at] + chance.choice((-3, -2, -1, 1, 2, 3))) & 255
        elif how < 0.9:
            made[at] = made[chance.randrange(start, end)]
        else:
            made[at] = 0
    return bytes(made)
