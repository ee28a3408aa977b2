"""Instructions (JVMS §4.7.3, §6.5): decoding the bytes of a Code attribute, and encoding them.

Invariant: `encode(decode(code)) == code` whenever the padding of switches is zero, as compilers
write it.  Branch operands are absolute offsets in the code here, relative ones in the bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.opcodes import BY_MNEMONIC, BY_NUMBER, WIDENABLE, Opcode, Operands

_WIDE: Final = BY_MNEMONIC["wide"]
_IINC: Final = BY_MNEMONIC["iinc"]

# struct layouts of the operands of fixed length; the fields of invokeinterface and invokedynamic
# that must be zero are operands too, so that wrong ones can be seen and made.
_LAYOUTS: Final[dict[Operands, str]] = {
    Operands.NONE: ">",
    Operands.BYTE: ">b",
    Operands.SHORT: ">h",
    Operands.LOCAL: ">B",
    Operands.POOL_U1: ">B",
    Operands.POOL: ">H",
    Operands.BRANCH: ">h",
    Operands.BRANCH_W: ">i",
    Operands.IINC: ">Bb",
    Operands.INVOKEINTERFACE: ">HBB",
    Operands.INVOKEDYNAMIC: ">HH",
    Operands.NEWARRAY: ">B",
    Operands.MULTIANEWARRAY: ">HB",
}
_BRANCHES: Final = (Operands.BRANCH, Operands.BRANCH_W)
POOL_OPERANDS: Final = frozenset({
    Operands.POOL_U1, Operands.POOL, Operands.INVOKEINTERFACE, Operands.INVOKEDYNAMIC,
    Operands.MULTIANEWARRAY,
})


@dataclass(frozen=True, slots=True)
class Switch:
    """The targets of a tableswitch or lookupswitch, as absolute offsets."""

    default: int
    cases: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; a wide one is the instruction that wide modifies, with `wide` set."""

    pc: int
    opcode: Opcode
    operands: tuple[int, ...] = ()
    wide: bool = False
    switch: Switch | None = None

    @property
    def targets(self) -> tuple[int, ...]:
        """The offsets it can branch to."""
        if self.switch is not None:
            return (self.switch.default, *(target for _, target in self.switch.cases))
        return self.operands if self.opcode.operands in _BRANCHES else ()

    @property
    def pool_index(self) -> int | None:
        """The constant pool index it has, if it has one."""
        return self.operands[0] if self.opcode.operands in POOL_OPERANDS else None


def length_at(opcode: Opcode, pc: int, cases: int = 0, wide: bool = False) -> int:
    """The length of an instruction at an offset; switches depend on both."""
    if wide:
        return 6 if opcode is _IINC else 4
    if opcode.operands is Operands.TABLESWITCH:
        return 1 + (-pc - 1) % 4 + 12 + 4 * cases
    if opcode.operands is Operands.LOOKUPSWITCH:
        return 1 + (-pc - 1) % 4 + 8 + 8 * cases
    return opcode.length


def decode(code: bytes) -> Iterator[Instruction]:
    """The instructions of a method, in order; ClassFormatError with an offset in the code."""
    pc = 0
    while pc < len(code):
        try:
            instruction, pc = decode_at(code, pc)
        except (struct.error, IndexError):
            raise ClassFormatError(
                f"the code ends in the middle of {BY_NUMBER[code[pc]].mnemonic}", pc) from None
        yield instruction


def decode_at(code: bytes, pc: int) -> tuple[Instruction, int]:
    """The instruction at an offset and the offset after it."""
    opcode = BY_NUMBER.get(code[pc])
    if opcode is None:
        raise ClassFormatError(f"there is no opcode {code[pc]} (0x{code[pc]:02x})", pc)
    if opcode is _WIDE:
        return _decode_wide(code, pc)
    if opcode.operands in (Operands.TABLESWITCH, Operands.LOOKUPSWITCH):
        return _decode_switch(code, pc, opcode)
    operands = struct.unpack_from(_LAYOUTS[opcode.operands], code, pc + 1)
    if opcode.operands in _BRANCHES:
        operands = (pc + operands[0],)
    return Instruction(pc, opcode, operands), pc + opcode.length


def _decode_wide(code: bytes, pc: int) -> tuple[Instruction, int]:
    widened = BY_NUMBER.get(code[pc + 1])
    if widened is None or widened.mnemonic not in WIDENABLE:
        raise ClassFormatError(f"wide cannot modify opcode {code[pc + 1]}", pc)
    operands = struct.unpack_from(">Hh" if widened is _IINC else ">H", code, pc + 2)
    return Instruction(pc, widened, operands, wide=True), pc + length_at(widened, pc, wide=True)


def _decode_switch(code: bytes, pc: int, opcode: Opcode) -> tuple[Instruction, int]:
    at = pc + 1 + (-pc - 1) % 4
    default, low = struct.unpack_from(">ii", code, at)
    if opcode.operands is Operands.TABLESWITCH:
        (high,) = struct.unpack_from(">i", code, at + 8)
        count = high - low + 1
        if count < 1:
            raise ClassFormatError(f"tableswitch has low {low} above high {high}", pc)
        if at + 12 + 4 * count > len(code):
            raise ClassFormatError("the code ends in the middle of tableswitch", pc)
        offsets = struct.unpack_from(f">{count}i", code, at + 12)
        cases = tuple((low + i, pc + offset) for i, offset in enumerate(offsets))
    else:
        count = low
        if count < 0:
            raise ClassFormatError(f"lookupswitch has {count} cases", pc)
        if at + 8 + 8 * count > len(code):
            raise ClassFormatError("the code ends in the middle of lookupswitch", pc)
        flat = struct.unpack_from(f">{2 * count}i", code, at + 8)
        cases = tuple(
            (key, pc + offset) for key, offset in zip(flat[::2], flat[1::2], strict=True))
    end = pc + length_at(opcode, pc, count)
    return Instruction(pc, opcode, switch=Switch(pc + default, cases)), end


def encode(instructions: Iterable[Instruction]) -> bytes:
    """The bytes of instructions whose `pc` says where each stands, in order and without gaps."""
    out = bytearray()
    for instruction in instructions:
        if instruction.pc != len(out):
            raise ValueError(f"an instruction for offset {instruction.pc} stands at {len(out)}")
        out += encode_one(instruction)
    return bytes(out)


def encode_one(instruction: Instruction) -> bytes:
    """The bytes of one instruction; ClassFormatError when an operand does not fit."""
    opcode, pc, operands = instruction.opcode, instruction.pc, instruction.operands
    try:
        if instruction.switch is not None:
            return _encode_switch(opcode, pc, instruction.switch)
        if instruction.wide:
            layout = ">Hh" if opcode is _IINC else ">H"
            return bytes((_WIDE.number, opcode.number)) + struct.pack(layout, *operands)
        if opcode.operands in _BRANCHES:
            operands = (operands[0] - pc,)
        return bytes((opcode.number,)) + struct.pack(_LAYOUTS[opcode.operands], *operands)
    except struct.error:
        values = ", ".join(map(str, operands))
        raise ClassFormatError(
            f"{opcode.mnemonic} has no room for {values} ({opcode.operands.value})", pc) from None


def _encode_switch(opcode: Opcode, pc: int, switch: Switch) -> bytes:
    head = bytes((opcode.number,)) + bytes((-pc - 1) % 4)
    default = switch.default - pc
    if opcode.operands is Operands.TABLESWITCH:
        low, high = switch.cases[0][0], switch.cases[-1][0]
        offsets = [target - pc for _, target in switch.cases]
        return head + struct.pack(f">iii{len(offsets)}i", default, low, high, *offsets)
    flat = [value for key, target in switch.cases for value in (key, target - pc)]
    return head + struct.pack(f">ii{len(flat)}i", default, len(switch.cases), *flat)
