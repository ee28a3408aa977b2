# Moving array elements, and atomic access to memory, for natives and intrinsics.
#
# Invariant: elements_move copies aligned elements of up to 8 bytes without tearing one: a thread that
# is stopped in the middle, or another CPU, sees an old or a new element (JLS §17.6, §17.7).
from kernel.types cimport u8, u16, u32, u64, i32, i64
from jvm.heap.object cimport Object

cdef extern from *:
    """
    #ifndef DEMITASSE_NATIVE_MEMORY
    #define DEMITASSE_NATIVE_MEMORY
    typedef struct { unsigned long long a, b; } move_block;
    #define MOVE(T, o) __builtin_memcpy(&t_##T, s + (o), sizeof(T)), __builtin_memcpy(d + (o), &t_##T, sizeof(T))
    /* memmove by blocks; `size` is a multiple of the element size. */
    static inline __attribute__((always_inline)) void elements_move(void *to, const void *from, unsigned long size) {
        unsigned char *d = (unsigned char *)to; const unsigned char *s = (const unsigned char *)from;
        typedef unsigned long long w64; typedef unsigned int w32; typedef unsigned short w16; typedef unsigned char w8;
        move_block t_move_block; w64 t_w64; w32 t_w32; w16 t_w16; w8 t_w8;
        if ((unsigned long)(d - s) >= size) {            /* forwards: no overlap, or the target is lower */
            while (size >= 16) { MOVE(move_block, 0); d += 16; s += 16; size -= 16; }
            if (size & 8) { MOVE(w64, 0); d += 8; s += 8; }
            if (size & 4) { MOVE(w32, 0); d += 4; s += 4; }
            if (size & 2) { MOVE(w16, 0); d += 2; s += 2; }
            if (size & 1) { MOVE(w8, 0); }
        } else {                                         /* backwards */
            d += size; s += size;
            while (size >= 16) { d -= 16; s -= 16; size -= 16; MOVE(move_block, 0); }
            if (size & 8) { d -= 8; s -= 8; MOVE(w64, 0); }
            if (size & 4) { d -= 4; s -= 4; MOVE(w32, 0); }
            if (size & 2) { d -= 2; s -= 2; MOVE(w16, 0); }
            if (size & 1) { d -= 1; s -= 1; MOVE(w8, 0); }
        }
    }
    #define atomic_load(p) __atomic_load_n(p, __ATOMIC_SEQ_CST)
    #define atomic_store(p, v) __atomic_store_n(p, v, __ATOMIC_SEQ_CST)
    #define atomic_fence() __atomic_thread_fence(__ATOMIC_SEQ_CST)
    static inline unsigned atomic_exchange_32(unsigned *p, unsigned expected, unsigned value) {
        __atomic_compare_exchange_n(p, &expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); return expected;
    }
    static inline unsigned long atomic_exchange_64(unsigned long *p, unsigned long expected, unsigned long value) {
        __atomic_compare_exchange_n(p, &expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); return expected;
    }
    #define atomic_add(p, v) __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST)
    #define atomic_swap(p, v) __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
    #endif
    """
    u32 atomic_add_32 "atomic_add"(u32* p, u32 value) noexcept nogil     # these give what was there before
    u64 atomic_add_64 "atomic_add"(u64* p, u64 value) noexcept nogil
    u32 atomic_swap_32 "atomic_swap"(u32* p, u32 value) noexcept nogil
    u64 atomic_swap_64 "atomic_swap"(u64* p, u64 value) noexcept nogil
    void elements_move(void* to, const void* source, u64 size) noexcept nogil
    u8 atomic_load_8 "atomic_load"(u8* p) noexcept nogil
    u16 atomic_load_16 "atomic_load"(u16* p) noexcept nogil
    u32 atomic_load_32 "atomic_load"(u32* p) noexcept nogil
    u64 atomic_load_64 "atomic_load"(u64* p) noexcept nogil
    void atomic_store_8 "atomic_store"(u8* p, u8 value) noexcept nogil
    void atomic_store_16 "atomic_store"(u16* p, u16 value) noexcept nogil
    void atomic_store_32 "atomic_store"(u32* p, u32 value) noexcept nogil
    void atomic_store_64 "atomic_store"(u64* p, u64 value) noexcept nogil
    void atomic_fence() noexcept nogil
    # What was there before; `value` was stored if that equals `expected`.
    u32 atomic_exchange_32(u32* p, u32 expected, u32 value) noexcept nogil
    u64 atomic_exchange_64(u64* p, u64 expected, u64 value) noexcept nogil
