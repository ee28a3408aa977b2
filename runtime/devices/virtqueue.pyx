# Split virtqueues, device side: see virtqueue.pxd for the invariant.
from kernel.types cimport u8, u16, u32, u64
from runtime.devices.memory cimport GuestMemory, memory_at
from runtime.devices.virtqueue cimport (AVAIL_F_NO_INTERRUPT, CHAIN_MAX, Chain, DESC_F_INDIRECT, DESC_F_NEXT,
    DESC_F_WRITE, Descriptor, QUEUE_BROKEN, QUEUE_CHAIN, QUEUE_EMPTY, UsedElement, VIRTQUEUE_MAX, Virtqueue)

cdef extern from *:
    """
    /* The guest may write the rings while we read them: every access is one atomic load or store. */
    static inline uint16_t ring_load(const uint16_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
    static inline void ring_store(uint16_t *p, uint16_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }
    static inline void ring_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
    """
    u16 ring_load(const u16* p) noexcept nogil
    void ring_store(u16* p, u16 value) noexcept nogil
    void ring_fence() noexcept nogil


cdef public void virtqueue_reset(Virtqueue* q) noexcept nogil:
    q.size = VIRTQUEUE_MAX
    q.ready = False
    q.broken = False
    q.taken = 0
    q.returned = 0
    q.descriptor_address = 0
    q.driver_address = 0
    q.device_address = 0
    q.descriptors = NULL
    q.driver = NULL
    q.device = NULL


cdef public int virtqueue_enable(Virtqueue* q, GuestMemory* memory) noexcept nogil:
    # §2.7: the size is a power of two; §2.7 table: alignments 16, 2 and 4.
    if q.size == 0 or q.size > VIRTQUEUE_MAX or q.size & (q.size - 1):
        q.broken = True
        return -1
    if q.descriptor_address & 15 or q.driver_address & 1 or q.device_address & 3:
        q.broken = True
        return -1
    q.descriptors = <Descriptor*>memory_at(memory, q.descriptor_address, <u64>q.size * sizeof(Descriptor), False)
    q.driver = <u16*>memory_at(memory, q.driver_address, 6 + 2 * <u64>q.size, False)
    q.device = <u16*>memory_at(memory, q.device_address, 6 + 8 * <u64>q.size, True)
    if q.descriptors == NULL or q.driver == NULL or q.device == NULL:
        q.broken = True
        return -1
    q.taken = 0
    q.returned = 0
    q.ready = True
    return 0


cdef public bint virtqueue_waiting(Virtqueue* q) noexcept nogil:
    return q.ready and not q.broken and ring_load(&q.driver[1]) != q.taken


cdef int spoil(Virtqueue* q) noexcept nogil:
    q.broken = True
    return QUEUE_BROKEN


cdef public int virtqueue_pop(Virtqueue* q, GuestMemory* memory, Chain* chain) noexcept nogil:
    cdef u16 waiting, slot
    cdef u32 index, seen = 0
    cdef Descriptor d
    cdef u8* data
    if q.broken:
        return QUEUE_BROKEN
    if not q.ready:
        return QUEUE_EMPTY
    waiting = ring_load(&q.driver[1]) - q.taken
    if waiting == 0:
        return QUEUE_EMPTY
    if waiting > q.size:                 # §2.7.13.3: idx counts at most size chains ahead
        return spoil(q)
    slot = 2 + (q.taken & <u16>(q.size - 1))
    index = ring_load(&q.driver[slot])
    chain.head = index
    chain.readable_count = 0
    chain.writable_count = 0
    chain.readable_bytes = 0
    chain.writable_bytes = 0
    while True:
        # §2.7.5.3.1: no chain is longer than the queue, which also ends loops.
        if index >= q.size or seen == q.size or seen == CHAIN_MAX:
            return spoil(q)
        d = q.descriptors[index]         # read once: the guest may change it under us
        if d.flags & DESC_F_INDIRECT:    # §2.7.5.3: not offered, so it must not be used
            return spoil(q)
        data = memory_at(memory, d.address, d.length, (d.flags & DESC_F_WRITE) != 0)
        if data == NULL:
            return spoil(q)
        chain.buffers[seen].data = data
        chain.buffers[seen].length = d.length
        seen += 1
        if d.flags & DESC_F_WRITE:
            chain.writable_count += 1
            chain.writable_bytes += d.length
        elif chain.writable_count:       # §2.7.4.2: readable buffers come first
            return spoil(q)
        else:
            chain.readable_count += 1
            chain.readable_bytes += d.length
        if not d.flags & DESC_F_NEXT:
            break
        index = d.next
    # §2.7.5.2: a chain holds at most 2^32 bytes.
    if chain.readable_bytes + chain.writable_bytes > <u64>1 << 32:
        return spoil(q)
    q.taken += 1
    return QUEUE_CHAIN


cdef public void virtqueue_push(Virtqueue* q, u32 head, u32 length) noexcept nogil:
    cdef UsedElement* ring = <UsedElement*>(q.device + 2)
    cdef UsedElement* used = &ring[q.returned & <u16>(q.size - 1)]
    used.id = head
    used.length = length
    q.returned += 1
    ring_store(&q.device[1], q.returned)


cdef public bint virtqueue_wants_interrupt(Virtqueue* q) noexcept nogil:
    ring_fence()                         # §2.7.7.2: look at the flag after the used index is out
    return not ring_load(&q.driver[0]) & AVAIL_F_NO_INTERRUPT
