# Stack areas: see stacks.pxd.
#
# Freed areas of the usual size are kept with a little memory, so that a program that starts many short
# threads asks the platform for nothing.
from kernel.types cimport u32, u64
from kernel.memory.heap cimport kcalloc
from kernel.memory.pages cimport PAGE_SIZE, pages_alloc, pages_charge, pages_free, pages_overdraw, pages_uncharge
from kernel.platform.platform cimport ACCESS_NONE, ACCESS_WRITE, platform_protect, platform_release
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.stack_area cimport STACK_GUARD, STACK_STEP, StackArea
from kernel.threads.stacks cimport *

cdef enum:
    AREAS_MAX = 16384                    # steps in the range for stacks, 32 GiB of addresses
    AREA_WORDS = AREAS_MAX // 64
    COMMIT_FIRST = 8192                  # of each of the two stacks; then as much again as there is
    LEFT_FREE = 512                      # pages that a new area leaves to everything else
    KEPT_MAX = 64                        # freed areas that stay committed
    KEPT_BYTES = 131072                  # the most that one of them holds

cdef u64 range_base
cdef u32 steps                           # in the range; 0: there is none
cdef u64 used[AREA_WORDS]
cdef u32 hint                            # no free step lies below
cdef StackArea** owners                 # of each step: the area that it belongs to
cdef StackArea kept[KEPT_MAX]
cdef u32 kept_count

cdef extern from *:
    u32 trailing_zeros "__builtin_ctzll"(unsigned long long value) noexcept nogil


cdef public void stacks_init(u64 base, u64 size) noexcept nogil:
    global range_base, steps, hint, kept_count, owners
    cdef u32 i
    range_base = base
    steps = <u32>min(size // STACK_STEP, <u64>AREAS_MAX)
    owners = <StackArea**>kcalloc(steps, sizeof(StackArea*)) if steps else NULL
    if owners == NULL:
        steps = 0
    hint = 0
    kept_count = 0
    for i in range(AREA_WORDS):
        used[i] = 0


# --- the range (masked) ---------------------------------------------------------------------------

cdef inline bint is_used(u32 step) noexcept nogil:
    return used[step >> 6] >> (step & 63) & 1


cdef u32 next_free(u32 step) noexcept nogil:
    cdef u32 word = step >> 6
    cdef u64 free
    if step >= steps:
        return steps
    free = ~used[word] & (~<u64>0 << (step & 63))
    while free == 0:
        word += 1
        if word << 6 >= steps:
            return steps
        free = ~used[word]
    return min((word << 6) + trailing_zeros(free), steps)


# `count` neighbouring steps, marked as used; `steps` if there are none.
cdef u32 take_steps(u64 count) noexcept nogil:
    global hint
    cdef u32 start = next_free(hint)
    cdef u32 end
    hint = start
    while start < steps:
        if count > steps - start:
            return steps
        end = start + 1
        while end < start + <u32>count and not is_used(end):
            end += 1
        if end == start + <u32>count:
            while end > start:
                end -= 1
                used[end >> 6] |= <u64>1 << (end & 63)
            return start
        start = next_free(end)
    return steps


cdef void give_steps(u32 start, u64 count) noexcept nogil:
    global hint
    cdef u32 i
    hint = min(hint, start)
    for i in range(start, start + <u32>count):
        used[i >> 6] &= ~(<u64>1 << (i & 63))


cdef void own(StackArea* area, StackArea* owner) noexcept nogil:
    cdef u64 first = (area.base - range_base) // STACK_STEP
    cdef u64 i
    for i in range(area.size // STACK_STEP):
        owners[first + i] = owner


# --- committing -----------------------------------------------------------------------------------

# Any time.  False: the platform has no memory for it.
cdef bint commit(StackArea* area, u64 low, u64 high) noexcept nogil:
    cdef u64 pages = 0
    if low < area.committed_low:
        if platform_protect(low, area.committed_low - low, ACCESS_WRITE) < 0:
            return False
        pages += (area.committed_low - low) // PAGE_SIZE
        area.committed_low = low
    if high > area.committed_high:
        if platform_protect(area.committed_high, high - area.committed_high, ACCESS_WRITE) < 0:
            return False
        pages += (high - area.committed_high) // PAGE_SIZE
        area.committed_high = high
    pages_overdraw(pages)
    return True


# A running thread cannot be told that there is no memory: it may overdraw what the guest has.
cdef public bint stack_area_fault(u64 address) noexcept nogil:
    cdef u64 page = address & ~<u64>(PAGE_SIZE - 1)
    cdef StackArea* area
    cdef u64 low, high
    if address - range_base >= <u64>steps * STACK_STEP:
        return False
    area = owners[(address - range_base) // STACK_STEP]
    if area == NULL:
        return False
    if area.low <= address < area.committed_low:
        low = area.committed_low - min(area.middle - area.committed_low, area.committed_low - area.low)
        return commit(area, min(low, page), area.committed_high)
    if area.committed_high <= address < area.high:
        high = area.committed_high + min(area.committed_high - area.middle, area.high - area.committed_high)
        return commit(area, area.committed_low, max(high, page + PAGE_SIZE))
    return False


# --- taking and giving ----------------------------------------------------------------------------

cdef bint take_kept(StackArea* area, u64 stack_size, u64 upper_size) noexcept nogil:
    global kept_count
    cdef u32 i = kept_count
    while i > 0:
        i -= 1
        if kept[i].middle - kept[i].low == stack_size and kept[i].high - kept[i].middle == upper_size:
            area[0] = kept[i]
            kept_count -= 1
            kept[i] = kept[kept_count]
            return True
    return False


# A fault must find whatever the platform needs to describe its page: it must not allocate.
cdef bint prepare(StackArea* area) noexcept nogil:
    cdef u64 at = area.base
    while at < area.base + area.size:
        if platform_protect(at, PAGE_SIZE, ACCESS_NONE) < 0:
            return False
        at += STACK_STEP
    return True


cdef bint take_reserved(StackArea* area, u64 stack_size, u64 upper_size) noexcept nogil:
    cdef u64 size = (STACK_GUARD + stack_size + upper_size + STACK_STEP - 1) & ~<u64>(STACK_STEP - 1)
    cdef u64 first = min(stack_size, <u64>COMMIT_FIRST), second = min(upper_size, <u64>COMMIT_FIRST)
    cdef u32 start
    if not pages_charge((first + second) // PAGE_SIZE + LEFT_FREE):
        return False
    pages_uncharge(LEFT_FREE)
    start = take_steps(size // STACK_STEP)
    if start == steps:
        pages_uncharge((first + second) // PAGE_SIZE)
        return False
    area.base = range_base + <u64>start * STACK_STEP
    area.size = size
    area.high = area.base + size if upper_size else area.base + STACK_GUARD + stack_size
    area.middle = area.high - upper_size
    area.low = area.middle - stack_size
    area.reserved = 1
    area.committed_low = area.middle - first
    area.committed_high = area.middle + second
    if not prepare(area) or platform_protect(area.committed_low, first + second, ACCESS_WRITE) < 0:
        pages_uncharge((first + second) // PAGE_SIZE)
        give_steps(start, size // STACK_STEP)
        return False
    return True


cdef bint take_pages(StackArea* area, u64 stack_size, u64 upper_size) noexcept nogil:
    area.size = STACK_GUARD + stack_size + (upper_size + STACK_GUARD if upper_size else 0)
    area.base = pages_alloc(area.size // PAGE_SIZE, 1, 0)
    if area.base == 0:
        return False
    area.low = area.base + STACK_GUARD
    area.middle = area.low + stack_size
    area.high = area.middle + upper_size
    area.committed_low = area.low
    area.committed_high = area.high
    area.reserved = 0
    platform_protect(area.base, STACK_GUARD, ACCESS_NONE)
    if upper_size:
        platform_protect(area.high, STACK_GUARD, ACCESS_NONE)
    return True


cdef void give_back(StackArea* area) noexcept nogil:
    cdef u64 committed = area.committed_high - area.committed_low
    if area.reserved:
        platform_release(area.committed_low, committed)
        platform_protect(area.committed_low, committed, ACCESS_NONE)
        pages_uncharge(committed // PAGE_SIZE)
        give_steps(<u32>((area.base - range_base) // STACK_STEP), area.size // STACK_STEP)
    else:
        platform_protect(area.base, area.size, ACCESS_WRITE)
        pages_free(area.base, area.size // PAGE_SIZE)


# What is kept for later is in the way now.  False: there was nothing.
cdef bint drop_kept() noexcept nogil:
    global kept_count
    cdef bint any = kept_count > 0
    while kept_count > 0:
        kept_count -= 1
        give_back(&kept[kept_count])
    return any


cdef bint take_any(StackArea* area, u64 stack_size, u64 upper_size) noexcept nogil:
    if take_kept(area, stack_size, upper_size):
        return True
    return take_reserved(area, stack_size, upper_size) if steps else take_pages(area, stack_size, upper_size)


cdef public bint stack_area_take(StackArea* area, u64 stack_size, u64 upper_size) noexcept nogil:
    cdef bint taken
    area.base = 0
    if stack_size > <u64>1 << 40 or upper_size > <u64>1 << 40:
        return False
    events_mask()
    taken = take_any(area, stack_size, upper_size) or (drop_kept() and take_any(area, stack_size, upper_size))
    if taken and area.reserved:
        own(area, area)
    events_unmask()
    if not taken:
        area.base = 0
    return taken


cdef public u64 stack_range_take(u64 size) noexcept nogil:
    cdef u64 count = (size + STACK_STEP - 1) // STACK_STEP
    cdef u32 start
    if size == 0 or count > steps // 2:  # half of the range is for stacks
        return 0
    events_mask()
    start = take_steps(count)
    events_unmask()
    return range_base + <u64>start * STACK_STEP if start != steps else 0


cdef public void stack_range_give(u64 base, u64 size) noexcept nogil:
    events_mask()
    give_steps(<u32>((base - range_base) // STACK_STEP), (size + STACK_STEP - 1) // STACK_STEP)
    events_unmask()


cdef public void stack_area_give(StackArea* area) noexcept nogil:
    global kept_count
    cdef u64 committed = area.committed_high - area.committed_low
    if area.base == 0:
        return
    events_mask()
    if area.reserved:
        own(area, NULL)
    if kept_count < (KEPT_MAX if area.reserved else KEPT_MAX // 8) and (committed <= KEPT_BYTES or not area.reserved):
        kept[kept_count] = area[0]
        kept_count += 1
    else:
        give_back(area)
    events_unmask()
    area.base = 0
