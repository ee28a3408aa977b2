# Virtio console without ports (virtio 1.2 §5.3): queue 0 receives, queue 1 transmits.
#
# Output goes to the descriptor with writev while that takes it: a chain waits until the descriptor is
# ready, and whoever serves the device polls for that (console_wants_output), so a slow reader delays the
# output and not the guest.  A reader that has gone away (EPIPE) turns later output into nothing, as
# writes into a closed pipe do.
#
# Input is read only into buffers that the guest has posted, and only what is there: a driver that
# posts a buffer when the application reads takes no byte away from whoever shares the descriptor.
# End of input is a used buffer of length 0; each buffer posted later comes back the same way
# (a terminal may have more to say after Ctrl-D).
#
# Interface: `output` and `input` are descriptors of the monitor or -1 (discard; always at the end).
from runtime.devices.device cimport Device
from runtime.devices.memory cimport GuestMemory

cdef enum:
    CONSOLE_RECEIVE = 0
    CONSOLE_TRANSMIT = 1

cdef struct Console:
    Device device
    int input
    int output
    bint output_gone                     # EPIPE, or another error that will not pass

cdef extern void console_init(Console* console, GuestMemory* memory, int input, int output,
                              void (*interrupt)(void* context) noexcept nogil, void* context) noexcept nogil
# Descriptor to poll for input, or -1 while the guest has no buffer posted.
cdef extern int console_wants_input(Console* console) noexcept nogil
# Descriptor to poll until it takes output again, or -1 while there is none waiting.
cdef extern int console_wants_output(Console* console) noexcept nogil
# Write what the guest has given, as far as the descriptor takes it.
cdef extern void console_transmit(Console* console) noexcept nogil
# Hand over input that is there; never blocks.  True if a buffer was used.
cdef extern bint console_receive(Console* console) noexcept nogil
