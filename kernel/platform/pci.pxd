# Virtio over PCI (virtio 1.2 §4.1), seen as the mmio register block of §4.2.2.
#
# Invariant: the drivers know one register layout; this file turns each access into its PCI counterpart.
# Interface: `pci_find` fills BootDevice entries with TRANSPORT_PCI and an index as address; the others
# take that index.  Configuration goes through ports 0xCF8/0xCFC (PCI 3.0 §3.2.2.3.2), bus 0 only.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport BootInfo

cdef extern bint pci_find(BootInfo* info) noexcept nogil             # whether there is PCI at all
cdef extern u32 pci_read(u64 index, u32 offset) noexcept nogil
cdef extern void pci_write(u64 index, u32 offset, u32 value) noexcept nogil
