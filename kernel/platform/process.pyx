# The process home: every operation is a call into the monitor (PlatformCalls).
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport BootInfo, EventFrame, PlatformCalls
from kernel.platform.operations cimport PlatformOperations
from kernel.platform.vectors cimport boot_stack_guard

cdef extern void image_leave(int code) noexcept nogil        # kernel/boot/entry.S

cdef BootInfo* boot
cdef PlatformCalls* calls


cdef u64 clock() noexcept nogil:
    return calls.clock(calls.context)

cdef u64 wall() noexcept nogil:
    return calls.wall(calls.context)

cdef void print_text(const char* text, u64 length) noexcept nogil:
    calls.print(calls.context, text, length)

cdef void wait(u64 deadline) noexcept nogil:
    calls.wait(calls.context, deadline)

cdef void timer(u64 deadline) noexcept nogil:
    calls.timer(calls.context, deadline)

cdef void leave(int code) noexcept nogil:
    image_leave(code)

cdef int protect(u64 address, u64 size, int access) noexcept nogil:
    return calls.protect(calls.context, address, size, access)

cdef void release(u64 address, u64 size) noexcept nogil:
    calls.release(calls.context, address, size)

cdef void set_event_handler(void (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil:
    calls.set_event_handler(calls.context, handler)

cdef u32 read_register(u32 device, u32 offset) noexcept nogil:
    return calls.device_read(calls.context, boot.devices[device].address, offset)

cdef void write_register(u32 device, u32 offset, u32 value) noexcept nogil:
    calls.device_write(calls.context, boot.devices[device].address, offset, value)

cdef void notify(u32 device, u32 queue) noexcept nogil:
    calls.notify(calls.context, boot.devices[device].address, queue)

cdef void set_cpu_base(void* base) noexcept nogil:
    calls.set_cpu_base(calls.context, base)


cdef public void platform_process_init(BootInfo* info, PlatformOperations* table) noexcept nogil:
    global boot, calls
    boot = info
    calls = info.calls
    table.clock = clock
    table.wall = wall
    table.print = print_text
    table.wait = wait
    table.timer = timer
    table.exit = leave
    table.protect = protect
    table.release = release
    table.set_event_handler = set_event_handler
    table.device_read = read_register
    table.device_write = write_register
    table.device_notify = notify
    table.set_cpu_base = set_cpu_base
    calls.protect(calls.context, <u64>&boot_stack_guard[0], 4096, 0)
