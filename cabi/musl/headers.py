"""The headers that musl's own makefile generates, and those that replace its system calls and two of its instructions.

`alltypes`, `syscall_numbers` and `version` follow the rules of musl's makefile on musl's own templates.  `syscall_arch` is made
from the table of system calls: a call whose number the compiler knows and whose row says `direct` is a call of that
row's kernel function; every other goes through `cabi_syscall`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol


class Argument(Protocol):
    """What is read of an argument of a row."""

    @property
    def type(self) -> str: ...


class SystemCall(Protocol):
    """What is read of a row of the table."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def direct(self) -> bool: ...
    @property
    def arguments(self) -> tuple[Argument, ...]: ...


#: Integer types of arguments, as the ABI passes them; all others in the table are pointers.
INTEGERS = {
    "int": "int", "unsigned": "unsigned", "unsigned int": "unsigned", "uint32_t": "unsigned", "int32_t": "int", "pid_t": "int",
    "mode_t": "unsigned", "clockid_t": "int", "uid_t": "unsigned", "gid_t": "unsigned", "socklen_t": "unsigned",
    "long": "long", "ssize_t": "long", "off_t": "long", "int64_t": "long", "time_t": "long",
    "unsigned long": "unsigned long", "size_t": "unsigned long", "uint64_t": "unsigned long", "uintptr_t": "unsigned long",
}


def alltypes(*templates: str) -> str:
    """bits/alltypes.h: each TYPEDEF, STRUCT and UNION of the templates becomes a definition that is made once, when asked for."""
    made_once = "#if defined(__NEED_{0}) && !defined(__DEFINED_{0})\n{1};\n#define __DEFINED_{0}\n#endif\n"

    def typedef(match: re.Match[str]) -> str:
        return made_once.format(match[2], f"typedef {match[1]} {match[2]}")

    def record(match: re.Match[str]) -> str:
        name = f"{match[1].lower()}_{match[2]}"
        return made_once.format(name, f"{match[1].lower()} {match[2]} {match[3]}")

    text = "\n".join(templates)
    text = re.sub(r"^TYPEDEF (.*) ([^ ]*);$", typedef, text, flags=re.M)
    return re.sub(r"^(STRUCT|UNION) +(\w*) (.*);$", record, text, flags=re.M)


def syscall_numbers(template: str) -> str:
    """bits/syscall.h: the kernel's numbers under both prefixes."""
    return template + "".join(f"#define SYS_{name} {number}\n" for name, number in numbers(template).items())


def numbers(template: str) -> dict[str, int]:
    """System calls of musl's template, by name."""
    return {name: int(number) for name, number in re.findall(r"^#define __NR_(\w+)\s+(\d+)", template, re.M)}


def version(text: str) -> str:
    """version.h"""
    return f'#define VERSION "{text}"\n'


def integer_or_pointer(ctype: str) -> str:
    """The type by which an argument of C type `ctype` is handed over."""
    words = ctype.replace("const", " ").replace("volatile", " ").replace("restrict", " ")
    plain = " ".join(words.split())
    if "*" in plain or "[" in plain:
        return "void *"
    return INTEGERS.get(plain, "long")


def syscall_arch(table: Iterable[SystemCall]) -> str:
    """syscall_arch.h: `__syscall0` to `__syscall6` as calls of the kernel."""
    direct = [row for row in table if row.direct]
    lines = ["/* Made by cabi/musl/headers.py from cabi/syscalls.py. */",
             "#define __SYSCALL_LL_E(x) (x)", "#define __SYSCALL_LL_O(x) (x)", "#define IPC_64 0", "",
             "__attribute__((noplt)) long cabi_syscall(long, long, long, long, long, long, long);"]
    for row in direct:
        types = ", ".join(integer_or_pointer(a.type) for a in row.arguments) or "void"
        lines.append(f"__attribute__((noplt)) long cabi_{row.name}({types});")
    for count in range(7):
        names = [f"a{i}" for i in range(1, count + 1)]
        parameters = ", ".join(["long n", *(f"long {name}" for name in names)])
        lines += ["", "static inline __attribute__((always_inline))", f"long __syscall{count}({parameters})", "{"]
        if direct:
            lines.append("\tif (__builtin_constant_p(n)) switch (n) {")
            for row in direct:
                given = [f"({integer_or_pointer(a.type)}){names[i] if i < count else 0}" for i, a in enumerate(row.arguments)]
                lines.append(f"\tcase {row.number}: return cabi_{row.name}({', '.join(given)});")
            lines.append("\t}")
        lines += [f"\treturn cabi_syscall({', '.join(['n', *names, *['0'] * (6 - count)])});", "}"]
    return "\n".join(lines) + "\n"


def atomic_arch(text: str) -> str:
    """atomic_arch.h: musl's, but for two instructions.

    Spinning waits for a thread on another processor; here that thread needs this one, so it is yielded.  HLT crashes a program
    that may not use it; a guest in ring 0 may, and would go on.
    """
    declared = "__attribute__((noplt)) long cabi_sched_yield(void);\n"
    for old, new in (('__asm__ __volatile__( "pause" : : : "memory" );', "cabi_sched_yield();"), ('"hlt"', '"ud2"')):
        if text.count(old) != 1:
            raise ValueError(f"atomic_arch.h has {text.count(old)} of {old}")
        text = text.replace(old, new)
    return declared + text
