# The parts of ELF-64 that a program has (System V gABI ch. 4, 5; AMD64 supplement ch. 4, 5).
from kernel.types cimport i64, u8, u16, u32, u64

cdef struct ElfHeader:
    u8 ident[16]
    u16 type, machine
    u32 version
    u64 entry, program_headers, section_headers
    u32 flags
    u16 size, program_header_size, program_header_count, section_header_size, section_header_count, names

cdef struct ProgramHeader:
    u32 type, flags
    u64 offset, address, physical, file_size, memory_size, alignment

cdef struct SectionHeader:
    u32 name, type
    u64 flags, address, offset, size
    u32 link, info
    u64 alignment, entry_size

cdef struct Symbol:
    u32 name
    u8 info, other
    u16 section
    u64 value, size

cdef struct Relocation:
    u64 place
    u32 type, symbol
    i64 addend

cdef struct DynamicEntry:
    u64 tag, value

cdef enum:
    ELF_CLASS_64 = 2
    ELF_LITTLE_ENDIAN = 1
    ELF_EXECUTABLE = 2
    ELF_SHARED = 3
    ELF_X86_64 = 62

cdef enum:
    PT_LOAD = 1
    PT_DYNAMIC = 2
    PT_INTERP = 3
    PT_NOTE = 4
    PT_PHDR = 6
    PT_TLS = 7
    PT_GNU_STACK = 0x6474e551
    PT_GNU_RELRO = 0x6474e552

cdef enum:
    PF_EXECUTE = 1
    PF_WRITE = 2
    PF_READ = 4

cdef enum:
    DT_NULL = 0
    DT_NEEDED = 1
    DT_PLTRELSZ = 2
    DT_STRTAB = 5
    DT_SYMTAB = 6
    DT_RELA = 7
    DT_RELASZ = 8
    DT_RELAENT = 9
    DT_STRSZ = 10
    DT_SYMENT = 11
    DT_REL = 17
    DT_PLTREL = 20
    DT_TEXTREL = 22
    DT_JMPREL = 23
    DT_FLAGS = 30
    DT_RELRSZ = 35
    DT_RELR = 36
    DT_RELRENT = 37
    DF_TEXTREL = 4

cdef enum:
    R_NONE = 0
    R_64 = 1
    R_GLOB_DAT = 6
    R_JUMP_SLOT = 7
    R_RELATIVE = 8
    R_DTPMOD64 = 16
    R_DTPOFF64 = 17
    R_TPOFF64 = 18

cdef enum:
    SHT_SYMTAB = 2
    STT_FUNC = 2
    STB_WEAK = 2
