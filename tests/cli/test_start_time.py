"""What `run` costs before the guest starts: no heavy imports, and little processor time."""

from __future__ import annotations

import subprocess
import sys

from tests import tools

#: Imported by other commands only.
HEAVY = ("typer", "rich", "construct", "elftools", "lark", "matplotlib", "zipfile", "json", "subprocess", "argparse")
#: Processor time of interpreter start, imports and preparation, in seconds.
LIMIT = 0.060
ATTEMPTS = 8

PREPARE = f"""
import resource, sys
from demitasse.__main__ import main
from demitasse.runtime.cli import main as entry, options, run
from demitasse.runtime.monitor import machine
run.image_path = lambda debug=False: None
spec = run.machine_spec(options.parse(["--home", "process", {str(tools.HELLO)!r}]))
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
print(" ".join(name for name in {HEAVY!r} if name in sys.modules))
"""


def prepare() -> tuple[float, str]:
    out = subprocess.run([sys.executable, "-c", PREPARE], check=True, capture_output=True, text=True).stdout
    time, _, heavy = out.strip().partition("\n")
    return float(time), heavy


def test_run_imports_nothing_heavy() -> None:
    assert prepare()[1] == ""


def test_preparation_takes_little_time() -> None:
    assert min(prepare()[0] for _ in range(ATTEMPTS)) < LIMIT
