"""The ELF loader: what it makes of programs, and that it says of each damaged one in one line what is wrong."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demitasse import _guest as guest
from demitasse.cabi.syscalls import EXPORTS

from . import elves
from .elves import DATA, TABLES, TEXT, WORDS, Elf

ENOMEM, ENOEXEC = 12, 8


@pytest.fixture(autouse=True)
def fresh_kernel() -> Iterator[None]:
    guest.kernel_reset()
    yield
    guest.kernel_reset()


def word(found: dict[str, object], address: int) -> int:
    memory = found["memory"]
    assert isinstance(memory, dict)
    return int(struct.unpack_from("<Q", memory[DATA], address - DATA)[0])


def refused(elf: Elf | bytes) -> str:
    """The line with which a program is refused; everything that it took was given back."""
    found = guest.elf_try(elf if isinstance(elf, bytes) else elf.build())
    assert found["result"] == -ENOEXEC, found
    assert found["leaked"] == 0 and not found["cut"]
    text = str(found["text"])
    assert text and "\n" not in text
    return text


def test_a_program_with_everything() -> None:
    found = guest.elf_try(elves.everything().build(), (TEXT, TEXT + 15, TEXT + 16, WORDS, 1 << 40))
    assert found["result"] == 0, found
    assert (found["entry"], found["headers"], found["stack"], found["leaked"]) == (TEXT, 64, 1 << 20, 0)
    assert [access for *_, access in found["segments"]] == [1, 5, 1, 3]
    assert found["names"] == [("start", 0), ("start", 15), None, None, None]


def test_relocations() -> None:
    found = guest.elf_try(elves.everything().build())
    bias = int(found["bias"])
    assert word(found, WORDS) == bias + TEXT
    assert word(found, WORDS + 16) == bias + TEXT + 4 + 3
    assert word(found, WORDS + 8) == word(found, WORDS + 24) != 0               # cabi_write, as data and as a call
    assert word(found, WORDS + 32) == 1
    assert word(found, WORDS + 40) == 4 + 1
    # The block ends at the thread pointer, aligned as its image is (musl, static_init_tls).
    size = 24 + (-(24 + WORDS + 0x100) & 15)
    assert word(found, WORDS + 48) == (4 + 2 - size) % (1 << 64)
    assert [word(found, WORDS + 0x80 + 8 * i) == bias for i in range(5)] == [True, True, False, True, False]


def test_every_export_is_there() -> None:
    assert all(guest.elf_export(name.encode()) for name in EXPORTS)
    assert not guest.elf_export(b"cabi_nothing") and not guest.elf_export(b"")


def test_weak_names_may_be_missing() -> None:
    data = bytearray(Elf(symbols=[(b"cabi_nothing", None), (b"here", TEXT)]).build())
    assert "cabi_nothing" in refused(bytes(data))
    at = data.index(struct.pack("<IBBHQQ", 1, 0x12, 0, 0, 0, 0))
    data[at + 4] = 0x22
    assert guest.elf_try(bytes(data))["result"] == 0


@pytest.mark.parametrize(("elf", "says"), [
    (Elf(kind=2), "fixed address"),
    (Elf(kind=1), "not a program"),
    (Elf(machine=183), "another machine"),
    (Elf(note=b""), "for Linux: build it with `demitasse cc`"),
    (Elf(note=elves.NOTE_BYTES[:24] + struct.pack("<I", 9)), "version 9"),
    (Elf(note=struct.pack("<III", 1 << 31, 4, 1) + bytes(40)), "for Linux"),
    (Elf(extra=[(elves.INTERP, 4, 0, 0, 4, 4, 1)]), "shared libraries"),
    (Elf(needed=[b"libc.so.6"]), "libc.so.6"),
    (Elf(dynamic=[(22, 0)]), "-fPIE"),
    (Elf(dynamic=[(17, TABLES)]), "x86-64"),
    (Elf(dynamic=[(11, 16)]), "size"),
    (Elf(symbols=[(b"puts", None), (b"here", TEXT)]), "needs puts"),
    (Elf(needed=[b"lib\nfatal.so"]), "the name of a library"),
    (Elf(needed=[b"lib\x1b[31m.so"]), "the name of a library"),
    (Elf(needed=[b"n" * 300]), "the name of a library"),
    *((Elf(symbols=[(name, None), (b"here", TEXT)]), "damaged: the name of a symbol")
      for name in (b"two\nlines", b"a\ttab", b"a space", b"\x7f", b"bell\x07", b"n" * 300)),
    (Elf(relocations=[(TEXT, 8, 0, 0)]), "not the program's data"),
    (Elf(relocations=[(WORDS - 8 + 0x300 + 1, 8, 0, 0)]), "not the program's data"),
    (Elf(relocations=[(1 << 60, 8, 0, 0)]), "not the program's data"),
    (Elf(relocations=[(WORDS, 37, 0, 0)]), "type 37"),
    (Elf(relocations=[(WORDS, 1, 1 << 30, 0)]), "symbol that is not there"),
    (Elf(relocations=[(WORDS, 18, 2, 0)]), "thread-local"),
    (Elf(relative=[TEXT]), "not the program's data"),
    (Elf(relative=[(WORDS + 0x400) & ~1, (1 << 64) - 1]), "not the program's data"),
    (Elf(tls=(8, 4, 16)), "thread-local"),
    (Elf(tls=(8, 8, 3)), "thread-local"),
    (Elf(extra=[(elves.LOAD, 6, 0, 0x3000, 16, 16, 4096)]), "overlap"),
    (Elf(extra=[(elves.LOAD, 6, 1 << 40, 0x8000, 16, 16, 4096)]), "not in the file"),
    (Elf(extra=[(elves.LOAD, 6, 0, 0x8000, 16, 8, 4096)]), "larger in the file"),
    (Elf(extra=[(elves.LOAD, 6, 0, 0x100000, 1 << 20, 0, 4096)]), "not in the file"),
    (Elf(extra=[(elves.LOAD, 6, 0, 0x8000, 16, 0, 4096)]), "larger in the file"),
    (Elf(extra=[(elves.LOAD, 6, 0, 0x8000, 16, 16, 3)]), "alignment"),
    (Elf(extra=[(elves.LOAD, 6, 0, 0x8008, 16, 16, 4096)]), "do not fit"),
    (Elf(extra=[(elves.LOAD, 6, 0, 1 << 50, 16, 16, 4096)]), "1 GiB"),
    (Elf(extra=[(elves.RELRO, 4, 0, TEXT, 64, 64, 1)]), "read-only"),
    (Elf(extra=[(elves.DYNAMIC, 4, 0, 0, 16, 16, 8)]), "dynamic section"),
    (Elf(extra=[(elves.LOAD, 6, 0, 0x8000 + 4096 * i, 16, 16, 4096) for i in range(14)]), "too many"),
])
def test_what_is_refused(elf: Elf, says: str) -> None:
    assert says in refused(elf)


def test_relro_that_ends_inside_a_page_keeps_the_page_writable() -> None:
    found = guest.elf_try(Elf(extra=[(elves.RELRO, 4, DATA, DATA, 0x100, 0x100, 1)]).build())
    assert found["result"] == 0


def test_too_large_for_memory() -> None:
    found = guest.elf_try(Elf(bss=600 << 20).build())
    assert found["result"] == -ENOMEM and "-m" in str(found["text"]) and found["leaked"] == 0


@given(st.binary(max_size=200))
def test_bytes_that_are_no_program(data: bytes) -> None:
    refused(data)
    refused(b"\x7fELF" + data)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 0x3800))
def test_a_file_that_ends_early(size: int) -> None:
    found = guest.elf_try(elves.everything().build()[:size])
    assert found["result"] in (0, -ENOEXEC) and found["leaked"] == 0


@given(st.integers(4, 600), st.integers(1, 200), st.integers(1, 200))
def test_pages_are_taken_only_if_they_are_free(pages: int, skip: int, count: int) -> None:
    skip = min(skip, pages - 2)
    count = min(count, pages - skip - 1)
    assert guest.pages_take_free(pages, skip, count) == (True, False, False)
