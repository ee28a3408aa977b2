"""`demitasse cc`: compiles and links as gcc does, for a guest; refuses what a guest cannot have; checks what it links."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from demitasse.cabi import cc, linked, syscalls, traps
from demitasse.cabi.musl import headers, source, sysroot

from . import building, sources
from .catalogue import HELLO

HELLO_C = "#include <stdio.h>\nint main(int argc, char **argv) { printf(\"hello %d %s\\n\", argc, argc > 1 ? argv[1] : \"-\"); return 7; }\n"


def run_cc(*words: str | Path, kind: str = "guest", cwd: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    building.sysroot(kind)
    return subprocess.run([building.compiler(), *map(str, words)], cwd=cwd, input=stdin, capture_output=True, text=True,
                          env=building.environment(kind), timeout=120)


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    (tmp_path / "hello.c").write_text(HELLO_C)
    return tmp_path


def dynamic(program: Path) -> tuple[set[str], set[str]]:
    """Undefined names and kinds of relocations of a program."""
    with program.open("rb") as file:
        elf = ELFFile(file)
        names = {s.name for s in elf.get_section_by_name(".dynsym").iter_symbols() if s["st_shndx"] == "SHN_UNDEF" and s.name}
        return names, {r["r_info_type"] for r in elf.get_section_by_name(".rela.dyn").iter_relocations()}


@pytest.mark.parametrize("options", [[], ["-static"], ["-static-pie"], ["-no-pie", "-fno-pie"], ["-pthread", "-lm", "-lrt", "-ldl", "-lpthread"],
                                     ["-std=c11", "-g", "-Wl,-E"], ["-flto"], ["-O3", "-march=x86-64-v3", "-s"]], ids=" ".join)
def test_a_program_is_ours(hello: Path, options: list[str]) -> None:
    done = run_cc("-O1", *options, "hello.c", "-o", "hello", cwd=hello)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    data = (hello / "hello").read_bytes()
    headers_of = linked.program_headers(data)
    assert struct.unpack_from("<H", data, 16)[0] == 3 and not any(kind == linked.PT_INTERP for kind, *_ in headers_of)
    assert linked.NOTE in data
    names, kinds = dynamic(hello / "hello")
    assert names and names <= set(syscalls.EXPORTS)
    assert kinds <= {1, 6, 7, 8}                     # 64, GLOB_DAT, JUMP_SLOT, RELATIVE
    assert not linked.traps(str(hello / "hello"), data)


def test_for_linux(hello: Path) -> None:
    assert run_cc("--for-linux", "hello.c", "-o", "hello", cwd=hello).returncode == 0
    assert run_cc("hello.c", "-o", "again", cwd=hello, kind="linux").returncode == 0
    for name in ("hello", "again"):
        done = subprocess.run([f"./{name}", "x"], cwd=hello, capture_output=True, text=True)
        assert (done.stdout, done.returncode) == ("hello 2 x\n", 7)


def test_stages(hello: Path) -> None:
    assert "printf" in run_cc("-E", "hello.c", cwd=hello).stdout
    assert run_cc("-S", "hello.c", cwd=hello).returncode == 0 and "main:" in (hello / "hello.s").read_text()
    assert run_cc("-c", "hello.s", cwd=hello).returncode == 0
    assert run_cc("-MD", "-MF", "dep", "-c", "hello.c", cwd=hello).returncode == 0
    found = (hello / "dep").read_text()
    assert f"{building.sysroot('guest')}/include/stdio.h" in found and "/usr/include" not in found
    assert "hello.o:" in run_cc("-MM", "hello.c", cwd=hello).stdout
    assert run_cc("hello.o", cwd=hello).returncode == 0 and (hello / "a.out").exists()
    assert run_cc("-r", "hello.o", "-o", "more.o", cwd=hello).returncode == 0
    assert run_cc("-x", "c", "-", "-o", "piped", cwd=hello, stdin=HELLO_C).returncode == 0 and (hello / "piped").exists()


def test_answers(hello: Path) -> None:
    assert run_cc("-dumpmachine").stdout == "x86_64-linux-musl\n"
    assert run_cc("-print-sysroot").stdout.strip() == building.sysroot("guest")
    assert run_cc("-print-file-name=libc.a").stdout.strip() == f"{building.sysroot('guest')}/lib/libc.a"
    assert Path(run_cc("-print-libgcc-file-name").stdout.strip()).exists()
    assert "Free Software Foundation" in run_cc("--version").stdout and "musl" in run_cc("--version").stdout
    assert "demitasse run" in run_cc("--help").stdout
    assert run_cc("-v").returncode == 0
    assert "#define __demitasse__ 1" in run_cc("-dM", "-E", "-x", "c", os.devnull).stdout


def test_response_files(hello: Path) -> None:
    (hello / "inner").write_text("'hello.c' -no-pie\n")
    (hello / "outer").write_text("-O2 @inner -o \"with space\"\n")
    assert run_cc("@outer", cwd=hello).returncode == 0
    assert linked.NOTE in (hello / "with space").read_bytes()
    (hello / "empty.c").write_text("")
    assert run_cc("-c", "empty.c", cwd=hello).returncode == 0
    (hello / "long").write_text("././././././././././empty.o\n" * 5000 + "hello.c -o long.elf")
    assert run_cc("@long", cwd=hello).returncode == 0 and (hello / "long.elf").exists()


@pytest.mark.parametrize(("words", "message"), [
    (["-shared", "hello.c"], "-shared: there are no shared libraries in a guest"),
    (["-m32", "hello.c"], "-m32: programs are x86-64 code"),
    (["-fsanitize=address", "hello.c"], "-fsanitize=address: gcc's run time"),
    (["-c", "hello.cpp"], "hello.cpp: only C and assembly"),
    (["-x", "c++", "-c", "hello.c"], "-x c++: only C and assembly"),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_refused(hello: Path, words: list[str], message: str) -> None:
    done = run_cc(*words, cwd=hello)
    assert done.returncode == 1
    assert done.stderr.startswith(f"demitasse cc: error: {message}") and done.stderr.count("\n") == 1


def test_trap_is_found_and_named(hello: Path) -> None:
    (hello / "raw.c").write_text("long raw(void) { long r; __asm__ volatile (\"syscall\" : \"=a\"(r) : \"a\"(39) : \"rcx\", \"r11\"); return r; }\n")
    (hello / "main.c").write_text("long raw(void); int main(void) { return raw() > 0; }\n")
    assert run_cc("-c", "raw.c", cwd=hello).returncode == 0
    done = run_cc("main.c", "raw.o", "-o", "prog", cwd=hello)
    assert done.returncode == 1 and not (hello / "prog").exists()
    assert done.stderr == ("demitasse cc: error: prog: `syscall` in raw of raw.o: a system call by instruction has no kernel to go to; "
                           "call the C library's function, or syscall(), instead\n")


def test_bytes_of_a_trap_in_other_instructions(hello: Path) -> None:
    """0f 05 within a constant is no instruction."""
    (hello / "main.c").write_text("unsigned f(unsigned x) { return x ^ 0x0f050f05u; } int main(int c, char **v) { return f(c) == 0; }\n")
    assert run_cc("-O2", "main.c", "-o", "prog", cwd=hello).returncode == 0
    assert any(pattern in (hello / "prog").read_bytes() for pattern in traps.BYTES)


def test_kernel_has_not(hello: Path) -> None:
    (hello / "main.c").write_text("long cabi_nothing(void); int main(void) { return cabi_nothing(); }\n")
    done = run_cc("main.c", cwd=hello)
    assert done.returncode == 1 and "undefined reference to `cabi_nothing'" in done.stderr


def test_headers_of_this_machine_stay_out(hello: Path) -> None:
    (hello / "kernel.c").write_text("#include <linux/fs.h>\n")
    done = run_cc("-c", "-I/usr/include", "kernel.c", cwd=hello)
    assert done.returncode == 1
    assert "warning: /usr/include left out" in done.stderr
    assert "<linux/fs.h> is a header of the Linux kernel" in done.stderr


def test_not_our_start(hello: Path) -> None:
    (hello / "start.c").write_text("void _start(void) { for (;;); }\n")
    done = run_cc("-nostdlib", "start.c", cwd=hello)
    assert done.returncode == 1 and "without our start file" in done.stderr


def test_gcc_speaks_for_itself(hello: Path) -> None:
    (hello / "wrong.c").write_text("int main(void) { return x; }\n")
    done = run_cc("wrong.c", cwd=hello)
    assert done.returncode == 1 and "'x' undeclared" in done.stderr.replace("‘", "'").replace("’", "'")
    assert run_cc("-c", "missing.c", cwd=hello).returncode != 0
    assert run_cc("--no-such-option", "hello.c", cwd=hello).returncode != 0


def test_imports_little() -> None:
    """Every compilation pays for what the driver imports."""
    code = ("import sys; bare = set(sys.modules); from demitasse.runtime.cli import main; from demitasse.cabi import cc; cc.sysroot('guest'); "
            "print(*sorted(set(sys.modules) - bare))")
    building.sysroot("guest")
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=building.environment("guest")).stdout.split()
    assert len(names) < 20, names
    assert not {"re", "subprocess", "shutil", "pathlib", "dataclasses", "demitasse.cabi.syscalls"} & set(names), names


def test_autoconf() -> None:
    """A configure script of autoconf's can run its probes, and make makes a program for a guest."""
    try:
        tree = building.built("hello", HELLO, ("./configure -q >log 2>&1", "make -s >log 2>&1"), "guest")
    except sources.Missing as missing:
        pytest.skip(str(missing))
    assert linked.NOTE in (tree / "hello").read_bytes()
    assert re.search(r"cross compiling\n(?:.*\n){1,9}.*result: no", (tree / "config.log").read_text())


def test_probes_of_configure_run_here(hello: Path) -> None:
    (hello / "conftest.c").write_text(HELLO_C)
    assert run_cc("-o", "conftest", "conftest.c", "-lm", cwd=hello).returncode == 0
    assert subprocess.run(["./conftest"], cwd=hello, capture_output=True).returncode == 7
    assert run_cc("conftest.c", cwd=hello).returncode == 0                      # old ones ask for the name of its output
    assert subprocess.run(["./a.out"], cwd=hello, capture_output=True).returncode == 7
    assert run_cc("-o", "conftest", "hello.c", cwd=hello).returncode == 0
    assert linked.NOTE in (hello / "conftest").read_bytes()


# The library

def test_generated_types() -> None:
    text = headers.alltypes("TYPEDEF unsigned _Addr size_t;\nSTRUCT iovec { void *iov_base; };\n#define X 1\n")
    assert "#if defined(__NEED_size_t) && !defined(__DEFINED_size_t)\ntypedef unsigned _Addr size_t;\n#define __DEFINED_size_t\n#endif" in text
    assert "struct iovec { void *iov_base; };\n#define __DEFINED_struct_iovec" in text and "#define X 1" in text


def test_table_has_musls_numbers() -> None:
    template = (source.fetch() / "arch/x86_64/bits/syscall.h.in").read_text()
    assert {row.name: row.number for row in syscalls.TABLE} == headers.numbers(template)


def test_direct_calls_are_calls(tmp_path: Path) -> None:
    """A system call that the table calls direct is bound by name; the others go through cabi_syscall."""
    text = tmp_path / "a.c"
    text.write_text("#include <unistd.h>\n#include <sys/stat.h>\nint main(void) { char b; return lseek(0, 0, 0) + pwrite(1, &b, 1, 0) + mkdir(\"x\", 0); }\n")
    names, _ = dynamic(building.compile_one(text, "guest", tmp_path / "a"))
    assert {"cabi_lseek", "cabi_syscall"} <= names
    code = subprocess.run(["objdump", "-d", "--disassemble=lseek", str(tmp_path / "a")], capture_output=True, text=True).stdout
    assert "syscall\n" not in code


def test_library_does_not_trap() -> None:
    sysroot.check(Path(building.sysroot("guest")) / "lib" / "libc.a")
    with pytest.raises(Exception, match="syscall in the C library"):
        sysroot.check(Path(building.sysroot("linux")) / "lib" / "libc.a")


def test_same_library_twice() -> None:
    """Both sysroots have the same headers and the same functions, but for what the seam adds."""
    functions, includes = [], []
    for kind in building.KINDS:
        root = Path(building.sysroot(kind))
        listing = subprocess.run(["nm", "--defined-only", "--extern-only", str(root / "lib/libc.a")], capture_output=True, text=True).stdout
        functions.append(set(re.findall(r"^[0-9a-f]+ [TWVDBR] (\w+)$", listing, re.M)))
        includes.append({str(p.relative_to(root)): p.read_bytes() for p in (root / "include").rglob("*.h")})
    linux, guest = functions
    assert linux - guest == {"__vdsosym"}            # looks for Linux's own code in the program
    assert guest - linux == {"__mmap_stack"}         # pthread_create's way to mmap (seam/thread.S)
    assert includes[0] == includes[1]


def test_pinned_package_is_checked(tmp_path: Path) -> None:
    wheel = tmp_path / "ziglang.whl"
    wheel.write_bytes(b"something else")
    with pytest.raises(Exception, match="has SHA-256"):
        source.unpack(wheel, tmp_path / "tree")
    assert not (tmp_path / "tree").exists()


def test_command_line_options_with_values() -> None:
    """No value of an option is taken for a source."""
    line = cc.CommandLine(["-o", "out.c", "-I", "a.c", "-MF", "b.c", "-include", "c.c", "real.c", "-Wl,-z,now"])
    assert line.inputs == ["real.c"] and line.output == "out.c" and line.links
    assert not cc.CommandLine(["-v"]).links and not cc.CommandLine(["x.c", "-c"]).links


def test_library_neither_halts_nor_pauses() -> None:
    """Ring 0 would go on behind HLT; and a pause on the only processor waits for nobody."""
    listing = subprocess.run(["objdump", "-d", "--no-show-raw-insn", str(Path(building.sysroot("guest"), "lib/libc.a"))],
                             capture_output=True, text=True, check=True).stdout
    assert not re.findall(r":\t(?:hlt|pause)\b", listing)


def test_cache_that_cannot_be_written(hello: Path) -> None:
    """One line says so."""
    blocked = hello / "cache"
    blocked.write_text("a file")
    done = subprocess.run([building.compiler(), "hello.c"], cwd=hello, env={**building.environment("guest"), "XDG_CACHE_HOME": str(blocked)},
                          capture_output=True, text=True)
    assert done.returncode == 1 and "cannot be kept in" in done.stderr and done.stderr.count("\n") == 1
