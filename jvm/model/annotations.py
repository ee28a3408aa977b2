"""Annotations and type annotations (JVMS §4.7.16 to §4.7.22).

Invariant: element values and targets are chosen by their tag, which their record keeps.
"""

from __future__ import annotations

from typing import Final

import construct  # type: ignore[import-untyped]

from demitasse.jvm.model.attribute import attribute
from demitasse.jvm.model.wire import (
    Choice, Format, PoolIndex, Record, Table, record, u1, u2, wire,
)

_ELEMENT_VALUE: Final[Format] = construct.LazyBound(lambda: ElementValueFormat)


@record
class ElementValuePair(Record):
    """An element of an annotation and its value."""

    element_name_index: int = wire(PoolIndex("Utf8"))
    value: Record = wire(_ELEMENT_VALUE)


@record
class Annotation(Record):
    """An annotation (§4.7.16)."""

    type_index: int = wire(PoolIndex("Utf8"))
    element_value_pairs: list[ElementValuePair] = wire(Table(u2, ElementValuePair))


# Tags of constants (table 4.7.16.1-A) and the constants they name.
CONSTANT_TAGS: Final[dict[str, str]] = {
    "B": "Integer", "C": "Integer", "D": "Double", "F": "Float", "I": "Integer", "J": "Long",
    "S": "Integer", "Z": "Integer", "s": "Utf8",
}


@record
class ConstantElement(Record):
    """A primitive or a string."""

    tag: int = wire(u1)
    const_value_index: int = wire(PoolIndex(*dict.fromkeys(CONSTANT_TAGS.values())))


@record
class EnumElement(Record):
    """A constant of an enum."""

    tag: int = wire(u1)
    type_name_index: int = wire(PoolIndex("Utf8"))
    const_name_index: int = wire(PoolIndex("Utf8"))


@record
class ClassElement(Record):
    """A class, as a return descriptor."""

    tag: int = wire(u1)
    class_info_index: int = wire(PoolIndex("Utf8"))


@record
class AnnotationElement(Record):
    """An annotation inside an annotation."""

    tag: int = wire(u1)
    annotation: Annotation = wire(Annotation.FORMAT)


@record
class ArrayElement(Record):
    """An array of element values."""

    tag: int = wire(u1)
    values: list[Record] = wire(Table(u2, _ELEMENT_VALUE))


def _element_for(tag: int) -> type[Record] | None:
    letter = chr(tag)
    if letter in CONSTANT_TAGS:
        return ConstantElement
    others: dict[str, type[Record]] = {
        "e": EnumElement, "c": ClassElement, "@": AnnotationElement, "[": ArrayElement,
    }
    return others.get(letter)


ElementValueFormat: Final[Format] = Choice("element value tag", _element_for)


# --- type annotations (§4.7.20) ------------------------------------------------------------------


@record
class TypeParameterTarget(Record):
    """0x00, 0x01: a type parameter of a class or method."""

    target_type: int = wire(u1)
    type_parameter_index: int = wire(u1)


@record
class SupertypeTarget(Record):
    """0x10: extends or implements."""

    target_type: int = wire(u1)
    supertype_index: int = wire(u2)


@record
class TypeParameterBoundTarget(Record):
    """0x11, 0x12: a bound of a type parameter."""

    target_type: int = wire(u1)
    type_parameter_index: int = wire(u1)
    bound_index: int = wire(u1)


@record
class EmptyTarget(Record):
    """0x13 to 0x15: the type of a field, the result or the receiver of a method."""

    target_type: int = wire(u1)


@record
class FormalParameterTarget(Record):
    """0x16: a formal parameter."""

    target_type: int = wire(u1)
    formal_parameter_index: int = wire(u1)


@record
class ThrowsTarget(Record):
    """0x17: a type in a throws clause."""

    target_type: int = wire(u1)
    throws_type_index: int = wire(u2)


@record
class LocalVariableRange(Record):
    """Where a local variable has a value, and its index."""

    start_pc: int = wire(u2)
    length: int = wire(u2)
    index: int = wire(u2)


@record
class LocalvarTarget(Record):
    """0x40, 0x41: a local variable or a resource variable."""

    target_type: int = wire(u1)
    table: list[LocalVariableRange] = wire(Table(u2, LocalVariableRange))


@record
class CatchTarget(Record):
    """0x42: the type of an exception parameter."""

    target_type: int = wire(u1)
    exception_table_index: int = wire(u2)


@record
class OffsetTarget(Record):
    """0x43 to 0x46: instanceof, new, and method references."""

    target_type: int = wire(u1)
    offset: int = wire(u2)


@record
class TypeArgumentTarget(Record):
    """0x47 to 0x4B: casts and type arguments."""

    target_type: int = wire(u1)
    offset: int = wire(u2)
    type_argument_index: int = wire(u1)


# Tables 4.7.20-A and 4.7.20-B.
_TARGETS: Final[tuple[tuple[range, type[Record]], ...]] = (
    (range(0x00, 0x02), TypeParameterTarget),
    (range(0x10, 0x11), SupertypeTarget),
    (range(0x11, 0x13), TypeParameterBoundTarget),
    (range(0x13, 0x16), EmptyTarget),
    (range(0x16, 0x17), FormalParameterTarget),
    (range(0x17, 0x18), ThrowsTarget),
    (range(0x40, 0x42), LocalvarTarget),
    (range(0x42, 0x43), CatchTarget),
    (range(0x43, 0x47), OffsetTarget),
    (range(0x47, 0x4C), TypeArgumentTarget),
)


def _target_for(target_type: int) -> type[Record] | None:
    return next((cls for types, cls in _TARGETS if target_type in types), None)


@record
class PathStep(Record):
    """One step into a type (§4.7.20.2)."""

    type_path_kind: int = wire(u1)
    type_argument_index: int = wire(u1)


@record
class TypeAnnotation(Record):
    """An annotation of a use of a type."""

    target: Record = wire(Choice("type annotation target", _target_for))
    type_path: list[PathStep] = wire(Table(u1, PathStep))
    type_index: int = wire(PoolIndex("Utf8"))
    element_value_pairs: list[ElementValuePair] = wire(Table(u2, ElementValuePair))


# --- the attributes ------------------------------------------------------------------------------


@record
class ParameterAnnotationList(Record):
    """The annotations of one parameter."""

    annotations: list[Annotation] = wire(Table(u2, Annotation))


@attribute("class field method record", since=49)
class RuntimeVisibleAnnotations(Record):
    """§4.7.16."""

    annotations: list[Annotation] = wire(Table(u2, Annotation))


@attribute("class field method record", since=49)
class RuntimeInvisibleAnnotations(Record):
    """§4.7.17."""

    annotations: list[Annotation] = wire(Table(u2, Annotation))


@attribute("method", since=49)
class RuntimeVisibleParameterAnnotations(Record):
    """§4.7.18."""

    parameter_annotations: list[ParameterAnnotationList] = wire(Table(u1, ParameterAnnotationList))


@attribute("method", since=49)
class RuntimeInvisibleParameterAnnotations(Record):
    """§4.7.19."""

    parameter_annotations: list[ParameterAnnotationList] = wire(Table(u1, ParameterAnnotationList))


@attribute("class field method code record", since=52)
class RuntimeVisibleTypeAnnotations(Record):
    """§4.7.20."""

    annotations: list[TypeAnnotation] = wire(Table(u2, TypeAnnotation))


@attribute("class field method code record", since=52)
class RuntimeInvisibleTypeAnnotations(Record):
    """§4.7.21."""

    annotations: list[TypeAnnotation] = wire(Table(u2, TypeAnnotation))


@attribute("method", since=49)
class AnnotationDefault(Record):
    """The default of an element of an annotation interface (§4.7.22)."""

    default_value: Record = wire(_ELEMENT_VALUE)
