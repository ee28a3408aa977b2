# A thread's stack area: see stacks.pxd for its layout and the functions.
from kernel.types cimport u32, u64

cdef enum:
    STACK_STEP = 2097152                 # one page table of the kvm home describes it
    STACK_GUARD = 16384                  # no access, at both ends

cdef struct StackArea:
    u64 base                             # 0: none
    u64 size
    u64 low
    u64 middle
    u64 high
    u64 committed_low
    u64 committed_high
    u32 reserved                         # in the range for stacks: commits on demand
