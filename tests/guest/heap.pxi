# The Java heap under a mock client: shapes made by the test, roots in plain tables, no kernel, no JVM.
# Objects are named by their addresses; 0 is null.
from libc.string cimport memset as heap_memset
from kernel.types cimport u8 as _u8, u32 as _u32, u64 as _u64, i64 as _i64
from jvm.heap.heap cimport (
    HeapClient, HeapConfig, HeapStatistics, Span, heap_collect, heap_find_object, heap_has_pending, heap_init,
    heap_is_marked, heap_mark_root, heap_new, heap_allocate_slow, heap_new_array, heap_object_around, heap_object_size,
    heap_retire_span, heap_scan_conservatively, heap_scan_native, heap_set_debug, heap_set_reference_layout,
    heap_statistics, heap_take_pending, heap_verify, heap_for_each, heap_watch)
from jvm.heap.object cimport Object, ReferenceRun, SHAPE_UNLOADABLE, Shape, ref_decode, ref_encode

cdef extern from "<sys/mman.h>" nogil:
    void* mmap(void* address, size_t length, int protection, int flags, int fd, long offset)
    int munmap(void* address, size_t length)
    enum: PROT_READ, PROT_WRITE, MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE, MAP_FIXED_NOREPLACE

cdef enum:
    MOCK_SHAPES = 256
    MOCK_RUNS = 16
    MOCK_ROOTS = 4096
    MOCK_SPANS = 16
    MOCK_SHAPE_BYTES = 1 << 20
    MOCK_BYTES = 1 << 30

cdef _u64 mock_base = (<_u64>1 << 44) + (<_u64>1 << 33)
cdef bint mock_mapped = False
cdef Shape* mock_shapes
cdef ReferenceRun* mock_runs             # MOCK_RUNS for each shape
cdef _u32 mock_shape_count
cdef Object* mock_roots[MOCK_ROOTS]
cdef _u64 mock_stack[MOCK_ROOTS]
cdef _u64 mock_native[MOCK_ROOTS]
cdef Object* mock_weak[MOCK_ROOTS]
cdef Span mock_spans[MOCK_SPANS]
cdef Object* mock_loaded[MOCK_ROOTS]     # what the loader whose word at +8 is i keeps alive
cdef Object* mock_holders[MOCK_SHAPES]   # what an instance of an unloadable shape keeps alive besides
last_watched = []
cdef ReferenceRun mock_static_run
cdef _u64 mock_time
cdef _u64 mock_released
cdef list mock_reports = []

cdef _u64 mock_reserve(_u64 size) noexcept nogil:
    return mock_base + MOCK_SHAPE_BYTES if size <= MOCK_BYTES - MOCK_SHAPE_BYTES else 0

cdef void mock_visit_roots() noexcept nogil:
    cdef int i
    for i in range(MOCK_ROOTS):
        heap_mark_root(mock_roots[i])
    heap_scan_conservatively(&mock_stack[0], &mock_stack[MOCK_ROOTS])
    heap_scan_native(&mock_native[0], &mock_native[MOCK_ROOTS])

# A mock mirror holds the count of its statics' references at +8; they follow the instance's fields.
cdef void mock_mirror(Object* mirror, _u32* size, _u32* run_count, void** runs) noexcept nogil:
    cdef Shape* shape = <Shape*>((<_u64>1 << 44) + (<_u64>mirror.klass << 3))
    cdef _u32 count = (<_u32*>(<_u8*>mirror + 8))[0]
    mock_static_run.offset = shape.size
    mock_static_run.count = count
    size[0] = (shape.size + 4 * count + 7) & ~<_u32>7
    run_count[0] = 1
    runs[0] = &mock_static_run

cdef void mock_loader(Object* loader) noexcept nogil:
    heap_mark_root(mock_loaded[(<_u32*>(<_u8*>loader + 8))[0]])

cdef void mock_instance(Object* o) noexcept nogil:
    cdef Shape* shape = <Shape*>((<_u64>1 << 44) + (<_u64>o.klass << 3))
    if shape.kind & SHAPE_UNLOADABLE:
        heap_mark_root(mock_holders[shape - mock_shapes])

cdef void mock_watched(_u64 address, bint compressed) noexcept with gil:
    last_watched.append((address, bool(compressed)))

cdef void mock_sweep() noexcept nogil:
    cdef int i
    for i in range(MOCK_ROOTS):
        if mock_weak[i] != NULL and not heap_is_marked(mock_weak[i]):
            mock_weak[i] = NULL

cdef _u64 mock_clock() noexcept nogil:
    return mock_time

cdef void mock_release(_u64 address, _u64 size) noexcept nogil:
    global mock_released
    mock_released += size
    heap_memset(<void*>address, 0x5A, size)      # a home may leave anything

cdef int mock_shape_known(Shape* shape) noexcept nogil:
    return mock_shapes <= shape < mock_shapes + mock_shape_count and (<_u64>shape - <_u64>mock_shapes) % sizeof(Shape) == 0

cdef void mock_report(const char* what, _u64 address, _u64 detail) noexcept with gil:
    mock_reports.append((what.decode(), address, detail))

def heap_open(maximum, initial=0, collect_every=0, fail_after=0, verify=0, poison=0, mark_stack=0):
    """Start an empty heap; earlier addresses and shapes are void."""
    global mock_mapped, mock_shapes, mock_runs, mock_shape_count, mock_time, mock_released
    cdef HeapConfig config
    cdef HeapClient client
    if mock_mapped:
        munmap(<void*>mock_base, MOCK_BYTES)
    if mmap(<void*>mock_base, MOCK_BYTES, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) != <void*>mock_base:
        raise MemoryError("the mock heap's address range is taken")
    mock_mapped = True
    mock_shapes = <Shape*>mock_base
    mock_runs = <ReferenceRun*>(mock_base + MOCK_SHAPES * sizeof(Shape))
    mock_shape_count = 0
    mock_time = 0
    mock_released = 0
    heap_memset(&mock_roots[0], 0, sizeof(mock_roots))
    heap_memset(&mock_stack[0], 0, sizeof(mock_stack))
    heap_memset(&mock_native[0], 0, sizeof(mock_native))
    heap_memset(&mock_weak[0], 0, sizeof(mock_weak))
    heap_memset(&mock_spans[0], 0, sizeof(mock_spans))
    heap_memset(&mock_loaded[0], 0, sizeof(mock_loaded))
    heap_memset(&mock_holders[0], 0, sizeof(mock_holders))
    last_watched.clear()
    heap_watch(0, 0)
    mock_reports.clear()
    heap_memset(&client, 0, sizeof(client))
    client.reserve = mock_reserve
    client.roots = mock_visit_roots
    client.mirror = mock_mirror
    client.loader = mock_loader
    client.instance = mock_instance
    client.watched = <void (*)(_u64, bint) noexcept nogil>mock_watched
    client.sweep = mock_sweep
    client.clock = mock_clock
    client.release = mock_release
    client.shape_known = mock_shape_known
    client.report = <void (*)(const char*, _u64, _u64) noexcept nogil>mock_report
    config.maximum = maximum
    config.initial = initial
    config.mark_stack = mark_stack
    config.collect_every = collect_every
    config.fail_after = fail_after
    config.verify = verify
    config.poison = poison
    return heap_init(&config, &client)

def heap_shape(kind, size=0, runs=(), strength=0, log_element=0):
    """Add a Shape; `runs` are (offset, count) pairs.  Returns its number."""
    global mock_shape_count
    cdef Shape* shape = &mock_shapes[mock_shape_count]
    cdef ReferenceRun* run = &mock_runs[mock_shape_count * MOCK_RUNS]
    assert mock_shape_count < MOCK_SHAPES and len(runs) <= MOCK_RUNS
    shape.size = size
    shape.kind = kind
    shape.strength = strength
    shape.log_element = log_element
    shape.run_count = len(runs)
    shape.runs = run
    for i, (offset, count) in enumerate(runs):
        run[i].offset = offset
        run[i].count = count
    mock_shape_count += 1
    return mock_shape_count - 1

def heap_references(referent, discovered, next, timestamp):
    heap_set_reference_layout(referent, discovered, next, timestamp)

def heap_object(shape, span=0):
    return <_u64>heap_new(&mock_spans[span], &mock_shapes[<int>shape])

def heap_sized_object(shape, size, span=0):
    """An object longer than its shape says: a mirror."""
    return <_u64>heap_allocate_slow(&mock_spans[span], &mock_shapes[<int>shape], size)

def heap_array(shape, length, span=0):
    return <_u64>heap_new_array(&mock_spans[span], &mock_shapes[<int>shape], length)

def heap_peek(address, size=4):
    cdef _u64 at = address
    if size == 1:
        return (<_u8*>at)[0]
    return (<_u32*>at)[0] if size == 4 else (<_u64*>at)[0]

def heap_poke(address, value, size=4):
    cdef _u64 at = address
    if size == 1:
        (<_u8*>at)[0] = value
    elif size == 4:
        (<_u32*>at)[0] = value
    else:
        (<_u64*>at)[0] = value

def heap_bytes(address, size):
    cdef _u64 at = address
    return (<_u8*>at)[:size]

def heap_store(address, offset, target):
    (<_u32*>(<_u64>address + <_u64>offset))[0] = ref_encode(<Object*><_u64>target)

def heap_load(address, offset):
    return <_u64>ref_decode((<_u32*>(<_u64>address + <_u64>offset))[0])

def heap_compress(address):
    return ref_encode(<Object*><_u64>address)

def heap_root(index, address):
    mock_roots[<int>index] = <Object*><_u64>address

def heap_stack_word(index, word):
    mock_stack[<int>index] = word

def heap_native_word(index, word):
    mock_native[<int>index] = word

def heap_weak(index, address):
    mock_weak[<int>index] = <Object*><_u64>address

def heap_weak_entry(index):
    return <_u64>mock_weak[<int>index]

def heap_loaded(index, address):
    mock_loaded[<int>index] = <Object*><_u64>address

def heap_holder(shape, address):
    mock_holders[<int>shape] = <Object*><_u64>address

def heap_watch_range(low, high):
    heap_watch(low, high)

def heap_watched():
    """What was found in the watched range since the last call: (address, whether compressed)."""
    found = list(last_watched)
    last_watched.clear()
    return found

def heap_set_time(milliseconds):
    global mock_time
    mock_time = milliseconds

def heap_gc(clear_soft=0):
    heap_collect(clear_soft, 0)

def heap_find(address):
    return <_u64>heap_find_object(address)

def heap_around(address):
    return <_u64>heap_object_around(address)

def heap_size_of(address):
    return heap_object_size(<Object*><_u64>address)

def heap_retire(span):
    heap_retire_span(&mock_spans[<int>span])

def heap_debug(collect_every=0, fail_after=0, verify=0, poison=0):
    heap_set_debug(collect_every, fail_after, verify, poison)

def heap_pending():
    """Take the pending list, following `discovered`; returns the References' addresses."""
    return <_u64>heap_take_pending()

def heap_is_pending():
    return heap_has_pending()

cdef void mock_collect_address(Object* o, void* argument) noexcept nogil:
    with gil:
        (<list>argument).append(<_u64>o)

def heap_objects():
    """Every object's address, in order."""
    found = []
    heap_for_each(mock_collect_address, <void*>found)
    return found

def heap_check():
    """Run heap_verify; returns (number of errors, what was reported)."""
    mock_reports.clear()
    count = heap_verify()
    return count, list(mock_reports)

def heap_reports():
    return list(mock_reports)

def heap_numbers():
    """HeapStatistics, and what the mock saw released."""
    cdef HeapStatistics s
    heap_statistics(&s)
    return {"used": s.used, "committed": s.committed, "maximum": s.maximum, "collections": s.collections,
            "allocated": s.allocated, "released": s.released, "marked": s.marked, "seen_released": mock_released}

def heap_span_room(span):
    return <_u64>mock_spans[<int>span].cursor, <_u64>mock_spans[<int>span].end

def heap_speed(shape, count):
    """Allocate `count` instances in C; returns the last address."""
    cdef _u64 i
    cdef Object* o = NULL
    cdef Shape* s = &mock_shapes[<int>shape]
    for i in range(<_u64>count):
        o = heap_new(&mock_spans[0], s)
    return <_u64>o
