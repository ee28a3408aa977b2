# The control line: what a launcher tells the guest that stock machines have no word for.  It is the
# third virtio console (BootDevice.role CONTROL_ROLE), of which only input is used; without one, nothing.
#
# Messages, from the launcher (runtime/monitor/control.py writes them):
#   'I', 'Q', 'T'        the interrupt key, the quit key, a request to terminate
#   'E' and u64 (LE)     standard input ends after so many bytes of it
# Invariant: bytes arrive in pieces of any size; an unknown one is skipped with a warning.
from kernel.boot.bootinfo cimport BootInfo

cdef enum:
    CONTROL_ROLE = 2

cdef extern void control_init(BootInfo* info) noexcept nogil
