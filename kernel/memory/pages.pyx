# The page allocator: see pages.pxd for the invariant and the interface.
#
# Small requests fill partial blocks first, so that whole blocks stay whole for large ones; a large
# request takes a run of whole blocks and leaves the tail of its last block free.  The map of 1 GiB is
# 70 KiB, and needs no writing before a block is used when memory was zero at entry.
from kernel.types cimport u32, u64
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask, SpinLock, spin_lock, spin_unlock
from kernel.platform.platform cimport platform_protect, platform_release
from kernel.diagnostics.panic cimport panic_print

cdef extern from *:
    u32 ctz64 "__builtin_ctzll"(unsigned long long value) noexcept nogil
    u64 fetch_add "__sync_fetch_and_add"(u64* cell, u64 value) noexcept nogil

cdef PagePool kernel_pool
cdef u64 fail_countdown
cdef SpinLock pool_lock                  # SMP: one lock for the pool


# The first page in [start, end) whose bit is `value`, or `end`.
cdef u32 find_bit(const u64* map, u32 start, u32 end, bint value) noexcept nogil:
    cdef u64 word
    cdef u32 i = start >> 6
    if start >= end:
        return end
    word = map[i] if value else ~map[i]
    word &= ~<u64>0 << (start & 63)
    while word == 0:
        i += 1
        if i << 6 >= end:
            return end
        word = map[i] if value else ~map[i]
    start = (i << 6) + ctz64(word)
    return start if start < end else end


cdef void change_bits(u64* map, u32 start, u32 count, bint value) noexcept nogil:
    cdef u32 bit, n
    cdef u64 mask
    while count:
        bit = start & 63
        n = min(64 - bit, count)
        mask = (~<u64>0 if n == 64 else (<u64>1 << n) - 1) << bit
        if value:
            map[start >> 6] |= mask
        else:
            map[start >> 6] &= ~mask
        start += n
        count -= n


# First free run of `count` pages aligned to `align` in a block; BLOCK_PAGES: none.
cdef u32 find_run(PageBlock* block, u32 count, u32 align) noexcept nogil:
    cdef u32 start = find_bit(block.used, 0, BLOCK_PAGES, False)
    cdef u32 busy
    while True:
        start = (start + align - 1) & ~(align - 1)
        if start + count > BLOCK_PAGES:
            return BLOCK_PAGES
        busy = find_bit(block.used, start, start + count, True)
        if busy == start + count:
            return start
        start = find_bit(block.used, busy, BLOCK_PAGES, False)


cdef void partial_insert(PagePool* pool, u64 index) noexcept nogil:
    cdef PageBlock* block = &pool.blocks[index]
    block.next = pool.partial
    block.previous = 0
    if pool.partial:
        pool.blocks[pool.partial - 1].previous = <u32>index + 1
    pool.partial = <u32>index + 1


cdef void partial_remove(PagePool* pool, u64 index) noexcept nogil:
    cdef PageBlock* block = &pool.blocks[index]
    if block.previous:
        pool.blocks[block.previous - 1].next = block.next
    else:
        pool.partial = block.next
    if block.next:
        pool.blocks[block.next - 1].previous = block.previous
    block.next = 0
    block.previous = 0


# Mark `count` pages of one block used or free and keep list and counts.
cdef void claim(PagePool* pool, u64 index, u32 start, u32 count) noexcept nogil:
    cdef PageBlock* block = &pool.blocks[index]
    cdef bint was_whole = block.free_pages == BLOCK_PAGES
    change_bits(block.used, start, count, True)
    block.free_pages -= count
    block.released = 0
    pool.free_pages -= count
    if was_whole and block.free_pages:
        partial_insert(pool, index)
    elif not was_whole and block.free_pages == 0:
        partial_remove(pool, index)


cdef void unclaim(PagePool* pool, u64 index, u32 start, u32 count) noexcept nogil:
    cdef PageBlock* block = &pool.blocks[index]
    cdef bint was_full = block.free_pages == 0
    change_bits(block.used, start, count, False)
    block.free_pages += count
    pool.free_pages += count
    if block.free_pages == BLOCK_PAGES:
        if not was_full:
            partial_remove(pool, index)
        if index < pool.lowest_free:
            pool.lowest_free = index
    elif was_full:
        partial_insert(pool, index)


# Index of the first of `count` neighbouring whole free blocks; block_count: none.
cdef u64 find_blocks(PagePool* pool, u64 count) noexcept nogil:
    cdef u64 i = pool.lowest_free, run = 0
    cdef bint first = True
    while i < pool.block_count:
        if pool.blocks[i].free_pages == BLOCK_PAGES:
            if first:
                pool.lowest_free = i
                first = False
            run += 1
            if run == count:
                return i + 1 - count
        else:
            run = 0
        i += 1
    if first:
        pool.lowest_free = pool.block_count
    return pool.block_count


# Record that the range is now written to; zero what was dirty before if asked.  The pages are the
# caller's already; the maps are shared with neighbours, so they change with events masked.
cdef void take_contents(PagePool* pool, u64 address, u64 count, bint zero) noexcept nogil:
    cdef u64 page = (address - pool.base) >> PAGE_SHIFT
    cdef u64 dirty[8]
    cdef u64 base
    cdef u32 start, end, part, i
    cdef PageBlock* block
    while count:
        block = &pool.blocks[page // BLOCK_PAGES]
        base = pool.base + (page // BLOCK_PAGES) * BLOCK_SIZE
        start = page % BLOCK_PAGES
        part = <u32>min(<u64>(BLOCK_PAGES - start), count)
        end = start + part
        events_mask()
        for i in range(8):
            dirty[i] = block.dirty[i]
        change_bits(block.dirty, start, part, True)
        events_unmask()
        page += part
        count -= part
        while zero:
            start = find_bit(dirty, start, end, True)
            if start == end:
                break
            part = find_bit(dirty, start, end, False)
            memset(<void*>(base + <u64>start * PAGE_SIZE), 0, <u64>(part - start) * PAGE_SIZE)
            start = part


cdef public int page_pool_init(PagePool* pool, u64 base, u64 end, bint zeroed) noexcept nogil:
    cdef u64 i, first, maps, last
    base = (base + PAGE_SIZE - 1) & ~<u64>(PAGE_SIZE - 1)
    end &= ~<u64>(PAGE_SIZE - 1)
    memset(pool, 0, sizeof(PagePool))
    if end <= base:
        return -1
    pool.base = base & ~<u64>(BLOCK_SIZE - 1)
    pool.block_count = (end - pool.base + BLOCK_SIZE - 1) // BLOCK_SIZE
    maps = (pool.block_count * sizeof(PageBlock) + PAGE_SIZE - 1) >> PAGE_SHIFT
    first = ((base - pool.base) >> PAGE_SHIFT) + maps
    last = (end - pool.base) >> PAGE_SHIFT
    if first >= last:
        return -1
    pool.blocks = <PageBlock*>base
    pool.zeroed = zeroed
    if not zeroed:
        memset(pool.blocks, 0, maps << PAGE_SHIFT)
    for i in range(pool.block_count):
        pool.blocks[i].free_pages = BLOCK_PAGES
        if not zeroed:
            memset(pool.blocks[i].dirty, 0xFF, sizeof(pool.blocks[i].dirty))
    pool.free_pages = pool.block_count * BLOCK_PAGES
    # What lies before and after the memory, and the maps, are used for ever.
    for i in range((first + BLOCK_PAGES - 1) // BLOCK_PAGES):
        claim(pool, i, 0, <u32>min(first - i * BLOCK_PAGES, <u64>BLOCK_PAGES))
    if last % BLOCK_PAGES:
        claim(pool, last // BLOCK_PAGES, last % BLOCK_PAGES, BLOCK_PAGES - last % BLOCK_PAGES)
    pool.total_pages = pool.free_pages
    return 0


cdef inline void note_peak(PagePool* pool) noexcept nogil:
    pool.peak_pages = max(pool.peak_pages, pool.total_pages - pool.free_pages + pool.charged)


cdef public u64 page_pool_alloc(PagePool* pool, u64 count, u64 align, int flags) noexcept nogil:
    cdef u64 index, address = 0, whole
    cdef u32 start
    if count == 0 or align == 0 or align > BLOCK_PAGES or align & (align - 1):
        return 0
    events_mask()
    spin_lock(&pool_lock)
    if count + pool.charged <= pool.free_pages:
        if count < BLOCK_PAGES:
            index = pool.partial
            while index:
                if pool.blocks[index - 1].free_pages >= count:
                    start = find_run(&pool.blocks[index - 1], <u32>count, <u32>align)
                    if start != BLOCK_PAGES:
                        index -= 1
                        claim(pool, index, start, <u32>count)
                        address = pool.base + index * BLOCK_SIZE + <u64>start * PAGE_SIZE
                        break
                index = pool.blocks[index - 1].next
        if address == 0:
            whole = (count + BLOCK_PAGES - 1) // BLOCK_PAGES
            index = find_blocks(pool, whole)
            if index != pool.block_count:
                address = pool.base + index * BLOCK_SIZE
                whole = count
                while whole:
                    start = <u32>min(whole, <u64>BLOCK_PAGES)
                    claim(pool, index, 0, start)
                    whole -= start
                    index += 1
    if address:
        note_peak(pool)
    spin_unlock(&pool_lock)
    events_unmask()
    if address:
        take_contents(pool, address, count, flags & PAGES_ZERO)
    return address


cdef public bint page_pool_take(PagePool* pool, u64 address, u64 count, int flags) noexcept nogil:
    cdef u64 page = (address - pool.base) >> PAGE_SHIFT, at = page, left = count
    cdef u32 start, part
    cdef bint free
    if address & (PAGE_SIZE - 1) or address < pool.base or count == 0 or page >= pool.block_count * BLOCK_PAGES \
            or count > pool.block_count * BLOCK_PAGES - page:
        return False
    events_mask()
    spin_lock(&pool_lock)
    free = count + pool.charged <= pool.free_pages
    while free and left:
        start = at % BLOCK_PAGES
        part = <u32>min(<u64>(BLOCK_PAGES - start), left)
        free = find_bit(pool.blocks[at // BLOCK_PAGES].used, start, start + part, True) == start + part
        at += part
        left -= part
    if free:
        left = count
        while left:
            start = page % BLOCK_PAGES
            part = <u32>min(<u64>(BLOCK_PAGES - start), left)
            claim(pool, page // BLOCK_PAGES, start, part)
            page += part
            left -= part
        note_peak(pool)
    spin_unlock(&pool_lock)
    events_unmask()
    if free:
        take_contents(pool, address, count, flags & PAGES_ZERO)
    return free


cdef public void page_pool_free(PagePool* pool, u64 address, u64 count) noexcept nogil:
    cdef u64 page = (address - pool.base) >> PAGE_SHIFT
    cdef u64 index
    cdef u32 start, part
    if address & (PAGE_SIZE - 1) or page >= pool.block_count * BLOCK_PAGES or count > pool.block_count * BLOCK_PAGES - page:
        panic_print(b"pages_free: %p, %u pages: not memory of this allocator", address, count)
    events_mask()
    spin_lock(&pool_lock)
    while count:
        index = page // BLOCK_PAGES
        start = page % BLOCK_PAGES
        part = <u32>min(<u64>(BLOCK_PAGES - start), count)
        if find_bit(pool.blocks[index].used, start, start + part, False) != start + part:
            panic_print(b"pages_free: %p: freed twice", pool.base + page * PAGE_SIZE)
        unclaim(pool, index, start, part)
        page += part
        count -= part
    spin_unlock(&pool_lock)
    events_unmask()


cdef public u64 page_pool_largest(PagePool* pool) noexcept nogil:
    cdef u64 best = 0, run = 0, i
    cdef u32 start, end
    for i in range(pool.block_count):
        if pool.blocks[i].free_pages == BLOCK_PAGES:
            run += BLOCK_PAGES
            best = max(best, run)
            continue
        run = 0
        start = find_bit(pool.blocks[i].used, 0, BLOCK_PAGES, False)
        while start < BLOCK_PAGES:
            end = find_bit(pool.blocks[i].used, start, BLOCK_PAGES, True)
            best = max(best, <u64>(end - start))
            start = find_bit(pool.blocks[i].used, end, BLOCK_PAGES, False)
    return best


cdef public bint page_pool_check(PagePool* pool) noexcept nogil:
    cdef u64 free = 0, i, partial = 0, listed = 0
    cdef u32 n, start, end, index, previous = 0
    for i in range(pool.block_count):
        n = 0
        start = find_bit(pool.blocks[i].used, 0, BLOCK_PAGES, False)
        while start < BLOCK_PAGES:
            end = find_bit(pool.blocks[i].used, start, BLOCK_PAGES, True)
            n += end - start
            start = find_bit(pool.blocks[i].used, end, BLOCK_PAGES, False)
        if n != pool.blocks[i].free_pages or (n == BLOCK_PAGES and i < pool.lowest_free):
            return False
        free += n
        if n and n != BLOCK_PAGES:
            partial += 1
    index = pool.partial
    while index:
        if pool.blocks[index - 1].previous != previous or listed > pool.block_count:
            return False
        if pool.blocks[index - 1].free_pages in (0, BLOCK_PAGES):
            return False
        listed += 1
        previous = index
        index = pool.blocks[index - 1].next
    return free == pool.free_pages and partial == listed


cdef public int pages_init(u64 base, u64 end, bint zeroed) noexcept nogil:
    return page_pool_init(&kernel_pool, base, end, zeroed)


cdef public void pages_fail_nth(u64 nth) noexcept nogil:
    global fail_countdown
    fail_countdown = nth


cdef public u64 pages_fail_left() noexcept nogil:
    return fail_countdown


cdef public u64 pages_alloc(u64 count, u64 align, int flags) noexcept nogil:
    global fail_countdown
    cdef bint fails = False
    if fail_countdown:
        events_mask()
        if fail_countdown:
            fail_countdown -= 1
            fails = fail_countdown == 0
        events_unmask()
        if fails:
            return 0
    return page_pool_alloc(&kernel_pool, count, align, flags)


cdef public int pages_protect(u64 address, u64 size, int access) noexcept nogil:
    cdef int result
    events_mask()
    result = platform_protect(address, size, access)
    events_unmask()
    return result


cdef public bint pages_take(u64 address, u64 count, int flags) noexcept nogil:
    return page_pool_take(&kernel_pool, address, count, flags)


cdef public void pages_free(u64 address, u64 count) noexcept nogil:
    page_pool_free(&kernel_pool, address, count)


cdef public bint pages_charge(u64 count) noexcept nogil:
    cdef bint enough
    events_mask()
    enough = count + kernel_pool.charged <= kernel_pool.free_pages
    if enough:
        fetch_add(&kernel_pool.charged, count)
        note_peak(&kernel_pool)
    events_unmask()
    return enough


cdef public void pages_overdraw(u64 count) noexcept nogil:
    fetch_add(&kernel_pool.charged, count)


cdef public void pages_uncharge(u64 count) noexcept nogil:
    fetch_add(&kernel_pool.charged, <u64>0 - count)


cdef public u64 pages_release_free() noexcept nogil:
    cdef u64 i, given = 0
    for i in range(kernel_pool.block_count):
        events_mask()
        spin_lock(&pool_lock)
        if kernel_pool.blocks[i].free_pages == BLOCK_PAGES and not kernel_pool.blocks[i].released \
                and find_bit(kernel_pool.blocks[i].dirty, 0, BLOCK_PAGES, True) != BLOCK_PAGES:
            kernel_pool.blocks[i].released = 1
            platform_release(kernel_pool.base + i * BLOCK_SIZE, BLOCK_SIZE)
            given += BLOCK_SIZE
        spin_unlock(&pool_lock)
        events_unmask()
    return given


cdef public u64 pages_available() noexcept nogil:
    return kernel_pool.free_pages - min(kernel_pool.charged, kernel_pool.free_pages)


cdef public void pages_statistics(PageStatistics* into) noexcept nogil:
    events_mask()
    spin_lock(&pool_lock)
    into.total = kernel_pool.total_pages * PAGE_SIZE
    into.free = (kernel_pool.free_pages - min(kernel_pool.charged, kernel_pool.free_pages)) * PAGE_SIZE
    into.peak = kernel_pool.peak_pages * PAGE_SIZE
    into.largest = page_pool_largest(&kernel_pool) * PAGE_SIZE
    spin_unlock(&pool_lock)
    events_unmask()
