# See unloading.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.diagnostics.trace cimport trace_on
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.pages cimport PAGE_SIZE, pages_available
from kernel.memory.string cimport memcpy
from jvm.heap.heap cimport HEAP_CAUSE_METADATA, HEAP_POISON, heap_collect, heap_mark_root, heap_poisons, heap_watch
from jvm.heap.object cimport SHAPE_MIRROR, SHAPE_UNLOADABLE, object_shape, shape_kind
from jvm.interpreter.quicken cimport super_methods_purge
from jvm.loader.classes cimport (ConstantPool, Link, RESOLVED_DYNAMIC, RESOLVED_ERROR, RESOLVED_METHOD_HANDLE,
                                 RESOLVED_METHOD_TYPE, RESOLVED_STRING, class_of)
from jvm.loader.constraints cimport constraints_purge
from jvm.loader.dictionary cimport dictionary_drop
from jvm.loader.loader cimport loader_boot, loader_known, loader_records, mirror_class
from jvm.loader.memory cimport metadata_bounds, metadata_free, metadata_owner, metadata_unloadable
from jvm.loader.module_graph cimport modules_mark, modules_purge
from jvm.runtime.observe cimport OBSERVE_CLASS, observe_class_unloaded, observed_topics
from jvm.runtime.statistics cimport statistics_purge

cdef enum:
    # Metadata that may come before a collection looks for what can go: so much, or half of what stayed.
    GROWTH = 8388608
    GROWTH_SHORT = 524288                # when memory is short …
    SHORT = 4194304                      # … which is when so little is left
    RESOLVED_BITS = 0x4040404040404040   # of eight tags: resolved ones are 64 and more, the class file's less

cdef LoaderData* gray                    # marked, but what they hold is not
cdef bint visiting
cdef u64 stayed                          # bytes that may go and stayed at the last collection
cdef Unloaded gone

# --- marking -----------------------------------------------------------------------------------------
cdef inline void mark_owner(Class* klass) noexcept nogil:
    if klass.shape.kind & SHAPE_UNLOADABLE:
        loader_data_mark(klass.owner)

cdef inline void visit_entry(ConstantPool* pool, u32 index) noexcept nogil:
    cdef u8 tag = pool.tags[index]
    if tag == RESOLVED_STRING or tag == RESOLVED_METHOD_HANDLE or tag == RESOLVED_METHOD_TYPE \
            or tag == RESOLVED_DYNAMIC or tag == RESOLVED_ERROR:
        heap_mark_root(pool.values[index].object)

# Most entries of most pools are never resolved, and each collection comes here: eight tags at a time.
cdef void visit_pool(ConstantPool* pool) noexcept nogil:
    cdef u32 index = 0
    cdef u32 place
    cdef u64 tags
    while index + 8 <= pool.count:
        memcpy(&tags, pool.tags + index, 8)
        if tags & RESOLVED_BITS:
            for place in range(index, index + 8):
                visit_entry(pool, place)
        index += 8
    while index < pool.count:
        visit_entry(pool, index)
        index += 1

cdef void visit_class(Class* klass) noexcept nogil:
    cdef Link* link = klass.links
    heap_mark_root(klass.mirror)
    heap_mark_root(klass.init_error)
    heap_mark_root(klass.module)
    heap_mark_root(klass.class_data)
    if klass.nest_host != NULL:
        mark_owner(klass.nest_host)
    if klass.pool.objects:
        visit_pool(&klass.pool)
    while link != NULL:
        heap_mark_root(link.appendix)
        heap_mark_root(link.error)
        if link.method != NULL:
            mark_owner(link.method.holder)
        link = link.next

cdef void visit_record(LoaderData* data) noexcept nogil:
    cdef Class* klass = data.classes
    cdef u32 index
    heap_mark_root(data.object)
    if data.host != NULL:
        loader_data_mark(data.host)
    while klass != NULL:
        visit_class(klass)
        klass = klass.next_in_loader
    if data.foreign:
        for index in range(data.entry_capacity):
            if data.entries[index].klass != NULL:
                loader_data_mark(data.entries[index].klass.owner)
    modules_mark(data)

# Without recursion: what is marked while a record is visited waits in a list.
cdef public void loader_data_mark(LoaderData* data) noexcept nogil:
    global gray, visiting
    if data.permanent or data.marked:
        return
    data.marked = 1
    data.gray = gray
    gray = data
    if visiting:
        return
    visiting = True
    while gray != NULL:
        data = gray
        gray = data.gray
        visit_record(data)
    visiting = False

cdef public void unloading_roots() noexcept nogil:
    cdef LoaderData* data = loader_records()[0]
    cdef u64 low, high
    metadata_bounds(&low, &high)
    heap_watch(low, high)
    visit_record(loader_boot())
    while data != NULL:
        if data.permanent:
            visit_record(data)
        data = data.next

cdef public void unloading_instance(Object* o) noexcept nogil:
    cdef Class* klass = class_of(o)
    if shape_kind(object_shape(o)) == SHAPE_MIRROR:
        klass = mirror_class(o)
        if klass == NULL:
            return
    mark_owner(klass)

cdef public void unloading_loader(Object* loader) noexcept nogil:
    cdef LoaderData* data = loader_known(loader)
    if data != NULL:
        loader_data_mark(data)

cdef public void unloading_watched(u64 address, bint compressed) noexcept nogil:
    cdef LoaderData* data = metadata_owner(address)
    cdef Class* klass
    if data == NULL:
        return
    if compressed:                       # only a Class is ever held so
        klass = data.classes
        while klass != NULL and <u64>klass != address:
            klass = klass.next_in_loader
        if klass == NULL:
            return
    loader_data_mark(data)

# --- the end -----------------------------------------------------------------------------------------
cdef public bint loader_data_stays(LoaderData* data) noexcept nogil:
    return data.permanent or data.marked

cdef void remember_names(LoaderData* dead) noexcept nogil:
    cdef LoaderData* data = dead
    cdef Class* klass
    cdef u64 count = gone.count
    cdef Symbol** names
    cdef u64 index
    while data != NULL:
        count += data.class_count
        data = data.gray
    names = <Symbol**>kmalloc(count * sizeof(Symbol*))
    if names == NULL:
        return
    for index in range(gone.count):
        names[index] = gone.names[index]
    kfree(gone.names)
    gone.names = names
    data = dead
    while data != NULL:
        klass = data.classes
        while klass != NULL:
            if klass.dimensions == 0:
                gone.names[gone.count] = klass.name
                gone.count += 1
            klass = klass.next_in_loader
        data = data.gray

cdef public void unloading_take_names(Unloaded* into) noexcept nogil:
    into[0] = gone
    gone.names = NULL
    gone.count = 0

cdef public void unloading_report(Unloaded* made) noexcept nogil:
    cdef u64 index
    for index in range(made.count):
        observe_class_unloaded(made.names[index])
    kfree(made.names)

cdef LoaderData* unlink_dead() noexcept nogil:
    """Takes the records that are not marked out of the list; they are linked through `gray`."""
    cdef LoaderData** link = loader_records()
    cdef LoaderData* dead = NULL
    cdef LoaderData* data
    while link[0] != NULL:
        data = link[0]
        if loader_data_stays(data):
            link = &data.next
        else:
            link[0] = data.next
            data.gray = dead
            dead = data
    return dead

cdef public void unloading_sweep() noexcept nogil:
    global stayed
    cdef LoaderData* dead = unlink_dead()
    cdef LoaderData* data
    if dead != NULL:
        if trace_on or observed_topics & OBSERVE_CLASS:
            remember_names(dead)
        constraints_purge()
        modules_purge(dead)
        super_methods_purge()
        statistics_purge(dead)
        data = dead
        while data != NULL:
            dictionary_drop(data)
            data = data.gray
        metadata_free(dead, loader_records()[0], HEAP_POISON if heap_poisons() else 0)
    data = loader_records()[0]
    while data != NULL:
        data.marked = 0
        data = data.next
    stayed = metadata_unloadable()

cdef public void unloading_make_room(u64 bytes) noexcept nogil:
    cdef u64 now = metadata_unloadable()
    cdef u64 growth = now - stayed if now > stayed else 0
    if growth > max(<u64>GROWTH, stayed // 2) \
            or (growth > GROWTH_SHORT and pages_available() * PAGE_SIZE < SHORT + 8 * bytes):
        heap_collect(0, HEAP_CAUSE_METADATA)
