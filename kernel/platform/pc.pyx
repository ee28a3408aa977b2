# Stock machines, in ring 0: serial port, local APIC timer, virtio over mmio or PCI.
#
# Interrupts of devices are polled: the local APIC's timer is the one interrupt source.  It fires at the
# guest's deadline, and while there are devices at least every POLL ns; then each device's interrupt
# status is read and acknowledged, and becomes one EVENT_DEVICE.
#
# Time is the time stamp counter, measured against the interval timer (8254) unless the hypervisor says
# its frequency (CPUID leaf 0x40000010).  Wall time starts from the CMOS clock where there is one.
#
# The machine ends by the port of QEMU's isa-debug-exit, by ACPI's S5 of QEMU's chipsets, by the keyboard
# controller's reset line, or by a triple fault: whichever is there first.  Before that the exit code and
# the marks go out on QEMU's debug console (port 0xE9) for runtime/monitor/qemu.py.
from kernel.types cimport u8, u16, u32, u64
from kernel.boot.bootinfo cimport (BOOT_DEVICES_MAX, BootDevice, BootInfo, EVENT_DEVICE, EVENT_TIMER, EventFrame,
    GuestMarks, MARKS_MAX, TRANSPORT_MMIO, TRANSPORT_PCI, WINDOW_SHIFT)
from kernel.platform.control cimport FatalReport
from kernel.platform.cpu cimport (cpu_cli, cpu_cpuid, cpu_flush, cpu_halt_open, cpu_invlpg, cpu_pause, cpu_scale, cpu_sti,
    cpu_tsc, cpu_write_msr, mmio_read32, mmio_write32, port_read8, port_write16, port_write8, port_write32)
from kernel.platform.operations cimport PlatformOperations
from kernel.platform.paging cimport paging_init, paging_protect
from kernel.platform.pci cimport pci_find, pci_read, pci_write
from kernel.platform.vectors cimport (boot_stack_guard, event_stack_guard, vectors_delivered, vectors_init, vectors_set_handler,
    vectors_set_interrupts)

cdef extern from *:
    """
    #pragma GCC visibility push(hidden)
    extern char pvh_tables[], pvh_idt[], pvh_pool[], pvh_pool_end[];
    extern char image_start[], image_text_end[], image_rodata_end[], image_end[];
    extern void pvh_triple_fault(void);
    #pragma GCC visibility pop
    """
    char pvh_tables[]
    char pvh_idt[]
    char pvh_pool[]
    char pvh_pool_end[]
    char image_start[]
    char image_text_end[]
    char image_rodata_end[]
    char image_end[]
    void pvh_triple_fault() noexcept nogil

cdef enum:
    EINVAL = 22
    PAGE = 4096
    NANOSECONDS = 1000000000
    POLL = 2000000                       # ns between looks at the devices
    COM1 = 0x3f8
    DEBUG_CONSOLE = 0xe9
    DEBUG_EXIT = 0xf4
    # Local APIC registers, Intel SDM volume 3, table 11-1.
    APIC = 0xfee00000
    APIC_EOI = 0xb0
    APIC_SPURIOUS = 0xf0
    APIC_TIMER = 0x320
    APIC_INITIAL = 0x380
    APIC_CURRENT = 0x390
    APIC_DIVIDE = 0x3e0
    SPURIOUS = 47
    MSR_FS_BASE = 0xc0000100
    MSR_GS_BASE = 0xc0000101
    MICROVM_DEVICES = 0xfeb00000         # QEMU hw/i386/microvm: VIRTIO_MMIO_BASE

cdef BootInfo* boot
cdef u64 window
cdef u64 start_tsc                       # monotonic time 0
cdef u64 ns_multiplier                   # ns per tick, 32 bits behind the point
cdef u64 apic_multiplier                 # timer counts per ns, 32 bits behind the point
cdef u64 wall_offset
cdef u64 deadline_asked                  # of the guest's timer, 0: none
cdef bint has_devices


# --- serial port (16550) --------------------------------------------------------------------------

cdef public void pc_start_serial() noexcept nogil:
    port_write8(COM1 + 1, 0)             # no interrupts
    port_write8(COM1 + 3, 0x80)          # divisor 1: 115200
    port_write8(COM1, 1)
    port_write8(COM1 + 1, 0)
    port_write8(COM1 + 3, 3)             # 8N1
    port_write8(COM1 + 2, 7)             # FIFO on, empty

cdef public void pc_write(const char* text, u64 length) noexcept nogil:
    cdef u64 i
    cdef u32 patience
    for i in range(length):
        patience = 100000                # a missing port reads as all ones: ready
        while not port_read8(COM1 + 5) & 0x20 and patience:
            patience -= 1
        port_write8(COM1, <u8>text[i])


# --- the end ----------------------------------------------------------------------------------------

cdef void report_word(u64 value) noexcept nogil:
    cdef int i
    for i in range(8):
        port_write8(DEBUG_CONSOLE, <u8>(value >> (8 * i)))


cdef public void pc_exit(int code) noexcept nogil:
    cdef int i
    cpu_cli()
    if port_read8(DEBUG_CONSOLE) == DEBUG_CONSOLE:
        report_word(<u64>0x5449584553544d44)                    # "DMTSEXIT"
        report_word(<u64>code & 0xff)
        report_word(boot.entry_time if boot != NULL else 0)
        for i in range(MARKS_MAX):
            report_word(boot.marks.time[i] if boot != NULL else 0)
    port_write32(DEBUG_EXIT, <u32>code)
    port_write16(0x604, 0x2000)          # QEMU q35: PM1a control, SLP_EN and S5
    port_write8(0x64, 0xfe)              # keyboard controller: reset
    pvh_triple_fault()


# --- time -------------------------------------------------------------------------------------------

cdef u32 interval_count() noexcept nogil:
    """What is left in channel 0 of the 8254, which counts down at 1193182 Hz."""
    cdef u32 low
    port_write8(0x43, 0)                 # latch
    low = port_read8(0x40)
    return low | <u32>port_read8(0x40) << 8


# One look at the three clocks: they were read between `early` and `late`.
cdef struct Look:
    u64 early, late                      # time stamp counter
    u32 left                             # 8254
    u32 apic


cdef void look(Look* at) noexcept nogil:
    at.early = cpu_tsc()
    at.left = interval_count()
    at.apic = mmio_read32(window + APIC + APIC_CURRENT)
    at.late = cpu_tsc()


cdef u64 interval_ticks(u64* apic_counts) noexcept nogil:
    """Time stamp ticks and APIC timer counts in 10 ms of the 8254; 0 where there is none.

    A virtual machine may be held up anywhere.  A measurement counts if it was not while it looked; and
    since the 8254 wraps after 55 ms, being held up in between gives too many ticks: the least is true.
    """
    cdef u64 ticks, best = 0
    cdef u32 patience, passed
    cdef int attempt, good = 0
    cdef Look first, last
    apic_counts[0] = 0
    for attempt in range(40):
        patience = 100000
        port_write8(0x43, 0x30)          # channel 0, both bytes, mode 0
        port_write8(0x40, 0xff)
        port_write8(0x40, 0xff)
        mmio_write32(window + APIC + APIC_INITIAL, <u32>-1)
        look(&first)
        look(&first)                     # the first one may come before the count is loaded
        last = first
        while patience and first.left - last.left < 2400 and last.left <= first.left:
            look(&last)
            patience -= 1
        passed = first.left - last.left
        if patience == 0:
            break                        # it does not count
        ticks = (last.early + last.late) // 2 - (first.early + first.late) // 2
        if passed < 2400 or passed > 0xffff or (last.late - last.early + first.late - first.early) * 50 > ticks:
            continue
        good += 1
        if best == 0 or ticks * 11932 // passed < best:
            best = ticks * 11932 // passed
            apic_counts[0] = <u64>(first.apic - last.apic) * 11932 // passed
        if good == 3:
            break
    mmio_write32(window + APIC + APIC_INITIAL, 0)
    return best


cdef u32 stated_khz() noexcept nogil:
    """The frequency that the hypervisor states, or 0."""
    cdef u32 out[4]
    cpu_cpuid(1, 0, out)
    if not out[2] >> 31:
        return 0
    cpu_cpuid(0x40000000, 0, out)
    if out[0] < 0x40000010 or out[0] > 0x400000ff:
        return 0
    cpu_cpuid(0x40000010, 0, out)
    return out[0]


cdef u32 cmos(u8 register) noexcept nogil:
    port_write8(0x70, register)
    return port_read8(0x71)

cdef u32 decimal(u32 value, bint binary) noexcept nogil:
    return value if binary else (value >> 4) * 10 + (value & 15)


cdef u64 cmos_seconds() noexcept nogil:
    """Seconds since the epoch of the MC146818 clock, or 0 where there is none."""
    cdef u32 patience = 100000, year, month, day, days, era
    cdef bint binary = cmos(0x0b) >> 2 & 1
    while cmos(0x0a) & 0x80 and patience:
        patience -= 1
    year = decimal(cmos(9), binary) + 2000
    month = decimal(cmos(8), binary)
    day = decimal(cmos(7), binary)
    if patience == 0 or month < 1 or month > 12 or day < 1 or day > 31 or year > 2199:
        return 0
    # Days of the proleptic Gregorian calendar, counting years from March.
    if month <= 2:
        year -= 1
        month += 12
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 1 - 719468
    return (<u64>days * 86400 + decimal(cmos(4), binary) * 3600 + decimal(cmos(2), binary) * 60
            + decimal(cmos(0), binary))


cdef public void pc_calibrate(BootInfo* info) noexcept nogil:
    global boot, window, start_tsc, ns_multiplier, apic_multiplier
    cdef u64 ticks, counts
    boot = info
    window = <u64>1 << WINDOW_SHIFT
    start_tsc = cpu_tsc()
    mmio_write32(window + APIC + APIC_SPURIOUS, 0x100 | SPURIOUS)
    mmio_write32(window + APIC + APIC_DIVIDE, 3)                 # by 16: 32 bits last for minutes
    mmio_write32(window + APIC + APIC_TIMER, 1 << 16)            # masked
    ticks = interval_ticks(&counts)
    if counts == 0:
        counts = 625000                  # no 8254: 1 GHz divided by 16, as QEMU and KVM have it
    if ticks == 0:
        ticks = 25000000
    info.tsc_khz = stated_khz()
    if info.tsc_khz == 0:
        info.tsc_khz = ticks // 10
    ns_multiplier = (<u64>1000000 << 32) // info.tsc_khz
    apic_multiplier = (counts << 32) // 10000000
    info.tsc_at_entry = start_tsc
    info.entry_time = 1                  # of the clock that starts with the machine
    info.wall_time = cmos_seconds() * NANOSECONDS


cdef u64 clock() noexcept nogil:
    return 1 + cpu_scale(cpu_tsc() - start_tsc, ns_multiplier)

cdef u64 wall() noexcept nogil:
    return wall_offset + clock()


cdef void arm() noexcept nogil:
    """Sets the timer for the guest's deadline or the next look at the devices, whichever is first."""
    cdef u64 time, rest = 0
    if deadline_asked:
        time = clock()
        rest = deadline_asked - time if deadline_asked > time else 1
    if has_devices and (rest == 0 or rest > POLL):
        rest = POLL
    if rest > <u64>60 * NANOSECONDS:
        rest = <u64>60 * NANOSECONDS     # looks again then
    mmio_write32(window + APIC + APIC_INITIAL, <u32>(cpu_scale(rest, apic_multiplier) + 1) if rest else 0)


cdef bint device_wants() noexcept nogil:
    """Whether any device has news; acknowledges it (virtio 1.2 §4.2.2, InterruptStatus)."""
    cdef u32 i, status
    cdef bint wants = False
    for i in range(boot.device_count):
        status = read_register(i, 0x060)
        if status and status != <u32>-1:
            if boot.devices[i].transport == TRANSPORT_MMIO:
                write_register(i, 0x064, status)
            wants = True
    return wants


cdef u32 take(u32 number) noexcept nogil:
    """What an interrupt means for the guest."""
    global deadline_asked
    if number != EVENT_TIMER:
        return 0                         # spurious: gets no EOI
    mmio_write32(window + APIC + APIC_EOI, 0)
    if deadline_asked and clock() >= deadline_asked:
        deadline_asked = 0
        arm()
        return EVENT_TIMER
    arm()
    return EVENT_DEVICE if device_wants() else 0


cdef void wait(u64 deadline) noexcept nogil:
    global deadline_asked
    # Interrupts are off between the look and HLT, and STI holds them off for one instruction more.
    cdef u64 asked
    while True:
        cpu_cli()
        if vectors_delivered() or (deadline and clock() >= deadline):
            break
        asked = deadline_asked
        if deadline and (asked == 0 or deadline < asked):
            deadline_asked = deadline
            arm()
            deadline_asked = asked
        else:
            arm()
        cpu_halt_open()
    arm()
    cpu_sti()


cdef void timer(u64 deadline) noexcept nogil:
    global deadline_asked
    cpu_cli()
    deadline_asked = deadline
    arm()
    cpu_sti()


# --- devices ----------------------------------------------------------------------------------------

cdef u32 read_register(u32 device, u32 offset) noexcept nogil:
    if boot.devices[device].transport == TRANSPORT_PCI:
        return pci_read(boot.devices[device].address, offset)
    return mmio_read32(boot.devices[device].address + offset)

cdef void write_register(u32 device, u32 offset, u32 value) noexcept nogil:
    if boot.devices[device].transport == TRANSPORT_PCI:
        pci_write(boot.devices[device].address, offset, value)
    else:
        mmio_write32(boot.devices[device].address + offset, value)

cdef void notify(u32 device, u32 queue) noexcept nogil:
    write_register(device, 0x050, queue)


cdef u64 number_at(const char* text, u32* at) noexcept nogil:
    """A number as in `512`, `0xfeb00e00` or `4K`; moves `at` behind it."""
    cdef u64 value = 0, base = 10, digit
    cdef char c
    if text[at[0]] == c'0' and text[at[0] + 1] == c'x':
        base = 16
        at[0] += 2
    while True:
        c = text[at[0]]
        if c'0' <= c <= c'9':
            digit = <u64>(c - c'0')
        elif base == 16 and c'a' <= c <= c'f':
            digit = <u64>(c - c'a' + 10)
        else:
            break
        value = value * base + digit
        at[0] += 1
    if c == c'K':
        value <<= 10
        at[0] += 1
    return value


cdef bint word_at(const char* text, u32 at, const char* word) noexcept nogil:
    cdef u32 i = 0
    while word[i]:
        if text[at + i] != word[i]:
            return False
        i += 1
    return True


cdef void add_mmio(BootInfo* info, u64 physical) noexcept nogil:
    cdef BootDevice* device
    cdef u64 at = window + physical
    if physical < <u64>0xc0000000 or physical > <u64>0xffffffff or info.device_count == BOOT_DEVICES_MAX:
        return
    # §4.2.2: "virt", version 2, and not the placeholder 0.
    if mmio_read32(at) != 0x74726976 or mmio_read32(at + 4) != 2 or mmio_read32(at + 8) == 0:
        return
    device = &info.devices[info.device_count]
    device.virtio_id = mmio_read32(at + 8)
    device.transport = TRANSPORT_MMIO
    device.interrupt = EVENT_DEVICE
    device.address = at
    info.device_count += 1


cdef public void pc_find_devices(BootInfo* info) noexcept nogil:
    """Virtio devices of the command line (`virtio_mmio.device=SIZE@ADDRESS:IRQ`), of PCI, or of microvm.

    The first console is the guest's input and output, the second its errors, the third its control line.
    """
    global has_devices
    cdef u32 at = 0, consoles = 0, i
    while info.command_line[at]:
        if word_at(info.command_line, at, b"virtio_mmio.device="):
            at += 19
            number_at(info.command_line, &at)
            if info.command_line[at] == c'@':
                at += 1
                add_mmio(info, number_at(info.command_line, &at))
        elif info.command_line[at]:
            at += 1
    if not pci_find(info) and info.device_count == 0:
        # QEMU's microvm with ACPI names them nowhere else: its 24 places, which it fills from the last.
        for i in range(24):
            add_mmio(info, MICROVM_DEVICES + (23 - i) * 512)
    for i in range(info.device_count):
        if info.devices[i].virtio_id == 3:
            info.devices[i].role = consoles
            consoles += 1
    has_devices = info.device_count > 0


# --- the table --------------------------------------------------------------------------------------

cdef bint in_ram(u64 address, u64 size) noexcept nogil:
    return (not (address | size) & (PAGE - 1) and boot.memory_base <= address <= boot.memory_end
            and size <= boot.memory_end - address)

cdef int protect(u64 address, u64 size, int access) noexcept nogil:
    if not in_ram(address, size):
        return -EINVAL
    return paging_protect(address, size, access)

cdef void release(u64 address, u64 size) noexcept nogil:
    pass                                 # the page stays as it is: a stock machine has no use for the hint

cdef void set_cpu_base(void* base) noexcept nogil:
    cpu_write_msr(MSR_GS_BASE, <u64>base)

cdef void set_event_mask(void (*close)() noexcept nogil, void (*open)() noexcept nogil) noexcept nogil:
    pass                                 # FS base is the guest's alone

cdef void set_thread_base(u64 base) noexcept nogil:
    cpu_write_msr(MSR_FS_BASE, base)

cdef void say(const char* text) noexcept nogil:
    cdef u64 length = 0
    while text[length]:
        length += 1
    pc_write(text, length)

cdef void say_word(const char* name, u64 value) noexcept nogil:
    cdef char digits[16]
    cdef const char* letters = b"0123456789abcdef"
    cdef int i
    for i in range(16):
        digits[i] = letters[value >> (60 - 4 * i) & 15]
    say(name)
    pc_write(digits, 16)

cdef void end(FatalReport* report) noexcept nogil:
    """The report that a monitor of ours would make, on the serial port."""
    cdef EventFrame* f = report.frame
    cdef u64* rbp = <u64*>f.rbp
    cdef int depth = 0
    say(b"demitasse: the guest faulted before it had a handler: " if report.kind == 1
        else b"demitasse: the guest faulted inside its event handler: ")
    say_word(b"exception ", f.vector)
    say_word(b" address ", f.address)
    say_word(b"\n  rip ", f.rip)
    say_word(b" rsp ", f.rsp)
    say_word(b" rbp ", f.rbp)
    say_word(b" error ", f.error)
    while boot.memory_end > <u64>rbp >= <u64>&image_start[0] and depth < 32 and not <u64>rbp & 7:
        say_word(b"\n  called from ", rbp[1])
        if rbp[0] <= <u64>rbp:
            break
        rbp = <u64*>rbp[0]
        depth += 1
    say(b"\n")
    pc_exit(134)


cdef public void platform_pc_init(BootInfo* info, PlatformOperations* table) noexcept nogil:
    global wall_offset
    vectors_init(<u64>&pvh_idt[0], 0, end)
    vectors_set_interrupts(take)
    paging_init(<u64>&pvh_tables[0] - window, <u64>&pvh_pool[0] - window, <u64>&pvh_pool_end[0] - window, cpu_invlpg, cpu_flush)
    paging_protect(<u64>&image_start[0], <u64>&image_text_end[0] - <u64>&image_start[0], 5)
    paging_protect(<u64>&image_text_end[0], <u64>&image_rodata_end[0] - <u64>&image_text_end[0], 1)
    paging_protect(<u64>&image_rodata_end[0], <u64>&image_end[0] - <u64>&image_rodata_end[0], 3)
    paging_protect(<u64>&event_stack_guard[0], PAGE, 0)
    paging_protect(<u64>&boot_stack_guard[0], PAGE, 0)
    wall_offset = info.wall_time
    port_write8(0x21, 0xff)              # both 8259: every line masked
    port_write8(0xa1, 0xff)
    mmio_write32(window + APIC + APIC_TIMER, EVENT_TIMER)        # one shot
    table.clock = clock
    table.wall = wall
    table.print = pc_write
    table.wait = wait
    table.timer = timer
    table.exit = pc_exit
    table.protect = protect
    table.release = release
    table.set_event_handler = vectors_set_handler
    table.device_read = read_register
    table.device_write = write_register
    table.device_notify = notify
    table.set_cpu_base = set_cpu_base
    table.set_thread_base = set_thread_base
    table.set_event_mask = set_event_mask
    arm()
    cpu_sti()
