"""Building a sysroot where someone looks on: a bar on a terminal, a line otherwise, on stderr either way."""

from __future__ import annotations

import sys
from pathlib import Path

from demitasse.cabi.musl import sysroot

TITLE = "demitasse: building the C library (once)"


def build(kind: str) -> Path:
    """The sysroot of that kind; built now, visibly, if there is none."""
    if not sys.stderr.isatty():
        said = False

        def say(done: int, total: int) -> None:
            nonlocal said
            if not said:
                print(TITLE, file=sys.stderr, flush=True)
            said = True

        return sysroot.build(kind, say)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(TITLE, total=None, visible=False)
        return sysroot.build(kind, lambda done, total: bar.update(task, completed=done, total=total, visible=True))
