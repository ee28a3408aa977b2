# What all virtio devices share: see device.pxd.
from libc.string cimport memset
from kernel.types cimport u8, u32, u64
from runtime.devices.memory cimport GuestMemory
from runtime.devices.virtqueue cimport (VIRTQUEUE_MAX, Virtqueue, virtqueue_enable, virtqueue_reset,
    virtqueue_wants_interrupt)
from runtime.devices.device cimport *

cdef enum:
    MAGIC = 0x74726976                   # "virt"
    VENDOR = 0x53544D44                  # "DMTS"


cdef public void device_init(Device* device, u32 virtio_id, u32 queue_count, GuestMemory* memory,
                             void (*interrupt)(void* context) noexcept nogil, void* context) noexcept nogil:
    memset(device, 0, sizeof(Device))
    device.virtio_id = virtio_id
    device.queue_count = queue_count
    device.memory = memory
    device.offered = <u64>1 << FEATURE_VERSION_1
    device.interrupt = interrupt
    device.interrupt_context = context
    forget_driver(device)


cdef void forget_driver(Device* device) noexcept nogil:
    cdef u32 i
    device.status = 0
    device.interrupt_status = 0
    device.device_features_select = 0
    device.driver_features_select = 0
    device.queue_select = 0
    device.accepted = 0
    for i in range(device.queue_count):
        virtqueue_reset(&device.queues[i])


cdef void raise_interrupt(Device* device, u32 cause) noexcept nogil:
    device.interrupt_status |= cause
    if device.interrupt != NULL:
        device.interrupt(device.interrupt_context)


cdef public void device_used(Device* device, u32 queue) noexcept nogil:
    if virtqueue_wants_interrupt(&device.queues[queue]):
        raise_interrupt(device, INTERRUPT_USED)


cdef public void device_break(Device* device) noexcept nogil:
    # §2.1.2: tell a driver that is already running.
    if device.status & STATUS_NEEDS_RESET:
        return
    device.status |= STATUS_NEEDS_RESET
    if device.status & STATUS_DRIVER_OK:
        raise_interrupt(device, INTERRUPT_CONFIG)


cdef public void device_notify(Device* device, u32 queue) noexcept nogil:
    # §2.1.2: no buffer is consumed before DRIVER_OK, nor after a breakage.
    if queue >= device.queue_count or not device.status & STATUS_DRIVER_OK or device.status & STATUS_NEEDS_RESET:
        return
    if device.process != NULL:
        device.process(device, queue)
    if device.queues[queue].broken:
        device_break(device)


cdef Virtqueue* selected(Device* device) noexcept nogil:
    if device.queue_select >= device.queue_count:
        return NULL
    return &device.queues[device.queue_select]


cdef public u32 device_read_config(Device* device, u32 offset, u32 width) noexcept nogil:
    cdef u32 value = 0, i
    for i in range(width):
        if offset + i < device.config_size:
            value |= <u32>device.config[offset + i] << (8 * i)
    return value


cdef public u32 device_read(Device* device, u32 offset) noexcept nogil:
    cdef Virtqueue* q = selected(device)
    if offset >= REG_CONFIG:
        return device_read_config(device, offset - REG_CONFIG, 4)
    if offset == REG_MAGIC:
        return MAGIC
    elif offset == REG_VERSION:
        return 2
    elif offset == REG_DEVICE_ID:
        return device.virtio_id
    elif offset == REG_VENDOR_ID:
        return VENDOR
    elif offset == REG_DEVICE_FEATURES:
        if device.device_features_select > 1:
            return 0
        return <u32>(device.offered >> (32 * device.device_features_select))
    elif offset == REG_QUEUE_SIZE_MAX:
        return 0 if q == NULL else VIRTQUEUE_MAX
    elif offset == REG_QUEUE_READY:
        return 0 if q == NULL else q.ready
    elif offset == REG_INTERRUPT_STATUS:
        return device.interrupt_status
    elif offset == REG_STATUS:
        return device.status
    elif REG_SHM_LENGTH_LOW <= offset <= REG_SHM_BASE_HIGH:
        return 0xffffffff                # §4.2.2: no shared memory region
    return 0


cdef u64 with_low(u64 old, u32 value) noexcept nogil:
    return (old & <u64>0xffffffff00000000) | value

cdef u64 with_high(u64 old, u32 value) noexcept nogil:
    return (old & <u64>0xffffffff) | <u64>value << 32


cdef void write_status(Device* device, u32 value) noexcept nogil:
    if value == 0:                       # §2.1: reset
        forget_driver(device)
        if device.restart != NULL:
            device.restart(device)
        return
    if value & STATUS_FEATURES_OK and not device.status & STATUS_FEATURES_OK:
        # §3.1.1 step 5: keep the bit only for a subset with VERSION_1 in it (§6.1).
        if device.accepted & ~device.offered or not device.accepted >> FEATURE_VERSION_1 & 1:
            value &= ~<u32>STATUS_FEATURES_OK
    if not value & STATUS_FEATURES_OK:
        value &= ~<u32>STATUS_DRIVER_OK  # not before the features are agreed
    # §2.1.1: the driver never clears a bit, and NEEDS_RESET is not its to set.
    device.status |= value & (STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_DRIVER_OK | STATUS_FEATURES_OK | STATUS_FAILED)


cdef public void device_write(Device* device, u32 offset, u32 value) noexcept nogil:
    cdef Virtqueue* q = selected(device)
    if offset == REG_DEVICE_FEATURES_SELECT:
        device.device_features_select = value
    elif offset == REG_DRIVER_FEATURES_SELECT:
        device.driver_features_select = value
    elif offset == REG_DRIVER_FEATURES:
        if not device.status & STATUS_FEATURES_OK:
            if device.driver_features_select == 0:
                device.accepted = with_low(device.accepted, value)
            elif device.driver_features_select == 1:
                device.accepted = with_high(device.accepted, value)
    elif offset == REG_QUEUE_SELECT:
        device.queue_select = value
    elif offset == REG_QUEUE_NOTIFY:
        device_notify(device, value)
    elif offset == REG_INTERRUPT_ACK:
        device.interrupt_status &= ~value
    elif offset == REG_STATUS:
        write_status(device, value)
    elif q != NULL:
        if offset == REG_QUEUE_READY:
            if not value & 1:
                virtqueue_reset(q)
            elif not q.ready and virtqueue_enable(q, device.memory) < 0:
                device_break(device)
        elif q.ready:                    # §4.2.2.2: the areas of a live queue stay as they are
            return
        elif offset == REG_QUEUE_SIZE:
            q.size = value
        elif offset == REG_QUEUE_DESC_LOW:
            q.descriptor_address = with_low(q.descriptor_address, value)
        elif offset == REG_QUEUE_DESC_HIGH:
            q.descriptor_address = with_high(q.descriptor_address, value)
        elif offset == REG_QUEUE_DRIVER_LOW:
            q.driver_address = with_low(q.driver_address, value)
        elif offset == REG_QUEUE_DRIVER_HIGH:
            q.driver_address = with_high(q.driver_address, value)
        elif offset == REG_QUEUE_DEVICE_LOW:
            q.device_address = with_low(q.device_address, value)
        elif offset == REG_QUEUE_DEVICE_HIGH:
            q.device_address = with_high(q.device_address, value)
