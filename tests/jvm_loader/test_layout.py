"""jvm/loader/layout.pyx: no two fields overlap, references are where the collector is told, gaps are used."""

from __future__ import annotations

from typing import Any

import pytest

from demitasse import _guest as guest
from demitasse.jvm.model.assembler import assemble

from . import library

SIZES = {"J": 8, "D": 8, "I": 4, "F": 4, "S": 2, "C": 2, "B": 1, "Z": 1, "L": 4, "[": 4}
STATIC = 0x8
#: Reference's fields that the collector treats by itself.
HIDDEN = {("java/lang/ref/Reference", "referent"), ("java/lang/ref/Reference", "discovered")}


def runs_of(runs: list[tuple[int, int]]) -> list[int]:
    return [offset + 4 * i for offset, count in runs for i in range(count)]


def check(name: str, own: dict[str, Any] | None = None) -> None:
    """The layout of one class, with all that it inherits."""
    described = own if own is not None else guest.loader_load(name)
    chain: list[dict[str, Any]] = []
    at: dict[str, Any] | None = described
    while at is not None:
        chain.append(at)
        at = guest.loader_load(at["super"]) if at["super"] else None
    used: dict[int, str] = {}
    references = []
    for each in reversed(chain):
        for field, descriptor, offset, flags, _ in each["fields"]:
            if flags & STATIC:
                continue
            size = SIZES[descriptor[0]]
            assert offset >= 8 and offset % size == 0, (each["name"], field)
            assert offset + size <= each["end"] <= each["size"], (each["name"], field)
            for byte in range(offset, offset + size):
                assert byte not in used, (each["name"], field, used[byte])
                used[byte] = field
            if descriptor[0] in "L[" and (each["name"], field) not in HIDDEN:
                references.append(offset)
    assert sorted(runs_of(described["runs"])) == sorted(references), name
    assert described["size"] == (described["end"] + 7) // 8 * 8
    statics = [f for f in described["fields"] if f[3] & STATIC]
    base = guest.loader_load("java/lang/Class")["size"]
    taken: set[int] = set()
    for field, descriptor, offset, _, _ in statics:
        size = SIZES[descriptor[0]]
        assert offset >= base and (offset - base) % size == 0 and offset + size <= base + described["static_size"]
        assert not taken & set(range(offset, offset + size)), (name, field)
        taken |= set(range(offset, offset + size))
    assert sorted(runs_of(described["static_runs"])) == sorted(f[2] for f in statics if f[1][0] in "L[")


def test_a_sample_of_the_library() -> None:
    library.open_loader()
    guest.loader_load("java/lang/Class")
    for name in library.library_classes()[::23]:
        check(name)


@pytest.mark.parametrize(("name", "kind", "strength"), [
    ("java/lang/Object", 1, 0), ("java/lang/Class", 3, 0), ("java/lang/ClassLoader", 6, 0),
    ("java/security/SecureClassLoader", 6, 0), ("java/lang/ref/Reference", 2, 0), ("java/lang/ref/SoftReference", 2, 1),
    ("java/util/WeakHashMap$Entry", 2, 2), ("java/lang/ref/Finalizer", 2, 3), ("jdk/internal/ref/PhantomCleanable", 2, 4),
])
def test_kinds_of_shapes(name: str, kind: int, strength: int) -> None:
    library.open_loader()
    described = guest.loader_load(name)
    assert (described["kind"], described["strength"]) == (kind, strength)


def test_injected_fields_are_there_but_not_the_class_s_own() -> None:
    library.open_loader()
    for name, field in (("java/lang/Class", "klass"), ("java/lang/ClassLoader", "loader_data"), ("java/lang/Module", "module_entry")):
        described = guest.loader_load(name)
        assert [f[0] for f in described["fields"] if f[4]] == [field]
        assert field not in [f[0] for f in described["fields"] if not f[4]]


def test_a_subclass_fills_the_superclass_s_tail() -> None:
    library.open_loader()
    guest.loader_load("java/lang/Class")
    sources = """
.class public super One
.field a B
.class public super Two
.super One
.field b J
.field c S
.field d I
.field e Ljava/lang/Object;
.class public super Three
.super Two
.field f Z
.field g Ljava/lang/String;
"""
    described = {each.name: guest.loader_define(each.data) for each in assemble(sources)}
    for each in described.values():
        check(each["name"], each)
    assert described["One"]["end"] == 9
    # b must be aligned: c and d fit in front of it.
    assert described["Two"]["end"] == 28 and described["Two"]["size"] == 32
    assert described["Three"]["size"] == 40


def test_finalizers() -> None:
    library.open_loader()
    sources = """
.class public super Plain
.class public super Trivial
.method protected finalize ()V
    return
.end method
.class public super Real
.method protected finalize ()V
    nop
    return
.end method
.class public super Inherits
.super Real
.class public super Undone
.super Real
.method protected finalize ()V
    return
.end method
"""
    found = {each.name: guest.loader_define(each.data)["finalizer"] for each in assemble(sources)}
    assert found == {"Plain": 0, "Trivial": 0, "Real": 1, "Inherits": 1, "Undone": 0}
