"""The boot pack: several boot modules in one file, for loaders that can pass only one.

The format is that of kernel/boot/pack.pxd: a header, a table, and page-aligned payloads, which the
guest uses where the loader put them.  `read` is for tools and tests; the guest has its own reader.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import BinaryIO

import construct  # type: ignore[import-untyped]

MAGIC = b"DMTSPACK"
VERSION = 2
NAME_MAX = 80
PAGE = 4096

Entry = construct.Struct(
    "name" / construct.PaddedString(NAME_MAX, "utf8"),
    "offset" / construct.Int64ul,
    "size" / construct.Int64ul,
)
Header = construct.Struct(
    "magic" / construct.Const(MAGIC),
    "version" / construct.Const(VERSION, construct.Int32ul),
    "count" / construct.Rebuild(construct.Int32ul, construct.len_(construct.this.entries)),
    "size" / construct.Int64ul,
    "entries" / construct.Array(construct.this.count, Entry),
)
_FIXED = 24


class PackError(Exception):
    """Something is not a boot pack, or cannot be packed; the message is one line."""


def _aligned(size: int) -> int:
    return -(-size // PAGE) * PAGE


def write(file: BinaryIO, modules: Mapping[str, str | os.PathLike[str] | bytes]) -> int:
    """Write a boot pack of `modules` to `file`, from its current place on; return its size."""
    sizes: list[int] = []
    entries = []
    offset = _aligned(_FIXED + len(modules) * Entry.sizeof())
    for name, source in modules.items():
        if not name or "\0" in name or len(name.encode()) >= NAME_MAX:
            raise PackError(f"boot module name {name!r} is empty or longer than {NAME_MAX - 1} bytes")
        size = len(source) if isinstance(source, bytes) else os.stat(source).st_size
        entries.append({"name": name, "offset": offset, "size": size})
        sizes.append(size)
        offset += _aligned(size)
    header = Header.build({"size": offset, "entries": entries})
    file.write(header.ljust(_aligned(len(header)), b"\0"))
    for size, source in zip(sizes, modules.values()):
        if isinstance(source, bytes):
            file.write(source)
        else:
            _copy(source, file, size)
        file.write(bytes(_aligned(size) - size))
    return offset


def _copy(source: str | os.PathLike[str], file: BinaryIO, size: int) -> None:
    """Copy `size` bytes of `source`, in the kernel where it can."""
    with open(source, "rb") as data:
        file.flush()
        rest = size
        while rest:
            try:
                done = os.copy_file_range(data.fileno(), file.fileno(), rest)
            except OSError:
                done = file.write(data.read(min(rest, 1 << 20)))
                file.flush()
            if not done:
                raise PackError(f"{source} became shorter while it was packed")
            rest -= done


def read(data: bytes) -> dict[str, bytes]:
    """The modules of a boot pack, by name."""
    try:
        header = Header.parse(data)
    except (construct.ConstructError, UnicodeDecodeError) as error:
        raise PackError(f"not a boot pack: {error}".splitlines()[0]) from None
    found = {}
    for entry in header.entries:
        if entry.offset % PAGE or entry.offset + entry.size > len(data):
            raise PackError(f"boot pack: module {entry.name} lies outside the file")
        found[str(entry.name)] = data[entry.offset:entry.offset + entry.size]
    return found
