"""Field and method descriptors (JVMS §4.3): checking, slots, and their Java spelling.

Invariant: a descriptor that `parse_field` or `parse_method` accepts is one of the grammar in §4.3.2
or §4.3.3, with at most 255 dimensions (§4.4.1) and at most 255 argument slots (§4.3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Base types (JVMS table 4.3-A) and void; the verification type letter of opcodes.py for each.
JAVA_NAMES: Final[dict[str, str]] = {
    "B": "byte", "C": "char", "D": "double", "F": "float", "I": "int", "J": "long",
    "S": "short", "Z": "boolean", "V": "void",
}
_STACK_TYPES: Final[dict[str, str]] = {
    "B": "I", "C": "I", "S": "I", "Z": "I", "I": "I", "D": "D", "F": "F", "J": "J", "V": "",
    "L": "A", "[": "A",
}


class DescriptorError(ValueError):
    """A string that is not a descriptor."""


@dataclass(frozen=True, slots=True)
class MethodDescriptor:
    """A parsed method descriptor: field descriptors of the parameters, and of the result or V."""

    parameters: tuple[str, ...]
    result: str

    @property
    def argument_slots(self) -> int:
        """Slots of the arguments without `this`."""
        return sum(slots(parameter) for parameter in self.parameters)


def slots(descriptor: str) -> int:
    """Slots a value of this type takes: 0 for void, 2 for long and double, else 1."""
    return 2 if descriptor in ("J", "D") else 0 if descriptor == "V" else 1


def stack_type(descriptor: str) -> str:
    """The letter of opcodes.py for a value of this type on the operand stack."""
    return _STACK_TYPES[descriptor[0]]


def _field_end(text: str, start: int) -> int:
    at = start
    while at < len(text) and text[at] == "[":
        at += 1
    if at - start > 255:
        raise DescriptorError(f"{text!r} has an array of more than 255 dimensions")
    if at < len(text) and text[at] in "BCDFIJSZ":
        return at + 1
    if at < len(text) and text[at] == "L":
        end = text.find(";", at)
        name = text[at + 1 : end]
        if end > 0 and name and all(name.split("/")) and not set(name) & set(".["):
            return end + 1
    raise DescriptorError(f"{text!r} is not a descriptor: no type at position {start}")


def parse_field(text: str) -> str:
    """Check a field descriptor and give it back."""
    if _field_end(text, 0) != len(text):
        raise DescriptorError(f"{text!r} is more than one field descriptor")
    return text


def parse_method(text: str) -> MethodDescriptor:
    """Parse a method descriptor."""
    if not text.startswith("("):
        raise DescriptorError(f"{text!r} is not a method descriptor: it does not start with '('")
    parameters = []
    at = 1
    while at < len(text) and text[at] != ")":
        end = _field_end(text, at)
        parameters.append(text[at:end])
        at = end
    if at >= len(text):
        raise DescriptorError(f"{text!r} is not a method descriptor: it has no ')'")
    result = text[at + 1 :]
    if result != "V":
        parse_field(result)
    method = MethodDescriptor(tuple(parameters), result)
    if method.argument_slots > 255:
        raise DescriptorError(f"{text!r} takes more than 255 argument slots")
    return method


def java_name(descriptor: str) -> str:
    """A field descriptor (or V) in Java's spelling: `[Ljava/lang/String;` is java.lang.String[]."""
    base = descriptor.lstrip("[")
    dimensions = len(descriptor) - len(base)
    name = base[1:-1].replace("/", ".") if base.startswith("L") else JAVA_NAMES.get(base, base)
    return name + "[]" * dimensions
