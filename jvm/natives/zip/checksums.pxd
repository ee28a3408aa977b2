# Adler-32 (RFC 1950 §8.2) and CRC-32 (RFC 1952 §8).
from kernel.types cimport u8, u32, u64

cdef extern u32 adler32(u32 adler, const u8* data, u64 size) noexcept nogil    # start: 1
cdef extern u32 crc32(u32 crc, const u8* data, u64 size) noexcept nogil        # start: 0
