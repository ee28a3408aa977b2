# The C side of kernel/boot/vectors.S: events on a processor of our own.
#
# Invariant: the handler runs once at a time.  Interface: `vectors_init` before the first event; the
# home supplies `end`, which reports a fault that nobody can handle and does not return.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport EventFrame
from kernel.platform.control cimport FatalReport

cdef extern void vectors_init(u64 idt, int ring, void (*end)(FatalReport* report) noexcept nogil) noexcept nogil
cdef extern void vectors_set_handler(void (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil
# For ring 0: give interrupts of numbers 32.. to `take`, which returns the EventVector to deliver or 0.
cdef extern void vectors_set_interrupts(u32 (*take)(u32 number) noexcept nogil) noexcept nogil
# Whether an event was delivered since the last call; ask with interrupts off where that can be.
cdef extern bint vectors_delivered() noexcept nogil

# The symbols of vectors.S and entry.S.
cdef extern from *:
    """
    #pragma GCC visibility push(hidden)
    extern unsigned long vector_table[48], vector_path, vector_pending;
    extern void *vector_frame;
    extern char event_stack_guard[], event_stack_top[], boot_stack_guard[];
    extern void vector_native(void), vector_upward(void), vector_flush(unsigned long address), vector_flush_all(void);
    #pragma GCC visibility pop
    """
    u64 vector_table[48]
    u64 vector_path
    u64 vector_pending
    void* vector_frame
    char event_stack_guard[]             # pages to be made inaccessible
    char boot_stack_guard[]
    char event_stack_top[]
    void vector_native() noexcept nogil
    void vector_upward() noexcept nogil
    void vector_flush(u64 address) noexcept nogil     # ring 3's invlpg
    void vector_flush_all() noexcept nogil
