"""Shows a report: tables with bars on the terminal, JSON and plots in files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from demitasse.runtime.bench.contenders import Contender, Run, Runner, run_once
from demitasse.runtime.bench.report import Measure, Report
from demitasse.runtime.bench.summary import summarize
from demitasse.runtime.errors import UserError

_BAR = 24
_PLAIN_WIDTH = 120
_PLOTS = (".svg", ".png", ".pdf")


@contextmanager
def progress(what: str, rounds: int, runner: Runner = run_once) -> Iterator[Runner]:
    """A runner that shows on a terminal's stderr who is running; `rounds`: how many there will be."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=None)
        done: dict[str, int] = {}

        def run(contender: Contender, program: Sequence[str]) -> Run:
            bar.update(task, description=f"{what}: {contender.name}")
            result = runner(contender, program)
            done[contender.name] = done.get(contender.name, 0) + 1
            bar.update(task, total=rounds * len(done), completed=sum(done.values()))
            return result

        yield run


def deliver(report: Report, out: TextIO, json_file: Path | None, plot_file: Path | None) -> None:
    """Show the report, and write the files that were asked for."""
    show(report, out)
    if json_file is not None:
        try:
            json_file.write_text(json.dumps(report.to_json(), indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise UserError(f"Error: --json {json_file}: {error.strerror}") from None
    if plot_file is not None:
        plot(report, plot_file)


def show(report: Report, out: TextIO) -> None:
    """Tables with bars, ratios, and what was measured."""
    console = Console(file=out, highlight=False, width=None if out.isatty() else _PLAIN_WIDTH)
    for measure in report.measures:
        console.print(_table(measure))
    if report.comparisons:
        table = Table(title="ratios", title_justify="left", box=None, pad_edge=False)
        for name, justify in (("measure", "left"), ("of", "left"), ("to", "left"), ("ratio", "right"), ("95 %", "left"), ("", "left")):
            table.add_column(name, justify=justify)  # type: ignore[arg-type]
        for c in report.comparisons:
            table.add_row(c.measure, c.of, c.to, f"{c.ratio.value:.2f}", f"{c.ratio.low:.2f} … {c.ratio.high:.2f}", c.meaning)
        console.print(table)
    console.print()
    for note in report.notes:
        console.print(Text(f"· {note}", style="dim"))
    console.print(Text(f"· {report.runs} runs of each, taking turns, after one that does not count; "
                       "medians, with the quartiles and extremes.", style="dim"))


def _table(measure: Measure) -> Table:
    table = Table(title=f"{measure.name}, {measure.unit}", title_justify="left", box=None, pad_edge=False)
    for name in ("", "median", "quartiles", "extremes", ""):
        table.add_column(name, justify="left" if not name else "right", no_wrap=True)
    longest = max(summarize(values).median for values in measure.samples.values()) or 1.0
    for who, values in measure.samples.items():
        s = summarize(values)
        table.add_row(who, f"{s.median:.1f}", f"{s.q1:.1f} … {s.q3:.1f}", f"{s.low:.1f} … {s.high:.1f}",
                      Text("█" * max(1, round(_BAR * s.median / longest)), style="green" if who.startswith("demitasse") else "blue"))
    return table


def check_plot(path: Path) -> None:
    """UserError if a plot cannot be made there: found out before anything is measured."""
    if path.suffix.lower() not in _PLOTS:
        raise UserError(f"Error: --plot {path}: the name must end in {', '.join(_PLOTS)}")
    import importlib.util

    if importlib.util.find_spec("matplotlib") is None:
        raise UserError("Error: --plot needs matplotlib: pip install 'demitasse[plot]'")


def plot(report: Report, path: Path) -> None:
    """One panel per measure: a bar for each median, a line from the lowest to the highest run."""
    check_plot(path)
    from matplotlib.figure import Figure

    count = len(report.measures)
    figure = Figure(figsize=(7, 0.6 + 1.3 * count), layout="constrained")
    panels = figure.subplots(count, 1, squeeze=False)
    for panel, measure in zip(panels[:, 0], report.measures, strict=True):
        summaries = {who: summarize(values) for who, values in measure.samples.items()}
        names = list(summaries)
        medians = [s.median for s in summaries.values()]
        spread = [[s.median - s.low for s in summaries.values()], [s.high - s.median for s in summaries.values()]]
        colours = ["tab:green" if name.startswith("demitasse") else "tab:blue" for name in names]
        panel.barh(names, medians, xerr=spread, color=colours, height=0.6, error_kw={"capsize": 3, "elinewidth": 1})
        panel.invert_yaxis()
        panel.set_title(f"{measure.name}, {measure.unit}", loc="left", fontsize="medium")
        panel.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"demitasse bench {report.benchmark}: medians of {report.runs} runs", fontsize="medium")
    try:
        figure.savefig(path)
    except OSError as error:
        raise UserError(f"Error: --plot {path}: {error.strerror}") from None
