"""jimage lookup, jars, manifests, and the list of native methods."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demitasse.jvm.model.errors import ArchiveError
from demitasse.jvm.model.jar import Jar, write_jar
from demitasse.jvm.model.jimage import JImage
from demitasse.jvm.model.manifest import LINE_BYTES, Manifest, ManifestAttributes
from demitasse.jvm.model.natives import check_bindings, list_natives


def test_perfect_hash_finds_names(image: JImage) -> None:
    locations = list(image.locations())
    assert len(locations) == image.resource_count
    for location in random.Random(1).sample(locations, 2000):
        assert image.find(location.name) == location
        assert image.find(location.name + "/none") is None


def test_jimage_lists_and_reads(image: JImage) -> None:
    assert {"java.base", "java.logging"} <= set(image.modules())
    assert image.packages()["java.lang"] == ["java.base"]
    location = image.find_class("java/util/logging/Logger")
    assert location is not None and location.module == "java.logging"
    assert bytes(image.read(location)[:4]) == b"\xca\xfe\xba\xbe"
    assert image.find_class("java/lang/Nothing") is None
    assert image.find_class("nowhere/A") is None


@pytest.mark.parametrize("data", [b"", b"\xda", bytes(100), b"\xda\xda\xfe\xca" + b"\xff" * 60])
def test_bad_jimages(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "modules"
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="modules"):
        JImage(path)


def test_natives_and_bindings(image: JImage) -> None:
    natives = list_natives(image, ["java.base"])
    assert len(natives) == 699  # of OpenJDK 25.0.2's java.base
    triples = [(n.class_name, n.name, n.descriptor) for n in natives]
    report = check_bindings([*triples[1:], ("java/lang/Object", "no", "()V")], natives)
    assert report.missing == (natives[0],)
    assert [str(each) for each in report.unknown] == ["java/lang/Object.no()V"]


_NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,69}", fullmatch=True).filter(
    lambda name: name.lower() not in ("name", "manifest-version"))
_VALUES = st.text(
    st.characters(exclude_characters="\r\n\0", codec="utf-8"), max_size=150)
_SECTIONS = st.dictionaries(_NAMES, _VALUES, max_size=5).map(ManifestAttributes)


@settings(max_examples=40, deadline=None)
@given(_SECTIONS, st.dictionaries(_VALUES.filter(bool), _SECTIONS, max_size=3))
def test_manifests_round_trip(
    main: ManifestAttributes, entries: dict[str, ManifestAttributes]
) -> None:
    main["Manifest-Version"] = "1.0"
    data = Manifest(main, entries).to_bytes()
    assert Manifest.parse(data) == Manifest(main, entries)
    assert all(len(line) <= LINE_BYTES for line in data.split(b"\r\n"))
    for line in data.split(b"\r\n"):
        line.decode("utf-8")


def test_manifest_errors_name_the_line() -> None:
    for data, problem in [
        (b" x: y\n", "line 1: nothing to continue"), (b"A: b\nNonsense\n", "line 2: expected"),
        (b"A: b\n\nX: y\n", "line 3: a section starts"), (b"A b: c\n", "line 1: .* not an attrib"),
        (b"A: \xff\n", "line 1: not UTF-8"),
    ]:
        with pytest.raises(ArchiveError, match=problem):
            Manifest.parse(data)


def test_jars_are_reproducible_and_found_by_version() -> None:
    manifest = Manifest(ManifestAttributes({
        "Manifest-Version": "1.0", "Main-Class": "a.Main", "Class-Path": "x.jar lib/y.jar",
        "multi-release": "true"}))
    entries = {"b/B.class": b"9", "a/A.class": b"8", "META-INF/versions/17/a/A.class": b"17",
               "META-INF/versions/99/a/A.class": b"99"}
    data = write_jar(entries, manifest)
    assert data == write_jar(dict(reversed(entries.items())), manifest)
    with Jar(data) as jar:
        assert jar.names()[0] == "META-INF/MANIFEST.MF"
        assert jar.manifest.main_class == "a.Main"
        assert jar.manifest.class_path == ["x.jar", "lib/y.jar"]
        assert jar.find_class("a.A") == "META-INF/versions/17/a/A.class"
        assert jar.find_class("a.A", 11) == "a/A.class"
        assert jar.find_class("c.C") is None
        assert sorted(jar.classes()) == ["a/A", "b/B"]
    stored = write_jar(entries, compress=False)
    assert Jar(stored).read("a/A.class") == b"8"


@given(st.integers(0, 2000), st.integers(0, 255))
def test_damaged_jars_give_archive_error(position: int, value: int) -> None:
    data = bytearray(write_jar({"a": b"x" * 50, "b": b"y"}))
    data[position % len(data)] = value
    try:
        with Jar(bytes(data)) as jar:
            assert jar.manifest is not None
            for name in jar.names():
                jar.read(name)
    except ArchiveError:
        pass
