"""Many classes, judged in one run: by the host JVM and by the guest.

A group is the classes of one class loader; its first class is linked (driver/Define.java), and what comes of
it is one text: "ok", or the throwable with its causes.
"""

from __future__ import annotations

import re
import struct
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .. import tools

HERE = Path(__file__).resolve().parent
JAR = HERE / "verifier.jar"

#: Internal name and bytes of each class.
Group = Sequence[tuple[str, bytes]]


def pack(groups: Sequence[Group]) -> bytes:
    """The file that the driver reads."""
    parts = [struct.pack(">I", len(groups))]
    for group in groups:
        parts.append(struct.pack(">I", len(group)))
        for name, data in group:
            text = name.encode()
            parts.append(struct.pack(">H", len(text)) + text + struct.pack(">I", len(data)) + data)
    return b"".join(parts)


def split(out: bytes) -> list[str]:
    """The driver's output, one text for each group; identity hash codes are left out."""
    texts = out.decode(errors="replace").split("--- ")[1:]
    return [re.sub("@[0-9a-f]{5,8}", "@…", text.split("\n", 1)[1].rstrip("\n")) for text in texts]


def _run(groups: Sequence[Group], host: bool, options: Sequence[str], jars: str, whole: bool = False) -> tuple[list[str], tools.Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bundle").write_bytes(pack(groups))
        program = ["-cp", ":".join(filter(None, (str(JAR), folder, jars))), "Define", "/bundle", *(["all"] if whole else [])]
        done = tools.run_java_host(*program, timeout=600) if host \
            else tools.run_demitasse("run", "--home", "process", *options, *program, timeout=600)
    return split(done.out), done


def on_host(groups: Sequence[Group], jars: str = "") -> list[str]:
    """What the host JVM says to each group; `jars` are on the class path."""
    texts, done = _run(groups, True, (), jars)
    assert len(texts) == len(groups), done.err.decode()[-2000:]
    return texts


def on_guest(groups: Sequence[Group], *options: str, jars: str = "") -> list[str]:
    """What the guest says to each group."""
    texts, done = _run(groups, False, options, jars)
    assert len(texts) == len(groups), (done.code, done.err.decode()[-4000:], done.out.decode()[-500:])
    return texts


def failures(classes: Group, host: bool, *options: str) -> dict[str, str]:
    """Of many classes that one loader defines: what linking each of them throws, by its external name."""
    texts, done = _run([classes], host, options, "", whole=True)
    assert len(texts) == 1, (done.code, done.err.decode()[-4000:])
    found = re.findall(r"^([\w.$-]+): (\S+Error)", done.out.decode(errors="replace"), re.MULTILINE)
    return {name: error for name, error in found if not name.endswith("Error")}
