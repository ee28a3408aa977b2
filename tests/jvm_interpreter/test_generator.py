"""The generator of the loop: what it refuses, and that the loop it makes is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from demitasse.jvm.interpreter import generate
from demitasse.jvm.interpreter.generate import DISPATCH, Handler, HandlerError, check_complete, expand, load_handlers, parse_handlers
from demitasse.jvm.model.opcodes import BY_MNEMONIC, INTERNAL, OPCODES, RESERVED


def _handler(*lines: str, mnemonics: tuple[str, ...] = ("nop",)) -> Handler:
    return Handler(mnemonics, lines, "test.tp:1")


def test_internal_opcodes_do_not_touch_the_public_ones() -> None:
    numbers = [op.number for op in INTERNAL]
    assert sorted(numbers) == numbers and len(set(numbers)) == len(numbers)
    assert not set(numbers) & ({op.number for op in OPCODES} | set(RESERVED.values()))
    assert all(op.mnemonic.startswith("q_") and op.mnemonic not in BY_MNEMONIC for op in INTERNAL)


def test_every_opcode_has_exactly_one_handler() -> None:
    handlers = check_complete(load_handlers(), OPCODES + INTERNAL)
    assert set(handlers) == {op.mnemonic for op in OPCODES + INTERNAL}


def test_the_switch_has_256_cases() -> None:
    cases = generate.render_cases(load_handlers(), OPCODES + INTERNAL)
    symbols = {op.symbol: op.number for op in OPCODES + INTERNAL}
    found: list[int] = []
    for line in re.findall(r"^ {12}(?:if|elif) (.*):$", cases, re.MULTILINE):
        found += [symbols[word] if word in symbols else int(word) for word in re.findall(r"op == (\w+)", line)]
    assert sorted(found) == list(range(256))


def test_missing_double_and_unknown_handlers_are_refused() -> None:
    handlers = load_handlers()
    with pytest.raises(HandlerError, match="without a handler: nop"):
        check_complete([h for h in handlers if "nop" not in h.mnemonics], OPCODES + INTERNAL)
    with pytest.raises(HandlerError, match=r"test\.tp:1: nop has a handler at constants\.tp:"):
        check_complete([*handlers, _handler("pass")], OPCODES + INTERNAL)
    with pytest.raises(HandlerError, match="no opcode is called iadb"):
        check_complete([*handlers, _handler("pass", mnemonics=("iadb",))], OPCODES + INTERNAL)


def test_an_operand_that_the_instruction_has_not_is_refused() -> None:
    with pytest.raises(HandlerError, match=r"nop \(none\) has no @index"):
        expand(_handler("locals[@index].i = 0"), BY_MNEMONIC["nop"])
    with pytest.raises(HandlerError, match=r"iload .* has no @target"):
        expand(_handler("@jump"), BY_MNEMONIC["iload"])
    with pytest.raises(HandlerError, match="no fixed length"):
        expand(_handler("sp -= 1"), BY_MNEMONIC["tableswitch"])


def test_the_step_comes_from_the_table() -> None:
    assert expand(_handler("pass"), BY_MNEMONIC["nop"])[-3:] == ["pc += 1", *DISPATCH]
    assert expand(_handler("pass"), BY_MNEMONIC["multianewarray"])[-3:] == ["pc += 4", *DISPATCH]
    assert expand(_handler("x = @index"), BY_MNEMONIC["iload_2"])[0] == "x = 2"
    assert expand(_handler("@to NULL"), BY_MNEMONIC["nop"]) == ["action = NULL_POINTER", "break"]


@pytest.mark.parametrize(("text", "problem"), [
    ("x = 1\n=== nop\npass", "text before the first"),
    ("=== nop\n\n=== pop\npass", "handler of nop is empty"),
    ("===\npass", "=== without an opcode"),
])
def test_malformed_files_are_refused(text: str, problem: str) -> None:
    with pytest.raises(HandlerError, match=problem):
        parse_handlers(text, "test.tp")


def test_inputs_name_every_handler_file() -> None:
    root = Path(generate.HERE).parents[1]
    assert all((root / name).exists() for name in generate.inputs())
    assert {Path(name).name for name in generate.inputs()} >= {p.name for p in generate.HANDLERS.glob("*.tp")}
