# Big-endian reads, as class files are written (JVMS §4.1).
from kernel.types cimport u8, u16, u32, u64

cdef extern from *:
    """
    static inline uint16_t bytes_u2(const uint8_t *p) { uint16_t v; __builtin_memcpy(&v, p, 2); return __builtin_bswap16(v); }
    static inline uint32_t bytes_u4(const uint8_t *p) { uint32_t v; __builtin_memcpy(&v, p, 4); return __builtin_bswap32(v); }
    static inline uint64_t bytes_u8(const uint8_t *p) { uint64_t v; __builtin_memcpy(&v, p, 8); return __builtin_bswap64(v); }
    """
    u16 bytes_u2(const u8* p) noexcept nogil
    u32 bytes_u4(const u8* p) noexcept nogil
    u64 bytes_u8(const u8* p) noexcept nogil
