"""Each fault by itself: the guest says of an assembled class what the host JVM says, byte for byte."""

from __future__ import annotations

import re
from functools import cache

import pytest

from demitasse.jvm.model.assembler import assemble
from demitasse.jvm.model.opcodes import OPCODES, Operands

from . import cases
from .bundle import Group, on_guest, on_host

#: A method that gives an instruction something of every kind to work on, and one that gives it nothing.
FULL = """.method public static full (IJFDLjava/lang/Object;[I)V
    .limit stack 12
    .limit locals 10
    {operands}
    .bytes 0x{code}
    return
.end method
"""

#: What is on the stack before the instruction, in turn.
OPERANDS = ("", "iload_0", "lload_1", "fload_3", "dload 4", "aload 6", "aload 7", "aconst_null", "aload 7\niload_0",
            "aload 7\niload_0\niload_0", "lload_1\nlload_1", "dload 4\ndload 4", "fload_3\nfload_3", "iload_0\niload_0",
            "lload_1\niload_0", "aload 6\naload 6", "aload 6\niload_0\naload 6", "new java/lang/Object", "iload_0\nlload_1")


def _group(text: str) -> Group:
    return [(each.name, each.data) for each in assemble(text)]


def _inferred() -> dict[str, Group]:
    """Cases with stack maps do without them; those whose stack map is the point are left out."""
    made = {}
    for name, text in {**cases.CHECKED, **cases.INFERRED}.items():
        if "StackMapTable" not in text and "dynamic" not in text and "interface " not in text:
            made[name] = _group(cases.PROLOGUE.format(version=49) + re.sub(r"\n *\.frame .*", "", text))
    return made


def _opcodes() -> dict[str, Group]:
    """Every instruction without operands, in front of every combination of operands."""
    made = {}
    for op in OPCODES:
        if op.operands is not Operands.NONE:
            continue
        for number, operands in enumerate(OPERANDS):
            text = cases.PROLOGUE.format(version=69) + FULL.format(operands=operands, code=f"{op.number:02x}")
            made[f"{op.mnemonic} {number}"] = _group(text)
    return made


@cache
def outcomes(kind: str) -> dict[str, tuple[str, str]]:
    """Name → what the host says, what the guest says."""
    if kind == "checked":
        groups = {name: _group(cases.PROLOGUE.format(version=69) + text) for name, text in cases.CHECKED.items()}
    elif kind == "old form":
        groups = {name: _group(cases.PROLOGUE.format(version=50) + text) for name, text in cases.CHECKED.items()
                  if "dynamic" not in text and "interface " not in text}
    elif kind == "inferred":
        groups = _inferred()
    else:
        groups = _opcodes()
    packed = list(groups.values())
    return dict(zip(groups, zip(on_host(packed), on_guest(packed), strict=True), strict=True))


@pytest.mark.parametrize("name", cases.CHECKED)
def test_type_checking_says_what_the_host_says(name: str) -> None:
    host, guest = outcomes("checked")[name]
    assert guest == host


@pytest.mark.parametrize("name", _inferred())
def test_inference_says_what_the_host_says(name: str) -> None:
    host, guest = outcomes("inferred")[name]
    assert guest == host


@pytest.mark.parametrize("kind", ["opcodes", "old form"])
def test_many_cases_at_once(kind: str) -> None:
    wrong = {name: pair for name, pair in outcomes(kind).items() if pair[0] != pair[1]}
    assert not wrong


def test_the_cases_are_mostly_faults() -> None:
    for kind, least in (("checked", 70), ("inferred", 60), ("opcodes", 1500)):
        assert sum(host != "ok" for host, _ in outcomes(kind).values()) > least
        assert sum(host == "ok" for host, _ in outcomes(kind).values()) > 5
