"""The options of `demitasse run`: one table that the parser and the help both read.

Invariant: options end at the first operand, as java's do; everything behind it belongs to the
program and is never looked at.  Nothing is ignored silently: an option is obeyed, changes nothing
by its nature (then `group` is SAME), or is refused with a reason.
"""

from __future__ import annotations

import os
from demitasse.runtime.errors import UserError
from demitasse.runtime.program import is_program
from demitasse.runtime.record import record
from demitasse.runtime.request import HOMES, FolderRequest, Request
from demitasse.runtime.sizes import LEAST_STACK, MOST_STACK, format_size, parse_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Form:
    """How an option and its value are written."""

    FLAG = "NAME"
    VALUE = "NAME VALUE, or NAME=VALUE if NAME starts with two dashes"
    JOINED = "NAMEVALUE"


class Wanted(Exception):
    """Not a run: the user asked for "help" or "version"."""


PROGRAM, MACHINE, LOOK, SAME = "The program", "The machine", "Looking inside", "Accepted, and nothing changes"


@record
class Option:
    """One option: all its spellings, the first being the usual one."""

    names: tuple[str, ...]
    form: str                                # one of Form
    value: str
    help: str
    group: str
    apply: Callable[[Request, str, str], None]       # (request, spelling, value)


def _class_path(request: Request, _name: str, value: str) -> None:
    request.class_path = value


def _property(request: Request, name: str, value: str) -> None:
    key, _, text = value.partition("=")
    if not key:
        raise UserError(f"Error: {name}{value} names no property: write -Dname=value")
    request.properties.append((key, text))


def _environment(request: Request, name: str, value: str) -> None:
    key, equals, text = value.partition("=")
    if not key:
        raise UserError(f"Error: {name} {value} names no variable: write --env NAME=VALUE")
    if not equals:
        if key not in os.environ:
            raise UserError(f"Error: --env {key}: the host has no variable {key}; write --env {key}=VALUE")
        text = os.environ[key]
    request.environment.append((key, text))


def _home(request: Request, _name: str, value: str) -> None:
    if value not in HOMES:
        raise UserError(f"Error: unknown home {value!r}{nearest(value, HOMES)}: --home takes {', '.join(HOMES)}")
    request.home = value


def _memory(request: Request, name: str, value: str) -> None:
    request.memory = _size(value, f"Invalid guest memory size: {name} {value}")


def _folder(request: Request, name: str, value: str) -> None:
    """HOST:GUEST[:ro|:rw]; the guest's path has no colon in it, the host's may."""
    mode = "rw"
    rest = value
    for end in (":ro", ":rw"):
        if rest.endswith(end) and ":/" in rest.removesuffix(end):
            rest, mode = rest.removesuffix(end), end[1:]
            break
    host, colon, guest = rest.rpartition(":")
    if not colon or not host or not guest:
        raise UserError(f"Error: {name} {value}: write {name} HOST:GUEST or {name} HOST:GUEST:ro, "
                        "such as ./data:/data")
    request.folders.append(FolderRequest(host, guest, mode == "ro"))


def _heap_max(request: Request, name: str, value: str) -> None:
    request.heap_max = _size(value, f"Invalid maximum heap size: {name}{value}")


def _heap_initial(request: Request, name: str, value: str) -> None:
    request.heap_initial = _size(value, f"Invalid initial heap size: {name}{value}", least=0)


def _stack(request: Request, name: str, value: str) -> None:
    size = _size(value, f"Invalid thread stack size: {name}{value}", least=0)
    if size and size < LEAST_STACK:
        raise UserError(f"The Java thread stack size specified is too small: {name}{value}, "
                        f"specify at least {format_size(LEAST_STACK)}")
    if size > MOST_STACK:
        raise UserError(f"Invalid thread stack size: {name}{value}, at most {format_size(MOST_STACK)}")
    request.stack_size = size or None


def _direct_max(request: Request, name: str, value: str) -> None:
    request.direct_max = _size(value, f"Improperly specified VM option: {name}{value}", least=0)


def _size(text: str, refusal: str, least: int = 1) -> int:
    size = parse_size(text)
    if size is None or size < least:
        raise UserError(f"{refusal} (a size is written 512k, 64m or 2g)")
    return size


def _verbose(request: Request, _name: str, value: str) -> None:
    topics = [topic for topic in value.replace(":", "").split(",") if topic] or ["class"]
    for topic in topics:
        if topic not in VERBOSE_TOPICS:
            raise UserError(f"Error: unknown topic {topic!r}{nearest(topic, VERBOSE_TOPICS)}: --verbose takes "
                            f"{', '.join(VERBOSE_TOPICS)}")
    request.verbose += topics


def _log(request: Request, _name: str, value: str) -> None:
    if value not in LOG_LEVELS:
        raise UserError(f"Error: unknown level {value!r}{nearest(value, LOG_LEVELS)}: --log takes {', '.join(LOG_LEVELS)}")
    request.log = value


def _trace(request: Request, _name: str, value: str) -> None:
    request.trace = value


def _config(request: Request, name: str, value: str) -> None:
    key, equals, text = value.partition("=")
    if not key or not equals:
        raise UserError(f"Error: {name} {value}: write {name} KEY=VALUE")
    request.config.append((key, text))


def _stats(request: Request, _name: str, _value: str) -> None:
    request.stats = True


def _count_bytecodes(request: Request, _name: str, _value: str) -> None:
    request.count_bytecodes = request.stats = True


def _stats_json(request: Request, _name: str, value: str) -> None:
    request.stats_json = value


def _debug(request: Request, _name: str, _value: str) -> None:
    request.debug = True


def _work_dir(request: Request, name: str, value: str) -> None:
    if not value.startswith("/"):
        raise UserError(f"Error: {name} {value}: the guest's path must be absolute, such as /{value}")
    request.work_dir = value


def _strace(request: Request, _name: str, _value: str) -> None:
    request.strace = True


def _jar(request: Request, _name: str, _value: str) -> None:
    request.mode = "jar"


def _assertions(on: bool) -> Callable[[Request, str, str], None]:
    def apply(request: Request, _name: str, _value: str) -> None:
        request.assertions = on

    return apply


def _system_assertions(on: bool) -> Callable[[Request, str, str], None]:
    def apply(request: Request, _name: str, _value: str) -> None:
        request.system_assertions = on

    return apply


def _nothing(_request: Request, _name: str, _value: str) -> None:
    pass


def _wanted(what: str) -> Callable[[Request, str, str], None]:
    def apply(_request: Request, _name: str, _value: str) -> None:
        raise Wanted(what)

    return apply


def _module(key: str, numbered: bool) -> Callable[[Request, str, str], None]:
    """Module options reach the class library as properties (jdk.internal.module.ModuleBootstrap)."""

    def apply(request: Request, _name: str, value: str) -> None:
        number = sum(name.startswith(key + ".") for name, _ in request.properties)
        request.properties.append((f"{key}.{number}" if numbered else key, value))

    return apply


def _unsafe_memory(request: Request, name: str, value: str) -> None:
    if value not in UNSAFE_MEMORY:
        raise UserError(f"Value specified to {name} not recognized: '{value}'")
    request.properties.append(("sun.misc.unsafe.memory.access", value))


#: What the class library knows (sun.misc.Unsafe, JEP 471).
UNSAFE_MEMORY = ("allow", "warn", "debug", "deny")
LOG_LEVELS = ("error", "warning", "info", "debug")
#: What jvm/runtime/observe.pyx knows; jni is java's word for native.
VERBOSE_TOPICS = ("class", "gc", "native", "jni", "thread")

OPTIONS: tuple[Option, ...] = (
    Option(("-cp", "-classpath", "--class-path"), Form.VALUE, "PATH",
           "jars and folders to find classes in, separated by ':'; DIR/* means every jar in DIR", PROGRAM, _class_path),
    Option(("-jar",), Form.FLAG, "", "the operand is a jar, whatever its name", PROGRAM, _jar),
    Option(("-D",), Form.JOINED, "NAME=VALUE", "set a system property", PROGRAM, _property),
    Option(("--env",), Form.VALUE, "NAME[=VALUE]",
           "give the program an environment variable (without a value: the host's own); it gets no others", PROGRAM, _environment),
    Option(("-ea", "-enableassertions"), Form.FLAG, "", "turn assertions on", PROGRAM, _assertions(True)),
    Option(("-da", "-disableassertions"), Form.FLAG, "", "turn assertions off (they are)", PROGRAM, _assertions(False)),
    Option(("-esa", "-enablesystemassertions"), Form.FLAG, "",
           "turn the class library's assertions on", PROGRAM, _system_assertions(True)),
    Option(("-dsa", "-disablesystemassertions"), Form.FLAG, "",
           "turn the class library's assertions off (they are)", PROGRAM, _system_assertions(False)),
    Option(("--add-modules",), Form.VALUE, "MODULE[,…]", "more modules to resolve", PROGRAM,
           _module("jdk.module.addmods", numbered=True)),
    Option(("--limit-modules",), Form.VALUE, "MODULE[,…]", "the only modules to resolve", PROGRAM,
           _module("jdk.module.limitmods", numbered=False)),
    Option(("--add-opens",), Form.VALUE, "MODULE/PACKAGE=TO", "open a package to deep reflection", PROGRAM,
           _module("jdk.module.addopens", numbered=True)),
    Option(("--add-exports",), Form.VALUE, "MODULE/PACKAGE=TO", "export a package", PROGRAM,
           _module("jdk.module.addexports", numbered=True)),
    Option(("--add-reads",), Form.VALUE, "MODULE=TO", "let a module read another", PROGRAM,
           _module("jdk.module.addreads", numbered=True)),
    Option(("--enable-native-access",), Form.VALUE, "MODULE[,…]", "allow restricted methods", PROGRAM,
           _module("jdk.module.enable.native.access", numbered=True)),
    Option(("--sun-misc-unsafe-memory-access",), Form.VALUE, "|".join(UNSAFE_MEMORY),
           "what sun.misc.Unsafe does when it is used for memory", PROGRAM, _unsafe_memory),
    Option(("--home",), Form.VALUE, "|".join(HOMES), "where the guest runs; auto asks `demitasse doctor`", MACHINE, _home),
    Option(("-v", "--volume"), Form.VALUE, "HOST:GUEST[:ro]",
           "a folder of the host as a directory of the guest, writable unless ro; may be repeated", MACHINE, _folder),
    Option(("-w", "--workdir"), Form.VALUE, "DIR", "where a C program starts, in the guest (/)", MACHINE, _work_dir),
    Option(("-m",), Form.VALUE, "SIZE", "guest memory; from the heap if not given", MACHINE, _memory),
    Option(("-Xmx",), Form.JOINED, "SIZE", "largest heap (256m; with -m, what fits)", MACHINE, _heap_max),
    Option(("-Xms",), Form.JOINED, "SIZE", "heap to begin with", MACHINE, _heap_initial),
    Option(("-Xss",), Form.JOINED, "SIZE", "stack of each Java thread", MACHINE, _stack),
    Option(("-XX:MaxDirectMemorySize=",), Form.JOINED, "SIZE", "most memory of direct buffers (as the heap)", MACHINE, _direct_max),
    Option(("--debug",), Form.FLAG, "", "use the image with checks on (`make debug` builds it)", MACHINE, _debug),
    Option(("--stats",), Form.FLAG, "", "afterwards, tell times, memory, collections and the hottest methods on stderr", LOOK, _stats),
    Option(("--stats-json",), Form.VALUE, "FILE.json", "write the same there, for programs", LOOK, _stats_json),
    Option(("--count-bytecodes",), Form.FLAG, "", "--stats, and how many bytecodes were executed; the program runs slower",
           LOOK, _count_bytecodes),
    Option(("--trace",), Form.VALUE, "FILE.json", "write what the guest did, for chrome://tracing or Perfetto", LOOK, _trace),
    Option(("--strace",), Form.FLAG, "", "a C program: a line for each system call, on stderr", LOOK, _strace),
    Option(("--log",), Form.VALUE, "|".join(LOG_LEVELS), "what the kernel tells of itself on stderr (warning)", LOOK, _log),
    Option(("--verbose",), Form.VALUE, "TOPIC[,…]", "tell of class, gc, native, thread while running", LOOK, _verbose),
    Option(("-verbose:",), Form.JOINED, "TOPIC", "java's spelling of the same", LOOK, _verbose),
    Option(("-verbose",), Form.FLAG, "", "-verbose:class", LOOK, _verbose),
    Option(("--config",), Form.VALUE, "KEY=VALUE",
           "a record of the guest's launch configuration, such as gc-every=1000", LOOK, _config),
    Option(("-h", "--help", "-help", "-?"), Form.FLAG, "", "this page", LOOK, _wanted("help")),
    Option(("-version", "--version"), Form.FLAG, "", "the versions of Demitasse and of its class library", LOOK, _wanted("version")),
    Option(("-Xint",), Form.FLAG, "", "interpret bytecode", SAME, _nothing),
    Option(("-Xshare:auto", "-Xshare:off"), Form.FLAG, "", "class data sharing (there is none)", SAME, _nothing),
    Option(("-server", "-client"), Form.FLAG, "", "choose a HotSpot", SAME, _nothing),
)

#: Options of java that cannot be obeyed, by how they begin: what to say instead.
REFUSED: tuple[tuple[str, str], ...] = (
    ("-XX:", "-XX options but -XX:MaxDirectMemorySize= tune HotSpot, and this is another JVM"),
    ("-Xlog", "HotSpot's log does not exist here; see --verbose, --stats and --trace"),
    ("-javaagent", "agents are not supported"),
    ("-agent", "agents are not supported"),
    ("-ea:", "assertions are turned on for all classes, with -ea, or for none"),
    ("-enableassertions:", "assertions are turned on for all classes, with -ea, or for none"),
    ("-da:", "assertions are turned on for all classes, with -ea, or for none"),
    ("-disableassertions:", "assertions are turned on for all classes, with -ea, or for none"),
    ("-Xbootclasspath", "the class library is used as it is"),
    ("--patch-module", "the class library is used as it is"),
    ("--module-path", "programs run from the class path, with -cp"),
    ("--module", "programs run from the class path, with -cp"),
    ("-p", "programs run from the class path, with -cp"),
    ("--enable-preview", "class files that use preview features are not supported"),
)


def parse(argv: Sequence[str]) -> Request:
    """Read the arguments behind `run`.  Raises UserError, or Wanted for --help and --version."""
    request = Request()
    jar = False
    at = 0
    while at < len(argv) and argv[at].startswith("-"):
        option, name, value = _match(argv, at)
        option.apply(request, name, value)
        jar = jar or name == "-jar"
        at += 2 if option.form == Form.VALUE and argv[at] == name else 1
    if at == len(argv):
        if jar:
            raise UserError("Error: -jar requires jar file specification")
        raise UserError("Error: no program given: demitasse run APP.jar, or demitasse run -cp PATH MAIN "
                        "(demitasse run --help)")
    request.main = argv[at]
    request.args = tuple(argv[at + 1:])
    if request.main.startswith("@") and not jar:
        raise UserError(f"Error: {request.main}: files of arguments are not supported")
    if request.strace or not jar and is_program(request.main):
        request.mode = "program"
        if not is_program(request.main):
            raise UserError(f"Error: --strace is for C programs, and {request.main} is none")
    elif not jar:
        request.mode = "jar" if request.class_path is None and _looks_like_a_jar(request.main) else "class"
    return request


def _looks_like_a_jar(operand: str) -> bool:
    return operand.lower().endswith(".jar") or os.path.isfile(operand)


def _match(argv: Sequence[str], at: int) -> tuple[Option, str, str]:
    """The option at `at`, the spelling used, and its value."""
    given = argv[at]
    for option in OPTIONS:
        for name in option.names:
            if option.form == Form.JOINED:
                if given.startswith(name):
                    return option, name, given[len(name):]
            elif given == name:
                if option.form == Form.FLAG:
                    return option, name, ""
                if at + 1 == len(argv):
                    raise UserError(f"Error: {name} requires {_what(option)}")
                return option, name, argv[at + 1]
            elif option.form == Form.VALUE and name.startswith("--") and given.startswith(name + "="):
                return option, name, given[len(name) + 1:]
    for start, reason in REFUSED:
        if given == start or given.startswith(start) and (len(start) > 2 or given[2:3] == "="):
            raise UserError(f"Unsupported option: {given}: {reason}")
    names = [name for option in OPTIONS for name in option.names]
    raise UserError(f"Unrecognized option: {given}{nearest(given.partition('=')[0], names)}")


def _what(option: Option) -> str:
    return "class path specification" if option.apply is _class_path else f"{option.value}"


def nearest(given: str, known: Sequence[str]) -> str:
    """`, did you mean …?` if some known word is close, else nothing."""
    import difflib

    found = difflib.get_close_matches(given, known, 1, 0.6) if len(given) > 1 else []
    return f" (did you mean {found[0]}?)" if found else ""
