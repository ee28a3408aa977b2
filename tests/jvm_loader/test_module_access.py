"""Public classes of packages that are not exported (JVMS §5.4.4): refused, in the host JVM's words."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from demitasse.jvm.model.assembler import assemble
from tests import tools

HIDDEN = "jdk/internal/misc/Unsafe"

MAIN = """.class public super T
.version 69
.method public static main ([Ljava/lang/String;)V
    .limit stack 4
{body}
    return
.end method
"""

CASES = {
    "call": MAIN.format(body=f"    invokestatic {HIDDEN}.getUnsafe ()L{HIDDEN};\n    pop"),
    "instance": MAIN.format(body=f"    aload_0\n    instanceof {HIDDEN}\n    pop"),
    "array": MAIN.format(body=f"    iconst_1\n    anewarray {HIDDEN}\n    pop"),
    "arrays": MAIN.format(body=f"    iconst_1\n    anewarray [[L{HIDDEN};\n    pop"),
    "constant": MAIN.format(body=f"    ldc class {HIDDEN}\n    pop"),
    "field": MAIN.format(body="    getstatic jdk/internal/misc/VM.initLevel I\n    pop"),
    "qualified": MAIN.format(body="    ldc class jdk/internal/access/SharedSecrets\n    pop"),
    "exported": MAIN.format(body="    ldc class java/util/ArrayList\n    pop\n    ldc class java/util/logging/Logger\n    pop"),
    "superclass": MAIN.format(body="    nop").replace("super T", "super T\n.super jdk/internal/loader/BuiltinClassLoader"),
    "superclass 2": MAIN.format(body="    nop").replace("super T", "super T\n.super jdk/internal/ref/PhantomCleanable"),
    "interface": MAIN.format(body="    nop").replace("super T", "super T\n.implements jdk/internal/misc/VM$BufferPool"),
    "interface 2": MAIN.format(body="    nop").replace("super T", "super T\n.implements jdk/internal/access/JavaLangAccess"),
}


@pytest.mark.parametrize("case", CASES)
def test_access(case: str, tmp_path: Path) -> None:
    jar = tmp_path / "t.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        for made in assemble(CASES[case]):
            archive.writestr(f"{made.name}.class", made.data)
    host = tools.run_java_host("-cp", str(jar), "T")
    guest = tools.run_demitasse("run", "--home", "process", "-cp", str(jar), "T")

    def plain(text: bytes) -> str:
        return re.sub("@0x[0-9a-f]+", "@0x…", text.decode())

    assert (plain(guest.out), plain(guest.err), guest.code) == (plain(host.out), plain(host.err), host.code)
    assert (b"IllegalAccessError" in host.err) == (case != "exported")
