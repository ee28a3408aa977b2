"""The quick look at a jar agrees with the zip reader of Python, and believes nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demitasse.jvm.model.errors import ArchiveError
from demitasse.runtime.jarhead import read_manifest
from tests.cli.jars import make_jar


def main_class(path: Path) -> str | None:
    manifest = read_manifest(path)
    return manifest.main_class if manifest is not None else None


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("comment", [b"", b"a comment with PK\5\6 in it" * 3, b"x" * 65535])
def test_manifest(tmp_path: Path, method: int, comment: bytes) -> None:
    assert main_class(make_jar(tmp_path / "a.jar", "Main-Class:  org.x.Main \n", method=method, comment=comment)) == "org.x.Main"


def test_manifest_behind_other_entries_and_a_script_in_front(tmp_path: Path) -> None:
    path = tmp_path / "a.jar"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(100):
            archive.writestr(f"e{number}", b"x")
        archive.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: M\n")
    path.write_bytes(b"#!/bin/sh\nexec java -jar $0\n" + path.read_bytes())
    assert main_class(path) == "M"


def test_zip64(tmp_path: Path) -> None:
    path = tmp_path / "a.jar"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: M\n")
        for number in range(65536):
            archive.writestr(zipfile.ZipInfo(f"{number}"), b"")
    assert main_class(path) == "M"


def test_no_manifest(tmp_path: Path) -> None:
    assert read_manifest(make_jar(tmp_path / "a.jar", None)) is None


@pytest.mark.parametrize("data", [b"", b"text", b"PK\5\6", b"PK\5\6" + b"\xff" * 18, b"\0" * 100])
def test_not_a_zip(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.jar"
    path.write_bytes(data)
    with pytest.raises(ArchiveError):
        read_manifest(path)


def test_junk_behind_the_end(tmp_path: Path) -> None:
    path = make_jar(tmp_path / "a.jar")
    path.write_bytes(path.read_bytes() + b"junk")
    with pytest.raises(ArchiveError):
        read_manifest(path)


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    data = make_jar(tmp_path / "whole.jar").read_bytes()
    path = tmp_path / "cut.jar"
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(ArchiveError):
            read_manifest(path)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damage_is_an_archive_error_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    good = bytearray(make_jar(tmp_path / "good.jar").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "bad.jar"
    path.write_bytes(good)
    try:
        read_manifest(path)
    except ArchiveError:
        pass
