# Sending signals, masks and actions: see signals.pxd.
from kernel.types cimport i32, i64, u32, u64
from kernel.files.errno cimport EAGAIN, EINTR, EINVAL, ENOMEM, EPERM
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memcpy, memset
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.thread cimport ATTENTION_SIGNAL, thread_block_interruptible, thread_interrupt
from kernel.time.clock cimport clock_monotonic
from cabi.process.process cimport process_find, process_thread
from cabi.process.program cimport *
from cabi.process.signals cimport *

cdef enum:
    ESRCH = 3
    EFAULT = 14
    SIG_BLOCK = 0
    SIG_UNBLOCK = 1
    SIG_SETMASK = 2
    MINIMUM_STACK = 2048
    SECOND = 1000000000
    REAL_TIME = 32                       # SIGRTMIN as the kernel counts
    QUEUE_MAX = 1024


cdef inline u64 bit(int number) noexcept nogil:
    return <u64>1 << (number - 1)


cdef inline u64 unblockable() noexcept nogil:
    return bit(SIGNAL_KILL) | bit(SIGNAL_STOP)


cdef public const char* signal_name(int number) noexcept nogil:
    if number == 1: return b"SIGHUP"
    if number == 2: return b"SIGINT"
    if number == 3: return b"SIGQUIT"
    if number == 4: return b"SIGILL"
    if number == 5: return b"SIGTRAP"
    if number == 6: return b"SIGABRT"
    if number == 7: return b"SIGBUS"
    if number == 8: return b"SIGFPE"
    if number == 9: return b"SIGKILL"
    if number == 10: return b"SIGUSR1"
    if number == 11: return b"SIGSEGV"
    if number == 12: return b"SIGUSR2"
    if number == 13: return b"SIGPIPE"
    if number == 14: return b"SIGALRM"
    if number == 15: return b"SIGTERM"
    if number == 17: return b"SIGCHLD"
    if number == 24: return b"SIGXCPU"
    if number == 25: return b"SIGXFSZ"
    if number == 31: return b"SIGSYS"
    if number >= 32: return b"SIGRT"
    return b"signal"


# signal(7): what happens by default is nothing.  Stopping is not there: nobody could make it go on.
cdef bint ignored_by_default(int number) noexcept nogil:
    return (number in (SIGNAL_CHILD, SIGNAL_CONTINUE, SIGNAL_URGENT, SIGNAL_WINDOW, SIGNAL_STOP)
            or 20 <= number <= 22)       # SIGTSTP, SIGTTIN, SIGTTOU


cdef public bint signal_ends(int number) noexcept nogil:
    return not ignored_by_default(number)


cdef bint is_ignored(Process* process, int number) noexcept nogil:
    cdef u64 handler = process.actions[number].handler
    return handler == 1 or (handler == 0 and ignored_by_default(number))


# --- pending (masked) -----------------------------------------------------------------------------------

cdef void look(ProgramThread* t) noexcept nogil:
    """Keeps the invariant of attention."""
    if (t.pending.set | t.process.pending.set) & ~t.blocked:
        t.thread.attention |= ATTENTION_SIGNAL
    else:
        t.thread.attention &= ~<u32>ATTENTION_SIGNAL


cdef void look_all(Process* process) noexcept nogil:
    cdef ProgramThread* t = process.threads
    while t != NULL:
        look(t)
        t = t.next


cdef void queue(PendingSignals* pending, int number, const SignalInfo* info) noexcept nogil:
    cdef QueuedSignal** place = &pending.queue
    cdef QueuedSignal* fresh = <QueuedSignal*>kcalloc(1, sizeof(QueuedSignal)) if pending.queued < QUEUE_MAX else NULL
    if fresh == NULL:
        return
    if info != NULL:
        fresh.info = info[0]
    fresh.info.number = number
    while place[0] != NULL:
        place = &place[0].next
    place[0] = fresh
    pending.queued += 1


# The next of a signal that was taken out becomes its first.
cdef void advance(PendingSignals* pending, int number) noexcept nogil:
    cdef QueuedSignal** place = &pending.queue
    cdef QueuedSignal* found
    while place[0] != NULL and place[0].info.number != number:
        place = &place[0].next
    found = place[0]
    if found != NULL:
        place[0] = found.next
        pending.queued -= 1
        pending.set |= bit(number)
        pending.infos[number] = found.info
        kfree(found)


cdef public void signals_forget(PendingSignals* pending) noexcept nogil:
    cdef QueuedSignal* next
    events_mask()
    pending.set = 0
    while pending.queue != NULL:
        next = pending.queue.next
        kfree(pending.queue)
        pending.queue = next
    pending.queued = 0
    events_unmask()


cdef void post(PendingSignals* pending, int number, const SignalInfo* info) noexcept nogil:
    if pending.set & bit(number):        # one of each, but for real-time signals
        if number >= REAL_TIME:
            queue(pending, number, info)
        return
    pending.set |= bit(number)
    if info != NULL:
        pending.infos[number] = info[0]
    else:
        memset(&pending.infos[number], 0, sizeof(SignalInfo))
    pending.infos[number].number = number


cdef void wake(ProgramThread* t) noexcept nogil:
    look(t)
    thread_interrupt(t.thread)


cdef public void signal_send_thread(ProgramThread* t, int number, const SignalInfo* info) noexcept nogil:
    events_mask()
    if number == SIGNAL_KILL:
        signal_send(t.process, number, info)
    elif not is_ignored(t.process, number) or (t.blocked | t.waited) & bit(number):
        post(&t.pending, number, info)
        if t.waited & bit(number) or not t.blocked & bit(number):
            wake(t)
    events_unmask()


cdef public void signal_send(Process* process, int number, const SignalInfo* info) noexcept nogil:
    cdef ProgramThread* t
    events_mask()
    t = process.threads
    if t != NULL and not process.ending and (not is_ignored(process, number) or (t.blocked | t.waited) & bit(number)):
        post(&process.pending, number, info)
        look_all(process)
        # One thread is enough: one that waits for it, or the first that lets it through.
        while t != NULL and not t.waited & bit(number):
            t = t.next
        if t == NULL:
            t = process.threads
            while t != NULL and t.blocked & bit(number):
                t = t.next
        if t != NULL:
            wake(t)
    events_unmask()


cdef int take_from(PendingSignals* pending, u64 among, SignalInfo* info) noexcept nogil:
    cdef u64 found = pending.set & among
    cdef int number = 1
    if found == 0:
        return 0
    # What the thread itself has done comes first (SIGSEGV …): signal(7) leaves the order open.
    while found & 1 == 0:
        found >>= 1
        number += 1
    pending.set &= ~bit(number)
    info[0] = pending.infos[number]
    if number >= REAL_TIME:
        advance(pending, number)
    return number


cdef public int signal_take(ProgramThread* t, u64 among, SignalInfo* info) noexcept nogil:
    cdef int number
    events_mask()
    while True:
        number = take_from(&t.pending, among, info)
        if number == 0:
            number = take_from(&t.process.pending, among, info)
        if number == 0 or not is_ignored(t.process, number) or t.waited & bit(number):
            break
    look_all(t.process)
    events_unmask()
    return number


cdef public void signal_set_mask(ProgramThread* t, u64 blocked) noexcept nogil:
    events_mask()
    t.blocked = blocked & ~unblockable()
    look(t)
    events_unmask()


# --- calls ----------------------------------------------------------------------------------------------

cdef public i64 sys_rt_sigaction(int number, const SignalAction* action, SignalAction* old, u64 size) noexcept nogil:
    cdef Process* process = program_process()
    cdef SignalAction fresh
    if size != 8 or number < 1 or number >= SIGNALS or (action != NULL and number in (SIGNAL_KILL, SIGNAL_STOP)):
        return -EINVAL
    if (action != NULL and not program_may(action, sizeof(SignalAction))) or (old != NULL and not program_may(old, sizeof(SignalAction))):
        return -EFAULT
    events_mask()
    if action != NULL:
        fresh = action[0]
    if old != NULL:
        old[0] = process.actions[number]
    if action != NULL:
        fresh.mask &= ~unblockable()
        process.actions[number] = fresh
        if is_ignored(process, number):  # POSIX.1-2024, sigaction: what is pending is forgotten
            process.pending.set &= ~bit(number)
            forget(process, number)
    events_unmask()
    return 0


cdef void forget(Process* process, int number) noexcept nogil:
    cdef ProgramThread* t = process.threads
    while t != NULL:
        t.pending.set &= ~bit(number)
        look(t)
        t = t.next


cdef public i64 sys_rt_sigprocmask(int how, const u64* fresh, u64* old, u64 size) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    cdef u64 before = t.blocked, mask
    if size != 8:
        return -EINVAL
    if fresh != NULL:
        if not program_may(fresh, 8):
            return -EFAULT
        mask = fresh[0]
        if how == SIG_BLOCK:
            mask |= before
        elif how == SIG_UNBLOCK:
            mask = before & ~mask
        elif how != SIG_SETMASK:
            return -EINVAL
        signal_set_mask(t, mask)
    if old != NULL:
        if not program_may(old, 8):
            return -EFAULT
        old[0] = before
    return 0


cdef public i64 sys_rt_sigpending(u64* into, u64 size) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    if size > 8:
        return -EINVAL
    if not program_may(into, 8):
        return -EFAULT
    into[0] = (t.pending.set | t.process.pending.set) & t.blocked
    return 0


cdef public i64 sys_rt_sigsuspend(const u64* mask, u64 size) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    if size != 8:
        return -EINVAL
    if not program_may(mask, 8):
        return -EFAULT
    events_mask()
    t.suspended = t.blocked
    t.is_suspended = True
    signal_set_mask(t, mask[0])
    while not t.thread.attention:
        thread_block_interruptible(NULL, 0, b"sigsuspend", t)
    events_unmask()
    return -EINTR                        # and delivery.pyx puts the mask back


cdef public i64 sys_pause() noexcept nogil:
    cdef ProgramThread* t = program_thread()
    events_mask()
    while not t.thread.attention:
        thread_block_interruptible(NULL, 0, b"pause", t)
    events_unmask()
    return -EINTR


cdef public i64 sys_rt_sigtimedwait(const u64* set, SignalInfo* into, const i64* timeout, u64 size) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    cdef SignalInfo info
    cdef u64 among, deadline = 0
    cdef int number, result = 0
    if size != 8:
        return -EINVAL
    if not program_may(set, 8) or (into != NULL and not program_may(into, sizeof(SignalInfo))) \
            or (timeout != NULL and not program_may(timeout, 16)):
        return -EFAULT
    among = set[0] & ~unblockable()
    if timeout != NULL:
        if timeout[0] < 0 or timeout[1] < 0 or timeout[1] >= SECOND:
            return -EINVAL
        deadline = clock_monotonic() + min(<u64>timeout[0], <u64>1 << 32) * SECOND + <u64>timeout[1]
    events_mask()
    t.waited = among
    while True:
        number = signal_take(t, among, &info)
        if number or result != 0:
            break
        if t.thread.attention:
            result = -EINTR
            continue
        if deadline and clock_monotonic() >= deadline:
            result = -EAGAIN
            continue
        result = thread_block_interruptible(NULL, deadline, b"sigwait", t)
        if result == -EINTR and not t.thread.attention:
            result = 0                   # a signal that is waited for
        elif result < 0 and result != -EINTR:
            result = -EAGAIN
    t.waited = 0
    events_unmask()
    if number == 0:
        return result
    if into != NULL:
        into[0] = info
    return number


cdef void fill(SignalInfo* info, int number, int code) noexcept nogil:
    memset(info, 0, sizeof(SignalInfo))
    info.number = number
    info.code = code
    info.fields[0] = program_process().id


cdef int send_by_id(int id, int number, const SignalInfo* info) noexcept nogil:
    cdef Process* process
    events_mask()
    process = process_find(<u32>id if id > 0 else program_process().id)
    if process != NULL and not process.ended and number:
        signal_send(process, number, info)
    events_unmask()
    return 0 if process != NULL else -ESRCH


# 0 and negative numbers mean process groups, and there is one: all programs.
cdef public i64 sys_kill(int id, int number) noexcept nogil:
    cdef SignalInfo info
    if number < 0 or number >= SIGNALS:
        return -EINVAL
    fill(&info, number, SI_USER)
    return send_by_id(id, number, &info)


cdef public i64 sys_rt_sigqueueinfo(int id, int number, const SignalInfo* given) noexcept nogil:
    cdef SignalInfo info
    if not program_may(given, sizeof(SignalInfo)):
        return -EFAULT
    info = given[0]
    if number < 0 or number >= SIGNALS:
        return -EINVAL
    if info.code >= 0 and <u32>id != program_process().id:
        return -EPERM
    return send_by_id(id, number, &info)


cdef i64 send_to_thread(int id, int number, const SignalInfo* info) noexcept nogil:
    cdef ProgramThread* t
    if number < 0 or number >= SIGNALS or id <= 0:
        return -EINVAL
    events_mask()
    t = process_thread(<u32>id)
    if t != NULL and number:
        signal_send_thread(t, number, info)
    events_unmask()
    return 0 if t != NULL else -ESRCH


cdef public i64 sys_tkill(int id, int number) noexcept nogil:
    cdef SignalInfo info
    fill(&info, number, SI_TKILL)
    return send_to_thread(id, number, &info)


cdef public i64 sys_tgkill(int process, int id, int number) noexcept nogil:
    return sys_tkill(id, number)


cdef public i64 sys_rt_tgsigqueueinfo(int process, int id, int number, const SignalInfo* given) noexcept nogil:
    cdef SignalInfo info
    if not program_may(given, sizeof(SignalInfo)):
        return -EFAULT
    info = given[0]
    return send_to_thread(id, number, &info)


cdef public i64 sys_sigaltstack(const u64* fresh, u64* old) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    cdef u64 here = <u64>&t
    cdef bint on = t.alternate_size != 0 and here - t.alternate_base < t.alternate_size
    cdef u64 base = 0, size = 0
    cdef u32 flags = 0
    if (fresh != NULL and not program_may(fresh, 24)) or (old != NULL and not program_may(old, 24)):
        return -EFAULT
    if fresh != NULL:
        base = fresh[0]
        flags = <u32>fresh[1]
        size = fresh[2]
    if old != NULL:
        old[0] = t.alternate_base
        old[1] = SS_ONSTACK if on else (0 if t.alternate_size else SS_DISABLE)
        old[2] = t.alternate_size
    if fresh != NULL:
        if on:
            return -EPERM
        if flags & ~<u32>SS_DISABLE:
            return -EINVAL
        if flags & SS_DISABLE:
            base = size = 0
        elif size < MINIMUM_STACK:
            return -ENOMEM
        t.alternate_base = base
        t.alternate_size = size
    return 0


cdef public i64 sys_rt_sigreturn() noexcept nogil:
    return -EINVAL
