# Java threads, monitors and safepoints on the real kernel scheduler, hosted in this process: a platform
# of memory and a virtual clock, no events, no Java code.  Each thread runs a script of operations; what
# happens is logged as (thread, operation's index, outcome, virtual milliseconds).
from libc.string cimport memset as jt_memset
from kernel.types cimport u64 as _jt64
from kernel.boot.bootinfo cimport BootInfo as JtBootInfo, EventFrame as JtFrame, HOME_PROCESS as JT_HOME, PlatformCalls as JtCalls
from kernel.memory.pages cimport pages_init as jt_pages_init
from kernel.platform.platform cimport platform_init as jt_platform_init
from kernel.threads.cpu cimport cpu_init as jt_cpu_init, events_unmask as jt_unmask, thread_current as jt_current
from kernel.threads.thread cimport (Thread as JtThread, threads_init as jt_threads_init, thread_create as jt_create,
    thread_start as jt_start, thread_join as jt_join, thread_yield as jt_yield)
from kernel.time.clock cimport clock_init as jt_clock_init, clock_monotonic as jt_clock
from jvm.heap.object cimport Object as JtObject
from jvm.loader.classes cimport JavaThread
from jvm.runtime.monitor cimport (monitor_enter, monitor_enter_fast, monitor_exit, monitor_exit_fast, monitor_interrupt,
    monitor_notify, monitor_owned, monitor_owner, monitor_wait, monitors_in_use, monitors_sweep)
from jvm.runtime.thread cimport safepoint_block, safepoint_requested, thread_enter_safe, thread_leave_safe
from jvm.runtime.threads cimport (java_thread_attach_main, java_thread_detach, java_thread_finish, java_thread_park,
    java_thread_sleep, java_thread_unpark, java_threads_count, java_threads_join_user, java_threads_resume_others,
    java_threads_stop_others)

cdef extern from "<sys/mman.h>" nogil:
    void* jt_mmap "mmap"(void* address, size_t length, int protection, int flags, int fd, long offset)

cdef extern from *:
    """
    #include <unistd.h>
    #include <sys/syscall.h>
    static void jt_set_gs(void *base) { syscall(SYS_arch_prctl, 0x1001, base); }
    """
    void jt_set_gs(void* base) noexcept nogil

cdef enum:
    JT_THREADS = 64
    JT_STEPS = 4096
    JT_OBJECTS = 256
    JT_LOG = 200000
    JT_BYTES = 64 << 20

cdef enum JtOperation:
    JT_END = 0
    JT_ENTER = 1
    JT_EXIT = 2
    JT_WAIT = 3
    JT_NOTIFY = 4
    JT_NOTIFY_ALL = 5
    JT_YIELD = 6
    JT_SLEEP = 7
    JT_PARK = 8
    JT_UNPARK = 9
    JT_STOP = 10                         # stop the others, look, yield, let them go on
    JT_POLL = 11
    JT_SAFE = 12                         # yield in STATE_SAFE
    JT_ADD = 13                          # counter[object] += 1, yielding between load and store
    JT_OWNED = 14
    JT_WORK = 15                         # poll and yield until counter[object] reaches `argument`

cdef struct JtStep:
    unsigned int operation
    unsigned int object
    long argument

cdef struct JtEvent:
    int thread
    int step
    long outcome
    long time

cdef _jt64 jt_base = (<_jt64>1 << 44) + (<_jt64>1 << 32)
cdef bint jt_mapped = False
cdef JtCalls jt_calls
cdef JtBootInfo jt_info
cdef _jt64 jt_now
cdef JtStep jt_steps[JT_THREADS][JT_STEPS]
cdef JavaThread* jt_threads[JT_THREADS]
cdef JtObject* jt_objects                # 16 bytes apart
cdef long jt_counters[JT_OBJECTS]
cdef JtEvent jt_log[JT_LOG]
cdef int jt_logged
cdef long jt_running                     # threads in their script's Java part, as the scripts see it
cdef int jt_broken                       # a stopped thread moved

cdef _jt64 jt_platform_clock(void* context) noexcept nogil:
    global jt_now
    jt_now += 100                        # looking takes time
    return jt_now

cdef void jt_print(void* context, const char* text, _jt64 length) noexcept nogil:
    with gil:
        print((<const char*>text)[:length].decode(errors="replace"), end="")

cdef void jt_wait(void* context, _jt64 deadline) noexcept nogil:
    global jt_now
    if deadline > jt_now:
        jt_now = deadline

cdef void jt_timer(void* context, _jt64 deadline) noexcept nogil:
    pass

cdef int jt_protect(void* context, _jt64 address, _jt64 size, int access) noexcept nogil:
    return 0

cdef void jt_release(void* context, _jt64 address, _jt64 size) noexcept nogil:
    pass

cdef void jt_cpu_base(void* context, void* base) noexcept nogil:
    jt_set_gs(base)

cdef void jt_note(int thread, int step, long outcome) noexcept nogil:
    global jt_logged
    if jt_logged < JT_LOG:
        jt_log[jt_logged].thread = thread
        jt_log[jt_logged].step = step
        jt_log[jt_logged].outcome = outcome
        jt_log[jt_logged].time = <long>(jt_now // 1000000)
        jt_logged += 1

cdef inline JtObject* jt_object(unsigned int index) noexcept nogil:
    return <JtObject*>(<char*>jt_objects + 16 * <long>index)

cdef long jt_stop(JavaThread* t) noexcept nogil:
    # While the others are stopped nothing they do may move: each ADD counts in jt_running.
    global jt_broken
    cdef long before
    cdef int i
    java_threads_stop_others()
    before = jt_running
    for i in range(5):
        jt_yield()
        if jt_running != before:
            jt_broken += 1
    java_threads_resume_others()
    return 0

cdef long jt_do(JavaThread* t, JtStep* step) noexcept nogil:
    global jt_running
    cdef JtObject* o = jt_object(step.object)
    cdef long value
    if step.operation == JT_ENTER:
        return monitor_enter_fast(t, o)
    if step.operation == JT_EXIT:
        return monitor_exit_fast(t, o)
    if step.operation == JT_WAIT:
        return monitor_wait(t, o, step.argument)
    if step.operation == JT_NOTIFY:
        return monitor_notify(t, o, 0)
    if step.operation == JT_NOTIFY_ALL:
        return monitor_notify(t, o, 1)
    if step.operation == JT_YIELD:
        jt_yield()
        safepoint_block(t)
        return 0
    if step.operation == JT_SLEEP:
        return java_thread_sleep(t, step.argument * 1000000)
    if step.operation == JT_PARK:
        java_thread_park(t, 0, step.argument * 1000000)
        return 0
    if step.operation == JT_UNPARK:
        if jt_threads[step.object] != NULL:
            java_thread_unpark(jt_threads[step.object])
        return 0
    if step.operation == JT_STOP:
        return jt_stop(t)
    if step.operation == JT_POLL:
        safepoint_block(t)
        return 0
    if step.operation == JT_SAFE:
        thread_enter_safe(t)
        jt_yield()
        thread_leave_safe(t)
        return 0
    if step.operation == JT_ADD:
        safepoint_block(t)
        value = jt_counters[step.object]
        jt_running += 1
        jt_yield()
        jt_counters[step.object] = value + 1
        safepoint_block(t)
        return value + 1
    if step.operation == JT_OWNED:
        return monitor_owned(t, o)
    if step.operation == JT_WORK:
        while jt_counters[step.object] < step.argument:
            jt_running += 1
            jt_yield()
            safepoint_block(t)
        return jt_counters[step.object]
    return -99

cdef void jt_run(void* argument) noexcept nogil:
    cdef int index = <int><long>argument
    cdef int step = 0
    cdef JavaThread* t = java_thread_attach_main(65536)
    jt_threads[index] = t
    while jt_steps[index][step].operation != JT_END:
        jt_note(index, step, jt_do(t, &jt_steps[index][step]))
        step += 1
    jt_threads[index] = NULL
    java_thread_finish(t)
    java_thread_detach(t)

# Once in a process: the kernel's and the JVM's tables keep pointers into its memory.
cdef int jt_start_kernel() except -1:
    global jt_mapped, jt_objects
    if jt_mapped:
        return 0
    # PROT_READ | PROT_WRITE; MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE
    if jt_mmap(<void*>jt_base, JT_BYTES, 3, 0x2 | 0x20 | 0x4000 | 0x100000, -1, 0) != <void*>jt_base:
        raise MemoryError("the hosted guest's address range is taken")
    jt_mapped = True
    jt_calls.clock = jt_platform_clock
    jt_calls.wall = jt_platform_clock
    jt_calls.print = jt_print
    jt_calls.wait = jt_wait
    jt_calls.timer = jt_timer
    jt_calls.protect = jt_protect
    jt_calls.release = jt_release
    jt_calls.set_cpu_base = jt_cpu_base
    jt_info.home = JT_HOME
    jt_info.calls = &jt_calls
    with nogil:
        jt_platform_init(&jt_info)
        jt_cpu_init()
        jt_objects = <JtObject*>jt_base
        jt_pages_init(jt_base + 65536, jt_base + JT_BYTES, 1)
        jt_threads_init()
        jt_clock_init()
        jt_unmask()
    return 0

def java_threads_run(scripts):
    """Run each script (a list of (operation, object, argument)) on a thread of its own, to their ends.

    Returns (log, counters of the first 16 objects, lock words of them, moves seen during stops).
    """
    global jt_now, jt_logged, jt_running, jt_broken
    cdef JtThread* made[JT_THREADS]
    cdef int count = len(scripts)
    cdef int i
    assert count <= JT_THREADS
    jt_start_kernel()
    jt_now = 1000000000
    jt_logged = 0
    jt_running = 0
    jt_broken = 0
    jt_memset(&jt_counters[0], 0, sizeof(jt_counters))
    jt_memset(&jt_threads[0], 0, sizeof(jt_threads))
    jt_memset(&jt_steps[0], 0, sizeof(jt_steps))
    for i, script in enumerate(scripts):
        assert len(script) < JT_STEPS
        for k, (operation, object, argument) in enumerate(script):
            jt_steps[i][k].operation = operation
            jt_steps[i][k].object = object
            jt_steps[i][k].argument = argument
    with nogil:
        jt_memset(jt_objects, 0, 65536)
        for i in range(count):
            made[i] = jt_create(b"script", jt_run, <void*><long>i, 0, 16)
            jt_start(made[i])
        for i in range(count):
            jt_join(made[i], NULL, 0)
        monitors_sweep()
    log = [(jt_log[i].thread, jt_log[i].step, jt_log[i].outcome, jt_log[i].time) for i in range(jt_logged)]
    return log, [jt_counters[i] for i in range(16)], [jt_object(i).lock for i in range(16)], jt_broken

def java_monitors_in_use():
    return monitors_in_use()

def java_threads_left():
    return java_threads_count(1)
