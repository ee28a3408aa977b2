"""Fetching of pinned jars: what is there is not fetched, what is wrong is not used, what cannot be had is said by name."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from . import catalogue, jars, pins
from .jars import Jar

CONTENTS = b"a jar"
GOOD = Jar("group", "thing", "1.0", hashlib.sha256(CONTENTS).hexdigest())
BAD = Jar("group", "other", "2.0", "0" * 64, "all")

#: A Maven that copies nothing but what the tests' project files ask for.
MAVEN = """#!/bin/sh
while [ "$1" != -f ]; do shift; done
folder=$(sed -n 's:.*<outputDirectory>\\(.*\\)</outputDirectory>.*:\\1:p' "$2")
echo run >> "$(dirname "$0")/log"
for name in thing-1.0.jar other-2.0-all.jar; do
    grep -q "<artifactId>${name%%-*}<" "$2" && printf 'a jar' > "$folder/$name"
done
exit 0
"""


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and the Maven above in front of the path."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mvn").write_text(MAVEN)
    (tmp_path / "bin" / "mvn").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv(jars.CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path


def test_fetched_once(machine: Path) -> None:
    for _ in range(2):
        jars.fetch([GOOD, GOOD])
    assert jars.path(GOOD).read_bytes() == CONTENTS
    assert (machine / "bin" / "log").read_text() == "run\n"
    assert [path.name for path in (machine / "cache").iterdir()] == ["thing-1.0.jar"]


def test_other_bytes_are_refused(machine: Path) -> None:
    with pytest.raises(jars.Wrong, match="other-2.0-all.jar has SHA-256 .*, not 0000"):
        jars.fetch([BAD])
    assert list((machine / "cache").iterdir()) == []
    jars.fetch([GOOD])
    jars.path(GOOD).write_bytes(b"other bytes")
    with pytest.raises(jars.Wrong):
        jars.path(GOOD)


def test_no_maven(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(jars.Missing, match="^needs Maven$"):
        jars.fetch([GOOD])


def test_maven_fails(machine: Path) -> None:
    (machine / "bin" / "mvn").write_text("#!/bin/sh\necho '[ERROR] no network'\nexit 1\n")
    with pytest.raises(jars.Missing, match="Maven cannot get its jars: .*no network"):
        jars.fetch([GOOD])


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(jars.CACHE_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert jars.cache() == Path("/somewhere/demitasse/jars")


def test_every_pin_is_used_and_every_driver_there() -> None:
    words = Path(catalogue.__file__).read_text(encoding="utf-8") + Path(__file__).with_name("test_applications.py").read_text()
    assert [name for name in pins.JARS if f'"{name}"' not in words] == []
    drivers = {name for application in catalogue.APPLICATIONS for name in application.drivers}
    assert drivers == {path.relative_to(catalogue.HERE / "drivers").as_posix() for path in (catalogue.HERE / "drivers").rglob("*.java")}
    names = [application.name for application in catalogue.APPLICATIONS]
    assert len(names) == len(set(names))
    files = [jar.name for jar in pins.JARS.values()]
    assert len(files) == len(set(files))
