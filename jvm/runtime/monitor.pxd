# Monitors (JVMS §2.11.10): thin locks in the object's lock word, inflated on contention, wait or
# deep recursion.
#
#   lock word: 0 free · 0oooooooooooooooo rrrrrrrr 000000 (owner id, recursion) · 1 + index inflated
#
# Interface: enter/exit/wait/notify return 0, or -1 with t.exception set (IllegalMonitorState,
# Interrupted).  Entering may block: a safepoint.
from kernel.types cimport i64, u32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread

cdef extern int monitor_enter(JavaThread* t, Object* o) noexcept nogil
cdef extern int monitor_exit(JavaThread* t, Object* o) noexcept nogil
cdef extern int monitor_wait(JavaThread* t, Object* o, i64 milliseconds) noexcept nogil     # 0: for ever
cdef extern int monitor_notify(JavaThread* t, Object* o, int everyone) noexcept nogil
cdef extern int monitor_owned(JavaThread* t, Object* o) noexcept nogil
cdef extern void monitor_interrupt(JavaThread* target) noexcept nogil                        # wakes it out of wait, sleep and park
