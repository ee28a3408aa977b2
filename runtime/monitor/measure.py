"""Measures what a virtual machine of ours costs here, with a guest of a few dozen instructions.

The guest is assembled below, wrapped as an image and run by the kvm home itself, in ring 3 or ring 0.
It counts a loop, reads a register of the control page some times (each is an exit), and touches fresh
pages of RAM; the time stamp counter around each part goes into its "trace" buffer.
"""

from __future__ import annotations

import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .image import LOAD, WINDOW
from .machine import MachineError, MachineSpec, run

#: kernel/platform/control.pxd: CONTROL_PHYSICAL, CONTROL_EXIT, CONTROL_CLOCK.
_CONTROL = WINDOW + 0xFC0000000
_EXIT, _CLOCK = 0x00, 0x28
#: GuestMarks.trace_address and trace_size, behind the 16 times (kernel/boot/bootinfo.pxd).
_TRACE_ADDRESS, _TRACE_SIZE = 128, 136
_RAM = WINDOW + (6 << 20)
_PAGES = 512


@dataclass(frozen=True)
class Cost:
    """Costs of a virtual machine: instructions per second, and ns."""

    instructions_per_second: float
    exit: float
    touch: float


def _guest(marks_offset: int, loops: int, exits: int, pages: int) -> bytes:
    """Code at the image's entry: RDI = BootInfo, whose GuestMarks lie `marks_offset` behind it."""

    def stamp(register: bytes) -> bytes:
        # rdtsc; shl rdx,32; or rax,rdx; mov REGISTER,rax
        return b"\x0f\x31\x48\xc1\xe2\x20\x48\x09\xd0" + register

    r8, r9, r10, r11 = b"\x49\x89\xc0", b"\x49\x89\xc1", b"\x49\x89\xc2", b"\x49\x89\xc3"
    code = b"\x48\xbe" + struct.pack("<Q", _CONTROL)                      # mov rsi, control
    code += b"\x48\xbb" + struct.pack("<Q", _RAM)                         # mov rbx, ram
    code += stamp(r8)
    code += b"\xb9" + struct.pack("<I", loops) + b"\xff\xc9\x75\xfc"      # mov ecx, loops; 1: dec ecx; jnz 1b
    code += stamp(r9)
    code += b"\xb9" + struct.pack("<I", exits)                            # mov ecx, exits
    code += b"\x48\x8b\x46" + bytes([_CLOCK]) + b"\xff\xc9\x75\xf8"       # 1: mov rax,[rsi+clock]; dec ecx; jnz 1b
    code += stamp(r10)
    code += b"\xb9" + struct.pack("<I", pages)                            # mov ecx, pages
    code += b"\xc6\x03\x01\x48\x81\xc3\x00\x10\x00\x00\xff\xc9\x75\xf2"   # 1: mov b[rbx],1; add rbx,4096; dec; jnz
    code += stamp(r11)
    code += b"\x48\xbb" + struct.pack("<Q", _RAM)                         # mov rbx, ram
    for number, store in enumerate((b"\x4c\x89\x43", b"\x4c\x89\x4b", b"\x4c\x89\x53", b"\x4c\x89\x5b")):
        code += store + bytes([8 * number])                               # mov [rbx+8n], r8..r11
    code += b"\x48\x89\x9f" + struct.pack("<I", marks_offset + _TRACE_ADDRESS)        # mov [rdi+…], rbx
    code += b"\x48\xc7\x87" + struct.pack("<II", marks_offset + _TRACE_SIZE, 32)      # mov q[rdi+…], 32
    code += b"\x31\xc0\x48\x89\x46" + bytes([_EXIT]) + b"\xeb\xfe"        # xor eax,eax; mov [rsi+exit],rax; jmp .
    return code


def _image(code: bytes) -> bytes:
    """An ELF executable of one code segment at the image's place."""
    address = WINDOW + LOAD
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, 62, 1, address, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 4096, address, LOAD, len(code), len(code), 4096)
    return (header + segment).ljust(4096, b"\0") + code


def measure(ring: int, loops: int = 400_000, exits: int = 40, pages: int = _PAGES) -> Cost | str:
    """What a guest costs in `ring`, or why it cannot run there."""
    from .kvm import BOOT_INFO_SIZE, tsc_khz

    with tempfile.TemporaryDirectory(prefix="demitasse-") as folder:
        path = Path(folder) / "measure.elf"
        path.write_bytes(_image(_guest(BOOT_INFO_SIZE, loops, exits, pages)))
        try:
            result = run(MachineSpec(path, 16 << 20, home="kvm", ring=ring, stdin=-1, stdout=-1, stderr=-1))
        except MachineError as error:
            return str(error)
    if result.crash is not None or len(result.trace) != 32:
        return result.crash.reason if result.crash is not None else "the measuring guest did not end"
    stamps = struct.unpack("<4Q", result.trace)
    looped, left, touched = (later - earlier for earlier, later in zip(stamps, stamps[1:]))
    tick = 1e6 / tsc_khz()
    # Two instructions in each round of the loop.
    return Cost(2 * loops / max(looped * tick / 1e9, 1e-9), left * tick / exits, touched * tick / pages)
