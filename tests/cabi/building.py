"""Builds C programs twice from the same source: for a guest and, with the same C library, for Linux, which is the judge.

Built programs are kept in the cache, under a digest of the source, the commands and the sysroot.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from demitasse.cabi import cc
from demitasse.runtime.errors import UserError
from tests import tools

from . import sources
from .sources import Folder, Source

KINDS = ("linux", "guest")
HERE = Path(__file__).resolve().parent
TIMEOUT = 1800


@functools.cache
def sysroot(kind: str) -> str:
    try:
        return cc.sysroot(kind)
    except UserError as error:
        pytest.skip(f"no C library: {error}")


def compiler() -> str:
    """`demitasse cc` as one word, of the Python that runs the tests."""
    script = Path(sys.executable).parent / "demitasse-cc"
    return str(script)


def environment(kind: str) -> dict[str, str]:
    """In which commands find the compiler as $CC."""
    found = {**tools.ENVIRONMENT, "CC": compiler(), "HOME": os.environ.get("HOME", "/")}
    if "XDG_CACHE_HOME" in os.environ:
        found["XDG_CACHE_HOME"] = os.environ["XDG_CACHE_HOME"]
    if kind == "linux":
        found[cc.FOR_LINUX] = "1"
    return found


def built(name: str, source: Source | Folder, commands: tuple[str, ...], kind: str) -> Path:
    """The folder in which the commands have run on the source."""
    origin = source.sha256 if isinstance(source, Source) else os.environ.get(source.variable, "")
    digest = hashlib.sha256("\0".join([origin, *commands, sysroot(kind)]).encode()).hexdigest()[:16]
    folder = sources.cache() / "built" / f"{name}-{kind}-{digest}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        fresh = Path(scratch, "tree")
        sources.unpacked(source, fresh)
        for command in commands:
            done = subprocess.run(["sh", "-c", command], cwd=fresh, env=environment(kind), stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=TIMEOUT)
            assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        fresh.rename(folder)
    return folder


def compile_one(text: Path, kind: str, out: Path, *options: str) -> Path:
    """A program of one source file."""
    done = subprocess.run([compiler(), "-O2", *options, "-o", str(out), str(text)], env=environment(kind), capture_output=True, text=True)
    assert done.returncode == 0, f"{shlex.join(map(str, done.args))}\n{done.stderr}"
    return out
