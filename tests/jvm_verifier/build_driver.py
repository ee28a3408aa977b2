"""Compile the driver into verifier.jar.

    python -m tests.jvm_verifier.build_driver         (needs a javac of version 25)

The jar is committed, so that nobody needs a compiler to run the tests.
"""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from pathlib import Path

from ..programs.build import FLAGS, find_javac
from .bundle import HERE, JAR


def compile_driver(sources: Path, jar: Path) -> None:
    """Compile a folder of sources into a jar that depends on them alone."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([find_javac(), *FLAGS, "-d", folder, *map(str, sorted(sources.glob("*.java")))], check=True)
        with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).rglob("*.class")):
                archive.writestr(zipfile.ZipInfo(str(path.relative_to(folder)), (2025, 1, 1, 0, 0, 0)), path.read_bytes())


if __name__ == "__main__":
    compile_driver(HERE / "driver", JAR)
