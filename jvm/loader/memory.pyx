# See memory.pxd.  Arenas have one owner each; a loader's may be used by any thread, so with events masked.
from kernel.types cimport u64
from kernel.memory.arena cimport arena_alloc
from kernel.threads.cpu cimport events_mask, events_unmask
from jvm.heap.object cimport Object
from jvm.loader.classes cimport LoaderData, LoaderObjects

cdef public void* loader_alloc(LoaderData* data, u64 size) noexcept nogil:
    cdef void* memory
    events_mask()
    memory = arena_alloc(&data.arena, size)
    events_unmask()
    return memory

cdef public int loader_keep(LoaderData* data, Object* object) noexcept nogil:
    cdef LoaderObjects* chunk
    cdef int result = 0
    events_mask()
    chunk = data.objects
    if chunk == NULL or chunk.count == 62:
        chunk = <LoaderObjects*>arena_alloc(&data.arena, sizeof(LoaderObjects))
        if chunk != NULL:
            chunk.next = data.objects
            data.objects = chunk
    if chunk == NULL:
        result = -1
    else:
        chunk.objects[chunk.count] = object
        chunk.count += 1
    events_unmask()
    return result
