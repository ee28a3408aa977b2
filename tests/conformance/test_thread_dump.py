"""The report on all threads on SIGQUIT, held against the host JVM's: the same but for addresses, numbers and times."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from demitasse.jvm.model.class_library import java_home
from tests import tools
from tests.conftest import need_home
from tests.programs import host

PROGRAM = ["-cp", str(host.HERE / "programs.jar"), "Deadlocked"]
TIME_LIMIT = 90.0
#: What the program starts, and what both machines have of their own; others differ.
OWN = ["left", "right", "one", "two", "waiting", "waiting with timeout", "parked", "parked with timeout", "sleeping",
       "on a class", "static method", "too late", "spinning", "main", "Reference Handler", "Finalizer"]


def report(command: list[str]) -> str:
    """What a run prints between `ready` and `done`, with a SIGQUIT there."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env=tools.ENVIRONMENT)
    assert process.stdout is not None and process.stdin is not None
    limit = threading.Timer(TIME_LIMIT, process.kill)
    limit.start()
    try:
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.3)                                  # so that the main thread reads its input
        process.send_signal(signal.SIGQUIT)
        lines = []
        for line in process.stdout:
            lines.append(line.decode())
            if line.startswith(b"Heap"):
                break
        process.stdin.write(b"x")
        process.stdin.close()
        assert process.stdout.read().endswith(b"done\n")  # the program goes on
        assert process.wait() == 0
    finally:
        limit.cancel()
        process.kill()
        process.wait()
    return "".join(lines)


def normal(text: str) -> str:
    """A part of a report with its addresses numbered as they come, and without other numbers that vary."""
    seen: dict[str, str] = {}
    text = re.sub(r"\$\$Lambda[/0-9a-zx]*", "$$Lambda", text)
    text = re.sub(r" #\d+ \[\d+\]", " #N [N]", text)
    text = re.sub(r"cpu=\d+\.\d\dms elapsed=\d+\.\d\ds tid=0x[0-9a-f]{16} nid=\d+", "cpu elapsed tid nid", text)
    text = re.sub(r"\[0x[0-9a-f]{16}\]", "[stack]", text)
    text = re.sub(r"lock monitor 0x[0-9a-f]{16}", "lock monitor M", text)
    return re.sub(r"0x[0-9a-f]{16}", lambda found: seen.setdefault(found[0], f"object {len(seen)}"), text)


def threads(text: str) -> dict[str, str]:
    """The paragraphs of a report that begin with a thread's name."""
    paragraphs = text.split("JNI global refs")[0].split("\n\n")
    found = (re.match(r'"([^"]*)"', paragraph) for paragraph in paragraphs)
    return {name[1]: paragraph for name, paragraph in zip(found, paragraphs) if name}


@pytest.fixture(scope="module")
def of_the_host() -> str:
    return report([str(java_home() / "bin" / "java"), *PROGRAM])


@pytest.mark.parametrize("home", ["process", "kvm", "qemu"])
def test_report_is_the_host_jvms(home: str, of_the_host: str) -> None:
    need_home(home)
    ours = report([sys.executable, "-m", "demitasse", "run", "--home", home, *PROGRAM])
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\nFull thread dump .*\n\nThreads class SMR info:\n", ours)
    here, there = threads(ours), threads(of_the_host)
    for name in OWN:
        assert normal(here[name]) == normal(there[name])
    assert "virtual" not in here
    assert [name for name in here if name in OWN] == [name for name in there if name in OWN]
    assert re.search(r"^JNI global refs: \d+, weak refs: \d+\n\n", ours, re.MULTILINE)
    circles = "Found one Java-level deadlock"
    assert normal(ours[ours.index(circles):]) == normal(of_the_host[of_the_host.index(circles):])
