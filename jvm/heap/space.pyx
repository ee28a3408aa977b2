# Blocks, lines and page runs: where objects get their memory and how it comes back.
#
# Invariant: see space.pxd.  `in_use` counts the blocks that are not BLOCK_FREE; `pages` has every bit
# of a small block set and, in a large block, the bits of pages that belong to objects.
# Interface: the space_take_* functions may be called by any running thread; they zero what they hand
# out.  space_prepare, space_sweep and space_drop_spans belong to a collection.
from kernel.types cimport u8, u16, u32, u64, i64
from kernel.memory.string cimport memset
from jvm.heap.heap cimport HEAP_BLOCK, HEAP_INITIAL, HEAP_LARGE, HEAP_LINE, HEAP_POISON, HeapClient, HeapConfig, Span
from jvm.heap.object cimport Object
from jvm.heap.space cimport *

cdef enum:
    INITIAL_SHARE = 16                   # of the maximum: the heap to begin with, where nobody says more or less
    SMALL_HEAP = 33554432                # a maximum up to which memory in one piece soon runs short

# The definitions behind the headers' extern variables (the same C names).
cdef public Heap the_heap "java_heap"
cdef public u32* start_words "heap_start_words"
cdef HeapConfig config_copy
cdef HeapClient client_copy

cdef u64 pages_up(u64 bytes) noexcept nogil:
    return (bytes + HEAP_PAGE - 1) & ~<u64>(HEAP_PAGE - 1)

cdef u64 blocks_for(u64 maximum) noexcept nogil:
    return (maximum + HEAP_BLOCK - 1) // HEAP_BLOCK

cdef u64 stack_entries(HeapConfig* config) noexcept nogil:
    cdef u64 entries = config.mark_stack
    if entries == 0:
        # A thousandth of the heap in objects; more than that at once goes through the overflow pass.
        entries = config.maximum >> 10
        if entries < 4096:
            entries = 4096
    return entries

cdef u64 tables_size(HeapConfig* config) noexcept nogil:
    cdef u64 blocks = blocks_for(config.maximum)
    return (2 * pages_up(blocks * BITMAP_PER_BLOCK) + pages_up(blocks * sizeof(Block)) + pages_up(blocks)
            + pages_up(blocks * PAGES_PER_BLOCK * sizeof(u32)) + pages_up(stack_entries(config) * sizeof(u32)))

cdef public int space_init(HeapConfig* config, HeapClient* client) noexcept nogil:
    global config_copy, client_copy
    cdef Heap* heap = &java_heap
    cdef u64 blocks = blocks_for(config.maximum)
    cdef u8* next
    if blocks == 0:
        return -1
    # One block more, because the blocks are aligned to their size.
    next = <u8*>client.reserve(tables_size(config) + (blocks + 1) * HEAP_BLOCK)
    if next == NULL:
        return -1
    memset(heap, 0, sizeof(Heap))
    config_copy = config[0]
    client_copy = client[0]
    heap.config = &config_copy
    heap.client = &client_copy
    heap.block_count = blocks
    heap.starts = next
    next += pages_up(blocks * BITMAP_PER_BLOCK)
    heap.marks = next
    next += pages_up(blocks * BITMAP_PER_BLOCK)
    heap.blocks = <Block*>next
    next += pages_up(blocks * sizeof(Block))
    heap.pages = next
    next += pages_up(blocks)
    heap.runs = <u32*>next
    next += pages_up(blocks * PAGES_PER_BLOCK * sizeof(u32))
    heap.stack = <u32*>next
    heap.stack_capacity = stack_entries(config)
    next += pages_up(heap.stack_capacity * sizeof(u32))
    heap.base = (<u64>next + HEAP_BLOCK - 1) & ~<u64>(HEAP_BLOCK - 1)
    heap.end = heap.base + blocks * HEAP_BLOCK
    heap.large_bottom = blocks
    heap.alarm = ~<u64>0
    if config_copy.initial == 0:
        # What lives for ever (the class library's own objects) is marked each time: a large heap need not pay
        # for it as often as a small one.
        config_copy.initial = max(<u64>HEAP_INITIAL, config_copy.maximum // INITIAL_SHARE)
    heap.budget = blocks_for(config_copy.initial)
    if heap.budget > blocks:
        heap.budget = blocks
    if heap.budget == 0:
        heap.budget = 1
    spare_blocks(0)
    heap_start_words_reset()
    return 0

# Nothing is moved, so what lives is spread over as many blocks as were in use at once.  A small heap hands out only
# half of what is free before it collects, holes first: the other blocks stay whole for large arrays.
cdef void spare_blocks(u64 holes) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 free = heap.block_count - heap.in_use
    cdef u64 fresh = (free - holes) // 2 + 1 if free > holes else 1
    if heap.config.maximum <= SMALL_HEAP and heap.budget > heap.in_use + fresh:
        heap.budget = heap.in_use + fresh

cdef void heap_start_words_reset() noexcept nogil:
    global start_words
    start_words = <u32*>(<u64>java_heap.starts - (java_heap.base // HEAP_LINE) * sizeof(u32))

cdef void lock() noexcept nogil:
    if java_heap.client.lock != NULL:
        java_heap.client.lock()

cdef void unlock() noexcept nogil:
    if java_heap.client.unlock != NULL:
        java_heap.client.unlock()

cdef u64 block_address(u64 index) noexcept nogil:
    return java_heap.base + index * HEAP_BLOCK

# --- Small objects ---------------------------------------------------------------------------------

# Index of a free block that is now a small block in state `state`, or -1.
cdef i64 take_free_block(int beyond_budget, u8 state) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef i64 found = -1
    cdef u64 index
    cdef Block* block
    lock()
    if beyond_budget or heap.in_use < heap.budget:
        index = heap.free_hint
        while index < heap.block_count and heap.blocks[index].state != BLOCK_FREE:
            index += 1
        heap.free_hint = index
        if index < heap.block_count:
            found = <i64>index
            block = &heap.blocks[index]
            block.state = state
            block.released = 0
            block.lines[0] = 0
            block.lines[1] = 0
            heap.pages[index] = 0xFF
            heap.in_use += 1
            heap.free_hint = index + 1
            if index >= heap.small_top:
                heap.small_top = index + 1
    unlock()
    return found

cdef i64 take_recyclable_block() noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef i64 found = -1
    cdef u64 index
    lock()
    index = heap.recycle_next
    while index < heap.small_top and heap.blocks[index].state != BLOCK_RECYCLABLE:
        index += 1
    if index < heap.small_top:
        heap.blocks[index].state = BLOCK_OWNED
        found = <i64>index
        index += 1
    heap.recycle_next = index
    unlock()
    return found

# First line >= `line` of `block` whose bit equals `wanted`, or LINES_PER_BLOCK.
cdef u32 find_line(Block* block, u32 line, bint wanted) noexcept nogil:
    cdef u64 word
    cdef u32 index
    while line < LINES_PER_BLOCK:
        index = line >> 6
        word = block.lines[index] if wanted else ~block.lines[index]
        word &= (~<u64>0) << (line & 63)
        if word != 0:
            return (index << 6) + <u32>heap_count_zeros(word)
        line = (index + 1) << 6
    return LINES_PER_BLOCK

# Counts what is handed out; locked.  True: usage reaches the alarm, which is off from now on.
cdef inline bint count_out(u64 bytes) noexcept nogil:
    java_heap.handed_out += bytes
    if java_heap.live + java_heap.handed_out < java_heap.alarm:
        return False
    java_heap.alarm = ~<u64>0
    return java_heap.client.crossed != NULL

cdef void hand_out(Span* span, u64 bytes) noexcept nogil:
    cdef bint crossed
    span.allocated += bytes
    lock()
    crossed = count_out(bytes)
    unlock()
    if crossed:
        java_heap.client.crossed()

cdef public void heap_set_alarm(u64 bytes) noexcept nogil:
    lock()
    java_heap.alarm = bytes if bytes != 0 else ~<u64>0
    unlock()

cdef void zero_lines(u64 index, u64 address, u64 bytes) noexcept nogil:
    # A block that nobody has used yet reads as zero, and its pages stay untouched.
    if java_heap.blocks[index].dirty:
        memset(<void*>address, 0, bytes)

# The next free lines of the span's block, or of another one.  0 when there are none.
cdef bint next_hole(Span* span, int beyond_budget) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef i64 taken
    cdef u64 index, address, bytes
    cdef u32 first, after
    while True:
        if span.block != 0:
            index = span.block - 1
            first = find_line(&heap.blocks[index], span.line, False)
            if first < LINES_PER_BLOCK:
                after = find_line(&heap.blocks[index], first, True)
                address = block_address(index) + first * HEAP_LINE
                bytes = <u64>(after - first) * HEAP_LINE
                zero_lines(index, address, bytes)
                if after == LINES_PER_BLOCK:
                    heap.blocks[index].dirty = 1
                span.cursor = <u8*>address
                span.end = <u8*>(address + bytes)
                span.line = after
                hand_out(span, bytes)
                return True
            heap.blocks[index].state = BLOCK_FULL
            span.block = 0
        taken = take_recyclable_block()
        if taken < 0:
            taken = take_free_block(beyond_budget, BLOCK_OWNED)
        if taken < 0:
            return False
        span.block = <u32>taken + 1
        span.line = 0

# A hole of at least `size` bytes in a recyclable block from `index` on: its lines, which count as used from now
# on; -1: none.
cdef i64 take_hole(u64 index, u64 size, u32* first, u32* after) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef Block* block
    cdef u32 line
    lock()
    while index < heap.small_top:
        block = &heap.blocks[index]
        if block.state == BLOCK_RECYCLABLE:
            first[0] = find_line(block, 0, False)
            while first[0] < LINES_PER_BLOCK:
                after[0] = find_line(block, first[0], True)
                if <u64>(after[0] - first[0]) * HEAP_LINE >= size:
                    for line in range(first[0], after[0]):
                        block.lines[line >> 6] |= <u64>1 << (line & 63)
                    unlock()
                    return <i64>index
                first[0] = find_line(block, after[0], False)
        index += 1
    unlock()
    return -1

# Memory for objects longer than a line: a free block, or as a last resort any hole that is long enough; in a
# small heap a hole first, so that free blocks stay.
cdef bint next_wide(Span* span, u64 size, int beyond_budget) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef i64 taken = -1
    cdef u64 bytes
    cdef u32 first = 0
    cdef u32 after = LINES_PER_BLOCK
    if heap.config.maximum <= SMALL_HEAP and heap.wide_next < heap.small_top:
        taken = take_hole(heap.wide_next, size, &first, &after)
        # What was too short for this object is not looked at again before the next collection.
        heap.wide_next = <u64>taken if taken >= 0 else heap.small_top
    if taken < 0:
        first = 0
        after = LINES_PER_BLOCK
        taken = take_free_block(beyond_budget, BLOCK_FULL)
    if taken < 0 and beyond_budget:
        taken = take_hole(0, size, &first, &after)
    if taken < 0:
        return False
    bytes = <u64>(after - first) * HEAP_LINE
    span.wide_cursor = <u8*>(block_address(<u64>taken) + first * HEAP_LINE)
    span.wide_end = span.wide_cursor + bytes
    zero_lines(<u64>taken, <u64>span.wide_cursor, bytes)
    heap.blocks[taken].dirty = 1
    hand_out(span, bytes)
    return True

cdef void register_span(Span* span) noexcept nogil:
    lock()
    span.registered = 1
    span.previous = NULL
    span.next = java_heap.spans
    if span.next != NULL:
        span.next.previous = span
    java_heap.spans = span
    unlock()

# `size` zeroed bytes, at most HEAP_BLOCK, in lines of this span alone; NULL when a collection is due
# (or, beyond the budget, when there is no memory).
cdef public u8* space_take_small(Span* span, u64 size, int beyond_budget) noexcept nogil:
    cdef u8* p
    if not span.registered:
        register_span(span)
    while True:
        if size <= <u64>(span.end - span.cursor):
            p = span.cursor
            span.cursor = p + size
            break
        if size <= HEAP_LINE:
            if not next_hole(span, beyond_budget):
                return NULL
            continue
        if size <= <u64>(span.wide_end - span.wide_cursor):
            p = span.wide_cursor
            span.wide_cursor = p + size
            break
        if not next_wide(span, size, beyond_budget):
            return NULL
    span.limit = span.cursor if java_heap.forced_slow else span.end
    return p

# --- Large objects ---------------------------------------------------------------------------------

# First page of a run of `count` free pages, the highest there is; -1: none.
cdef i64 find_run(u64 count) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 run = 0
    cdef u64 index = heap.block_count
    cdef u32 used
    cdef int page
    while index > 0:
        index -= 1
        used = heap.pages[index]
        if used == 0xFF:
            run = 0
        elif used == 0 and run + PAGES_PER_BLOCK < count:
            run += PAGES_PER_BLOCK
        else:
            for page in range(PAGES_PER_BLOCK - 1, -1, -1):
                run = 0 if (used >> page) & 1 else run + 1
                if run == count:
                    return <i64>(index * PAGES_PER_BLOCK + <u64>page)
    return -1

cdef public u8* space_take_large(Span* span, u64 size, int beyond_budget) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 count = (size + HEAP_PAGE - 1) // HEAP_PAGE
    cdef u64 first, page, index, fresh
    cdef i64 start
    cdef bint crossed = False
    if count > heap.block_count * PAGES_PER_BLOCK:
        return NULL
    lock()
    start = find_run(count)
    first = <u64>start
    if start >= 0:
        fresh = 0
        for index in range(first // PAGES_PER_BLOCK, (first + count - 1) // PAGES_PER_BLOCK + 1):
            fresh += heap.blocks[index].state == BLOCK_FREE
        if not beyond_budget and heap.in_use + fresh > heap.budget:
            start = -1
        else:
            heap.in_use += fresh
            for page in range(first, first + count):
                heap.blocks[page // PAGES_PER_BLOCK].state = BLOCK_LARGE
                heap.blocks[page // PAGES_PER_BLOCK].released = 0
                heap.pages[page // PAGES_PER_BLOCK] |= <u8>(1 << (page % PAGES_PER_BLOCK))
                heap.runs[page] = <u32>count if page == first else RUN_INSIDE | <u32>(page - first)
            if first // PAGES_PER_BLOCK < heap.large_bottom:
                heap.large_bottom = first // PAGES_PER_BLOCK
            crossed = count_out(count * HEAP_PAGE)
    unlock()
    if crossed:
        heap.client.crossed()
    if start < 0:
        return NULL
    span.allocated += count * HEAP_PAGE
    # The pages are ours from here on: zeroing them, perhaps for long, needs no lock.
    for page in range(first, first + count):
        index = page // PAGES_PER_BLOCK
        if heap.blocks[index].dirty:
            memset(<void*>(heap.base + page * HEAP_PAGE), 0, HEAP_PAGE)
        if page % PAGES_PER_BLOCK == PAGES_PER_BLOCK - 1 or page == first + count - 1:
            heap.blocks[index].dirty = 1
    return <u8*>(heap.base + first * HEAP_PAGE)

# --- Collection ------------------------------------------------------------------------------------

cdef void drop(Span* span) noexcept nogil:
    span.cursor = span.limit = span.end = NULL
    span.wide_cursor = span.wide_end = NULL
    span.block = 0

# Every span gives up its lines: the sweep decides anew which are free.
cdef public void space_drop_spans() noexcept nogil:
    cdef Span* span = java_heap.spans
    while span != NULL:
        drop(span)
        span = span.next

cdef public void heap_retire_span(Span* span) noexcept nogil:
    if not span.registered:
        return
    lock()
    if span.previous != NULL:
        span.previous.next = span.next
    else:
        java_heap.spans = span.next
    if span.next != NULL:
        span.next.previous = span.previous
    if span.block != 0:
        java_heap.blocks[span.block - 1].state = BLOCK_FULL
    unlock()
    drop(span)
    span.registered = 0

# The blocks that may be in use are [0, small_top) and [upper_first, block_count).
cdef u64 upper_first() noexcept nogil:
    return java_heap.small_top if java_heap.small_top > java_heap.large_bottom else java_heap.large_bottom

cdef u64 next_block(u64 index) noexcept nogil:
    index += 1
    if index == java_heap.small_top:
        return upper_first()
    return index

cdef u64 first_block() noexcept nogil:
    return 0 if java_heap.small_top > 0 else upper_first()

cdef public void space_prepare() noexcept nogil:
    cdef u64 index = 0
    while index < java_heap.small_top:
        java_heap.blocks[index].lines[0] = 0
        java_heap.blocks[index].lines[1] = 0
        index += 1

cdef u64 sweep_small(u64 index) noexcept nogil:
    cdef Block* block = &java_heap.blocks[index]
    cdef u32 live = <u32>(heap_count_ones(block.lines[0]) + heap_count_ones(block.lines[1]))
    cdef u32 line
    block.dirty = 1
    block.free_lines = <u16>(LINES_PER_BLOCK - live)
    if live == 0:
        block.state = BLOCK_FREE
        java_heap.pages[index] = 0
        java_heap.in_use -= 1
    else:
        block.state = BLOCK_RECYCLABLE if live < LINES_PER_BLOCK else BLOCK_FULL
    if java_heap.config.poison:
        for line in range(LINES_PER_BLOCK):
            if not (block.lines[line >> 6] >> (line & 63)) & 1:
                memset(<void*>(block_address(index) + line * HEAP_LINE), HEAP_POISON, HEAP_LINE)
    return <u64>live * HEAP_LINE

# Frees the unmarked objects that start in a large block; returns the live ones' bytes.
cdef u64 sweep_large(u64 index) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 live = 0
    cdef u64 page, inner, count
    for page in range(index * PAGES_PER_BLOCK, (index + 1) * PAGES_PER_BLOCK):
        count = heap.runs[page]
        if count == 0 or count & RUN_INSIDE:
            continue
        if heap_bit(heap.marks, heap.base + page * HEAP_PAGE):
            live += count * HEAP_PAGE
            continue
        if heap.config.poison:
            memset(<void*>(heap.base + page * HEAP_PAGE), HEAP_POISON, count * HEAP_PAGE)
        for inner in range(page, page + count):
            heap.runs[inner] = 0
            heap.pages[inner // PAGES_PER_BLOCK] &= <u8>~(1 << (inner % PAGES_PER_BLOCK))
    return live

cdef void release_run(u64 first, u64 after) noexcept nogil:
    cdef u64 index
    for index in range(first, after):
        java_heap.blocks[index].released = 1
    java_heap.released += (after - first) * HEAP_BLOCK
    if java_heap.client.release != NULL:
        java_heap.client.release(block_address(first), (after - first) * HEAP_BLOCK)

# Keeps `keep` free blocks that hold memory, the lowest, and gives the others' pages back.
cdef void release_free(u64 keep) noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 index = first_block()
    cdef u64 run = 0
    cdef u64 run_first = 0
    cdef Block* block
    while index < heap.block_count:
        block = &heap.blocks[index]
        if block.state == BLOCK_FREE and block.dirty and not block.released:
            if keep > 0:
                keep -= 1
            elif run > 0 and run_first + run == index:
                run += 1
            else:
                if run > 0:
                    release_run(run_first, run_first + run)
                run_first = index
                run = 1
        index = next_block(index)
    if run > 0:
        release_run(run_first, run_first + run)

# Frees what is not marked, makes the marks the new start bitmap, and sets the next budget.
cdef public void space_sweep() noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 live = 0
    cdef u64 holes = 0
    cdef u64 index, wanted
    cdef u8* bitmap
    index = first_block()
    while index < heap.block_count:
        if heap.blocks[index].state == BLOCK_LARGE:
            live += sweep_large(index)
        elif heap.blocks[index].state != BLOCK_FREE:
            live += sweep_small(index)
            if heap.blocks[index].state == BLOCK_RECYCLABLE:
                holes += heap.blocks[index].free_lines
        index = next_block(index)
    bitmap = heap.starts
    heap.starts = heap.marks
    heap.marks = bitmap
    heap_start_words_reset()
    index = first_block()
    while index < heap.block_count:
        memset(heap.marks + index * BITMAP_PER_BLOCK, 0, BITMAP_PER_BLOCK)
        if heap.blocks[index].state == BLOCK_LARGE and heap.pages[index] == 0:
            heap.blocks[index].state = BLOCK_FREE
            heap.in_use -= 1
        index = next_block(index)
    heap.live = live
    heap.allocated += heap.handed_out
    heap.handed_out = 0
    heap.free_hint = 0
    heap.recycle_next = 0
    heap.wide_next = 0
    # Collect again when as much as is live now (at least `initial`) has been handed out, which the
    # holes of recyclable blocks provide first.
    wanted = live
    if live + wanted < heap.config.initial:
        wanted = heap.config.initial - live
    wanted = wanted // HEAP_LINE
    wanted = wanted - holes if wanted > holes else 0
    heap.budget = heap.in_use + wanted // LINES_PER_BLOCK + 1
    if heap.budget > heap.block_count:
        heap.budget = heap.block_count
    spare_blocks(holes // LINES_PER_BLOCK)
    release_free(heap.budget - heap.in_use)
    narrow()

# Draws small_top and large_bottom as close as the blocks in use, and the free ones with memory, allow.
cdef void narrow() noexcept nogil:
    cdef Heap* heap = &java_heap
    cdef u64 top = 0
    cdef u64 bottom = heap.block_count
    cdef u64 index = first_block()
    cdef Block* block
    while index < heap.block_count:
        block = &heap.blocks[index]
        if block.state != BLOCK_FREE or (block.dirty and not block.released):
            if index < heap.small_top and block.state != BLOCK_LARGE:
                top = index + 1
            elif index < bottom:
                bottom = index
        index = next_block(index)
    heap.small_top = top
    heap.large_bottom = bottom

cdef public void space_for_each(u8* bitmap, void (*visit)(Object* o, void* argument) noexcept nogil,
                                void* argument) noexcept nogil:
    cdef u64 index = first_block()
    cdef u64* words
    cdef u64 word, address
    cdef u32 i
    while index < java_heap.block_count:
        if java_heap.blocks[index].state != BLOCK_FREE:
            words = <u64*>(bitmap + index * BITMAP_PER_BLOCK)
            for i in range(BITMAP_PER_BLOCK // 8):
                word = words[i]
                while word != 0:
                    address = block_address(index) + i * 512 + <u64>heap_count_zeros(word) * 8
                    visit(<Object*>address, argument)
                    # The visit may have set further bits (of the mark bitmap); they are queued elsewhere.
                    word &= word - 1
        index = next_block(index)
