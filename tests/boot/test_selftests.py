"""The kernel's own tests inside the image, in each home: those that pass, and those that must die well."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from pathlib import Path

import pytest

from demitasse.runtime import trace
from demitasse.runtime.monitor.machine import MachineSpec, RunResult, run

from ..conftest import HOMES, need_home

IMAGE = Path(__file__).resolve().parents[2] / "build" / "release" / "kernel.elf"


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest) -> str:
    need_home(request.param)
    return str(request.param)


def selftest(home: str, name: str, stdin: bytes = b"", memory: int = 64 << 20, **config: str) -> tuple[RunResult, bytes, str]:
    """Run one; (result, standard output, standard error)."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        source.write(stdin)
        source.seek(0)
        result = run(MachineSpec(IMAGE, memory, home=home, modules={"data": b"mapped\n"},  # type: ignore[arg-type]
                                 config=[("application", "selftest"), ("selftest", name), *config.items()],
                                 stdin=source.fileno(), stdout=out.fileno(), stderr=err.fileno()))
        out.seek(0)
        err.seek(0)
        return result, out.read(), err.read().decode()


@pytest.mark.parametrize("name", ["threads", "time", "memory", "entropy", "preemption"])
def test_passes(home: str, name: str) -> None:
    result, out, err = selftest(home, name)
    assert (result.exit_code, out) == (0, b""), err
    assert err.splitlines()[-1] == f"{name}: ok"


def test_consoles(home: str) -> None:
    result, out, err = selftest(home, "hello")
    assert (result.exit_code, out, err) == (0, b"hello from the image\n", "and on the error console\nhello: ok\n")
    assert 0 < result.marks["kernel-ready"] < result.marks["exit"]


def test_files_and_boot_modules(home: str) -> None:
    result, out, err = selftest(home, "files")
    assert (result.exit_code, out) == (0, b"mapped\n"), err


@pytest.mark.parametrize("size", [0, 1, 511, 4096, 300_000])
@pytest.mark.parametrize("home", ["process", "kvm"])
def test_input_to_output(home: str, size: int) -> None:
    """Not under a stock QEMU: its console, without multiport, cannot say that the input has ended."""
    need_home(home)
    data = bytes(i * 7 % 251 for i in range(size))
    result, out, err = selftest(home, "cat", stdin=data)
    assert (result.exit_code, out, err) == (0, data, "")


@pytest.mark.parametrize("home", ["process", "kvm"])
def test_a_slow_reader_stops_only_who_writes_to_it(home: str) -> None:
    need_home(home)
    config = [("application", "selftest"), ("selftest", "slow")]
    out, into = os.pipe()
    told, errors = os.pipe()
    results: list[RunResult] = []
    guest = threading.Thread(target=lambda: results.append(run(MachineSpec(
        IMAGE, 64 << 20, home=home, config=config, stdin=-1, stdout=into, stderr=errors))))  # type: ignore[arg-type]
    guest.start()
    heard = b""
    while heard.count(b"\n") < 5:        # nobody has read standard output until now
        heard += os.read(told, 4096)
    assert heard == b"still here\n" * 5
    assert not results
    poured = 0
    while poured < 4096 * 64:
        poured += len(os.read(out, 1 << 16))
    guest.join(30)
    assert [result.exit_code for result in results] == [0] and poured == 4096 * 64
    for descriptor in (out, into, told, errors):
        os.close(descriptor)


@pytest.mark.parametrize("home", ["process", "kvm"])
def test_trace(home: str) -> None:
    """Not under QEMU, whose memory nobody reads after the end."""
    need_home(home)
    result, _, _ = selftest(home, "trace", trace="100")
    events = json.loads(trace.to_chrome_json(result.trace))["traceEvents"]
    # The scheduler's and the devices' own events come when they come.
    assert [(e["ph"], e["name"]) for e in events if e["name"] not in ("running", "device")] == [
        ("B", "kernel boot"), ("E", "kernel boot"), ("B", "outer"), ("i", "point"), ("E", "outer"), ("X", "whole")]
    assert selftest(home, "trace")[0].trace == b""


def test_exit_by_several_threads(home: str) -> None:
    assert selftest(home, "exit")[0].exit_code == 7


@pytest.mark.parametrize("name, first", [
    ("null", "panic: page fault: write of address 0x0 (null pointer) at 0x1000002"),
    ("stack", "panic: page fault: write of address 0x10"),
    ("readonly", "panic: page fault: write of address 0x1000002"),
    ("panic", "panic: this is a test"),
    ("deadlock", "panic: deadlock: every thread is blocked and nothing can wake one"),
    ("doublefree", "panic: pages_free: 0x1000"),
])
def test_dies_with_a_report(home: str, name: str, first: str) -> None:
    result, _, err = selftest(home, name)
    lines = err.splitlines()
    assert result.exit_code == 134 and lines[0].startswith(first), err
    assert "kernel stack:" in lines and "threads:" in lines
    assert any(line.split()[1:3] == ["boot", "blocked"] for line in lines)
    if name == "stack":
        assert "(kernel stack overflow)" in lines[0]
    if name == "deadlock":
        assert "semaphore" in err and "waits: mutex" in err
    if name in ("null", "readonly"):
        assert any(line.startswith("rip 00001000002") for line in lines)


def test_a_fault_inside_a_panic(home: str) -> None:
    result, _, err = selftest(home, "nested")
    assert result.exit_code == 134
    assert err.startswith("panic: the first\n") and err.splitlines()[-1].startswith("panic within a panic: fault 14")


def test_assertions_are_off_in_the_release(home: str) -> None:
    assert selftest(home, "assertion")[2] == "assertions are off\nassertion: ok\n"


def test_unknown_names(home: str) -> None:
    assert selftest(home, "none")[0].exit_code == 2


def test_failing_allocations_never_crash() -> None:
    """The nth allocation after the start fails: the test fails or passes, but nothing faults."""
    for nth in range(1, 30):
        result, _, err = selftest("process", "files", **{"heap.fail": str(nth)})
        assert result.exit_code in (0, 1), err
