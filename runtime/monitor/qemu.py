"""The stock home: the same image under qemu-system-x86_64, entered through PVH.

The boot modules go into one boot pack (-initrd).  stdin, stdout and stderr are virtio consoles, as in
our own homes; a third one is the control line (control.py), which tells the guest of the end of its
input and of signals; the serial port carries early and panic output to stderr.  The guest reports its
exit code and marks on QEMU's debug console and ends QEMU by isa-debug-exit.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from .. import boot_pack
from .control import ControlLine, InputPump, signals_to
from .image import MachineError
from .machine import MARKS, MachineSpec, Plan, RunResult

QEMU = "qemu-system-x86_64"
#: "DMTSEXIT", exit code, time of entry, 16 marks (kernel/platform/pc.pyx, pc_exit).
_REPORT = struct.Struct("<8sQQ16Q")
_REPORT_MAGIC = b"DMTSEXIT"
#: Room for firmware and the rounding of QEMU's own tables.
_EXTRA = 4 << 20


def find_qemu() -> str | None:
    """Path of the emulator, or None."""
    return shutil.which(QEMU)


def command(spec: MachineSpec, qemu: str, pack: Path, size: int, report: Path, errors: int,
            control: int) -> list[str]:
    """The command line that boots `spec`, with boot pack `pack` of `size` bytes, and descriptors
    `errors` for what goes to stderr and `control`, a socket, for the control line."""
    memory = -(-(spec.memory + size + _EXTRA) >> 20)
    if memory > 2900:
        raise MachineError(f"the qemu home has room for 2900 MiB of memory and boot modules, not {memory} MiB")
    bus = "device" if spec.machine.startswith("microvm") else "pci"
    machine = f"{spec.machine},rtc=on" if bus == "device" else spec.machine
    line = [qemu, "-M", f"{machine},accel={spec.accelerator}", "-cpu", "max", "-m", f"{memory}M",
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-kernel", str(spec.image), "-initrd", str(pack)]
    if spec.command_line:
        line += ["-append", spec.command_line]
    if bus == "device":
        line += ["-global", "virtio-mmio.force-legacy=false"]
    line += ["-chardev", "stdio,id=out,signal=off" if spec.stdout >= 0 else "null,id=out",
             "-chardev", f"file,id=err,path=/dev/fd/{errors}",
             "-chardev", f"file,id=serial,path=/dev/fd/{errors}",
             "-chardev", f"file,id=report,path={report}",
             "-chardev", f"socket,id=control,fd={control}",
             "-serial", "chardev:serial",
             "-device", "isa-debugcon,iobase=0xe9,chardev=report",
             "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
             "-device", f"virtio-serial-{bus},id=console0", "-device", "virtconsole,bus=console0.0,chardev=out",
             "-device", f"virtio-serial-{bus},id=console1", "-device", "virtconsole,bus=console1.0,chardev=err",
             "-device", f"virtio-serial-{bus},id=console2", "-device", "virtconsole,bus=console2.0,chardev=control",
             "-device", f"virtio-rng-{bus}"]
    for folder in spec.folders:
        # A comma in a value is written twice (QEMU's option syntax).
        path = str(folder.path).replace(",", ",,")
        line += ["-fsdev", f"local,id={folder.tag},path={path},security_model=none,multidevs=remap"
                 + (",readonly=on" if folder.read_only else ""),
                 "-device", f"virtio-9p-{bus},fsdev={folder.tag},mount_tag={folder.tag}"]
    return line


def read_report(data: bytes) -> tuple[int, Mapping[str, int]] | None:
    """(exit code, marks) that the guest reported, or None if it did not come to that."""
    if len(data) < _REPORT.size or not data.startswith(_REPORT_MAGIC):
        return None
    _, code, entry, *times = _REPORT.unpack_from(data)
    return code & 0xff, {name: time - entry for name, time in zip(MARKS, times) if time}


def run(spec: MachineSpec, plan: Plan) -> RunResult:
    """Run `spec` under QEMU; returns a RunResult (without peak memory, trace and crash)."""
    qemu = find_qemu()
    if qemu is None:
        raise MachineError(f"{QEMU} is not installed: the qemu home needs it")
    with tempfile.TemporaryDirectory(prefix="demitasse-") as folder:
        pack, report = Path(folder) / "boot.pack", Path(folder) / "report"
        with pack.open("wb") as file:
            size = boot_pack.write(file, {module.name: module.source for module in plan.modules})
        line = ControlLine()
        feed = InputPump(spec.stdin, line) if spec.stdin >= 0 else None
        incoming, errors = os.pipe()
        try:
            # A session of its own: the terminal's signals come to this process, which passes them on.
            child = subprocess.Popen(
                command(spec, qemu, pack, size, report, errors, line.guest_end), pass_fds=[errors, line.guest_end],
                stdin=feed.guest_end if feed is not None else subprocess.DEVNULL,
                stdout=spec.stdout if spec.stdout >= 0 else subprocess.DEVNULL, stderr=subprocess.PIPE,
                start_new_session=True, preexec_fn=_end_with_parent)
        except BaseException:
            os.close(incoming)
            if feed is not None:
                feed.stop()
            line.close()
            raise
        finally:
            os.close(errors)
        line.started()
        if feed is None:
            line.send_end_of_input(0)
        else:
            feed.start()
        pump = threading.Thread(target=_pump, args=(incoming, spec.stderr))
        pump.start()
        try:
            with signals_to(line, child.kill) as came:
                _, words = child.communicate()
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
            pump.join()
            if feed is not None:
                feed.stop()
            line.close()
        found = read_report(report.read_bytes() if report.exists() else b"")
    if found is None:
        if came and child.returncode == -signal.SIGKILL:
            return RunResult("qemu", 128 + came[-1], 0, {})
        reason = words.decode(errors="replace").strip().splitlines()[:1] or [f"exit status {child.returncode}"]
        raise MachineError(f"QEMU ended before the guest did: {reason[0]}")
    return RunResult("qemu", found[0], 0, found[1])


def _end_with_parent() -> None:
    """In the child: QEMU ends when this thread does, however that happens (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _pump(incoming: int, outgoing: int) -> None:
    """Copies what goes to stderr until QEMU ends; a reader that is gone stops nothing."""
    with open(incoming, "rb", buffering=0) as source:
        while data := source.read(1 << 16):
            try:
                while data and outgoing >= 0:
                    data = data[os.write(outgoing, data):]
            except OSError:
                outgoing = -1
