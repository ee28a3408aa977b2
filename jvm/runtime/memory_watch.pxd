# What java.lang.management tells of memory: the latest collections, the peak, thresholds.
#
# Invariant: the records are written while all other Java threads are stopped and read with events masked.
# Interface: a threshold of 0 is off.  Whoever handles the work waits for it with memory_watch_wait.
from kernel.types cimport u32, u64
from jvm.loader.classes cimport JavaThread

cdef struct CollectionRecord:
    u64 id                               # from 1
    u64 start                            # monotonic ns
    u64 end
    u64 used_before                      # bytes of the heap
    u64 used_after
    u64 committed_before
    u64 committed_after
    u32 cause                            # HeapCause

cdef enum:
    RECORDS_KEPT = 32

cdef enum WatchWork:
    WATCH_COLLECTION = 1                 # there are new records, and somebody wants to know
    WATCH_USAGE = 2                      # usage crossed its threshold
    WATCH_AFTER = 4                      # usage after a collection reached its threshold

# Around a collection, while all others are stopped: allocate nothing.
cdef extern void memory_watch_before() noexcept nogil
cdef extern void memory_watch_after() noexcept nogil
# HeapClient.crossed: usage reached the threshold.
cdef extern void memory_watch_crossed() noexcept nogil

cdef extern bint memory_watch_record(u64 id, CollectionRecord* into) noexcept nogil     # False: not kept any more
cdef extern u64 memory_watch_last() noexcept nogil                      # id of the latest collection, 0: none yet
cdef extern u64 memory_watch_time() noexcept nogil                      # ns spent in collections
cdef extern u64 memory_watch_peak() noexcept nogil
cdef extern void memory_watch_reset_peak() noexcept nogil
cdef extern void memory_watch_usage_threshold(u64 bytes) noexcept nogil
cdef extern void memory_watch_after_threshold(u64 bytes) noexcept nogil
cdef extern void memory_watch_collections(bint wanted) noexcept nogil   # tell of each one
cdef extern u32 memory_watch_wait(JavaThread* t) noexcept nogil         # blocks; WatchWork bits, taken
