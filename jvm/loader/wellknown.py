"""The classes, fields and methods of the class library that the virtual machine itself knows.

What it is: the one table of them.  `render_pxd` and `render_pyx` make the guest module
jvm/loader/wellknown from it (runtime/build/generate.py), with four structs of results:

    wk.java_lang_String                     Class*   loaded by wellknown_load, in the table's order
    off.java_lang_String_value              u32      in the object, or in the mirror when static
    mid.java_lang_ClassLoader_loadClass     Method*
    sym.object_init                         Symbol*  there since symbols_init

Invariant: a name is its class with `/` and `$` made `_`, then `_` and the member; array classes are
wk.array_of_<element>.  Fields are found by name alone (names are unique within a class of the
library), methods by name and descriptor.  A member that is missing stops the boot with its name.

Injected fields are fields that the VM adds to a class of the library: the layout (jvm/loader/layout.pyx)
appends them, Java code never sees them, and the collector does not follow them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class WellKnown:
    """A class that the VM knows: fields it reads or writes (static ones too), injected fields with
    their descriptors, and methods it calls as `alias name descriptor`."""

    name: str
    fields: str = ""
    injected: tuple[tuple[str, str], ...] = ()
    methods: tuple[tuple[str, str, str], ...] = ()


def _of(name: str, fields: str = "", *, injected: str = "", methods: str = "") -> WellKnown:
    """A row: `injected` is "name:descriptor …", `methods` has one "alias name descriptor" per line."""
    pairs = tuple((n, d) for n, _, d in (item.partition(":") for item in injected.split()))
    triples = tuple((a, n, d) for a, n, d in (line.split() for line in methods.splitlines() if line.strip()))
    return WellKnown(name, fields, pairs, triples)


#: Loaded in this order by wellknown_load.  Object, String and Class come first: everything else,
#: and each mirror, needs them.
CLASSES: Final[tuple[WellKnown, ...]] = (
    _of("java/lang/Object", methods="""
        init <init> ()V
        finalize finalize ()V
    """),
    _of("java/lang/String", "value coder hash hashIsZero COMPACT_STRINGS"),
    _of("java/lang/Class",
        "name classLoader module componentType modifiers primitive protectionDomain signers classData reflectionData",
        injected="klass:I",
        methods="getName getName ()Ljava/lang/String;"),
    _of("java/lang/Cloneable"),
    _of("java/io/Serializable"),
    _of("java/lang/ClassLoader", "parent name nameAndId unnamedModule parallelLockMap", injected="loader_data:J", methods="""
        loadClass loadClass (Ljava/lang/String;)Ljava/lang/Class;
        addClass addClass (Ljava/lang/Class;)V
        getSystemClassLoader getSystemClassLoader ()Ljava/lang/ClassLoader;
        getPlatformClassLoader getPlatformClassLoader ()Ljava/lang/ClassLoader;
    """),
    _of("java/lang/System", "in out err", methods="""
        initPhase1 initPhase1 ()V
        initPhase2 initPhase2 (ZZ)I
        initPhase3 initPhase3 ()V
    """),
    _of("java/lang/Throwable", "backtrace depth stackTrace detailMessage cause UNASSIGNED_STACK", methods="""
        init_string <init> (Ljava/lang/String;)V
        initCause initCause (Ljava/lang/Throwable;)Ljava/lang/Throwable;
        getCause getCause ()Ljava/lang/Throwable;
        printStackTrace printStackTrace ()V
    """),
    _of("java/lang/Error"),
    _of("java/lang/Exception"),
    _of("java/lang/RuntimeException"),
    _of("java/security/ProtectionDomain"),
    _of("java/lang/ClassNotFoundException"),
    _of("java/lang/LinkageError"),
    _of("java/lang/NoClassDefFoundError"),
    _of("java/lang/ExceptionInInitializerError", methods="""
        init <init> (Ljava/lang/Throwable;)V
        init_string <init> (Ljava/lang/String;)V
    """),
    _of("java/lang/ClassCastException"),
    _of("java/lang/ArrayStoreException"),
    _of("java/lang/ArithmeticException"),
    _of("java/lang/NullPointerException"),
    _of("java/lang/ArrayIndexOutOfBoundsException"),
    _of("java/lang/NegativeArraySizeException"),
    _of("java/lang/VirtualMachineError"),
    _of("java/lang/InternalError"),
    _of("java/lang/OutOfMemoryError"),
    _of("java/lang/StackOverflowError"),
    _of("java/lang/IllegalMonitorStateException"),
    _of("java/lang/ref/Reference", "referent queue next discovered"),
    _of("java/lang/ref/SoftReference", "timestamp clock"),
    _of("java/lang/ref/WeakReference"),
    _of("java/lang/ref/FinalReference"),
    _of("java/lang/ref/PhantomReference"),
    _of("java/lang/ref/Finalizer", methods="register register (Ljava/lang/Object;)V"),
    _of("java/lang/Thread",
        "eetop tid name contextClassLoader holder interrupted interruptLock scopedValueBindings cont", methods="""
        init <init> (Ljava/lang/ThreadGroup;Ljava/lang/String;)V
        run run ()V
        exit exit ()V
        dispatchUncaughtException dispatchUncaughtException (Ljava/lang/Throwable;)V
    """),
    _of("java/lang/Thread$FieldHolder", "group priority stackSize daemon threadStatus"),
    _of("java/lang/ThreadGroup", "parent name maxPriority daemon", methods="""
        init <init> ()V
        init_parent <init> (Ljava/lang/ThreadGroup;Ljava/lang/String;)V
    """),
    _of("java/lang/Module", "name loader", injected="module_entry:J"),
    _of("java/lang/reflect/AccessibleObject", "override"),
    _of("java/lang/reflect/Field", "clazz slot name type modifiers trustedFinal signature annotations"),
    _of("java/lang/reflect/Parameter", "name modifiers executable index"),
    _of("java/lang/reflect/Method", "clazz slot name returnType parameterTypes exceptionTypes modifiers signature "
        "annotations parameterAnnotations annotationDefault"),
    _of("java/lang/reflect/Constructor", "clazz slot parameterTypes exceptionTypes modifiers signature annotations "
        "parameterAnnotations"),
    _of("java/lang/reflect/RecordComponent", "clazz name type signature annotations typeAnnotations accessor"),
    _of("jdk/internal/reflect/ConstantPool", "constantPoolOop"),
    _of("java/lang/invoke/MethodHandle", "type form"),
    _of("java/lang/invoke/VarHandle"),
    _of("java/lang/invoke/MemberName", "clazz name type flags method", injected="vmindex:J"),
    _of("java/lang/invoke/ResolvedMethodName", "vmholder", injected="vmtarget:J"),
    _of("java/lang/invoke/LambdaForm", "vmentry"),
    _of("java/lang/invoke/MethodType", "rtype ptypes"),
    _of("java/lang/invoke/CallSite", "target"),
    _of("java/lang/StackTraceElement", "classLoaderName moduleName moduleVersion declaringClass methodName fileName "
        "lineNumber declaringClassObject"),
    _of("jdk/internal/misc/UnsafeConstants",
        "ADDRESS_SIZE0 PAGE_SIZE BIG_ENDIAN UNALIGNED_ACCESS DATA_CACHE_LINE_FLUSH_SIZE"),
    _of("jdk/internal/misc/Unsafe"),
    _of("java/lang/Boolean", "value"),
    _of("java/lang/Character", "value"),
    _of("java/lang/Float", "value"),
    _of("java/lang/Double", "value"),
    _of("java/lang/Byte", "value"),
    _of("java/lang/Short", "value"),
    _of("java/lang/Integer", "value"),
    _of("java/lang/Long", "value"),
    _of("java/lang/Void"),
)

#: Element classes whose array class has a name in `wk`; the primitive ones by the type's name.
ARRAYS: Final = ("java/lang/Object", "java/lang/String", "java/lang/Class", "java/lang/StackTraceElement")
PRIMITIVES: Final = {"boolean": 4, "char": 5, "float": 6, "double": 7, "byte": 8, "short": 9, "int": 10, "long": 11}

#: Names that the loader compares; symbols_init makes them.
SYMBOLS: Final[dict[str, str]] = {
    "object_init": "<init>",
    "class_init": "<clinit>",
    "void_descriptor": "()V",
    "finalize": "finalize",
    "clone": "clone",
    "java_lang_Object": "java/lang/Object",
    "java_lang_Class": "java/lang/Class",
    "java_lang_String": "java/lang/String",
    "java_lang_Cloneable": "java/lang/Cloneable",
    "java_io_Serializable": "java/io/Serializable",
    "java_lang_Enum": "java/lang/Enum",
    "java_lang_Record": "java/lang/Record",
    "java_lang_ClassLoader": "java/lang/ClassLoader",
    "java_lang_Throwable": "java/lang/Throwable",
    "java_lang_ref_Reference": "java/lang/ref/Reference",
    "java_lang_ref_SoftReference": "java/lang/ref/SoftReference",
    "java_lang_ref_WeakReference": "java/lang/ref/WeakReference",
    "java_lang_ref_FinalReference": "java/lang/ref/FinalReference",
    "java_lang_ref_PhantomReference": "java/lang/ref/PhantomReference",
    "java_lang_invoke_MethodHandle": "java/lang/invoke/MethodHandle",
    "java_lang_invoke_MethodType": "java/lang/invoke/MethodType",
    "java_lang_invoke_VarHandle": "java/lang/invoke/VarHandle",
    "polymorphic_descriptor": "([Ljava/lang/Object;)Ljava/lang/Object;",
    "referent": "referent",
    "discovered": "discovered",
    "java_lang_ClassNotFoundException": "java/lang/ClassNotFoundException",
}


def c_name(name: str) -> str:
    """The name of a class as part of an identifier."""
    return re.sub(r"[/$]", "_", name)


def injected_fields() -> list[tuple[str, str, str]]:
    """(class, field, descriptor) of every injected field."""
    return [(row.name, name, descriptor) for row in CLASSES for name, descriptor in row.injected]


def offsets() -> list[tuple[str, str]]:
    """(class, field) of every offset, injected fields included."""
    return [(row.name, name) for row in CLASSES for name in (*row.fields.split(), *(n for n, _ in row.injected))]


def methods() -> list[tuple[str, str, str, str]]:
    """(class, alias, method, descriptor) of every method."""
    return [(row.name, *triple) for row in CLASSES for triple in row.methods]


_HEAD: Final = "# Generated by jvm/loader/wellknown.py. Do not edit.\n"


def render_pxd() -> str:
    """The header of the guest module."""
    lines = [_HEAD + "from kernel.types cimport u32", "from jvm.loader.classes cimport Class, JavaThread, Method, Symbol", ""]
    lines.append("cdef struct WellKnownClasses:")
    lines += [f"    Class* {c_name(row.name)}" for row in CLASSES]
    lines += [f"    Class* array_of_{c_name(name)}" for name in ARRAYS]
    lines += [f"    Class* array_of_{name}" for name in PRIMITIVES]
    lines += ["", "cdef struct WellKnownOffsets:"]
    lines += [f"    u32 {c_name(owner)}_{name}" for owner, name in offsets()]
    lines += ["", "cdef struct WellKnownMethods:"]
    lines += [f"    Method* {c_name(owner)}_{alias}" for owner, alias, _, _ in methods()]
    lines += ["", "cdef struct WellKnownSymbols:"]
    lines += [f"    Symbol* {name}" for name in SYMBOLS]
    lines += [
        "",
        'cdef extern WellKnownClasses wk "wellknown_classes"',
        'cdef extern WellKnownOffsets off "wellknown_offsets"',
        'cdef extern WellKnownMethods mid "wellknown_methods"',
        'cdef extern WellKnownSymbols sym "wellknown_symbols"',
        "",
        "# Loads the classes and finds all offsets and methods: -1 with t.exception, or after a printed",
        "# message that names what the class library lacks.",
        "cdef extern int wellknown_load(JavaThread* t) noexcept nogil",
        "cdef extern void wellknown_symbols_init() noexcept nogil",
        "# The index-th injected field of a class and its descriptor: 0 when there is none.",
        "cdef extern int wellknown_injected(Symbol* klass, int index, const char** name, const char** descriptor) noexcept nogil",
    ]
    return "\n".join(lines) + "\n"


def _table(c_type: str, name: str, rows: list[str]) -> list[str]:
    return [f"    static const {c_type} {name}[] = {{", *(f"        {row}," for row in rows), "    };"]


def render_pyx() -> str:
    """The guest module: constant tables in C, walked by a few loops."""
    rows: list[str] = [_HEAD, "from kernel.types cimport u32",
                       "from jvm.loader.classes cimport Class, JavaThread, Method, Symbol",
                       "from jvm.loader.wellknown_walk cimport (WellKnownField, wellknown_walk_arrays,",
                       "    wellknown_walk_classes, wellknown_walk_fields, wellknown_walk_methods)",
                       "from jvm.loader.symbols cimport symbol_from", "", 'cdef extern from *:', '    """']
    rows += _table("char *const", "wellknown_class_names", [f'"{row.name}"' for row in CLASSES])
    index = {row.name: number for number, row in enumerate(CLASSES)}
    rows += _table("char *const", "wellknown_array_names",
                   [f'"[L{name};"' for name in ARRAYS] + [f'"[{_LETTER[name]}"' for name in PRIMITIVES])
    rows += _table("struct { int holder; const char *name; const char *descriptor; }", "wellknown_field_table",
                   [f'{{ {index[owner]}, "{name}", 0 }}' for owner, name in offsets()])
    rows += _table("struct { int holder; const char *name; const char *descriptor; }", "wellknown_method_table",
                   [f'{{ {index[owner]}, "{name}", "{descriptor}" }}' for owner, _, name, descriptor in methods()])
    rows += _table("struct { const char *klass; const char *name; const char *descriptor; }", "wellknown_injected_table",
                   [f'{{ "{owner}", "{name}", "{descriptor}" }}' for owner, name, descriptor in injected_fields()])
    rows += _table("char *const", "wellknown_symbol_texts", [f'"{text}"' for text in SYMBOLS.values()])
    rows += ['    """']
    rows += ["    const char* const* wellknown_class_names", "    const char* const* wellknown_array_names",
             "    const WellKnownField* wellknown_fields_ \"((const void *)wellknown_field_table)\"",
             "    const WellKnownField* wellknown_methods_ \"((const void *)wellknown_method_table)\"",
             "    const char* const* wellknown_injected_ \"((const char *const *)wellknown_injected_table)\"",
             "    const char* const* wellknown_symbol_texts", ""]
    rows += ["cdef public WellKnownClasses wellknown_classes", "cdef public WellKnownOffsets wellknown_offsets",
             "cdef public WellKnownMethods wellknown_methods", "cdef public WellKnownSymbols wellknown_symbols", "",
             "cdef public int wellknown_load(JavaThread* t) noexcept nogil:",
             "    cdef Class** classes = <Class**>&wellknown_classes",
             f"    if wellknown_walk_classes(t, wellknown_class_names, {len(CLASSES)}, classes) != 0:",
             "        return -1",
             f"    if wellknown_walk_arrays(t, wellknown_array_names, {len(ARRAYS) + len(PRIMITIVES)}, classes + {len(CLASSES)}) != 0:",
             "        return -1",
             f"    if wellknown_walk_fields(classes, wellknown_fields_, {len(offsets())}, <u32*>&wellknown_offsets) != 0:",
             "        return -1",
             f"    return wellknown_walk_methods(classes, wellknown_methods_, {len(methods())}, <Method**>&wellknown_methods)",
             "",
             "cdef public void wellknown_symbols_init() noexcept nogil:",
             "    cdef Symbol** symbols = <Symbol**>&wellknown_symbols",
             "    cdef int index",
             f"    for index in range({len(SYMBOLS)}):",
             "        symbols[index] = symbol_from(wellknown_symbol_texts[index])",
             "",
             "cdef public int wellknown_injected(Symbol* klass, int index, const char** name, const char** descriptor) noexcept nogil:",
             "    cdef int row"]
    return "\n".join(rows) + "\n" + f"""\
    cdef const char* const* entry
    cdef const char* text
    cdef u32 length
    for row in range({len(injected_fields())}):
        entry = wellknown_injected_ + 3 * row
        text = entry[0]
        length = 0
        while length < klass.length and text[length] != 0 and <unsigned char>text[length] == klass.text[length]:
            length += 1
        if length != klass.length or text[length] != 0:
            continue
        if index == 0:
            name[0] = entry[1]
            descriptor[0] = entry[2]
            return 1
        index -= 1
    return 0
"""


_LETTER: Final = {"boolean": "Z", "char": "C", "float": "F", "double": "D", "byte": "B", "short": "S", "int": "I", "long": "J"}
