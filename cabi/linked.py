"""A look at a program that was just linked: is it one of ours, and does nothing in it trap?

The instructions are looked at only where the bytes of a trapping one occur, from the start of the function around them:
for most programs that is nowhere, so a link costs no disassembly.
"""

from __future__ import annotations

import os
import re
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from demitasse.cabi import toolchain
from demitasse.cabi import traps as trapping
from demitasse.runtime.errors import UserError

NOTE = struct.pack("<III", 10, 4, 1) + b"Demitasse\0"
PT_LOAD, PT_INTERP, PT_NOTE, PF_X = 1, 3, 4, 1
SHT_SYMTAB, STT_FUNC = 2, 2


@dataclass(frozen=True)
class Trap:
    """A trapping instruction: where, what, and in which function as far as symbols tell."""

    address: int
    instruction: str
    function: str


def check(program: str, command: list[str]) -> None:
    """Remove the program and raise UserError unless it is as it must be.  command: what linked it."""
    try:
        data = Path(program).read_bytes()
    except OSError:
        return                                   # gcc was asked for something else, and has said what
    if data[:4] != b"\x7fELF" or struct.unpack_from("<H", data, 16)[0] == 1:
        return                                   # a relocatable object
    segments = program_headers(data)
    wrong = ""
    if not any(kind == PT_NOTE and data[offset:offset + size].find(NOTE) >= 0 for kind, _, offset, _, size in segments):
        wrong = "it was linked without our start file (-nostdlib, -nostartfiles): a guest would not take it"
    elif any(kind == PT_INTERP for kind, *_ in segments):
        wrong = "it asks for a dynamic linker (-dynamic-linker): a guest has none"
    else:
        found = traps(program, data)
        if found:
            where = f" in {found[0].function}" if found[0].function else ""
            wrong = (f"`{found[0].instruction}`{where}{_object_of(found[0], command)}: a system call by instruction has no kernel to go to; "
                     "call the C library's function, or syscall(), instead")
    if wrong:
        os.unlink(program)
        raise UserError(f"demitasse cc: error: {program}: {wrong}")


def program_headers(data: bytes) -> list[tuple[int, int, int, int, int]]:
    """(type, flags, offset, address, size in the file) of each."""
    start, = struct.unpack_from("<Q", data, 32)
    length, count = struct.unpack_from("<HH", data, 54)
    rows = (struct.unpack_from("<IIQQQQ", data, start + i * length) for i in range(count))
    return [(kind, flags, offset, address, size) for kind, flags, offset, address, _, size in rows]


def functions(data: bytes) -> list[tuple[int, str]]:
    """(address, name) of the functions in the symbol table, rising."""
    table, = struct.unpack_from("<Q", data, 40)
    length, count = struct.unpack_from("<HH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + i * length) for i in range(count)] if table else []
    found = []
    for _, kind, _, _, offset, size, link, *_ in sections:
        if kind == SHT_SYMTAB:
            strings = sections[link][4]
            for name, info, _, section, value, _ in struct.iter_unpack("<IBBHQQ", data[offset:offset + size]):
                if info & 15 == STT_FUNC and section:
                    found.append((value, data[strings + name:data.index(b"\0", strings + name)].decode(errors="replace")))
    return sorted(found)


def traps(program: str, data: bytes) -> list[Trap]:
    """The trapping instructions of an executable."""
    suspects = []
    for kind, flags, offset, address, size in program_headers(data):
        if kind == PT_LOAD and flags & PF_X:
            code = data[offset:offset + size]
            for pattern in trapping.BYTES:
                suspects += [address + match.start() for match in re.finditer(re.escape(pattern), code)]
    if not suspects:
        return []
    known = functions(data)
    found = []
    for start in sorted({max((a for a, _ in known if a <= suspect), default=0) for suspect in suspects}):
        after = min((a for a, _ in known if a > start), default=1 << 62)
        text = subprocess.run([toolchain.find("objdump"), "-d", "--no-show-raw-insn", f"--start-address={start}", f"--stop-address={after}",
                               program], check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}).stdout
        for match in re.finditer(r"^ *([0-9a-f]+)" + trapping.LINE, text, re.M):
            found.append(Trap(int(match[1], 16), match[2], next((name for a, name in known if a == start), "")))
    return found


def _object_of(trap: Trap, command: list[str]) -> str:
    """Which object the linker took the instruction from; asked only now, for a map takes its time."""
    with tempfile.TemporaryDirectory() as folder:
        link_map = Path(folder, "map")
        subprocess.run([*command, f"-Wl,-Map={link_map}", "-o", f"{folder}/out"], capture_output=True)
        text = link_map.read_text(errors="replace") if link_map.exists() else ""
    for address, size, source in re.findall(r"^ \.\S+\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$", text, re.M):
        if int(address, 16) <= trap.address < int(address, 16) + int(size, 16):
            return f" of {os.path.basename(source) if source.startswith('/tmp/cc') else source}"
    return ""
