# Memory for class metadata: zeroed, in the window, freed only with its loader.
from kernel.types cimport u64
from jvm.loader.classes cimport LoaderData

cdef extern void* loader_alloc(LoaderData* data, u64 size) noexcept nogil        # 8-byte aligned; NULL: no memory
