"""C programs as they come from their makers, built by `demitasse cc`, do in a guest what they do on Linux with the same C library."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from demitasse.cabi import linked
from tests import tools
from tests.conftest import need_home

from . import building, libc_test, sources
from .catalogue import BUILD_LUA, LUA, LUA_PARTS, LUA_PARTS_IN_KVM, LUA_TESTS, PROGRAMS, Program, Run

TIMEOUT = 300.0
HERE = Path(__file__).resolve().parent
OWN = sorted(path.stem for path in (HERE / "src").glob("*.c"))
#: Own programs that are run more than once, with these arguments.
ARGUMENTS: dict[str, tuple[tuple[str, ...], ...]] = {"ends": ((), ("exit",), ("_exit",), ("quick",), ("thread",), ("", "an argument", "*"))}


def run_linux(folder: Path, program: Path, run: Run) -> tools.Outcome:
    done = subprocess.run([str(program), *run.args], input=run.stdin, capture_output=True, cwd=folder, timeout=TIMEOUT,
                          env={**dict(run.env)})
    return tools.Outcome(done.stdout, done.stderr, done.returncode)


def run_guest(folder: Path | None, program: Path, run: Run, home: str = "process") -> tools.Outcome:
    """In a folder of the host, or in /tmp of the guest's own file system."""
    place = ["-v", f"{folder}:{folder}", "-w", str(folder)] if folder else ["-w", "/tmp"]
    env = [word for name, value in run.env for word in ("--env", f"{name}={value}")]
    return tools.run_demitasse("run", "--home", home, *env, *place, str(program), *run.args, stdin=run.stdin, timeout=TIMEOUT)


def need_guest() -> None:
    need_home("process")


def built(program: Program, kind: str) -> Path:
    for name in program.tools:
        if shutil.which(name) is None:
            pytest.skip(f"needs {name} to build {program.name}")
    try:
        return building.built(program.name, program.source, program.commands, kind)
    except sources.Missing as missing:
        pytest.skip(str(missing))


def prepare(program: Program, folder: Path, tree: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in program.files:
        (folder / name).write_bytes(text)
    for name in program.copied:
        shutil.copytree(tree / name, folder / name)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def comparable(program: Program, tree: Path, outcome: tools.Outcome) -> tools.Outcome:
    def plain(text: bytes) -> bytes:
        text = text.replace(str(tree).encode(), b"{built}")
        for pattern, replacement in program.varying:
            text = re.sub(pattern, replacement, text)
        return text

    return tools.Outcome(plain(outcome.out), plain(outcome.err), outcome.code)


def check_same(program: Program, tmp_path: Path, home: str) -> None:
    folder = tmp_path / "run"
    outcomes: list[list[tools.Outcome]] = []
    files = []
    for kind, starter in (("linux", run_linux), ("guest", partial(run_guest, home=home))):
        tree = built(program, kind)
        prepare(program, folder, tree)
        outcomes.append([comparable(program, tree, starter(folder, tree / run.program, run)) for run in program.runs])
        files.append(files_in(folder))
    for name in {run.program for run in program.runs}:
        path = built(program, "guest") / name
        assert not linked.traps(str(path), path.read_bytes())
    for run, wanted, found in zip(program.runs, *outcomes):
        assert wanted.code == run.code, wanted
        assert found == wanted, run
    assert files[1] == files[0]


@pytest.mark.parametrize("program", [
    pytest.param(program, id=program.name, marks=[pytest.mark.slow] if program.slow else []) for program in PROGRAMS])
def test_same_as_on_linux(program: Program, tmp_path: Path) -> None:
    need_guest()
    check_same(program, tmp_path, "process")


@pytest.mark.parametrize("program", [pytest.param(program, id=program.name) for program in PROGRAMS if not program.slow])
def test_same_on_a_virtual_machine(program: Program, tmp_path: Path) -> None:
    """There the kernel reaches the host's folders, the clock and the processor in another way."""
    need_home("kvm")
    check_same(program, tmp_path, "kvm")


@pytest.mark.slow
@pytest.mark.parametrize("home", ["process", "kvm"])
def test_sqlite_in_memory(home: str, tmp_path: Path) -> None:
    """SQLite's shell with the database on ramfs."""
    need_home(home)
    program = next(program for program in PROGRAMS if program.name == "sqlite")
    run = program.runs[0]
    wanted = run_linux(tmp_path, built(program, "linux") / run.program, run)
    assert wanted.code == run.code, wanted
    assert run_guest(None, built(program, "guest") / run.program, run, home) == wanted


@pytest.fixture(scope="session")
def lua_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lua") / "testes"
    try:
        sources.unpacked(LUA_TESTS, folder)
    except sources.Missing as missing:
        pytest.skip(str(missing))
    return folder


@pytest.mark.parametrize(("part", "home"), [*((part, "process") for part in LUA_PARTS), *((part, "kvm") for part in LUA_PARTS_IN_KVM)])
def test_lua_suite(part: str, home: str, lua_tests: Path, tmp_path: Path) -> None:
    """Each part of Lua's own test suite, in its portable form."""
    need_home(home)
    program = Program("lua", LUA, BUILD_LUA, ())
    folder = tmp_path / "run"
    for kind, starter in (("linux", run_linux), ("guest", partial(run_guest, home=home))):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(lua_tests, folder)
        done = starter(folder, built(program, kind) / "src/lua", Run("", ("-e", "_U = true; _port = true; _soft = true", f"{part}.lua"), env=(("PATH", "/bin"),)))
        assert done.code == 0, (kind, done)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_libc_test() -> None:
    """musl's own suite: what passes on Linux passes in a guest, but for what is listed with a reason."""
    need_guest()
    try:
        passed = [name for name, result in libc_test.run_all("linux").items() if result.code == 0]
    except sources.Missing as missing:
        pytest.skip(str(missing))
    failed = {name: result for name, result in libc_test.run_all("guest", passed).items() if result.code != 0}
    assert {name: result for name, result in failed.items() if name not in libc_test.MISSED} == {}
    assert len(passed) - len(failed) >= libc_test.SHARE * len(passed)


@pytest.mark.parametrize("name", OWN)
def test_own_programs(name: str, tmp_path: Path) -> None:
    """Every primitive of POSIX and C11 threads, and what else the kernel does for C: programs in src/ that print what they see."""
    need_guest()
    linux, guest = (building.compile_one(HERE / "src" / f"{name}.c", kind, tmp_path / kind, "-pthread", "-w") for kind in building.KINDS)
    for arguments in ARGUMENTS.get(name, ((),)):
        run = Run("", arguments, env=(("GIVEN", "a value"),))
        for own in (False, True):                    # in a folder of the host, and in the guest's own file system
            if name in ("attributes", "datagrams", "local") and not own:
                continue                             # folders of the host have neither
            folder = tmp_path / "run"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            wanted = run_linux(folder, linux, run)
            assert wanted.code == 0 or arguments, wanted
            shutil.rmtree(folder)
            folder.mkdir()
            assert run_guest(None if own else folder, guest, run) == wanted
            if name not in ("files", "memory"):
                break


@pytest.mark.parametrize("home", ["kvm", "qemu"])
@pytest.mark.parametrize("name", ["cancellation", "lifetime", "memory", "pipes", "signals", "stacks", "tls"])
def test_own_programs_in_other_homes(name: str, home: str, tmp_path: Path) -> None:
    """Where the kernel reaches memory, the clock and the processor in another way."""
    need_home(home)
    if (name, home) == ("memory", "qemu"):
        pytest.skip("reserves 1 GiB of addresses, and without a monitor of ours addresses are memory")
    linux, guest = (building.compile_one(HERE / "src" / f"{name}.c", kind, tmp_path / kind, "-pthread", "-w") for kind in building.KINDS)
    assert run_guest(None, guest, Run(""), home) == run_linux(tmp_path, linux, Run(""))
