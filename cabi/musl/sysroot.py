"""The sysroot: headers, start files and libraries that C programs are compiled and linked with, built once and cached.

Invariant: a sysroot's folder is named by a digest of all that it is made of; it appears whole or not at all, and is never
changed afterwards.

There are two of one source: `guest`, where musl's system calls are calls of kernel functions, and `linux`, plain musl for
static programs of this machine: what a guest's behaviour and speed are judged by.  Both are compiled with the same flags.
"""

from __future__ import annotations

import concurrent.futures
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from demitasse.cabi import toolchain, traps
from demitasse.cabi.musl import headers, source, specs
from demitasse.runtime.errors import UserError

KINDS = ("guest", "linux")
SEAM = Path(__file__).resolve().parent / "seam"
IMPORT_LIBRARY = "libdemitasse.so"
#: musl's files that enter the kernel by themselves; those of the seam stand for them.
REPLACED = frozenset(("src/thread/x86_64/__set_thread_area.s", "src/thread/x86_64/__unmapself.s", "src/thread/x86_64/clone.s",
                      "src/thread/x86_64/syscall_cp.s", "src/process/x86_64/vfork.s", "src/signal/x86_64/restore.s"))
SEAM_FILES = ("syscall_cp.S", "thread.S", "restore.S", "vfork.S")
#: Libraries that programs ask for by name and that are all in libc.a, as musl installs them.
EMPTY_LIBRARIES = ("m", "rt", "pthread", "crypt", "util", "xnet", "resolv", "dl")
CFLAGS = ("-std=c99", "-nostdinc", "-ffreestanding", "-fexcess-precision=standard", "-frounding-math", "-fno-strict-aliasing",
          "-fno-tree-loop-distribute-patterns", "-fno-stack-protector", "-fcf-protection=none", "-fno-asynchronous-unwind-tables",
          "-fno-unwind-tables", "-fno-omit-frame-pointer", "-ffunction-sections", "-fdata-sections", "-fPIE", "-O2", "-w",
          "-Wa,--noexecstack", "-D_XOPEN_SOURCE=700")
CRT = {"crt1.o": "crt/crt1.c", "Scrt1.o": "crt/Scrt1.c", "rcrt1.o": "crt/rcrt1.c", "crti.o": "crt/x86_64/crti.s",
       "crtn.o": "crt/x86_64/crtn.s"}

#: To be raised when something else in this file changes what is built.
RECIPE = 2
#: So many sources go to one run of gcc.
BATCH = 32
#: Told how much of how much is done.
Progress = Callable[[int, int], None]


def sources(tree: Path) -> list[str]:
    """What libc.a is made of, as musl's makefile chooses it: a file for the architecture replaces the general one of its name."""
    folders = sorted(p for p in (tree / "src").iterdir() if p.is_dir()) + [tree / "src/malloc/mallocng"]
    chosen: list[str] = []
    for folder in folders:
        special = {p.stem: p for p in sorted((folder / "x86_64").glob("*.[csS]"))}
        general = {p.stem: p for p in sorted(folder.glob("*.c"))}
        chosen += [str(p.relative_to(tree)) for p in {**general, **special}.values()]
    return chosen


def _table() -> tuple[str, tuple[str, ...]]:
    """syscall_arch.h, and the names of all kernel functions that programs may refer to."""
    from demitasse.cabi import syscalls

    return headers.syscall_arch(syscalls.TABLE), syscalls.EXPORTS


def digest(kind: str) -> str:
    """The name of the sysroot's folder."""
    compiler = subprocess.run([toolchain.find("gcc"), "-v"], capture_output=True, text=True).stderr
    parts = [kind, source.SHA256, compiler, *CFLAGS, *sorted(REPLACED), *SEAM_FILES, *EMPTY_LIBRARIES, *CRT, specs.text(Path("/"), kind)]
    parts += [Path(headers.__file__).read_text(), str(RECIPE)]
    if kind == "guest":
        arch, exports = _table()
        parts += [arch, *exports, *(path.read_text() for path in sorted(SEAM.glob("*.S")))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


def build(kind: str, progress: Progress = lambda done, total: None) -> Path:
    """The sysroot of that kind; built now if there is none."""
    folder = source.cache() / "sysroots" / f"{kind}-{digest(kind)}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)              # of several compilations that begin at once, one builds
        if not folder.is_dir():
            tree = source.fetch()
            with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
                fresh = Path(scratch, "sysroot")
                _make(kind, tree, fresh, Path(scratch), folder, progress)
                fresh.rename(folder)
    return folder


def _make(kind: str, tree: Path, root: Path, scratch: Path, final: Path, progress: Progress) -> None:
    generated = scratch / "generated"
    _install_headers(tree, root / "include")
    (generated / "internal").mkdir(parents=True)
    (generated / "internal/version.h").write_text(headers.version(source.VERSION))
    if kind == "guest":
        (generated / "arch").mkdir()
        (generated / "arch/syscall_arch.h").write_text(_table()[0])
        (generated / "arch/atomic_arch.h").write_text(headers.atomic_arch((tree / "arch/x86_64/atomic_arch.h").read_text()))
    folders = [generated / "arch", tree / "arch/x86_64", tree / "arch/generic", generated / "internal", tree / "src/include",
               tree / "src/internal", root / "include"]
    flags = [*CFLAGS, *(f"-I{folder}" for folder in folders if folder.is_dir())]

    replaced = REPLACED if kind == "guest" else frozenset()
    texts = [tree / name for name in sources(tree) if name not in replaced]
    texts += [SEAM / name for name in SEAM_FILES if kind == "guest"]
    library = _compile(texts, flags, scratch / "objects", progress)
    if kind == "guest":
        for wanted in (path for path in library if path.name == "pthread_create.o"):
            _run([toolchain.find("objcopy"), "--redefine-sym", "__mmap=__mmap_stack", str(wanted)])
    lib = root / "lib"
    lib.mkdir(parents=True)
    for name, text in CRT.items():
        _run([toolchain.find("gcc"), *flags, "-DCRT", "-c", str(tree / text), "-o", str(lib / name)])

    if kind == "guest":
        _run([toolchain.find("gcc"), "-c", str(SEAM / "note.S"), "-o", str(scratch / "note.o")])
        for name in ("crt1.o", "Scrt1.o"):
            _run(["ld", "-r", "-o", str(scratch / name), str(lib / name), str(scratch / "note.o")])
            shutil.move(scratch / name, lib / name)
        (lib / "rcrt1.o").unlink()                    # it relocates itself: the kernel's loader does that
        _import_library(scratch, lib / IMPORT_LIBRARY)
    _run(["ar", "qcs", str(lib / "libc.a"), *map(str, library)])
    for name in EMPTY_LIBRARIES:
        _run(["ar", "rcs", str(lib / f"lib{name}.a")])
    if kind == "guest":
        check(lib / "libc.a")
    (root / "cc.specs").write_text(specs.text(final, kind))


def _install_headers(tree: Path, include: Path) -> None:
    shutil.copytree(tree / "include", include, ignore=shutil.ignore_patterns("*.in"))
    for arch in ("generic", "x86_64"):
        shutil.copytree(tree / "arch" / arch / "bits", include / "bits", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.in"))
    templates = [(tree / name).read_text() for name in ("arch/x86_64/bits/alltypes.h.in", "include/alltypes.h.in")]
    (include / "bits/alltypes.h").write_text(headers.alltypes(*templates))
    (include / "bits/syscall.h").write_text(headers.syscall_numbers((tree / "arch/x86_64/bits/syscall.h.in").read_text()))


def _compile(texts: list[Path], flags: list[str], folder: Path, progress: Progress) -> list[Path]:
    """Compile each; the objects.  gcc gets many at a time, which halves the work: its processes cost more than these small files."""
    gcc = toolchain.find("gcc")
    by_folder: dict[Path, list[Path]] = {}
    for text in texts:
        by_folder.setdefault(text.parent, []).append(text)
    batches = [group[i:i + BATCH] for group in by_folder.values() for i in range(0, len(group), BATCH)]

    def one(number: int) -> list[Path]:
        out = folder / str(number)                    # gcc names objects by their sources, into the folder where it runs
        out.mkdir(parents=True)
        _run([gcc, *flags, "-c", *map(str, batches[number])], out)
        return sorted(out.iterdir())

    found: dict[int, list[Path]] = {}
    progress(0, len(texts))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        running = {pool.submit(one, number): number for number in range(len(batches))}
        for future in concurrent.futures.as_completed(running):
            found[running[future]] = future.result()
            progress(sum(map(len, found.values())), len(texts))
    return [out for number in sorted(found) for out in found[number]]


def _import_library(scratch: Path, out: Path) -> None:
    """A library of names only: the linker learns from it what the kernel has, and complains of what it has not."""
    text = "".join(f"\t.global {name}\n\t.type {name}, @function\n{name}:\n" for name in _table()[1])
    listing = scratch / "imports.S"
    listing.write_text("\t.text\n" + text + "\t.section .note.GNU-stack, \"\", @progbits\n")
    _run([toolchain.find("gcc"), "-nostdlib", "-shared", f"-Wl,-soname,{IMPORT_LIBRARY},--hash-style=sysv", "-o", str(out), str(listing)])


def check(library: Path) -> None:
    """Refuse a library with an instruction that traps."""
    text = subprocess.run([toolchain.find("objdump"), "-d", "--no-show-raw-insn", str(library)],
                          check=True, capture_output=True, text=True).stdout
    found = re.search(traps.LINE, text)
    if found:
        names = re.findall(r"^(\S+\.o): ", text[:found.start()], re.M)
        raise UserError(f"Error: {names[-1] if names else library}: {found[1]} in the C library")


def _run(command: list[str], folder: Path | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        lines = done.stderr.splitlines()
        wrong = next((line for line in lines if "error" in line), lines[0] if lines else f"exit code {done.returncode}")
        raise UserError(f"Error: the C library cannot be built: {wrong}")
