"""`pip install .` into a fresh environment gives the same command, anywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import tools

pytestmark = pytest.mark.slow


def need_network() -> None:
    """Skip by name if pip can reach no package index."""
    asked = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--no-deps", "--ignore-installed",
                            "ninja==1.13.2"], capture_output=True, text=True, timeout=120)
    if "No matching distribution" in asked.stderr or "Could not find a version" in asked.stderr:
        pytest.skip("no network: pip reaches no package index")


@pytest.mark.timeout(1800)
def test_pip_install(tmp_path: Path) -> None:
    need_network()
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
    done = subprocess.run([str(python), "-m", "pip", "install", "-q", str(tools.REPOSITORY)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    command = python.parent / "demitasse"

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(command), *args], capture_output=True, text=True, cwd=tmp_path, env={})

    assert run("--version").stdout.startswith("demitasse ")
    assert "bench" in run("--help").stdout
    assert run("run", "missing.jar").stderr == "Error: Unable to access jarfile missing.jar\n"
    assert run("inspect", "modules::java.lang.Object").returncode == 0
    place = subprocess.run([str(python), "-c", "import demitasse.runtime as r; print(r.__path__[0])"],
                           capture_output=True, text=True, cwd=tmp_path, check=True).stdout.strip()
    installed = Path(place)
    assert installed.is_relative_to(tmp_path)
    for product in ("kernel.elf", "bench/programs/bench.jar"):
        assert (installed / product).is_file(), product
    hello = run("run", "--home", "process", str(tools.HELLO))
    assert (hello.stdout, hello.stderr, hello.returncode) == (tools.run_java_host("-jar", str(tools.HELLO)).out.decode(), "", 0)
