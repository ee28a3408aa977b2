"""The predefined attributes of classes, fields, methods and code (JVMS §4.7.2 to §4.7.31).

StackMapTable is in stack_map.py, annotations are in annotations.py; importing this module makes all
of them known.

Invariant: every field that is an index into the constant pool says so, and of which kinds.
"""

from __future__ import annotations

from typing import Any

import construct  # type: ignore[import-untyped]

from demitasse.jvm.model import annotations as _annotations  # noqa: F401 (registers)
from demitasse.jvm.model import stack_map as _stack_map  # noqa: F401 (registers)
from demitasse.jvm.model.attribute import Attribute, Attributes, attribute
from demitasse.jvm.model.constant_pool import LOADABLE
from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.wire import (
    Blob, Context, PoolIndex, Record, Table, last_step, record, u1, u2, u4, wire,
)

_UTF8 = PoolIndex("Utf8")
_UTF8_OR_0 = PoolIndex("Utf8", optional=True)
_CLASS = PoolIndex("Class")
_CLASS_OR_0 = PoolIndex("Class", optional=True)
_MODULE = PoolIndex("Module")
_PACKAGE = PoolIndex("Package")


class Rest(construct.Construct):  # type: ignore[misc]
    """Bytes up to the end of the attribute, whose length field stands just before them."""

    def _parse(self, stream: Any, context: Context, path: str) -> bytes:
        stream.seek(-4, 1)
        length = u4._parsereport(stream, context, path)
        data: bytes = stream.read(length)
        return data

    def _build(self, obj: Any, stream: Any, context: Context, path: str) -> Any:
        stream.write(obj)
        return obj


class CodeBytes(Blob):
    """code_length and code[]; the length is 1 to 65535 (§4.7.3), checked when parsing."""

    def _parse(self, stream: Any, context: Context, path: str) -> Any:
        start = stream.tell()
        code = super()._parse(stream, context, path)
        if not 0 < len(code) < 65536:
            raise ClassFormatError(
                f"{last_step(path)} is {len(code)} bytes long, but is 1 to 65535", start)
        return code


@attribute("field")
class ConstantValue(Record):
    """The initial value of a static field (§4.7.2)."""

    constantvalue_index: int = wire(PoolIndex("Integer", "Float", "Long", "Double", "String"))


@record
class ExceptionEntry(Record):
    """A range of code and the handler for what it throws; catch_type 0 catches all."""

    start_pc: int = wire(u2)
    end_pc: int = wire(u2)
    handler_pc: int = wire(u2)
    catch_type: int = wire(_CLASS_OR_0)


@attribute("method")
class Code(Record):
    """The instructions of a method (§4.7.3)."""

    max_stack: int = wire(u2)
    max_locals: int = wire(u2)
    code: bytes = wire(CodeBytes(u4))
    exception_table: list[ExceptionEntry] = wire(Table(u2, ExceptionEntry))
    attributes: list[Attribute] = wire(Attributes("code"))


@attribute("method")
class Exceptions(Record):
    """The checked exceptions of a method (§4.7.5)."""

    exception_index_table: list[int] = wire(Table(u2, _CLASS))


@record
class InnerClass(Record):
    """A member or local class that the constant pool names."""

    inner_class_info_index: int = wire(_CLASS)
    outer_class_info_index: int = wire(_CLASS_OR_0)
    inner_name_index: int = wire(_UTF8_OR_0)
    inner_class_access_flags: int = wire(u2)


@attribute("class")
class InnerClasses(Record):
    """§4.7.6."""

    classes: list[InnerClass] = wire(Table(u2, InnerClass))


@attribute("class", since=49)
class EnclosingMethod(Record):
    """Where a local or anonymous class stands (§4.7.7)."""

    class_index: int = wire(_CLASS)
    method_index: int = wire(PoolIndex("NameAndType", optional=True))


@attribute("class field method")
class Synthetic(Record):
    """Not in the source (§4.7.8)."""


@attribute("class field method record", since=49)
class Signature(Record):
    """The generic type (§4.7.9)."""

    signature_index: int = wire(_UTF8)


@attribute("class")
class SourceFile(Record):
    """§4.7.10."""

    sourcefile_index: int = wire(_UTF8)


@attribute("class", since=49)
class SourceDebugExtension(Record):
    """Text for debuggers (§4.7.11)."""

    debug_extension: bytes = wire(Rest())


@record
class LineNumber(Record):
    """Code from an offset on comes from a source line."""

    start_pc: int = wire(u2)
    line_number: int = wire(u2)


@attribute("code")
class LineNumberTable(Record):
    """§4.7.12."""

    line_number_table: list[LineNumber] = wire(Table(u2, LineNumber))


@record
class LocalVariable(Record):
    """The name and type of a local variable in a range of code."""

    start_pc: int = wire(u2)
    length: int = wire(u2)
    name_index: int = wire(_UTF8)
    descriptor_index: int = wire(_UTF8)
    index: int = wire(u2)


@attribute("code")
class LocalVariableTable(Record):
    """§4.7.13."""

    local_variable_table: list[LocalVariable] = wire(Table(u2, LocalVariable))


@record
class LocalVariableType(Record):
    """The name and generic type of a local variable in a range of code."""

    start_pc: int = wire(u2)
    length: int = wire(u2)
    name_index: int = wire(_UTF8)
    signature_index: int = wire(_UTF8)
    index: int = wire(u2)


@attribute("code", since=49)
class LocalVariableTypeTable(Record):
    """§4.7.14."""

    local_variable_type_table: list[LocalVariableType] = wire(Table(u2, LocalVariableType))


@attribute("class field method")
class Deprecated(Record):
    """§4.7.15."""


@record
class BootstrapMethod(Record):
    """A method handle and its static arguments."""

    bootstrap_method_ref: int = wire(PoolIndex("MethodHandle"))
    bootstrap_arguments: list[int] = wire(Table(u2, PoolIndex(*LOADABLE)))


@attribute("class", since=51)
class BootstrapMethods(Record):
    """§4.7.23."""

    bootstrap_methods: list[BootstrapMethod] = wire(Table(u2, BootstrapMethod))


@record
class MethodParameter(Record):
    """The name and flags of a formal parameter."""

    name_index: int = wire(_UTF8_OR_0)
    access_flags: int = wire(u2)


@attribute("method", since=52)
class MethodParameters(Record):
    """§4.7.24."""

    parameters: list[MethodParameter] = wire(Table(u1, MethodParameter))


@record
class Requires(Record):
    """A dependence on a module."""

    requires_index: int = wire(_MODULE)
    requires_flags: int = wire(u2)
    requires_version_index: int = wire(_UTF8_OR_0)


@record
class Exports(Record):
    """A package exported to all, or to some modules."""

    exports_index: int = wire(_PACKAGE)
    exports_flags: int = wire(u2)
    exports_to_index: list[int] = wire(Table(u2, _MODULE))


@record
class Opens(Record):
    """A package opened to all, or to some modules."""

    opens_index: int = wire(_PACKAGE)
    opens_flags: int = wire(u2)
    opens_to_index: list[int] = wire(Table(u2, _MODULE))


@record
class Provides(Record):
    """A service and its implementations."""

    provides_index: int = wire(_CLASS)
    provides_with_index: list[int] = wire(Table(u2, _CLASS))


@attribute("class", since=53)
class Module(Record):
    """A module declaration (§4.7.25)."""

    module_name_index: int = wire(_MODULE)
    module_flags: int = wire(u2)
    module_version_index: int = wire(_UTF8_OR_0)
    requires: list[Requires] = wire(Table(u2, Requires))
    exports: list[Exports] = wire(Table(u2, Exports))
    opens: list[Opens] = wire(Table(u2, Opens))
    uses_index: list[int] = wire(Table(u2, _CLASS))
    provides: list[Provides] = wire(Table(u2, Provides))


@attribute("class", since=53)
class ModulePackages(Record):
    """§4.7.26."""

    package_index: list[int] = wire(Table(u2, _PACKAGE))


@attribute("class", since=53)
class ModuleMainClass(Record):
    """§4.7.27."""

    main_class_index: int = wire(_CLASS)


@attribute("class", since=55)
class NestHost(Record):
    """§4.7.28."""

    host_class_index: int = wire(_CLASS)


@attribute("class", since=55)
class NestMembers(Record):
    """§4.7.29."""

    classes: list[int] = wire(Table(u2, _CLASS))


@record
class RecordComponent(Record):
    """A component of a record class."""

    name_index: int = wire(_UTF8)
    descriptor_index: int = wire(_UTF8)
    attributes: list[Attribute] = wire(Attributes("record"))


@attribute("class", since=60, name="Record")
class RecordAttribute(Record):
    """The Record attribute (§4.7.30)."""

    components: list[RecordComponent] = wire(Table(u2, RecordComponent))


@attribute("class", since=61)
class PermittedSubclasses(Record):
    """§4.7.31."""

    classes: list[int] = wire(Table(u2, _CLASS))
