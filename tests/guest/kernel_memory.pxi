# Shells of kernel/memory: pages and heap by their addresses, and the byte primitives on bytes.
from kernel.memory.pages cimport (PagePool, PageStatistics as KPageStatistics, page_pool_init, page_pool_alloc,
                                  page_pool_free, page_pool_largest, page_pool_check, pages_alloc, pages_free,
                                  pages_release_free, pages_statistics)
from kernel.memory.heap cimport (KmallocStatistics, kmalloc, kcalloc, krealloc, kfree, kmalloc_size, kmalloc_fail_nth,
                                 kmalloc_check, kmalloc_statistics)
from kernel.memory.arena cimport Arena, arena_init, arena_alloc_aligned, arena_copy, arena_free

cdef extern from *:
    """
    extern void *memcpy(void *, const void *, size_t);
    extern void *memmove(void *, const void *, size_t);
    extern void *memset(void *, int, size_t);
    extern int memcmp(const void *, const void *, size_t);
    extern size_t strlen(const char *);
    extern int strcmp(const char *, const char *);
    """
    void* bytes_memcpy "memcpy"(void* to, const void* from_, size_t n) nogil
    void* bytes_memmove "memmove"(void* to, const void* from_, size_t n) nogil
    void* bytes_memset "memset"(void* to, int value, size_t n) nogil
    int bytes_memcmp "memcmp"(const void* a, const void* b, size_t n) nogil
    size_t bytes_strlen "strlen"(const char* text) nogil
    int bytes_strcmp "strcmp"(const char* a, const char* b) nogil


def bytes_move(buffer: bytearray, to: int, source: int, size: int, overlap: bool) -> None:
    cdef k_u8[:] view = buffer
    if overlap:
        bytes_memmove(&view[0] + <size_t>to, &view[0] + <size_t>source, size)
    else:
        bytes_memcpy(&view[0] + <size_t>to, &view[0] + <size_t>source, size)


def bytes_fill(buffer: bytearray, to: int, value: int, size: int) -> None:
    cdef k_u8[:] view = buffer
    bytes_memset(&view[0] + <size_t>to, value, size)


def bytes_compare(a: bytes, b: bytes) -> int:
    return bytes_memcmp(<const char*>a, <const char*>b, min(len(a), len(b)))


def bytes_length(a: bytes) -> int:
    return bytes_strlen(a)


def bytes_order(a: bytes, b: bytes) -> int:
    return bytes_strcmp(a, b)


cdef class Pool:
    """A page pool over memory of its own, `offset` bytes after a 2 MiB boundary."""
    cdef PagePool pool
    cdef k_u64 map_base, map_size
    cdef readonly bint made

    def __init__(self, pages: int, offset: int = 0, zeroed: bool = True) -> None:
        cdef k_u64 start
        self.map_size = pages * 4096 + offset + (2 << 20)
        self.map_base = host_map(self.map_size)
        start = ((self.map_base + (2 << 20) - 1) & ~<k_u64>((2 << 20) - 1)) + offset
        self.made = page_pool_init(&self.pool, start, start + pages * 4096, zeroed) == 0

    def alloc(self, pages: int, align: int = 1, zero: bool = False) -> int:
        return page_pool_alloc(&self.pool, pages, align, 1 if zero else 0)

    def free(self, address: int, pages: int) -> None:
        page_pool_free(&self.pool, address, pages)

    def check(self) -> bool:
        return page_pool_check(&self.pool)

    @property
    def free_pages(self) -> int:
        return self.pool.free_pages

    @property
    def total_pages(self) -> int:
        return self.pool.total_pages

    @property
    def largest(self) -> int:
        return page_pool_largest(&self.pool)

    def dirty(self, address: int, pages: int) -> None:
        bytes_memset(<void*><k_u64>address, 0xA5, pages * 4096)

    def is_zero(self, address: int, pages: int) -> bool:
        cdef k_u64* at = <k_u64*><k_u64>address
        cdef k_u64 i
        for i in range(<k_u64>pages * 512):
            if at[i]:
                return False
        return True

    def __dealloc__(self) -> None:
        host_unmap(self.map_base, self.map_size)


cdef extern from *:
    """
    static void host_unmap(unsigned long a, size_t n) { munmap((void *)a, n); }
    """
    void host_unmap(k_u64 address, size_t size) nogil


def heap_alloc(size: int, zero: bool = False) -> int:
    return <k_u64>(kcalloc(1, size) if zero else kmalloc(size))


def heap_calloc(count: int, size: int) -> int:
    return <k_u64>kcalloc(count, size)


def heap_realloc(address: int, size: int) -> int:
    return <k_u64>krealloc(<void*><k_u64>address, size)


def heap_free(address: int) -> None:
    kfree(<void*><k_u64>address)


def heap_size(address: int) -> int:
    return kmalloc_size(<void*><k_u64>address)


def heap_fail(nth: int) -> None:
    kmalloc_fail_nth(nth)


def heap_good() -> bool:
    return kmalloc_check()


def kmalloc_numbers() -> tuple[int, int, int]:
    """(live allocations, live bytes, pages held)"""
    cdef KmallocStatistics s
    kmalloc_statistics(&s)
    return s.allocations, s.bytes, s.pages


def memory_fill(address: int, value: int, size: int) -> None:
    bytes_memset(<void*><k_u64>address, value, size)


def memory_read(address: int, size: int) -> bytes:
    return (<const char*><k_u64>address)[:size]


def kernel_pages() -> tuple[int, int, int, int]:
    """(total, free, peak, largest) bytes of the kernel's own pool."""
    cdef KPageStatistics s
    pages_statistics(&s)
    return s.total, s.free, s.peak, s.largest


def kernel_pages_alloc(pages: int, align: int = 1, flags: int = 0) -> int:
    return pages_alloc(pages, align, flags)


def kernel_pages_free(address: int, pages: int) -> None:
    pages_free(address, pages)


def kernel_pages_release() -> tuple[int, int]:
    """(bytes that the allocator says it gave back, bytes that the platform was given)"""
    given = pages_release_free()
    return given, host_releases


def arena_run(requests: list[tuple[int, int]]) -> list[int]:
    """Allocate (size, align) in a new arena, checking zeros; addresses, then free all."""
    cdef Arena arena
    cdef k_u64 address, i
    arena_init(&arena)
    found = []
    for size, align in requests:
        address = <k_u64>arena_alloc_aligned(&arena, size, align)
        if address:
            for i in range(<k_u64>size):
                if (<k_u8*>address)[i]:
                    raise AssertionError("arena memory is not zero")
            bytes_memset(<void*>address, 0x5A, size)
        found.append(address)
    arena_free(&arena)
    return found
