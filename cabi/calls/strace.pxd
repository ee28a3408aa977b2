# The trace of system calls: one line a call on stderr, as strace(1) writes them.
cdef extern void strace_init() noexcept nogil
