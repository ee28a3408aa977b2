# A program's memory: the list of its regions, mmap and its kin.
#
# There is one address space, so a mapping lies where the page allocator has room, and belongs to the
# program that made it.  MAP_FIXED replaces only what is the program's own.
#
# Invariant: regions are whole pages, in the order of addresses, without overlaps; what is in no region is
# not the program's.  `Regions.lock` guards the list.
from kernel.types cimport i64, u32, u64
from cabi.process.program cimport Process, Region

# 0 or -ENOMEM.
cdef extern int regions_add(Process* process, u64 start, u64 end, u32 access, u32 kind, u64 mapping) noexcept nogil
# The region that holds `address`, or NULL.  Without the lock it may be wrong by a moment: for reports and faults.
cdef extern Region* regions_find(Process* process, u64 address) noexcept nogil
# Gives everything back; no thread of the program is left.
cdef extern void regions_free(Process* process) noexcept nogil
cdef extern i64 memory_unmap(Process* process, u64 address, u64 length) noexcept nogil
cdef extern u64 memory_used(Process* process) noexcept nogil              # bytes
