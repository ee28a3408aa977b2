"""The doctor: which home `auto` takes, how it remembers, and what it prints."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from demitasse.runtime import doctor, homes
from demitasse.runtime.monitor import measure
from demitasse.runtime.monitor.measure import Cost


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def with_costs(monkeypatch: pytest.MonkeyPatch, cost: "Cost | str") -> list[int]:
    """Let KVM be there and cost `cost`; the list gets an entry for each measurement."""
    measured: list[int] = []

    def measuring(ring: int, **_: int) -> "Cost | str":
        measured.append(ring)
        return cost

    monkeypatch.setattr(measure, "measure", measuring)
    monkeypatch.setattr(homes, "missing", lambda home: None)
    return measured


def test_without_kvm_the_process_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(homes, "missing", lambda home: "there is no /dev/kvm" if home == "kvm" else None)
    assert doctor.verdict() == doctor.Verdict("process", "no kvm home: there is no /dev/kvm")


@pytest.mark.parametrize("cost, home", [(Cost(1e9, 1500.0, 100.0), "kvm"), (Cost(1e9, 25000.0, 100.0), "process"),
                                        ("KVM refuses", "process")])
def test_the_cost_of_an_exit_decides(monkeypatch: pytest.MonkeyPatch, cost: "Cost | str", home: str) -> None:
    with_costs(monkeypatch, cost)
    assert doctor.choose_home() == home


def test_the_verdict_is_remembered(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    measured = with_costs(monkeypatch, Cost(1e9, 1500.0, 100.0))
    first = doctor.verdict()
    assert doctor.verdict() == first and measured == [3]
    assert doctor.verdict(remeasure=True) == first and measured == [3, 3]
    for file in (cache / "demitasse").iterdir():
        assert file.read_text().startswith("kvm\n")
        file.write_text("{ not json")
    assert doctor.verdict() == first and measured == [3, 3, 3]


def test_a_cache_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    (cache / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "file"))
    with_costs(monkeypatch, Cost(1e9, 1500.0, 100.0))
    assert doctor.choose_home() == "kvm"


def test_the_measuring_guest() -> None:
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        pytest.skip("kvm home: /dev/kvm cannot be opened here")
    cost = measure.measure(3)
    assert isinstance(cost, Cost), cost
    assert cost.instructions_per_second > 1e8
    assert 300 < cost.exit < 10_000_000 and 10 < cost.touch < 1_000_000


def test_the_report_names_every_home() -> None:
    out = io.StringIO()
    assert doctor.doctor_main(out) == 0
    for word in ("home process", "home kvm", "home qemu", "huge pages", "auto takes"):
        assert word in out.getvalue()
