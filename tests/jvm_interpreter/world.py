"""A small world of classes for the interpreter alone: class files from the assembler, linked by hand.

The class loader is not part of it: `World.load` lays classes out, fills virtual method tables and
resolves every constant before anything runs, so a test sees the interpreter's work and nothing
else.  Strings, class initialisation and natives are not there.
"""

from __future__ import annotations

import struct
from typing import Any

from demitasse import _guest
from demitasse.jvm.model.assembler import assemble
from demitasse.jvm.model.classfile import ClassFile, parse_class
from demitasse.jvm.model.constant_pool import (
    Class, Double, Fieldref, Float, Integer, InterfaceMethodref, Long, Methodref,
)
from demitasse.jvm.model.descriptors import parse_method

STATIC, NATIVE, FINAL, ABSTRACT, PRIVATE = 0x8, 0x100, 0x10, 0x400, 0x2
TYPES = {"Z": 4, "C": 5, "F": 6, "D": 7, "B": 8, "S": 9, "I": 10, "J": 11, "V": 12, "L": 13, "[": 13}
SIZES = {"Z": 1, "B": 1, "C": 2, "S": 2, "I": 4, "F": 4, "J": 8, "D": 8, "L": 4, "[": 4}
ARRAYS = {"Z": ("boolean", 0), "C": ("char", 1), "F": ("float", 2), "D": ("double", 3), "B": ("byte", 0), "S": ("short", 1),
          "I": ("int", 2), "J": ("long", 3)}


def to_slots(descriptor: str, values: tuple[Any, ...]) -> list[int]:
    """Raw 64-bit slots of arguments; references are addresses."""
    slots: list[int] = []
    for kind, value in zip(parse_method(descriptor).parameters, values, strict=True):
        letter = kind[0]
        if letter == "F":
            slots.append(struct.unpack("<I", struct.pack("<f", value))[0])
        elif letter == "D":
            slots += [struct.unpack("<Q", struct.pack("<d", value))[0], 0]
        elif letter == "J":
            slots += [value & (1 << 64) - 1, 0]
        elif letter in "L[":
            slots.append(value)
        else:
            slots.append(value & 0xFFFFFFFF)
    return slots


def from_slot(letter: str, raw: int) -> Any:
    """The result of a method with this return type out of its raw slot."""
    if letter == "V":
        return None
    if letter == "F":
        return struct.unpack("<f", struct.pack("<I", raw & 0xFFFFFFFF))[0]
    if letter == "D":
        return struct.unpack("<d", struct.pack("<Q", raw))[0]
    if letter == "J":
        return raw - (1 << 64) if raw >> 63 else raw
    if letter in "L[":
        return raw
    raw &= 0xFFFFFFFF
    return raw - (1 << 32) if raw >> 31 else raw


class Thrown(Exception):
    """The call ended with an exception of the guest: its address."""

    def __init__(self, address: int) -> None:
        super().__init__(f"guest exception at {address:#x}")
        self.address = address


class World:
    """Classes by name; one at a time, since the shell keeps a single world."""

    def __init__(self, stack_slots: int = 4096, heap: int = 1 << 24) -> None:
        _guest.interpreter_open(stack_slots, heap)
        self.classes: dict[str, int] = {}
        self.files: dict[str, ClassFile] = {}
        self.sizes: dict[str, int] = {"java/lang/Object": 8}
        self.virtuals: dict[str, list[tuple[str, str]]] = {"java/lang/Object": []}
        self.methods: dict[tuple[str, str, str], int] = {}
        self.fields: dict[tuple[str, str, str], int] = {}
        self.classes["java/lang/Object"] = _guest.interpreter_class("java/lang/Object")
        self.methods["java/lang/Object", "<init>", "()V"] = _guest.interpreter_method(
            self.classes["java/lang/Object"], "<init>", "()V", b"\xb1", 1, 0, 1, 12, 1, flags=4 | 16 | 64 | 512)
        for letter, (name, log) in ARRAYS.items():
            element = _guest.interpreter_class(name, type=TYPES[letter])
            array = _guest.interpreter_array_class(element, letter, log, False, self.classes["java/lang/Object"])
            self.classes["[" + letter] = array
            _guest.interpreter_primitive_array(name, array)

    def class_of(self, name: str) -> int:
        """The class with this internal name, array classes made when first named."""
        if name not in self.classes and name.startswith("["):
            element = name[1:]
            component = self.class_of(element[1:-1] if element.startswith("L") else element)
            self.classes[name] = _guest.interpreter_array_class(component, element, 2, True, self.classes["java/lang/Object"])
        return self.classes[name]

    def load(self, source: str | list[ClassFile]) -> World:
        """Assemble and link; super classes stand before their subclasses."""
        files = [parse_class(each.data) for each in assemble(source)] if isinstance(source, str) else source
        for file in files:
            self._declare(file)
        for file in files:
            self._resolve(file)
        return self

    def _declare(self, file: ClassFile) -> None:
        name = file.name
        above = file.super_name or "java/lang/Object"
        size, static = self.sizes[above], 64
        fields = []
        for field in sorted(file.fields, key=lambda f: -SIZES[file.signature_of(f)[1][0]]):
            field_name, descriptor = file.signature_of(field)
            width = SIZES[descriptor[0]]
            if field.access_flags & STATIC:
                static = -(-static // width) * width
                fields.append((field_name, descriptor, static, field.access_flags))
                static += width
            else:
                size = -(-size // width) * width
                fields.append((field_name, descriptor, size, field.access_flags))
                size += width
        self.sizes[name] = size
        klass = self.classes[name] = _guest.interpreter_class(
            name, self.classes[above], -(-size // 8) * 8, access_flags=file.access_flags, pool=len(file.pool))
        _guest.interpreter_mirror(klass, static)
        self.files[name] = file
        for field_name, descriptor, offset, flags in fields:
            self.fields[name, field_name, descriptor] = _guest.interpreter_field(
                klass, field_name, descriptor, offset, TYPES[descriptor[0]], flags)
        virtuals = self.virtuals[name] = list(self.virtuals[above])
        for method in file.methods:
            method_name, descriptor = file.signature_of(method)
            static_method = method.access_flags & STATIC
            index = -1
            if not static_method and not method.access_flags & PRIVATE and not method_name.startswith("<"):
                if (method_name, descriptor) not in virtuals:
                    virtuals.append((method_name, descriptor))
                index = virtuals.index((method_name, descriptor))
            parsed = parse_method(descriptor)
            code = method.code
            handlers = [] if code is None else [
                (row.start_pc, row.end_pc, row.handler_pc, row.catch_type) for row in code.exception_table]
            self.methods[name, method_name, descriptor] = _guest.interpreter_method(
                klass, method_name, descriptor, code.code if code else b"", code.max_locals if code else 0,
                code.max_stack if code else 0, parsed.argument_slots + (0 if static_method else 1),
                TYPES[descriptor[descriptor.index(")") + 1]], method.access_flags, index, handlers)

    def find(self, kind: dict[tuple[str, str, str], int], owner: str, name: str, descriptor: str) -> int:
        """A member by name, searched up the super classes."""
        while (owner, name, descriptor) not in kind:
            owner = self.files[owner].super_name or ""
            if owner not in self.files and owner != "java/lang/Object":
                raise KeyError((name, descriptor))
        return kind[owner, name, descriptor]

    def _resolve(self, file: ClassFile) -> None:
        klass = self.classes[file.name]
        pool = file.pool
        for index, entry in pool:
            if isinstance(entry, Integer):
                _guest.interpreter_constant(klass, index, 3, entry.value & 0xFFFFFFFF)
            elif isinstance(entry, Float):
                _guest.interpreter_constant(klass, index, 4, entry.bits)
            elif isinstance(entry, Long):
                _guest.interpreter_constant(klass, index, 5, entry.value & (1 << 64) - 1)
            elif isinstance(entry, Double):
                _guest.interpreter_constant(klass, index, 6, entry.bits)
            elif isinstance(entry, Class):
                name = pool.name(index)
                _guest.interpreter_constant(klass, index, 64, self.class_of(name))
                self.class_of("[" + (name if name.startswith("[") else f"L{name};"))     # for anewarray
            elif isinstance(entry, Fieldref):
                _guest.interpreter_constant(klass, index, 66, self.find(self.fields, *pool.member(index)))
            elif isinstance(entry, Methodref | InterfaceMethodref):
                _guest.interpreter_constant(klass, index, 67, self.find(self.methods, *pool.member(index)))

    def call(self, owner: str, name: str, descriptor: str, *arguments: Any) -> Any:
        """Run a static method; Thrown when it throws."""
        outcome, raw = _guest.interpreter_call(self.methods[owner, name, descriptor], to_slots(descriptor, arguments))
        if outcome:
            raise Thrown(raw)
        return from_slot(descriptor[descriptor.index(")") + 1], raw)

    def code(self, owner: str, name: str, descriptor: str) -> bytes:
        """The method's code as the interpreter has rewritten it."""
        return bytes(_guest.interpreter_code(self.methods[owner, name, descriptor]))
