# Time services: see clock.pxd.
from kernel.types cimport i64, u64
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.platform.platform cimport platform_clock, platform_wall

cdef u64 started
cdef i64 wall_offset                     # wall = platform_wall() + wall_offset


cdef public void clock_init() noexcept nogil:
    global started, wall_offset
    started = clock_monotonic()
    wall_offset = 0


cdef public u64 clock_monotonic() noexcept nogil:
    cdef u64 now
    events_mask()
    now = platform_clock()
    events_unmask()
    return now


cdef public u64 clock_wall() noexcept nogil:
    cdef u64 now
    events_mask()
    now = platform_wall() + <u64>wall_offset
    events_unmask()
    return now


cdef public void clock_set_wall(u64 wall) noexcept nogil:
    global wall_offset
    events_mask()
    wall_offset = <i64>(wall - platform_wall())
    events_unmask()


cdef public u64 clock_since_boot() noexcept nogil:
    return clock_monotonic() - started
