"""Methods for type inference, as cases.py says: wrong in one way each, or just right."""

from __future__ import annotations

from typing import Final

#: For class files before version 50: no stack maps, and subroutines.
INFERRED: Final[dict[str, str]] = {
    "jsr1": """
.method public static m ()V
    jsr s
    jsr s
    return
s:
    astore_0
    ret 0
.end method
""",
    "jsr2": """
.method public static m (I)V
    fconst_0
    fstore_1
    jsr s
    fload_1
    pop
    iload_0
    pop
    return
s:
    astore_2
    iload_0
    ifeq z
    iconst_0
    istore_3
z:
    ret 2
.end method
""",
    "jsr3": """
.method public static m (I)V
    jsr s
    iload_1
    pop
    return
s:
    astore_2
    iload_0
    ifeq z
    iconst_0
    istore_1
z:
    ret 2
.end method
""",
    "jsr4": """
.method public static m (I)V
    jsr s
    return
s:
    astore_2
    iload_0
    ifeq z
    ret 2
z:
    ret 2
.end method
""",
    "jsrrec": """
.method public static m (I)V
    jsr s
    return
s:
    astore_2
    jsr s
    ret 2
.end method
""",
    "jsrload": """
.method public static m (I)V
    jsr s
    return
s:
    astore_2
    aload_2
    pop
    ret 2
.end method
""",
    "retno": """
.method public static m (I)V
    ret 0
.end method
""",
    "heights": """
.method public static m (I)V
    .limit stack 2
    iload_0
    ifeq x
    iconst_0
x:
    return
.end method
""",
    "mism": """
.method public static m (I)V
    .limit stack 2
    iload_0
    ifeq x
    iconst_0
    goto y
x:
    aconst_null
y:
    pop
    return
.end method
""",
    "mism2": """
.method public static m (I)V
    .limit stack 2
    iload_0
    ifeq x
    iconst_0
    goto y
x:
    fconst_0
y:
    pop
    return
.end method
""",
    "merge": """
.method public static m (I)I
    .limit stack 2
    iload_0
    ifeq x
    ldc "s"
    goto y
x:
    new java/lang/Object
    dup
    invokespecial java/lang/Object.<init> ()V
y:
    invokevirtual java/lang/String.length ()I
    ireturn
.end method
""",
    "merge2": """
.method public static m (ILjava/lang/Integer;Ljava/lang/Long;)I
    .limit stack 2
    iload_0
    ifeq x
    aload_1
    goto y
x:
    aload_2
y:
    invokevirtual java/lang/Number.intValue ()I
    ireturn
.end method
""",
    "merge3": """
.method public static m (I[Ljava/lang/Integer;[Ljava/lang/Long;)I
    .limit stack 2
    iload_0
    ifeq x
    aload_1
    goto y
x:
    aload_2
y:
    iconst_0
    aaload
    invokevirtual java/lang/Number.intValue ()I
    ireturn
.end method
""",
    "merge4": """
.method public static m (I[I[Ljava/lang/Long;)I
    .limit stack 2
    iload_0
    ifeq x
    aload_1
    goto y
x:
    aload_2
y:
    iconst_0
    aaload
    invokevirtual java/lang/Number.intValue ()I
    ireturn
.end method
""",
    "argt": """
.method public static m (I)V
    aconst_null
    iload_0
    invokevirtual java/lang/String.concat (Ljava/lang/String;)Ljava/lang/String;
    pop
    return
.end method
""",
    "argt2": """
.method public static m (LT;)V
    aconst_null
    aload_0
    invokevirtual java/lang/String.concat (Ljava/lang/String;)Ljava/lang/String;
    pop
    return
.end method
""",
    "iargs": """
.method public static m (LT;)V
    aload_0
    invokevirtual java/lang/String.length ()I
    pop
    return
.end method
""",
    "uninitloop": """
.method public static m ()V
x:
    new java/lang/Object
    astore_0
    goto x
.end method
""",
    "uninitst": """
.method public static m ()V
    .limit stack 4
x:
    new java/lang/Object
    goto x
.end method
""",
    "dupsplit": """
.method public static m (J)V
    .limit stack 4
    lload_0
    pop
    return
.end method
""",
    "dup2split": """
.method public static m (J)V
    .limit stack 5
    lload_0
    iconst_0
    dup2
    return
.end method
""",
    "psig": """
.method public static m (J)V
    .limit stack 5
    lload_0
    putstatic java/lang/String.a Ljava/lang/String;
    return
.end method
""",
    "psig2": """
.method public static m (LT;)V
    .limit stack 5
    aload_0
    putstatic java/lang/String.a Ljava/lang/String;
    return
.end method
""",
    "handler": """
.method public static m (I)V
a:
    iconst_0
    istore_1
b:
    return
h:
    iload_1
    pop
    return
    .catch any from a to b using h
.end method
""",
    "wrongret": """
.method public static m (I)I
    fconst_0
    freturn
.end method
""",
    "wrongret2": """
.method public static m (I)I
    fconst_0
    ireturn
.end method
""",
    "aast": """
.method public static m ([I)V
    aload_0
    iconst_0
    iconst_0
    aastore
    return
.end method
""",
    "iast": """
.method public static m ([F)V
    aload_0
    iconst_0
    iconst_0
    iastore
    return
.end method
""",
    "bast": """
.method public static m ([F)V
    aload_0
    iconst_0
    iconst_0
    bastore
    return
.end method
""",
    "arr": """
.method public static m (F)V
    fload_0
    arraylength
    return
.end method
""",
    "mon": """
.method public static m (F)V
    fload_0
    monitorenter
    return
.end method
""",
    "retvoid": """
.method public static m (F)V
    iconst_0
    ireturn
.end method
""",
    "fallend": """
.method public static m (F)V
    iconst_0
    ifeq @0
.end method
""",
    "lookup2": """
.method public static m (I)V
    iload_0
    lookupswitch { 5: a, 1: a, default: a}
a:
    return
.end method
""",
    "sw2": """
.method public static m (I)V
    iload_0
    tableswitch 5 { @900, default: a}
a:
    return
.end method
""",
    "sw3": """
.method public static m (I)V
    iload_0
    tableswitch 5 { a, default: @900}
a:
    return
.end method
""",
    "ifacecall": """
.method public static m (LT;)V
    aload_0
    invokeinterface java/util/List.size ()I
    pop
    return
.end method
""",
    "nullarr": """
.method public static m ()V
    aconst_null
    iconst_0
    iaload
    pop
    return
.end method
""",
    "protclone": """
.method public static m (Ljava/lang/Object;)V
    aload_0
    invokevirtual java/lang/Object.clone ()Ljava/lang/Object;
    pop
    return
.end method
""",
    "protclone2": """
.method public static m ([I)V
    aload_0
    invokevirtual java/lang/Object.clone ()Ljava/lang/Object;
    pop
    return
.end method
""",
    "v48ldc": """
.method public static m ()V
    ldc class java/lang/String
    pop
    return
.end method
""",
    "dup_un": """
.method public static m ()V
    new java/lang/Object
    dup
    invokespecial java/lang/Object.<init> ()V
    invokevirtual java/lang/Object.hashCode ()I
    pop
    return
.end method
""",
    "use_un": """
.method public static m ()V
    new java/lang/Object
    invokevirtual java/lang/Object.hashCode ()I
    pop
    return
.end method
""",
    "un_ret": """
.method public static m ()Ljava/lang/Object;
    new java/lang/Object
    areturn
.end method
""",
    "un_try": """
.method public static m ()Ljava/lang/Object;
a:
    new java/lang/Object
    dup
    invokespecial java/lang/Object.<init> ()V
b:
    areturn
h:
    areturn
    .catch any from a to b using h
.end method
""",
}
