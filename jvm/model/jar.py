"""Jars: reading, multi-release lookup, and reproducible writing (JAR File Specification).

Invariant: `write_jar` of the same contents gives the same bytes at any time: the manifest comes
first, the other entries are sorted, and time stamps and permissions are fixed.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final

from demitasse.jvm.model.errors import ArchiveError
from demitasse.jvm.model.manifest import Manifest

MANIFEST_NAME: Final = "META-INF/MANIFEST.MF"
JAVA_VERSION: Final = 25
_FIRST_MULTI_RELEASE: Final = 9
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can tell
_UNIX: Final = 3
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those that a jar may use
# What the zip reader raises on damaged input, besides BadZipFile.
_DAMAGE: Final = (
    OSError, EOFError, RuntimeError, ValueError, IndexError, struct.error, zipfile.BadZipFile,
    zlib.error,
)


class Jar:
    """An open jar.  Close it, or use it in a with statement."""

    def __init__(self, source: Path | str | bytes) -> None:
        self.label = "<bytes>" if isinstance(source, bytes) else str(source)
        try:
            file = io.BytesIO(source) if isinstance(source, bytes) else source
            self._zip = zipfile.ZipFile(file)
        except _DAMAGE as error:
            raise ArchiveError(f"{self.label}: {error}") from None
        self._manifest: Manifest | None = None

    def __enter__(self) -> Jar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def names(self) -> list[str]:
        """The names of all entries that are not folders, in the order of the jar."""
        return [name for name in self._zip.namelist() if not name.endswith("/")]

    def size(self, name: str) -> int:
        """The size of an entry."""
        return self._zip.getinfo(name).file_size

    def read(self, name: str) -> bytes:
        """The contents of an entry by its exact name."""
        info = self._zip.NameToInfo.get(name)
        if info is None:
            raise ArchiveError(f"{self.label}: there is no entry {name}")
        if info.compress_type not in _METHODS:
            raise ArchiveError(
                f"{self.label}: {name} is compressed by method {info.compress_type}, not deflate")
        try:
            return self._zip.read(info)
        except _DAMAGE as error:
            raise ArchiveError(f"{self.label}: {name}: {error}") from None

    @property
    def manifest(self) -> Manifest:
        """The manifest; an empty one if there is none."""
        if self._manifest is None:
            found = next((n for n in self.names() if n.upper() == MANIFEST_NAME), None)
            try:
                self._manifest = Manifest.parse(self.read(found)) if found else Manifest()
            except ArchiveError as error:
                text = str(error)
                raise ArchiveError(
                    text if text.startswith(self.label) else f"{self.label}: {text}") from None
        return self._manifest

    def find(self, name: str, version: int = JAVA_VERSION) -> str | None:
        """The entry that a name means to a given Java version, in a multi-release jar or not."""
        if self.manifest.multi_release and not name.startswith("META-INF/"):
            for number in range(version, _FIRST_MULTI_RELEASE - 1, -1):
                versioned = f"META-INF/versions/{number}/{name}"
                if versioned in self:
                    return versioned
        return name if name in self else None

    def find_class(self, name: str, version: int = JAVA_VERSION) -> str | None:
        """The entry of the class with this name (dots or slashes)."""
        return self.find(name.replace(".", "/") + ".class", version)

    def classes(self) -> Iterator[str]:
        """The internal names of the classes, without those of META-INF/versions."""
        for name in self.names():
            if name.endswith(".class") and not name.startswith("META-INF/"):
                yield name.removesuffix(".class")


def write_jar(
    entries: Mapping[str, bytes], manifest: Manifest | None = None, *, compress: bool = True, need_manifest: bool = True
) -> bytes:
    """A jar with these entries by name; the manifest is taken from `entries` if it is not given, and is an empty one if there is
    none either, unless it is not needed."""
    contents = dict(entries)
    given = contents.pop(MANIFEST_NAME, None)
    first = manifest.to_bytes() if manifest is not None else given
    if first is None and need_manifest:
        first = Manifest().to_bytes()
    leading = [] if first is None else [(MANIFEST_NAME, first)]
    out = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in [*leading, *sorted(contents.items())]:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = _UNIX
            info.external_attr = 0o100644 << 16
            info.compress_type = method
            archive.writestr(info, data)
    return out.getvalue()
