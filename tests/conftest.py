"""For all tests: the homes of this machine, and a last word on what was not tested and why."""

from __future__ import annotations

import signal
from collections import Counter

import pytest
from hypothesis import settings

from . import seeds, tools

HOMES = ("process", "kvm", "qemu")

settings.register_profile("repeated", derandomize=True)
if seeds.REPEATED:
    settings.load_profile("repeated")


# What signals do to programs is tested.  Tests in the background, or behind nohup, were started with some ignored, and
# children would inherit that; they do not inherit a handler that does nothing.
for _number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda _signal, _frame: None)


def pytest_report_header() -> str:
    return f"seed: {seeds.SEED}" + (" (DEMITASSE_SEED=N or random draws other cases)" if seeds.REPEATED else "")


@pytest.fixture(scope="session")
def homes() -> list[str]:
    """The homes that this machine has."""
    return [home for home in HOMES if tools.missing_home(home) is None]


def need_home(home: str) -> None:
    """Skip the running test, by name, if there is no such home."""
    reason = tools.missing_home(home)
    if reason is not None:
        pytest.skip(f"no {home} home: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped, grouped by its reason; -ra names the single tests."""
    reasons: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for report in terminalreporter.stats.get("skipped", []):
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = text.removeprefix("Skipped: ")
        reasons[reason] += 1
        examples.setdefault(reason, report.nodeid)
    terminalreporter.section("not tested here" if reasons else "everything was tested", sep="-")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count:5} × {reason} (such as {examples[reason]})")
