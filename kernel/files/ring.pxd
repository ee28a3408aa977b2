# A byte queue in one piece of memory that grows to a limit: what pipes and stream sockets buffer with.
#
# Invariant: `used` <= `capacity` <= `limit`, unless the limit was lowered meanwhile; the bytes lie from
# `start`, wrapping at `capacity`.
# Interface: zeroed with `limit` set is empty; the owner's lock guards it.
from kernel.types cimport i64, u8, u64

cdef struct ByteRing:
    u8* bytes
    u64 capacity
    u64 limit
    u64 start
    u64 used

cdef inline u64 ring_room(ByteRing* ring) noexcept nogil:
    return ring.limit - ring.used if ring.limit > ring.used else 0

# How many of `size` bytes were put in; -ENOMEM if there is room but no memory for a single one.
cdef extern i64 ring_put(ByteRing* ring, const void* data, u64 size) noexcept nogil
cdef extern u64 ring_copy(ByteRing* ring, void* into, u64 size) noexcept nogil      # leaves them in
cdef extern u64 ring_take(ByteRing* ring, void* into, u64 size) noexcept nogil
cdef extern void ring_free(ByteRing* ring) noexcept nogil
