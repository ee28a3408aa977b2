"""The image check must be able to fail: tiny images that break one rule each."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from runtime.build import check_image
from runtime.build.check_image import ImageError, check

GOOD = """
.section .text.entry,"ax"
.globl image_entry
image_entry:
    xor %eax, %eax
    ret
.section .note.Xen,"a",@note
    .long 4, 4, 18
    .asciz "Xen"
    .long 0x200000
"""
SCRIPT = """
ENTRY(image_entry)
PHDRS { text PT_LOAD FLAGS(5); note PT_NOTE FLAGS(4); }
SECTIONS {
  . = %(virtual)s;
  .text : AT(%(physical)s) { *(.text.entry .text*) } :text
  .note.Xen : { *(.note.Xen) } :text :note
  .rodata : { *(.rodata*) } :text
  /DISCARD/ : { *(.note.gnu*) *(.comment) *(.eh_frame) }
}
"""
VIRTUAL, PHYSICAL = hex(check_image.WINDOW + check_image.LOAD), hex(check_image.LOAD)


def link(folder: Path, assembly: str, virtual: str = VIRTUAL, physical: str = PHYSICAL) -> Path:
    """Assemble and link an image; the name of the object is that of a part of the guest."""
    source, image, script = folder / "guest" / "kernel" / "boot" / "entry.S", folder / "image.elf", folder / "image.lds"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(assembly)
    script.write_text(SCRIPT % {"virtual": virtual, "physical": physical})
    subprocess.run(["gcc", "-c", source, "-o", f"{source}.o"], check=True)
    subprocess.run(["gcc", "-nostdlib", "-static", "-no-pie", "-Wl,--build-id=none", "-Wl,-z,max-page-size=4096",
                    "-Wl,--no-warn-rwx-segments", f"-Wl,-T,{script}", f"-Wl,-Map={image}.map", "-o", image, f"{source}.o"],
                   check=True, capture_output=True)
    return image


def refusal(image: Path) -> str:
    with pytest.raises(ImageError) as caught:
        check(image)
    assert str(image) in str(caught.value)
    return str(caught.value)


def test_a_good_image_passes(tmp_path: Path) -> None:
    assert isinstance(check(link(tmp_path, GOOD)), dict)


def test_undefined_symbol(tmp_path: Path) -> None:
    """No linker makes such an image willingly, so one symbol of a good one is made undefined."""
    image = link(tmp_path, GOOD + ".text\n.globl missing_function\nmissing_function: ret\n")
    data = bytearray(image.read_bytes())
    with image.open("rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        assert isinstance(table, SymbolTableSection)
        index = next(n for n, symbol in enumerate(table.iter_symbols()) if symbol.name == "missing_function")
        struct.pack_into("<H", data, table["sh_offset"] + index * table["sh_entsize"] + 6, 0)      # st_shndx
    image.write_bytes(data)
    assert "undefined symbol missing_function" in refusal(image)


@pytest.mark.parametrize("name", ["PyErr_SetString", "_PyObject_New", "Py_None"])
def test_python_symbol(tmp_path: Path, name: str) -> None:
    assert f"Python symbol {name}" in refusal(link(tmp_path, GOOD + f".text\n.globl {name}\n{name}: ret\n"))


def test_names_that_only_look_like_python_pass(tmp_path: Path) -> None:
    check(link(tmp_path, GOOD + ".text\n.globl __pyx_f_Py\n__pyx_f_Py: ret\n"))


@pytest.mark.parametrize("instruction", ["syscall", "sysenter", "int $0x80"])
def test_system_call(tmp_path: Path, instruction: str) -> None:
    text = refusal(link(tmp_path, GOOD + f".text\nf:\n nop\n {instruction}\n ret\n"))
    assert "system call instruction" in text and instruction.split()[0] in text


def test_no_pvh_note(tmp_path: Path) -> None:
    assert "no PVH note" in refusal(link(tmp_path, GOOD[:GOOD.index(".section .note")]))


def test_wrong_note(tmp_path: Path) -> None:
    assert "no PVH note" in refusal(link(tmp_path, GOOD.replace("4, 4, 18", "4, 4, 17")))


@pytest.mark.parametrize(("virtual", "physical"), [("0x400000", PHYSICAL), (VIRTUAL, "0x100000")])
def test_link_address(tmp_path: Path, virtual: str, physical: str) -> None:
    assert "linked at" in refusal(link(tmp_path, GOOD, virtual, physical))


def test_too_large(tmp_path: Path) -> None:
    image = link(tmp_path, GOOD + f'.section .rodata,"a"\n.fill {check_image.SIZE_LIMIT}\n')
    assert "bytes loaded, more than" in refusal(image)


def test_no_symbols(tmp_path: Path) -> None:
    image = link(tmp_path, GOOD)
    subprocess.run(["strip", image], check=True)
    assert "no symbol table" in refusal(image)
