# virtio entropy device (virtio 1.2 §5.4): seeds the entropy pool at boot, without waiting for it.
from kernel.boot.bootinfo cimport BootInfo

cdef extern void rng_init(BootInfo* info) noexcept nogil
