# Marking: from the roots through every reachable object, then the references by strength.
#
# Invariant: a marked object has been scanned, is on the mark stack or the array stack, or `overflow`
# is set and the recovery pass will scan it again.  Scanning marks the lines that the object overlaps.
# No recursion: depth costs entries of the mark stack, whose overflow costs time, not correctness.
# Interface: every other Java thread is stopped; mark_drain and mark_references may call
# HeapClient.mirror and .loader.
from kernel.types cimport u8, u32, u64, i32, i64
from jvm.heap.heap cimport HEAP_LINE, heap_object_size, heap_object_around
from jvm.heap.object cimport (
    ARRAY_BASE, ARRAY_BASE_WIDE, SHAPE_INSTANCE, SHAPE_LOADER, SHAPE_MIRROR, SHAPE_PRIMITIVE_ARRAY, SHAPE_REFERENCE,
    SHAPE_REF_ARRAY, SHAPE_UNLOADABLE, STRENGTH_FINAL, STRENGTH_PHANTOM, STRENGTH_SOFT, STRENGTH_WEAK, Array, Object, ReferenceRun, Shape,
    array_refs, object_shape, ref, ref_decode, ref_encode, window_base)
from jvm.heap.space cimport *

cdef enum:
    ARRAY_PIECE = 1024                   # elements scanned before the rest waits on the array stack

cdef void push(Object* o) noexcept nogil:
    if java_heap.stack_top == java_heap.stack_capacity:
        java_heap.overflow = 1
        return
    java_heap.stack[java_heap.stack_top] = ref_encode(o)
    java_heap.stack_top += 1

# Marks `o`, an object of the heap, and queues it for scanning.
cdef inline void mark(Object* o) noexcept nogil:
    cdef u64 index = (<u64>o - java_heap.base) >> 3
    cdef u8* cell
    cdef u8 bit
    if index >= (java_heap.end - java_heap.base) >> 3:
        return
    cell = &java_heap.marks[index >> 3]
    bit = <u8>(1 << (index & 7))
    if cell[0] & bit:
        return
    cell[0] |= bit
    push(o)

cdef inline void mark_ref(ref r) noexcept nogil:
    if r != 0:
        mark(ref_decode(r))

cdef inline bint is_marked(ref r) noexcept nogil:
    return heap_bit(java_heap.marks, <u64>ref_decode(r))

cdef inline void mark_lines(Object* o, u64 size) noexcept nogil:
    cdef u64 offset = <u64>o - java_heap.base
    cdef u64 line = offset // HEAP_LINE
    cdef u64 last = (offset + size - 1) // HEAP_LINE
    if java_heap.blocks[line // LINES_PER_BLOCK].state == BLOCK_LARGE:
        return
    while line <= last:
        java_heap.blocks[line // LINES_PER_BLOCK].lines[(line >> 6) & 1] |= (<u64>1) << (line & 63)
        line += 1

cdef inline ref* field_of(Object* o, u32 offset) noexcept nogil:
    return <ref*>(<u8*>o + offset)

cdef void scan_runs(Object* o, ReferenceRun* runs, u32 count) noexcept nogil:
    cdef ref* field
    cdef ref* after
    cdef u32 i
    for i in range(count):
        field = field_of(o, runs[i].offset)
        after = field + runs[i].count
        while field < after:
            mark_ref(field[0])
            field += 1

cdef void scan_array(Object* o, u32 first) noexcept nogil:
    cdef u32 length = <u32>(<Array*>o).length
    cdef u32 after = length
    cdef ref* element = array_refs(o)
    if length - first > ARRAY_PIECE:
        after = first + ARRAY_PIECE
        if java_heap.array_top == ARRAY_STACK:
            java_heap.overflow = 1
        else:
            java_heap.arrays[java_heap.array_top].array = ref_encode(o)
            java_heap.arrays[java_heap.array_top].next = after
            java_heap.array_top += 1
    while first < after:
        mark_ref(element[first])
        first += 1

# java.lang.ref.Reference: the referent of an active one is followed only if its strength says so,
# else the Reference is noted for mark_references.  Active: referent not null, and for a
# FinalReference, next null (java.lang.ref.Reference, "state of a Reference object").
cdef void scan_reference(Object* o, u32 strength) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef ref referent = field_of(o, heap.referent_offset)[0]
    cdef ref* link = field_of(o, heap.discovered_offset)
    cdef i64 idle
    if referent == 0:
        mark_ref(link[0])                # pending: the rest of the pending list
        return
    if strength == STRENGTH_FINAL and field_of(o, heap.next_offset)[0] != 0:
        mark_ref(referent)
        mark_ref(link[0])
        return
    if not heap.discovering:
        mark_ref(referent)
        return
    if is_marked(referent) or link[0] != 0:
        return                           # strongly reachable already, or noted already
    if strength == STRENGTH_SOFT and not heap.clear_soft:
        # The more memory is free, the longer an unused soft reference lives: 1 s for each free MiB.
        idle = <i64>heap.soft_clock - max((<i64*>(<u8*>o + heap.timestamp_offset))[0], <i64>heap.soft_start)
        if idle <= <i64>heap.soft_keep:
            mark_ref(referent)
            return
    link[0] = heap.discovered[strength] if heap.discovered[strength] != 0 else ref_encode(o)
    heap.discovered[strength] = ref_encode(o)

cdef void scan(Object* o) noexcept nogil:
    cdef Shape* shape = object_shape(o)
    scan_as(o, shape, shape.kind)

# The flag of a class that may go makes its kind one that the switch does not know: objects of all other
# classes pay nothing for it.
cdef void scan_as(Object* o, Shape* shape, u32 kind) noexcept nogil:
    cdef u32 size = 0
    cdef u32 count = 0
    cdef void* runs = NULL
    if kind == SHAPE_INSTANCE:
        mark_lines(o, shape.size)
        scan_runs(o, shape.runs, shape.run_count)
    elif kind == SHAPE_PRIMITIVE_ARRAY:
        mark_lines(o, heap_object_size(o))
    elif kind == SHAPE_REF_ARRAY:
        mark_lines(o, heap_object_size(o))
        scan_array(o, 0)
    elif kind == SHAPE_REFERENCE:
        mark_lines(o, shape.size)
        scan_runs(o, shape.runs, shape.run_count)
        scan_reference(o, shape.strength)
    elif kind == SHAPE_MIRROR:
        java_heap.client.mirror(o, &size, &count, &runs)
        mark_lines(o, size)
        scan_runs(o, shape.runs, shape.run_count)
        scan_runs(o, <ReferenceRun*>runs, count)
        if java_heap.client.instance != NULL:
            java_heap.client.instance(o)
    elif kind == SHAPE_LOADER:
        mark_lines(o, shape.size)
        scan_runs(o, shape.runs, shape.run_count)
        java_heap.client.loader(o)
    elif kind & SHAPE_UNLOADABLE:
        java_heap.client.instance(o)
        scan_as(o, shape, kind & ~<u32>SHAPE_UNLOADABLE)

cdef void scan_again(Object* o, void* argument) noexcept nogil:
    scan(o)
    drain_stack()

cdef void drain_stack() noexcept nogil:
    cdef u32 array
    cdef ref r
    while True:
        if java_heap.stack_top > 0:
            java_heap.stack_top -= 1
            r = java_heap.stack[java_heap.stack_top]
            java_heap.marked += 1
            scan(ref_decode(r))
        elif java_heap.array_top > 0:
            java_heap.array_top -= 1
            array = java_heap.array_top
            scan_array(ref_decode(java_heap.arrays[array].array), java_heap.arrays[array].next)
        else:
            return

cdef public void mark_drain() noexcept nogil:
    drain_stack()
    while java_heap.overflow:
        # Something marked was dropped: scan every marked object once more.
        java_heap.overflow = 0
        space_for_each(java_heap.marks, scan_again, NULL)

cdef public void mark_begin(int clear_soft) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 free
    cdef u32 strength
    heap.stack_top = 0
    heap.array_top = 0
    heap.overflow = 0
    heap.marked = 0
    heap.clear_soft = <u32>clear_soft
    heap.discovering = heap.discovered_offset != 0
    for strength in range(5):
        heap.discovered[strength] = 0
    free = heap.block_count * 32768 - heap.live if heap.block_count * 32768 > heap.live else 0
    heap.soft_keep = (free >> 20) * 1000

# --- References ------------------------------------------------------------------------------------

# Takes the list of one strength, drops References whose referent is marked, and puts the others in front
# of the pending list, in the list's order as the host does: cleared, or made inactive when `keep`
# (FinalReference, whose referent then lives on).
cdef void process(u32 strength, bint keep) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef ref r = heap.discovered[strength]
    cdef ref following
    cdef ref* referent
    cdef Object* o
    cdef Object* last = NULL
    cdef ref before = heap.pending
    heap.discovered[strength] = 0
    while r != 0:
        o = ref_decode(r)
        following = field_of(o, heap.discovered_offset)[0]
        if following == r:
            following = 0                # the last one links to itself
        referent = field_of(o, heap.referent_offset)
        if is_marked(referent[0]):
            field_of(o, heap.discovered_offset)[0] = 0
        else:
            if keep:
                field_of(o, heap.next_offset)[0] = r
            else:
                referent[0] = 0
            if last == NULL:
                heap.pending = r
            else:
                field_of(last, heap.discovered_offset)[0] = r
            field_of(o, heap.discovered_offset)[0] = before
            last = o
        r = following

# Marks what FinalReferences that became pending keep alive.
cdef void revive(ref until) noexcept nogil:
    cdef ref r = java_heap.pending
    while r != until:
        mark_ref(field_of(ref_decode(r), java_heap.referent_offset)[0])
        r = field_of(ref_decode(r), java_heap.discovered_offset)[0]

# In the order of java.lang.ref's package description: soft, weak, final, then phantom.
cdef public void mark_references() noexcept nogil:
    cdef ref before
    process(STRENGTH_SOFT, False)
    process(STRENGTH_WEAK, False)
    before = java_heap.pending
    process(STRENGTH_FINAL, True)
    # References first met now hold their referents until the next collection.
    java_heap.discovering = 0
    revive(before)
    mark_drain()
    process(STRENGTH_PHANTOM, False)

# --- Roots -----------------------------------------------------------------------------------------

cdef public void heap_mark_root(Object* o) noexcept nogil:
    if o != NULL:
        mark(o)

cdef public int heap_is_marked(Object* o) noexcept nogil:
    if o == NULL or not heap_contains(<u64>o):
        return 1                         # not ours to reclaim
    return heap_bit(java_heap.marks, <u64>o)

# C code may be left with only a pointer into an object (into an array's elements), so that any
# address inside counts.
cdef void mark_address(u64 address) noexcept nogil:
    cdef Object* o = heap_object_around(address)
    if o != NULL:
        mark(o)

cdef public void heap_scan_conservatively(void* low, void* high) noexcept nogil:
    cdef u64* word = <u64*>((<u64>low + 7) & ~<u64>7)
    while word < <u64*>high:
        if heap_contains(word[0]):
            mark_address(word[0])
        word += 1

# The compiler may keep a reference in its compressed form and widen it only after a call.
cdef void mark_half(u32 half) noexcept nogil:
    cdef u64 address = <u64>ref_decode(half)
    if half == 0:
        return
    if heap_contains(address):
        if heap_bit(java_heap.starts, address):
            mark(<Object*>address)
    elif is_watched(address):
        java_heap.client.watched(address, True)

cdef inline bint is_watched(u64 address) noexcept nogil:
    return address - java_heap.watch_low < java_heap.watch_size

cdef public void heap_scan_native(void* low, void* high) noexcept nogil:
    cdef u64* word = <u64*>((<u64>low + 7) & ~<u64>7)
    while word < <u64*>high:
        if heap_contains(word[0]):
            mark_address(word[0])
        elif is_watched(word[0]):
            java_heap.client.watched(word[0], False)
        elif word[0] - window_base() < java_heap.end - window_base():
            # A pointer to memory below the heap: stacks are full of them, and their lower halves would
            # keep objects alive by chance.  (Two values that share a word look so only if the upper one
            # is the window's number, 4096 or so.)
            pass
        else:
            mark_half(<u32>word[0])
            mark_half(<u32>(word[0] >> 32))
        word += 1
