# See stack_maps.pxd.
from kernel.types cimport u8, u16, u32, i32
from kernel.memory.arena cimport arena_alloc
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport CONSTANT_Class
from jvm.loader.parser cimport find_attribute
from jvm.verifier.fault cimport (
    Blame, FAULT_BAD_STACK_MAP, FAULT_FLAGS, FAULT_LOCALS_SIZE, FAULT_NO_STACK_MAP, FAULT_STACK_SIZE,
    FAULT_WRONG_TYPE, blame, blame_frame, blame_local, blame_map_local, blame_map_stack, blame_stack, fault,
    fault_branch, fault_format, fault_number, fault_stack_map)
from jvm.verifier.types cimport (
    FAILURE_NONE, MARK_NEW, T_TOP, T_UNINITIALIZED_THIS, VType, is_two, is_two_2, name_type, second_of, uninitialized_at,
    verify_assignable, verify_class_name, verify_out_of_memory, verify_tag)

cdef enum FrameType:
    SAME_LOCALS_1_EXTENDED = 247
    SAME_EXTENDED = 251
    FULL = 255
    CODE_MOST = 65535

cdef enum Item:
    ITEM_NULL = 5
    ITEM_UNINITIALIZED_THIS = 6
    ITEM_OBJECT = 7
    ITEM_UNINITIALIZED = 8

cdef struct MapReader:
    Verifier* v
    const u8* at
    const u8* end

# --- reading -----------------------------------------------------------------------------------------
cdef int beyond(MapReader* r) noexcept nogil:
    return fault_stack_map(r.v, b"access beyond the end of attribute")

cdef int read_u1(MapReader* r, u32* value) noexcept nogil:
    if r.at >= r.end:
        return beyond(r)
    value[0] = r.at[0]
    r.at += 1
    return 0

cdef int read_u2(MapReader* r, u32* value) noexcept nogil:
    if r.end - r.at < 2:
        return beyond(r)
    value[0] = bytes_u2(r.at)
    r.at += 2
    return 0

cdef int read_type(MapReader* r, VType* type, u8* this_uninitialized) noexcept nogil:
    """A verification_type_info.  An `uninitialized` of no `new` is noted in v.failure, and reading goes on:
    so does the host, which then reports what it finds last."""
    cdef u32 tag, operand
    if read_u1(r, &tag) != 0:
        return -1
    if tag <= ITEM_NULL:
        type[0] = tag
    elif tag == ITEM_UNINITIALIZED_THIS:
        type[0] = T_UNINITIALIZED_THIS
        if this_uninitialized != NULL:
            this_uninitialized[0] = 1
    elif tag == ITEM_OBJECT:
        if read_u2(r, &operand) != 0:
            return -1
        if verify_tag(r.v, operand) != CONSTANT_Class:
            return fault_stack_map(r.v, b"bad class index")
        type[0] = name_type(verify_class_name(r.v, operand))
        if type[0] == 0:
            return -1
    elif tag == ITEM_UNINITIALIZED:
        if read_u2(r, &operand) != 0:
            return -1
        type[0] = uninitialized_at(operand)
        if operand >= r.v.length or not r.v.marks[operand] & MARK_NEW:
            fault_format(r.v, b"StackMapTable format error: bad offset for Uninitialized", -1)
            type[0] = T_TOP
    else:
        return fault_stack_map(r.v, b"bad verification type")
    return 0

cdef int read_types(MapReader* r, u32 count, VType* into, u32* slots, u8* this_uninitialized) noexcept nogil:
    """`count` types; longs and doubles get their second slot."""
    cdef u32 index
    for index in range(count):
        if read_type(r, &into[slots[0]], this_uninitialized) != 0:
            return -1
        if is_two(into[slots[0]]):
            into[slots[0] + 1] = second_of(into[slots[0]])
            slots[0] += 1
        slots[0] += 1
    return 0

cdef int check_size(MapReader* r, i32 size, u32 most) noexcept nogil:
    if size < 0 or <u32>size > most:
        return fault_format(r.v, b"StackMapTable format error: bad type array size", -1)
    return 0 if r.v.failure == FAILURE_NONE else -1

cdef VType* new_types(MapReader* r, u32 count) noexcept nogil:
    cdef VType* types = <VType*>arena_alloc(&r.v.arena, (count + 1) * sizeof(VType))
    if types == NULL:
        verify_out_of_memory(r.v)
    return types

cdef i32 chopped(VType* locals, i32 size, u32 count) noexcept nogil:
    """Slots that are left; -1: there are not so many locals."""
    cdef u32 index
    size -= 1
    for index in range(count):
        if size >= 0 and is_two_2(locals[size]):
            size -= 2
        else:
            size -= 1
        if size < 0 and index + 1 < count:
            return -1
    return size + 1

cdef int own_locals(MapReader* r, TypeFrame* f, VType* source) noexcept nogil:
    """The first frame shares nothing: the frame on entry is written to."""
    cdef u32 index
    f.locals = new_types(r, f.locals_size)
    if f.locals == NULL:
        return -1
    for index in range(f.locals_size):
        f.locals[index] = source[index]
    return 0

cdef int read_stack(MapReader* r, TypeFrame* f, u32 count) noexcept nogil:
    cdef u32 slots = 0
    if count > <u32>(r.end - r.at):
        count = <u32>(r.end - r.at) + 1                          # reading fails before the memory is used up
    f.stack = new_types(r, 2 * count)
    if f.stack == NULL or read_types(r, count, f.stack, &slots, NULL) != 0:
        return -1
    if check_size(r, <i32>slots, f.max_stack) != 0:
        return -1
    f.stack_size = f.mark = <u16>slots
    return 0

cdef int read_full(MapReader* r, TypeFrame* f) noexcept nogil:
    cdef u32 count
    cdef u32 slots = 0
    if read_u2(r, &count) != 0:
        return -1
    f.this_uninitialized = 0
    f.locals = new_types(r, 2 * (count if count <= <u32>(r.end - r.at) else <u32>(r.end - r.at) + 1))
    if f.locals == NULL or read_types(r, count, f.locals, &slots, &f.this_uninitialized) != 0 \
            or check_size(r, <i32>slots, f.max_locals) != 0:
        return -1
    f.locals_size = <u16>slots
    if read_u2(r, &count) != 0:
        return -1
    return read_stack(r, f, count)

cdef int read_append(MapReader* r, TypeFrame* f, u32 count) noexcept nogil:
    cdef VType* before = f.locals
    cdef u32 slots
    cdef u32 index
    f.locals = new_types(r, f.locals_size + 2 * count)
    if f.locals == NULL:
        return -1
    for slots in range(f.locals_size):
        f.locals[slots] = before[slots]
    slots = f.locals_size
    if read_types(r, count, f.locals, &slots, &f.this_uninitialized) != 0 or check_size(r, <i32>slots, f.max_locals) != 0:
        return -1
    f.locals_size = <u16>slots
    return 0

cdef int read_chop(MapReader* r, TypeFrame* f, u32 count) noexcept nogil:
    cdef i32 size = chopped(f.locals, f.locals_size, count)
    cdef u32 index
    if check_size(r, size, f.max_locals) != 0:
        return -1
    f.locals_size = <u16>size
    f.this_uninitialized = 0
    for index in range(f.locals_size):
        if f.locals[index] == T_UNINITIALIZED_THIS:
            f.this_uninitialized = 1
    return 0

cdef int read_frame(MapReader* r, TypeFrame* before, bint first, TypeFrame* f) noexcept nogil:
    cdef u32 type
    cdef u32 delta
    if read_u1(r, &type) != 0:
        return -1
    f[0] = before[0]
    f.stack_size = f.mark = 0
    f.stack = NULL
    if type < 128:
        delta = type & 63
    elif read_u2(r, &delta) != 0:
        return -1
    f.offset = <i32>delta if first else before.offset + 1 + <i32>delta
    if type >= 128 and type < SAME_LOCALS_1_EXTENDED:
        return fault_stack_map(r.v, b"reserved frame type")
    if type < 64 or type == SAME_EXTENDED:
        pass
    elif type <= SAME_LOCALS_1_EXTENDED:
        if read_stack(r, f, 1) != 0:
            return -1
    elif type < SAME_EXTENDED:
        if read_chop(r, f, SAME_EXTENDED - type) != 0:
            return -1
    elif type < FULL:
        return read_append(r, f, type - SAME_EXTENDED)
    else:
        return read_full(r, f)
    return own_locals(r, f, before.locals) if first else 0

cdef public int stack_maps_read(Verifier* v, TypeFrame* initial, StackMaps* maps) noexcept nogil:
    cdef MapReader r
    cdef Blame b
    cdef u32 size, count
    cdef u32 most
    cdef TypeFrame* before = initial
    cdef TypeFrame* f
    maps.frames = NULL
    maps.count = 0
    r.v = v
    r.at = find_attribute(v.klass, v.method.code_attributes, b"StackMapTable", &size)
    if r.at == NULL or size == 0:
        return 0
    r.end = r.at + size
    if read_u2(&r, &count) != 0:
        return -1
    if count == 0:                                               # as the host: what follows is not looked at
        return 0
    most = count if count <= size else size                      # a frame has a byte at least
    maps.frames = <TypeFrame*>arena_alloc(&v.arena, (most + 1) * sizeof(TypeFrame))
    if maps.frames == NULL:
        return verify_out_of_memory(v)
    while r.at < r.end:
        if maps.count == count:
            return fault_stack_map(v, b"wrong attribute size")
        f = &maps.frames[maps.count]
        if read_frame(&r, before, maps.count == 0, f) != 0:
            return -1
        if <u32>f.offset >= v.length or v.marks[f.offset] == 0:
            blame(&b, FAULT_BAD_STACK_MAP, 0)
            blame_frame(&b.type, f)
            return fault(v, &b, b"StackMapTable error: bad offset")
        maps.count += 1
        before = f
    if maps.count != count:
        return fault_stack_map(v, b"wrong attribute size")
    return 0

# --- meeting -----------------------------------------------------------------------------------------
cdef public TypeFrame* stack_maps_at(StackMaps* maps, i32 offset) noexcept nogil:
    cdef u32 low = 0
    cdef u32 high = maps.count
    cdef u32 middle
    while low < high:
        middle = (low + high) // 2
        if maps.frames[middle].offset == offset:
            return &maps.frames[middle]
        if maps.frames[middle].offset < offset:
            low = middle + 1
        else:
            high = middle
    return NULL

cdef i32 mismatch(Verifier* v, VType* have, VType* want, u32 count) noexcept nogil:
    """Index of the first that does not fit; `count`: all do; -1: v.failure is set."""
    cdef u32 index
    cdef int fits
    for index in range(count):
        if have[index] == want[index]:
            continue
        fits = verify_assignable(v, want[index], have[index], False)
        if fits < 0:
            return -1
        if not fits:
            return <i32>index
    return <i32>count

cdef public int stack_maps_match(Verifier* v, TypeFrame* f, TypeFrame* map, Blame* b) noexcept nogil:
    cdef i32 at
    if f.stack_size != map.stack_size:
        blame(b, FAULT_STACK_SIZE, f.offset)
        blame_frame(&b.type, f)
        blame_frame(&b.expected, map)
        return 0
    at = mismatch(v, f.locals, map.locals, map.locals_size)
    if at < 0:
        return -1
    if <u32>at != map.locals_size:
        blame(b, FAULT_WRONG_TYPE, map.offset)
        blame_local(&b.type, <u32>at, f)
        blame_map_local(&b.expected, <u32>at, map)
        return 0
    at = mismatch(v, f.stack, map.stack, f.stack_size)
    if at < 0:
        return -1
    if <u32>at != f.stack_size:
        blame(b, FAULT_WRONG_TYPE, map.offset)
        blame_stack(&b.type, <u32>at, f)
        blame_map_stack(&b.expected, <u32>at, map)
        return 0
    if f.this_uninitialized and not map.this_uninitialized:
        blame(b, FAULT_FLAGS, map.offset)
        blame_frame(&b.type, f)
        blame_frame(&b.expected, map)
        return 0
    return 1

cdef public int stack_maps_branch(Verifier* v, StackMaps* maps, TypeFrame* f, i32 offset, i32 distance) noexcept nogil:
    cdef Blame b
    cdef TypeFrame* map
    cdef int fits
    if distance < -CODE_MOST or distance > CODE_MOST:
        blame(&b, FAULT_BAD_STACK_MAP, 0)
        blame_frame(&b.type, f)
        return fault_branch(v, &b, offset, distance)
    map = stack_maps_at(maps, offset + distance)
    if map == NULL:
        blame(&b, FAULT_NO_STACK_MAP, f.offset)
        return fault_number(v, &b, b"Expecting a stackmap frame at branch target ", offset + distance)
    fits = stack_maps_match(v, f, map, &b)
    if fits < 0:
        return -1
    if not fits:
        return fault_number(v, &b, b"Inconsistent stackmap frames at branch target ", offset + distance)
    return 0
