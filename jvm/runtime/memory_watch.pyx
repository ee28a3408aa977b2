# Records of collections, peak and thresholds of the heap: see memory_watch.pxd.
from kernel.types cimport u32, u64
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.thread cimport WaitQueue, thread_block, waitqueue_wake_all
from kernel.time.clock cimport clock_monotonic
from jvm.heap.heap cimport HeapStatistics, heap_set_alarm, heap_statistics
from jvm.loader.classes cimport JavaThread
from jvm.runtime.memory_watch cimport *
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe

cdef CollectionRecord records[RECORDS_KEPT]
cdef CollectionRecord current
cdef HeapStatistics before
cdef u64 last
cdef u64 total_time
cdef u64 peak
cdef u64 usage_threshold
cdef u64 after_threshold
cdef bint tell_collections
cdef u32 work
cdef WaitQueue workers


cdef void add_work(u32 bits) noexcept nogil:
    global work
    events_mask()
    work |= bits
    waitqueue_wake_all(&workers, 0)
    events_unmask()


cdef public void memory_watch_before() noexcept nogil:
    global peak
    heap_statistics(&before)
    current.start = clock_monotonic()
    if before.used > peak:
        peak = before.used


cdef public void memory_watch_after() noexcept nogil:
    global last, total_time
    cdef HeapStatistics after
    heap_statistics(&after)
    if after.collections == before.collections:
        return
    current.id = after.collections
    current.end = clock_monotonic()
    current.used_before = before.used
    current.used_after = after.used
    current.committed_before = before.capacity
    current.committed_after = after.capacity
    current.cause = after.cause
    records[current.id % RECORDS_KEPT] = current
    last = current.id
    total_time = after.pause_total
    if usage_threshold != 0:
        # Below again, it is to be told of anew; still above, it stays told.
        if after.used < usage_threshold:
            heap_set_alarm(usage_threshold)
        add_work(WATCH_USAGE)
    if after_threshold != 0:
        add_work(WATCH_AFTER)
    if tell_collections:
        add_work(WATCH_COLLECTION)


cdef public void memory_watch_crossed() noexcept nogil:
    add_work(WATCH_USAGE)


cdef public bint memory_watch_record(u64 id, CollectionRecord* into) noexcept nogil:
    cdef bint found
    events_mask()
    found = id != 0 and records[id % RECORDS_KEPT].id == id
    if found:
        into[0] = records[id % RECORDS_KEPT]
    events_unmask()
    return found


cdef public u64 memory_watch_last() noexcept nogil:
    return last


cdef public u64 memory_watch_time() noexcept nogil:
    return total_time


cdef public u64 memory_watch_peak() noexcept nogil:
    global peak
    cdef HeapStatistics now
    heap_statistics(&now)
    events_mask()
    if now.used > peak:
        peak = now.used
    events_unmask()
    return peak


cdef public void memory_watch_reset_peak() noexcept nogil:
    global peak
    cdef HeapStatistics now
    heap_statistics(&now)
    peak = now.used


cdef public void memory_watch_usage_threshold(u64 bytes) noexcept nogil:
    global usage_threshold
    usage_threshold = bytes
    heap_set_alarm(bytes)


cdef public void memory_watch_after_threshold(u64 bytes) noexcept nogil:
    global after_threshold
    after_threshold = bytes


cdef public void memory_watch_collections(bint wanted) noexcept nogil:
    global tell_collections
    tell_collections = wanted


cdef public u32 memory_watch_wait(JavaThread* t) noexcept nogil:
    global work
    cdef u32 taken
    thread_enter_safe(t)
    events_mask()
    while work == 0:
        thread_block(&workers, 0, b"memory events", NULL)
    taken = work
    work = 0
    events_unmask()
    thread_leave_safe(t)
    return taken
