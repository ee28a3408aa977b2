# Interned names: an open-addressing hash table of Symbol pointers; the symbols lie in an arena.
#
# Invariant: every symbol is in the table exactly once; the table is at most half full, and its
# capacity is a power of two.  Symbols are never freed.  A slot is a symbol's address with the upper
# half of its hash in the 16 bits that an address leaves free, so that a miss touches no symbol.
# SMP: the table is changed and searched with events masked (kernel/threads/cpu.pxd); a spin lock marks
# the place for a second CPU.
from kernel.types cimport u8, u16, u32, u64
from kernel.memory.arena cimport Arena, arena_adopt, arena_alloc, arena_init
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.pages cimport PAGES_ZERO, pages_alloc
from kernel.memory.string cimport memcpy, strlen
from kernel.threads.cpu cimport SpinLock, events_mask, events_unmask, spin_lock, spin_unlock
from jvm.loader.classes cimport Symbol
from jvm.loader.wellknown cimport wellknown_symbols_init

cdef enum:
    RESERVE_PAGES = 16
    FIRST_CAPACITY = 32768               # Hello World interns about 14,000 names
    SYMBOL_HEAD = 6                      # bytes before `text`

cdef struct SymbolTable:
    u64* slots                           # 0: empty
    u32 capacity
    u32 count
    Arena arena
    u64 reserve                          # pages for when there are no others, 0: used
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

cdef enum:
    ADDRESS_BITS = 48

cdef inline u64 slot_value(Symbol* symbol) noexcept nogil:
    return <u64>symbol | <u64>(symbol.hash >> 16) << ADDRESS_BITS

cdef inline Symbol* slot_symbol(u64 value) noexcept nogil:
    return <Symbol*>(value & ((<u64>1 << ADDRESS_BITS) - 1))

cdef inline bint same_text(const u8* a, const u8* b, u32 length) noexcept nogil:
    while length >= 8:
        if load8(a) != load8(b):
            return False
        a += 8
        b += 8
        length -= 8
    while length > 0:
        if a[0] != b[0]:
            return False
        a += 1
        b += 1
        length -= 1
    return True

cdef inline u32 find_slot(const u8* text, u32 length, u32 hash) noexcept nogil:
    """The slot of the symbol, or the empty slot where it belongs."""
    cdef u32 mask = table.capacity - 1
    cdef u32 slot = hash & mask
    cdef u64 value
    cdef Symbol* symbol
    while True:
        value = table.slots[slot]
        if value == 0:
            return slot
        if value >> ADDRESS_BITS == hash >> 16:
            symbol = slot_symbol(value)
            if symbol.length == length and same_text(symbol.text, text, length):
                return slot
        slot = (slot + 1) & mask

cdef bint grow() noexcept nogil:
    cdef u32 capacity = table.capacity * 2
    cdef u32 index, slot
    cdef u64* slots = <u64*>kcalloc(capacity, sizeof(u64))
    if slots == NULL:
        return False
    for index in range(table.capacity):
        if table.slots[index] != 0:
            slot = slot_symbol(table.slots[index]).hash & (capacity - 1)
            while slots[slot] != 0:
                slot = (slot + 1) & (capacity - 1)
            slots[slot] = table.slots[index]
    kfree(table.slots)
    table.slots = slots
    table.capacity = capacity
    return True

cdef Symbol* insert(const u8* text, u32 length, u32 hash, u32 slot) noexcept nogil:
    cdef Symbol* symbol
    if table.count >= table.capacity >> 1:
        # Without memory for a larger table the old one gets fuller and slower.
        if not grow() and table.count >= table.capacity - (table.capacity >> 3):
            return NULL
        slot = find_slot(text, length, hash)
    symbol = <Symbol*>arena_alloc(&table.arena, SYMBOL_HEAD + length + 1)
    if symbol == NULL and table.reserve != 0:
        # What asks for a symbol takes its absence for a mistake in the class file: what is short of
        # memory should fail at something larger.
        arena_adopt(&table.arena, table.reserve, RESERVE_PAGES)
        table.reserve = 0
        symbol = <Symbol*>arena_alloc(&table.arena, SYMBOL_HEAD + length + 1)
    if symbol == NULL:
        return NULL
    symbol.hash = hash
    symbol.length = <u16>length
    memcpy(symbol.text, text, length)
    symbol.text[length] = 0
    table.slots[slot] = slot_value(symbol)
    table.count += 1
    return symbol

cdef public void symbols_init() noexcept nogil:
    if table.slots != NULL:
        return
    arena_init(&table.arena)
    table.slots = <u64*>kcalloc(FIRST_CAPACITY, sizeof(u64))
    table.capacity = FIRST_CAPACITY if table.slots != NULL else 0
    table.reserve = pages_alloc(RESERVE_PAGES, 1, PAGES_ZERO)
    wellknown_symbols_init()

cdef public void symbols_forget() noexcept nogil:
    table.slots = NULL
    table.capacity = 0
    table.count = 0
    table.reserve = 0

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
    symbol = slot_symbol(table.slots[slot])
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
    symbol = slot_symbol(table.slots[find_slot(text, length, hash_text(text, length))])
    spin_unlock(&table.lock)
    events_unmask()
    return symbol

cdef public u32 symbol_count() noexcept nogil:
    return table.count
