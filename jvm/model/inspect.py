"""`demitasse inspect`: what is in a jar, a class file or the class library, rendered with Rich.

A specification is FILE.jar, FILE.class, FILE.jar::pkg.Class, a jimage FILE::pkg.Class, or
`modules` / `modules::pkg.Class` for the class library that Demitasse runs on.

Invariant: the whole output is made before any of it is written, so bad input gives one line that
names the file, the offset and the problem, and exit code 1.  Not on a terminal, output is plain text.
"""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from demitasse.jvm.model import access_flags, descriptors
from demitasse.jvm.model.attribute import Attribute, RawInfo
from demitasse.jvm.model.attributes import (
    BootstrapMethods, Code, ConstantValue, Exceptions, LineNumberTable, Signature, SourceFile,
)
from demitasse.jvm.model.classfile import ClassFile, Field, Method, parse_class
from demitasse.jvm.model.constant_pool import ConstantPool
from demitasse.jvm.model.disassembler import (
    code_lines, describe_constant, describe_frame, raw_operands, safe,
)
from demitasse.jvm.model.errors import ArchiveError, ClassFormatError
from demitasse.jvm.model.jar import Jar
from demitasse.jvm.model.jimage import MAGIC as JIMAGE_MAGIC
from demitasse.jvm.model.jimage import JImage, default_path
from demitasse.jvm.model.stack_map import StackMapTable
from demitasse.jvm.model.wire import PoolIndex, Record, layouts
from demitasse.jvm.model.wire import Table as WireTable

_WIDTH_OF_PLAIN_TEXT = 160


def inspect_main(spec: str, *, out: TextIO) -> int:
    """Render what a specification names to `out`; the exit code."""
    text = io.StringIO()
    terminal = out.isatty()
    console = Console(
        file=text, force_terminal=terminal, highlight=False, markup=False, emoji=False,
        width=None if terminal else _WIDTH_OF_PLAIN_TEXT, no_color=None if terminal else True,
    )
    try:
        _inspect(spec, console)
    except (ArchiveError, ClassFormatError, OSError) as error:
        text_of_it = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
        _write(out, f"demitasse inspect: {safe(text_of_it)}\n")
        return 1
    _write(out, text.getvalue())
    return 0


def _write(out: TextIO, text: str) -> None:
    encoding = getattr(out, "encoding", None) or "utf-8"
    out.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _inspect(spec: str, console: Console) -> None:
    file_name, _, class_name = spec.partition("::")
    path = Path(file_name)
    if file_name == "modules" and not path.exists():
        path = default_path()
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"PK":
        _inspect_jar(path, class_name, console)
    elif JIMAGE_MAGIC in (int.from_bytes(start, "little"), int.from_bytes(start, "big")):
        _inspect_jimage(path, class_name, console)
    elif class_name:
        raise ArchiveError(f"{path}: not a jar and not a jimage, so {class_name} is not in it")
    else:
        _render_class(path.read_bytes(), str(path), console)


def _inspect_jar(path: Path, class_name: str, console: Console) -> None:
    with Jar(path) as jar:
        if class_name:
            entry = jar.find_class(class_name)
            if entry is None:
                raise ArchiveError(f"{path}: there is no class {class_name}")
            _render_class(jar.read(entry), f"{path}::{class_name}", console)
            return
        manifest = jar.manifest
        _line(console, f"{path}", "bold")
        _line(console, f"main class: {safe(manifest.main_class or 'none')}")
        for name, value in manifest.main.items():
            _line(console, f"  {name}: {safe(value)}")
        table = Table("size", "entry", box=None, pad_edge=False)
        table.columns[0].justify = "right"
        table.columns[1].overflow = "fold"
        names = jar.names()
        for name in names:
            table.add_row(str(jar.size(name)), safe(name))
        console.print(table)
        _line(console, f"{len(names)} entries")


def _inspect_jimage(path: Path, class_name: str, console: Console) -> None:
    with JImage(path) as image:
        if class_name:
            location = image.find_class(class_name.replace(".", "/"))
            if location is None:
                raise ArchiveError(f"{path}: there is no class {class_name}")
            _render_class(bytes(image.read(location)), f"{path}::{class_name}", console)
            return
        counts: dict[str, int] = {}
        for location in image.classes():
            counts[location.module] = counts.get(location.module, 0) + 1
        _line(console, f"{path}", "bold")
        for module in image.modules():
            _line(console, f"{counts.get(module, 0):6d}  {module}")
        _line(console, f"{sum(counts.values()):6d}  classes")


def _render_class(data: bytes, label: str, console: Console) -> None:
    try:
        _ClassRenderer(parse_class(data), console).render()
    except ClassFormatError as error:
        raise ClassFormatError(f"{label}: {error}") from None


def _line(console: Console, text: str, style: str = "", comment: str = "") -> None:
    line = Text(text, style=style, end="")
    if comment:
        line.append(f"  // {comment}", style="dim")
    console.print(line, soft_wrap=True)


def _java(descriptor: str) -> str:
    return safe(descriptors.java_name(descriptor))


class _ClassRenderer:
    """Renders one class to a console."""

    def __init__(self, cls: ClassFile, console: Console) -> None:
        self.cls = cls
        self.pool: ConstantPool = cls.pool
        self.console = console

    def line(self, text: str, style: str = "", comment: str = "") -> None:
        """One line, with a comment after it."""
        _line(self.console, text, style, comment)

    def render(self) -> None:
        """The whole class."""
        cls = self.cls
        self.line(self._declaration(), "bold")
        self.line(f"  version {cls.major_version}.{cls.minor_version}, "
                  f"flags {self._flags(cls.access_flags, 'class')}")
        for attribute in cls.attributes:
            self._attribute(attribute, "  ")
        for field in cls.fields:
            self._field(field)
        for method in cls.methods:
            self._method(method)
        self.line("")
        self.line("constant pool", "bold")
        for index, constant in self.pool:
            self.line(f"  {'#' + str(index):>7} {constant.KIND:<18} {raw_operands(constant):<12}"
                      f" {describe_constant(self.pool, index)}".rstrip())

    def _declaration(self) -> str:
        cls = self.cls
        words = [access_flags.java_modifiers(cls.access_flags, "class"),
                 access_flags.type_keyword(cls.access_flags), safe(cls.name.replace("/", "."))]
        if cls.super_name not in (None, "java/lang/Object"):
            words.append(f"extends {safe(str(cls.super_name).replace('/', '.'))}")
        if cls.interfaces:
            names = ", ".join(safe(name.replace("/", ".")) for name in cls.interface_names)
            words.append(f"{'extends' if cls.access_flags & 0x200 else 'implements'} {names}")
        return " ".join(word for word in words if word)

    @staticmethod
    def _flags(flags: int, place: str) -> str:
        return f"0x{flags:04x} ({', '.join(access_flags.names(flags, place)) or 'none'})"

    def _field(self, field: Field) -> None:
        name, descriptor = self.cls.signature_of(field)
        modifiers = access_flags.java_modifiers(field.access_flags, "field")
        self.line("")
        self.line(f"{modifiers} {_java(descriptor)} {safe(name)};".lstrip(), "cyan",
                  f"{safe(descriptor)}, flags {self._flags(field.access_flags, 'field')}")
        for attribute in field.attributes:
            self._attribute(attribute, "  ")

    def _method(self, method: Method) -> None:
        name, descriptor = self.cls.signature_of(method)
        modifiers = access_flags.java_modifiers(method.access_flags, "method")
        try:
            parsed = descriptors.parse_method(descriptor)
            java = f"{_java(parsed.result)} {safe(name)}({', '.join(map(_java, parsed.parameters))})"
        except descriptors.DescriptorError:
            java = f"{safe(name)} {safe(descriptor)}"
        self.line("")
        self.line(f"{modifiers} {java};".lstrip(), "green",
                  f"{safe(descriptor)}, flags {self._flags(method.access_flags, 'method')}")
        for attribute in method.attributes:
            if isinstance(attribute.info, Code):
                try:
                    self._code(attribute.info)
                except ClassFormatError as error:
                    where = "" if error.offset is None else f" at offset {error.offset}"
                    raise ClassFormatError(
                        f"code of {name}{descriptor}{where}: {error.problem}") from None
            else:
                self._attribute(attribute, "  ")

    def _code(self, code: Code) -> None:
        self.line(f"  code: {len(code.code)} bytes, stack {code.max_stack}, "
                  f"locals {code.max_locals}")
        for each in code_lines(self.cls, code):
            if each.line is not None:
                self.line(f"    line {each.line}", "dim")
            self.line(f"    {each.pc:5d} {each.mnemonic:<16} {each.operands}".rstrip(),
                      comment=each.comment)
        for row in code.exception_table:
            kind = self.pool.name(row.catch_type) if row.catch_type else "any"
            self.line(f"    catch {safe(kind)} from {row.start_pc} to {row.end_pc} "
                      f"using {row.handler_pc}")
        for attribute in code.attributes:
            if isinstance(attribute.info, StackMapTable):
                for offset, frame in attribute.info.offsets():
                    self.line(f"    frame at {offset}: {describe_frame(self.pool, frame)}")
            elif not isinstance(attribute.info, LineNumberTable):
                self._attribute(attribute, "    ")

    def _attribute(self, attribute: Attribute, indent: str) -> None:
        info = attribute.info
        if isinstance(info, RawInfo):
            shown = info.data[:32].hex() + ("…" if len(info.data) > 32 else "")
            self.line(f"{indent}{safe(attribute.name)}: {len(info.data)} bytes {shown}".rstrip())
        elif isinstance(info, (Signature, SourceFile, ConstantValue)):
            self.line(f"{indent}{self._record(info)}")
        elif isinstance(info, Exceptions):
            names = ", ".join(safe(self.pool.name(i)) for i in info.exception_index_table)
            self.line(f"{indent}throws {names}")
        elif isinstance(info, BootstrapMethods):
            self.line(f"{indent}BootstrapMethods")
            for number, method in enumerate(info.bootstrap_methods):
                self.line(f"{indent}  {number}: "
                          f"{describe_constant(self.pool, method.bootstrap_method_ref)}")
                for argument in method.bootstrap_arguments:
                    self.line(f"{indent}     {self.pool[argument].KIND} "
                              f"{describe_constant(self.pool, argument)}")
        else:
            self.line(f"{indent}{attribute.name}")
            for name in layouts(type(info)):
                self._field_of(name, layouts(type(info))[name], getattr(info, name), indent + "  ")

    def _field_of(self, name: str, layout: Any, value: Any, indent: str) -> None:
        """A field of an attribute: tables go one row to a line."""
        if isinstance(value, list) and not isinstance(layout, PoolIndex):
            for row in value:
                self.line(f"{indent}{name}: {self._value(getattr(layout, 'item', None), row)}")
        else:
            self.line(f"{indent}{name}: {self._value(layout, value)}")

    def _value(self, layout: Any, value: Any) -> str:
        if isinstance(layout, PoolIndex):
            return describe_constant(self.pool, value) if value else "none"
        if isinstance(value, Attribute):
            return f"{safe(value.name)} {self._value(None, value.info)}"
        if isinstance(value, list):
            item = layout.item if isinstance(layout, WireTable) else None
            return f"[{', '.join(self._value(item, each) for each in value)}]"
        if isinstance(value, bytes):
            return value.hex()
        if isinstance(value, Record) and dataclasses.is_dataclass(value):
            return self._record(value)
        return str(value)

    def _record(self, value: Record) -> str:
        """A record with its fields, by their names without the ending _index."""
        parts = [
            f"{name.removesuffix('_index')}={self._value(layout, getattr(value, name))}"
            for name, layout in layouts(type(value)).items()
        ]
        return f"{type(value).__name__}({', '.join(parts)})"
