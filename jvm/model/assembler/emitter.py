"""Syntax tree to class file (JVMS §4.1).

Invariant: attributes stand in a fixed order (that of this file), so the same text always gives the
same bytes.
"""

from __future__ import annotations

from typing import Any

from demitasse.jvm.model import attributes as at
from demitasse.jvm.model import descriptors
from demitasse.jvm.model.access_flags import masks
from demitasse.jvm.model.assembler import syntax as s
from demitasse.jvm.model.assembler.emit_code import CodeEmitter, raw_attribute
from demitasse.jvm.model.assembler.pool_writer import PoolWriter
from demitasse.jvm.model.attribute import Attribute
from demitasse.jvm.model.classfile import (
    MAGIC, NEWEST_MAJOR, ClassFile, Field, Method, build_class,
)
from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.wire import Record

_STATIC = masks("method")["static"]


def emit_class(declaration: s.ClassDeclaration) -> tuple[str, bytes]:
    """The internal name and the bytes of a class."""
    emitter = _ClassEmitter(declaration)
    try:
        made = emitter.emit()
        return emitter.name(), build_class(made)
    except ClassFormatError as error:
        raise s.SourceError(declaration.at, f"class {emitter.name()}: {error.problem}") from None


class _ClassEmitter:
    def __init__(self, declaration: s.ClassDeclaration) -> None:
        self.declaration = declaration
        self.writer = PoolWriter()
        self.directives = [i for i in declaration.items if isinstance(i, s.Directive)]

    def name(self) -> str:
        """The name of the class, as far as it can be told."""
        name = self.declaration.name
        if isinstance(name, str):
            return name
        try:
            return self.writer.pool.name(self.writer.ref(name))
        except (ClassFormatError, s.SourceError, ValueError):
            return f"#{name.text}"

    def last(self, name: str, default: tuple[Any, ...]) -> tuple[Any, ...]:
        """The values of the last directive of a name."""
        found = [each.values for each in self.directives if each.name == name]
        return found[-1] if found else default

    def every(self, name: str) -> list[tuple[Any, ...]]:
        """The values of all directives of a name."""
        return [each.values for each in self.directives if each.name == name]

    def emit(self) -> ClassFile:
        """The class file."""
        items, writer = self.declaration.items, self.writer
        writer.add_raw([item for item in items if isinstance(item, s.RawConstantEntry)])
        this_class = writer.class_(self.declaration.name)
        superclass = self.last("super", ("java/lang/Object",))
        super_class = writer.class_(superclass[0]) if superclass else 0
        interfaces = [writer.class_(name) for (name,) in self.every("implements")]
        for (bootstrap,) in self.every("bootstrap"):
            writer.bootstrap(bootstrap, share=False)
        fields = [self.field(i) for i in items if isinstance(i, s.FieldDeclaration)]
        methods = [self.method(i) for i in items if isinstance(i, s.MethodDeclaration)]
        attributes = self.class_attributes()
        major, minor = self.last("version", (NEWEST_MAJOR, 0))
        (writer.pool.declared_count,) = self.last("pool_count", (None,))
        (magic,) = self.last("magic", (MAGIC,))
        return ClassFile(
            magic, minor or 0, major, writer.pool, self.declaration.flags, this_class, super_class,
            interfaces, fields, methods, attributes)

    def attribute(self, name: str, info: Record) -> Attribute:
        """An attribute of this class's pool."""
        return Attribute(self.writer.utf8(name), name, info)

    def common(self, items: tuple[object, ...]) -> list[Attribute]:
        """The attributes that classes, fields and methods share, then raw ones."""
        made: list[Attribute] = []
        for item in items:
            if isinstance(item, s.Directive):
                if item.name == "signature":
                    text = self.writer.utf8(str(item.values[0]))
                    made.append(self.attribute("Signature", at.Signature(text)))
                elif item.name == "deprecated":
                    made.append(self.attribute("Deprecated", at.Deprecated()))
                elif item.name == "synthetic":
                    made.append(self.attribute("Synthetic", at.Synthetic()))
            elif isinstance(item, s.RawAttribute) and item.where == "common":
                made.append(raw_attribute(self.writer, item))
        return made

    def field(self, item: s.FieldDeclaration) -> Field:
        """A field."""
        writer = self.writer
        name, descriptor = writer.utf8(item.name), writer.utf8(item.descriptor)
        attributes = []
        if item.value is not None:
            value = at.ConstantValue(writer.constant(item.value))
            attributes.append(self.attribute("ConstantValue", value))
        return Field(item.flags, name, descriptor, attributes + self.common(item.items))

    def method(self, item: s.MethodDeclaration) -> Method:
        """A method."""
        writer = self.writer
        name, descriptor = writer.utf8(item.name), writer.utf8(item.descriptor)
        attributes = []
        code = CodeEmitter(writer).emit(item, self.argument_slots(item))
        if code is not None:
            attributes.append(self.attribute("Code", code))
        directives = [i for i in item.items if isinstance(i, s.Directive)]
        thrown = [writer.class_(i.values[0]) for i in directives  # type: ignore[arg-type]
                  if i.name == "throws"]
        if thrown:
            attributes.append(self.attribute("Exceptions", at.Exceptions(thrown)))
        parameters = [self.parameter(i.values) for i in directives if i.name == "parameter"]
        if parameters:
            attributes.append(self.attribute("MethodParameters", at.MethodParameters(parameters)))
        return Method(item.flags, name, descriptor, attributes + self.common(item.items))

    def parameter(self, values: tuple[Any, ...]) -> at.MethodParameter:
        """A row of MethodParameters."""
        flags, name = values
        return at.MethodParameter(0 if name is None else self.writer.utf8(name), flags)

    def argument_slots(self, item: s.MethodDeclaration) -> int:
        """Slots of the arguments with `this`; 0 when the descriptor is not one."""
        try:
            text = item.descriptor
            if isinstance(text, s.PoolRef):
                text = self.writer.pool.utf8(self.writer.ref(text))
            slots = descriptors.parse_method(text).argument_slots
        except (ValueError, ClassFormatError):
            return 0
        return slots + (0 if item.flags & _STATIC else 1)

    def class_attributes(self) -> list[Attribute]:
        """The attributes of the class."""
        writer, made = self.writer, []
        source = self.last("source", ())
        if source:
            made.append(self.attribute("SourceFile", at.SourceFile(writer.utf8(source[0]))))
        inner = [self.inner(*values) for values in self.every("inner")]
        if inner:
            made.append(self.attribute("InnerClasses", at.InnerClasses(inner)))
        enclosing = self.last("enclosing", ())
        if enclosing:
            owner, name, descriptor = enclosing
            method = 0 if name is None else writer.name_and_type(name, descriptor)
            made.append(self.attribute(
                "EnclosingMethod", at.EnclosingMethod(writer.class_(owner), method)))
        host = self.last("nesthost", ())
        if host:
            made.append(self.attribute("NestHost", at.NestHost(writer.class_(host[0]))))
        members = [writer.class_(name) for (name,) in self.every("nestmember")]
        if members:
            made.append(self.attribute("NestMembers", at.NestMembers(members)))
        components = [self.component(*values) for values in self.every("component")]
        if components or self.every("record"):
            made.append(self.attribute("Record", at.RecordAttribute(components)))
        permitted = [writer.class_(name) for (name,) in self.every("permits")]
        if permitted:
            made.append(self.attribute("PermittedSubclasses", at.PermittedSubclasses(permitted)))
        made += self.common(self.declaration.items)
        if writer.bootstraps:
            made.append(self.attribute("BootstrapMethods", at.BootstrapMethods(writer.bootstraps)))
        return made

    def inner(
        self, flags: int, name: s.Name, outer: s.Name | None, simple: s.Name | None
    ) -> at.InnerClass:
        """A row of InnerClasses."""
        writer = self.writer
        return at.InnerClass(
            writer.class_(name), 0 if outer is None else writer.class_(outer),
            0 if simple is None else writer.utf8(simple), flags)

    def component(
        self, name: s.Name, descriptor: s.Name, signature: str | None
    ) -> at.RecordComponent:
        """A component of a record class."""
        writer, attributes = self.writer, []
        if signature is not None:
            attributes.append(
                self.attribute("Signature", at.Signature(writer.utf8(signature))))
        return at.RecordComponent(writer.utf8(name), writer.utf8(descriptor), attributes)
