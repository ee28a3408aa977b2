# The kernel heap: size classes over 64 KiB spans, larger ones straight from the page allocator.
#
# Interface: any thread, also before threads exist; never from the event handler.  Returned memory is
# 16-byte aligned.  kmalloc(0) is a valid small object; kfree(NULL) does nothing.  A debug build fills
# freed memory with 0xDD and fresh memory with 0xCD, and panics on a broken red zone or a double free.
from kernel.types cimport u32, u64

cdef extern void kmalloc_reset() noexcept nogil                         # forgets everything: with pages_init, for tests
cdef extern void* kmalloc(u64 size) noexcept nogil
cdef extern void* kcalloc(u64 count, u64 size) noexcept nogil           # zeroed; NULL when count*size overflows
cdef extern void* krealloc(void* memory, u64 size) noexcept nogil
cdef extern void kfree(void* memory) noexcept nogil
cdef extern u64 kmalloc_size(void* memory) noexcept nogil               # usable bytes of an allocation

# Make the nth allocation from now on fail (1: the next one), once; 0 switches it off.  Config: heap.fail=n.
cdef extern void kmalloc_fail_nth(u64 nth) noexcept nogil
cdef extern u64 kmalloc_fail_left() noexcept nogil                      # how many are left until it does; 0: it has

cdef struct KmallocStatistics:
    u64 allocations                      # live
    u64 bytes                            # live, as handed out (rounded to the class)
    u64 pages                            # pages held by spans and large allocations
    u64 total                            # allocations ever

cdef extern void kmalloc_statistics(KmallocStatistics* into) noexcept nogil
cdef extern bint kmalloc_check() noexcept nogil                            # walk every span: do the invariants hold?
