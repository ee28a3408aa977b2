# Decoding of UTF-8 and of its class-file form (JVMS §4.4.7), a value at a time.
from kernel.types cimport u8, u32

# The code point at text[position[0]] and behind it; what is malformed becomes U+FFFD and is
# skipped in the portions that java.lang.String's decoder takes.
cdef extern u32 utf8_next(const u8* text, u32 length, u32* position) noexcept nogil
# The char (UTF-16 unit) at text[position[0]]; malformed bytes stand for themselves.
cdef extern u32 modified_utf8_next(const u8* text, u32 length, u32* position) noexcept nogil
# Writes one code point as UTF-8; returns the number of bytes.
cdef extern u32 utf8_put(u32 point, u8* out) noexcept nogil
