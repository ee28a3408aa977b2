# The slow path of arenas: see arena.pxd.
from kernel.types cimport u8, u64
from kernel.memory.string cimport memcpy, memset
from kernel.memory.pages cimport pages_alloc, pages_free, PAGE_SIZE, PAGE_SHIFT, PAGES_ZERO

cdef enum:
    CHUNK_PAGES = 16


cdef public void arena_init(Arena* arena) noexcept nogil:
    memset(arena, 0, sizeof(Arena))


# A new chunk.  A request that fills a good part of one gets a chunk of its own behind the newest, so
# that the newest one's rest is not lost.
cdef public void* arena_grow(Arena* arena, u64 size, u64 align) noexcept nogil:
    cdef u64 need = sizeof(ArenaChunk) + size + align
    cdef u64 pages, start
    cdef ArenaChunk* chunk
    cdef bint alone = need > CHUNK_PAGES * PAGE_SIZE // 4
    if need < size or align > PAGE_SIZE:
        return NULL
    pages = (need + PAGE_SIZE - 1) >> PAGE_SHIFT
    if not alone:
        if arena.first == 0 or arena.first >= CHUNK_PAGES:
            pages = CHUNK_PAGES
        else:
            pages = max(pages, <u64>arena.first)
            arena.first *= 2
    chunk = <ArenaChunk*>pages_alloc(pages, 1, PAGES_ZERO)
    if chunk == NULL:
        return NULL
    chunk.pages = pages
    arena.held += pages * PAGE_SIZE
    start = (<u64>chunk + sizeof(ArenaChunk) + align - 1) & ~(align - 1)
    arena.used += size
    if alone and arena.chunks != NULL:
        chunk.next = arena.chunks.next
        arena.chunks.next = chunk
    else:
        chunk.next = arena.chunks
        arena.chunks = chunk
        arena.next = <u8*>(start + size)
        arena.limit = <u8*>chunk + pages * PAGE_SIZE
    return <void*>start


cdef public void arena_adopt(Arena* arena, u64 address, u64 pages) noexcept nogil:
    cdef ArenaChunk* chunk = <ArenaChunk*>address
    chunk.pages = pages
    chunk.next = arena.chunks
    arena.chunks = chunk
    arena.held += pages * PAGE_SIZE
    arena.next = <u8*>(address + sizeof(ArenaChunk))
    arena.limit = <u8*>(address + pages * PAGE_SIZE)


cdef public char* arena_copy(Arena* arena, const void* bytes, u64 size) noexcept nogil:
    cdef char* copy = <char*>arena_alloc_aligned(arena, size + 1, 1)
    if copy != NULL:
        memcpy(copy, bytes, size)
        copy[size] = 0
    return copy


cdef public void arena_free(Arena* arena) noexcept nogil:
    cdef ArenaChunk* chunk = arena.chunks
    cdef ArenaChunk* next
    while chunk != NULL:
        next = chunk.next
        pages_free(<u64>chunk, chunk.pages)
        chunk = next
    arena_init(arena)
