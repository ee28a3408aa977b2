"""The constant pool (JVMS §4.4): every kind of constant, and a pool that can be read and grown.

Invariant: index 0 and the slot after each Long and Double hold None; every other slot holds a
constant.  Constants are values (equal when their contents are), floats are kept as their bits and
strings as their bytes, so that nothing is lost between reading and writing.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final, TypeVar, dataclass_transform

import construct  # type: ignore[import-untyped]

from demitasse.jvm.model import mutf8
from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.wire import (
    Blob, Context, Format, RecordFormat, layouts, s4, s8, u1, u2, u4, u8, wire,
)

T = TypeVar("T")


class Constant:
    """Base of all constants; KIND is the name in JVMS table 4.4-A without CONSTANT_."""

    __slots__ = ()
    TAG: ClassVar[int] = 0
    KIND: ClassVar[str] = ""
    SINCE: ClassVar[int] = 45
    FORMAT: ClassVar[Format] = None


# Constant classes by tag (JVMS table 4.4-A); filled below.
KINDS: Final[dict[int, type[Constant]]] = {}


class Ref(construct.FormatField):  # type: ignore[misc]
    """A u2 index of a constant that must be of one of these kinds.

    It is checked by `ConstantPool.check`, when the whole pool has been read.
    """

    def __init__(self, *kinds: str) -> None:
        super().__init__(">", "H")
        self.kinds = kinds


@dataclass_transform(field_specifiers=(wire,), frozen_default=True)
def _kind(tag: int, since: int = 45) -> Callable[[type[T]], type[T]]:
    """Make a class the constant of this tag, in class files from this version on (table 4.4-B)."""

    def decorate(cls: type[T]) -> type[T]:
        made: Any = dataclasses.dataclass(slots=True, frozen=True)(cls)
        made.TAG, made.KIND, made.SINCE = tag, cls.__name__, since
        made.FORMAT = RecordFormat(made)
        KINDS[tag] = made
        return made  # type: ignore[no-any-return]

    return decorate


@_kind(1)
class Utf8(Constant):
    """A string in modified UTF-8 (§4.4.7)."""

    raw: bytes = wire(Blob(u2))

    @property
    def text(self) -> str:
        """The string; ModifiedUtf8Error if the bytes are not one."""
        return mutf8.decode(bytes(self.raw))

    @classmethod
    def of(cls, text: str) -> Utf8:
        """The constant for a string."""
        return cls(mutf8.encode(text))


@_kind(3)
class Integer(Constant):
    """An int (§4.4.4)."""

    value: int = wire(s4)


@_kind(4)
class Float(Constant):
    """A float as its bits (§4.4.4)."""

    bits: int = wire(u4)

    @property
    def value(self) -> float:
        """The number, which forgets the payload of a NaN."""
        return float(struct.unpack(">f", self.bits.to_bytes(4, "big"))[0])

    @classmethod
    def of(cls, value: float) -> Float:
        """The constant for the float nearest to a number."""
        try:
            return cls(int.from_bytes(struct.pack(">f", value), "big"))
        except OverflowError:  # beyond the largest float: rounds to infinity (JLS §3.10.2)
            return cls(0x7F800000 if value > 0 else 0xFF800000)


@_kind(5)
class Long(Constant):
    """A long (§4.4.5); takes two slots of the pool."""

    value: int = wire(s8)


@_kind(6)
class Double(Constant):
    """A double as its bits (§4.4.5); takes two slots of the pool."""

    bits: int = wire(u8)

    @property
    def value(self) -> float:
        """The number."""
        return float(struct.unpack(">d", self.bits.to_bytes(8, "big"))[0])

    @classmethod
    def of(cls, value: float) -> Double:
        """The constant for a number."""
        return cls(int.from_bytes(struct.pack(">d", value), "big"))


@_kind(7)
class Class(Constant):
    """A class, interface or array type (§4.4.1)."""

    name_index: int = wire(Ref("Utf8"))


@_kind(8)
class String(Constant):
    """A java.lang.String (§4.4.3)."""

    string_index: int = wire(Ref("Utf8"))


@_kind(9)
class Fieldref(Constant):
    """A field of a class (§4.4.2)."""

    class_index: int = wire(Ref("Class"))
    name_and_type_index: int = wire(Ref("NameAndType"))


@_kind(10)
class Methodref(Constant):
    """A method of a class (§4.4.2)."""

    class_index: int = wire(Ref("Class"))
    name_and_type_index: int = wire(Ref("NameAndType"))


@_kind(11)
class InterfaceMethodref(Constant):
    """A method of an interface (§4.4.2)."""

    class_index: int = wire(Ref("Class"))
    name_and_type_index: int = wire(Ref("NameAndType"))


@_kind(12)
class NameAndType(Constant):
    """A name with a descriptor (§4.4.6)."""

    name_index: int = wire(Ref("Utf8"))
    descriptor_index: int = wire(Ref("Utf8"))


@_kind(15, since=51)
class MethodHandle(Constant):
    """A method handle (§4.4.8)."""

    reference_kind: int = wire(u1)
    reference_index: int = wire(Ref("Fieldref", "Methodref", "InterfaceMethodref"))


@_kind(16, since=51)
class MethodType(Constant):
    """A method descriptor as a value (§4.4.9)."""

    descriptor_index: int = wire(Ref("Utf8"))


@_kind(17, since=55)
class Dynamic(Constant):
    """A dynamically computed constant (§4.4.10)."""

    bootstrap_method_attr_index: int = wire(u2)
    name_and_type_index: int = wire(Ref("NameAndType"))


@_kind(18, since=51)
class InvokeDynamic(Constant):
    """A dynamically computed call site (§4.4.10)."""

    bootstrap_method_attr_index: int = wire(u2)
    name_and_type_index: int = wire(Ref("NameAndType"))


@_kind(19, since=53)
class Module(Constant):
    """A module (§4.4.11)."""

    name_index: int = wire(Ref("Utf8"))


@_kind(20, since=53)
class Package(Constant):
    """A package (§4.4.12)."""

    name_index: int = wire(Ref("Utf8"))


@dataclasses.dataclass(slots=True, frozen=True)
class RawConstant(Constant):
    """A tag and bytes written as they are: for class files that are wrong on purpose."""

    tag: int
    data: bytes


# reference_kind of a MethodHandle (JVMS table 5.4.3.5-A) and the constants it may point at (§4.4.8).
REFERENCE_KINDS: Final[dict[int, tuple[str, tuple[str, ...]]]] = {
    1: ("getField", ("Fieldref",)),
    2: ("getStatic", ("Fieldref",)),
    3: ("putField", ("Fieldref",)),
    4: ("putStatic", ("Fieldref",)),
    5: ("invokeVirtual", ("Methodref",)),
    6: ("invokeStatic", ("Methodref", "InterfaceMethodref")),
    7: ("invokeSpecial", ("Methodref", "InterfaceMethodref")),
    8: ("newInvokeSpecial", ("Methodref",)),
    9: ("invokeInterface", ("InterfaceMethodref",)),
}

# The kinds that ldc and the static arguments of bootstrap methods may name (JVMS table 4.4-C).
LOADABLE: Final = (
    "Integer", "Float", "Long", "Double", "Class", "String", "MethodHandle", "MethodType", "Dynamic",
)


class ConstantPool:
    """The constants of one class by index, with lookups that follow references."""

    def __init__(self, entries: list[Constant | None] | None = None) -> None:
        self.entries: list[Constant | None] = [None] if entries is None else entries
        self.offsets: list[int] = []  # byte offset of each entry in the file it was read from
        self.declared_count: int | None = None  # written in place of the true count when set
        self._index: dict[Constant, int] = {}
        for index, constant in self:
            self._index.setdefault(constant, index)

    def __len__(self) -> int:
        """constant_pool_count: one more than the highest index (§4.1)."""
        return len(self.entries)

    def __iter__(self) -> Iterator[tuple[int, Constant]]:
        return ((i, constant) for i, constant in enumerate(self.entries) if constant is not None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConstantPool) and self.entries == other.entries

    def __getitem__(self, index: int) -> Constant:
        problem = self.problem_with(index, ())
        if problem:
            raise ClassFormatError(problem)
        constant = self.entries[index]
        assert constant is not None
        return constant

    def problem_with(self, index: int, kinds: tuple[str, ...]) -> str | None:
        """What is wrong with using this index for a constant of these kinds; None if nothing is."""
        constant = self.entries[index] if 0 <= index < len(self.entries) else None
        if constant is None:
            return f"#{index} is not in the constant pool (1 to {len(self.entries) - 1})"
        if kinds and constant.KIND not in kinds:
            return f"#{index} is a {constant.KIND}, not a {' or '.join(kinds)}"
        return None

    def check(self) -> None:
        """Check what entries say of each other; ClassFormatError at the entry's offset."""
        for index, constant in self:
            offset = self.offsets[index] if self.offsets else None
            references = _REFERENCES[type(constant)]
            if isinstance(constant, MethodHandle):
                if constant.reference_kind not in REFERENCE_KINDS:
                    raise ClassFormatError(
                        f"MethodHandle #{index}: there is no reference kind "
                        f"{constant.reference_kind}", offset)
                references = [("reference_index", REFERENCE_KINDS[constant.reference_kind][1])]
            for name, kinds in references:
                problem = self.problem_with(getattr(constant, name), kinds)
                if problem:
                    raise ClassFormatError(f"{constant.KIND} #{index}: {name}: {problem}", offset)

    def add(self, constant: Constant) -> int:
        """The index of this constant, which is appended if it is not in the pool."""
        index = self._index.get(constant)
        if index is None:
            index = self.append(constant)
        return index

    def append(self, constant: Constant) -> int:
        """Append a constant even if an equal one is there; the new index."""
        index = len(self.entries)
        self.entries.append(constant)
        if isinstance(constant, (Long, Double)):
            self.entries.append(None)
        self._index.setdefault(constant, index)
        return index

    def add_utf8(self, text: str) -> int:
        """The index of a Utf8 with this text."""
        return self.add(Utf8.of(text))

    def add_class(self, name: str) -> int:
        """The index of a Class with this internal name."""
        return self.add(Class(self.add_utf8(name)))

    def add_string(self, text: str) -> int:
        """The index of a String with this text."""
        return self.add(String(self.add_utf8(text)))

    def add_name_and_type(self, name: str, descriptor: str) -> int:
        """The index of a NameAndType."""
        return self.add(NameAndType(self.add_utf8(name), self.add_utf8(descriptor)))

    def add_member(
        self, kind: type[Fieldref | Methodref | InterfaceMethodref],
        owner: str, name: str, descriptor: str,
    ) -> int:
        """The index of a Fieldref, Methodref or InterfaceMethodref."""
        owner_index = self.add_class(owner)
        return self.add(kind(owner_index, self.add_name_and_type(name, descriptor)))

    def utf8(self, index: int) -> str:
        """The text of a Utf8."""
        constant = self[index]
        if not isinstance(constant, Utf8):
            raise ClassFormatError(f"#{index} is a {constant.KIND}, not a Utf8")
        try:
            return constant.text
        except mutf8.ModifiedUtf8Error as error:
            raise ClassFormatError(f"Utf8 #{index}: {error}") from None

    def name(self, index: int) -> str:
        """The name that a Class, Module or Package gives."""
        constant = self[index]
        if not isinstance(constant, (Class, Module, Package)):
            raise ClassFormatError(f"#{index} is a {constant.KIND}, not a Class")
        return self.utf8(constant.name_index)

    def name_and_type(self, index: int) -> tuple[str, str]:
        """The name and descriptor of a NameAndType."""
        constant = self[index]
        if not isinstance(constant, NameAndType):
            raise ClassFormatError(f"#{index} is a {constant.KIND}, not a NameAndType")
        return self.utf8(constant.name_index), self.utf8(constant.descriptor_index)

    def member(self, index: int) -> tuple[str, str, str]:
        """The class, name and descriptor of a Fieldref, Methodref or InterfaceMethodref."""
        constant = self[index]
        if not isinstance(constant, (Fieldref, Methodref, InterfaceMethodref)):
            raise ClassFormatError(f"#{index} is a {constant.KIND}, not a field or method")
        return (self.name(constant.class_index), *self.name_and_type(constant.name_and_type_index))


_REFERENCES: Final[dict[type[Constant], list[tuple[str, tuple[str, ...]]]]] = {
    kind: [(name, layout.kinds) for name, layout in layouts(kind).items()
           if isinstance(layout, Ref)]
    for kind in KINDS.values()
} | {RawConstant: []}


class PoolFormat(construct.Construct):  # type: ignore[misc]
    """constant_pool_count and constant_pool[] (§4.1, §4.4)."""

    def _parse(self, stream: Any, context: Context, path: str) -> ConstantPool:
        count = u2._parsereport(stream, context, f"{path} -> constant_pool_count")
        if count == 0:
            raise ClassFormatError("constant_pool_count is 0, but is at least 1", stream.tell() - 2)
        entries: list[Constant | None] = [None]
        offsets = [0]
        while len(entries) < count:
            start = stream.tell()
            tag = u1._parsereport(stream, context, f"{path} -> constant #{len(entries)}")
            kind = KINDS.get(tag)
            if kind is None:
                raise ClassFormatError(f"constant #{len(entries)} has unknown tag {tag}", start)
            where = f"{path} -> {kind.KIND} #{len(entries)}"
            constant = kind.FORMAT._parsereport(stream, context, where)
            if isinstance(constant, Utf8):
                try:
                    mutf8.decode(constant.raw)
                except mutf8.ModifiedUtf8Error as error:
                    raise ClassFormatError(
                        f"Utf8 #{len(entries)}: {error}", start + 3 + error.position) from None
            entries.append(constant)
            offsets.append(start)
            if isinstance(constant, (Long, Double)):
                if len(entries) == count:
                    raise ClassFormatError(
                        f"{kind.KIND} #{count - 1} takes two slots but is the last one", start)
                entries.append(None)
                offsets.append(start)
        pool = ConstantPool(entries)
        pool.offsets = offsets
        pool.check()
        context.pool = pool
        return pool

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        count = len(obj) if obj.declared_count is None else obj.declared_count
        u2._build(count, stream, context, f"{path} -> constant_pool_count")
        for index, constant in obj:
            if isinstance(constant, RawConstant):
                stream.write(bytes([constant.tag]) + constant.data)
            else:
                u1._build(constant.TAG, stream, context, path)
                constant.FORMAT._build(constant, stream, context, f"{path} -> constant #{index}")
        return obj
