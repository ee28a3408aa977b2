"""A folder of the host as one boot module, whose files the guest sees where they lie.

The format is that of kernel/files/bootfs.pxd: records, each with the path of a file or, with a '/' behind it, of a
directory, then the contents, each on a page of its own.
"""

from __future__ import annotations

import os
import struct

from demitasse.runtime.errors import UserError
from demitasse.runtime.sizes import MIB, format_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

#: A folder on the class path travels inside the guest's memory; beyond this it is surely a mistake.
FOLDER_MAX = 256 * MIB
PAGE = 4096
#: BootFile: bytes of the record, offset and size of the contents.
_RECORD = struct.Struct("<QQQ")


def pack_folder(folder: str, without: Collection[str] = ()) -> bytes:
    """The folder's files and directories, but for the files `without`; UserError beyond FOLDER_MAX."""
    names: list[bytes] = []
    contents: list[bytes] = []
    total = 0
    for place, folders, files in os.walk(folder):
        folders.sort()
        inside = os.path.relpath(place, folder)
        prefix = "" if inside == "." else inside + "/"
        if prefix:
            names.append(os.fsencode(prefix))
            contents.append(b"")
        for name in sorted(files):
            path = os.path.join(place, name)
            if prefix + name in without or not os.path.isfile(path):
                continue
            try:
                total += os.path.getsize(path)
                if total > FOLDER_MAX:
                    raise UserError(f"Error: the folder {folder} on the class path holds more than "
                                    f"{format_size(FOLDER_MAX)}; name a smaller one, or a jar, with -cp")
                with open(path, "rb") as file:
                    contents.append(file.read())
                names.append(os.fsencode(prefix + name))
            except OSError as error:
                raise UserError(f"Error: class path: cannot read {path}: {error.strerror}") from None
    return module(names, contents)


def module(names: list[bytes], contents: list[bytes]) -> bytes:
    """The boot module with these files and directories."""
    sizes = [-(-(_RECORD.size + len(name) + 1) // 8) * 8 for name in names]
    offset = _pages(sum(sizes) + _RECORD.size)
    records = []
    for name, data, size in zip(names, contents, sizes):
        records.append((_RECORD.pack(size, offset, len(data)) + name).ljust(size, b"\0"))
        offset += _pages(len(data))
    head = b"".join([*records, bytes(_RECORD.size)])
    return b"".join(part.ljust(_pages(len(part)), b"\0") for part in (head, *contents))


def _pages(size: int) -> int:
    return -(-size // PAGE) * PAGE


def read(data: bytes) -> dict[str, bytes]:
    """What is in such a module, by path: for tools and tests; the guest has its own reader."""
    found: dict[str, bytes] = {}
    at = 0
    while True:
        record, offset, size = _RECORD.unpack_from(data, at)
        if record == 0:
            return found
        found[os.fsdecode(data[at + _RECORD.size:at + record].rstrip(b"\0"))] = data[offset:offset + size]
        at += record
