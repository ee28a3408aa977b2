# Virtio devices: initialisation (virtio 1.2 §3.1) over the register layout of §4.2.2.
#
# Invariant: DRIVER_OK is set only when features are agreed and all queues are live; any failure before
# leaves the device with FAILED set.
from kernel.types cimport u8, u16, u32, u64
from kernel.drivers.virtqueue cimport Virtqueue

cdef enum:
    VIRTIO_QUEUES_MAX = 4

cdef enum VirtioId:                      # §5
    VIRTIO_NETWORK = 1
    VIRTIO_BLOCK = 2
    VIRTIO_CONSOLE = 3
    VIRTIO_ENTROPY = 4
    VIRTIO_9P = 9

cdef enum:
    VIRTIO_F_VERSION_1 = 32              # feature bit, §6

cdef struct VirtioDevice:
    u32 device                           # boot device number
    u32 virtio_id
    u64 features                         # agreed
    u32 queue_count
    Virtqueue queues[VIRTIO_QUEUES_MAX]

# Resets the device, agrees on (offered & wanted) | VERSION_1, sets up `queues` queues of at most
# `queue_size` descriptors; the device runs after virtio_start.  0 or a negative errno.
cdef extern int virtio_open(VirtioDevice* into, u32 device, u32 virtio_id, u64 wanted, u32 queues, u16 queue_size) noexcept nogil
cdef extern void virtio_start(VirtioDevice* device) noexcept nogil
cdef extern void virtio_kick(VirtioDevice* device, u32 queue) noexcept nogil     # notify if the device wants to know
cdef extern u32 virtio_acknowledge(VirtioDevice* device) noexcept nogil          # reads and clears InterruptStatus
cdef extern u32 virtio_config32(VirtioDevice* device, u32 offset) noexcept nogil
cdef extern void virtio_fail(VirtioDevice* device) noexcept nogil
cdef extern void virtio_stop(VirtioDevice* device) noexcept nogil                 # reset: it forgets its queues and buffers
