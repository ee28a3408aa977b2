# Split virtqueues, device side (virtio 1.2 §2.7).
#
# Invariant: every address, index and length that the guest wrote is read once, checked against
# guest memory and the queue's size, and only then used.  A queue that breaks a rule is `broken`: it
# yields no more chains, and its device asks for a reset (§2.1.2).
# Interface: `virtqueue_pop` lends a Chain whose pointers are good until the matching
# `virtqueue_push`; chains may be pushed in any order.
from libc.stdint cimport uint16_t
from kernel.types cimport u8, u16, u32, u64
from runtime.devices.memory cimport GuestMemory

cdef enum:
    VIRTQUEUE_MAX = 256                  # largest queue size offered
    CHAIN_MAX = 64                       # most buffers in one chain
    # §2.7.5
    DESC_F_NEXT = 1
    DESC_F_WRITE = 2
    DESC_F_INDIRECT = 4
    # §2.7.6
    AVAIL_F_NO_INTERRUPT = 1

# Results of virtqueue_pop.
cdef enum:
    QUEUE_EMPTY = 0
    QUEUE_CHAIN = 1
    QUEUE_BROKEN = -1

cdef struct Descriptor:                  # §2.7.5
    u64 address
    u32 length
    u16 flags
    u16 next

cdef struct UsedElement:                 # §2.7.8
    u32 id
    u32 length

cdef struct Buffer:                      # layout of struct iovec
    u8* data
    size_t length

cdef struct Chain:
    u32 head
    u32 readable_count                   # buffers[0:readable_count] are for the device to read,
    u32 writable_count                   # the next writable_count for it to write
    u64 readable_bytes
    u64 writable_bytes
    Buffer buffers[CHAIN_MAX]

cdef struct Virtqueue:
    u32 size
    bint ready
    bint broken
    u16 taken                            # avail index up to which chains were popped
    u16 returned                         # used index
    u64 descriptor_address, driver_address, device_address
    Descriptor* descriptors              # checked host addresses of the three areas
    u16* driver                          # flags, idx, ring[]
    u16* device                          # flags, idx, ring of UsedElement

cdef extern int virtqueue_enable(Virtqueue* q, GuestMemory* memory) noexcept nogil    # 0, or -1: the areas are bad
cdef extern void virtqueue_reset(Virtqueue* q) noexcept nogil
cdef extern int virtqueue_pop(Virtqueue* q, GuestMemory* memory, Chain* chain) noexcept nogil
cdef extern bint virtqueue_waiting(Virtqueue* q) noexcept nogil                       # is a chain there to pop
cdef extern void virtqueue_push(Virtqueue* q, u32 head, u32 length) noexcept nogil
cdef extern bint virtqueue_wants_interrupt(Virtqueue* q) noexcept nogil
