# Relocations (AMD64 supplement §4.4, gABI "Relocation", and its relative form DT_RELR) and the binding of
# undefined names to the kernel's exports.
#
# The tables are read where they lie in the image.  A damaged file may have a relocation change its own
# tables: each entry is copied before it is checked, so that changes nothing.
from kernel.types cimport i64, u8, u32, u64
from kernel.diagnostics.format cimport text_bytes, text_print
from kernel.memory.string cimport memcpy, strcmp
from cabi.loader.elf cimport *
from cabi.loader.format cimport *
from cabi.loader.image cimport *

cdef enum:
    ENOEXEC = 8
    NAME_MAX = 200
    BITMAP_WORDS = 63                    # that one bitmap of DT_RELR stands for

cdef struct Dynamic:
    u64 strings, strings_size
    u64 symbols
    u64 relocations, relocations_size
    u64 jumps, jumps_size
    u64 relative, relative_size

cdef extern from *:
    """
    #pragma GCC visibility push(hidden)
    typedef struct { const char *name; unsigned long address; } Export;
    extern Export cabi_exports[];
    extern const unsigned long cabi_export_count;
    #pragma GCC visibility pop
    """
    ctypedef struct Export:
        const char* name
        u64 address
    Export cabi_exports[0]
    const u64 cabi_export_count


cdef public u64 export_find(const char* name) noexcept nogil:
    cdef u64 low = 0, high = cabi_export_count, middle
    cdef int order
    while low < high:
        middle = (low + high) // 2
        order = strcmp(name, cabi_exports[middle].name)
        if order == 0:
            return cabi_exports[middle].address
        if order < 0:
            high = middle
        else:
            low = middle + 1
    return 0


cdef int refuse(Loading* l, const char* what) noexcept nogil:
    text_print(l.why, b"damaged: %s", what)
    return -ENOEXEC


# A name of the dynamic string table, or NULL.
cdef const char* name_at(Loading* l, Dynamic* d, u64 offset) noexcept nogil:
    cdef const u8* strings
    cdef u64 i
    if offset >= d.strings_size:
        return NULL
    strings = image_place(l, d.strings, d.strings_size, 0)
    if strings == NULL:
        return NULL
    for i in range(offset, d.strings_size):
        if i - offset > NAME_MAX:
            return NULL
        if strings[i] == 0:
            return <const char*>(strings + offset)
    return NULL


cdef int read_dynamic(Loading* l, Dynamic* d) noexcept nogil:
    cdef const u8* at = image_place(l, l.dynamic.address, l.dynamic.file_size, 0)
    cdef DynamicEntry entry
    cdef const char* name
    cdef u64 i, needed = 0
    for i in range(l.dynamic.file_size // sizeof(DynamicEntry)):
        memcpy(&entry, at + i * sizeof(DynamicEntry), sizeof(DynamicEntry))
        if entry.tag == DT_NULL:
            break
        elif entry.tag == DT_STRTAB:
            d.strings = entry.value
        elif entry.tag == DT_STRSZ:
            d.strings_size = entry.value
        elif entry.tag == DT_SYMTAB:
            d.symbols = entry.value
        elif entry.tag == DT_RELA:
            d.relocations = entry.value
        elif entry.tag == DT_RELASZ:
            d.relocations_size = entry.value
        elif entry.tag == DT_JMPREL:
            d.jumps = entry.value
        elif entry.tag == DT_PLTRELSZ:
            d.jumps_size = entry.value
        elif entry.tag == DT_RELR:
            d.relative = entry.value
        elif entry.tag == DT_RELRSZ:
            d.relative_size = entry.value
        elif entry.tag == DT_TEXTREL or (entry.tag == DT_FLAGS and entry.value & DF_TEXTREL):
            text_print(l.why, b"has relocations in its code: compile it with -fPIE")
            return -ENOEXEC
        elif entry.tag == DT_REL or (entry.tag == DT_PLTREL and entry.value != DT_RELA):
            return refuse(l, b"relocations of a form that x86-64 has not")
        elif (entry.tag == DT_SYMENT and entry.value != sizeof(Symbol)) \
                or (entry.tag == DT_RELAENT and entry.value != sizeof(Relocation)) \
                or (entry.tag == DT_RELRENT and entry.value != 8):
            return refuse(l, b"the size of its symbols or relocations")
    for i in range(l.dynamic.file_size // sizeof(DynamicEntry)):
        memcpy(&entry, at + i * sizeof(DynamicEntry), sizeof(DynamicEntry))
        if entry.tag == DT_NULL:
            break
        if entry.tag == DT_NEEDED:
            name = name_at(l, d, entry.value)
            if name == NULL:
                return refuse(l, b"the name of a library that it needs")
            if strcmp(name, b"libdemitasse.so") != 0:
                text_print(l.why, b"needs the shared library %s: link it statically", name)
                return -ENOEXEC
    return 0


# What the symbol of a relocation stands for: its address (or, thread-local, its offset).
cdef int resolve(Loading* l, Dynamic* d, u32 index, u64* value) noexcept nogil:
    cdef const u8* place
    cdef const char* name
    cdef Symbol symbol
    value[0] = 0
    if index == 0:
        return 0
    place = image_place(l, d.symbols + <u64>index * sizeof(Symbol), sizeof(Symbol), 0) if d.symbols < ELF_IMAGE_MAX else NULL
    if place == NULL:
        return refuse(l, b"a relocation names a symbol that is not there")
    memcpy(&symbol, place, sizeof(Symbol))
    if symbol.section != 0:
        value[0] = symbol.value
        return 1
    name = name_at(l, d, symbol.name)
    if name == NULL:
        return refuse(l, b"the name of a symbol")
    value[0] = export_find(name)
    if value[0] == 0 and symbol.info >> 4 != STB_WEAK:
        text_print(l.why, b"needs %s, which the kernel does not have: build it again with `demitasse cc`", name)
        return -ENOEXEC
    return 0


# How far below the thread pointer the program's thread-local storage begins, as musl lays it out.
cdef u64 tls_offset(Loading* l) noexcept nogil:
    cdef u64 alignment = max(l.tls.alignment, <u64>1)
    return l.tls.memory_size + (-(l.tls.memory_size + l.tls.address) & (alignment - 1))


cdef int apply(Loading* l, Dynamic* d, const Relocation* r) noexcept nogil:
    cdef u8* place
    cdef u64 value
    cdef int kind
    if r.type == R_NONE:
        return 0
    place = image_place(l, r.place, 8, PF_WRITE)
    if place == NULL:
        return refuse(l, b"a relocation changes what is not the program's data")
    if r.type == R_RELATIVE:
        value = l.program.bias + <u64>r.addend
    elif r.type in (R_64, R_GLOB_DAT, R_JUMP_SLOT):
        kind = resolve(l, d, r.symbol, &value)
        if kind < 0:
            return kind
        if kind == 1:
            value += l.program.bias
        if r.type == R_64:
            value += <u64>r.addend
    elif r.type == R_DTPMOD64:
        value = 1
    elif r.type in (R_DTPOFF64, R_TPOFF64):
        kind = resolve(l, d, r.symbol, &value)
        if kind < 0:
            return kind
        if l.tls == NULL:
            return refuse(l, b"a relocation of thread-local storage, of which there is none")
        value += <u64>r.addend
        if r.type == R_TPOFF64:
            value -= tls_offset(l)
    else:
        text_print(l.why, b"damaged, or not linked by `demitasse cc`: a relocation of type %u", <u64>r.type)
        return -ENOEXEC
    memcpy(place, &value, 8)
    return 0


cdef int apply_table(Loading* l, Dynamic* d, u64 address, u64 size) noexcept nogil:
    cdef const u8* at
    cdef Relocation r
    cdef u64 i
    cdef int error
    if size == 0:
        return 0
    at = image_place(l, address, size, 0)
    if at == NULL or size % sizeof(Relocation):
        return refuse(l, b"its relocations are not in the image")
    for i in range(size // sizeof(Relocation)):
        memcpy(&r, at + i * sizeof(Relocation), sizeof(Relocation))
        error = apply(l, d, &r)
        if error < 0:
            return error
    return 0


cdef int add_bias(Loading* l, u64 address) noexcept nogil:
    cdef u8* place = image_place(l, address, 8, PF_WRITE)
    cdef u64 value
    if place == NULL:
        return refuse(l, b"a relocation changes what is not the program's data")
    memcpy(&value, place, 8)
    value += l.program.bias
    memcpy(place, &value, 8)
    return 0


# An even word is an address; an odd one is a bitmap of the 63 words behind the last.
cdef int apply_relative(Loading* l, Dynamic* d) noexcept nogil:
    cdef const u8* at
    cdef u64 word, next = 0, i
    cdef int bit, error
    if d.relative_size == 0:
        return 0
    at = image_place(l, d.relative, d.relative_size, 0)
    if at == NULL or d.relative_size & 7:
        return refuse(l, b"its relocations are not in the image")
    for i in range(d.relative_size // 8):
        memcpy(&word, at + i * 8, 8)
        if word & 1 == 0:
            error = add_bias(l, word)
            if error < 0:
                return error
            next = word + 8
            continue
        for bit in range(BITMAP_WORDS):
            if word >> (bit + 1) & 1:
                error = add_bias(l, next + <u64>bit * 8)
                if error < 0:
                    return error
        next += BITMAP_WORDS * 8
    return 0


cdef public int image_relocate(Loading* l) noexcept nogil:
    cdef Dynamic d
    cdef int error
    d.strings = d.strings_size = d.symbols = d.relocations = d.relocations_size = 0
    d.jumps = d.jumps_size = d.relative = d.relative_size = 0
    if l.dynamic == NULL:
        return 0
    error = read_dynamic(l, &d)
    if error == 0:
        error = apply_relative(l, &d)
    if error == 0:
        error = apply_table(l, &d, d.relocations, d.relocations_size)
    if error == 0:
        error = apply_table(l, &d, d.jumps, d.jumps_size)
    return error
