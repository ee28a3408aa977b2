# kernel_main: what the image does from its first C instruction on, and its orderly end.
from kernel.boot.bootinfo cimport BootInfo

cdef extern void kernel_main(BootInfo* info) noexcept nogil
cdef extern BootInfo* kernel_boot_info() noexcept nogil
cdef extern void kernel_exit(int code) noexcept nogil                   # flushes the consoles and ends the guest
