"""Parse tree to syntax tree, with numbers, strings and expressions evaluated.

Invariant: every method here turns one grammar rule into one node of syntax.py; what depends on the
rest of a class (pool indexes, labels) is left to the emitter.
"""

from __future__ import annotations

from typing import Any, Final

import lark

from demitasse.jvm.model import access_flags
from demitasse.jvm.model.assembler import syntax as s
from demitasse.jvm.model.constant_pool import REFERENCE_KINDS, Double, Float
from demitasse.jvm.model.opcodes import BY_MNEMONIC, NEWARRAY_TYPES
from demitasse.jvm.model.text import EscapeError, unescape

_HANDLE_NUMBERS: Final = {name: number for number, (name, _) in REFERENCE_KINDS.items()}
_LONGEST_NUMBER: Final = 100
_ARRAY_CODES: Final = {name: code for code, name in NEWARRAY_TYPES.items()}

def _at(node: Any) -> s.Position:
    return s.Position(getattr(node, "line", 1) or 1, getattr(node, "column", 1) or 1)


def _unescape(token: lark.Token) -> str:
    try:
        return unescape(str(token)[1:-1])
    except EscapeError as error:
        column = (token.column or 1) + 1 + error.position
        raise s.SourceError(s.Position(token.line or 1, column), str(error)) from None


def _number(token: lark.Token) -> int:
    text = str(token).replace("_", "").rstrip("lL")
    if len(text) > _LONGEST_NUMBER:
        raise s.SourceError(_at(token), "the number is too long")
    return int(text, 16 if "x" in text.lower() else 10)


def _hex(token: lark.Token | None) -> bytes:
    digits = str(token or "0x")[2:].replace("_", "")
    if len(digits) % 2:
        raise s.SourceError(_at(token), "bytes take an even number of hex digits")
    return bytes.fromhex(digits)


def _floating(token: lark.Token, suffixes: str) -> float:
    text = str(token).rstrip(suffixes)
    return float(text.replace("Infinity", "inf"))


def _flags(tokens: list[lark.Token], place: str) -> int:
    table, flags = access_flags.masks(place), 0
    for token in tokens:
        flags |= table[str(token)] if str(token) in table else int(str(token), 16)
    return flags


def _split(children: list[Any], kind: str) -> tuple[int, list[Any]]:
    """Flags of a place at the front of children, and the other children."""
    terminal = f"{kind.upper()}_FLAG"
    count = 0
    while count < len(children) and getattr(children[count], "type", "") == terminal:
        count += 1
    return _flags(children[:count], kind), children[count:]


def _operator(name: str) -> Any:
    def method(self: ToTree, meta: Any, children: list[int]) -> int:
        left, right = children[0], children[-1]
        if name in ("/", "%") and right == 0:
            raise s.SourceError(_at(meta), "division by zero")
        if name in ("<<", ">>") and not 0 <= right <= 64:
            raise s.SourceError(_at(meta), f"a shift by {right} is not between 0 and 64")
        return {
            "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
            "/": lambda: left // right, "%": lambda: left % right,
            "<<": lambda: left << right, ">>": lambda: left >> right,
            "&": lambda: left & right, "|": lambda: left | right, "^": lambda: left ^ right,
            "neg": lambda: -left, "~": lambda: ~left,
        }[name]()

    return method


def _directive(name: str) -> Any:
    def method(self: ToTree, meta: Any, children: list[Any]) -> s.Directive:
        return s.Directive(name, tuple(children))

    return method


def _statement(self: ToTree, meta: Any, children: list[Any]) -> s.Statement:
    return s.Statement(BY_MNEMONIC[str(children[0])], tuple(children[1:]), _at(meta))


def _wide_statement(self: ToTree, meta: Any, children: list[Any]) -> s.Statement:
    return s.Statement(BY_MNEMONIC[str(children[1])], tuple(children[2:]), _at(meta), wide=True)


@lark.v_args(meta=True)
class ToTree(lark.Transformer[Any, Any]):
    """One method per rule of grammar.lark."""

    def start(self, meta: Any, children: list[Any]) -> list[s.ClassDeclaration]:
        return children

    def class_file(self, meta: Any, children: list[Any]) -> s.ClassDeclaration:
        flags, name, at = children[0]
        return s.ClassDeclaration(flags, name, at, tuple(children[1:]))

    def class_head(self, meta: Any, children: list[Any]) -> tuple[int, s.Name, s.Position]:
        flags, (name,) = _split(children, "class")
        return flags, name, _at(meta)

    # Directives whose values need nothing done to them.
    version = _directive("version")
    magic = _directive("magic")
    super_class = _directive("super")
    no_super = _directive("super")
    implements = _directive("implements")
    source = _directive("source")
    enclosing = _directive("enclosing")
    nest_host = _directive("nesthost")
    nest_member = _directive("nestmember")
    permits = _directive("permits")
    empty_record = _directive("record")
    component = _directive("component")
    bootstrap_directive = _directive("bootstrap")
    pool_count = _directive("pool_count")
    signature = _directive("signature")
    deprecated = _directive("deprecated")
    synthetic = _directive("synthetic")
    throws = _directive("throws")

    def inner(self, meta: Any, children: list[Any]) -> s.Directive:
        flags, names = _split(children, "inner")
        return s.Directive("inner", (flags, *names))

    def parameter(self, meta: Any, children: list[Any]) -> s.Directive:
        flags, names = _split(children, "parameter")
        return s.Directive("parameter", (flags, *names))

    def raw_constant(self, meta: Any, children: list[Any]) -> s.RawConstantEntry:
        label = None if children[0] is None else str(children[0])
        return s.RawConstantEntry(label, str(children[1]), tuple(children[2:]), _at(meta))

    def raw_attribute(self, meta: Any, children: list[Any]) -> s.RawAttribute:
        name, data, length = children
        return s.RawAttribute(name, data, length)

    def code_attribute(self, meta: Any, children: list[Any]) -> s.RawAttribute:
        name, data, length = children
        return s.RawAttribute(name, data, length, "code")

    def signature_part(self, meta: Any, children: list[Any]) -> str:
        return str(children[0])

    def length_part(self, meta: Any, children: list[Any]) -> Any:
        return children[0]

    def field(self, meta: Any, children: list[Any]) -> s.FieldDeclaration:
        flags, (name, descriptor, value, *items) = _split(children, "field")
        return s.FieldDeclaration(flags, name, descriptor, value, tuple(items))

    def method(self, meta: Any, children: list[Any]) -> s.MethodDeclaration:
        flags, (name, descriptor, *items) = _split(children, "method")
        return s.MethodDeclaration(flags, name, descriptor, tuple(items), _at(meta))

    # Code.
    plain = _statement
    with_int = _statement
    with_local = _statement
    wide_local = _wide_statement
    iinc = _statement
    wide_iinc = _wide_statement
    ldc = _statement
    with_field = _statement
    with_method = _statement
    with_interface = _statement
    with_dynamic = _statement
    with_class = _statement
    with_dimensions = _statement
    branch = _statement

    def newarray(self, meta: Any, children: list[Any]) -> s.Statement:
        code = children[1]
        value = code if isinstance(code, int) else _ARRAY_CODES[str(code)]
        return s.Statement(BY_MNEMONIC["newarray"], (value,), _at(meta))

    def tableswitch(self, meta: Any, children: list[Any]) -> s.Statement:
        opcode, low, *rows = children
        targets = [row for row in rows if isinstance(row, s.Target)]
        cases = tuple((low + i, target) for i, target in enumerate(targets))
        if not cases:
            raise s.SourceError(_at(meta), "a tableswitch has at least one target")
        return self._switch(meta, str(opcode), rows, cases)

    def lookupswitch(self, meta: Any, children: list[Any]) -> s.Statement:
        opcode, *rows = children
        cases = tuple((row[0], row[1]) for row in rows if row[0] is not None)
        return self._switch(meta, str(opcode), rows, cases)

    def _switch(
        self, meta: Any, mnemonic: str, rows: list[Any], cases: tuple[tuple[int, s.Target], ...]
    ) -> s.Statement:
        defaults = [row[1] for row in rows if isinstance(row, tuple) and row[0] is None]
        if len(defaults) != 1:
            raise s.SourceError(_at(meta), f"a switch has one default, not {len(defaults)}")
        body = s.SwitchBody(defaults[0], cases)
        return s.Statement(BY_MNEMONIC[mnemonic], (body,), _at(meta))

    def case_row(self, meta: Any, children: list[Any]) -> tuple[int, s.Target]:
        return children[0], children[1]

    def default_row(self, meta: Any, children: list[Any]) -> tuple[None, s.Target]:
        return None, children[0]

    def label(self, meta: Any, children: list[Any]) -> s.Label:
        return s.Label(str(children[0])[:-1], _at(children[0]))

    def limit(self, meta: Any, children: list[Any]) -> s.Limit:
        return s.Limit(str(children[0]), children[1])

    def line(self, meta: Any, children: list[Any]) -> s.Line:
        return s.Line(children[0])

    def catch(self, meta: Any, children: list[Any]) -> s.Catch:
        first, start, end, handler = children
        everything = getattr(first, "type", "") == "ANY"
        return s.Catch(None if everything else first, start, end, handler)

    def local(self, meta: Any, children: list[Any]) -> s.Local:
        return s.Local(*children)

    def raw_code(self, meta: Any, children: list[Any]) -> s.RawCode:
        return s.RawCode(children[0])

    def code_length(self, meta: Any, children: list[Any]) -> s.CodeLength:
        return s.CodeLength(children[0])

    def target(self, meta: Any, children: list[Any]) -> s.Target:
        text = str(children[0])
        offset = int(text[1:]) if text.startswith("@") else None
        return s.Target(text, offset, _at(children[0]))

    # Frames.
    def frame_directive(self, meta: Any, children: list[Any]) -> s.FrameStatement:
        form, local_types, stack, count = children[0]
        return s.FrameStatement(form, tuple(local_types), tuple(stack), count, _at(meta))

    def frame_same(self, meta: Any, children: list[Any]) -> tuple[Any, ...]:
        return "same", (), (), 0

    def frame_stack(self, meta: Any, children: list[Any]) -> tuple[Any, ...]:
        return "stack", (), children, 0

    def frame_chop(self, meta: Any, children: list[Any]) -> tuple[Any, ...]:
        return "chop", (), (), children[0]

    def frame_append(self, meta: Any, children: list[Any]) -> tuple[Any, ...]:
        return "append", children[0], (), 0

    def frame_full(self, meta: Any, children: list[Any]) -> tuple[Any, ...]:
        return "full", children[0] or (), children[1] or (), 0

    def vtypes(self, meta: Any, children: list[Any]) -> list[s.VType]:
        return children

    def vtype_simple(self, meta: Any, children: list[Any]) -> s.VType:
        return s.VType(str(children[0]))

    def vtype_class(self, meta: Any, children: list[Any]) -> s.VType:
        return s.VType("class", class_name=children[0])

    def vtype_uninitialized(self, meta: Any, children: list[Any]) -> s.VType:
        return s.VType("uninitialized", target=children[0])

    # Members, handles and bootstrap methods.
    def member(self, meta: Any, children: list[Any]) -> s.Member:
        return s.Member(*children)

    def method_member(self, meta: Any, children: list[Any]) -> s.Member:
        interface, owner, name, descriptor = children
        return s.Member(owner, name, descriptor, interface is not None)

    def handle(self, meta: Any, children: list[Any]) -> s.Handle:
        return s.Handle(_HANDLE_NUMBERS[str(children[0])], children[1])

    def constants(self, meta: Any, children: list[Any]) -> list[Any]:
        return children

    def bootstrap(self, meta: Any, children: list[Any]) -> s.Bootstrap:
        arguments = next((child for child in children[1:] if isinstance(child, list)), [])
        return s.Bootstrap(children[0], tuple(arguments))

    # Constants.
    def int_constant(self, meta: Any, children: list[Any]) -> s.Number:
        return s.Number("Integer", children[0], _at(meta))

    def long_constant(self, meta: Any, children: list[Any]) -> s.Number:
        return s.Number("Long", _number(children[0]), _at(meta))

    def float_constant(self, meta: Any, children: list[Any]) -> s.Number:
        return s.Number("Float", Float.of(_floating(children[0], "fF")).bits, _at(meta))

    def double_constant(self, meta: Any, children: list[Any]) -> s.Number:
        return s.Number("Double", Double.of(_floating(children[0], "dD")).bits, _at(meta))

    def float_bits(self, meta: Any, children: list[Any]) -> s.Number:
        return s.Number("Float", children[0], _at(meta))

    def double_bits(self, meta: Any, children: list[Any]) -> s.Number:
        return s.Number("Double", children[0], _at(meta))

    def string_constant(self, meta: Any, children: list[Any]) -> s.Text:
        return s.Text(children[0])

    def class_constant(self, meta: Any, children: list[Any]) -> s.ClassConstant:
        return s.ClassConstant(children[0])

    def method_type_constant(self, meta: Any, children: list[Any]) -> s.MethodTypeConstant:
        return s.MethodTypeConstant(children[0])

    def handle_constant(self, meta: Any, children: list[Any]) -> s.Handle:
        handle: s.Handle = children[0]
        return handle

    def dynamic_constant(self, meta: Any, children: list[Any]) -> s.DynamicConstant:
        return s.DynamicConstant(*children)

    # Words.
    def _word(self, token: lark.Token) -> s.Name:
        if token.type == "POOL_REF":
            return s.PoolRef(str(token)[1:], _at(token))
        return _unescape(token) if token.type == "QUOTED" else str(token)

    def class_name(self, meta: Any, children: list[Any]) -> s.Name:
        return self._word(children[0])

    name = class_name
    field_type = class_name
    method_type = class_name
    pool_ref = class_name

    def text(self, meta: Any, children: list[Any]) -> str:
        return _unescape(children[0])

    def hex_bytes(self, meta: Any, children: list[Any]) -> bytes:
        return _hex(children[0])

    # Integers.
    def number(self, meta: Any, children: list[Any]) -> int:
        return _number(children[0])

    op_add, op_sub, op_mul = _operator("+"), _operator("-"), _operator("*")
    op_div, op_mod = _operator("/"), _operator("%")
    op_shl, op_shr = _operator("<<"), _operator(">>")
    op_and, op_or, op_xor = _operator("&"), _operator("|"), _operator("^")
    op_neg, op_not = _operator("neg"), _operator("~")
