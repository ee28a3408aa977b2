"""Typed records over construct: a dataclass whose fields carry their own byte layout.

What it is: `@record` turns a class into a dataclass and gives it a `FORMAT`, a construct that
parses into and builds from instances.  A field says its layout with `wire(...)`, so that a structure
of JVMS §4 is written down once, in the order in which its bytes stand.

Invariant: building what was parsed gives the same bytes; parsing checks constant pool indexes
against the pool, building checks nothing but that values fit, so that invalid class files can be
made on purpose.

Interface: the construct context carries `pool`, the ConstantPool, from the moment it is read, and
`size`, the number of bytes in the whole input.  Errors are ClassFormatError with the offset.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias, TypeVar, dataclass_transform

import construct  # type: ignore[import-untyped]

from demitasse.jvm.model.errors import ClassFormatError

Format: TypeAlias = Any  # a construct; the library has no types
Context: TypeAlias = Any
T = TypeVar("T")

u1: Format = construct.Int8ub
u2: Format = construct.Int16ub
u4: Format = construct.Int32ub
s1: Format = construct.Int8sb
s2: Format = construct.Int16sb
s4: Format = construct.Int32sb
s8: Format = construct.Int64sb
u8: Format = construct.Int64ub


class Record:
    """Base of all records; `FORMAT` is filled in by `@record`."""

    __slots__ = ()
    FORMAT: ClassVar[Format]


def wire(layout: Format) -> Any:
    """A dataclass field with a byte layout."""
    return dataclasses.field(metadata={"layout": layout})


def layouts(cls: type[Any]) -> dict[str, Format]:
    """The layout of each field of a record class, in the order of the bytes."""
    return {
        f.name: f.metadata["layout"] for f in dataclasses.fields(cls) if "layout" in f.metadata
    }


@dataclass_transform(field_specifiers=(wire,))
def record(cls: type[T]) -> type[T]:
    """Make a dataclass of a class and give it a FORMAT from its fields."""
    made = dataclasses.dataclass(slots=True)(cls)
    made.FORMAT = RecordFormat(made)  # type: ignore[attr-defined]
    return made


class RecordFormat(construct.Construct):  # type: ignore[misc]
    """Parses the fields of a record one after the other."""

    def __init__(self, cls: type[Any]) -> None:
        super().__init__()
        self.cls = cls
        self.fields = list(layouts(cls).items())

    def _parse(self, stream: Any, context: Context, path: str) -> Any:
        values: list[Any] = []
        for name, layout in self.fields:
            where = f"{path} -> {name}"
            if type(layout) is Counted:
                values.append(layout.parse_after(values, stream, context, where))
            else:
                values.append(layout._parsereport(stream, context, where))
        return self.cls(*values)

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        for name, layout in self.fields:
            layout._build(getattr(obj, name), stream, context, f"{path} -> {name}")
        return obj

    def _sizeof(self, context: Context, path: str) -> int:
        return sum(int(layout._sizeof(context, path)) for _, layout in self.fields)


class Table(construct.Construct):  # type: ignore[misc]
    """A count followed by that many items (JVMS §4 "table")."""

    def __init__(self, count: Format, item: Format | type[Record]) -> None:
        super().__init__()
        self.count = count
        self.item: Format = getattr(item, "FORMAT", item)

    def _parse(self, stream: Any, context: Context, path: str) -> Any:
        count = self.count._parsereport(stream, context, path)
        item = self.item
        return [item._parsereport(stream, context, f"{path}[{i}]") for i in range(count)]

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        self.count._build(len(obj), stream, context, path)
        for i, value in enumerate(obj):
            self.item._build(value, stream, context, f"{path}[{i}]")
        return obj


class Counted(construct.Construct):  # type: ignore[misc]
    """Items whose number follows from the fields of the record that stand before them."""

    def __init__(self, count_of: Callable[..., int], item: Format | type[Record]) -> None:
        super().__init__()
        self.count_of = count_of
        self.item: Format = getattr(item, "FORMAT", item)

    def parse_after(self, before: list[Any], stream: Any, context: Context, path: str) -> Any:
        """Parse, given the fields read so far."""
        return [
            self.item._parsereport(stream, context, f"{path}[{i}]")
            for i in range(self.count_of(*before))
        ]

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        for i, value in enumerate(obj):
            self.item._build(value, stream, context, f"{path}[{i}]")
        return obj


class Blob(construct.Construct):  # type: ignore[misc]
    """A byte count followed by that many bytes.

    When building, a `declared_length` of the bytes object is written in place of the true count.
    """

    def __init__(self, count: Format) -> None:
        super().__init__()
        self.count = count

    def _parse(self, stream: Any, context: Context, path: str) -> Any:
        length = self.count._parsereport(stream, context, path)
        start = stream.tell()
        data = stream.read(length)
        if len(data) < length:
            raise ClassFormatError(
                f"{last_step(path)} is {length} bytes long but the file ends after {len(data)}",
                start,
            )
        return data

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        declared = getattr(obj, "declared_length", None)
        self.count._build(len(obj) if declared is None else declared, stream, context, path)
        stream.write(obj)
        return obj


class Choice(construct.Construct):  # type: ignore[misc]
    """One of several records, told apart by a leading u1 that each of them also holds.

    `choose` gives the record class for the value, or None when there is none for it.
    """

    def __init__(self, what: str, choose: Callable[[int], type[Record] | None]) -> None:
        super().__init__()
        self.what = what
        self.choose = choose

    def _parse(self, stream: Any, context: Context, path: str) -> Any:
        start = stream.tell()
        tag = u1._parsereport(stream, context, path)
        cls = self.choose(tag)
        if cls is None:
            raise ClassFormatError(f"there is no {self.what} {tag}", start)
        stream.seek(start)
        return cls.FORMAT._parsereport(stream, context, path)

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        obj.FORMAT._build(obj, stream, context, path)
        return obj


class PoolIndex(construct.Construct):  # type: ignore[misc]
    """An index into the constant pool, of constants of the given kinds (their tag names).

    No kinds means any; an optional index may be 0, meaning nothing.
    """

    def __init__(self, *kinds: str, optional: bool = False, width: Format = u2) -> None:
        super().__init__()
        self.kinds = kinds
        self.optional = optional
        self.width = width

    def _parse(self, stream: Any, context: Context, path: str) -> Any:
        index = self.width._parsereport(stream, context, path)
        if index or not self.optional:
            problem = context.pool.problem_with(index, self.kinds)
            if problem:
                offset = stream.tell() - self.width.sizeof()
                raise ClassFormatError(f"{last_step(path)}: {problem}", offset)
        return index

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        self.width._build(obj, stream, context, path)
        return obj


def last_step(path: str) -> str:
    """The two innermost names of a construct path, for a message: methods[3].access_flags."""
    return ".".join(path.split(" -> ")[1:][-2:]) or "the file"


def parse_stream(layout: Format, data: bytes, **context: Any) -> tuple[Any, io.BytesIO]:
    """Parse from the start of `data`; gives the value and the stream after it."""
    stream = io.BytesIO(data)
    try:
        value = layout.parse_stream(stream, size=len(data), **context)
    except construct.ConstructError as error:
        raise ClassFormatError(
            f"the file ends in the middle of {last_step(error.path or '')}", stream.tell()
        ) from None
    except RecursionError:
        raise ClassFormatError("element values are nested too deeply", stream.tell()) from None
    return value, stream


def build_bytes(layout: Format, value: Any, **context: Any) -> bytes:
    """The bytes of a value; a number that does not fit its field is a ClassFormatError."""
    stream = io.BytesIO()
    try:
        layout.build_stream(value, stream, **context)
    except construct.ConstructError as error:
        where = last_step(error.path or "")
        reason = str(error).rpartition("\n")[2]
        raise ClassFormatError(f"{where} does not fit its field: {reason}", stream.tell()) from None
    return stream.getvalue()
