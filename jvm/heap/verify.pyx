# heap_verify: walks every object and every side table and reports what does not hold.
#
# Interface: the other threads are stopped.  It must survive a corrupt heap: nothing is followed
# before it was checked.
from kernel.types cimport u8, u32, u64, i32
from jvm.heap.heap cimport *
from jvm.heap.object cimport (
    ARRAY_BASE, ARRAY_BASE_WIDE, OBJECT_HEADER, SHAPE_INSTANCE, SHAPE_LOADER, SHAPE_MIRROR, SHAPE_PRIMITIVE_ARRAY,
    SHAPE_REFERENCE, SHAPE_REF_ARRAY, Array, Object, ReferenceRun, Shape, array_refs, object_shape, ref, ref_decode, shape_kind)
from jvm.heap.space cimport *

cdef struct Check:
    int errors
    u64 after                            # end of the previous object

cdef void found(Check* check, const char* what, void* where, u64 detail) noexcept nogil:
    check.errors += 1
    if java_heap.client.report != NULL:
        java_heap.client.report(what, <u64>where, detail)

cdef void check_ref(Check* check, Object* o, ref* field) noexcept nogil:
    cdef u64 target = <u64>ref_decode(field[0])
    if field[0] != 0 and heap_find_object(target) == NULL:
        found(check, b"reference to no object", o, <u64>field - <u64>o)

cdef void check_runs(Check* check, Object* o, u64 size, ReferenceRun* runs, u32 count) noexcept nogil:
    cdef u32 i, k
    for i in range(count):
        if runs[i].offset < OBJECT_HEADER or runs[i].offset + 4 * <u64>runs[i].count > size:
            found(check, b"reference run outside of the object", o, runs[i].offset)
            return
        for k in range(runs[i].count):
            check_ref(check, o, <ref*>(<u8*>o + runs[i].offset) + k)

# The size that the object's header claims, or 0 after reporting an impossible one.
cdef u64 claimed_size(Check* check, Object* o, Shape* shape) noexcept nogil:
    cdef bint array = shape_kind(shape) == SHAPE_PRIMITIVE_ARRAY or shape_kind(shape) == SHAPE_REF_ARRAY
    cdef u64 size
    if shape_kind(shape) < SHAPE_INSTANCE or shape_kind(shape) > SHAPE_LOADER:
        found(check, b"header with no shape", o, shape_kind(shape))
        return 0
    if array and (<Array*>o).length < 0:
        found(check, b"negative array length", o, <u64>(<Array*>o).length)
        return 0
    size = heap_object_size(o)
    if size < OBJECT_HEADER or size & 7 or size > java_heap.end - <u64>o:
        found(check, b"impossible size", o, size)
        return 0
    return size

cdef void check_place(Check* check, Object* o, u64 size) noexcept nogil:
    cdef u64 offset = <u64>o - java_heap.base
    cdef Block* block = &java_heap.blocks[offset // HEAP_BLOCK]
    cdef u64 page = offset // HEAP_PAGE
    if <u64>o < check.after:
        found(check, b"overlaps the object before it", o, check.after)
    check.after = <u64>o + size
    if block.state == BLOCK_LARGE:
        if offset % HEAP_PAGE or java_heap.runs[page] != (size + HEAP_PAGE - 1) // HEAP_PAGE:
            found(check, b"large object outside of its pages", o, java_heap.runs[page])
    elif block.state == BLOCK_FREE:
        found(check, b"object in a free block", o, size)
    elif offset % HEAP_BLOCK + size > HEAP_BLOCK:
        found(check, b"small object crosses its block's end", o, size)

cdef void check_object(Object* o, void* argument) noexcept nogil:
    cdef Check* check = <Check*>argument
    cdef Shape* shape = object_shape(o)
    cdef u64 size
    cdef u32 mirror_size = 0
    cdef u32 count = 0
    cdef void* runs = NULL
    cdef i32 i
    if o.klass == 0 or (java_heap.client.shape_known != NULL and not java_heap.client.shape_known(shape)):
        found(check, b"header with no class", o, o.klass)
        return
    size = claimed_size(check, o, shape)
    if size == 0:
        return
    check_place(check, o, size)
    if shape_kind(shape) == SHAPE_REF_ARRAY:
        for i in range((<Array*>o).length):
            check_ref(check, o, &array_refs(o)[i])
        return
    if shape_kind(shape) == SHAPE_PRIMITIVE_ARRAY:
        return
    check_runs(check, o, size, shape.runs, shape.run_count)
    if shape_kind(shape) == SHAPE_REFERENCE and java_heap.discovered_offset != 0:
        check_ref(check, o, <ref*>(<u8*>o + java_heap.referent_offset))
        check_ref(check, o, <ref*>(<u8*>o + java_heap.discovered_offset))
    elif shape_kind(shape) == SHAPE_MIRROR:
        java_heap.client.mirror(o, &mirror_size, &count, &runs)
        check_runs(check, o, size, <ReferenceRun*>runs, count)

cdef void check_blocks(Check* check) noexcept nogil:
    cdef u64 index, i
    cdef u64 in_use = 0
    cdef u64* words
    cdef Block* block
    for index in range(java_heap.block_count):
        block = &java_heap.blocks[index]
        in_use += block.state != BLOCK_FREE
        if block.state > BLOCK_LARGE:
            found(check, b"block in no known state", <void*>(java_heap.base + index * HEAP_BLOCK), block.state)
        elif block.state == BLOCK_FREE and java_heap.pages[index] != 0:
            found(check, b"free block with used pages", <void*>(java_heap.base + index * HEAP_BLOCK), java_heap.pages[index])
        elif block.state != BLOCK_FREE:
            words = <u64*>(java_heap.marks + index * BITMAP_PER_BLOCK)
            for i in range(BITMAP_PER_BLOCK // 8):
                if words[i] != 0:
                    found(check, b"mark outside of a collection", <void*>(java_heap.base + index * HEAP_BLOCK + i * 512), words[i])
    if in_use != java_heap.in_use:
        found(check, b"wrong count of blocks in use", <void*>java_heap.base, in_use)

cdef void check_spans(Check* check) noexcept nogil:
    cdef Span* span = java_heap.spans
    cdef u8* p
    while span != NULL:
        p = span.cursor
        while p < span.end:
            if p[0] != 0:
                found(check, b"free memory of a span is not zero", p, p[0])
                break
            p += 1
        p = span.wide_cursor
        while p < span.wide_end:
            if p[0] != 0:
                found(check, b"free memory of a span is not zero", p, p[0])
                break
            p += 1
        span = span.next

cdef public int heap_verify() noexcept nogil:
    cdef Check check
    cdef ref r
    check.errors = 0
    check.after = java_heap.base
    check_blocks(&check)
    check_spans(&check)
    heap_for_each(check_object, &check)
    if java_heap.pending != 0 and heap_find_object(<u64>ref_decode(java_heap.pending)) == NULL:
        found(&check, b"pending list begins at no object", <void*>java_heap.base, java_heap.pending)
    return check.errors
