"""Every kernel test starts with a kernel just booted, under a virtual clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demitasse import _guest as guest


@pytest.fixture(autouse=True)
def fresh_kernel() -> Iterator[None]:
    guest.kernel_reset()
    yield
    guest.kernel_reset()
