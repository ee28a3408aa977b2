"""The same image on stock machines, under QEMU through PVH; and the boot pack that it gets there."""

from __future__ import annotations

import io
import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demitasse.runtime import boot_pack
from demitasse.runtime.monitor import qemu
from demitasse.runtime.monitor.machine import MachineError, MachineSpec, run
from demitasse.runtime.record import changed

from .machines import PROBE, probe, start

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(params=["microvm", "q35"])
def machine(request: pytest.FixtureRequest) -> str:
    if qemu.find_qemu() is None:
        pytest.skip("qemu home: qemu-system-x86_64 is not installed")
    return str(request.param)


def test_hello(machine: str) -> None:
    outcome = probe("qemu", "hello", machine=machine)
    assert outcome.err.splitlines() == ["cpu 4711", "hello from the probe"]
    assert outcome.result.exit_code == 0
    assert 0 < outcome.result.marks["kernel-ready"] < outcome.result.marks["exit"] < 10**10


@pytest.mark.parametrize("code", [0, 1, 127, 128, 143, 255])
def test_exit_code(code: int) -> None:
    if qemu.find_qemu() is None:
        pytest.skip("qemu home: qemu-system-x86_64 is not installed")
    assert probe("qemu", f"exit {code}").result.exit_code == code


def test_clock_and_timer(machine: str) -> None:
    outcome = probe("qemu", "clock", machine=machine)
    assert outcome.numbers("waited") == [1] and outcome.numbers("entry") == [1]
    assert abs(outcome.numbers("seconds")[0] - time.time()) < 5
    outcome = probe("qemu", "timer", machine=machine)
    assert outcome.numbers("timers") == [20] and outcome.numbers("bad") == [0]
    assert outcome.numbers("cancelled") == [0] and outcome.err.endswith("woken\n")


def test_time_runs_at_the_right_speed(machine: str) -> None:
    before = time.monotonic()
    outcome = probe("qemu", "pause 500", machine=machine)
    took = time.monotonic() - before
    spent = (outcome.result.marks["exit"] - outcome.result.marks["kernel-ready"]) / 1e9
    assert 0.5 <= spent <= 1.1 * took


def test_faults_become_events(machine: str) -> None:
    outcome = probe("qemu", "faults", machine=machine)
    vectors = outcome.numbers("vector")
    # Behind RAM there may be boot modules: the third is not asked for here.
    assert vectors[:2] + vectors[3:] == [14, 14, 14, 6, 0, 14]
    assert probe("qemu", "overflow", machine=machine).numbers("vector") == [14, 14]
    assert probe("qemu", "recursion", machine=machine).numbers("vector") == [14]


def test_protection_of_pages(machine: str) -> None:
    outcome = probe("qemu", "protect", machine=machine)
    assert outcome.numbers("vector") == [14, 0, 0, 14] and outcome.numbers("value") == [42, 7]


def test_modules_in_a_boot_pack(machine: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(os.urandom(5000))
    modules: dict[str, Path | bytes] = {"file": file, "bytes": b"abc", "empty": b""}
    here = probe("process", "modules", modules=modules, config=[("key", "value")])
    there = probe("qemu", "modules", machine=machine, modules=modules, config=[("key", "value")])
    assert there.numbers("sum") == here.numbers("sum") and len(here.numbers("sum")) == 4
    assert there.err == here.err


def test_virtio_devices(machine: str) -> None:
    outcome = probe("qemu", "console", machine=machine, modules={"text": b"from a module\n"})
    assert outcome.out == b"to stdout\nfrom a module\n"
    assert "to stderr\n" in outcome.err
    assert probe("qemu", "entropy", machine=machine).numbers("random") == [1]


def test_console_input(machine: str) -> None:
    with start("qemu", "echo 63", machine) as child:
        assert child.stdin is not None and child.stdout is not None
        for word in (b"one\n", b"two\n"):
            child.stdin.write(word)
            child.stdin.flush()
            assert child.stdout.readline() == word


@pytest.mark.parametrize("scenario, words", [
    ("bare-fault", "before it had a handler: exception 000000000000000e address 0000000000000040"),
    ("handler 3", "inside its event handler: exception 000000000000000e address 0000000000000010"),
    ("handler 6", "inside its event handler: exception 000000000000000e"),
])
def test_crash_is_reported_on_the_serial_port(machine: str, scenario: str, words: str) -> None:
    outcome = probe("qemu", scenario, machine=machine)
    assert outcome.result.exit_code == 134 and words in outcome.err and "rip 0000" in outcome.err


def test_devices_named_on_the_command_line() -> None:
    """Firecracker, and microvm without ACPI, name virtio-mmio devices on the kernel's command line."""
    if qemu.find_qemu() is None:
        pytest.skip("qemu home: qemu-system-x86_64 is not installed")
    outcome = probe("qemu", "console", machine="microvm,acpi=off")
    assert outcome.out == b"to stdout\n"


def test_bad_boot_pack_ends_with_a_line(tmp_path: Path) -> None:
    path = qemu.find_qemu()
    if path is None:
        pytest.skip("qemu home: qemu-system-x86_64 is not installed")
    data = io.BytesIO()
    boot_pack.write(data, {"a": b"content"})
    for change, words in (({8: b"\x07"}, "another version"), ({12: b"\xff\xff"}, "truncated"),
                          ({24 + 80: b"\x01"}, "bad entry"), ({24 + 89: b"\xff" * 7}, "bad entry")):
        broken = bytearray(data.getvalue())
        for at, value in change.items():
            broken[at:at + len(value)] = value
        pack = tmp_path / "pack"
        pack.write_bytes(broken)
        done = subprocess.run([path, "-M", "microvm,accel=tcg", "-nodefaults", "-display", "none", "-no-reboot", "-m",
                               "64M", "-kernel", str(PROBE), "-initrd", str(pack), "-serial", "stdio",
                               "-device", "isa-debug-exit,iobase=0xf4,iosize=4"],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        assert done.returncode == 3 and words in done.stdout.decode(), change


def test_too_little_memory_for_the_image() -> None:
    path = qemu.find_qemu()
    if path is None:
        pytest.skip("qemu home: qemu-system-x86_64 is not installed")
    done = subprocess.run([path, "-M", "microvm,accel=tcg", "-nodefaults", "-display", "none", "-no-reboot", "-m", "3M",
                           "-kernel", str(PROBE), "-serial", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    assert b"cannot boot: too little memory" in done.stdout


def test_missing_qemu_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MachineError, match="qemu-system-x86_64 is not installed"):
        run(MachineSpec(PROBE, 64 << 20, home="qemu"))


def test_qemu_that_fails_is_one_line(machine: str) -> None:
    spec = MachineSpec(PROBE, 64 << 20, home="qemu", machine=machine)
    with pytest.raises(MachineError, match="QEMU ended before the guest did: .*unsupported machine|.*nonesuch"):
        run(changed(spec, machine="nonesuch"))
    with pytest.raises(MachineError, match="room for 2900 MiB"):
        run(changed(spec, memory=4 << 30))


@given(st.dictionaries(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), min_size=1,
                               max_size=11), st.binary(max_size=9000), max_size=6))
def test_boot_pack_round_trip(modules: dict[str, bytes]) -> None:
    file = io.BytesIO()
    size = boot_pack.write(file, modules)
    assert size == len(file.getvalue()) and size % 4096 == 0
    assert boot_pack.read(file.getvalue()) == modules


def test_boot_pack_refusals(tmp_path: Path) -> None:
    with pytest.raises(boot_pack.PackError, match="longer than 79 bytes"):
        boot_pack.write(io.BytesIO(), {"n" * 80: b""})
    for data in (b"", b"DMTSPACK", b"x" * 4096):
        with pytest.raises(boot_pack.PackError, match="not a boot pack"):
            boot_pack.read(data)
    file = io.BytesIO()
    boot_pack.write(file, {"a": b"x" * 5000})
    with pytest.raises(boot_pack.PackError, match="outside the file"):
        boot_pack.read(file.getvalue()[:5000])
