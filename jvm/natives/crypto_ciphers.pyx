# Ciphers and their authenticators in place of Java bodies: AES and its modes, GHASH, ChaCha20, Poly1305.
#
# Each works on the arrays that the Java objects keep, in their formats: AESCrypt.K holds the round keys, most
# significant byte first (those for decryption begin with the second, the first one is the last).  A mode
# whose cipher is not AES declines, as does whatever does not fit its arrays.
from kernel.memory.string cimport memcpy
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.time.chacha cimport chacha20_block
from jvm.heap.object cimport Object, array_data, array_data_wide, array_length, ref_load
from jvm.loader.classes cimport Class, JavaThread, NATIVE_DECLINED, Slot, class_of
from jvm.natives.crypto_tables cimport crypto_aes_box, crypto_aes_mixed, crypto_aes_unbox, crypto_aes_unmixed
from jvm.natives.support cimport field_int, field_set_int, known_class, known_field
from jvm.runtime.exceptions cimport throw_index, throw_null_pointer

cdef extern from * nogil:
    u32 swap_32 "__builtin_bswap32"(u32 x) noexcept
    u64 swap_64 "__builtin_bswap64"(u64 x) noexcept

cdef enum:
    BLOCK = 16

cdef Class* aes_class
cdef u32 aes_keys
cdef u32 mode_cipher
cdef u32 chaining_last
cdef u32 counter_value
cdef u32 counter_encrypted
cdef u32 counter_used


# `count` bytes of a byte[] from `offset` on are there.
cdef inline bint holds(Object* array, i64 offset, i64 count) noexcept nogil:
    return array != NULL and offset >= 0 and count >= 0 and offset + count <= array_length(array)


# The same; if not, what the Java body throws.
cdef bint require(JavaThread* t, Object* array, i64 offset, i64 count) noexcept nogil:
    if array == NULL:
        throw_null_pointer(t)
        return 0
    if not holds(array, offset, count):
        throw_index(t, <i32>(offset if offset < 0 else offset + count - 1), array_length(array))
        return 0
    return 1


# --- AES (FIPS 197 §5): columns as words, the first row in the upper byte --------------------------------

cdef inline u32 turned(u32 x, u32 n) noexcept nogil:
    return x >> n | x << (32 - n)


cdef inline u32 mix(const u32* table, u32 a, u32 b, u32 c, u32 d) noexcept nogil:
    return table[a >> 24] ^ turned(table[b >> 16 & 0xFF], 8) ^ turned(table[c >> 8 & 0xFF], 16) ^ turned(table[d & 0xFF], 24)


cdef inline u32 substitute(const u8* box, u32 a, u32 b, u32 c, u32 d) noexcept nogil:
    return <u32>box[a >> 24] << 24 | <u32>box[b >> 16 & 0xFF] << 16 | <u32>box[c >> 8 & 0xFF] << 8 | box[d & 0xFF]


cdef void aes_encrypt(const u32* keys, i32 key_words, const u8* source, u8* target) noexcept nogil:
    cdef const u32* key = keys
    cdef const u32* last = keys + key_words - 4
    cdef u32[4] s
    cdef u32[4] n
    cdef int i
    for i in range(4):
        s[i] = swap_32((<const u32*>source)[i]) ^ key[i]
    key += 4
    while key < last:
        for i in range(4):
            n[i] = mix(crypto_aes_mixed, s[i], s[(i + 1) & 3], s[(i + 2) & 3], s[(i + 3) & 3]) ^ key[i]
        for i in range(4):
            s[i] = n[i]
        key += 4
    for i in range(4):
        n[i] = substitute(crypto_aes_box, s[i], s[(i + 1) & 3], s[(i + 2) & 3], s[(i + 3) & 3]) ^ last[i]
    for i in range(4):
        (<u32*>target)[i] = swap_32(n[i])


cdef void aes_decrypt(const u32* keys, i32 key_words, const u8* source, u8* target) noexcept nogil:
    cdef const u32* key = keys + 4
    cdef const u32* end = keys + key_words
    cdef u32[4] s
    cdef u32[4] n
    cdef int i
    for i in range(4):
        s[i] = swap_32((<const u32*>source)[i]) ^ key[i]
    key += 4
    while key < end:
        for i in range(4):
            n[i] = mix(crypto_aes_unmixed, s[i], s[(i + 3) & 3], s[(i + 2) & 3], s[(i + 1) & 3]) ^ key[i]
        for i in range(4):
            s[i] = n[i]
        key += 4
    for i in range(4):
        n[i] = substitute(crypto_aes_unbox, s[i], s[(i + 3) & 3], s[(i + 2) & 3], s[(i + 1) & 3]) ^ keys[i]
    for i in range(4):
        (<u32*>target)[i] = swap_32(n[i])


# The round keys of an AESCrypt, or NULL: not AES, or no key yet.
cdef const u32* keys_of(Object* cipher, i32* words) noexcept nogil:
    cdef Object* keys
    if cipher == NULL or class_of(cipher) != known_class(&aes_class, b"com/sun/crypto/provider/AESCrypt"):
        return NULL
    keys = ref_load(cipher, known_field(&aes_keys, b"com/sun/crypto/provider/AESCrypt", b"K", b"[I"))
    if keys == NULL or array_length(keys) < 44:
        return NULL
    words[0] = array_length(keys)
    return <const u32*>array_data(keys)


cdef inline const u32* mode_keys(Object* mode, i32* words) noexcept nogil:
    return keys_of(ref_load(mode, known_field(&mode_cipher, b"com/sun/crypto/provider/FeedbackCipher", b"embeddedCipher",
                                              b"Lcom/sun/crypto/provider/SymmetricCipher;")), words)


# AESCrypt.implEncryptBlock, implDecryptBlock(byte[] in, int at, byte[] out, int at)
cdef void one_block(JavaThread* t, Slot* args, bint encrypt) noexcept nogil:
    cdef i32 words = 0
    cdef const u32* keys
    if not require(t, args[1].a, args[2].i, BLOCK) or not require(t, args[3].a, args[4].i, BLOCK):
        return
    keys = keys_of(args[0].a, &words)
    if keys == NULL:
        throw_null_pointer(t)
    elif encrypt:
        aes_encrypt(keys, words, array_data(args[1].a) + args[2].i, array_data(args[3].a) + args[4].i)
    else:
        aes_decrypt(keys, words, array_data(args[1].a) + args[2].i, array_data(args[3].a) + args[4].i)


cdef public void native_aes_encrypt_block(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    one_block(t, args, 1)


cdef public void native_aes_decrypt_block(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    one_block(t, args, 0)


# --- modes: (byte[] in, int at, int length, byte[] out, int at) → length ---------------------------------

cdef void each_block(Slot* args, Slot* result, bint encrypt) noexcept nogil:
    cdef i32 words = 0
    cdef const u32* keys = mode_keys(args[0].a, &words)
    cdef i64 at = 0
    cdef i64 whole = args[3].i & ~<i64>(BLOCK - 1)
    if keys == NULL or not holds(args[1].a, args[2].i, args[3].i) or not holds(args[4].a, args[5].i, whole):
        result.raw = NATIVE_DECLINED
        return
    while at < whole:
        if encrypt:
            aes_encrypt(keys, words, array_data(args[1].a) + args[2].i + at, array_data(args[4].a) + args[5].i + at)
        else:
            aes_decrypt(keys, words, array_data(args[1].a) + args[2].i + at, array_data(args[4].a) + args[5].i + at)
        at += BLOCK
    result.i = args[3].i


cdef public void native_book_encrypt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    each_block(args, result, 1)


cdef public void native_book_decrypt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    each_block(args, result, 0)


# Cipher block chaining (NIST SP 800-38A §6.2): r is the block before.
cdef void chain(Slot* args, Slot* result, bint encrypt) noexcept nogil:
    cdef i32 words = 0
    cdef const u32* keys = mode_keys(args[0].a, &words)
    cdef Object* last = ref_load(args[0].a, known_field(&chaining_last, b"com/sun/crypto/provider/CipherBlockChaining", b"r", b"[B"))
    cdef const u8* source
    cdef u8* target
    cdef u64* before
    cdef u64[2] block
    cdef u64[2] plain
    cdef i64 at = 0
    if keys == NULL or args[3].i & (BLOCK - 1) or not holds(args[1].a, args[2].i, args[3].i) \
            or not holds(args[4].a, args[5].i, args[3].i) or not holds(last, 0, BLOCK):
        result.raw = NATIVE_DECLINED
        return
    before = <u64*>array_data(last)
    while at < args[3].i:
        source = array_data(args[1].a) + args[2].i + at
        target = array_data(args[4].a) + args[5].i + at
        if encrypt:
            block[0] = (<const u64*>source)[0] ^ before[0]
            block[1] = (<const u64*>source)[1] ^ before[1]
            aes_encrypt(keys, words, <const u8*>block, target)
            memcpy(before, target, BLOCK)
        else:
            aes_decrypt(keys, words, source, <u8*>plain)
            (<u64*>target)[0] = plain[0] ^ before[0]
            (<u64*>target)[1] = plain[1] ^ before[1]
            # The Java body reads the source again: where the areas overlap, what has been written to it.
            memcpy(before, source, BLOCK)
        at += BLOCK
    result.i = args[3].i


cdef public void native_chain_encrypt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    chain(args, result, 1)


cdef public void native_chain_decrypt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    chain(args, result, 0)


# CounterMode.implCrypt (NIST SP 800-38A §6.5): `used` bytes of the encrypted counter are used up.
cdef public void native_counter_crypt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 words = 0
    cdef const u32* keys = mode_keys(args[0].a, &words)
    cdef Object* counter = ref_load(args[0].a, known_field(&counter_value, b"com/sun/crypto/provider/CounterMode", b"counter", b"[B"))
    cdef Object* encrypted = ref_load(args[0].a, known_field(&counter_encrypted, b"com/sun/crypto/provider/CounterMode",
                                                             b"encryptedCounter", b"[B"))
    cdef u32 used_field = known_field(&counter_used, b"com/sun/crypto/provider/CounterMode", b"used", b"I")
    cdef i32 used = field_int(args[0].a, used_field)
    cdef const u8* source
    cdef u8* target
    cdef const u8* pad
    cdef u8* value
    cdef i64 i
    cdef int digit
    if keys == NULL or used < 0 or not holds(args[1].a, args[2].i, args[3].i) or not holds(args[4].a, args[5].i, args[3].i) \
            or not holds(counter, 0, BLOCK) or not holds(encrypted, 0, BLOCK):
        result.raw = NATIVE_DECLINED
        return
    source = array_data(args[1].a) + args[2].i
    target = array_data(args[4].a) + args[5].i
    pad = array_data(encrypted)
    value = array_data(counter)
    for i in range(args[3].i):
        if used >= BLOCK:
            aes_encrypt(keys, words, value, <u8*>pad)
            digit = BLOCK - 1
            while digit >= 0:
                value[digit] += 1
                if value[digit]:
                    break
                digit -= 1
            used = 0
        target[i] = source[i] ^ pad[used]
        used += 1
    field_set_int(args[0].a, used_field, used)
    result.i = args[3].i


# --- GHASH (NIST SP 800-38D §6.3, §6.4): the first bit is the highest; a nibble of the state at a time ---

cdef public void native_ghash_blocks(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64[16] high                    # H times each nibble
    cdef u64[16] low
    cdef u64[16] reduced                 # what a nibble that is shifted out adds at the top
    cdef const u8* block
    cdef u64* state
    cdef u64* subkey
    cdef u64[2] x
    cdef u64 h
    cdef u64 l
    cdef u32 nibble
    cdef int i
    cdef int j
    cdef i32 blocks = args[2].i
    if blocks <= 0 or not require(t, args[0].a, args[1].i, <i64>blocks * BLOCK) or not require(t, args[3].a, 0, 2) \
            or not require(t, args[4].a, 0, 2):
        return
    block = array_data(args[0].a) + args[1].i
    state = <u64*>array_data_wide(args[3].a)
    subkey = <u64*>array_data_wide(args[4].a)
    # Bit 3 of a nibble is H itself, each lower one H shifted once more, modulo x^128 + x^7 + x^2 + x + 1.
    h = subkey[0]
    l = subkey[1]
    high[0] = low[0] = reduced[0] = 0
    j = 8
    while j:
        high[j] = h
        low[j] = l
        nibble = <u32>(l & 1)
        l = l >> 1 | h << 63
        h = h >> 1 ^ (<u64>0xE1 << 56 if nibble else 0)
        j >>= 1
    for i in range(4):
        reduced[1 << i] = (<u64>0xE1 << 56) >> (3 - i)
    for i in range(1, 16):
        j = i & -i
        if j != i:
            high[i] = high[j] ^ high[i ^ j]
            low[i] = low[j] ^ low[i ^ j]
            reduced[i] = reduced[j] ^ reduced[i ^ j]
    while blocks > 0:
        x[0] = state[0] ^ swap_64((<const u64*>block)[0])
        x[1] = state[1] ^ swap_64((<const u64*>block)[1])
        h = 0
        l = 0
        i = 31
        while i >= 0:
            if i != 31:
                nibble = <u32>(l & 15)
                l = l >> 4 | h << 60
                h = h >> 4 ^ reduced[nibble]
            nibble = <u32>(x[i >> 4] >> (60 - 4 * (i & 15))) & 15
            h ^= high[nibble]
            l ^= low[nibble]
            i -= 1
        state[0] = h
        state[1] = l
        block += BLOCK
        blocks -= 1


# --- ChaCha20 (RFC 8439 §2.3) ---------------------------------------------------------------------------

# implChaCha20Block(int[] state, byte[] stream) → bytes of it
cdef public void native_chacha_block(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u32* state
    if not require(t, args[0].a, 0, 16) or not require(t, args[1].a, 0, 64):
        return
    state = <u32*>array_data(args[0].a)
    chacha20_block(state + 4, state[12], state + 13, <u32*>array_data(args[1].a))
    result.i = 64


# --- Poly1305 (RFC 8439 §2.5): five signed limbs of 26 bits, as IntegerPolynomial1305 keeps them ---------

# processMultipleBlocks(byte[] input, int at, int length, long[] a, long[] r): a = (a + block + 2^128) × r
# modulo 2^130 - 5, block by block.
cdef public void native_poly_blocks(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const u8* block
    cdef i64* sum
    cdef i64* factor
    cdef i64[5] a
    cdef i64[5] product
    cdef i64 carry
    cdef i64 left = args[3].i
    cdef u64 low
    cdef u64 high
    cdef int i
    cdef int j
    if left < BLOCK or not require(t, args[1].a, args[2].i, left) or not require(t, args[4].a, 0, 5) or not require(t, args[5].a, 0, 5):
        return
    block = array_data(args[1].a) + args[2].i
    sum = <i64*>array_data_wide(args[4].a)
    factor = <i64*>array_data_wide(args[5].a)
    for i in range(5):
        a[i] = sum[i]
    while left >= BLOCK:
        low = (<const u64*>block)[0]
        high = (<const u64*>block)[1]
        a[0] += <i64>(low & 0x3FFFFFF)
        a[1] += <i64>(low >> 26 & 0x3FFFFFF)
        a[2] += <i64>((low >> 52 | high << 12) & 0x3FFFFFF)
        a[3] += <i64>(high >> 14 & 0x3FFFFFF)
        a[4] += <i64>(high >> 40 | <u64>1 << 24)
        for i in range(5):
            product[i] = 0
        for i in range(5):
            for j in range(5):
                if i + j < 5:
                    product[i + j] += a[i] * factor[j]
                else:
                    product[i + j - 5] += 5 * a[i] * factor[j]       # 2^130 is 5
        carry = 0
        for i in range(5):
            carry += product[i]
            a[i] = carry & 0x3FFFFFF
            carry >>= 26
        a[0] += 5 * carry
        carry = a[0] >> 26
        a[0] &= 0x3FFFFFF
        a[1] += carry
        block += BLOCK
        left -= BLOCK
    for i in range(5):
        sum[i] = a[i]
