# Memory for class metadata: zeroed, in the window, freed only with its record (LoaderData): a class loader's,
# or that of a hidden class that may go before its loader.
#
# Invariant: which record a page of metadata belongs to is known for every record that may go, so that an
# address found on a C stack (of a Class, a Method, anything inside) leads to what it keeps alive.  A record
# that may go lies in its own memory, and is found the same way.
from kernel.types cimport u64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport LoaderData

cdef extern void* loader_alloc(LoaderData* data, u64 size) noexcept nogil        # 8-byte aligned; NULL: no memory
# A record that may go, for about so many bytes at first; NULL: no memory.  Events masked.
cdef extern LoaderData* metadata_record(Object* loader, LoaderData* host, u64 bytes) noexcept nogil
# The record that may go and has this address; NULL: none.
cdef extern LoaderData* metadata_owner(u64 address) noexcept nogil
# Frees what is in the list of dead records (through `gray`), overwritten with `poison` where that is not 0,
# and draws the range of metadata_bounds close around what stays.  The other threads are stopped.
cdef extern void metadata_free(LoaderData* dead, LoaderData* alive, int poison) noexcept nogil
cdef extern void metadata_bounds(u64* low, u64* high) noexcept nogil             # of all pages that may go
cdef extern u64 metadata_unloadable() noexcept nogil                             # bytes of them
cdef extern void metadata_forget() noexcept nogil                                # tests: the memory is gone
