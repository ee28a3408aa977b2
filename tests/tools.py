"""What tests run other programs with: the host JVM, Demitasse's own command, and tools that may be missing.

Invariant: a run gets a small fixed environment, so that no test depends on who starts it.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from demitasse.jvm.model.class_library import java_home
from demitasse.runtime import homes

REPOSITORY = Path(__file__).resolve().parents[1]
HELLO = REPOSITORY / "examples" / "hello" / "hello.jar"
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.environ.get("PATH", "")}
#: Set to keep the tests from installing QEMU, also where they could.
NO_INSTALL = "DEMITASSE_TEST_NO_INSTALL"


class Outcome(NamedTuple):
    """What a program left behind."""

    out: bytes
    err: bytes
    code: int


def run_java_host(*args: str, stdin: bytes = b"", timeout: float = 120) -> Outcome:
    """Run the host JVM: `args` are all that follows `java`."""
    return _run([str(java_home() / "bin" / "java"), *args], stdin, timeout)


def run_demitasse(*args: str, stdin: bytes = b"", timeout: float = 120, env: dict[str, str] | None = None,
                  cwd: Path | None = None) -> Outcome:
    """Run the command: `args` are all that follows `demitasse`."""
    return _run([sys.executable, "-m", "demitasse", *args], stdin, timeout, {**ENVIRONMENT, **(env or {})}, cwd)


def _run(command: Sequence[str], stdin: bytes, timeout: float, env: dict[str, str] = ENVIRONMENT,
         cwd: Path | None = None) -> Outcome:
    done = subprocess.run(command, input=stdin, capture_output=True, env=env, timeout=timeout, cwd=cwd)
    return Outcome(done.stdout, done.stderr, done.returncode)


@functools.cache
def missing_home(home: str) -> str | None:
    """Why tests cannot use a home; QEMU is installed first where that is allowed."""
    if home == "qemu" and shutil.which(homes.QEMU) is None:
        install_qemu()
    return homes.missing(home)


def install_qemu() -> None:
    """Install QEMU from the system's packages if this user may, and nobody objects."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0 or os.environ.get(NO_INSTALL):
        return
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": 600,
             "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    install = [apt, "install", "-y", "--no-install-recommends", "qemu-system-x86"]
    try:
        if subprocess.run(install, **quiet).returncode:              # type: ignore[call-overload]
            subprocess.run([apt, "update"], **quiet)                 # type: ignore[call-overload]
            subprocess.run(install, **quiet)                         # type: ignore[call-overload]
    except subprocess.TimeoutExpired:
        pass
