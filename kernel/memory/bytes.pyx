# memcpy, memmove, memset, memcmp, strlen, strcmp: what gcc calls on its own account (string.pxd).
#
# Invariant: nothing here is called with a size that the caller has not checked; every loop moves
# whole 16-byte chunks and one overlapping tail, so no byte outside the range is touched.
# `rep movsb` and `rep stosb` take over where their start-up cost is lost in the size (Intel
# Optimization Manual §3.7.6, "enhanced REP MOVSB").
from kernel.types cimport u8, u16, u32, u64

cdef enum:
    CHUNK = 16
    REP_FROM = 2048

cdef extern from *:
    """
    typedef long long bytes_chunk __attribute__((vector_size(16), aligned(1), may_alias));
    typedef unsigned long long bytes_word __attribute__((aligned(1), may_alias));
    typedef unsigned int bytes_half __attribute__((aligned(1), may_alias));
    typedef unsigned short bytes_quarter __attribute__((aligned(1), may_alias));
    static inline bytes_chunk bytes_fill(unsigned long long word) {
        return (bytes_chunk){(long long)word, (long long)word};
    }
    static inline void bytes_rep_movs(void *target, const void *source, size_t size) {
        __asm__ volatile("rep movsb" : "+D"(target), "+S"(source), "+c"(size) :: "memory");
    }
    static inline void bytes_rep_stos(void *target, int value, size_t size) {
        __asm__ volatile("rep stosb" : "+D"(target), "+c"(size) : "a"(value) : "memory");
    }
    """
    ctypedef long long bytes_chunk
    ctypedef u64 bytes_word
    ctypedef u32 bytes_half
    ctypedef u16 bytes_quarter
    bytes_chunk bytes_fill(u64 word) noexcept nogil
    void bytes_rep_movs(void* target, const void* source, size_t size) noexcept nogil
    void bytes_rep_stos(void* target, int value, size_t size) noexcept nogil


# Up to one chunk: everything is loaded before anything is stored, so overlap is harmless.
cdef inline void move_small(u8* d, const u8* s, size_t size) noexcept nogil:
    cdef bytes_word first, last
    cdef bytes_half first4, last4
    cdef bytes_quarter first2, last2
    if size >= 8:
        first = (<const bytes_word*>s)[0]
        last = (<const bytes_word*>(s + size - 8))[0]
        (<bytes_word*>d)[0] = first
        (<bytes_word*>(d + size - 8))[0] = last
    elif size >= 4:
        first4 = (<const bytes_half*>s)[0]
        last4 = (<const bytes_half*>(s + size - 4))[0]
        (<bytes_half*>d)[0] = first4
        (<bytes_half*>(d + size - 4))[0] = last4
    elif size >= 2:
        first2 = (<const bytes_quarter*>s)[0]
        last2 = (<const bytes_quarter*>(s + size - 2))[0]
        (<bytes_quarter*>d)[0] = first2
        (<bytes_quarter*>(d + size - 2))[0] = last2
    elif size:
        d[0] = s[0]


# Ascending; right for overlap with target < source: each chunk is read before the chunks below it
# can have been overwritten, and the tail is read before all.
cdef inline void move_up(u8* d, const u8* s, size_t size) noexcept nogil:
    cdef bytes_chunk tail
    cdef bytes_chunk a
    cdef u8* last
    if size <= CHUNK:
        move_small(d, s, size)
        return
    if size >= REP_FROM:
        bytes_rep_movs(d, s, size)
        return
    tail = (<const bytes_chunk*>(s + size - CHUNK))[0]
    last = d + size - CHUNK
    while d < last:
        a = (<const bytes_chunk*>s)[0]
        (<bytes_chunk*>d)[0] = a
        d += CHUNK
        s += CHUNK
    (<bytes_chunk*>last)[0] = tail


cdef inline void move_down(u8* d, const u8* s, size_t size) noexcept nogil:
    cdef bytes_chunk head, a
    cdef u8* first = d
    if size <= CHUNK:
        move_small(d, s, size)
        return
    head = (<const bytes_chunk*>s)[0]
    d += size - CHUNK
    s += size - CHUNK
    while d > first:
        a = (<const bytes_chunk*>s)[0]
        (<bytes_chunk*>d)[0] = a
        d -= CHUNK
        s -= CHUNK
    (<bytes_chunk*>first)[0] = head


cdef public void* memcpy(void* target, const void* source, size_t size) noexcept nogil:
    move_up(<u8*>target, <const u8*>source, size)
    return target


cdef public void* memmove(void* target, const void* source, size_t size) noexcept nogil:
    if <u64>target - <u64>source >= size:         # below the source, or clear of it
        move_up(<u8*>target, <const u8*>source, size)
    else:
        move_down(<u8*>target, <const u8*>source, size)
    return target


cdef public void* memset(void* target, int value, size_t size) noexcept nogil:
    cdef u8* d = <u8*>target
    cdef u8* last
    cdef u64 word = <u64>(<u8>value) * <u64>0x0101010101010101ULL
    cdef bytes_chunk chunk
    if size >= REP_FROM:
        bytes_rep_stos(target, value, size)
    elif size >= CHUNK:
        chunk = bytes_fill(word)
        last = d + size - CHUNK
        while d < last:
            (<bytes_chunk*>d)[0] = chunk
            d += CHUNK
        (<bytes_chunk*>last)[0] = chunk
    elif size >= 8:
        (<bytes_word*>d)[0] = word
        (<bytes_word*>(d + size - 8))[0] = word
    elif size >= 4:
        (<bytes_half*>d)[0] = <u32>word
        (<bytes_half*>(d + size - 4))[0] = <u32>word
    else:
        while size:
            size -= 1
            d[size] = <u8>value
    return target


cdef public int memcmp(const void* a, const void* b, size_t size) noexcept nogil:
    cdef const u8* p = <const u8*>a
    cdef const u8* q = <const u8*>b
    while size >= 8 and (<const bytes_word*>p)[0] == (<const bytes_word*>q)[0]:
        p += 8
        q += 8
        size -= 8
    while size:
        if p[0] != q[0]:
            return <int>p[0] - <int>q[0]
        p += 1
        q += 1
        size -= 1
    return 0


cdef public size_t strlen(const char* text) noexcept nogil:
    cdef size_t length = 0
    while text[length]:
        length += 1
    return length


cdef public int strcmp(const char* a, const char* b) noexcept nogil:
    cdef size_t i = 0
    while a[i] and a[i] == b[i]:
        i += 1
    return <int><u8>a[i] - <int><u8>b[i]
