"""Jars of Maven Central: named and pinned, fetched through Maven, kept in a cache, never committed.

Invariant: a jar is used only after its SHA-256 was found to be the one that its pin names.

The cache is $DEMITASSE_TEST_JARS, or demitasse/jars under the user's cache folder (XDG base directories).  Maven is
told what to copy by a project file made for the purpose, so proxies, mirrors and credentials are Maven's own business.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

CACHE_VARIABLE = "DEMITASSE_TEST_JARS"
COPIER = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"


class Missing(Exception):
    """A jar cannot be had on this machine; the text says why."""


class Wrong(Exception):
    """What came is not what was pinned."""


@dataclass(frozen=True)
class Jar:
    """One pinned jar."""

    group: str
    artifact: str
    version: str
    sha256: str
    classifier: str = ""

    @property
    def name(self) -> str:
        """Of its file, as Maven copies it."""
        return "-".join(part for part in (self.artifact, self.version, self.classifier) if part) + ".jar"


def cache() -> Path:
    base = os.environ.get(CACHE_VARIABLE)
    if base:
        return Path(base)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "demitasse" / "jars"


def fetch(wanted: Iterable[Jar]) -> None:
    """Have all of `wanted` in the cache."""
    absent = [jar for jar in dict.fromkeys(wanted) if not (cache() / jar.name).exists()]
    if not absent:
        return
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("needs Maven")
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        project = Path(folder, "pom.xml")
        project.write_text(_project(absent, folder), encoding="utf-8")
        done = subprocess.run([maven, "-q", "-B", "-f", str(project), f"{COPIER}:copy"], capture_output=True, text=True)
        for jar in absent:
            came = Path(folder, jar.name)
            if came.exists():
                _check(jar, came)
                came.replace(cache() / jar.name)        # whole or not at all, whoever else fetches it now
            elif done.returncode == 0:
                raise Missing(f"Maven copied no {jar.name}")
    if done.returncode:
        raise Missing(f"Maven cannot get its jars: {next(iter(done.stdout.splitlines()), '')[:200]}")


def path(jar: Jar) -> Path:
    """Where a fetched jar is; checked at every use, for the cache outlives the pins."""
    found = cache() / jar.name
    _check(jar, found)
    return found


def _check(jar: Jar, found: Path) -> None:
    with found.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != jar.sha256:
        raise Wrong(f"{found} has SHA-256 {digest}, not {jar.sha256}")


def _project(jars: Iterable[Jar], folder: str) -> str:
    """A Maven project that copies the jars into the folder, each under its own name, without what it depends on."""
    group, artifact, version = COPIER.split(":")
    items = "".join(
        f"<artifactItem><groupId>{escape(jar.group)}</groupId><artifactId>{escape(jar.artifact)}</artifactId>"
        f"<version>{escape(jar.version)}</version><classifier>{escape(jar.classifier)}</classifier></artifactItem>\n"
        for jar in jars
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>none</groupId><artifactId>none</artifactId>"
        "<version>1</version><packaging>pom</packaging><build><plugins><plugin>"
        f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
        f"<configuration><outputDirectory>{escape(folder)}</outputDirectory><artifactItems>\n{items}</artifactItems>"
        "</configuration></plugin></plugins></build></project>\n"
    )
