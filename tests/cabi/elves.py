"""Small ELF programs, made byte by byte: valid ones with everything that the loader handles, to be damaged by tests.

`Elf` keeps the parts; `build()` lays them out:

    0x0000  headers, note                              read
    0x1000  code                                       read, execute
    0x2000  dynamic strings and symbols, relocations   read
    0x3000  dynamic section, relocated words           read, write (the dynamic section is read-only after relocation)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

PAGE = 0x1000
TEXT, TABLES, DATA = 0x1000, 0x2000, 0x3000
LOAD, DYNAMIC, INTERP, NOTE, PHDR, TLS, STACK, RELRO = 1, 2, 3, 4, 6, 7, 0x6474E551, 0x6474E552
R_NONE, R_64, R_GLOB_DAT, R_JUMP_SLOT, R_RELATIVE, R_DTPMOD64, R_DTPOFF64, R_TPOFF64 = 0, 1, 6, 7, 8, 16, 17, 18
#: Where relocated words begin: behind room for the dynamic section.
WORDS = DATA + 0x400
NOTE_BYTES = struct.pack("<III", 10, 4, 1) + b"Demitasse\0\0\0" + struct.pack("<I", 1)


@dataclass
class Elf:
    """What is in the program.  symbols: name and value (None: undefined); relocations: place, type, symbol, addend."""

    symbols: list[tuple[bytes, int | None]] = field(default_factory=lambda: [(b"cabi_write", None), (b"here", TEXT + 4)])
    relocations: list[tuple[int, int, int, int]] = field(default_factory=lambda: [
        (WORDS, R_RELATIVE, 0, TEXT), (WORDS + 8, R_GLOB_DAT, 1, 0), (WORDS + 16, R_64, 2, 3)])
    jumps: list[tuple[int, int, int, int]] = field(default_factory=lambda: [(WORDS + 24, R_JUMP_SLOT, 1, 0)])
    relative: list[int] = field(default_factory=list)        # DT_RELR words
    needed: list[bytes] = field(default_factory=lambda: [b"libdemitasse.so"])
    tls: tuple[int, int, int] | None = None                  # file size, memory size, alignment
    note: bytes = NOTE_BYTES
    dynamic: list[tuple[int, int]] = field(default_factory=list)     # more entries
    extra: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)   # more program headers
    kind: int = 3
    machine: int = 62
    stack: int = 0
    bss: int = 0x100

    def build(self) -> bytes:
        """The file."""
        strings = b"\0"
        names = {}
        for name in [*(name for name, _ in self.symbols), *self.needed]:
            names[name] = len(strings)
            strings += name + b"\0"
        symbols = bytes(24) + b"".join(
            struct.pack("<IBBHQQ", names[name], 0x12, 0, 0 if value is None else 1, value or 0, 0) for name, value in self.symbols)
        rela = b"".join(struct.pack("<QIIq", place, type_, symbol, addend) for place, type_, symbol, addend in self.relocations)
        jump = b"".join(struct.pack("<QIIq", place, type_, symbol, addend) for place, type_, symbol, addend in self.jumps)
        relr = b"".join(struct.pack("<Q", word) for word in self.relative)
        tables = bytearray()
        places = []
        for part in (symbols, rela, jump, relr, strings):
            tables += bytes(-len(tables) % 8)
            places.append(TABLES + len(tables))
            tables += part
        at_symbols, at_rela, at_jump, at_relr, at_strings = places
        entries = [*((1, names[name]) for name in self.needed), (5, at_strings), (10, len(strings)), (6, at_symbols), (11, 24),
                   (7, at_rela), (8, len(rela)), (9, 24), (23, at_jump), (2, len(jump)), (20, 7),
                   *([(36, at_relr), (35, len(relr)), (37, 8)] if relr else []), *self.dynamic, (0, 0)]
        dynamic = b"".join(struct.pack("<qQ", tag, value) for tag, value in entries)
        data = dynamic.ljust(WORDS - DATA, b"\0") + bytes(0x200)
        headers = [(PHDR, 4, 64, 64, 0, 0, 8), (LOAD, 4, 0, 0, 0, 0, PAGE), (LOAD, 5, TEXT, TEXT, 64, 64, PAGE),
                   (LOAD, 4, TABLES, TABLES, len(tables), len(tables), PAGE),
                   (LOAD, 6, DATA, DATA, len(data), len(data) + self.bss, PAGE), (DYNAMIC, 6, DATA, DATA, len(dynamic), len(dynamic), 8),
                   (NOTE, 4, 0, 0, len(self.note), len(self.note), 4), (STACK, 6, 0, 0, 0, self.stack, 16), *self.extra]
        if self.tls is not None:
            size, memory, alignment = self.tls
            headers.append((TLS, 4, WORDS + 0x100, WORDS + 0x100, size, memory, alignment))
        table = 56 * len(headers)
        at_note = 64 + table + (-table % 8)
        headers[0] = (PHDR, 4, 64, 64, table, table, 8)
        headers[1] = (LOAD, 4, 0, 0, at_note + len(self.note), at_note + len(self.note), PAGE)
        headers[6] = (NOTE, 4, at_note, at_note, len(self.note), len(self.note), 4)
        # A .symtab of one function, for reports.
        names_at = DATA + len(data)
        symtab = bytes(24) + struct.pack("<IBBHQQ", 1, 0x12, 0, 1, TEXT, 16)
        at_symtab = names_at + 8
        at_sections = at_symtab + len(symtab)
        sections = bytes(64) + struct.pack("<IIQQQQIIQQ", 0, 2, 0, 0, at_symtab, len(symtab), 2, 1, 8, 24) \
            + struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, names_at, 8, 0, 0, 1, 0)
        head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", self.kind, self.machine, 1, TEXT, 64, at_sections, 0, 64, 56,
                           len(headers), 64, 3, 0)
        file = bytearray(head)
        file += b"".join(struct.pack("<IIQQQQQQ", kind, flags, offset, address, address, size, memory, alignment)
                         for kind, flags, offset, address, size, memory, alignment in headers)
        file += bytes(at_note - len(file)) + self.note
        file += bytes(TEXT - len(file)) + b"\xc3" * 64
        file += bytes(TABLES - len(file)) + tables
        file += bytes(DATA - len(file)) + data + b"\0start\0\0" + symtab + sections
        return bytes(file)


def everything() -> Elf:
    """A program with one of each."""
    elf = Elf(tls=(8, 24, 16), relative=[WORDS + 0x80, 0b1011], stack=1 << 20)
    elf.symbols.append((b"local", 4))
    elf.relocations += [(WORDS + 32, R_DTPMOD64, 3, 0), (WORDS + 40, R_DTPOFF64, 3, 1), (WORDS + 48, R_TPOFF64, 3, 2), (0, R_NONE, 0, 0)]
    return elf
