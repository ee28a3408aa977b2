"""Very many threads: ten thousand virtual ones within 1 GiB, two thousand platform threads as it comes, and too many."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import tools
from tests.conftest import need_home
from tests.programs import host

JAR = str(host.HERE / "programs.jar")
TIME_LIMIT = 300.0


@pytest.mark.parametrize("home", ["process", "kvm"])
def test_ten_thousand_virtual_threads_in_one_gibibyte(home: str, tmp_path: Path) -> None:
    need_home(home)
    figures = tmp_path / "figures.json"
    command = ["-cp", JAR, "VirtualThreads", "10000"]
    ours = tools.run_demitasse("run", "--home", home, "-m", "1g", "--stats-json", str(figures), *command, timeout=TIME_LIMIT)
    assert ours == tools.run_java_host(*command, timeout=TIME_LIMIT)
    assert json.loads(figures.read_text())["peak_memory"] < 1 << 30


@pytest.mark.parametrize("home", ["process", "kvm"])
def test_two_thousand_platform_threads(home: str) -> None:
    need_home(home)
    command = ["-cp", JAR, "ManyThreads", "2000"]
    ours = tools.run_demitasse("run", "--home", home, *command, timeout=TIME_LIMIT)
    assert ours == tools.run_java_host(*command, timeout=TIME_LIMIT)


@pytest.mark.parametrize("home", ["process", "kvm"])
def test_more_threads_than_there_is_memory_for(home: str) -> None:
    need_home(home)
    ours = tools.run_demitasse("run", "--home", home, "-m", "64m", "-Xmx16m", "-cp", JAR, "ManyThreads", "1000000", timeout=TIME_LIMIT)
    lines = ours.out.decode().splitlines()
    assert lines[0] == ("java.lang.OutOfMemoryError: unable to create native thread: "
                        "possibly out of memory or process/resource limits reached")
    assert lines[1:] == ["all ended", "another one runs"], ours.err
    assert ours.code == 0
