"""Objects, archives and programs: what their symbols, instructions and relocations tell of whether a guest can run them."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from elftools.elf.sections import SymbolTableSection
from elftools.elf.segments import InterpSegment

from demitasse.cabi import linked, syscalls, toolchain, traps
from demitasse.cabi.adapt import facts
from demitasse.cabi.adapt.csource import Finding
from demitasse.cabi.adapt.facts import Fact

ARCHIVE = b"!<arch>\n"
#: Absolute relocations of 32 bits: code that must lie low.
ABSOLUTE = {10: "R_X86_64_32", 11: "R_X86_64_32S"}
SHF_ALLOC = 2
#: Names that only glibc has.
GLIBC = re.compile(r"__(?:\w+_chk|isoc\d+_\w+|ctype_b_loc|rawmemchr|strdup)$|.*@GLIBC_")


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The objects of an archive, by name (System V ar with GNU's long names)."""
    at, names = len(ARCHIVE), b""
    while at + 60 <= len(data):
        header = data[at:at + 60]
        try:
            size = int(header[48:58])
        except ValueError:
            return
        body = data[at + 60:at + 60 + size]
        name = header[:16].rstrip()
        if name == b"//":
            names = body
        elif name not in (b"/", b"/SYM64/"):
            if name.startswith(b"/") and name[1:].isdigit():
                start = int(name[1:])
                name = names[start:names.find(b"\n", start)]
            yield name.rstrip(b"/").decode(errors="replace"), body
        at += 60 + size + size % 2


def read(file: str, data: bytes) -> list[Finding]:
    """What can be told of an ELF file, or of each in an archive."""
    if data.startswith(ARCHIVE):
        inner = ((name, body) for name, body in members(data) if body[:4] == b"\x7fELF")
        return [finding for name, body in inner for finding in read(f"{file}({name})", body)]
    try:
        return _read_elf(file, data)
    except Exception as error:                       # the reader of a damaged file raises whatever its numbers lead to
        why = f"it cannot be read: {type(error).__name__} {error}"
        return [Finding(file, 0, "the file", Fact("a damaged file", "blocks", why, "build it again"))]


def defined(data: bytes) -> set[str]:
    """The functions that an object, or those of an archive, have for others.  (A program has the C library's among its own.)"""
    if data.startswith(ARCHIVE):
        return {name for _, body in members(data) if body[:4] == b"\x7fELF" for name in defined(body)}
    try:
        elf = ELFFile(io.BytesIO(data))
        return {symbol.name for section in elf.iter_sections() if elf["e_type"] == "ET_REL" and isinstance(section, SymbolTableSection)
                for symbol in section.iter_symbols()
                if symbol["st_shndx"] != "SHN_UNDEF" and symbol["st_info"]["bind"] != "STB_LOCAL" and symbol["st_info"]["type"] == "STT_FUNC"}
    except Exception:                                # damaged: `read` says so
        return set()


def _read_elf(file: str, data: bytes) -> list[Finding]:
    elf = ELFFile(io.BytesIO(data))
    found: list[Finding] = []

    def hit(what: str, fact: Fact) -> None:
        found.append(Finding(file, 0, what, fact))

    if elf["e_machine"] != "EM_X86_64" or elf.elfclass != 64:
        hit(f"{elf.get_machine_arch()}, {elf.elfclass} bits", facts.FOREIGN)
        return found
    program = elf["e_type"] in ("ET_EXEC", "ET_DYN")
    ours = program and linked.NOTE in data
    if program and not ours:
        interpreter = next((s.get_interp_name() for s in elf.iter_segments() if isinstance(s, InterpSegment)), "")
        if interpreter:
            hit(f"asks for {interpreter}", facts.DYNAMIC)
        elif elf["e_type"] == "ET_EXEC":
            hit("linked at a fixed address", facts.FIXED_ADDRESS)
        else:
            hit("no note of ours", facts.LINUX_PROGRAM)
    found += _of_symbols(file, elf, program)
    for trap, count in _traps(file, elf, data).items():
        hit(f"{trap}{f' ({count} times)' if count > 1 else ''}", facts.INSTRUCTION)
    if not program:
        kinds: dict[str, int] = {}
        for section in elf.iter_sections():
            if isinstance(section, RelocationSection) and elf.get_section(section["sh_info"])["sh_flags"] & SHF_ALLOC:
                for relocation in section.iter_relocations():
                    kind = ABSOLUTE.get(relocation["r_info_type"])
                    if kind:
                        kinds[kind] = kinds.get(kind, 0) + 1
        for kind, count in sorted(kinds.items()):
            hit(f"{kind} ({count} times)", facts.FIXED_ADDRESS)
    return found


def _of_symbols(file: str, elf: ELFFile, program: bool) -> list[Finding]:
    """Functions that are called: undefined ones, and in a whole program those of the C library that are linked in."""
    calls = facts.of_calls()
    names: dict[str, bool] = {}
    for section in elf.iter_sections():
        if isinstance(section, SymbolTableSection):
            for symbol in section.iter_symbols():
                if symbol.name and symbol["st_info"]["bind"] != "STB_LOCAL":
                    undefined = symbol["st_shndx"] == "SHN_UNDEF"
                    names[symbol.name] = names.get(symbol.name, False) or undefined
    if program:                          # functions that are there for the sake of others, which are allowed
        for user, used in facts.BEHIND.items():
            if user in names:
                for name in used:
                    names.pop(name, None)
    found = []
    for name, undefined in sorted(names.items()):
        plain = name.partition("@")[0]
        if undefined and GLIBC.match(name):
            found.append(Finding(file, 0, plain, facts.OTHER_LIBRARY))
        elif plain in calls and (undefined or (program and calls[plain].why not in facts.OF_OTHER_LIBRARIES)):
            found.append(Finding(file, 0, f"{plain}()", calls[plain]))
        elif undefined and plain.startswith("cabi_") and plain not in syscalls.EXPORTS:
            found.append(Finding(file, 0, plain, Fact(plain, "blocks", "the kernel has no function of that name", "demitasse cc builds it anew")))
    return found


def _traps(file: str, elf: ELFFile, data: bytes) -> dict[str, int]:
    """Trapping instructions by the function they are in.  Objects are small; a program is looked at near suspicious bytes only."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "object")
        copy.write_bytes(data)
        counts: dict[str, int] = {}
        if elf["e_type"] != "ET_REL":
            for trap in linked.traps(str(copy), data):
                where = f"{trap.instruction}{f' in {trap.function}' if trap.function else ''}"
                counts[where] = counts.get(where, 0) + 1
            return counts
        code = b"".join(s.data() for s in elf.iter_sections() if s["sh_flags"] & 4 and s["sh_type"] == "SHT_PROGBITS")
        if not any(pattern in code for pattern in traps.BYTES):
            return counts
        text = subprocess.run([toolchain.find("objdump"), "-d", "--no-show-raw-insn", str(copy)], capture_output=True, text=True, check=True,
                              env={**os.environ, "LC_ALL": "C"}).stdout
    function = ""
    for line in text.splitlines():
        named = re.match(r"[0-9a-f]+ <(.+)>:$", line)
        if named:
            function = named[1]
        trap_line = re.search(traps.LINE, line)
        if trap_line:
            where = f"{trap_line[1]} in {function}"
            counts[where] = counts.get(where, 0) + 1
    return counts
