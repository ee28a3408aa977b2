# Codings of bytes in place of Java bodies: Base64's blocks, CRC-32C.
#
# Each gives exactly what the Java body gives; where its callers have not seen to the ranges, it throws as
# the body does or leaves the work to it.
from kernel.types cimport u8, u32, u64, i32, i64
from jvm.heap.object cimport Object, array_data, array_length
from jvm.loader.classes cimport JavaThread, NATIVE_DECLINED, Slot
from jvm.runtime.exceptions cimport throw_index, throw_null_pointer


cdef int fits(JavaThread* t, Object* array, i64 offset, i64 count) noexcept nogil:
    if array == NULL:
        throw_null_pointer(t)
        return 0
    if count > 0 and (offset < 0 or offset + count > array_length(array)):
        throw_index(t, <i32>(offset if offset < 0 else offset + count - 1), array_length(array))
        return 0
    return 1


# --- Base64 (RFC 4648 §4, §5) ---------------------------------------------------------------------------

# Encoder.encodeBlock(byte[] source, int at, int end, byte[] target, int at, boolean url): whole groups of three.
cdef public void native_base64_encode(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const char* digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" if args[6].i \
        else b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    cdef i64 groups = (<i64>args[3].i - args[2].i + 2) // 3
    cdef const u8* source
    cdef u8* target
    cdef u32 bits
    if groups <= 0:
        return
    if not fits(t, args[1].a, args[2].i, 3 * groups) or not fits(t, args[4].a, args[5].i, 4 * groups):
        return
    source = array_data(args[1].a) + args[2].i
    target = array_data(args[4].a) + args[5].i
    while groups > 0:
        bits = <u32>source[0] << 16 | <u32>source[1] << 8 | source[2]
        target[0] = <u8>digits[bits >> 18]
        target[1] = <u8>digits[bits >> 12 & 63]
        target[2] = <u8>digits[bits >> 6 & 63]
        target[3] = <u8>digits[bits & 63]
        source += 3
        target += 4
        groups -= 1


# A digit's value; -1: none.
cdef inline i32 base64_value(u32 c, bint url) noexcept nogil:
    if c - 65 < 26:
        return <i32>(c - 65)
    if c - 97 < 26:
        return <i32>(c - 71)
    if c - 48 < 10:
        return <i32>(c + 4)
    if c == (45 if url else 43):
        return 62
    return 63 if c == (95 if url else 47) else -1


# Decoder.decodeBlock(byte[] source, int at, int end, byte[] target, int at, boolean url, boolean mime):
# whole groups of four up to the first that has another character; the bytes made.
cdef public void native_base64_decode(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i64 groups = (<i64>args[3].i - args[2].i) >> 2
    cdef i64 room
    cdef const u8* source
    cdef u8* target
    cdef i32 bits
    cdef i32 made = 0
    cdef i32 a
    cdef i32 b
    cdef i32 c
    cdef i32 d
    result.i = 0
    if groups <= 0:
        return
    if args[1].a == NULL or args[4].a == NULL or args[2].i < 0 or args[5].i < 0 or args[3].i > array_length(args[1].a):
        result.raw = NATIVE_DECLINED
        return
    source = array_data(args[1].a) + args[2].i
    target = array_data(args[4].a) + args[5].i
    room = <i64>array_length(args[4].a) - args[5].i
    while groups > 0:
        a = base64_value(source[0], args[6].i)
        b = base64_value(source[1], args[6].i)
        c = base64_value(source[2], args[6].i)
        d = base64_value(source[3], args[6].i)
        if (a | b | c | d) < 0:
            break
        if room < made + 3:              # the body writes the same again, and throws
            result.raw = NATIVE_DECLINED
            return
        bits = a << 18 | b << 12 | c << 6 | d
        target[0] = <u8>(bits >> 16)
        target[1] = <u8>(bits >> 8)
        target[2] = <u8>bits
        source += 4
        target += 3
        made += 3
        groups -= 1
    result.i = made


# --- CRC-32C (RFC 3720 §12.1): the polynomial's bits reversed --------------------------------------------

cdef u32[256] crc32c_table               # of each byte, once crc32c_ready
cdef bint crc32c_ready


cdef u32 crc32c(u32 crc, const u8* bytes, i64 count) noexcept nogil:
    global crc32c_ready
    cdef u32 value
    cdef u32 byte
    cdef int bit
    cdef i64 i
    if not crc32c_ready:                 # two threads write the same
        for byte in range(256):
            value = byte
            for bit in range(8):
                value = value >> 1 ^ (<u32>0x82F63B78 if value & 1 else 0)
            crc32c_table[byte] = value
        crc32c_ready = 1
    for i in range(count):
        crc = crc >> 8 ^ crc32c_table[(crc ^ bytes[i]) & 0xFF]
    return crc


# updateBytes(int crc, byte[] bytes, int at, int end)
cdef public void native_crc32c_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if fits(t, args[1].a, args[2].i, <i64>args[3].i - args[2].i):
        result.i = <i32>crc32c(<u32>args[0].i, array_data(args[1].a) + args[2].i, <i64>args[3].i - args[2].i)


# updateDirectByteBuffer(int crc, long address, int at, int end)
cdef public void native_crc32c_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>crc32c(<u32>args[0].i, <const u8*>args[1].raw + args[3].i, <i64>args[4].i - args[3].i)
