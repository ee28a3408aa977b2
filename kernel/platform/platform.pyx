from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport BootInfo, EventFrame, PlatformCalls, HOME_PROCESS

cdef extern void image_leave(int code) noexcept nogil

cdef BootInfo* boot
cdef PlatformCalls* calls

cdef public void platform_init(BootInfo* info) noexcept nogil:
    global boot, calls
    boot = info
    calls = info.calls

cdef public u64 platform_clock() noexcept nogil:
    return calls.clock(calls.context)

cdef public u64 platform_wall() noexcept nogil:
    return calls.wall(calls.context)

cdef public void platform_print(const char* text, u64 length) noexcept nogil:
    calls.print(calls.context, text, length)

cdef public void platform_wait(u64 deadline) noexcept nogil:
    calls.wait(calls.context, deadline)

cdef public void platform_timer(u64 deadline) noexcept nogil:
    calls.timer(calls.context, deadline)

cdef public void platform_exit(int code) noexcept nogil:
    image_leave(code)

cdef public int platform_protect(u64 address, u64 size, int access) noexcept nogil:
    return calls.protect(calls.context, address, size, access)

cdef public void platform_release(u64 address, u64 size) noexcept nogil:
    calls.release(calls.context, address, size)

cdef public void platform_set_event_handler(void (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil:
    calls.set_event_handler(calls.context, handler)

cdef public u32 platform_device_read(u32 device, u32 offset) noexcept nogil:
    return calls.device_read(calls.context, boot.devices[device].address, offset)

cdef public void platform_device_write(u32 device, u32 offset, u32 value) noexcept nogil:
    calls.device_write(calls.context, boot.devices[device].address, offset, value)

cdef public void platform_device_notify(u32 device, u32 queue) noexcept nogil:
    calls.notify(calls.context, boot.devices[device].address, queue)

cdef public void platform_set_cpu_base(void* base) noexcept nogil:
    calls.set_cpu_base(calls.context, base)
