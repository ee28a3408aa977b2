# What of the address space a kernel call may touch for a program: see program_may in program.pxd.
from kernel.types cimport u64
from kernel.boot.bootinfo cimport BootInfo
from kernel.boot.main cimport kernel_boot_info

cdef extern from *:
    """
    __attribute__((visibility("hidden"))) uint64_t program_memory_low, program_memory_size;
    extern __attribute__((visibility("hidden"))) char image_start[];
    """
    u64 program_memory_low, program_memory_size
    char image_start[]


cdef public void program_memory_init() noexcept nogil:
    global program_memory_low, program_memory_size
    cdef BootInfo* info = kernel_boot_info()
    program_memory_low = info.memory_base
    program_memory_size = max(info.memory_end, info.stacks_base + info.stacks_size) - info.memory_base


# RAM, or the image.
cdef public bint program_is_memory(u64 address) noexcept nogil:
    return <u64>&image_start[0] <= address < kernel_boot_info().memory_end
