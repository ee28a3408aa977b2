# Four-level page tables of the window (Intel SDM volume 3, section 4.5).
#
# Invariant: physical addresses never change, only permissions do; a large page is split when a part of
# it gets permissions of its own, and stays split.  Tables lie in the window too, so they are edited at
# WINDOW + their physical address.
# Interface: changes are made with events masked; `paging_init` names the PML4 in use and a pool of whole pages for tables to come;
# `flush` makes the processor forget one page, `all` every page.
from kernel.types cimport u64

cdef enum PageBits:
    PAGE_PRESENT = 1
    PAGE_WRITABLE = 2
    PAGE_USER = 4
    PAGE_ACCESSED = 0x20
    PAGE_DIRTY = 0x40
    PAGE_LARGE = 0x80

cdef extern void paging_init(u64 root_physical, u64 pool_physical, u64 pool_end,
                             void (*flush)(u64 address) noexcept nogil, void (*all)() noexcept nogil) noexcept nogil
# 0, or -ENOMEM when the pool is used up, or -EINVAL for what is not mapped.
cdef extern int paging_protect(u64 address, u64 size, int access) noexcept nogil
# The same where nothing may be mapped yet: makes tables of platform_take_page's pages.
cdef extern int paging_create(u64 address, u64 size, int access) noexcept nogil
