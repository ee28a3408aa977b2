"""`demitasse cc`: gcc, as it compiles and links programs for a guest.

Everything is gcc's own business but: the sysroot (headers, start files, libraries: through a specs file), what a guest
cannot have (refused by name), and a look at what was linked.

Invariant: nothing of this machine's own headers and libraries gets into a program unless an -I or -L names it; /usr/include
never does.

Invariant: a program that leaves here has our note and no instruction that traps; but for the probes of a configure script, which are
for this machine.

This runs once for each compilation: it imports nothing that it does not need.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from demitasse.cabi import toolchain
from demitasse.runtime.errors import UserError

#: Set, it is --for-linux for every command: for makefiles that leave no room for it.
FOR_LINUX = "DEMITASSE_CC_FOR_LINUX"
#: What autoconf calls its probes.
PROBE = "conftest"
DEFAULT_OUTPUT = "a.out"
MACHINE = "x86_64-linux-musl"
#: Options whose value is the next word, of which none is a file to compile.
WITH_VALUE = frozenset((
    "-o", "-x", "-I", "-L", "-l", "-D", "-U", "-A", "-B", "-T", "-u", "-z", "-e", "-G", "-include", "-imacros", "-isystem", "-idirafter",
    "-iquote", "-iprefix", "-iwithprefix", "-iwithprefixbefore", "-isysroot", "-MF", "-MT", "-MQ", "-Xlinker", "-Xassembler",
    "-Xpreprocessor", "-aux-info", "--param", "-wrapper", "-dumpbase", "-dumpbase-ext", "-dumpdir"))
#: With one of these nothing is linked.
NO_LINK = frozenset(("-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-###", "--help", "--target-help", "--version"))
#: What a program is in any case, or is never: position-independent, and linked whole.
DROPPED = frozenset(("-static", "-static-pie", "--static", "-no-pie", "-nopie", "-fno-pie", "-fno-PIE", "-fno-pic", "-fno-PIC"))
REFUSED = {
    "-shared": "there are no shared libraries in a guest; link everything into the program",
    "-m32": "programs are x86-64 code", "-mx32": "programs are x86-64 code", "-m16": "programs are x86-64 code",
    "-fsplit-stack": "threads' stacks grow by themselves",
    "-pg": "there is no profiling run time; demitasse run --stats samples a guest",
}
CXX = (".cc", ".cpp", ".cxx", ".c++", ".C", ".cp", ".CPP")
#: Folders of this machine's own headers: made for another C library.
HOST_HEADERS = ("/usr/include", "/usr/include/x86_64-linux-gnu", "/usr/local/include")

#: Folders of headers that are the Linux kernel's.
KERNEL_HEADERS = "linux|asm|asm-generic|drm|mtd|rdma|sound|video|xen"

HELP = """\
demitasse cc [--for-linux] ARGUMENTS OF GCC

gcc for programs of a guest: C and assembly, with musl as C library; -pthread, -lm and the like are in it.
    demitasse cc -O2 -o prog prog.c && demitasse run prog
    CC="demitasse cc" ./configure && make
demitasse-cc is the same command as one word.

  --for-linux           with the same C library, a static program of this machine, to compare with; so does
                        the environment variable DEMITASSE_CC_FOR_LINUX
  -print-sysroot        the folder of headers and libraries
  -print-multiarch, -dumpmachine, -print-file-name=F, -v, …   as gcc, which has more: gcc --help
"""


def cc_main(arguments: Sequence[str]) -> int:
    """Run one command line of a compiler; the exit code."""
    words = _expanded(arguments)
    kind = "linux" if os.environ.get(FOR_LINUX) else "guest"
    if "--for-linux" in words:
        kind = "linux"
        words = [word for word in words if word != "--for-linux"]
    if not words or words == ["--help"]:
        sys.stdout.write(HELP)
        return 0 if words else 1
    answer = _answer(words, kind)
    if answer is not None:
        sys.stdout.write(answer)
        return 0
    line = CommandLine(words)
    line.refuse()
    if line.is_probe():
        kind = "linux"
    gcc = toolchain.find("gcc")
    command = [gcc, f"-specs={sysroot(kind)}/cc.specs", *line.kept]
    code = _run(command)
    if code:
        _explain(line)
    elif line.links and kind == "guest":
        from demitasse.cabi import linked

        linked.check(line.output, command)
    return code


class CommandLine:
    """What of gcc's command line matters here.

    words     all of it, response files read
    kept      what gcc gets
    inputs    sources, objects and libraries that are named as files
    output    of the link
    links     whether a program comes out
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.kept: list[str] = []
        self.inputs: list[str] = []
        self.output = DEFAULT_OUTPUT
        self.cxx = ""
        self.links = True
        rest = iter(words)
        for word in rest:
            value = next(rest, None) if word in WITH_VALUE else None
            if word in NO_LINK or word.startswith(("-print-", "-dump", "--print-", "--help=")) or word == "-r":
                self.links = False
            if word == "-o" and value is not None:
                self.output = value
            elif word.startswith("-o") and word not in WITH_VALUE:
                self.output = word[2:]
            elif word in DROPPED:
                continue
            elif self._of_this_machine(word, value):
                path = value if value is not None else word[2:]
                print(f"demitasse cc: warning: {path} left out: its headers are for this machine's own C library", file=sys.stderr)
                continue
            elif word == "-x" and value is not None and value.startswith(("c++", "objective-c++", "f77", "f95", "ada", "d", "go")):
                self.cxx = f"-x {value}"
            elif not word.startswith("-"):
                self.inputs.append(word)
                if word.endswith(CXX):
                    self.cxx = word
            self.kept.append(word)
            if value is not None:
                self.kept.append(value)
        self.links = self.links and bool(self.inputs or "-" in self.kept)

    @staticmethod
    def _of_this_machine(word: str, value: str | None) -> bool:
        path = value if word in ("-I", "-isystem", "-idirafter") else word[2:] if word.startswith("-I") else None
        return path is not None and os.path.normpath(path or ".") in HOST_HEADERS

    def is_probe(self) -> bool:
        """Is this autoconf linking one of its probes?  It runs them, so they are linked for this machine, with the same C library."""
        return self.links and os.path.basename(self.output) in (PROBE, DEFAULT_OUTPUT) and any(
            os.path.splitext(os.path.basename(name))[0] == PROBE for name in self.inputs)

    def refuse(self) -> None:
        """Raise UserError for what a guest cannot have."""
        for word in self.words:
            if word in REFUSED:
                raise UserError(f"demitasse cc: error: {word}: {REFUSED[word]}")
            if self.links and word.startswith("-fsanitize=") and "-fsanitize-undefined-trap-on-error" not in self.words:
                raise UserError(f"demitasse cc: error: {word}: gcc's run time for it is made for this machine's C library; "
                                "try the program with gcc first, or undefined behaviour with -fsanitize-undefined-trap-on-error")
        if self.cxx:
            raise UserError(f"demitasse cc: error: {self.cxx}: only C and assembly; there is no run time of other languages")


def sysroot(kind: str) -> str:
    """The folder of the sysroot, built now if need be.

    The digest that names it takes as long as a small compilation, so the name is remembered beside what it depends on.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    musl = os.path.join(here, "musl")
    seam = os.path.join(musl, "seam")
    files = [toolchain.find("gcc"), os.path.join(here, "syscalls.py")]
    files += [os.path.join(folder, name) for folder in (musl, seam) for name in sorted(os.listdir(folder)) if name.endswith((".py", ".S"))]
    wanted = "\n".join(map(toolchain.identity, files))
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    memory = os.path.join(base, "demitasse", "c", "known", kind + here.replace("/", "-")[-200:])
    try:
        with open(memory, encoding="utf-8", errors="surrogateescape") as file:
            known, _, folder = file.read().rpartition("\n\n")
        if known == wanted and os.path.exists(f"{folder}/cc.specs"):
            return folder
    except OSError:
        pass
    try:
        folder = _built(kind)
        os.makedirs(os.path.dirname(memory), exist_ok=True)
        fresh = f"{memory}.{os.getpid()}"
        with open(fresh, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(f"{wanted}\n\n{folder}")
        os.replace(fresh, memory)
    except OSError as error:
        raise UserError(f"Error: the C library cannot be kept in {base}/demitasse: {error.strerror or error} (XDG_CACHE_HOME names another place)") from None
    return folder


def _built(kind: str) -> str:
    from demitasse.cabi.musl import show

    return str(show.build(kind))


def _answer(words: Sequence[str], kind: str) -> str | None:
    """What gcc would answer wrongly of itself."""
    last = words[-1]
    if last == "-dumpmachine" or last == "-print-multiarch":
        return MACHINE + "\n"
    if last in ("-print-sysroot", "--print-sysroot"):
        return sysroot(kind) + "\n"
    if last.startswith("-print-file-name="):
        own = os.path.join(sysroot(kind), "lib", last.partition("=")[2])
        return own + "\n" if os.path.exists(own) else None
    if "--version" in words:
        import subprocess

        from demitasse import __version__

        gcc = subprocess.run([toolchain.find("gcc"), "--version"], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
        first, _, rest = gcc.stdout.partition("\n")
        return f"demitasse-cc ({__version__}: musl, {first})\n{rest}"
    return None


def _run(command: list[str]) -> int:
    # A long line (from a response file) is too much for the system: gcc reads it from a file then, as it came.
    if sum(map(len, command)) > 100_000:
        import tempfile

        with tempfile.NamedTemporaryFile("w", suffix=".rsp", encoding="utf-8", errors="surrogateescape") as file:
            file.writelines('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"\n' for word in command[2:])
            file.flush()
            return _run([*command[:2], f"@{file.name}"])
    pid = os.posix_spawn(command[0], command, os.environ)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xff


def _expanded(arguments: Sequence[str], depth: int = 0) -> list[str]:
    """The words, with response files in place of their names, as gcc reads them."""
    words: list[str] = []
    for word in arguments:
        if word.startswith("@") and depth < 10 and os.path.isfile(word[1:]):
            import shlex

            with open(word[1:], encoding="utf-8", errors="surrogateescape") as file:
                words += _expanded(shlex.split(file.read()), depth + 1)
        else:
            words.append(word)
    return words


def _explain(line: CommandLine) -> None:
    """After a failure: say which headers are missing because they are the Linux kernel's."""
    import re

    for name in line.inputs:
        if name.endswith((".c", ".h", ".S", ".i")):
            try:
                with open(name, encoding="utf-8", errors="replace") as file:
                    found = re.findall(rf"^[ \t]*#[ \t]*include[ \t]*<((?:{KERNEL_HEADERS})/[^>]*)>", file.read(), re.M)
            except OSError:
                continue
            for header in found:
                print(f"demitasse cc: note: {name}: <{header}> is a header of the Linux kernel, not of the C library, and a guest has no "
                      "Linux; `demitasse adapt` says what to write instead", file=sys.stderr)
