# Futexes (futex(2)): waiting for a word of the program's to change.
#
# A word is known by its address alone: there is one address space.
# Invariant: a waiter is in the list of its word's bucket exactly while nobody has woken it; lists change with
# events masked.
from kernel.types cimport i64, u32, u64
from cabi.process.program cimport ProgramThread

cdef extern u32 futex_wake(u32* word, u32 count) noexcept nogil
# Marks the locks that a thread holds as left by their owner, as set_robust_list(2) promises.
cdef extern void robust_list_release(ProgramThread* thread) noexcept nogil
