# The heap: allocation, collection, references.  Non-moving mark-region (lines and blocks), bump
# allocation into spans owned by a thread, a large-object space, conservative stacks, precise heap.
#
# Interface: allocation may collect, so it is a safepoint: the caller holds objects in C locals or
# Java slots (both are scanned), never only in malloc'ed memory that is not registered as a root.
# It returns NULL when memory is exhausted; the caller throws OutOfMemoryError (exceptions.pxd does).
# New objects are zeroed; the header's class is set, the lock word is 0.
# The heap itself calls nothing of the kernel: what it needs is in HeapClient.
from kernel.types cimport u8, u32, u64, i32
from jvm.heap.object cimport Object, Shape, ref

# Bump-allocation spans of one thread; embedded in JavaThread.  All zero is the valid initial state.
# Invariant: [cursor, end) is zeroed memory in lines that only this span may use; limit is end, or
# cursor when a debug switch wants every allocation on the slow path.
cdef struct Span:
    u8* cursor
    u8* limit
    u8* end
    u8* wide_cursor                      # for objects longer than a line that did not fit: a block of their own
    u8* wide_end
    u32 block                            # the block whose free lines it is using up, index + 1; 0: none
    u32 line                             # where the search for its next free lines goes on
    u64 allocated                        # bytes handed out as spans of free lines, and as large objects
    Span* next                           # all spans in use, for the collection to reset
    Span* previous
    u32 registered

cdef struct HeapConfig:
    u64 maximum                          # bytes (-Xmx)
    u64 initial                          # bytes before the first collection is considered; 0: HEAP_INITIAL
    u32 mark_stack                       # entries of the mark stack; 0: as fits the maximum
    u32 collect_every                    # debug: collect at every nth allocation; 0: never
    u32 fail_after                       # debug: the nth allocation from now on fails; 0: never
    u32 verify                           # debug: walk and check the heap after each collection
    u32 poison                           # debug: fill freed lines with 0xDB

# What the collector asks of its client (the JVM, or a mock in the tests).  roots, mirror, loader and
# sweep are called while every other Java thread is stopped.  Members marked * may be NULL.
cdef struct HeapClient:
    # Once, in heap_init: so many bytes of zeroed memory in the window, page aligned; 0: no memory.
    u64 (*reserve)(u64 bytes) noexcept nogil
    # Report roots: call heap_mark_root for exact references, heap_scan_conservatively for Java
    # stacks and heap_scan_native for C stacks.
    void (*roots)() noexcept nogil
    # Shape and total size of one mirror (SHAPE_MIRROR): its statics' reference runs (ReferenceRun*).
    void (*mirror)(Object* mirror, u32* size, u32* run_count, void** runs) noexcept nogil
    # Further references that only the client knows: classes of a loader, resolved constants.
    void (*loader)(Object* loader) noexcept nogil
    # A mirror, or an instance of a SHAPE_UNLOADABLE class, was reached: it keeps that class alive.
    void (*instance)(Object* o) noexcept nogil                  # *
    # A word of a C stack lies in the range of heap_watch; `compressed`: it was found as a compressed pointer.
    void (*watched)(u64 address, bint compressed) noexcept nogil            # *
    # Tables whose entries die with their object (interned strings, monitors): visit each once
    # after marking, with heap_is_marked telling what survives.
    void (*sweep)() noexcept nogil
    # Stop all other Java threads; let them go on.
    void (*stop)() noexcept nogil                               # *
    void (*resume)() noexcept nogil                             # *
    u64 (*clock)() noexcept nogil                               # *, ms, for SoftReference's policy: at the end of a collection
    u64 (*nanoseconds)() noexcept nogil                         # *, monotonic, for pause times
    void (*lock)() noexcept nogil                               # *, around the few lines that share the block table
    void (*unlock)() noexcept nogil                             # *
    void (*release)(u64 address, u64 size) noexcept nogil       # *, contents of these pages are no longer needed
    int (*shape_known)(Shape* shape) noexcept nogil             # *, heap_verify: is this really a shape?
    void (*report)(const char* what, u64 address, u64 detail) noexcept nogil    # *, heap_verify's findings
    void (*point)() noexcept nogil                              # *, stress: called at every allocation, may switch threads
    void (*crossed)() noexcept nogil                            # *, usage reached heap_set_alarm's value

cdef enum HeapCause:
    HEAP_CAUSE_ALLOCATION = 0
    HEAP_CAUSE_PROGRAM = 1               # System.gc()
    HEAP_CAUSE_METADATA = 2              # classes may go

cdef struct HeapStatistics:
    u64 used                             # bytes in live or not yet collected objects (in whole lines)
    u64 committed                        # bytes of blocks in use
    u64 capacity                         # bytes of blocks in use, or to be used before the next collection
    u64 maximum
    u64 collections
    u64 pause_total                      # ns
    u64 pause_longest                    # ns
    u64 allocated                        # bytes since start (in whole lines)
    u64 released                         # bytes of free blocks given back
    u64 marked                           # objects that survived the last collection
    u32 cause                            # of the last collection, HeapCause

cdef enum:
    HEAP_LINE = 256                      # bytes: 32 possible object starts, one u32 of the start bitmap
    HEAP_BLOCK = 32768
    HEAP_LARGE = 8192                    # longer objects go to the large-object space, unless they fit the span or that is full
    HEAP_POISON = 0xDB
    HEAP_INITIAL = 8388608

# 0, or -1 when there is no memory.  The C names differ where the kernel's heap has the same word.
cdef extern int heap_init "java_heap_init"(HeapConfig* config, HeapClient* client) noexcept nogil
cdef extern void heap_statistics "java_heap_statistics"(HeapStatistics* out) noexcept nogil
# Offsets of java.lang.ref.Reference's fields, given once by the client.
cdef extern void heap_set_reference_layout(u32 referent, u32 discovered, u32 next, u32 soft_timestamp) noexcept nogil
cdef extern Object* heap_allocate_slow(Span* span, Shape* shape, u64 size) noexcept nogil
cdef extern Object* heap_new_array(Span* span, Shape* shape, i32 length) noexcept nogil   # length >= 0, else NULL
cdef extern void heap_retire_span(Span* span) noexcept nogil              # a thread ends
cdef extern void heap_collect(int clear_soft, u32 cause) noexcept nogil  # HeapCause
# Calls HeapClient.crossed once when usage reaches `bytes`; 0: never.
cdef extern void heap_set_alarm(u64 bytes) noexcept nogil
cdef extern void heap_mark_root(Object* o) noexcept nogil                 # in HeapClient.roots/.loader only
cdef extern void heap_scan_conservatively(void* low, void* high) noexcept nogil   # words in [low, high)
cdef extern void heap_scan_native(void* low, void* high) noexcept nogil   # the same, and compressed halves of words
# Words of C stacks in [low, high) are given to HeapClient.watched.
cdef extern void heap_watch(u64 low, u64 high) noexcept nogil
cdef extern int heap_is_marked(Object* o) noexcept nogil                  # in HeapClient.sweep only
cdef extern Object* heap_find_object(u64 address) noexcept nogil          # the object that starts there, or NULL
cdef extern Object* heap_object_around(u64 address) noexcept nogil        # the object that holds this byte, or NULL
cdef extern u64 heap_object_size(Object* o) noexcept nogil
cdef extern Object* heap_take_pending() noexcept nogil                    # References cleared, linked by `discovered`
cdef extern int heap_has_pending() noexcept nogil
cdef extern int heap_verify() noexcept nogil                              # number of errors found, each reported
# Every object, in address order; the other threads must be stopped.
cdef extern void heap_for_each(void (*visit)(Object* o, void* argument) noexcept nogil, void* argument) noexcept nogil
# Whether freed memory is overwritten with HEAP_POISON: when asked for, and in a debug build.
cdef extern bint heap_poisons() noexcept nogil
cdef extern void heap_set_debug(u32 collect_every, u32 fail_after, u32 verify, u32 poison) noexcept nogil
cdef extern u64 heap_debug_allocations() noexcept nogil                   # since then, while a switch is on

# Start bitmap, one u32 for each line, biased so that it is indexed with address / HEAP_LINE.
cdef extern u32* heap_start_words

# A new instance: bump, note its start, header.  A u32 of the bitmap covers exactly one line and a
# line belongs to one span, so no two threads ever write the same word.
cdef inline Object* heap_new(Span* span, Shape* shape) noexcept nogil:
    cdef u8* p = span.cursor
    cdef u8* after = p + shape.size
    if after > span.limit:
        return heap_allocate_slow(span, shape, shape.size)
    span.cursor = after
    heap_start_words[<u64>p >> 8] |= (<u32>1) << ((<u64>p >> 3) & 31)
    (<Object*>p).klass = <u32>(<u64>shape >> 3)
    return <Object*>p
