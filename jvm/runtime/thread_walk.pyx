# What Java threads wait for: see thread_walk.pxd.
from kernel.types cimport i32, u8, u32, u64
from kernel.memory.heap cimport kcalloc, kfree, kmalloc
from jvm.heap.object cimport Object, ref_load
from jvm.interpreter.locks cimport LockRecord
from jvm.loader.classes cimport Class, Field, Frame, JavaThread, class_of
from jvm.loader.loader cimport class_find_field, class_is_subtype, loader_boot, loader_find_loaded
from jvm.loader.symbols cimport symbol_from
from jvm.runtime.monitor cimport monitor_owner
from jvm.runtime.thread cimport FRAME_LOCKED
from jvm.runtime.thread_fields cimport *
from jvm.runtime.thread_walk cimport *
from jvm.runtime.threads cimport java_thread_of, java_threads_count, java_threads_for_each

# java_threads_for_each passes no argument; the other threads are stopped, so plain variables do.
cdef JavaThread** into
cdef u32 room
cdef u32 found
cdef bint with_virtual


cdef Class* loaded_class(const char* name) noexcept nogil:
    return loader_find_loaded(loader_boot(), symbol_from(name))


cdef public u64 thread_number(JavaThread* t) noexcept nogil:
    return (<u64*>(<u8*>t.object + thread_fields().tid))[0]


cdef public int thread_status(JavaThread* t) noexcept nogil:
    cdef Object* holder = ref_load(t.object, thread_fields().holder)
    return (<i32*>(<u8*>holder + thread_fields().holder_status))[0] if holder != NULL else STATUS_RUNNABLE


cdef public Object* thread_park_blocker(JavaThread* t) noexcept nogil:
    return ref_load(t.object, thread_fields().park_blocker)


cdef void collect(JavaThread* t) noexcept nogil:
    global found
    if t.object == NULL or t.ended or found == room or (not with_virtual and t.is_virtual):
        return
    into[found] = t
    found += 1


# By number; the list has the youngest first, so this is nearly one pass over a reversed array.
cdef void sort(JavaThread** threads, u32 count) noexcept nogil:
    cdef u32 i
    cdef u32 place
    cdef JavaThread* t
    for i in range(count // 2):
        t = threads[i]
        threads[i] = threads[count - 1 - i]
        threads[count - 1 - i] = t
    for i in range(1, count):
        t = threads[i]
        place = i
        while place > 0 and thread_number(threads[place - 1]) > thread_number(t):
            threads[place] = threads[place - 1]
            place -= 1
        threads[place] = t


cdef public JavaThread** threads_collect(bint virtual_too, u32* count) noexcept nogil:
    global into, room, found, with_virtual
    cdef JavaThread** threads
    thread_fields()
    room = java_threads_count(1)
    threads = <JavaThread**>kmalloc(<u64>(room + 1) * sizeof(JavaThread*))
    if threads == NULL:
        return NULL
    into = threads
    found = 0
    with_virtual = virtual_too
    java_threads_for_each(collect)
    into = NULL
    sort(threads, found)
    count[0] = found
    return threads


# --- waiting ----------------------------------------------------------------------------------------

cdef u32 wanted_id
cdef JavaThread* with_id


cdef void look_for_id(JavaThread* t) noexcept nogil:
    global with_id
    if t.id == wanted_id and not t.ended:
        with_id = t


cdef JavaThread* thread_by_id(u32 id) noexcept nogil:
    global wanted_id, with_id
    wanted_id = id
    with_id = NULL
    if id != 0:
        java_threads_for_each(look_for_id)
    return with_id


cdef public void thread_wait_of(JavaThread* t, ThreadWait* wait) noexcept nogil:
    cdef int status = thread_status(t)
    cdef Class* klass
    cdef Field* field
    cdef Object* owner
    wait.kind = WAIT_NONE
    wait.object = NULL
    wait.owner = NULL
    if status == STATUS_BLOCKED and t.blocker != NULL:
        wait.kind = WAIT_MONITOR
        wait.object = t.blocker
        wait.owner = thread_by_id(monitor_owner(t.blocker))
    elif status == STATUS_PARKED or status == STATUS_PARKED_TIMED:
        klass = loaded_class(b"java/util/concurrent/locks/AbstractOwnableSynchronizer")
        wait.object = thread_park_blocker(t)
        if klass == NULL or wait.object == NULL or not class_is_subtype(class_of(wait.object), klass):
            wait.object = NULL
            return
        wait.kind = WAIT_SYNCHRONIZER
        field = class_find_field(klass, symbol_from(b"exclusiveOwnerThread"), symbol_from(b"Ljava/lang/Thread;"))
        owner = ref_load(wait.object, field.offset) if field != NULL else NULL
        wait.owner = java_thread_of(owner) if owner != NULL else NULL


cdef u32 index_of(JavaThread** threads, u32 count, JavaThread* t) noexcept nogil:
    cdef u32 i
    for i in range(count):
        if threads[i] == t:
            return i + 1
    return 0


cdef public u32 threads_find_deadlocks(JavaThread** threads, u32 count, bint synchronizers_too,
                                       u32* following, u32* starts) noexcept nogil:
    cdef u32* seen = <u32*>kcalloc(count + 1, 4)     # the walk that first came by, from 1
    cdef ThreadWait wait
    cdef u32 circles = 0
    cdef u32 i
    cdef u32 at
    if seen == NULL:
        return 0
    for i in range(count):
        thread_wait_of(threads[i], &wait)
        following[i] = 0
        if wait.owner != NULL and wait.owner != threads[i] and (synchronizers_too or wait.kind == WAIT_MONITOR):
            following[i] = index_of(threads, count, wait.owner)
    for i in range(count):
        at = i + 1
        while at != 0 and seen[at - 1] == 0:
            seen[at - 1] = i + 1
            at = following[at - 1]
        if at != 0 and seen[at - 1] == i + 1:
            starts[circles] = at - 1
            circles += 1
    kfree(seen)
    return circles


cdef public void frame_for_each_monitor(JavaThread* t, Frame* frame, void (*visit)(Object* object, void* argument) noexcept nogil,
                                        void* argument) noexcept nogil:
    cdef LockRecord* records = <LockRecord*>t.locks
    cdef u32 i = t.lock_count
    while i > 0:
        i -= 1
        if records[i].frame == frame:
            visit(records[i].object, argument)
    if frame.flags & FRAME_LOCKED:
        visit(frame.locked, argument)
