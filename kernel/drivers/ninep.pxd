# Virtio 9P transport (device id 9, one queue): carries 9P messages of any number of threads at once.
#
# Invariant: a call's buffers belong to the device from the moment it is queued until it is done; a device
# that breaks the rules of the ring is stopped, and every call from then on fails with -EIO.
# Interface: call() sleeps until the reply is there, so never with events masked.  All buffers lie in guest
# memory (a boot thread's own stack may not).  The reply's first `reply_room` bytes go to `reply`, the rest
# to `data`; `received` counts both, and is all that is known of the reply: its bytes are the client's to check.
from kernel.types cimport u8, u32
from kernel.boot.bootinfo cimport BootInfo
from kernel.threads.thread cimport WaitQueue

cdef enum:
    NINEP_TAG_MAX = 32

cdef struct NinepCall:
    const void* request
    u32 request_size
    const void* payload                  # sent behind the request from where it lies
    u32 payload_size
    void* reply
    u32 reply_room
    void* data                           # where the reply goes on
    u32 data_room
    u32 received
    void (*finished)(NinepCall* call) noexcept nogil   # of post(): called once, events masked
    bint done                            # from here on the transport's own
    WaitQueue waiters

# What the client asks of a transport (the tests have another one).
cdef struct NinepTransport:
    int (*call)(void* context, NinepCall* call) noexcept nogil   # 0 or a negative errno
    # Queues a call that nobody waits for; the device hears of it with the next call().  False: not now, use
    # call().  NULL: this transport cannot.
    bint (*post)(void* context, NinepCall* call) noexcept nogil
    void* context

cdef extern void ninep_devices_init(BootInfo* info) noexcept nogil
# The device with that tag: 0, or -ENODEV.
cdef extern int ninep_device_find(const char* tag, u32 length, NinepTransport* into) noexcept nogil
