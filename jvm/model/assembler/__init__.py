"""The assembler: text to class files and jars.  The syntax is described in SYNTAX.md.

It writes valid classes comfortably (limits, pool and short forms are worked out) and invalid ones on
purpose (raw constants, raw code, any length, version or magic), for tests of the loader and the
verifier.

Interface: `assemble` and `assemble_jar` raise AssemblyError, which names file, line and column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from demitasse.jvm.model.assembler.emitter import emit_class
from demitasse.jvm.model.assembler.parser import parse
from demitasse.jvm.model.assembler.syntax import AssemblyError, SourceError
from demitasse.jvm.model.jar import write_jar
from demitasse.jvm.model.manifest import Manifest, ManifestAttributes

__all__ = ["AssembledClass", "AssemblyError", "assemble", "assemble_jar"]


@dataclass(frozen=True, slots=True)
class AssembledClass:
    """A class file: its internal name and its bytes."""

    name: str
    data: bytes


def assemble(text: str, filename: str = "<text>") -> list[AssembledClass]:
    """The classes of a source text, in the order they are written."""
    try:
        return [AssembledClass(*emit_class(each)) for each in parse(text, filename)]
    except SourceError as error:
        raise AssemblyError(filename, error.position, error.problem) from None


def assemble_jar(texts: str | Iterable[str], main_class: str | None = None) -> bytes:
    """A jar of the classes of one or several texts; `main_class` has dots or slashes."""
    entries: dict[str, bytes] = {}
    for number, text in enumerate([texts] if isinstance(texts, str) else texts, 1):
        for each in assemble(text, f"<text {number}>"):
            entries[f"{each.name}.class"] = each.data
    main = {"Manifest-Version": "1.0"}
    if main_class is not None:
        main["Main-Class"] = main_class.replace("/", ".")
    return write_jar(entries, Manifest(ManifestAttributes(main)))
