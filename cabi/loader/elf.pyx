# Loading ELF programs: see elf.pxd.  Relocations are in relocate.pyx.
from kernel.types cimport u8, u16, u32, u64
from kernel.diagnostics.format cimport Text, text_bytes, text_print
from kernel.files.errno cimport ENOMEM
from kernel.memory.pages cimport PAGES_ZERO, PAGE_SHIFT, PAGE_SIZE, pages_alloc, pages_free, pages_protect
from kernel.memory.string cimport memcmp, memcpy, memset, strlen
from kernel.platform.platform cimport ACCESS_EXECUTE, ACCESS_NONE, ACCESS_READ, ACCESS_WRITE
from cabi.loader.elf cimport *
from cabi.loader.format cimport *
from cabi.loader.image cimport *

cdef enum:
    ENOEXEC = 8
    HEADERS_MAX = 64
    ALIGNMENT_MAX = 2097152
    TLS_MAX = 67108864
    NOTE_TYPE = 1
    SHOWN = 60                           # bytes of a name that a message shows

# What an ordinary program of Linux is told.
cdef const char* advice() noexcept nogil:
    return b"build it with `demitasse cc` (`demitasse adapt` says what may stand in the way)"


cdef int refuse(Loading* l, const char* what) noexcept nogil:
    text_print(l.why, b"%s", what)
    return -ENOEXEC


cdef inline u64 page_down(u64 address) noexcept nogil:
    return address & ~<u64>(PAGE_SIZE - 1)


cdef inline u64 page_up(u64 address) noexcept nogil:
    return (address + PAGE_SIZE - 1) & ~<u64>(PAGE_SIZE - 1)


cdef inline bint is_power(u64 value) noexcept nogil:
    return value & (value - 1) == 0


cdef public bint elf_is(const u8* file, u64 size) noexcept nogil:
    return size >= 4 and file[0] == 0x7f and file[1] == c'E' and file[2] == c'L' and file[3] == c'F'


# --- the headers ----------------------------------------------------------------------------------------

cdef int check_header(Loading* l) noexcept nogil:
    cdef const ElfHeader* h
    if l.size < sizeof(ElfHeader) or not elf_is(l.file, l.size):
        return refuse(l, b"not an ELF file")
    h = <const ElfHeader*>l.file
    l.header = h
    if h.ident[4] != ELF_CLASS_64 or h.ident[5] != ELF_LITTLE_ENDIAN or h.machine != ELF_X86_64:
        return refuse(l, b"an ELF file for another machine than x86-64")
    if h.ident[6] != 1 or h.version != 1:
        return refuse(l, b"an ELF file of an unknown version")
    if h.type == ELF_EXECUTABLE:
        text_print(l.why, b"linked for a fixed address: %s", advice())
        return -ENOEXEC
    if h.type != ELF_SHARED:
        return refuse(l, b"an ELF file, but not a program")
    if h.program_header_size != sizeof(ProgramHeader) or h.program_header_count == 0 or h.program_header_count > HEADERS_MAX:
        return refuse(l, b"damaged: the number or size of its program headers")
    if h.program_headers & 7 or h.program_headers > l.size \
            or l.size - h.program_headers < <u64>h.program_header_count * sizeof(ProgramHeader):
        return refuse(l, b"damaged: its program headers are not in the file")
    l.segments = <const ProgramHeader*>(l.file + h.program_headers)
    l.count = h.program_header_count
    return 0


cdef bint in_file(Loading* l, const ProgramHeader* p) noexcept nogil:
    return p.offset <= l.size and p.file_size <= l.size - p.offset


cdef int check_load(Loading* l, const ProgramHeader* p, u64* end) noexcept nogil:
    if not in_file(l, p):
        return refuse(l, b"damaged: a segment is not in the file")
    if p.file_size > p.memory_size:
        return refuse(l, b"damaged: a segment is larger in the file than in memory")
    if not is_power(p.alignment) or p.alignment > ALIGNMENT_MAX:
        return refuse(l, b"damaged: the alignment of a segment")
    if (p.address - p.offset) & (PAGE_SIZE - 1):
        return refuse(l, b"damaged: a segment's address and its place in the file do not fit")
    if p.address > ELF_IMAGE_MAX or p.memory_size > ELF_IMAGE_MAX:
        return refuse(l, b"too large: a segment reaches over 1 GiB")
    # Each page has one segment's rights; and they come in order (gABI ch. 5, "Program Header").
    if page_down(p.address) < end[0]:
        return refuse(l, b"damaged: its segments overlap, or are not in order")
    end[0] = page_up(p.address + p.memory_size)
    return 0


# Is [address, address + size) in the file's part of one PT_LOAD?
cdef const ProgramHeader* load_of(Loading* l, u64 address, u64 size) noexcept nogil:
    cdef const ProgramHeader* p
    cdef u32 i
    for i in range(l.count):
        p = &l.segments[i]
        if p.type == PT_LOAD and p.address <= address and address - p.address <= p.file_size \
                and size <= p.file_size - (address - p.address):
            return p
    return NULL


cdef int check_loads(Loading* l, u64* low, u64* high, u64* alignment) noexcept nogil:
    cdef const ProgramHeader* p
    cdef u64 end = 0
    cdef u32 i, loads = 0
    cdef int error
    low[0] = high[0] = 0
    alignment[0] = PAGE_SIZE
    for i in range(l.count):
        p = &l.segments[i]
        if p.type == PT_INTERP:
            text_print(l.why, b"linked against shared libraries of Linux: %s", advice())
            return -ENOEXEC
        if p.type != PT_LOAD:
            continue
        if loads == ELF_SEGMENTS_MAX:
            return refuse(l, b"too many segments")
        if p.memory_size == 0 and p.file_size == 0:
            continue
        error = check_load(l, p, &end)
        if error != 0:
            return error
        if loads == 0:
            low[0] = page_down(p.address)
        loads += 1
        alignment[0] = max(alignment[0], p.alignment)
    if loads == 0:
        return refuse(l, b"damaged: nothing in it is to be loaded")
    high[0] = end
    if end - low[0] > ELF_IMAGE_MAX:
        return refuse(l, b"too large: its image is more than 1 GiB")
    # The image keeps the distance of its addresses from multiples of its alignment.
    low[0] &= ~(alignment[0] - 1)
    return 0


cdef bint is_ours(const u8* note, u64 size, u32* version) noexcept nogil:
    """Does a note segment hold the note "Demitasse"?  Names and contents are padded to four bytes."""
    cdef u32 name_size, content_size, type
    cdef u64 step
    while size >= 12:
        memcpy(&name_size, note, 4)
        memcpy(&content_size, note + 4, 4)
        memcpy(&type, note + 8, 4)
        step = 12 + ((<u64>name_size + 3) & ~<u64>3) + ((<u64>content_size + 3) & ~<u64>3)
        if step > size:
            return False
        if name_size == 10 and memcmp(note + 12, b"Demitasse", 10) == 0 and type == NOTE_TYPE and content_size == 4:
            memcpy(version, note + 24, 4)
            return True
        note += step
        size -= step
    return False


cdef int check_note(Loading* l) noexcept nogil:
    cdef const ProgramHeader* p
    cdef u32 version = 0
    cdef u32 i
    for i in range(l.count):
        p = &l.segments[i]
        if p.type == PT_NOTE and in_file(l, p) and is_ours(l.file + p.offset, p.file_size, &version):
            if version != ELF_ABI_VERSION:
                text_print(l.why, b"built for version %u of the program interface, and this is %u: build it again with `demitasse cc`",
                           version, <u64>ELF_ABI_VERSION)
                return -ENOEXEC
            return 0
    text_print(l.why, b"a program for Linux: %s", advice())
    return -ENOEXEC


cdef int check_others(Loading* l) noexcept nogil:
    """The segments that are not loaded but say something about those that are."""
    cdef const ProgramHeader* p
    cdef u32 i
    for i in range(l.count):
        p = &l.segments[i]
        if p.type == PT_DYNAMIC:
            if l.dynamic != NULL or p.address & 7 or load_of(l, p.address, p.file_size) == NULL:
                return refuse(l, b"damaged: its dynamic section")
            l.dynamic = p
        elif p.type == PT_TLS:
            if l.tls != NULL or p.file_size > p.memory_size or p.memory_size > TLS_MAX or not is_power(p.alignment) \
                    or p.alignment > ALIGNMENT_MAX or (p.file_size and load_of(l, p.address, p.file_size) == NULL):
                return refuse(l, b"damaged: its thread-local storage")
            l.tls = p
        elif p.type == PT_PHDR:
            # musl finds the image's place by it.
            if p.offset != l.header.program_headers or load_of(l, p.address, <u64>l.count * sizeof(ProgramHeader)) == NULL \
                    or p.address - load_of(l, p.address, 0).address != p.offset - load_of(l, p.address, 0).offset:
                return refuse(l, b"damaged: the place of its program headers")
        elif p.type == PT_GNU_STACK:
            l.program.stack_size = p.memory_size
    return 0


# --- the image ------------------------------------------------------------------------------------------

cdef public u8* image_place(Loading* l, u64 address, u64 size, u32 flags) noexcept nogil:
    cdef const ProgramHeader* p
    cdef u64 room
    cdef u32 i
    for i in range(l.count):
        p = &l.segments[i]
        if p.type != PT_LOAD or p.flags & flags != flags or address < p.address:
            continue
        room = p.memory_size if flags else p.file_size
        if address - p.address <= room and size <= room - (address - p.address):
            return <u8*>(l.program.bias + address)
    return NULL


cdef int access_of(u32 flags) noexcept nogil:
    return ((ACCESS_READ if flags & (PF_READ | PF_WRITE | PF_EXECUTE) else ACCESS_NONE)
            | (ACCESS_WRITE if flags & PF_WRITE else 0) | (ACCESS_EXECUTE if flags & PF_EXECUTE else 0))


cdef int fill(Loading* l) noexcept nogil:
    """Copies the segments, and notes where they are."""
    cdef ElfProgram* program = l.program
    cdef const ProgramHeader* p
    cdef ElfSegment* s
    cdef u64 headers = 0
    cdef u32 i
    for i in range(l.count):
        p = &l.segments[i]
        if p.type != PT_LOAD or p.memory_size == 0:
            continue
        memcpy(<void*>(program.bias + p.address), l.file + p.offset, p.file_size)
        s = &program.segments[program.segment_count]
        s.start = program.bias + page_down(p.address)
        s.end = program.bias + page_up(p.address + p.memory_size)
        s.access = access_of(p.flags)
        program.segment_count += 1
        if l.header.program_headers >= p.offset \
                and l.header.program_headers - p.offset + <u64>l.count * sizeof(ProgramHeader) <= p.file_size:
            program.headers = program.bias + p.address + (l.header.program_headers - p.offset)
        if p.flags & PF_EXECUTE and p.address <= l.header.entry and l.header.entry - p.address < p.file_size:
            program.entry = program.bias + l.header.entry
    program.header_count = l.count
    if program.headers == 0:
        return refuse(l, b"damaged: its program headers are not loaded")
    if program.entry == 0:
        return refuse(l, b"damaged: its entry point is not in its code")
    return 0


cdef int find_relro(Loading* l) noexcept nogil:
    cdef const ProgramHeader* p
    cdef u32 i
    for i in range(l.count):
        p = &l.segments[i]
        if p.type == PT_GNU_RELRO:
            if image_place(l, p.address, p.memory_size, PF_WRITE) == NULL:
                return refuse(l, b"damaged: what is to be read-only after the start")
            l.program.relro_start = page_down(l.program.bias + p.address)
            l.program.relro_end = page_down(l.program.bias + p.address + p.memory_size)
    return 0


cdef int protect(ElfProgram* program) noexcept nogil:
    cdef ElfSegment* s
    cdef u32 i
    cdef int error
    for i in range(program.segment_count):
        s = &program.segments[i]
        if s.access != ACCESS_WRITE:
            error = pages_protect(s.start, s.end - s.start, s.access)
            if error < 0:
                return error
    if program.relro_start < program.relro_end:
        return pages_protect(program.relro_start, program.relro_end - program.relro_start, ACCESS_READ)
    return 0


cdef int load(Loading* l) noexcept nogil:
    cdef ElfProgram* program = l.program
    cdef u64 high, alignment
    cdef int error = check_header(l)
    if error == 0:
        error = check_loads(l, &l.low, &high, &alignment)
    if error == 0:
        error = check_note(l)
    if error == 0:
        error = check_others(l)
    if error != 0:
        return error
    program.pages = (high - l.low) >> PAGE_SHIFT
    program.memory = pages_alloc(program.pages, alignment >> PAGE_SHIFT, PAGES_ZERO)
    if program.memory == 0:
        text_print(l.why, b"too large for the guest's memory: it needs %u KiB; give more with -m", (high - l.low) >> 10)
        return -ENOMEM
    program.bias = program.memory - l.low
    error = fill(l)
    if error == 0:
        error = find_relro(l)
    if error == 0:
        error = image_relocate(l)
    if error == 0:
        error = protect(program)
        if error != 0:
            text_print(l.why, b"too little memory to protect it")
    return error


cdef public int elf_load(const u8* file, u64 size, ElfProgram* into, Text* why) noexcept nogil:
    cdef Loading l
    cdef int error
    memset(&l, 0, sizeof(l))
    memset(into, 0, sizeof(ElfProgram))
    into.file = file
    into.file_size = size
    l.file = file
    l.size = size
    l.program = into
    l.why = why
    error = load(&l)
    if error != 0:
        elf_free(into)
    return error


cdef public void elf_free(ElfProgram* program) noexcept nogil:
    if program.memory != 0:
        pages_protect(program.memory, program.pages << PAGE_SHIFT, ACCESS_WRITE)
        pages_free(program.memory, program.pages)
    program.memory = 0
    program.pages = 0
    program.segment_count = 0


# --- symbols, for reports -------------------------------------------------------------------------------

cdef const SectionHeader* section(const ElfProgram* program, u32 number) noexcept nogil:
    cdef const ElfHeader* h = <const ElfHeader*>program.file
    cdef const SectionHeader* s
    if number >= h.section_header_count or h.section_header_size != sizeof(SectionHeader) or h.section_headers & 7 \
            or h.section_headers > program.file_size \
            or program.file_size - h.section_headers < <u64>h.section_header_count * sizeof(SectionHeader):
        return NULL
    s = <const SectionHeader*>(program.file + h.section_headers) + number
    return s if s.offset <= program.file_size and s.size <= program.file_size - s.offset else NULL


cdef public const char* elf_symbol(const ElfProgram* program, u64 address, u64* offset) noexcept nogil:
    cdef const SectionHeader* table
    cdef const SectionHeader* names
    cdef const Symbol* symbol
    cdef const char* best = NULL
    cdef u64 at = address - program.bias, i, nearest = 0
    cdef u32 number = 0
    if program.file == NULL or program.file_size < sizeof(ElfHeader):
        return NULL
    while number < (<const ElfHeader*>program.file).section_header_count:
        table = section(program, number)
        number += 1
        if table == NULL or table.type != SHT_SYMTAB or table.offset & 7:
            continue
        names = section(program, table.link)
        if names == NULL or names.size == 0 or program.file[names.offset + names.size - 1] != 0:
            continue
        for i in range(table.size // sizeof(Symbol)):
            symbol = <const Symbol*>(program.file + table.offset) + i
            if symbol.info & 15 == STT_FUNC and symbol.section != 0 and symbol.value <= at and symbol.name < names.size \
                    and at - symbol.value < max(symbol.size, <u64>1) and symbol.value >= nearest:
                nearest = symbol.value
                best = <const char*>(program.file + names.offset + symbol.name)
    if best != NULL:
        offset[0] = at - nearest
    return best
