# Memory for class metadata: zeroed, in the window, freed only with its loader.
from kernel.types cimport u64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport LoaderData

cdef extern void* loader_alloc(LoaderData* data, u64 size) noexcept nogil        # 8-byte aligned; NULL: no memory
# Keeps an object alive as long as the loader.  0, or -1: no memory.
cdef extern int loader_keep(LoaderData* data, Object* object) noexcept nogil
