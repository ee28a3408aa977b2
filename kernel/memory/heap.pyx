# The kernel heap: see heap.pxd for the interface.
#
# A span is 64 KiB of pages, aligned to its size, with a header and objects of one size class; a large
# allocation is a span of its own whose one object follows the header.  So the header of any object is
# at its address rounded down to 64 KiB, and kfree needs no size.
#
# Invariant: a span is on its class's list exactly when it has room (a freed object, or objects not
# carved yet); `used` counts live objects; an empty span stays only while it is the only one with room.
from kernel.types cimport u8, u16, u32, u64
from kernel.memory.string cimport memcpy, memset
from kernel.memory.pages cimport pages_alloc, pages_free, PAGE_SIZE, PAGE_SHIFT
from kernel.threads.cpu cimport events_mask, events_unmask, SpinLock, spin_lock, spin_unlock
from kernel.diagnostics.panic cimport panic_print, DEMITASSE_CHECKS

cdef enum:
    SPAN_SIZE = 65536
    SPAN_PAGES = 16
    SPAN_MAGIC = 0x4E415053              # "SPAN"
    SPAN_HEADER = 64
    SMALL_MAX = 8128                     # eight to a span
    CLASSES = 32
    LARGE = 0xFFFFFFFF
    # Debug build: [size, magic] before and a red zone after each object.
    CHECK_HEADER = 16
    CHECK_TAIL = 16
    CHECK_MAGIC = 0x4C495645             # "LIVE"
    CHECK_FREED = 0x44454144             # "DEAD"
    BYTE_FRESH = 0xCD
    BYTE_FREED = 0xDD
    BYTE_ZONE = 0xFD

cdef struct Span:
    u32 magic
    u32 size_class                       # or LARGE
    Span* next
    Span* previous
    void** free                          # freed objects, linked through their first word
    u32 used
    u32 carved                           # objects ever handed out; those above are untouched
    u32 capacity
    u32 listed
    u64 size                             # of an object; large: usable bytes
    u64 pages

cdef Span* lists[CLASSES]
cdef SpinLock heap_lock
cdef KmallocStatistics statistics
cdef u64 fail_countdown


# Classes step by 16 to 128, then four to each doubling: 16 … 128, 160, 192, 224, 256, 320, … 8128.
cdef inline u32 class_of(u64 size) noexcept nogil:
    cdef u32 shift
    if size <= 128:
        return <u32>((size + 15) >> 4) - 1 if size else 0
    if size > 7168:
        return 31
    shift = 61 - clz64(size - 1)         # 129..256 → 5: steps of 32
    return 8 + (shift - 5) * 4 + (<u32>((size - 1) >> shift) & 3)

cdef inline u64 size_of_class(u32 index) noexcept nogil:
    if index < 8:
        return (<u64>index + 1) << 4
    if index == 31:
        return SMALL_MAX
    return (<u64>4 + ((index - 8) & 3) + 1) << (((index - 8) >> 2) + 5)

cdef extern from *:
    u32 clz64 "__builtin_clzll"(unsigned long long value) noexcept nogil


cdef inline Span* span_of(void* memory) noexcept nogil:
    return <Span*>(<u64>memory & ~<u64>(SPAN_SIZE - 1))


cdef void list_insert(Span* span) noexcept nogil:
    span.previous = NULL
    span.next = lists[span.size_class]
    if span.next != NULL:
        span.next.previous = span
    lists[span.size_class] = span
    span.listed = 1


cdef void list_remove(Span* span) noexcept nogil:
    if span.previous != NULL:
        span.previous.next = span.next
    else:
        lists[span.size_class] = span.next
    if span.next != NULL:
        span.next.previous = span.previous
    span.listed = 0


cdef Span* new_span(u32 size_class, u64 size, u64 pages) noexcept nogil:
    cdef Span* span = <Span*>pages_alloc(pages, SPAN_PAGES, 0)
    if span == NULL:
        return NULL
    memset(span, 0, sizeof(Span))
    span.magic = SPAN_MAGIC
    span.size_class = size_class
    span.size = size
    span.pages = pages
    span.capacity = <u32>((SPAN_SIZE - SPAN_HEADER) // size) if size_class != LARGE else 1
    statistics.pages += pages
    return span


# The allocator proper; events masked.
cdef void* allocate(u64 size) noexcept nogil:
    cdef u32 index
    cdef Span* span
    cdef void* memory
    cdef u64 pages
    if size > SMALL_MAX:
        pages = (size + SPAN_HEADER + PAGE_SIZE - 1) >> PAGE_SHIFT
        if size > <u64>1 << 46:
            return NULL
        span = new_span(LARGE, pages * PAGE_SIZE - SPAN_HEADER, pages)
        if span == NULL:
            return NULL
        span.used = 1
        span.carved = 1
        memory = <u8*>span + SPAN_HEADER
    else:
        index = class_of(size)
        span = lists[index]
        if span == NULL:
            span = new_span(index, size_of_class(index), SPAN_PAGES)
            if span == NULL:
                return NULL
            list_insert(span)
        if span.free != NULL:
            memory = span.free
            span.free = <void**>span.free[0]
        else:
            memory = <u8*>span + SPAN_HEADER + span.carved * span.size
            span.carved += 1
        span.used += 1
        if span.free == NULL and span.carved == span.capacity:
            list_remove(span)
    statistics.allocations += 1
    statistics.total += 1
    statistics.bytes += span.size
    return memory


cdef void release(void* memory) noexcept nogil:
    cdef Span* span = span_of(memory)
    cdef u64 offset = <u64>memory - <u64>span - SPAN_HEADER
    if span.magic != SPAN_MAGIC or span.used == 0 or offset >= span.size * span.carved or offset % span.size:
        panic_print(b"kfree: %p is not an allocation", memory)
    statistics.allocations -= 1
    statistics.bytes -= span.size
    span.used -= 1
    if span.size_class != LARGE:
        (<void**>memory)[0] = span.free
        span.free = <void**>memory
        if not span.listed:
            list_insert(span)
        if span.used or (span.next == NULL and span.previous == NULL):
            return
        list_remove(span)
    span.magic = 0
    statistics.pages -= span.pages
    pages_free(<u64>span, span.pages)


# Debug build: what surrounds each object.
cdef void* dress(u8* raw, u64 size) noexcept nogil:
    (<u64*>raw)[0] = size
    (<u64*>raw)[1] = CHECK_MAGIC
    memset(raw + CHECK_HEADER, BYTE_FRESH, size)
    memset(raw + CHECK_HEADER + size, BYTE_ZONE, CHECK_TAIL)
    return raw + CHECK_HEADER


cdef u8* undress(u8* memory) noexcept nogil:
    cdef u8* raw = memory - CHECK_HEADER
    cdef u64 size = (<u64*>raw)[0]
    cdef u32 i
    if (<u64*>raw)[1] == CHECK_FREED:
        panic_print(b"kfree: %p freed twice", memory)
    if (<u64*>raw)[1] != CHECK_MAGIC:
        panic_print(b"kfree: %p: broken red zone below", memory)
    for i in range(CHECK_TAIL):
        if memory[size + i] != BYTE_ZONE:
            panic_print(b"kfree: %p (%u bytes): broken red zone above", memory, size)
    return raw


cdef public void kmalloc_reset() noexcept nogil:
    global fail_countdown
    memset(lists, 0, sizeof(lists))
    memset(&statistics, 0, sizeof(statistics))
    fail_countdown = 0


cdef public void* kmalloc(u64 size) noexcept nogil:
    global fail_countdown
    cdef void* memory
    cdef u64 extra = CHECK_HEADER + CHECK_TAIL if DEMITASSE_CHECKS else 0
    if size + extra < size:
        return NULL
    events_mask()
    spin_lock(&heap_lock)
    if fail_countdown:
        fail_countdown -= 1
        if fail_countdown == 0:
            spin_unlock(&heap_lock)
            events_unmask()
            return NULL
    memory = allocate(size + extra)
    spin_unlock(&heap_lock)
    events_unmask()
    if DEMITASSE_CHECKS and memory != NULL:
        memory = dress(<u8*>memory, size)
    return memory


cdef public void kfree(void* memory) noexcept nogil:
    if memory == NULL:
        return
    if DEMITASSE_CHECKS:
        memory = undress(<u8*>memory)
        memset(<u8*>memory + CHECK_HEADER, BYTE_FREED, (<u64*>memory)[0])
        (<u64*>memory)[1] = CHECK_FREED
    events_mask()
    spin_lock(&heap_lock)
    release(memory)
    spin_unlock(&heap_lock)
    events_unmask()


cdef public u64 kmalloc_size(void* memory) noexcept nogil:
    if DEMITASSE_CHECKS:
        return (<u64*>(<u8*>memory - CHECK_HEADER))[0]
    return span_of(memory).size


cdef public void* kcalloc(u64 count, u64 size) noexcept nogil:
    cdef void* memory
    if size and count > ~<u64>0 // size:
        return NULL
    memory = kmalloc(count * size)
    if memory != NULL:
        memset(memory, 0, count * size)
    return memory


cdef public void* krealloc(void* memory, u64 size) noexcept nogil:
    cdef void* moved
    cdef u64 usable
    if memory == NULL:
        return kmalloc(size)
    usable = kmalloc_size(memory)
    if size <= usable and (DEMITASSE_CHECKS == 0) and size >= usable // 2:
        return memory
    moved = kmalloc(size)
    if moved != NULL:
        memcpy(moved, memory, min(usable, size))
        kfree(memory)
    return moved


cdef public void kmalloc_fail_nth(u64 nth) noexcept nogil:
    global fail_countdown
    events_mask()
    fail_countdown = nth
    events_unmask()


cdef public u64 kmalloc_fail_left() noexcept nogil:
    return fail_countdown


cdef public void kmalloc_statistics(KmallocStatistics* into) noexcept nogil:
    events_mask()
    into[0] = statistics
    events_unmask()


cdef public bint kmalloc_check() noexcept nogil:
    cdef u32 index
    cdef u64 free, offset
    cdef Span* span
    cdef void** object
    cdef bint good = True
    events_mask()
    for index in range(CLASSES):
        span = lists[index]
        while span != NULL and good:
            free = 0
            object = span.free
            while object != NULL and free <= span.capacity:
                offset = <u64>object - <u64>span - SPAN_HEADER
                if offset % span.size or offset >= span.size * span.carved:
                    good = False
                    break
                free += 1
                object = <void**>object[0]
            if span.magic != SPAN_MAGIC or span.size_class != index or span.used + free != span.carved \
                    or span.carved > span.capacity or not span.listed \
                    or (free == 0 and span.carved == span.capacity):
                good = False
            span = span.next
    events_unmask()
    return good
