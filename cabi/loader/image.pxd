# An image while it is being loaded: for cabi/loader only.
from kernel.types cimport u8, u32, u64
from kernel.diagnostics.format cimport Text
from cabi.loader.elf cimport ElfProgram
from cabi.loader.format cimport ElfHeader, ProgramHeader

cdef struct Loading:
    const u8* file
    u64 size
    const ElfHeader* header
    const ProgramHeader* segments        # all program headers, in the file
    u32 count
    const ProgramHeader* dynamic         # PT_DYNAMIC, or NULL
    const ProgramHeader* tls             # PT_TLS, or NULL
    u64 low                              # the image's first page, as the file has it
    ElfProgram* program
    Text* why

# Is [address, address + size) of the file's addresses inside what one PT_LOAD gives: its file's part, or with
# `flags` its memory if it has them?  The place in memory, or NULL.
cdef extern u8* image_place(Loading* l, u64 address, u64 size, u32 flags) noexcept nogil
# 0, or -ENOEXEC with a text.
cdef extern int image_relocate(Loading* l) noexcept nogil
