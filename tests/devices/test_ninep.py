"""The folder device: what it serves, and that a guest reaches nothing outside its folder."""

from __future__ import annotations

import errno
import os
import random
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.seeds import SEED

from . import ninep
from .driver import F_WRITE, Driver
from .ninep import Client, Refused, message, numbers, text


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder `inside` to share, and a file and folder beside it that nobody may reach."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    (inside / "folder" / "deep").mkdir(parents=True)
    (inside / "file").write_bytes(b"contents")
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    (inside / "out").symlink_to("../outside")
    (inside / "absolute").symlink_to(outside / "secret")
    (inside / "inner").symlink_to("file")
    os.mkfifo(inside / "pipe")
    return tmp_path


@pytest.fixture
def client(place: Path) -> Iterator[Client]:
    made = Client(place / "inside")
    yield made
    made.close()


def refused(code: int) -> object:
    """Rlerror with this code."""
    class Check:
        def __enter__(self) -> None:
            pass

        def __exit__(self, kind: object, value: object, trace: object) -> bool:
            assert isinstance(value, Refused), value
            assert value.code == code, errno.errorcode[value.code]
            return True
    return Check()


# --- what it serves ---------------------------------------------------------------------------------

def test_5_tag_in_the_configuration() -> None:
    driver = Driver("ninep", folder=-1)
    assert driver.machine.read(0x008) == 9
    assert driver.machine.read_config(0, 2) == 6
    assert bytes(driver.machine.read_config(2 + i, 1) for i in range(6)) == b"vol000"


def test_version_and_size(place: Path) -> None:
    client = Client(place / "inside", attach=False)
    with refused(errno.EINVAL):
        client.ask(ninep.ATTACH, numbers("II", 0, ninep.NOFID) + text("") + text("") + numbers("I", 0))
    assert client.ask(ninep.VERSION, numbers("I", 8192) + text("9P2000.L"), ninep.NOTAG) == numbers("I", 8192) + text("9P2000.L")
    assert client.ask(ninep.VERSION, numbers("I", 8192) + text("9P2000"), ninep.NOTAG)[4:] == text("unknown")
    assert client.ask(ninep.VERSION, numbers("I", 100) + text("9P2000.L"), ninep.NOTAG)[4:] == text("unknown")
    assert client.ask(ninep.VERSION, numbers("I", 0xFFFFFFFF) + text("9P2000.L"), ninep.NOTAG)[:4] == numbers("I", 16 << 20)
    client.close()


def test_read_write_and_split_buffers(client: Client, place: Path) -> None:
    fid = client.open(client.walk("file"), os.O_RDWR)
    assert client.read(fid, 0, 100) == b"contents"
    assert client.read(fid, 3, 2) == b"te"
    assert client.read(fid, 100, 5) == b""
    assert client.write(fid, 4, b"abcdefgh") == 8
    data = bytes(range(256)) * 200
    assert client.write(fid, 1000, data, split=23) == len(data)
    assert client.write(fid, 1000, data, split=1000) == len(data)
    assert client.read(fid, 1000, len(data)) == data
    with refused(errno.EINVAL):
        client.write(fid, 0, bytes(65536))                         # more than the message size
    assert client.read(fid, 1000, 100, room=50) == data[:39]     # as much as the guest has room for
    assert (place / "inside/file").read_bytes() == (b"contabcdefgh".ljust(1000, b"\0") + data)


def test_create_attributes_and_names(client: Client, place: Path) -> None:
    fid = client.create(client.walk(), "new", mode=0o640)
    client.write(fid, 0, b"12345")
    found = client.attributes(fid)
    status = (place / "inside/new").stat()
    assert (found["mode"], found["size"], found["links"]) == (stat.S_IFREG | 0o640, 5, 1)
    assert (found["mtime"], found["mtime_ns"]) == divmod(status.st_mtime_ns, 10**9)
    client.set(fid, 1 | 8, mode=0o4700, size=3)                   # no set-user-id for a guest
    client.set(fid, 0x10 | 0x20 | 0x80 | 0x100, times=(5, 6, 7, 8))
    status = (place / "inside/new").stat()
    assert (stat.S_IMODE(status.st_mode), status.st_size, status.st_atime_ns, status.st_mtime_ns) == (0o700, 3, 5 * 10**9 + 6, 7 * 10**9 + 8)
    root = client.walk()
    client.ask(ninep.MKDIR, numbers("I", root) + text("made") + numbers("II", 0o755, 0))
    client.ask(ninep.SYMLINK, numbers("I", root) + text("symbolic") + text("/etc/passwd") + numbers("I", 0))
    client.ask(ninep.LINK, numbers("II", root, fid) + text("hard"))
    client.ask(ninep.LINK, numbers("II", root, client.walk("symbolic")) + text("hard symbolic"))
    client.ask(ninep.RENAMEAT, numbers("I", root) + text("new") + numbers("I", client.walk("made")) + text("moved"))
    inside = place / "inside"
    assert (inside / "made/moved").samefile(inside / "hard") and os.readlink(inside / "hard symbolic") == "/etc/passwd"
    client.ask(ninep.UNLINKAT, numbers("I", root) + text("hard") + numbers("I", 0))
    with refused(errno.ENOTEMPTY):
        client.ask(ninep.UNLINKAT, numbers("I", root) + text("made") + numbers("I", 0x200))
    with refused(errno.EISDIR):
        client.ask(ninep.UNLINKAT, numbers("I", root) + text("made") + numbers("I", 0))
    assert not (inside / "hard").exists()
    assert client.ask(ninep.READLINK, numbers("I", client.walk("symbolic"))) == text("/etc/passwd")
    client.ask(ninep.FSYNC, numbers("II", fid, 0))
    assert len(client.ask(ninep.STATFS, numbers("I", root))) == 60


def test_removed_file_goes_on(client: Client) -> None:
    fid = client.open(client.walk("file"), os.O_RDWR)
    client.ask(ninep.UNLINKAT, numbers("I", 0) + text("file") + numbers("I", 0))
    assert client.read(fid, 0, 8) == b"contents" and client.write(fid, 0, b"x") == 1
    client.set(fid, 8, size=4)
    found = client.attributes(fid)
    assert (found["links"], found["size"]) == (0, 4)
    with refused(errno.ENOENT):
        client.walk("file")


def test_directory_in_pieces_of_any_size(client: Client, place: Path) -> None:
    names = {b"x" * n for n in range(1, 250)}
    for name in names:
        (place / "inside/folder" / name.decode()).touch()
    for count in (570, 1000, 4096, 100000):
        fid, cookie, found = client.open(client.walk("folder")), 0, []
        while True:
            part = client.entries(fid, cookie, count)
            if not part:
                break
            found += [name for name, _, _ in part]
            cookie = part[-1][1]
        assert sorted(found) == sorted(names | {b".", b"..", b"deep"})
        assert client.entries(fid, 0, count)[0] == part_of_first(client, count)
    with refused(errno.EINVAL):
        client.entries(client.open(client.walk("folder")), 0, 30)


def part_of_first(client: Client, count: int) -> tuple[bytes, int, int]:
    return client.entries(client.open(client.walk("folder")), 0, count)[0]


# --- what it refuses --------------------------------------------------------------------------------

@pytest.mark.parametrize("name", [b"..", b".", b"", b"folder/deep", b"/", b"/etc", b"../outside", b"a\0b", b"file\0", b"x" * 256,
                                  b"\0"])
def test_a_name_is_one_element(client: Client, name: bytes) -> None:
    root = numbers("I", 0)
    for kind, body in ((ninep.WALK, numbers("IIH", 0, 9, 1) + text(name)),
                       (ninep.LCREATE, root + text(name) + numbers("III", 2, 0o644, 0)),
                       (ninep.MKDIR, root + text(name) + numbers("II", 0o755, 0)),
                       (ninep.SYMLINK, root + text(name) + text("x") + numbers("I", 0)),
                       (ninep.UNLINKAT, root + text(name) + numbers("I", 0)),
                       (ninep.UNLINKAT, root + text(name) + numbers("I", 0x200)),
                       (ninep.RENAMEAT, root + text("file") + root + text(name)),
                       (ninep.RENAMEAT, root + text(name) + root + text("n")),
                       (ninep.LINK, root + numbers("I", 0) + text(name))):
        with refused(errno.EINVAL):
            client.ask(kind, body)


@pytest.mark.parametrize("link", ["out", "absolute", "inner"])
def test_no_link_is_followed(client: Client, place: Path, link: str) -> None:
    fid = client.walk(link)
    assert stat.S_ISLNK(client.attributes(fid)["mode"])
    for flags in (0, os.O_RDWR, os.O_DIRECTORY, os.O_WRONLY | os.O_TRUNC):
        with refused(errno.ENXIO):
            client.open(fid, flags)
    with refused(errno.ENOTDIR):
        client.walk(link, "secret")
    with refused(errno.EEXIST):
        client.create(client.walk(), link)
    with refused(errno.EOPNOTSUPP):
        client.set(fid, 1, mode=0o777)
    with refused(errno.EINVAL):
        client.set(fid, 8, size=0)
    client.set(fid, 0x20 | 0x100, times=(0, 0, 9, 0))             # the link's own time
    assert (place / "inside" / link).lstat().st_mtime == 9 and (place / "outside/secret").stat().st_mtime > 9
    assert (place / "outside/secret").read_bytes() == b"secret"


def test_a_folder_that_becomes_a_link_is_not_followed(client: Client, place: Path) -> None:
    fid = client.walk("folder")
    os.rename(place / "inside/folder", place / "inside/was")
    (place / "inside/folder").symlink_to("../outside")
    client.create(client.walk(start=fid), "made")
    assert (place / "inside/was/made").exists() and sorted(os.listdir(place / "outside")) == ["secret"]
    with refused(errno.ENOTDIR):
        client.walk("folder", "secret")


def test_pipes_devices_and_nodes(client: Client) -> None:
    fid = client.walk("pipe")
    assert stat.S_ISFIFO(client.attributes(fid)["mode"])
    with refused(errno.ENXIO):
        client.open(fid)
    with refused(errno.EEXIST):
        client.create(client.walk(), "pipe", os.O_WRONLY)
    with refused(errno.EPERM):
        client.ask(ninep.MKNOD, numbers("I", 0) + text("null") + numbers("IIII", stat.S_IFCHR | 0o666, 1, 3, 0))


def test_device_files_are_not_opened() -> None:
    client = Client(Path("/dev"))
    for name in ("null", "zero"):
        with refused(errno.ENXIO):
            client.open(client.walk(name))
    client.close()


def test_magic_links_of_proc_lead_nowhere() -> None:
    client = Client(Path("/proc/self"))
    for name in ("root", "cwd", "exe"):
        fid = client.walk(name)
        with refused(errno.ENXIO):
            client.open(fid)
        with refused(errno.ENOTDIR):
            client.walk(name, "etc")
    client.close()


def test_read_only(place: Path) -> None:
    client = Client(place / "inside", read_only=True)
    before = sorted((str(p), p.lstat().st_mtime_ns, p.lstat().st_mode) for p in place.rglob("*"))
    file = client.open(client.walk("file"))
    assert client.read(file, 0, 8) == b"contents"
    root = numbers("I", 0)
    for kind, body in ((ninep.LCREATE, numbers("I", client.walk()) + text("n") + numbers("III", 2, 0o644, 0)),
                       (ninep.MKDIR, root + text("n") + numbers("II", 0o755, 0)),
                       (ninep.SYMLINK, root + text("n") + text("x") + numbers("I", 0)),
                       (ninep.UNLINKAT, root + text("file") + numbers("I", 0)),
                       (ninep.UNLINKAT, root + text("folder") + numbers("I", 0x200)),
                       (ninep.RENAMEAT, root + text("file") + root + text("n")),
                       (ninep.LINK, root + numbers("I", client.walk("file")) + text("n")),
                       (ninep.LOPEN, numbers("II", client.walk("file"), os.O_WRONLY)),
                       (ninep.LOPEN, numbers("II", client.walk("file"), os.O_RDWR)),
                       (ninep.LOPEN, numbers("II", client.walk("file"), os.O_TRUNC)),
                       (ninep.WRITE, numbers("IQI", file, 0, 1) + b"x"),
                       *((ninep.SETATTR, numbers("IIIIIQ4Q", file, valid, 0o600, 0, 0, 1, 0, 0, 0, 0)) for valid in (1, 2, 8, 16, 32))):
        with refused(errno.EROFS):
            client.ask(kind, body)
    assert before == sorted((str(p), p.lstat().st_mtime_ns, p.lstat().st_mode) for p in place.rglob("*"))
    client.close()


def test_fids(client: Client) -> None:
    for fid in (5, 16384, 0xFFFFFFFE, ninep.NOFID):
        for kind, body in ((ninep.GETATTR, numbers("IQ", fid, 0)), (ninep.CLUNK, numbers("I", fid)), (ninep.READ, numbers("IQI", fid, 0, 9)),
                           (ninep.LOPEN, numbers("II", fid, 0)), (ninep.WALK, numbers("IIH", fid, 7, 0))):
            with refused(errno.EBADF):
                client.ask(kind, body)
    with refused(errno.EMFILE):
        client.ask(ninep.WALK, numbers("IIH", 0, 16384, 0))
    with refused(errno.EINVAL):
        client.ask(ninep.WALK, numbers("IIH", 0, 0, 0))
    fid = client.walk("file")
    with refused(errno.EINVAL):
        client.ask(ninep.WALK, numbers("IIH", 0, fid, 0))         # in use
    with refused(errno.EINVAL):
        client.ask(ninep.WALK, numbers("IIH", 0, 99, 17) + text("a") * 17)
    with refused(errno.EBADF):
        client.read(fid, 0, 1)                                    # not opened
    client.open(fid)
    with refused(errno.EINVAL):
        client.open(fid)
    with refused(errno.EBADF):
        client.write(fid, 0, b"x")
    folder = client.open(client.walk("folder"))
    with refused(errno.EISDIR):
        client.read(folder, 0, 1)
    with refused(errno.ENOTDIR):
        client.entries(fid, 0)
    with refused(errno.EISDIR):
        client.open(client.walk("folder"), os.O_WRONLY)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_descriptors_are_given_back(client: Client) -> None:
    before = descriptors()
    for _ in range(50):
        client.clunk(client.open(client.walk("file")))
        for names in (("absent",), ("folder", "absent"), ("file", "x"), ("folder", "..")):
            with pytest.raises(Refused):
                client.walk(*names)
        with refused(errno.EEXIST):
            client.create(client.walk(), "file")
        client.clunk(client.next_fid - 1)
    assert descriptors() == before
    for _ in range(10):
        client.open(client.walk("file"))
    client.ask(ninep.VERSION, numbers("I", 65536) + text("9P2000.L"), ninep.NOTAG)   # a new session
    assert descriptors() == before - 1                            # the root's as well
    client.driver.restart()
    assert descriptors() == before - 1


def test_messages_that_are_none(client: Client) -> None:
    assert client.exchange(b"") == b"" == client.exchange(b"\7\0\0\0\x6e\1")       # no header, no tag to answer to
    assert client.exchange(message(ninep.CLUNK, numbers("I", 0)), room=10) == b""  # no room for an answer
    for size in (0, 6, 100, 0xFFFFFFFF):
        back = client.exchange(struct.pack("<IBHI", size, ninep.CLUNK, 5, 0))
        assert struct.unpack("<IBHI", back) == (11, ninep.RLERROR, 5, errno.EINVAL)
    for kind in set(range(256)) - set(ninep.ALL):
        back = client.exchange(message(kind, bytes(40), 77))
        assert struct.unpack("<IBHI", back) == (11, ninep.RLERROR, 77, errno.EOPNOTSUPP)
    with refused(errno.EIO):
        client.ask(ninep.GETATTR, numbers("IQ", 0, 0), room=60)
    client.attributes(0)                                          # all is well


def test_a_short_body_is_refused(client: Client) -> None:
    client.open(client.walk("file"))
    for kind in ninep.ALL:
        if kind in (ninep.FLUSH, ninep.MKNOD):
            continue
        back = client.exchange(message(kind, b"\1\0\0"))
        assert back[4] == ninep.RLERROR, kind


def test_counts_are_bounded(client: Client, place: Path) -> None:
    fid = client.open(client.walk("file"), os.O_RDWR)
    assert client.read(fid, 0, 0xFFFFFFFF) == b"contents"
    for count in (9, 1000, 0xFFFFFFFF):
        with refused(errno.EINVAL):
            client.ask(ninep.WRITE, numbers("IQI", fid, 0, count) + b"contents")
    for offset in (1 << 63, (1 << 64) - 1):
        with refused(errno.EINVAL):
            client.read(fid, offset, 1)
        with refused(errno.EINVAL):
            client.write(fid, offset, b"x")
        with refused(errno.EINVAL):
            client.set(fid, 8, size=offset)
    folder = client.open(client.walk("folder"))
    with refused(errno.EINVAL):
        client.entries(folder, 1 << 63)
    assert (place / "inside/file").read_bytes() == b"contents"


def test_random_messages_stay_inside(place: Path) -> None:
    """Requests made of likely and unlikely parts: nothing outside is read or changed, the device goes on."""
    chance = random.Random(SEED)
    names = [b"file", b"folder", b"deep", b"out", b"absolute", b"inner", b"pipe", b"..", b".", b"", b"../outside/secret", b"secret",
             b"new", b"n\0", b"x" * 255, b"x" * 256, b"/etc/passwd", b"outside"]
    client = Client(place / "inside")
    secret = (place / "outside/secret").stat()
    before = descriptors()

    def part() -> bytes:
        pick = chance.randrange(8)
        if pick < 3:
            return numbers("I", chance.choice((0, 1, 2, 3, 4, 5, 6, 7, 16383, 16384, 0xFFFFFFFF, chance.randrange(1 << 32))))
        if pick < 6:
            return text(chance.choice(names))
        if pick == 6:
            return numbers("H", chance.choice((0, 1, 2, 16, 17, 65535)))
        return chance.choice((numbers("Q", chance.choice((0, 1, 1 << 63, (1 << 64) - 1))), chance.randbytes(chance.randrange(20))))

    for count in range(20000):
        kind = chance.choice(ninep.ALL)
        if kind == ninep.VERSION and chance.random() < 0.98:
            kind = ninep.WALK
        if kind == ninep.WALK:
            steps = [chance.choice(names) for _ in range(chance.choice((0, 1, 1, 1, 2, 3)))]
            body = numbers("IIH", chance.randrange(8), chance.randrange(8), len(steps)) + b"".join(map(text, steps))
        elif kind == ninep.LOPEN:
            body = numbers("II", chance.randrange(8), chance.choice((0, 1, 2, 0o1000, 0o1001, 0o2001, 0o200000, chance.randrange(1 << 32))))
        else:
            body = b"".join(part() for _ in range(chance.randrange(7)))
        data = bytearray(message(kind, body, chance.randrange(65536)))
        if chance.random() < 0.1:
            data[chance.randrange(len(data))] = chance.randrange(256)
        room = chance.choice((11, 12, 50, 400, ninep.ROOM))
        back = client.exchange(bytes(data), room)
        if back:
            size, reply, tag = struct.unpack_from("<IBH", back)
            assert size == len(back) and tag == struct.unpack_from("<H", data, 5)[0], SEED
            assert reply in (ninep.RLERROR, data[4] + 1), SEED
            assert b"secret" not in back[7:] or kind in (ninep.WALK, ninep.READDIR, ninep.READLINK), SEED
        if count % 500 == 0 and not client.driver.broken():
            client.exchange(message(ninep.VERSION, numbers("I", 65536) + text("9P2000.L"), ninep.NOTAG))
            client.exchange(message(ninep.ATTACH, numbers("II", 0, ninep.NOFID) + text("") + text("") + numbers("I", 0)))
        assert not client.driver.broken(), SEED
    after = (place / "outside/secret").stat()
    assert (place / "outside/secret").read_bytes() == b"secret" and os.listdir(place / "outside") == ["secret"], SEED
    assert (after.st_mode, after.st_mtime_ns, after.st_nlink, after.st_ctime_ns) == \
        (secret.st_mode, secret.st_mtime_ns, secret.st_nlink, secret.st_ctime_ns), SEED
    assert sorted(os.listdir(place)) == ["inside", "outside"], SEED
    client.close()
    assert descriptors() < before, SEED


def test_overlapping_and_odd_buffers(client: Client) -> None:
    """The reply may overwrite its own request: what was checked is a copy."""
    fid = client.open(client.walk("file"))
    request = message(ninep.READ, numbers("IQI", fid, 0, 8))
    client.machine.poke(ninep.REQUEST, request)
    client.queue.post([(ninep.REQUEST, len(request), 0), (ninep.REQUEST, 64, F_WRITE)])
    assert client.queue.used() == [(0, 19)]
    assert client.machine.peek(ninep.REQUEST, 19) == message(ninep.READ + 1, numbers("I", 8) + b"contents")
    client.machine.poke(ninep.REQUEST, request)
    client.queue.post([(ninep.REQUEST, 5, 0), (ninep.REQUEST + 5, 0, 0), (ninep.REQUEST + 5, len(request) - 5, 0)]
                      + [(ninep.REPLY + i, 1, F_WRITE) for i in range(10)] + [(ninep.REPLY + 10, 0, F_WRITE), (ninep.REPLY + 10, 9, F_WRITE)])
    assert client.queue.used() == [(0, 19)]
    assert client.machine.peek(ninep.REPLY, 19) == message(ninep.READ + 1, numbers("I", 8) + b"contents")
