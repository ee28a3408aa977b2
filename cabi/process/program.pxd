# C programs: what the kernel keeps of each, and of each of its threads.
#
# A program runs on its own stacks, with its own FS base, and calls the kernel as functions (entry.S).  So
# a kernel call runs on the program's stack.  A thread's kernel stack holds one frame: the way out, to
# which the thread comes back to end (program_leave), and where a fault is looked at.
#
# Invariant: a thread's signals are delivered only where it holds nothing of the kernel's: on the way out
# of a kernel call, or where the program's own code was interrupted.
# Lock: whatever other threads may look at changes with events masked, but for the memory list (memory.pyx),
# which has a mutex.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.boot.bootinfo cimport EventFrame
from kernel.threads.cpu cimport thread_current
from kernel.threads.stack_area cimport StackArea
from kernel.threads.sync cimport Mutex
from kernel.threads.thread cimport Thread, WaitQueue
from kernel.threads.timer cimport Timer
from cabi.loader.elf cimport ElfProgram

cdef enum:
    SIGNALS = 65                         # 1..64
    PATH_SIZE = 4096
    LIMITS = 16
    PROGRAM_TIMERS = 32
    PROGRAM_STACK = 8388608              # of a program's first thread, as Linux's
    RESTART = 512                        # -RESTART: interrupted, to be called again unless a handler says otherwise

cdef struct SignalAction:                # as musl hands it over (struct k_sigaction)
    u64 handler                          # 0 default, 1 ignore
    u64 flags
    u64 restorer
    u64 mask                             # bit n-1: signal n

cdef struct SignalInfo:                  # siginfo_t
    i32 number
    i32 error
    i32 code
    i32 pad
    u64 fields[14]

cdef struct QueuedSignal:
    QueuedSignal* next
    SignalInfo info

cdef struct PendingSignals:
    u64 set
    SignalInfo infos[SIGNALS]            # of the first of each
    QueuedSignal* queue                  # further real-time signals, in the order in which they came
    u32 queued

cdef enum RegionKind:
    REGION_MEMORY = 0                    # anonymous, or a private copy of a file's part
    REGION_FILE = 1                      # a shared mapping (kernel/files/mapping.pxd)
    REGION_IMAGE = 2
    REGION_STACK = 3                     # the first thread's, in its stack area
    REGION_RESERVED = 4                  # addresses without memory (stack_range_take), mapped with PROT_NONE
    REGION_COMMITTED = 5                 # part of them that was given memory

cdef struct Region:
    u64 start                            # whole pages
    u64 end
    u32 access                           # ACCESS_…
    u32 kind
    u64 mapping                          # REGION_FILE: the address that mapping_make gave; reserved: where the addresses begin;
                                         # REGION_MEMORY: PROMISED or 0

cdef enum:
    RESERVATIONS = 64
    SPARES = 4
    # Memory that was asked for as a thread's stack, without access: nobody knows of it before its mprotect, so that one alone
    # changes pages (seam/thread.S).
    PROMISED = 1

# A thread's stack that was given back: its guard is still without access.
cdef struct Spare:
    u64 start                            # 0: free
    u64 middle                           # the guard's end
    u64 end

cdef struct Reservation:
    u64 base
    u64 size                             # 0: free

cdef struct Regions:                     # in the order of addresses, without overlaps
    Mutex lock
    Region* at
    u64 count
    u64 capacity
    Reservation reservations[RESERVATIONS]
    Spare spares[SPARES]
    u32 next_spare                       # which one goes when all are there
    u64 brk_start, brk_end, brk_limit    # 0: not there yet

cdef struct ProgramTimer:                # timer_create
    bint used
    Timer timer
    u64 interval
    u64 value
    u32 clock
    u32 notify
    i32 signal
    u32 thread
    u32 overrun
    Process* process

cdef struct Process:
    Process* next
    u32 id
    u32 parent
    ElfProgram image
    u64 file_memory                      # pages with the file, if it lay in a file system; 0: a boot module
    u64 file_pages
    char path[PATH_SIZE]
    StackArea stack                      # of the first thread
    Regions regions
    SignalAction actions[SIGNALS]
    PendingSignals pending
    ProgramThread* threads
    u32 thread_count
    bint ending                          # exit_group, or a signal
    bint ended                           # no thread is left; waits for its parent
    bint vfork_done                      # of a child of vfork: it has its own program, or has ended
    bint first                           # the program that demitasse run names: with it the guest ends
    i32 status                           # as wait4 tells it
    WaitQueue changed                    # parents in wait4, and vfork's
    u64 start_time
    u64 ended_time                       # ns of CPU time of ended threads
    u64 limits[LIMITS][2]
    i32 nice
    Timer alarm                          # ITIMER_REAL
    u64 alarm_interval
    ProgramTimer timers[PROGRAM_TIMERS]
    void* descriptors                    # its own FileContext (kernel/files/descriptors.pxd), NULL: the first one

cdef struct ProgramThread:
    Thread* thread
    Process* process
    ProgramThread* next
    ProgramThread* previous
    u32 id
    u64 leave_sp                         # where program_run left the kernel stack
    u64 entry                            # where it starts, and with what
    u64 entry_sp
    u64 entry_argument
    bint function                        # `entry` is a function of one argument, not a program's _start
    u64 blocked                          # signals
    u64 suspended                        # the mask to go back to behind sigsuspend
    bint is_suspended
    u64 waited                           # of sigtimedwait
    PendingSignals pending
    u64 alternate_base                   # sigaltstack
    u64 alternate_size
    u32 alternate_flags
    u32* clear_id                        # CLONE_CHILD_CLEARTID
    u64 robust_list
    u64 unmap_base                       # cabi_unmapself
    u64 unmap_size
    bint faulted                         # `fault` waits to become a signal
    EventFrame fault
    Process* vfork_parent                # waits for execve or exit

cdef inline ProgramThread* program_thread() noexcept nogil:
    return <ProgramThread*>thread_current().local

cdef inline Process* program_process() noexcept nogil:
    return (<ProgramThread*>thread_current().local).process

# May a kernel call touch [address, address + size) for the program?  Guest memory, that is: what lies elsewhere
# would fault inside the kernel.  Pages of the program's that it has made inaccessible do fault, and end it.
cdef extern from *:
    """
    extern __attribute__((visibility("hidden"))) uint64_t program_memory_low, program_memory_size;
    """
    u64 program_memory_low, program_memory_size

cdef inline bint program_may(const void* address, u64 size) noexcept nogil:
    return <u64>address - program_memory_low < program_memory_size and size < program_memory_size - (<u64>address - program_memory_low)
