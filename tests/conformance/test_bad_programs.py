"""Programs that cannot start: the same first line and exit code as the host JVM, whoever finds out."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from demitasse.runtime.bench.contenders import PROGRAMS as WITHOUT_MAIN
from tests import tools
from tests.conftest import need_home

HOMES = ("process", "kvm")


def hello_class() -> bytes:
    with zipfile.ZipFile(tools.HELLO) as archive:
        return archive.read("Hello.class")


def jar(folder: Path, data: bytes | None) -> Path:
    """A jar that starts Hello, with these bytes for it."""
    path = folder / "bad.jar"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: Hello\n")
        if data is not None:
            archive.writestr("Hello.class", data)
    return path


def version(major: int) -> bytes:
    data = hello_class()
    return data[:6] + major.to_bytes(2, "big") + data[8:]


CLASSES: dict[str, Callable[[], bytes | None]] = {
    "class-missing": lambda: None,
    "version-99": lambda: version(99),
    "version-0": lambda: version(0),
    "pool-tag": lambda: hello_class()[:10] + b"\xff" + hello_class()[11:],
    "pool-count": lambda: hello_class()[:8] + b"\xff\xff" + hello_class()[10:],
    "cut-short": lambda: hello_class()[:200],
    "magic": lambda: b"\0" + hello_class()[1:],
    "empty": lambda: b"",
    "longer": lambda: hello_class() + b"\0",
}


def compare(home: str, *program: str) -> None:
    need_home(home)
    host = tools.run_java_host(*program)
    ours = tools.run_demitasse("run", "--home", home, *program)
    assert host.code == 1 and host.out == b""
    assert (ours.code, ours.out) == (1, b"")
    assert ours.err.splitlines()[:1] == host.err.splitlines()[:1]
    assert b"Traceback" not in ours.err


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("case", CLASSES)
def test_bad_class(home: str, case: str, tmp_path: Path) -> None:
    compare(home, "-jar", str(jar(tmp_path, CLASSES[case]())))


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("name", ["bench.LoopCalls$Base", "bench.Nothing", "no/such/Name"])
def test_bad_main_class(home: str, name: str) -> None:
    compare(home, "-cp", str(WITHOUT_MAIN), name)


@pytest.mark.parametrize("home", HOMES)
def test_class_path_of_nothing(home: str, tmp_path: Path) -> None:
    compare(home, "-cp", str(tmp_path / "missing.jar"), "Hello")


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("option", ["--add-modules=no.such", "--add-exports=java.base", "--limit-modules=no.such"])
def test_modules_that_cannot_be_resolved(home: str, option: str) -> None:
    """The class library tells of these before the program starts, on standard output."""
    need_home(home)
    words = (option, "-jar", str(tools.HELLO))
    ours = tools.run_demitasse("run", "--home", home, *words)
    assert ours == tools.run_java_host(*words)
    assert ours.code == 1 and ours.out
