"""Compile the linkage programs into linkage.jar.

    python -m tests.jvm_loader.build_linkage         (needs a javac of version 25)

Everything in linkage/before is compiled together; each class in linkage/after is compiled alone against
that, and replaces it; the classes in `MISSING` are left out.  The jar is committed, so that nobody needs
a compiler to run the tests.
"""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from pathlib import Path

from ..programs.build import FLAGS, find_javac

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "linkage"
JAR = HERE / "linkage.jar"
MISSING = frozenset({"Miss.class"})


def main() -> None:
    javac = find_javac()
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        sources = [str(path) for path in sorted((SOURCES / "before").rglob("*.java"))]
        subprocess.run([javac, *FLAGS, "-d", str(before), *sources], check=True)
        for source in sorted((SOURCES / "after").rglob("*.java")):
            subprocess.run([javac, *FLAGS, "-cp", str(before), "-d", str(after), str(source)], check=True)
        classes = {str(path.relative_to(root)): path for root in (before, after) for path in root.rglob("*.class")}
        with zipfile.ZipFile(JAR, "w") as jar:
            for name in sorted(classes.keys() - MISSING):
                jar.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), classes[name].read_bytes())


if __name__ == "__main__":
    main()
