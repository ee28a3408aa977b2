# The kvm home: the monitor's control page (control.pxd), our own vectors and page tables.
#
# Invariant: monotonic time is the time stamp counter, set against the monitor's clock once at the start,
# so reading it costs no exit.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport BootInfo, EventFrame, STACKS_PHYSICAL, STACKS_SIZE, WINDOW_SHIFT
from kernel.platform.control cimport *
from kernel.platform.cpu cimport (cpu_flush, cpu_invlpg, cpu_scale, cpu_tsc, cpu_write_fs, cpu_write_gs, mmio_read32,
    mmio_read64, mmio_write32, mmio_write64)
from kernel.platform.operations cimport PlatformOperations
from kernel.platform.paging cimport paging_create, paging_init, paging_protect
from kernel.platform.vectors cimport boot_stack_guard, event_stack_guard, vector_flush, vector_flush_all, vectors_init, vectors_set_handler

cdef enum:
    EINVAL = 22
    ENOMEM = 12
    PAGE = 4096

cdef BootInfo* boot
cdef u64 control
cdef u64 window
cdef u64 clock_tsc, clock_ns             # one moment in both clocks
cdef u64 clock_multiplier                # ns per tick, 32 bits behind the point
cdef u64 wall_offset
cdef u64 stacks_there                    # bit n: part n of the range for stacks is memory


cdef u64 clock() noexcept nogil:
    return clock_ns + cpu_scale(cpu_tsc() - clock_tsc, clock_multiplier)

cdef u64 wall() noexcept nogil:
    return wall_offset + clock()

cdef void print_text(const char* text, u64 length) noexcept nogil:
    mmio_write64(control + CONTROL_PRINT_ADDRESS, <u64>text - window)
    mmio_write64(control + CONTROL_PRINT, length)

cdef void wait(u64 deadline) noexcept nogil:
    mmio_write64(control + CONTROL_WAIT, deadline)

cdef void timer(u64 deadline) noexcept nogil:
    mmio_write64(control + CONTROL_TIMER, deadline)

cdef void leave(int code) noexcept nogil:
    while True:
        mmio_write64(control + CONTROL_EXIT, <u32>code)

cdef bint in_ram(u64 address, u64 size) noexcept nogil:
    return (not (address | size) & (PAGE - 1) and boot.memory_base <= address <= boot.memory_end
            and size <= boot.memory_end - address)

cdef bint in_stacks(u64 address, u64 size) noexcept nogil:
    cdef u64 offset = address - window - STACKS_PHYSICAL
    return not (address | size) & (PAGE - 1) and offset < STACKS_SIZE and size <= STACKS_SIZE - offset

# The monitor makes memory of the range for stacks part by part, the guest its own page tables.
cdef int protect_stacks(u64 address, u64 size, int access) noexcept nogil:
    cdef u64 part = (address - window - STACKS_PHYSICAL) // STACKS_PART
    cdef u64 last = (address + size - 1 - window - STACKS_PHYSICAL) // STACKS_PART
    while part <= last:
        if not stacks_there >> part & 1:
            if add_part(part) < 0:
                return -ENOMEM
        part += 1
    return paging_create(address, size, access)

cdef int add_part(u64 part) noexcept nogil:
    global stacks_there
    mmio_write64(control + CONTROL_STACKS, part)
    if mmio_read64(control + CONTROL_STACKS) == 0:
        return -ENOMEM
    stacks_there |= <u64>1 << part
    return 0

cdef int protect(u64 address, u64 size, int access) noexcept nogil:
    if size and in_stacks(address, size):
        return protect_stacks(address, size, access)
    if not in_ram(address, size):
        return -EINVAL
    return paging_protect(address, size, access)

cdef void release(u64 address, u64 size) noexcept nogil:
    if in_ram(address, size) or in_stacks(address, size):
        mmio_write64(control + CONTROL_RELEASE_ADDRESS, address - window)
        mmio_write64(control + CONTROL_RELEASE, size)

cdef void set_event_handler(void (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil:
    vectors_set_handler(handler)
    mmio_write64(control + CONTROL_HANDLER, 1)

cdef u32 read_register(u32 device, u32 offset) noexcept nogil:
    return mmio_read32(boot.devices[device].address + offset)

cdef void write_register(u32 device, u32 offset, u32 value) noexcept nogil:
    mmio_write32(boot.devices[device].address + offset, value)

cdef void notify(u32 device, u32 queue) noexcept nogil:
    mmio_write32(boot.devices[device].address + 0x050, queue)        # virtio 1.2 §4.2.2, QueueNotify

cdef void set_cpu_base(void* base) noexcept nogil:
    cpu_write_gs(base)

cdef void set_event_mask(void (*close)() noexcept nogil, void (*open)() noexcept nogil) noexcept nogil:
    pass                                 # FS base is the guest's alone

cdef void set_thread_base(u64 base) noexcept nogil:
    cpu_write_fs(base)

cdef void end(FatalReport* report) noexcept nogil:
    while True:
        mmio_write64(control + CONTROL_FATAL, <u64>report - window)


cdef public void platform_kvm_init(BootInfo* info, PlatformOperations* table) noexcept nogil:
    global boot, control, window, clock_tsc, clock_ns, clock_multiplier, wall_offset
    cdef u64 before
    boot = info
    control = info.control
    window = <u64>1 << WINDOW_SHIFT
    vectors_init(window + LOW_IDT, info.ring, end)
    paging_init(LOW_TABLES, info.tables_free, LOW_TABLES_END, cpu_invlpg if info.ring == 0 else vector_flush,
                 cpu_flush if info.ring == 0 else vector_flush_all)
    clock_multiplier = (<u64>1000000 << 32) // info.tsc_khz
    before = cpu_tsc()
    clock_ns = mmio_read64(control + CONTROL_CLOCK)
    clock_tsc = before + (cpu_tsc() - before) // 2
    wall_offset = mmio_read64(control + CONTROL_WALL) - clock()
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
    table.set_thread_base = set_thread_base
    table.set_event_mask = set_event_mask
    paging_protect(<u64>&event_stack_guard[0], PAGE, 0)
    paging_protect(<u64>&boot_stack_guard[0], PAGE, 0)
