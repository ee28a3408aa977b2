# The per-CPU structures: see cpu.pxd.
from kernel.types cimport u64
from kernel.platform.platform cimport platform_set_cpu_base
from kernel.diagnostics.panic cimport panic
from kernel.memory.string cimport memset

cdef Cpu cpus[1]


cdef public void cpu_init() noexcept nogil:
    cdef Cpu* cpu = &cpus[0]
    memset(cpu, 0, sizeof(Cpu))
    cpu.self = cpu
    cpu.mask_depth = 1
    platform_set_cpu_base(cpu)
    # The offsets that cpu.pxd's inline assembly and switch.S use.
    if <u64>&cpu.mask_depth - <u64>cpu != 8 or <u64>&cpu.pending - <u64>cpu != 12 \
            or <u64>&cpu.current - <u64>cpu != 16 or <u64>&cpu.preempt_depth - <u64>cpu != 24:
        panic(b"cpu.pxd: a member of Cpu has moved")
