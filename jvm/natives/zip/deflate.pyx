# Compression to deflate data: matching, and the stream around the blocks; see deflate.pxd.
#
# Strings of three bytes are hashed; head[] has the newest position of each hash, previous[] the one
# before each position, modulo the window.  The window is slid down by half when its upper half is full.
#
# Invariant: start + lookahead <= 2 × DEFLATE_WINDOW; positions in head[] and previous[] are behind
# `start`, 0 ends a chain.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memcpy, memset
from jvm.natives.zip.checksums cimport adler32
from jvm.natives.zip.deflate cimport (DEFLATE_BLOCK, DEFLATE_END, DEFLATE_ERROR, DEFLATE_FINISH, DEFLATE_FULL, DEFLATE_NO_FLUSH, DEFLATE_OK,
                                      DEFLATE_STUCK, DEFLATE_WINDOW, Deflate, HASH_SIZE, code_flush_block, code_literal, code_match,
                                      code_put, code_start_block, code_stored_block, code_whole_bytes)

cdef enum:
    MIN_MATCH = 3
    MAX_MATCH = 258
    MIN_LOOKAHEAD = 262                  # MAX_MATCH + MIN_MATCH + 1
    MAX_DISTANCE = 32768 - 262
    TOO_FAR = 4096                       # a match of 3 that lies farther is not worth its bits
    WINDOW_MASK = 32767
    HASH_MASK = 32767
    HASH_SHIFT = 5                       # after three shifts a byte has left the hash
    STORED_MAX = 65535
    STRATEGY_FILTERED = 1
    STRATEGY_HUFFMAN = 2

cdef enum Status:
    STATUS_INIT
    STATUS_BUSY
    STATUS_FINISH

# What a matching function comes back with.
cdef enum BlockState:
    NEED_MORE                            # input or room
    BLOCK_DONE
    FINISH_STARTED                       # the last block is made, room is needed
    FINISH_DONE

cdef extern from *:
    """
    /* By level: good, lazy, nice, chain (deflate.pxd: good_length …). */
    static const unsigned short deflate_levels[10][4] = {{0, 0, 0, 0}, {4, 4, 8, 4}, {4, 5, 16, 8}, {4, 6, 32, 32}, {4, 4, 16, 16},
        {8, 16, 32, 32}, {8, 16, 128, 128}, {8, 32, 128, 256}, {32, 128, 258, 1024}, {32, 258, 258, 4096}};
    #define deflate_level(level, column) deflate_levels[level][column]
    """
    u32 deflate_level(int level, int column) noexcept nogil


# --- making and resetting -----------------------------------------------------------------------------

cdef public Deflate* deflate_new(int level, int strategy, int raw) noexcept nogil:
    cdef Deflate* z = <Deflate*>kcalloc(1, sizeof(Deflate))
    if z != NULL:
        deflate_init(z, level, strategy, raw)
    return z


cdef public void deflate_free(Deflate* z) noexcept nogil:
    kfree(z)


cdef void set_level(Deflate* z, int level) noexcept nogil:
    z.level = level
    z.good_length = deflate_level(level, 0)
    z.max_lazy = deflate_level(level, 1)
    z.nice_length = deflate_level(level, 2)
    z.max_chain = deflate_level(level, 3)


cdef public void deflate_init(Deflate* z, int level, int strategy, int raw) noexcept nogil:
    z.wrap = 0 if raw else 1
    z.strategy = strategy
    z.level = 6 if level < 0 or level > 9 else level
    deflate_reset(z)


cdef public void deflate_reset(Deflate* z) noexcept nogil:
    if z.wrap < 0:
        z.wrap = -z.wrap
    z.status = STATUS_INIT
    z.last_flush = -2
    z.adler = 1
    z.pending = 0
    z.pending_start = 0
    z.bit_buffer = 0
    z.bit_count = 0
    code_start_block(z)
    memset(z.head, 0, sizeof(z.head))
    set_level(z, z.level)
    z.start = 0
    z.block_start = 0
    z.lookahead = 0
    z.insert = 0
    z.match_length = MIN_MATCH - 1
    z.prev_length = MIN_MATCH - 1
    z.match_available = 0
    z.hash = 0


# --- input and output ---------------------------------------------------------------------------------

cdef void flush_pending(Deflate* z) noexcept nogil:
    cdef u64 size
    code_whole_bytes(z)
    size = z.pending if z.pending < z.avail_out else z.avail_out
    if size == 0:
        return
    memcpy(z.next_out, &z.output[z.pending_start], size)
    z.next_out += size
    z.avail_out -= size
    z.pending -= <u32>size
    z.pending_start = z.pending_start + <u32>size if z.pending != 0 else 0


cdef u64 read_input(Deflate* z, u8* into, u64 room) noexcept nogil:
    cdef u64 size = z.avail_in if z.avail_in < room else room
    if size == 0:
        return 0
    memcpy(into, z.next_in, size)
    if z.wrap == 1:
        z.adler = adler32(z.adler, z.next_in, size)
    z.next_in += size
    z.avail_in -= size
    return size


# --- the window ---------------------------------------------------------------------------------------

cdef inline void update_hash(Deflate* z, u8 byte) noexcept nogil:
    z.hash = ((z.hash << HASH_SHIFT) ^ byte) & HASH_MASK


# Enters the string at `at`; the newest earlier position with its hash.
cdef inline u32 insert_string(Deflate* z, u32 at) noexcept nogil:
    cdef u32 found
    update_hash(z, z.window[at + MIN_MATCH - 1])
    found = z.head[z.hash]
    z.previous[at & WINDOW_MASK] = <u16>found
    z.head[z.hash] = <u16>at
    return found


cdef void slide(u16* positions) noexcept nogil:
    cdef u32 i
    for i in range(HASH_SIZE):
        positions[i] = positions[i] - DEFLATE_WINDOW if positions[i] >= DEFLATE_WINDOW else 0


cdef void fill_window(Deflate* z) noexcept nogil:
    cdef u64 room
    cdef u32 at
    while True:
        room = 2 * DEFLATE_WINDOW - z.lookahead - z.start
        if z.start >= DEFLATE_WINDOW + MAX_DISTANCE:
            memcpy(z.window, &z.window[DEFLATE_WINDOW], DEFLATE_WINDOW - room)
            z.match_start -= DEFLATE_WINDOW
            z.start -= DEFLATE_WINDOW
            z.block_start -= DEFLATE_WINDOW
            if z.insert > z.start:
                z.insert = z.start
            slide(z.head)
            slide(z.previous)
            room += DEFLATE_WINDOW
        if z.avail_in == 0:
            break
        z.lookahead += <u32>read_input(z, &z.window[z.start + z.lookahead], room)
        if z.lookahead + z.insert >= MIN_MATCH:
            at = z.start - z.insert
            z.hash = z.window[at]
            update_hash(z, z.window[at + 1])
            while z.insert != 0:
                insert_string(z, at)
                at += 1
                z.insert -= 1
                if z.lookahead + z.insert < MIN_MATCH:
                    break
        if z.lookahead >= MIN_LOOKAHEAD or z.avail_in == 0:
            break


# The longest match for the string at start along the chain from `found`: its length, match_start.
cdef u32 longest_match(Deflate* z, u32 found) noexcept nogil:
    cdef u32 chain = z.max_chain
    cdef const u8* scan = &z.window[z.start]
    cdef const u8* match
    cdef i64 best = z.prev_length        # 0 after a change of level: then match[-1] is looked at, which exists
    cdef u32 nice = z.nice_length
    cdef u32 limit = z.start - MAX_DISTANCE if z.start > MAX_DISTANCE else 0
    cdef u32 length
    if z.prev_length >= z.good_length:
        chain >>= 2
    if nice > z.lookahead:
        nice = z.lookahead
    while True:
        match = &z.window[found]
        if match[best] == scan[best] and match[best - 1] == scan[best - 1] and match[0] == scan[0] and match[1] == scan[1]:
            length = 2
            while length < MAX_MATCH and match[length] == scan[length]:
                length += 1
            if length > best:
                z.match_start = found
                best = length
                if length >= nice:
                    break
        found = z.previous[found & WINDOW_MASK]
        chain -= 1
        if found <= limit or chain == 0:
            break
    return <u32>best if best <= z.lookahead else z.lookahead


# --- blocks -------------------------------------------------------------------------------------------

cdef void flush_block(Deflate* z, int last) noexcept nogil:
    code_flush_block(z, &z.window[z.block_start] if z.block_start >= 0 else NULL, <u64>(<i64>z.start - z.block_start), last)
    z.block_start = z.start
    flush_pending(z)


# Before each step: enough input, or as much as there is.  1: go on; 0: stop for more; -1: all is done.
cdef inline int enough_lookahead(Deflate* z, int flush) noexcept nogil:
    if z.lookahead < MIN_LOOKAHEAD:
        fill_window(z)
        if z.lookahead < MIN_LOOKAHEAD and flush == DEFLATE_NO_FLUSH:
            return 0
        if z.lookahead == 0:
            return -1
    return 1


cdef int finish_blocks(Deflate* z, int flush) noexcept nogil:
    if flush == DEFLATE_FINISH:
        flush_block(z, 1)
        return FINISH_STARTED if z.avail_out == 0 else FINISH_DONE
    if z.symbol_count != 0:
        flush_block(z, 0)
        if z.avail_out == 0:
            return NEED_MORE
    return BLOCK_DONE


# Levels 1-3: each match is taken as it is found.
cdef int deflate_fast(Deflate* z, int flush) noexcept nogil:
    cdef u32 found
    cdef int full
    cdef int go
    while True:
        go = enough_lookahead(z, flush)
        if go == 0:
            return NEED_MORE
        if go < 0:
            break
        found = insert_string(z, z.start) if z.lookahead >= MIN_MATCH else 0
        if found != 0 and z.start - found <= MAX_DISTANCE:
            z.match_length = longest_match(z, found)
        if z.match_length >= MIN_MATCH:
            full = code_match(z, z.start - z.match_start, z.match_length)
            z.lookahead -= z.match_length
            if z.match_length <= z.max_lazy and z.lookahead >= MIN_MATCH:
                z.match_length -= 1
                while z.match_length != 0:
                    z.start += 1
                    insert_string(z, z.start)
                    z.match_length -= 1
                z.start += 1
            else:
                z.start += z.match_length
                z.match_length = 0
                z.hash = z.window[z.start]
                update_hash(z, z.window[z.start + 1])
        else:
            full = code_literal(z, z.window[z.start])
            z.lookahead -= 1
            z.start += 1
        if full:
            flush_block(z, 0)
            if z.avail_out == 0:
                return NEED_MORE
    z.insert = z.start if z.start < MIN_MATCH - 1 else MIN_MATCH - 1
    return finish_blocks(z, flush)


# Levels 4-9: a match is taken only if the next string has no longer one.
cdef int deflate_slow(Deflate* z, int flush) noexcept nogil:
    cdef u32 found
    cdef u32 last_insert
    cdef int full
    cdef int go
    while True:
        go = enough_lookahead(z, flush)
        if go == 0:
            return NEED_MORE
        if go < 0:
            break
        found = insert_string(z, z.start) if z.lookahead >= MIN_MATCH else 0
        z.prev_length = z.match_length
        z.prev_match = z.match_start
        z.match_length = MIN_MATCH - 1
        if found != 0 and z.prev_length < z.max_lazy and z.start - found <= MAX_DISTANCE:
            z.match_length = longest_match(z, found)
            if z.match_length <= 5 and (z.strategy == STRATEGY_FILTERED
                                        or (z.match_length == MIN_MATCH and z.start - z.match_start > TOO_FAR)):
                z.match_length = MIN_MATCH - 1
        if z.prev_length >= MIN_MATCH and z.match_length <= z.prev_length:
            last_insert = z.start + z.lookahead - MIN_MATCH
            full = code_match(z, z.start - 1 - z.prev_match, z.prev_length)
            z.lookahead -= z.prev_length - 1
            z.prev_length -= 2
            while z.prev_length != 0:
                z.start += 1
                if z.start <= last_insert:
                    insert_string(z, z.start)
                z.prev_length -= 1
            z.match_available = 0
            z.match_length = MIN_MATCH - 1
            z.start += 1
            if full:
                flush_block(z, 0)
                if z.avail_out == 0:
                    return NEED_MORE
        elif z.match_available:
            if code_literal(z, z.window[z.start - 1]):
                flush_block(z, 0)
            z.start += 1
            z.lookahead -= 1
            if z.avail_out == 0:
                return NEED_MORE
        else:
            z.match_available = 1
            z.start += 1
            z.lookahead -= 1
    if z.match_available:
        code_literal(z, z.window[z.start - 1])
        z.match_available = 0
    z.insert = z.start if z.start < MIN_MATCH - 1 else MIN_MATCH - 1
    return finish_blocks(z, flush)


# Strategy HUFFMAN_ONLY: no matches.
cdef int deflate_huffman(Deflate* z, int flush) noexcept nogil:
    while True:
        if z.lookahead == 0:
            fill_window(z)
            if z.lookahead == 0:
                if flush == DEFLATE_NO_FLUSH:
                    return NEED_MORE
                break
        z.match_length = 0
        z.lookahead -= 1
        z.start += 1
        if code_literal(z, z.window[z.start - 1]):
            flush_block(z, 0)
            if z.avail_out == 0:
                return NEED_MORE
    z.insert = 0
    return finish_blocks(z, flush)


# Level 0: stored blocks as long as they may be.  The window is only a buffer here.
cdef int deflate_stored(Deflate* z, int flush) noexcept nogil:
    cdef int last
    if <i64>z.start == z.block_start:
        z.start = 0
        z.block_start = 0
    while True:
        z.start += <u32>read_input(z, &z.window[z.start], STORED_MAX - z.start)
        if z.start < STORED_MAX or z.avail_in == 0:
            if flush == DEFLATE_NO_FLUSH:
                return NEED_MORE
            if z.start == 0 and flush != DEFLATE_FINISH:
                return BLOCK_DONE
        last = flush == DEFLATE_FINISH and z.avail_in == 0
        code_stored_block(z, z.window, z.start, last)
        z.start = 0
        z.block_start = 0
        flush_pending(z)
        if z.avail_out == 0:
            return FINISH_STARTED if last else NEED_MORE
        if last:
            return FINISH_DONE


# --- the stream ---------------------------------------------------------------------------------------

cdef void put_adler(Deflate* z) noexcept nogil:
    code_put(z, <u8>(z.adler >> 24))
    code_put(z, <u8>(z.adler >> 16))
    code_put(z, <u8>(z.adler >> 8))
    code_put(z, <u8>z.adler)


# RFC 1950 §2.2
cdef void put_header(Deflate* z) noexcept nogil:
    cdef u32 header = 0x7800
    cdef u32 effort = 3
    if z.strategy >= STRATEGY_HUFFMAN or z.level < 2:
        effort = 0
    elif z.level < 6:
        effort = 1
    elif z.level == 6:
        effort = 2
    header |= effort << 6
    if z.start != 0:
        header |= 0x20                   # a dictionary was set
    header += 31 - header % 31
    code_put(z, <u8>(header >> 8))
    code_put(z, <u8>header)
    if z.start != 0:
        put_adler(z)
    z.adler = 1


# Rank of a flush: one that asks for no more than the last did has nothing to do.
cdef inline int rank(int flush) noexcept nogil:
    return flush * 2 - (9 if flush > 4 else 0)


cdef int run(Deflate* z, int flush) noexcept nogil:
    cdef int old_flush = z.last_flush
    cdef int state
    if z.avail_out == 0:
        return DEFLATE_STUCK
    z.last_flush = flush
    if z.pending != 0:
        flush_pending(z)
        if z.avail_out == 0:
            z.last_flush = -1            # the same flush again is then no mistake
            return DEFLATE_OK
    elif z.avail_in == 0 and rank(flush) <= rank(old_flush) and flush != DEFLATE_FINISH:
        return DEFLATE_STUCK
    if z.status == STATUS_FINISH and z.avail_in != 0:
        return DEFLATE_STUCK
    if z.status == STATUS_INIT:
        z.status = STATUS_BUSY
        if z.wrap == 1:
            put_header(z)
            flush_pending(z)
            if z.pending != 0:
                z.last_flush = -1
                return DEFLATE_OK
    if z.avail_in != 0 or z.lookahead != 0 or (flush != DEFLATE_NO_FLUSH and z.status != STATUS_FINISH):
        if z.level == 0:
            state = deflate_stored(z, flush)
        elif z.strategy == STRATEGY_HUFFMAN:
            state = deflate_huffman(z, flush)
        elif z.level <= 3:
            state = deflate_fast(z, flush)
        else:
            state = deflate_slow(z, flush)
        if state == FINISH_STARTED or state == FINISH_DONE:
            z.status = STATUS_FINISH
        if state == NEED_MORE or state == FINISH_STARTED:
            if z.avail_out == 0:
                z.last_flush = -1
            return DEFLATE_OK
        if state == BLOCK_DONE and flush != DEFLATE_BLOCK:
            code_stored_block(z, NULL, 0, 0)         # an empty block ends at a byte boundary
            if flush == DEFLATE_FULL:
                memset(z.head, 0, sizeof(z.head))
                if z.lookahead == 0:
                    z.start = 0
                    z.block_start = 0
                    z.insert = 0
        if state == BLOCK_DONE:
            flush_pending(z)
            if z.avail_out == 0:
                z.last_flush = -1
                return DEFLATE_OK
    if flush != DEFLATE_FINISH:
        return DEFLATE_OK
    if z.wrap <= 0:
        return DEFLATE_END if z.pending == 0 else DEFLATE_OK
    put_adler(z)
    flush_pending(z)
    z.wrap = -z.wrap                     # the trailer is written once
    return DEFLATE_OK if z.pending != 0 else DEFLATE_END


cdef public int deflate_run(Deflate* z, const u8* data, u64 size, u64* consumed, u8* into, u64 room, u64* produced, int flush) noexcept nogil:
    cdef int result
    z.next_in = data
    z.avail_in = size
    z.next_out = into
    z.avail_out = room
    result = run(z, flush)
    consumed[0] = size - z.avail_in
    produced[0] = room - z.avail_out
    return result


# Which matching function a level uses: a change between them needs a new block.
cdef inline int function_of(int level) noexcept nogil:
    return 0 if level == 0 else (1 if level <= 3 else 2)


cdef public int deflate_params(Deflate* z, const u8* data, u64 size, u64* consumed, u8* into, u64 room, u64* produced, int level,
                               int strategy) noexcept nogil:
    consumed[0] = 0
    produced[0] = 0
    if level < 0:
        level = 6
    if level > 9 or strategy < 0 or strategy > STRATEGY_HUFFMAN:
        return DEFLATE_ERROR
    if (strategy != z.strategy or function_of(level) != function_of(z.level)) and z.last_flush != -2:
        deflate_run(z, data, size, consumed, into, room, produced, DEFLATE_BLOCK)
        if z.avail_in != 0 or <i64>z.start - z.block_start + z.lookahead != 0:
            return DEFLATE_STUCK
    if z.level != level:
        if z.level == 0:
            memset(z.head, 0, sizeof(z.head))        # nothing in the window was hashed
            z.insert = 0
        set_level(z, level)
    z.strategy = strategy
    return DEFLATE_OK


cdef public int deflate_set_dictionary(Deflate* z, const u8* data, u64 size) noexcept nogil:
    cdef i32 wrap = z.wrap
    cdef u32 count
    if (wrap == 1 and z.status != STATUS_INIT) or wrap < 0 or z.lookahead != 0:
        return DEFLATE_ERROR
    if wrap == 1:
        z.adler = adler32(z.adler, data, size)
    z.wrap = 0                           # what fill_window reads is no input
    if size >= DEFLATE_WINDOW:
        if wrap == 0:
            memset(z.head, 0, sizeof(z.head))
            z.start = 0
            z.block_start = 0
            z.insert = 0
        data += size - DEFLATE_WINDOW
        size = DEFLATE_WINDOW
    z.next_in = data
    z.avail_in = size
    fill_window(z)
    while z.lookahead >= MIN_MATCH:
        count = z.lookahead - (MIN_MATCH - 1)
        while count > 0:
            insert_string(z, z.start)
            z.start += 1
            count -= 1
        z.lookahead = MIN_MATCH - 1
        fill_window(z)
    z.start += z.lookahead
    z.block_start = z.start
    z.insert = z.lookahead
    z.lookahead = 0
    z.match_length = MIN_MATCH - 1
    z.prev_length = MIN_MATCH - 1
    z.match_available = 0
    z.wrap = wrap
    return DEFLATE_OK
