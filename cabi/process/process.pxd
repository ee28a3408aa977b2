# Processes and their threads: records, the end of each, wait.
#
# Invariant: the list of processes and each process's list of threads change with events masked.  A process is
# freed when its last thread has ended and its parent has waited for it, or is gone.
# Interface: the program that demitasse run names is the first process; the guest ends with it.
from kernel.types cimport i32, i64, u32, u64
from cabi.process.program cimport Process, ProgramThread

cdef extern Process* process_find(u32 id) noexcept nogil                  # masked
cdef extern ProgramThread* process_thread(u32 id) noexcept nogil          # of any process; masked
cdef extern Process* process_make(const char* path) noexcept nogil        # NULL: no memory
cdef extern Process* process_first() noexcept nogil
# Back to a process without a program, after a start that failed.
cdef extern void process_unload(Process* process) noexcept nogil
cdef extern void process_discard(Process* process) noexcept nogil         # one that no thread has ever run
# A thread that will run `entry` on `sp`; NULL: no memory.  It is in the process's list, and not started.
cdef extern ProgramThread* program_thread_make(Process* process, u64 entry, u64 sp, u64 argument, bint function) noexcept nogil
cdef extern void program_thread_start(ProgramThread* thread) noexcept nogil
cdef extern void program_thread_discard(ProgramThread* thread) noexcept nogil
# The calling thread ends, wherever it is in the kernel.  Does not return.
cdef extern void program_end_thread() noexcept nogil
# All threads of the calling thread's process end; `status` as wait4 tells it.  Does not return.
cdef extern void process_end(i32 status) noexcept nogil
