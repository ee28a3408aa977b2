# Guest memory as a device sees it: a few ranges of guest-physical addresses with their host places.
#
# Invariant: no device touches guest memory but through a pointer that `memory_at` gave it for
# exactly that length; the guest's own numbers are never used as pointers.
# Interface: the monitor fills `ranges` before the guest starts and keeps them mapped until it ends.
from kernel.types cimport u8, u32, u64

cdef enum:
    MEMORY_RANGES_MAX = 264

cdef struct MemoryRange:
    u64 start                            # guest-physical
    u64 size
    u8* host                             # where `start` is mapped in this process
    bint writable

cdef struct GuestMemory:
    u32 count
    MemoryRange ranges[MEMORY_RANGES_MAX]

cdef inline int memory_add(GuestMemory* memory, u64 start, u64 size, void* host, bint writable) noexcept nogil:
    """Adds a range; returns -1 when the table is full."""
    if memory.count == MEMORY_RANGES_MAX:
        return -1
    cdef MemoryRange* r = &memory.ranges[memory.count]
    r.start = start
    r.size = size
    r.host = <u8*>host
    r.writable = writable
    memory.count += 1
    return 0

cdef inline u8* memory_at(GuestMemory* memory, u64 address, u64 length, bint write) noexcept nogil:
    """Returns the host address of [address, address + length), or NULL if any byte is outside."""
    cdef u32 i
    cdef u64 offset
    cdef MemoryRange* r
    for i in range(memory.count):
        r = &memory.ranges[i]
        offset = address - r.start       # wraps to a huge number below the start
        if address >= r.start and offset <= r.size and length <= r.size - offset:
            if write and not r.writable:
                return NULL
            return r.host + offset
    return NULL
