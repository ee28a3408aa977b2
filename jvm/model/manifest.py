"""The manifest of a jar (JAR File Specification, "JAR Manifest" and "Name-Value pairs").

Invariant: `Manifest.parse(manifest.to_bytes()) == manifest`; no written line is longer than 72 bytes
without its line end, and no character is cut by a continuation.  Attribute names compare without
regard to case and keep the case they were given in.
"""

from __future__ import annotations

from demitasse.jvm.model.errors import ArchiveError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LINE_BYTES = 72
NAME_MAX = 70


class ManifestAttributes:
    """Attributes of one section, in order: a mapping whose names compare without regard to case.

    (No collections.abc.MutableMapping, for `run` reads a manifest too and should not wait for `collections`.)
    """

    def __init__(self, items: Mapping[str, str] | ManifestAttributes | None = None) -> None:
        self._items: dict[str, tuple[str, str]] = {}
        for name, value in (items or {}).items():
            self[name] = value

    def __getitem__(self, name: str) -> str:
        return self._items[name.lower()][1]

    def __setitem__(self, name: str, value: str) -> None:
        # alphanum *headerchar: letters, digits, and behind the first also - and _ (JAR specification).
        if not 0 < len(name) <= NAME_MAX or not name.isascii() or not name[0].isalnum() \
                or not name.replace("-", "0").replace("_", "0").isalnum():
            raise ArchiveError(f"manifest: {name!r} is not an attribute name")
        if set(value) & set("\r\n\0"):
            raise ArchiveError(f"manifest: the value of {name} holds a line end or NUL")
        self._items[name.lower()] = (name, value)

    def __delitem__(self, name: str) -> None:
        del self._items[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._items

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._items.values())

    def keys(self) -> Iterable[str]:
        return list(self)

    def items(self) -> Iterable[tuple[str, str]]:
        return self._items.values()

    def get(self, name: str, default: str = "") -> str:
        return self[name] if name in self else default

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ManifestAttributes) and self._items == other._items

    def __repr__(self) -> str:
        return f"ManifestAttributes({dict(self)!r})"


class Manifest:
    """The main section, and the sections of entries by entry name."""

    def __init__(self, main: ManifestAttributes | None = None, entries: dict[str, ManifestAttributes] | None = None) -> None:
        self.main = ManifestAttributes() if main is None else main
        self.entries = {} if entries is None else entries

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Manifest) and (self.main, self.entries) == (other.main, other.entries)

    def __repr__(self) -> str:
        return f"Manifest({self.main!r}, {self.entries!r})"

    @property
    def main_class(self) -> str | None:
        """Main-Class: the dotted name of the class to start."""
        value = self.main.get("Main-Class")
        return value.strip() if value else None

    @property
    def class_path(self) -> list[str]:
        """Class-Path: relative URLs of further jars."""
        return self.main.get("Class-Path", "").split()

    @property
    def multi_release(self) -> bool:
        """Multi-Release: whether META-INF/versions counts."""
        return self.main.get("Multi-Release", "").strip().lower() == "true"

    @classmethod
    def parse(cls, data: bytes) -> Manifest:
        """Read a manifest; ArchiveError with the line number on bad input."""
        manifest = cls()
        section = manifest.main
        for number, line in _logical_lines(data):
            starts_section, text = line[:1] == b"\n", line.lstrip(b"\n")
            name, colon, value = _decode(text, number).partition(": ")
            if not colon:
                raise ArchiveError(f"manifest line {number}: expected 'Name: value'")
            if starts_section and (manifest.main or manifest.entries):
                if name.lower() != "name":
                    raise ArchiveError(f"manifest line {number}: a section starts with 'Name: '")
                section = manifest.entries.setdefault(value, ManifestAttributes())
                continue
            try:
                section[name] = value
            except ArchiveError as error:
                raise ArchiveError(f"manifest line {number}: {error}") from None
        return manifest

    def to_bytes(self) -> bytes:
        """The manifest as it stands in a jar; Manifest-Version comes first."""
        first = {"Manifest-Version": self.main.get("Manifest-Version", "1.0")}
        rest = {k: v for k, v in self.main.items() if k.lower() != "manifest-version"}
        out = bytearray()
        for name, value in (first | rest).items():
            out += _fold(f"{name}: {value}")
        out += b"\r\n"
        for entry, attributes in self.entries.items():
            out += _fold(f"Name: {entry}")
            for name, value in attributes.items():
                out += _fold(f"{name}: {value}")
            out += b"\r\n"
        return bytes(out)


def _decode(line: bytes, number: int) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ArchiveError(f"manifest line {number}: not UTF-8 at byte {error.start}") from None


def _logical_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Lines with their continuations joined; the first of a section is marked by a leading LF."""
    pending: bytes | None = None
    start, after_blank = 0, False
    for number, line in enumerate(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), 1):
        if line.startswith(b" "):
            if pending is None:
                raise ArchiveError(f"manifest line {number}: nothing to continue")
            pending += line[1:]
            continue
        if pending is not None:
            yield start, pending
        pending = None
        if line:
            pending, start = (b"\n" if after_blank else b"") + line, number
            after_blank = False
        else:
            after_blank = True
    if pending is not None:
        yield start, pending


def _fold(line: str) -> bytes:
    """One logical line with CRLF, continued after at most 72 bytes (between characters)."""
    out = bytearray()
    used = 0
    for char in line:
        encoded = char.encode("utf-8")
        if used + len(encoded) > LINE_BYTES:
            out += b"\r\n "
            used = 1
        out += encoded
        used += len(encoded)
    return bytes(out) + b"\r\n"
