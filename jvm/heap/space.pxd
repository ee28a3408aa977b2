# The heap's memory: blocks, lines, page runs, bitmaps.  Private to jvm/heap.
#
#   memory: [start bitmap][mark bitmap][blocks' table][page map][run table][mark stack] | blocks …
#
# Invariant: a block is in one state.  Small blocks are handed out from the low end, large objects
# from the high end.  Outside a collection the mark bitmap is all zero.  The bit of a line is set
# when live objects overlapped it at the last collection; lines handed out since then belong to a
# block that is OWNED or FULL, so nobody reads their bits before the next collection.
from kernel.types cimport u8, u16, u32, u64
from jvm.heap.heap cimport HeapClient, HeapConfig, Span
from jvm.heap.object cimport Object, ref

cdef enum:
    HEAP_PAGE = 4096
    LINES_PER_BLOCK = 128
    PAGES_PER_BLOCK = 8
    BITMAP_PER_BLOCK = 512               # bytes of a start or mark bitmap that cover one block
    RUN_INSIDE = 0x80000000              # run table: not the first page; the rest is the distance to it
    ARRAY_STACK = 1024

cdef enum BlockState:
    BLOCK_FREE = 0
    BLOCK_RECYCLABLE = 1                 # has live lines and free lines; may be taken by a span
    BLOCK_OWNED = 2                      # a span is using up its free lines
    BLOCK_FULL = 3                       # no lines to hand out until the next collection
    BLOCK_LARGE = 4                      # its pages belong to large objects, or are free

cdef struct Block:
    u64 lines[2]
    u8 state                             # BlockState
    u8 dirty                             # not known to be zero
    u8 released                          # free, and given back since its last use
    u8 reserved
    u16 free_lines                       # after the last collection
    u16 padding

cdef struct ArrayRest:                   # a long reference array, scanned piece by piece
    ref array
    u32 next

cdef struct Heap:
    HeapConfig* config
    HeapClient* client
    u64 base                             # of block 0
    u64 end
    u64 block_count
    u8* starts                           # bitmap: an object starts here
    u8* marks
    Block* blocks
    u8* pages                            # one byte for each block: bit set, page free for a large object
    u32* runs                            # one word for each page: length of the large object that starts here
    u64 small_top                        # no small block at or above this index
    u64 large_bottom                     # no large block below this index
    u64 free_hint                        # no free block below this index
    u64 recycle_next                     # recyclable blocks below this index are used up
    u64 wide_next                        # the same for holes that take objects longer than a line
    u64 in_use                           # blocks that are not free
    u64 budget                           # blocks in use at which a collection is due
    u64 live                             # bytes of lines and pages in use after the last collection
    u64 handed_out                       # bytes of lines and pages handed out since then
    u64 allocated                        # … before then
    u64 released
    u64 alarm                            # HeapClient.crossed is due at this usage; ~0: never
    Span* spans
    u64 debug_allocations
    u32 forced_slow                      # spans keep their limit at the cursor
    # Collection.
    u32 collecting
    u32* stack                           # mark stack: compressed references
    u64 stack_capacity
    u64 stack_top
    u32 overflow                         # something marked could not be pushed
    u32 array_top
    ArrayRest arrays[ARRAY_STACK]
    u32 discovering
    u32 clear_soft
    ref discovered[5]                    # by ReferenceStrength; linked by `discovered`, the last by itself
    ref pending
    u32 referent_offset
    u32 discovered_offset
    u32 next_offset
    u32 timestamp_offset
    u64 soft_clock                       # client.clock() at the end of the previous collection
    u64 soft_start                       # … when the heap was made: before the first collection, Java's clock is 0
    u64 soft_keep                        # ms that an unused soft reference is kept
    u64 marked
    u64 collections
    u64 pause_total
    u64 pause_longest
    u32 cause
    u64 watch_low                        # heap_watch
    u64 watch_size

cdef extern Heap java_heap

cdef extern int space_init(HeapConfig* config, HeapClient* client) noexcept nogil
cdef extern u8* space_take_small(Span* span, u64 size, int beyond_budget) noexcept nogil
cdef extern u8* space_take_large(Span* span, u64 size, int beyond_budget) noexcept nogil
cdef extern void space_drop_spans() noexcept nogil
cdef extern void space_prepare() noexcept nogil
cdef extern void space_sweep() noexcept nogil
cdef extern void space_for_each(u8* bitmap, void (*visit)(Object* o, void* argument) noexcept nogil, void* argument) noexcept nogil

# jvm/heap/mark.pyx
cdef extern void mark_begin(int clear_soft) noexcept nogil
cdef extern void mark_drain() noexcept nogil
cdef extern void mark_references() noexcept nogil

cdef extern from *:
    """
    #define heap_count_zeros(x) __builtin_ctzll(x)
    #define heap_leading_zeros(x) __builtin_clzll(x)
    /* gcc would call its run-time library for this: the baseline processor has no POPCNT */
    static inline int heap_count_ones(unsigned long x) {
        x -= (x >> 1) & 0x5555555555555555UL;
        x = (x & 0x3333333333333333UL) + ((x >> 2) & 0x3333333333333333UL);
        return (int)((((x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FUL) * 0x0101010101010101UL) >> 56);
    }
    """
    int heap_count_zeros(u64 x) noexcept nogil       # trailing; x is not 0
    int heap_leading_zeros(u64 x) noexcept nogil     # x is not 0
    int heap_count_ones(u64 x) noexcept nogil

cdef inline bint heap_contains(u64 address) noexcept nogil:
    return address - java_heap.base < java_heap.end - java_heap.base

cdef inline bint heap_bit(u8* bitmap, u64 address) noexcept nogil:
    cdef u64 index = (address - java_heap.base) >> 3
    return (bitmap[index >> 3] >> (index & 7)) & 1

cdef inline void heap_set_bit(u8* bitmap, u64 address) noexcept nogil:
    cdef u64 index = (address - java_heap.base) >> 3
    bitmap[index >> 3] |= <u8>(1 << (index & 7))
