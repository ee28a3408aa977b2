# What each home implements: one table, filled once by platform_init.
#
# Interface: kernel/platform/{process,kvm,pc}.pyx each fill every member; the meaning of each is that
# of the function of the same name in platform.pxd.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport BootInfo, EventFrame

cdef struct PlatformOperations:
    u64 (*clock)() noexcept nogil
    u64 (*wall)() noexcept nogil
    void (*print)(const char* text, u64 length) noexcept nogil
    void (*wait)(u64 deadline) noexcept nogil
    void (*timer)(u64 deadline) noexcept nogil
    void (*exit)(int code) noexcept nogil
    int (*protect)(u64 address, u64 size, int access) noexcept nogil
    void (*release)(u64 address, u64 size) noexcept nogil
    void (*set_event_handler)(void (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil
    u32 (*device_read)(u32 device, u32 offset) noexcept nogil
    void (*device_write)(u32 device, u32 offset, u32 value) noexcept nogil
    void (*device_notify)(u32 device, u32 queue) noexcept nogil
    void (*set_cpu_base)(void* base) noexcept nogil
    void (*set_thread_base)(u64 base) noexcept nogil
    void (*set_event_mask)(void (*close)() noexcept nogil, void (*open)() noexcept nogil) noexcept nogil

cdef extern void platform_process_init(BootInfo* info, PlatformOperations* table) noexcept nogil
cdef extern void platform_kvm_init(BootInfo* info, PlatformOperations* table) noexcept nogil
cdef extern void platform_pc_init(BootInfo* info, PlatformOperations* table) noexcept nogil
