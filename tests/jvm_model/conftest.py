"""Fixtures of the model's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demitasse.jvm.model.jimage import JImage


@pytest.fixture(scope="session")
def image() -> Iterator[JImage]:
    """The class library."""
    with JImage() as opened:
        yield opened
