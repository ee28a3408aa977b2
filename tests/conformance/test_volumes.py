"""Host folders given with -v: a program finds there, and leaves there, what it does on the host JVM."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests import tools
from tests.conftest import need_home
from tests.programs import host

JAR = str(host.HERE / "programs.jar")
HOMES = ("process", "kvm", "qemu")
ENV = ("--env", "LC_ALL=C.UTF-8", "--env", "TZ=UTC")


def tree(root: Path) -> dict[str, object]:
    """Everything below `root` but inode numbers and times; hard links by the names that they share."""
    found: dict[str, object] = {}
    by_inode: dict[int, list[str]] = {}
    for place, folders, files in os.walk(root):
        for name in folders + files:
            path = Path(place) / name
            status = path.lstat()
            inside = str(path.relative_to(root))
            by_inode.setdefault(status.st_ino, []).append(inside)
            found[inside] = (oct(status.st_mode), os.readlink(path) if path.is_symlink() else
                             path.read_bytes() if stat.S_ISREG(status.st_mode) else None)
    found["links"] = sorted(sorted(names) for names in by_inode.values() if len(names) > 1)
    return found


@pytest.mark.parametrize("home", HOMES)
def test_everything_as_on_the_host(home: str, tmp_path: Path) -> None:
    need_home(home)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    wanted = tools.run_java_host("-cp", JAR, "HostFolder", str(theirs))
    found = tools.run_demitasse("run", "--home", home, *ENV, "-v", f"{ours}:/mnt/given folder", "-cp", JAR, "HostFolder",
                                "/mnt/given folder", timeout=300)
    assert found.out.decode().splitlines() == wanted.out.decode().splitlines()
    assert (found.err, found.code) == (b"", 0)
    assert tree(ours) == tree(theirs)
    assert (ours / "attributes").stat().st_mtime_ns == (theirs / "attributes").stat().st_mtime_ns


@pytest.mark.parametrize("home", HOMES)
def test_read_only(home: str, tmp_path: Path) -> None:
    """Nothing is written, and the program hears EROFS, as from a file system mounted so."""
    need_home(home)
    (tmp_path / "file").write_bytes(b"contents")
    (tmp_path / "folder").mkdir()
    before = tree(tmp_path), (tmp_path / "file").stat().st_mtime_ns
    found = tools.run_demitasse("run", "--home", home, *ENV, "-v", f"{tmp_path}:/data:ro", "-cp", JAR, "HostFolder", "/data", "ro")
    lines = found.out.decode().splitlines()
    assert (found.err, found.code) == (b"", 0)
    assert (tree(tmp_path), (tmp_path / "file").stat().st_mtime_ns) == before
    assert lines[:2] == ["-- read", "   contents"] and lines[-1] == "   falsefalsefalsefalse"
    for step in ("write", "stream", "random", "create", "mkdir", "delete", "rmdir", "move", "link", "symlink", "chmod", "times", "truncate"):
        assert "Read-only file system" in lines[lines.index(f"-- {step}") + 1], step


def test_several_folders_one_inside_another(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "two/file").write_bytes(b"x")
    found = tools.run_demitasse("run", "--home", "process", *ENV, "--volume", "two:/a/b:ro", "--volume=one:/a", "-cp", JAR,
                                "HostFolder", "/a/b", "ro", cwd=tmp_path)
    assert found.out.decode().splitlines()[0] == "-- read" and b"Read-only" in found.out and found.code == 0
    assert os.listdir(tmp_path / "one") == ["b"] and os.listdir(tmp_path / "two") == ["file"]


@pytest.mark.parametrize("home", HOMES)
def test_nothing_outside_the_folder(home: str, tmp_path: Path) -> None:
    """Links that lead out of the folder on the host lead into the guest's own files."""
    need_home(home)
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "file").write_bytes(b"secret")
    (inside / "file").symlink_to("../file")
    found = tools.run_demitasse("run", "--home", home, *ENV, "-v", f"{inside}:/data:ro", "-cp", JAR, "HostFolder", "/data", "ro")
    assert found.out.decode().splitlines()[:2] == ["-- read", "   java.nio.file.NoSuchFileException: ROOT/file"]
    assert b"secret" not in found.out


@pytest.mark.parametrize("home", HOMES)
def test_mapped_files(home: str, tmp_path: Path) -> None:
    """Mappings of the host's files; what was stored and never forced is there after the end."""
    need_home(home)
    wanted = tools.run_java_host("-cp", JAR, "MappedFiles")
    found = tools.run_demitasse("run", "--home", home, *ENV, "-v", f"{tmp_path}:/data", "-cp", JAR, "MappedFiles", "/data", timeout=300)
    assert (found.out, found.err, found.code) == (wanted.out, b"", 0)
    found = tools.run_demitasse("run", "--home", home, *ENV, "-v", f"{tmp_path}:/data", "-cp", JAR, "MappedFiles", "/data", "kept",
                                timeout=300)
    assert (found.out, found.err, found.code) == (b"", b"", 0)
    assert (tmp_path / "kept").read_bytes() == bytes(i % 100 for i in range(9000))
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
