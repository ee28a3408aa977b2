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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sources = [str(path) for path in sorted((HERE / "driver").glob("*.java"))]
        subprocess.run([find_javac(), *FLAGS, "-d", folder, *sources], check=True)
        with zipfile.ZipFile(JAR, "w", zipfile.ZIP_DEFLATED) as jar:
            for path in sorted(Path(folder).rglob("*.class")):
                jar.writestr(zipfile.ZipInfo(str(path.relative_to(folder)), (2025, 1, 1, 0, 0, 0)), path.read_bytes())


if __name__ == "__main__":
    main()
