# What the kvm home and its guest agree on beyond BootInfo: low memory, and the control page.
#
# Invariant: RAM below IMAGE_PHYSICAL holds the processor's tables as laid out here; the monitor fills
# them before the first instruction, but for the IDT, which the guest fills (it knows its vectors).
# Everything here is an address or a register number: a change raises BOOTINFO_VERSION.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport EventFrame

# Guest-physical places.  TRAP_A and TRAP_B are tops of two stacks for entry into ring 0; they differ in
# one bit, so that one XOR turns the stack that TSS.RSP0 names into the other (vectors.S).
cdef enum LowMemory:
    LOW_GDT = 0x1000
    LOW_IDT = 0x2000
    LOW_TSS = 0x3000
    LOW_TRAP_A = 0x5000
    LOW_TRAP_B = 0x7000
    LOW_START_STACK = 0x9000             # top of the stack for the first instructions
    LOW_TABLES = 0x20000                 # page tables, PML4 first; up to:
    LOW_TABLES_END = 0x200000

# The control page and the devices behind it, where no memory is: 63 GiB.
cdef enum:
    CONTROL_PHYSICAL = 0xFC0000000

# Segment selectors of the GDT.
cdef enum Selector:
    SELECTOR_KERNEL_CODE = 0x08
    SELECTOR_KERNEL_DATA = 0x10
    SELECTOR_USER_DATA = 0x1b
    SELECTOR_USER_CODE = 0x23
    SELECTOR_TSS = 0x28

# Registers: 8 bytes each, from BootInfo.control on.  A write has happened when the instruction is done.
cdef enum ControlRegister:
    CONTROL_EXIT = 0x00                  # write the exit code
    CONTROL_PRINT_ADDRESS = 0x08         # guest-physical
    CONTROL_PRINT = 0x10                 # write the length: prints
    CONTROL_WAIT = 0x18                  # write a deadline (monotonic ns, 0: none): returns after it or an event
    CONTROL_TIMER = 0x20                 # write a deadline for one EVENT_TIMER, 0 cancels
    CONTROL_CLOCK = 0x28                 # read: monotonic ns
    CONTROL_WALL = 0x30                  # read: ns since the epoch
    CONTROL_RELEASE_ADDRESS = 0x38       # guest-physical
    CONTROL_RELEASE = 0x40               # write the length: contents are no longer needed
    CONTROL_FATAL = 0x48                 # write the guest-physical address of a FatalReport: ends the guest
    CONTROL_GS_BASE = 0x50               # write: where WRGSBASE is missing
    CONTROL_HANDLER = 0x58               # write 1: events find a handler from now on
    CONTROL_STACKS = 0x60                # write n: part n of the range for stacks is memory from now on; read: did it work?
    # Register block of device n (virtio 1.2 §4.2.2), 4 bytes each.
    CONTROL_DEVICES = 0x1000
    CONTROL_DEVICE_SIZE = 0x1000

cdef enum:
    STACKS_PART = 1 << 30                # bytes that one write to CONTROL_STACKS makes memory

cdef enum:
    FATAL_NO_HANDLER = 1                 # as in runtime/monitor/crash.py
    FATAL_IN_HANDLER = 2

cdef struct FatalReport:
    u64 kind
    EventFrame* frame                    # guest-virtual: of the fault
    EventFrame* interrupted              # of the event whose handler faulted, or NULL
