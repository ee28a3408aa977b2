"""Runs the Cython compiler and drops the one warning that the guest's header scheme always gives.

A function shared between guest modules is `extern` in its `.pxd` and `public` in its `.pyx`
(ARCHITECTURE.md, "Cython without Python"); Cython remarks on each.  All else passes through.
"""

from __future__ import annotations

import subprocess
import sys


def main() -> int:
    done = subprocess.run([sys.executable, "-m", "cython", *sys.argv[1:]], capture_output=True, text=True)
    for line in (done.stdout + done.stderr).splitlines():
        if "previously declared as 'extern', now as 'public'" not in line:
            print(line)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
