# Compression functions of the digests in place of their Java bodies: MD5, SHA-1, SHA-2, SHA-3.
#
# implCompress0(byte[] block, int offset) of each class folds one block into the field `state`.  The Java
# callers have checked the range; it is checked again here, for reflection reaches private methods too.
# The array W that the Java bodies keep between blocks is not made: nothing else reads it.
from kernel.types cimport u8, u32, u64, i32, i64
from jvm.heap.object cimport Object, array_data, array_data_wide, array_length, ref_load
from jvm.loader.classes cimport JavaThread, Slot
from jvm.natives.crypto_tables cimport (crypto_keccak_constants, crypto_keccak_lanes, crypto_keccak_turns, crypto_md5_sines,
                                        crypto_sha2_constants)
from jvm.natives.support cimport field_int, known_field
from jvm.runtime.exceptions cimport throw_index, throw_null_pointer

cdef extern from * nogil:
    u32 swap_32 "__builtin_bswap32"(u32 x) noexcept
    u64 swap_64 "__builtin_bswap64"(u64 x) noexcept

cdef u32 md5_state
cdef u32 sha1_state
cdef u32 sha256_state
cdef u32 sha512_state
cdef u32 sha3_state
cdef u32 digest_block_size


cdef inline u32 left_32(u32 x, u32 n) noexcept nogil:
    return x << n | x >> (32 - n)


cdef inline u32 right_32(u32 x, u32 n) noexcept nogil:
    return x >> n | x << (32 - n)


cdef inline u64 left_64(u64 x, u32 n) noexcept nogil:
    return x << n | x >> ((64 - n) & 63)


cdef inline u64 right_64(u64 x, u32 n) noexcept nogil:
    return x >> n | x << (64 - n)


# The block's bytes, or NULL with an exception thrown.
cdef const u8* block_of(JavaThread* t, Object* array, i64 offset, i64 size) noexcept nogil:
    if array == NULL:
        throw_null_pointer(t)
        return NULL
    if offset < 0 or offset + size > array_length(array):
        throw_index(t, <i32>(offset if offset < 0 else offset + size - 1), array_length(array))
        return NULL
    return array_data(array) + offset


# --- MD5 (RFC 1321 §3.4) --------------------------------------------------------------------------------

# Four shifts for each round of sixteen steps, as bytes of one word.
cdef inline u32 md5_shift(int i) noexcept nogil:
    cdef u32 shifts = 0x07_0C_11_16 if i < 16 else 0x05_09_0E_14 if i < 32 else 0x04_0B_10_17 if i < 48 else 0x06_0A_0F_15
    return shifts >> (24 - 8 * (i & 3)) & 0xFF


cdef void md5_block(u32* state, const u8* block) noexcept nogil:
    cdef const u32* x = <const u32*>block
    cdef u32 a = state[0]
    cdef u32 b = state[1]
    cdef u32 c = state[2]
    cdef u32 d = state[3]
    cdef u32 mixed
    cdef u32 word
    cdef int i
    for i in range(64):
        if i < 16:
            mixed = b & c | ~b & d
            word = x[i]
        elif i < 32:
            mixed = b & d | c & ~d
            word = x[(5 * i + 1) & 15]
        elif i < 48:
            mixed = b ^ c ^ d
            word = x[(3 * i + 5) & 15]
        else:
            mixed = c ^ (b | ~d)
            word = x[(7 * i) & 15]
        mixed = b + left_32(a + mixed + word + crypto_md5_sines[i], md5_shift(i))
        a = d
        d = c
        c = b
        b = mixed
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d


cdef public void native_md5_compress(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u8* block = block_of(t, args[1].a, args[2].i, 64)
    if block != NULL:
        md5_block(<u32*>array_data(ref_load(args[0].a, known_field(&md5_state, b"sun/security/provider/MD5", b"state", b"[I"))), block)


# --- SHA-1 (FIPS 180-4 §6.1.2) --------------------------------------------------------------------------

cdef void sha1_block(u32* state, const u8* block) noexcept nogil:
    cdef u32[80] w
    cdef u32 a = state[0]
    cdef u32 b = state[1]
    cdef u32 c = state[2]
    cdef u32 d = state[3]
    cdef u32 e = state[4]
    cdef u32 mixed
    cdef int i
    for i in range(16):
        w[i] = swap_32((<const u32*>block)[i])
    for i in range(16, 80):
        w[i] = left_32(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1)
    for i in range(80):
        # The constants are √2, √3, √5 and √10 × 2^30 (§4.2.1).
        if i < 20:
            mixed = (b & c | ~b & d) + <u32>0x5A827999
        elif i < 40:
            mixed = (b ^ c ^ d) + <u32>0x6ED9EBA1
        elif i < 60:
            mixed = (b & c | b & d | c & d) + <u32>0x8F1BBCDC
        else:
            mixed = (b ^ c ^ d) + <u32>0xCA62C1D6
        mixed += left_32(a, 5) + e + w[i]
        e = d
        d = c
        c = left_32(b, 30)
        b = a
        a = mixed
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
    state[4] += e


cdef public void native_sha1_compress(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u8* block = block_of(t, args[1].a, args[2].i, 64)
    if block != NULL:
        sha1_block(<u32*>array_data(ref_load(args[0].a, known_field(&sha1_state, b"sun/security/provider/SHA", b"state", b"[I"))), block)


# --- SHA-2 (FIPS 180-4 §6.2.2, §6.4.2) ------------------------------------------------------------------

cdef void sha256_block(u32* state, const u8* block) noexcept nogil:
    cdef u32[64] w
    cdef u32[8] s
    cdef u32 one
    cdef u32 two
    cdef int i
    for i in range(16):
        w[i] = swap_32((<const u32*>block)[i])
    for i in range(16, 64):
        one = right_32(w[i - 15], 7) ^ right_32(w[i - 15], 18) ^ w[i - 15] >> 3
        two = right_32(w[i - 2], 17) ^ right_32(w[i - 2], 19) ^ w[i - 2] >> 10
        w[i] = two + w[i - 7] + one + w[i - 16]
    for i in range(8):
        s[i] = state[i]
    for i in range(64):
        one = s[7] + (right_32(s[4], 6) ^ right_32(s[4], 11) ^ right_32(s[4], 25)) + (s[4] & s[5] ^ ~s[4] & s[6]) \
            + <u32>(crypto_sha2_constants[i] >> 32) + w[i]
        two = (right_32(s[0], 2) ^ right_32(s[0], 13) ^ right_32(s[0], 22)) + (s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2])
        s[7] = s[6]
        s[6] = s[5]
        s[5] = s[4]
        s[4] = s[3] + one
        s[3] = s[2]
        s[2] = s[1]
        s[1] = s[0]
        s[0] = one + two
    for i in range(8):
        state[i] += s[i]


cdef public void native_sha256_compress(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u8* block = block_of(t, args[1].a, args[2].i, 64)
    if block != NULL:
        sha256_block(<u32*>array_data(ref_load(args[0].a, known_field(&sha256_state, b"sun/security/provider/SHA2", b"state", b"[I"))), block)


cdef void sha512_block(u64* state, const u8* block) noexcept nogil:
    cdef u64[80] w
    cdef u64[8] s
    cdef u64 one
    cdef u64 two
    cdef int i
    for i in range(16):
        w[i] = swap_64((<const u64*>block)[i])
    for i in range(16, 80):
        one = right_64(w[i - 15], 1) ^ right_64(w[i - 15], 8) ^ w[i - 15] >> 7
        two = right_64(w[i - 2], 19) ^ right_64(w[i - 2], 61) ^ w[i - 2] >> 6
        w[i] = two + w[i - 7] + one + w[i - 16]
    for i in range(8):
        s[i] = state[i]
    for i in range(80):
        one = s[7] + (right_64(s[4], 14) ^ right_64(s[4], 18) ^ right_64(s[4], 41)) + (s[4] & s[5] ^ ~s[4] & s[6]) \
            + crypto_sha2_constants[i] + w[i]
        two = (right_64(s[0], 28) ^ right_64(s[0], 34) ^ right_64(s[0], 39)) + (s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2])
        s[7] = s[6]
        s[6] = s[5]
        s[5] = s[4]
        s[4] = s[3] + one
        s[3] = s[2]
        s[2] = s[1]
        s[1] = s[0]
        s[0] = one + two
    for i in range(8):
        state[i] += s[i]


cdef public void native_sha512_compress(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u8* block = block_of(t, args[1].a, args[2].i, 128)
    if block != NULL:
        sha512_block(<u64*>array_data_wide(ref_load(args[0].a, known_field(&sha512_state, b"sun/security/provider/SHA5", b"state", b"[J"))), block)


# --- SHA-3 (FIPS 202 §3.2): lane x, y is state[x + 5y] --------------------------------------------------

cdef void keccak(u64* a) noexcept nogil:
    cdef u64[5] c
    cdef u64 d
    cdef u64 moving
    cdef u64 held
    cdef int round
    cdef int x
    cdef int y
    for round in range(24):
        for x in range(5):
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]
        for x in range(5):
            d = c[x - 1 if x else 4] ^ left_64(c[x + 1 if x < 4 else 0], 1)
            for y in range(5):
                a[x + 5 * y] ^= d
        moving = a[1]
        for x in range(24):
            held = a[crypto_keccak_lanes[x]]
            a[crypto_keccak_lanes[x]] = left_64(moving, crypto_keccak_turns[x])
            moving = held
        for y in range(5):
            for x in range(5):
                c[x] = a[x + 5 * y]
            for x in range(5):
                a[x + 5 * y] = c[x] ^ ~c[x + 1 if x < 4 else 0] & c[x + 2 if x < 3 else x - 3]
        a[0] ^= crypto_keccak_constants[round]


cdef public void native_sha3_compress(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i64 size = field_int(args[0].a, known_field(&digest_block_size, b"sun/security/provider/DigestBase", b"blockSize", b"I"))
    cdef const u8* block = block_of(t, args[1].a, args[2].i, size)
    cdef u64* state
    cdef i64 i
    if block == NULL:
        return
    state = <u64*>array_data_wide(ref_load(args[0].a, known_field(&sha3_state, b"sun/security/provider/SHA3", b"state", b"[J")))
    for i in range(size >> 3):
        state[i] ^= (<const u64*>block)[i]
    keccak(state)


# SHA3Parallel.doubleKeccak(long[] lanes, long[] lanes)
cdef public void native_sha3_double(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int i
    for i in range(2):
        if args[i].a == NULL:
            throw_null_pointer(t)
            return
        if array_length(args[i].a) < 25:
            throw_index(t, array_length(args[i].a), array_length(args[i].a))
            return
        keccak(<u64*>array_data_wide(args[i].a))
    result.i = 1
