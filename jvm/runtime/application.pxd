# Where the upper layer hands itself to the kernel.
cdef extern int application_main() noexcept nogil                       # runs in the main thread; returns the exit code
