# Random bytes: a ChaCha20 generator keyed from a pool that knows how much it has been given.
#
# Invariant: `entropy_bits` counts only what sources vouch for (RDSEED, RDRAND, virtio-rng); timing
# jitter is mixed in but counted as nothing.
from kernel.types cimport u8, u32, u64

cdef extern void entropy_init() noexcept nogil
cdef extern void entropy_add(const void* data, u64 size, u32 bits) noexcept nogil
cdef extern u32 entropy_bits() noexcept nogil                           # vouched for so far, at most 256
cdef extern bint entropy_ready() noexcept nogil                         # 256 bits have come in
cdef extern void entropy_fill(void* into, u64 size) noexcept nogil      # any time; as good as entropy_bits says
