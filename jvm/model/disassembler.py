"""Class-file contents as text: constants, instructions with what they refer to, frames.

Invariant: every function gives text without control characters or unpaired surrogates, whatever the
class file says; a name that is not printable is escaped as in the assembler's strings.  The text is
for reading; it is not meant to be assembled again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from demitasse.jvm.model import constant_pool as cp
from demitasse.jvm.model import stack_map
from demitasse.jvm.model.attributes import Code, LineNumberTable
from demitasse.jvm.model.attribute import find
from demitasse.jvm.model.classfile import ClassFile
from demitasse.jvm.model.code import Instruction, decode
from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.opcodes import NEWARRAY_TYPES, Operands
from demitasse.jvm.model.text import quote
from demitasse.jvm.model.wire import layouts


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One instruction as text; `line` is the source line that starts there."""

    pc: int
    mnemonic: str
    operands: str
    comment: str
    line: int | None


def safe(text: str) -> str:
    """A name for display."""
    return text if text.isprintable() else quote(text)[1:-1]


def describe_constant(pool: cp.ConstantPool, index: int) -> str:
    """A constant with what it refers to: java/lang/Object.<init> ()V."""
    constant = pool[index]
    if isinstance(constant, cp.Utf8):
        return quote(constant.text)
    if isinstance(constant, (cp.Integer, cp.Long)):
        return f"{constant.value}{'L' if isinstance(constant, cp.Long) else ''}"
    if isinstance(constant, (cp.Float, cp.Double)):
        return f"{constant.value!r}{'f' if isinstance(constant, cp.Float) else ''}"
    if isinstance(constant, (cp.Class, cp.Module, cp.Package)):
        return safe(pool.utf8(constant.name_index))
    if isinstance(constant, cp.String):
        return quote(pool.utf8(constant.string_index))
    if isinstance(constant, cp.MethodType):
        return safe(pool.utf8(constant.descriptor_index))
    if isinstance(constant, cp.NameAndType):
        return "{} {}".format(*map(safe, pool.name_and_type(index)))
    if isinstance(constant, (cp.Fieldref, cp.Methodref, cp.InterfaceMethodref)):
        return "{}.{} {}".format(*map(safe, pool.member(index)))
    if isinstance(constant, cp.MethodHandle):
        kind = cp.REFERENCE_KINDS[constant.reference_kind][0]
        return f"{kind} {describe_constant(pool, constant.reference_index)}"
    if isinstance(constant, (cp.Dynamic, cp.InvokeDynamic)):
        name_and_type = describe_constant(pool, constant.name_and_type_index)
        return f"{name_and_type} bootstrap {constant.bootstrap_method_attr_index}"
    return constant.KIND


def raw_operands(constant: cp.Constant) -> str:
    """The indexes a constant holds, as #n; nothing for constants that hold a value."""
    if isinstance(constant, cp.MethodHandle):
        return f"{constant.reference_kind} #{constant.reference_index}"
    if isinstance(constant, (cp.Dynamic, cp.InvokeDynamic)):
        return f"{constant.bootstrap_method_attr_index} #{constant.name_and_type_index}"
    fields = [name for name in layouts(type(constant)) if name.endswith("_index")]
    return " ".join(f"#{getattr(constant, name)}" for name in fields)


def code_lines(cls: ClassFile, code: Code) -> Iterator[CodeLine]:
    """The instructions of a method; ClassFormatError if they cannot be decoded."""
    table = find(code.attributes, LineNumberTable)
    numbers = {row.start_pc: row.line_number for row in table.line_number_table} if table else {}
    for instruction in decode(code.code):
        mnemonic = instruction.opcode.mnemonic
        if instruction.wide:
            mnemonic = f"wide {mnemonic}"
        operands, comment = _operands(cls.pool, instruction)
        yield CodeLine(instruction.pc, mnemonic, operands, comment, numbers.get(instruction.pc))


def _operands(pool: cp.ConstantPool, instruction: Instruction) -> tuple[str, str]:
    if instruction.switch is not None:
        rows = [f"{key}: {target}" for key, target in instruction.switch.cases]
        return "{ " + ", ".join([*rows, f"default: {instruction.switch.default}"]) + " }", ""
    operands = instruction.operands
    index = instruction.pool_index
    if index is not None:
        shown = [f"#{index}"]
        if instruction.opcode.operands in (Operands.INVOKEINTERFACE, Operands.MULTIANEWARRAY):
            shown.append(str(operands[1]))
        try:
            comment = f"{pool[index].KIND} {describe_constant(pool, index)}"
        except ClassFormatError as error:
            raise ClassFormatError(error.problem, instruction.pc) from None
        return " ".join(shown), comment
    if instruction.opcode.operands is Operands.NEWARRAY:
        return NEWARRAY_TYPES.get(operands[0], str(operands[0])), ""
    return " ".join(map(str, operands)), ""


def describe_frame(pool: cp.ConstantPool, frame: stack_map.Frame) -> str:
    """A stack map frame: its form, and the types it gives."""
    parts = [stack_map.frame_name(frame)]
    if isinstance(frame, stack_map.ChopFrame):
        parts.append(str(251 - frame.frame_type))
    for name in ("locals", "stack"):
        types = getattr(frame, name, None)
        if types is not None:
            parts.append(f"{name} [{', '.join(_describe_type(pool, each) for each in types)}]")
    return " ".join(parts)


def _describe_type(pool: cp.ConstantPool, each: stack_map.VerificationType) -> str:
    if isinstance(each, stack_map.ObjectType):
        return safe(pool.name(each.cpool_index))
    if isinstance(each, stack_map.UninitializedType):
        return f"uninitialized {each.offset}"
    return stack_map.SIMPLE_TYPES[each.tag]
