"""jvm/loader/parser.pyx and the checks behind it: the whole class library, then damaged files."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from demitasse import _guest as guest
from demitasse.jvm.model.assembler import assemble

from . import library

PROGRAMS = Path(__file__).resolve().parents[1] / "programs" / "programs.jar"


def define(data: bytes, expected: str = "") -> str:
    """What comes of defining a class: "ok", or the exception."""
    try:
        guest.loader_define(data, expected)
    except guest.LoaderError as error:
        return f"{error.args[0].rpartition('/')[2]}: {error.args[1]}"
    return "ok"


@pytest.mark.parametrize("trusted", [1, 0])
def test_every_class_of_the_library_parses(trusted: int) -> None:
    library.open_loader()
    classes, methods, fields, failures = guest.loader_parse_image(trusted)
    assert failures == []
    assert (classes, methods, fields) == (18_493, 168_109, 80_794)


def programs() -> list[bytes]:
    with zipfile.ZipFile(PROGRAMS) as jar:
        return [jar.read(name) for name in sorted(jar.namelist()) if name.endswith(".class")]


def damage(generator: random.Random, data: bytearray) -> None:
    kind, place = generator.randrange(4), generator.randrange(len(data))
    if kind == 0:
        data[place] = generator.randrange(256)
    elif kind == 1:
        data[place] ^= 1 << generator.randrange(8)
    elif kind == 2:
        data[place : place + 2] = generator.choice([b"\0\0", b"\xff\xff", b"\x80\0", b"\0\1"])
    elif generator.random() < 0.3:
        del data[place + 1 :]


@pytest.mark.parametrize("seed", range(8))
def test_damaged_classes_are_refused_or_harmless(seed: int) -> None:
    """The shell lets each file end where memory ends."""
    generator = random.Random(seed)
    files = programs()
    outcomes = set()
    for number in range(600):
        if number % 100 == 0:
            library.open_loader()
        data = bytearray(generator.choice(files))
        for _ in range(generator.randint(1, 5)):
            damage(generator, data)
        outcomes.add(define(bytes(data)).partition(":")[0])
    assert {"ClassFormatError", "ok"} <= outcomes
    assert outcomes <= {"ok", "ClassFormatError", "UnsupportedClassVersionError", "NoClassDefFoundError", "VerifyError",
                        "IncompatibleClassChangeError", "IllegalAccessError", "LinkageError", "ClassCircularityError",
                        "OutOfMemoryError"}


def test_every_truncation_is_refused() -> None:
    library.open_loader()
    data = min(programs(), key=len)
    for length in range(len(data)):
        assert define(data[:length]).partition(":")[0] in ("ClassFormatError", "UnsupportedClassVersionError"), length


def assembled(text: str) -> str:
    """What comes of defining the classes of a source text in order; of the first that fails, or the last."""
    library.open_loader()
    outcome = "ok"
    for each in assemble(text):
        outcome = define(each.data, each.name)
        if outcome != "ok":
            break
    return outcome


@pytest.mark.parametrize(("text", "message"), [
    (".class public final abstract Test", "ClassFormatError: Illegal class modifiers in class Test: 0x411"),
    (".class public super Test\n.super java/lang/String", "IncompatibleClassChangeError: class Test cannot inherit from final class "
     "java.lang.String"),
    (".class public super Test\n.super java/lang/Runnable", "IncompatibleClassChangeError: class Test has interface java.lang.Runnable "
     "as super class"),
    (".class public super Test\n.super no/Such", "NoClassDefFoundError: no/Such"),
    (".class public super Test\n.implements java/lang/Runnable\n.implements java/lang/Runnable",
     'ClassFormatError: Duplicate interface name "java/lang/Runnable" in class file Test'),
    (".class public super Test\n.field x I\n.field y J\n.field static x I",
     'ClassFormatError: Duplicate field name "x" with signature "I" in class file Test'),
    (".class public super Test\n.field public private x I", "ClassFormatError: Illegal field modifiers in class Test: 0x3"),
    (".class public super Test\n.field final volatile x I", "ClassFormatError: Illegal field modifiers in class Test: 0x50"),
    (".class public super Test\n.field 'a.b' I", 'ClassFormatError: Illegal field name "a.b" in class Test'),
    (".class public super Test\n.field x Q", 'ClassFormatError: Field "x" in class Test has illegal signature "Q"'),
    (".class public super Test\n.field static x J = 5", "ClassFormatError: Inconsistent constant value type in class file Test"),
    (".class public super Test\n.method public native n '(I'\n.end method",
     'ClassFormatError: Method "n" in class Test has illegal signature "(I"'),
    (".class public super Test\n.method public final abstract n ()V\n.end method",
     "ClassFormatError: Method n in class Test has illegal modifiers: 0x411"),
    (".class public super Test\n.method public n ()V\n.end method",
     "ClassFormatError: Absent Code attribute in method that is not native or abstract in class file Test"),
    (".class public super Test\n.method public native n ()V\nreturn\n.end method",
     "ClassFormatError: Code attribute in native or abstract methods in class file Test"),
    (".class public super Test\n.method public static n (JJ)V\n.limit locals 3\nreturn\n.end method",
     "ClassFormatError: Arguments can't fit into locals in class file Test"),
    (".class public super Test\n.method public static n (" + "J" * 128 + ")V\nreturn\n.end method",
     "ClassFormatError: Too many arguments in method signature in class file Test"),
    (".class public super Test\n.method public '<clinit>' ()V\nreturn\n.end method",
     "ClassFormatError: Method <clinit> is not static in class file Test"),
    (".class public super Test\n.method public finalize ()V\n.limit locals 1\nreturn\n.end method", "ok"),
])
def test_messages_of_format_and_superclass_errors(text: str, message: str) -> None:
    assert assembled(text) == message


METHOD = """.class public super Test
.method public static m ()V
.limit stack 4
.limit locals 4
{}
.end method"""


@pytest.mark.parametrize(("code", "complaint"), [
    ("nop", "Control flow falls through code end"),
    (".bytes 0xFE\nreturn", "Bad instruction"),
    ("iload 4\nreturn", "Local variable table overflow"),
    ("dload 3\nreturn", "get long/double overflows locals"),
    ("lconst_0\nlstore_3\nreturn", "Local variable table overflow"),
    ("wide iload 300\nreturn", "Local variable table overflow"),
    (".bytes 0xA7FFFF", "Expecting a stackmap frame at branch target"),
    ("goto @2\nreturn", "Expecting a stackmap frame at branch target 2"),
    ("goto @99\nreturn", "Expecting a stackmap frame at branch target 99"),
    (".bytes 0xB20001B1", "Illegal type at constant pool entry 1 in class Test"),
    (".bytes 0x12FFB1", "Illegal constant pool index 255 in class Test"),
    (".bytes 0xBC03B1", "Illegal newarray instruction"),
    (".bytes 0xC415B1", "Bad instruction"),
    (".bytes 0xAA000000", "Bad instruction"),
    (".bytes 0xA900B1", "Bad instruction: a9"),
    ("multianewarray [I 2\nreturn", "Illegal dimension in multianewarray instruction: 2"),
    ("new [I\nreturn", "Illegal new instruction"),
    ("iconst_0\nlookupswitch { 5: A, 1: A, default: A }\nA:\nreturn", "Bad lookupswitch instruction"),
    ("invokestatic Test.'<clinit>' ()V\nreturn", "Bad method name at constant pool index"),
    ("invokestatic Test.'a/b' ()V\nreturn", 'Illegal method name "a/b" in class Test'),
    ("invokestatic Test.'a<b' ()V\nreturn", 'Illegal method name "a<b" in class Test'),
    ("getstatic Test.'a;b' I\npop\nreturn", 'Illegal field name "a;b" in class Test'),
    ("getstatic Test.'' I\npop\nreturn", "Illegal zero length constant pool entry at"),
    ("invokevirtual Test.'<init>' ()V\nreturn", "Illegal call to internal method"),
])
def test_instructions_are_checked_before_they_run(code: str, complaint: str) -> None:
    outcome = assembled(METHOD.format(code))
    assert outcome.startswith(("VerifyError: ", "ClassFormatError: ")) and complaint in outcome


HELLO = bytes.fromhex("cafebabe") + bytes([0, 0, 0, 69])


@pytest.mark.parametrize(("data", "message"), [
    (b"", "ClassFormatError: Truncated class file"),
    (b"\1\2\3\4" + bytes(20), "ClassFormatError: Incompatible magic value 16909060 in class file <Unknown>"),
    (HELLO[:6] + bytes([0, 99, 0, 1]), "UnsupportedClassVersionError: <Unknown> has been compiled by a more recent version of "
     "the Java Runtime (class file version 99.0), this version of the Java Runtime only recognizes class file versions up to 69.0"),
    (HELLO[:6] + bytes([0, 44, 0, 1]),
     "UnsupportedClassVersionError: <Unknown> (class file version 44.0) was compiled with an invalid major version"),
    (HELLO[:4] + bytes([0, 1, 0, 69, 0, 1]),
     "UnsupportedClassVersionError: <Unknown> (class file version 69.1) was compiled with an invalid non-zero minor version"),
    (HELLO[:4] + bytes([255, 255, 0, 69, 0, 1]), "UnsupportedClassVersionError: Preview features are not enabled for <Unknown> "
     "(class file version 69.65535). Try running with '--enable-preview'"),
    (HELLO + bytes([0, 0]), "ClassFormatError: Illegal constant pool size 0 in class file <Unknown>"),
    (HELLO + bytes([0, 2, 2, 0, 0]), "ClassFormatError: Unknown constant tag 2 in class file <Unknown>"),
    (HELLO + bytes([0, 2, 7, 0, 9, 0, 0x21, 0, 1, 0, 0, 0, 0]), "ClassFormatError: Invalid constant pool index 9 in class file <Unknown>"),
])
def test_messages_of_the_header(data: bytes, message: str) -> None:
    library.open_loader()
    assert define(data) == message


def test_a_class_under_another_name() -> None:
    library.open_loader()
    data = min(programs(), key=len)
    name = guest.loader_define(data)["name"]
    library.open_loader()
    assert define(data, "org/example/Other") == f"NoClassDefFoundError: org/example/Other (wrong name: {name})"


def test_a_second_definition() -> None:
    library.open_loader()
    data = min(programs(), key=len)
    assert define(data) == "ok"
    assert define(data).startswith("LinkageError: loader attempted duplicate class definition for ")
