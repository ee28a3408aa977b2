# Virtio device initialisation: see virtio.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.boot.bootinfo cimport WINDOW_SHIFT
from kernel.platform.platform cimport platform_device_read, platform_device_write, platform_device_notify
from kernel.drivers.virtqueue cimport *
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.files.errno cimport EIO, ENODEV, EINVAL
from kernel.memory.string cimport memset

# Register offsets, virtio 1.2 §4.2.2
cdef enum:
    REG_MAGIC = 0x000
    REG_VERSION = 0x004
    REG_DEVICE_ID = 0x008
    REG_DEVICE_FEATURES = 0x010
    REG_DEVICE_FEATURES_SELECT = 0x014
    REG_DRIVER_FEATURES = 0x020
    REG_DRIVER_FEATURES_SELECT = 0x024
    REG_QUEUE_SELECT = 0x030
    REG_QUEUE_SIZE_MAX = 0x034
    REG_QUEUE_SIZE = 0x038
    REG_QUEUE_READY = 0x044
    REG_INTERRUPT_STATUS = 0x060
    REG_INTERRUPT_ACK = 0x064
    REG_STATUS = 0x070
    REG_QUEUE_DESC = 0x080
    REG_QUEUE_DRIVER = 0x090
    REG_QUEUE_DEVICE = 0x0A0
    REG_CONFIG = 0x100
    MAGIC = 0x74726976                   # "virt"
    VERSION = 2
    RESET_TRIES = 100000

# Device status, §2.1
cdef enum:
    STATUS_ACKNOWLEDGE = 1
    STATUS_DRIVER = 2
    STATUS_DRIVER_OK = 4
    STATUS_FEATURES_OK = 8
    STATUS_FAILED = 128


cdef inline u32 read(u32 device, u32 offset) noexcept nogil:
    return platform_device_read(device, offset)

cdef inline void write(u32 device, u32 offset, u32 value) noexcept nogil:
    platform_device_write(device, offset, value)

cdef void write_address(u32 device, u32 offset, const void* address) noexcept nogil:
    cdef u64 physical = <u64>address - (<u64>1 << WINDOW_SHIFT)
    write(device, offset, <u32>physical)
    write(device, offset + 4, <u32>(physical >> 32))


cdef void add_status(u32 device, u32 bits) noexcept nogil:
    write(device, REG_STATUS, read(device, REG_STATUS) | bits)


cdef public void virtio_fail(VirtioDevice* device) noexcept nogil:
    events_mask()
    add_status(device.device, STATUS_FAILED)
    events_unmask()


cdef public void virtio_stop(VirtioDevice* device) noexcept nogil:
    events_mask()
    write(device.device, REG_STATUS, 0)
    events_unmask()


# The steps of §3.1.1; events masked.
cdef int initialise(VirtioDevice* into, u32 virtio_id, u64 wanted, u32 queues, u16 queue_size) noexcept nogil:
    cdef u32 device = into.device
    cdef u32 i, most, tries = 0
    cdef u16 size
    cdef u64 offered
    cdef int result
    if read(device, REG_MAGIC) != MAGIC or read(device, REG_VERSION) != VERSION \
            or read(device, REG_DEVICE_ID) != virtio_id:
        return -ENODEV
    write(device, REG_STATUS, 0)                                          # 1. reset
    while read(device, REG_STATUS) != 0:
        tries += 1
        if tries == RESET_TRIES:
            return -EIO
    add_status(device, STATUS_ACKNOWLEDGE)                                # 2.
    add_status(device, STATUS_DRIVER)                                     # 3.
    write(device, REG_DEVICE_FEATURES_SELECT, 0)                          # 4.
    offered = read(device, REG_DEVICE_FEATURES)
    write(device, REG_DEVICE_FEATURES_SELECT, 1)
    offered |= <u64>read(device, REG_DEVICE_FEATURES) << 32
    into.features = offered & (wanted | <u64>1 << VIRTIO_F_VERSION_1)
    if into.features >> VIRTIO_F_VERSION_1 & 1 == 0:
        return -ENODEV                   # a legacy device
    write(device, REG_DRIVER_FEATURES_SELECT, 0)
    write(device, REG_DRIVER_FEATURES, <u32>into.features)
    write(device, REG_DRIVER_FEATURES_SELECT, 1)
    write(device, REG_DRIVER_FEATURES, <u32>(into.features >> 32))
    add_status(device, STATUS_FEATURES_OK)                                # 5.
    if read(device, REG_STATUS) & STATUS_FEATURES_OK == 0:                # 6.
        return -ENODEV
    for i in range(queues):                                               # 7. §4.2.3.2
        write(device, REG_QUEUE_SELECT, i)
        if read(device, REG_QUEUE_READY) != 0:
            return -EIO
        most = read(device, REG_QUEUE_SIZE_MAX)
        if most == 0:
            return -ENODEV
        size = queue_size
        while size > most:
            size >>= 1
        result = virtqueue_init(&into.queues[i], size)
        if result != 0:
            return result
        into.queue_count = i + 1
        write(device, REG_QUEUE_SIZE, size)
        write_address(device, REG_QUEUE_DESC, into.queues[i].descriptors)
        write_address(device, REG_QUEUE_DRIVER, into.queues[i].available)
        write_address(device, REG_QUEUE_DEVICE, into.queues[i].used)
        write(device, REG_QUEUE_READY, 1)
    return 0


cdef public int virtio_open(VirtioDevice* into, u32 device, u32 virtio_id, u64 wanted, u32 queues, u16 queue_size) noexcept nogil:
    cdef int result
    cdef u32 i
    if queues > VIRTIO_QUEUES_MAX:
        return -EINVAL
    memset(into, 0, sizeof(VirtioDevice))
    into.device = device
    into.virtio_id = virtio_id
    events_mask()
    result = initialise(into, virtio_id, wanted, queues, queue_size)
    if result != 0:
        add_status(device, STATUS_FAILED)
        for i in range(into.queue_count):
            virtqueue_destroy(&into.queues[i])
        into.queue_count = 0
    events_unmask()
    return result


cdef public void virtio_start(VirtioDevice* device) noexcept nogil:
    events_mask()
    add_status(device.device, STATUS_DRIVER_OK)                           # 8.
    events_unmask()


cdef public void virtio_kick(VirtioDevice* device, u32 queue) noexcept nogil:
    events_mask()
    if virtqueue_wants_notify(&device.queues[queue]):
        platform_device_notify(device.device, queue)
    events_unmask()


cdef public u32 virtio_acknowledge(VirtioDevice* device) noexcept nogil:
    cdef u32 bits
    events_mask()
    bits = read(device.device, REG_INTERRUPT_STATUS)
    if bits:
        write(device.device, REG_INTERRUPT_ACK, bits)
    events_unmask()
    return bits


cdef public u32 virtio_config32(VirtioDevice* device, u32 offset) noexcept nogil:
    cdef u32 value
    events_mask()
    value = read(device.device, REG_CONFIG + offset)
    events_unmask()
    return value
