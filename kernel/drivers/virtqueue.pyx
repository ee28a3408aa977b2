# Split virtqueue, driver side: see virtqueue.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.boot.bootinfo cimport WINDOW_SHIFT
from kernel.memory.pages cimport pages_alloc, pages_free, PAGE_SIZE, PAGE_SHIFT, PAGES_ZERO
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memset
from kernel.files.errno cimport EINVAL, EIO, ENOMEM, ENOSPC

cdef extern from *:
    """
    #define virtqueue_publish(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
    #define virtqueue_observe(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
    #define virtqueue_fence() __atomic_thread_fence(__ATOMIC_SEQ_CST)
    """
    void virtqueue_publish(u16* place, u16 value) noexcept nogil
    u16 virtqueue_observe(u16* place) noexcept nogil
    void virtqueue_fence() noexcept nogil

cdef enum:
    FLAGS = 0                            # of both rings, in u16 words: flags, idx, ring …
    INDEX = 1
    RING = 2


cdef inline u64 physical(const void* address) noexcept nogil:
    return <u64>address - (<u64>1 << WINDOW_SHIFT)


# Layout of the three parts in one run of pages, aligned as §2.7 asks: 16, 2 and 4 bytes.
cdef public int virtqueue_init(Virtqueue* queue, u16 size) noexcept nogil:
    cdef u64 table, available, used
    cdef u16 i
    memset(queue, 0, sizeof(Virtqueue))
    if size == 0 or size > VIRTQUEUE_MAX or size & (size - 1):
        return -EINVAL
    table = <u64>size * sizeof(VirtqDesc)
    available = (6 + 2 * <u64>size + 3) & ~<u64>3
    used = 6 + <u64>size * sizeof(VirtqUsedElement)
    queue.memory_pages = (table + available + used + PAGE_SIZE - 1) >> PAGE_SHIFT
    queue.memory = pages_alloc(queue.memory_pages, 1, PAGES_ZERO)
    queue.chains = <VirtqChain*>kcalloc(size, sizeof(VirtqChain))
    if queue.memory == 0 or queue.chains == NULL:
        virtqueue_destroy(queue)
        return -ENOMEM
    queue.size = size
    queue.descriptors = <VirtqDesc*>queue.memory
    queue.available = <u16*>(queue.memory + table)
    queue.used = <u16*>(queue.memory + table + available)
    for i in range(size):
        queue.descriptors[i].next = i + 1
    queue.free_count = size
    return 0


cdef public void virtqueue_destroy(Virtqueue* queue) noexcept nogil:
    if queue.memory:
        pages_free(queue.memory, queue.memory_pages)
    kfree(queue.chains)
    memset(queue, 0, sizeof(Virtqueue))


cdef public int virtqueue_add(Virtqueue* queue, const VirtqBuffer* buffers, u32 count, void* token) noexcept nogil:
    cdef u32 i
    cdef u16 head = queue.free_head
    cdef u16 at = head
    cdef u64 writable = 0
    cdef VirtqDesc* descriptor = NULL
    if queue.broken:
        return -EIO
    if count == 0 or token == NULL:
        return -EINVAL
    if count > queue.free_count:
        return -ENOSPC
    for i in range(count):
        if i and buffers[i - 1].writable and not buffers[i].writable:
            return -EINVAL               # §2.7.4.2: readable buffers come first
        if buffers[i].writable:
            writable += buffers[i].length
    if writable >> 32:
        return -EINVAL
    for i in range(count):
        descriptor = &queue.descriptors[at]
        descriptor.address = physical(buffers[i].data)
        descriptor.length = buffers[i].length
        descriptor.flags = (VIRTQ_DESC_F_WRITE if buffers[i].writable else 0) | (VIRTQ_DESC_F_NEXT if i + 1 < count else 0)
        at = descriptor.next
    queue.free_head = at
    queue.free_count -= <u16>count
    queue.chains[head].token = token
    queue.chains[head].writable = <u32>writable
    queue.chains[head].count = <u16>count
    queue.available[RING + (queue.available_index & (queue.size - 1))] = head
    queue.available_index += 1
    virtqueue_publish(&queue.available[INDEX], queue.available_index)     # §2.7.13.3: after the entry
    return 0


cdef public void* virtqueue_take(Virtqueue* queue, u32* length) noexcept nogil:
    cdef VirtqUsedElement* element
    cdef VirtqChain* chain
    cdef void* token
    cdef u32 id, written
    cdef u16 index, last, i
    if queue.broken or queue.size == 0:
        return NULL
    index = virtqueue_observe(&queue.used[INDEX])
    if index == queue.last_used:
        return NULL
    if <u16>(index - queue.last_used) > queue.size:
        queue.broken = True              # more used than there can be
        return NULL
    element = <VirtqUsedElement*>(queue.used + RING) + (queue.last_used & (queue.size - 1))
    id = element.id                      # read once: the device may change it meanwhile
    written = element.length
    if id >= queue.size or queue.chains[id].token == NULL or written > queue.chains[id].writable:
        queue.broken = True
        return NULL
    queue.last_used += 1
    chain = &queue.chains[id]
    token = chain.token
    chain.token = NULL
    last = <u16>id
    for i in range(chain.count - 1):
        last = queue.descriptors[last].next
    queue.descriptors[last].next = queue.free_head
    queue.free_head = <u16>id
    queue.free_count += chain.count
    if length != NULL:
        length[0] = written
    return token


cdef public bint virtqueue_wants_notify(Virtqueue* queue) noexcept nogil:
    virtqueue_fence()                    # §2.7.13.4: the index is out before the flag is read
    return queue.used[FLAGS] & VIRTQ_USED_F_NO_NOTIFY == 0


cdef public void virtqueue_want_interrupts(Virtqueue* queue, bint wanted) noexcept nogil:
    if queue.size:
        virtqueue_publish(&queue.available[FLAGS], 0 if wanted else VIRTQ_AVAIL_F_NO_INTERRUPT)
        virtqueue_fence()


cdef public bint virtqueue_check(Virtqueue* queue) noexcept nogil:
    cdef u32 free = 0, busy = 0, i
    cdef u16 at = queue.free_head
    for i in range(queue.size):
        if queue.chains[i].token != NULL:
            busy += queue.chains[i].count
    while free < queue.free_count:
        if at >= queue.size:
            return False
        at = queue.descriptors[at].next
        free += 1
    return free + busy == queue.size
