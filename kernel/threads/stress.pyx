# Stress: see stress.pxd.
from kernel.types cimport u64
from kernel.threads.cpu cimport Cpu, PENDING_STRESS, cpu_pending_set, cpu_unmask, cpu_mask, events_mask, events_unmask, this_cpu
from kernel.threads.scheduler cimport scheduler_set_slice, scheduler_shuffle

cdef u64 every
cdef u64 left                            # points until the next switch
cdef u64 state                           # of the generator, never 0


cdef public void stress_init(u64 period, u64 seed, bint kernel_too, u64 slice_ns) noexcept nogil:
    global every, left, state
    every = period
    left = period
    state = (seed + 1) * <u64>0x9E3779B97F4A7C15
    if state == 0:
        state = 1
    if slice_ns:
        scheduler_set_slice(slice_ns)
    if every and kernel_too:
        cpu_pending_set(PENDING_STRESS)


cdef public bint stress_on() noexcept nogil:
    return every != 0


# xorshift64* (Vigna 2016).
cdef u64 draw() noexcept nogil:
    global state
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return (state * <u64>0x2545F4914F6CDD1D) >> 32


# Masked.
cdef void step() noexcept nogil:
    global left
    cdef Cpu* cpu = this_cpu()
    if cpu.preempt_depth or cpu.current == cpu.idle:
        return
    left -= 1
    if left == 0:
        left = every
        scheduler_shuffle(draw())


cdef public void stress_point() noexcept nogil:
    if this_cpu().mask_depth:
        return
    cpu_mask()
    step()
    cpu_unmask()
    events_mask()                        # what became pending meanwhile
    events_unmask()


cdef public void stress_kernel_point() noexcept nogil:
    cpu_mask()
    step()
    cpu_unmask()
