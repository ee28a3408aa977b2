# Memory-mapped files.
#
# A mapping is memory of its own with the file's bytes; whoever reads the file gets what was stored through
# mappings, and mappings get what is written to the file, as with one page cache.  Mappings of the same range,
# or of a part of another's, are the same memory; those that overlap otherwise see each other's stores
# with the next read, write, sync, map or unmap.  What was stored reaches a file system beyond the guest
# with a sync, the file's fsync, an unmap, or the guest's end.
#
# Invariant: Vnode.mappings lists the shared mappings of a vnode; it changes with Vnode.lock held, as do their
# contents on the kernel's side.
# Interface: offsets are multiples of a page.  A store beyond the end of the file, as after it was cut
# shorter, goes nowhere and faults nowhere.
from kernel.types cimport u64
from kernel.files.vfs cimport Vnode

cdef enum MappingKind:
    MAPPING_READ = 0                     # shared
    MAPPING_WRITE = 1                    # shared
    MAPPING_PRIVATE = 2                  # stores stay in the mapping

# 0 and the address, or a negative errno.
cdef extern int mapping_make(Vnode* node, u64 offset, u64 length, int kind, u64* address) noexcept nogil
cdef extern int mapping_remove(u64 address) noexcept nogil              # -EINVAL: no mapping is there
cdef extern int mapping_sync(u64 address) noexcept nogil                # of the mapping that holds the address
cdef extern void mappings_finish() noexcept nogil                       # the guest ends: everything is written

# For vfs.pyx, with Vnode.lock held, when Vnode.mappings is not NULL.
cdef extern int mapping_flush(Vnode* node, u64 offset, u64 size) noexcept nogil      # before a read or write
cdef extern void mapping_written(Vnode* node, const void* data, u64 offset, u64 size) noexcept nogil
cdef extern void mapping_truncated(Vnode* node) noexcept nogil
