"""The native methods of the class library, and a check of a table of bindings against them.

Every native method of the class library is bound at build time to a function of the guest, by class,
name and descriptor.  A binding for a method that does not exist is a mistake that would otherwise
show only when something stays unbound, so the build calls `check_bindings`.

Invariant: only the constant pool's shape and the method headers are read (JVMS §4.1), by a skimmer
that is fast enough for every class of the image; it trusts the image.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from demitasse.jvm.model import mutf8
from demitasse.jvm.model.access_flags import masks
from demitasse.jvm.model.constant_pool import KINDS, Utf8
from demitasse.jvm.model.jimage import JImage

ACC_NATIVE: Final = masks("method")["native"]
ACC_ABSTRACT: Final = masks("method")["abstract"]

_UTF8: Final = Utf8.TAG
_TWO_SLOTS: Final = frozenset(tag for tag, kind in KINDS.items() if kind.KIND in ("Long", "Double"))
_SIZES: Final[dict[int, int]] = {
    tag: 1 + kind.FORMAT.sizeof() for tag, kind in KINDS.items() if tag != _UTF8
}


@dataclass(frozen=True, order=True, slots=True)
class NativeMethod:
    """A method to bind: internal class name, method name, descriptor."""

    class_name: str
    name: str
    descriptor: str

    def __str__(self) -> str:
        return f"{self.class_name}.{self.name}{self.descriptor}"


@dataclass(frozen=True, slots=True)
class MethodHeader:
    """A method as its class file declares it."""

    class_name: str
    name: str
    descriptor: str
    access_flags: int

    @property
    def is_native(self) -> bool:
        """Declared native."""
        return bool(self.access_flags & ACC_NATIVE)

    @property
    def is_abstract(self) -> bool:
        """Declared abstract."""
        return bool(self.access_flags & ACC_ABSTRACT)


@dataclass(frozen=True, slots=True)
class BindingReport:
    """`missing`: native methods without a binding; `unknown`: bindings of no native method."""

    missing: tuple[NativeMethod, ...]
    unknown: tuple[NativeMethod, ...]


def natives_of_class(data: bytes) -> Iterator[NativeMethod]:
    """The native methods of one well-formed class file."""
    for method in methods_of_class(data):
        if method.is_native:
            yield NativeMethod(method.class_name, method.name, method.descriptor)


def methods_of_class(data: bytes) -> Iterator[MethodHeader]:
    """The headers of all methods of one well-formed class file."""
    (count,) = struct.unpack_from(">H", data, 8)
    starts = [0] * count
    at, index = 10, 1
    while index < count:
        starts[index] = at
        tag = data[at]
        if tag == _UTF8:
            at += 3 + (data[at + 1] << 8 | data[at + 2])
        else:
            at += _SIZES[tag]
            index += tag in _TWO_SLOTS
        index += 1

    def u2(offset: int) -> int:
        return data[offset] << 8 | data[offset + 1]

    def utf8(entry: int) -> str:
        start = starts[entry]
        return mutf8.decode(data[start + 3 : start + 3 + u2(start + 1)])

    def skip_attributes(offset: int) -> int:
        attributes = u2(offset)
        offset += 2
        for _ in range(attributes):
            offset += 6 + int.from_bytes(data[offset + 2 : offset + 6], "big")
        return offset

    this_class = u2(at + 2)
    at += 8 + 2 * u2(at + 6)
    fields = u2(at)
    at += 2
    for _ in range(fields):
        at = skip_attributes(at + 6)
    methods = u2(at)
    at += 2
    for _ in range(methods):
        owner = utf8(u2(starts[this_class] + 1))
        yield MethodHeader(owner, utf8(u2(at + 2)), utf8(u2(at + 4)), u2(at))
        at = skip_attributes(at + 6)


def list_natives(image: JImage, modules: Iterable[str] | None = None) -> list[NativeMethod]:
    """All native methods of an image, or of some of its modules, sorted."""
    wanted = None if modules is None else set(modules)
    found: list[NativeMethod] = []
    for location in image.classes():
        if wanted is None or location.module in wanted:
            found += natives_of_class(bytes(image.read(location)))
    return sorted(found)


def check_bindings(
    bindings: Iterable[tuple[str, str, str]], natives: Iterable[NativeMethod]
) -> BindingReport:
    """Compare (class, name, descriptor) triples with the native methods that exist."""
    bound = {NativeMethod(*binding) for binding in bindings}
    existing = set(natives)
    return BindingReport(tuple(sorted(existing - bound)), tuple(sorted(bound - existing)))
