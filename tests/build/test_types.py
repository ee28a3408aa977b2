"""The host tools are typed: mypy --strict over command line, launch and benchmarks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import tools

PACKAGES = ("demitasse.runtime.cli", "demitasse.runtime.bench", "demitasse.cabi.adapt", "demitasse.cabi.musl")
MODULES = ("demitasse.cabi.cc", "demitasse.runtime.launch", "demitasse.runtime.homes", "demitasse.runtime.jdk")


@pytest.mark.slow
def test_mypy_strict(tmp_path: Path) -> None:
    # mypy knows nothing of package_dir: show it the tree as it is imported.
    tree = tmp_path / "demitasse"
    tree.mkdir()
    for file in (tools.REPOSITORY / "demitasse").glob("*.py*"):
        if file.is_file():
            (tree / file.name).symlink_to(file)
    for folder in ("cabi", "runtime", "jvm"):
        (tree / folder).symlink_to(tools.REPOSITORY / folder)
    words = [word for package in PACKAGES for word in ("-p", package)] + [word for module in MODULES for word in ("-m", module)]
    cache = tools.REPOSITORY / ".mypy_cache"
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache), *words],
                          cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
