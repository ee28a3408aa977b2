"""Jars for the tests, good and bad."""

from __future__ import annotations

import zipfile
from pathlib import Path


def make_jar(path: Path, manifest: str | None = "Main-Class: Main\n", *, method: int = zipfile.ZIP_DEFLATED,
             entries: dict[str, bytes] | None = None, comment: bytes = b"") -> Path:
    """A jar with a manifest (without its version line) and further entries."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", method) as archive:
        if manifest is not None:
            archive.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n" + manifest + "\n")
        for name, data in (entries or {"Main.class": b"\xca\xfe\xba\xbe"}).items():
            archive.writestr(name, data)
        archive.comment = comment
    return path
