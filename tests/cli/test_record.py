"""runtime/record: what a record does, beside dataclasses, which it stands for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from demitasse.runtime.record import changed, record


@record
class Cup:
    size: int
    name: str = "espresso"
    spoons: list[str] = []


@record
class Mug(Cup):
    handle: bool = True


@dataclass
class HostCup:
    size: int
    name: str = "espresso"
    spoons: list[str] = field(default_factory=list)


@pytest.mark.parametrize(("values", "named"), [((1,), {}), ((1, "lungo"), {}), ((), {"size": 2}), ((3,), {"spoons": ["a"]})])
def test_as_a_dataclass(values: tuple[object, ...], named: dict[str, object]) -> None:
    ours, theirs = Cup(*values, **named), HostCup(*values, **named)  # type: ignore[arg-type]
    assert vars(ours) == vars(theirs) and repr(ours) == repr(theirs).removeprefix("Host")
    assert vars(changed(ours, size=9)) == vars(replace(theirs, size=9))
    assert ours == Cup(*values, **named) and ours != changed(ours, size=9) and ours != theirs  # type: ignore[arg-type]


def test_defaults_are_nobody_elses() -> None:
    one, other = Cup(1), Cup(1)
    one.spoons.append("a")
    assert one != other and Cup(1).spoons == []


def test_bases_come_first() -> None:
    assert Mug(1, "latte", [], False) == Mug(size=1, name="latte", handle=False)


@pytest.mark.parametrize(("values", "named", "text"), [
    ((), {}, "size is missing"), ((1, "a", [], 4), {}, "has 3 fields, not 4"), ((1,), {"size": 2}, "size is given twice"),
    ((1,), {"saucer": 2}, "has no field saucer")])
def test_refusals(values: tuple[object, ...], named: dict[str, object], text: str) -> None:
    with pytest.raises(TypeError, match=text):
        Cup(*values, **named)  # type: ignore[arg-type]


def test_is_no_key() -> None:
    with pytest.raises(TypeError):
        hash(Cup(1))
