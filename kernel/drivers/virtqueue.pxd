# Split virtqueue, driver side (virtio 1.2 §2.7).
#
# Invariant: each descriptor is either on the free list or belongs to exactly one chain in flight, whose
# head's `token` is not NULL.  Nothing that the device writes is believed: a used id must be the head of
# a chain in flight and its length at most what the chain's writable buffers hold, else the queue is
# `broken` and gives nothing more.
#
# Interface: one owner, events masked.  Buffers must stay valid and unmoved until they come back.
# Addresses given to the device are physical: virtual - WINDOW.
from kernel.types cimport u16, u32, u64

cdef enum:
    VIRTQ_DESC_F_NEXT = 1                # §2.7.5
    VIRTQ_DESC_F_WRITE = 2
    VIRTQ_AVAIL_F_NO_INTERRUPT = 1       # §2.7.6
    VIRTQ_USED_F_NO_NOTIFY = 1           # §2.7.8
    VIRTQUEUE_MAX = 256                  # descriptors that one of our queues uses at most

cdef struct VirtqDesc:
    u64 address
    u32 length
    u16 flags
    u16 next

cdef struct VirtqUsedElement:
    u32 id
    u32 length

cdef struct VirtqChain:
    void* token                          # the caller's name for a chain in flight; NULL: not a head
    u32 writable                         # bytes that the device may write
    u16 count                            # descriptors of the chain

cdef struct Virtqueue:
    u16 size
    u16 free_head
    u16 free_count
    u16 last_used
    u16 available_index
    bint broken
    VirtqDesc* descriptors
    u16* available                       # flags, idx, ring[size], used_event
    u16* used                            # flags, idx, then elements at +4 bytes, avail_event
    VirtqChain* chains
    u64 memory                           # pages holding all of it
    u64 memory_pages

# One buffer of a chain; readable ones come first (§2.7.4.2).
cdef struct VirtqBuffer:
    void* data
    u32 length
    bint writable

cdef extern int virtqueue_init(Virtqueue* queue, u16 size) noexcept nogil        # 0, -EINVAL, -ENOMEM
cdef extern void virtqueue_destroy(Virtqueue* queue) noexcept nogil
cdef extern int virtqueue_add(Virtqueue* queue, const VirtqBuffer* buffers, u32 count, void* token) noexcept nogil   # 0, -ENOSPC, -EINVAL, -EIO
cdef extern void* virtqueue_take(Virtqueue* queue, u32* length) noexcept nogil   # the token of a used chain, or NULL
cdef extern bint virtqueue_wants_notify(Virtqueue* queue) noexcept nogil
# Ask for an interrupt when chains come back, or for none (§2.7.7: a hint); look at the queue after asking.
cdef extern void virtqueue_want_interrupts(Virtqueue* queue, bint wanted) noexcept nogil
cdef extern bint virtqueue_check(Virtqueue* queue) noexcept nogil
