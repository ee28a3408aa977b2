"""Unloading of classes by its figures: memory that would not hold them all, lines that tell, freed memory that is poison."""

from __future__ import annotations

import re

import pytest

from tests import tools
from tests.conftest import need_home
from tests.programs import build

#: Loaders, or hidden classes, one after the other; all together would take some 200 MiB of metadata.
MANY = {"LoadersDropped": ("5000", 5 * 5000), "HiddenDropped": ("20000", 20000)}
POISONED = ("--config", "gc-every=7", "--config", "gc-poison=1", "--config", "gc-verify=1")


def run(home: str, program: str, *arguments: str, options: tuple[str, ...] = ()) -> tools.Outcome:
    need_home(home)
    return tools.run_demitasse("run", "--home", home, *options, "-cp", str(build.PROGRAMS / "programs.jar"), program, *arguments, timeout=300)


@pytest.mark.parametrize("home", ["process", "kvm"])
@pytest.mark.parametrize("program", MANY)
def test_memory_stays_flat(home: str, program: str) -> None:
    count, classes = MANY[program]
    outcome = run(home, program, count, options=("--stats", "-m", "64M"))
    assert outcome.code == 0 and b"false" not in outcome.out, outcome.err[-1000:]
    figures = re.search(rb"classes +([\d,]+) loaded, ([\d,]+) unloaded; ([\d.]+) MiB of metadata", outcome.err)
    assert figures, outcome.err
    loaded, unloaded = (int(figures[i].replace(b",", b"")) for i in (1, 2))
    assert unloaded > 0.95 * classes and loaded - unloaded < 4000 and float(figures[3]) < 16


def test_each_class_that_goes_has_a_line() -> None:
    outcome = run("process", "LoaderKept", options=("--verbose", "class"))
    unloaded = re.findall(rb"\[class,unload\] unloading class ([\w$]+)", outcome.out)
    assert unloaded.count(b"LoaderKept$Part") > 15 and b"LoaderKept$Child" in unloaded
    assert not {b"LoaderKept", b"ChildFirst"} & set(unloaded)


@pytest.mark.parametrize("program", ["LoaderKept", "PluginReload"])
def test_nothing_stale_is_met(program: str) -> None:
    arguments = {"PluginReload": ("3",)}.get(program, ())
    outcome = run("process", program, *arguments, options=POISONED)
    plain = run("process", program, *arguments)
    assert (outcome.code, outcome.out, outcome.err) == (plain.code, plain.out, plain.err) and plain.code == 0
