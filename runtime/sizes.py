"""Sizes: reading `64m` as java does, writing them readably, and choosing the guest's memory.

Invariant: whatever `choose_memory` returns fits: heap, and room for everything that is not heap.
"""

from __future__ import annotations

from demitasse.runtime.errors import UserError
from demitasse.runtime.record import record

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

_UNITS = {"k": KIB, "m": MIB, "g": GIB, "t": GIB << 10}

#: The maximum heap when neither -Xmx nor -m says one.
DEFAULT_HEAP = 256 * MIB
#: The least maximum heap that a program can start in, and the most that compressed references reach.
LEAST_HEAP = 8 * MIB
MOST_HEAP = 32 * GIB
#: Guest memory that is not heap (image, class metadata, thread stacks, kernel heap): the least that a
#: program can start in, and what it gets where nobody said -m.  Memory that nobody touches costs nothing,
#: but the stacks of every thread must fit (16 KiB at first in our own homes, 1.25 MiB under QEMU): there,
#: this is room for a thousand threads.
ROOM = 32 * MIB
DEFAULT_ROOM = 1536 * MIB
#: The collector's side tables (marks, lines, blocks), as a part of the heap: one byte in this many.
HEAP_TABLES = 32
#: java's limits of a thread's stack.
LEAST_STACK, MOST_STACK = 136 * KIB, GIB


@record
class Memory:
    """Bytes of guest memory, and how much of it the heap may use."""

    guest: int
    heap_max: int


def parse_size(text: str) -> int | None:
    """Bytes of a size as java writes it (`512k`, `64M`, `2g`, plain bytes, 0x…); None if it is none."""
    digits, unit = text, 1
    if text and text[-1].lower() in _UNITS and not text.lower().startswith("0x"):
        digits, unit = text[:-1], _UNITS[text[-1].lower()]
    base = 10
    if digits[:2].lower() == "0x":
        digits, base = digits[2:], 16
    if not digits.isascii() or not digits.isalnum():
        return None
    try:
        return int(digits, base) * unit
    except ValueError:
        return None


def format_size(size: int) -> str:
    """A size in the largest unit that it is a whole number of: `64m`."""
    for name in ("g", "m", "k"):
        if size and size % _UNITS[name] == 0:
            return f"{size // _UNITS[name]}{name}"
    return str(size)


def readable(size: float) -> str:
    """A size for people: `31.4 MiB`."""
    for name, unit in (("GiB", GIB), ("MiB", MIB), ("KiB", KIB)):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size:.0f} bytes"


def guest_for(heap: int, room: int = ROOM) -> int:
    """The guest memory for a maximum heap and `room` beside it, in whole MiB."""
    return -(-(heap + heap // HEAP_TABLES + room) // MIB) * MIB


def choose_memory(guest: int | None, heap_max: int | None) -> Memory:
    """Guest memory from -m and -Xmx, either of which may be missing; UserError if it cannot fit."""
    if heap_max is not None and heap_max < LEAST_HEAP:
        raise UserError(f"Too small maximum heap: -Xmx{format_size(heap_max)}, "
                        f"at least -Xmx{format_size(LEAST_HEAP)} is needed")
    if heap_max is not None and heap_max > MOST_HEAP:
        raise UserError(f"Too large maximum heap: -Xmx{format_size(heap_max)}, "
                        f"at most -Xmx{format_size(MOST_HEAP)} can be addressed")
    if guest is None:
        heap = DEFAULT_HEAP if heap_max is None else heap_max
        return Memory(guest_for(heap, DEFAULT_ROOM), heap)
    least = guest_for(heap_max if heap_max is not None else LEAST_HEAP)
    if guest < least:
        what = f" for -Xmx{format_size(heap_max)}" if heap_max is not None else ""
        raise UserError(f"Too little memory: -m {format_size(guest)}, at least -m {format_size(least)} is needed{what}")
    if heap_max is None:
        # A quarter for what is not heap, up to what the default would leave.
        room = max(ROOM, min(guest // 4, DEFAULT_ROOM))
        heap_max = min((guest // MIB * MIB - room) * HEAP_TABLES // (HEAP_TABLES + 1) // MIB * MIB, MOST_HEAP)
    return Memory(guest, heap_max)
