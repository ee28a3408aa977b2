# Decompression of deflate data; see inflate.pxd.
#
# Invariant: `hold` has `bits` valid bits and zeros above them.  Between calls less than 8 of them are
# left over from input that was counted as consumed, except in the middle of an element whose rest has
# not come yet.  Every copy checks its distance against what has been produced, every store its room.
from kernel.types cimport u8, u16, u32, u64
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcpy, memset
from jvm.natives.zip.inflate cimport (FAST_BITS, HuffmanCode, INFLATE_BAD, INFLATE_DICTIONARY, INFLATE_END, INFLATE_OK, INFLATE_STUCK,
                                      INFLATE_WINDOW, Inflate)
from jvm.natives.zip.checksums cimport adler32

cdef enum State:
    STATE_HEADER
    STATE_DICTIONARY_ID
    STATE_DICTIONARY
    STATE_BLOCK
    STATE_STORED_LENGTH
    STATE_STORED
    STATE_COUNTS
    STATE_CODE_LENGTHS
    STATE_LENGTHS
    STATE_SYMBOL
    STATE_LITERAL
    STATE_LENGTH_EXTRA
    STATE_DISTANCE
    STATE_DISTANCE_EXTRA
    STATE_COPY
    STATE_CHECK
    STATE_DONE
    STATE_BAD

cdef enum:
    CODE_BITS_MAX = 15
    END_OF_BLOCK = 256
    NEED_INPUT = -1
    NO_CODE = -2
    COMPLETE = 100                       # step: the stream has ended

cdef extern from *:
    """
    /* RFC 1951 §3.2.5: base values and extra bits of length codes 257..285 and distance codes 0..29;
       §3.2.7: the order of code length code lengths. */
    static const unsigned short inflate_length_base[29] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59,
        67, 83, 99, 115, 131, 163, 195, 227, 258};
    static const unsigned char inflate_length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4,
        5, 5, 5, 5, 0};
    static const unsigned short inflate_distance_base[30] = {1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513,
        769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    static const unsigned char inflate_distance_extra[30] = {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10,
        11, 11, 12, 12, 13, 13};
    static const unsigned char inflate_order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    """
    const u16* inflate_length_base
    const u8* inflate_length_extra
    const u16* inflate_distance_base
    const u8* inflate_distance_extra
    const u8* inflate_order


# --- making and resetting -----------------------------------------------------------------------------

cdef public Inflate* inflate_new(int raw) noexcept nogil:
    cdef Inflate* z = <Inflate*>kmalloc(sizeof(Inflate))
    if z != NULL:
        memset(z, 0, sizeof(Inflate))
        z.raw = raw != 0
        inflate_reset(z)
    return z


cdef public void inflate_free(Inflate* z) noexcept nogil:
    kfree(z)


cdef public void inflate_reset(Inflate* z) noexcept nogil:
    z.state = STATE_BLOCK if z.raw else STATE_HEADER
    z.hold = 0
    z.bits = 0
    z.last = 0
    z.window_have = 0
    z.window_next = 0
    z.dictionary_set = 0
    z.message = NULL
    if not z.raw:
        z.adler = 1


cdef int bad(Inflate* z, const char* message) noexcept nogil:
    z.message = message
    z.state = STATE_BAD
    return INFLATE_BAD


# --- the window ---------------------------------------------------------------------------------------

# The last INFLATE_WINDOW bytes of `data` become the newest of the window.
cdef void window_add(Inflate* z, const u8* data, u64 size) noexcept nogil:
    cdef u32 part
    if size >= INFLATE_WINDOW:
        memcpy(z.window, data + size - INFLATE_WINDOW, INFLATE_WINDOW)
        z.window_have = INFLATE_WINDOW
        z.window_next = 0
        return
    part = INFLATE_WINDOW - z.window_next
    if part > size:
        part = <u32>size
    memcpy(&z.window[z.window_next], data, part)
    if size > part:
        memcpy(z.window, data + part, size - part)
    z.window_next = (z.window_next + <u32>size) & (INFLATE_WINDOW - 1)
    z.window_have = z.window_have + <u32>size if z.window_have + size < INFLATE_WINDOW else INFLATE_WINDOW


cdef public int inflate_set_dictionary(Inflate* z, const u8* data, u64 size) noexcept nogil:
    if not z.raw:
        if z.state != STATE_DICTIONARY:
            return -2
        if adler32(1, data, size) != z.adler:
            return INFLATE_BAD
    window_add(z, data, size)
    z.dictionary_set = 1
    return 0


# --- Huffman codes ------------------------------------------------------------------------------------

# Builds a code from the lengths of its symbols.  0, or -1 for an over-subscribed set, or an incomplete
# one unless it is a single code of one bit (or of none, which fails when it is used) and `lenient`.
cdef int build(HuffmanCode* code, const u16* lengths, u32 count, int lenient) noexcept nogil:
    cdef u32 offsets[16]
    cdef u32 next_code[16]
    cdef u32 i
    cdef u32 j
    cdef u32 length
    cdef u32 bits
    cdef u32 reversed_bits
    cdef u32 longest = 0
    cdef int left = 1
    memset(code.count, 0, sizeof(code.count))
    memset(code.fast, 0, sizeof(code.fast))
    for i in range(count):
        code.count[lengths[i]] += 1
        if lengths[i] > longest:
            longest = lengths[i]
    code.count[0] = 0
    code.longest = longest
    if longest == 0:
        # No codes at all: an error when a distance is wanted.  As the code of code lengths, zlib takes
        # every bit for a length of 0, so that the block then has no end-of-block code.
        if not lenient:
            for i in range(1 << FAST_BITS):
                code.fast[i] = 1
        return 0
    for i in range(1, CODE_BITS_MAX + 1):
        left = (left << 1) - code.count[i]
        if left < 0:
            return -1
    if left > 0 and (not lenient or longest != 1):
        return -1
    offsets[1] = 0
    next_code[1] = 0
    for i in range(1, CODE_BITS_MAX):
        offsets[i + 1] = offsets[i] + code.count[i]
        next_code[i + 1] = (next_code[i] + code.count[i]) << 1
    for i in range(count):
        length = lengths[i]
        if length == 0:
            continue
        code.symbol[offsets[length]] = <u16>i
        offsets[length] += 1
        bits = next_code[length]
        next_code[length] += 1
        if length <= FAST_BITS:
            # Codes come with their first bit lowest.
            reversed_bits = 0
            for j in range(length):
                reversed_bits |= ((bits >> j) & 1) << (length - 1 - j)
            while reversed_bits < (1 << FAST_BITS):
                code.fast[reversed_bits] = <u16>(i << 4 | length)
                reversed_bits += 1 << length
    return 0


# The symbol whose code `hold` starts with, its length to `used`; NEED_INPUT, NO_CODE.
cdef inline int decode(const HuffmanCode* code, u64 hold, u32 bits, u32* used) noexcept nogil:
    cdef u32 entry = code.fast[hold & ((1 << FAST_BITS) - 1)]
    if entry != 0 and (entry & 15) <= bits:
        used[0] = entry & 15
        return <int>(entry >> 4)
    return decode_slowly(code, hold, bits, used)


cdef int decode_slowly(const HuffmanCode* code, u64 hold, u32 bits, u32* used) noexcept nogil:
    cdef int value = 0
    cdef int first = 0
    cdef int index = 0
    cdef int count
    cdef u32 length
    if bits == 0:
        return NEED_INPUT
    for length in range(1, code.longest + 1):
        if length > bits:
            return NEED_INPUT
        value |= <int>(hold & 1)
        hold >>= 1
        count = code.count[length]
        if value - count < first:
            used[0] = length
            return code.symbol[index + (value - first)]
        index += count
        first = (first + count) << 1
        value <<= 1
    return NO_CODE


# RFC 1951 §3.2.6
cdef void fixed_codes(Inflate* z) noexcept nogil:
    cdef u32 i
    for i in range(288):
        z.code_lengths[i] = 8 if i < 144 else (9 if i < 256 else (7 if i < 280 else 8))
    build(&z.codes, z.code_lengths, 288, 1)
    for i in range(32):
        z.code_lengths[i] = 5
    build(&z.distance_codes, z.code_lengths, 32, 1)


# --- the stream ---------------------------------------------------------------------------------------

# Where a call reads and writes.
cdef struct Cursor:
    const u8* next
    const u8* end
    u8* start
    u8* out
    u8* limit


# At least `count` (≤ 32) bits in hold, if the input has them.
cdef inline int need(Inflate* z, Cursor* c, u32 count) noexcept nogil:
    while z.bits < count:
        if c.next == c.end:
            return 0
        z.hold |= <u64>c.next[0] << z.bits
        c.next += 1
        z.bits += 8
    return 1


cdef inline u32 take(Inflate* z, u32 count) noexcept nogil:
    cdef u32 value = <u32>(z.hold & (((<u64>1) << count) - 1))
    z.hold >>= count
    z.bits -= count
    return value


cdef inline void refill(Inflate* z, Cursor* c) noexcept nogil:
    # 48 bits or more, or all that there is: enough for a length, its extra bits and a distance.
    while z.bits <= 48 and c.next != c.end:
        z.hold |= <u64>c.next[0] << z.bits
        c.next += 1
        z.bits += 8


# `length` bytes from `distance` back; as many as there is room for.
cdef void copy_match(Inflate* z, Cursor* c) noexcept nogil:
    cdef u64 produced = <u64>(c.out - c.start)
    cdef u32 at
    cdef u64 back
    # Bytes that lie before this call's output are in the window.
    while z.length > 0 and c.out < c.limit and z.distance > produced:
        back = z.distance - produced
        at = (z.window_next - <u32>back) & (INFLATE_WINDOW - 1)
        c.out[0] = z.window[at]
        c.out += 1
        produced += 1
        z.length -= 1
    while z.length > 0 and c.out < c.limit:
        c.out[0] = c.out[-<long>z.distance]
        c.out += 1
        z.length -= 1


# Code lengths of a dynamic block (RFC 1951 §3.2.7).  1: complete, 0: more input, INFLATE_BAD.
cdef int read_lengths(Inflate* z, Cursor* c) noexcept nogil:
    cdef u32 used = 0
    cdef u32 repeat
    cdef u32 extra
    cdef u16 value
    cdef int symbol
    while z.have < z.literals + z.distances:
        refill(z, c)
        symbol = decode(&z.codes, z.hold, z.bits, &used)
        if symbol == NEED_INPUT:
            return 0
        if symbol == NO_CODE:
            return bad(z, b"invalid code lengths set")
        if symbol < 16:
            take(z, used)
            z.code_lengths[z.have] = <u16>symbol
            z.have += 1
            continue
        extra = 2 if symbol == 16 else (3 if symbol == 17 else 7)
        if z.bits < used + extra:
            return 0
        take(z, used)
        value = 0
        if symbol == 16:
            if z.have == 0:
                return bad(z, b"invalid bit length repeat")
            value = z.code_lengths[z.have - 1]
            repeat = 3 + take(z, 2)
        else:
            repeat = (3 if symbol == 17 else 11) + take(z, extra)
        if z.have + repeat > z.literals + z.distances:
            return bad(z, b"invalid bit length repeat")
        while repeat > 0:
            z.code_lengths[z.have] = value
            z.have += 1
            repeat -= 1
    return 1


# Literals and matches until something else is to do; the state says what.
cdef int run_symbols(Inflate* z, Cursor* c) noexcept nogil:
    cdef u32 used = 0
    cdef int symbol
    while True:
        if z.state == STATE_SYMBOL:
            refill(z, c)
            symbol = decode(&z.codes, z.hold, z.bits, &used)
            if symbol == NEED_INPUT:
                return 0
            if symbol == NO_CODE or symbol > 285:
                return bad(z, b"invalid literal/length code")
            take(z, used)
            if symbol < END_OF_BLOCK:
                if c.out == c.limit:
                    z.length = <u32>symbol
                    z.state = STATE_LITERAL
                    return 0
                c.out[0] = <u8>symbol
                c.out += 1
                continue
            if symbol == END_OF_BLOCK:
                z.state = STATE_BLOCK
                return 1
            z.length = inflate_length_base[symbol - 257]
            z.extra = inflate_length_extra[symbol - 257]
            z.state = STATE_LENGTH_EXTRA
        if z.state == STATE_LENGTH_EXTRA:
            if not need(z, c, z.extra):
                return 0
            z.length += take(z, z.extra)
            z.state = STATE_DISTANCE
        if z.state == STATE_DISTANCE:
            refill(z, c)
            symbol = decode(&z.distance_codes, z.hold, z.bits, &used)
            if symbol == NEED_INPUT:
                return 0
            if symbol == NO_CODE or symbol > 29:
                return bad(z, b"invalid distance code")
            take(z, used)
            z.distance = inflate_distance_base[symbol]
            z.extra = inflate_distance_extra[symbol]
            z.state = STATE_DISTANCE_EXTRA
        if z.state == STATE_DISTANCE_EXTRA:
            if not need(z, c, z.extra):
                return 0
            z.distance += take(z, z.extra)
            if z.distance > <u64>(c.out - c.start) + z.window_have:
                return bad(z, b"invalid distance too far back")
            z.state = STATE_COPY
        if z.state == STATE_COPY:
            copy_match(z, c)
            if z.length > 0:
                return 0
            z.state = STATE_SYMBOL


# One element of the stream.  1: go on; 0: stop, input or room is missing; or a final InflateResult.
cdef int step(Inflate* z, Cursor* c) noexcept nogil:
    cdef u32 value
    cdef u32 i
    cdef u64 size
    if z.state == STATE_HEADER:
        # RFC 1950 §2.2
        if not need(z, c, 16):
            return 0
        value = take(z, 16)
        if ((value & 0xFF) << 8 | value >> 8) % 31 != 0:
            return bad(z, b"incorrect header check")
        if value & 15 != 8:
            return bad(z, b"unknown compression method")
        if (value >> 4 & 15) + 8 > 15:
            return bad(z, b"invalid window size")
        z.adler = 1
        z.state = STATE_DICTIONARY_ID if value & 0x2000 else STATE_BLOCK
        return 1
    elif z.state == STATE_DICTIONARY_ID:
        if not need(z, c, 32):
            return 0
        value = take(z, 32)
        z.adler = value >> 24 | (value >> 8 & 0xFF00) | (value << 8 & 0xFF0000) | value << 24
        z.state = STATE_DICTIONARY
        return 1
    elif z.state == STATE_DICTIONARY:
        if not z.dictionary_set:
            return INFLATE_DICTIONARY
        z.adler = 1
        z.state = STATE_BLOCK
        return 1
    elif z.state == STATE_BLOCK:
        if z.last:
            # The stream ends at a byte boundary.
            take(z, z.bits & 7)
            z.state = STATE_DONE if z.raw else STATE_CHECK
            return 1
        if not need(z, c, 3):
            return 0
        z.last = take(z, 1)
        value = take(z, 2)
        if value == 0:
            take(z, z.bits & 7)
            z.state = STATE_STORED_LENGTH
        elif value == 1:
            fixed_codes(z)
            z.state = STATE_SYMBOL
        elif value == 2:
            z.state = STATE_COUNTS
        else:
            return bad(z, b"invalid block type")
        return 1
    elif z.state == STATE_STORED_LENGTH:
        if not need(z, c, 32):
            return 0
        value = take(z, 32)
        if value & 0xFFFF != (value >> 16 ^ 0xFFFF):
            return bad(z, b"invalid stored block lengths")
        z.length = value & 0xFFFF
        z.state = STATE_STORED
        return 1
    elif z.state == STATE_STORED:
        while z.length > 0:
            if c.out == c.limit:
                return 0
            if z.bits >= 8:
                c.out[0] = <u8>take(z, 8)
                c.out += 1
                z.length -= 1
                continue
            size = <u64>(c.end - c.next)
            if size > z.length:
                size = z.length
            if size > <u64>(c.limit - c.out):
                size = <u64>(c.limit - c.out)
            if size == 0:
                return 0
            memcpy(c.out, c.next, size)
            c.out += size
            c.next += size
            z.length -= <u32>size
        z.state = STATE_BLOCK
        return 1
    elif z.state == STATE_COUNTS:
        if not need(z, c, 14):
            return 0
        z.literals = take(z, 5) + 257
        z.distances = take(z, 5) + 1
        z.lengths = take(z, 4) + 4
        if z.literals > 286 or z.distances > 30:
            return bad(z, b"too many length or distance symbols")
        z.have = 0
        z.state = STATE_CODE_LENGTHS
        return 1
    elif z.state == STATE_CODE_LENGTHS:
        while z.have < z.lengths:
            if not need(z, c, 3):
                return 0
            z.code_lengths[inflate_order[z.have]] = <u16>take(z, 3)
            z.have += 1
        while z.have < 19:
            z.code_lengths[inflate_order[z.have]] = 0
            z.have += 1
        if build(&z.codes, z.code_lengths, 19, 0) != 0:
            return bad(z, b"invalid code lengths set")
        z.have = 0
        z.state = STATE_LENGTHS
        return 1
    elif z.state == STATE_LENGTHS:
        if read_lengths(z, c) != 1:
            return INFLATE_BAD if z.state == STATE_BAD else 0
        if z.code_lengths[END_OF_BLOCK] == 0:
            return bad(z, b"invalid code -- missing end-of-block")
        if build(&z.codes, z.code_lengths, z.literals, 1) != 0:
            return bad(z, b"invalid literal/lengths set")
        if build(&z.distance_codes, &z.code_lengths[z.literals], z.distances, 1) != 0:
            return bad(z, b"invalid distances set")
        z.state = STATE_SYMBOL
        return 1
    elif z.state == STATE_LITERAL:
        if c.out == c.limit:
            return 0
        c.out[0] = <u8>z.length
        c.out += 1
        z.state = STATE_SYMBOL
        return 1
    elif z.state == STATE_CHECK:
        if not need(z, c, 32):
            return 0
        value = take(z, 32)
        value = value >> 24 | (value >> 8 & 0xFF00) | (value << 8 & 0xFF0000) | value << 24
        # What this call produced is not in z.adler yet.
        if adler32(z.adler, c.start, <u64>(c.out - c.start)) != value:
            return bad(z, b"incorrect data check")
        z.state = STATE_DONE
        return 1
    elif z.state == STATE_DONE:
        return COMPLETE
    elif z.state == STATE_BAD:
        return INFLATE_BAD
    return run_symbols(z, c)


cdef public int inflate_run(Inflate* z, const u8* data, u64 size, u64* consumed, u8* into, u64 room, u64* produced) noexcept nogil:
    cdef Cursor c
    cdef int result = 1
    c.next = data
    c.end = data + size
    c.start = into
    c.out = into
    c.limit = into + room
    while result == 1:
        result = step(z, &c)
    # Whole bytes that were read ahead go back, unless the next element needs more of them.
    while z.bits >= 8 and c.next != data and (c.next != c.end or result != 0 or c.out == c.limit):
        z.bits -= 8
        c.next -= 1
    z.hold &= ((<u64>1) << z.bits) - 1
    consumed[0] = <u64>(c.next - data)
    produced[0] = <u64>(c.out - into)
    if produced[0] != 0:
        window_add(z, into, produced[0])
        if not z.raw:
            z.adler = adler32(z.adler, into, produced[0])
    if result == COMPLETE:
        return INFLATE_END
    if result == 0:
        return INFLATE_OK if consumed[0] != 0 or produced[0] != 0 else INFLATE_STUCK
    return result
