"""Proves that an image is what it claims: free of Python, of system calls, of loose ends.

`check(path)` raises `ImageError` naming the first offence: an undefined symbol, a `Py*` symbol, a
`syscall` or `sysenter` instruction, no PVH note, a wrong link address, or more than `SIZE_LIMIT`
bytes.  `report(path)` gives the size by part.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import NoteSection, SymbolTableSection

from cabi import traps

#: The window at which all of guest memory is visible: virtual = WINDOW + physical.
WINDOW = 1 << 44
#: Physical load address of the image.
LOAD = 0x200000
#: Limit of the loaded, stripped image in bytes.
SIZE_LIMIT = 2 << 20
XEN_ELFNOTE_PHYS32_ENTRY = 18


class ImageError(Exception):
    """The image breaks a rule; the message names the rule and the offender."""


def check(path: Path) -> dict[str, int]:
    """Check the image at `path`; return bytes of code and data by part (folder of the source)."""
    with path.open("rb") as file:
        elf = ELFFile(file)
        symbols = elf.get_section_by_name(".symtab")
        if not isinstance(symbols, SymbolTableSection):
            raise ImageError(f"{path}: no symbol table to check")
        for symbol in symbols.iter_symbols():
            if symbol["st_shndx"] == "SHN_UNDEF" and symbol.name:
                raise ImageError(f"{path}: undefined symbol {symbol.name}")
            if re.match(r"_?Py[A-Z_]", symbol.name) and symbol["st_info"]["type"] != "STT_FILE":
                raise ImageError(f"{path}: Python symbol {symbol.name}")
        loads = [s for s in elf.iter_segments() if s["p_type"] == "PT_LOAD"]
        first = min(loads, key=lambda s: int(s["p_vaddr"]))
        if first["p_vaddr"] != WINDOW + LOAD or first["p_paddr"] != LOAD:
            raise ImageError(f"{path}: linked at {first['p_vaddr']:#x} (physical {first['p_paddr']:#x}), "
                             f"not at {WINDOW + LOAD:#x} (physical {LOAD:#x})")
        notes = [n for s in elf.iter_sections() if isinstance(s, NoteSection) for n in s.iter_notes()]
        if not any(n["n_name"] == "Xen" and n["n_type"] in (XEN_ELFNOTE_PHYS32_ENTRY, "XEN_ELFNOTE_PHYS32_ENTRY")
                   for n in notes):
            raise ImageError(f"{path}: no PVH note (XEN_ELFNOTE_PHYS32_ENTRY)")
        size = sum(int(s["p_filesz"]) for s in loads)
    if size > SIZE_LIMIT:
        raise ImageError(f"{path}: {size} bytes loaded, more than {SIZE_LIMIT}")
    _no_system_calls(path)
    return _size_by_part(Path(str(path) + ".map"))


def _no_system_calls(path: Path) -> None:
    """Disassemble linearly and refuse the trapping instructions."""
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", str(path)],
                          check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        if re.search(traps.LINE, line):
            raise ImageError(f"{path}: system call instruction at{line}")


def _size_by_part(link_map: Path) -> dict[str, int]:
    """Sum the kept input sections of the linker's map by source folder (two levels)."""
    sizes: Counter[str] = Counter()
    text = link_map.read_text()
    text = text[text.index("Linker script and memory map"):]
    pattern = re.compile(r"^ \.(?:text|rodata|data)\S*\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) \S*?guest/(\S+)\.o$", re.M)
    for address, length, source in pattern.findall(text):
        if int(address, 16):
            sizes["/".join(source.split("/")[:2])] += int(length, 16)
    return dict(sizes)


def main() -> int:
    path, out = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        parts = check(path)
    except ImageError as error:
        print(f"check failed: {error}", file=sys.stderr)
        return 1
    lines = [f"{size:9,}  {part}" for part, size in sorted(parts.items(), key=lambda item: -item[1])]
    lines.append(f"{sum(parts.values()):9,}  total (code, constants, initialised data)")
    out.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
