# Shells of kernel/threads/stacks: areas in a range of addresses that begins without access.
from kernel.threads.stack_area cimport StackArea as KStackArea
from kernel.threads.stacks cimport stack_area_fault, stack_area_give, stack_area_take, stacks_init
from kernel.memory.pages cimport PageStatistics as KStackPages, pages_statistics as stacks_pages
from libc.stdlib cimport calloc as stacks_calloc, free as stacks_release

cdef k_u64 stacks_range = 0


def stacks_open(size: int) -> int:
    """A range for stacks of `size` bytes; 0: none.  Returns its address."""
    global stacks_range
    cdef k_u64 whole = size
    stacks_range = host_map(whole) if whole else 0
    if whole:
        host_protect_pages(stacks_range, whole, 0)
    stacks_init(stacks_range, whole)
    return stacks_range


cdef class Area:
    cdef KStackArea* area

    def __cinit__(self) -> None:
        self.area = <KStackArea*>stacks_calloc(1, sizeof(KStackArea))

    def __dealloc__(self) -> None:
        stacks_release(self.area)

    def take(self, stack: int, upper: int) -> bool:
        return stack_area_take(self.area, stack, upper)

    def give(self) -> None:
        stack_area_give(self.area)

    def places(self) -> tuple[int, int, int, int, int, int, int]:
        """(base, size, low, middle, high, committed low, committed high)"""
        cdef KStackArea* a = self.area
        return a.base, a.size, a.low, a.middle, a.high, a.committed_low, a.committed_high


def stacks_fault(address: int) -> bool:
    return stack_area_fault(address)


def stacks_free_memory() -> int:
    cdef KStackPages s
    stacks_pages(&s)
    return s.free


def stacks_touch(start: int, end: int) -> None:
    """Write to every page."""
    cdef k_u64 at = start
    while at < <k_u64>end:
        (<k_u8*>at)[0] = 1
        at += 4096
