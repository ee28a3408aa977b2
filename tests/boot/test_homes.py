"""What every home of ours owes the image: each test runs the probe in each home."""

from __future__ import annotations

import os
import signal
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from demitasse.runtime.monitor.image import Image
from demitasse.runtime.monitor.machine import MachineError, MachineSpec, pack_config, plan, run

from .machines import PROBE, probe, start


@pytest.fixture(params=["process", "kvm"])
def home(request: pytest.FixtureRequest) -> str:
    """Each home in turn; kvm only where it can be used."""
    if request.param == "kvm":
        if not os.access("/dev/kvm", os.R_OK | os.W_OK):
            pytest.skip("kvm home: /dev/kvm cannot be opened here")
    return str(request.param)


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """Nothing that a run does to signals or mappings outlives it."""

    def state() -> tuple[object, ...]:
        handlers = [signal.getsignal(number) for number in signal.valid_signals()]
        status = Path("/proc/self/status").read_text().splitlines()
        # Signals 32 and 33 are the C library's own, which it catches from the first thread on.
        masks = [(line[:6], int(line[7:], 16) & ~(3 << 31)) for line in status
                 if line.startswith(("SigBlk", "SigIgn", "SigCgt"))]
        window = [line for line in Path("/proc/self/maps").read_text().splitlines() if line.startswith("1000")]
        return handlers, masks, window, sorted(os.listdir("/proc/self/fd"))

    before = state()
    yield
    assert state() == before


def test_hello_and_marks(home: str) -> None:
    outcome = probe(home, "hello")
    assert outcome.err.splitlines() == ["cpu 4711", "hello from the probe"]
    assert outcome.result.exit_code == 0
    assert 0 < outcome.result.marks["kernel-ready"] < outcome.result.marks["exit"] < 10**9
    assert outcome.result.crash is None and outcome.result.trace == b""


@pytest.mark.parametrize("code", [0, 1, 42, 143, 255])
def test_exit_code(home: str, code: int) -> None:
    assert probe(home, f"exit {code}").result.exit_code == code


def test_clock_and_wait(home: str) -> None:
    outcome = probe(home, "clock")
    assert outcome.numbers("waited") == [1] and outcome.numbers("entry") == [1]
    assert "clock went back" not in outcome.err
    assert abs(outcome.numbers("seconds")[0] - time.time()) < 3


def test_timer_keeps_every_register(home: str) -> None:
    outcome = probe(home, "timer")
    assert outcome.numbers("timers") == [20] and outcome.numbers("bad") == [0]
    assert outcome.numbers("cancelled") == [0] and outcome.err.endswith("woken\n")


def test_faults_become_events(home: str) -> None:
    outcome = probe(home, "faults")
    # Null read and write, behind RAM, code written, ud2, divide by zero, and null again.
    assert outcome.numbers("vector") == [14, 14, 14, 14, 6, 0, 14]
    assert outcome.numbers("at") == [0] * 5
    assert outcome.numbers("write") == [0, 1, 0, 1, 0]


def test_wild_stack_pointer_is_an_event(home: str) -> None:
    assert probe(home, "overflow").numbers("vector") == [14, 14]


def test_boot_stack_has_a_guard(home: str) -> None:
    outcome = probe(home, "recursion")
    assert outcome.numbers("vector") == [14] and outcome.numbers("write") == [1]


def test_protection_of_pages(home: str) -> None:
    outcome = probe(home, "protect")
    assert outcome.numbers("protect") == [0, 0]
    assert outcome.numbers("vector") == [14, 0, 0, 14]
    assert outcome.numbers("read") == [1]
    assert outcome.numbers("refused") == [1, 1]
    assert outcome.numbers("value") == [42, 7]


def test_released_memory_is_given_back(home: str) -> None:
    before = probe(home, "memory 1").result.peak_memory
    outcome = probe(home, "memory 32")
    assert outcome.err.endswith("done\n")
    assert (30 << 20) < outcome.result.peak_memory <= (40 << 20)
    assert before < 8 << 20


def test_modules_are_seen(home: str, tmp_path: Path) -> None:
    def checksum(data: bytes) -> int:
        total = 0
        for byte in data:
            total = (total * 31 + byte) & 0xffffffff
        return total

    file = tmp_path / "file"
    contents = {"file": os.urandom(10000), "bytes": b"abc", "empty": b"", "@config": pack_config([("key", "välue")])}
    file.write_bytes(contents["file"])
    outcome = probe(home, "modules", modules={"file": file, "bytes": b"abc", "empty": b""}, config=[("key", "välue")])
    assert outcome.numbers("sum") == [checksum(data) for data in contents.values()]
    assert [line.split()[0] for line in outcome.err.splitlines() if line[0] != "s"][1:] == list(contents)


def test_console_output(home: str) -> None:
    outcome = probe(home, "console", modules={"text": b"from a module\n"})
    assert outcome.out == b"to stdout\nfrom a module\n"
    assert "to stderr\n" in outcome.err


@pytest.mark.parametrize("size", [1, 64, 63])
def test_console_input_to_its_end(home: str, size: int) -> None:
    data = os.urandom(1000)
    outcome = probe(home, f"echo {size}", input=data)
    assert outcome.out == data and outcome.result.exit_code == 0


@pytest.mark.parametrize("size", [64, 63], ids=["waiting", "computing"])
def test_console_input_that_comes_late(home: str, size: int) -> None:
    with start(home, f"echo {size}") as child:
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        for word in (b"one\n", b"two\n"):
            time.sleep(0.15)
            child.stdin.write(word)
            child.stdin.flush()
            assert child.stdout.readline() == word
        child.stdin.close()
        assert child.wait(5) == 0
        assert child.stderr.read().endswith(b"interrupted 1\n")


def test_output_to_a_reader_that_left(home: str) -> None:
    read, write = os.pipe()
    os.close(read)
    with open(os.devnull, "w") as null:
        assert run(MachineSpec(PROBE, 64 << 20, home=home, command_line="console", stdin=-1,  # type: ignore[arg-type]
                               stdout=write, stderr=null.fileno())).exit_code == 0
    os.close(write)


def test_entropy(home: str) -> None:
    outcome = probe(home, "entropy")
    assert outcome.numbers("got") == [256] and outcome.numbers("random") == [1]


def test_hostile_driver_reaches_nothing(home: str) -> None:
    outcome = probe(home, "hostile")
    assert all(status & 64 for status in outcome.numbers("status")) and len(outcome.numbers("status")) == 4
    assert outcome.out == b"alive\n" and outcome.result.exit_code == 0


@pytest.mark.parametrize("scenario, reason, symbol", [
    ("bare-fault", "the guest faulted before it had a handler: page fault writing address 0x40", "kernel_main"),
    ("bare-call", "the guest faulted before it had a handler: page fault executing address 0x123450", "kernel_main"),
    ("handler 3", "the guest faulted inside its event handler: page fault writing address 0x10", "handler"),
    ("handler 6", "the guest faulted inside its event handler: page fault writing address", "recurse"),
])
def test_crash_report(home: str, scenario: str, reason: str, symbol: str) -> None:
    outcome = probe(home, scenario)
    assert outcome.result.exit_code == 134
    assert f"demitasse: {reason}" in outcome.err
    assert "rip 0000" in outcome.err and symbol in outcome.err
    assert outcome.result.crash is not None and outcome.result.crash.reason.startswith(reason)


def test_exit_from_the_handler(home: str) -> None:
    outcome = probe(home, "handler 5")
    assert outcome.result.exit_code == 77 and outcome.result.crash is None


def test_spoiled_boot_data_spoils_no_monitor(home: str) -> None:
    outcome = probe(home, "spoil")
    assert outcome.result.exit_code == 0 and outcome.result.trace == b""


def test_trace_is_handed_out(home: str) -> None:
    assert probe(home, "trace 5").result.trace == b"T\0\0\0\0"


@pytest.mark.parametrize("computing", [0, 1], ids=["waiting", "computing"])
@pytest.mark.parametrize("number, name", [(signal.SIGINT, "keys"), (signal.SIGTERM, "terms"), (signal.SIGQUIT, "quits")])
def test_signals_become_events(home: str, number: int, name: str, computing: int) -> None:
    with start(home, f"keys {computing}") as child:
        assert child.stdout is not None and child.stderr is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(number)
        assert child.wait(5) == 99
        assert f"{name} 1" in child.stderr.read().decode()


@pytest.mark.parametrize("scenario", ["deaf", "deaf 1", "handler 4", "flood"])
@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_second_signal_ends_a_guest_that_does_not_react(home: str, number: int, code: int, scenario: str) -> None:
    with start(home, scenario) as child:
        assert child.stdout is not None
        if scenario.startswith("deaf"):
            assert child.stdout.readline() == b"ready\n"
        else:
            time.sleep(0.6)
        child.send_signal(number)
        time.sleep(0.2)
        assert child.poll() is None
        child.send_signal(number)
        assert child.wait(5) == code


def test_signal_without_a_handler_ends(home: str) -> None:
    with start(home, "bare-wait") as child:
        time.sleep(0.6)
        child.send_signal(signal.SIGINT)
        assert child.wait(5) == 130


def test_a_run_in_another_thread(home: str) -> None:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(probe(home, "timer").result.exit_code))
    thread.start()
    thread.join(20)
    assert codes == [0]


def test_runs_leave_nothing_behind(home: str) -> None:
    for _ in range(20):
        assert probe(home, "hello").result.exit_code == 0


@pytest.mark.parametrize("scenario", ["hello", "timer", "faults", "protect", "console", "overflow", "handler 3"])
def test_ring_0_is_the_same(scenario: str) -> None:
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        pytest.skip("kvm home: /dev/kvm cannot be opened here")
    inner, outer = probe("kvm", scenario, ring=0), probe("kvm", scenario, ring=3)
    if inner.result.crash is not None and "KVM could not go on" in inner.result.crash.reason:
        pytest.skip("kvm home in ring 0: this KVM emulates ring 0, and not all of its instructions")
    assert (inner.out, inner.result.exit_code) == (outer.out, outer.result.exit_code)
    assert inner.err.splitlines()[:2] == outer.err.splitlines()[:2]
    assert inner.numbers("vector") == outer.numbers("vector")


# --- refusals -------------------------------------------------------------------------------------


def broken(tmp_path: Path, change: "dict[int, bytes] | int") -> Path:
    data = bytearray(PROBE.read_bytes())
    if isinstance(change, int):
        data = data[:change]
    else:
        for offset, value in change.items():
            data[offset:offset + len(value)] = value
    path = tmp_path / "broken.elf"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("change, message", [
    (0, "not an ELF file"),
    (40, "truncated: 40 bytes do not hold an ELF header"),
    (100, "truncated: the program headers end at byte"),
    (4200, "truncated: segment"),
    ({4: b"\x01"}, "not a little-endian x86-64 executable"),
    ({18: b"\xb7"}, "not a little-endian x86-64 executable"),
    ({24: struct.pack("<Q", 0x1234)}, "the entry point 0x1234 is not in its code"),
    ({64 + 56 + 16: struct.pack("<QQ", (1 << 44) + 0x200000, 0x200000)}, "overlap"),
    ({64 + 16: struct.pack("<QQ", (1 << 44) + 0x40200000, 0x40200000)}, "linked at"),
    ({64 + 16: struct.pack("<Q", 0x400000)}, "not in the window"),
    ({64 + 4: struct.pack("<I", 7)}, "writable and executable"),
])
def test_bad_images_are_refused(tmp_path: Path, change: "dict[int, bytes] | int", message: str) -> None:
    with pytest.raises(MachineError, match=message) as caught:
        plan(MachineSpec(broken(tmp_path, change), 64 << 20))
    assert "\n" not in str(caught.value) and "broken.elf" in str(caught.value)


def test_missing_image(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="cannot read the kernel image .*: No such file"):
        plan(MachineSpec(tmp_path / "none.elf", 64 << 20))


@pytest.mark.parametrize("memory, message", [(1 << 20, "too little memory: 1024 KiB asked for"),
                                             (100 << 30, "too much memory: 102400 MiB")])
def test_memory_sizes(memory: int, message: str) -> None:
    with pytest.raises(MachineError, match=message):
        plan(MachineSpec(PROBE, memory))


def test_modules_that_cannot_be(tmp_path: Path) -> None:
    def refused(message: str, **modules: "Path | bytes") -> None:
        with pytest.raises(MachineError, match=message):
            plan(MachineSpec(PROBE, 64 << 20, modules=modules))

    refused("boot module x: cannot read .*: No such file", x=tmp_path / "none")
    refused("boot module x: .* is not a file", x=tmp_path)
    refused("empty or longer than 79 bytes", **{"n" * 80: b""})
    refused("257 boot modules, at most 256", **{f"m{i}": b"" for i in range(257)})
    with pytest.raises(MachineError, match="NUL or '='"):
        pack_config([("a=b", "c")])
    with pytest.raises(MachineError, match="longer than 2047 bytes"):
        plan(MachineSpec(PROBE, 64 << 20, command_line="x" * 2048))


def test_occupied_window_is_explained() -> None:
    import ctypes
    import mmap

    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    fixed = 0x100000
    at = (1 << 44) + (8 << 20)
    assert libc.mmap(at, 4096, 0, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | fixed, -1, 0) == at
    try:
        with pytest.raises(MachineError, match=r"needs addresses 0x100000200000-\S+ for guest memory, but there is 0x1"):
            probe("process", "hello")
    finally:
        libc.munmap(at, 4096)


def test_symbols_of_the_image() -> None:
    image = Image.read(PROBE)
    assert image.symbols().name(image.entry) == "image_entry"
    assert image.symbols().name(0x1234) is None
