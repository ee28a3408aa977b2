"""The command from outside: exit codes, one line for every mistake, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from demitasse.runtime.cli import main, run
from demitasse.runtime.cli.main import run_command_line
from demitasse.runtime.monitor import machine
from tests import tools
from tests.cli.jars import make_jar

MARKS = {"kernel-ready": 1_000_000, "main": 9_500_000, "exit": 12_000_000}


class Machine:
    """Stands in for the machine: remembers the spec, returns what it was told to."""

    def __init__(self) -> None:
        self.specs: list[machine.MachineSpec] = []
        self.exit_code = 0
        self.error: BaseException | None = None

    def run(self, spec: machine.MachineSpec) -> machine.RunResult:
        self.specs.append(spec)
        if self.error is not None:
            raise self.error
        return machine.RunResult(spec.home, self.exit_code, 20 << 20, MARKS, figures=b"calls 7\nclasses_loaded 450\n")


@pytest.fixture
def guest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    fake = Machine()
    image = tmp_path / "kernel.elf"
    image.touch()
    monkeypatch.setattr(machine, "run", fake.run)
    monkeypatch.setattr(run, "image_path", lambda debug=False: image)
    monkeypatch.setattr(run, "choose_home", lambda request: "process" if request.home == "auto" else request.home)
    return fake


@pytest.fixture
def jar(tmp_path: Path) -> str:
    return str(make_jar(tmp_path / "app.jar"))


def command(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = run_command_line(argv)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize("code", [0, 1, 3, 130, 143, 255])
def test_the_programs_exit_code_is_the_commands(guest: Machine, jar: str, code: int,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    guest.exit_code = code
    assert command(capsys, "run", jar) == (code, "", "")


def test_the_machine_gets_what_was_asked_for(guest: Machine, jar: str) -> None:
    assert run_command_line(["run", "--home", "kvm", "-m", "200m", jar, "x"]) == 0
    spec = guest.specs[0]
    assert (spec.home, spec.memory, spec.stdin, spec.stdout, spec.stderr) == ("kvm", 200 << 20, 0, 1, 2)
    assert ("arg", "x") in spec.config and ("mode", "jar") in spec.config
    assert machine.pack_config(spec.config)              # every record can be encoded
    assert len(spec.modules) + 1 <= machine.MODULES_MAX


def test_stats(guest: Machine, jar: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "stats.json"
    code, out, err = command(capsys, "run", "--stats", "--stats-json", str(file), jar)
    assert (code, out) == (0, "")
    assert "9.500 ms after image entry" in err and "20.0 MiB" in err
    told = json.loads(file.read_text())
    assert told["marks"] == MARKS and told["peak_memory"] == 20 << 20 and told["monitor_peak_memory"] > 0
    assert "classes        450 loaded" in err and told["java"] == {"calls": 7, "classes_loaded": 450, "methods": []}


@pytest.mark.parametrize("argv", [
    ["run", "missing.jar"], ["run"], ["run", "--hoem", "x"], ["run", "-m", "1m", "JAR"], ["run", "--trace", "/no/such/t.json", "JAR"],
    ["run", "--stats-json", "/no/such/s.json", "JAR"], ["run", "-Xmx5q", "JAR"],
    ["rnu"], ["app.jar"], ["bench", "hello", "--runs", "x"], ["bench", "hello", "--home", "kwm"], ["bench", "nix"],
    ["bench", "suite", "JAR", "--unit", "min"], ["bench", "suite", "JAR", "--time", "x"], ["bench", "hello", "--plot", "x.txt"], ["bench", "hello", "--json", "/no/such/f.json"], ["inspect"], ["inspect", "/no/such.jar"], ["--nope"],
])
def test_mistakes_get_one_line_and_exit_code_1(guest: Machine, jar: str, argv: Sequence[str],
                                               capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = command(capsys, *[jar if word == "JAR" else word for word in argv])
    assert (code, out) == (1, "")
    assert err.endswith("\n") and err.count("\n") == 1, err
    assert "Traceback" not in err and not guest.specs


def test_a_home_that_is_not_there(monkeypatch: pytest.MonkeyPatch, jar: str, tmp_path: Path,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(run, "image_path", lambda debug=False: tmp_path / "kernel.elf")
    assert command(capsys, "run", "--home", "qemu", jar) == (
        1, "", "Error: no qemu home here: qemu-system-x86_64 is not on the PATH\n")


def test_a_refusal_of_the_machine_is_one_line(guest: Machine, jar: str, capsys: pytest.CaptureFixture[str]) -> None:
    guest.error = machine.MachineError("no room at 2^44")
    assert command(capsys, "run", jar) == (1, "", "Error: no room at 2^44\n")


def test_a_defect_is_one_line_with_a_hint(guest: Machine, jar: str, capsys: pytest.CaptureFixture[str],
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    guest.error = RuntimeError("line one\nline two")
    monkeypatch.delenv("DEMITASSE_TRACEBACK", raising=False)
    code, out, err = command(capsys, "run", jar)
    assert (code, out) == (1, "")
    assert err == "demitasse: internal error: RuntimeError: line one line two (DEMITASSE_TRACEBACK=1 shows where)\n"
    monkeypatch.setenv("DEMITASSE_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        run_command_line(["run", jar])


def test_interruption(guest: Machine, jar: str, capsys: pytest.CaptureFixture[str]) -> None:
    guest.error = KeyboardInterrupt()
    assert command(capsys, "run", jar) == (130, "", "")


def test_strange_characters_come_out_as_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = command(capsys, "run", "-jar", "a\nb\x1b[31m\udcff.jar")
    assert code == 1
    assert err == "Error: Unable to access jarfile a\\nb\\x1b[31m\\udcff.jar\n"


def test_missing_image_says_how_to_build_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, jar: str,
                                            capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(run, "_RUNTIME", tmp_path)
    code, _, err = command(capsys, "run", "--home", "process", "--debug", jar)
    assert code == 1 and "make debug builds it" in err


@pytest.mark.parametrize("argv", [[], ["--help"], ["run", "--help"], ["bench"], ["bench", "hello", "--help"],
                                  ["doctor", "--help"], ["inspect", "--help"]])
def test_help(argv: list[str]) -> None:
    outcome = tools.run_demitasse(*argv)
    assert outcome.code == 0 and outcome.err == b""
    assert b"demitasse" in outcome.out


def test_help_of_run_names_every_option() -> None:
    from demitasse.runtime.cli.options import OPTIONS

    text = tools.run_demitasse("run", "--help").out.decode()
    for option in OPTIONS:
        assert option.names[0] in text


@pytest.mark.parametrize("argv", [["--version"], ["run", "-version"]])
def test_version(argv: list[str]) -> None:
    outcome = tools.run_demitasse(*argv)
    assert outcome.code == 0 and outcome.out.startswith(b"demitasse 0.") and b"25.0.2" in outcome.out


def test_a_closed_pipe_is_no_accident() -> None:
    code = os.system(f"{os.sys.executable} -m demitasse inspect modules 2>&1 | head -1 > /dev/null")  # type: ignore[attr-defined]
    assert code == 0


@pytest.mark.parametrize(("words", "code"), [("--help", 0), ("run no.jar", 1), (f"run {tools.HELLO}", 0)])
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_descriptors_are_no_accident(words: str, code: int, closed: str) -> None:
    done = subprocess.run(f"{sys.executable} -m demitasse {words} {closed}", shell=True, capture_output=True, timeout=60)
    assert (done.returncode, b"Traceback" in done.stderr, b"internal" in done.stderr) == (code, False, False), done


def test_a_full_disk_is_told() -> None:
    done = subprocess.run(f"{sys.executable} -m demitasse --version > /dev/full", shell=True, capture_output=True, timeout=60)
    assert done.returncode == 1 and done.stderr == b"demitasse: the output cannot be written: No space left on device\n"


def test_guard_catches_everything(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_argv: Any) -> int:
        raise MemoryError

    monkeypatch.setattr(main, "_dispatch", broken)
    assert command(capsys, "x") == (1, "", "demitasse: internal error: MemoryError (DEMITASSE_TRACEBACK=1 shows where)\n")
