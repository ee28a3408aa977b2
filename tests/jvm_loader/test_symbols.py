"""jvm/loader/symbols.pyx: equal text, equal pointer."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from demitasse import _guest as guest

from . import library


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=200))
def test_equal_text_gives_the_same_symbol(texts: list[bytes]) -> None:
    library.open_loader()
    first = guest.loader_symbols(texts)
    assert guest.loader_symbols(texts) == first
    assert len(set(first)) == len(set(texts)) and 0 not in first
    assert [guest.loader_find_symbol(text) for text in texts] == first


def test_the_table_grows() -> None:
    library.open_loader()
    before = guest.loader_symbol_count()
    texts = [b"name%d" % number for number in range(100_000)]
    first = guest.loader_symbols(texts)
    assert guest.loader_symbol_count() == before + 100_000
    assert guest.loader_symbols(texts) == first
    assert guest.loader_find_symbol(b"never interned") == 0


def test_limits_of_length() -> None:
    library.open_loader()
    assert guest.loader_symbols([b"x" * 65535])[0] != 0
    assert guest.loader_symbols([b"x" * 65536]) == [0]
