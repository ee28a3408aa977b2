"""Compile the Java programs of the corpus and of the examples into their committed jars.

    python tests/programs/build.py            check that the jars hold what the sources compile to
    python tests/programs/build.py --write    compile and replace the jars

The jars are committed so that nobody needs a Java compiler to run the tests. They are reproducible:
entries sorted, one fixed timestamp, no tool versions in the manifest. `-XDstringConcat=inline` makes
javac concatenate strings with a StringBuilder instead of invokedynamic (JVMS §6.5), so that most programs
reach no method handles; those in `src/indy/` are compiled as javac does by itself.
"""

from __future__ import annotations

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).resolve().parent
SOURCES = PROGRAMS / "src"
#: `demitasse bench` finds its jar in the installed package: the loops of the corpus and a start-up program.
BENCHMARKS = REPOSITORY / "runtime" / "bench" / "programs"

OLDEST_COMPILER = 25
INLINE_CONCATENATION = "-XDstringConcat=inline"
FLAGS = ("-g", "-proc:none", "-encoding", "UTF-8", "-nowarn", "-Xlint:none")

#: Compiled so that others can refer to them, but kept out of the jar: at run time they are missing.
LEFT_OUT = frozenset({"Absent.class"})

USUAL_PLACES = (
    "/usr/lib/jvm/*/bin/javac",
    "/usr/java/*/bin/javac",
    "/opt/*/bin/javac",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/javac",
    "~/.sdkman/candidates/java/*/bin/javac",
    "~/.jdks/*/bin/javac",
)


class NoCompiler(Exception):
    """No javac of JDK 25 or later was found."""


class Way(NamedTuple):
    """How a source is compiled: for which release, with StringBuilders for string concatenation or without."""

    release: int = 25
    inline: bool = True


@dataclass(frozen=True)
class Jar:
    """One jar: where it goes, what it is compiled from and how, what `-jar` starts."""

    path: Path
    sources: tuple[tuple[Way, Path], ...]
    main_class: str | None = None

    def manifest(self) -> bytes:
        lines = ["Manifest-Version: 1.0"]
        if self.main_class:
            lines.append(f"Main-Class: {self.main_class}")
        return "".join(line + "\r\n" for line in [*lines, ""]).encode()


#: By the folder under `src`.
WAYS = {"release8": Way(release=8), "indy": Way(inline=False)}


def jars() -> list[Jar]:
    """The corpus jar (two class-file versions in one jar), the benchmarks', and a runnable jar per example."""
    corpus = []
    for source in sorted(SOURCES.rglob("*.java")):
        corpus.append((WAYS.get(source.parent.name, Way()), source))
    found = [Jar(PROGRAMS / "programs.jar", tuple(corpus))]
    loops = [(Way(), source) for folder in (BENCHMARKS, SOURCES / "bench") for source in sorted(folder.glob("*.java"))]
    found.append(Jar(BENCHMARKS / "bench.jar", tuple(loops)))
    for folder in sorted((REPOSITORY / "examples").iterdir()):
        sources = sorted(folder.glob("*.java"))
        if sources:  # one class per example: the file is named after its main class
            found.append(Jar(folder / f"{folder.name}.jar", tuple((Way(), s) for s in sources), sources[0].stem))
    return found


def compilers() -> Iterator[str]:
    """Every javac of this machine: $JAVA_HOME, PATH, then the usual places."""
    if home := os.environ.get("JAVA_HOME"):
        yield str(Path(home) / "bin" / "javac")
    if on_path := shutil.which("javac"):
        yield on_path
    for pattern in USUAL_PLACES:
        yield from sorted(glob.glob(os.path.expanduser(pattern)))


def version(javac: str) -> int:
    """The feature release of a javac, 0 if it does not run."""
    try:
        answer = subprocess.run([javac, "-version"], capture_output=True, text=True, timeout=60)
    except OSError:
        return 0
    match = re.search(r"javac (?:1\.)?(\d+)", answer.stdout + answer.stderr)
    return int(match[1]) if match else 0


def find_javac(exactly: int | None = None) -> str:
    """A compiler that is new enough; JDK 25 first, since its class bytes are the committed ones."""
    newer = None
    for javac in compilers():
        found = version(javac)
        if found == OLDEST_COMPILER:
            return javac
        if found > OLDEST_COMPILER and newer is None:
            newer = javac
    if newer and exactly is None:
        return newer
    raise NoCompiler(
        f"no javac of JDK {OLDEST_COMPILER}{'' if exactly else ' or later'} in $JAVA_HOME, on PATH "
        "or in the usual places; the committed jars can be used as they are"
    )


def compile_classes(javac: str, jar: Jar) -> dict[str, bytes]:
    """Compile one jar's sources; class-file path inside the jar → bytes."""
    classes: dict[str, bytes] = {}
    for way in sorted({way for way, _ in jar.sources}):
        files = [str(source) for w, source in jar.sources if w == way]
        flags = [*FLAGS, *([INLINE_CONCATENATION] if way.inline else [])]
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([javac, "--release", str(way.release), *flags, "-d", folder, *files], check=True)
            for path in Path(folder).rglob("*.class"):
                classes[path.relative_to(folder).as_posix()] = path.read_bytes()
    return {name: classes[name] for name in sorted(classes) if name not in LEFT_OUT}


def read_classes(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".class")}


def write_jar(jar: Jar, classes: dict[str, bytes]) -> None:
    entries = {"META-INF/MANIFEST.MF": jar.manifest(), **classes}
    with zipfile.ZipFile(jar.path, "w") as archive:
        for name, data in entries.items():  # the manifest first (JAR specification), then sorted
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, compresslevel=9)


def differences(jar: Jar, classes: dict[str, bytes]) -> list[str]:
    """What the committed jar holds that the sources do not compile to, and the other way round."""
    if not jar.path.exists():
        return [f"{jar.path.relative_to(REPOSITORY)} is missing"]
    committed = read_classes(jar.path)
    found = [f"{name}: in the jar without a source" for name in committed.keys() - classes.keys()]
    found += [f"{name}: not in the jar" for name in classes.keys() - committed.keys()]
    found += [f"{n}: other bytes" for n in classes.keys() & committed.keys() if classes[n] != committed[n]]
    with zipfile.ZipFile(jar.path) as archive:
        if archive.read("META-INF/MANIFEST.MF") != jar.manifest():
            found.append("META-INF/MANIFEST.MF: other bytes")
    return sorted(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="replace the committed jars")
    write = parser.parse_args().write
    try:
        javac = find_javac()
    except NoCompiler as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 2
    failed = False
    for jar in jars():
        classes = compile_classes(javac, jar)
        name = jar.path.relative_to(REPOSITORY)
        if write:
            write_jar(jar, classes)
            print(f"{name}: {len(classes)} classes")
        else:
            wrong = differences(jar, classes)
            failed |= bool(wrong)
            print(f"{name}: " + ("as its sources compile" if not wrong else "\n  ".join(["differs", *wrong])))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
