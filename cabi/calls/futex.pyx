# Futexes: see futex.pxd.  Waiters of one word are woken in the order in which they came.
from kernel.types cimport i64, u32, u64
from kernel.files.errno cimport EAGAIN, EDEADLK, EINTR, EINVAL, ENOSYS, EPERM, ETIMEDOUT
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current
from kernel.threads.thread cimport Thread, thread_block_interruptible, thread_wake
from kernel.time.clock cimport clock_monotonic, clock_wall
from cabi.calls.futex cimport *
from cabi.process.process cimport process_thread
from cabi.process.program cimport *

cdef enum:
    EFAULT = 14
    ESRCH = 3
    BUCKETS = 256
    FUTEX_WAIT = 0
    FUTEX_WAKE = 1
    FUTEX_REQUEUE = 3
    FUTEX_CMP_REQUEUE = 4
    FUTEX_WAKE_OP = 5
    FUTEX_LOCK_PI = 6
    FUTEX_UNLOCK_PI = 7
    FUTEX_TRYLOCK_PI = 8
    FUTEX_WAIT_BITSET = 9
    FUTEX_WAKE_BITSET = 10
    FUTEX_LOCK_PI2 = 13
    FUTEX_PRIVATE = 128
    FUTEX_CLOCK_REALTIME = 256
    SECOND = 1000000000
    ROBUST_LIMIT = 2048                  # as Linux's

cdef enum:
    OWNER = 0x3fffffff                   # FUTEX_TID_MASK
    OWNER_DIED = 0x40000000
    WAITERS = 1 << 31

cdef struct Waiter:
    Waiter* next
    Waiter* previous
    Thread* thread
    u32* word
    u32 bits
    bint queued

cdef struct Bucket:
    Waiter* head
    Waiter* tail

cdef Bucket buckets[BUCKETS]


cdef inline Bucket* bucket_of(u32* word) noexcept nogil:
    cdef u64 key = <u64>word >> 2
    return &buckets[(key ^ key >> 8 ^ key >> 16) & (BUCKETS - 1)]


# --- lists (masked) -------------------------------------------------------------------------------------

cdef inline void enqueue(Waiter* w) noexcept nogil:
    cdef Bucket* b = bucket_of(w.word)
    w.next = NULL
    w.previous = b.tail
    if b.tail != NULL:
        b.tail.next = w
    else:
        b.head = w
    b.tail = w
    w.queued = True


cdef inline void dequeue(Waiter* w) noexcept nogil:
    cdef Bucket* b = bucket_of(w.word)
    if w.previous != NULL:
        w.previous.next = w.next
    else:
        b.head = w.next
    if w.next != NULL:
        w.next.previous = w.previous
    else:
        b.tail = w.previous
    w.queued = False


cdef u32 wake(u32* word, u32 count, u32 bits) noexcept nogil:
    cdef Waiter* w = bucket_of(word).head
    cdef Waiter* next
    cdef u32 woken = 0
    while w != NULL and woken < count:
        next = w.next
        if w.word == word and w.bits & bits:
            dequeue(w)
            thread_wake(w.thread, 0)
            woken += 1
        w = next
    return woken


# --- operations -----------------------------------------------------------------------------------------

cdef public u32 futex_wake(u32* word, u32 count) noexcept nogil:
    cdef u32 woken
    events_mask()
    woken = wake(word, count, ~<u32>0)
    events_unmask()
    return woken


# Masked.  0: woken; or a negative errno.
cdef int wait(u32* word, u32 bits, u64 deadline) noexcept nogil:
    cdef Waiter w
    cdef int result
    w.thread = thread_current()
    w.word = word
    w.bits = bits
    enqueue(&w)
    result = thread_block_interruptible(NULL, deadline, b"futex", word)
    if w.queued:
        dequeue(&w)
    else:
        result = 0                       # woken, and then interrupted
    return result


cdef i64 wait_while(u32* word, u32 value, u32 bits, u64 deadline) noexcept nogil:
    cdef int result = -EAGAIN
    events_mask()
    if word[0] == value:
        result = wait(word, bits, deadline)
    events_unmask()
    return -RESTART if result == -EINTR and deadline == 0 else result


cdef i64 requeue(u32* word, u32* other, u32 wakes, u32 moves) noexcept nogil:
    cdef Waiter* w
    cdef Waiter* next
    cdef u32 done, moved = 0
    events_mask()
    done = wake(word, wakes, ~<u32>0)
    w = bucket_of(word).head
    while w != NULL and moved < moves and word != other:
        next = w.next
        if w.word == word:
            dequeue(w)
            w.word = other
            enqueue(w)
            moved += 1
        w = next
    events_unmask()
    return done + moved


cdef i64 wake_op(u32* word, u32* other, u32 wakes, u32 others, u32 code) noexcept nogil:
    cdef u32 old, fresh, argument = code >> 12 & 0xfff, against = code & 0xfff, operation = code >> 28 & 7
    cdef u32 comparison = code >> 24 & 15
    cdef u32 done
    cdef bint holds
    if code >> 31:
        argument = <u32>1 << (argument & 31)
    events_mask()
    old = other[0]
    fresh = argument if operation == 0 else old + argument if operation == 1 else old | argument if operation == 2 \
        else old & ~argument if operation == 3 else old ^ argument
    other[0] = fresh
    done = wake(word, wakes, ~<u32>0)
    holds = old == against if comparison == 0 else old != against if comparison == 1 else <int>old < <int>against if comparison == 2 \
        else <int>old <= <int>against if comparison == 3 else <int>old > <int>against if comparison == 4 else <int>old >= <int>against
    if holds:
        done += wake(other, others, ~<u32>0)
    events_unmask()
    return done


# The word holds the owner's id: see futex(2), "Priority-inheritance futexes".
cdef i64 lock(u32* word, u64 deadline, bint only_try) noexcept nogil:
    cdef u32 self = program_thread().id
    cdef int result = 0
    events_mask()
    while True:
        if word[0] & OWNER == 0:
            word[0] = self | (word[0] & (WAITERS | OWNER_DIED))
            break
        if word[0] & OWNER == self:
            result = -EDEADLK
            break
        if only_try:
            result = -EAGAIN
            break
        if process_thread(word[0] & OWNER) == NULL:
            result = -ESRCH
            break
        word[0] |= WAITERS
        result = wait(word, ~<u32>0, deadline)
        if result != 0:
            if result == -EINTR:
                result = -RESTART
            break
    events_unmask()
    return result


cdef bint has_waiters(u32* word) noexcept nogil:
    cdef Waiter* w = bucket_of(word).head
    while w != NULL and w.word != word:
        w = w.next
    return w != NULL


cdef i64 unlock(u32* word) noexcept nogil:
    cdef int result = 0
    events_mask()
    if word[0] & OWNER != program_thread().id:
        result = -EPERM
    else:
        word[0] = 0
        wake(word, 1, ~<u32>0)
        if has_waiters(word):
            word[0] = WAITERS
    events_unmask()
    return result


# --- the call -------------------------------------------------------------------------------------------

cdef int deadline_of(const i64* timeout, bint relative, bint wall, u64* deadline) noexcept nogil:
    cdef u64 now, at
    deadline[0] = 0
    if timeout == NULL:
        return 0
    if not program_may(timeout, 16):
        return -EFAULT
    if timeout[0] < 0 or timeout[1] < 0 or timeout[1] >= SECOND:
        return -EINVAL
    at = min(<u64>timeout[0], <u64>1 << 33) * SECOND + <u64>timeout[1]
    now = clock_monotonic()
    if relative:
        at += now
    elif wall:
        at = now + at - min(clock_wall(), at)
    deadline[0] = max(at, <u64>1)
    return 0


cdef public i64 sys_futex(u32* word, int operation, u32 value, const i64* timeout, u32* other, u32 value3) noexcept nogil:
    cdef int command = operation & ~(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME)
    cdef bint wall = operation & FUTEX_CLOCK_REALTIME != 0
    cdef u64 deadline = 0
    cdef int error
    if <u64>word & 3:
        return -EINVAL
    if not program_may(word, 4):
        return -EFAULT
    if command == FUTEX_WAKE:
        return futex_wake(word, value)
    if command == FUTEX_WAIT:
        error = deadline_of(timeout, True, False, &deadline)
        return wait_while(word, value, ~<u32>0, deadline) if error == 0 else error
    if command == FUTEX_WAIT_BITSET:
        if value3 == 0:
            return -EINVAL
        error = deadline_of(timeout, False, wall, &deadline)
        return wait_while(word, value, value3, deadline) if error == 0 else error
    if command == FUTEX_WAKE_BITSET:
        if value3 == 0:
            return -EINVAL
        events_mask()
        error = <int>wake(word, value, value3)
        events_unmask()
        return error
    if command in (FUTEX_LOCK_PI, FUTEX_LOCK_PI2):
        error = deadline_of(timeout, False, command == FUTEX_LOCK_PI or wall, &deadline)
        return lock(word, deadline, False) if error == 0 else error
    if command == FUTEX_TRYLOCK_PI:
        return lock(word, 0, True)
    if command == FUTEX_UNLOCK_PI:
        return unlock(word)
    if command in (FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP):
        if <u64>other & 3:
            return -EINVAL
        if not program_may(other, 4):
            return -EFAULT
        if command == FUTEX_WAKE_OP:
            return wake_op(word, other, value, <u32><u64>timeout, value3)
        if command == FUTEX_CMP_REQUEUE and word[0] != value3:
            return -EAGAIN
        return requeue(word, other, value, <u32><u64>timeout)
    return -ENOSYS


# --- robust lists ---------------------------------------------------------------------------------------

cdef public i64 sys_set_robust_list(u64 head, u64 size) noexcept nogil:
    if size != 24:
        return -EINVAL
    program_thread().robust_list = head
    return 0


cdef public i64 sys_get_robust_list(int id, u64* head, u64* size) noexcept nogil:
    cdef ProgramThread* t
    cdef u64 list = 0
    events_mask()
    t = process_thread(<u32>id) if id else program_thread()
    if t != NULL:
        list = t.robust_list
    events_unmask()
    if t == NULL:
        return -ESRCH
    if not program_may(head, 8) or not program_may(size, 8):
        return -EFAULT
    head[0] = list
    size[0] = 24
    return 0


cdef void left(u32* word, u32 owner) noexcept nogil:
    if <u64>word & 3 or not program_may(word, 4):
        return
    events_mask()
    if word[0] & OWNER == owner:
        word[0] = (word[0] & WAITERS) | OWNER_DIED
        wake(word, 1, ~<u32>0)
    events_unmask()


# struct robust_list_head: the first entry, the distance from an entry to its word, the one that is being taken.
cdef public void robust_list_release(ProgramThread* t) noexcept nogil:
    cdef u64 head = t.robust_list, entry, distance, pending, next
    cdef int i
    if head == 0 or head & 7 or not program_may(<void*>head, 24):
        return
    entry = (<u64*>head)[0]
    distance = (<u64*>head)[1]
    pending = (<u64*>head)[2] & ~<u64>1
    for i in range(ROBUST_LIMIT):
        if entry & ~<u64>1 == head or not program_may(<void*>(entry & ~<u64>1), 8):
            break
        next = (<u64*>(entry & ~<u64>1))[0]
        if entry & ~<u64>1 != pending:
            left(<u32*>((entry & ~<u64>1) + distance), t.id)
        entry = next
    if pending:
        left(<u32*>(pending + distance), t.id)
