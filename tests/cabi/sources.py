"""Sources of other people's C programs: pinned, fetched as Debian or PyPI source packages, cached, never committed.

Invariant: a source is unpacked only after its SHA-256 was found to be the one that its pin names.

apt-get fetches them from the archive that this machine uses, with lists of its own in the cache, so that nothing of this
machine's package state is touched; where there is no apt-get, or no archive, the tests of that source are skipped by name.  What no
registry has can be given as a folder in an environment variable.  The cache is $DEMITASSE_TEST_SOURCES, or demitasse/sources
under the user's cache folder.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from demitasse.cabi.musl.source import pip
from demitasse.runtime.errors import UserError

CACHE_VARIABLE = "DEMITASSE_TEST_SOURCES"
SUITE = "trixie"
TIMEOUT = 300


class Missing(Exception):
    """A source cannot be had on this machine; the text says why."""


class Wrong(Exception):
    """What came is not what was pinned."""


@dataclass(frozen=True)
class Source:
    """One pinned source package: its name and version, its original archive, and that one's SHA-256."""

    package: str
    version: str
    archive: str
    sha256: str


@dataclass(frozen=True)
class Package:
    """A folder in a pinned source package of PyPI: its requirement, the archive's name and SHA-256, and where the folder is in it."""

    requirement: str
    archive: str
    sha256: str
    folder: str


@dataclass(frozen=True)
class Folder:
    """A source that the one who runs the tests gives: the environment variable that names its folder, and what it should be."""

    variable: str
    what: str


def cache() -> Path:
    base = os.environ.get(CACHE_VARIABLE)
    if base:
        return Path(base)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "demitasse" / "sources"


def unpacked(source: Source | Package | Folder, folder: Path) -> None:
    """Have the source's files in `folder`, which is made."""
    if isinstance(source, Folder):
        given = os.environ.get(source.variable)
        if not given:
            raise Missing(f"needs a folder with {source.what}, named by {source.variable}")
        shutil.copytree(given, folder, symlinks=True)
        return
    archive = cache() / source.archive
    if not archive.exists():
        _fetch_package(source, archive) if isinstance(source, Package) else _fetch(source, archive)
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != source.sha256:
        raise Wrong(f"{archive} has SHA-256 {digest}, not {source.sha256}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch, tarfile.open(archive) as tar:
        tar.extractall(scratch, filter="data")
        inner, = Path(scratch).iterdir()
        (inner / source.folder if isinstance(source, Package) else inner).rename(folder)


def _fetch(source: Source, archive: Path) -> None:
    options = _apt()
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        wanted = f"{source.package}={source.version}"
        done = subprocess.run(["apt-get", *options, "source", "--download-only", "--tar-only", "-q", wanted], cwd=folder, timeout=TIMEOUT,
                              capture_output=True, text=True)
        came = Path(folder, source.archive)
        if not came.exists():
            raise Missing(f"apt-get source {wanted}: {(done.stderr.splitlines() or ['nothing came'])[-1][:200]}")
        came.replace(archive)


def _fetch_package(source: Package, archive: Path) -> None:
    """pip looks at the digest before it opens the archive."""
    try:
        command = pip()
    except UserError as error:
        raise Missing(str(error)) from None
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        wanted = Path(folder, "requirements.txt")
        wanted.write_text(f"{source.requirement} --hash=sha256:{source.sha256}\n")
        done = subprocess.run([*command, "download", "-q", "--disable-pip-version-check", "--no-deps", f"--no-binary={source.requirement.split('=')[0]}",
                               f"--dest={folder}", f"--requirement={wanted}"], timeout=TIMEOUT, capture_output=True, text=True)
        came = Path(folder, source.archive)
        if not came.exists():
            raise Missing(f"pip download {source.requirement}: {(done.stderr.splitlines() or ['nothing came'])[-1][:200]}")
        came.replace(archive)


def _archives() -> list[str]:
    """Where this machine has its Debian packages from, if it has any: the source packages are there too."""
    told = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"], capture_output=True, text=True).stdout
    found = sorted({line.rstrip("/") for line in told.splitlines() if line.rstrip("/").endswith("/debian")})
    if not found:
        raise Missing("apt knows no archive of Debian")
    return found


@functools.cache
def _apt() -> tuple[str, ...]:
    """Options for an apt-get that knows of source packages, with lists of its own."""
    if shutil.which("apt-get") is None:
        raise Missing("needs apt-get, to fetch a source package")
    base = cache() / "apt"
    for part in ("lists/partial", "archives/partial"):
        (base / part).mkdir(parents=True, exist_ok=True)
    (base / "sources.list").write_text("".join(f"deb-src {archive} {SUITE} main\n" for archive in _archives()))
    options = tuple(f"-o{name}={value}" for name, value in (
        ("Dir::Etc::sourcelist", base / "sources.list"), ("Dir::Etc::sourceparts", "-"), ("Dir::State::lists", base / "lists"),
        ("Dir::Cache", base), ("APT::Sandbox::User", "root")))
    done = subprocess.run(["apt-get", *options, "-q", "update"], capture_output=True, text=True, timeout=TIMEOUT)
    if done.returncode:
        raise Missing(f"apt-get update: {(done.stderr.splitlines() or [''])[-1][:200]}")
    return options
