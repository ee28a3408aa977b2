# A stock x86 machine (QEMU microvm and q35, Firecracker): what kernel/boot/pvh.pyx needs of it.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport BootInfo

cdef extern void pc_start_serial() noexcept nogil
cdef extern void pc_write(const char* text, u64 length) noexcept nogil      # to the serial port
cdef extern void pc_exit(int code) noexcept nogil                           # ends the machine
cdef extern void pc_calibrate(BootInfo* info) noexcept nogil                # time stamp counter and wall clock
cdef extern void pc_find_devices(BootInfo* info) noexcept nogil             # virtio over mmio and PCI
