"""Instruction by instruction through the assembler: constants, locals, stack, control, arrays, fields,
calls, objects, handlers; and what quickening makes of the code.

Exceptions that the machine itself throws need the class library: tests/jvm_interpreter/test_conformance.py.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demitasse.jvm.model.assembler import assemble
from demitasse.jvm.model.classfile import parse_class
from demitasse.jvm.model.code import decode
from demitasse.jvm.model.opcodes import BY_MNEMONIC, INTERNAL_BY_NUMBER, OPCODES

from .world import Thrown, World

SEEN: set[str] = set()


def world(source: str) -> World:
    """A world with these classes; their opcodes count as seen."""
    for each in assemble(source):
        for method in parse_class(each.data).methods:
            if method.code is not None:
                for instruction in decode(method.code.code):
                    SEEN.add(instruction.opcode.mnemonic)
                    if instruction.wide:
                        SEEN.add("wide")
    return World().load(source)


def run(descriptor: str, body: str, *arguments: Any, before: str = "") -> Any:
    """The result of one static method, run three times: resolving, quick, fused."""
    made = world(f".class public super A\n{before}\n.method public static f {descriptor}\n{body}\n.end method")
    results = [made.call("A", "f", descriptor, *arguments) for _ in range(3)]
    assert results[0] == results[1] == results[2] or all(r != r for r in results)
    return results[0]


@pytest.mark.parametrize(("instruction", "letter", "value"), [
    *((f"iconst_{n}", "I", n) for n in range(6)), ("iconst_m1", "I", -1), ("lconst_0", "J", 0), ("lconst_1", "J", 1),
    ("fconst_0", "F", 0.0), ("fconst_1", "F", 1.0), ("fconst_2", "F", 2.0), ("dconst_0", "D", 0.0), ("dconst_1", "D", 1.0),
    ("bipush -128", "I", -128), ("bipush 127", "I", 127), ("sipush -32768", "I", -32768), ("sipush 32767", "I", 32767),
    ("ldc -2147483648", "I", -(1 << 31)), ("ldc 1.25f", "F", 1.25), ("ldc 9223372036854775807L", "J", (1 << 63) - 1),
    ("ldc -0.5", "D", -0.5), ("aconst_null", "A", 0),
])
def test_constants(instruction: str, letter: str, value: Any) -> None:
    kind = "Ljava/lang/Object;" if letter == "A" else letter
    assert run(f"(){kind}", f"nop\n{instruction}\n{letter.lower().replace('j', 'l')}return") == value


def test_wide_constants() -> None:
    many = "\n".join(f"ldc {100000 + i}\npop" for i in range(300))
    assert run("()I", f"{many}\nldc 100299\nireturn") == 100299


@pytest.mark.parametrize("letter", "IJFDA")
@pytest.mark.parametrize("slot", [0, 1, 2, 3, 4, 255, 256, 40000])
def test_locals(letter: str, slot: int) -> None:
    mnemonic = letter.lower().replace("j", "l")
    push = {"I": "sipush 1234", "J": "ldc 123456789012L", "F": "ldc 2.5f", "D": "ldc 3.25", "A": "aconst_null"}[letter]
    value = {"I": 1234, "J": 123456789012, "F": 2.5, "D": 3.25, "A": 0}[letter]
    kind = "Ljava/lang/Object;" if letter == "A" else letter
    short = f"_{slot}" if slot < 4 else f" {slot}"
    made = World(stack_slots=1 << 17)
    made.load(f".class public super A\n.method public static f (){kind}\n{push}\n{mnemonic}store{short}\n"
              f"{mnemonic}load{short}\n{mnemonic}return\n.end method")
    SEEN.update({f"{mnemonic}store{short if slot < 4 else ''}".strip(), f"{mnemonic}load{short if slot < 4 else ''}".strip()})
    assert made.call("A", "f", f"(){kind}") == value


@pytest.mark.parametrize(("slot", "constant"), [(0, 1), (0, -128), (3, 127), (0, 128), (300, -32768), (300, 5)])
def test_iinc(slot: int, constant: int) -> None:
    assert run("(I)I", f"iload_0\nistore {slot}\niinc {slot} {constant}\niload {slot}\nireturn", 40) == 40 + constant


STACK = {
    "pop": ("XY", "X"), "pop2": ("XYZ", "X"), "dup": ("XY", "XYY"), "dup_x1": ("XY", "YXY"), "dup_x2": ("XYZ", "ZXYZ"),
    "dup2": ("XY", "XYXY"), "dup2_x1": ("XYZ", "YZXYZ"), "dup2_x2": ("WXYZ", "YZWXYZ"), "swap": ("XY", "YX"),
}


@pytest.mark.parametrize("mnemonic", STACK)
def test_stack(mnemonic: str) -> None:
    before, after = STACK[mnemonic]
    numbers = {letter: index + 2 for index, letter in enumerate("WXYZ")}
    fold = "\n".join("bipush 10\nimul\niadd" for _ in after[1:])
    got = run("()I", "\n".join(f"bipush {numbers[letter]}" for letter in before) + f"\n{mnemonic}\n{fold}\nireturn")
    expected = 0
    for index, letter in enumerate(reversed(after)):
        expected = numbers[letter] if index == 0 else numbers[letter] + 10 * expected
    assert got == expected


def test_two_slot_values_move_as_one() -> None:
    assert run("(JJ)J", "lload_0\nlload_2\ndup2_x2\npop2\nlsub\nlreturn", 5, 7) == 7 - 5
    assert run("(J)J", "lload_0\ndup2\nladd\nlreturn", 21) == 42
    assert run("(IJ)J", "iload_0\nlload_1\ndup2_x1\npop2\ni2l\nlsub\nlreturn", 3, 10) == 7
    assert run("(IJ)I", "lload_1\niload_0\ndup_x2\npop\npop2\nireturn", 3, 10) == 3


CONDITIONS = {"eq": "==", "ne": "!=", "lt": "<", "ge": ">=", "gt": ">", "le": "<="}


@pytest.mark.parametrize("condition", CONDITIONS)
@settings(max_examples=20, deadline=None)
@given(a=st.integers(-3, 3) | st.integers(-(1 << 31), (1 << 31) - 1), b=st.integers(-3, 3) | st.integers(-(1 << 31), (1 << 31) - 1))
def test_int_branches(condition: str, a: int, b: int) -> None:
    body = "iload_0\niload_1\nif_icmp{0} yes\niconst_0\nireturn\nyes:\n.frame same\niload_0\nif{0} both\niconst_1\nireturn\nboth:\n.frame same\niconst_2\nireturn"
    first, second = eval(f"a {CONDITIONS[condition]} b"), eval(f"a {CONDITIONS[condition]} 0")
    assert run("(II)I", body.format(condition), a, b) == (2 if second else 1) * first


def test_reference_branches() -> None:
    body = "aload_0\naload_1\nif_acmpeq same\naload_0\nifnull none\naload_0\nifnonnull some\nsame:\n.frame same\niconst_1\nireturn\nnone:\n.frame same\niconst_2\nireturn\nsome:\n.frame same\naload_0\naload_1\nif_acmpne differ\niconst_3\nireturn\ndiffer:\n.frame same\niconst_4\nireturn"
    kind = "(Ljava/lang/Object;Ljava/lang/Object;)I"
    made = world(f".class public super A\n.method public static f {kind}\n{body}\n.end method\n.method public static g ()I\nnew A\nnew A\ninvokestatic A.f {kind}\nireturn\n.end method")
    assert made.call("A", "f", kind, 0, 0) == 1
    assert made.call("A", "g", "()I") == 4
    null_and_object = world(f".class public super A\n.method public static f {kind}\n{body}\n.end method\n.method public static g ()I\naconst_null\nnew A\ninvokestatic A.f {kind}\nireturn\n.end method")
    assert null_and_object.call("A", "g", "()I") == 2


def test_goto_and_subroutines() -> None:
    assert run("()I", "goto on\nback:\n.frame same\niconst_3\nireturn\non:\n.frame same\ngoto_w back") == 3
    for jsr in ("jsr", "jsr_w"):
        made = world(f".class public super A\n.version 49\n.method public static f (I)I\n{jsr} sub\n{jsr} sub\niload_0\nireturn\n"
                     "sub:\nastore_1\niinc 0 5\nret 1\n.end method")
        assert [made.call("A", "f", "(I)I", 1) for _ in range(2)] == [11, 11]
    assert world(".class public super A\n.version 49\n.method public static f ()I\njsr sub\niconst_4\nireturn\nsub:\nastore 300\nwide ret 300\n.end method").call("A", "f", "()I") == 4


@pytest.mark.parametrize("padding", range(4))
def test_switches_at_every_alignment(padding: int) -> None:
    nops = "nop\n" * padding
    cases = "\n".join(f"L{n}:\n.frame same\nsipush {n}\nireturn" for n in range(4))
    table = f"{nops}iload_0\ntableswitch -1 {{ L0, L1, L2, default: L3 }}\n{cases}"
    for key, expected in [(-2, 3), (-1, 0), (0, 1), (1, 2), (2, 3), (1 << 30, 3), (-(1 << 31), 3), ((1 << 31) - 1, 3)]:
        assert run("(I)I", table, key) == expected
    lookup = f"{nops}iload_0\nlookupswitch {{ -2147483648: L0, 0: L1, 2147483647: L2, default: L3 }}\n{cases}"
    for key, expected in [(-(1 << 31), 0), (0, 1), ((1 << 31) - 1, 2), (1, 3), (-1, 3)]:
        assert run("(I)I", lookup, key) == expected


@settings(max_examples=25, deadline=None)
@given(keys=st.sets(st.integers(-(1 << 31), (1 << 31) - 1), max_size=40), other=st.integers(-(1 << 31), (1 << 31) - 1))
def test_lookupswitch_finds_every_key(keys: set[int], other: int) -> None:
    ordered = sorted(keys)
    rows = "".join(f"{key}: L{n}, " for n, key in enumerate(ordered))
    cases = "\n".join(f"L{n}:\n.frame same\nsipush {n}\nireturn" for n in range(len(ordered)))
    made = world(f".class public super A\n.method public static f (I)I\niload_0\nlookupswitch {{ {rows}default: D }}\n{cases}\nD:\n.frame same\niconst_m1\nireturn\n.end method")
    for n, key in enumerate(ordered):
        assert made.call("A", "f", "(I)I", key) == n
    assert made.call("A", "f", "(I)I", other) == (ordered.index(other) if other in keys else -1)


ELEMENTS = {
    "boolean": ("b", "I", [0, 1, 2, 3], lambda v: v & 1), "byte": ("b", "I", [127, 128, -129], lambda v: (v + 128) % 256 - 128),
    "char": ("c", "I", [65535, -1, 7], lambda v: v & 0xFFFF), "short": ("s", "I", [32768, -1], lambda v: (v + 32768) % 65536 - 32768),
    "int": ("i", "I", [-(1 << 31), 9], lambda v: v), "long": ("l", "J", [1 << 62, -3], lambda v: v),
    "float": ("f", "F", [1.5, -0.0], lambda v: v), "double": ("d", "D", [1e300, math.inf], lambda v: v),
}


@pytest.mark.parametrize("name", ELEMENTS)
def test_primitive_arrays(name: str) -> None:
    letter, kind, values, stored = ELEMENTS[name]
    load = {"I": "iload_1", "J": "lload_1", "F": "fload_1", "D": "dload_1"}[kind]
    back = {"I": "i", "J": "l", "F": "f", "D": "d"}[kind]
    body = (f"bipush 5\nnewarray {name}\nastore 5\naload 5\niload_0\n{load}\n{letter}astore\naload 5\narraylength\niconst_5\nif_icmpne bad\n"
            f"aload 5\niload_0\n{letter}aload\n{back}return\nbad:\n.frame full locals int, {'int' if kind == 'I' else {'J': 'long', 'F': 'float', 'D': 'double'}[kind]} stack\n"
            f"{'iconst_0' if kind == 'I' else back + 'const_0'}\n{back}return")
    for value in values:
        for index in (0, 4):
            assert run(f"(I{kind}){kind}", body, index, value) == stored(value)


def test_reference_and_nested_arrays() -> None:
    body = """
        iconst_2
        anewarray A
        dup
        iconst_1
        new A
        aastore
        dup
        iconst_0
        aconst_null
        aastore
        iconst_1
        aaload
        instanceof A
        ireturn"""
    assert run("()I", body) == 1
    nested = """
        iload_0
        iload_1
        iconst_3
        multianewarray [[[I 3
        dup
        arraylength
        istore_2
        iconst_1
        aaload
        dup
        arraylength
        istore_3
        iconst_0
        aaload
        dup
        iconst_2
        bipush 100
        iastore
        dup
        iconst_2
        iaload
        iload_2
        bipush 10
        imul
        iadd
        iload_3
        iadd
        swap
        arraylength
        iadd
        ireturn"""
    assert run("(II)I", nested, 2, 4) == 100 + 20 + 4 + 3


FIELDS = {"Z": ("I", 3, 1), "B": ("I", 200, -56), "C": ("I", -1, 65535), "S": ("I", 40000, -25536), "I": ("I", -7, -7),
          "J": ("J", 1 << 40, 1 << 40), "F": ("F", 0.5, 0.5), "D": ("D", -2.25, -2.25)}


@pytest.mark.parametrize("letter", FIELDS)
@pytest.mark.parametrize("flags", ["public", "public volatile"])
def test_fields(letter: str, flags: str) -> None:
    kind, value, stored = FIELDS[letter]
    load, back = {"I": ("iload", "i"), "J": ("lload", "l"), "F": ("fload", "f"), "D": ("dload", "d")}[kind]
    fields = f".field {flags} x {letter}\n.field {flags} static y {letter}"
    instance = f"new A\nastore 2\naload 2\n{load} 0\nputfield A.x {letter}\naload 2\ngetfield A.x {letter}\n{back}return"
    static = f"{load} 0\nputstatic A.y {letter}\ngetstatic A.y {letter}\n{back}return"
    assert run(f"({kind}){kind}", instance, value, before=fields) == stored
    assert run(f"({kind}){kind}", static, value, before=fields) == stored


def test_reference_fields_and_fused_loads() -> None:
    made = world("""
.class public super A
.field public next LA;
.field public static root LA;
.field public i I
.field public j J
.field public b B
.field public c C
.method public sum ()J
    aload_0
    getfield A.i I
    i2l
    aload_0
    getfield A.j J
    ladd
    aload_0
    getfield A.b B
    i2l
    ladd
    aload_0
    getfield A.c C
    i2l
    ladd
    aload_0
    getfield A.next LA;
    getfield A.i I
    i2l
    ladd
    lreturn
.end method
.method public static f ()J
    new A
    astore_0
    aload_0
    bipush 7
    putfield A.i I
    aload_0
    ldc 1000L
    putfield A.j J
    aload_0
    bipush -5
    putfield A.b B
    aload_0
    bipush 9
    putfield A.c C
    aload_0
    aload_0
    putfield A.next LA;
    aload_0
    putstatic A.root LA;
    getstatic A.root LA;
    invokevirtual A.sum ()J
    lreturn
.end method""")
    assert [made.call("A", "f", "()J") for _ in range(4)] == [7 + 1000 - 5 + 9 + 7] * 4
    code = made.code("A", "sum", "()J")
    names = [INTERNAL_BY_NUMBER[byte].mnemonic for byte in (code[0], code[5])]
    assert names == ["q_this_getfield_int", "q_this_getfield_long"]


CLASSES = """
.class public super Base
.field public n I
.method public <init> (I)V
    aload_0
    invokespecial java/lang/Object.<init> ()V
    aload_0
    iload_1
    putfield Base.n I
    return
.end method
.method public value ()I
    aload_0
    getfield Base.n I
    ireturn
.end method
.method public final twice ()I
    aload_0
    invokevirtual Base.value ()I
    iconst_2
    imul
    ireturn
.end method
.method private hidden (J)J
    aload_0
    getfield Base.n I
    i2l
    lload_1
    ladd
    lreturn
.end method
.method public callHidden (J)J
    aload_0
    lload_1
    invokespecial Base.hidden (J)J
    lreturn
.end method

.class public super Middle
.super Base
.method public <init> (I)V
    aload_0
    iload_1
    invokespecial Base.<init> (I)V
    return
.end method

.class public super Leaf
.super Middle
.method public <init> (I)V
    aload_0
    iload_1
    invokespecial Middle.<init> (I)V
    return
.end method
.method public value ()I
    aload_0
    invokespecial Middle.value ()I
    bipush 100
    iadd
    ireturn
.end method
.method public static make (I)LBase;
    iload_0
    ifeq leaf
    new Base
    dup
    bipush 5
    invokespecial Base.<init> (I)V
    areturn
leaf:
.frame same
    new Leaf
    dup
    bipush 5
    invokespecial Leaf.<init> (I)V
    areturn
.end method
.method public static value (I)I
    iload_0
    invokestatic Leaf.make (I)LBase;
    invokevirtual Base.value ()I
    ireturn
.end method
.method public static twice (I)I
    iload_0
    invokestatic Leaf.make (I)LBase;
    invokevirtual Base.twice ()I
    ireturn
.end method
.method public static hidden (J)J
    iconst_1
    invokestatic Leaf.make (I)LBase;
    lload_0
    invokevirtual Base.callHidden (J)J
    lreturn
.end method
.method public static is (I)I
    iload_0
    invokestatic Leaf.make (I)LBase;
    dup
    instanceof Leaf
    swap
    instanceof Middle
    iconst_2
    imul
    iadd
    ireturn
.end method
.method public static cast ()I
    iconst_0
    invokestatic Leaf.make (I)LBase;
    checkcast Leaf
    getfield Base.n I
    aconst_null
    checkcast Leaf
    ifnonnull bad
    ireturn
bad:
.frame full locals stack int
    pop
    iconst_m1
    ireturn
.end method
"""


def test_calls_select_by_class() -> None:
    made = world(CLASSES)
    for _ in range(3):
        assert made.call("Leaf", "value", "(I)I", 1) == 5
        assert made.call("Leaf", "value", "(I)I", 0) == 105
        assert made.call("Leaf", "twice", "(I)I", 1) == 10
        assert made.call("Leaf", "twice", "(I)I", 0) == 210
        assert made.call("Leaf", "hidden", "(J)J", 1 << 40) == (1 << 40) + 5
        assert made.call("Leaf", "is", "(I)I", 0) == 3
        assert made.call("Leaf", "is", "(I)I", 1) == 0
        assert made.call("Leaf", "cast", "()I") == 5


def test_instructions_become_quick() -> None:
    made = world(CLASSES)
    for _ in range(2):
        made.call("Leaf", "value", "(I)I", 0)
        made.call("Leaf", "is", "(I)I", 0)
    quick = {byte for name, kind in (("value", "(I)I"), ("is", "(I)I"), ("make", "(I)LBase;")) for byte in made.code("Leaf", name, kind)}
    names = {INTERNAL_BY_NUMBER[byte].mnemonic for byte in quick if byte in INTERNAL_BY_NUMBER}
    assert {"q_invokestatic", "q_invokevirtual", "q_invokedirect", "q_new", "q_instanceof"} <= names
    assert BY_MNEMONIC["invokestatic"].number not in made.code("Leaf", "value", "(I)I")


def test_methods_without_locals_return_into_their_own_frame() -> None:
    made = world("""
.class public super A
.method public static five ()J
    ldc 5000000000L
    lreturn
.end method
.method public static f ()J
    invokestatic A.five ()J
    invokestatic A.five ()J
    ladd
    lreturn
.end method""")
    assert made.call("A", "f", "()J") == 10_000_000_000


def test_recursion_and_many_arguments() -> None:
    made = world("""
.class public super A
.method public static fib (I)I
    iload_0
    iconst_2
    if_icmpge more
    iload_0
    ireturn
more:
.frame same
    iload_0
    iconst_1
    isub
    invokestatic A.fib (I)I
    iload_0
    iconst_2
    isub
    invokestatic A.fib (I)I
    iadd
    ireturn
.end method""")
    assert made.call("A", "fib", "(I)I", 15) == 610
    kinds = "IJFD" * 40
    loads, slot = [], 0
    for letter in kinds:
        loads.append(f"{letter.lower().replace('j', 'l')}load {slot}\n" + {"I": "i2d", "J": "l2d", "F": "f2d", "D": "nop"}[letter] + "\ndadd")
        slot += 2 if letter in "JD" else 1
    body = "dconst_0\n" + "\n".join(loads) + "\ndreturn"
    assert run(f"({kinds})D", body, *([1, 2, 3.0, 4.0] * 40)) == 400.0


def test_handlers() -> None:
    made = world("""
.class public super Oops
.method public <init> ()V
    aload_0
    invokespecial java/lang/Object.<init> ()V
    return
.end method

.class public super Worse
.super Oops
.method public <init> ()V
    aload_0
    invokespecial Oops.<init> ()V
    return
.end method
.method public static thrower (I)V
    iload_0
    ifeq worse
    new Oops
    dup
    invokespecial Oops.<init> ()V
    athrow
worse:
.frame same
    new Worse
    dup
    invokespecial Worse.<init> ()V
    athrow
.end method
.method public static deep (II)V
    iload_0
    ifle bottom
    iload_0
    iconst_1
    isub
    iload_1
    invokestatic Worse.deep (II)V
    return
bottom:
.frame same
    iload_1
    invokestatic Worse.thrower (I)V
    return
.end method
.method public static f (II)I
a:
    iload_0
    iload_1
    invokestatic Worse.deep (II)V
b:
    iconst_0
    ireturn
first:
.frame stack class Worse
    pop
    iconst_1
    ireturn
second:
.frame stack class Oops
    pop
    iconst_2
    ireturn
.catch Worse from a to b using first
.catch Oops from a to b using second
.end method
.method public static nested (I)I
a:
    iload_0
    invokestatic Worse.thrower (I)V
b:
    iconst_0
    ireturn
inner:
.frame stack class java/lang/Object
    pop
    iconst_0
    invokestatic Worse.thrower (I)V
    iconst_0
    ireturn
c:
outer:
.frame stack class Worse
    pop
    iconst_3
    ireturn
.catch any from a to b using inner
.catch Worse from inner to c using outer
.end method""")
    for _ in range(2):
        for depth in (0, 1, 20):
            assert made.call("Worse", "f", "(II)I", depth, 0) == 1
            assert made.call("Worse", "f", "(II)I", depth, 1) == 2
        assert made.call("Worse", "nested", "(I)I", 1) == 3
        with pytest.raises(Thrown):
            made.call("Worse", "deep", "(II)V", 3, 1)


def test_zz_every_opcode_ran_here_or_in_the_neighbours() -> None:
    """All but those of arithmetic (test_arithmetic.py) and those that need the class library."""
    from .test_arithmetic import BINARY, UNARY

    elsewhere = set(BINARY) | set(UNARY) | {"l2f", "invokedynamic", "invokeinterface", "monitorenter", "monitorexit", "ldc_w"}
    missing = {op.mnemonic for op in OPCODES} - SEEN - elsewhere
    assert not missing, sorted(missing)
