# Clocks, sleeping and timers of programs.
#
# CLOCK_REALTIME follows the host's; all others count from the guest's start, or the CPU time of a thread or of the program.
from kernel.types cimport i32, i64, u32, u64
from kernel.files.anonymous cimport anonymous_node, anonymous_open
from kernel.files.errno cimport EAGAIN, EINTR, EINVAL, ENOMEM, ECANCELED
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.pages cimport PageStatistics, pages_statistics
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current
from kernel.threads.thread cimport WaitQueue, thread_block_interruptible, thread_cpu_time, thread_yield, waitqueue_wake_all
from kernel.threads.timer cimport Timer, timer_start, timer_stop
from kernel.time.clock cimport clock_monotonic, clock_since_boot, clock_wall
from cabi.process.process cimport process_thread
from cabi.process.program cimport *
from cabi.process.signals cimport SI_TIMER, SIGNAL_ALARM, signal_send, signal_send_thread

cdef enum:
    EFAULT = 14
    SECOND = 1000000000
    CLOCK_REALTIME = 0
    CLOCK_MONOTONIC = 1
    CLOCK_PROCESS = 2
    CLOCK_THREAD = 3
    CLOCK_COARSE_MONOTONIC = 6
    CLOCK_BOOT = 7
    CLOCK_TAI = 11
    TIMER_ABSTIME = 1
    TFD_CANCEL = 2
    SIGEV_SIGNAL = 0
    SIGEV_NONE = 1
    SIGEV_THREAD_ID = 4
    MICROSECOND = 1000
    SECONDS_MAX = 0x200000000


# --- reading --------------------------------------------------------------------------------------------

cdef u64 process_time(Process* process) noexcept nogil:
    cdef ProgramThread* t
    cdef u64 time
    events_mask()
    time = process.ended_time
    t = process.threads
    while t != NULL:
        time += thread_cpu_time(t.thread)
        t = t.next
    events_unmask()
    return time


# -1: no such clock.
cdef i64 clock_now(int clock) noexcept nogil:
    cdef ProgramThread* t
    cdef i64 time
    if clock in (CLOCK_MONOTONIC, 4, CLOCK_COARSE_MONOTONIC, CLOCK_BOOT):
        return <i64>clock_monotonic()
    if clock in (CLOCK_REALTIME, 5, CLOCK_TAI):
        return <i64>clock_wall()
    if clock == CLOCK_PROCESS:
        return <i64>process_time(program_process())
    if clock == CLOCK_THREAD:
        return <i64>thread_cpu_time(thread_current())
    if clock < 0:                        # of a thread or process: clock_getcpuclockid(3)
        if clock & 4 == 0:
            return <i64>process_time(program_process()) if ~(clock >> 3) in (0, <int>program_process().id) else -1
        events_mask()
        t = process_thread(<u32>~(clock >> 3)) if ~(clock >> 3) else program_thread()
        time = <i64>thread_cpu_time(t.thread) if t != NULL else -1
        events_unmask()
        return time
    return -1


cdef public i64 sys_clock_gettime(int clock, i64* into) noexcept nogil:
    cdef i64 now = <i64>clock_monotonic() if clock == CLOCK_MONOTONIC else clock_now(clock)
    if now < 0:
        return -EINVAL
    if not program_may(into, 16):
        return -EFAULT
    into[0] = now // SECOND
    into[1] = now % SECOND
    return 0


cdef public i64 sys_clock_getres(int clock, i64* into) noexcept nogil:
    if clock_now(clock) < 0:
        return -EINVAL
    if into != NULL:
        if not program_may(into, 16):
            return -EFAULT
        into[0] = 0
        into[1] = 1
    return 0


cdef public i64 sys_gettimeofday(i64* time, i64* zone) noexcept nogil:
    cdef u64 now = clock_wall()
    if time != NULL:
        if not program_may(time, 16):
            return -EFAULT
        time[0] = <i64>(now // SECOND)
        time[1] = <i64>(now % SECOND // MICROSECOND)
    if zone != NULL:
        if not program_may(zone, 8):
            return -EFAULT
        zone[0] = 0
    return 0


cdef public i64 sys_time(i64* into) noexcept nogil:
    cdef i64 now = <i64>(clock_wall() // SECOND)
    if into != NULL:
        if not program_may(into, 8):
            return -EFAULT
        into[0] = now
    return now


# All of the program's time is its own: there is no mode to switch to.
cdef public i64 sys_times(i64* into) noexcept nogil:
    if into != NULL:
        if not program_may(into, 32):
            return -EFAULT
        memset(into, 0, 32)
        into[0] = <i64>(process_time(program_process()) // (SECOND // 100))
    return <i64>(clock_monotonic() // (SECOND // 100))


cdef public i64 sys_getrusage(int who, i64* into) noexcept nogil:
    cdef u64 time
    cdef PageStatistics memory
    if who not in (0, 1, -1):
        return -EINVAL
    if not program_may(into, 144):
        return -EFAULT
    memset(into, 0, 144)
    if who != -1:
        time = process_time(program_process()) if who == 0 else thread_cpu_time(thread_current())
        into[0] = <i64>(time // SECOND)
        into[1] = <i64>(time % SECOND // MICROSECOND)
    pages_statistics(&memory)
    into[4] = <i64>(memory.peak >> 10)   # ru_maxrss, KiB: of the guest
    return 0


# --- sleeping -------------------------------------------------------------------------------------------

cdef bint is_time(const i64* time) noexcept nogil:
    return time[0] >= 0 and 0 <= time[1] < SECOND


cdef u64 nanoseconds(const i64* time) noexcept nogil:
    return min(<u64>time[0], <u64>SECONDS_MAX) * SECOND + <u64>time[1]


# A moment of `clock` as one of the monotonic clock.
cdef u64 moment(int clock, const i64* time) noexcept nogil:
    cdef u64 at = nanoseconds(time), now
    if clock in (CLOCK_REALTIME, CLOCK_TAI):
        now = clock_wall()
        at = clock_monotonic() + at - now if at > now else 1
    return max(at, <u64>1)


cdef i64 sleep_until(u64 deadline, i64* remaining) noexcept nogil:
    cdef u64 now
    cdef int result
    events_mask()
    result = thread_block_interruptible(NULL, deadline, b"sleep", NULL)
    events_unmask()
    if result != -EINTR:
        return 0
    if remaining != NULL:
        if not program_may(remaining, 16):
            return -EFAULT
        now = clock_monotonic()
        now = deadline - now if deadline > now else 0
        remaining[0] = <i64>(now // SECOND)
        remaining[1] = <i64>(now % SECOND)
    return -EINTR


cdef public i64 sys_clock_nanosleep(int clock, int flags, const i64* request, i64* remaining) noexcept nogil:
    if clock_now(clock) < 0 or clock == CLOCK_THREAD:
        return -EINVAL
    if not program_may(request, 16):
        return -EFAULT
    if not is_time(request):
        return -EINVAL
    if flags & TIMER_ABSTIME:
        return sleep_until(moment(clock, request), NULL)
    if request[0] == 0 and request[1] == 0:
        return 0
    return sleep_until(clock_monotonic() + nanoseconds(request), remaining)


cdef public i64 sys_nanosleep(const i64* request, i64* remaining) noexcept nogil:
    return sys_clock_nanosleep(CLOCK_MONOTONIC, 0, request, remaining)


cdef public i64 sys_sched_yield() noexcept nogil:
    thread_yield()
    return 0


# --- the alarm ------------------------------------------------------------------------------------------

cdef void ring(Timer* timer) noexcept nogil:
    cdef Process* process = <Process*>timer.argument
    signal_send(process, SIGNAL_ALARM, NULL)
    if process.alarm_interval:
        timer_start(timer, timer.deadline + process.alarm_interval, ring, process)


cdef u64 time_left(Timer* timer) noexcept nogil:
    cdef u64 now = clock_monotonic()
    return (timer.deadline - now if timer.deadline > now else 1) if timer.queued else 0


cdef u64 set_alarm(u64 first, u64 interval) noexcept nogil:
    cdef Process* process = program_process()
    cdef u64 left
    events_mask()
    left = time_left(&process.alarm)
    timer_stop(&process.alarm)
    process.alarm_interval = interval
    if first:
        timer_start(&process.alarm, clock_monotonic() + first, ring, process)
    events_unmask()
    return left


cdef public i64 sys_alarm(u32 seconds) noexcept nogil:
    return <i64>((set_alarm(<u64>seconds * SECOND, 0) + SECOND // 2) // SECOND)


cdef void give_microseconds(i64* into, u64 time) noexcept nogil:
    into[0] = <i64>(time // SECOND)
    into[1] = <i64>(time % SECOND // MICROSECOND)


cdef public i64 sys_getitimer(int which, i64* into) noexcept nogil:
    cdef Process* process = program_process()
    if which < 0 or which > 2:
        return -EINVAL
    if not program_may(into, 32):
        return -EFAULT
    memset(into, 0, 32)
    if which == 0:
        give_microseconds(into, process.alarm_interval)
        give_microseconds(into + 2, time_left(&process.alarm))
    return 0


cdef public i64 sys_setitimer(int which, const i64* value, i64* old) noexcept nogil:
    cdef u64 interval, left, first
    cdef u64 old_interval = program_process().alarm_interval
    if which != 0:
        return -EINVAL
    if not program_may(value, 32) or (old != NULL and not program_may(old, 32)):
        return -EFAULT
    if value[0] < 0 or value[1] < 0 or value[1] >= 1000000 or value[2] < 0 or value[3] < 0 or value[3] >= 1000000:
        return -EINVAL
    interval = min(<u64>value[0], <u64>SECONDS_MAX) * SECOND + <u64>value[1] * MICROSECOND
    first = min(<u64>value[2], <u64>SECONDS_MAX) * SECOND + <u64>value[3] * MICROSECOND
    left = set_alarm(first, interval)
    if old != NULL:
        give_microseconds(old, old_interval)
        give_microseconds(old + 2, left)
    return 0


# --- timer_create ---------------------------------------------------------------------------------------

cdef void expire(Timer* timer) noexcept nogil:
    cdef ProgramTimer* t = <ProgramTimer*>timer.argument
    cdef ProgramThread* thread
    cdef SignalInfo info
    memset(&info, 0, sizeof(info))
    info.code = SI_TIMER
    info.fields[0] = <u64>(t - t.process.timers)
    info.fields[1] = t.value
    if t.notify == SIGEV_THREAD_ID:
        thread = process_thread(t.thread)
        if thread != NULL:
            signal_send_thread(thread, t.signal, &info)
    elif t.notify == SIGEV_SIGNAL:
        signal_send(t.process, t.signal, &info)
    if t.interval:
        timer_start(timer, timer.deadline + t.interval, expire, t)


cdef public i64 sys_timer_create(int clock, const u64* event, i32* into) noexcept nogil:
    cdef Process* process = program_process()
    cdef ProgramTimer* t
    cdef int i
    if clock_now(clock) < 0:
        return -EINVAL
    if not program_may(into, 4) or (event != NULL and not program_may(event, 64)):
        return -EFAULT
    for i in range(PROGRAM_TIMERS):
        t = &process.timers[i]
        if not t.used:
            memset(t, 0, sizeof(ProgramTimer))
            t.process = process
            t.clock = <u32>clock
            t.signal = SIGNAL_ALARM
            t.value = <u64>i
            if event != NULL:            # struct sigevent
                t.value = event[0]
                t.signal = <i32>event[1]
                t.notify = <u32>(event[1] >> 32)
                t.thread = <u32>event[2]
                if t.notify not in (SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD_ID) \
                        or (t.notify != SIGEV_NONE and (t.signal < 1 or t.signal >= SIGNALS)):
                    return -EINVAL
            t.used = True
            into[0] = i
            return 0
    return -EAGAIN


cdef ProgramTimer* timer_of(int id) noexcept nogil:
    cdef Process* process = program_process()
    return &process.timers[id] if 0 <= id < PROGRAM_TIMERS and process.timers[id].used else NULL


cdef void give_setting(i64* into, u64 interval, u64 left) noexcept nogil:
    into[0] = <i64>(interval // SECOND)
    into[1] = <i64>(interval % SECOND)
    into[2] = <i64>(left // SECOND)
    into[3] = <i64>(left % SECOND)


cdef public i64 sys_timer_gettime(int id, i64* into) noexcept nogil:
    cdef ProgramTimer* t = timer_of(id)
    if t == NULL:
        return -EINVAL
    if not program_may(into, 32):
        return -EFAULT
    give_setting(into, t.interval, time_left(&t.timer))
    return 0


cdef public i64 sys_timer_settime(int id, int flags, const i64* value, i64* old) noexcept nogil:
    cdef ProgramTimer* t = timer_of(id)
    cdef u64 at
    if t == NULL:
        return -EINVAL
    if not program_may(value, 32) or (old != NULL and not program_may(old, 32)):
        return -EFAULT
    if not is_time(value) or not is_time(value + 2):
        return -EINVAL
    if old != NULL:
        give_setting(old, t.interval, time_left(&t.timer))
    events_mask()
    timer_stop(&t.timer)
    t.interval = nanoseconds(value)
    if value[2] or value[3]:
        at = moment(<int>t.clock, value + 2) if flags & TIMER_ABSTIME else clock_monotonic() + nanoseconds(value + 2)
        timer_start(&t.timer, at, expire, t)
    events_unmask()
    return 0


cdef public i64 sys_timer_getoverrun(int id) noexcept nogil:
    return 0 if timer_of(id) != NULL else -EINVAL


cdef public i64 sys_timer_delete(int id) noexcept nogil:
    cdef ProgramTimer* t = timer_of(id)
    if t == NULL:
        return -EINVAL
    timer_stop(&t.timer)
    t.used = False
    return 0


# --- timerfd --------------------------------------------------------------------------------------------

cdef struct TimerFile:
    Vnode node
    Timer timer
    u64 interval
    u64 expired                          # since the last read
    u32 clock
    WaitQueue readers

cdef VnodeOperations timer_operations


cdef void tick(Timer* timer) noexcept nogil:
    cdef TimerFile* file = <TimerFile*>timer.argument
    file.expired += 1
    if file.interval:
        timer_start(timer, timer.deadline + file.interval, tick, file)
    waitqueue_wake_all(&file.readers, 0)
    vnode_ready(&file.node, VFS_POLLIN)


cdef i64 timer_read(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef TimerFile* file = <TimerFile*>node
    cdef i64 result = 8
    if size < 8:
        return -EINVAL
    events_mask()
    while file.expired == 0 and result == 8:
        if flags & VFS_O_NONBLOCK:
            result = -EAGAIN
        elif thread_block_interruptible(&file.readers, 0, b"timer", file) == -EINTR:
            result = -EINTR
    if result == 8:
        (<u64*>into)[0] = file.expired
        file.expired = 0
    events_unmask()
    return result


cdef u32 timer_poll(Vnode* node) noexcept nogil:
    return VFS_POLLIN if (<TimerFile*>node).expired else 0


cdef void timer_destroy(Vnode* node) noexcept nogil:
    timer_stop(&(<TimerFile*>node).timer)
    kfree(node)


cdef public i64 sys_timerfd_create(int clock, int flags) noexcept nogil:
    cdef TimerFile* file
    cdef int fd
    if clock not in (CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOT, 8, 9) or flags & ~(VFS_O_CLOEXEC | VFS_O_NONBLOCK):
        return -EINVAL
    file = <TimerFile*>kcalloc(1, sizeof(TimerFile))
    if file == NULL:
        return -ENOMEM
    timer_operations.unlocked = True
    timer_operations.read = timer_read
    timer_operations.poll = timer_poll
    timer_operations.destroy = timer_destroy
    file.clock = CLOCK_REALTIME if clock == 8 else (CLOCK_BOOT if clock == 9 else <u32>clock)
    anonymous_node(&file.node, &timer_operations, 0o600)
    fd = anonymous_open(&file.node, VFS_O_RDWR | (<u32>flags & VFS_O_NONBLOCK))
    if fd >= 0 and flags & VFS_O_CLOEXEC:
        vfs_close_on_exec(fd, True)
    return fd


cdef i64 timer_file(int fd, TimerFile** file) noexcept nogil:
    cdef Vnode* node = vfs_vnode(fd)
    if node == NULL:
        return -9                        # EBADF
    if node.operations != &timer_operations:
        vnode_put(node)
        return -EINVAL
    file[0] = <TimerFile*>node
    return 0


cdef public i64 sys_timerfd_gettime(int fd, i64* into) noexcept nogil:
    cdef TimerFile* file = NULL
    cdef i64 error = timer_file(fd, &file)
    if error != 0:
        return error
    if program_may(into, 32):
        give_setting(into, file.interval, time_left(&file.timer))
    else:
        error = -EFAULT
    vnode_put(&file.node)
    return error


cdef public i64 sys_timerfd_settime(int fd, int flags, const i64* value, i64* old) noexcept nogil:
    cdef TimerFile* file = NULL
    cdef i64 error
    cdef u64 at
    if not program_may(value, 32) or (old != NULL and not program_may(old, 32)):
        return -EFAULT
    if not is_time(value) or not is_time(value + 2) or flags & ~(TIMER_ABSTIME | TFD_CANCEL):
        return -EINVAL
    error = timer_file(fd, &file)
    if error != 0:
        return error
    if old != NULL:
        give_setting(old, file.interval, time_left(&file.timer))
    events_mask()
    timer_stop(&file.timer)
    file.expired = 0
    file.interval = nanoseconds(value)
    if value[2] or value[3]:
        at = moment(<int>file.clock, value + 2) if flags & TIMER_ABSTIME else clock_monotonic() + nanoseconds(value + 2)
        timer_start(&file.timer, at, tick, file)
    events_unmask()
    vnode_put(&file.node)
    return 0
