# Boot modules as read-only files under /boot: contents stay where the monitor mapped them.
# A module whose name ends in '/' is a folder of files (runtime/boot_folder.py writes it): records, an empty one behind
# the last, then the contents, each on a page of its own, so that a file can be mapped.
from kernel.types cimport u64
from kernel.boot.bootinfo cimport BootInfo

cdef struct BootFile:
    u64 record                           # bytes to the next record, a multiple of 8; 0 ends them
    u64 offset, size                     # of the contents, in the module
    # Its path in the folder follows, with NULs up to the next record; a directory's ends in '/'.

cdef extern int bootfs_init(BootInfo* info) noexcept nogil
