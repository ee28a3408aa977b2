"""Attributes in general (JVMS §4.7): their header, and the table of the predefined ones.

Invariant: an attribute is parsed as its record only in a place and a class-file version for which
JVMS tables 4.7-A and 4.7-C define it; anywhere else, and for any other name, its bytes are kept.  A
known attribute must use up exactly its declared length.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar, dataclass_transform

import construct  # type: ignore[import-untyped]

from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.wire import (
    Context, Format, PoolIndex, Record, record, u2, u4, wire,
)

R = TypeVar("R", bound=Record)


@dataclasses.dataclass(slots=True)
class RawInfo(Record):
    """The contents of an attribute that is not interpreted."""

    data: bytes


@dataclasses.dataclass(slots=True)
class Attribute:
    """An attribute: its name, and its contents as a record or as raw bytes."""

    name_index: int
    name: str
    info: Record
    declared_length: int | None = None  # written in place of the true length when set


@dataclasses.dataclass(frozen=True)
class Predefined:
    """One predefined attribute: its record, where it may stand, and since which version."""

    record: type[Record]
    places: tuple[str, ...]
    since: int


PREDEFINED: Final[dict[str, Predefined]] = {}


@dataclass_transform(field_specifiers=(wire,))
def attribute(
    places: str, since: int = 45, name: str | None = None
) -> Callable[[type[R]], type[R]]:
    """Make a class the record of a predefined attribute, named like the class if not otherwise.

    `places` are of: class field method code record.  `since` is a class-file major version.
    """

    def decorate(cls: type[R]) -> type[R]:
        made = record(cls)
        PREDEFINED[name or cls.__name__] = Predefined(made, tuple(places.split()), since)
        return made

    return decorate


class Attributes(construct.Construct):  # type: ignore[misc]
    """attributes_count and attributes[] of one place."""

    _NAME: Final[Format] = PoolIndex("Utf8")

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def _parse(self, stream: Any, context: Context, path: str) -> list[Attribute]:
        count = u2._parsereport(stream, context, f"{path} -> attributes_count")
        return [self._parse_one(stream, context, path) for _ in range(count)]

    def _parse_one(self, stream: Any, context: Context, path: str) -> Attribute:
        start = stream.tell()
        index = self._NAME._parsereport(stream, context, f"{path} -> attribute_name_index")
        name = context.pool.utf8(index)
        length = u4._parsereport(stream, context, f"{path} -> attribute_length")
        left = context.size - stream.tell()
        if length > left:
            raise ClassFormatError(
                f"attribute {name} says it is {length} bytes long, but {left} are left", start)
        known = PREDEFINED.get(name)
        if known is None or self.place not in known.places or context.major < known.since:
            return Attribute(index, name, RawInfo(stream.read(length)))
        end = stream.tell() + length
        info = known.record.FORMAT._parsereport(stream, context, f"{path} -> {name}")
        if stream.tell() != end:
            taken = stream.tell() - end + length
            raise ClassFormatError(
                f"attribute {name} says it is {length} bytes long, but its contents take {taken}",
                start)
        return Attribute(index, name, info)

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        u2._build(len(obj), stream, context, f"{path} -> attributes_count")
        for each in obj:
            where = f"{path} -> {each.name}"
            body = info_bytes(each.info, context, where)
            length = len(body) if each.declared_length is None else each.declared_length
            u2._build(each.name_index, stream, context, where)
            u4._build(length, stream, context, where)
            stream.write(body)
        return obj


def info_bytes(info: Record, context: Context, path: str = "") -> bytes:
    """The bytes of an attribute after its length."""
    if isinstance(info, RawInfo):
        return info.data
    body = io.BytesIO()
    info.FORMAT._build(info, body, context, path)
    return body.getvalue()


def find(attributes: Iterable[Attribute], kind: type[R]) -> R | None:
    """The contents of the first attribute of a kind."""
    return next((each.info for each in attributes if isinstance(each.info, kind)), None)
