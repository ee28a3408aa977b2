"""What can be seen of a running program: verbose lines, the trace, the statistics, and its frames when it dies."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from demitasse.jvm.model.assembler import assemble_jar
from demitasse.runtime.bench import contenders
from tests import tools
from tests.conftest import need_home
from tests.programs import build

pytestmark = pytest.mark.parametrize("home", ["process", "kvm"])

GREETING = b"Hello, world! Your demitasse is served.\n"
LINE = re.compile(rb"\[\d+\.\d{3}s\]\[info\]\[([a-z,]+)\] (.+)")

#: Takes a number for a reference, which no verifier refuses yet, and reads where nothing is mapped.
DIES = """
.class public super Dies
.version 49
.method static deep (Lsun/misc/Unsafe;)V
    aload_0
    ldc2_w 4104L
    invokevirtual sun/misc/Unsafe.getInt (J)I
    pop
    return
.end method
.method public static main ([Ljava/lang/String;)V
    ldc class sun/misc/Unsafe
    ldc "theUnsafe"
    invokevirtual java/lang/Class.getDeclaredField (Ljava/lang/String;)Ljava/lang/reflect/Field;
    astore_1
    aload_1
    iconst_1
    invokevirtual java/lang/reflect/Field.setAccessible (Z)V
    aload_1
    aconst_null
    invokevirtual java/lang/reflect/Field.get (Ljava/lang/Object;)Ljava/lang/Object;
    checkcast sun/misc/Unsafe
    invokestatic Dies.deep (Lsun/misc/Unsafe;)V
    return
.end method
"""


def run(home: str, *options: str) -> tools.Outcome:
    need_home(home)
    return tools.run_demitasse("run", "--home", home, *options)


def told(home: str, *options: str) -> dict[bytes, list[bytes]]:
    """Verbose lines by their tag."""
    outcome = run(home, *options, str(tools.HELLO))
    assert (outcome.code, outcome.err) == (0, b"")
    assert GREETING in outcome.out
    found: dict[bytes, list[bytes]] = {}
    for line in outcome.out.replace(GREETING, b"").splitlines():
        match = LINE.fullmatch(line)
        assert match, line
        found.setdefault(match[1], []).append(match[2])
    return found


def test_classes(home: str) -> None:
    found = told(home, "-verbose:class")
    assert set(found) == {b"class,load", b"class,init"}
    assert found[b"class,load"][0] == b"java.lang.Object is in module java.base of loader 'bootstrap'"
    hello = found[b"class,load"].index(b"Hello is in unnamed module of loader 'app'")
    assert 300 < hello < len(found[b"class,load"]) < 1000
    order = found[b"class,init"]
    assert order.index(b"java.lang.Object is initialised") < order.index(b"Hello is initialised")


def test_collections(home: str) -> None:
    found = told(home, "--verbose", "gc", "--config", "gc-every=2000")
    assert set(found) == {b"gc"}
    for number, line in enumerate(found[b"gc"]):
        assert re.fullmatch(rb"GC\(%d\) Pause Full \d+K->\d+K\(\d+K\) \d+\.\d{3}ms" % number, line), line
    assert len(found[b"gc"]) >= 2


def test_threads_and_natives(home: str) -> None:
    found = told(home, "--verbose", "thread,native")
    assert any(line.endswith(b'"Reference Handler" starts') for line in found[b"os,thread"])
    assert b"java.lang.System.nanoTime() is native" in found[b"jni,resolve"]


def test_unknown_topic(home: str) -> None:
    outcome = run(home, "--verbose", "clas", str(tools.HELLO))
    assert (outcome.code, outcome.out) == (1, b"")
    assert outcome.err.startswith(b"Error: unknown topic 'clas'") and outcome.err.count(b"\n") == 1


def test_trace(home: str, tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    outcome = run(home, "--trace", str(path), "--config", "gc-every=2000", str(tools.HELLO))
    assert (outcome.code, outcome.out, outcome.err) == (0, GREETING, b"")
    events = json.loads(path.read_text())["traceEvents"]
    phases = [(e["ph"], e["name"]) for e in events if e["ph"] in "BE"]
    assert phases == [(ph, name) for name in ("kernel boot", "System.initPhase1", "System.initPhase2", "System.initPhase3")
                      for ph in "BE"]
    assert {("i", "main"), ("i", "java/lang/Object"), ("i", "Hello"), ("X", "Hello"), ("X", "collection"),
            ("X", "running")} <= {(e["ph"], e["name"]) for e in events}
    begins = [e["ts"] for e in events if e["ph"] in "BEi"]
    assert begins == sorted(begins)


def test_statistics(home: str, tmp_path: Path) -> None:
    path = tmp_path / "stats.json"
    outcome = run(home, "--stats", "--stats-json", str(path), str(tools.HELLO))
    assert (outcome.code, outcome.out) == (0, GREETING)
    for words in (b"jvm-ready", b"main", b"exit", b"guest memory"):
        assert words in outcome.err
    java = json.loads(path.read_text())["java"]
    assert 300 < java["classes_loaded"] < 1000 and 3 <= java["threads_peak"] <= java["threads_started"] < 20
    assert 0 < java["native_calls"] < java["calls"] and java["collections"] == 0 and "bytecodes" not in java
    assert java["samples"] >= java["samples_java"] >= sum(method["samples"] for method in java["methods"])


def test_statistics_of_work(home: str, tmp_path: Path) -> None:
    """Two runs of a loop differ by what the loop does more: its bytecodes exactly, its collections surely."""
    told = []
    for iterations in (20_000, 40_000):
        path = tmp_path / f"{iterations}.json"
        outcome = run(home, "--count-bytecodes", "--stats-json", str(path), "-Xmx16m", "-cp", str(contenders.PROGRAMS), "bench.LoopInt",
                      str(iterations))
        assert outcome.code == 0, outcome.err
        told.append(json.loads(path.read_text())["java"])
    more = told[1]["bytecodes"] - told[0]["bytecodes"]
    assert 20_000 * 1.1 * 20 < more < 20_000 * 1.1 * 60
    path = tmp_path / "trees.json"
    outcome = run(home, "--stats-json", str(path), "-Xmx16m", "-cp", str(contenders.PROGRAMS), "bench.Trees", "14")
    java = json.loads(path.read_text())["java"]
    assert outcome.code == 0 and java["collections"] > 0
    assert run(home, "--stats-json", str(tmp_path / "halt.json"), "-cp", str(build.PROGRAMS / "programs.jar"), "ExitCodes", "7", "halt").code == 7
    assert json.loads((tmp_path / "halt.json").read_text())["java"]["calls"] > 0
    assert 0 < java["pause_longest"] <= java["pause_total"]
    assert java["collected_after"] < java["collected_before"] and java["last_collected_after"] < java["last_collected_before"]


def test_java_frames_in_a_crash(home: str, tmp_path: Path) -> None:
    jar = tmp_path / "dies.jar"
    jar.write_bytes(assemble_jar(DIES, "Dies"))
    outcome = run(home, "-Dsun.misc.unsafe.memory.access=allow", str(jar))
    lines = outcome.err.decode().splitlines()
    assert outcome.code == 134 and outcome.out == b""
    assert lines[0].startswith("panic: page fault: read of address 0x1008 ")
    frames = lines[next(i for i, line in enumerate(lines) if line.startswith("Java frames of thread")) + 1:]
    methods = [line.split("at ")[1].split("(")[0] for line in frames if line.startswith("    at ")]
    assert methods[-2:] == ["Dies.deep", "Dies.main"]
