# The platform interface: dispatches through the table of the home that BootInfo names.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport BootInfo, EventFrame, HOME_KVM, HOME_PROCESS, MARK_EXIT
from kernel.platform.operations cimport PlatformOperations, platform_kvm_init, platform_pc_init, platform_process_init

cdef PlatformOperations home
cdef BootInfo* boot
cdef u64 (*page_source)() noexcept nogil


cdef public void platform_init(BootInfo* info) noexcept nogil:
    global boot, page_source
    boot = info
    page_source = NULL
    if info.home == HOME_PROCESS:
        platform_process_init(info, &home)
    elif info.home == HOME_KVM:
        platform_kvm_init(info, &home)
    else:
        platform_pc_init(info, &home)

cdef public u64 platform_clock() noexcept nogil:
    return home.clock()

cdef public u64 platform_wall() noexcept nogil:
    return home.wall()

cdef public void platform_print(const char* text, u64 length) noexcept nogil:
    home.print(text, length)

cdef public void platform_wait(u64 deadline) noexcept nogil:
    home.wait(deadline)

cdef public void platform_timer(u64 deadline) noexcept nogil:
    home.timer(deadline)

cdef public void platform_mark(int mark) noexcept nogil:
    boot.marks.time[mark] = home.clock()

cdef public void platform_exit(int code) noexcept nogil:
    platform_mark(MARK_EXIT)
    home.exit(code)

cdef public int platform_protect(u64 address, u64 size, int access) noexcept nogil:
    return home.protect(address, size, access)

cdef public void platform_release(u64 address, u64 size) noexcept nogil:
    home.release(address, size)

cdef public void platform_set_event_handler(void (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil:
    home.set_event_handler(handler)

cdef public u32 platform_device_read(u32 device, u32 offset) noexcept nogil:
    return home.device_read(device, offset)

cdef public void platform_device_write(u32 device, u32 offset, u32 value) noexcept nogil:
    home.device_write(device, offset, value)

cdef public void platform_device_notify(u32 device, u32 queue) noexcept nogil:
    home.device_notify(device, queue)

cdef public void platform_set_page_source(u64 (*source)() noexcept nogil) noexcept nogil:
    global page_source
    page_source = source

cdef public u64 platform_take_page() noexcept nogil:
    return page_source() if page_source != NULL else 0

cdef public void platform_set_event_mask(void (*close)() noexcept nogil, void (*open)() noexcept nogil) noexcept nogil:
    home.set_event_mask(close, open)

cdef public void platform_set_thread_base(u64 base) noexcept nogil:
    home.set_thread_base(base)

cdef public void platform_set_cpu_base(void* base) noexcept nogil:
    home.set_cpu_base(base)
