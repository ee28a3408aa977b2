"""inspect: plain text for every kind of file, one line and exit code 1 for bad input."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demitasse.jvm.model.assembler import assemble, assemble_jar
from demitasse.jvm.model.inspect import inspect_main

from .support import SMALL, sample, small_class


def run(spec: str) -> tuple[int, str]:
    """The exit code and the text."""
    out = io.StringIO()
    return inspect_main(spec, out=out), out.getvalue()


def test_class_file(tmp_path: Path) -> None:
    path = tmp_path / "Small.class"
    path.write_bytes(small_class())
    status, text = run(str(path))
    assert status == 0 and "\x1b" not in text
    for line in [
        "public class Small",
        "static final long X;  // J, flags 0x0018 (static, final)",
        "  ConstantValue(constantvalue=5L)",
        "public static void main(java.lang.String[]);",
        "  throws java/io/IOException",
        "    line 3",
        "        2 iinc             1 1",
        "{ 1: 2, default: 24 }",
        "// Fieldref java/lang/System.out Ljava/io/PrintStream;",
        '// String "Hello"',
        "    catch any from 0 to 32 using 33",
        "    frame at 2: append locals [int]",
        "    frame at 33: same_locals_1_stack_item stack [java/lang/Throwable]",
        "constant pool",
    ]:
        assert line in text, line


def test_jar_and_class_in_jar(tmp_path: Path) -> None:
    path = tmp_path / "small.jar"
    path.write_bytes(assemble_jar(SMALL, "Small"))
    status, text = run(str(path))
    assert status == 0 and "main class: Small" in text and "Small.class" in text
    assert run(f"{path}::Small")[1].startswith("public class Small\n")
    status, text = run(f"{path}::Other")
    assert (status, text.count("\n")) == (1, 1) and "there is no class Other" in text


def test_modules() -> None:
    status, text = run("modules::java.lang.String")
    assert status == 0 and text.startswith("public final class java.lang.String implements java.io")
    status, text = run("modules")
    assert status == 0 and "  java.base\n" in text


def test_library_classes_render(tmp_path: Path) -> None:
    path = tmp_path / "a.class"
    for location, data in sample(60):
        path.write_bytes(data)
        assert run(str(path))[0] == 0, location.name


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (small_class()[:100],
         "Utf8 #11.raw is 22 bytes long but the file ends after 14 (at byte 86)"),
        (b"\x7fELF", "not a class file: it starts with 0x7F454C46, not 0xCAFEBABE (at byte 0)"),
        (b"PK\3\4rubbish", "not a zip file"),
        (assemble(".class A\n.method f ()V\n.bytes 0x00FF\n.limit stack 0\n.limit locals 0\n"
                  ".end method")[0].data, "code of f()V at offset 1: there is no opcode 255"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, data: bytes, problem: str) -> None:
    path = tmp_path / "bad"
    path.write_bytes(data)
    status, text = run(str(path))
    assert (status, text.count("\n")) == (1, 1)
    assert text.startswith("demitasse inspect: ") and str(path) in text and problem in text


def test_missing_file_is_one_line() -> None:
    status, text = run("/no/such/file.jar")
    assert (status, text.count("\n")) == (1, 1) and "/no/such/file.jar" in text


def test_output_fits_a_narrow_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.class"
    path.write_bytes(assemble(".class 'é\\ud800\\n'")[0].data)
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    assert inspect_main(str(path), out=out) == 0
    out.flush()
    assert raw.getvalue().startswith(b"class \\xe9\\ud800\\n")


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=3))
def test_mutations_never_escape(tmp_path: Path, changes: list[tuple[int, int]]) -> None:
    data = bytearray(small_class())
    for position, value in changes:
        data[position % len(data)] = value
    path = tmp_path / "a.class"
    path.write_bytes(data)
    status, text = run(str(path))
    assert status == 0 or text.count("\n") == 1
