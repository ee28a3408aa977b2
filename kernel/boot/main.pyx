# From the first C instruction to the application and back: see main.pxd.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport (BootInfo, BOOTINFO_MAGIC, BOOTINFO_VERSION, BOOT_MODULES_MAX, BOOT_DEVICES_MAX,
                                   HOME_PVH, MARK_KERNEL_READY)
from kernel.boot.config cimport config_init, config_number
from kernel.platform.platform cimport platform_init, platform_exit, platform_mark, platform_set_page_source
from kernel.memory.heap cimport kmalloc_fail_left, kmalloc_fail_nth
from kernel.memory.pages cimport PAGES_ZERO, pages_alloc, pages_fail_left, pages_fail_nth, pages_init
from kernel.memory.string cimport strcmp
from kernel.threads.cpu cimport cpu_init, events_mask, events_unmask
from kernel.threads.stacks cimport stacks_init
from kernel.threads.thread cimport *
from kernel.threads.events cimport events_init
from kernel.time.clock cimport clock_init
from kernel.time.entropy cimport entropy_init
from kernel.diagnostics.log cimport log_init, log_warning, log_info
from kernel.diagnostics.trace cimport trace_init, trace_begin, trace_end
from kernel.diagnostics.panic cimport panic, panic_init, EXIT_BOOT
from kernel.diagnostics.format cimport kprint
from kernel.drivers.console cimport console_init, console_flush
from kernel.drivers.control cimport control_init
from kernel.drivers.ninep cimport ninep_devices_init
from kernel.drivers.rng cimport rng_init
from kernel.files.mapping cimport mappings_finish
from kernel.files.vfs cimport vfs_init, vfs_set_umask
from kernel.files.bootfs cimport bootfs_init
from kernel.files.devices cimport devices_init
from kernel.files.volumes cimport volumes_mount
from kernel.net.names cimport net_names_init
from kernel.net.socket cimport net_init
from jvm.runtime.application cimport application_main

cdef enum:
    MAIN_STACK = 8388608                 # as Linux gives the main thread; touched only where used

cdef BootInfo* boot_info


cdef public BootInfo* kernel_boot_info() noexcept nogil:
    return boot_info


# Whoever makes every allocation of a run fail, one after the other, asks first how many there are.
cdef void tell_allocations(const char* switch, u64 left) noexcept nogil:
    cdef u64 nth = config_number(switch, 0)
    if nth != 0:
        log_info(b"%s: %u allocations", switch, nth - left)


cdef public void kernel_exit(int code) noexcept nogil:
    tell_allocations(b"heap.fail", kmalloc_fail_left())
    tell_allocations(b"pages.fail", pages_fail_left())
    mappings_finish()
    console_flush()
    events_mask()
    platform_exit(code)


cdef void main_thread(void* argument) noexcept nogil:
    if not volumes_mount():            # on this thread: its stack is guest memory, which devices may use
        kernel_exit(EXIT_BOOT)
    kernel_exit(application_main())


cdef void refuse(const char* why, u64 found, u64 wanted) noexcept nogil:
    kprint(b"demitasse: this image and its monitor do not fit: %s is %u, not %u\n", why, found, wanted)
    platform_exit(EXIT_BOOT)


cdef void check(BootInfo* info) noexcept nogil:
    if info.magic != BOOTINFO_MAGIC:
        refuse(b"BootInfo.magic", info.magic, BOOTINFO_MAGIC)
    if info.version != BOOTINFO_VERSION:
        refuse(b"BootInfo.version", info.version, BOOTINFO_VERSION)
    if info.size != sizeof(BootInfo):
        refuse(b"BootInfo.size", info.size, sizeof(BootInfo))
    if info.module_count > BOOT_MODULES_MAX:
        refuse(b"BootInfo.module_count", info.module_count, BOOT_MODULES_MAX)
    if info.device_count > BOOT_DEVICES_MAX:
        refuse(b"BootInfo.device_count", info.device_count, BOOT_DEVICES_MAX)


cdef void find_config(BootInfo* info) noexcept nogil:
    cdef u32 i
    for i in range(info.module_count):
        if strcmp(info.modules[i].name, b"@config") == 0:
            config_init(<const char*>info.modules[i].address, info.modules[i].size)
            return
    config_init(NULL, 0)


cdef u64 zeroed_page() noexcept nogil:
    return pages_alloc(1, 1, PAGES_ZERO)


cdef public void kernel_main(BootInfo* info) noexcept nogil:
    global boot_info
    cdef Thread* main
    boot_info = info
    platform_init(info)
    cpu_init()                           # events are masked from here …
    panic_init()
    check(info)
    find_config(info)
    log_init()
    if pages_init(info.memory_base, info.memory_end, info.home != HOME_PVH) != 0:
        kprint(b"demitasse: %u bytes of memory are too little\n", info.memory_end - info.memory_base)
        platform_exit(EXIT_BOOT)
    platform_set_page_source(zeroed_page)
    threads_init()
    stacks_init(info.stacks_base, info.stacks_size)
    clock_init()
    entropy_init()
    events_init()
    events_unmask()                      # … to here
    trace_init()
    trace_begin(b"kernel boot", 0)
    console_init(info)
    control_init(info)
    rng_init(info)
    ninep_devices_init(info)
    if vfs_init() != 0 or bootfs_init(info) != 0 or devices_init() != 0 or net_init() != 0 or net_names_init() != 0:
        kprint(b"demitasse: too little memory for the file system\n")
        platform_exit(EXIT_BOOT)
    vfs_set_umask(<u32>config_number(b"umask", 0))
    main = thread_create(b"main", main_thread, NULL, config_number(b"kernel.stack", MAIN_STACK), PRIORITY_NORMAL)
    if main == NULL:
        kprint(b"demitasse: too little memory for the main thread's stack\n")
        platform_exit(EXIT_BOOT)
    kmalloc_fail_nth(config_number(b"heap.fail", 0))
    pages_fail_nth(config_number(b"pages.fail", 0))
    trace_end(b"kernel boot")
    platform_mark(MARK_KERNEL_READY)
    thread_start(main)
    thread_join(main, NULL, 0)
    panic(b"the main thread ended without an exit code")
