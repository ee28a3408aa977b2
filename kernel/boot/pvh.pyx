# Builds BootInfo from what a stock hypervisor passes (Xen's public/arch-x86/hvm/start_info.h), and
# finds the machine's devices.
#
# Invariant: RAM given to the kernel is the one range of the memory map that holds the image, below
# 4 GiB, from the image's end to the first boot module in it.  A bad start_info or boot pack ends the
# machine with a line on the serial port.
from kernel.types cimport u8, u32, u64
from kernel.boot.bootinfo cimport *
from kernel.boot.main cimport kernel_main
from kernel.boot.pack cimport PACK_NAME_MAX, PACK_VERSION, PackEntry, PackHeader
from kernel.platform.pc cimport pc_calibrate, pc_exit, pc_find_devices, pc_start_serial, pc_write

cdef extern from *:
    """
    #define PVH_PACK_MAGIC 0x4b43415053544d44UL      /* "DMTSPACK" */
    extern char image_end[] __attribute__((visibility("hidden")));
    """
    u64 PVH_PACK_MAGIC
    char image_end[]

cdef enum:
    START_MAGIC = 0x336ec578
    RAM = 1                              # E820 type
    PAGE = 4096

cdef struct StartInfo:
    u32 magic
    u32 version
    u32 flags
    u32 module_count
    u64 modules
    u64 command_line
    u64 rsdp
    u64 memory_map                       # version 1 and later
    u32 memory_map_count
    u32 reserved

cdef struct StartModule:
    u64 address
    u64 size
    u64 command_line
    u64 reserved

cdef struct MemoryRange:
    u64 address
    u64 size
    u32 kind
    u32 reserved

cdef BootInfo boot_info
cdef GuestMarks boot_marks
cdef u64 window


cdef void stop(const char* why) noexcept nogil:
    cdef u64 length = 0
    while why[length]:
        length += 1
    pc_write(b"demitasse: cannot boot: ", 24)
    pc_write(why, length)
    pc_write(b"\n", 1)
    pc_exit(1)


cdef void add_module(const char* name, u64 address, u64 size) noexcept nogil:
    cdef BootModule* module
    cdef u32 i = 0
    if boot_info.module_count == BOOT_MODULES_MAX:
        stop(b"too many boot modules")
    module = &boot_info.modules[boot_info.module_count]
    while i < BOOT_NAME_MAX - 1 and name[i]:
        module.name[i] = name[i]
        i += 1
    module.address = address
    module.size = size
    boot_info.module_count += 1


cdef void add_pack(u64 address, u64 size) noexcept nogil:
    """Adds the modules of a boot pack, or the whole file as the module "initrd"."""
    cdef PackHeader* header = <PackHeader*>address
    cdef PackEntry* entry
    cdef u32 i
    if size < sizeof(PackHeader) or header.magic != PVH_PACK_MAGIC:
        add_module(b"initrd", address, size)
        return
    if header.version != PACK_VERSION:
        stop(b"the boot pack has another version")
    if header.size > size or header.count > (size - sizeof(PackHeader)) // sizeof(PackEntry):
        stop(b"the boot pack is truncated")
    for i in range(header.count):
        entry = <PackEntry*>(address + sizeof(PackHeader)) + i
        if (entry.offset > size or entry.size > size - entry.offset or entry.offset % PAGE
                or entry.name[PACK_NAME_MAX - 1]):
            stop(b"the boot pack has a bad entry")
        add_module(entry.name, address + entry.offset, entry.size)


cdef void find_memory(StartInfo* start) noexcept nogil:
    cdef MemoryRange* ranges = <MemoryRange*>(window + start.memory_map)
    cdef u64 image = IMAGE_PHYSICAL, end
    cdef u32 i
    if start.version < 1 or start.memory_map_count == 0:
        stop(b"hvm_start_info has no memory map")
    for i in range(start.memory_map_count):
        end = ranges[i].address + ranges[i].size
        if ranges[i].kind == RAM and ranges[i].address <= image < end:
            boot_info.memory_end = window + (min(end, <u64>0xc0000000) & ~<u64>(PAGE - 1))


cdef public void pvh_main(u64 start_physical) noexcept nogil:
    global window
    cdef StartInfo* start
    cdef StartModule* modules
    cdef char* line
    cdef u32 i
    window = <u64>1 << WINDOW_SHIFT
    start = <StartInfo*>(window + start_physical)
    pc_start_serial()
    if start.magic != START_MAGIC:
        stop(b"no hvm_start_info")
    boot_info.magic = BOOTINFO_MAGIC
    boot_info.version = BOOTINFO_VERSION
    boot_info.size = sizeof(BootInfo)
    boot_info.home = HOME_PVH
    boot_info.cpu_count = 1
    boot_info.marks = &boot_marks
    boot_info.memory_base = (<u64>&image_end[0] + PAGE - 1) & ~<u64>(PAGE - 1)
    find_memory(start)
    modules = <StartModule*>(window + start.modules)
    for i in range(start.module_count):
        add_pack(window + modules[i].address, modules[i].size)
        if boot_info.memory_base <= window + modules[i].address < boot_info.memory_end:
            boot_info.memory_end = (window + modules[i].address) & ~<u64>(PAGE - 1)
    if boot_info.memory_end < boot_info.memory_base + (1 << 20):
        stop(b"too little memory")
    if start.command_line:
        line = <char*>(window + start.command_line)
        i = 0
        while i < BOOT_CMDLINE_MAX - 1 and line[i]:
            boot_info.command_line[i] = line[i]
            i += 1
    pc_calibrate(&boot_info)
    pc_find_devices(&boot_info)
    kernel_main(&boot_info)
    pc_exit(125)
