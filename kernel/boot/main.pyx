from kernel.boot.bootinfo cimport BootInfo, BOOTINFO_MAGIC
from kernel.platform.platform cimport platform_init, platform_print, platform_exit

cdef public void kernel_main(BootInfo* info) noexcept nogil:
    platform_init(info)
    platform_print(b"hello from the image\n", 21)
    platform_exit(0)
