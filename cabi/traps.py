"""The instructions that would enter a kernel by a trap: what neither the image nor any program may hold.

Imports nothing: the build of the image, which has no package yet, imports this too.
"""

#: Such an instruction in a line of objdump's (--no-show-raw-insn).
LINE = r":\t(syscall|sysenter|int +\$0x80)\b"
#: The same instructions as bytes.
BYTES = (b"\x0f\x05", b"\x0f\x34", b"\xcd\x80")
