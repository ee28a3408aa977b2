"""What the build is made of: which sources go where, and with which flags.

One table for each product.  Guest modules are found by walking the guest folders, so a new
`.pyx` or `.S` file there is part of the image at once; host extensions are listed by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Folders whose `.pyx` and `.S` files make up the image, lowest layer first.
GUEST_FOLDERS = (
    "kernel",
    "jvm/heap",
    "jvm/loader",
    "jvm/verifier",
    "jvm/interpreter",
    "jvm/runtime",
    "jvm/natives",
    "cabi/loader",
    "cabi/process",
    "cabi/calls",
)

#: Assembly that holds the image's entry points: of no use in the test extension, and full of absolute addresses.
BOOT_ONLY = ("entry.S", "pvh.S", "vectors.S")

#: gcc flags common to guest and host code.
COMMON_CFLAGS = (
    "-O2", "-g1", "-std=gnu11", "-fwrapv", "-fno-strict-aliasing", "-ffp-contract=off",
    "-fno-math-errno", "-Wall", "-Wno-unused-function", "-Wno-unused-variable",
    "-Wno-unused-but-set-variable", "-Wno-unused-label", "-Wno-maybe-uninitialized",
    "-Wno-main", "-Wno-address", "-Werror=implicit-function-declaration",
    "-Werror=incompatible-pointer-types", "-Werror=int-conversion",
)

#: Guest code: freestanding, position independent at a fixed address, no red zone because traps
#: and preemption push onto the running stack, symbols hidden so that the same objects also link
#: into the test extension.  -fPIC, not -fPIE: the unused Python initialisation in each object refers
#: to data of libpython, which only the global offset table reaches from a shared object.  DL_IMPORT is
#: what Cython wraps the type of each imported function and variable in: hidden, they are reached
#: directly, without that table.  NDEBUG keeps the assertions of Python's own headers out.
GUEST_CFLAGS = (
    "-ffreestanding", "-fPIC", "-fno-plt", "-fno-semantic-interposition", "-mcmodel=small", "-mno-red-zone", "-fno-stack-protector",
    "-fcf-protection=none", "-fvisibility=hidden", "-ffunction-sections", "-fdata-sections",
    "-fno-asynchronous-unwind-tables", "-fno-omit-frame-pointer", "-mno-avx",
    "-fno-tree-loop-distribute-patterns", "-fno-delete-null-pointer-checks",
    "'-DDL_IMPORT(type)=__attribute__((visibility(\"hidden\"))) type'", "-DDEMITASSE_GUEST=1", "-DNDEBUG=1",
)

#: Further flags of single guest modules.  The interpreter's switch stays one jump table: split by
#: bit tests, each dispatch would begin with comparisons (measured: a fifth slower).
FILE_CFLAGS = {
    "jvm/interpreter/interpret": ("-fno-bit-tests",),
}

HOST_CFLAGS = ("-fPIC", "-fvisibility=hidden")

#: Cython directives of every guest module; `DEBUG_DIRECTIVES` replaces some in a debug build.
GUEST_DIRECTIVES = {
    "language_level": "3",
    "boundscheck": "False",
    "wraparound": "False",
    "cdivision": "True",
    "nonecheck": "False",
    "initializedcheck": "False",
    "overflowcheck": "False",
    "binding": "False",
    "embedsignature": "False",
    "emit_code_comments": "False",
}

HOST_DIRECTIVES = {
    "language_level": "3",
    "boundscheck": "False",
    "wraparound": "False",
    "cdivision": "True",
}


@dataclass(frozen=True)
class Extension:
    """One Python extension module of the host side.

    module: dotted import name; main: the `.pyx` whose module initialisation Python runs; parts:
    further `.pyx` files written as guest modules are (C functions only, no module state of
    Python); guest: link every guest object in as well (the test extension).
    """

    module: str
    main: str
    parts: tuple[str, ...] = ()
    guest: bool = False


#: The test extension's source is generated: it includes every shell in this folder.
TEST_SHELLS = "tests/guest"


def host_extensions() -> tuple[Extension, ...]:
    """The host extensions in the order in which they are built."""
    devices = _pyx("runtime/devices")
    found = [Extension("demitasse._devices", "tests/devices/_devices.pyx", devices)]
    for home in ("process", "kvm"):
        main = f"runtime/monitor/{home}.pyx"
        if (ROOT / main).exists():
            found.append(Extension(f"demitasse.runtime.monitor.{home}", main, devices))
    if list((ROOT / TEST_SHELLS).glob("*.pxi")):
        found.append(Extension("demitasse._guest", "_guest.pyx", guest=True))
    return tuple(found)


#: The probe image, for tests of the homes: the platform under a main of its own.
PROBE_MAIN = "tests/boot/probe.pyx"
PROBE_FOLDERS = ("kernel/platform", "kernel/boot")
PROBE_WITHOUT = ("kernel/boot/main.pyx", "kernel/boot/config.pyx")


def _pyx(folder: str) -> tuple[str, ...]:
    return tuple(sorted(str(p.relative_to(ROOT)) for p in (ROOT / folder).glob("*.pyx")))


def guest_sources() -> tuple[list[Path], list[Path]]:
    """Return (Cython modules, assembly files) of the image, relative to the root, sorted."""
    modules: list[Path] = []
    assembly: list[Path] = []
    for folder in GUEST_FOLDERS:
        modules += sorted(p.relative_to(ROOT) for p in (ROOT / folder).rglob("*.pyx"))
        assembly += sorted(p.relative_to(ROOT) for p in (ROOT / folder).rglob("*.S"))
    return modules, assembly
