"""musl's own test suite, libc-test, on Linux and in a guest: `python -m tests.cabi.libc_test` prints every difference.

A test passes if its exit code is 0.  What passes on Linux with the same library is what a guest is measured by; tests that need a
shared library are left out.  MISSED lists what does not pass in a guest, with the reason.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests import tools

from . import building
from .catalogue import LIBC_TEST

FLAGS = ("-std=c99 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -fno-builtin -frounding-math -w -g1 -O1 "
         "-Werror=implicit-function-declaration -Isrc/common")
FOLDERS = ("functional", "regression", "math")
#: They are about libraries that are loaded at run time.
SHARED = ("functional/dlopen", "functional/tls_align_dlopen", "functional/tls_init_dlopen", "regression/tls_get_new-dtv")
COMMANDS = (
    f"for f in fdfill memfill mtest path print rand setrlim utf8 vmfill; do $CC {FLAGS} -c src/common/$f.c -o src/common/$f.o || exit 1; done",
    "ar rc src/common/libtest.a src/common/*.o",
    f"$CC {FLAGS} -c src/functional/tls_align_dso.c -o src/functional/tls_align_dso.o",
    f"ls {' '.join(f'src/{folder}/*.c' for folder in FOLDERS)} | grep -v _dso.c | sed 's/[.]c$//' | "
    "xargs -P 2 -I@ sh -c 'more=; case @ in *tls_align) more=src/functional/tls_align_dso.o;; esac; "
    f"$CC {FLAGS} -o @.exe @.c $more src/common/libtest.a -lpthread -lm -lrt -lcrypt -ldl >@.err 2>&1 || true'",
)
TIMEOUT = 60.0
#: Test: why it does not pass in a guest though it does on Linux.
_FORK = "forks, and there is one address space"
_IPC = "System V IPC is not there"
MISSED = {
    "functional/fcntl": _FORK, "functional/vfork": _FORK, "regression/daemon-failure": _FORK, "regression/fflush-exit": _FORK,
    "regression/pthread_exit-dtor": _FORK, "regression/raise-race": _FORK,
    "functional/ipc_msg": _IPC, "functional/ipc_sem": _IPC, "functional/ipc_shm": _IPC,
    "regression/malloc-brk-fail": "what it fills and partly gives back is addresses without memory, and malloc wants memory",
    "functional/popen": "there is no shell", "functional/spawn": "there is no program echo", "regression/execle-env": "a program does not replace itself",
}
#: What of what passes on Linux passes in a guest, at least.
SHARE = 0.95


class Result(NamedTuple):
    """How a test ended: its exit code (or None after TIMEOUT) and the last of what it said."""

    code: int | None
    text: str


def names(tree: Path) -> list[str]:
    """All tests that were built."""
    found = [str(path.relative_to(tree / "src").with_suffix("")) for folder in FOLDERS for path in sorted((tree / "src" / folder).glob("*.exe"))]
    return [name for name in found if name not in SHARED]


def run(tree: Path, name: str, kind: str, home: str = "process") -> Result:
    """One test, in the folder in which it was built."""
    folder = tree / "src" / Path(name).parent
    program = tree / "src" / f"{name}.exe"
    command = [str(program)] if kind == "linux" else [
        sys.executable, "-m", "demitasse", "run", "--home", home, "-v", f"{folder}:{folder}", "-w", str(folder), str(program)]
    try:
        done = subprocess.run(command, cwd=folder, env=tools.ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=TIMEOUT)
    except subprocess.TimeoutExpired as late:
        return Result(None, (late.stdout or b"").decode(errors="replace")[-600:])
    return Result(done.returncode, done.stdout.decode(errors="replace")[-600:])


def run_all(kind: str, only: list[str] | None = None, home: str = "process") -> dict[str, Result]:
    """All tests, or some, two at a time."""
    tree = building.built("libc-test", LIBC_TEST, COMMANDS, kind)
    chosen = [name for name in names(tree) if only is None or name in only]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(chosen, pool.map(lambda name: run(tree, name, kind, home), chosen)))


def main() -> int:
    linux = run_all("linux")
    passed = [name for name, result in linux.items() if result.code == 0]
    print(f"Linux: {len(passed)} of {len(linux)} pass; not: {', '.join(sorted(set(linux) - set(passed)))}")
    guest = run_all("guest", sys.argv[1:] or passed)
    failed = {name: result for name, result in guest.items() if result.code != 0}
    for name, result in failed.items():
        print(f"--- {name}: {'no end' if result.code is None else result.code} ({MISSED.get(name, 'not explained')})\n{result.text}")
    print(f"guest: {len(guest) - len(failed)} of {len(guest)} pass")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
