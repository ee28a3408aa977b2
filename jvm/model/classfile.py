"""The class file (JVMS §4.1): fields, methods, attributes; reading and writing.

Invariant: `build_class(parse_class(data)) == data` for every `data` that parses; anything that does
not parse raises ClassFormatError with what is wrong and the byte offset.  Parsing checks the format
(§4.8) but not the meaning: names, descriptors and code are for the verifier.
"""

from __future__ import annotations

from typing import Any, Final

import construct  # type: ignore[import-untyped]

from demitasse.jvm.model import attributes as attributes_module
from demitasse.jvm.model.attribute import Attribute, Attributes
from demitasse.jvm.model.constant_pool import ConstantPool, PoolFormat
from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.wire import (
    Context, PoolIndex, Record, Table, build_bytes, parse_stream, record, u2, u4, wire,
)

MAGIC: Final = 0xCAFEBABE
NEWEST_MAJOR: Final = 69

Code = attributes_module.Code


class Magic(construct.Construct):  # type: ignore[misc]
    """The u4 that starts a class file."""

    def _parse(self, stream: Any, context: Context, path: str) -> int:
        magic: int = u4._parsereport(stream, context, path)
        if magic != MAGIC:
            raise ClassFormatError(
                f"not a class file: it starts with 0x{magic:08X}, not 0x{MAGIC:08X}", 0)
        return magic

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        return u4._build(obj, stream, context, path)


class Major(construct.Construct):  # type: ignore[misc]
    """major_version; decides which attributes are known, so the context keeps it."""

    def _parse(self, stream: Any, context: Context, path: str) -> int:
        major: int = u2._parsereport(stream, context, path)
        context.major = major
        return major

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        return u2._build(obj, stream, context, path)


@record
class Field(Record):
    """field_info (§4.5)."""

    access_flags: int = wire(u2)
    name_index: int = wire(PoolIndex("Utf8"))
    descriptor_index: int = wire(PoolIndex("Utf8"))
    attributes: list[Attribute] = wire(Attributes("field"))


@record
class Method(Record):
    """method_info (§4.6)."""

    access_flags: int = wire(u2)
    name_index: int = wire(PoolIndex("Utf8"))
    descriptor_index: int = wire(PoolIndex("Utf8"))
    attributes: list[Attribute] = wire(Attributes("method"))

    @property
    def code(self) -> attributes_module.Code | None:
        """The Code attribute, if the method has one."""
        return next((a.info for a in self.attributes if isinstance(a.info, Code)), None)


@record
class ClassFile(Record):
    """ClassFile (§4.1)."""

    magic: int = wire(Magic())
    minor_version: int = wire(u2)
    major_version: int = wire(Major())
    pool: ConstantPool = wire(PoolFormat())
    access_flags: int = wire(u2)
    this_class: int = wire(PoolIndex("Class"))
    super_class: int = wire(PoolIndex("Class", optional=True))
    interfaces: list[int] = wire(Table(u2, PoolIndex("Class")))
    fields: list[Field] = wire(Table(u2, Field))
    methods: list[Method] = wire(Table(u2, Method))
    attributes: list[Attribute] = wire(Attributes("class"))

    @property
    def name(self) -> str:
        """The internal name: java/lang/Object."""
        return self.pool.name(self.this_class)

    @property
    def super_name(self) -> str | None:
        """The internal name of the direct superclass."""
        return self.pool.name(self.super_class) if self.super_class else None

    @property
    def interface_names(self) -> list[str]:
        """The internal names of the direct superinterfaces."""
        return [self.pool.name(index) for index in self.interfaces]

    def signature_of(self, member: Field | Method) -> tuple[str, str]:
        """The name and descriptor of a field or method of this class."""
        return self.pool.utf8(member.name_index), self.pool.utf8(member.descriptor_index)

    def method(self, name: str, descriptor: str | None = None) -> Method | None:
        """The first method with this name, and descriptor if one is given."""
        for method in self.methods:
            found = self.signature_of(method)
            if found[0] == name and descriptor in (None, found[1]):
                return method
        return None


def parse_class(data: bytes | bytearray | memoryview) -> ClassFile:
    """Read a class file; ClassFormatError if it is not one."""
    data = bytes(data)
    parsed, stream = parse_stream(ClassFile.FORMAT, data)
    left = len(data) - stream.tell()
    if left:
        raise ClassFormatError(f"{left} bytes follow the end of the class", stream.tell())
    assert isinstance(parsed, ClassFile)
    return parsed


def build_class(cls: ClassFile) -> bytes:
    """Write a class file; ClassFormatError only if a number does not fit its field."""
    return build_bytes(ClassFile.FORMAT, cls)
