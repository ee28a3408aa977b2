# Blocking primitives: mutex, condition, parker, semaphore.  All zero is a valid initial state.
#
# Invariant: a mutex with waiters has an owner; unlocking hands it to the first waiter (highest
# priority, then longest waiting), so nobody overtakes.
# Interface: never with events masked or preemption disabled, except the try and the signalling
# functions, which any thread and any event callback may call.  Deadlines: absolute monotonic ns, 0: none.
from kernel.types cimport u32, u64
from kernel.threads.thread cimport Thread, WaitQueue

cdef struct Mutex:
    Thread* owner
    WaitQueue waiters

cdef struct Condition:
    WaitQueue waiters

# One permit (java.util.concurrent.locks.LockSupport): unpark stores it, park takes it or waits.
cdef struct Parker:
    u32 permit
    WaitQueue waiters

cdef struct Semaphore:
    u64 value
    WaitQueue waiters

cdef extern void mutex_lock(Mutex* mutex) noexcept nogil
cdef extern bint mutex_try_lock(Mutex* mutex) noexcept nogil
cdef extern int mutex_lock_until(Mutex* mutex, u64 deadline) noexcept nogil       # 0 or -ETIMEDOUT
cdef extern void mutex_unlock(Mutex* mutex) noexcept nogil
cdef extern bint mutex_is_mine(Mutex* mutex) noexcept nogil
# Called with `mutex` held, returns with it held: 0, or -ETIMEDOUT.  No spurious wake-ups.
cdef extern int condition_wait(Condition* condition, Mutex* mutex, u64 deadline) noexcept nogil
# The same, but -EINTR when the thread is interrupted (thread.pxd, thread_interrupt).
cdef extern int condition_wait_interruptible(Condition* condition, Mutex* mutex, u64 deadline) noexcept nogil
cdef extern void condition_signal(Condition* condition) noexcept nogil
cdef extern void condition_broadcast(Condition* condition) noexcept nogil
cdef extern int parker_park(Parker* parker, u64 deadline) noexcept nogil          # 0 (permit taken) or -ETIMEDOUT
cdef extern int parker_park_interruptible(Parker* parker, u64 deadline) noexcept nogil   # or -EINTR
cdef extern void parker_unpark(Parker* parker) noexcept nogil
cdef extern int semaphore_wait(Semaphore* semaphore, u64 deadline) noexcept nogil # 0 or -ETIMEDOUT
cdef extern void semaphore_post(Semaphore* semaphore) noexcept nogil
