"""A quick look at a jar before the guest starts: is it one, and what does its manifest say.

Invariant: believes nothing; whatever is damaged is an `ArchiveError`, never another exception.  It
reads the end of the file, the part of the central directory up to the manifest, and the manifest:
no more, since each `run` does it (ZIP specification, APPNOTE 4.3; jvm/model/jar.py reads whole jars).
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib

from demitasse.jvm.model.errors import ArchiveError
from demitasse.jvm.model.manifest import Manifest

_MANIFEST = b"META-INF/MANIFEST.MF"
_STORED, _DEFLATED = 0, 8
_END = struct.Struct("<4s4H2IH")            # 4.3.16
_END_MAGIC = b"PK\5\6"
_LOCATOR = struct.Struct("<4sIQI")          # 4.3.15
_LOCATOR_MAGIC = b"PK\6\7"
_END64 = struct.Struct("<4sQ2H2I4Q")        # 4.3.14
_END64_MAGIC = b"PK\6\6"
_ENTRY = struct.Struct("<4s6H3I5H2I")       # 4.3.12
_ENTRY_MAGIC = b"PK\1\2"
_LOCAL = struct.Struct("<4s5H3I2H")         # 4.3.7
_LOCAL_MAGIC = b"PK\3\4"
_COMMENT_MAX = 0xFFFF
_MANIFEST_MAX = 16 << 20


def read_manifest(path: str | os.PathLike[str]) -> Manifest | None:
    """The manifest of the jar at `path`, None if it has none.  OSError, or ArchiveError if damaged."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if os.fstat(descriptor).st_size < _END.size:
            raise ArchiveError("too short for a zip file")
        with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as data:
            try:
                text = _manifest_bytes(data)
            except (struct.error, zlib.error) as error:
                raise ArchiveError(str(error)) from None
    finally:
        os.close(descriptor)
    return Manifest.parse(text) if text is not None else None


def _manifest_bytes(data: mmap.mmap) -> bytes | None:
    at, end, count, base = _central_directory(data)
    for _ in range(count):
        if at + _ENTRY.size > end:
            raise ArchiveError("the central directory is cut short")
        (magic, _, _, _, method, _, _, _, packed, size, name_size, extra, comment, _, _, _, local) = \
            _ENTRY.unpack_from(data, at)
        if magic != _ENTRY_MAGIC:
            raise ArchiveError("the central directory is damaged")
        name = data[at + _ENTRY.size:at + _ENTRY.size + name_size]
        if name == _MANIFEST:
            return _entry_bytes(data, base + local, method, packed, size)
        at += _ENTRY.size + name_size + extra + comment
    return None


def _central_directory(data: mmap.mmap) -> tuple[int, int, int, int]:
    """(start, end, entries, what to add to offsets) of the central directory."""
    at = len(data) - _END.size
    lowest = max(0, at - _COMMENT_MAX)
    while True:
        at = data.rfind(_END_MAGIC, lowest, at + 4)
        if at < 0:
            raise ArchiveError("no end of a zip file in it")
        _, _, _, _, count, size, offset, comment = _END.unpack_from(data, at)
        if at + _END.size + comment == len(data):
            break
        at -= 1
    end = at
    if at >= _LOCATOR.size:
        magic, _, where, _ = _LOCATOR.unpack_from(data, at - _LOCATOR.size)
        if magic == _LOCATOR_MAGIC and where + _END64.size <= at:
            magic64, _, _, _, _, _, _, count64, size64, offset64 = _END64.unpack_from(data, where)
            if magic64 == _END64_MAGIC:
                count, size, offset, end = count64, size64, offset64, where
    start = end - size
    base = start - offset                    # bytes put in front of the zip, as of a shell script
    if start < 0 or base < 0:
        raise ArchiveError("the central directory does not fit into the file")
    return start, end, count, base


def _entry_bytes(data: mmap.mmap, at: int, method: int, packed: int, size: int) -> bytes:
    magic, *_, name_size, extra = _LOCAL.unpack_from(data, at)
    if magic != _LOCAL_MAGIC:
        raise ArchiveError("the manifest is not where the central directory says")
    start = at + _LOCAL.size + name_size + extra
    if start + packed > len(data) or size > _MANIFEST_MAX:
        raise ArchiveError("the manifest is cut short, or too large")
    content = data[start:start + packed]
    if method == _DEFLATED:
        content = zlib.decompressobj(-15).decompress(content, _MANIFEST_MAX)
    elif method != _STORED:
        raise ArchiveError(f"the manifest is compressed by method {method}, not deflate")
    if len(content) != size:
        raise ArchiveError("the manifest does not have the size that it claims")
    return content
