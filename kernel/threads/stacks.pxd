# Stacks that are reserved as addresses and take memory as they are used.
#
# A *stack area* is a kernel stack that grows down, and above it, on request, an upper part of the
# thread's own that grows up (the JVM: the Java stack).  They begin side by side and grow apart:
#
#     base      low            middle             high
#     | no access | … kernel stack | upper part … |  (the next area's no access)
#               <- grows        grows ->
#
# Where BootInfo names a range for stacks, areas lie there in steps of STACK_STEP, and only what was
# touched is memory: [committed_low, committed_high), counted against the guest's memory
# (pages_charge).  A fault of the running thread in the rest of its area commits more, on the event
# stack, wherever it happens.  Elsewhere an area is pages, all of them from the start.
#
# Invariant: committed is one run of pages around `middle`.
# Interface: a StackArea stays where it was taken.  The memory of a new area is not zeroed.  stack_area_fault is for events.pyx alone.
from kernel.types cimport u32, u64
from kernel.threads.stack_area cimport StackArea

cdef extern void stacks_init(u64 base, u64 size) noexcept nogil          # size 0: there is no such range; forgets all areas
# Both sizes are whole pages.  False: no memory, or no addresses.
cdef extern bint stack_area_take(StackArea* area, u64 stack_size, u64 upper_size) noexcept nogil
# Addresses of the range without a stack: whole steps, without access and memory; 0: none are left.  Whoever takes them
# gives memory to pages with platform_protect, counts it (pages_charge), and takes it back before stack_range_give.
cdef extern u64 stack_range_take(u64 size) noexcept nogil
cdef extern void stack_range_give(u64 base, u64 size) noexcept nogil
cdef extern void stack_area_give(StackArea* area) noexcept nogil
# Is `address` in the untouched part of an area that is in use?  It is memory then.  Any time, also on the event stack.
cdef extern bint stack_area_fault(u64 address) noexcept nogil
