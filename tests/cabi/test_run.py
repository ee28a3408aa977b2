"""`demitasse run` of C programs: what the command itself promises, in each home where it may differ."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from demitasse.cabi.syscalls import TABLE
from tests import tools
from tests.conftest import need_home

from . import building, elves

HOMES = ("process", "kvm", "qemu")


def program(folder: Path, text: str, *options: str) -> str:
    source = folder / "program.c"
    source.write_text(text)
    return str(building.compile_one(source, "guest", folder / "program", "-g", *options))


def run(*args: str, home: str = "process", stdin: bytes = b"") -> tools.Outcome:
    need_home(home)
    return tools.run_demitasse("run", "--home", home, *args, stdin=stdin, timeout=120)


@pytest.mark.parametrize("home", HOMES)
def test_arguments_environment_input_and_code(tmp_path: Path, home: str) -> None:
    text = """
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv, char **envp) {
    char line[100], folder[100];
    for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
    for (int i = 0; envp[i]; i++) printf("{%s}", envp[i]);
    printf("%s %s %d", fgets(line, 100, stdin), getcwd(folder, 100), getpid() > 0);
    fprintf(stderr, "to stderr");
    return 42; }"""
    done = run("--env", "A=b c", "-w", "/tmp", program(tmp_path, text), "x", "", "y z", home=home, stdin=b"input")
    assert (done.out, done.code) == (b"[x][][y z]{A=b c}input /tmp 1", 42)
    assert done.err == b"to stderr"


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize(("body", "number", "says"), [
    ("*(volatile int *)0 = 1;", signal.SIGSEGV, b"SIGSEGV: write of 0x0 (null pointer)"),
    ("abort();", signal.SIGABRT, b"aborted"),
    ("volatile int zero = 0; zero = 12345 / zero;", signal.SIGFPE, b"SIGFPE"),
    ("__builtin_trap();", signal.SIGILL, b"SIGILL"),
    ("deep(0);", signal.SIGSEGV, b"(stack overflow)"),
])
def test_a_crash_names_its_functions(tmp_path: Path, home: str, body: str, number: int, says: bytes) -> None:
    text = f"""
#include <stdlib.h>
int deep(int n) {{ volatile char room[1000]; room[n % 1000] = 1; return deep(n + 1) + room[n % 7]; }}
__attribute__((noinline)) void culprit(void) {{ {body} }}
int main(void) {{ culprit(); return 0; }}"""
    done = run(program(tmp_path, text, "-O0"), home=home)
    assert done.code == 128 + number, done
    assert says in done.err
    assert (b"deep+" if b"overflow" in says else b"culprit+") in done.err


ENDINGS = """
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int deep(int n) { volatile char room[2000]; room[n % 2000] = n; return deep(n + 1) + room[n % 7]; }
static void *run(void *argument) { deep(0); return argument; }
static sigjmp_buf back;
static void on(int number) { siglongjmp(back, number); }
int main(int argc, char **argv) {
    const char *how = argv[1];
    pthread_t thread;
    if (atoi(how)) raise(atoi(how));
    else if (!strcmp(how, "exit")) exit(-1);
    else if (!strcmp(how, "overflow")) deep(0);
    else if (!strcmp(how, "overflow of a thread")) { pthread_create(&thread, 0, run, 0); pthread_join(thread, 0); }
    else if (!strcmp(how, "overflow that is caught")) {
        stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
        struct sigaction action = { .sa_handler = on, .sa_flags = SA_ONSTACK };
        sigaltstack(&stack, 0);
        sigaction(SIGSEGV, &action, 0);
        for (volatile int i = 0; i < 3; i++) if (!sigsetjmp(back, 1)) deep(0); else puts("caught");
    }
    else if (!strcmp(how, "call of nothing")) ((void (*)(void))0)();
    else if (!strcmp(how, "write to a constant")) *(volatile char *)"text" = 1;
    else if (!strcmp(how, "free twice")) { void *volatile p = malloc(10); free(p); free(p); }
    else if (!strcmp(how, "broken pipe")) { int ends[2]; pipe(ends); close(ends[0]); write(ends[1], "x", 1); }
    else if (!strcmp(how, "much stack")) {
        volatile char room[7 << 20];
        for (int i = 0; i < 7 << 20; i += 4096) room[i] = 1;
    }
    puts("end");
    return 0; }"""


def test_programs_end_as_on_linux(tmp_path: Path) -> None:
    """What a shell is told: by every signal, and by what goes wrong."""
    need_home("process")
    (tmp_path / "endings.c").write_text(ENDINGS)
    linux, guest = (building.compile_one(tmp_path / "endings.c", kind, tmp_path / kind, "-O1", "-w", "-fno-optimize-sibling-calls")
                    for kind in building.KINDS)
    for how in ("1", "3", "6", "8", "9", "10", "14", "15", "17", "18", "23", "24", "31", "34", "exit", "overflow", "overflow of a thread",
                "overflow that is caught", "call of nothing", "write to a constant", "free twice", "broken pipe", "much stack"):
        wanted = subprocess.run([str(linux), how], capture_output=True, cwd=tmp_path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
        code = wanted.returncode if wanted.returncode >= 0 else 128 - wanted.returncode
        done = run(str(guest), how)
        assert (done.out, done.code) == (wanted.stdout, code), how


@pytest.mark.parametrize(("send", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_of_the_host(tmp_path: Path, send: signal.Signals, code: int) -> None:
    need_home("process")
    text = """
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
static void on(int number) { printf("got %d\\n", number); exit(3); }
int main(int argc, char **argv) {
    if (argc > 1) { signal(SIGINT, on); signal(SIGTERM, on); }
    puts("ready"); fflush(stdout);
    for (;;) ; }"""
    path = program(tmp_path, text)
    for arguments, wanted, output in (((), code, b"ready\n"), (("handled",), 3, b"ready\ngot %d\n" % send)):
        command = [sys.executable, "-m", "demitasse", "run", "--home", "process", path, *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=tools.ENVIRONMENT) as running:
            assert running.stdout is not None
            first = running.stdout.readline()
            time.sleep(0.05)
            running.send_signal(send)
            assert first + running.stdout.read() == output
        assert running.returncode == wanted


def test_a_trace_shows_calls(tmp_path: Path) -> None:
    text = """
#include <unistd.h>
#include <sys/stat.h>
int main(void) { write(1, "hello\\n", 6); mkdir("/tmp/d", 0750); fork(); return 5; }"""
    done = run("--strace", program(tmp_path, text))
    lines = done.err.decode()
    assert (done.out, done.code) == (b"hello\n", 5)
    assert 'mkdir("/tmp/d", 0750) = 0' in lines
    assert ", 6) = 6" in next(line for line in lines.splitlines() if "write(1, 0x" in line)
    assert "fork() = -38 (not there: " in lines and "posix_spawn" in lines
    assert "exit_group(5) = ?" in lines


def test_fork_fails_with_a_line_that_says_what_to_do(tmp_path: Path) -> None:
    done = run(program(tmp_path, "#include <unistd.h>\n#include <errno.h>\nint main(void) { return fork() == -1 && errno == ENOSYS ? 0 : 1; }"))
    assert done.code == 0 and b"posix_spawn" in done.err and done.err.count(b"\n") == 1


def test_no_trapping_instruction_and_only_exports(tmp_path: Path) -> None:
    """A program has no system call instruction; what it does not define is an export of the kernel."""
    from demitasse.cabi.syscalls import EXPORTS

    path = program(tmp_path, "#include <stdio.h>\nint main(void) { puts(\"x\"); return 0; }")
    names = subprocess.run(["nm", "-D", "--undefined-only", path], capture_output=True, text=True, check=True).stdout.split()
    assert {name for name in names if name.startswith("cabi_")} <= set(EXPORTS)
    assert "cabi_syscall" in names and any(row.direct and f"cabi_{row.name}" in names for row in TABLE)


@pytest.mark.parametrize(("file", "says"), [
    (elves.Elf(note=b"").build(), b"a program for Linux"),
    (elves.Elf(machine=183).build(), b"another machine"),
    (elves.Elf(kind=1).build(), b"not a program"),
    (b"\x7fELF", b"not an ELF file"),
])
def test_what_is_no_program_is_refused_at_once(tmp_path: Path, file: bytes, says: bytes) -> None:
    (tmp_path / "bad").write_bytes(file)
    done = run(str(tmp_path / "bad"))
    assert done.code == 1 and done.out == b"" and says in done.err and done.err.count(b"\n") == 1


@pytest.mark.parametrize("home", HOMES)
def test_what_only_the_guest_can_see_is_refused_there(tmp_path: Path, home: str) -> None:
    (tmp_path / "bad").write_bytes(elves.Elf(relocations=[(1 << 40, 8, 0, 0)]).build())
    done = run(str(tmp_path / "bad"), home=home)
    assert (done.code, done.out) == (126, b"")
    assert done.err.decode() == f"demitasse: {tmp_path / 'bad'}: damaged: a relocation changes what is not the program's data\n"


@pytest.mark.parametrize(("options", "says"), [
    (("-Xmx64m",), "-Xmx"), (("-Da=b",), "-D"), (("-m", "8m"), "Too little memory"), (("-w", "relative"), "absolute"),
])
def test_options_of_java_are_refused(tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    (tmp_path / "program").write_bytes(elves.Elf().build())
    done = run(*options, str(tmp_path / "program"))
    assert done.code == 1 and says in done.err.decode()


def test_a_missing_directory_to_work_in(tmp_path: Path) -> None:
    (tmp_path / "program").write_bytes(elves.Elf().build())
    done = run("-w", "/nowhere", str(tmp_path / "program"))
    assert done.code == 126 and b"/nowhere" in done.err


def test_stats_of_a_program(tmp_path: Path) -> None:
    done = run("--stats", program(tmp_path, "int main(void) { return 0; }"))
    assert done.code == 0 and b"main" in done.err and b"guest memory" in done.err


def test_no_fork_in_clear_words(tmp_path: Path) -> None:
    for call in ("fork", "vfork"):
        done = run(program(tmp_path, f"#define _GNU_SOURCE\n#include <unistd.h>\nint main(void) {{ return {call}() == -1 ? 3 : 0; }}"))
        assert done.code == 3 and b"fork is not there" in done.err and b"posix_spawn" in done.err, call


SURROUNDINGS = r"""
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
int main(void) {
    struct addrinfo *found = 0, hints = { .ai_socktype = SOCK_STREAM };
    char name[100], folder[100], link[40], own[PATH_MAX];
    struct rusage usage;
    int fd;
    gethostname(name, sizeof name);
    printf("%d %d %d\n", getaddrinfo("localhost", "http", &hints, &found), getaddrinfo(name, "80", &hints, &found),
           getaddrinfo("no.such.host", "80", &hints, &found) != 0);
    printf("%s %s\n", getpwuid(0)->pw_name, getpwnam("root")->pw_dir);
    printf("%d\n", realpath("/proc/self/exe", own) && !strcmp(own + strlen(own) - 8, "/program"));
    printf("%d %d %d\n", access("/dev/stdin", R_OK), access("/dev/stderr", W_OK), access("/dev/tty", W_OK));
    fd = open("/tmp", O_RDONLY | O_DIRECTORY);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    printf("%.*s\n", (int)readlink(link, folder, sizeof folder), folder);
    char *volatile room = malloc(20 << 20);
    memset(room, 1, 20 << 20);
    getrusage(RUSAGE_SELF, &usage);
    printf("%d\n", usage.ru_maxrss >= 20480);
    return 0; }
"""


@pytest.mark.parametrize("home", ["process", "kvm"])
def test_what_programs_take_for_granted(tmp_path: Path, home: str) -> None:
    """Names of the machine itself and of its user, the program's own path, its descriptors by name, the most memory used."""
    path = program(tmp_path, SURROUNDINGS)
    done = run(path, home=home)
    assert (done.out, done.code) == (b"0 0 1\nroot /root\n1\n0 0 0\n/tmp\n1\n", 0), done
    folder = tmp_path / "etc"                         # a folder of the host stands for what the guest would make
    folder.mkdir()
    (folder / "passwd").write_text("root:x:0:0::/elsewhere:\n")
    assert run("-v", f"{folder}:/etc:ro", path, home=home).out.splitlines()[1] == b"root /elsewhere"


TERMINAL = r"""
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
int main(void) {
    struct winsize size = { 0 };
    struct termios settings;
    char line[100];
    printf("%d%d%d ", isatty(0), isatty(1), isatty(2));
    printf("%d ", ioctl(1, TIOCGWINSZ, &size));
    printf("%dx%d ", size.ws_row, size.ws_col);
    printf("%d ", tcgetattr(0, &settings));
    printf("%d %d ", tcsetattr(0, TCSANOW, &settings), !!(settings.c_lflag & ICANON));
    settings.c_lflag &= ~ICANON;
    printf("%d ", tcsetattr(0, TCSANOW, &settings));
    printf("%s\n", isatty(0) ? ttyname(0) : "none");
    printf("%s", fgets(line, sizeof line, stdin));
    return 0; }
"""


def test_a_terminal(tmp_path: Path) -> None:
    need_home("process")
    path = program(tmp_path, TERMINAL)
    host, guest = os.openpty()
    fcntl.ioctl(guest, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 99, 0, 0))
    command = [sys.executable, "-m", "demitasse", "run", "--home", "process", path]
    with subprocess.Popen(command, stdin=guest, stdout=guest, stderr=subprocess.DEVNULL, env=tools.ENVIRONMENT) as running:
        os.close(guest)
        seen = b""
        while b"\n" not in seen:                      # a line is seen before the answer to it
            seen += os.read(host, 1000)
        os.write(host, b"an answer\n")
        while seen.count(b"an answer") < 2:           # the terminal's echo, and the program's
            seen += os.read(host, 1000)
    os.close(host)
    assert seen.startswith(b"110 0 33x99 0 0 1 -1 /dev/console\r\n")
    assert running.returncode == 0
    done = run(path, stdin=b"a line")
    assert done.out.startswith(b"000 -1 0x0 -1 -1 ") and done.out.endswith(b"-1 none\na line")
