"""A campaign of damaged class files and jars against the guest.

    python -m tests.fuzz.campaign --cases 200000 [--seed S] [--home process] [--debug] [--beside-host]

Each case is a seed and a number, and is made inside the run by driver/Mutator.java, so that one number is enough to
see it again:  … Fuzz classes SEED NUMBER 1 JAR.  A run takes some hundred cases; it ends early where damaged
code spins or ends the machine by the rules (System.exit, a halt), and the next run goes on behind it.

What counts as a failure: a crash (exit code 134), a run that stops answering, and a traceback of the command.
With --beside-host, cases that come to something else on the host JVM are listed as differences: of two things wrong
with a class, each machine may find another one first.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from .. import tools

HERE = Path(__file__).resolve().parent
JAR = HERE / "fuzz.jar"
PROGRAMS = HERE.parents[0] / "programs" / "programs.jar"
KINDS = ("classes", "jars", "started")
#: Cases in one run, which ends early where damaged code spins or ends the machine.
BATCH = 500
#: Seconds that a run may take; one case gets at most two (Fuzz.PATIENCE).
LIMIT = 300


@dataclass
class Findings:
    """What came of some cases."""

    outcomes: dict[int, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    spun: int = 0
    ended: int = 0                       # the damaged code ended the run itself


def _command(kind: str, seed: int, first: int, count: int) -> list[str]:
    return ["-cp", str(JAR), "Fuzz", kind, str(seed), str(first), str(count), str(PROGRAMS)]


def _guest(options: Sequence[str], program: Sequence[str]) -> tools.Outcome | None:
    """None: it did not end."""
    try:
        return tools.run_demitasse("run", *options, "-v", f"{PROGRAMS.parent}:{PROGRAMS.parent}:ro", *program, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return None


def _host(program: Sequence[str]) -> tools.Outcome | None:
    try:
        return tools.run_java_host(*program, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return None


def batch(kind: str, seed: int, first: int, count: int, options: Sequence[str] = (), host: bool = False) -> Findings:
    """Cases `first` … of a seed."""
    found = Findings()
    at = first
    while at < first + count:
        program = _command(kind, seed, at, first + count - at)
        done = _host(program) if host else _guest(options, program)
        lines = done.out.decode(errors="replace").splitlines() if done else []
        for line in lines:
            number, _, text = line.partition(" ")
            if number == str(at):
                found.outcomes[at] = text
                at += 1
        if lines and lines[-1].endswith(" spun"):
            found.spun += 1
        elif at < first + count:
            if done is None or done.code == 134 or b"Traceback" in done.err:
                why = "did not end" if done is None else f"exit code {done.code}: " + done.err.decode(errors="replace")[-3000:]
                found.failures.append(f"{kind} {seed} {at}: {why}")
            else:
                found.ended += 1
            found.outcomes[at] = "ended the run"
            at += 1
    return found


def _started_jar(seed: int, number: int) -> bytes:
    """A jar for `-jar`, damaged by Python: what the command itself looks at is damaged too."""
    chance = random.Random(seed * 1_000_003 + number)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as made, zipfile.ZipFile(tools.HELLO) as hello:
            made.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: Hello\nClass-Path: a.jar b/\n")
            made.writestr("Hello.class", hello.read("Hello.class"), chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
            made.writestr("text.txt", b"text " * chance.randrange(400), zipfile.ZIP_DEFLATED)
        file.seek(0)
        data = bytearray(file.read())
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        where = chance.random()
        at = chance.randrange(len(data)) if where < 0.4 else max(0, len(data) - 1 - chance.randrange(250))
        how = chance.random()
        if how < 0.6:
            data[at] = chance.choice((0, 1, 0x7f, 0x80, 0xff, chance.randrange(256)))
        elif how < 0.75:
            data[at:at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\xff\xff\0\0", b"\0\0\0\x80"))
        elif how < 0.9:
            del data[at:at + chance.randrange(1, 40)]
        else:
            data[at:at] = data[at:at + chance.randrange(1, 40)]
        if len(data) < 8:
            break
    return bytes(data)


def started(seed: int, first: int, count: int, options: Sequence[str] = (), beside_host: bool = False) -> Findings:
    """Damaged jars given to the command."""
    found = Findings()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "app.jar")
        for number in range(first, first + count):
            path.write_bytes(_started_jar(seed, number))
            try:
                done = tools.run_demitasse("run", *options, str(path), timeout=60)
            except subprocess.TimeoutExpired:
                found.failures.append(f"started {seed} {number}: did not end")
                continue
            found.outcomes[number] = f"{done.code} {_said(done, path)}"
            if done.code not in (0, 1) or b"Traceback" in done.err:
                found.failures.append(f"started {seed} {number}: exit code {done.code}: {done.err.decode(errors='replace')[-3000:]}")
            elif beside_host:
                host = tools.run_java_host("-jar", str(path))
                if host.code != done.code or host.out != done.out:
                    found.differences.append(f"started {seed} {number}: {_said(done, path)!r} where the host says {_said(host, path)!r}")
    return found


def _said(done: tools.Outcome, path: Path) -> str:
    text = (done.out + done.err).decode(errors="replace").replace(str(path), "app.jar")
    return text.splitlines()[0] if text else ""


def comparable(outcome: str) -> str:
    """Without what differs by right: hash codes, and which of two runs had the time to spin or to exhaust memory."""
    return re.sub(r"@[0-9a-f]+", "@…", outcome)


def differences(guest: Findings, host: Findings, label: str) -> Iterator[str]:
    """Cases that came to different ends; endless loops and exhausted memory are nobody's."""
    for number, text in guest.outcomes.items():
        other = host.outcomes.get(number, "")
        skip = ("spun", "ended the run")
        if comparable(text) != comparable(other) and text not in skip and other not in skip \
                and "OutOfMemory" not in text + other and "StackOverflow" not in text + other:
            yield f"{label} {number}: {text!r} where the host says {other!r}"


def run(kind: str, seed: int, first: int, count: int, options: Sequence[str], beside_host: bool) -> Findings:
    """One batch of any kind."""
    if kind == "started":
        return started(seed, first, count, options, beside_host)
    found = batch(kind, seed, first, count, options)
    if beside_host:
        found.differences += differences(found, batch(kind, seed, first, count, host=True), f"{kind} {seed}")
    return found


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Damaged class files and jars against the guest.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--first", type=int, default=0, help="the first case's number")
    parser.add_argument("--kind", choices=KINDS, action="append", help="default: 80 %% classes, 17 %% jars, 3 %% started")
    parser.add_argument("--home", default="process")
    parser.add_argument("--debug", action="store_true", help="the image with checks")
    parser.add_argument("--config", action="append", default=[])
    parser.add_argument("--beside-host", action="store_true", help="compare what each comes to with the host JVM")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    options = ["--home", args.home, *(["--debug"] if args.debug else []), *(word for text in args.config for word in ("--config", text))]
    shares = {"classes": 0.8, "jars": 0.17, "started": 0.03} if not args.kind else {kind: 1 / len(args.kind) for kind in args.kind}
    jobs = []
    for kind, share in shares.items():
        total = round(args.cases * share)
        size = BATCH if kind != "started" else 50
        jobs += [(kind, args.seed, args.first + at, min(size, total - at)) for at in range(0, total, size)]
    random.Random(args.seed).shuffle(jobs)
    console = Console(stderr=True)
    console.print(f"seed {args.seed}, {args.cases} cases, {' '.join(options)}")
    cases, spun, ended, failures, differing = 0, 0, 0, 0, 0
    kinds: Counter[str] = Counter()
    with Progress(console=console) as progress, ThreadPoolExecutor(args.jobs) as pool:
        task = progress.add_task("cases", total=args.cases)
        for found in pool.map(lambda job: run(*job, options, args.beside_host), jobs):
            cases += len(found.outcomes)
            spun += found.spun
            ended += found.ended
            kinds.update(text.split(" ")[0] for text in found.outcomes.values())
            failures += len(found.failures)
            differing += len(found.differences)
            for text in found.failures + found.differences:
                progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
            progress.update(task, completed=cases)
    for text, count in kinds.most_common(40):
        print(f"{count:8}  {text}")
    print(f"{cases} cases of seed {args.seed}: {failures} failures, {differing} differences, {spun} spun, {ended} ended their run")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
