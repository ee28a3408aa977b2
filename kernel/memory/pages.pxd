# Physical pages: a bitmap per 2 MiB block, whole blocks first.
#
# Invariant: a page is used exactly when its bit in its block's `used` map is set; a page whose
# `dirty` bit is clear has never been handed out and reads as zero; `free_pages` of pool and block
# count the clear bits; a block is on the pool's `partial` list exactly when some but not all of its
# pages are used.  Because freedom is a bit, neighbouring free pages are one range at once.
#
# Interface: addresses are guest-virtual (physical + WINDOW), counts are in pages of 4 KiB.  Nothing
# here touches the memory handed out, except to zero it when PAGES_ZERO is asked and it is dirty.
# The caller of pages_free gives the same range, or any page-aligned part of it.
from kernel.types cimport u32, u64

cdef enum:
    PAGE_SIZE = 4096
    PAGE_SHIFT = 12
    BLOCK_SIZE = 2097152
    BLOCK_PAGES = 512

cdef enum:
    PAGES_ZERO = 1                       # contents are zero (free of cost for pages never used before)

cdef struct PageBlock:
    u64 used[8]
    u64 dirty[8]
    u32 free_pages
    u32 released                         # 1: free as a whole and given back to the host since its last use
    u32 next                             # links of the partial list: index + 1, 0 ends it
    u32 previous

cdef struct PagePool:
    u64 base                             # address of page 0 of block 0, 2 MiB aligned
    u64 block_count
    PageBlock* blocks
    u32 partial                          # list head: index + 1
    u64 lowest_free                      # no block below this index is wholly free
    u64 total_pages
    u64 free_pages
    u64 peak_pages                       # most pages ever in use at once
    u64 charged                          # pages that count as used though they are memory elsewhere
    bint zeroed                          # memory was zero when the pool was made

cdef struct PageStatistics:
    u64 total                            # bytes
    u64 free                             # bytes
    u64 peak                             # bytes ever in use at once
    u64 largest                          # longest free run, bytes

# The kernel's own pool.
cdef extern int pages_init(u64 base, u64 end, bint zeroed) noexcept nogil
cdef extern u64 pages_alloc(u64 count, u64 align, int flags) noexcept nogil   # align in pages, a power of two ≤ 512; 0: no room
# Make the nth pages_alloc from now on fail (1: the next one), once; 0 switches it off.  Config: pages.fail=n.
cdef extern void pages_fail_nth(u64 nth) noexcept nogil
cdef extern u64 pages_fail_left() noexcept nogil
cdef extern void pages_free(u64 address, u64 count) noexcept nogil
# These very pages, if all of them are free.
cdef extern bint pages_take(u64 address, u64 count, int flags) noexcept nogil
# platform_protect with events masked, as page tables want it.
cdef extern int pages_protect(u64 address, u64 size, int access) noexcept nogil
# Memory outside the pool (stacks on demand) counts against it: False when the pool has not so many free
# pages left.  pages_overdraw charges without asking, any time, also on the event stack.
cdef extern bint pages_charge(u64 count) noexcept nogil
cdef extern void pages_overdraw(u64 count) noexcept nogil
cdef extern void pages_uncharge(u64 count) noexcept nogil
cdef extern u64 pages_release_free() noexcept nogil                    # give free blocks to the host; bytes given
cdef extern u64 pages_available() noexcept nogil                       # free pages
cdef extern void pages_statistics(PageStatistics* into) noexcept nogil

# The same on any pool (tests).
cdef extern int page_pool_init(PagePool* pool, u64 base, u64 end, bint zeroed) noexcept nogil
cdef extern u64 page_pool_alloc(PagePool* pool, u64 count, u64 align, int flags) noexcept nogil
cdef extern bint page_pool_take(PagePool* pool, u64 address, u64 count, int flags) noexcept nogil
cdef extern void page_pool_free(PagePool* pool, u64 address, u64 count) noexcept nogil
cdef extern u64 page_pool_largest(PagePool* pool) noexcept nogil        # pages
cdef extern bint page_pool_check(PagePool* pool) noexcept nogil         # walk everything: do the invariants hold?
