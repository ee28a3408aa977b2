# ChaCha20 (RFC 8439 §2.3): one block of 16 words from a key of 8, a counter and a nonce of 3.
from kernel.types cimport u32

cdef extern void chacha20_block(const u32* key, u32 counter, const u32* nonce, u32* into) noexcept nogil
