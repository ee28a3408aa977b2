"""What a user asks for: one run of one program, before anything of it has been looked at.

Invariant: plain values as they were given; paths are the host's, sizes are bytes.
"""

from __future__ import annotations

from demitasse.runtime.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    HomeChoice = Literal["auto", "process", "kvm", "qemu"]
HOMES: tuple[HomeChoice, ...] = ("auto", "process", "kvm", "qemu")


@record
class FolderRequest:
    """`-v HOST:GUEST[:ro]`."""

    host: str
    guest: str
    read_only: bool


@record
class Request:
    """One run.

    mode, main      "jar" and a jar's path, "class" and a class name, or "program" and an ELF file
    work_dir        where a C program starts, in the guest
    strace          tell of each system call of a C program
    class_path      as given to -cp, elements separated by ':'; None: not given
    properties      from -D, and from module options as java translates them (jdk.module.…)
    folders         from -v: host folders in the guest
    memory          of the guest, from -m; None: from the heap
    direct_max      of direct buffers, from -XX:MaxDirectMemorySize=; None: as the heap
    assertions      -ea / -da; system_assertions: -esa / -dsa
    config          further records of the launch configuration, for the kernel and the JVM
    log             level of the kernel's log: error, warning, info, debug
    trace           where the trace goes; stats_json: where figures go
    """

    mode: Literal["jar", "class", "program"] = "jar"
    main: str = ""
    args: tuple[str, ...] = ()
    class_path: str | None = None
    properties: list[tuple[str, str]] = []
    environment: list[tuple[str, str]] = []
    home: HomeChoice = "auto"
    memory: int | None = None
    folders: list[FolderRequest] = []
    heap_max: int | None = None
    heap_initial: int | None = None
    stack_size: int | None = None
    direct_max: int | None = None
    verbose: list[str] = []
    assertions: bool = False
    system_assertions: bool = False
    config: list[tuple[str, str]] = []
    trace: str | None = None
    log: str | None = None
    stats: bool = False
    count_bytecodes: bool = False
    stats_json: str | None = None
    debug: bool = False
    strace: bool = False
    work_dir: str | None = None
