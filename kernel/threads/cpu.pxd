# The per-CPU structure, found at gs:0, and the software event mask that lives in it.
#
# Invariant: while `mask_depth` is not 0 the running thread is neither preempted nor moved; an event
# that comes then only sets its bit in `pending`.  Kernel data is only changed with events masked.
# SMP: one CPU runs now.  Where two CPUs would meet, the code takes a SpinLock, which on one CPU is
# the event mask that the caller holds already; the lock marks the place and debug builds check it.
#
# Interface: events_mask nests; every events_mask is paired with an events_unmask by the same thread.
# The last unmask runs what became pending, and may switch threads.  While masked: no blocking.
from kernel.types cimport u8, u32, u64
from kernel.threads.thread cimport Thread

cdef enum:
    PRIORITIES = 32

# Pending bits.
cdef enum:
    PENDING_TIMER = 1
    PENDING_DEVICE = 2
    PENDING_INTERRUPT_KEY = 4
    PENDING_QUIT_KEY = 8
    PENDING_TERMINATE = 16
    PENDING_RESCHEDULE = 32
    PENDING_STRESS = 64                  # stays set: every open mask is a point (stress.pxd)

cdef struct RunQueue:
    u32 ready                            # bit p: level p is not empty
    u32 count
    Thread* head[PRIORITIES]
    Thread* tail[PRIORITIES]

# The first members are read by assembly and by the inline functions below: keep their offsets.
cdef struct Cpu:
    Cpu* self                            # 0: gs:0 points here
    u32 mask_depth                       # 8
    u32 pending                          # 12
    Thread* current                      # 16
    u32 preempt_depth                    # 24: thread_preempt_disable
    u32 id                               # 28
    Thread* idle
    Thread* dead                         # exited, its stack still to be freed by the next thread
    u64 slice_end                        # when the current thread's time slice ends
    u64 armed                            # deadline asked of platform_timer, 0: none
    u64 switches                         # context switches so far
    RunQueue queue

cdef struct SpinLock:
    u32 held

cdef extern from *:
    """
    static inline void *cpu_read_self(void) {
        void *self; __asm__ volatile("movq %%gs:0, %0" : "=r"(self)); return self;
    }
    static inline void *cpu_read_current(void) {
        void *thread; __asm__ volatile("movq %%gs:16, %0" : "=r"(thread)); return thread;
    }
    static inline void cpu_mask(void) { __asm__ volatile("incl %%gs:8" ::: "memory", "cc"); }
    /* True when the mask became open and something is pending. */
    static inline int cpu_unmask(void) {
        unsigned char open; unsigned pending;
        __asm__ volatile("decl %%gs:8\\n\\tsete %0\\n\\tmovl %%gs:12, %1"
                         : "=q"(open), "=r"(pending) :: "memory", "cc");
        return open && pending;
    }
    static inline void cpu_preempt_disable(void) { __asm__ volatile("incl %%gs:24" ::: "memory", "cc"); }
    static inline int cpu_preempt_enable(void) {
        unsigned char open; unsigned pending;
        __asm__ volatile("decl %%gs:24\\n\\tsete %0\\n\\tmovl %%gs:12, %1"
                         : "=q"(open), "=r"(pending) :: "memory", "cc");
        return open && pending;
    }
    /* One instruction each: the event handler may come between any two. */
    static inline void cpu_pending_set(unsigned bits) {
        __asm__ volatile("orl %0, %%gs:12" :: "r"(bits) : "memory", "cc");
    }
    static inline unsigned cpu_pending_take(unsigned bits) {
        unsigned pending;
        __asm__ volatile("movl %%gs:12, %0" : "=r"(pending));
        __asm__ volatile("andl %0, %%gs:12" :: "r"(~(bits & pending)) : "memory", "cc");
        return pending & bits;
    }
    static inline void compiler_barrier(void) { __asm__ volatile("" ::: "memory"); }
    """
    void* cpu_read_self() noexcept nogil
    void* cpu_read_current() noexcept nogil
    void cpu_mask() noexcept nogil
    bint cpu_unmask() noexcept nogil
    void cpu_preempt_disable() noexcept nogil
    bint cpu_preempt_enable() noexcept nogil
    void cpu_pending_set(u32 bits) noexcept nogil
    u32 cpu_pending_take(u32 bits) noexcept nogil
    void compiler_barrier() noexcept nogil

cdef extern void cpu_init() noexcept nogil                              # sets gs:0; events are masked (depth 1) after it
cdef extern void events_run_pending() noexcept nogil

cdef inline Cpu* this_cpu() noexcept nogil:
    return <Cpu*>cpu_read_self()

cdef inline Thread* thread_current() noexcept nogil:
    return <Thread*>cpu_read_current()

cdef inline void events_mask() noexcept nogil:
    cpu_mask()

cdef inline void events_unmask() noexcept nogil:
    if cpu_unmask():
        events_run_pending()

# Defer rescheduling only: events still run, but this thread keeps the CPU until the matching enable.
# It must not block meanwhile.
cdef inline void thread_preempt_disable() noexcept nogil:
    cpu_preempt_disable()

cdef inline void thread_preempt_enable() noexcept nogil:
    if cpu_preempt_enable():
        events_run_pending()

# Taken with events masked.
cdef inline void spin_lock(SpinLock* lock) noexcept nogil:
    lock.held = 1

cdef inline void spin_unlock(SpinLock* lock) noexcept nogil:
    lock.held = 0
