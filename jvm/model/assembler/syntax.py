"""The syntax tree of the assembler: what the transformer makes and the emitter reads.

Invariant: a tree says what was written, with nothing resolved: labels and constants are names, and a
`PoolRef` stands wherever the text names a pool entry directly instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from demitasse.jvm.model.opcodes import Opcode


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source text, counted from 1."""

    line: int
    column: int


class AssemblyError(ValueError):
    """A mistake in a source text: file:line:column and what is wrong."""

    def __init__(self, filename: str, position: Position, problem: str) -> None:
        self.filename, self.position, self.problem = filename, position, problem
        super().__init__(f"{filename}:{position.line}:{position.column}: {problem}")


class SourceError(Exception):
    """A mistake found where the file name is not known; becomes an AssemblyError."""

    def __init__(self, position: Position, problem: str) -> None:
        self.position, self.problem = position, problem
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class PoolRef:
    """`#5` or `#name`: an entry of the constant pool."""

    text: str
    at: Position


Name = str | PoolRef


@dataclass(frozen=True, slots=True)
class Number:
    """An Integer or Long by value, a Float or Double by its bits."""

    kind: str
    value: int
    at: Position


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True, slots=True)
class ClassConstant:
    """A class."""

    name: Name


@dataclass(frozen=True, slots=True)
class MethodTypeConstant:
    """A method type."""

    descriptor: Name


@dataclass(frozen=True, slots=True)
class Member:
    """A field or method of a class; `interface` for an InterfaceMethodref."""

    owner: Name
    name: Name
    descriptor: Name
    interface: bool = False


@dataclass(frozen=True, slots=True)
class Handle:
    """A method handle: reference kind and member."""

    kind: int
    member: Member | PoolRef


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A bootstrap method and its static arguments."""

    handle: Handle | PoolRef
    arguments: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class DynamicConstant:
    """A name and type with the bootstrap method that computes the value."""

    name: Name
    descriptor: Name
    bootstrap: Bootstrap


Constant = (
    Number | Text | ClassConstant | MethodTypeConstant | Handle | DynamicConstant | PoolRef
)


@dataclass(frozen=True, slots=True)
class RawAttribute:
    """An attribute given as bytes, with its length replaced if `length` is given."""

    name: Name
    data: bytes
    length: int | None
    where: str = "common"


@dataclass(frozen=True, slots=True)
class RawConstantEntry:
    """A `.const` directive."""

    label: str | None
    kind: str
    values: tuple[object, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Target:
    """A label, or an absolute offset."""

    label: str
    offset: int | None
    at: Position


@dataclass(frozen=True, slots=True)
class Label:
    """A label before an instruction."""

    name: str
    at: Position


@dataclass(frozen=True, slots=True)
class SwitchBody:
    """The rows of a switch."""

    default: Target
    cases: tuple[tuple[int, Target], ...]


Operand = int | Name | Constant | Member | Target | SwitchBody


@dataclass(frozen=True, slots=True)
class Statement:
    """An instruction with operands as they were written."""

    opcode: Opcode
    operands: tuple[Operand, ...]
    at: Position
    wide: bool = False


@dataclass(frozen=True, slots=True)
class RawCode:
    """Bytes in the code."""

    data: bytes


@dataclass(frozen=True, slots=True)
class VType:
    """A verification type: a tag, with a class or the label of a `new`."""

    name: str
    class_name: Name | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class FrameStatement:
    """A `.frame` directive; its offset is where it stands."""

    form: str
    locals: tuple[VType, ...]
    stack: tuple[VType, ...]
    count: int
    at: Position


@dataclass(frozen=True, slots=True)
class Line:
    """A `.line` directive."""

    number: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A `.limit` directive."""

    kind: str
    value: int


@dataclass(frozen=True, slots=True)
class CodeLength:
    """A `.code_length` directive."""

    value: int


@dataclass(frozen=True, slots=True)
class Catch:
    """A row of the exception table; `class_name` None catches all."""

    class_name: Name | None
    start: Target
    end: Target
    handler: Target


@dataclass(frozen=True, slots=True)
class Local:
    """A row of the LocalVariableTable."""

    index: int
    name: Name
    descriptor: Name
    start: Target
    end: Target
    signature: str | None


CodeItem = (
    Label | Statement | RawCode | FrameStatement | Line | Limit | CodeLength | Catch | Local
    | RawAttribute
)


@dataclass(frozen=True, slots=True)
class Directive:
    """Any other directive: its name and values."""

    name: str
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """A field."""

    flags: int
    name: Name
    descriptor: Name
    value: Constant | None
    items: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class MethodDeclaration:
    """A method: directives and code items in the order they were written."""

    flags: int
    name: Name
    descriptor: Name
    items: tuple[object, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class ClassDeclaration:
    """A class."""

    flags: int
    name: Name
    at: Position
    items: tuple[object, ...] = field(default=())
