# Compression to deflate data, RFC 1951, raw or in the zlib format of RFC 1950.
#
# The choices that RFC 1951 leaves open (which matches are taken, where blocks end, how they are coded)
# are those of the zlib library with a window of 32 KiB and memory level 8, so that compressed data,
# whose length programs see, is the same as on the host JVM.  Level 0 differs from it only in where
# blocks end when the output is given in small pieces.
#
# Interface: one thread at a time for each stream.  A call takes input and gives output until one of
# them is used up; with more output pending, the next call goes on.
from kernel.types cimport u8, u16, u32, u64, i32, i64

cdef enum DeflateFlush:
    DEFLATE_NO_FLUSH = 0
    DEFLATE_SYNC = 2                     # everything given so far can be decompressed
    DEFLATE_FULL = 3                     # and decompression can start here
    DEFLATE_FINISH = 4
    DEFLATE_BLOCK = 5                    # end the block (inside, for deflate_params)

cdef enum DeflateResult:
    DEFLATE_OK = 0
    DEFLATE_END = 1                      # the stream is complete and all of it given out
    DEFLATE_ERROR = -2
    DEFLATE_STUCK = -5                   # nothing to do

cdef enum:
    DEFLATE_WINDOW = 32768
    LITERAL_CODES = 286                  # RFC 1951 §3.2.5
    DISTANCE_CODES = 30
    LENGTH_CODES = 19                    # §3.2.7
    HEAP_SIZE = 573                      # 2 × LITERAL_CODES + 1
    SYMBOLS = 16384                      # of a block, at most one less
    HASH_SIZE = 32768
    PENDING_SIZE = 90112                 # more than any block: stored 65535, coded about 64000

# A Huffman code under construction (freq) and when done (code, length).
cdef struct CodeTree:
    u16 freq[573]
    u16 code[573]
    u16 dad[573]
    u16 length[573]
    i32 max_code                         # greatest symbol that occurs

cdef struct Deflate:
    u32 status
    i32 wrap                             # 1 zlib format, 0 raw, -1: its trailer has been written
    i32 last_flush
    i32 level
    i32 strategy
    u32 adler
    # input and output of the running call
    const u8* next_in
    u64 avail_in
    u8* next_out
    u64 avail_out
    # matching
    u32 hash
    u32 start                            # of the string to be inserted
    u32 lookahead                        # bytes valid behind it
    i64 block_start
    u32 insert                           # bytes at the end of the window not hashed yet
    u32 match_start
    u32 match_length
    u32 prev_match
    u32 prev_length
    u32 match_available
    u32 good_length
    u32 max_lazy
    u32 nice_length
    u32 max_chain
    # coding
    u64 bit_buffer
    u32 bit_count
    u32 pending_start
    u32 pending                          # bytes to give out, from pending_start on
    u32 symbol_count
    u64 best_bits                        # of the block with its own codes
    u64 fixed_bits                       # of the block with the fixed codes
    CodeTree literals
    CodeTree distances
    CodeTree lengths
    i32 heap[573]
    i32 heap_count
    i32 heap_max
    u8 depth[573]
    u16 length_counts[16]
    u16 symbol_distance[16384]           # 0: a literal
    u8 symbol_value[16384]               # the literal, or the match length less 3
    u16 head[32768]
    u16 previous[32768]
    u8 window[65536 + 512]
    u8 output[90112]

cdef extern Deflate* deflate_new(int level, int strategy, int raw) noexcept nogil      # NULL: no memory
cdef extern void deflate_free(Deflate* z) noexcept nogil
cdef extern void deflate_init(Deflate* z, int level, int strategy, int raw) noexcept nogil     # of zeroed memory
cdef extern void deflate_reset(Deflate* z) noexcept nogil
cdef extern int deflate_run(Deflate* z, const u8* data, u64 size, u64* consumed, u8* into, u64 room, u64* produced, int flush) noexcept nogil
# A new level (-1: the default) and strategy from here on; DEFLATE_STUCK: call again with more room.
cdef extern int deflate_params(Deflate* z, const u8* data, u64 size, u64* consumed, u8* into, u64 room, u64* produced, int level,
                               int strategy) noexcept nogil
cdef extern int deflate_set_dictionary(Deflate* z, const u8* data, u64 size) noexcept nogil    # 0 or DEFLATE_ERROR
# For the coder (deflate_code.pyx).
cdef extern void code_start_block(Deflate* z) noexcept nogil
cdef extern int code_literal(Deflate* z, u8 byte) noexcept nogil          # 1: the block is full
cdef extern int code_match(Deflate* z, u32 distance, u32 length) noexcept nogil
cdef extern void code_flush_block(Deflate* z, const u8* data, u64 size, int last) noexcept nogil
cdef extern void code_stored_block(Deflate* z, const u8* data, u64 size, int last) noexcept nogil
cdef extern void code_whole_bytes(Deflate* z) noexcept nogil              # moves full bytes of the bit buffer to the output
cdef extern void code_put(Deflate* z, u8 byte) noexcept nogil
