# ChaCha20's block function: see chacha.pxd.
from kernel.types cimport u32


cdef inline u32 rotate(u32 x, u32 n) noexcept nogil:
    return x << n | x >> (32 - n)


cdef inline void quarter(u32* s, u32 a, u32 b, u32 c, u32 d) noexcept nogil:
    s[a] += s[b]
    s[d] = rotate(s[d] ^ s[a], 16)
    s[c] += s[d]
    s[b] = rotate(s[b] ^ s[c], 12)
    s[a] += s[b]
    s[d] = rotate(s[d] ^ s[a], 8)
    s[c] += s[d]
    s[b] = rotate(s[b] ^ s[c], 7)


# RFC 8439 §2.3.1
cdef public void chacha20_block(const u32* from_key, u32 counter, const u32* nonce, u32* into) noexcept nogil:
    cdef u32 start[16]
    cdef u32 i
    start[0] = 0x61707865
    start[1] = 0x3320646e
    start[2] = 0x79622d32
    start[3] = 0x6b206574
    for i in range(8):
        start[4 + i] = from_key[i]
    start[12] = counter
    for i in range(3):
        start[13 + i] = nonce[i]
    for i in range(16):
        into[i] = start[i]
    for i in range(10):
        quarter(into, 0, 4, 8, 12)
        quarter(into, 1, 5, 9, 13)
        quarter(into, 2, 6, 10, 14)
        quarter(into, 3, 7, 11, 15)
        quarter(into, 0, 5, 10, 15)
        quarter(into, 1, 6, 11, 12)
        quarter(into, 2, 7, 8, 13)
        quarter(into, 3, 4, 9, 14)
    for i in range(16):
        into[i] += start[i]
