# Page tables of the window: see paging.pxd.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport WINDOW_SHIFT
from kernel.platform.paging cimport PAGE_ACCESSED, PAGE_DIRTY, PAGE_LARGE, PAGE_PRESENT, PAGE_WRITABLE
from kernel.platform.platform cimport platform_take_page

cdef enum:
    PAGE = 4096
    LARGE = 2 << 20
    FEW = 12                             # pages that are forgotten one by one
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
cdef void (*flush_all)() noexcept nogil
cdef u32 stale                           # pages whose old translation the processor may still have
cdef u64 stale_at[FEW]


cdef u64* table_at(u64 physical) noexcept nogil:
    return <u64*>((<u64>1 << WINDOW_SHIFT) + physical)


cdef u64 frame_of(u64 entry) noexcept nogil:
    return entry & <u64>0x000ffffffffff000


cdef public void paging_init(u64 root_physical, u64 pool_physical, u64 end,
                             void (*flush)(u64 address) noexcept nogil, void (*all)() noexcept nogil) noexcept nogil:
    global root, pool, pool_end, flush_page, flush_all
    flush_all = all
    root = root_physical
    pool = pool_physical
    pool_end = end
    flush_page = flush


# What was absent is in no cache (Intel SDM volume 3A §4.10.4.3).
cdef inline void change(u64* entry, u64 value, u64 address) noexcept nogil:
    global stale
    cdef u64 old = entry[0]
    entry[0] = value
    if old & PAGE_PRESENT and old & ~<u64>(PAGE_ACCESSED | PAGE_DIRTY) != value:
        if stale < FEW:
            stale_at[stale] = address
        stale += 1


# Forgetting one page may cost a trap (kvm): many are forgotten at once.
cdef void forget() noexcept nogil:
    global stale
    cdef u32 i
    if stale > FEW:
        flush_all()
    else:
        for i in range(stale):
            flush_page(stale_at[i])
    stale = 0


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
    cdef u64 end = address + size, bits = 4 | <u64>1 << 63
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
                forget()
                return -ENOMEM
            shift -= 9
        change(&entry[address >> 12 & 511], address - (<u64>1 << WINDOW_SHIFT) | bits, address)
        address += PAGE
    forget()
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
                change(entry, (entry[0] & <u64>0x000fffffffe00000) | PAGE_LARGE | bits, address)
                address += LARGE
                continue
            error = split(entry, address)
            if error < 0:
                forget()
                return error
        entry = &table_at(frame_of(entry[0]))[address >> 12 & 511]
        change(entry, frame_of(entry[0]) | bits, address)
        address += PAGE
    forget()
    return 0
