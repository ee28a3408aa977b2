# See dictionary.pxd.
from kernel.types cimport u32
from kernel.memory.heap cimport kcalloc, kfree
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.sync cimport Condition, Mutex, condition_broadcast, condition_wait, mutex_lock, mutex_unlock
from jvm.loader.classes cimport Class, JavaThread, LoaderData, LoaderEntry, Symbol
from jvm.loader.messages cimport LoaderText, message_init, message_symbol, message_throw
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe

cdef enum:
    FIRST_CAPACITY = 256
    FIRST_OF_OTHERS = 32                 # of loaders that may go

cdef Mutex loading_lock
cdef Condition loading_done
cdef Loading* loadings
cdef u32 class_count                     # loaded, ever
cdef u32 unloaded_count

cdef inline LoaderEntry* slot_of(LoaderEntry* entries, u32 capacity, Symbol* name) noexcept nogil:
    cdef u32 at = name.hash & (capacity - 1)
    while entries[at].name != NULL and entries[at].name != name:
        at = (at + 1) & (capacity - 1)
    return &entries[at]

cdef bint grow(LoaderData* data) noexcept nogil:
    cdef u32 capacity = data.entry_capacity * 2 if data.entry_capacity != 0 \
        else FIRST_CAPACITY if data.permanent else FIRST_OF_OTHERS
    cdef LoaderEntry* entries = <LoaderEntry*>kcalloc(capacity, sizeof(LoaderEntry))
    cdef u32 index
    if entries == NULL:
        return False
    for index in range(data.entry_capacity):
        if data.entries[index].name != NULL:
            slot_of(entries, capacity, data.entries[index].name)[0] = data.entries[index]
    kfree(data.entries)
    data.entries = entries
    data.entry_capacity = capacity
    return True

cdef public void dictionary_forget() noexcept nogil:
    global class_count, unloaded_count, loadings
    class_count = 0
    unloaded_count = 0
    loadings = NULL

cdef public Class* dictionary_find(LoaderData* data, Symbol* name) noexcept nogil:
    cdef Class* klass = NULL
    events_mask()
    if data.entry_capacity != 0:
        klass = slot_of(data.entries, data.entry_capacity, name).klass
    events_unmask()
    return klass

cdef void link(Class* klass) noexcept nogil:
    global class_count
    klass.next_in_loader = klass.owner.classes
    klass.owner.classes = klass
    klass.owner.class_count += 1
    class_count += 1

cdef public Class* dictionary_add(LoaderData* data, Class* klass) noexcept nogil:
    cdef LoaderEntry* entry
    cdef Class* there = NULL
    events_mask()
    if 2 * (data.entry_count + 1) <= data.entry_capacity or grow(data):
        entry = slot_of(data.entries, data.entry_capacity, klass.name)
        if entry.name == NULL:
            entry.klass = klass
            entry.name = klass.name
            data.entry_count += 1
            if data == klass.loader:
                link(klass)
            elif not klass.owner.permanent:
                data.foreign = 1
        there = entry.klass
    events_unmask()
    return there

cdef public void dictionary_link(Class* klass) noexcept nogil:
    events_mask()
    link(klass)
    events_unmask()

cdef public Class* dictionary_add_array(Class* element, Class* array) noexcept nogil:
    events_mask()
    if element.array == NULL:
        link(array)
        element.array = array
    array = element.array
    events_unmask()
    return array

cdef public u32 loader_class_count() noexcept nogil:
    return class_count

cdef public u32 loader_unloaded_count() noexcept nogil:
    return unloaded_count

cdef public void dictionary_drop(LoaderData* data) noexcept nogil:
    global unloaded_count
    unloaded_count += data.class_count
    kfree(data.entries)
    data.entries = NULL
    data.entry_capacity = 0

# --- classes being loaded ----------------------------------------------------------------------------
cdef public int loading_begin(JavaThread* t, Loading* loading, LoaderData* data, Symbol* name, int wait) noexcept nogil:
    global loadings
    cdef Loading* other
    cdef bint waited = False
    cdef LoaderText m
    mutex_lock(&loading_lock)
    while True:
        other = loadings
        while other != NULL and (other.data != data or other.name != name or (other.thread != t and not wait)):
            other = other.next
        if other == NULL:
            break
        if other.thread == t:
            mutex_unlock(&loading_lock)
            message_init(&m, b"")
            message_symbol(&m, name)
            return message_throw(t, b"java/lang/ClassCircularityError", &m)
        # Blocks, so the collector may not wait for this thread; and it may not hold the lock when it
        # comes back, for coming back waits for the collector.
        waited = True
        thread_enter_safe(t)
        condition_wait(&loading_done, &loading_lock, 0)
        mutex_unlock(&loading_lock)
        thread_leave_safe(t)
        mutex_lock(&loading_lock)
    if not waited:
        loading.data = data
        loading.name = name
        loading.thread = t
        loading.next = loadings
        loadings = loading
    mutex_unlock(&loading_lock)
    return 1 if waited else 0

cdef public void loading_end(Loading* loading) noexcept nogil:
    cdef Loading** link
    mutex_lock(&loading_lock)
    link = &loadings
    while link[0] != loading:
        link = &link[0].next
    link[0] = loading.next
    condition_broadcast(&loading_done)
    mutex_unlock(&loading_lock)
