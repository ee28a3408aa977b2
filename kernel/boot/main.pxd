# kernel_main: what the image does from its first C instruction on.
from kernel.boot.bootinfo cimport BootInfo

cdef extern void kernel_main(BootInfo* info) noexcept nogil
