# Decompression of deflate data, RFC 1951, raw or in the zlib format of RFC 1950.
#
# A stream is fed in pieces: any call may stop when its input is used up or its output is full, and the
# next goes on there.  Results, consumption of input and error texts are those of the zlib library,
# which the class library's Inflater shows to Java programs.
#
# Interface: one thread at a time for each stream.  No Java objects, no locks; needs only kmalloc.
from kernel.types cimport u8, u16, u32, u64

cdef enum InflateResult:
    INFLATE_OK = 0                       # progress was made
    INFLATE_END = 1                      # the stream is complete
    INFLATE_DICTIONARY = 2               # a preset dictionary is needed: inflate_adler names it
    INFLATE_BAD = -3                     # no deflate data: inflate_message says why
    INFLATE_STUCK = -5                   # no progress is possible without more input or room

cdef enum:
    INFLATE_WINDOW = 32768
    FAST_BITS = 10

# A Huffman code (RFC 1951 §3.2.2): `fast` answers codes of up to FAST_BITS bits by their first bits,
# as symbol << 4 | length, 0 for others; `count` and `symbol` describe the canonical code.
cdef struct HuffmanCode:
    u16 fast[1024]
    u16 count[16]
    u16 symbol[288]
    u32 longest                          # code, in bits

cdef struct Inflate:
    u32 state
    u32 raw                              # no zlib header and trailer
    u64 hold                             # bits not used yet, first at the bottom
    u32 bits                             # how many
    u32 last                             # this is the last block
    u32 length                           # stored bytes left, match length
    u32 distance
    u32 extra                            # extra bits to read for length or distance
    u32 literals                         # HLIT, HDIST, HCLEN
    u32 distances
    u32 lengths
    u32 have                             # code lengths read so far
    u32 window_have                      # bytes valid in the window
    u32 window_next                      # where the next goes
    u32 adler
    u32 dictionary_set
    const char* message
    u16 code_lengths[320]
    HuffmanCode codes
    HuffmanCode distance_codes
    u8 window[32768]

cdef extern Inflate* inflate_new(int raw) noexcept nogil               # NULL: no memory
cdef extern void inflate_free(Inflate* z) noexcept nogil
cdef extern void inflate_reset(Inflate* z) noexcept nogil
cdef extern int inflate_run(Inflate* z, const u8* data, u64 size, u64* consumed, u8* into, u64 room, u64* produced) noexcept nogil
# 0, or INFLATE_BAD when it is not the dictionary that is needed, -2 when none is.
cdef extern int inflate_set_dictionary(Inflate* z, const u8* data, u64 size) noexcept nogil
