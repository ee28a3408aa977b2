# virtio entropy device: see rng.pxd.  One request of 32 bytes, whose answer the poll puts into the pool.
from kernel.types cimport i64, u8, u32
from kernel.boot.bootinfo cimport BootInfo
from kernel.drivers.virtio cimport *
from kernel.drivers.virtqueue cimport VirtqBuffer, virtqueue_add, virtqueue_take
from kernel.memory.heap cimport kmalloc
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.events cimport events_add_device
from kernel.time.entropy cimport entropy_add
from kernel.diagnostics.log cimport log_warning
from kernel.files.errno cimport ENOMEM

cdef enum:
    SEED_SIZE = 32
    QUEUE_SIZE = 4

cdef VirtioDevice rng
cdef u8* seed


cdef void poll(void* argument) noexcept nogil:
    cdef u32 length = 0
    virtio_acknowledge(&rng)
    if virtqueue_take(&rng.queues[0], &length) != NULL:
        entropy_add(seed, length, length * 8)
        memset(seed, 0, SEED_SIZE)


cdef public void rng_init(BootInfo* info) noexcept nogil:
    global seed
    cdef u32 i
    cdef int result
    cdef VirtqBuffer buffer
    for i in range(info.device_count):
        if info.devices[i].virtio_id == VIRTIO_ENTROPY:
            break
    else:
        return
    result = virtio_open(&rng, i, VIRTIO_ENTROPY, 0, 1, QUEUE_SIZE)
    if result == 0:
        seed = <u8*>kmalloc(SEED_SIZE)
        if seed == NULL or events_add_device(poll, NULL) != 0:
            result = -ENOMEM
            virtio_fail(&rng)
    if result != 0:
        log_warning(b"entropy device %u cannot be used (%d)", i, <i64>result)
        return
    virtio_start(&rng)
    buffer.data = seed
    buffer.length = SEED_SIZE
    buffer.writable = True
    events_mask()
    if virtqueue_add(&rng.queues[0], &buffer, 1, seed) == 0:
        virtio_kick(&rng, 0)
        poll(NULL)
    events_unmask()
