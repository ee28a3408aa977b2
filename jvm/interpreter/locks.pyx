# Monitors that frames hold: see locks.pxd.
from kernel.types cimport u32, u64
from kernel.memory.heap cimport kfree, krealloc
from jvm.heap.heap cimport heap_scan_conservatively
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Frame, JavaThread
from jvm.loader.wellknown cimport wk
from jvm.runtime.exceptions cimport throw_class, throw_out_of_memory
from jvm.runtime.monitor cimport monitor_enter_fast, monitor_exit, monitor_exit_fast
from jvm.runtime.thread cimport FRAME_MONITORS

cdef enum:
    LOCKS_FIRST = 16                     # records of a thread that locks for the first time

cdef bint make_room(JavaThread* t) noexcept nogil:
    cdef u32 capacity = t.lock_capacity * 2 if t.lock_capacity != 0 else LOCKS_FIRST
    cdef void* memory = krealloc(t.locks, <u64>capacity * sizeof(LockRecord))
    if memory == NULL:
        return False
    t.locks = memory
    t.lock_capacity = capacity
    return True

cdef public int frame_lock(JavaThread* t, Frame* frame, Object* object) noexcept nogil:
    cdef LockRecord* record
    if t.lock_count == t.lock_capacity and not make_room(t):
        return throw_out_of_memory(t, b"no memory for a lock record")
    if monitor_enter_fast(t, object) != 0:
        return -1
    record = <LockRecord*>t.locks + t.lock_count
    record.object = object
    record.frame = frame
    t.lock_count += 1
    frame.flags |= FRAME_MONITORS
    return 0

cdef void remove(JavaThread* t, Frame* frame, u32 index) noexcept nogil:
    """Takes out record `index`, which belongs to `frame`."""
    cdef LockRecord* records = <LockRecord*>t.locks
    t.lock_count -= 1
    while index < t.lock_count:
        records[index] = records[index + 1]
        index += 1
    if t.lock_count == 0 or records[t.lock_count - 1].frame != frame:
        frame.flags &= ~<u64>FRAME_MONITORS

cdef public int frame_unlock(JavaThread* t, Frame* frame, Object* object) noexcept nogil:
    cdef LockRecord* records = <LockRecord*>t.locks
    cdef u32 index = t.lock_count
    while index > 0 and records[index - 1].frame == frame:
        index -= 1
        if records[index].object == object:
            remove(t, frame, index)
            return monitor_exit_fast(t, object)
    # Not locked by this frame, even if by this thread (JVMS §2.11.10, second rule).
    return throw_class(t, wk.java_lang_IllegalMonitorStateException, NULL)

cdef public int frame_unlock_all(JavaThread* t, Frame* frame) noexcept nogil:
    cdef LockRecord* records = <LockRecord*>t.locks
    cdef Object* object
    cdef int count = 0
    while t.lock_count > 0 and records[t.lock_count - 1].frame == frame:
        object = records[t.lock_count - 1].object
        remove(t, frame, t.lock_count - 1)
        monitor_exit(t, object)
        count += 1
    return count

cdef public void locks_scan(JavaThread* t) noexcept nogil:
    heap_scan_conservatively(t.locks, <LockRecord*>t.locks + t.lock_count)

cdef public void locks_release(JavaThread* t) noexcept nogil:
    kfree(t.locks)
    t.locks = NULL
    t.lock_count = 0
    t.lock_capacity = 0
