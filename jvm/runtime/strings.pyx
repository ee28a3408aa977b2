# java.lang.String: see strings.pxd.
#
# Interned strings: an open hash table, linear probing, of (hash, string).  It has its lock, during
# which nothing is allocated on the Java heap: whoever holds it gets on without a safepoint.  After
# each marking the collector's client calls intern_sweep, which makes tombstones of dead entries.
from kernel.types cimport i32, u8, u16, u32, u64
from kernel.memory.heap cimport kcalloc, kfree, kmalloc
from kernel.memory.string cimport memcmp, memcpy, strlen
from kernel.threads.sync cimport Mutex, mutex_lock, mutex_unlock
from jvm.heap.heap cimport heap_is_marked, heap_new, heap_new_array
from jvm.heap.object cimport Object, array_data, array_length, ref, ref_decode, ref_encode, ref_load, ref_store
from jvm.loader.classes cimport JavaThread, Symbol
from jvm.loader.symbols cimport symbol_intern
from jvm.loader.wellknown cimport off, wk
from jvm.runtime.exceptions cimport throw_out_of_memory
from jvm.runtime.roots cimport roots_register_sweep
from jvm.runtime.utf8 cimport modified_utf8_next, utf8_next, utf8_put

cdef enum:
    LATIN1 = 0
    UTF16 = 1
    TOMBSTONE = 1                        # in Interned.string: no object has this address
    INTERN_FIRST = 4096                  # entries of the first table
    STACK_TEXT = 512
    STRING_BYTES_MAX = 0x7FFFFFF0

cdef struct Interned:
    u32 hash
    ref string                           # 0: free

cdef Mutex intern_lock
cdef Interned* intern_table
cdef u32 intern_capacity                 # a power of two
cdef u32 intern_filled                   # entries that are not free, tombstones included
cdef u32 intern_live

# --- reading ----------------------------------------------------------------------------------------

cdef inline int coder_of(Object* string) noexcept nogil:
    return (<u8*>string + off.java_lang_String_coder)[0]

cdef inline Object* value_of(Object* string) noexcept nogil:
    return ref_load(string, off.java_lang_String_value)

cdef public u32 string_length(Object* string) noexcept nogil:
    cdef Object* value = value_of(string)
    return <u32>array_length(value) >> coder_of(string) if value != NULL else 0

cdef public u16 string_char(Object* string, u32 index) noexcept nogil:
    cdef u8* data = array_data(value_of(string))
    return (<u16*>data)[index] if coder_of(string) == UTF16 else data[index]

cdef inline u32 point_at(Object* string, u32 length, u32* position) noexcept nogil:
    """The code point at position[0] and behind it; '?' for half a pair."""
    cdef u32 unit = string_char(string, position[0])
    cdef u32 low
    position[0] += 1
    if unit < 0xD800 or unit > 0xDFFF:
        return unit
    if unit < 0xDC00 and position[0] < length:
        low = string_char(string, position[0])
        if 0xDC00 <= low <= 0xDFFF:
            position[0] += 1
            return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
    return c'?'

cdef public u32 string_to_utf8(Object* string, u8* out, u32 capacity) noexcept nogil:
    cdef u32 length = string_length(string)
    cdef u32 position = 0
    cdef u32 needed = 0
    cdef u32 written = 0
    cdef u32 size
    cdef u8 bytes[4]
    cdef bint terminated = capacity != 0
    while position < length:
        size = utf8_put(point_at(string, length, &position), bytes)
        if needed + size < capacity:
            memcpy(out + needed, bytes, size)
            written = needed + size
        else:
            capacity = 0                 # cut at a whole character
        needed += size
    if terminated:
        out[written] = 0
    return needed

cdef u32 put_modified(u32 unit, u8* out) noexcept nogil:
    """JVMS §4.4.7: NUL takes two bytes, surrogates are encoded one by one."""
    if unit == 0:
        out[0] = 0xC0
        out[1] = 0x80
        return 2
    return utf8_put(unit, out)

cdef public u32 string_to_modified_utf8(Object* string, u8* out, u32 capacity) noexcept nogil:
    cdef u32 length = string_length(string)
    cdef u32 position
    cdef u32 needed = 0
    cdef u32 written = 0
    cdef u32 size
    cdef u8 bytes[4]
    cdef bint terminated = capacity != 0
    for position in range(length):
        size = put_modified(string_char(string, position), bytes)
        if needed + size < capacity:
            memcpy(out + needed, bytes, size)
            written = needed + size
        else:
            capacity = 0
        needed += size
    if terminated:
        out[written] = 0
    return needed

cdef public char* string_copy_utf8(Object* string) noexcept nogil:
    cdef u32 needed = string_to_utf8(string, NULL, 0) + 1
    cdef char* copy = <char*>kmalloc(needed)
    if copy != NULL:
        string_to_utf8(string, <u8*>copy, needed)
    return copy

cdef public Symbol* string_to_symbol(Object* string, int slashes) noexcept nogil:
    cdef u8 buffer[STACK_TEXT]
    cdef u8* text = buffer
    cdef u32 needed = string_to_modified_utf8(string, buffer, sizeof(buffer))
    cdef u32 index
    cdef Symbol* symbol
    if needed > 0xFFFF:
        return NULL                      # longer than any name (JVMS §4.4.7)
    if needed >= sizeof(buffer):
        text = <u8*>kmalloc(needed + 1)
        if text == NULL:
            return NULL
        string_to_modified_utf8(string, text, needed + 1)
    if slashes:
        for index in range(needed):
            if text[index] == c'.':
                text[index] = c'/'
    symbol = symbol_intern(text, needed)
    if text != buffer:
        kfree(text)
    return symbol

# --- making -----------------------------------------------------------------------------------------

cdef Object* make(JavaThread* t, u64 length, int coder) noexcept nogil:
    """A string of `length` chars whose bytes are still to be filled in; NULL: no memory."""
    cdef Object* value
    cdef Object* string
    if length << coder > STRING_BYTES_MAX:
        return NULL
    value = heap_new_array(&t.span, &wk.array_of_byte.shape, <i32>(length << coder))
    if value == NULL:
        return NULL
    string = heap_new(&t.span, &wk.java_lang_String.shape)
    if string == NULL:
        return NULL
    ref_store(string, off.java_lang_String_value, value)
    (<u8*>string + off.java_lang_String_coder)[0] = <u8>coder
    return string

cdef Object* made(JavaThread* t, Object* string) noexcept nogil:
    if string == NULL:
        throw_out_of_memory(t, b"Java heap space")
    return string

cdef public Object* string_allocate(JavaThread* t, u32 length, int coder) noexcept nogil:
    return made(t, make(t, length, coder))

cdef public Object* string_try_utf8(JavaThread* t, const u8* text, u32 length) noexcept nogil:
    cdef u32 position = 0
    cdef u32 point
    cdef u32 units = 0
    cdef u32 all_bits = 0
    cdef Object* string
    cdef u8* data
    while position < length:
        point = utf8_next(text, length, &position)
        units += 2 if point > 0xFFFF else 1
        all_bits |= point
    string = make(t, units, LATIN1 if all_bits <= 0xFF else UTF16)
    if string == NULL:
        return NULL
    data = array_data(value_of(string))
    if all_bits < 0x80:
        memcpy(data, text, length)
        return string
    position = 0
    units = 0
    while position < length:
        point = utf8_next(text, length, &position)
        if all_bits <= 0xFF:
            data[units] = <u8>point
        elif point > 0xFFFF:
            (<u16*>data)[units] = <u16>(0xD7C0 + (point >> 10))
            (<u16*>data)[units + 1] = <u16>(0xDC00 | point & 0x3FF)
            units += 1
        else:
            (<u16*>data)[units] = <u16>point
        units += 1
    return string

cdef public Object* string_from_utf8(JavaThread* t, const u8* text, u32 length) noexcept nogil:
    return made(t, string_try_utf8(t, text, length))

cdef public Object* string_from(JavaThread* t, const char* text) noexcept nogil:
    return string_from_utf8(t, <const u8*>text, <u32>strlen(text))

cdef Object* from_modified(JavaThread* t, const u8* text, u32 length, u8 replace, u8 by) noexcept nogil:
    """Class-file text; char `replace` (if not 0) becomes `by`."""
    cdef u32 position = 0
    cdef u32 unit
    cdef u32 units = 0
    cdef u32 all_bits = 0
    cdef Object* string
    cdef u8* data
    while position < length:
        all_bits |= modified_utf8_next(text, length, &position)
        units += 1
    string = made(t, make(t, units, LATIN1 if all_bits <= 0xFF else UTF16))
    if string == NULL:
        return NULL
    data = array_data(value_of(string))
    position = 0
    units = 0
    while position < length:
        unit = modified_utf8_next(text, length, &position)
        if replace != 0 and unit == replace:
            unit = by
        if all_bits <= 0xFF:
            data[units] = <u8>unit
        else:
            (<u16*>data)[units] = <u16>unit
        units += 1
    return string

cdef public Object* string_from_modified_utf8(JavaThread* t, const u8* text, u32 length) noexcept nogil:
    return from_modified(t, text, length, 0, 0)

cdef public Object* string_from_symbol(JavaThread* t, Symbol* symbol, int dots) noexcept nogil:
    return from_modified(t, symbol.text, symbol.length, c'/' if dots else 0, c'.')

cdef public Object* string_from_chars(JavaThread* t, const u16* chars, u32 length) noexcept nogil:
    cdef u32 index
    cdef u32 all_bits = 0
    cdef Object* string
    cdef u8* data
    for index in range(length):
        all_bits |= chars[index]
    string = made(t, make(t, length, LATIN1 if all_bits <= 0xFF else UTF16))
    if string == NULL:
        return NULL
    data = array_data(value_of(string))
    if all_bits > 0xFF:
        memcpy(data, chars, <u64>length * 2)
    else:
        for index in range(length):
            data[index] = <u8>chars[index]
    return string

# --- interning --------------------------------------------------------------------------------------

cdef u32 hash_of(Object* string) noexcept nogil:
    cdef u32 hash = 0
    cdef u32 index
    for index in range(string_length(string)):
        hash = hash * 31 + string_char(string, index)
    return hash

cdef bint equal(Object* a, Object* b) noexcept nogil:
    """Same text.  Strings are compact, so a char beyond 0xFF is in one of them only if the coders differ."""
    cdef Object* bytes_a = value_of(a)
    cdef Object* bytes_b = value_of(b)
    return coder_of(a) == coder_of(b) and array_length(bytes_a) == array_length(bytes_b) \
        and memcmp(array_data(bytes_a), array_data(bytes_b), <u64>array_length(bytes_a)) == 0

cdef void put(Interned* table, u32 capacity, u32 hash, ref string) noexcept nogil:
    cdef u32 at = hash & (capacity - 1)
    while table[at].string != 0:
        at = (at + 1) & (capacity - 1)
    table[at].hash = hash
    table[at].string = string

cdef bint grow() noexcept nogil:
    """A table that is at most half full of living entries."""
    global intern_table, intern_capacity, intern_filled
    cdef u32 capacity = intern_capacity if intern_capacity != 0 else INTERN_FIRST
    cdef u32 index
    cdef Interned* table
    while intern_live * 2 >= capacity:
        capacity *= 2
    table = <Interned*>kcalloc(capacity, sizeof(Interned))
    if table == NULL:
        return False
    for index in range(intern_capacity):
        if intern_table[index].string > TOMBSTONE:
            put(table, capacity, intern_table[index].hash, intern_table[index].string)
    kfree(intern_table)
    intern_table = table
    intern_capacity = capacity
    intern_filled = intern_live
    return True

cdef Object* intern_find(u32 hash, Object* string) noexcept nogil:
    cdef u32 at = hash & (intern_capacity - 1)
    while intern_table[at].string != 0:
        if intern_table[at].hash == hash and intern_table[at].string != TOMBSTONE \
                and equal(ref_decode(intern_table[at].string), string):
            return ref_decode(intern_table[at].string)
        at = (at + 1) & (intern_capacity - 1)
    return NULL

cdef public Object* string_intern(JavaThread* t, Object* string) noexcept nogil:
    global intern_filled, intern_live
    cdef u32 hash = hash_of(string)
    cdef Object* found
    mutex_lock(&intern_lock)
    if (intern_filled + 1) * 4 > intern_capacity * 3 and not grow():
        mutex_unlock(&intern_lock)
        throw_out_of_memory(t, b"no memory for the table of interned strings")
        return NULL
    found = intern_find(hash, string)
    if found == NULL:
        found = string
        put(intern_table, intern_capacity, hash, ref_encode(string))
        intern_filled += 1
        intern_live += 1
    mutex_unlock(&intern_lock)
    return found

cdef public Object* string_intern_symbol(JavaThread* t, Symbol* symbol) noexcept nogil:
    cdef Object* string = string_from_symbol(t, symbol, 0)
    return string_intern(t, string) if string != NULL else NULL

cdef void intern_sweep() noexcept nogil:
    global intern_live
    cdef u32 index
    for index in range(intern_capacity):
        if intern_table[index].string > TOMBSTONE and not heap_is_marked(ref_decode(intern_table[index].string)):
            intern_table[index].string = TOMBSTONE
            intern_live -= 1

cdef public void strings_init() noexcept nogil:
    roots_register_sweep(intern_sweep)
