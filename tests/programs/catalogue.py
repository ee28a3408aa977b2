"""The programs of the corpus: what each is run with, and what it is about.

A *program* is one run of one main class: the same class may appear several times with other arguments.
What a run must print is in expected/NAME.{out,err,code}, taken from the host JVM.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

EXAMPLES_FOLDER = Path(__file__).resolve().parents[2] / "examples"


@dataclass(frozen=True)
class Program:
    """One run.

    name        of the run and of its expectation
    main        the main class in programs.jar; the run's name unless given
    example     run examples/EXAMPLE/EXAMPLE.jar with -jar instead
    args        the program's arguments
    stdin       everything it reads
    exit_code   0 unless given
    tags        what it needs or shows; a JVM under construction selects by them:
                  method-handles  reaches invokedynamic or MethodHandle, itself or in the JDK; every other
                                  program must not
                  var-handles     reaches VarHandle, in the JDK, and nothing else of java.lang.invoke
                  npe-helpful     prints the computed messages of NullPointerException
                  trace           prints stack traces, whose JDK frames say "(Unknown Source)"
                  oom             needs OutOfMemoryError instead of a bigger heap
                  threads         its threads meet: also run under stress (tests/conformance/stress.py)
                  reflection      calls methods or constructors by reflection, through native accessors
                  old-class       class-file version 52
    vm_options  options before the class name
    """

    name: str
    main: str = ""
    example: str = ""
    args: tuple[str, ...] = ()
    stdin: bytes = b""
    exit_code: int = 0
    tags: frozenset[str] = frozenset()
    vm_options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.main and not self.example:
            object.__setattr__(self, "main", self.name)


@dataclass(frozen=True)
class Benchmark:
    """A timed loop: prints `checksum N` and `ns N`. Its argument is the number of iterations."""

    main: str
    test_iterations: int
    test_checksum: int


def tagged(*tags: str) -> frozenset[str]:
    return frozenset(tags)


def family(tag: str, *entries: str | Program) -> list[Program]:
    """Programs of one family: a plain name needs no arguments; all get the family's tag."""
    programs = [Program(entry) if isinstance(entry, str) else entry for entry in entries]
    return [
        Program(p.name, p.main, p.example, p.args, p.stdin, p.exit_code, p.tags | {tag}, p.vm_options)
        for p in programs
    ]


def lines(count: int) -> bytes:
    """`count` numbered lines, for the programs that read much."""
    return b"".join(b"line %d of some text to be read\n" % n for n in range(count))


#: Sources that are not programs: compiled because a program refers to them, or a test of its own runs them.
HELPERS = ("Absent", "ChildFirst", "Deadlocked", "SignalHooks")

SMALL_HEAP = ("-Xmx32m",)

#: Core reflection without method handles. System.exit needs it too: Runtime.exit asks for a logger,
#: whose finder ServiceLoader makes by reflection.
NATIVE_ACCESSORS = ("-Djdk.reflect.useNativeAccessorOnly=true",)


def system_exit(name: str, *args: str, code: int) -> Program:
    return Program(
        name, main="ExitCodes", args=args, exit_code=code, tags=tagged("reflection"), vm_options=NATIVE_ACCESSORS
    )


PROGRAMS: list[Program] = [
    *family(
        "basic",
        "Nothing",
        Program("UsesLambda", tags=tagged("method-handles")),
        Program("HexFloats", tags=tagged("method-handles")),
        Program("SpecialCasing", tags=tagged("method-handles")),
        Program("PrimitiveSorts", tags=tagged("method-handles")),
    ),
    *family(
        "arithmetic",
        "IntArithmetic", "LongArithmetic", "FloatArithmetic", "Conversions", "FloatPrinting",
        "MathFunctions", "MathAccuracy", "NanBits", "IntegerText", "BitTwiddling", "ExactMath",
    ),
    *family(
        "bytecode",
        "WideLocals", "Switches", "StringSwitch", "ArrayKinds", "ArrayErrors", "StackShuffles",
        "ControlFlow", "BigMethod", "Constants", "Invocations",
        Program("FramelessCalls", tags=tagged("method-handles")),
    ),
    *family(
        "exceptions",
        "TryFinally", "Exceptions", "TryWithResources", "StackOverflow", "InitializerErrors",
        "MissingClass", "CastErrors", "LateCatch",
        Program("StackTraces", tags=tagged("trace")),
        Program("OutOfMemory", tags=tagged("oom"), vm_options=SMALL_HEAP),
        Program("HelpfulNpe", tags=tagged("npe-helpful")),
        Program("HelpfulNpeUncaught", exit_code=1, tags=tagged("npe-helpful", "uncaught", "trace")),
        Program("UncaughtMain", exit_code=1, tags=tagged("uncaught", "trace")),
        Program("UncaughtThread", tags=tagged("uncaught", "trace", "threads")),
        Program("UncaughtBoth", main="UncaughtThread", args=("too",), exit_code=1, tags=tagged("uncaught", "trace", "threads")),
        Program("UncaughtInitializer", exit_code=1, tags=tagged("uncaught", "trace")),
    ),
    *family(
        "exit",
        system_exit("ExitFinally", "3", "finally", code=3),
        system_exit("ExitThread", "255", "thread", "hook", code=255),
        system_exit("ExitInitializer", "0", "initialiser", "hook", code=21),
        system_exit("ExitRuntime", "256", "runtime", "hook", code=0),
        system_exit("ExitNegative", "-1", "runtime", code=255),
        Program("ExitHalt", main="ExitCodes", args=("7", "halt", "hook"), exit_code=7),
        Program("ExitDaemon", main="ExitCodes", args=("0", "daemon", "hook")),
        Program("ExitUserThread", main="ExitCodes", args=("0", "user-thread", "hook")),
        Program("ExitThrow", main="ExitCodes", args=("0", "throw", "hook"), exit_code=1, tags=tagged("uncaught", "trace")),
        Program("ExitBadArgument", main="ExitCodes", args=("x",), exit_code=1, tags=tagged("uncaught", "trace")),
    ),
    *family(
        "classes",
        "Inheritance", "DefaultMethods", "Bridges", "NestedClasses", "StaticInit", "InstanceInit",
        "Enums", "Boxing", "InstanceOf", "Cloning", "Megamorphic", "ObjectMethods",
        Program("EnumLookups", tags=tagged("reflection"), vm_options=NATIVE_ACCESSORS),
    ),
    *family(
        "strings",
        "StringBasics", "StringBuilders", "Unicode", "StringIdentity",
        Program("Encodings", tags=tagged("reflection"), vm_options=NATIVE_ACCESSORS),
    ),
    *family(
        "library",
        "ArrayLists", "Maps", "SetsAndQueues", "SortingAndArrays", "LibraryOddments", "Checksums",
        Program("Pixels", tags=tagged("method-handles")),
        Program("Preferred", tags=tagged("method-handles", "threads")),
        Program("HostFolder", tags=tagged("method-handles", "threads")),
        Program("DataStreams", tags=tagged("var-handles")),
    ),
    *family(
        "threads",
        "ThreadBasics", "Monitors", "ThreadLocals", "Locks", "ConcurrentCollections", "Timers",
        Program("Conditions", tags=tagged("var-handles")),
        Program("BlockingQueues", tags=tagged("var-handles")),
        Program("ThreadPool", tags=tagged("var-handles")),
        Program("ForkJoins", tags=tagged("method-handles")),
        Program("Futures", tags=tagged("method-handles")),
        Program("Synchronizers", tags=tagged("method-handles")),
        Program("TracesAtOnce", tags=tagged("method-handles")),
        Program("ThreadStates", tags=tagged("method-handles")),
        Program("ScheduledPools", tags=tagged("method-handles")),
        Program("VirtualThreads", tags=tagged("method-handles")),
        Program("ManyThreads", tags=tagged("method-handles")),
        Program("ClassRaces", tags=tagged("method-handles")),
        Program("Interrupts", exit_code=1, tags=tagged("uncaught")),
    ),
    *family(
        "memory",
        "LargeArrays",
        Program("Garbage", vm_options=SMALL_HEAP),
        Program("GarbageThreads", tags=tagged("threads"), vm_options=SMALL_HEAP),
        Program("References", tags=tagged("threads")),
        Program("CollectedOnce", tags=tagged("threads", "method-handles")),
        "LocalScopes",
    ),
    *family(
        "unloading",
        Program("LoadersDropped", tags=tagged("threads", "method-handles"), vm_options=SMALL_HEAP),
        Program("HiddenDropped", tags=tagged("threads", "method-handles"), vm_options=SMALL_HEAP),
        Program("LoaderKept", tags=tagged("threads", "method-handles")),
        Program("LoaderLeftovers", tags=tagged("threads", "method-handles")),
        Program("PluginReload", tags=tagged("threads", "method-handles")),
    ),
    *family(
        "input",
        Program("SumLines", stdin=b"1\n 20 \n300\r\nfour\n\n-5000\n9223372036854775808\n600"),
        Program("SumLinesEmpty", main="SumLines"),
        Program("SumLinesMany", main="SumLines", stdin=b"".join(b"%d\n" % (n * n) for n in range(20000))),
        Program("CountBytes", stdin=bytes(range(256)) * 40),
        Program("CountBytesEmpty", main="CountBytes"),
        Program("CountBytesMany", main="CountBytes", stdin=lines(40000)),
        Program("WordFrequencies", stdin=(
            "Ein Mokka, zwei Mokka; un café, deux cafés: «café»! Ünïcödé ΑΒΓ αβγ\n"
            "the cup and the saucer and the spoon\n"
        ).encode()),
    ),
    *family(
        "output",
        "ErrAndOut", "LargeStdout",
        Program("EchoArgs", args=("plain", "", "two words", "--option=value", "-cp", "é☕", "a\tb", "*", "😀", "'\"")),
        Program("EchoNoArgs", main="EchoArgs"),
        Program("SystemProperties", vm_options=(
            "-Dgreeting=hello world", "-Dempty=", "-Dwith.equals=a=b", "-Dflag=true", "-Duser.answer=42", "-Dhex=0x1F",
        )),
    ),
    *family(
        "compute",
        "Puzzles", "Numerics", "Hashing", "SortAlgorithms", "Interpreter", "Life", "Compression", "TinyVm",
    ),
    *family(
        "dynamic",
        Program("Lambdas", tags=tagged("method-handles")),
        Program("StringConcats", main="indy.StringConcats", tags=tagged("method-handles")),
        Program("RecordsAndSwitches", main="indy.RecordsAndSwitches", tags=tagged("method-handles")),
        Program("RecordMethods", main="indy.RecordMethods", tags=tagged("method-handles", "trace")),
        Program("PatternSwitches", main="indy.PatternSwitches", tags=tagged("method-handles")),
        Program("Streams", main="indy.Streams", tags=tagged("method-handles")),
        Program("MethodHandlesLookup", tags=tagged("method-handles")),
        Program("VarHandlesAll", tags=tagged("method-handles")),
        Program("HiddenClasses", tags=tagged("method-handles")),
        Program("CallerSensitiveHandles", tags=tagged("method-handles")),
        Program("Packages", tags=tagged("method-handles")),
        Program("ReflectionFaults", tags=tagged("method-handles", "trace")),
        Program("OldVersions", tags=tagged("method-handles")),
        Program("SpecialCalls", tags=tagged("method-handles")),
        Program("SharedArenas", tags=tagged("method-handles", "threads")),
        Program("ForeignFunctions", tags=tagged("method-handles"), vm_options=("--enable-native-access=ALL-UNNAMED",)),
    ),
    *family(
        "network",
        Program("Sockets", tags=tagged("method-handles", "threads")),
        Program("SelectorEcho", tags=tagged("method-handles", "threads")),
        Program("UnixSockets", tags=tagged("method-handles", "threads")),
        Program("MulticastGroups", tags=tagged("method-handles")),
        Program("UrgentData", tags=tagged("method-handles")),
        Program("Datagrams", tags=tagged("method-handles", "threads")),
        Program("ManyConnections", tags=tagged("method-handles", "threads")),
        Program("HttpLoopback", tags=tagged("method-handles", "threads")),
        Program("HttpClients", tags=tagged("method-handles", "threads")),
        Program("InetAddresses", tags=tagged("method-handles")),
    ),
    *family(
        "files",
        Program("MappedFiles", tags=tagged("method-handles")),
        Program("FileAttributes", tags=tagged("method-handles")),
        Program("FileTrees", tags=tagged("method-handles")),
        Program("Watching", tags=tagged("method-handles", "threads")),
    ),
    *family(
        "security",
        Program("Cryptography", tags=tagged("method-handles")),
        Program("CipherLoops", tags=tagged("method-handles")),
        Program("SecureChannels", tags=tagged("method-handles", "threads")),
        Program("TextAndLogs", tags=tagged("method-handles")),
    ),
    *family(
        "management",
        Program("Management", tags=tagged("method-handles", "threads")),
        Program("DirectLimits", tags=tagged("method-handles"), vm_options=("-XX:MaxDirectMemorySize=5m",)),
        Program("MemoryPressure", tags=tagged("method-handles", "threads", "oom"), vm_options=SMALL_HEAP),
        Program("ReferenceLife", tags=tagged("method-handles", "threads", "oom"), vm_options=SMALL_HEAP),
    ),
    *family(
        "old-class",
        Program("OldClasses", main="release8.OldClasses", exit_code=1, tags=tagged("uncaught", "trace")),
        Program("OldNumbers", main="release8.OldNumbers"),
    ),
    *family(
        "example",
        Program("ExampleHello", example="hello"),
        Program("ExampleHelloNames", example="hello", args=("Ada", "Grace")),
        Program("ExampleWordCount", example="wordcount", stdin="ein Kaffee\nzwei Kaffee\n\nund drei ☕".encode()),
        Program("ExamplePrimes", example="primes", args=("100000",)),
        Program("ExamplePrimesUsage", example="primes", args=("many",), exit_code=2),
        Program("ExamplePipeline", example="pipeline", args=("9",), tags=tagged("threads")),
    ),
]

#: What `demitasse bench` runs: three loops that compare interpreters, two that compare collectors; each with a
#: short count for the tests.
BENCHMARKS = [
    Benchmark("bench.LoopInt", 100_000, -1067997249),
    Benchmark("bench.LoopCalls", 100_000, 46787965779453),
    Benchmark("bench.LoopObjects", 100_000, -5562895423007750092),
    Benchmark("bench.Trees", 8, 1189248334),
    Benchmark("bench.LiveSet", 2000, -2282865079605627953),
]
