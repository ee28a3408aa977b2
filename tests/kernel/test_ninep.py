"""kernel/files/ninep: the client against the real server on a real folder, and against servers that lie."""

from __future__ import annotations

import errno
import os
import random
import stat
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demitasse import _guest as guest
from tests.devices import ninep
from tests.devices.ninep import Client, message, numbers, text
from tests.seeds import SEED

O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND = os.O_RDWR, os.O_CREAT, os.O_EXCL, os.O_TRUNC, os.O_APPEND
Server = Callable[[bytes, int], bytes]


class Session:
    """A folder of the host mounted at /host in the kernel under test, by way of the device model."""

    def __init__(self, folder: Path, read_only: bool = False, change: Callable[[bytes], bytes | tuple[bytes, int]] | None = None) -> None:
        self.client = Client(folder, read_only, attach=False)
        self.change = change
        self.requests: list[int] = []
        assert guest.fs_mkdir(b"/host") in (0, -errno.EEXIST)
        self.error = guest.ninep_mount(b"/host", self.serve, read_only)

    def serve(self, request: bytes, room: int) -> object:
        self.requests.append(request[4])
        size, = struct.unpack_from("<I", request)
        assert size == len(request), "the size of a message is its own"
        # The device's memory holds less than a message of the client's may ask for.
        reply = self.client.exchange(request, min(room, ninep.ROOM)) if len(request) < 0x60000 else \
            message(ninep.RLERROR - 0, numbers("I", errno.EIO))
        return reply if self.change is None else self.change(reply)

    def close(self) -> None:
        assert guest.ninep_failed() == []
        self.client.close()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Path]:
    guest.kernel_reset()
    folder = tmp_path / "shared"
    folder.mkdir()
    session = Session(folder)
    assert session.error == 0
    yield folder
    session.close()
    guest.kernel_reset()


def write(path: bytes, data: bytes, flags: int = O_RDWR | O_CREAT | O_TRUNC, mode: int = 0o644) -> None:
    fd = guest.fs_open(path, flags, mode)
    assert fd >= 0, errno.errorcode[-fd]
    assert guest.fs_write(fd, data) == len(data)
    assert guest.fs_close(fd) == 0


def read(path: bytes) -> bytes:
    fd = guest.fs_open(path)
    assert fd >= 0, errno.errorcode[-fd]
    found = guest.fs_read(fd, 1 << 20)
    guest.fs_close(fd)
    return found


# --- against the real server --------------------------------------------------------------------------

def test_files_both_ways(host: Path) -> None:
    write(b"/host/made", b"by the guest", mode=0o600)
    assert (host / "made").read_bytes() == b"by the guest" and stat.S_IMODE((host / "made").stat().st_mode) == 0o600
    (host / "other").write_bytes(b"by the host")
    assert read(b"/host/other") == b"by the host"
    fd = guest.fs_open(b"/host/other", O_RDWR)
    (host / "other").write_bytes(b"changed by the host")
    assert guest.fs_fstat(fd)["size"] == 19 and guest.fs_available(fd) == 19 and guest.fs_lseek(fd, 0, 2) == 19
    assert guest.fs_pread(fd, 7, 0) == b"changed"
    assert guest.fs_ftruncate(fd, 3) == 0 and (host / "other").read_bytes() == b"cha"
    assert guest.fs_fsync(fd) == 0
    guest.fs_close(fd)
    found, status = guest.fs_stat(b"/host/other"), (host / "other").stat()
    assert (found["mode"], found["size"], found["modify"], found["inode"]) == (status.st_mode, 3, status.st_mtime_ns, status.st_ino)
    assert guest.fs_statfs(b"/host")["blocks"] == os.statvfs(host).f_blocks
    assert guest.fs_statfs(b"/tmp")["block_size"] == 4096


def test_appending_after_the_host(host: Path) -> None:
    fd = guest.fs_open(b"/host/log", os.O_WRONLY | O_CREAT | O_APPEND)
    assert guest.fs_write(fd, b"one ") == 4
    with (host / "log").open("ab") as file:
        file.write(b"two ")
    assert guest.fs_write(fd, b"three") == 5 and guest.fs_lseek(fd, 0, 1) == 13
    assert (host / "log").read_bytes() == b"one two three"
    both = guest.fs_open(b"/host/log", O_RDWR | O_APPEND)
    assert guest.fs_write(both, b"!") == 1 and guest.fs_pread(both, 20, 0) == b"one two three!"


def test_modes(host: Path) -> None:
    fd = guest.fs_open(b"/host/locked", O_RDWR | O_CREAT | O_EXCL, 0o400)   # its maker may write
    assert guest.fs_write(fd, b"x") == 1
    assert guest.fs_open(b"/host/locked", O_CREAT | O_EXCL) == -errno.EEXIST
    guest.fs_set_umask(0o027)
    write(b"/host/masked", b"", mode=0o666)
    assert guest.fs_mkdir(b"/host/folder", 0o777) == 0
    assert stat.S_IMODE((host / "masked").stat().st_mode) == 0o640 and stat.S_IMODE((host / "folder").stat().st_mode) == 0o750
    assert guest.fs_chmod(b"/host/masked", 0o604) == 0 and stat.S_IMODE((host / "masked").stat().st_mode) == 0o604
    assert guest.fs_utimens(b"/host/masked", 10**18 + 5, -3) == 0
    assert ((host / "masked").stat().st_atime_ns, (host / "masked").stat().st_mtime_ns) == (10**18 + 5, -3)
    assert guest.fs_stat(b"/host/masked")["modify"] == -3


def test_names(host: Path) -> None:
    assert guest.fs_mkdir(b"/host/a") == 0 and guest.fs_mkdir(b"/host/a/b") == 0
    write(b"/host/a/b/file", b"1")
    assert guest.fs_symlink(b"a/b", b"/host/link") == 0 and guest.fs_symlink(b"/host/a", b"/host/absolute") == 0
    assert guest.fs_symlink(b"../../etc", b"/host/a/up") == 0 and guest.fs_symlink(b"x" * 4095, b"/host/long") == 0
    assert guest.fs_readlink(b"/host/long") == b"x" * 4095 and guest.fs_readlink(b"/host/link") == b"a/b"
    assert guest.fs_readlink_room(b"/host/link", 2) == b"a/"
    (host / "one").symlink_to("x")
    assert guest.fs_readlink(b"/host/one") == b"x"
    assert read(b"/host/link/file") == b"1" == read(b"/host/absolute/b/file") == read(b"/host/a/./b/../b//file")
    assert guest.fs_stat(b"/host/a/up") == -errno.ENOENT          # the guest's /etc, not the host's
    assert guest.fs_realpath(b"/host/link/file") == b"/host/a/b/file" and guest.fs_realpath(b"/host") == b"/host"
    assert guest.fs_link(b"/host/a/b/file", b"/host/hard") == 0 and guest.fs_stat(b"/host/hard")["links"] == 2
    assert guest.fs_rename(b"/host/a", b"/host/c") == 0 and read(b"/host/c/b/file") == b"1"
    assert guest.fs_rename(b"/host/c", b"/host/c/b/x") == -errno.EINVAL
    assert guest.fs_rename(b"/host/hard", b"/tmp/x") == -errno.EXDEV
    assert guest.fs_rmdir(b"/host/c") == -errno.ENOTEMPTY and guest.fs_unlink(b"/host/c") == -errno.EISDIR
    assert guest.fs_unlink(b"/host/hard") == 0 and guest.fs_rmdir(b"/host") == -errno.EBUSY
    assert sorted(guest.fs_list(b"/host")) == [(b"absolute", stat.S_IFLNK), (b"c", stat.S_IFDIR), (b"link", stat.S_IFLNK),
                                               (b"long", stat.S_IFLNK), (b"one", stat.S_IFLNK)]
    assert sorted(os.listdir(host)) == ["absolute", "c", "link", "long", "one"]


def test_working_directory_and_a_mount_inside(host: Path) -> None:
    assert guest.fs_mkdir(b"/host/a") == 0 and guest.fs_mkdir(b"/host/a/b") == 0 and guest.fs_chdir(b"/host/a/b") == 0
    assert guest.fs_getcwd() == b"/host/a/b"
    assert guest.fs_rename(b"/host/a", b"/host/z") == 0
    assert guest.fs_getcwd() == b"/host/z/b"
    write(b"here", b"1")
    assert (host / "z/b/here").exists() and guest.fs_realpath(b"../b/here") == b"/host/z/b/here"
    assert guest.fs_unlink(b"here") == 0 and guest.fs_rmdir(b"/host/z/b") == 0
    assert guest.fs_getcwd() == -errno.ENOENT and guest.fs_chdir(b"/") == 0


def test_removed_while_open(host: Path) -> None:
    write(b"/host/file", b"before")
    fd = guest.fs_open(b"/host/file", O_RDWR)
    assert guest.fs_unlink(b"/host/file") == 0
    assert guest.fs_write(fd, b"BEF") == 3 and guest.fs_pread(fd, 10, 0) == b"BEFore" and guest.fs_fstat(fd)["links"] == 0
    write(b"/host/file", b"another")
    assert guest.fs_pread(fd, 10, 0) == b"BEFore" and read(b"/host/file") == b"another"
    os.rename(host / "file", host / "away")                       # by the host: what is open is followed
    other = guest.fs_open(b"/host/away")
    (host / "new").write_bytes(b"new")
    os.rename(host / "new", host / "away")
    assert guest.fs_read(other, 10) == b"another" and read(b"/host/away") == b"new"


def test_host_replaces_what_is_held(host: Path) -> None:
    guest.fs_mkdir(b"/host/folder")
    held = guest.fs_open(b"/host/folder", os.O_DIRECTORY)
    os.rmdir(host / "folder")
    (host / "folder").write_bytes(b"a file now")
    assert read(b"/host/folder") == b"a file now" and stat.S_ISREG(guest.fs_stat(b"/host/folder")["mode"])
    guest.fs_close(held)


def test_large_directory_and_removal_on_the_way(host: Path) -> None:
    names = {b"%d-%s" % (i, b"n" * (i % 200)) for i in range(1500)}
    for name in names:
        (host / name.decode()).touch()
    assert {name for name, _ in guest.fs_list(b"/host")} == names
    assert guest.fs_remove_while_listing(b"/host") == 1500 and os.listdir(host) == []


def test_special_files(host: Path) -> None:
    os.mkfifo(host / "pipe")
    assert guest.fs_open(b"/host/pipe") == -errno.ENXIO and stat.S_ISFIFO(guest.fs_stat(b"/host/pipe")["mode"])
    assert guest.fs_list(b"/host") == [(b"pipe", stat.S_IFIFO)]
    assert guest.fs_unlink(b"/host/pipe") == 0


def test_read_only_mount(tmp_path: Path) -> None:
    guest.kernel_reset()
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    session = Session(tmp_path, read_only=True)
    assert read(b"/host/file") == b"x"
    asked = len(session.requests)
    for result in (guest.fs_open(b"/host/file", O_RDWR), guest.fs_open(b"/host/new", O_CREAT), guest.fs_mkdir(b"/host/new"),
                   guest.fs_unlink(b"/host/file"), guest.fs_rmdir(b"/host/folder"), guest.fs_rename(b"/host/file", b"/host/new"),
                   guest.fs_symlink(b"x", b"/host/new"), guest.fs_link(b"/host/file", b"/host/new"), guest.fs_chmod(b"/host/file", 0),
                   guest.fs_utimens(b"/host/file", 0, 0), guest.fs_truncate(b"/host/file", 0), guest.fs_access(b"/host/file", 2)):
        assert result == -errno.EROFS
    assert set(session.requests[asked:]) <= {ninep.WALK, ninep.CLUNK, ninep.GETATTR}      # the guest asks for nothing that changes
    session.close()


def test_nothing_is_left_behind(host: Path) -> None:
    guest.fs_list(b"/host")              # the root lives as long as the mount, and so does what was opened on it
    before = len(os.listdir("/proc/self/fd"))
    for i in range(30):
        write(b"/host/%d" % i, b"x")
        assert guest.fs_stat(b"/host/absent/x") == -errno.ENOENT and guest.fs_open(b"/host/absent") == -errno.ENOENT
        assert guest.fs_rename(b"/host/%d" % i, b"/host/y%d" % i) == 0 and guest.fs_list(b"/host")
        assert guest.fs_unlink(b"/host/y%d" % i) == 0
    assert len(os.listdir("/proc/self/fd")) == before


def test_random_operations_as_on_the_host(tmp_path: Path) -> None:
    """The same calls on the mounted folder and, by os, on a copy of it: results and trees are the same."""
    chance = random.Random(SEED)
    guest.kernel_reset()
    mine, other = tmp_path / "shared", tmp_path / "model"
    mine.mkdir()
    other.mkdir()
    session = Session(mine)
    names = ["a", "b", "c", "a/a", "a/b", "a/b/a", "b/a", "c/x", "l", "l/a", "./b", "a/../b"]

    def by_host(call: Callable[[], object]) -> object:
        try:
            return call()
        except OSError as error:
            return -(error.errno or 0)

    def write_host(path: str, data: bytes) -> int:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o644), "wb") as file:
            return file.write(data)

    def write_guest(path: bytes, data: bytes) -> int:
        fd = guest.fs_open(path, os.O_WRONLY | O_CREAT, 0o644)
        if fd < 0:
            return fd
        done = guest.fs_write(fd, data)
        guest.fs_close(fd)
        return done

    def done(result: object) -> object:
        return 0 if result is None else result

    for _ in range(1500):
        first, second = chance.choice(names), chance.choice(names)
        p, q = f"{other}/{first}", f"{other}/{second}"
        g, h = b"/host/" + first.encode(), b"/host/" + second.encode()
        pick = chance.randrange(9)
        data = chance.randbytes(chance.randrange(50))
        if pick == 0:
            pair = guest.fs_mkdir(g, 0o755), by_host(lambda: os.mkdir(p))
        elif pick == 1:
            pair = write_guest(g, data), by_host(lambda: write_host(p, data))
        elif pick == 2:
            pair = guest.fs_unlink(g), by_host(lambda: os.unlink(p))
        elif pick == 3:
            pair = guest.fs_rmdir(g), by_host(lambda: os.rmdir(p))
        elif pick == 4:
            pair = guest.fs_rename(g, h), by_host(lambda: os.rename(p, q))
        elif pick == 5:
            pair = guest.fs_link(g, h), by_host(lambda: os.link(p, q, follow_symlinks=False))
        elif pick == 6:
            pair = guest.fs_symlink(b"a", h), by_host(lambda: os.symlink("a", q))
        elif pick == 7:
            status = guest.fs_stat(g, False)
            pair = ((status["mode"], status["links"]) if isinstance(status, dict) else status,
                    by_host(lambda: (lambda s: (s.st_mode, s.st_nlink))(os.lstat(p))))
        else:
            found = guest.fs_list(g)
            pair = (sorted(name for name, _ in found) if isinstance(found, list) else found,
                    by_host(lambda: sorted(os.fsencode(name) for name in os.listdir(p))))
        assert pair[0] == done(pair[1]), (SEED, pick, first, second, pair)
    left, right = ([(str(p.relative_to(root)), p.lstat().st_mode, p.is_file() and p.read_bytes()) for p in sorted(root.rglob("*"))]
                   for root in (mine, other))
    assert left == right, SEED
    session.close()


# --- against servers that lie ---------------------------------------------------------------------------

def attempt() -> list[object]:
    """Some of everything; only that it comes back matters."""
    found: list[object] = [guest.fs_stat(b"/host"), guest.fs_stat(b"/host/file"), guest.fs_list(b"/host"), guest.fs_readlink(b"/host/link"),
                           guest.fs_realpath(b"/host/link/x"), guest.fs_statfs(b"/host"), guest.fs_mkdir(b"/host/made"),
                           guest.fs_rename(b"/host/made", b"/host/moved"), guest.fs_rmdir(b"/host/moved"), guest.fs_symlink(b"x", b"/host/s"),
                           guest.fs_link(b"/host/file", b"/host/hard"), guest.fs_unlink(b"/host/hard"), guest.fs_unlink(b"/host/s")]
    for path, flags in ((b"/host/file", O_RDWR), (b"/host/new", O_RDWR | O_CREAT), (b"/host/file", os.O_WRONLY | O_APPEND)):
        fd = guest.fs_open(path, flags)
        found.append(fd)
        if fd >= 0:
            found += [guest.fs_pread(fd, 5000, 0), guest.fs_write(fd, b"y" * 3000), guest.fs_fstat(fd), guest.fs_lseek(fd, 0, 2),
                      guest.fs_ftruncate(fd, 100), guest.fs_fsync(fd), guest.fs_available(fd)]
            guest.fs_close(fd)
    found.append(guest.fs_unlink(b"/host/new"))
    return found


def scene(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "file").write_bytes(b"contents" * 1000)
    if not (folder / "link").is_symlink():
        (folder / "link").symlink_to("file")
    (folder / "folder").mkdir(exist_ok=True)


def test_damaged_replies(tmp_path: Path) -> None:
    """Bytes, sizes and lengths of replies changed at random: errors, and no harm to the kernel."""
    chance = random.Random(SEED)
    folder = tmp_path / "shared"

    def damage(reply: bytes) -> bytes | tuple[bytes, int]:
        pick = chance.random()
        data = bytearray(reply)
        if pick < 0.6 or not data:
            return reply
        if pick < 0.8:
            for _ in range(chance.randrange(1, 4)):
                data[chance.randrange(len(data))] = chance.choice((0, 1, 0x2f, 0x80, 0xff, chance.randrange(256)))
            return bytes(data)
        if pick < 0.86:
            return bytes(data[:chance.randrange(len(data))])
        if pick < 0.9:
            at = chance.randrange(len(data))
            data[at:at + 4] = struct.pack("<I", chance.choice((0, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000)))
            return bytes(data[:len(reply)])
        if pick < 0.95:
            return reply, chance.choice((0, 6, 7, 11, len(reply) + 1, 0xFFFFFFFF))
        return message(ninep.RLERROR, numbers("I", chance.choice((0, 1, 2, 4096, 0x80000000, 0xFFFFFFFF))), struct.unpack_from("<H", reply, 5)[0])

    for _ in range(120):
        scene(folder)
        guest.kernel_reset()
        session = Session(folder, change=damage)
        if session.error == 0:
            for _ in range(2):
                for result in attempt():
                    if isinstance(result, int) and not isinstance(result, bool):
                        assert result > -4096, SEED
        else:
            assert -4096 < session.error < 0, SEED
        session.change = None
        session.close()
        assert guest.kernel_text() == "", SEED
    guest.kernel_reset()


QID = b"\x80" + bytes(12)


class Liar:
    """Serves the root, and for one kind of request what the test says."""

    def __init__(self, kind: int, reply: bytes) -> None:
        self.kind, self.reply = kind, reply

    def __call__(self, request: bytes, room: int) -> bytes:
        kind = request[4]
        tag, = struct.unpack_from("<H", request, 5)
        if kind == self.kind:
            return message(kind + 1, self.reply, tag)
        body = {ninep.VERSION: numbers("I", 65536) + text("9P2000.L"), ninep.ATTACH: QID, ninep.CLUNK: b"",
                ninep.WALK: numbers("H", request[15]) + (b"\0" + bytes(12)) * request[15], ninep.LOPEN: QID + bytes(4),
                ninep.GETATTR: numbers("Q", 0x7ff) + QID + numbers("IIIQ", stat.S_IFDIR | 0o755, 0, 0, 2) + bytes(14 * 8)}[kind]
        return message(kind + 1, body, tag)


def lied(kind: int, reply: bytes) -> int:
    guest.kernel_reset()
    guest.fs_mkdir(b"/host")
    return guest.ninep_mount(b"/host", Liar(kind, reply))


@pytest.mark.parametrize("reply", [b"", numbers("I", 100) + text("9P2000.L"), numbers("I", 1 << 30) + text("9P2000.L"),
                                   numbers("I", 65536) + text("9P2000"), numbers("I", 65536) + text("unknown"), numbers("IH", 65536, 9999)])
def test_version_that_is_none(reply: bytes) -> None:
    assert lied(ninep.VERSION, reply) == -errno.EPROTO


def test_root_that_is_no_folder() -> None:
    assert lied(ninep.ATTACH, bytes(13)) == -errno.EPROTO and lied(ninep.ATTACH, QID[:-1]) == -errno.EPROTO


def entry(name: bytes, cookie: int, kind: int = 4) -> bytes:
    return QID + numbers("QB", cookie, kind) + text(name)


@pytest.mark.parametrize("entries", [entry(b"a/b", 1), entry(b"", 1), entry(b"n\0", 1), entry(b"x" * 256, 1), entry(b"fine", 1)[:-1],
                                     entry(b"loops", 0), entry(b"backwards", 1 << 63), QID, entry(b"name", 1)[:-5] + b"\xff\xff"])
def test_directory_entries_that_are_none(entries: bytes) -> None:
    assert lied(ninep.READDIR, numbers("I", len(entries)) + entries) == 0
    assert guest.fs_list(b"/host") == -errno.EIO


@pytest.mark.parametrize("count", [1, 1000, 0x7FFFFFFF, 0xFFFFFFFF])
def test_counts_that_are_wrong(count: int) -> None:
    assert lied(ninep.READDIR, numbers("I", count)) == 0
    assert guest.fs_list(b"/host") == -errno.EIO


def test_a_directory_whose_attributes_are_a_files() -> None:
    wrong = numbers("Q", 0x7ff) + QID + numbers("IIIQ", stat.S_IFREG | 0o644, 0, 0, 1) + bytes(14 * 8)
    assert lied(ninep.GETATTR, wrong) == 0
    assert guest.fs_stat(b"/host") == -errno.EIO
    size = numbers("Q", 0x7ff) + QID + numbers("IIIQ", stat.S_IFDIR, 0, 0, 1) + numbers("QQ", 0, 1 << 63) + bytes(12 * 8)
    assert lied(ninep.GETATTR, size) == 0
    assert guest.fs_stat(b"/host") == -errno.EIO


def test_a_walk_that_goes_elsewhere() -> None:
    for body, result in ((numbers("H", 0), -errno.ENOENT), (numbers("H", 2) + bytes(26), -errno.EIO), (numbers("H", 1) + bytes(12), -errno.EIO), (b"", -errno.EIO)):
        assert lied(ninep.WALK, body) == 0
        assert guest.fs_stat(b"/host/x") == result


def test_replies_to_something_else() -> None:
    guest.kernel_reset()
    guest.fs_mkdir(b"/host")
    good = Liar(0, b"")
    assert guest.ninep_mount(b"/host", lambda request, room: message(ninep.VERSION + 1, b"", 3)) == -errno.EIO
    assert guest.ninep_mount(b"/host", lambda request, room: message(ninep.VERSION + 3, b"", 0xFFFF)) == -errno.EIO
    assert guest.ninep_mount(b"/host", lambda request, room: b"") == -errno.EIO
    assert guest.ninep_mount(b"/host", lambda request, room: -errno.EIO) == -errno.EIO
    assert guest.ninep_mount(b"/host", good) == 0


# --- through the driver -----------------------------------------------------------------------------------

WINDOW = 1 << 44


class MmioDevice:
    """Registers of virtio-mmio (virtio 1.2 §4.2.2) and one queue, in front of the server's device model."""

    def __init__(self, folder: Path) -> None:
        self.client = Client(folder, attach=False)
        self.registers: dict[int, int] = {0x70: 0, 0x44: 0, 0x60: 0}
        self.seen = self.used = self.notified = self.served = 0
        self.spoil = ""

    def read(self, offset: int) -> int:
        if offset >= 0x100:
            return int.from_bytes((b"\x06\x00vol000" + bytes(4))[offset - 0x100:offset - 0xfc], "little")
        if offset == 0x10:
            return self.registers.get(0x14, 0) and 1              # VERSION_1
        return {0: 0x74726976, 4: 2, 8: 9, 0x34: 8}.get(offset, self.registers.get(offset, 0))

    def write(self, offset: int, value: int) -> None:
        self.registers[offset] = value

    def address(self, register: int) -> int:
        return ((self.registers[register] | self.registers[register + 4] << 32) + WINDOW) % (1 << 64)

    def notify(self, queue: int) -> None:
        assert queue == 0
        self.notified += 1
        table, driver, device = (self.address(register) for register in (0x80, 0x90, 0xa0))
        index, = struct.unpack("<H", guest.memory_read(driver + 2, 2))
        while self.seen != index:
            head, = struct.unpack("<H", guest.memory_read(driver + 4 + 2 * (self.seen % 8), 2))
            self.seen = (self.seen + 1) % 65536
            request, room, at = b"", [], head
            while True:
                address, length, flags, following = struct.unpack("<QIHH", guest.memory_read(table + 16 * at, 16))
                address = (address + WINDOW) % (1 << 64)
                if flags & 2:
                    room.append((address, length))
                else:
                    request += guest.memory_read(address, length)
                if not flags & 1:
                    break
                at = following
            reply = self.client.exchange(request, min(sum(length for _, length in room), ninep.ROOM))
            self.served += 1
            for address, length in room:
                guest.memory_write(address, reply[:length])
                reply = reply[length:]
            total = struct.unpack("<I", self.client.machine.peek(ninep.REPLY, 4))[0]
            if self.spoil == "head":
                head = 1000
            elif self.spoil == "length":
                total = 1 << 30
            elif self.spoil == "index":
                self.used += 500
            guest.memory_write(device + 4 + 8 * (self.used % 8), struct.pack("<II", head, total))
            self.used = (self.used + 1) % 65536
            guest.memory_write(device + 2, struct.pack("<H", self.used))


@pytest.fixture
def device(tmp_path: Path) -> Iterator[MmioDevice]:
    guest.kernel_reset()
    scene(tmp_path / "shared")
    made = MmioDevice(tmp_path / "shared")
    guest.fs_mkdir(b"/host")
    assert guest.ninep_device_mount(b"/host", b"vol999", made) == -errno.ENODEV
    guest.kernel_reset()
    made = MmioDevice(tmp_path / "shared")
    guest.fs_mkdir(b"/host")
    assert guest.ninep_device_mount(b"/host", b"vol000", made) == 0
    yield made
    made.client.close()
    guest.kernel_reset()


def test_driver(device: MmioDevice) -> None:
    assert read(b"/host/file") == b"contents" * 1000
    data = bytes(range(256)) * 700
    write(b"/host/large", data)
    assert read(b"/host/large") == data
    assert sorted(name for name, _ in guest.fs_list(b"/host")) == [b"file", b"folder", b"large", b"link"]
    assert device.registers[0x70] == 15


def test_driver_does_not_notify_for_what_nobody_waits_for(device: MmioDevice) -> None:
    notified, served = device.notified, device.served
    for _ in range(100):
        assert guest.fs_stat(b"/host/file")["size"] == 8000       # walk, getattr; clunk goes with the next walk
    assert device.notified - notified == 200 and 295 <= device.served - served <= 300


@pytest.mark.parametrize("spoil", ["head", "length", "index"])
def test_driver_stops_a_device_that_breaks_the_ring(device: MmioDevice, spoil: str) -> None:
    fd = guest.fs_open(b"/host/file")
    device.spoil = spoil
    assert guest.fs_pread(fd, 100, 0) == -errno.EIO
    assert device.registers[0x70] == 0                            # reset: it may write no more
    assert guest.fs_stat(b"/host/file") == -errno.EIO and guest.fs_list(b"/host") == -errno.EIO
    assert guest.fs_close(fd) == 0
    assert "breaks the rules of its queue" in guest.kernel_text()
