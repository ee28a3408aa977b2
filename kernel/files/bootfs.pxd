# Boot modules as read-only files under /boot: contents stay where the monitor mapped them.
from kernel.boot.bootinfo cimport BootInfo

cdef extern int bootfs_init(BootInfo* info) noexcept nogil
