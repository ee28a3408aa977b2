"""9P2000.L messages in Python, and a client that speaks them to the device model of host folders."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from .driver import F_WRITE, RAM, Driver

RLERROR = 7
(STATFS, LOPEN, LCREATE, SYMLINK, MKNOD, READLINK, GETATTR, SETATTR, READDIR, FSYNC, LINK, MKDIR, RENAMEAT, UNLINKAT,
 VERSION, ATTACH, FLUSH, WALK, READ, WRITE, CLUNK) = (8, 12, 14, 16, 18, 22, 24, 26, 40, 50, 70, 72, 74, 76, 100, 104, 108,
                                                      110, 116, 118, 120)
ALL = (STATFS, LOPEN, LCREATE, SYMLINK, MKNOD, READLINK, GETATTR, SETATTR, READDIR, FSYNC, LINK, MKDIR, RENAMEAT, UNLINKAT,
       VERSION, ATTACH, FLUSH, WALK, READ, WRITE, CLUNK)
NOTAG, NOFID = 0xFFFF, 0xFFFFFFFF
#: Where request and reply lie in the guest's memory, and how long they can be.
REQUEST, REPLY, ROOM = RAM + 0x10000, RAM + 0x80000, 0x60000


class Refused(Exception):
    """Rlerror."""

    def __init__(self, code: int) -> None:
        super().__init__(os.strerror(code))
        self.code = code


def message(kind: int, body: bytes, tag: int = 1) -> bytes:
    return struct.pack("<IBH", 7 + len(body), kind, tag) + body


def text(value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("<H", len(data)) + data


def numbers(form: str, *values: int) -> bytes:
    return struct.pack("<" + form, *values)


class Client:
    """A session with a device model over `folder`; each method is one request."""

    def __init__(self, folder: Path, read_only: bool = False, attach: bool = True) -> None:
        self.folder = os.open(folder, os.O_PATH | os.O_DIRECTORY)
        self.driver = Driver("ninep", folder=self.folder, read_only=read_only, size=0x100000)
        self.machine = self.driver.machine
        self.queue = self.driver.queue(0, 16)
        self.next_fid = 1
        if attach:
            self.ask(VERSION, numbers("I", 65536) + text("9P2000.L"), NOTAG)
            self.ask(ATTACH, numbers("II", 0, NOFID) + text("root") + text("") + numbers("I", 0))

    def close(self) -> None:
        self.machine.write(0x70, 0)
        os.close(self.folder)

    def exchange(self, data: bytes, room: int = ROOM, split: int = 0) -> bytes:
        """The bytes that come back; the request lies in two buffers if `split` says so."""
        self.machine.poke(REQUEST, data)
        out = [(REQUEST, len(data), 0)] if not split else [(REQUEST, split, 0), (REQUEST + split, len(data) - split, 0)]
        back = [(REPLY, min(room, 11), F_WRITE)] + ([(REPLY + 11, room - 11, F_WRITE)] if room > 11 else [])
        self.queue.post(out + back)
        [(head, length)] = self.queue.used()
        assert head == 0 and length <= room
        return bytes(self.machine.peek(REPLY, length))

    def ask(self, kind: int, body: bytes, tag: int = 1, room: int = ROOM, split: int = 0) -> bytes:
        """The body of the reply; Refused for Rlerror."""
        back = self.exchange(message(kind, body, tag), room, split)
        size, found, found_tag = struct.unpack_from("<IBH", back)
        assert size == len(back) and found_tag == tag
        if found == RLERROR:
            raise Refused(struct.unpack_from("<I", back, 7)[0])
        assert found == kind + 1
        return back[7:]

    def walk(self, *names: bytes | str, start: int = 0) -> int:
        fid = self.next_fid
        self.ask(WALK, numbers("IIH", start, fid, len(names)) + b"".join(map(text, names)))
        self.next_fid += 1
        return fid

    def open(self, fid: int, flags: int = 0) -> int:
        self.ask(LOPEN, numbers("II", fid, flags))
        return fid

    def create(self, fid: int, name: bytes | str, flags: int = os.O_RDWR, mode: int = 0o644) -> int:
        self.ask(LCREATE, numbers("I", fid) + text(name) + numbers("III", flags, mode, 0))
        return fid

    def read(self, fid: int, offset: int, count: int, room: int = ROOM) -> bytes:
        back = self.ask(READ, numbers("IQI", fid, offset, count), room=room)
        assert struct.unpack_from("<I", back)[0] == len(back) - 4
        return back[4:]

    def write(self, fid: int, offset: int, data: bytes, split: int = 0) -> int:
        back = self.ask(WRITE, numbers("IQI", fid, offset, len(data)) + data, split=split)
        return int(struct.unpack("<I", back)[0])

    def entries(self, fid: int, offset: int, count: int = 8192) -> list[tuple[bytes, int, int]]:
        """(name, cookie, type) of each entry in one Rreaddir."""
        back = self.ask(READDIR, numbers("IQI", fid, offset, count))
        assert struct.unpack_from("<I", back)[0] == len(back) - 4 <= count
        at, found = 4, []
        while at < len(back):
            cookie, kind, length = struct.unpack_from("<QBH", back, at + 13)
            found.append((back[at + 24:at + 24 + length], cookie, kind))
            at += 24 + length
        assert at == len(back)
        return found

    def attributes(self, fid: int) -> dict[str, int]:
        back = self.ask(GETATTR, numbers("IQ", fid, 0xfff))
        names = ("mode", "uid", "gid", "links", "rdevice", "size", "block_size", "blocks", "atime", "atime_ns", "mtime",
                 "mtime_ns", "ctime", "ctime_ns", "btime", "btime_ns", "generation", "version")
        return dict(zip(names, struct.unpack_from("<III15Q", back, 21)))

    def set(self, fid: int, valid: int, mode: int = 0, size: int = 0, times: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
        self.ask(SETATTR, numbers("IIIIIQ4Q", fid, valid, mode, 0, 0, size, *times))

    def clunk(self, fid: int) -> None:
        self.ask(CLUNK, numbers("I", fid))
