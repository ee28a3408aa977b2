"""`demitasse adapt`: sees what will not work, at its line, and nothing else; knows objects too."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demitasse.cabi import syscalls
from demitasse.cabi.adapt import csource, facts, objects, report
from demitasse.runtime.errors import UserError

from . import building

BAD = Path(__file__).resolve().parent / "adapt" / "bad.c"
#: Functions that musl does have, though a fact calls them missing, would be found here.
MISSING = ("glibc's own", "not in musl", "musl has no")


def adapt(*paths: str | Path, as_json: bool = False, everything: bool = False) -> tuple[str, int]:
    out = io.StringIO()
    code = report.adapt_main([str(path) for path in paths], as_json=as_json, everything=everything, out=out)
    return out.getvalue(), code


def test_every_marked_line_and_no_other() -> None:
    wanted = {(number, *match.groups()) for number, line in enumerate(BAD.read_text().splitlines(), 1)
              if (match := re.search(r"// (blocks|differs): (.*)$", line))}
    found, _ = report.collect([str(BAD)])
    assert {(f.line, f.fact.level, f.what) for f in found if f.fact.level != "note"} == wanted


def test_code_says_whether_something_blocks(tmp_path: Path) -> None:
    fine = tmp_path / "fine.c"
    fine.write_text("int main(void) { return printf(\"hello\\n\"); }\n")
    differs = tmp_path / "differs.c"
    differs.write_text("int main(void) { setuid(0); }\n")
    assert adapt(BAD)[1] == 1
    assert adapt(fine) == ("1 files: 0 block, 0 differ, 0 notes\n", 0)
    assert adapt(differs)[1] == 0
    assert f"{differs}:1: differs: setuid()" in adapt(tmp_path)[0]


def test_json(tmp_path: Path) -> None:
    text, code = adapt(BAD, as_json=True)
    found = json.loads(text)
    assert code == 1 and found["files"] == 1 and found["blocks"] == sum(row["level"] == "blocks" for row in found["findings"])
    assert {"file", "line", "what", "level", "why", "instead"} == set(found["findings"][0])


def test_what_cannot_be_read(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\0\0")
    with pytest.raises(UserError, match="neither C source nor ELF"):
        adapt(picture)
    with pytest.raises(UserError, match="no such file"):
        adapt(tmp_path / "missing")


def test_own_function_of_another_file(tmp_path: Path) -> None:
    """A tree that defines the function calls its own."""
    (tmp_path / "a.c").write_text("int daemon(int a, int b)\n{\n\treturn a + b;\n}\n")
    (tmp_path / "b.c").write_text("int main(void) { return daemon(1, 2); }\n")
    assert adapt(tmp_path)[1] == 0
    assert adapt(tmp_path / "b.c")[1] == 1


@given(st.text(alphabet="#ifdef_WIN32\n \"'/*\\x0(){}", max_size=200))
def test_tokens_keep_lines(text: str) -> None:
    """Whatever the text, the reader comes to its end and lines are lines of the text."""
    lines = text.count("\n") + 1
    assert all(1 <= token.line <= lines for token in csource.tokens(text))


def test_every_call_that_is_not_there_is_known() -> None:
    calls = facts.of_calls()
    for row in syscalls.TABLE:
        if row.state == "none" and row.name not in facts.NOT_FUNCTIONS:
            names = facts.FUNCTIONS_OF.get(row.name, (row.name,))
            assert all(calls[name].level in ("blocks", "differs") for name in names), row
    names = {row.name for row in syscalls.TABLE}
    assert {name for table in (facts.FUNCTIONS_OF, facts.SOFT, facts.RARE, facts.INSTEAD) for name in table} <= names


def test_missing_functions_are_missing() -> None:
    """What a fact says the C library has not, it has not; what it reaches a call by, it has."""
    library = Path(building.sysroot("guest")) / "lib" / "libc.a"
    listing = subprocess.run(["nm", "--defined-only", str(library)], capture_output=True, text=True).stdout
    there = set(re.findall(r"^[0-9a-f]+ [TWVDBR] (\w+)$", listing, re.M))
    for fact in facts.of_calls().values():
        if fact.why.startswith(MISSING):
            assert fact.subject not in there, fact
    headers = Path(building.sysroot("guest")) / "include"
    for name, fact in facts.HEADERS.items():
        assert not (headers / name).exists(), fact


def test_objects(tmp_path: Path) -> None:
    text = tmp_path / "a.c"
    text.write_text("int fork(void); long f(void) { long r; __asm__ volatile(\"syscall\" : \"=a\"(r) : \"a\"(39) : \"rcx\", \"r11\"); return r + fork(); }\n"
                    "static int x; int *g(void) { return &x; }\n")
    for name, options in (("pic.o", ["-fPIC"]), ("fixed.o", ["-fno-pie"])):
        subprocess.run(["gcc", "-O1", "-c", *options, "-o", str(tmp_path / name), str(text)], check=True)
    subprocess.run(["ar", "rc", str(tmp_path / "lib.a"), str(tmp_path / "pic.o")], check=True)
    whats = {f.what for f in objects.read("pic.o", (tmp_path / "pic.o").read_bytes())}
    assert whats == {"fork()", "syscall in f"}
    whats = {f.what for f in objects.read("fixed.o", (tmp_path / "fixed.o").read_bytes())}
    assert "R_X86_64_32 (1 times)" in whats
    found = objects.read("lib.a", (tmp_path / "lib.a").read_bytes())
    assert {f.file for f in found} == {"lib.a(pic.o)"} and {f.what for f in found} == {"fork()", "syscall in f"}


def test_programs(tmp_path: Path) -> None:
    text = tmp_path / "a.c"
    text.write_text("#include <stdio.h>\nint main(void) { return puts(\"x\") < 0; }\n")
    assert adapt(building.compile_one(text, "guest", tmp_path / "ours"))[1] == 0
    text_of, code = adapt(building.compile_one(text, "linux", tmp_path / "linux"))
    assert code == 1 and "no note of ours" in text_of and "syscall in" in text_of
    subprocess.run(["gcc", "-o", str(tmp_path / "dynamic"), str(text)], check=True)
    text_of, code = adapt(tmp_path / "dynamic")
    assert code == 1 and "asks for /lib" in text_of


@given(st.data())
def test_damaged_objects_are_no_crash(data: st.DataObject) -> None:
    whole = bytearray(Path("/proc/self/exe").read_bytes()[:3000])
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(4, len(whole) - 1))] = data.draw(st.integers(0, 255))
    objects.read("damaged", bytes(whole))


def test_what_a_program_brings_itself(tmp_path: Path) -> None:
    """Functions and headers that glibc has and a program brings: in its sources, its objects, and when it is linked."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "obstack.in.h").write_text("int own_obstack;\n")
    (tmp_path / "lib" / "fts.h").write_text("void *fts_open(char *const *names, int how);\n")
    (tmp_path / "lib" / "fts.c").write_text("#include <fts.h>\nvoid *fts_open(char *const *names, int how) { return how ? 0 : (void *)names; }\n")
    (tmp_path / "main.c").write_text("#include <fts.h>\n#include <stdio.h>\nint main(void) { return popen(\"a\", \"r\") == fts_open(0, 0); }\n")
    (tmp_path / "use.h").write_text("#include <obstack.h>\n#include <mcheck.h>\n")
    for name in ("lib/fts", "main"):
        building.compile_one(tmp_path / f"{name}.c", "guest", tmp_path / f"{name}.o", "-c", f"-I{tmp_path}/lib")
    building.compile_one(tmp_path / "main.c", "guest", tmp_path / "program", f"-I{tmp_path}/lib", str(tmp_path / "lib/fts.c"))
    found, _ = report.collect([str(tmp_path), str(tmp_path / "program")])
    assert [(Path(f.file).name, f.what) for f in found if f.fact.level == "blocks"] == [
        ("main.c", "popen()"), ("main.o", "popen()"), ("use.h", "#include <mcheck.h>"), ("program", "popen()")]
