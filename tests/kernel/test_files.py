"""kernel/files: each rule by itself, then random operations against a model of a file system."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from demitasse import _guest as guest
from demitasse.runtime import boot_folder

ENOENT, EBADF, EEXIST, EXDEV, ENODEV, ENOTDIR, EISDIR, EINVAL = -2, -9, -17, -18, -19, -20, -21, -22
EBUSY, EFBIG, ESPIPE, EROFS, ENAMETOOLONG, ENOTEMPTY, ELOOP, EPERM, ERANGE = -16, -27, -29, -30, -36, -39, -40, -1, -34
EMFILE, EACCES = -24, -13
RDONLY, WRONLY, RDWR, CREAT, EXCL, TRUNC, APPEND = 0, 1, 2, 0o100, 0o200, 0o1000, 0o2000
NONBLOCK, DIRECTORY, NOFOLLOW = 0o4000, 0o200000, 0o400000
S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR = 0o100000, 0o40000, 0o120000, 0o20000


def make(path: bytes, data: bytes = b"") -> None:
    fd = guest.fs_open(path, WRONLY | CREAT)
    assert fd >= 0 and guest.fs_write(fd, data) == len(data) and guest.fs_close(fd) == 0


def content(path: bytes) -> bytes:
    fd = guest.fs_open(path)
    assert fd >= 0, fd
    data: bytes = guest.fs_read(fd, 1 << 20)
    guest.fs_close(fd)
    return data


def names(path: bytes) -> list[bytes]:
    return sorted(name for name, _ in guest.fs_list(path))


def test_fresh_root() -> None:
    assert names(b"/") == [b"boot", b"dev", b"root", b"tmp"]
    stat = guest.fs_stat(b"/")
    assert stat["mode"] == S_IFDIR | 0o755 and stat["links"] == 6


def test_write_read_seek() -> None:
    fd = guest.fs_open(b"/f", RDWR | CREAT, 0o640)
    assert fd == 0
    assert guest.fs_write(fd, b"hello world") == 11
    assert guest.fs_lseek(fd, 6, 0) == 6 and guest.fs_read(fd, 100) == b"world" and guest.fs_read(fd, 1) == b""
    assert guest.fs_lseek(fd, -5, 2) == 6 and guest.fs_lseek(fd, 1, 1) == 7 and guest.fs_read(fd, 2) == b"or"
    assert guest.fs_lseek(fd, -1, 0) == EINVAL and guest.fs_lseek(fd, 0, 9) == EINVAL and guest.fs_lseek(fd, -100, 1) == EINVAL
    assert guest.fs_lseek(fd, (1 << 63) - 1, 1) == -75          # EOVERFLOW
    assert guest.fs_pread(fd, 5, 0) == b"hello" and guest.fs_pwrite(fd, b"J", 0) == 1
    assert guest.fs_pread(fd, 5, -1) == EINVAL and guest.fs_pwrite(fd, b"x", -1) == EINVAL
    assert guest.fs_lseek(fd, 0, 1) == 9
    stat = guest.fs_fstat(fd)
    assert stat["mode"] == S_IFREG | 0o640 and stat["size"] == 11
    assert guest.fs_close(fd) == 0 and guest.fs_close(fd) == EBADF


def test_holes_and_limits() -> None:
    fd = guest.fs_open(b"/f", RDWR | CREAT)
    assert guest.fs_pwrite(fd, b"x", 1 << 30) == 1
    assert guest.fs_pwrite(fd, b"y", (1 << 41) + 5) == 1
    assert guest.fs_fstat(fd)["size"] == (1 << 41) + 6
    assert guest.fs_pread(fd, 3, (1 << 30) - 1) == b"\0x\0" and guest.fs_pread(fd, 10, 1 << 40) == bytes(10)
    assert guest.fs_pwrite(fd, b"z", 1 << 42) == EFBIG and guest.fs_ftruncate(fd, (1 << 42) + 1) == EFBIG
    assert guest.fs_ftruncate(fd, 5) == 0 and guest.fs_ftruncate(fd, 1 << 31) == 0
    assert guest.fs_pread(fd, 1, 1 << 30) == b"\0"
    assert guest.fs_ftruncate(fd, -1) == EINVAL


def test_truncation_zeroes_the_tail() -> None:
    make(b"/f", b"abcdefgh" * 1024)
    assert guest.fs_truncate(b"/f", 3) == 0 and guest.fs_truncate(b"/f", 4200) == 0
    assert content(b"/f") == b"abc" + bytes(4197)


def test_file_memory_comes_back() -> None:
    guest.fs_mkdir(b"/d")
    before = guest.kernel_pages()[1]
    make(b"/d/f", bytes(3 << 20))
    assert guest.kernel_pages()[1] <= before - (3 << 20)
    assert guest.fs_unlink(b"/d/f") == 0
    assert guest.kernel_pages()[1] >= before - 65536 * 2


def test_unlinked_file_lives_while_open() -> None:
    make(b"/f", b"still here")
    fd = guest.fs_open(b"/f")
    assert guest.fs_unlink(b"/f") == 0 and guest.fs_stat(b"/f") == ENOENT
    assert guest.fs_read(fd, 100) == b"still here" and guest.fs_fstat(fd)["links"] == 0
    guest.fs_close(fd)


@pytest.mark.parametrize("flags, path, expected", [
    (RDONLY, b"/none", ENOENT), (CREAT | WRONLY, b"/none/f", ENOENT), (RDONLY, b"", ENOENT),
    (CREAT | EXCL | WRONLY, b"/f", EEXIST), (CREAT | EXCL, b"/link", EEXIST), (WRONLY, b"/d", EISDIR),
    (CREAT, b"/d", EISDIR), (DIRECTORY, b"/f", ENOTDIR), (RDONLY, b"/f/", ENOTDIR), (RDONLY, b"/f/x", ENOTDIR),
    (RDONLY, b"/f/..", ENOTDIR), (RDONLY, b"/f/.", ENOTDIR), (CREAT | WRONLY, b"/new/", EISDIR), (NOFOLLOW, b"/link", ELOOP),
    (RDONLY, b"/loop", ELOOP), (3, b"/f", EINVAL), (RDONLY, b"/" + b"x" * 256, ENAMETOOLONG),
    (RDONLY, b"/" + b"x/" * 2100, ENAMETOOLONG), (RDONLY, b"/dangling", ENOENT), (CREAT | DIRECTORY, b"/new", EINVAL),
])
def test_open_errors(flags: int, path: bytes, expected: int) -> None:
    make(b"/f")
    guest.fs_mkdir(b"/d")
    guest.fs_symlink(b"f", b"/link")
    guest.fs_symlink(b"loop", b"/loop")
    guest.fs_symlink(b"/target", b"/dangling")
    assert guest.fs_open(path, flags) == expected
    assert guest.fs_open(b"/f") == 0        # nothing was left open


def test_access_mode_is_kept() -> None:
    make(b"/f", b"x")
    read, write = guest.fs_open(b"/f", RDONLY), guest.fs_open(b"/f", WRONLY)
    assert guest.fs_write(read, b"y") == EBADF and guest.fs_read(write, 1) == EBADF
    assert guest.fs_ftruncate(read, 0) == EINVAL and guest.fs_pread(write, 1, 0) == EBADF
    assert guest.fs_read(guest.fs_open(b"/tmp"), 1) == EISDIR
    for fd in (-1, 99, 1 << 30, -(1 << 31)):
        assert guest.fs_read(fd, 1) == EBADF and guest.fs_close(fd) == EBADF and guest.fs_dup(fd) == EBADF


def test_append_and_truncate_flags() -> None:
    make(b"/f", b"12345")
    fd = guest.fs_open(b"/f", RDWR | APPEND)
    assert guest.fs_lseek(fd, 0, 0) == 0 and guest.fs_write(fd, b"6") == 1 and guest.fs_lseek(fd, 0, 1) == 6
    assert guest.fs_pwrite(fd, b"X", 0) == 1 and content(b"/f") == b"X23456"
    assert guest.fs_get_flags(fd) == RDWR | APPEND
    assert guest.fs_set_flags(fd, NONBLOCK) == 0 and guest.fs_get_flags(fd) == RDWR | NONBLOCK
    guest.fs_open(b"/f", WRONLY | TRUNC)
    assert content(b"/f") == b""


def test_open_creates_through_a_dangling_link() -> None:
    guest.fs_symlink(b"tmp/made", b"/link")
    make(b"/link", b"x")
    assert content(b"/tmp/made") == b"x"


def test_descriptors_are_the_lowest_free() -> None:
    fds = [guest.fs_open(b"/f", CREAT) for _ in range(200)]
    assert fds == list(range(200))
    guest.fs_close(70)
    guest.fs_close(5)
    assert guest.fs_dup(0) == 5 and guest.fs_open(b"/f") == 70
    assert guest.fs_dup2(0, 5000) == 5000 and guest.fs_dup2(0, 5000) == 5000 and guest.fs_dup2(3, 3) == 3
    assert guest.fs_dup2(0, 65536) == EBADF and guest.fs_dup2(0, -1) == EBADF and guest.fs_dup2(6000, 1) == EBADF


def test_descriptors_run_out() -> None:
    make(b"/f")
    assert guest.fs_dup2(guest.fs_open(b"/f"), 65535) == 65535
    count = sum(1 for _ in iter(lambda: guest.fs_dup(0), EMFILE))
    assert count == 65534 and guest.fs_open(b"/f") == EMFILE
    assert guest.fs_close(77) == 0 and guest.fs_open(b"/f") == 77


def test_dup_shares_the_position() -> None:
    make(b"/f", b"abcdef")
    fd = guest.fs_open(b"/f")
    other = guest.fs_dup(fd)
    assert guest.fs_read(fd, 2) == b"ab" and guest.fs_read(other, 2) == b"cd"
    guest.fs_close(fd)
    assert guest.fs_read(other, 9) == b"ef"


def test_directories() -> None:
    assert guest.fs_mkdir(b"/a") == 0 and guest.fs_mkdir(b"/a/b/") == 0 and guest.fs_mkdir(b"/a") == EEXIST
    assert guest.fs_mkdir(b"/x/y") == ENOENT and guest.fs_mkdir(b"/") == EEXIST and guest.fs_mkdir(b"/a/.") == EEXIST
    assert guest.fs_stat(b"/a")["links"] == 3
    assert guest.fs_rmdir(b"/a") == ENOTEMPTY and guest.fs_unlink(b"/a") == EISDIR
    make(b"/f")
    assert guest.fs_rmdir(b"/f") == ENOTDIR and guest.fs_rmdir(b"/none") == ENOENT
    assert guest.fs_rmdir(b"/") == EBUSY and guest.fs_rmdir(b"/a/.") == EINVAL and guest.fs_rmdir(b"/a/..") == ENOTEMPTY
    assert guest.fs_rmdir(b"/a/b") == 0 and guest.fs_stat(b"/a")["links"] == 2 and guest.fs_rmdir(b"/a/") == 0
    assert guest.fs_unlink(b"/f/") == ENOTDIR


def test_large_directory_and_removal_while_listing() -> None:
    guest.fs_mkdir(b"/d")
    for i in range(1000):
        make(b"/d/%d" % i)
    assert [int(name) for name, _ in guest.fs_list(b"/d")] == list(range(1000))
    assert guest.fs_remove_while_listing(b"/d") == 1000 and guest.fs_rmdir(b"/d") == 0


def test_a_removed_working_directory() -> None:
    guest.fs_mkdir(b"/d")
    assert guest.fs_chdir(b"/d") == 0 and guest.fs_getcwd() == b"/d" and guest.fs_rmdir(b"/d") == 0
    assert guest.fs_open(b"f", CREAT) == ENOENT and guest.fs_mkdir(b"x") == ENOENT and guest.fs_getcwd() == ENOENT
    assert guest.fs_stat(b"..")["links"] == 6 and guest.fs_chdir(b"..") == 0 and guest.fs_getcwd() == b"/"


def test_hard_links() -> None:
    make(b"/f", b"x")
    assert guest.fs_link(b"/f", b"/g") == 0 and guest.fs_stat(b"/f")["links"] == 2
    assert guest.fs_stat(b"/f")["inode"] == guest.fs_stat(b"/g")["inode"]
    assert guest.fs_link(b"/f", b"/g") == EEXIST and guest.fs_link(b"/tmp", b"/t") == EPERM and guest.fs_link(b"/n", b"/m") == ENOENT
    assert guest.fs_unlink(b"/f") == 0 and content(b"/g") == b"x"
    assert guest.fs_rename(b"/g", b"/g") == 0


def test_symbolic_links() -> None:
    guest.fs_mkdir(b"/d")
    make(b"/d/f", b"x")
    assert guest.fs_symlink(b"../d/./f", b"/d/l") == 0 and content(b"/d/l") == b"x"
    assert guest.fs_symlink(b"/d", b"/dl") == 0 and content(b"/dl/l") == b"x" and names(b"/dl/") == [b"f", b"l"]
    assert guest.fs_readlink(b"/d/l") == b"../d/./f" and guest.fs_readlink(b"/d/f") == EINVAL
    assert guest.fs_stat(b"/d/l", False)["mode"] & 0o170000 == S_IFLNK
    assert guest.fs_symlink(b"", b"/e") == ENOENT and guest.fs_symlink(b"x", b"/dl") == EEXIST
    assert guest.fs_symlink(b"y" * 4096, b"/e") == ENAMETOOLONG
    assert guest.fs_unlink(b"/dl") == 0 and guest.fs_stat(b"/d")["links"] == 2
    guest.fs_symlink(b"/l0", b"/l40")
    for i in range(40):
        guest.fs_symlink(b"/l%d" % (i - 1) if i else b"/d/f", b"/l%d" % i)
    assert content(b"/l39") == b"x" and guest.fs_open(b"/l40") >= 0
    guest.fs_symlink(b"/l39", b"/l41")
    assert guest.fs_open(b"/l41") == ELOOP
    guest.fs_symlink(b"a/" * 2000, b"/long")
    assert guest.fs_stat(b"/long/" + b"b/" * 100) == ENAMETOOLONG


def test_realpath() -> None:
    guest.fs_mkdir(b"/d")
    guest.fs_mkdir(b"/d/e")
    make(b"/d/e/f")
    guest.fs_symlink(b"../d/e", b"/tmp/l")
    assert guest.fs_realpath(b"/tmp/l/../e//./f") == b"/d/e/f" and guest.fs_realpath(b"/tmp/l/") == b"/d/e"
    assert guest.fs_realpath(b"/..") == b"/" and guest.fs_realpath(b"/none") == ENOENT
    assert guest.fs_realpath(b"/d/e/f", 7) == b"/d/e/f" and guest.fs_realpath(b"/d/e/f", 6) == ERANGE
    assert guest.fs_realpath(b"/", 1) == ERANGE and guest.fs_realpath(b"/", 2) == b"/"


def test_rename() -> None:
    guest.fs_mkdir(b"/a")
    guest.fs_mkdir(b"/a/b")
    guest.fs_mkdir(b"/c")
    make(b"/f", b"x")
    make(b"/g", b"y")
    assert guest.fs_rename(b"/f", b"/g") == 0 and content(b"/g") == b"x" and guest.fs_stat(b"/f") == ENOENT
    assert guest.fs_rename(b"/g", b"/c") == EISDIR and guest.fs_rename(b"/c", b"/g") == ENOTDIR
    assert guest.fs_rename(b"/a", b"/a/b/x") == EINVAL and guest.fs_rename(b"/c", b"/a") == ENOTEMPTY
    assert guest.fs_rename(b"/a/b", b"/c") == 0
    assert guest.fs_stat(b"/a")["links"] == 2 and guest.fs_stat(b"/c")["links"] == 2 and guest.fs_stat(b"/")["links"] == 8
    assert guest.fs_rename(b"/c", b"/a/d") == 0 and guest.fs_stat(b"/a")["links"] == 3
    assert guest.fs_chdir(b"/a/d") == 0 and guest.fs_getcwd() == b"/a/d"
    assert guest.fs_rename(b"/", b"/x") == EBUSY and guest.fs_rename(b"/a/d/..", b"/x") == EBUSY
    assert guest.fs_rename(b"/none", b"/x") == ENOENT and guest.fs_rename(b"/g", b"/x/") == ENOTDIR
    assert guest.fs_rename(b"/a", b"/z/") == 0 and guest.fs_getcwd() == b"/z/d"


def test_times_and_modes() -> None:
    make(b"/f")
    assert guest.fs_chmod(b"/f", 0o104755) == 0 and guest.fs_stat(b"/f")["mode"] == S_IFREG | 0o4755
    assert guest.fs_utimens(b"/f", 5, -1) == 0
    stat = guest.fs_stat(b"/f")
    assert stat["access"] == 5 and stat["modify"] == 1_700_000_001_000_000_000
    assert guest.fs_utimens(b"/f", -1, -2) == 0 and guest.fs_stat(b"/f")["access"] == 5
    assert guest.fs_access(b"/f", 7) == 0 and guest.fs_access(b"/tmp", 1) == 0 and guest.fs_access(b"/f", 8) == EINVAL
    guest.fs_chmod(b"/f", 0o600)
    assert guest.fs_access(b"/f", 1) == EACCES


def test_boot_modules() -> None:
    modules = [(b"@config", b"x"), (b"app.jar", b"jar!"), (b"jdk/lib/modules", b"image"), (b"jdk/lib/x", b""),
               (b"../evil", b""), (b"a//b", b""), (b"", b""), (b"app.jar", b"again"), (b"app.jar/x", b"")]
    assert guest.fs_boot(modules) == 0
    assert names(b"/boot") == [b"a", b"app.jar", b"jdk"] and names(b"/boot/jdk/lib") == [b"modules", b"x"]
    fd = guest.fs_open(b"/boot/jdk/lib/modules")
    assert fd == 3 and guest.fs_map(fd) == b"image" and guest.fs_read(fd, 3) == b"ima" and guest.fs_available(fd) == 2
    assert guest.fs_fstat(fd)["mode"] == S_IFREG | 0o444 and guest.fs_pread(fd, 9, 4) == b"e" and guest.fs_pread(fd, 9, 5) == b""
    assert guest.fs_map(0) == ENODEV
    for result in (guest.fs_open(b"/boot/app.jar", WRONLY), guest.fs_open(b"/boot/new", CREAT), guest.fs_unlink(b"/boot/app.jar"),
                   guest.fs_mkdir(b"/boot/d"), guest.fs_rmdir(b"/boot/a"), guest.fs_rename(b"/boot/app.jar", b"/boot/b"),
                   guest.fs_truncate(b"/boot/app.jar", 0), guest.fs_chmod(b"/boot/app.jar", 0), guest.fs_access(b"/boot/jdk", 2),
                   guest.fs_utimens(b"/boot/app.jar", 0, 0), guest.fs_symlink(b"x", b"/boot/l"),
                   guest.fs_open(b"/boot/app.jar", TRUNC), guest.fs_link(b"/boot/app.jar", b"/boot/k")):
        assert result == EROFS
    assert guest.fs_rename(b"/boot/app.jar", b"/tmp/j") == EXDEV and guest.fs_link(b"/boot/app.jar", b"/tmp/j") == EXDEV
    assert guest.fs_rmdir(b"/boot") == EBUSY and guest.fs_rename(b"/boot", b"/b") == EBUSY
    assert guest.fs_realpath(b"/boot/jdk/../../tmp/../boot/app.jar") == b"/boot/app.jar"
    assert guest.fs_chdir(b"/boot/jdk") == 0 and guest.fs_getcwd() == b"/boot/jdk" and guest.fs_chdir(b"../..") == 0


def test_boot_folders(tmp_path: Path) -> None:
    """A folder of the class path is a directory, whose files lie in the module."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    (tmp_path / "a" / "b" / "é.txt").write_bytes(b"deep")
    (tmp_path / "a" / "large").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "none").touch()
    module = boot_folder.pack_folder(str(tmp_path))
    assert guest.fs_boot([(b"app/0/x/", module), (b"app/1/y/", boot_folder.pack_folder(str(tmp_path / "empty"))), (b"app/2/z", b"z")]) == 0
    assert names(b"/boot/app") == [b"0", b"1", b"2"] and names(b"/boot/app/0/x") == [b"a", b"empty", b"none"]
    assert names(b"/boot/app/1/y") == [] == names(b"/boot/app/0/x/empty")
    assert content(b"/boot/app/0/x/a/b/\xc3\xa9.txt") == b"deep" and content(b"/boot/app/0/x/none") == b""
    assert guest.fs_map(guest.fs_open(b"/boot/app/0/x/a/large")) == bytes(range(256)) * 40
    assert guest.fs_stat(b"/boot/app/0/x/a")["mode"] == S_IFDIR | 0o555 and guest.fs_open(b"/boot/app/0/x/new", CREAT) == EROFS


@given(st.binary(max_size=64), st.integers(0, 200))
def test_damaged_boot_folders_do_no_harm(damage: bytes, at: int) -> None:
    module = bytearray(boot_folder.module([b"a/", b"a/b", b"c"], [b"", b"text", b"more"]))
    module[at:at + len(damage)] = damage
    assert guest.fs_boot([(b"x/", bytes(module[:max(24, len(module) - at * 60)]))]) == 0
    for name in names(b"/boot"):
        guest.fs_list(b"/boot/" + name)


def test_devices() -> None:
    assert guest.fs_boot([]) == 0
    zero, null, random = guest.fs_open(b"/dev/zero", RDWR), guest.fs_open(b"/dev/null", RDWR), guest.fs_open(b"/dev/urandom")
    assert zero == 3 and guest.fs_read(zero, 5) == bytes(5) and guest.fs_write(zero, b"x") == 1
    assert guest.fs_read(null, 5) == b"" and guest.fs_write(null, b"abc") == 3
    assert len({guest.fs_read(random, 16) for _ in range(8)}) == 8
    assert guest.fs_lseek(zero, 0, 0) == ESPIPE and guest.fs_pread(zero, 1, 0) == ESPIPE
    assert guest.fs_stat(b"/dev/null")["rdevice"] == 0x103 and guest.fs_stat(b"/dev/null")["mode"] == S_IFCHR | 0o666
    assert guest.fs_write(1, b"out") == 3 and guest.fs_write(2, b"err") == 3 and guest.kernel_text() == "outerr"
    assert guest.fs_read(0, 10) == b"" and guest.fs_write(0, b"x") == EBADF and guest.fs_read(1, 1) == EBADF
    assert guest.fs_poll(zero, 5) == (1, 5) and guest.fs_poll(77, 1) == (1, 32) and guest.fs_poll(-1, 1) == (0, 0)


# --- random operations against a model ---------------------------------------------------------------

@dataclass(eq=False)
class Node:
    """A file (data), a directory (entries) or a symbolic link (target) of the model."""

    data: bytearray | None = None
    entries: dict[bytes, Node] | None = None
    target: bytes | None = None
    parent: Node | None = None


class ModelError(Exception):
    def __init__(self, error: int) -> None:
        self.error = error


@dataclass
class Model:
    """What POSIX says, in the plainest way."""

    root: Node = field(default_factory=lambda: Node(entries={}))

    def walk(self, path: bytes, follow: bool, depth: int = 0, start: Node | None = None) -> tuple[Node | None, Node, bytes]:
        """(node or None, parent, name); of "/" itself the parent is the root and the name empty."""
        at = self.root if path.startswith(b"/") or start is None else start
        node: Node | None = at
        parent, name = at, b""
        parts = [p for p in path.split(b"/") if p]
        for i, part in enumerate(parts):
            last = i == len(parts) - 1
            if node is None:
                raise ModelError(ENOENT)
            if node.entries is None:
                raise ModelError(ENOTDIR)
            if part == b"..":
                node = node.parent or self.root
                parent, name = node, b""
                continue
            parent, name = node, part
            child = node.entries.get(part)
            if child is None:
                if not last:
                    raise ModelError(ENOENT)
                node = None
                continue
            if child.target is not None and (follow or not last):
                if depth == 40:
                    raise ModelError(ELOOP)
                rest = b"/".join([child.target, *parts[i + 1:]])
                return self.walk(rest, follow, depth + 1, node)
            node = child
        return node, parent, name


PATHS = st.lists(st.sampled_from([b"a", b"b", b"c", b"..", b"tmp"]), min_size=1, max_size=4).map(lambda p: b"/" + b"/".join(p))


class FilesMachine(RuleBasedStateMachine):
    """Every operation gives the same result in the kernel and in the model; so does every file."""

    @initialize()
    def start(self) -> None:
        guest.kernel_reset()
        self.model = Model()
        self.free = guest.kernel_pages()[1]
        for name in (b"boot", b"dev", b"root", b"tmp"):
            assert self.model.root.entries is not None
            self.model.root.entries[name] = Node(entries={}, parent=self.model.root)

    def _model(self, action: object, *args: object) -> int:
        try:
            action(*args)  # type: ignore[operator]
        except ModelError as error:
            return error.error
        return 0

    def _new(self, path: bytes, node: Node) -> None:
        found, parent, name = self.model.walk(path, False)
        if found is not None:
            raise ModelError(EEXIST)
        assert parent.entries is not None
        node.parent = parent
        parent.entries[name] = node

    @rule(path=PATHS)
    def mkdir(self, path: bytes) -> None:
        assert guest.fs_mkdir(path) == self._model(self._new, path, Node(entries={}))

    @rule(path=PATHS, other=PATHS)
    def symlink(self, path: bytes, other: bytes) -> None:
        assert guest.fs_symlink(other, path) == self._model(self._new, path, Node(target=other))

    @rule(path=PATHS, data=st.binary(max_size=9), offset=st.sampled_from([0, 1, 4090, 4096, 3 << 20]), flags=st.sampled_from([0, TRUNC, EXCL]))
    def write(self, path: bytes, data: bytes, offset: int, flags: int) -> None:
        def model() -> None:
            node, parent, name = self.model.walk(path, flags != EXCL)
            if node is not None and flags == EXCL:
                raise ModelError(EEXIST)
            if node is not None and node.entries is not None:
                raise ModelError(EISDIR)
            if node is None:
                node = Node(data=bytearray(), parent=parent)
                assert parent.entries is not None
                parent.entries[name] = node
            assert node.data is not None
            if flags == TRUNC:
                node.data.clear()
            if data:
                node.data.extend(bytes(max(0, offset - len(node.data))))
                node.data[offset:offset + len(data)] = data

        fd = guest.fs_open(path, WRONLY | CREAT | flags)
        assert min(fd, 0) == self._model(model)
        if fd >= 0:
            assert guest.fs_pwrite(fd, data, offset) == len(data)
            assert guest.fs_close(fd) == 0

    @rule(path=PATHS, size=st.sampled_from([0, 1, 4095, 4096, 5000, 2 << 20]))
    def truncate(self, path: bytes, size: int) -> None:
        def model() -> None:
            node, _, _ = self.model.walk(path, True)
            if node is None:
                raise ModelError(ENOENT)
            if node.data is None:
                raise ModelError(EISDIR)
            del node.data[size:]
            node.data.extend(bytes(size - len(node.data)))

        assert guest.fs_truncate(path, size) == self._model(model)

    @rule(path=PATHS)
    def unlink(self, path: bytes) -> None:
        def model() -> None:
            node, parent, name = self.model.walk(path, False)
            if node is None:
                raise ModelError(ENOENT)
            if node.entries is not None:
                raise ModelError(EISDIR)
            assert parent.entries is not None
            del parent.entries[name]

        assert guest.fs_unlink(path) == self._model(model)

    @rule(path=PATHS)
    def rmdir(self, path: bytes) -> None:
        def model() -> None:
            node, parent, name = self.model.walk(path, False)
            if path.endswith(b".."):
                raise ModelError(ENOTEMPTY)
            if node is None:
                raise ModelError(ENOENT)
            if node.entries is None:
                raise ModelError(ENOTDIR)
            if node.entries:
                raise ModelError(ENOTEMPTY)
            assert parent.entries is not None
            del parent.entries[name]

        assert guest.fs_rmdir(path) == self._model(model)

    @rule(path=PATHS, other=PATHS)
    def link(self, path: bytes, other: bytes) -> None:
        def model() -> None:
            node, _, _ = self.model.walk(path, False)
            if node is None:
                raise ModelError(ENOENT)
            new, parent, name = self.model.walk(other, False)
            if new is not None:
                raise ModelError(EEXIST)
            if node.entries is not None:
                raise ModelError(EPERM)
            assert parent.entries is not None
            parent.entries[name] = node

        assert guest.fs_link(path, other) == self._model(model)

    @rule(path=PATHS, other=PATHS)
    def rename(self, path: bytes, other: bytes) -> None:
        def model() -> None:
            node, parent, name = self.model.walk(path, False)
            new, new_parent, new_name = self.model.walk(other, False)
            if path.endswith(b"..") or other.endswith(b".."):
                raise ModelError(EBUSY)
            if node is None:
                raise ModelError(ENOENT)
            if node is new:
                return
            if node.entries is not None:
                at: Node | None = new_parent
                while at is not None:
                    if at is node:
                        raise ModelError(EINVAL)
                    at = at.parent
            if new is not None:
                if new.entries is not None and node.entries is None:
                    raise ModelError(EISDIR)
                if new.entries is None and node.entries is not None:
                    raise ModelError(ENOTDIR)
                if new.entries:
                    raise ModelError(ENOTEMPTY)
            assert parent.entries is not None and new_parent.entries is not None
            del parent.entries[name]
            new_parent.entries[new_name] = node
            if node.entries is not None:
                node.parent = new_parent

        assert guest.fs_rename(path, other) == self._model(model)

    @rule(path=PATHS)
    def realpath(self, path: bytes) -> None:
        result = guest.fs_realpath(path)
        try:
            node, _, _ = self.model.walk(path, True)
        except ModelError as error:
            assert result == error.error
            return
        if node is None:
            assert result == ENOENT
        else:
            assert self.model.walk(result, False)[0] is node and posixpath.normpath(result) == result

    @invariant()
    def same_tree(self) -> None:
        if not hasattr(self, "model"):
            return
        links: dict[Node, int] = {}

        def count(node: Node) -> None:
            for child in (node.entries or {}).values():
                links[child] = links.get(child, 0) + 1
                count(child)

        def compare(node: Node, path: bytes) -> None:
            stat = guest.fs_stat(path or b"/", False)
            if node.entries is not None:
                assert names(path or b"/") == sorted(node.entries)
                assert stat["links"] == 2 + sum(child.entries is not None for child in node.entries.values())
                for name, child in node.entries.items():
                    compare(child, path + b"/" + name)
            elif node.target is not None:
                assert guest.fs_readlink(path) == node.target
            else:
                assert node.data is not None and stat["size"] == len(node.data) and stat["links"] == links[node]
                fd = guest.fs_open(path, NOFOLLOW)
                got = b""
                while part := guest.fs_read(fd, 1 << 20):
                    got += part
                guest.fs_close(fd)
                assert got == node.data

        count(self.model.root)
        compare(self.model.root, b"")

    def teardown(self) -> None:
        """Remove everything: no page of a file may stay behind."""
        def remove(path: bytes) -> None:
            for name, kind in guest.fs_list(path or b"/"):
                if kind == S_IFDIR:
                    remove(path + b"/" + name)
                    assert guest.fs_rmdir(path + b"/" + name) == 0
                else:
                    assert guest.fs_unlink(path + b"/" + name) == 0

        if hasattr(self, "model"):
            remove(b"")  # "" stands for "/" here
            assert guest.kheap_good()
            assert guest.kernel_pages()[1] >= self.free - 16 * 16 * 4096


TestFiles = FilesMachine.TestCase
TestFiles.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)


@settings(deadline=None)
@given(st.binary(max_size=60).filter(lambda path: 0 not in path), st.integers(0, (1 << 22) - 1))
def test_hostile_paths_do_no_harm(path: bytes, flags: int) -> None:
    fd = guest.fs_open(path, flags)
    assert fd >= -200
    if fd >= 0:
        guest.fs_close(fd)
    for call in (guest.fs_stat, guest.fs_mkdir, guest.fs_rmdir, guest.fs_unlink, guest.fs_readlink, guest.fs_realpath):
        call(path)
