# Blocking primitives: see sync.pxd.
from kernel.types cimport u64
from kernel.threads.cpu cimport *
from kernel.threads.thread cimport *
from kernel.threads.timer cimport timer_stop
from kernel.diagnostics.panic cimport panic_print
from kernel.files.errno cimport EINTR, ETIMEDOUT


cdef public int mutex_lock_until(Mutex* mutex, u64 deadline) noexcept nogil:
    cdef Thread* self = thread_current()
    cdef int result = 0
    events_mask()
    if mutex.owner == NULL:
        mutex.owner = self
    else:
        if mutex.owner == self:
            panic_print(b"mutex %p: its owner locks it again", mutex)
        result = thread_block(&mutex.waiters, deadline, b"mutex", mutex)    # woken as the owner
    events_unmask()
    return result


cdef public void mutex_lock(Mutex* mutex) noexcept nogil:
    mutex_lock_until(mutex, 0)


cdef public bint mutex_try_lock(Mutex* mutex) noexcept nogil:
    cdef bint free
    events_mask()
    free = mutex.owner == NULL
    if free:
        mutex.owner = thread_current()
    events_unmask()
    return free


# Hand the mutex to the first waiter; events masked.
cdef inline void hand_over(Mutex* mutex) noexcept nogil:
    cdef Thread* first = mutex.waiters.head
    mutex.owner = first
    if first != NULL:
        thread_wake(first, 0)


cdef public void mutex_unlock(Mutex* mutex) noexcept nogil:
    events_mask()
    if mutex.owner != thread_current():
        panic_print(b"mutex %p: unlocked by a thread that does not own it", mutex)
    hand_over(mutex)
    events_unmask()


cdef public bint mutex_is_mine(Mutex* mutex) noexcept nogil:
    return mutex.owner == thread_current()


# A signalled waiter goes straight to the mutex: it becomes its owner or joins its queue, so it runs
# once and not twice ("wait morphing").
cdef int wait_for(Condition* condition, Mutex* mutex, u64 deadline, bint interruptible) noexcept nogil:
    cdef Thread* self = thread_current()
    cdef int result
    events_mask()
    if mutex.owner != self:
        panic_print(b"condition %p: waited for without its mutex", condition)
    if interruptible and self.attention:
        events_unmask()
        return -EINTR
    hand_over(mutex)
    if interruptible:
        result = thread_block_interruptible(&condition.waiters, deadline, b"condition", mutex)
    else:
        result = thread_block(&condition.waiters, deadline, b"condition", mutex)
    # Signalled, it owns the mutex; but an interruption may have come while it waited for that.
    if result < 0 and mutex.owner != self:
        if mutex.owner == NULL:
            mutex.owner = self
        else:
            thread_block(&mutex.waiters, 0, b"mutex", mutex)
    events_unmask()
    return result


cdef public int condition_wait(Condition* condition, Mutex* mutex, u64 deadline) noexcept nogil:
    return wait_for(condition, mutex, deadline, False)


cdef public int condition_wait_interruptible(Condition* condition, Mutex* mutex, u64 deadline) noexcept nogil:
    return wait_for(condition, mutex, deadline, True)


cdef bint signal_one(Condition* condition) noexcept nogil:
    cdef Thread* first = condition.waiters.head
    cdef Mutex* mutex
    if first == NULL:
        return False
    mutex = <Mutex*>first.wait_object
    if mutex.owner == NULL:
        mutex.owner = first
        thread_wake(first, 0)
    else:
        timer_stop(&first.timer)
        waitqueue_remove(&condition.waiters, first)
        waitqueue_insert(&mutex.waiters, first)
        first.wait_reason = b"mutex"
    return True


cdef public void condition_signal(Condition* condition) noexcept nogil:
    events_mask()
    signal_one(condition)
    events_unmask()


cdef public void condition_broadcast(Condition* condition) noexcept nogil:
    events_mask()
    while signal_one(condition):
        pass
    events_unmask()


cdef public int parker_park(Parker* parker, u64 deadline) noexcept nogil:
    cdef int result = 0
    events_mask()
    if parker.permit:
        parker.permit = 0
    else:
        result = thread_block(&parker.waiters, deadline, b"park", parker)
    events_unmask()
    return result


cdef public int parker_park_interruptible(Parker* parker, u64 deadline) noexcept nogil:
    cdef int result = 0
    events_mask()
    if parker.permit:
        parker.permit = 0
    else:
        result = thread_block_interruptible(&parker.waiters, deadline, b"park", parker)
    events_unmask()
    return result


cdef public void parker_unpark(Parker* parker) noexcept nogil:
    events_mask()
    if not waitqueue_wake_one(&parker.waiters, 0):
        parker.permit = 1
    events_unmask()


cdef public int semaphore_wait(Semaphore* semaphore, u64 deadline) noexcept nogil:
    cdef int result = 0
    events_mask()
    if semaphore.value:
        semaphore.value -= 1
    else:
        result = thread_block(&semaphore.waiters, deadline, b"semaphore", semaphore)
    events_unmask()
    return result


cdef public void semaphore_post(Semaphore* semaphore) noexcept nogil:
    events_mask()
    if not waitqueue_wake_one(&semaphore.waiters, 0):
        semaphore.value += 1
    events_unmask()
