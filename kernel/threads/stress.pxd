# Stress: switches threads at points of the program's course instead of by the clock.
#
# A point is a safepoint poll of Java code (jvm/runtime/safepoint.pyx) and, on demand, every moment in
# which the kernel opens its event mask or allows preemption again: wherever a timer event could come
# anyway.  At every n-th point the current thread goes to the end of its level and one of the ready
# ones follows it, which one a generator says: the same seed, the same choices.
# Besides, the time slice can be made short, so that switches come between any two instructions.
# Interface: off until stress_init, which is called once, before there are other threads to meet.
from kernel.types cimport u64

# every 0: no points; slice_ns 0: the usual time slice
cdef extern void stress_init(u64 every, u64 seed, bint kernel_too, u64 slice_ns) noexcept nogil
cdef extern bint stress_on() noexcept nogil
cdef extern void stress_point() noexcept nogil                           # where the current thread may be preempted
# events.pyx: the mask has just become open.
cdef extern void stress_kernel_point() noexcept nogil
