"""`demitasse doctor`: what this machine can do, and which home `auto` takes and why.

`choose_home()` is on the way of every run, so it measures once and remembers the verdict in the user's
cache directory; the key is what the verdict depends on (kernel, processor, version of this package).
A verdict that cannot be written is measured anew each time, which takes some ten milliseconds.
(Modules that take milliseconds to import, hashlib and platform among them, are not worth it here: a whole start takes some forty.)
"""

from __future__ import annotations

import os
import zlib

from demitasse import __version__
from demitasse.runtime import homes
from demitasse.runtime.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from demitasse.runtime.monitor.machine import Home
    from demitasse.runtime.monitor.measure import Cost

#: The kvm home is worth it while an exit costs no more than this: 1-2 µs on bare metal, 25-50 µs where
#: a hypervisor runs KVM nested in software, and then the process home is faster in everything.
EXIT_LIMIT_NS = 10_000.0

#: Capabilities of linux/kvm.h that the doctor shows, by number; the first two are needed.
_CAPABILITIES = {"KVM_CAP_USER_MEMORY": 3, "KVM_CAP_READONLY_MEM": 81, "KVM_CAP_IRQFD": 32, "KVM_CAP_IOEVENTFD": 36,
                 "KVM_CAP_TSC_CONTROL": 60, "KVM_CAP_GET_TSC_KHZ": 61, "KVM_CAP_IMMEDIATE_EXIT": 136}
_KVM_CHECK_EXTENSION = 0xAE03


@record
class Verdict:
    """The home that `auto` takes, and why."""

    home: Home
    reason: str


def choose_home(remeasure: bool = False) -> Home:
    """The home that `auto` takes here."""
    return verdict(remeasure).home


def verdict(remeasure: bool = False) -> Verdict:
    """The home that `auto` takes here and why, remembered unless `remeasure`."""
    why = homes.missing("kvm")
    if why is not None:
        return Verdict("process", f"no kvm home: {why}")
    file = _cache_file()
    if not remeasure:
        try:
            with open(file, encoding="utf-8") as stored:
                home, reason = stored.read().splitlines()
            if home in ("process", "kvm"):
                return Verdict("kvm" if home == "kvm" else "process", reason)
        except (OSError, ValueError):
            pass
    found = _decide()
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        scratch = f"{file}.{os.getpid()}"
        with open(scratch, "w", encoding="utf-8") as fresh:
            fresh.write(f"{found.home}\n{found.reason}\n")
        os.replace(scratch, file)
    except OSError:
        pass
    return found


def _decide() -> Verdict:
    from demitasse.runtime.monitor.measure import measure

    cost = measure(3, loops=20_000, exits=20, pages=16)
    if isinstance(cost, str):
        return Verdict("process", f"KVM does not run a guest here: {cost}")
    if cost.exit > EXIT_LIMIT_NS:
        return Verdict("process", f"an exit from a KVM guest costs {cost.exit / 1000:.0f} µs here, "
                                  f"more than {EXIT_LIMIT_NS / 1000:.0f} µs: KVM is emulated or nested")
    return Verdict("kvm", f"KVM is fast here (an exit costs {cost.exit / 1000:.1f} µs), and isolates the guest")


def _cache_file() -> str:
    """Where the verdict for this machine is kept."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    linux = os.uname()
    words = "\n".join((__version__, linux.release, linux.version, _processor(), "5"))
    return os.path.join(base, "demitasse", f"home-{zlib.crc32(words.encode()):08x}")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", "rb") as file:
            return next((line.split(b":", 1)[1].strip().decode("utf-8", "replace") for line in file
                         if line.startswith(b"model name")), "")
    except OSError:
        return ""


# --- the report -----------------------------------------------------------------------------------


def doctor_main(out: TextIO, remeasure: bool = False) -> int:
    """Measure, and print the table; 0."""
    from rich.console import Console
    from rich.table import Table

    console = Console(file=out)
    table = Table(title="What this machine can do", title_justify="left", show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts():
        table.add_row(name, value)
    taken = verdict(remeasure)
    table.add_section()
    table.add_row("auto takes", f"{taken.home}: {taken.reason}")
    console.print(table)
    return 0


def facts() -> list[tuple[str, str]]:
    """(what, how it is here) in the order of the table; takes a second at most."""
    found = [("processor", f"{_processor()} ({os.cpu_count()} processors)"),
             ("kernel", f"{os.uname().sysname} {os.uname().release}")]
    for home in ("process", "kvm", "qemu"):
        found.append((f"home {home}", _usable(home)))
    if homes.missing("kvm") is None:
        from demitasse.runtime.monitor.measure import measure

        found.append(("KVM capabilities", _capabilities()))
        for ring in (3, 0):
            found += _cost_rows(ring, measure(ring, loops=400_000 if ring == 3 else 20_000))
    found += [("huge pages", _huge_pages()), ("first touch of 4 KiB", _touch(False)),
              ("the same, huge pages", _touch(True))]
    return found


def _usable(home: str) -> str:
    why = homes.missing(home)
    if why is not None:
        return f"no: {why}"
    if home != "qemu":
        return "yes"
    import subprocess

    try:
        words = subprocess.run([homes.QEMU, "--version"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return "yes, but it does not say its version"
    return "yes: " + (words.splitlines() or [""])[0]


def _capabilities() -> str:
    import fcntl

    with open("/dev/kvm", "rb+", buffering=0) as device:
        return ", ".join(f"{name[8:].lower().replace('_', ' ')} "
                         f"{'yes' if fcntl.ioctl(device, _KVM_CHECK_EXTENSION, number) > 0 else 'no'}"
                         for name, number in _CAPABILITIES.items())


def _cost_rows(ring: int, cost: Cost | str) -> list[tuple[str, str]]:
    if isinstance(cost, str):
        return [(f"KVM guest, ring {ring}", f"cannot run: {cost}")]
    return [(f"KVM guest, ring {ring}", f"{cost.instructions_per_second / 1e6:,.1f} million instructions/s in a loop, "
                                        f"{cost.exit / 1000:.1f} µs for an exit, "
                                        f"{cost.touch / 1000:.2f} µs for the first touch of 4 KiB")]


def _huge_pages() -> str:
    try:
        with open("/sys/kernel/mm/transparent_hugepage/enabled", encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return "none"
    return {"always": "always", "madvise": "where asked for, which we do"}.get(
        text[text.index("[") + 1:text.index("]")], "switched off") if "[" in text else text.strip()


def _touch(huge: bool, size: int = 8 << 20) -> str:
    """Cost of touching each page of fresh memory in this process."""
    import mmap
    import time

    with mmap.mmap(-1, size + (2 << 20), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        try:
            memory.madvise(mmap.MADV_HUGEPAGE if huge else mmap.MADV_NOHUGEPAGE)
        except OSError:
            return "not known"
        before = time.perf_counter_ns()
        for at in range(1 << 20, size + (1 << 20), mmap.PAGESIZE):
            memory[at] = 1
        return f"{(time.perf_counter_ns() - before) / (size // mmap.PAGESIZE) / 1000:.2f} µs"
