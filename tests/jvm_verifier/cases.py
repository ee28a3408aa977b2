"""Methods that are wrong in one way each, and some that are just right; assembled into a class named T.

    .class public super T
    .field public f I
    .field public static s J
"""

from __future__ import annotations

from typing import Final

from .cases_checked import CHECKED
from .cases_inferred import INFERRED

__all__ = ["CHECKED", "INFERRED", "PROLOGUE"]

PROLOGUE: Final = """.class public super T
.version {version}
.field public f I
.field public static s J
"""
