"""A method's code items to a Code attribute (JVMS §4.7.3).

First every item gets its offset (the length of an instruction depends only on its own offset and on
its operands), then labels are known and instructions are encoded.

Invariant: what the text states is written as stated; only what is left out (limits, the wide prefix,
ldc_w and ldc2_w, the count of invokeinterface) is worked out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from demitasse.jvm.model import constant_pool as cp
from demitasse.jvm.model import descriptors, stack_map
from demitasse.jvm.model import attributes as at
from demitasse.jvm.model.assembler import syntax as s
from demitasse.jvm.model.assembler.pool_writer import PoolWriter
from demitasse.jvm.model.attribute import Attribute, RawInfo
from demitasse.jvm.model.code import Instruction, Switch, decode, encode_one, length_at
from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.limits import max_locals, max_stack, member_descriptor
from demitasse.jvm.model.opcodes import BY_MNEMONIC, Opcode, Operands
from demitasse.jvm.model.wire import Record

_LDC, _LDC_W, _LDC2_W = (BY_MNEMONIC[name] for name in ("ldc", "ldc_w", "ldc2_w"))
_TYPE_TAGS = {name: tag for tag, name in stack_map.SIMPLE_TYPES.items()}


@dataclass(slots=True)
class _Placed:
    """An instruction with its offset; `targets` are resolved in the second pass."""

    statement: s.Statement
    opcode: Opcode
    pc: int
    operands: tuple[int, ...]
    wide: bool


@dataclass
class CodeEmitter:
    """Collects the code of one method."""

    writer: PoolWriter
    labels: dict[str, int] = field(default_factory=dict)
    pc: int = 0
    parts: list[_Placed | bytes] = field(default_factory=list)

    def emit(self, method: s.MethodDeclaration, argument_slots: int) -> at.Code | None:
        """The Code attribute; None if the method has no code item."""
        items = [item for item in method.items if _is_code(item)]
        if not items:
            return None
        frames: list[tuple[int, s.FrameStatement]] = []
        lines: list[at.LineNumber] = []
        limits: dict[str, int] = {}
        for item in items:
            if isinstance(item, s.Label):
                if item.name in self.labels:
                    raise s.SourceError(item.at, f"label {item.name} is there twice")
                self.labels[item.name] = self.pc
            elif isinstance(item, s.Statement):
                self._place(item)
            elif isinstance(item, s.RawCode):
                self.parts.append(item.data)
                self.pc += len(item.data)
            elif isinstance(item, s.FrameStatement):
                frames.append((self.pc, item))
            elif isinstance(item, s.Line):
                lines.append(at.LineNumber(self.pc, item.number))
            elif isinstance(item, s.Limit):
                limits[item.kind] = item.value
        code = b"".join(
            part if isinstance(part, bytes) else self._encode(part) for part in self.parts)
        table = [self._catch(item) for item in items if isinstance(item, s.Catch)]
        stack, local_count = self._limits(method, limits, code, table, argument_slots)
        length = next((i.value for i in items if isinstance(i, s.CodeLength)), None)
        attributes = self._attributes(items, frames, lines)
        return at.Code(stack, local_count, LongerCode(code, length), table, attributes)

    # First pass.

    def _place(self, statement: s.Statement) -> None:
        opcode, operands = self._resolve(statement)
        wide = statement.wide or (
            opcode.operands is Operands.LOCAL and operands[0] > 255
            or opcode.operands is Operands.IINC
            and (operands[0] > 255 or not -128 <= operands[1] <= 127)
        )
        self.parts.append(_Placed(statement, opcode, self.pc, operands, wide))
        first = statement.operands[0] if statement.operands else None
        cases = len(first.cases) if isinstance(first, s.SwitchBody) else 0
        self.pc += length_at(opcode, self.pc, cases, wide)

    def _resolve(self, statement: s.Statement) -> tuple[Opcode, tuple[int, ...]]:
        opcode, written = statement.opcode, statement.operands
        kind = opcode.operands
        if kind is Operands.POOL_U1 or opcode in (_LDC_W, _LDC2_W):
            return self._resolve_ldc(opcode, written[0])
        if kind is Operands.INVOKEINTERFACE:
            member, count = written
            assert isinstance(member, (s.Member, s.PoolRef))
            index = self.writer.member_of(opcode, member)
            if not isinstance(count, int):
                count = self._interface_count(index, statement.at)
            return opcode, (index, count, 0)
        if kind is Operands.INVOKEDYNAMIC:
            if isinstance(written[0], s.PoolRef) and len(written) == 1:
                return opcode, (self.writer.ref(written[0]), 0)
            name, descriptor, bootstrap = written
            index = self.writer.bootstrap(bootstrap)  # type: ignore[arg-type]
            pair = self.writer.name_and_type(name, descriptor)  # type: ignore[arg-type]
            return opcode, (self.writer.pool.add(cp.InvokeDynamic(index, pair)), 0)
        values: list[int] = []
        for operand in written:
            if isinstance(operand, int):
                values.append(operand)
            elif isinstance(operand, s.Member):
                values.append(self.writer.member_of(opcode, operand))
            elif isinstance(operand, s.PoolRef):
                values.append(self.writer.ref(operand))
            elif isinstance(operand, str):
                values.append(self.writer.class_(operand))
        return opcode, tuple(values)

    def _resolve_ldc(self, opcode: Opcode, operand: s.Operand) -> tuple[Opcode, tuple[int, ...]]:
        index = self.writer.constant(operand)  # type: ignore[arg-type]
        if opcode is _LDC and not isinstance(operand, s.PoolRef):
            two_slots = isinstance(operand, s.Number) and operand.kind in ("Long", "Double")
            if isinstance(operand, s.DynamicConstant):
                two_slots = operand.descriptor in ("J", "D")
            opcode = _LDC2_W if two_slots else _LDC_W if index > 255 else _LDC
        return opcode, (index,)

    def _interface_count(self, index: int, at_: s.Position) -> int:
        try:
            descriptor = member_descriptor(self.writer.pool, index)
            return 1 + descriptors.parse_method(descriptor).argument_slots
        except (ClassFormatError, descriptors.DescriptorError) as error:
            raise s.SourceError(at_, f"{error}; give the count: count N") from None

    # Second pass.

    def target(self, target: s.Target) -> int:
        """The offset of a label."""
        if target.offset is not None:
            return target.offset
        if target.label not in self.labels:
            raise s.SourceError(target.at, f"there is no label {target.label}")
        return self.labels[target.label]

    def _encode(self, placed: _Placed) -> bytes:
        operands, switch = placed.operands, None
        first = placed.statement.operands[0] if placed.statement.operands else None
        if isinstance(first, s.Target):
            operands = (self.target(first),)
        elif isinstance(first, s.SwitchBody):
            cases = tuple((key, self.target(target)) for key, target in first.cases)
            switch, operands = Switch(self.target(first.default), cases), ()
        try:
            return encode_one(Instruction(placed.pc, placed.opcode, operands, placed.wide, switch))
        except ClassFormatError as error:
            hint = ""
            if placed.opcode.operands is Operands.BRANCH:
                hint = "; the target is more than 32767 bytes away"
            raise s.SourceError(placed.statement.at, error.problem + hint) from None

    def _catch(self, item: s.Catch) -> at.ExceptionEntry:
        catch_type = 0 if item.class_name is None else self.writer.class_(item.class_name)
        return at.ExceptionEntry(
            self.target(item.start), self.target(item.end), self.target(item.handler), catch_type)

    def _limits(
        self, method: s.MethodDeclaration, given: dict[str, int], code: bytes,
        table: list[at.ExceptionEntry], argument_slots: int,
    ) -> tuple[int, int]:
        if len(given) == 2:
            return given["stack"], given["locals"]
        try:
            instructions = list(decode(code))
            stack, count = given.get("stack"), given.get("locals")
            if stack is None:
                stack = max_stack(instructions, table, self.writer.pool)
            if count is None:
                count = max_locals(instructions, argument_slots)
        except ClassFormatError as error:
            raise s.SourceError(
                method.at, f"the limits cannot be worked out: {error}; give .limit stack and "
                           f".limit locals") from None
        return stack, count

    # Attributes of the code.

    def _attributes(
        self, items: list[object], frames: list[tuple[int, s.FrameStatement]],
        lines: list[at.LineNumber],
    ) -> list[Attribute]:
        made: list[Attribute] = []

        def add(name: str, info: Record) -> None:
            made.append(Attribute(self.writer.utf8(name), name, info))

        if lines:
            add("LineNumberTable", at.LineNumberTable(lines))
        local_items = [item for item in items if isinstance(item, s.Local)]
        if local_items:
            add("LocalVariableTable", at.LocalVariableTable(
                [at.LocalVariable(*self._span(i), self.writer.utf8(i.name),
                                  self.writer.utf8(i.descriptor), i.index) for i in local_items]))
            typed = [(i, i.signature) for i in local_items if i.signature is not None]
            if typed:
                add("LocalVariableTypeTable", at.LocalVariableTypeTable(
                    [at.LocalVariableType(*self._span(i), self.writer.utf8(i.name),
                                          self.writer.utf8(text), i.index) for i, text in typed]))
        if frames:
            add("StackMapTable", stack_map.StackMapTable(self._frames(frames)))
        for item in items:
            if isinstance(item, s.RawAttribute):
                made.append(raw_attribute(self.writer, item))
        return made

    def _span(self, item: s.Local) -> tuple[int, int]:
        start = self.target(item.start)
        return start, self.target(item.end) - start

    def _frames(self, frames: list[tuple[int, s.FrameStatement]]) -> list[stack_map.Frame]:
        made: list[stack_map.Frame] = []
        previous = -1
        for pc, item in frames:
            delta = pc - previous - 1
            if delta < 0:
                raise s.SourceError(item.at, f"there is a frame at offset {pc} already")
            previous = pc
            made.append(self._frame(delta, item))
        return made

    def _frame(self, delta: int, item: s.FrameStatement) -> stack_map.Frame:
        local_types = [self._vtype(each) for each in item.locals]
        stack = [self._vtype(each) for each in item.stack]
        if item.form == "same":
            return (stack_map.SameFrame(delta) if delta < 64
                    else stack_map.SameFrameExtended(251, delta))
        if item.form == "stack":
            return (stack_map.SameLocals1StackItemFrame(64 + delta, stack) if delta < 64
                    else stack_map.SameLocals1StackItemFrameExtended(247, delta, stack))
        if item.form == "chop":
            if not 1 <= item.count <= 3:
                raise s.SourceError(item.at, f"chop takes 1 to 3, not {item.count}")
            return stack_map.ChopFrame(251 - item.count, delta)
        if item.form == "append":
            if len(local_types) > 3:
                raise s.SourceError(item.at, "append takes 1 to 3 types")
            return stack_map.AppendFrame(251 + len(local_types), delta, local_types)
        return stack_map.FullFrame(255, delta, local_types, stack)

    def _vtype(self, item: s.VType) -> stack_map.VerificationType:
        if item.class_name is not None:
            return stack_map.ObjectType(
                stack_map.OBJECT_TAG, self.writer.class_(item.class_name))
        if item.target is not None:
            return stack_map.UninitializedType(
                stack_map.UNINITIALIZED_TAG, self.target(item.target))
        return stack_map.SimpleType(_TYPE_TAGS[item.name])


class LongerCode(bytes):
    """Code bytes whose code_length may be declared as something else."""

    declared_length: int | None

    def __new__(cls, data: bytes, declared_length: int | None) -> LongerCode:
        made = super().__new__(cls, data)
        made.declared_length = declared_length
        return made


def raw_attribute(writer: PoolWriter, item: s.RawAttribute) -> Attribute:
    """A raw attribute."""
    name = item.name if isinstance(item.name, str) else ""
    return Attribute(writer.utf8(item.name), name, RawInfo(item.data), item.length)


def _is_code(item: object) -> bool:
    if isinstance(item, s.RawAttribute):
        return item.where == "code"
    return isinstance(
        item, (s.Label, s.Statement, s.RawCode, s.FrameStatement, s.Line, s.Limit, s.CodeLength,
               s.Catch, s.Local))
