# See memory.pxd.  Arenas have one owner each; a loader's may be used by any thread, so with events masked.
from kernel.types cimport u64
from kernel.memory.arena cimport arena_alloc
from kernel.threads.cpu cimport events_mask, events_unmask
from jvm.loader.classes cimport LoaderData

cdef public void* loader_alloc(LoaderData* data, u64 size) noexcept nogil:
    cdef void* memory
    events_mask()
    memory = arena_alloc(&data.arena, size)
    events_unmask()
    return memory
