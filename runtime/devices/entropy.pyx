# Virtio entropy device: see entropy.pxd.
from kernel.types cimport u32
from runtime.devices.device cimport Device, VIRTIO_ENTROPY, device_init, device_used
from runtime.devices.memory cimport GuestMemory
from runtime.devices.virtqueue cimport Chain, QUEUE_CHAIN, virtqueue_pop, virtqueue_push

cdef extern from "<sys/random.h>" nogil:
    ssize_t getrandom(void* data, size_t length, unsigned int flags)


cdef void process(Device* device, u32 queue) noexcept nogil:
    cdef Chain chain
    cdef u32 i, total
    cdef ssize_t got
    cdef bint used = False
    while virtqueue_pop(&device.queues[queue], device.memory, &chain) == QUEUE_CHAIN:
        total = 0
        for i in range(chain.readable_count, chain.readable_count + chain.writable_count):
            got = getrandom(chain.buffers[i].data, chain.buffers[i].length, 0)
            if got > 0:
                total += <u32>got
            if got < <ssize_t>chain.buffers[i].length:
                break                    # §5.4.6.1: fewer bytes than asked for are in order
        virtqueue_push(&device.queues[queue], chain.head, total)
        used = True
    if used:
        device_used(device, queue)


cdef public void entropy_init(Device* device, GuestMemory* memory,
                              void (*interrupt)(void* context) noexcept nogil, void* context) noexcept nogil:
    device_init(device, VIRTIO_ENTROPY, 1, memory, interrupt, context)
    device.process = process
