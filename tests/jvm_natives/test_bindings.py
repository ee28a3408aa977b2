"""The table of native methods against the class library's class files."""

from __future__ import annotations

from pathlib import Path

import pytest

from demitasse.jvm.model.jimage import JImage
from demitasse.jvm.model.natives import list_natives
from demitasse.jvm.natives import bindings, intrinsics, table

FOLDER = Path(bindings.__file__).parent


def test_every_row_names_a_method() -> None:
    assert table.check() == []


def test_a_wrong_row_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bindings.NATIVES, "java/lang/Object", {"getKlass()V": "object_get_class"})
    monkeypatch.setitem(intrinsics.INTRINSICS, "java/lang/System", {"nanoTime()J": "system_nano_time"})
    with pytest.raises(table.BindingError, match=r"java/lang/Object\.getKlass\(\)V: no such native method") as caught:
        table.render()
    assert "java/lang/System.nanoTime()J: no such method with a body" in str(caught.value)


def test_every_function_is_defined() -> None:
    defined = {line.split("native_", 1)[1].split("(")[0] for source in FOLDER.rglob("*.pyx") for line in source.read_text().splitlines()
               if line.startswith("cdef public void native_")}
    bound = {function for section in (bindings.NATIVES, intrinsics.INTRINSICS) for methods in section.values() for function in methods.values()}
    assert bound <= defined
    assert defined - bound == set()


def test_what_hello_world_needs_is_bound() -> None:
    """Classes whose natives every start calls: nothing of them may be missing."""
    complete = ("java/lang/Object", "java/lang/Class", "java/lang/ClassLoader", "java/lang/Module", "java/lang/Runtime", "java/lang/System",
                "java/lang/Thread", "java/lang/Throwable", "java/lang/ref/Reference", "java/io/FileDescriptor", "java/io/FileInputStream",
                "java/io/FileOutputStream", "java/io/UnixFileSystem", "jdk/internal/misc/Unsafe", "jdk/internal/misc/VM",
                "jdk/internal/misc/CDS", "jdk/internal/misc/Signal", "jdk/internal/reflect/Reflection", "java/lang/reflect/Array",
                "java/util/zip/Inflater", "java/util/zip/Deflater", "java/util/zip/CRC32")
    with JImage() as image:
        natives = {n for n in list_natives(image, ["java.base"]) if n.class_name in complete}
    assert {n.class_name for n in natives} == set(complete)
    missing = [str(n) for n in sorted(natives) if n.name + n.descriptor not in bindings.NATIVES.get(n.class_name, {})]
    assert missing == []
