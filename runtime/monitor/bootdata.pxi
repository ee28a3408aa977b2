# Shared text of the homes with a monitor of ours: fills a BootInfo, reads back what the guest left.
# Included, not imported: each home is one extension module.
from libc.stdint cimport uint64_t
from libc.string cimport memcpy, memset
from kernel.types cimport u8, u16, u32, u64
from kernel.boot.bootinfo cimport *
from runtime.devices.memory cimport GuestMemory, MEMORY_RANGES_MAX, memory_add
from runtime.devices.device cimport (Device, REG_QUEUE_NOTIFY, VIRTIO_9P, VIRTIO_CONSOLE, VIRTIO_ENTROPY, device_notify,
    device_read, device_write)
from runtime.devices.console cimport (Console, console_init, console_receive, console_transmit, console_wants_input,
    console_wants_output)
from runtime.devices.entropy cimport entropy_init
from runtime.devices.ninep cimport Ninep, ninep_close, ninep_init

from .crash import CRASHED as PY_CRASHED
from .crash import Crash
from .machine import MARKS, RunResult
from .image import MachineError

cdef extern from "<sys/mman.h>" nogil:
    void* mmap(void* addr, size_t length, int prot, int flags, int fd, long offset)
    int munmap(void* addr, size_t length)
    int mprotect(void* addr, size_t length, int prot)
    int madvise(void* addr, size_t length, int advice)
    int mincore(void* addr, size_t length, unsigned char* vector)
    int PROT_READ, PROT_WRITE, PROT_EXEC, PROT_NONE
    int MAP_PRIVATE, MAP_SHARED, MAP_ANONYMOUS, MAP_FIXED_NOREPLACE, MAP_NORESERVE, MAP_FIXED, MAP_POPULATE
    int MADV_DONTNEED, MADV_HUGEPAGE, MADV_NOHUGEPAGE
    void* MAP_FAILED

cdef enum:
    PAGE_SIZE = 4096
    # Kinds of crash, crash.REASONS.
    CRASH_NONE = 0
    CRASH_NO_HANDLER = 1
    CRASH_IN_HANDLER = 2
    CRASH_IN_MONITOR = 3
    CRASH_SHUTDOWN = 4
    CRASH_KVM = 5
    CRASH_PROTOCOL = 6
    BACKTRACE_MAX = 48
    CRASHED = 134
    # Boot devices, by number.
    DEVICE_CONSOLE = 0
    DEVICE_ERRORS = 1
    DEVICE_ENTROPY = 2
    DEVICES = 3                          # these; folders follow
    FOLDERS_MAX = 16                     # machine.FOLDERS_MAX
    DEVICES_MAX = DEVICES + FOLDERS_MAX
    DEVICE_POLLS = 3

cdef u64 WINDOW_BASE = <u64>1 << WINDOW_SHIFT

cdef struct CrashRecord:
    int kind
    u32 depth
    EventFrame frame
    u64 backtrace[BACKTRACE_MAX]

cdef struct Devices:
    GuestMemory memory
    Console console
    Console errors
    Device entropy
    Ninep folders[FOLDERS_MAX]
    u32 folder_count
    u32 count
    Device* at[DEVICES_MAX]


cdef void devices_init(Devices* devices, int input, int output, int errors,
                       void (*interrupt)(void* context) noexcept nogil, void* context) noexcept nogil:
    console_init(&devices.console, &devices.memory, input, output, interrupt, context)
    console_init(&devices.errors, &devices.memory, -1, errors, interrupt, context)
    entropy_init(&devices.entropy, &devices.memory, interrupt, context)
    devices.at[DEVICE_CONSOLE] = &devices.console.device
    devices.at[DEVICE_ERRORS] = &devices.errors.device
    devices.at[DEVICE_ENTROPY] = &devices.entropy
    devices.count = DEVICES
    devices.folder_count = 0


limits_before = None                     # RLIMIT_NOFILE, while folders are open


cdef int folders_open(Devices* devices, object spec, void (*interrupt)(void* context) noexcept nogil,
                      void* context) except -1:
    """A device for each folder of `spec`; folders_close ends them, whatever came of this."""
    global limits_before
    cdef u32 number = 0
    cdef int folder, error
    cdef bytes tag
    if spec.folders:
        # A file that is open in the guest is two or three descriptors here: as many as java would take.
        import resource

        limits_before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limits_before[1], limits_before[1]))
    for one in spec.folders:
        if number == FOLDERS_MAX:
            raise MachineError(f"at most {FOLDERS_MAX} folders can be given")
        try:
            folder = os.open(one.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as failure:
            raise MachineError(f"folder {one.path}: {failure.strerror}") from None
        tag = one.tag.encode()
        error = ninep_init(&devices.folders[number], &devices.memory, folder, one.read_only, tag, interrupt, context)
        if error < 0:
            os.close(folder)
            raise MemoryError
        devices.at[DEVICES + number] = &devices.folders[number].device
        number += 1
        devices.folder_count = number
        devices.count = DEVICES + number
    return 0


cdef int folders_close(Devices* devices) except -1:
    global limits_before
    cdef u32 i
    if limits_before is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, limits_before)
        limits_before = None
    for i in range(devices.folder_count):
        ninep_close(&devices.folders[i])
        os.close(devices.folders[i].folder)
    devices.folder_count = 0
    return 0


cdef u32 device_kind(u32 number) noexcept nogil:
    if number >= DEVICES:
        return VIRTIO_9P
    return VIRTIO_ENTROPY if number == DEVICE_ENTROPY else VIRTIO_CONSOLE


cdef bint devices_wait_for_host(Devices* devices) noexcept nogil:
    """Whether a device waits for a descriptor: for input to come, or for output to be taken."""
    return (console_wants_input(&devices.console) >= 0 or console_wants_output(&devices.console) >= 0
            or console_wants_output(&devices.errors) >= 0)


cdef int devices_poll(Devices* devices, pollfd* polls) noexcept nogil:
    """Fills in what to poll for (at most DEVICE_POLLS); returns how many.  Not wanted is -1, which poll passes over."""
    polls[0].fd = console_wants_input(&devices.console)
    polls[0].events = POLLIN
    polls[1].fd = console_wants_output(&devices.console)
    polls[1].events = POLLOUT
    polls[2].fd = console_wants_output(&devices.errors)
    polls[2].events = POLLOUT
    return DEVICE_POLLS


cdef void devices_serve(Devices* devices) noexcept nogil:
    """Moves what the descriptors have or take; never blocks."""
    console_receive(&devices.console)
    console_transmit(&devices.console)
    console_transmit(&devices.errors)


cdef u64 boot_data_end(u64 boot_data) noexcept nogil:
    """First page behind BootInfo and GuestMarks when they start at `boot_data`."""
    return (boot_data + sizeof(BootInfo) + sizeof(GuestMarks) + PAGE_SIZE - 1) & ~<u64>(PAGE_SIZE - 1)


cdef int copy_text(char* to, size_t room, bytes text) except -1:
    cdef const char* data = text
    if <size_t>len(text) >= room:
        raise MachineError(f"{text!r} is longer than {room - 1} bytes")
    memcpy(to, data, len(text))
    to[len(text)] = 0
    return 0


cdef int fill_boot_info(BootInfo* info, u64 info_physical, u64 memory_base, object spec, object plan,
                        u32 home, u32 transport) except -1:
    """Fills what all homes have in common.  `info` is where the guest sees `info_physical`."""
    cdef u32 i
    memset(info, 0, sizeof(BootInfo) + sizeof(GuestMarks))
    info.magic = BOOTINFO_MAGIC
    info.version = BOOTINFO_VERSION
    info.size = sizeof(BootInfo)
    info.home = home
    info.cpu_count = 1
    info.memory_base = WINDOW_BASE + memory_base
    info.memory_end = WINDOW_BASE + <u64>plan.memory_end
    info.stacks_base = WINDOW_BASE + STACKS_PHYSICAL
    info.stacks_size = STACKS_SIZE
    info.marks = <GuestMarks*>(WINDOW_BASE + info_physical + sizeof(BootInfo))
    for module in plan.modules:
        copy_text(info.modules[info.module_count].name, BOOT_NAME_MAX, module.name.encode())
        info.modules[info.module_count].address = WINDOW_BASE + <u64>module.physical
        info.modules[info.module_count].size = module.size
        info.module_count += 1
    for i in range(DEVICES + <u32>len(spec.folders)):
        info.devices[i].virtio_id = device_kind(i)
        info.devices[i].transport = transport
        info.devices[i].interrupt = EVENT_DEVICE
        info.devices[i].role = 1 if i == DEVICE_ERRORS else 0
        info.devices[i].address = i
    info.device_count = DEVICES + <u32>len(spec.folders)
    copy_text(info.command_line, BOOT_CMDLINE_MAX, spec.command_line.encode())
    return 0


cdef u64 resident(u64 start, u64 end) noexcept nogil:
    """Bytes of [start, end) that are in memory; both page aligned host addresses."""
    cdef unsigned char flags[4096]
    cdef u64 total = 0, step, i
    while start < end:
        step = min(end - start, <u64>sizeof(flags) * PAGE_SIZE)
        if mincore(<void*>start, step, flags) == 0:
            for i in range(step // PAGE_SIZE):
                total += flags[i] & 1
        start += step
    return total * PAGE_SIZE


cdef dict registers_of(EventFrame* f):
    return {"rip": f.rip, "rsp": f.rsp, "rbp": f.rbp, "rflags": f.rflags, "rax": f.rax, "rbx": f.rbx,
            "rcx": f.rcx, "rdx": f.rdx, "rsi": f.rsi, "rdi": f.rdi, "r8": f.r8, "r9": f.r9, "r10": f.r10,
            "r11": f.r11, "r12": f.r12, "r13": f.r13, "r14": f.r14, "r15": f.r15, "address": f.address,
            "cs": f.cs, "ss": f.ss, "vector": f.vector, "error": f.error}


cdef bytes guest_bytes(u64 at, u64 size, u64 host_offset, u64 ram_end):
    """What lies there in the guest's RAM; nothing if that is not all RAM."""
    if WINDOW_BASE + IMAGE_PHYSICAL <= at <= ram_end and size <= ram_end - at:
        return (<const char*>(at + host_offset))[:size]
    return b""


cdef object result_of(str home, int code, BootInfo* info, u64 entry_time, u64 host_offset, u64 ram_end, u64 peak,
                      CrashRecord* crash, str detail):
    """Builds the RunResult.  The guest may have overwritten BootInfo: nothing here believes it.

    `info` is trusted as a pointer, its contents are not; host address = guest-virtual + host_offset.
    """
    cdef GuestMarks* marks = <GuestMarks*>(<u64>info + sizeof(BootInfo))
    times = {}
    for i, name in enumerate(MARKS):
        if marks.time[i] >= entry_time:
            times[name] = marks.time[i] - entry_time
    trace = guest_bytes(marks.trace_address, marks.trace_size, host_offset, ram_end)
    figures = guest_bytes(marks.figures_address, marks.figures_size, host_offset, ram_end)
    report = None
    if crash.kind != CRASH_NONE:
        report = Crash.of(crash.kind, registers_of(&crash.frame),
                          [crash.backtrace[i] for i in range(crash.depth)], detail)
    return RunResult(home=home, exit_code=code, peak_memory=peak, marks=times, trace=trace, figures=figures,
                     crash=report)
