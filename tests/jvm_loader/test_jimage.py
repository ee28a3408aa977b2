"""jvm/loader/jimage.pyx: every name is found, nothing else, and a damaged image is refused or harmless."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from demitasse import _guest as guest

from . import library


def test_every_resource_is_found_by_its_name_and_every_class_by_its_package() -> None:
    library.open_loader()
    count, missed, classes = guest.jimage_lookups()
    assert missed == []
    assert count == sum(1 for _ in library.image().locations())
    assert classes > 18_000


def test_an_image_of_another_version_is_refused() -> None:
    library.open_loader()
    head = Path(library.IMAGE).read_bytes()[:4096]
    for damaged in (b"", head[:27], b"\0" + head[1:], head[:4] + struct.pack("<I", 0x20000) + head[8:], head):
        assert guest.jimage_bytes(damaged) < 0


def small_image() -> bytearray:
    """One location, /java.base/java/lang/Object.class, in a table of one."""
    strings = b"\0java.base\0java/lang\0Object\0class\0"
    items = [(1, 1), (2, 11), (3, 21), (4, 28), (5, 0), (7, 4)]
    location = b"".join(bytes([kind << 3, value]) for kind, value in items) + b"\0"
    head = struct.pack("<7I", 0xCAFEDADA, 0x10000, 0, 1, 1, len(location), len(strings))
    return bytearray(head + struct.pack("<iI", -1, 0) + location + strings + b"data")


@pytest.mark.parametrize("seed", range(20))
def test_damaged_tables_lead_nowhere_outside(seed: int) -> None:
    """The shell puts the image before an unreadable page, so that a step outside would end the test."""
    library.open_loader()
    assert guest.jimage_bytes(bytes(small_image())) == 0
    generator = random.Random(seed)
    for _ in range(500):
        data = small_image()
        for _ in range(generator.randint(1, 4)):
            data[generator.randrange(len(data))] = generator.randrange(256)
        guest.jimage_bytes(bytes(data))
