"""Valid classes in thousands: the class library's own, defined by a loader of ours, pass as on the host JVM."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from demitasse.jvm.model.jimage import JImage

from .bundle import failures

PROGRAMS = Path(__file__).resolve().parents[1] / "programs" / "programs.jar"


def library(module: str) -> list[tuple[str, bytes]]:
    """What a loader may define of a module: not its java packages."""
    with JImage() as image:
        found = [(f"{each.parent}/{each.base}", bytes(image.read(each))) for each in image.classes(module) if each.parent]
    return [(name, data) for name, data in found if not name.startswith("java/")]


@pytest.mark.parametrize(("module", "least"), [("java.xml", 1500), ("java.base", 2500), ("java.desktop", 2500)])
def test_the_class_library_passes(module: str, least: int) -> None:
    classes = library(module)
    host, guest = failures(classes, True), failures(classes, False, "-Xmx512m")
    # Other errors are about modules and loaders that these classes were not made for.
    assert {name for name, error in guest.items() if error.endswith(".VerifyError")} == \
        {name for name, error in host.items() if error.endswith(".VerifyError")}
    assert len(classes) - len(guest) > least


def test_the_corpus_passes() -> None:
    with zipfile.ZipFile(PROGRAMS) as jar:
        classes = [(name.removesuffix(".class"), jar.read(name)) for name in jar.namelist() if name.endswith(".class")]
    assert failures(classes, False) == failures(classes, True)
    assert len(classes) > 400
