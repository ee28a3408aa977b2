"""How `demitasse bench` measures, summarises and shows, with made-up runs and one real child process."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demitasse.runtime.bench import child, collector, contenders, hello, interpreter, kernel, output, program, suite
from demitasse.runtime.bench.contenders import Contender, Run
from demitasse.runtime.bench.report import SCHEMA, Report
from demitasse.runtime.bench.summary import geometric_mean, ratio, summarize
from demitasse.runtime.errors import UserError

MS = 10**6
MIB = 1 << 20


class Runs:
    """A runner that makes runs up: Demitasse is twice as fast as java in all it does."""

    def __init__(self, checksum_of_guest: int = 7) -> None:
        self.taken: list[str] = []
        self.checksum_of_guest = checksum_of_guest

    def __call__(self, contender: Contender, program: Sequence[str]) -> Run:
        self.taken.append(contender.name)
        factor = 1 if contender.guest else 2
        time = factor * (100 + len(self.taken) % 3) * MS
        if "bench.Start" in program:
            out = f"Hello, world!\nmain {time // 2}\n"
            stats = {"marks": {"main": time // 4}, "peak_memory": 20 * MIB} if contender.guest else {}
        else:
            checksum = self.checksum_of_guest if contender.guest else 7
            out, stats = f"checksum {checksum}\nns {time}\n", {}
        return Run(first_byte=time // 2, wall=time, peak=40 * MIB, code=0, out=out, err="", stats=stats)


def test_summary() -> None:
    s = summarize([5.0, 1.0, 3.0, 2.0, 4.0])
    assert (s.median, s.q1, s.q3, s.low, s.high, s.count) == (3, 2, 4, 1, 5, 5)
    assert summarize([2.0]).q1 == 2
    with pytest.raises(ValueError):
        summarize([])


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=20), st.lists(st.floats(1, 1000), min_size=1, max_size=20))
def test_a_ratio_lies_in_its_interval_or_beside_it_by_little(of: list[float], to: list[float]) -> None:
    r = ratio(of, to)
    assert r == ratio(of, to)                            # the same samples, the same answer
    assert min(of) / max(to) <= r.low <= r.high <= max(of) / min(to)


def test_ratio_of_constant_samples_has_no_spread() -> None:
    r = ratio([2.0] * 5, [4.0] * 5)
    assert (r.value, r.low, r.high) == (0.5, 0.5, 0.5)
    assert geometric_mean([r, ratio([8.0], [4.0])]).value == pytest.approx(1.0)


def test_everybody_takes_turns() -> None:
    a, b, c = (Contender(name) for name in "abc")
    order = [(n, who.name) for n, who, _ in contenders.rounds([a, b, c], ["-cp", "x", "bench.Start"], 3, Runs())]
    assert [name for _, name in order] == list("abcbcacababc")
    assert [n for n, _ in order] == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3


def test_hello() -> None:
    runs = Runs()
    report = hello.measure(4, ["process", "kvm"], runs)
    assert len(runs.taken) == (4 + 1) * 4
    assert list(report.contenders) == ["java", "java -Xint", "demitasse process", "demitasse kvm"]
    by_name = {measure.name: measure for measure in report.measures}
    assert all(len(samples) == 4 for measure in report.measures for samples in measure.samples.values())
    assert list(by_name[hello.WALL].samples) == list(report.contenders)
    assert set(by_name[hello.GUEST].samples) == {"demitasse process", "demitasse kvm"}
    to_main = next(c for c in report.comparisons if c.measure == hello.MAIN)
    assert 0.2 < to_main.ratio.value < 0.3
    assert contenders.PROGRAMS.is_file()


def test_interpreter() -> None:
    report = interpreter.measure(3, ["process"], 0.5, Runs())
    assert [m.name for m in report.measures] == list(interpreter.LOOPS)
    mean = report.comparisons[-1]
    assert mean.measure == interpreter.MEAN and 0.45 < mean.ratio.value < 0.55
    assert str(interpreter.LOOPS["LoopInt"] // 2) in report.contenders["java -Xint"]


class CollectorRuns(Runs):
    """Java pauses twice for 4 and 2 ms, Demitasse three times for 3 ms in all."""

    def __call__(self, contender: Contender, program: Sequence[str]) -> Run:
        run = super().__call__(contender, program)
        if contender.guest:
            stats = {"peak_memory": 20 * MIB, "java": {"collections": 3, "pause_total": 3 * MS, "pause_longest": 2 * MS}}
            return Run(run.first_byte, run.wall, run.peak, 0, run.out, "", stats)
        log = ("[0.004s][info][gc] Using Serial\n[0.8s][info][gc] GC(0) Pause Young (Allocation Failure) 68M->52M(247M) 4.000ms\n"
               "[0.9s][info][gc] GC(1) Pause Full (Allocation Failure) 68M->52M(247M) 2.000ms\n")
        return Run(run.first_byte, run.wall, run.peak, 0, run.out, log, {})


def test_collector() -> None:
    report = collector.measure(3, ["process"], 1.0, CollectorRuns())
    by_name = {measure.name: measure for measure in report.measures}
    assert set(by_name["Trees: collector time"].samples["demitasse process"]) == {3.0}
    java = next(name for name in report.contenders if name.startswith("java -Xint"))
    assert set(by_name["LiveSet: collector time"].samples[java]) == {6.0}
    assert set(by_name["LiveSet: longest pause"].samples[java]) == {4.0}
    assert set(by_name["LiveSet: collections"].samples[java]) == {2}
    ratios = {c.measure: c.ratio.value for c in report.comparisons}
    assert ratios["Trees: collector time"] == ratios["Trees: longest pause"] == 0.5
    with pytest.raises(UserError, match="computes different things: 7, 8"):
        collector.measure(1, ["process"], 1.0, CollectorRuns(checksum_of_guest=8))
    with pytest.raises(UserError, match="did not tell of its collections"):
        collector.measure(1, ["process"], 1.0, Runs())


def printing(*lines: str) -> contenders.Runner:
    """A runner whose guest takes a third of the host's time, by its own clock."""
    def run(contender: Contender, program: Sequence[str]) -> Run:
        factor = 1 if contender.guest else 3
        out = "".join(line.format(10 * factor, 20 * factor, program=program) for line in lines)
        return Run(None, 7 * factor * MS, MIB, 0, out, "")

    return run


def test_suite_by_the_programs_own_times() -> None:
    wanted = suite.Suite(("-cp", "x", "Main"), ("a 'b c'", "d"), ("-Xint",), time="took ([0-9]+)us", unit="us")
    report = suite.measure(wanted, 2, ["process"], printing("{program}\n", "took {0}us\n", "took {1}us\n"))
    assert [m.name for m in report.measures] == ["a 'b c'", "d"]
    assert report.measures[0].samples == {"java -Xint": [0.045, 0.045], "demitasse process": [0.015, 0.015]}
    assert [c.ratio.value for c in report.comparisons] == [pytest.approx(1 / 3)] * 3
    assert report.comparisons[-1].measure == suite.MEAN
    assert not any("differs" in note for note in report.notes)
    assert report.contenders["java -Xint"][-4:] == ["x", "Main", "a", "b c"]


def test_suite_by_the_whole_run() -> None:
    report = suite.measure(suite.Suite(("-jar", "dir/a.jar")), 2, ["process"], printing("{}\n"))
    assert [m.name for m in report.measures] == ["a.jar"] and len(report.comparisons) == 1
    assert report.measures[0].samples["java"] == [21.0, 21.0]
    assert any("output of a.jar differs" in note for note in report.notes)


@pytest.mark.parametrize(("pattern", "words"), [
    ("(", "missing"), ("took", "one group"), ("(a)(b)", "one group"), ("took ([a-z]+)", "could not convert"), ("spent ([0-9]+)", "printed no time"),
])
def test_a_pattern_that_finds_no_time_is_one_line(pattern: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        suite.measure(suite.Suite(("-jar", "a.jar"), time=pattern), 1, ["process"], printing("took long\n"))


class KernelRuns:
    """The guest takes a tenth of Linux's time; `count`: how often it says that it did each thing."""

    def __init__(self, count: int = 50, missing: str = "") -> None:
        self.count, self.missing = count, missing
        self.programs: set[tuple[str, ...]] = set()

    def __call__(self, contender: Contender, program: Sequence[str]) -> Run:
        self.programs.add(tuple(contender.command(program, "FILE")[-3:]))
        count = self.count if contender.guest else 50
        out = "".join(f"{name} {count} {count * (20 if contender.guest else 200)}\n" for name in kernel.THINGS if name != self.missing)
        return Run(None, MS, MIB, 0, out, "")


def test_kernel() -> None:
    runs = KernelRuns()
    report = kernel.measure(2, ["process"], 0.5, runs, ("guest-program", "linux-program"))
    assert {words[0] for words in runs.programs} == {"guest-program", "linux-program"}
    assert ("guest-program", kernel.GUEST_FOLDER, "0.5") in runs.programs
    assert [m.name for m in report.measures] == [thing.title for thing in kernel.THINGS.values()]
    assert report.measures[0].samples == {"linux": [200.0, 200.0], "demitasse process": [20.0, 20.0]}
    assert [c.ratio.value for c in report.comparisons] == [pytest.approx(0.1)] * (len(kernel.THINGS) + 2)
    assert [c.measure for c in report.comparisons][-2:] == [kernel.CALLS, kernel.SWITCHES]
    with pytest.raises(UserError, match="does read 40 times, the others 50"):
        kernel.measure(1, ["process"], 1.0, KernelRuns(40), ("g", "l"))
    with pytest.raises(UserError, match="did not measure everything"):
        kernel.measure(1, ["process"], 1.0, KernelRuns(missing="mutex"), ("g", "l"))


class TwinRuns:
    """The guest takes half a second to start and as long as Linux in the program; it remembers what was run."""

    def __init__(self, code: str = "took {0}\n") -> None:
        self.out = code
        self.words: list[tuple[str, list[str]]] = []
        self.folders: list[bool] = []

    def __call__(self, contender: Contender, program: Sequence[str]) -> Run:
        self.words.append((contender.name, contender.command(program, "FILE")))
        self.folders.append(Path(program[-1]).parent.is_dir())
        stats = {"marks": {"main": 10 * MS, "exit": 60 * MS}} if contender.guest else {}
        return Run(None, (550 if contender.guest else 50) * MS, MIB, 0, self.out.format(40), "", stats, 30 * MS)


def test_program() -> None:
    runs = TwinRuns()
    twins = program.Twins("/g/prog", "/l/prog", ("-x", "{folder}/file"), ("-m", "64m"), "took ([0-9]+)")
    report = program.measure(twins, 2, ["process", "kvm"], runs)
    assert [m.name for m in report.measures] == [program.WHOLE, program.INSIDE, program.PROCESSOR, program.OWN]
    assert report.measures[0].samples == {"linux": [50.0, 50.0], "demitasse process": [550.0, 550.0], "demitasse kvm": [550.0, 550.0]}
    assert [c.ratio.value for c in report.comparisons] == [pytest.approx(value) for value in (11, 1, 1, 1)] * 2
    on_linux = [words for name, words in runs.words if name == "linux"]
    assert all(words[:2] == ["/l/prog", "-x"] for words in on_linux) and len({words[2] for words in on_linux}) == 3
    assert all(runs.folders) and not any(Path(words[2]).parent.exists() for words in on_linux)
    guest = next(words for name, words in runs.words if name == "demitasse kvm")
    assert guest[-5:] == ["-m", "64m", "/g/prog", "-x", kernel.GUEST_FOLDER + "/file"]
    assert not any("different" in note for note in report.notes)
    assert json.loads(json.dumps(report.to_json()))["benchmark"] == "program"
    with pytest.raises(UserError, match="printed no time"):
        program.measure(twins, 1, ["process"], TwinRuns("nothing\n"))


def test_programs_that_print_different_things_are_told_of() -> None:
    def run(contender: Contender, words: Sequence[str]) -> Run:
        return Run(None, MS, MIB, 0, contender.name, "", {}, MS)

    assert any("print different things" in note for note in program.measure(program.Twins("g", "l"), 1, ["process"], run).notes)


def test_the_kernels_program_names_what_the_report_knows() -> None:
    text = kernel.SOURCE.read_text()
    table = text[text.index("measures[] = {"):text.index("static void stay_on_one_processor")]
    assert re.findall(r'\{ "([^"]+)", do_', table) == list(kernel.THINGS)


def test_another_checksum_is_no_result() -> None:
    with pytest.raises(UserError, match="computes 8 in LoopInt, the others 7"):
        interpreter.measure(1, ["process"], 1.0, Runs(checksum_of_guest=8))


def test_a_run_that_does_not_tell_is_no_result() -> None:
    def silent(contender: Contender, program: Sequence[str]) -> Run:
        return Run(None, 1, 1, 0, "", "")

    with pytest.raises(UserError, match="printed nothing"):
        hello.measure(1, ["process"], silent)


def made_report() -> Report:
    return hello.measure(2, ["process"], Runs())


def test_json_holds_everything() -> None:
    told = json.loads(json.dumps(made_report().to_json()))
    assert told["schema"] == SCHEMA and told["runs"] == 2
    assert {"cpu", "cpus", "kernel", "python", "java", "demitasse"} == set(told["machine"])
    for measure in told["measures"]:
        for who, samples in measure["samples"].items():
            assert measure["summary"][who]["count"] == len(samples) == 2
    assert {"measure", "of", "to", "value", "low", "high", "meaning"} == set(told["ratios"][0])


def test_tables_and_files(tmp_path: Path) -> None:
    out = io.StringIO()
    output.deliver(made_report(), out, tmp_path / "r.json", None)
    text = out.getvalue()
    for word in ("wall time, ms", "time to main, ms", "guest memory, MiB", "java -Xint", "demitasse process", "█", "image entry"):
        assert word in text
    assert json.loads((tmp_path / "r.json").read_text())["benchmark"] == "hello"


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_plot(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / f"plot.{suffix}"
    output.plot(made_report(), file)
    assert file.stat().st_size > 1000


def test_child_measures_a_process() -> None:
    code = "import sys, time; time.sleep(.05); print('first', sys.argv[1], flush=True); time.sleep(.05); sys.exit(3)"
    order = {"argv": [sys.executable, "-c", code, child.START], "env": {}, "stdin": ""}
    done = subprocess.run([sys.executable, "-I", "-S", child.__file__], input=json.dumps(order),
                          capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["code"] == 3
    assert found["out"] == f"first {found['started']}\n"
    assert found["started"] + 50 * MS <= found["first_byte"] <= found["ended"] - 40 * MS
    assert found["peak"] > MIB
    assert 0 < found["processor"] < found["ended"] - found["started"]


def test_the_peak_of_a_small_process_is_its_own() -> None:
    """The starting process must not be counted: a program of 1 MiB stays far below what pytest takes."""
    order = {"argv": ["/bin/true"], "env": {}, "stdin": ""}
    done = subprocess.run([sys.executable, "-I", "-S", child.__file__], input=json.dumps(order),
                          capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["peak"] < 20 * MIB


def test_the_host_jvm_can_be_measured() -> None:
    run = contenders.run_once(contenders.host(), ["-cp", str(contenders.PROGRAMS), "bench.Start", child.START])
    assert run.out.startswith("Hello, world!\nmain ")
    to_main = int(run.out.split()[-1])
    assert run.first_byte is not None
    assert MS < to_main < run.first_byte < run.wall
    assert run.peak > 20 * MIB


def test_a_failing_side_is_one_line() -> None:
    with pytest.raises(UserError, match="java ended with exit code 1: .*NoSuchClass"):
        contenders.run_once(contenders.host(), ["-cp", str(contenders.PROGRAMS), "NoSuchClass"])
