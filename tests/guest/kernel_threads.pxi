# Scripted threads: each runs a list of (operation, a, b) and logs what it sees, under a virtual clock.
from kernel.threads.thread cimport (Thread, thread_create, thread_start, thread_exit, thread_join, thread_detach,
                                    thread_yield, thread_sleep, thread_set_priority, thread_count)
from kernel.threads.cpu cimport thread_preempt_disable, thread_preempt_enable, thread_current
from kernel.threads.sync cimport (Mutex, Condition, Parker, Semaphore, mutex_lock, mutex_try_lock, mutex_lock_until,
                                  mutex_unlock, condition_wait, condition_signal, condition_broadcast, parker_park,
                                  parker_unpark, semaphore_wait, semaphore_post)
from kernel.threads.timer cimport Timer, timer_start, timer_stop

cdef enum ScriptOperation:
    OP_LOG = 0          # a: value
    OP_YIELD
    OP_SLEEP            # a: until ms
    OP_RUN              # a: ms of computing
    OP_LOCK             # a: mutex, b: deadline ms or 0; logs the result if there is a deadline
    OP_UNLOCK           # a: mutex
    OP_TRY              # a: mutex; logs
    OP_WAIT             # a: condition, b: deadline ms or 0, with mutex 0; logs the result
    OP_SIGNAL
    OP_BROADCAST
    OP_PARK             # a: parker, b: deadline ms or 0; logs the result
    OP_UNPARK
    OP_SEM_WAIT         # a: semaphore, b: deadline; logs the result
    OP_SEM_POST
    OP_PRIORITY         # a: thread, b: priority
    OP_JOIN             # a: thread, b: deadline; logs result, and value if it is 0
    OP_START            # a: thread
    OP_EXIT             # a: value
    OP_PREEMPT_OFF
    OP_PREEMPT_ON
    OP_MASK
    OP_UNMASK
    OP_DETACH           # a: thread

cdef enum:
    SCRIPT_THREADS = 32
    SCRIPT_OPERATIONS = 256
    SCRIPT_LOG = 65536
    SCRIPT_MS = 1000000

cdef struct ScriptStep:
    int operation
    k_i64 a
    k_i64 b

cdef struct Script:
    ScriptStep steps[SCRIPT_OPERATIONS]
    int count
    int number
    int priority
    bint waiting                         # not started at first
    Thread* thread

cdef struct ScriptEvent:
    int thread
    k_i64 value
    k_u64 time

cdef Script scripts[SCRIPT_THREADS]
cdef int script_count
cdef ScriptEvent script_log[SCRIPT_LOG]
cdef int script_logged
cdef Mutex script_mutexes[8]
cdef Condition script_conditions[8]
cdef Parker script_parkers[8]
cdef Semaphore script_semaphores[8]
cdef int script_detached


cdef void script_note(Script* script, k_i64 value) noexcept nogil:
    global script_logged
    if script_logged < SCRIPT_LOG:
        script_log[script_logged].thread = script.number
        script_log[script_logged].value = value
        script_log[script_logged].time = host_clock
        script_logged += 1


# A deadline of a step; 0 stays 0.
cdef inline k_u64 script_time(k_i64 ms) noexcept nogil:
    return <k_u64>ms * SCRIPT_MS if ms else 0


cdef void script_run(void* argument) noexcept nogil:
    cdef Script* script = <Script*>argument
    cdef ScriptStep* step
    cdef int i, result
    cdef k_u64 value
    for i in range(script.count):
        step = &script.steps[i]
        if step.operation == OP_LOG:
            script_note(script, step.a)
        elif step.operation == OP_YIELD:
            thread_yield()
        elif step.operation == OP_SLEEP:
            thread_sleep(script_time(step.a))
        elif step.operation == OP_RUN:
            host_advance(<k_u64>step.a * SCRIPT_MS)
        elif step.operation == OP_LOCK:
            if step.b:
                script_note(script, mutex_lock_until(&script_mutexes[step.a], script_time(step.b)))
            else:
                mutex_lock(&script_mutexes[step.a])
        elif step.operation == OP_UNLOCK:
            mutex_unlock(&script_mutexes[step.a])
        elif step.operation == OP_TRY:
            script_note(script, mutex_try_lock(&script_mutexes[step.a]))
        elif step.operation == OP_WAIT:
            script_note(script, condition_wait(&script_conditions[step.a], &script_mutexes[0], script_time(step.b)))
        elif step.operation == OP_SIGNAL:
            condition_signal(&script_conditions[step.a])
        elif step.operation == OP_BROADCAST:
            condition_broadcast(&script_conditions[step.a])
        elif step.operation == OP_PARK:
            script_note(script, parker_park(&script_parkers[step.a], script_time(step.b)))
        elif step.operation == OP_UNPARK:
            parker_unpark(&script_parkers[step.a])
        elif step.operation == OP_SEM_WAIT:
            script_note(script, semaphore_wait(&script_semaphores[step.a], script_time(step.b)))
        elif step.operation == OP_SEM_POST:
            semaphore_post(&script_semaphores[step.a])
        elif step.operation == OP_PRIORITY:
            thread_set_priority(scripts[step.a].thread, <int>step.b)
        elif step.operation == OP_JOIN:
            value = 0
            result = thread_join(scripts[step.a].thread, &value, script_time(step.b))
            script_note(script, result)
            if result == 0:
                scripts[step.a].thread = NULL
                script_note(script, <k_i64>value)
        elif step.operation == OP_START:
            thread_start(scripts[step.a].thread)
        elif step.operation == OP_EXIT:
            thread_exit(<k_u64>step.a)
        elif step.operation == OP_PREEMPT_OFF:
            thread_preempt_disable()
        elif step.operation == OP_PREEMPT_ON:
            thread_preempt_enable()
        elif step.operation == OP_MASK:
            events_mask()
        elif step.operation == OP_UNMASK:
            events_unmask()
        elif step.operation == OP_DETACH:
            thread_detach(scripts[step.a].thread)
            scripts[step.a].thread = NULL


# Runs as the boot thread: starts all that do not wait to be started, and joins all.
cdef void script_all(void* argument) noexcept nogil:
    cdef int i
    for i in range(script_count):
        scripts[i].thread = thread_create(b"script", script_run, &scripts[i], 0, scripts[i].priority)
    thread_preempt_disable()
    for i in range(script_count):
        if not scripts[i].waiting:
            thread_start(scripts[i].thread)
    thread_preempt_enable()
    for i in range(script_count):
        if scripts[i].thread != NULL:
            thread_join(scripts[i].thread, NULL, 0)


def run_scripts(programs: list[tuple[int, bool, list[tuple[int, int, int]]]]) -> tuple[int, list[tuple[int, int, float]]]:
    """Run (priority, starts at once, steps) of each thread.

    Returns the exit code if the kernel ended (-1: it did not), and the log of (thread, value, ms).
    """
    global script_count, script_logged
    cdef int i, j, code
    kernel_reset()
    bytes_memset(scripts, 0, sizeof(scripts))
    bytes_memset(script_mutexes, 0, sizeof(script_mutexes))
    bytes_memset(script_conditions, 0, sizeof(script_conditions))
    bytes_memset(script_parkers, 0, sizeof(script_parkers))
    bytes_memset(script_semaphores, 0, sizeof(script_semaphores))
    script_count = len(programs)
    script_logged = 0
    for i, (priority, starts, steps) in enumerate(programs):
        scripts[i].priority = priority
        scripts[i].waiting = not starts
        scripts[i].number = i
        scripts[i].count = len(steps)
        for j, (operation, a, b) in enumerate(steps):
            scripts[i].steps[j].operation = operation
            scripts[i].steps[j].a = a
            scripts[i].steps[j].b = b
    code = host_guarded(script_all, NULL)
    events = [(script_log[i].thread, script_log[i].value, script_log[i].time / SCRIPT_MS) for i in range(script_logged)]
    return code, events


def threads_alive() -> int:
    return thread_count()


cdef struct TimerProbe:
    Timer timer
    int number

cdef TimerProbe timer_probes[256]
cdef list timer_fired_log

cdef void timer_probe_fired(Timer* timer) noexcept nogil:
    cdef TimerProbe* probe = <TimerProbe*>timer.argument
    with gil:
        timer_fired_log.append(probe.number)


def run_timers(commands: list[tuple[str, int, int]]) -> list[list[int]]:
    """Carry out ("start", n, deadline ms), ("stop", n, 0), ("run", 0, now ms); what each run fired."""
    global timer_fired_log
    kernel_reset()
    bytes_memset(timer_probes, 0, sizeof(timer_probes))
    fired = []
    for command, n, time in commands:
        if command == "start":
            timer_probes[n].number = n
            timer_start(&timer_probes[n].timer, time * SCRIPT_MS, timer_probe_fired, &timer_probes[n])
        elif command == "stop":
            timer_stop(&timer_probes[n].timer)
        else:
            timer_fired_log = []
            timers_run_now(time * SCRIPT_MS)
            fired.append(timer_fired_log)
    return fired


cdef extern void timers_run(k_u64 now) noexcept nogil

cdef void timers_run_now(k_u64 now) noexcept nogil:
    events_mask()
    timers_run(now)
    events_unmask()
