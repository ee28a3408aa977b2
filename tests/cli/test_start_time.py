"""What `run` costs before the guest starts: it imports little, and nothing heavy.

Counted, not timed: times are `demitasse bench hello`'s to tell.
"""

from __future__ import annotations

import subprocess
import sys

from tests import tools

#: Imported by other commands only.
HEAVY = ("typer", "rich", "construct", "elftools", "lark", "matplotlib", "zipfile", "json", "subprocess", "argparse")
#: Modules beyond those of a bare interpreter (Python 3.11 needs 41 of them; other versions differ a little).
MODULES = 60

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


def test_run_imports_nothing_heavy() -> None:
    assert not set(imported()) & set(HEAVY)


def test_run_imports_little() -> None:
    names = imported()
    assert len(names) <= MODULES, names
