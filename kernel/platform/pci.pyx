# Virtio over PCI: see pci.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.boot.bootinfo cimport (BOOT_DEVICES_MAX, BootDevice, BootInfo, EVENT_DEVICE, TRANSPORT_PCI, WINDOW_SHIFT)
from kernel.platform.cpu cimport mmio_read32, mmio_write32, port_read32, port_write32

cdef extern from *:
    """
    static inline unsigned char pci_get8(unsigned long at) { return *(volatile unsigned char *)at; }
    static inline void pci_set8(unsigned long at, unsigned char v) { *(volatile unsigned char *)at = v; }
    static inline unsigned short pci_get16(unsigned long at) { return *(volatile unsigned short *)at; }
    static inline void pci_set16(unsigned long at, unsigned short v) { *(volatile unsigned short *)at = v; }
    """
    u8 pci_get8(u64 at) noexcept nogil
    void pci_set8(u64 at, u8 value) noexcept nogil
    u16 pci_get16(u64 at) noexcept nogil
    void pci_set16(u64 at, u16 value) noexcept nogil

cdef enum:
    ADDRESS = 0xcf8
    DATA = 0xcfc
    VIRTIO_VENDOR = 0x1af4
    VIRTIO_TRANSITIONAL = 0x1000
    VIRTIO_MODERN = 0x1040               # device id minus virtio id
    CAPABILITY_VENDOR = 9
    # §4.1.4: cfg_type
    COMMON = 1
    NOTIFY = 2
    ISR = 3
    CONFIG = 4
    DEVICES_MAX = 16

cdef struct PciDevice:
    u32 virtio_id
    u32 notify_multiplier
    u64 common, notify, isr, config      # guest-virtual

cdef PciDevice devices[DEVICES_MAX]
cdef u32 device_count


cdef u32 read_config(u32 function, u32 offset) noexcept nogil:
    port_write32(ADDRESS, <u32>0x80000000 | function << 8 | (offset & 0xfc))
    return port_read32(DATA)

cdef void write_config(u32 function, u32 offset, u32 value) noexcept nogil:
    port_write32(ADDRESS, <u32>0x80000000 | function << 8 | (offset & 0xfc))
    port_write32(DATA, value)


cdef u64 bar_address(u32 function, u32 bar) noexcept nogil:
    """Guest-virtual address of a memory BAR, or 0 if it is none or lies beyond the window's 4 GiB."""
    cdef u32 low
    if bar > 5:
        return 0
    low = read_config(function, 0x10 + 4 * bar)
    if low & 1 or low & ~<u32>15 == 0:
        return 0
    if low & 4 and read_config(function, 0x14 + 4 * bar):
        return 0
    return (<u64>1 << WINDOW_SHIFT) + (low & ~<u32>15)


cdef void add(BootInfo* info, u32 function, u32 virtio_id) noexcept nogil:
    global device_count
    cdef PciDevice* device = &devices[device_count]
    cdef BootDevice* entry
    cdef u32 at = read_config(function, 0x34) & 0xfc, head, guard = 0
    cdef u64 place
    if device_count == DEVICES_MAX or info.device_count == BOOT_DEVICES_MAX:
        return
    device.virtio_id = virtio_id
    while at and guard < 48:             # §4.1.4: the capabilities say where the structures are
        guard += 1
        head = read_config(function, at)
        if head & 0xff == CAPABILITY_VENDOR:
            place = bar_address(function, read_config(function, at + 4) & 0xff)
            if place:
                place += read_config(function, at + 8)
                if head >> 24 == COMMON:
                    device.common = place
                elif head >> 24 == NOTIFY:
                    device.notify = place
                    device.notify_multiplier = read_config(function, at + 16)
                elif head >> 24 == ISR:
                    device.isr = place
                elif head >> 24 == CONFIG:
                    device.config = place
        at = head >> 8 & 0xfc
    if not device.common or not device.notify or not device.isr:
        return
    write_config(function, 4, read_config(function, 4) & 0xffff | 0x406)     # memory, master, no INTx
    entry = &info.devices[info.device_count]
    entry.virtio_id = virtio_id
    entry.transport = TRANSPORT_PCI
    entry.interrupt = EVENT_DEVICE
    entry.address = device_count
    info.device_count += 1
    device_count += 1


cdef public bint pci_find(BootInfo* info) noexcept nogil:
    cdef u32 slot, function, identity
    if read_config(0, 0) == <u32>-1:
        return False
    for slot in range(32):
        for function in range(8):
            identity = read_config(slot << 3 | function, 0)
            if identity & 0xffff == VIRTIO_VENDOR:
                # §4.1.2.1; a transitional device (§4.1.2.3) has its id in the subsystem, and is driven as modern.
                if identity >> 16 >= VIRTIO_MODERN:
                    add(info, slot << 3 | function, (identity >> 16) - VIRTIO_MODERN)
                elif identity >> 16 >= VIRTIO_TRANSITIONAL:
                    add(info, slot << 3 | function, read_config(slot << 3 | function, 0x2c) >> 16)
            if function == 0 and not read_config(slot << 3, 0x0c) >> 16 & 0x80:
                break                    # one function only
    return True


# Offsets of §4.2.2 on the left, of struct virtio_pci_common_cfg (§4.1.4.3) on the right.
cdef public u32 pci_read(u64 index, u32 offset) noexcept nogil:
    cdef PciDevice* d = &devices[index]
    if offset == 0x000:
        return 0x74726976
    elif offset == 0x004:
        return 2
    elif offset == 0x008:
        return d.virtio_id
    elif offset == 0x010:
        return mmio_read32(d.common + 0x04)
    elif offset == 0x034:
        return pci_get16(d.common + 0x18)
    elif offset == 0x044:
        return pci_get16(d.common + 0x1c)
    elif offset == 0x060:
        return pci_get8(d.isr)           # reading acknowledges
    elif offset == 0x070:
        return pci_get8(d.common + 0x14)
    elif offset == 0x0fc:
        return pci_get8(d.common + 0x15)
    elif offset >= 0x100 and d.config:
        return mmio_read32(d.config + offset - 0x100)
    return 0


cdef public void pci_write(u64 index, u32 offset, u32 value) noexcept nogil:
    cdef PciDevice* d = &devices[index]
    if offset == 0x014:
        mmio_write32(d.common + 0x00, value)
    elif offset == 0x020:
        mmio_write32(d.common + 0x0c, value)
    elif offset == 0x024:
        mmio_write32(d.common + 0x08, value)
    elif offset == 0x030:
        pci_set16(d.common + 0x16, <u16>value)
    elif offset == 0x038:
        pci_set16(d.common + 0x18, <u16>value)
    elif offset == 0x044:
        pci_set16(d.common + 0x1c, <u16>value)
    elif offset == 0x050:                # §4.1.5.2: each queue has a doorbell of its own
        pci_set16(d.common + 0x16, <u16>value)
        pci_set16(d.notify + <u64>pci_get16(d.common + 0x1e) * d.notify_multiplier, <u16>value)
    elif offset == 0x070:
        pci_set8(d.common + 0x14, <u8>value)
    elif 0x080 <= offset <= 0x084:
        mmio_write32(d.common + 0x20 + (offset & 4), value)
    elif 0x090 <= offset <= 0x094:
        mmio_write32(d.common + 0x28 + (offset & 4), value)
    elif 0x0a0 <= offset <= 0x0a4:
        mmio_write32(d.common + 0x30 + (offset & 4), value)
