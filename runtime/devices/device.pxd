# What all virtio devices share: status, feature negotiation, queues, and the register block.
#
# Registers are numbered as virtio-mmio version 2 lays them out (virtio 1.2 §4.2.2); the process
# home calls `device_read`/`device_write` directly, the kvm home on an mmio exit.
#
# Invariant: a write that breaks the protocol leaves the device either unchanged or asking for a
# reset (DEVICE_NEEDS_RESET, §2.1.2); it never reaches beyond its own Device and guest memory.
# Interface: a concrete device embeds Device as its first member, calls `device_init`, then fills
# in `process`, `restart` and its configuration space.  One thread at a time uses a device.
from kernel.types cimport u8, u32, u64
from runtime.devices.memory cimport GuestMemory
from runtime.devices.virtqueue cimport Virtqueue

cdef enum:
    DEVICE_QUEUES_MAX = 4
    DEVICE_CONFIG_MAX = 64

# Offsets of §4.2.2, table 4.1.
cdef enum DeviceRegister:
    REG_MAGIC = 0x000
    REG_VERSION = 0x004
    REG_DEVICE_ID = 0x008
    REG_VENDOR_ID = 0x00c
    REG_DEVICE_FEATURES = 0x010
    REG_DEVICE_FEATURES_SELECT = 0x014
    REG_DRIVER_FEATURES = 0x020
    REG_DRIVER_FEATURES_SELECT = 0x024
    REG_QUEUE_SELECT = 0x030
    REG_QUEUE_SIZE_MAX = 0x034
    REG_QUEUE_SIZE = 0x038
    REG_QUEUE_READY = 0x044
    REG_QUEUE_NOTIFY = 0x050
    REG_INTERRUPT_STATUS = 0x060
    REG_INTERRUPT_ACK = 0x064
    REG_STATUS = 0x070
    REG_QUEUE_DESC_LOW = 0x080
    REG_QUEUE_DESC_HIGH = 0x084
    REG_QUEUE_DRIVER_LOW = 0x090
    REG_QUEUE_DRIVER_HIGH = 0x094
    REG_QUEUE_DEVICE_LOW = 0x0a0
    REG_QUEUE_DEVICE_HIGH = 0x0a4
    REG_SHM_LENGTH_LOW = 0x0b0
    REG_SHM_BASE_HIGH = 0x0bc
    REG_CONFIG_GENERATION = 0x0fc
    REG_CONFIG = 0x100

# Device status bits, §2.1.
cdef enum DeviceStatus:
    STATUS_ACKNOWLEDGE = 1
    STATUS_DRIVER = 2
    STATUS_DRIVER_OK = 4
    STATUS_FEATURES_OK = 8
    STATUS_NEEDS_RESET = 64
    STATUS_FAILED = 128

# Interrupt status bits, §4.2.2.
cdef enum:
    INTERRUPT_USED = 1
    INTERRUPT_CONFIG = 2

# Feature bits of §6 that this side knows, as shifts.
cdef enum:
    FEATURE_VERSION_1 = 32

# Virtio device ids, §5.
cdef enum:
    VIRTIO_CONSOLE = 3
    VIRTIO_ENTROPY = 4
    VIRTIO_9P = 9

cdef struct Device:
    u32 virtio_id
    u32 status
    u32 interrupt_status
    u32 device_features_select, driver_features_select
    u32 queue_select
    u32 queue_count
    u64 offered, accepted                # feature bits
    Virtqueue queues[DEVICE_QUEUES_MAX]
    u32 config_size
    u8 config[DEVICE_CONFIG_MAX]
    GuestMemory* memory
    void (*process)(Device* device, u32 queue) noexcept nogil    # work through a notified queue
    void (*restart)(Device* device) noexcept nogil               # forget what belonged to the old driver
    void (*interrupt)(void* context) noexcept nogil              # the monitor's sink
    void* interrupt_context

cdef extern void device_init(Device* device, u32 virtio_id, u32 queue_count, GuestMemory* memory,
                             void (*interrupt)(void* context) noexcept nogil, void* context) noexcept nogil
cdef extern u32 device_read(Device* device, u32 offset) noexcept nogil
cdef extern void device_write(Device* device, u32 offset, u32 value) noexcept nogil
cdef extern u32 device_read_config(Device* device, u32 offset, u32 width) noexcept nogil   # 1, 2 or 4 bytes
cdef extern void device_notify(Device* device, u32 queue) noexcept nogil
# For concrete devices: the used ring of `queue` has news; the device met a broken queue.
cdef extern void device_used(Device* device, u32 queue) noexcept nogil
cdef extern void device_break(Device* device) noexcept nogil
