# Adler-32 and CRC-32, and the native methods of java.util.zip.Adler32 and CRC32.
#
# CRC-32 works on 8 bytes at a time with 8 tables (slicing); they are computed on first use: two
# threads that do so at the same time write the same values, and `crc_ready` is set last.
from kernel.types cimport u8, u32, u64, i32
from jvm.heap.object cimport array_data
from jvm.loader.classes cimport JavaThread, Slot

cdef enum:
    ADLER_BASE = 65521
    ADLER_RUN = 5552                     # most bytes before the sums could exceed 32 bits

cdef u32 crc_table[8][256]
cdef u32 crc_ready


cdef public u32 adler32(u32 adler, const u8* data, u64 size) noexcept nogil:
    cdef u32 a = adler & 0xFFFF
    cdef u32 b = adler >> 16
    cdef u64 run
    while size > 0:
        run = size if size < ADLER_RUN else ADLER_RUN
        size -= run
        while run > 0:
            a += data[0]
            b += a
            data += 1
            run -= 1
        a %= ADLER_BASE
        b %= ADLER_BASE
    return b << 16 | a


cdef void crc_prepare() noexcept nogil:
    global crc_ready
    cdef u32 i
    cdef u32 j
    cdef u32 c
    for i in range(256):
        c = i
        for j in range(8):
            c = (c >> 1) ^ (<u32>0xEDB88320 if c & 1 else 0)
        crc_table[0][i] = c
    for i in range(256):
        for j in range(1, 8):
            c = crc_table[j - 1][i]
            crc_table[j][i] = crc_table[0][c & 0xFF] ^ (c >> 8)
    crc_ready = 1


cdef public u32 crc32(u32 crc, const u8* data, u64 size) noexcept nogil:
    cdef u64 word
    if not crc_ready:
        crc_prepare()
    crc = ~crc
    while size >= 8:
        word = (<const u64*>data)[0] ^ crc
        crc = (crc_table[7][word & 0xFF] ^ crc_table[6][word >> 8 & 0xFF] ^ crc_table[5][word >> 16 & 0xFF]
               ^ crc_table[4][word >> 24 & 0xFF] ^ crc_table[3][word >> 32 & 0xFF] ^ crc_table[2][word >> 40 & 0xFF]
               ^ crc_table[1][word >> 48 & 0xFF] ^ crc_table[0][word >> 56])
        data += 8
        size -= 8
    while size > 0:
        crc = (crc >> 8) ^ crc_table[0][(crc ^ data[0]) & 0xFF]
        data += 1
        size -= 1
    return ~crc


# --- native methods: the Java callers have checked arrays and ranges -----------------------------------

cdef public void native_adler_update(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u8 byte = <u8>args[1].i
    result.i = <i32>adler32(<u32>args[0].i, &byte, 1)


cdef public void native_adler_update_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>adler32(<u32>args[0].i, array_data(args[1].a) + args[2].i, <u64>args[3].i)


cdef public void native_adler_update_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>adler32(<u32>args[0].i, <const u8*>args[1].raw + args[3].i, <u64>args[4].i)


cdef public void native_crc_update(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u8 byte = <u8>args[1].i
    result.i = <i32>crc32(<u32>args[0].i, &byte, 1)


cdef public void native_crc_update_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>crc32(<u32>args[0].i, array_data(args[1].a) + args[2].i, <u64>args[3].i)


cdef public void native_crc_update_buffer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>crc32(<u32>args[0].i, <const u8*>args[1].raw + args[3].i, <u64>args[4].i)
