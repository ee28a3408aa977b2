# See jimage.pxd.
from kernel.types cimport u8, u32, u64, i32
from kernel.files.errno cimport EINVAL
from kernel.memory.string cimport strlen

cdef enum:
    MAGIC = 0xCAFEDADA
    VERSION_1_0 = 0x00010000
    HEADER_SIZE = 28
    HASH_SEED = 0x01000193
    # Kinds of location items.
    ITEM_END = 0
    ITEM_MODULE = 1
    ITEM_PARENT = 2
    ITEM_BASE = 3
    ITEM_EXTENSION = 4
    ITEM_OFFSET = 5
    ITEM_COMPRESSED = 6
    ITEM_UNCOMPRESSED = 7

cdef struct Location:
    u64 items[8]

cdef struct Image:
    const u8* base
    u64 size
    u32 length                           # of the redirect and offsets tables
    const i32* redirect
    const u32* offsets
    const u8* locations
    u32 locations_size
    const char* strings
    u32 strings_size
    u64 data                             # offset of the resources

cdef Image image

cdef public int jimage_open(const u8* address, u64 size) noexcept nogil:
    cdef const u32* words = <const u32*>address
    cdef u64 index_size
    image.base = NULL
    if size < HEADER_SIZE or words[0] != <u32>MAGIC or words[1] != VERSION_1_0:
        return -EINVAL
    index_size = HEADER_SIZE + 8 * <u64>words[4] + words[5] + words[6]
    if words[4] == 0 or words[6] == 0 or index_size > size:
        return -EINVAL
    image.size = size
    image.length = words[4]
    image.redirect = <const i32*>(address + HEADER_SIZE)
    image.offsets = <const u32*>(address + HEADER_SIZE + 4 * <u64>image.length)
    image.locations = address + HEADER_SIZE + 8 * <u64>image.length
    image.locations_size = words[5]
    image.strings = <const char*>(image.locations + image.locations_size)
    image.strings_size = words[6]
    image.data = index_size
    if image.strings[image.strings_size - 1] != 0:               # so that no string runs past the table
        return -EINVAL
    image.base = address
    return 0

cdef public const u8* jimage_address(u64* size) noexcept nogil:
    size[0] = image.size if image.base != NULL else 0
    return image.base

cdef inline const char* string_at(u64 offset) noexcept nogil:
    # The last byte of the strings is a NUL: the empty string.
    return image.strings + (offset if offset < image.strings_size else image.strings_size - 1)

cdef bint read_location(u32 slot, Location* location) noexcept nogil:
    """Decode the items of location number `slot`; False: damaged."""
    cdef u32 at = image.offsets[slot]
    cdef u32 kind, count, i
    cdef u64 value
    for i in range(8):
        location.items[i] = 0
    while at < image.locations_size:
        kind = image.locations[at] >> 3
        count = (image.locations[at] & 7) + 1
        if kind == ITEM_END:
            return True
        if kind > ITEM_UNCOMPRESSED or count > image.locations_size - at - 1:
            return False
        value = 0
        for i in range(1, count + 1):
            value = value << 8 | image.locations[at + i]
        location.items[kind] = value
        at += 1 + count
    return False

cdef const u8* contents(Location* location, u64* size) noexcept nogil:
    """Where a resource's bytes are; NULL when compressed (this image has none) or out of the file."""
    cdef u64 offset = location.items[ITEM_OFFSET]
    cdef u64 length = location.items[ITEM_UNCOMPRESSED]
    cdef u64 room = image.size - image.data
    if location.items[ITEM_COMPRESSED] != 0 or offset > room or length > room - offset:
        return NULL
    size[0] = length
    return image.base + image.data + offset

cdef inline u32 hash_bytes(u32 hash, const u8* text, u32 length) noexcept nogil:
    cdef u32 i
    for i in range(length):
        hash = (hash * <u32>HASH_SEED) ^ text[i]
    return hash

cdef inline u32 hash_byte(u32 hash, u8 byte) noexcept nogil:
    return (hash * <u32>HASH_SEED) ^ byte

cdef inline i32 redirect_of(u32 hash) noexcept nogil:
    return image.redirect[(hash & 0x7FFFFFFF) % image.length]

cdef inline bint slot_of(i32 redirect, u32 second_hash, u32* slot) noexcept nogil:
    if redirect == 0:
        return False
    slot[0] = (second_hash & 0x7FFFFFFF) % image.length if redirect > 0 else <u32>(-1 - redirect)
    return slot[0] < image.length

cdef inline bint text_is(const char* string, const u8* text, u32 length) noexcept nogil:
    cdef u32 i
    for i in range(length):
        if <u8>string[i] != text[i]:                             # a shorter string ends in its NUL
            return False
    return string[length] == 0

# --- packages --------------------------------------------------------------------------------------
cdef inline u32 hash_package(u32 hash, const u8* package, u32 length) noexcept nogil:
    cdef u32 i
    hash = hash_bytes(hash, <const u8*>b"/packages/", 10)
    for i in range(length):
        hash = hash_byte(hash, c'.' if package[i] == c'/' else package[i])
    return hash

cdef bint base_is_package(const char* base, const u8* package, u32 length) noexcept nogil:
    cdef u32 i
    for i in range(length):
        if <u8>base[i] != (c'.' if package[i] == c'/' else package[i]):
            return False
    return base[length] == 0

cdef public const char* jimage_package_module(const u8* package, u32 length) noexcept nogil:
    cdef Location location
    cdef u32 slot, i
    cdef u64 size
    cdef const u32* pairs
    cdef i32 redirect
    if image.base == NULL or length == 0:
        return NULL
    redirect = redirect_of(hash_package(HASH_SEED, package, length))
    if not slot_of(redirect, hash_package(<u32>redirect, package, length) if redirect > 0 else 0, &slot):
        return NULL
    if not read_location(slot, &location):
        return NULL
    # The location's parts are not cut at dots: "/packages" is the module, the package's name the base.
    if not text_is(string_at(location.items[ITEM_MODULE]), <const u8*>b"packages", 8) \
            or not base_is_package(string_at(location.items[ITEM_BASE]), package, length):
        return NULL
    pairs = <const u32*>contents(&location, &size)
    if pairs == NULL:
        return NULL
    for i in range(<u32>(size // 8)):
        if pairs[2 * i] == 0 and pairs[2 * i + 1] < image.strings_size:        # (is empty, module's name)
            return image.strings + pairs[2 * i + 1]
    return NULL

# --- classes ---------------------------------------------------------------------------------------
cdef inline u32 hash_class(u32 hash, const char* module, u32 module_length, const u8* name, u32 length) noexcept nogil:
    hash = hash_byte(hash, c'/')
    hash = hash_bytes(hash, <const u8*>module, module_length)
    hash = hash_byte(hash, c'/')
    hash = hash_bytes(hash, name, length)
    return hash_bytes(hash, <const u8*>b".class", 6)

cdef public const u8* jimage_find_class(const char* module, const u8* name, u32 length, u64* size) noexcept nogil:
    cdef Location location
    cdef u32 slot, cut
    cdef u32 module_length
    cdef i32 redirect
    if image.base == NULL or module == NULL:
        return NULL
    module_length = <u32>strlen(module)
    redirect = redirect_of(hash_class(HASH_SEED, module, module_length, name, length))
    if not slot_of(redirect, hash_class(<u32>redirect, module, module_length, name, length) if redirect > 0 else 0,
                   &slot):
        return NULL
    if not read_location(slot, &location):
        return NULL
    cut = length
    while cut > 0 and name[cut - 1] != c'/':
        cut -= 1
    if not text_is(string_at(location.items[ITEM_MODULE]), <const u8*>module, module_length) \
            or not text_is(string_at(location.items[ITEM_PARENT]), name, cut - 1 if cut > 0 else 0) \
            or not text_is(string_at(location.items[ITEM_BASE]), name + cut, length - cut) \
            or not text_is(string_at(location.items[ITEM_EXTENSION]), <const u8*>b"class", 5):
        return NULL
    return contents(&location, size)

# --- any name --------------------------------------------------------------------------------------
cdef bint consume(const char* part, const u8* name, u32 length, u32* at) noexcept nogil:
    """Whether `part` stands in `name` from `at` on; moves past it."""
    cdef u32 i = 0
    while part[i] != 0:
        if at[0] + i >= length or <u8>part[i] != name[at[0] + i]:
            return False
        i += 1
    at[0] += i
    return True

cdef bint location_is(Location* location, const u8* name, u32 length) noexcept nogil:
    cdef const char* part
    cdef u32 at = 0
    part = string_at(location.items[ITEM_MODULE])
    if part[0] != 0 and not (consume(b"/", name, length, &at) and consume(part, name, length, &at)
                             and consume(b"/", name, length, &at)):
        return False
    part = string_at(location.items[ITEM_PARENT])
    if part[0] != 0 and not (consume(part, name, length, &at) and consume(b"/", name, length, &at)):
        return False
    if not consume(string_at(location.items[ITEM_BASE]), name, length, &at):
        return False
    part = string_at(location.items[ITEM_EXTENSION])
    if part[0] != 0 and not (consume(b".", name, length, &at) and consume(part, name, length, &at)):
        return False
    return at == length

cdef public const u8* jimage_find(const u8* name, u32 length, u64* size) noexcept nogil:
    cdef Location location
    cdef u32 slot
    cdef i32 redirect
    if image.base == NULL:
        return NULL
    redirect = redirect_of(hash_bytes(HASH_SEED, name, length))
    if not slot_of(redirect, hash_bytes(<u32>redirect, name, length) if redirect > 0 else 0, &slot):
        return NULL
    if not read_location(slot, &location) or not location_is(&location, name, length):
        return NULL
    return contents(&location, size)

cdef void put(char* out, u32 capacity, u32* length, const char* text) noexcept nogil:
    cdef u32 i = 0
    while text[i] != 0:
        if length[0] + 1 < capacity:
            out[length[0]] = text[i]
            length[0] += 1
        i += 1
    if capacity > 0:
        out[length[0]] = 0

cdef public int jimage_entry(u32 index, char* name, u32 capacity, const u8** bytes, u64* size) noexcept nogil:
    cdef Location location
    cdef u32 length = 0
    cdef const char* part
    if image.base == NULL or index >= image.length:
        return 0
    bytes[0] = NULL
    size[0] = 0
    put(name, capacity, &length, b"")
    if not read_location(index, &location):
        return 1
    part = string_at(location.items[ITEM_MODULE])
    if part[0] != 0:
        put(name, capacity, &length, b"/")
        put(name, capacity, &length, part)
        put(name, capacity, &length, b"/")
    part = string_at(location.items[ITEM_PARENT])
    if part[0] != 0:
        put(name, capacity, &length, part)
        put(name, capacity, &length, b"/")
    put(name, capacity, &length, string_at(location.items[ITEM_BASE]))
    part = string_at(location.items[ITEM_EXTENSION])
    if part[0] != 0:
        put(name, capacity, &length, b".")
        put(name, capacity, &length, part)
    bytes[0] = contents(&location, size)
    return 1
