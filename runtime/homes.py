"""Which homes this machine has, found out without starting anything.

Invariant: cheap (a few system calls), and every home that is missing has its reason in words.
"""

from __future__ import annotations

import os

from demitasse.runtime.request import HOMES

QEMU = "qemu-system-x86_64"
_KVM_DEVICE = "/dev/kvm"


def missing(home: str) -> str | None:
    """Why `home` is not available here; None if it is."""
    machine = os.uname().machine
    if machine != "x86_64" and home != "qemu":
        return f"the image is for x86-64, and this machine is {machine}"
    if home == "qemu":
        import shutil                    # takes two milliseconds, of a start's forty

        return None if shutil.which(QEMU) else f"{QEMU} is not on the PATH"
    if home == "kvm":
        if not os.path.exists(_KVM_DEVICE):
            return f"there is no {_KVM_DEVICE}"
        if not os.access(_KVM_DEVICE, os.R_OK | os.W_OK):
            return f"{_KVM_DEVICE} may not be opened by this user"
    folder = os.path.join(os.path.dirname(os.path.realpath(__file__)), "monitor")
    if not any(name.startswith(f"{home}.") and name.endswith(".so") for name in os.listdir(folder)):
        return f"the monitor of the {home} home is not built"
    return None


def available() -> list[str]:
    """The homes that can be used here."""
    return [home for home in HOMES if home != "auto" and missing(home) is None]
