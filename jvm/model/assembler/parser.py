"""Text to syntax tree: the lark parser, its generated terminals, and its error messages.

Invariant: mnemonics, array types, flags and kinds of constants come from the tables of the model, so
that a new row there is understood here.  A syntax error says where, what was found and what could
have stood there.
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import Final

import lark

from demitasse.jvm.model import access_flags
from demitasse.jvm.model.assembler.syntax import (
    AssemblyError, ClassDeclaration, Position, SourceError,
)
from demitasse.jvm.model.assembler.transformer import ToTree
from demitasse.jvm.model.constant_pool import KINDS, REFERENCE_KINDS
from demitasse.jvm.model.opcodes import NEWARRAY_TYPES, OPCODES, Opcode, Operands

_TERMINAL_BY_OPERANDS: Final[dict[Operands, str]] = {
    Operands.NONE: "OP_NONE", Operands.BYTE: "OP_INT", Operands.SHORT: "OP_INT",
    Operands.LOCAL: "OP_LOCAL", Operands.POOL_U1: "OP_LDC", Operands.BRANCH: "OP_BRANCH",
    Operands.BRANCH_W: "OP_BRANCH", Operands.IINC: "OP_IINC", Operands.TABLESWITCH: "OP_TABLE",
    Operands.LOOKUPSWITCH: "OP_LOOKUP", Operands.WIDE: "OP_WIDE",
    Operands.INVOKEINTERFACE: "OP_INTERFACE", Operands.INVOKEDYNAMIC: "OP_DYNAMIC",
    Operands.NEWARRAY: "OP_NEWARRAY", Operands.MULTIANEWARRAY: "OP_MULTI",
}

# What to call a terminal in "expected ..." when its own text does not say it.
_FRIENDLY: Final[dict[str, str]] = {
    "_NL": "end of line", "$END": "end of file", "TEXT": 'a "string"', "QUOTED": "a 'quoted name'",
    "NAME": "a name", "CLASS_NAME": "a class name", "FIELD_TYPE": "a field descriptor",
    "METHOD_TYPE": "a method descriptor", "POOL_REF": "#constant", "INT": "an integer",
    "UNSIGNED": "an integer", "LONG": "a long", "FLOAT": "a float", "DOUBLE": "a double",
    "HEX": "0x bytes", "TARGET_NAME": "a label", "AT": "@offset", "LABEL": "a label and ':'",
    "_COMMA": "','", "CONST_NAME": "a name and '='", "CONST_KIND": "a kind of constant",
    "HANDLE_FIELD": "a field handle kind", "HANDLE_METHOD": "a method handle kind",
    "VTYPE": "a verification type", "ARRAY_TYPE": "a primitive type", "LIMIT_KIND": "stack or locals",
    "ANY": "any", "INTERFACE": "interface", "LPAR": "'('", "_OPEN": "'['", "_CLOSE": "']'",
    "_OPEN_BRACE": "'{'", "_CLOSE_BRACE": "'}'",
}


def _terminal_of(opcode: Opcode) -> str:
    if opcode.operands is not Operands.POOL:
        return _TERMINAL_BY_OPERANDS[opcode.operands]
    if opcode.mnemonic.startswith("ldc"):
        return "OP_LDC"
    if opcode.mnemonic.startswith("invoke"):
        return "OP_METHOD"
    return "OP_FIELD" if opcode.mnemonic.endswith(("static", "field")) else "OP_CLASS"


def _alternatives(terminal: str, words: list[str], extra: str = "", priority: int = 4) -> str:
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    pattern = "|".join([*longest_first, *([extra] if extra else [])])
    return f"{terminal}.{priority}: /(?:{pattern})(?![^\\s,])/"


def _generated_terminals() -> str:
    opcodes: dict[str, list[str]] = {}
    for opcode in OPCODES:
        opcodes.setdefault(_terminal_of(opcode), []).append(opcode.mnemonic)
    lines = [_alternatives(terminal, words) for terminal, words in opcodes.items()]
    for place in ("class", "field", "method", "inner", "parameter"):
        words = list(access_flags.masks(place))
        lines.append(_alternatives(f"{place.upper()}_FLAG", words, "0x[0-9a-fA-F]+"))
    lines.append(_alternatives("ARRAY_TYPE", list(NEWARRAY_TYPES.values())))
    lines.append(_alternatives("CONST_KIND", [kind.KIND for kind in KINDS.values()] + ["Raw"]))
    fields = [name for name, kinds in REFERENCE_KINDS.values() if kinds == ("Fieldref",)]
    others = [name for name, kinds in REFERENCE_KINDS.values() if kinds != ("Fieldref",)]
    lines.append(_alternatives("HANDLE_FIELD", fields))
    lines.append(_alternatives("HANDLE_METHOD", others))
    return "\n".join(lines)


@functools.cache
def _parser() -> lark.Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text("utf-8")
    return lark.Lark(
        f"{grammar}\n{_generated_terminals()}\n",
        parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=True,
    )


def parse(text: str, filename: str) -> list[ClassDeclaration]:
    """The classes of a source text; AssemblyError if it is not well formed."""
    source = text if text.endswith("\n") else text + "\n"
    try:
        tree = _parser().parse(source)
        classes: list[ClassDeclaration] = ToTree().transform(tree)
        return classes
    except lark.exceptions.VisitError as error:
        if isinstance(error.orig_exc, SourceError):
            raise AssemblyError(
                filename, error.orig_exc.position, error.orig_exc.problem) from None
        if isinstance(error.orig_exc, RecursionError):
            raise _too_deep(filename) from None
        raise
    except RecursionError:
        raise _too_deep(filename) from None
    except lark.UnexpectedToken as error:
        found = "end of file" if error.token.type == "$END" else _show(str(error.token))
        expected = error.accepts or error.expected
        position = Position(error.line, error.column)
        if error.token.type == "$END":
            position = Position(source.count("\n") + 1, 1)
        raise AssemblyError(filename, position, _expected(found, expected)) from None
    except lark.UnexpectedCharacters as error:
        start = error.pos_in_stream or 0
        rest = re.match(r"\S+", source[start:])
        found = _show(rest.group() if rest else source[start])
        raise AssemblyError(
            filename, Position(error.line, error.column), _expected(found, error.allowed)
        ) from None


def _too_deep(filename: str) -> AssemblyError:
    return AssemblyError(filename, Position(1, 1), "an expression is nested too deeply")


def _show(found: str) -> str:
    return "end of line" if found.lstrip(" \t\r").startswith("\n") else f"'{found.strip()}'"


def _expected(found: str, terminals: set[str] | None) -> str:
    names: set[str] = set()
    by_name = {terminal.name: terminal for terminal in _parser().terminals}
    for name in terminals or ():
        if name.startswith("OP_"):
            names.add("an instruction")
        elif name.endswith("_FLAG"):
            names.add("a flag")
        elif name in _FRIENDLY:
            names.add(_FRIENDLY[name])
        elif name in by_name and by_name[name].pattern.type == "str":
            names.add(f"'{by_name[name].pattern.value}'")
    if not names:
        return f"{found} cannot stand here"
    *most, last = sorted(names, key=lambda n: (n.startswith("'"), n))
    return f"found {found}, expected {', '.join(most)}{' or ' if most else ''}{last}"
