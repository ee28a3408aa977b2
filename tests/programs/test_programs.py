"""The corpus against the host JVM: what every program prints, that it needs no method handles, and
that the committed jars are what the committed sources compile to."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from . import build, catalogue, host
from .catalogue import BENCHMARKS, PROGRAMS, Program

CLASS_FILE_MAJOR = {"release8": 52}

every_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)


@every_program
def test_host_prints_what_is_expected(program: Program) -> None:
    outcome = host.run(program)
    assert host.difference(program, outcome.out, outcome.err, outcome.code) == ""
    assert outcome.code == program.exit_code


@every_program
def test_reaches_method_handles_only_if_tagged(program: Program) -> None:
    signs = host.method_handle_use(program)
    if program.tags & {"method-handles", "var-handles"}:  # the check itself must be able to fail
        assert signs
    else:
        assert signs == []
    if "var-handles" in program.tags:
        assert [sign for sign in signs if sign.startswith("linkCallSite") or "MethodHandle.invoke" in sign] == []


def test_a_difference_is_named() -> None:
    """Also of output that is kept as a digest."""
    short, long = (next(p for p in PROGRAMS if p.name == name) for name in ("Nothing", "LargeStdout"))
    assert host.expected(long).long and not host.expected(short).long
    there = host.run(long).out
    assert host.difference(long, there, b"", 0) == ""
    assert host.difference(long, there.replace(b"\n", b"!\n", 1), b"", 0).startswith("stdout: line 1 is ")
    assert host.difference(long, there[:-1], b"", 3).startswith("exit code 3, not 0; stdout: ends before line ")
    assert host.difference(short, b"more", b"", 0) == "stdout: line 1 is 'more', not ''"
    assert host.difference(short, b"", b"x\ny", 0) == "stderr: line 1 is 'x', not ''"


@pytest.mark.parametrize("benchmark_", BENCHMARKS, ids=lambda b: b.main)
def test_benchmark_prints_checksum_and_time(benchmark_: catalogue.Benchmark) -> None:
    program = Program(benchmark_.main, main=benchmark_.main, args=(str(benchmark_.test_iterations),))
    outcome = host.run(program)
    assert (outcome.err, outcome.code) == (b"", 0)
    match = re.fullmatch(rb"checksum (-?\d+)\nns (\d+)\n", outcome.out)
    assert match and int(match[1]) == benchmark_.test_checksum and int(match[2]) > 0
    assert host.method_handle_use(program) == []


def test_every_source_is_in_the_catalogue() -> None:
    mains = {program.main for program in PROGRAMS} | {b.main for b in BENCHMARKS} | set(catalogue.HELPERS)
    sources = {
        source.relative_to(build.SOURCES).with_suffix("").as_posix().replace("/", ".")
        for source in build.SOURCES.rglob("*.java")
    }
    assert sources == mains - {program.main for program in PROGRAMS if program.example}


def test_every_program_has_its_own_name_and_expectation() -> None:
    names = [program.name for program in PROGRAMS]
    assert len(names) == len(set(names))
    files = {path.name.removesuffix(".digest") for path in host.EXPECTED.iterdir()}
    assert files == {f"{name}.{kind}" for name in names for kind in ("out", "err", "code")}


def test_every_source_opens_with_what_it_exercises() -> None:
    for source in build.SOURCES.rglob("*.java"):
        first = next(line for line in source.read_text(encoding="utf-8").splitlines() if line and not line.startswith(("import ", "package ")))
        assert first.startswith(("/*", "//")), source.name


def test_class_file_versions() -> None:
    for name, data in build.read_classes(build.PROGRAMS / "programs.jar").items():
        magic, minor, major = struct.unpack_from(">IHH", data)
        expected_major = CLASS_FILE_MAJOR.get(name.split("/")[0], 69)
        assert (magic, minor, major) == (0xCAFEBABE, 0, expected_major), name


@pytest.mark.parametrize("jar", build.jars(), ids=lambda jar: jar.path.name)
def test_jar_is_what_its_sources_compile_to(jar: build.Jar) -> None:
    try:
        javac = build.find_javac(exactly=build.OLDEST_COMPILER)
    except build.NoCompiler:
        pytest.skip("no JDK 25 compiler")
    assert build.differences(jar, build.compile_classes(javac, jar)) == []


def test_missing_compiler_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(build, "compilers", lambda: iter(["/nowhere/javac"]))
    monkeypatch.setattr("sys.argv", ["build.py"])
    assert build.main() == 2
    assert "no javac of JDK 25 or later" in capsys.readouterr().err


def test_jars_are_reproducible(tmp_path: Path) -> None:
    classes = {"A.class": b"\xca\xfe\xba\xbe", "p/B.class": b"\xca\xfe\xba\xbe\0"}
    first, second = (build.Jar(tmp_path / name, (), "A") for name in ("1.jar", "2.jar"))
    build.write_jar(first, classes)
    build.write_jar(second, classes)
    assert first.path.read_bytes() == second.path.read_bytes()
    assert build.read_classes(first.path) == classes
