# Sets of descriptors whose readiness is waited for together: epoll(7).
#
# Interface: as epoll_ctl(2) and epoll_wait(2).  An interest ends with its vnode.
from kernel.types cimport i32, u32, u64
from kernel.files.vfs cimport Vnode

cdef enum:
    READINESS_ADD = 1
    READINESS_DELETE = 2
    READINESS_MODIFY = 3
    READINESS_ONE_SHOT = 1 << 30         # beside VFS_POLL… bits: quiet after one report, until modified
    READINESS_EDGE = 1 << 31             # report again only when it becomes ready again

# struct epoll_event, which Linux packs on x86-64: `data` is in the last two.
cdef struct ReadyEvent:
    u32 events
    i32 fd
    u32 upper

cdef extern void readiness_init() noexcept nogil
cdef extern int readiness_open() noexcept nogil
cdef extern int readiness_control(int set_fd, int operation, int fd, u32 events, u64 data) noexcept nogil
# How many events were stored; waits until the absolute deadline (0: for ever, 1: not at all).
cdef extern int readiness_wait(int set_fd, ReadyEvent* events, int count, u64 deadline) noexcept nogil
cdef extern void readiness_forget(Vnode* node) noexcept nogil           # for vnode_put: it is about to go
