# The scheduler: per-CPU run queues of 32 levels, round robin inside a level.
#
# Invariant: RunQueue.ready has bit p exactly when level p has threads; the running thread and the
# idle thread are in no run queue.  The timer is armed only for the earliest timer and, while
# another thread of the running one's level is ready and no switch is pending, for the end of its time
# slice.  An armed deadline that has become too early is left to fire: it costs less than asking again.
from kernel.types cimport u32, u64
from kernel.platform.platform cimport platform_clock, platform_timer, platform_wait
from kernel.threads.cpu cimport (Cpu, RunQueue, this_cpu, thread_current, SpinLock, spin_lock, spin_unlock,
                                 PENDING_RESCHEDULE, PENDING_STRESS, PENDING_TIMER)
from kernel.threads.cpu cimport cpu_pending_set, cpu_pending_take, events_mask, events_unmask
from kernel.threads.thread cimport *
from kernel.threads.timer cimport timer_next, timers_run
from kernel.threads.events cimport events_work, events_poll_devices
from kernel.diagnostics.panic cimport panic, kassert
from kernel.diagnostics.trace cimport trace_on, trace_record

cdef extern from *:
    u32 clz32 "__builtin_clz"(u32 value) noexcept nogil

cdef enum:
    SHUFFLED = 8                         # how many of a level scheduler_shuffle chooses from

cdef SpinLock queue_lock                 # SMP: one for each run queue
cdef void (*switch_hook)(Thread* previous, Thread* next) noexcept nogil
cdef u64 slice_ns                        # of time, while others of the same level are ready
cdef int expected                        # threads_expect_event


cdef void enqueue(RunQueue* queue, Thread* thread, bint first) noexcept nogil:
    cdef u32 level = thread.priority
    if queue.head[level] == NULL:
        thread.next = NULL
        thread.previous = NULL
        queue.head[level] = thread
        queue.tail[level] = thread
        queue.ready |= <u32>1 << level
    elif first:
        thread.previous = NULL
        thread.next = queue.head[level]
        thread.next.previous = thread
        queue.head[level] = thread
    else:
        thread.next = NULL
        thread.previous = queue.tail[level]
        thread.previous.next = thread
        queue.tail[level] = thread
    queue.count += 1


cdef void dequeue(RunQueue* queue, Thread* thread) noexcept nogil:
    cdef u32 level = thread.priority
    if thread.previous != NULL:
        thread.previous.next = thread.next
    else:
        queue.head[level] = thread.next
    if thread.next != NULL:
        thread.next.previous = thread.previous
    else:
        queue.tail[level] = thread.previous
    if queue.head[level] == NULL:
        queue.ready &= ~(<u32>1 << level)
    thread.next = NULL
    thread.previous = NULL
    queue.count -= 1


cdef inline int top_level(RunQueue* queue) noexcept nogil:
    return 31 - <int>clz32(queue.ready) if queue.ready else -1


cdef public void scheduler_init() noexcept nogil:
    global switch_hook, expected, slice_ns
    slice_ns = TIME_SLICE_NS
    switch_hook = NULL
    expected = 0


cdef public void scheduler_ready(Thread* thread) noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    spin_lock(&queue_lock)
    thread.state = THREAD_READY
    enqueue(&cpu.queue, thread, False)
    spin_unlock(&queue_lock)
    if cpu.current == cpu.idle or thread.priority > cpu.current.priority:
        cpu_pending_set(PENDING_RESCHEDULE)
    elif thread.priority == cpu.current.priority:
        scheduler_arm()


cdef public void scheduler_set_slice(u64 nanoseconds) noexcept nogil:
    global slice_ns
    slice_ns = nanoseconds


cdef public void scheduler_requeue(Thread* thread, u32 priority) noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    spin_lock(&queue_lock)
    dequeue(&cpu.queue, thread)
    thread.priority = priority
    spin_unlock(&queue_lock)
    scheduler_ready(thread)


cdef public void scheduler_arm() noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    cdef u64 want = timer_next()
    if cpu.current == NULL or cpu.current == cpu.idle:
        return                           # the idle thread gives its deadline to platform_wait
    # A slice that is over while preemption is disabled must not ask for its end again and again.
    if cpu.queue.head[cpu.current.priority] != NULL and not cpu.pending & PENDING_RESCHEDULE:
        if cpu.slice_end == 0:
            cpu.slice_end = platform_clock() + slice_ns
        if want == 0 or cpu.slice_end < want:
            want = cpu.slice_end
    if want and (cpu.armed == 0 or want < cpu.armed):
        cpu.armed = want
        platform_timer(want)


cdef public void scheduler_tick(u64 now) noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    if cpu.slice_end and now >= cpu.slice_end:
        if cpu.queue.head[cpu.current.priority] != NULL:
            cpu_pending_set(PENDING_RESCHEDULE)
        else:
            cpu.slice_end = 0


# The current thread's state and queue are already set (or it is idle); run the best ready one.
cdef public void scheduler_switch() noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    cdef Thread* previous = cpu.current
    cdef Thread* next
    cdef int level
    cdef u32 depth
    cdef u64 now
    if cpu.preempt_depth:
        panic(b"blocked while preemption is disabled")
    spin_lock(&queue_lock)
    level = top_level(&cpu.queue)
    if level < 0:
        next = cpu.idle
    else:
        next = cpu.queue.head[level]
        dequeue(&cpu.queue, next)
    spin_unlock(&queue_lock)
    cpu.slice_end = 0
    next.state = THREAD_RUNNING
    if next == previous:
        return
    now = platform_clock()
    if trace_on and previous != cpu.idle:
        trace_record(c'X', b"running", 0, previous.run_start, now - previous.run_start)
    previous.run_time += now - previous.run_start
    next.run_start = now
    cpu.current = next
    cpu.switches += 1
    depth = cpu.mask_depth
    if switch_hook != NULL:
        switch_hook(previous, next)
    thread_switch(previous, next)
    scheduler_arrived()
    this_cpu().mask_depth = depth


cdef public void scheduler_arrived() noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    cdef Thread* dead = cpu.dead
    if dead != NULL:
        cpu.dead = NULL
        thread_reap(dead)
    scheduler_arm()


cdef public void scheduler_preempt() noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    cdef Thread* current = cpu.current
    cdef int level = top_level(&cpu.queue)
    cdef bint slice_over = cpu.slice_end != 0 and platform_clock() >= cpu.slice_end
    if current == cpu.idle:
        return                           # the idle thread looks by itself
    if level > <int>current.priority or (level == <int>current.priority and slice_over):
        current.state = THREAD_READY
        enqueue(&cpu.queue, current, not slice_over)
        scheduler_switch()
    else:
        scheduler_arm()                  # which left the slice out while this was pending


cdef public void scheduler_yield(Thread* current) noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    if top_level(&cpu.queue) >= <int>current.priority:
        current.state = THREAD_READY
        enqueue(&cpu.queue, current, False)
        scheduler_switch()


cdef public void scheduler_shuffle(u64 random) noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    cdef Thread* current = cpu.current
    cdef Thread* chosen
    cdef u64 choice = 0
    cdef int level = top_level(&cpu.queue)
    if level < <int>current.priority:
        return
    chosen = cpu.queue.head[level]
    while chosen != NULL and choice < SHUFFLED:
        chosen = chosen.next
        choice += 1
    choice = random % choice
    chosen = cpu.queue.head[level]
    while choice:
        chosen = chosen.next
        choice -= 1
    spin_lock(&queue_lock)
    dequeue(&cpu.queue, chosen)
    enqueue(&cpu.queue, chosen, True)
    current.state = THREAD_READY
    enqueue(&cpu.queue, current, False)
    spin_unlock(&queue_lock)
    scheduler_switch()


cdef public void scheduler_idle() noexcept nogil:
    cdef Cpu* cpu = this_cpu()
    cdef u64 deadline, now
    while True:
        events_work()
        cpu_pending_take(PENDING_RESCHEDULE)
        if cpu.queue.ready:
            cpu.idle.state = THREAD_READY
            scheduler_switch()
            continue
        deadline = timer_next()
        now = platform_clock()
        if deadline and deadline <= now:
            timers_run(now)
            continue
        events_poll_devices()
        if cpu.queue.ready or cpu.pending & ~<u32>PENDING_STRESS:
            continue
        if deadline == 0 and timer_next() == 0 and expected <= 0:
            panic(b"deadlock: every thread is blocked and nothing can wake one")
        platform_wait(timer_next())


cdef public void threads_set_switch_hook(void (*hook)(Thread* previous, Thread* next) noexcept nogil) noexcept nogil:
    global switch_hook
    switch_hook = hook


cdef public void threads_expect_event(int change) noexcept nogil:
    global expected
    events_mask()
    expected += change
    events_unmask()
