# Virtio entropy device (virtio 1.2 §5.4): one queue, each buffer filled with the host's randomness.
from runtime.devices.device cimport Device
from runtime.devices.memory cimport GuestMemory

cdef extern void entropy_init(Device* device, GuestMemory* memory,
                              void (*interrupt)(void* context) noexcept nogil, void* context) noexcept nogil
