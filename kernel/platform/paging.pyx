# Page tables of the window: see paging.pxd.
from kernel.types cimport u64
from kernel.boot.bootinfo cimport WINDOW_SHIFT
from kernel.platform.paging cimport PAGE_LARGE, PAGE_PRESENT, PAGE_WRITABLE
from kernel.platform.platform cimport platform_take_page

cdef enum:
    PAGE = 4096
    LARGE = 2 << 20
    EINVAL = 22
    ENOMEM = 12
    # platform.pxd: ACCESS_*
    READ = 1
    WRITE = 2
    EXECUTE = 4

cdef u64 root
cdef u64 pool
cdef u64 pool_end
cdef void (*flush_page)(u64 address) noexcept nogil


cdef u64* table_at(u64 physical) noexcept nogil:
    return <u64*>((<u64>1 << WINDOW_SHIFT) + physical)


cdef u64 frame_of(u64 entry) noexcept nogil:
    return entry & <u64>0x000ffffffffff000


cdef public void paging_init(u64 root_physical, u64 pool_physical, u64 end,
                             void (*flush)(u64 address) noexcept nogil) noexcept nogil:
    global root, pool, pool_end, flush_page
    root = root_physical
    pool = pool_physical
    pool_end = end
    flush_page = flush


cdef int split(u64* entry, u64 address) noexcept nogil:
    """Replaces a large page by a table of small ones with the same permissions."""
    global pool
    cdef u64 table, small = entry[0] & ~<u64>PAGE_LARGE
    cdef u64* to
    cdef int i
    if pool + PAGE > pool_end:
        return -ENOMEM
    table = pool
    pool += PAGE
    to = table_at(table)
    for i in range(512):
        to[i] = small + <u64>i * PAGE
    entry[0] = table | 7                 # the small pages decide
    flush_page(address)
    return 0


# An entry's table, made if it is not there.
cdef u64* next_table(u64* entry) noexcept nogil:
    cdef u64 table
    if entry[0] & PAGE_PRESENT:
        return table_at(frame_of(entry[0])) if not entry[0] & PAGE_LARGE else NULL
    table = platform_take_page()
    if table == 0:
        return NULL
    entry[0] = table - (<u64>1 << WINDOW_SHIFT) | 7
    return <u64*>table


cdef public int paging_create(u64 address, u64 size, int access) noexcept nogil:
    cdef u64 end = address + size, bits = 4 | <u64>1 << 63, old
    cdef u64* entry
    cdef int shift
    if access & READ:
        bits |= PAGE_PRESENT
    if access & WRITE:
        bits |= PAGE_WRITABLE
    while address < end:
        entry = table_at(root)
        shift = 39
        while shift >= 21:
            entry = next_table(&entry[address >> shift & 511])
            if entry == NULL:
                return -ENOMEM
            shift -= 9
        entry = &entry[address >> 12 & 511]
        old = entry[0]
        entry[0] = address - (<u64>1 << WINDOW_SHIFT) | bits
        if old & PAGE_PRESENT:           # what was absent is in no cache (Intel SDM volume 3A §4.10.4.3)
            flush_page(address)
        address += PAGE
    return 0


cdef public int paging_protect(u64 address, u64 size, int access) noexcept nogil:
    cdef u64 end = address + size, bits
    cdef u64* entry
    cdef int error, shift
    bits = 4                             # user: ring 3 needs it, ring 0 does not mind
    if access & READ:
        bits |= PAGE_PRESENT
    if access & WRITE:
        bits |= PAGE_WRITABLE
    if not access & EXECUTE:
        bits |= <u64>1 << 63
    while address < end:
        entry = table_at(root)
        shift = 39
        while shift >= 30:
            entry = &entry[address >> shift & 511]
            if not entry[0] & PAGE_PRESENT or entry[0] & PAGE_LARGE:
                return -EINVAL
            entry = table_at(frame_of(entry[0]))
            shift -= 9
        entry = &entry[address >> 21 & 511]
        if entry[0] & PAGE_LARGE or not entry[0] & PAGE_PRESENT:
            if not entry[0] & PAGE_LARGE:
                return -EINVAL
            if not address & (LARGE - 1) and end - address >= LARGE:
                entry[0] = (entry[0] & <u64>0x000fffffffe00000) | PAGE_LARGE | bits
                flush_page(address)
                address += LARGE
                continue
            error = split(entry, address)
            if error < 0:
                return error
        entry = &table_at(frame_of(entry[0]))[address >> 12 & 511]
        entry[0] = frame_of(entry[0]) | bits
        flush_page(address)
        address += PAGE
    return 0
