"""Reads a kernel image: what to map where, and which function an address lies in.

`Image.read(path)` believes nothing: whatever a monitor is going to map has been checked against the
file's length, the window and the page size, and a bad image is one `MachineError` that says which
rule it breaks.  Written with `struct` alone, and reading the headers alone: it runs before each boot.
The symbols, four fifths of the file, are read when something has to be named.
"""

from __future__ import annotations

import os
import struct

from demitasse.runtime.record import record

#: The window at which all of guest memory is visible: virtual = WINDOW + physical.
WINDOW = 1 << 44
#: Physical address of the image's first byte.
LOAD = 0x200000
PAGE = 4096

_EHDR = struct.Struct("<16sHHIQQQIHHHHHH")
_PHDR = struct.Struct("<IIQQQQQQ")
_SHDR = struct.Struct("<IIQQQQIIQQ")
_SYM = struct.Struct("<IBBHQQ")
#: The program headers lie in the first bytes of the file, behind the ELF header.
_HEADERS = 4096
_PT_LOAD, _ET_EXEC, _EM_X86_64 = 1, 2, 62
_SHT_SYMTAB, _STT_FUNC, _STT_NOTYPE = 2, 2, 0


class MachineError(Exception):
    """A machine cannot be set up as asked; the message is one line for the user."""


@record
class Segment:
    """A PT_LOAD segment; `address` is guest-virtual, page aligned like `offset`."""

    address: int
    offset: int
    file_size: int
    memory_size: int
    readable: bool
    writable: bool
    executable: bool

    @property
    def end(self) -> int:
        """First page boundary behind the segment."""
        return -(-(self.address + self.memory_size) // PAGE) * PAGE


@record
class Image:
    """A validated kernel image."""

    path: str | os.PathLike[str]
    entry: int
    segments: tuple[Segment, ...]

    @property
    def end(self) -> int:
        """First guest-virtual page boundary behind the image."""
        return max(segment.end for segment in self.segments)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Image:
        """Read and validate the image at `path`."""
        try:
            with open(path, "rb", buffering=0) as file:
                data = file.read(_HEADERS)
                length = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise MachineError(f"cannot read the kernel image {path}: {error.strerror}") from None

        def bad(why: str) -> MachineError:
            return MachineError(f"bad kernel image {path}: {why}")

        if data[:4] != b"\x7fELF":
            raise bad("not an ELF file")
        if len(data) < _EHDR.size:
            raise bad(f"truncated: {len(data)} bytes do not hold an ELF header")
        ident, kind, machine, _, entry, phoff, _, _, _, phentsize, phnum, *_ = _EHDR.unpack_from(data)
        if ident[4:6] != b"\x02\x01" or machine != _EM_X86_64 or kind != _ET_EXEC:
            raise bad("not a little-endian x86-64 executable linked at a fixed address")
        if phentsize != _PHDR.size or phoff + phnum * phentsize > length:
            raise bad(f"truncated: the program headers end at byte {phoff + phnum * phentsize}, "
                      f"the file has {length}")
        if phoff + phnum * phentsize > len(data):
            raise bad(f"the program headers end at byte {phoff + phnum * phentsize}, not in the first {_HEADERS}")
        segments = []
        for number in range(phnum):
            p_type, flags, offset, vaddr, paddr, filesz, memsz, _ = _PHDR.unpack_from(data, phoff + number * phentsize)
            if p_type != _PT_LOAD:
                continue
            if offset + filesz > length:
                raise bad(f"truncated: segment {number} ends at byte {offset + filesz}, the file has {length}")
            if vaddr % PAGE or offset % PAGE or filesz > memsz or not memsz:
                raise bad(f"segment {number} at {vaddr:#x} is not laid out in whole pages")
            if vaddr != WINDOW + paddr:
                raise bad(f"segment {number} is linked at {vaddr:#x} for physical {paddr:#x}, not in the window")
            if flags & 3 == 3:
                raise bad(f"segment {number} is writable and executable")
            segments.append(Segment(vaddr, offset, filesz, memsz, bool(flags & 4), bool(flags & 2), bool(flags & 1)))
        segments.sort(key=lambda segment: segment.address)
        if not segments or segments[0].address != WINDOW + LOAD:
            at = f"{segments[0].address:#x}" if segments else "nowhere"
            raise bad(f"linked at {at}, not at {WINDOW + LOAD:#x}")
        for before, after in zip(segments, segments[1:]):
            if before.end > after.address:
                raise bad(f"segments at {before.address:#x} and {after.address:#x} overlap")
        if not any(s.executable and s.address <= entry < s.address + s.file_size for s in segments):
            raise bad(f"the entry point {entry:#x} is not in its code")
        return cls(path, entry, tuple(segments))

    def symbols(self) -> Symbols:
        """The names of its functions, read now; none when the file is stripped, or gone."""
        try:
            with open(self.path, "rb") as file:
                return Symbols(self, _functions(file.read()))
        except OSError:
            return Symbols(self, [])


class Symbols:
    """Which function an address lies in."""

    def __init__(self, image: Image, functions: list[tuple[int, int, str]]) -> None:
        self._image = image
        self._functions = functions

    def name(self, address: int) -> str | None:
        """`name+0x12` of the function around `address`, or None outside the image's code."""
        if not any(s.executable and s.address <= address < s.end for s in self._image.segments):
            return None
        from bisect import bisect_right

        at = bisect_right(self._functions, (address, 1 << 64, "")) - 1
        if at < 0:
            return None
        value, _, name = self._functions[at]
        return f"{name}+{address - value:#x}" if address != value else name


def _functions(data: bytes) -> list[tuple[int, int, str]]:
    """(address, size, name) of the symbol table, by address."""
    header = _EHDR.unpack_from(data)
    shoff, shentsize, shnum = header[6], header[11], header[12]
    if not shoff or shentsize != _SHDR.size or shoff + shnum * shentsize > len(data):
        return []
    sections = [_SHDR.unpack_from(data, shoff + i * shentsize) for i in range(shnum)]
    found = []
    for section in sections:
        if section[1] != _SHT_SYMTAB or section[6] >= shnum:
            continue
        names = sections[section[6]][4]
        for at in range(section[4], section[4] + section[5], _SYM.size):
            name, info, _, index, value, size = _SYM.unpack_from(data, at)
            if info & 15 in (_STT_FUNC, _STT_NOTYPE) and index and name:
                end = data.index(b"\0", names + name)
                found.append((value, size, data[names + name:end].decode("latin-1")))
    found.sort()
    return found
