# A byte queue: see ring.pxd.
from kernel.types cimport i64, u8, u64
from kernel.files.errno cimport ENOMEM
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcpy

cdef enum:
    FIRST_CAPACITY = 4096


# Room for `wanted` bytes, as far as memory goes.
cdef void grow(ByteRing* ring, u64 wanted) noexcept nogil:
    cdef u64 capacity = max(ring.capacity, <u64>FIRST_CAPACITY)
    cdef u8* bytes
    cdef u64 used = ring.used
    while capacity < wanted:
        capacity *= 2
    capacity = min(capacity, ring.limit)
    if capacity <= ring.capacity:
        return
    bytes = <u8*>kmalloc(capacity)
    if bytes == NULL:
        return
    ring_copy(ring, bytes, used)
    kfree(ring.bytes)
    ring.bytes = bytes
    ring.capacity = capacity
    ring.start = 0


cdef public i64 ring_put(ByteRing* ring, const void* data, u64 size) noexcept nogil:
    cdef u64 at, first
    size = min(size, ring_room(ring))
    if size == 0:
        return 0
    if ring.used + size > ring.capacity:
        grow(ring, ring.used + size)
        size = min(size, ring.capacity - ring.used)
        if size == 0:
            return -ENOMEM
    at = ring.start + ring.used
    if at >= ring.capacity:
        at -= ring.capacity
    first = min(size, ring.capacity - at)
    memcpy(ring.bytes + at, data, first)
    memcpy(ring.bytes, <const u8*>data + first, size - first)
    ring.used += size
    return <i64>size


cdef public u64 ring_copy(ByteRing* ring, void* into, u64 size) noexcept nogil:
    cdef u64 first
    size = min(size, ring.used)
    if size == 0:
        return 0
    first = min(size, ring.capacity - ring.start)
    memcpy(into, ring.bytes + ring.start, first)
    memcpy(<u8*>into + first, ring.bytes, size - first)
    return size


cdef public u64 ring_take(ByteRing* ring, void* into, u64 size) noexcept nogil:
    size = ring_copy(ring, into, size)
    ring.used -= size
    ring.start += size
    if ring.start >= ring.capacity:
        ring.start -= ring.capacity
    if ring.used == 0:
        ring.start = 0
    return size


cdef public void ring_free(ByteRing* ring) noexcept nogil:
    kfree(ring.bytes)
    ring.bytes = NULL
    ring.capacity = ring.start = ring.used = 0
