"""The class library as the tests see it: by the host's model, to compare the guest's loader with."""

from __future__ import annotations

import functools

from demitasse import _guest as guest
from demitasse.jvm.model.classfile import ClassFile, parse_class
from demitasse.jvm.model.jimage import JImage, default_path

IMAGE = str(default_path())


def open_loader() -> None:
    """A loader in the guest that knows nothing yet."""
    guest.loader_open(IMAGE)


@functools.cache
def image() -> JImage:
    return JImage(IMAGE)


@functools.cache
def model(name: str) -> ClassFile:
    """A class of the library."""
    found = image().find_class(name)
    assert found is not None, name
    return parse_class(bytes(image().read(found)))


@functools.cache
def library_classes(module: str = "java.base") -> list[str]:
    """Internal names of a module's classes, sorted."""
    names = (f"{each.parent}/{each.base}" for each in image().classes(module) if each.base != "module-info")
    return sorted(names)
