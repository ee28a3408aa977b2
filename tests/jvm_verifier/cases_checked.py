"""Methods for the type checker, as cases.py says: wrong in one way each, or just right; they have stack maps."""

from __future__ import annotations

from typing import Final

#: With stack maps, for class files from version 50 on.
CHECKED: Final[dict[str, str]] = {
    "iadd_obj": """
.method public m (I)I
    aload_0
    iload_1
    iadd
    ireturn
.end method
""",
    "underflow": """
.method public m (I)I
    .limit stack 1
    iadd
    ireturn
.end method
""",
    "overflow": """
.method public m (I)I
    .limit stack 1
    iconst_0
    iconst_0
    ireturn
.end method
""",
    "uninit": """
.method public m ()V
    new java/lang/Object
    ifnull x
x:
    .frame same
    return
.end method
""",
    "branch": """
.method public m (I)I
    iload_1
    ifeq x
    iconst_0
    ireturn
x:
    .frame full locals class T, class java/lang/String stack
    iconst_1
    ireturn
.end method
""",
    "branchnone": """
.method public m (I)I
    iload_1
    ifeq x
    iconst_0
    ireturn
x:
    iconst_1
    ireturn
.end method
""",
    "branchnone2": """
.method public m (I)V
    iload_1
    ifeq x
    nop
x:
    return
.end method
""",
    "fall": """
.method public m (I)V
    nop
.end method
""",
    "ctor": """
.method public <init> ()V
    return
.end method
""",
    "retval": """
.method public static m ()V
    iconst_0
    ireturn
.end method
""",
    "retval2": """
.method public static m ()I
    return
.end method
""",
    "retval3": """
.method public static m ()Ljava/lang/String;
    new java/lang/Object
    dup
    invokespecial java/lang/Object.<init> ()V
    areturn
.end method
""",
    "local": """
.method public static m ()V
    iload_0
    pop
    return
.end method
""",
    "local2": """
.method public static m (J)V
    .limit locals 2
    .limit stack 2
    iload_1
    pop
    return
.end method
""",
    "local3": """
.method public static m (J)V
    .limit locals 2
    .limit stack 2
    lload_1
    pop
    return
.end method
""",
    "local4": """
.method public static m (J)V
    .limit locals 2
    .limit stack 2
    iload 9
    pop
    return
.end method
""",
    "gf": """
.method public static m ()V
    ldc "x"
    getfield T.f I
    pop
    return
.end method
""",
    "pf": """
.method public static m ()V
    ldc "x"
    iconst_0
    putfield T.f I
    return
.end method
""",
    "pf2": """
.method public static m ()V
    ldc "x"
    aconst_null
    putfield T.f I
    return
.end method
""",
    "badcp": """
.method public static m ()V
    .limit stack 4
    .limit locals 4
    .bytes 0xb20005
    return
.end method
""",
    "badcp2": """
.method public static m ()V
    .limit stack 4
    .limit locals 4
    .bytes 0xb2ff05
    return
.end method
""",
    "jsr": """
.method public static m ()V
    .limit stack 4
    jsr x
x:
    return
.end method
""",
    "op202": """
.method public static m ()V
    .limit stack 4
    .limit locals 4
    .bytes 0xca
    return
.end method
""",
    "op203": """
.method public static m ()V
    .limit stack 4
    .limit locals 4
    .bytes 0xcb0000
    return
.end method
""",
    "op255": """
.method public static m ()V
    .limit stack 4
    .limit locals 4
    .bytes 0xff0000
    return
.end method
""",
    "smt_short": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x000140
.end method
""",
    "smt_extra": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x00014000
.end method
""",
    "smt_off": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x000105
.end method
""",
    "smt_reserved": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x000180
.end method
""",
    "smt_reserved2": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x0001800000
.end method
""",
    "smt_chop": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x0001f80000
.end method
""",
    "smt_app": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x0001fc000001
.end method
""",
    "smt_app_bad": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x0001fc00000a
.end method
""",
    "smt_app_cls": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x0001fc0000070000
.end method
""",
    "smt_uninit": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x0001fc0000080000
.end method
""",
    "smt_two": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x0000
    .code_attribute StackMapTable 0x0000
.end method
""",
    "smt_empty": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x
.end method
""",
    "smt_one": """
.method public static m ()V
    return
    .code_attribute StackMapTable 0x00
.end method
""",
    "newnew": """
.method public static m ()V
    .limit locals 1
a:
    .frame full locals stack
    new java/lang/Object
    astore_0
    goto a
.end method
""",
    "catch": """
.method public static m ()V
a:
    nop
b:
    return
c:
    .frame stack class java/lang/String
    pop
    return
    .catch java/lang/String from a to b using c
.end method
""",
    "catch2": """
.method public static m ()V
a:
    nop
b:
    return
c:
    .frame stack class java/lang/String
    pop
    return
    .catch java/lang/Exception from a to b using c
.end method
""",
    "trysuper": """
.method public <init> ()V
a:
    aload_0
    invokespecial java/lang/Object.<init> ()V
b:
    return
c:
    .frame full locals top stack class java/lang/Throwable
    athrow
    .catch any from a to b using c
.end method
""",
    "trysuper2": """
.method public <init> ()V
a:
    aload_0
    invokespecial java/lang/Object.<init> ()V
b:
    return
c:
    .frame full locals top stack class java/lang/Throwable
    pop
    return
    .catch any from a to b using c
.end method
""",
    "trysuper3": """
.method public <init> ()V
a:
    aload_0
    invokespecial java/lang/Object.<init> ()V
b:
    return
c:
    .frame full locals uninitializedThis stack class java/lang/Throwable
    athrow
    .catch any from a to b using c
.end method
""",
    "missing": """
.method public static m (Lxx/Missing;)LMissing2;
    aload_0
    areturn
.end method
""",
    "swi": """
.method public static m (I)V
    iload_0
    tableswitch 0 { a, default: a}
a:
    return
.end method
""",
    "invsp": """
.method public static m (Ljava/lang/String;)V
    aload_0
    invokespecial java/lang/String.hashCode ()I
    pop
    return
.end method
""",
    "invv": """
.method public static m (Ljava/lang/String;)V
    iconst_0
    invokevirtual java/lang/String.hashCode ()I
    pop
    return
.end method
""",
    "invif": """
.method public static m (Ljava/lang/String;)V
    iconst_0
    invokeinterface java/util/List.size ()I
    pop
    return
.end method
""",
    "invif2": """
.method public static m (Ljava/lang/String;)V
    aload_0
    invokeinterface java/util/List.size ()I count 2
    pop
    return
.end method
""",
    "aaload": """
.method public static m ([I)V
    aload_0
    iconst_0
    aaload
    pop
    return
.end method
""",
    "baload": """
.method public static m ([I)V
    aload_0
    iconst_0
    baload
    pop
    return
.end method
""",
    "frames": """
.method public static m (IJ)V
    .limit locals 10
    iconst_0
    pop
    .frame same
    iconst_0
    nop
    .frame stack int
    pop
    iconst_0
    istore 4
    .frame append int
    nop
    .frame append top, float
    nop
    .frame chop 1
    nop
    nop
    iadd
    return
.end method
""",
    "prot": """
.method public static m (Ljava/lang/Object;)V
    aload_0
    invokevirtual java/lang/Object.clone ()Ljava/lang/Object;
    pop
    return
.end method
""",
    "len16": """
.method public static m ()V
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    nop
    iconst_0
    ireturn
.end method
""",
    "sm_trail": """
.method public static m ()V
    nop
    return
    .code_attribute StackMapTable 0x00010000
.end method
""",
    "sm_count": """
.method public static m ()V
    nop
    return
    .code_attribute StackMapTable 0x000200
.end method
""",
    "sm_count0": """
.method public static m ()V
    nop
    return
    .code_attribute StackMapTable 0x000000
.end method
""",
    "sm_uninit": """
.method public static m ()V
    .limit locals 3
    nop
    return
    .code_attribute StackMapTable 0x0001fc0000080000
.end method
""",
    "handler_mark": """
.method public static m ()V
    .limit stack 3
    iconst_0
    iconst_1
a:
    pop
    pop
    return
h:
    .frame stack class java/lang/Throwable
    iadd
    return
    .catch any from a to h using h
.end method
""",
    "handler_mark2": """
.method public static m ()V
    .limit stack 3
    aconst_null
    aconst_null
    aconst_null
    athrow
h:
    .frame stack class java/lang/Throwable
    iadd
    return
.end method
""",
    "maxstack0": """
.method public static m ()V
    .limit stack 0
a:
    nop
b:
    return
h:
    .frame same
    return
    .catch any from a to b using h
.end method
""",
    "checkcast_un": """
.method public static m ()V
    new java/lang/Object
    checkcast java/lang/String
    return
.end method
""",
    "acmp_un": """
.method public static m ()V
    new java/lang/Object
    dup
    if_acmpeq x
x:
    .frame same
    return
.end method
""",
    "instanceof_un": """
.method public static m ()V
    new java/lang/Object
    instanceof java/lang/String
    pop
    return
.end method
""",
    "monitor_un": """
.method public static m ()V
    new java/lang/Object
    monitorenter
    return
.end method
""",
    "top_pop": """
.method public static m ()V
    .limit stack 3
    goto x
x:
    .frame full locals stack top
    pop
    return
.end method
""",
    "top_pop2": """
.method public static m ()V
    .limit stack 3
    goto x
x:
    .frame full locals stack top
    pop2
    return
.end method
""",
    "newtwice": """
.method public static m ()V
    .limit stack 3
    new java/lang/Object
a:
    .frame full locals stack uninitialized n
    pop
n:
    new java/lang/Object
    goto a
.end method
""",
    "superpf": """
.method public <init> ()V
    aload_0
    iconst_0
    putfield T.f I
    aload_0
    invokespecial java/lang/Object.<init> ()V
    return
.end method
""",
    "supergf": """
.method public <init> ()V
    aload_0
    getfield T.f I
    pop
    aload_0
    invokespecial java/lang/Object.<init> ()V
    return
.end method
""",
    "superinv": """
.method public <init> ()V
    aload_0
    invokevirtual java/lang/Object.hashCode ()I
    pop
    return
.end method
""",
    "wronginit": """
.method public static m ()V
    new java/lang/Object
    invokespecial java/lang/String.<init> ()V
    return
.end method
""",
    "wronginit2": """
.method public <init> ()V
    aload_0
    invokespecial java/lang/String.<init> ()V
    return
.end method
""",
    "wronginit3": """
.method public static m (LT;)V
    aload_0
    invokespecial T.<init> ()V
    return
.end method
""",
    "initv": """
.method public static m (LT;)V
    aload_0
    invokevirtual T.<init> ()V
    return
.end method
""",
    "protinit": """
.method public static m ()V
    new java/lang/ClassLoader
    dup
    invokespecial java/lang/ClassLoader.<init> ()V
    return
.end method
""",
    "newarr": """
.method public static m ()V
    iconst_0
    newarray 3
    return
.end method
""",
    "newarrcls": """
.method public static m ()V
    new [I
    return
.end method
""",
    "multi": """
.method public static m ()V
    iconst_0
    multianewarray java/lang/String 1
    return
.end method
""",
    "multi2": """
.method public static m ()V
    iconst_0
    multianewarray [I 2
    return
.end method
""",
    "multi3": """
.method public static m ()V
    .limit stack 2
    multianewarray [I 0
    return
.end method
""",
    "lookup": """
.method public static m (I)V
    iload_0
    lookupswitch { 5: a, 1: a, default: a}
a:
    .frame same
    return
.end method
""",
    "table": """
.method public static m (I)V
    .limit stack 1
    .limit locals 1
    iload_0
    .bytes 0xaa0000000000000f0000000500000001
    return
.end method
""",
    "ldc2": """
.method public static m (I)V
    .limit stack 4
    .limit locals 4
    .bytes 0x1207
    pop
    return
.end method
""",
    "dup_long": """
.method public static m (J)V
    lload_0
    dup
    return
.end method
""",
    "dupx2": """
.method public static m (J)V
    .limit stack 6
    lload_0
    iconst_0
    dup_x2
    dup
    dup
    return
.end method
""",
    "dup2x": """
.method public static m (J)V
    .limit stack 6
    iconst_0
    lload_0
    dup2_x2
    return
.end method
""",
    "arrlen": """
.method public static m (LT;)V
    aload_0
    arraylength
    return
.end method
""",
    "athrow": """
.method public static m (LT;)V
    aload_0
    athrow
.end method
""",
    "aastore": """
.method public static m ([I)V
    aload_0
    iconst_0
    aconst_null
    aastore
    return
.end method
""",
    "getarr": """
.method public static m ([I)V
    aload_0
    getfield [I.f I
    pop
    return
.end method
""",
    "invspint": """
.method public m (I)V
    aload_0
    invokespecial interface java/util/List.size ()I
    pop
    return
.end method
""",
    "deadcode": """
.method public static m ()V
    return
    nop
    return
.end method
""",
    "wide": """
.method public static m ()V
    .limit stack 3
    .limit locals 3
    .bytes 0xc400
    return
.end method
""",
    "short": """
.method public static m ()V
    .limit stack 3
    .limit locals 3
    .bytes 0x11
    .bytes 0x00
.end method
""",
    "branchout": """
.method public static m ()V
    .limit stack 3
    .limit locals 3
    goto @500
.end method
""",
    "exc": """
.method public static m ()V
    .limit stack 3
    .limit locals 3
    sipush 5
    pop
    return
    .catch any from @0 to @1 using @4
.end method
""",
    "exc2": """
.method public static m ()V
    .limit stack 3
    .limit locals 3
    sipush 5
    pop
    return
    .catch any from @1 to @3 using @4
.end method
""",
    "exc3": """
.method public static m ()V
    .limit stack 3
    .limit locals 3
    sipush 5
    pop
    return
    .catch any from @0 to @3 using @2
.end method
""",
    "stale": """
.method public static m ()V
    .limit stack 3
    .limit locals 3
    iconst_0
    iconst_0
    return
    .frame full locals int stack
    iload_1
    return
.end method
""",
    "local2_get": """
.method public static m (D)V
    .limit stack 3
    .limit locals 3
    lload_0
    return
.end method
""",
    "condy": """
.method public static m (D)V
    .limit stack 3
    ldc dynamic x J using invokeStatic T.q ()V
    return
.end method
""",
    "indy": """
.method public static m (D)V
    .limit stack 3
    invokedynamic x (I)V using invokeStatic T.q ()V
    return
.end method
""",
    "iface": """
.method public static m (Ljava/lang/Object;)V
    aload_0
    invokeinterface java/util/List.size ()I
    pop
    return
.end method
""",
    "ifacearr": """
.method public static m ([I)V
    aload_0
    invokeinterface java/util/List.size ()I
    pop
    return
.end method
""",
    "arrcomp": """
.method public static m ([[I)[Ljava/util/List;
    aload_0
    areturn
.end method
""",
}
