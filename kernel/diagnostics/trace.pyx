# The trace ring: see trace.pxd.
from kernel.types cimport u8, u32, u64
from kernel.platform.platform cimport platform_clock
from kernel.threads.cpu cimport Cpu, this_cpu, events_mask, events_unmask
from kernel.memory.pages cimport pages_alloc, PAGE_SIZE, PAGE_SHIFT, PAGES_ZERO
from kernel.boot.bootinfo cimport BootInfo
from kernel.diagnostics.log cimport log_warning
from kernel.boot.config cimport config_number
from kernel.boot.main cimport kernel_boot_info

# Defined in C: Cython takes a variable as extern or as public, not as both.
cdef extern from *:
    """
    uint32_t trace_on;
    """

cdef TraceHeader* trace_ring

cdef enum:
    CAPACITY_MAX = 1 << 22


cdef inline TraceEvent* slot(u64 number) noexcept nogil:
    return <TraceEvent*>(trace_ring + 1) + number % trace_ring.capacity


cdef public bint trace_enable(u32 capacity) noexcept nogil:
    global trace_ring, trace_on
    cdef u64 size
    cdef TraceHeader* ring
    if capacity == 0 or capacity > CAPACITY_MAX:
        return False
    size = sizeof(TraceHeader) + <u64>capacity * sizeof(TraceEvent)
    ring = <TraceHeader*>pages_alloc((size + PAGE_SIZE - 1) >> PAGE_SHIFT, 1, PAGES_ZERO)
    if ring == NULL:
        return False
    ring.magic = TRACE_MAGIC
    ring.version = TRACE_VERSION
    ring.event_size = sizeof(TraceEvent)
    ring.capacity = capacity
    ring.start = trace_now()
    trace_ring = ring
    trace_on = 1
    return True


cdef public void trace_disable() noexcept nogil:
    global trace_on
    trace_on = 0


cdef public void trace_init() noexcept nogil:
    cdef u64 wanted = config_number(b"trace", 0)
    cdef BootInfo* info = kernel_boot_info()
    if wanted and not trace_enable(<u32>min(wanted, <u64>CAPACITY_MAX)):
        log_warning(b"no memory for a trace of %u events", wanted)
    if trace_on:
        info.marks.trace_address = <u64>trace_ring
        info.marks.trace_size = sizeof(TraceHeader) + <u64>trace_ring.capacity * sizeof(TraceEvent)


cdef public TraceHeader* trace_memory() noexcept nogil:
    return trace_ring


cdef public u64 trace_now() noexcept nogil:
    cdef u64 now
    events_mask()
    now = platform_clock()
    events_unmask()
    return now


cdef public void trace_record(u8 phase, const char* name, u64 argument, u64 time, u64 duration) noexcept nogil:
    cdef TraceEvent* event
    cdef Cpu* cpu
    cdef u32 i
    events_mask()
    cpu = this_cpu()
    event = slot(trace_ring.count)
    trace_ring.count += 1
    event.time = time
    event.duration = duration
    event.argument = argument
    event.thread = <u32>cpu.current.id if cpu.current != NULL else 0
    event.phase = phase
    event.cpu = <u8>cpu.id
    for i in range(TRACE_NAME_MAX):
        event.name[i] = 0
    i = 0
    while name[i] and i < TRACE_NAME_MAX - 1:
        event.name[i] = name[i]
        i += 1
    events_unmask()
