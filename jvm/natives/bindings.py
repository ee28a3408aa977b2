"""Which guest function runs each native method of the class library.

NATIVES: internal class name → {name and descriptor: function}.  A function `f` is the C function
`native_f`, defined as `cdef public void native_f(JavaThread* t, Slot* args, Slot* result)` in the file of
jvm/natives that has its subject; "nothing" is the shared one for methods that have nothing to do.
INTRINSICS: the same for methods that have a Java body which native code replaces for speed; such
code gives bit-identical results.

jvm/natives/table.py makes the guest's lookup table from this file and fails the build when a row
names no such method of the class library.
"""

from __future__ import annotations

from typing import Final

NATIVES: Final[dict[str, dict[str, str]]] = {
    "java/lang/Object": {
        "getClass()Ljava/lang/Class;": "object_get_class",
    },
}

INTRINSICS: Final[dict[str, dict[str, str]]] = {
}
