# Interned names: an open-addressing hash table of Symbol pointers; the symbols lie in an arena.
#
# Invariant: every symbol is in the table exactly once; the table is at most half full, and its
# capacity is a power of two.  Symbols are never freed.
# SMP: the table is changed and searched with events masked (kernel/threads/cpu.pxd); a spin lock marks
# the place for a second CPU.
from kernel.types cimport u8, u16, u32, u64
from kernel.memory.arena cimport Arena, arena_alloc, arena_init
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memcmp, memcpy, strlen
from kernel.threads.cpu cimport SpinLock, events_mask, events_unmask, spin_lock, spin_unlock
from jvm.loader.classes cimport Symbol
from jvm.loader.wellknown cimport wellknown_symbols_init

cdef enum:
    FIRST_CAPACITY = 32768               # Hello World interns about 14,000 names
    SYMBOL_HEAD = 6                      # bytes before `text`

cdef struct SymbolTable:
    Symbol** slots
    u32 capacity
    u32 count
    Arena arena
    SpinLock lock

cdef SymbolTable table

cdef inline u64 load8(const u8* p) noexcept nogil:
    cdef u64 word
    memcpy(&word, p, 8)
    return word

cdef inline u32 load4(const u8* p) noexcept nogil:
    cdef u32 word
    memcpy(&word, p, 4)
    return word

cdef inline u32 hash_text(const u8* text, u32 length) noexcept nogil:
    """Eight bytes at a time: names are 20 to 40 bytes long."""
    cdef u64 h = <u64>length * <u64>0x9E3779B97F4A7C15
    cdef u32 left = length
    while left >= 8:
        h = (h ^ load8(text)) * <u64>0x9FB21C651E98DF25
        h ^= h >> 32
        text += 8
        left -= 8
    if left >= 4:
        h = (h ^ load4(text)) * <u64>0x9FB21C651E98DF25
        h ^= h >> 32
        text += 4
        left -= 4
    while left > 0:
        h = (h ^ text[0]) * <u64>0x9FB21C651E98DF25
        text += 1
        left -= 1
    h ^= h >> 29
    h *= <u64>0xBF58476D1CE4E5B9
    return <u32>(h >> 32)

cdef inline u32 find_slot(const u8* text, u32 length, u32 hash) noexcept nogil:
    """The slot of the symbol, or the empty slot where it belongs."""
    cdef u32 mask = table.capacity - 1
    cdef u32 slot = hash & mask
    cdef Symbol* symbol
    while True:
        symbol = table.slots[slot]
        if symbol == NULL:
            return slot
        if symbol.hash == hash and symbol.length == length and memcmp(symbol.text, text, length) == 0:
            return slot
        slot = (slot + 1) & mask

cdef bint grow() noexcept nogil:
    cdef u32 capacity = table.capacity * 2
    cdef u32 index, slot
    cdef Symbol** slots = <Symbol**>kcalloc(capacity, sizeof(Symbol*))
    if slots == NULL:
        return False
    for index in range(table.capacity):
        if table.slots[index] != NULL:
            slot = table.slots[index].hash & (capacity - 1)
            while slots[slot] != NULL:
                slot = (slot + 1) & (capacity - 1)
            slots[slot] = table.slots[index]
    kfree(table.slots)
    table.slots = slots
    table.capacity = capacity
    return True

cdef Symbol* insert(const u8* text, u32 length, u32 hash, u32 slot) noexcept nogil:
    cdef Symbol* symbol
    if table.count >= table.capacity >> 1:
        if not grow():
            return NULL
        slot = find_slot(text, length, hash)
    symbol = <Symbol*>arena_alloc(&table.arena, SYMBOL_HEAD + length + 1)
    if symbol == NULL:
        return NULL
    symbol.hash = hash
    symbol.length = <u16>length
    memcpy(symbol.text, text, length)
    symbol.text[length] = 0
    table.slots[slot] = symbol
    table.count += 1
    return symbol

cdef public void symbols_init() noexcept nogil:
    if table.slots != NULL:
        return
    arena_init(&table.arena)
    table.slots = <Symbol**>kcalloc(FIRST_CAPACITY, sizeof(Symbol*))
    table.capacity = FIRST_CAPACITY if table.slots != NULL else 0
    wellknown_symbols_init()

cdef public void symbols_forget() noexcept nogil:
    table.slots = NULL
    table.capacity = 0
    table.count = 0

cdef public Symbol* symbol_intern(const u8* text, u32 length) noexcept nogil:
    cdef u32 hash
    cdef u32 slot
    cdef Symbol* symbol
    if length > 65535 or table.capacity == 0:                # JVMS §4.4.7: a name's length is a u2
        return NULL
    hash = hash_text(text, length)
    events_mask()
    spin_lock(&table.lock)
    slot = find_slot(text, length, hash)
    symbol = table.slots[slot]
    if symbol == NULL:
        symbol = insert(text, length, hash, slot)
    spin_unlock(&table.lock)
    events_unmask()
    return symbol

cdef public Symbol* symbol_from(const char* text) noexcept nogil:
    return symbol_intern(<const u8*>text, <u32>strlen(text))

cdef public Symbol* symbol_find(const u8* text, u32 length) noexcept nogil:
    cdef Symbol* symbol
    if length > 65535 or table.capacity == 0:
        return NULL
    events_mask()
    spin_lock(&table.lock)
    symbol = table.slots[find_slot(text, length, hash_text(text, length))]
    spin_unlock(&table.lock)
    events_unmask()
    return symbol

cdef public u32 symbol_count() noexcept nogil:
    return table.count
