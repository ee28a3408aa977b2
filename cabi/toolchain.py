"""The machine's own compiler and binary tools.

Invariant: imports nothing that takes time; the driver of every single compilation imports this.
"""

from __future__ import annotations

import os

from demitasse.runtime.errors import UserError


def find(name: str) -> str:
    """The path of a tool."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    raise UserError(f"Error: C programs need {name}, which is not on this machine's PATH")


def identity(path: str) -> str:
    """What changes when the file at `path` does."""
    status = os.stat(path)
    return f"{os.path.realpath(path)} {status.st_size} {status.st_mtime_ns}"
