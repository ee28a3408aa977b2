# The coder of deflate: symbols into blocks (RFC 1951 §3.2).
#
# Invariant: `output` holds pending_start … pending_start + pending bytes; below a byte of bits waits in
# bit_buffer.  A block never needs more than PENDING_SIZE - 16 bytes, and pending is 0 when one begins
# but for a few header bytes; code_put checks the bound all the same.
from kernel.types cimport u8, u16, u32, u64, i32
from kernel.memory.string cimport memcpy, memset
from jvm.natives.zip.deflate cimport (CodeTree, DISTANCE_CODES, Deflate, HEAP_SIZE, LENGTH_CODES, LITERAL_CODES, PENDING_SIZE, SYMBOLS)

cdef enum:
    END_OF_BLOCK = 256
    LITERALS = 256
    REPEAT_PREVIOUS = 16                 # §3.2.7: 3-6 times
    REPEAT_ZERO_SHORT = 17               # 3-10 times
    REPEAT_ZERO_LONG = 18                # 11-138 times
    CODE_BITS_MAX = 15
    LENGTH_BITS_MAX = 7

cdef extern from *:
    """
    static const unsigned char deflate_length_extra[29] = {0,0,0,0,0,0,0,0,1,1,1,1,2,2,2,2,3,3,3,3,4,4,4,4,5,5,5,5,0};
    static const unsigned char deflate_distance_extra[30] = {0,0,0,0,1,1,2,2,3,3,4,4,5,5,6,6,7,7,8,8,9,9,10,10,11,11,12,12,13,13};
    static const unsigned char deflate_order_extra[19] = {0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,2,3,7};
    static const unsigned short deflate_length_base[29] = {0,1,2,3,4,5,6,7,8,10,12,14,16,20,24,28,32,40,48,56,64,80,96,112,128,160,192,224,0};
    static const unsigned short deflate_distance_base[30] = {0,1,2,3,4,6,8,12,16,24,32,48,64,96,128,192,256,384,512,768,1024,1536,2048,3072,
        4096,6144,8192,12288,16384,24576};
    static const unsigned char deflate_order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    """
    const u8* deflate_length_extra
    const u8* deflate_distance_extra
    const u8* deflate_order_extra
    const u16* deflate_length_base
    const u16* deflate_distance_base
    const u8* deflate_order


# --- bits and bytes -----------------------------------------------------------------------------------

cdef public void code_put(Deflate* z, u8 byte) noexcept nogil:
    if z.pending_start + z.pending < PENDING_SIZE:
        z.output[z.pending_start + z.pending] = byte
        z.pending += 1


cdef public void code_whole_bytes(Deflate* z) noexcept nogil:
    while z.bit_count >= 8:
        code_put(z, <u8>z.bit_buffer)
        z.bit_buffer >>= 8
        z.bit_count -= 8


cdef inline void send(Deflate* z, u32 value, u32 count) noexcept nogil:
    z.bit_buffer |= <u64>value << z.bit_count
    z.bit_count += count
    if z.bit_count >= 32:
        code_whole_bytes(z)


cdef void align(Deflate* z) noexcept nogil:
    code_whole_bytes(z)
    if z.bit_count > 0:
        code_put(z, <u8>z.bit_buffer)
    z.bit_buffer = 0
    z.bit_count = 0


# --- symbols ------------------------------------------------------------------------------------------

# Codes of a match length less 3, and of a distance less 1 (§3.2.5).
cdef inline u32 length_code(u32 value) noexcept nogil:
    cdef u32 code
    if value == 255:
        return 28
    if value < 8:
        return value
    # Groups of four codes for each power of two from 8 on.
    code = 29 - <u32>clz_32(value)       # highest bit less 2
    return 4 * code + 4 + (value >> code & 3)


cdef inline u32 distance_code(u32 value) noexcept nogil:
    cdef u32 bit
    if value < 2:
        return value
    bit = 31 - <u32>clz_32(value)
    return 2 * bit + (value >> (bit - 1) & 1)


cdef extern from * nogil:
    int clz_32 "__builtin_clz"(u32 x) noexcept


cdef public void code_start_block(Deflate* z) noexcept nogil:
    memset(z.literals.freq, 0, sizeof(z.literals.freq))
    memset(z.distances.freq, 0, sizeof(z.distances.freq))
    memset(z.lengths.freq, 0, sizeof(z.lengths.freq))
    z.literals.freq[END_OF_BLOCK] = 1
    z.best_bits = 0
    z.fixed_bits = 0
    z.symbol_count = 0


cdef public int code_literal(Deflate* z, u8 byte) noexcept nogil:
    z.symbol_distance[z.symbol_count] = 0
    z.symbol_value[z.symbol_count] = byte
    z.symbol_count += 1
    z.literals.freq[byte] += 1
    return z.symbol_count == SYMBOLS - 1


cdef public int code_match(Deflate* z, u32 distance, u32 length) noexcept nogil:
    z.symbol_distance[z.symbol_count] = <u16>distance
    z.symbol_value[z.symbol_count] = <u8>(length - 3)
    z.symbol_count += 1
    z.literals.freq[LITERALS + 1 + length_code(length - 3)] += 1
    z.distances.freq[distance_code(distance - 1)] += 1
    return z.symbol_count == SYMBOLS - 1


# --- making codes -------------------------------------------------------------------------------------

cdef inline u32 fixed_length(u32 symbol) noexcept nogil:
    # §3.2.6
    return 8 if symbol < 144 else (9 if symbol < 256 else (7 if symbol < 280 else 8))


# What `build` needs to know of an alphabet.
cdef enum Alphabet:
    ALPHABET_LITERALS
    ALPHABET_DISTANCES
    ALPHABET_LENGTHS


cdef inline u32 extra_bits(int alphabet, i32 symbol) noexcept nogil:
    if alphabet == ALPHABET_LITERALS:
        return deflate_length_extra[symbol - LITERALS - 1] if symbol > LITERALS else 0
    elif alphabet == ALPHABET_DISTANCES:
        return deflate_distance_extra[symbol]
    return deflate_order_extra[symbol]


cdef inline u32 fixed_bits(int alphabet, i32 symbol) noexcept nogil:
    return fixed_length(<u32>symbol) if alphabet == ALPHABET_LITERALS else (5 if alphabet == ALPHABET_DISTANCES else 0)


cdef inline int smaller(Deflate* z, CodeTree* tree, i32 a, i32 b) noexcept nogil:
    return tree.freq[a] < tree.freq[b] or (tree.freq[a] == tree.freq[b] and z.depth[a] <= z.depth[b])


cdef void sift_down(Deflate* z, CodeTree* tree, i32 k) noexcept nogil:
    cdef i32 moved = z.heap[k]
    cdef i32 child = k << 1
    while child <= z.heap_count:
        if child < z.heap_count and smaller(z, tree, z.heap[child + 1], z.heap[child]):
            child += 1
        if smaller(z, tree, moved, z.heap[child]):
            break
        z.heap[k] = z.heap[child]
        k = child
        child <<= 1
    z.heap[k] = moved


# Code lengths from the tree that `build` left in heap[heap_max …], none longer than `longest`.
cdef void assign_lengths(Deflate* z, CodeTree* tree, int alphabet, u32 longest) noexcept nogil:
    cdef i32 at = z.heap_max + 1
    cdef i32 node
    cdef u32 bits
    cdef u32 extra
    cdef i32 too_long = 0
    cdef i32 left
    memset(z.length_counts, 0, sizeof(z.length_counts))
    tree.length[z.heap[z.heap_max]] = 0
    while at < HEAP_SIZE:
        node = z.heap[at]
        at += 1
        bits = <u32>tree.length[tree.dad[node]] + 1
        if bits > longest:
            bits = longest
            too_long += 1
        tree.length[node] = <u16>bits
        if node > tree.max_code:
            continue                     # not a leaf
        z.length_counts[bits] += 1
        extra = extra_bits(alphabet, node)
        z.best_bits += <u64>tree.freq[node] * (bits + extra)
        if alphabet != ALPHABET_LENGTHS:
            z.fixed_bits += <u64>tree.freq[node] * (fixed_bits(alphabet, node) + extra)
    if too_long == 0:
        return
    # Move leaves down from the deepest level that has one, until the code is not over-subscribed.
    while too_long > 0:
        bits = longest - 1
        while z.length_counts[bits] == 0:
            bits -= 1
        z.length_counts[bits] -= 1
        z.length_counts[bits + 1] += 2
        z.length_counts[longest] -= 1
        too_long -= 2
    at = HEAP_SIZE
    bits = longest
    while bits != 0:
        left = z.length_counts[bits]
        while left != 0:
            at -= 1
            node = z.heap[at]
            if node > tree.max_code:
                continue
            if tree.length[node] != bits:
                z.best_bits += (<u64>bits - tree.length[node]) * tree.freq[node]
                tree.length[node] = <u16>bits
            left -= 1
        bits -= 1


cdef void assign_codes(Deflate* z, CodeTree* tree) noexcept nogil:
    cdef u32 next_code[16]
    cdef u32 code = 0
    cdef u32 bits
    cdef u32 reversed_code
    cdef i32 n
    cdef u32 i
    for i in range(1, CODE_BITS_MAX + 1):
        code = (code + z.length_counts[i - 1]) << 1
        next_code[i] = code
    for n in range(tree.max_code + 1):
        bits = tree.length[n]
        if bits == 0:
            continue
        code = next_code[bits]
        next_code[bits] += 1
        reversed_code = 0
        for i in range(bits):
            reversed_code |= (code >> i & 1) << (bits - 1 - i)
        tree.code[n] = <u16>reversed_code


# A Huffman code for the symbols that occur; at least two get a code, as decoders want it.
cdef void build(Deflate* z, CodeTree* tree, int alphabet, i32 symbols, u32 longest) noexcept nogil:
    cdef i32 n
    cdef i32 m
    cdef i32 node
    z.heap_count = 0
    z.heap_max = HEAP_SIZE
    tree.max_code = -1
    for n in range(symbols):
        if tree.freq[n] != 0:
            z.heap_count += 1
            z.heap[z.heap_count] = n
            tree.max_code = n
            z.depth[n] = 0
        else:
            tree.length[n] = 0
    while z.heap_count < 2:
        if tree.max_code < 2:
            tree.max_code += 1
            node = tree.max_code
        else:
            node = 0
        z.heap_count += 1
        z.heap[z.heap_count] = node
        tree.freq[node] = 1
        z.depth[node] = 0
        z.best_bits -= 1
        z.fixed_bits -= fixed_bits(alphabet, node)
    n = z.heap_count >> 1
    while n >= 1:
        sift_down(z, tree, n)
        n -= 1
    node = symbols
    while True:
        n = z.heap[1]
        z.heap[1] = z.heap[z.heap_count]
        z.heap_count -= 1
        sift_down(z, tree, 1)
        m = z.heap[1]
        z.heap_max -= 1
        z.heap[z.heap_max] = n
        z.heap_max -= 1
        z.heap[z.heap_max] = m
        tree.freq[node] = tree.freq[n] + tree.freq[m]
        z.depth[node] = (z.depth[n] if z.depth[n] >= z.depth[m] else z.depth[m]) + 1
        tree.dad[n] = <u16>node
        tree.dad[m] = <u16>node
        z.heap[1] = node
        node += 1
        sift_down(z, tree, 1)
        if z.heap_count < 2:
            break
    z.heap_max -= 1
    z.heap[z.heap_max] = z.heap[1]
    assign_lengths(z, tree, alphabet, longest)
    assign_codes(z, tree)


# --- code lengths, run-length coded (§3.2.7) ----------------------------------------------------------

# Runs over the lengths of `tree`: counts the symbols, or sends them.
cdef void lengths_run(Deflate* z, CodeTree* tree, int sending) noexcept nogil:
    cdef i32 n
    cdef i32 previous = -1
    cdef i32 current
    cdef i32 following = tree.length[0]
    cdef i32 count = 0
    cdef i32 most = 138 if following == 0 else 7
    cdef i32 least = 3 if following == 0 else 4
    for n in range(tree.max_code + 1):
        current = following
        following = tree.length[n + 1] if n < tree.max_code else 0xFFFF
        count += 1
        if count < most and current == following:
            continue
        if count < least:
            if sending:
                while count > 0:
                    send(z, z.lengths.code[current], z.lengths.length[current])
                    count -= 1
            else:
                z.lengths.freq[current] += <u16>count
        elif current != 0:
            if current != previous:
                if sending:
                    send(z, z.lengths.code[current], z.lengths.length[current])
                else:
                    z.lengths.freq[current] += 1
                count -= 1
            repeat(z, REPEAT_PREVIOUS, count - 3, 2, sending)
        elif count <= 10:
            repeat(z, REPEAT_ZERO_SHORT, count - 3, 3, sending)
        else:
            repeat(z, REPEAT_ZERO_LONG, count - 11, 7, sending)
        count = 0
        previous = current
        if following == 0:
            most = 138
            least = 3
        elif current == following:
            most = 6
            least = 3
        else:
            most = 7
            least = 4


cdef inline void repeat(Deflate* z, i32 symbol, i32 count, u32 bits, int sending) noexcept nogil:
    if sending:
        send(z, z.lengths.code[symbol], z.lengths.length[symbol])
        send(z, <u32>count, bits)
    else:
        z.lengths.freq[symbol] += 1


# --- blocks -------------------------------------------------------------------------------------------

cdef public void code_stored_block(Deflate* z, const u8* data, u64 size, int last) noexcept nogil:
    send(z, <u32>last, 3)
    align(z)
    code_put(z, <u8>size)
    code_put(z, <u8>(size >> 8))
    code_put(z, <u8>~size)
    code_put(z, <u8>(~size >> 8))
    if size != 0 and z.pending_start + z.pending + size <= PENDING_SIZE:
        memcpy(&z.output[z.pending_start + z.pending], data, size)
        z.pending += <u32>size


cdef void send_symbols(Deflate* z, int fixed) noexcept nogil:
    cdef u32 i
    cdef u32 value
    cdef u32 distance
    cdef u32 code
    for i in range(z.symbol_count):
        value = z.symbol_value[i]
        distance = z.symbol_distance[i]
        if distance == 0:
            send_literal(z, value, fixed)
            continue
        code = length_code(value)
        send_literal(z, LITERALS + 1 + code, fixed)
        if deflate_length_extra[code] != 0:
            send(z, value - deflate_length_base[code], deflate_length_extra[code])
        distance -= 1
        code = distance_code(distance)
        if fixed:
            send(z, reverse5(code), 5)
        else:
            send(z, z.distances.code[code], z.distances.length[code])
        if deflate_distance_extra[code] != 0:
            send(z, distance - deflate_distance_base[code], deflate_distance_extra[code])
    send_literal(z, END_OF_BLOCK, fixed)


cdef inline u32 reverse5(u32 x) noexcept nogil:
    return (x & 1) << 4 | (x & 2) << 2 | (x & 4) | (x & 8) >> 2 | (x & 16) >> 4


cdef inline void send_literal(Deflate* z, u32 symbol, int fixed) noexcept nogil:
    cdef u32 code
    cdef u32 bits
    cdef u32 turned = 0
    cdef u32 i
    if not fixed:
        send(z, z.literals.code[symbol], z.literals.length[symbol])
        return
    bits = fixed_length(symbol)
    if symbol < 144:
        code = 0x30 + symbol
    elif symbol < 256:
        code = 0x190 + symbol - 144
    elif symbol < 280:
        code = symbol - 256
    else:
        code = 0xC0 + symbol - 280
    for i in range(bits):
        turned |= (code >> i & 1) << (bits - 1 - i)
    send(z, turned, bits)


# Ends the block: stored, with the fixed codes or with its own, whichever is shortest.  `data` is NULL
# when the bytes have left the window.
cdef public void code_flush_block(Deflate* z, const u8* data, u64 size, int last) noexcept nogil:
    cdef u64 best
    cdef u64 fixed
    cdef i32 orders = LENGTH_CODES - 1
    cdef i32 i
    build(z, &z.literals, ALPHABET_LITERALS, LITERAL_CODES, CODE_BITS_MAX)
    build(z, &z.distances, ALPHABET_DISTANCES, DISTANCE_CODES, CODE_BITS_MAX)
    lengths_run(z, &z.literals, 0)
    lengths_run(z, &z.distances, 0)
    build(z, &z.lengths, ALPHABET_LENGTHS, LENGTH_CODES, LENGTH_BITS_MAX)
    while orders >= 3 and z.lengths.length[deflate_order[orders]] == 0:
        orders -= 1
    z.best_bits += 3 * (<u64>orders + 1) + 5 + 5 + 4
    best = (z.best_bits + 3 + 7) >> 3
    fixed = (z.fixed_bits + 3 + 7) >> 3
    if fixed <= best:
        best = fixed
    if size + 4 <= best and data != NULL:
        code_stored_block(z, data, size, last)
    elif fixed == best:
        send(z, 1 << 1 | <u32>last, 3)
        send_symbols(z, 1)
    else:
        send(z, 2 << 1 | <u32>last, 3)
        send(z, <u32>(z.literals.max_code + 1 - 257), 5)
        send(z, <u32>z.distances.max_code, 5)
        send(z, <u32>(orders + 1 - 4), 4)
        for i in range(orders + 1):
            send(z, z.lengths.length[deflate_order[i]], 3)
        lengths_run(z, &z.literals, 1)
        lengths_run(z, &z.distances, 1)
        send_symbols(z, 0)
    code_start_block(z)
    if last:
        align(z)
