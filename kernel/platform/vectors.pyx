# Events on a processor of our own: see vectors.pxd, and kernel/boot/vectors.S for the entry.
from kernel.types cimport u8, u16, u32, u64
from kernel.boot.bootinfo cimport EventFrame, EVENT_TIMER
from kernel.platform.control cimport FATAL_NO_HANDLER, FatalReport, SELECTOR_KERNEL_CODE
from kernel.platform.cpu cimport cpu_swap

from kernel.platform.vectors cimport (vector_frame, vector_native, vector_path, vector_pending, vector_table,
    vector_upward)

cdef enum:
    GATES = 256
    INTERRUPT_GATE = 0x8e                # present, DPL 0 (SDM volume 3, figure 6-8)
    OPEN_GATE = 0xee                     # present, DPL 3
    BREAKPOINT = 3

cdef struct Gate:
    u16 offset_low
    u16 selector
    u8 ist
    u8 kind
    u16 offset_middle
    u32 offset_high
    u32 reserved

cdef void (*event_handler)(EventFrame* frame) noexcept nogil
cdef void (*event_end)(FatalReport* report) noexcept nogil
cdef u32 (*event_take)(u32 number) noexcept nogil
cdef bint event_delivered


cdef void set_gate(u64 idt, u32 number, u64 target, u8 kind, u8 ist) noexcept nogil:
    cdef Gate* gate = <Gate*>idt + number
    gate.offset_low = <u16>target
    gate.selector = SELECTOR_KERNEL_CODE
    gate.ist = ist
    gate.kind = kind
    gate.offset_middle = <u16>(target >> 16)
    gate.offset_high = <u32>(target >> 32)
    gate.reserved = 0


cdef public void vectors_init(u64 idt, int ring, void (*end)(FatalReport* report) noexcept nogil) noexcept nogil:
    global event_end, vector_path
    cdef u32 number
    event_end = end
    vector_path = <u64>vector_native if ring == 0 else <u64>vector_upward
    for number in range(48):
        set_gate(idt, number, vector_table[number], OPEN_GATE if number == BREAKPOINT else INTERRUPT_GATE,
                 1 if ring == 0 else 0)


cdef public void vectors_set_handler(void (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil:
    global event_handler
    event_handler = handler


cdef public void vectors_set_interrupts(u32 (*take)(u32 number) noexcept nogil) noexcept nogil:
    global event_take
    event_take = take


cdef public bint vectors_delivered() noexcept nogil:
    global event_delivered
    cdef bint delivered = event_delivered
    event_delivered = False
    return delivered


# Called by vectors.S with the frame of what stopped the running code.
cdef public void vector_event(EventFrame* frame) noexcept nogil:
    global event_delivered
    cdef FatalReport report
    if frame.vector >= EVENT_TIMER and event_take != NULL:
        frame.vector = event_take(<u32>frame.vector)
        if frame.vector == 0:
            return
    event_delivered = True
    if frame.vector >= EVENT_TIMER:
        frame.address = 0
        if event_handler == NULL:
            return
    elif event_handler == NULL:
        report.kind = FATAL_NO_HANDLER
        report.frame = frame
        report.interrupted = NULL
        event_end(&report)
    event_handler(frame)


# Called by vectors.S before an event returns in ring 3: what arrived meanwhile.
cdef public void vector_drain() noexcept nogil:
    cdef u64 pending
    cdef u32 number
    cdef EventFrame* frame = <EventFrame*>vector_frame
    while True:
        pending = cpu_swap(&vector_pending, 0)
        if pending == 0:
            return
        for number in range(EVENT_TIMER, 48):
            if pending >> number & 1:
                frame.vector = number
                frame.error = 0
                vector_event(frame)


cdef public void vector_end(FatalReport* report) noexcept nogil:
    event_end(report)
