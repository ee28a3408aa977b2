"""From a request to what the guest gets: boot modules, configuration records, memory.

Invariant: everything that can be wrong on the host's side is found here, before a machine exists,
and is one `UserError` in java's words.  What only the class library can judge (a missing class, no
main method, a bad class file) is left to the guest's own LauncherHelper.

Interface (kernel/boot/config.pxd reads the records; keys may repeat and keep their order):
  application=java   mode=jar|class   main=<jar's guest path, or class name>
  main-class=<name of the main class, with dots>
  arg=…   property=NAME=VALUE   env=NAME=VALUE
  heap-max=<bytes>   heap-initial=<bytes>   stack-size=<bytes>   user-dir=<guest path>
  mount=<tag> <guest path> ro|rw      umask=<number>
  vm-argument=<option of java's own>
  (a C program: runtime/program.py)
  verbose=<topic>   log=<level>   assertions=1   system-assertions=1   stats=1   count-bytecodes=1   trace=<events>
  and whatever --config says, such as gc-every=<allocations>
The class path (guest paths, ':' between) and the command are the properties java.class.path and
sun.java.command, as java's own launcher passes them; they come last and so win.
"""

from __future__ import annotations

import os

from demitasse.jvm.model.errors import ArchiveError
from demitasse.runtime import jarhead, jdk
from demitasse.runtime.errors import UserError
from demitasse.runtime.record import record
from demitasse.runtime.sizes import MIB, choose_memory, format_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from demitasse.runtime.monitor.machine import Folder
    from demitasse.runtime.request import Request

#: bootinfo.pxd: BOOT_MODULES_MAX without "@config", and BOOT_NAME_MAX without the NUL.
MODULES_MAX, NAME_MAX = 255, 79
#: The guest's working directory: the root of its own file system.
USER_DIR = "/"
#: kernel/files/vfs.pxd: PATH_LIMIT, and room for the record's other words.
GUEST_PATH_MAX = 4000
#: The trace ring of --trace, and the guest memory that it takes (kernel/diagnostics/trace.pxd).
TRACE_EVENTS = 1 << 16
TRACE_BYTES = TRACE_EVENTS * 64 + MIB


@record
class Launch:
    """What to boot, whatever the home.  modules: by name, a host file or bytes, in order."""

    modules: dict[str, str | bytes]
    config: list[tuple[str, str]]
    memory: int
    folders: list[Folder]


def prepare(request: Request) -> Launch:
    """Check `request` against the host and lay out what the guest gets.  Raises UserError."""
    if request.mode == "program":
        return _prepare_program(request)
    if request.work_dir is not None:
        raise UserError("Error: -w is for C programs: the working directory of a Java program is /")
    if request.mode == "jar":
        jar, main_class = _checked_jar(request.main)
        application = _with_references(jar, 0)
        main = guest_path(next(iter(application)))
        class_path = main
    else:
        application, class_path = _class_path(request)
        main = main_class = request.main.replace("/", ".")
    memory = choose_memory(request.memory, request.heap_max)
    if request.heap_initial is not None and request.heap_initial > memory.heap_max:
        raise UserError(f"Initial heap size set to a larger value than the maximum heap size: "
                        f"-Xms{format_size(request.heap_initial)}, -Xmx{format_size(memory.heap_max)}")
    modules: dict[str, str | bytes] = {**jdk.modules(), **application}
    if len(modules) > MODULES_MAX:
        room = MODULES_MAX - (len(modules) - len(application))
        raise UserError(f"Error: the class path has {len(application)} entries that exist, at most {room} fit; "
                        "put several jars into one")
    folders = _folders(request)
    config = [
        ("application", "java"),
        ("mode", request.mode),
        ("main", main),
        ("main-class", main_class),
        *(("arg", text) for text in request.args),
        *(("property", f"{name}={value}") for name, value in (
            *request.properties, *_limits(request), ("java.class.path", class_path),
            ("sun.java.command", " ".join([request.main, *request.args])))),
        *(("env", f"{name}={value}") for name, value in request.environment),
        ("heap-max", str(memory.heap_max)),
        ("user-dir", USER_DIR),
        *(("verbose", topic) for topic in request.verbose),
        *(("mount", f"{folder.tag} {guest} {'ro' if folder.read_only else 'rw'}") for guest, folder in folders.items()),
        ("umask", str(_umask())),
    ]
    config += [("vm-argument", text) for text in _vm_arguments(request)]
    if request.heap_initial is not None:
        config.append(("heap-initial", str(request.heap_initial)))
    if request.stack_size is not None:
        config.append(("stack-size", str(request.stack_size)))
    if request.log is not None:
        config.append(("log", request.log))
    switches = {"assertions": request.assertions, "system-assertions": request.system_assertions,
                "stats": request.stats or request.stats_json is not None, "count-bytecodes": request.count_bytecodes}
    config += [(name, "1") for name, on in switches.items() if on]
    if request.trace is not None:
        config.append(("trace", str(TRACE_EVENTS)))
    config += request.config
    beside = (TRACE_BYTES if request.trace is not None else 0) + (request.direct_max or 0 if request.memory is None else 0)
    return Launch(modules, config, memory.guest + beside,
                  list(folders.values()))


def _limits(request: Request) -> list[tuple[str, str]]:
    """What jdk.internal.misc.VM.saveProperties takes from the virtual machine, and removes."""
    return [] if request.direct_max is None else [("sun.nio.MaxDirectMemorySize", str(request.direct_max))]


def _prepare_program(request: Request) -> Launch:
    from demitasse.runtime import program

    path = program.check(request)
    module = program.module_name(path)
    folders = _folders(request)
    config = [
        ("application", "program"),
        ("main", guest_path(module)),
        ("name", request.main),
        *(("arg", text) for text in request.args),
        *(("env", f"{name}={value}") for name, value in request.environment),
        *(("mount", f"{folder.tag} {guest} {'ro' if folder.read_only else 'rw'}") for guest, folder in folders.items()),
        ("umask", str(_umask())),
        *program.terminal(),
    ]
    if request.work_dir is not None:
        config.append(("workdir", request.work_dir))
    if request.strace:
        config.append(("strace", "1"))
    if request.log is not None:
        config.append(("log", request.log))
    if request.trace is not None:
        config.append(("trace", str(TRACE_EVENTS)))
    config += request.config
    memory = program.MEMORY if request.memory is None else request.memory
    return Launch({module: path}, config, memory + (TRACE_BYTES if request.trace is not None else 0), list(folders.values()))


def _vm_arguments(request: Request) -> list[str]:
    """What RuntimeMXBean.getInputArguments tells: the options that java has too, as java spells them."""
    sizes = (("-Xmx", request.heap_max), ("-Xms", request.heap_initial), ("-Xss", request.stack_size),
             ("-XX:MaxDirectMemorySize=", request.direct_max))
    return [
        *(f"-D{name}={value}" if value else f"-D{name}" for name, value in request.properties
          if not name.startswith("jdk.module.")),
        *(f"{option}{format_size(size)}" for option, size in sizes if size is not None),
        *(["-ea"] if request.assertions else []),
        *(["-esa"] if request.system_assertions else []),
    ]


def _folders(request: Request) -> dict[str, Folder]:
    """The folders of -v by guest path, the shallow ones first, so that one can lie inside another."""
    found: dict[str, Folder] = {}
    if not request.folders:
        return found
    from demitasse.runtime.monitor.machine import FOLDERS_MAX, Folder

    for number, wanted in enumerate(request.folders):
        host, guest = wanted.host, wanted.guest
        option = f"Error: -v {host}:{guest}"
        place = os.path.normpath(guest)
        if not guest.startswith("/"):
            raise UserError(f"{option}: the guest's path must be absolute, such as /{guest}")
        place = "/" + place.lstrip("/")
        if place == "/" or place == "/dev" or (place + "/").startswith(("/boot/", "/dev/")):
            raise UserError(f"{option}: {place} is the guest's own; choose another place")
        if "\0" in place or len(os.fsencode(place)) > GUEST_PATH_MAX:
            raise UserError(f"{option}: the guest's path is longer than {GUEST_PATH_MAX} bytes, or has a NUL in it")
        if place in found:
            raise UserError(f"{option}: {place} is given twice")
        if not os.path.isdir(host):
            raise UserError(f"{option}: {host} " + ("is not a folder" if os.path.exists(host) else "does not exist"))
        if not os.access(host, os.R_OK | os.X_OK):
            raise UserError(f"{option}: {host} cannot be read")
        if number == FOLDERS_MAX:
            raise UserError(f"{option}: at most {FOLDERS_MAX} folders can be given")
        found[place] = Folder(f"vol{number:03}", os.path.realpath(host), wanted.read_only)
    return dict(sorted(found.items(), key=lambda item: item[0].count("/")))


def _umask() -> int:
    """What new files of the program do not get: as if it ran on the host."""
    try:
        with open("/proc/self/status", "rb") as file:
            return next((int(line.split()[1], 8) for line in file if line.startswith(b"Umask:")), 0o022)
    except OSError:
        return 0o022


def guest_path(module: str) -> str:
    """Where the guest sees a boot module."""
    return f"{jdk.BOOT}/{module}"


def _checked_jar(name: str) -> tuple[str, str]:
    """The jar to start and its main class, with java's own complaints."""
    try:
        if not name or not os.access(name, os.R_OK):
            raise UserError(f"Error: Unable to access jarfile {name}")
        manifest = jarhead.read_manifest(name)
    except (ArchiveError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UserError(f"Error: Invalid or corrupt jarfile {name} ({reason})") from None
    if manifest is None:
        raise UserError(f"Error: Invalid or corrupt jarfile {name} (there is no manifest in it)")
    if not manifest.main_class:
        raise UserError(f"no main manifest attribute, in {name}")
    return name, manifest.main_class.strip().replace("/", ".")


def _with_references(jar: str, index: int) -> dict[str, str | bytes]:
    """The jar as app/<index>/…, and the jars and folders that its manifest's Class-Path leads to, placed so
    that their relative URLs hold in the guest (JAR specification, "Class-Path Attribute").  Deliberately left
    out: absolute URLs, which name files of the host; a jar's own folder and those above it, where anything
    may lie beside the jar; and what would take the place of the class library."""
    first = _module_name(index, os.path.basename(jar))
    found: dict[str, str | bytes] = {first: jar}
    todo = [(first, jar)]
    folders: dict[str, str] = {}
    while todo:
        name, path = todo.pop()
        try:
            manifest = jarhead.read_manifest(path)
        except (ArchiveError, OSError):
            continue                         # the guest's class loader skips it as well
        for url in manifest.class_path if manifest is not None else ():
            relative = _unquoted(url)
            target = os.path.join(os.path.dirname(path), relative)
            module = os.path.normpath(os.path.join(os.path.dirname(name), relative))
            folder = url.endswith("/") and os.path.isdir(target)
            if ":" in url or url.startswith("/") or module.startswith("..") or not (folder or os.path.isfile(target)):
                continue
            if folder and f"{os.path.dirname(name)}/".startswith(f"{module}/") or f"{module}/".startswith(jdk.PREFIX):
                continue
            if len(os.fsencode(module)) > NAME_MAX - folder:
                raise UserError(f"Error: {path}: the Class-Path entry {url} is too long for the guest, "
                                f"at most {NAME_MAX} bytes as {module}")
            if folder:
                folders[module] = target
            elif module not in found:
                found[module] = target
                todo.append((module, target))
    for module, target in sorted(folders.items()):
        if not any(f"{module}/".startswith(outer) for outer in found if outer.endswith("/")):
            from demitasse.runtime.boot_folder import pack_folder

            found[f"{module}/"] = pack_folder(target, {name.removeprefix(f"{module}/") for name in found})
    return found


def _unquoted(url: str) -> str:
    if "%" not in url:
        return url
    from urllib.parse import unquote

    return unquote(url)


def _class_path(request: Request) -> tuple[dict[str, str | bytes], str]:
    """Boot modules and guest class path for -cp, $CLASSPATH or the current folder."""
    given = request.class_path
    if given is None:
        given = os.environ.get("CLASSPATH") or "."
    modules: dict[str, str | bytes] = {}
    paths: list[str] = []
    for element in _elements(given):
        if os.path.isdir(element):
            from demitasse.runtime.boot_folder import pack_folder

            name = _module_name(len(paths), os.path.basename(os.path.abspath(element)) or "root", NAME_MAX - 1)
            modules[f"{name}/"] = pack_folder(element)
        elif os.path.isfile(element) and os.access(element, os.R_OK):
            name = _module_name(len(paths), os.path.basename(element))
            modules.update(_with_references(element, len(paths)))
        else:
            continue                         # as java does
        paths.append(guest_path(name))
    return modules, ":".join(paths)


def _elements(class_path: str) -> list[str]:
    """The elements of a class path, with DIR/* expanded and the empty element as the current folder."""
    found = []
    for element in class_path.split(":"):
        if element == "*" or element.endswith("/*"):
            folder = element[:-1] or "."
            if os.path.isdir(folder):
                found += sorted(os.path.join(folder, name) if folder != "." else name
                                for name in os.listdir(folder) if name.endswith((".jar", ".JAR")))
        else:
            found.append(element or ".")
    return found


def _module_name(index: int, base: str, most: int = NAME_MAX) -> str:
    """`app/<index>/<base>`, shortened in front of the suffix where the guest's limit asks for it."""
    prefix = f"app/{index}/"
    stem, suffix = os.path.splitext(base)
    room = most - len(prefix) - len(os.fsencode(suffix))
    while len(os.fsencode(stem)) > room and stem:
        stem = stem[:-1]
    return prefix + stem + suffix
