"""Stack effects of decoded instructions, and the limits max_stack and max_locals (JVMS §4.7.3).

Invariant: for code that verifies, the limits computed are the least ones that suffice; for other code
they are some number, and nothing fails but an unreadable descriptor or constant (ClassFormatError).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from demitasse.jvm.model import descriptors
from demitasse.jvm.model.attributes import ExceptionEntry
from demitasse.jvm.model.code import Instruction
from demitasse.jvm.model.constant_pool import (
    ConstantPool, Dynamic, Fieldref, InterfaceMethodref, InvokeDynamic, Methodref,
)
from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.opcodes import Operands


def stack_effect(instruction: Instruction, pool: ConstantPool) -> tuple[int, int]:
    """The slots an instruction pops and pushes, looking up descriptors in the pool."""
    opcode = instruction.opcode
    pops, pushes = opcode.pop_slots, opcode.push_slots
    if pops >= 0 and pushes >= 0:
        return pops, pushes
    if opcode.operands is Operands.MULTIANEWARRAY:
        return instruction.operands[1], 1
    receiver = 1 if opcode.pops.startswith("A") else 0
    descriptor = member_descriptor(pool, instruction.operands[0])
    try:
        if not opcode.mnemonic.startswith("invoke"):
            size = descriptors.slots(descriptors.parse_field(descriptor))
            return (receiver + size, 0) if pops < 0 else (receiver, size)
        method = descriptors.parse_method(descriptor)
    except descriptors.DescriptorError as error:
        raise ClassFormatError(str(error), instruction.pc) from None
    return receiver + method.argument_slots, descriptors.slots(method.result)


def member_descriptor(pool: ConstantPool, index: int) -> str:
    """The descriptor of a field, method or dynamic constant."""
    constant = pool[index]
    if isinstance(
        constant, (Fieldref, Methodref, InterfaceMethodref, InvokeDynamic, Dynamic)
    ):
        return pool.name_and_type(constant.name_and_type_index)[1]
    raise ClassFormatError(f"#{index} is a {constant.KIND}, which has no descriptor")


def max_locals(instructions: Iterable[Instruction], argument_slots: int) -> int:
    """The least max_locals that the arguments and all named locals fit in."""
    highest = argument_slots
    for instruction in instructions:
        opcode = instruction.opcode
        index = opcode.implicit_local
        if opcode.operands in (Operands.LOCAL, Operands.IINC):
            index = instruction.operands[0]
        if index is not None:
            wide_value = "J" in opcode.pops + opcode.pushes or "D" in opcode.pops + opcode.pushes
            highest = max(highest, index + (2 if wide_value else 1))
    return highest


def max_stack(
    instructions: Sequence[Instruction], handlers: Iterable[ExceptionEntry], pool: ConstantPool
) -> int:
    """The greatest depth on any path from the start, or from a handler at depth 1."""
    at = {instruction.pc: i for i, instruction in enumerate(instructions)}
    seen: dict[int, int] = {}
    work = [(0, 0)] + [(handler.handler_pc, 1) for handler in handlers]
    greatest = 0
    while work:
        pc, depth = work.pop()
        index = at.get(pc)
        greatest = max(greatest, depth)
        if index is None or pc in seen:
            continue
        seen[pc] = depth
        instruction = instructions[index]
        pops, pushes = stack_effect(instruction, pool)
        after = max(0, depth - pops) + pushes
        greatest = max(greatest, after)
        work += [(target, after) for target in instruction.targets]
        if instruction.opcode.mnemonic.startswith("jsr"):
            after -= 1  # ret came back: the return address was popped by the subroutine
        elif not instruction.opcode.falls_through:
            continue
        if index + 1 < len(instructions):
            work.append((instructions[index + 1].pc, after))
    return greatest
