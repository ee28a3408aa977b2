# The heap: allocation, collection, references.  Non-moving mark-region (lines and blocks), bump
# allocation into spans owned by a thread, a large-object space, conservative stacks, precise heap.
#
# Interface: allocation may collect, so it is a safepoint: the caller holds objects in C locals or
# Java slots (both are scanned), never only in malloc'ed memory that is not registered as a root.
# It returns NULL when memory is exhausted; the caller throws OutOfMemoryError (exceptions.pxd does).
# New objects are zeroed; the header's class is set, the lock word is 0.
from kernel.types cimport u8, u32, u64, i32
from jvm.heap.object cimport Object, Shape, ref

# Bump-allocation span of one thread; embedded in JavaThread.
cdef struct Span:
    u8* cursor
    u8* limit
    u64 allocated                        # bytes handed out through earlier spans of this thread

cdef struct HeapConfig:
    u64 maximum                          # bytes (-Xmx)
    u64 initial                          # bytes before the first collection is considered
    u32 collect_every                    # debug: collect at every nth allocation; 0: never
    u32 fail_after                       # debug: the nth allocation from now on fails; 0: never
    u32 verify                           # debug: walk and check the heap after each collection

# What the collector asks of its client (the JVM, or a mock in the tests).  All are called while
# every other Java thread is stopped.
cdef struct HeapClient:
    # Report roots: call heap_mark_root for exact references and heap_scan_conservatively for stacks.
    void (*roots)() noexcept nogil
    # Shape and total size of one mirror (SHAPE_MIRROR): its statics' reference runs.
    void (*mirror)(Object* mirror, u32* size, u32* run_count, void** runs) noexcept nogil
    # Further references that only the client knows: classes of a loader, resolved constants.
    void (*loader)(Object* loader) noexcept nogil
    # Tables whose entries die with their object (interned strings, monitors): visit each once
    # after marking, with heap_is_marked telling what survives.
    void (*sweep)() noexcept nogil
    # Stop all other Java threads; let them go on.
    void (*stop)() noexcept nogil
    void (*resume)() noexcept nogil
    u64 (*clock)() noexcept nogil        # ms, for SoftReference's policy

cdef struct HeapStatistics:
    u64 used                             # bytes in live or not yet collected objects
    u64 committed                        # bytes of blocks in use
    u64 maximum
    u64 collections
    u64 pause_total                      # ns
    u64 pause_longest                    # ns
    u64 allocated                        # bytes since start

# Offsets of java.lang.ref.Reference's fields, given once by the client.
cdef extern int heap_init(HeapConfig* config, HeapClient* client) noexcept nogil
cdef extern void heap_set_reference_layout(u32 referent, u32 discovered, u32 soft_timestamp) noexcept nogil
cdef extern Object* heap_allocate_slow(Span* span, Shape* shape, u64 size) noexcept nogil
cdef extern Object* heap_new_array(Span* span, Shape* shape, i32 length) noexcept nogil
cdef extern void heap_retire_span(Span* span) noexcept nogil              # a thread ends
cdef extern void heap_collect(int clear_soft) noexcept nogil
cdef extern void heap_mark_root(Object* o) noexcept nogil                 # in HeapClient.roots/.loader only
cdef extern void heap_scan_conservatively(void* low, void* high) noexcept nogil   # words in [low, high)
cdef extern int heap_is_marked(Object* o) noexcept nogil                  # in HeapClient.sweep only
cdef extern Object* heap_find_object(u64 address) noexcept nogil          # the object that starts there, or NULL
cdef extern Object* heap_take_pending() noexcept nogil                    # References cleared, linked by `discovered`
cdef extern int heap_has_pending() noexcept nogil
cdef extern void heap_statistics(HeapStatistics* out) noexcept nogil
cdef extern int heap_verify() noexcept nogil                              # number of errors found, each logged
