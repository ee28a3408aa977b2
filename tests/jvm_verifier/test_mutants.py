"""Damaged classes: the guest accepts what the host JVM accepts, and refuses the rest in the same words.

The seed of a run is in the name of each test, and DEMITASSE_SEED adds one.
"""

from __future__ import annotations

import random
import zipfile
from functools import cache
from pathlib import Path

import pytest

from .. import tools
from ..seeds import SEED
from .bundle import Group, on_guest, on_host
from .mutate import bodies, mutant, without_debugging

PROGRAMS = Path(__file__).resolve().parents[1] / "programs" / "programs.jar"
CASES = 700
SEEDS = sorted({1, 2, SEED})


@cache
def originals(major: int) -> list[tuple[str, bytes]]:
    """Classes of the corpus that the host JVM links when they say that they are of this version: each mutant then has
    one bad method, and of several the two JVMs may name different ones."""
    found = []
    with zipfile.ZipFile(PROGRAMS) as jar:
        for name in sorted(jar.namelist()):
            data = without_debugging(jar.read(name)) if name.endswith(".class") else b""
            if data and bodies(data) and len(data) < 20000 and not (major < 51 and b"BootstrapMethods" in data):
                found.append((name.removesuffix(".class"), data[:6] + major.to_bytes(2, "big") + data[8:]))
    if major < 69:
        texts = on_host([[one] for one in found], str(PROGRAMS))
        found = [one for one, text in zip(found, texts, strict=True) if kind(text) == "ok"]
    return found


def mutants(seed: int, major: int) -> list[Group]:
    chance = random.Random(seed)
    made: list[Group] = []
    for _ in range(CASES):
        name, data = chance.choice(originals(major))
        made.append([(name, mutant(data, chance, None if major == 69 else major))])
    return made


def kind(text: str) -> str:
    """The throwable of an outcome, or ok."""
    return text.split(":", 1)[0]


def said(text: str) -> str:
    """Without the stack map: where it is damaged, the host reads on behind its end."""
    return text.split("  Stackmap Table:")[0].rstrip()


@pytest.mark.parametrize("seed", SEEDS)
def test_stack_maps(seed: int) -> None:
    groups = mutants(seed, 69)
    pairs = list(zip(on_host(groups, str(PROGRAMS)), on_guest(groups, jars=str(PROGRAMS)), strict=True))
    assert [(host, guest) for host, guest in pairs if kind(host) != kind(guest)] == []
    # With more than one fault in the checks of two slots, or in the parser, another may be named.
    other = [(said(host), said(guest)) for host, guest in pairs if said(host) != said(guest)]
    assert len(other) <= CASES // 100, other
    assert sum(host == "ok" for host, _ in pairs) > CASES // 10


@pytest.mark.parametrize("major", [48, 49, 50])
@pytest.mark.parametrize("seed", sorted({3, SEED}))
def test_old_versions(seed: int, major: int) -> None:
    groups = mutants(seed, major)
    pairs = list(zip(on_host(groups, str(PROGRAMS)), on_guest(groups, jars=str(PROGRAMS)), strict=True))
    assert [(host, guest) for host, guest in pairs if kind(host) != kind(guest)] == []
    assert sum(host == "ok" for host, _ in pairs) > CASES // 10


@pytest.mark.parametrize("seed", sorted({4, SEED}))
def test_nothing_breaks_the_guest(seed: int) -> None:
    """Bytes changed anywhere, in files of any version: an answer for each, and the guest goes on."""
    chance = random.Random(seed)
    groups: list[Group] = []
    for _ in range(2 * CASES):
        name, data = chance.choice(originals(69))
        made = bytearray(mutant(data, chance, chance.choice((None, 45, 49, 50, 52))))
        for _ in range(chance.choice((1, 2, 8, 40))):
            made[chance.randrange(8, len(made))] = chance.randrange(256)
        groups.append([(name, bytes(made))])
    texts = on_guest(groups, jars=str(PROGRAMS))
    assert len(texts) == len(groups)
    assert {kind(text) for text in texts} <= {
        "ok", *(f"java.lang.{name}" for name in (
            "VerifyError", "ClassFormatError", "NoClassDefFoundError", "UnsupportedClassVersionError", "IllegalAccessError",
            "IncompatibleClassChangeError", "LinkageError", "ClassCircularityError", "OutOfMemoryError", "NoSuchMethodError",
            "TypeNotPresentException", "SecurityException"))}


def test_collecting_while_verifying() -> None:
    groups = mutants(5, 69)[:40]
    calm = on_guest(groups, jars=str(PROGRAMS))
    assert on_guest(groups, "--config", "gc-every=50", "--config", "gc-verify=1", jars=str(PROGRAMS)) == calm


def test_loading_constraints_are_the_host_s() -> None:
    from .bundle import JAR

    host = tools.run_java_host("-cp", str(JAR), "Constraints")
    guest = tools.run_demitasse("run", "--home", "process", "-cp", str(JAR), "Constraints")

    def lines(out: bytes) -> list[str]:
        return [" ".join(word.split("@")[0] if word.startswith("@") else word for word in line.split())
                for line in out.decode().splitlines()]

    assert lines(guest.out) == lines(host.out)
    assert (guest.err, guest.code) == (host.err, host.code) and len(host.out.splitlines()) > 60
