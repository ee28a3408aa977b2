"""Access and property flags (JVMS tables 4.1-B, 4.5-A, 4.6-A, 4.7.6-A, 4.7.24, 4.7.25).

Invariant: one row per flag and place; the assembler, the disassembler and `inspect` read this table.
"""

from __future__ import annotations

from typing import Final

# place -> (mask, name); the names are Java's modifiers where there is one.
FLAGS: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    "class": (
        (0x0001, "public"), (0x0010, "final"), (0x0020, "super"), (0x0200, "interface"),
        (0x0400, "abstract"), (0x1000, "synthetic"), (0x2000, "annotation"), (0x4000, "enum"),
        (0x8000, "module"),
    ),
    "field": (
        (0x0001, "public"), (0x0002, "private"), (0x0004, "protected"), (0x0008, "static"),
        (0x0010, "final"), (0x0040, "volatile"), (0x0080, "transient"), (0x1000, "synthetic"),
        (0x4000, "enum"),
    ),
    "method": (
        (0x0001, "public"), (0x0002, "private"), (0x0004, "protected"), (0x0008, "static"),
        (0x0010, "final"), (0x0020, "synchronized"), (0x0040, "bridge"), (0x0080, "varargs"),
        (0x0100, "native"), (0x0400, "abstract"), (0x0800, "strict"), (0x1000, "synthetic"),
    ),
    "inner": (
        (0x0001, "public"), (0x0002, "private"), (0x0004, "protected"), (0x0008, "static"),
        (0x0010, "final"), (0x0200, "interface"), (0x0400, "abstract"), (0x1000, "synthetic"),
        (0x2000, "annotation"), (0x4000, "enum"),
    ),
    "parameter": ((0x0010, "final"), (0x1000, "synthetic"), (0x8000, "mandated")),
    "module": ((0x0020, "open"), (0x1000, "synthetic"), (0x8000, "mandated")),
    "requires": (
        (0x0020, "transitive"), (0x0040, "static"), (0x1000, "synthetic"),
        (0x8000, "mandated"),
    ),
    "exports": ((0x1000, "synthetic"), (0x8000, "mandated")),
}

# Flags that are not modifiers in Java source.
_WORDS_ONLY: Final = frozenset(
    "super interface synthetic annotation enum module bridge varargs mandated".split()
)


def names(flags: int, place: str) -> list[str]:
    """The names of the flags that are set; bits without a name there come last, as hex."""
    table = FLAGS[place]
    found = [name for mask, name in table if flags & mask]
    unknown = flags & ~sum(mask for mask, _ in table)
    return found + ([f"0x{unknown:04x}"] if unknown else [])


def masks(place: str) -> dict[str, int]:
    """Mask by name, for one place."""
    return {name: mask for mask, name in FLAGS[place]}


def java_modifiers(flags: int, place: str) -> str:
    """The flags as Java modifiers, in the order Java style wants; others are left out."""
    words = [name for name in names(flags, place)
             if name not in _WORDS_ONLY and not name.startswith("0x")]
    if place in ("class", "inner") and flags & 0x0200:
        words = [word for word in words if word != "abstract"]
    words = ["strictfp" if word == "strict" else word for word in words]
    words.sort(key=lambda word: _ORDER.index(word) if word in _ORDER else len(_ORDER))
    return " ".join(words)


# Modifier order of JLS §8.1.1, §8.3.1 and §8.4.3.
_ORDER: Final = (
    "public protected private abstract static final transient volatile synchronized native strictfp"
).split()


def type_keyword(flags: int) -> str:
    """The Java word that declares a type with these flags."""
    if flags & 0x8000:
        return "module"
    if flags & 0x2000:
        return "@interface"
    if flags & 0x0200:
        return "interface"
    return "enum" if flags & 0x4000 else "class"
