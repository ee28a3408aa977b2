"""One way to run an image, whatever the home: `run(MachineSpec) -> RunResult`.

The spec says what the machine is to have; this module validates it, lays out guest-physical memory
(the plan), and hands both to the chosen home.  Every refusal is a `MachineError` of one line.
"""

from __future__ import annotations

import os

from demitasse.runtime.record import record

from .crash import Crash
from .image import PAGE, WINDOW, Image, MachineError

__all__ = ["Crash", "Folder", "Home", "MachineError", "MachineSpec", "Plan", "RunResult", "pack_config", "plan", "run"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Literal

    Home = Literal["process", "kvm", "qemu"]
    AnyPath = str | os.PathLike[str]

#: Guest-physical address of the first boot module (bootinfo.pxd, MODULES_PHYSICAL).
MODULES = 64 << 30
#: Each module starts on a 2 MiB boundary, so that large pages can map it.
LARGE_PAGE = 2 << 20
#: bootinfo.pxd: BOOT_MODULES_MAX, BOOT_NAME_MAX, BOOT_CMDLINE_MAX.
MODULES_MAX, NAME_MAX, COMMAND_LINE_MAX = 256, 80, 2048
#: What must be left for the kernel behind the image.
LEAST_FREE = 1 << 20
#: bootdata.pxi: devices that our own monitors have room for.
FOLDERS_MAX = 16
#: bootinfo.pxd: enum Mark, in order.
MARKS = ("kernel-ready", "jvm-ready", "main", "exit")


@record
class Folder:
    """A folder of the host that the guest may reach, and the tag by which it knows it (ASCII, and
    so long that with its length in two bytes it fills words: 2, 6, 10 … bytes)."""

    tag: str
    path: AnyPath
    read_only: bool = False


@record
class MachineSpec:
    """What to run, and what the machine has.

    memory: bytes of RAM; modules: boot modules by name, in order; config: records of the module
    "@config"; folders: 9P devices, for records `mount` in config; ring: 0 or 3, None lets the home
    choose; huge_pages: back RAM with huge pages, None lets the home choose; machine, accelerator: what the qemu home asks QEMU for (microvm or q35; tcg
    or kvm); stdin, stdout, stderr: descriptors for the consoles, -1 for none.
    """

    image: AnyPath
    memory: int
    home: Home = "process"
    modules: Mapping[str, AnyPath | bytes] = {}
    config: Sequence[tuple[str, str]] = ()
    folders: Sequence[Folder] = ()
    command_line: str = ""
    ring: int | None = None
    huge_pages: bool | None = None
    machine: str = "microvm"
    accelerator: str = "tcg"
    stdin: int = 0
    stdout: int = 1
    stderr: int = 2


@record
class RunResult:
    """How a run ended.

    peak_memory: bytes of guest RAM that were resident at the worst moment (0 where the home cannot
    tell); marks: ns from entering
    the image to each mark that was reached; trace: the guest's trace ring as it lay in memory;
    figures: what the guest told of the run, as text (runtime/figures.py).
    """

    home: Home
    exit_code: int
    peak_memory: int
    marks: Mapping[str, int]
    trace: bytes = b""
    figures: bytes = b""
    crash: Crash | None = None


@record
class Module:
    """A boot module with its place in guest-physical memory."""

    name: str
    source: AnyPath | bytes
    size: int
    physical: int


@record
class Plan:
    """Guest-physical memory of a run, all checked.

    boot_data: first page behind the image, where the home puts BootInfo and what else it needs.
    """

    image: Image
    boot_data: int
    memory_end: int
    modules: tuple[Module, ...]


def pack_config(records: Sequence[tuple[str, str]]) -> bytes:
    """Encode launch configuration as the module "@config": NUL-terminated `key=value` records."""
    packed = bytearray()
    for key, value in records:
        record = f"{key}={value}".encode("utf-8", "surrogateescape")
        if not key or "=" in key or b"\0" in record:
            raise MachineError(f"configuration {key!r} cannot be passed to the guest: NUL or '=' in it")
        packed += record + b"\0"
    return bytes(packed)


def plan(spec: MachineSpec) -> Plan:
    """Validate `spec` and lay out its memory."""
    image = Image.read(spec.image)
    boot_data = image.end - WINDOW
    memory = spec.memory // PAGE * PAGE
    least = boot_data + LEAST_FREE
    if memory < least:
        raise MachineError(f"too little memory: {spec.memory >> 10} KiB asked for, "
                           f"this image needs at least {-(-least >> 10)} KiB")
    if memory > MODULES - (1 << 30):
        raise MachineError(f"too much memory: {spec.memory >> 20} MiB asked for, "
                           f"at most {(MODULES - (1 << 30)) >> 20} MiB can be given")
    if len(spec.command_line.encode()) >= COMMAND_LINE_MAX:
        raise MachineError(f"the command line is longer than {COMMAND_LINE_MAX - 1} bytes")
    sources = dict(spec.modules)
    if spec.config:
        sources["@config"] = pack_config(spec.config)
    if len(sources) > MODULES_MAX:
        raise MachineError(f"{len(sources)} boot modules, at most {MODULES_MAX} can be given")
    modules = []
    where = MODULES
    for name, source in sources.items():
        if not name or len(name.encode()) >= NAME_MAX or "\0" in name:
            raise MachineError(f"boot module name {name!r} is empty or longer than {NAME_MAX - 1} bytes")
        if isinstance(source, bytes):
            size = len(source)
        else:
            try:
                size = os.stat(source).st_size
                if not os.path.isfile(source):
                    raise MachineError(f"boot module {name}: {source} is not a file")
            except OSError as error:
                raise MachineError(f"boot module {name}: cannot read {source}: {error.strerror}") from None
        modules.append(Module(name, source, size, where))
        where += max(1, -(-size // LARGE_PAGE)) * LARGE_PAGE
    return Plan(image, boot_data, memory, tuple(modules))


def _home(name: Home) -> Callable[[MachineSpec, Plan], RunResult]:
    if name == "process":
        from .process import run
    elif name == "kvm":
        from .kvm import run
    else:
        from .qemu import run
    return run


def run(spec: MachineSpec) -> RunResult:
    """Run `spec` to its end.  A crash of the guest is reported on `spec.stderr` and in the result."""
    prepared = plan(spec)
    result = _home(spec.home)(spec, prepared)
    if result.crash is not None and spec.stderr >= 0:
        try:
            os.write(spec.stderr, result.crash.report(prepared.image).encode())
        except OSError:
            pass
    return result
