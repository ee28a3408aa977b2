"""What `run` costs before the guest starts: it imports little.

Counted, not timed: times are `demitasse bench hello`'s to tell.
"""

from __future__ import annotations

import subprocess
import sys

from tests import tools

#: Of the standard library, beyond what a bare interpreter has.  Each of `typing`, `re`, `pathlib`, `dataclasses`,
#: `collections` and `contextlib` takes milliseconds, of some forty for a whole Hello.
STANDARD = {"__future__", "_struct", "struct", "mmap", "zlib", "errno"}

PREPARE = f"""
import sys
bare = set(sys.modules)
from demitasse.__main__ import main
from demitasse.runtime.cli import main as entry, options, run
from demitasse.runtime.monitor import machine
run.image_path = lambda debug=False: None
spec = run.machine_spec(options.parse(["--home", "process", {str(tools.HELLO)!r}]))
print(" ".join(sorted(set(sys.modules) - bare)))
"""


def imported() -> list[str]:
    return subprocess.run([sys.executable, "-c", PREPARE], check=True, capture_output=True, text=True).stdout.split()


def test_run_imports_little() -> None:
    names = imported()
    assert "demitasse.runtime.launch" in names
    assert {name for name in names if name.partition(".")[0] != "demitasse"} <= STANDARD
