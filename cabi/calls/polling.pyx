# poll, select and epoll of programs: the VFS's vfs_poll and readiness sets (kernel/files/readiness.pxd).
from kernel.types cimport i16, i32, i64, u16, u32, u64
from kernel.files.errno cimport EBADF, EINTR, EINVAL, ENOMEM
from kernel.files.readiness cimport ReadyEvent, readiness_control, readiness_open, readiness_wait
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memcpy, memset
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.time.clock cimport clock_monotonic
from cabi.process.program cimport *
from cabi.process.signals cimport signal_set_mask

cdef enum:
    EFAULT = 14
    SECOND = 1000000000
    SELECT_MAX = 1024                    # FD_SETSIZE
    FEW = 64                             # requests that live on the stack
    NORMAL_IN = 0x40                     # POLLRDNORM, POLLWRNORM, as poll(2) has them beside POLLIN and POLLOUT
    NORMAL_OUT = 0x100
    POLL_PRIORITY = 2

cdef struct LinuxPoll:                   # struct pollfd
    i32 fd
    i16 events
    i16 ready


# Absolute: 0 for ever, 1 not at all.
cdef u64 deadline_ms(i64 timeout) noexcept nogil:
    if timeout < 0:
        return 0
    return clock_monotonic() + <u64>timeout * 1000000 if timeout else 1


cdef int deadline_of(const i64* timeout, i64 unit, u64* deadline) noexcept nogil:
    deadline[0] = 0
    if timeout == NULL:
        return 0
    if not program_may(timeout, 16):
        return -EFAULT
    if timeout[0] < 0 or timeout[1] < 0 or timeout[1] >= SECOND // unit:
        return -EINVAL
    deadline[0] = 1
    if timeout[0] or timeout[1]:
        deadline[0] = clock_monotonic() + min(<u64>timeout[0], <u64>1 << 33) * SECOND + <u64>(timeout[1] * unit)
    return 0


# The mask for the time of one call: it is put back when the call has ended, or behind the handler of the signal that ended it.
cdef int suspend_mask(const u64* set, u64 size) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    if set == NULL:
        return 0
    if size != 8:
        return -EINVAL
    if not program_may(set, 8):
        return -EFAULT
    t.suspended = t.blocked
    t.is_suspended = True
    signal_set_mask(t, set[0])
    return 0


cdef void restore_mask(i64 result) noexcept nogil:
    cdef ProgramThread* t = program_thread()
    if t.is_suspended and result != -EINTR:
        t.is_suspended = False
        signal_set_mask(t, t.suspended)


# --- poll -----------------------------------------------------------------------------------------------

cdef i64 poll(LinuxPoll* given, u64 count, u64 deadline) noexcept nogil:
    cdef PollRequest few[FEW]
    cdef PollRequest* requests = few
    cdef u64 i
    cdef u32 events
    cdef int ready
    if count > DESCRIPTORS_MAX:
        return -EINVAL
    if count and not program_may(given, count * sizeof(LinuxPoll)):
        return -EFAULT
    if count > FEW:
        requests = <PollRequest*>kcalloc(count, sizeof(PollRequest))
        if requests == NULL:
            return -ENOMEM
    for i in range(count):
        events = <u16>given[i].events
        requests[i].fd = given[i].fd
        requests[i].events = (events & 0xff & ~<u32>NORMAL_IN) | (VFS_POLLIN if events & NORMAL_IN else 0) | (VFS_POLLOUT if events & NORMAL_OUT else 0)
    ready = vfs_poll(requests, count, deadline)
    if ready >= 0:
        for i in range(count):
            events = requests[i].ready
            if events & VFS_POLLIN:
                events |= <u16>given[i].events & NORMAL_IN
            if events & VFS_POLLOUT:
                events |= <u16>given[i].events & NORMAL_OUT
            given[i].ready = <i16>(events & (<u16>given[i].events | VFS_POLLERR | VFS_POLLHUP | VFS_POLLNVAL))
    if requests != few:
        kfree(requests)
    return ready


cdef public i64 sys_poll(void* requests, u64 count, int timeout) noexcept nogil:
    return poll(<LinuxPoll*>requests, count, deadline_ms(timeout))


cdef public i64 sys_ppoll(void* requests, u64 count, const i64* timeout, const u64* set, u64 size) noexcept nogil:
    cdef u64 deadline
    cdef i64 result = deadline_of(timeout, 1, &deadline)
    if result == 0:
        result = suspend_mask(set, size)
    if result == 0:
        result = poll(<LinuxPoll*>requests, count, deadline)
    restore_mask(result)
    return result


# --- select ---------------------------------------------------------------------------------------------

cdef bint in_set(const u64* set, int fd) noexcept nogil:
    return set != NULL and set[fd >> 6] >> (fd & 63) & 1


cdef int put(u64* set, int fd, bint ready) noexcept nogil:
    if not in_set(set, fd):
        return 0
    if ready:
        return 1
    set[fd >> 6] &= ~(<u64>1 << (fd & 63))
    return 0


cdef i64 select(int count, u64* readable, u64* writable, u64* exceptional, u64 deadline) noexcept nogil:
    cdef PollRequest* requests
    cdef u64 used = 0, i, bytes
    cdef i64 result
    cdef int fd, ready = 0
    if count < 0:
        return -EINVAL
    count = min(count, <int>SELECT_MAX)
    bytes = <u64>(count + 63) // 64 * 8
    if (readable != NULL and not program_may(readable, bytes)) or (writable != NULL and not program_may(writable, bytes)) \
            or (exceptional != NULL and not program_may(exceptional, bytes)):
        return -EFAULT
    requests = <PollRequest*>kcalloc(<u64>count + 1, sizeof(PollRequest))
    if requests == NULL:
        return -ENOMEM
    result = 0
    for fd in range(count):
        if in_set(readable, fd) or in_set(writable, fd) or in_set(exceptional, fd):
            if vfs_get_flags(fd) < 0:
                result = -EBADF
            requests[used].fd = fd
            requests[used].events = (VFS_POLLIN if in_set(readable, fd) else 0) | (VFS_POLLOUT if in_set(writable, fd) else 0) \
                | (POLL_PRIORITY if in_set(exceptional, fd) else 0)
            used += 1
    if result == 0:
        result = vfs_poll(requests, used, deadline)
    if result >= 0:
        for i in range(used):
            fd = requests[i].fd
            ready += put(readable, fd, requests[i].ready & (VFS_POLLIN | VFS_POLLHUP | VFS_POLLERR) != 0)
            ready += put(writable, fd, requests[i].ready & (VFS_POLLOUT | VFS_POLLERR) != 0)
            ready += put(exceptional, fd, requests[i].ready & POLL_PRIORITY != 0)
        result = ready
    kfree(requests)
    return result


cdef public i64 sys_select(int count, u64* readable, u64* writable, u64* exceptional, const i64* timeout) noexcept nogil:
    cdef u64 deadline
    cdef int error = deadline_of(timeout, 1000, &deadline)
    return select(count, readable, writable, exceptional, deadline) if error == 0 else error


cdef public i64 sys_pselect6(int count, u64* readable, u64* writable, u64* exceptional, const i64* timeout, const u64* set) noexcept nogil:
    cdef u64 deadline
    cdef i64 result = deadline_of(timeout, 1, &deadline)
    if set != NULL and not program_may(set, 16):
        return -EFAULT
    if result == 0 and set != NULL:      # a pointer and a size
        result = suspend_mask(<const u64*>set[0], set[1])
    if result == 0:
        result = select(count, readable, writable, exceptional, deadline)
    restore_mask(result)
    return result


# --- epoll ----------------------------------------------------------------------------------------------

cdef public i64 sys_epoll_create1(int flags) noexcept nogil:
    cdef int fd
    if flags & ~VFS_O_CLOEXEC:
        return -EINVAL
    fd = readiness_open()
    if fd >= 0 and flags:
        vfs_close_on_exec(fd, True)
    return fd


cdef public i64 sys_epoll_create(int size) noexcept nogil:
    return sys_epoll_create1(0) if size > 0 else -EINVAL


# struct epoll_event is packed: events, then data.
cdef public i64 sys_epoll_ctl(int set_fd, int operation, int fd, const u32* event) noexcept nogil:
    if operation == 2:                   # EPOLL_CTL_DEL
        return readiness_control(set_fd, operation, fd, 0, 0)
    if not program_may(event, 12):
        return -EFAULT
    return readiness_control(set_fd, operation, fd, event[0], event[1] | <u64>event[2] << 32)


cdef public i64 sys_epoll_pwait(int set_fd, void* events, int count, int timeout, const u64* set, u64 size) noexcept nogil:
    cdef i64 result
    if count <= 0:
        return -EINVAL
    if not program_may(events, <u64>count * sizeof(ReadyEvent)):
        return -EFAULT
    result = suspend_mask(set, size)
    if result == 0:
        result = readiness_wait(set_fd, <ReadyEvent*>events, count, deadline_ms(timeout))
    restore_mask(result)
    return result


cdef public i64 sys_epoll_wait(int set_fd, void* events, int count, int timeout) noexcept nogil:
    return sys_epoll_pwait(set_fd, events, count, timeout, NULL, 0)
