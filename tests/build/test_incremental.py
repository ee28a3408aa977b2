"""A second build has nothing to do, and a touched source rebuilds what depends on it and no more."""

from __future__ import annotations

import os
import subprocess

import ninja
import pytest

from runtime.build import builder
from runtime.build.manifest import ROOT

LAYOUT = builder.Layout(ROOT / "build" / "release", debug=False)


def dry_run() -> list[str]:
    """What ninja would do, a line for each step."""
    file = builder.write_ninja(LAYOUT)
    done = subprocess.run([os.path.join(ninja.BIN_DIR, "ninja"), "-f", str(file.relative_to(ROOT)), "-n"],
                          cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    return [line for line in done.stdout.splitlines() if line.startswith("[")]


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    if not LAYOUT.image.exists():
        pytest.skip("the image is not built: make")
    builder.build()


def test_a_second_build_does_nothing() -> None:
    assert dry_run() == []


def test_writing_the_build_file_again_changes_nothing() -> None:
    before = builder.write_ninja(LAYOUT).stat().st_mtime_ns
    assert builder.write_ninja(LAYOUT).stat().st_mtime_ns == before


@pytest.mark.parametrize(("source", "rebuilt", "spared"), [
    ("kernel/platform/platform.pyx", "kernel/platform/platform", "runtime/monitor/process.c"),
    ("kernel/boot/entry.S", "kernel/boot/entry.S", "kernel/platform"),
])
def test_a_touched_source_rebuilds_what_depends_on_it(source: str, rebuilt: str, spared: str) -> None:
    path = ROOT / source
    before = path.stat()
    try:
        os.utime(path)
        steps = "\n".join(dry_run())
    finally:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert rebuilt in steps and "kernel.elf" in steps
    assert spared not in steps
