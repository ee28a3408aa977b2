# See memory.pxd.  Arenas have one owner each; a loader's may be used by any thread, so with events masked.
#
# Pages that may go are in a hash table by page number, open addressing, at most half full.  After an
# unloading it is made anew from the records that stay.
#
# Freed pages that were poisoned wait in a queue before they are handed out again, so that a stale pointer
# meets the poison and not some other class.
from kernel.types cimport u32, u64
from kernel.memory.arena cimport Arena, ArenaChunk, arena_alloc, arena_init
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.pages cimport PAGE_SHIFT, PAGE_SIZE, pages_free
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask

cdef enum:
    FIRST_PAGES = 1024                   # of the table
    CHUNK_MOST = 16                      # pages that an arena takes at once for small things
    POISONED_MOST = 4096                 # pages that wait

cdef struct OwnedPage:
    u64 number                           # 0: free
    bint first                           # of its chunk
    LoaderData* owner

cdef OwnedPage* table
cdef u32 capacity                        # a power of two, or 0
cdef u32 count
cdef u64 lowest
cdef u64 highest                         # one past the last
cdef ArenaChunk* poisoned                # oldest first
cdef ArenaChunk* poisoned_last
cdef u64 poisoned_pages

cdef inline u32 place_of(OwnedPage* pages, u32 size, u64 number) noexcept nogil:
    cdef u32 at = <u32>(number * <u64>0x9E3779B97F4A7C15 >> 40) & (size - 1)
    while pages[at].number != 0 and pages[at].number != number:
        at = (at + 1) & (size - 1)
    return at

cdef bint reserve(u64 pages) noexcept nogil:
    """Room in the table for so many more."""
    cdef u32 size = capacity if capacity != 0 else FIRST_PAGES
    cdef u32 index
    cdef OwnedPage* larger
    global table, capacity
    if 2 * (count + pages) <= capacity:
        return True
    while size < 2 * (count + pages):
        size *= 2
    larger = <OwnedPage*>kcalloc(size, sizeof(OwnedPage))
    if larger == NULL:
        return False
    for index in range(capacity):
        if table[index].number != 0:
            larger[place_of(larger, size, table[index].number)] = table[index]
    kfree(table)
    table = larger
    capacity = size
    return True

cdef void note(ArenaChunk* chunk, LoaderData* owner) noexcept nogil:
    global count, lowest, highest
    cdef u64 number = <u64>chunk >> PAGE_SHIFT
    cdef u64 index
    cdef u32 at
    for index in range(chunk.pages):
        at = place_of(table, capacity, number + index)
        table[at].number = number + index
        table[at].owner = owner
        table[at].first = index == 0
    count += <u32>chunk.pages
    if lowest == 0 or <u64>chunk < lowest:
        lowest = <u64>chunk
    highest = max(highest, <u64>chunk + chunk.pages * PAGE_SIZE)

cdef void* alloc_noted(LoaderData* data, Arena* arena, u64 size) noexcept nogil:
    cdef ArenaChunk* newest = arena.chunks
    cdef u64 held = arena.held
    cdef void* memory
    if not reserve((size >> PAGE_SHIFT) + 2 + CHUNK_MOST):
        return NULL
    memory = arena_alloc(arena, size)
    if memory != NULL and arena.held != held:
        if data == NULL:
            data = <LoaderData*>memory
        note(arena.chunks if arena.chunks != newest else newest.next, data)
    return memory

cdef public void* loader_alloc(LoaderData* data, u64 size) noexcept nogil:
    cdef void* memory
    events_mask()
    memory = arena_alloc(&data.arena, size) if data.permanent else alloc_noted(data, &data.arena, size)
    events_unmask()
    return memory

cdef public LoaderData* metadata_record(Object* loader, LoaderData* host, u64 bytes) noexcept nogil:
    cdef Arena arena
    cdef LoaderData* data
    arena_init(&arena)
    arena.first = <u32>min((bytes + sizeof(LoaderData) + PAGE_SIZE - 1) >> PAGE_SHIFT, <u64>CHUNK_MOST)
    data = <LoaderData*>alloc_noted(NULL, &arena, sizeof(LoaderData))
    if data != NULL:
        data.arena = arena
        data.object = loader
        data.host = host
    return data

cdef public LoaderData* metadata_owner(u64 address) noexcept nogil:
    cdef OwnedPage* page
    cdef LoaderData* owner = NULL
    events_mask()                        # another thread's `reserve` puts a larger table in this one's place
    if lowest <= address < highest:
        page = &table[place_of(table, capacity, address >> PAGE_SHIFT)]
        # The chunk's header: left on a stack by whoever made it, nothing is there.
        if not page.first or address & (PAGE_SIZE - 1) >= sizeof(ArenaChunk):
            owner = page.owner
    events_unmask()
    return owner

cdef public void metadata_bounds(u64* low, u64* high) noexcept nogil:
    low[0] = lowest
    high[0] = highest

cdef public u64 metadata_unloadable() noexcept nogil:
    return <u64>count << PAGE_SHIFT

cdef public void metadata_forget() noexcept nogil:
    global table, capacity, count, lowest, highest, poisoned, poisoned_last, poisoned_pages
    table = NULL
    capacity = count = 0
    lowest = highest = 0
    poisoned = poisoned_last = NULL
    poisoned_pages = 0

# --- freeing -----------------------------------------------------------------------------------------
cdef void keep_poisoned(ArenaChunk* chunk, int poison) noexcept nogil:
    """The chunk's header stays what it is: it links the queue."""
    global poisoned, poisoned_last, poisoned_pages
    memset(chunk + 1, poison, chunk.pages * PAGE_SIZE - sizeof(ArenaChunk))
    chunk.next = NULL
    if poisoned == NULL:
        poisoned = chunk
    else:
        poisoned_last.next = chunk
    poisoned_last = chunk
    poisoned_pages += chunk.pages
    while poisoned_pages > POISONED_MOST:
        chunk = poisoned
        poisoned = chunk.next
        poisoned_pages -= chunk.pages
        pages_free(<u64>chunk, chunk.pages)

cdef public void metadata_free(LoaderData* dead, LoaderData* alive, int poison) noexcept nogil:
    global count, lowest, highest
    cdef LoaderData* data
    cdef ArenaChunk* chunk
    cdef ArenaChunk* next
    memset(table, 0, capacity * sizeof(OwnedPage))
    count = 0
    lowest = highest = 0
    data = alive
    while data != NULL:
        chunk = NULL if data.permanent else data.arena.chunks
        while chunk != NULL:
            note(chunk, data)
            chunk = chunk.next
        data = data.next
    while dead != NULL:
        chunk = dead.arena.chunks
        dead = dead.gray                 # the record itself is in one of its chunks
        while chunk != NULL:
            next = chunk.next
            if poison != 0:
                keep_poisoned(chunk, poison)
            else:
                pages_free(<u64>chunk, chunk.pages)
            chunk = next
