# BootInfo: the contract between a monitor and the image.  The one definition of it: the guest,
# our monitors and the tests all cimport this file.
#
# Invariant: everything is fixed-size and self-contained but for guest-virtual addresses, which lie
# in the window (virtual = WINDOW + physical).  The guest checks `magic`, `version` and `size`
# before it believes anything else (kernel/boot/main.pyx).  Any change of layout or meaning raises
# BOOTINFO_VERSION.
#
# Interface: the monitor maps image, memory and modules, fills a BootInfo inside guest memory and
# enters the image at e_entry with its address in RDI.  Entered through PVH, the image fills the
# same structure itself from hvm_start_info.
from kernel.types cimport u8, u16, u32, u64

cdef enum:
    BOOTINFO_MAGIC = 0x53544D44          # "DMTS"
    BOOTINFO_VERSION = 6
    BOOT_MODULES_MAX = 256
    BOOT_DEVICES_MAX = 32
    BOOT_NAME_MAX = 80
    BOOT_CMDLINE_MAX = 2048

# All of guest memory is visible at WINDOW + physical address, in every home.  Addresses that a driver
# hands to a device (rings, descriptors) are physical ones: virtual - WINDOW.
cdef enum:
    WINDOW_SHIFT = 44
    IMAGE_PHYSICAL = 0x200000            # RAM below it belongs to the platform
    MODULES_PHYSICAL = 0x1000000000      # 64 GiB: boot modules of our own monitors from here on
    STACKS_PHYSICAL = 0x2000000000       # 128 GiB: where our own monitors offer addresses for stacks
    STACKS_SIZE = 0x800000000            # 32 GiB

# Times and buffers that the guest leaves for whoever runs it: read after the guest has ended.
cdef enum Mark:
    MARK_KERNEL_READY = 0                # the kernel's own start is done
    MARK_JVM_READY = 1                   # the first class of the application can be looked up
    MARK_MAIN = 2                        # the application's main is entered
    MARK_EXIT = 3                        # platform_exit was reached
    MARKS_MAX = 16

cdef struct GuestMarks:
    u64 time[MARKS_MAX]                  # platform_clock() at each Mark, 0: not reached
    u64 trace_address                    # guest-virtual address of the trace ring, 0: none
    u64 trace_size                       # bytes
    u64 figures_address                  # guest-virtual address of what the guest tells of the run, 0: nothing
    u64 figures_size                     # bytes: lines of text (jvm/runtime/statistics.pyx)

cdef enum Home:
    HOME_PROCESS = 1
    HOME_KVM = 2
    HOME_PVH = 3

cdef enum Transport:
    TRANSPORT_DIRECT = 1     # calls into the monitor (process)
    TRANSPORT_MMIO = 2       # virtio over mmio, virtio 1.2 §4.2
    TRANSPORT_PCI = 3        # virtio over PCI, virtio 1.2 §4.1

# A named range of read-only bytes, mapped by the monitor, never copied.  A name that begins with
# '@' is not a file: "@config" holds the launch configuration (kernel/boot/config.pyx).
cdef struct BootModule:
    char name[BOOT_NAME_MAX]             # NUL-terminated
    u64 address                          # guest-virtual, page aligned
    u64 size                             # bytes

cdef struct BootDevice:
    u32 virtio_id                        # virtio 1.2 §5: 3 console, 4 entropy, 9 9P, …
    u32 transport                        # Transport
    u32 interrupt                        # event number raised when a queue wants attention
    u32 role                             # for consoles: 0 = stdin/stdout, 1 = stderr, 2 = control line
    u64 address                          # register block (mmio), or the device's index (direct)

# What stopped or interrupted the running code; the platform builds it, the handler may edit the
# registers, the platform resumes from them.  The same layout in all homes.
cdef struct EventFrame:
    u64 r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi
    u64 vector                           # EventVector or an x86 exception number
    u64 error                            # x86 error code, or 0
    u64 rip, cs, rflags, rsp, ss
    u64 address                          # CR2 of a page fault

cdef enum EventVector:
    EVENT_PAGE_FAULT = 14
    EVENT_TIMER = 32
    EVENT_DEVICE = 33                    # some device wants attention; the kernel polls all
    EVENT_INTERRUPT_KEY = 34             # Ctrl-C at the monitor
    EVENT_QUIT_KEY = 35                  # Ctrl-\ at the monitor: report threads
    EVENT_TERMINATE = 36                 # the monitor was asked to end the guest (SIGTERM)

# Type of an event handler.  (Public functions spell it out: Cython allows them no private typedef.)
ctypedef void (*EventHandler)(EventFrame* frame) noexcept nogil

# Function calls that the process home offers; `context` is passed back as the first argument.
# None of them re-enters the guest except through the event handler.
cdef struct PlatformCalls:
    void* context
    u64 (*clock)(void* context) noexcept nogil                       # monotonic, ns
    u64 (*wall)(void* context) noexcept nogil                        # since the epoch, ns
    void (*print)(void* context, const char* text, u64 length) noexcept nogil
    void (*wait)(void* context, u64 deadline) noexcept nogil         # until an event or monotonic ns
    void (*timer)(void* context, u64 deadline) noexcept nogil        # one EVENT_TIMER; 0 cancels
    void (*notify)(void* context, u64 device, u32 queue) noexcept nogil
    # Virtio registers of a device by their mmio offsets (virtio 1.2 §4.2.2).
    u32 (*device_read)(void* context, u64 device, u32 offset) noexcept nogil
    void (*device_write)(void* context, u64 device, u32 offset, u32 value) noexcept nogil
    int (*protect)(void* context, u64 address, u64 size, int access) noexcept nogil   # 0 none, 1 read, 3 read-write
    void (*release)(void* context, u64 address, u64 size) noexcept nogil   # contents no longer needed
    void (*set_cpu_base)(void* context, void* base) noexcept nogil   # GS base of the calling thread
    void (*set_event_handler)(void* context, EventHandler handler) noexcept nogil
    # FS base: the monitor's own must be there in every call; it is there when the event handler is called.
    u64 host_base
    u64 (*thread_base)(void* context, u64 base) noexcept nogil       # sets it, 0: tells it; NULL: RDFSBASE and WRFSBASE may be used

cdef struct BootInfo:
    u32 magic
    u32 version
    u32 size                             # sizeof(BootInfo)
    u32 home                             # Home
    u32 ring                             # 0 or 3: the privilege the image is to run in
    u32 cpu_count
    u32 module_count
    u32 device_count
    u64 memory_base                      # first usable byte after image and boot data, guest-virtual
    u64 memory_end                       # end of RAM, guest-virtual
    u64 stacks_base                      # addresses without memory; platform_protect makes memory of them
    u64 stacks_size                      # 0: there are none
    u64 entry_time                       # monotonic ns when the monitor entered the image
    u64 wall_time                        # ns since the epoch at entry_time
    u64 tsc_at_entry                     # RDTSC at entry_time
    u64 tsc_khz                          # 0: unknown, the guest calibrates; process: 1 if the host keeps time by RDTSC, too
    u64 control                          # kvm: guest-virtual address of the monitor's control page
    u64 tables_free                      # kvm: guest-physical address of the first free page for page tables
    GuestMarks* marks                    # never NULL
    PlatformCalls* calls                 # process: the calls above; NULL elsewhere
    BootModule modules[BOOT_MODULES_MAX]
    BootDevice devices[BOOT_DEVICES_MAX]
    char command_line[BOOT_CMDLINE_MAX]
