# Threads: see thread.pxd.
from kernel.types cimport u8, u32, u64
from kernel.memory.string cimport memset, memcpy
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.pages cimport PAGE_SIZE
from kernel.platform.platform cimport platform_clock
from kernel.threads.cpu cimport *
from kernel.threads.scheduler cimport *
from kernel.threads.stacks cimport stack_area_give, stack_area_take, stacks_init
from kernel.threads.timer cimport Timer, timer_start, timer_stop, timers_init
from kernel.diagnostics.panic cimport panic, panic_print, kassert
from kernel.files.errno cimport EDEADLK, EINTR, EINVAL, ETIMEDOUT

cdef enum:
    MXCSR_DEFAULT = 0x1F80               # all SSE exceptions masked, round to nearest
    X87_DEFAULT = 0x037F                 # the same for x87, extended precision
    SWITCH_WORDS = 8                     # what thread_switch keeps: control words, 6 registers, return address
    BOOT_STACK = 65536                   # assumed of the code that calls threads_init, for reports

cdef Thread boot_thread
cdef Thread* all_threads
cdef u64 last_id
cdef u64 threads_alive                   # not yet freed, without the idle thread

cdef extern from *:
    u64 frame_address "(uint64_t)__builtin_frame_address"(int level) noexcept nogil


cdef void set_name(Thread* thread, const char* name) noexcept nogil:
    cdef u32 i = 0
    while name != NULL and name[i] and i < THREAD_NAME_MAX - 1:
        thread.name[i] = name[i]
        i += 1
    thread.name[i] = 0


cdef void link_all(Thread* thread) noexcept nogil:
    global all_threads, last_id, threads_alive
    last_id += 1
    thread.id = last_id
    thread.all_previous = NULL
    thread.all_next = all_threads
    if all_threads != NULL:
        all_threads.all_previous = thread
    all_threads = thread
    threads_alive += 1


cdef void unlink_all(Thread* thread) noexcept nogil:
    global all_threads, threads_alive
    if thread.all_previous != NULL:
        thread.all_previous.all_next = thread.all_next
    else:
        all_threads = thread.all_next
    if thread.all_next != NULL:
        thread.all_next.all_previous = thread.all_previous
    threads_alive -= 1


# --- life -----------------------------------------------------------------------------------------

# First C code of a thread; thread_switch has just returned into the trampoline.
cdef public void thread_first() noexcept nogil:
    cdef Thread* self
    scheduler_arrived()
    this_cpu().mask_depth = 1
    self = thread_current()
    if self == this_cpu().idle:
        scheduler_idle()
    events_unmask()
    self.entry(self.argument)
    thread_exit(0)


cdef Thread* make(const char* name, void (*entry)(void* argument) noexcept nogil, void* argument,
                  u64 stack_size, u64 upper_size, int priority) noexcept nogil:
    cdef Thread* thread = <Thread*>kcalloc(1, sizeof(Thread))
    cdef u64* sp
    if thread == NULL:
        return NULL
    if stack_size == 0:
        stack_size = THREAD_STACK_DEFAULT
    stack_size = max(stack_size, <u64>THREAD_STACK_MIN)
    stack_size = (stack_size + PAGE_SIZE - 1) & ~<u64>(PAGE_SIZE - 1)
    upper_size = (upper_size + PAGE_SIZE - 1) & ~<u64>(PAGE_SIZE - 1)
    if not stack_area_take(&thread.area, stack_size, upper_size):
        kfree(thread)
        return NULL
    thread.stack_low = thread.area.low
    thread.stack_high = thread.area.middle
    set_name(thread, name)
    thread.entry = entry
    thread.argument = argument
    thread.priority = <u32>max(<int>PRIORITY_IDLE, min(priority, <int>PRIORITY_HIGHEST))
    sp = <u64*>thread.stack_high - 2     # the trampoline starts 16-byte aligned
    sp -= SWITCH_WORDS
    memset(sp, 0, SWITCH_WORDS * 8)
    sp[0] = MXCSR_DEFAULT | <u64>X87_DEFAULT << 32
    sp[SWITCH_WORDS - 1] = <u64>&thread_trampoline
    thread.saved_sp = <u64>sp
    return thread


cdef public void threads_init() noexcept nogil:
    global all_threads, last_id, threads_alive
    cdef Cpu* cpu = this_cpu()
    timers_init()
    scheduler_init()
    stacks_init(0, 0)
    all_threads = NULL
    last_id = 0
    threads_alive = 0
    memset(&boot_thread, 0, sizeof(Thread))
    set_name(&boot_thread, b"boot")
    boot_thread.state = THREAD_RUNNING
    boot_thread.priority = PRIORITY_NORMAL
    boot_thread.stack_high = (frame_address(0) + PAGE_SIZE - 1) & ~<u64>(PAGE_SIZE - 1)
    boot_thread.stack_low = boot_thread.stack_high - BOOT_STACK
    boot_thread.run_start = platform_clock()
    link_all(&boot_thread)
    cpu.current = &boot_thread
    cpu.idle = make(b"idle", NULL, NULL, THREAD_STACK_MIN * 2, 0, PRIORITY_IDLE)
    if cpu.idle == NULL:
        panic(b"no memory for the idle thread")
    cpu.idle.state = THREAD_READY


cdef public Thread* thread_create(const char* name, void (*entry)(void* argument) noexcept nogil, void* argument,
                                  u64 stack_size, int priority) noexcept nogil:
    return thread_create_upper(name, entry, argument, stack_size, 0, priority)


cdef public Thread* thread_create_upper(const char* name, void (*entry)(void* argument) noexcept nogil, void* argument,
                                        u64 stack_size, u64 upper_size, int priority) noexcept nogil:
    cdef Thread* thread = make(name, entry, argument, stack_size, upper_size, max(priority, <int>PRIORITY_LOWEST))
    if thread != NULL:
        events_mask()
        link_all(thread)
        events_unmask()
    return thread


cdef public void thread_start(Thread* thread) noexcept nogil:
    events_mask()
    if thread.state == THREAD_NEW:
        scheduler_ready(thread)
    events_unmask()


cdef void stack_free(Thread* thread) noexcept nogil:
    stack_area_give(&thread.area)
    thread.stack_low = 0
    thread.stack_high = 0


cdef void dispose(Thread* thread) noexcept nogil:
    unlink_all(thread)
    if thread != &boot_thread:
        kfree(thread)


# On another thread's stack, right after the switch away from the dead one.
cdef public void thread_reap(Thread* thread) noexcept nogil:
    stack_free(thread)
    if thread.detached:
        dispose(thread)


cdef public void thread_exit(u64 value) noexcept nogil:
    cdef Thread* self = thread_current()
    events_mask()
    self.exit_value = value
    self.state = THREAD_DEAD
    waitqueue_wake_all(&self.joiners, 0)
    this_cpu().dead = self
    scheduler_switch()
    panic(b"a dead thread runs")


cdef public int thread_join(Thread* thread, u64* value, u64 deadline) noexcept nogil:
    cdef int result = 0
    events_mask()
    if thread == thread_current():
        result = -EDEADLK
    elif thread.detached or thread.joining:
        result = -EINVAL
    else:
        if thread.state != THREAD_DEAD:
            thread.joining = 1
            result = thread_block(&thread.joiners, deadline, b"join", thread)
            thread.joining = 0
        if result == 0:
            if value != NULL:
                value[0] = thread.exit_value
            dispose(thread)
    events_unmask()
    return result


cdef public void thread_detach(Thread* thread) noexcept nogil:
    events_mask()
    thread.detached = 1
    if thread.state == THREAD_DEAD:
        dispose(thread)
    events_unmask()


cdef public void thread_discard(Thread* thread) noexcept nogil:
    events_mask()
    if thread.state != THREAD_NEW:
        panic(b"thread_discard: the thread was started")
    stack_free(thread)
    dispose(thread)
    events_unmask()


cdef public void thread_yield() noexcept nogil:
    cdef Thread* self = thread_current()
    events_mask()
    scheduler_yield(self)
    events_unmask()


cdef public void thread_sleep(u64 deadline) noexcept nogil:
    if deadline == 0:                    # long past; thread_block would take it for "never"
        deadline = 1
    events_mask()
    thread_block(NULL, deadline, b"sleep", NULL)
    events_unmask()


cdef public void thread_set_priority(Thread* thread, int priority) noexcept nogil:
    cdef u32 level = <u32>max(<int>PRIORITY_LOWEST, min(priority, <int>PRIORITY_HIGHEST))
    cdef WaitQueue* queue
    events_mask()
    if thread.state == THREAD_READY:
        scheduler_requeue(thread, level)
    elif thread.state == THREAD_BLOCKED and thread.waiting != NULL:
        queue = thread.waiting
        waitqueue_remove(queue, thread)
        thread.priority = level
        waitqueue_insert(queue, thread)
    else:
        thread.priority = level
        if thread == thread_current():
            cpu_pending_set(PENDING_RESCHEDULE)
    events_unmask()


cdef public void thread_set_name(Thread* thread, const char* name) noexcept nogil:
    events_mask()
    set_name(thread, name)
    events_unmask()


cdef public u64 thread_cpu_time(Thread* thread) noexcept nogil:
    cdef u64 time
    events_mask()
    time = thread.run_time
    if thread.state == THREAD_RUNNING:
        time += platform_clock() - thread.run_start
    events_unmask()
    return time


cdef public u64 thread_count() noexcept nogil:
    return threads_alive


cdef public void thread_for_each(void (*visit)(Thread* thread, void* argument) noexcept nogil, void* argument) noexcept nogil:
    cdef Thread* thread
    cdef Thread* next
    events_mask()
    thread = all_threads
    while thread != NULL:
        next = thread.all_next
        visit(thread, argument)
        thread = next
    events_unmask()


cdef public bint thread_exists(Thread* thread) noexcept nogil:
    cdef Thread* other
    events_mask()
    other = all_threads
    while other != NULL and other != thread:
        other = other.all_next
    events_unmask()
    return other != NULL


# --- blocking -------------------------------------------------------------------------------------

# Behind all of at least its own priority.
cdef public void waitqueue_insert(WaitQueue* queue, Thread* thread) noexcept nogil:
    cdef Thread* before = queue.tail
    while before != NULL and before.priority < thread.priority:
        before = before.previous
    thread.previous = before
    if before != NULL:
        thread.next = before.next
        before.next = thread
    else:
        thread.next = queue.head
        queue.head = thread
    if thread.next != NULL:
        thread.next.previous = thread
    else:
        queue.tail = thread
    thread.waiting = queue


cdef public void waitqueue_remove(WaitQueue* queue, Thread* thread) noexcept nogil:
    if thread.previous != NULL:
        thread.previous.next = thread.next
    else:
        queue.head = thread.next
    if thread.next != NULL:
        thread.next.previous = thread.previous
    else:
        queue.tail = thread.previous
    thread.next = NULL
    thread.previous = NULL
    thread.waiting = NULL


cdef void timed_out(Timer* timer) noexcept nogil:
    thread_wake(<Thread*>timer.argument, -ETIMEDOUT)


cdef public int thread_block(WaitQueue* queue, u64 deadline, const char* reason, void* wait_object) noexcept nogil:
    cdef Thread* self = thread_current()
    if self == this_cpu().idle:
        panic(b"the idle thread must not block")
    self.state = THREAD_BLOCKED
    self.wait_reason = reason
    self.wait_object = wait_object
    self.wait_result = 0
    if queue != NULL:
        waitqueue_insert(queue, self)
    if deadline:
        timer_start(&self.timer, deadline, timed_out, self)
    scheduler_switch()
    self.wait_reason = NULL
    self.wait_object = NULL
    return self.wait_result


cdef public int thread_block_interruptible(WaitQueue* queue, u64 deadline, const char* reason, void* wait_object) noexcept nogil:
    cdef Thread* self = thread_current()
    cdef int result
    if self.attention:
        return -EINTR
    self.interruptible = 1
    result = thread_block(queue, deadline, reason, wait_object)
    self.interruptible = 0
    return result


cdef public void thread_interrupt(Thread* thread) noexcept nogil:
    events_mask()
    if thread.state == THREAD_BLOCKED and thread.interruptible:
        thread_wake(thread, -EINTR)
    events_unmask()


cdef public void thread_wake(Thread* thread, int result) noexcept nogil:
    events_mask()
    if thread.state == THREAD_BLOCKED:
        if thread.waiting != NULL:
            waitqueue_remove(thread.waiting, thread)
        timer_stop(&thread.timer)
        thread.wait_result = result
        scheduler_ready(thread)
    events_unmask()


cdef public bint waitqueue_wake_one(WaitQueue* queue, int result) noexcept nogil:
    cdef Thread* first = queue.head
    if first == NULL:
        return False
    thread_wake(first, result)
    return True


cdef public u32 waitqueue_wake_all(WaitQueue* queue, int result) noexcept nogil:
    cdef u32 count = 0
    while waitqueue_wake_one(queue, result):
        count += 1
    return count
