"""jvm/loader/tables.pyx and selection: overriding, default methods, subtypes, against a plain model of the rules."""

from __future__ import annotations

import pytest

from demitasse import _guest as guest
from demitasse.jvm.model.assembler import assemble

from . import library

PUBLIC, PRIVATE, PROTECTED, STATIC, INTERFACE, ABSTRACT = 1, 2, 4, 8, 0x200, 0x400


def package(name: str) -> str:
    return name.rpartition("/")[0]


def declared(name: str, method: str, descriptor: str) -> int | None:
    """Access flags of a declared method."""
    for found in library.model(name).methods:
        if library.model(name).signature_of(found) == (method, descriptor):
            return int(found.access_flags)
    return None


def overrides(sub: str, upper: str, method: str, descriptor: str) -> bool:
    """JVMS §5.4.5: the method of `sub` overrides that of `upper` (both declare it, `sub` is below)."""
    flags, other = declared(sub, method, descriptor), declared(upper, method, descriptor)
    assert flags is not None and other is not None
    if flags & PRIVATE:
        return False
    if other & (PUBLIC | PROTECTED) or (not other & PRIVATE and package(sub) == package(upper)):
        return True
    between = library.model(sub).super_name
    while between is not None and between != upper:
        if declared(between, method, descriptor) is not None and overrides(sub, between, method, descriptor) \
                and overrides(between, upper, method, descriptor):
            return True
        between = library.model(between).super_name
    return False


def select(actual: str, holder: str, method: str, descriptor: str) -> str:
    """JVMS §5.4.6, for a method that a class declares."""
    at: str | None = actual
    while at is not None and at != holder:
        flags = declared(at, method, descriptor)
        if flags is not None and not flags & STATIC and overrides(at, holder, method, descriptor):
            return at
        at = library.model(at).super_name
    return holder


def test_vtables_of_a_sample_of_the_library() -> None:
    library.open_loader()
    for name in library.library_classes()[::41]:
        if library.model(name).access_flags & INTERFACE:
            continue
        actual = guest.loader_load(name)
        at: str | None = name
        while at is not None:
            for method, descriptor, flags, slot, *_ in guest.loader_load(at)["methods"]:
                virtual = not flags & (STATIC | PRIVATE) and not method.startswith("<")
                assert (slot >= 0) == virtual, (at, method)
                if virtual:
                    assert actual["vtable"][slot] == (select(name, at, method, descriptor), method, descriptor)
            at = library.model(at).super_name


def test_interface_methods_are_numbered() -> None:
    library.open_loader()
    methods = guest.loader_load("java/util/List")["methods"]
    numbers = [number for _, _, flags, _, number, *_ in methods if not flags & (STATIC | PRIVATE)]
    assert numbers == list(range(len(numbers)))
    assert all(number == -1 for _, _, flags, _, number, *_ in methods if flags & (STATIC | PRIVATE))


@pytest.mark.parametrize(("actual", "holder", "name", "descriptor", "selected"), [
    ("java/util/ArrayList", "java/util/Collection", "size", "()I", "java/util/ArrayList"),
    ("java/util/ArrayList", "java/util/List", "getFirst", "()Ljava/lang/Object;", "java/util/ArrayList"),
    ("java/util/ArrayDeque", "java/lang/Iterable", "forEach", "(Ljava/util/function/Consumer;)V", "java/util/ArrayDeque"),
    ("java/util/ArrayDeque", "java/util/Collection", "stream", "()Ljava/util/stream/Stream;", "java/util/Collection"),
    ("java/util/ImmutableCollections$List12", "java/util/ImmutableCollections$AbstractImmutableList", "get",
     "(I)Ljava/lang/Object;", "java/util/ImmutableCollections$List12"),
    ("[Ljava/lang/String;", "java/lang/Object", "hashCode", "()I", "java/lang/Object"),
])
def test_selection_in_the_library(actual: str, holder: str, name: str, descriptor: str, selected: str) -> None:
    library.open_loader()
    assert guest.loader_select(actual, holder, name, descriptor) == selected
    assert guest.loader_select(actual, holder, name, descriptor) == selected        # from the interface table


def define_all(text: str) -> None:
    library.open_loader()
    for each in assemble(text):
        guest.loader_define(each.data)


def method(flags: str, name: str = "m") -> str:
    return f".method {flags} {name} ()V\n    return\n.end method\n"


def test_package_private_methods_across_packages() -> None:
    """§5.4.5: b.Two.m does not override a.One.m, but a.Three.m does, and through a.Three's b.Four.m."""
    define_all(".class public super a/One\n" + method("", "m")
               + ".class public super b/Two\n.super a/One\n" + method("", "m")
               + ".class public super a/Three\n.super b/Two\n" + method("public", "m")
               + ".class public super b/Four\n.super a/Three\n" + method("public", "m"))
    assert guest.loader_select("b/Two", "a/One", "m", "()V") == "a/One"
    assert guest.loader_select("a/Three", "a/One", "m", "()V") == "a/Three"
    assert guest.loader_select("a/Three", "b/Two", "m", "()V") == "b/Two"
    assert guest.loader_select("b/Four", "a/One", "m", "()V") == "b/Four"
    assert guest.loader_select("b/Four", "b/Two", "m", "()V") == "b/Four"


DIAMOND = """
.class public interface abstract Top
.method public m ()V
    return
.end method
.class public interface abstract Left
.implements Top
.method public m ()V
    return
.end method
.class public interface abstract Right
.implements Top
"""


def test_the_maximally_specific_default_is_selected() -> None:
    define_all(DIAMOND + ".class public super Both\n.implements Top\n.implements Right\n.implements Left\n")
    for holder in ("Top", "Left", "Right", "Both"):
        assert guest.loader_select("Both", holder, "m", "()V") == "Left"


def test_conflicting_defaults() -> None:
    define_all(DIAMOND + ".class public interface abstract Other\n" + method("public")
               + ".class public super Both\n.implements Left\n.implements Other\n")
    with pytest.raises(guest.LoaderError, match="Conflicting default methods: Left.m Other.m"):
        guest.loader_select("Both", "Top", "m", "()V")


def test_a_class_wins_over_an_interface_even_when_abstract() -> None:
    define_all(DIAMOND + ".class public super abstract Base\n.method public abstract m ()V\n.end method\n"
               ".class public super Both\n.super Base\n.implements Left\n")
    with pytest.raises(guest.LoaderError, match="Receiver class Both does not define or inherit an implementation of the resolved "
                       r"method 'void m\(\)' of interface Left. Selected method is 'abstract void Base.m\(\)'."):
        guest.loader_select("Both", "Left", "m", "()V")


def test_private_methods_of_classes_do_not_implement_interfaces() -> None:
    define_all(DIAMOND + ".class public super Base\n" + method("private")
               + ".class public super Both\n.super Base\n.implements Left\n")
    assert guest.loader_select("Both", "Left", "m", "()V") == "Left"


def test_a_final_method_is_not_overridden() -> None:
    library.open_loader()
    first, second = assemble(".class public super Base\n" + method("public final")
                             + ".class public super Sub\n.super Base\n" + method("public"))
    guest.loader_define(first.data)
    with pytest.raises(guest.LoaderError, match=r"class Sub overrides final method Base.m\(\)V"):
        guest.loader_define(second.data)


@pytest.mark.parametrize(("sub", "of", "expected"), [
    ("java/lang/String", "java/lang/Object", True), ("java/lang/Object", "java/lang/String", False),
    ("java/util/ArrayList", "java/util/Collection", True), ("java/util/Collection", "java/lang/Object", True),
    ("java/util/List", "java/util/Collection", True), ("java/util/Collection", "java/util/List", False),
    ("[I", "java/lang/Object", True), ("[I", "java/lang/Cloneable", True), ("[I", "java/io/Serializable", True),
    ("[I", "java/lang/Runnable", False), ("[I", "[J", False), ("[I", "[Ljava/lang/Object;", False),
    ("[[I", "[Ljava/lang/Object;", True), ("[[I", "[Ljava/lang/Cloneable;", True), ("[[I", "[[J", False),
    ("[Ljava/lang/String;", "[Ljava/lang/CharSequence;", True), ("[Ljava/lang/Object;", "[Ljava/lang/String;", False),
    ("[[Ljava/util/ArrayList;", "[[Ljava/util/Collection;", True), ("int", "int", True), ("int", "java/lang/Object", False),
    ("sun/nio/fs/LinuxFileSystemProvider", "java/nio/file/spi/FileSystemProvider", True),
])
def test_subtypes(sub: str, of: str, expected: bool) -> None:
    library.open_loader()
    assert guest.loader_subtype(sub, of) is expected


def test_subtypes_deeper_than_the_display() -> None:
    define_all("".join(f".class public super D{n}\n" + (f".super D{n - 1}\n" if n else "") for n in range(12)))
    for a in range(12):
        for b in range(12):
            assert guest.loader_subtype(f"D{a}", f"D{b}") is (a >= b)
