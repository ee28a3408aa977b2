# The heap's front: allocation with its slow path, the course of a collection, look-ups, statistics.
#
# Invariant: an allocated object has its bit in the start bitmap and a valid class in its header
# before the next safepoint, so that a collection never meets a half-made object.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from kernel.memory.string cimport memset
from jvm.heap.heap cimport *
from jvm.heap.object cimport (
    ARRAY_BASE, ARRAY_BASE_WIDE, SHAPE_MIRROR, SHAPE_PRIMITIVE_ARRAY, SHAPE_REF_ARRAY, Array, Object, Shape, object_shape, ref,
    ref_decode, ref_encode, shape_kind)
from jvm.heap.space cimport *

cdef public int heap_init "java_heap_init"(HeapConfig* config, HeapClient* client) noexcept nogil:
    if space_init(config, client) != 0:
        return -1
    heap_set_debug(config.collect_every, config.fail_after, config.verify, config.poison)
    if client.clock != NULL:
        java_heap.soft_clock = java_heap.soft_start = client.clock()
    return 0

cdef public void heap_set_debug(u32 collect_every, u32 fail_after, u32 verify, u32 poison) noexcept nogil:
    cdef Span* span
    java_heap.config.collect_every = collect_every
    java_heap.config.fail_after = fail_after
    java_heap.config.verify = verify
    java_heap.config.poison = poison
    java_heap.debug_allocations = 0
    java_heap.forced_slow = collect_every != 0 or fail_after != 0 or java_heap.client.point != NULL
    span = java_heap.spans
    while span != NULL:
        span.limit = span.cursor if java_heap.forced_slow else span.end
        span = span.next

cdef public u64 heap_debug_allocations() noexcept nogil:
    return java_heap.debug_allocations

cdef public void heap_set_reference_layout(u32 referent, u32 discovered, u32 next, u32 soft_timestamp) noexcept nogil:
    java_heap.referent_offset = referent
    java_heap.discovered_offset = discovered
    java_heap.next_offset = next
    java_heap.timestamp_offset = soft_timestamp

cdef extern from *:
    """
    #ifdef DEMITASSE_DEBUG
    #define heap_debug_build 1
    #else
    #define heap_debug_build 0
    #endif
    """
    bint heap_debug_build

cdef public bint heap_poisons() noexcept nogil:
    return heap_debug_build or java_heap.config.poison != 0

cdef public void heap_watch(u64 low, u64 high) noexcept nogil:
    java_heap.watch_low = low
    java_heap.watch_size = high - low

# --- Allocation ------------------------------------------------------------------------------------

# The debug switches.  Returns 1 when this allocation is the one to fail.
cdef bint debug_step() noexcept nogil:
    java_heap.debug_allocations += 1
    if java_heap.client.point != NULL:
        java_heap.client.point()
    if java_heap.config.fail_after != 0:
        java_heap.config.fail_after -= 1
        if java_heap.config.fail_after == 0:
            java_heap.forced_slow = java_heap.config.collect_every != 0 or java_heap.client.point != NULL
            return True
    if java_heap.config.collect_every != 0 and java_heap.debug_allocations % java_heap.config.collect_every == 0:
        heap_collect(0, HEAP_CAUSE_ALLOCATION)
    return False

cdef public Object* heap_allocate_slow(Span* span, Shape* shape, u64 size) noexcept nogil:
    cdef u8* p
    cdef int attempt
    cdef u64 seen
    size = (size + 7) & ~<u64>7
    if size > java_heap.config.maximum:
        return NULL
    if java_heap.forced_slow and debug_step():
        return NULL
    # First within the budget; then after a collection, with all memory there is; at last after one
    # that also clears every soft reference (java.lang.ref.SoftReference promises this).
    for attempt in range(3):
        seen = java_heap.collections
        if size > HEAP_LARGE:
            p = space_take_large(span, size, attempt > 0)
            if p == NULL and attempt > 0 and size <= HEAP_BLOCK:
                # Small objects are in every block: any hole among them that is long enough.
                p = space_take_small(span, size, 1)
        else:
            p = space_take_small(span, size, attempt > 0)
        if p != NULL:
            heap_set_start(<u64>p)
            (<Object*>p).klass = <u32>(<u64>shape >> 3)
            return <Object*>p
        if attempt < 2:
            collect(attempt == 1, seen, HEAP_CAUSE_ALLOCATION)
    return NULL

cdef inline void heap_set_start(u64 address) noexcept nogil:
    heap_start_words[address >> 8] |= (<u32>1) << ((address >> 3) & 31)

cdef public Object* heap_new_array(Span* span, Shape* shape, i32 length) noexcept nogil:
    cdef u64 size
    cdef u8* p
    cdef Object* o
    if length < 0:
        return NULL
    # At most 16 + 8 * (2^31 - 1): no overflow in 64 bits.
    size = <u64>(ARRAY_BASE_WIDE if shape.log_element == 3 else ARRAY_BASE) + (<u64>length << shape.log_element)
    size = (size + 7) & ~<u64>7
    p = span.cursor
    # Also right for an empty span: limit and cursor are equal there.
    if size <= <u64>(span.limit - p):
        span.cursor = p + size
        heap_set_start(<u64>p)
        o = <Object*>p
        o.klass = <u32>(<u64>shape >> 3)
    else:
        o = heap_allocate_slow(span, shape, size)
        if o == NULL:
            return NULL
    (<Array*>o).length = length
    return o

# --- Collection ------------------------------------------------------------------------------------

cdef void do_collect(int clear_soft) noexcept nogil:
    cdef Heap* heap = &java_heap
    heap.collecting = 1
    space_drop_spans()
    space_prepare()
    mark_begin(clear_soft)
    heap_mark_root(ref_decode(heap.pending))
    heap.client.roots()
    mark_drain()
    mark_references()
    heap.client.sweep()
    space_sweep()
    heap.collections += 1
    heap.collecting = 0
    if heap.client.clock != NULL:
        heap.soft_clock = heap.client.clock()
    if heap.config.verify:
        heap_verify()

# Collects, unless another thread has done so since `seen` was read.
cdef void collect(int clear_soft, u64 seen, u32 cause) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 start = 0
    if heap.client.stop != NULL:
        heap.client.stop()
    if heap.collections == seen:
        if heap.client.nanoseconds != NULL:
            start = heap.client.nanoseconds()
        heap.cause = cause
        do_collect(clear_soft)
        if heap.client.nanoseconds != NULL:
            start = heap.client.nanoseconds() - start
            heap.pause_total += start
            if start > heap.pause_longest:
                heap.pause_longest = start
    if heap.client.resume != NULL:
        heap.client.resume()

cdef public void heap_collect(int clear_soft, u32 cause) noexcept nogil:
    collect(clear_soft, java_heap.collections, cause)

# --- Look-ups --------------------------------------------------------------------------------------

cdef public u64 heap_object_size(Object* o) noexcept nogil:
    cdef Shape* shape = object_shape(o)
    cdef u64 size
    cdef u32 mirror_size = 0
    cdef u32 count = 0
    cdef void* runs = NULL
    cdef u32 kind = shape_kind(shape)
    if kind == SHAPE_PRIMITIVE_ARRAY or kind == SHAPE_REF_ARRAY:
        size = <u64>(ARRAY_BASE_WIDE if shape.log_element == 3 else ARRAY_BASE)
        return (size + (<u64><u32>(<Array*>o).length << shape.log_element) + 7) & ~<u64>7
    if kind == SHAPE_MIRROR:
        java_heap.client.mirror(o, &mirror_size, &count, &runs)
        return (mirror_size + 7) & ~<u64>7
    return shape.size

cdef public Object* heap_find_object(u64 address) noexcept nogil:
    if address & 7 or not heap_contains(address) or not heap_bit(java_heap.starts, address):
        return NULL
    return <Object*>address

cdef public Object* heap_object_around(u64 address) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 block, page, index, lowest, word
    cdef u32 run
    cdef u64* words
    cdef Object* o
    if not heap_contains(address):
        return NULL
    block = (address - heap.base) // HEAP_BLOCK
    if heap.blocks[block].state == BLOCK_LARGE:
        page = (address - heap.base) // HEAP_PAGE
        run = heap.runs[page]
        if run == 0:
            return NULL
        if run & RUN_INSIDE:
            page -= run & ~<u32>RUN_INSIDE
        o = <Object*>(heap.base + page * HEAP_PAGE)
        if not heap_bit(heap.starts, <u64>o):
            return NULL
    else:
        # The nearest start at or before `address`, inside the block.
        words = <u64*>heap.starts
        index = ((address - heap.base) >> 3) >> 6
        lowest = block * (BITMAP_PER_BLOCK // 8)
        word = words[index] & (~<u64>0 >> (63 - (((address - heap.base) >> 3) & 63)))
        while word == 0:
            if index == lowest:
                return NULL
            index -= 1
            word = words[index]
        o = <Object*>(heap.base + (index * 64 + 63 - <u64>heap_leading_zeros(word)) * 8)
    return o if address < <u64>o + heap_object_size(o) else NULL

cdef public void heap_for_each(void (*visit)(Object* o, void* argument) noexcept nogil, void* argument) noexcept nogil:
    space_for_each(java_heap.starts, visit, argument)

cdef public Object* heap_take_pending() noexcept nogil:
    cdef Object* first
    # One exchange: a collection, which may add to the list, happens at safepoints only.
    first = ref_decode(java_heap.pending)
    java_heap.pending = 0
    return first

cdef public int heap_has_pending() noexcept nogil:
    return java_heap.pending != 0

cdef public void heap_statistics "java_heap_statistics"(HeapStatistics* out) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 rest = 0
    cdef Span* span
    if heap.client.lock != NULL:
        heap.client.lock()
    span = heap.spans
    while span != NULL:
        rest += <u64>(span.end - span.cursor) + <u64>(span.wide_end - span.wide_cursor)
        span = span.next
    out.used = heap.live + heap.handed_out - rest
    out.committed = heap.in_use * HEAP_BLOCK
    out.capacity = (heap.in_use if heap.in_use > heap.budget else heap.budget) * HEAP_BLOCK
    if out.capacity > heap.config.maximum:
        out.capacity = heap.config.maximum       # the last block may be cut
    out.maximum = heap.config.maximum
    out.collections = heap.collections
    out.pause_total = heap.pause_total
    out.pause_longest = heap.pause_longest
    out.allocated = heap.allocated + heap.handed_out - rest
    out.released = heap.released
    out.marked = heap.marked
    out.cause = heap.cause
    if heap.client.unlock != NULL:
        heap.client.unlock()
