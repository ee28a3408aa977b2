# The one small interface between the kernel and the machine it finds itself on.
#
# Invariant: nothing above this file asks which home it runs in.
# Interface: `platform_init` picks the implementation from BootInfo; all functions may be called
# with events masked, from any thread; none of them blocks except `platform_wait`.
#
# Events go to the one handler, on the platform's own event stack, with the interrupted registers in
# the frame.  No event is lost, and none interrupts the handler: those that come meanwhile follow it.
# A fault inside the handler ends the guest.  The handler may leave by platform_exit.
# `platform_wait` returns at once if an event was delivered since it last returned, so "look, then
# wait" loses no wake-up; it may return for no reason.  A cancelled timer may still give one event.
# The pages of `platform_protect` and `platform_release` are RAM above BootInfo.memory_base, or in the range
# for stacks, which has no access and costs no memory until platform_protect gives it; a
# released page reads as zero or as it was, whichever the home finds cheaper, until it is written.
from kernel.types cimport u32, u64
from kernel.boot.bootinfo cimport BootInfo, EventFrame

cdef enum:
    ACCESS_NONE = 0
    ACCESS_READ = 1
    ACCESS_WRITE = 3
    ACCESS_EXECUTE = 4                   # beside the others

cdef extern void platform_init(BootInfo* info) noexcept nogil
cdef extern u64 platform_clock() noexcept nogil                      # monotonic ns
cdef extern u64 platform_wall() noexcept nogil                       # ns since the epoch
cdef extern void platform_print(const char* text, u64 length) noexcept nogil   # early and panic output
cdef extern void platform_wait(u64 deadline) noexcept nogil          # idle until an event or the deadline (0: none)
cdef extern void platform_timer(u64 deadline) noexcept nogil         # ask for one EVENT_TIMER; 0 cancels
cdef extern void platform_mark(int mark) noexcept nogil              # note the time of a Mark (bootinfo.pxd)
cdef extern void platform_exit(int code) noexcept nogil              # does not return
cdef extern int platform_protect(u64 address, u64 size, int access) noexcept nogil
cdef extern void platform_release(u64 address, u64 size) noexcept nogil
cdef extern void platform_set_event_handler(void (*handler)(EventFrame* frame) noexcept nogil) noexcept nogil
# Virtio transport registers (virtio 1.2 §4.2.2 offsets) of boot device number `device`.
cdef extern u32 platform_device_read(u32 device, u32 offset) noexcept nogil
cdef extern void platform_device_write(u32 device, u32 offset, u32 value) noexcept nogil
cdef extern void platform_device_notify(u32 device, u32 queue) noexcept nogil
# Where the platform gets memory for its own needs (page tables): `source` gives the address of a zeroed page, or 0.
cdef extern void platform_set_page_source(u64 (*source)() noexcept nogil) noexcept nogil
# For kernel/platform only: a page of it, or 0.
cdef extern u64 platform_take_page() noexcept nogil
# How the kernel masks events and opens them again: to be told before the first platform_set_thread_base.
cdef extern void platform_set_event_mask(void (*close)() noexcept nogil, void (*open)() noexcept nogil) noexcept nogil
# FS base of the running thread from now on, not 0 (a C program's thread pointer).
cdef extern void platform_set_thread_base(u64 base) noexcept nogil
# Base of the running CPU's per-CPU structure, readable as gs:0 from then on (kernel/threads/cpu.pxd).
cdef extern void platform_set_cpu_base(void* base) noexcept nogil
