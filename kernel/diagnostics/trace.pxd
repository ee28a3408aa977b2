# The trace ring: fixed-size events with time stamps, read by the monitor after the guest has ended
# and turned into Chrome-trace JSON by runtime/trace.py.
#
# Format (little endian): a TraceHeader, then `capacity` TraceEvents; event number n is in slot
# n % capacity; `count` events have been written in all.
# Interface: off unless the configuration says trace=<events>; every function is a load and a branch
# when off.  Names are copied, cut at TRACE_NAME_MAX - 1.
from kernel.types cimport u8, u16, u32, u64

cdef enum:
    TRACE_MAGIC = 0x43525444             # "DTRC"
    TRACE_VERSION = 1
    TRACE_NAME_MAX = 32

cdef struct TraceEvent:
    u64 time                             # monotonic ns
    u64 duration                         # phase X only
    u64 argument
    u32 thread
    u8 phase                             # 'B' begin, 'E' end, 'X' complete, 'i' instant (Chrome trace event format)
    u8 cpu
    u16 reserved
    char name[TRACE_NAME_MAX]

cdef struct TraceHeader:
    u32 magic
    u32 version
    u32 event_size
    u32 capacity
    u64 count
    u64 start                            # monotonic ns of the start of the trace

# Nonzero while tracing.  Declared in C because only there it can be said to be hidden, which lets gcc
# address it directly.
cdef extern from *:
    """
    extern __attribute__((visibility("hidden"))) uint32_t trace_on;
    """
    u32 trace_on

cdef extern void trace_init() noexcept nogil                            # reads the configuration
cdef extern bint trace_enable(u32 capacity) noexcept nogil
cdef extern void trace_disable() noexcept nogil
cdef extern void trace_record(u8 phase, const char* name, u64 argument, u64 time, u64 duration) noexcept nogil
cdef extern TraceHeader* trace_memory() noexcept nogil                  # the ring, or NULL
cdef extern u64 trace_now() noexcept nogil

cdef inline void trace_begin(const char* name, u64 argument) noexcept nogil:
    if trace_on:
        trace_record(c'B', name, argument, trace_now(), 0)

cdef inline void trace_end(const char* name) noexcept nogil:
    if trace_on:
        trace_record(c'E', name, 0, trace_now(), 0)

cdef inline void trace_instant(const char* name, u64 argument) noexcept nogil:
    if trace_on:
        trace_record(c'i', name, argument, trace_now(), 0)

# For a span whose start was remembered: start = trace_start(); …; trace_complete(name, argument, start).
cdef inline u64 trace_start() noexcept nogil:
    return trace_now() if trace_on else 0

cdef inline void trace_complete(const char* name, u64 argument, u64 start) noexcept nogil:
    if trace_on:
        trace_record(c'X', name, argument, start, trace_now() - start)
