# The consoles: virtio-console (virtio 1.2 §5.3, no multiport), by BootDevice.role; without a device the
# output goes to platform_print and the input is at its end.
#
# Interface: console_write may block while all buffers are in flight; bytes of one call stay together
# up to CONSOLE_BUFFER.  console_read blocks until there is a byte; 0 is the end of the input.
from kernel.types cimport i64, u32, u64
from kernel.boot.bootinfo cimport BootInfo

cdef enum:
    CONSOLE_MAIN = 0                     # roles: stdin and stdout
    CONSOLE_ERROR = 1                    # stderr
    CONSOLE_BUFFER = 4096

cdef extern void console_init(BootInfo* info) noexcept nogil
cdef extern i64 console_write(u32 role, const void* data, u64 size) noexcept nogil
cdef extern i64 console_read(void* into, u64 size, bint block) noexcept nogil    # -EAGAIN without block
cdef extern u64 console_available() noexcept nogil                      # bytes that a read gives at once
cdef extern bint console_at_end() noexcept nogil                        # the input has ended
cdef extern void console_flush() noexcept nogil                         # until the devices have taken everything
# The input ends for good after so many bytes of it have come; events masked.  For devices that cannot say so.
cdef extern void console_end_input(u64 count) noexcept nogil
# For a panic: gives the devices a short while to take what is queued; never blocks or switches.
cdef extern void console_drain() noexcept nogil
# Says when input has come; events masked.  One listener.
cdef extern void console_set_listener(void (*listener)() noexcept nogil) noexcept nogil
