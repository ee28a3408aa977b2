"""Linkage and initialisation errors in a running program: types, messages, causes and traces as the host's."""

from __future__ import annotations

from pathlib import Path

from .. import tools

JAR = Path(__file__).resolve().parent / "linkage.jar"


def test_linkage_errors_are_the_host_s() -> None:
    host = tools.run_java_host("-cp", str(JAR), "Main")
    ours = tools.run_demitasse("run", "--home", "process", "-cp", str(JAR), "Main")
    assert ours.out.decode().splitlines() == host.out.decode().splitlines()
    assert (ours.err, ours.code) == (host.err, host.code)
    assert len(host.out.splitlines()) > 120
