# The entropy pool and its generator: see entropy.pxd.
#
# The pool is a ChaCha20 key (chacha.pxd).  Adding data overwrites the key with the
# first half of a block made under (key xor data); drawing bytes makes blocks under a fresh key taken
# from the block before, so that what was given out cannot be computed from the state left behind
# ("fast key erasure").
from kernel.types cimport u8, u32, u64
from kernel.memory.string cimport memcpy, memset
from kernel.platform.platform cimport platform_clock, platform_wall
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.time.chacha cimport chacha20_block

cdef enum:
    KEY_BITS = 256
    HARDWARE_TRIES = 16                  # RDSEED and RDRAND may have nothing just now

cdef extern from *:
    """
    static inline void entropy_cpuid(unsigned leaf, unsigned sub, unsigned *r) {
        __asm__ volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(sub));
    }
    static inline int entropy_rdseed(unsigned long *v) {
        unsigned char ok; __asm__ volatile("rdseed %0; setc %1" : "=r"(*v), "=q"(ok) :: "cc"); return ok;
    }
    static inline int entropy_rdrand(unsigned long *v) {
        unsigned char ok; __asm__ volatile("rdrand %0; setc %1" : "=r"(*v), "=q"(ok) :: "cc"); return ok;
    }
    static inline unsigned long entropy_tsc(void) {
        unsigned a, d; __asm__ volatile("rdtsc" : "=a"(a), "=d"(d)); return ((unsigned long)d << 32) | a;
    }
    """
    void entropy_cpuid(u32 leaf, u32 sub, u32* registers) noexcept nogil
    bint entropy_rdseed(unsigned long* value) noexcept nogil
    bint entropy_rdrand(unsigned long* value) noexcept nogil
    u64 entropy_tsc() noexcept nogil

cdef u32 key[8]
cdef u32 vouched                         # bits, at most KEY_BITS
cdef u64 mixed                           # blocks made by entropy_add: the nonce, so that none repeats


cdef void next_block(u32* block) noexcept nogil:
    global mixed
    cdef u32 nonce[3]
    mixed += 1
    nonce[0] = <u32>mixed
    nonce[1] = <u32>(mixed >> 32)
    nonce[2] = 0
    chacha20_block(key, 0, nonce, block)


cdef public void entropy_add(const void* data, u64 size, u32 bits) noexcept nogil:
    global vouched
    cdef const u8* bytes = <const u8*>data
    cdef u32 block[16]
    cdef u64 i
    events_mask()
    while True:
        for i in range(min(size, <u64>32)):
            (<u8*>key)[i] ^= bytes[i]
        next_block(block)
        memcpy(key, block, sizeof(key))
        if size <= 32:
            break
        size -= 32
        bytes += 32
    vouched = min(vouched + min(bits, <u32>KEY_BITS), <u32>KEY_BITS)
    memset(block, 0, sizeof(block))
    events_unmask()


cdef public u32 entropy_bits() noexcept nogil:
    return vouched


cdef public bint entropy_ready() noexcept nogil:
    return vouched == KEY_BITS


# CPUID: Intel SDM volume 2A, leaf 1 ECX bit 30 (RDRAND), leaf 7 EBX bit 18 (RDSEED).
cdef void add_hardware() noexcept nogil:
    cdef u32 registers[4]
    cdef u32 i, tries
    cdef unsigned long value
    cdef bint rdrand, rdseed = False, got
    entropy_cpuid(0, 0, registers)
    tries = registers[0]
    entropy_cpuid(1, 0, registers)
    rdrand = registers[2] >> 30 & 1
    if tries >= 7:
        entropy_cpuid(7, 0, registers)
        rdseed = registers[1] >> 18 & 1
    if not rdrand and not rdseed:
        return
    for i in range(KEY_BITS // 64):
        got = False
        for tries in range(HARDWARE_TRIES):
            value = 0
            if rdseed and entropy_rdseed(&value):
                got = True
            elif rdrand and entropy_rdrand(&value):
                got = True
            # All ones or zero is what broken generators give.
            if got and value != 0 and value != ~<unsigned long>0:
                entropy_add(&value, 8, 64)
                break


cdef public void entropy_init() noexcept nogil:
    global vouched, mixed
    cdef u64 jitter[4]
    cdef u32 i
    memset(key, 0, sizeof(key))
    vouched = 0
    mixed = 0
    events_mask()
    jitter[0] = platform_clock()
    jitter[1] = platform_wall()
    events_unmask()
    jitter[2] = <u64>&jitter
    for i in range(16):
        jitter[3] = entropy_tsc()
        entropy_add(jitter, sizeof(jitter), 0)
    add_hardware()


cdef public void entropy_fill(void* into, u64 size) noexcept nogil:
    cdef u8* bytes = <u8*>into
    cdef u32 block[16]
    cdef u64 part
    cdef u64 tsc
    tsc = entropy_tsc()
    entropy_add(&tsc, 8, 0)
    while size:
        part = min(size, <u64>32)
        events_mask()
        next_block(block)
        memcpy(key, block, 32)           # the first half becomes the key, the second is given out
        events_unmask()
        memcpy(bytes, &block[8], part)
        bytes += part
        size -= part
    memset(block, 0, sizeof(block))
