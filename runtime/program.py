"""A C program to run: what is refused before a machine exists, and what the guest gets.

The guest's loader (cabi/loader) checks every number of the file; here is only what a user gets wrong: a file that is no
program, or one for Linux.

Interface (cabi/process/start.pyx reads the records; keys may repeat and keep their order):
  application=program   main=<guest path>   name=<argv[0]>   arg=…   env=NAME=VALUE   strace=1
  terminal=<which of stdin, stdout, stderr are one: 0 or 1 each> <rows> <columns>; absent: none is
  mount=…   umask=…   log=<level>   trace=<events>   as for Java (runtime/launch.py)
"""

from __future__ import annotations

import os
import struct

from demitasse.runtime.errors import UserError
from demitasse.runtime.sizes import MIB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from demitasse.runtime.request import Request

MAGIC = b"\x7fELF"
#: Guest memory without -m; what is not touched costs nothing.
MEMORY = 1024 * MIB
LEAST_MEMORY = 24 * MIB
_NOTE = struct.pack("<III", 10, 4, 1) + b"Demitasse\0"
_INTERPRETER, _PROGRAM_NOTE = 3, 4


def is_program(operand: str) -> bool:
    """Whether the operand of `demitasse run` is an ELF file."""
    try:
        with open(operand, "rb") as file:
            return file.read(4) == MAGIC
    except (OSError, ValueError):  # ValueError: a NUL or a lone surrogate, which no file's name has
        return False


def terminal() -> list[tuple[str, str]]:
    """What the guest is told of this process's terminal, if there is one."""
    streams = [os.isatty(fd) for fd in range(3)]
    if not any(streams):
        return []
    try:
        columns, rows = os.get_terminal_size(streams.index(True))
    except OSError:
        columns = rows = 0
    return [("terminal", f"{''.join(str(int(it)) for it in streams)} {rows} {columns}")]


def check(request: Request) -> str:
    """The program's file; UserError for what the guest would not take."""
    path = request.main
    for option, given in (("-cp", request.class_path), ("-D", request.properties), ("-Xmx", request.heap_max),
                          ("-Xms", request.heap_initial), ("-Xss", request.stack_size), ("--verbose", request.verbose),
                          ("-ea", request.assertions), ("-esa", request.system_assertions),
                          ("--count-bytecodes", request.count_bytecodes)):
        if given:
            raise UserError(f"Error: {option} is for Java programs, and {request.main} is a C program")
    reason = _refusal(path)
    if reason:
        raise UserError(f"Error: {request.main}: {reason}")
    if request.memory is not None and request.memory < LEAST_MEMORY:
        raise UserError(f"Too little memory: -m {request.memory // MIB}m, at least -m {LEAST_MEMORY // MIB}m is needed")
    return path


def _refusal(path: str) -> str:
    """Why the file is no program for the guest; empty if it may be one."""
    try:
        with open(path, "rb") as file:
            head = file.read(64)
            if len(head) < 64:
                return "not an ELF file"
            kind, machine = struct.unpack_from("<HH", head, 16)
            if head[4:6] != b"\x02\x01" or machine != 62:
                return "an ELF file for another machine than x86-64"
            if kind not in (2, 3):
                return "an ELF file, but not a program (an object file?)"
            start, = struct.unpack_from("<Q", head, 32)
            size, count = struct.unpack_from("<HH", head, 54)
            file.seek(start)
            table = file.read(min(size * count, 1 << 16))
            if size != 56 or len(table) < size * count:
                return "a damaged ELF file"
            ours = False
            for at in range(0, size * count, size):
                type_, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", table, at)
                if type_ == _PROGRAM_NOTE:
                    file.seek(offset)
                    ours = ours or _NOTE in file.read(min(length, 1 << 16))
                elif type_ == _INTERPRETER:
                    break
    except (OSError, OverflowError, ValueError) as error:
        return f"cannot be read ({error.strerror})" if isinstance(error, OSError) and error.strerror else "a damaged ELF file"
    return "" if ours else "a program for Linux: build it with `demitasse cc` (`demitasse adapt` says what may stand in the way)"


def module_name(path: str) -> str:
    """The boot module that the program is in the guest."""
    name = os.fsencode(os.path.basename(path))[-60:].decode("utf-8", "replace") or "program"
    return f"app/0/{name}"
