# Monitors (JVMS §2.11.10): thin locks in the object's lock word, inflated on contention, wait or
# deep recursion; deflated at a collection when idle.
#
#   lock word: 0 free · 0 ooooooooooooooooo rrrrrrrr 000000 (17 bits owner id, 8 bits recursion)
#            · 1 + 31 bits index of the inflated monitor
#
# Interface: enter/exit/wait/notify return 0, or -1 with t.exception set (IllegalMonitorState,
# Interrupted).  Entering may block: a safepoint.  The object is not NULL.
from kernel.types cimport i32, i64, u32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread

cdef enum:
    LOCK_OWNER_SHIFT = 14
    LOCK_RECURSION_SHIFT = 6
    LOCK_RECURSION_MAX = 255
    LOCK_INFLATED = 0x80000000
    LOCK_OWNERS = 131072                 # thread ids are below

cdef extern from *:
    """
    static inline int lock_cas(void *cell, unsigned from, unsigned to) {
        return __atomic_compare_exchange_n((unsigned *)cell, &from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    }
    static inline unsigned lock_load(void *cell) { return __atomic_load_n((unsigned *)cell, __ATOMIC_ACQUIRE); }
    """
    bint lock_cas(void* cell, u32 old, u32 new) noexcept nogil
    u32 lock_load(void* cell) noexcept nogil

cdef extern int monitor_enter(JavaThread* t, Object* o) noexcept nogil
cdef extern int monitor_exit(JavaThread* t, Object* o) noexcept nogil
cdef extern int monitor_wait(JavaThread* t, Object* o, i64 milliseconds) noexcept nogil     # 0: for ever
cdef extern int monitor_notify(JavaThread* t, Object* o, int everyone) noexcept nogil
cdef extern int monitor_owned(JavaThread* t, Object* o) noexcept nogil
cdef extern u32 monitor_owner(Object* o) noexcept nogil                                      # thread id, 0: free
cdef extern void monitor_interrupt(JavaThread* target) noexcept nogil                        # wakes it out of wait, sleep and park
cdef extern void monitors_sweep() noexcept nogil                                             # in a collection: frees idle monitors
cdef extern u32 monitors_in_use() noexcept nogil                                             # inflated ones

# The uncontended cases in line: the interpreter calls these.
cdef inline int monitor_enter_fast(JavaThread* t, Object* o) noexcept nogil:
    if lock_cas(&o.lock, 0, t.id << LOCK_OWNER_SHIFT):
        return 0
    return monitor_enter(t, o)

cdef inline int monitor_exit_fast(JavaThread* t, Object* o) noexcept nogil:
    if lock_cas(&o.lock, t.id << LOCK_OWNER_SHIFT, 0):
        return 0
    return monitor_exit(t, o)
