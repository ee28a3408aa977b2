"""Ctrl-C, SIGTERM and a closed pipe end a program as they end it under the host JVM."""

from __future__ import annotations

import os
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

JAR = str(host.HERE / "programs.jar")
#: Reads stdin to its end: with an open pipe that says nothing, it waits for ever.
WAITING = ["-cp", JAR, "SumLines"]
#: Prints more than a pipe holds.
TALKING = ["-cp", JAR, "LargeStdout"]
HOMES = ("process", "kvm", "qemu")
#: How long a program may take to be waiting for its input.
START = {"process": 1.0, "kvm": 1.0, "qemu": 15.0}


def commands(home: str, program: list[str]) -> list[list[str]]:
    return [[str(java_home() / "bin" / "java"), *program],
            [sys.executable, "-m", "demitasse", "run", "--home", home, *program]]


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_a_waiting_program(home: str, number: signal.Signals) -> None:
    need_home(home)
    codes = []
    for command in commands(home, WAITING):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=tools.ENVIRONMENT)
        try:
            time.sleep(START[home])                      # long enough to be waiting, not starting
            assert process.poll() is None, process.stderr.read() if process.stderr else b""
            process.send_signal(number)
            assert process.wait(30) is not None
            codes.append(process.returncode)
        finally:
            process.kill()
            process.communicate()
    assert codes == [128 + number] * 2


@pytest.mark.parametrize("home", HOMES)
def test_a_reader_that_goes_away_does_not_hang_the_program(home: str) -> None:
    need_home(home)
    for command in commands(home, TALKING):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=tools.ENVIRONMENT)
        assert process.stdout is not None
        os.read(process.stdout.fileno(), 10)
        process.stdout.close()
        try:
            process.wait(60)
            assert b"Traceback" not in (process.stderr.read() if process.stderr else b"")
        finally:
            process.kill()
            process.wait()


def with_signal(command: list[str], number: signal.Signals, then: bytes) -> tuple[bytes, int]:
    """What a program prints and how it ends that gets a signal once it says that it is ready, and then input."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env=tools.ENVIRONMENT)
    assert process.stdin is not None and process.stdout is not None
    limit = threading.Timer(60, process.kill)
    limit.start()
    try:
        first = process.stdout.readline()
        process.send_signal(number)
        if then:
            first += process.stdout.readline()
            process.stdin.write(then)
            process.stdin.close()
        return first + process.stdout.read(), process.wait()
    finally:
        limit.cancel()
        process.kill()
        process.wait()


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_shutdown_hooks_run(home: str, number: signal.Signals) -> None:
    need_home(home)
    ours, theirs = (with_signal(command, number, b"") for command in commands(home, ["-cp", JAR, "SignalHooks"]))
    assert ours == theirs == (b"ready\nhook\n", 128 + number)


@pytest.mark.parametrize("home", HOMES)
def test_a_program_handles_an_interrupt(home: str) -> None:
    need_home(home)
    ours, theirs = (with_signal(command, signal.SIGINT, b"x") for command in commands(home, ["-cp", JAR, "SignalHooks", "own"]))
    assert ours == theirs == (b"ready\ncaught SIGINT 2\ncame true\nmain ends\nhook\n", 0)
