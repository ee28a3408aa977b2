# ELF programs: from the bytes of a file to an image in memory, bound to the kernel's exports.
#
# Invariant: no number out of the file is used before it was checked: offsets and sizes against the file,
# addresses against the image, places of relocations against writable segments, symbols against their
# table, names against theirs.  What is checked is read once.
# Interface: `elf_load` gives an image of its own, or an error with one line of text that says why.  The
# file's bytes stay where they are for as long as elf_symbol is asked.
from kernel.types cimport u8, u16, u32, u64
from kernel.diagnostics.format cimport Text

cdef enum:
    ELF_SEGMENTS_MAX = 16                # PT_LOAD
    ELF_IMAGE_MAX = 1 << 30              # bytes from the first page of an image to its last
    ELF_ABI_VERSION = 1                  # of the note "Demitasse"

cdef struct ElfSegment:
    u64 start                            # absolute, whole pages
    u64 end
    int access                           # ACCESS_… of platform.pxd

cdef struct ElfProgram:
    u64 memory                           # pages_alloc's
    u64 pages
    u64 bias                             # what is added to the file's addresses
    u64 entry
    u64 headers                          # of the program headers in memory (AT_PHDR)
    u32 header_count
    u64 stack_size                       # what PT_GNU_STACK asks for, or 0
    u32 segment_count
    ElfSegment segments[ELF_SEGMENTS_MAX]
    u64 relro_start                      # of what is read-only after relocation
    u64 relro_end
    const u8* file
    u64 file_size

# 0, -ENOEXEC or -ENOMEM.
cdef extern int elf_load(const u8* file, u64 size, ElfProgram* into, Text* why) noexcept nogil
cdef extern void elf_free(ElfProgram* program) noexcept nogil
# Does the file begin as an ELF file does?
cdef extern bint elf_is(const u8* file, u64 size) noexcept nogil
# The function that holds `address`, of the file's .symtab, and how far into it; NULL: unknown.
cdef extern const char* elf_symbol(const ElfProgram* program, u64 address, u64* offset) noexcept nogil
# The address of a name that programs may bind (cabi/process/entry.S), or 0.
cdef extern u64 export_find(const char* name) noexcept nogil
