# Threads: one scheduler, preemptive, strict priorities with round robin inside a level.
#
# Invariant: a thread is in exactly one place: running, in one run queue (READY), in at most one wait
# queue (BLOCKED, perhaps with a timer), or dead.  A thread that is not running has its callee-saved
# registers on its own stack at `saved_sp`; one that was preempted has all its registers there.  So
# [saved_sp, stack_high) holds every value that a stopped thread could still use.
#
# Interface: a Thread from thread_create is freed by thread_join or, once detached, by its own end.
# Deadlines are absolute monotonic ns (kernel/time/clock.pxd); 0 means no deadline.
from kernel.types cimport u8, u32, u64
from kernel.threads.stack_area cimport STACK_GUARD, StackArea
from kernel.threads.timer cimport Timer

cdef enum:
    PRIORITY_IDLE = 0                    # the idle thread alone
    PRIORITY_LOWEST = 1
    PRIORITY_NORMAL = 16
    PRIORITY_HIGHEST = 31
    THREAD_NAME_MAX = 32
    THREAD_STACK_DEFAULT = 262144
    THREAD_STACK_MIN = 16384
    THREAD_GUARD_SIZE = STACK_GUARD      # below stack_low, no access
    TIME_SLICE_NS = 5000000

cdef enum ThreadState:
    THREAD_NEW = 0
    THREAD_READY = 1
    THREAD_RUNNING = 2
    THREAD_BLOCKED = 3
    THREAD_DEAD = 4

# Why a program's thread must not go on as it is (cabi/process).
cdef enum ThreadAttention:
    ATTENTION_SIGNAL = 1
    ATTENTION_END = 2

# A FIFO of blocked threads, highest priority first.  Zero is empty.
cdef struct WaitQueue:
    Thread* head
    Thread* tail

cdef struct Thread:
    u64 saved_sp                         # valid while not running; offset 0: switch.S
    u64 id
    u32 state                            # ThreadState
    u32 priority                         # 0..31, higher runs first
    u32 attention                        # offset 24: ThreadAttention; looked at when a program's thread leaves the kernel
    u32 interruptible                    # BLOCKED where thread_interrupt may end it
    u64 stack_low                        # lowest usable address; the guard lies below
    u64 stack_high                       # one past the highest
    StackArea area                       # that stack, and what thread_create_upper added
    void* local                          # the upper layer's own (JVM: its JavaThread)
    void* files                          # its FileContext (kernel/files/descriptors.pxd), NULL: the first one
    u64 fs_base                          # musl's TLS, 0: none; loaded by the switch hook of the C layer
    void (*entry)(void* argument) noexcept nogil
    void* argument
    u64 exit_value
    u32 detached
    u32 joining                          # some thread waits in thread_join
    Thread* next                         # run queue or wait queue
    Thread* previous
    WaitQueue* waiting                   # the queue it is in while BLOCKED, or NULL
    const char* wait_reason              # static text, for reports
    void* wait_object                    # what it waits for, for reports and for sync.pyx
    int wait_result                      # what thread_block returns
    Timer timer                          # sleep and timeouts
    WaitQueue joiners
    Thread* all_next                     # every thread that is not yet freed
    Thread* all_previous
    u64 run_start                        # when it last got the CPU
    u64 run_time                         # ns on the CPU before run_start
    char name[THREAD_NAME_MAX]

cdef extern void threads_init() noexcept nogil                          # adopts the running code as thread 1
# New thread in state NEW; NULL when memory is out.  `stack_size` 0: the default.
cdef extern Thread* thread_create(const char* name, void (*entry)(void* argument) noexcept nogil, void* argument,
                                  u64 stack_size, int priority) noexcept nogil
# The same with an upper part in its stack area (thread.area, stacks.pxd) of `upper_size` bytes.
cdef extern Thread* thread_create_upper(const char* name, void (*entry)(void* argument) noexcept nogil, void* argument,
                                        u64 stack_size, u64 upper_size, int priority) noexcept nogil
cdef extern void thread_start(Thread* thread) noexcept nogil
cdef extern void thread_exit(u64 value) noexcept nogil                  # does not return
cdef extern int thread_join(Thread* thread, u64* value, u64 deadline) noexcept nogil   # 0, -ETIMEDOUT, -EINVAL, -EDEADLK; frees the Thread
cdef extern void thread_detach(Thread* thread) noexcept nogil
cdef extern void thread_discard(Thread* thread) noexcept nogil          # frees one that was never started
cdef extern void thread_yield() noexcept nogil
cdef extern void thread_sleep(u64 deadline) noexcept nogil              # until monotonic ns
cdef extern void thread_set_priority(Thread* thread, int priority) noexcept nogil
cdef extern void thread_set_name(Thread* thread, const char* name) noexcept nogil
cdef extern u64 thread_cpu_time(Thread* thread) noexcept nogil          # ns on the CPU
cdef extern u64 thread_count() noexcept nogil                           # without the idle thread
# Calls visit(thread, argument) for every thread but the idle one, with events masked.
cdef extern void thread_for_each(void (*visit)(Thread* thread, void* argument) noexcept nogil, void* argument) noexcept nogil
# True while `thread` is still one of the threads (a pointer that may have been freed).
cdef extern bint thread_exists(Thread* thread) noexcept nogil

# For building blocking primitives (kernel/threads/sync.pyx); all with events masked.
# Blocks the current thread in `queue` (may be NULL) until thread_wake or the deadline; returns the
# result given to thread_wake, or -ETIMEDOUT.  Mask depth is kept, events are open meanwhile.
cdef extern int thread_block(WaitQueue* queue, u64 deadline, const char* reason, void* wait_object) noexcept nogil
# The same for a wait that thread_interrupt may end: -EINTR then, at once if the thread has attention to give.
cdef extern int thread_block_interruptible(WaitQueue* queue, u64 deadline, const char* reason, void* wait_object) noexcept nogil
cdef extern void thread_interrupt(Thread* thread) noexcept nogil        # ends such a wait
cdef extern void thread_wake(Thread* thread, int result) noexcept nogil # a BLOCKED thread becomes READY
cdef extern bint waitqueue_wake_one(WaitQueue* queue, int result) noexcept nogil
cdef extern u32 waitqueue_wake_all(WaitQueue* queue, int result) noexcept nogil
cdef extern void waitqueue_insert(WaitQueue* queue, Thread* thread) noexcept nogil
cdef extern void waitqueue_remove(WaitQueue* queue, Thread* thread) noexcept nogil

# Called with (previous, next) in every switch, events masked; NULL: none.
cdef extern void threads_set_switch_hook(void (*hook)(Thread* previous, Thread* next) noexcept nogil) noexcept nogil
# How many things outside (devices) may still wake somebody: with none, no timer and every thread
# blocked, the kernel reports a deadlock.  Blocking drivers count themselves in and out.
cdef extern void threads_expect_event(int change) noexcept nogil
