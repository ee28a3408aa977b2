"""Runs the probe image (tests/boot/probe.pyx) in a home, with files or pipes as its consoles."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demitasse.runtime.monitor.machine import MachineSpec, RunResult, run
from demitasse.runtime.record import changed

ROOT = Path(__file__).resolve().parents[2]
PROBE = ROOT / "build" / "release" / "probe.elf"


@dataclass(frozen=True)
class Outcome:
    """What a run of the probe left."""

    result: RunResult
    out: bytes
    err: str

    def numbers(self, name: str) -> list[int]:
        """The numbers of all lines `name NUMBER` of the probe's report."""
        return [int(line.split()[1]) for line in self.err.splitlines() if line.split()[:1] == [name]]


def probe(home: str, scenario: str, memory: int = 64 << 20, input: bytes = b"", image: Path = PROBE,
          **settings: Any) -> Outcome:
    """Run the probe with `scenario` in `home` of this process."""
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        stdin.write(input)
        stdin.seek(0)
        spec = MachineSpec(image, memory, command_line=scenario, stdin=stdin.fileno(), stdout=out.fileno(),
                           stderr=err.fileno())
        result = run(changed(spec, home=home, **settings))
        out.seek(0)
        err.seek(0)
        return Outcome(result, out.read(), err.read().decode())


@contextmanager
def start(home: str, scenario: str, machine: str = "microvm") -> Iterator[subprocess.Popen[bytes]]:
    """The probe in a process of its own, for signals; ends with the guest's exit code."""
    with subprocess.Popen([sys.executable, __file__, home, scenario, machine], cwd=ROOT, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                child.kill()


if __name__ == "__main__":
    home, scenario, machine = sys.argv[1:]
    spec = MachineSpec(PROBE, 64 << 20, command_line=scenario, machine=machine)
    sys.exit(run(changed(spec, home=home)).exit_code)  # type: ignore[arg-type]
