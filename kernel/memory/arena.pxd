# Bump arena: many small objects that die together, as the metadata of a class loader.
#
# Invariant: `next`..`limit` is the free rest of the newest chunk; chunks are linked newest first.
# Interface: one owner; not locked.  Memory is zeroed.  arena_free gives everything back at once and
# leaves an empty arena that may be used again.
from kernel.types cimport u8, u32, u64

cdef struct ArenaChunk:
    ArenaChunk* next
    u64 pages

cdef struct Arena:
    u8* next
    u8* limit
    ArenaChunk* chunks
    u64 used                             # bytes handed out
    u64 held                             # bytes of pages held
    u32 first                            # pages of the first chunk; each is twice as long, up to the usual length
                                         # (0: of that length from the start); set after arena_init

cdef extern void arena_init(Arena* arena) noexcept nogil
cdef extern void* arena_grow(Arena* arena, u64 size, u64 align) noexcept nogil   # slow path of arena_alloc
cdef extern char* arena_copy(Arena* arena, const void* bytes, u64 size) noexcept nogil   # adds a NUL
# Zeroed pages of pages_alloc become the newest chunk, and the arena's from now on.
cdef extern void arena_adopt(Arena* arena, u64 address, u64 pages) noexcept nogil
cdef extern void arena_free(Arena* arena) noexcept nogil

# `size` bytes aligned to `align` (a power of two ≤ 4096); NULL when memory is out.
cdef inline void* arena_alloc_aligned(Arena* arena, u64 size, u64 align) noexcept nogil:
    cdef u64 start = (<u64>arena.next + align - 1) & ~(align - 1)
    if start + size < start or start + size > <u64>arena.limit or arena.chunks == NULL:
        return arena_grow(arena, size, align)
    arena.used += start + size - <u64>arena.next
    arena.next = <u8*>(start + size)
    return <void*>start

cdef inline void* arena_alloc(Arena* arena, u64 size) noexcept nogil:
    return arena_alloc_aligned(arena, size, 8)
