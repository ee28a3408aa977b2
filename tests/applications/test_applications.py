"""Real applications, as they come from Maven Central, do in a guest what they do on the host JVM, byte for byte."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import tools
from tests.conftest import need_home

from . import jars
from .catalogue import APPLICATIONS, HERE, Application, jdbc
from .pins import JARS

TIMEOUT = 240.0


def names_of_jars(application: Application) -> list[str]:
    names = [name for run in application.runs for name in run.jars]
    names += list(application.libraries)
    names += ["ecj"] if application.drivers else []
    names += [application.sources] if application.sources else []
    return list(dict.fromkeys(names))


@pytest.fixture(scope="session")
def fetched(request: pytest.FixtureRequest) -> None:
    """All jars of the catalogue in one go, for starting Maven takes long, but those that only slow tests need which were not
    chosen; a test asks again for its own."""
    chosen = [item.callspec.params.get("application") for item in request.session.items if hasattr(item, "callspec")]
    left_out = {name for application in APPLICATIONS if application.slow and application not in chosen
                for name in names_of_jars(application)}
    left_out -= {name for application in APPLICATIONS if not application.slow or application in chosen
                 for name in names_of_jars(application)}
    try:
        jars.fetch(jar for name, jar in JARS.items() if name not in left_out)
    except jars.Missing:
        pass


def need_jars(application: Application) -> None:
    try:
        jars.fetch(JARS[name] for name in names_of_jars(application))
    except jars.Missing as missing:
        pytest.skip(str(missing))


def filled_in(word: str, folder: Path, own: Path) -> str:
    return word.replace("{run}", str(folder)).replace("{own}", str(own))


def prepare(application: Application, folder: Path, drivers: Path | None) -> None:
    """Make the folder of the runs anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in application.inputs:
        source = HERE / "inputs" / name
        if source.is_dir():
            shutil.copytree(source, folder, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder)
    for name in application.libraries:
        shutil.copy(jars.path(JARS[name]), folder / f"{name}.jar")
    if application.folder:
        shutil.copytree(os.environ[application.folder], folder / "src")
    if application.sources:
        with zipfile.ZipFile(jars.path(JARS[application.sources])) as archive:
            archive.extractall(folder / "src", [name for name in archive.namelist() if name.endswith(".java")])
    if drivers:
        shutil.copy(drivers, folder / "driver.jar")


@pytest.fixture(scope="session")
def classes(fetched: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the classes of all drivers whose jars are here, compiled in one go on the host JVM by Eclipse's compiler."""
    folder = tmp_path_factory.mktemp("drivers")
    names = ["ecj"]
    sources: list[str] = []
    for application in APPLICATIONS:
        if application.drivers and all((jars.cache() / JARS[name].name).exists() for name in names_of_jars(application)):
            names += names_of_jars(application)
            sources += [str(HERE / "drivers" / name) for name in application.drivers]
    if sources:
        path = ":".join(str(jars.path(JARS[name])) for name in dict.fromkeys(names))
        done = tools.run_java_host("-cp", path, "org.eclipse.jdt.internal.compiler.batch.Main", "-nowarn", "-proc:none", "-source", "24",
                                   "-target", "24", "-g", "-d", str(folder), *dict.fromkeys(sources))
        assert done == (b"", b"", 0), done.err.decode()
    return folder


def driver_jar(application: Application, classes: Path, at: Path) -> Path | None:
    """The application's drivers, in a jar."""
    if not application.drivers:
        return None
    with zipfile.ZipFile(at, "w") as archive:
        for driver in application.drivers:
            stem = driver.removesuffix(".java")
            for file in sorted([classes / f"{stem}.class", *classes.glob(f"{stem}$*.class")]):
                archive.write(file, file.relative_to(classes))
    return at


def comparable(application: Application, text: bytes, entries: list[str]) -> bytes:
    """What a program said, without what must differ: where its jars are, and what the catalogue says varies."""
    for number, entry in enumerate(entries):
        name = Path(entry).name
        text = text.replace(f"/boot/app/{number}/{name}".encode(), name.encode()).replace(entry.encode(), name.encode())
    for pattern, replacement in application.varying:
        text = re.sub(pattern, replacement, text)
    return text


def observe(application: Application, folder: Path, own: Path, java: Callable[..., tools.Outcome]
            ) -> tuple[list[tools.Outcome], dict[str, bytes | None]]:
    """Do all runs; what they said, and what is in the folder afterwards."""
    outcomes = []
    for run in application.runs:
        entries = [str(jars.path(JARS[name])) for name in run.jars] + [filled_in(word, folder, own) for word in run.path]
        options, args = ([filled_in(word, folder, own) for word in words] for words in (run.options, run.args))
        done = java(*options, "-cp", ":".join(entries), run.main, *args, stdin=run.stdin)
        out, err = (comparable(application, text, entries) for text in (done.out, done.err))
        outcomes.append(tools.Outcome(out, err, done.code))
    files: dict[str, bytes | None] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        same = not any(fnmatch.fnmatch(name, pattern) for pattern in application.unequal)
        files[name] = file.read_bytes() if file.is_file() and same else None
    return outcomes, files


@pytest.mark.parametrize(("home", "application"), [
    pytest.param(home, application, id=f"{home}-{application.name}", marks=[pytest.mark.slow] if application.slow else [])
    for application in APPLICATIONS for home in ("process", *application.homes)
])
def test_same_as_on_the_host_jvm(home: str, application: Application, tmp_path: Path, classes: Path) -> None:
    need_home(home)
    if application.folder and not os.environ.get(application.folder):
        pytest.skip(f"needs a folder named by {application.folder}")
    need_jars(application)
    folder, own = tmp_path / "run", tmp_path / "own"
    drivers = driver_jar(application, classes, tmp_path / "driver.jar")

    prepare(application, folder, drivers)
    own.mkdir()
    wanted, wanted_files = observe(application, folder, own, lambda *words, stdin: tools.run_java_host(*words, stdin=stdin))
    assert [done.code for done in wanted] == [run.code for run in application.runs], wanted
    shutil.rmtree(own)

    prepare(application, folder, drivers)
    given = ("run", "--home", home, "--env", "LC_ALL=C.UTF-8", "--env", "TZ=UTC", "-v", f"{folder}:{folder}")
    found, found_files = observe(application, folder, own,
                                 lambda *words, stdin: tools.run_demitasse(*given, *words, stdin=stdin, timeout=TIMEOUT))
    for expected, actual in zip(wanted, found):
        assert actual.out.decode(errors="replace") == expected.out.decode(errors="replace")
        assert actual.err.decode(errors="replace") == expected.err.decode(errors="replace")
        assert actual == expected
    assert list(found_files) == list(wanted_files)
    assert [name for name in found_files if found_files[name] != wanted_files[name]] == []


def test_native_library_is_refused(tmp_path: Path, classes: Path) -> None:
    """SQLite is a shared library inside its jar: the driver hears that it cannot be loaded, and says so."""
    need_home("process")
    application = Application("sqlite", (jdbc("jdbc:sqlite::memory:", ("sqlite", "slf4j")),), drivers=("JdbcDriver.java",))
    need_jars(application)
    driver = driver_jar(application, classes, tmp_path / "driver.jar")
    path = ":".join([str(jars.path(JARS["sqlite"])), str(jars.path(JARS["slf4j"])), str(driver)])
    found = tools.run_demitasse("run", "--home", "process", "-cp", path, "JdbcDriver", "jdbc:sqlite::memory:", timeout=TIMEOUT)
    assert (found.out, found.code) == (b"", 1)
    assert b"java.sql.SQLException: Error opening connection" in found.err
    assert b"Caused by: org.sqlite.NativeLibraryNotFoundException: No native library found" in found.err
