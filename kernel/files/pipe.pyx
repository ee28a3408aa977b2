# Pipes and event counters: see pipe.pxd.
#
# Invariant: a Pipe lives while one of its ends does; `lock` guards it.  Each end is a vnode of its own.
from kernel.types cimport i64, u8, u32, u64
from kernel.files.anonymous cimport anonymous_node, anonymous_open
from kernel.files.errno cimport EAGAIN, EBADF, EINTR, EINVAL, ENOMEM, EPIPE
from kernel.files.ring cimport ByteRing, ring_free, ring_put, ring_room, ring_take
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kcalloc, kfree
from kernel.threads.sync cimport Condition, Mutex, condition_broadcast, condition_wait_interruptible, mutex_lock, mutex_unlock
from kernel.threads.thread cimport threads_expect_event

cdef enum:
    PIPE_CAPACITY = 65536                # pipe(7)
    PIPE_ATOMIC = 4096                   # PIPE_BUF: writes up to this are never split

cdef struct Pipe:
    Mutex lock
    Condition changed
    ByteRing ring
    Vnode* reader                        # NULL: closed
    Vnode* writer
    u32 retired                          # bit 0: the reader's calls end, bit 1: the writer's

cdef struct Counter:
    Vnode node
    Mutex lock
    Condition changed
    u64 value
    bint retired

cdef VnodeOperations reader_operations, writer_operations, counter_operations


# 0: something has changed; -EAGAIN or -EINTR: do not wait.
cdef int await_change(Condition* changed, Mutex* lock, u32 flags) noexcept nogil:
    if flags & VFS_O_NONBLOCK:
        return -EAGAIN
    cdef int result
    threads_expect_event(1)
    result = condition_wait_interruptible(changed, lock, 0)
    threads_expect_event(-1)
    return result


# --- pipes --------------------------------------------------------------------------------------------

cdef i64 pipe_read(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef Pipe* pipe = <Pipe*>node.data
    cdef i64 result = 0
    mutex_lock(&pipe.lock)
    while True:
        if pipe.retired & 1:
            result = -EINTR
            break
        if pipe.ring.used:
            result = <i64>ring_take(&pipe.ring, into, size)
            condition_broadcast(&pipe.changed)
            if pipe.writer != NULL and ring_room(&pipe.ring) >= PIPE_ATOMIC:
                vnode_ready(pipe.writer, VFS_POLLOUT)
            break
        if pipe.writer == NULL:
            break
        result = await_change(&pipe.changed, &pipe.lock, flags)
        if result:
            break
    mutex_unlock(&pipe.lock)
    return result


cdef i64 pipe_write(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef Pipe* pipe = <Pipe*>node.data
    cdef i64 result = 0
    cdef u64 done = 0
    mutex_lock(&pipe.lock)
    while done < size:
        if pipe.retired & 2:
            result = -EINTR
        elif pipe.reader == NULL:
            result = -EPIPE
        elif ring_room(&pipe.ring) >= min(size - done, <u64>PIPE_ATOMIC):
            result = ring_put(&pipe.ring, <const u8*>data + done, size - done)
            if result > 0:
                done += <u64>result
                condition_broadcast(&pipe.changed)
                vnode_ready(pipe.reader, VFS_POLLIN)
        else:
            result = await_change(&pipe.changed, &pipe.lock, flags)
        if result < 0:
            break
    mutex_unlock(&pipe.lock)
    return <i64>done if done else result


cdef u32 poll_reader(Vnode* node) noexcept nogil:
    cdef Pipe* pipe = <Pipe*>node.data
    cdef u32 ready = 0
    if pipe.ring.used or pipe.retired & 1:
        ready |= VFS_POLLIN
    if pipe.writer == NULL:
        ready |= VFS_POLLHUP
    return ready


cdef u32 poll_writer(Vnode* node) noexcept nogil:
    cdef Pipe* pipe = <Pipe*>node.data
    cdef u32 ready = 0
    if ring_room(&pipe.ring) >= PIPE_ATOMIC or pipe.retired & 2:
        ready |= VFS_POLLOUT
    if pipe.reader == NULL:
        ready |= VFS_POLLERR
    return ready


cdef i64 pipe_available(Vnode* node) noexcept nogil:
    return <i64>(<Pipe*>node.data).ring.used


cdef void retire_end(Vnode* node) noexcept nogil:
    cdef Pipe* pipe = <Pipe*>node.data
    mutex_lock(&pipe.lock)
    pipe.retired |= 1 if node == pipe.reader else 2
    condition_broadcast(&pipe.changed)
    mutex_unlock(&pipe.lock)
    vnode_ready(node, VFS_POLLIN | VFS_POLLOUT | VFS_POLLHUP)


cdef void destroy_end(Vnode* node) noexcept nogil:
    cdef Pipe* pipe = <Pipe*>node.data
    cdef bint last
    mutex_lock(&pipe.lock)
    if node == pipe.reader:
        pipe.reader = NULL
        if pipe.writer != NULL:
            vnode_ready(pipe.writer, VFS_POLLERR | VFS_POLLOUT)
    else:
        pipe.writer = NULL
        if pipe.reader != NULL:
            vnode_ready(pipe.reader, VFS_POLLHUP)
    condition_broadcast(&pipe.changed)
    last = pipe.reader == NULL and pipe.writer == NULL
    mutex_unlock(&pipe.lock)
    kfree(node)
    if last:
        ring_free(&pipe.ring)
        kfree(pipe)


cdef public int pipe_open(int* ends, u32 flags) noexcept nogil:
    cdef Pipe* pipe = <Pipe*>kcalloc(1, sizeof(Pipe))
    cdef Vnode* reader = <Vnode*>kcalloc(1, sizeof(Vnode))
    cdef Vnode* writer = <Vnode*>kcalloc(1, sizeof(Vnode))
    if pipe == NULL or reader == NULL or writer == NULL:
        kfree(pipe)
        kfree(reader)
        kfree(writer)
        return -ENOMEM
    pipe.ring.limit = PIPE_CAPACITY
    pipe.reader = reader
    pipe.writer = writer
    anonymous_node(reader, &reader_operations, VFS_S_IFIFO | 0o600)
    anonymous_node(writer, &writer_operations, VFS_S_IFIFO | 0o600)
    reader.data = writer.data = pipe
    flags &= VFS_O_NONBLOCK
    ends[0] = anonymous_open(reader, VFS_O_RDONLY | flags)
    if ends[0] < 0:
        vnode_put(writer)
        return ends[0]
    ends[1] = anonymous_open(writer, VFS_O_WRONLY | flags)
    if ends[1] < 0:
        vfs_close(ends[0])
        return ends[1]
    return 0


# --- event counters -----------------------------------------------------------------------------------

cdef i64 counter_read(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef Counter* counter = <Counter*>node
    cdef i64 result = 8
    if size < 8:
        return -EINVAL
    mutex_lock(&counter.lock)
    while counter.value == 0 and not counter.retired:
        result = await_change(&counter.changed, &counter.lock, flags)
        if result:
            break
        result = 8
    if result == 8:
        if counter.retired:
            result = -EINTR
        else:
            (<u64*>into)[0] = counter.value
            counter.value = 0
            condition_broadcast(&counter.changed)
            vnode_ready(node, VFS_POLLOUT)
    mutex_unlock(&counter.lock)
    return result


cdef i64 counter_write(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef Counter* counter = <Counter*>node
    cdef i64 result = 8
    cdef u64 value
    if size < 8:
        return -EINVAL
    value = (<const u64*>data)[0]
    if value == <u64>-1:
        return -EINVAL
    mutex_lock(&counter.lock)
    while value >= <u64>-1 - counter.value and not counter.retired:
        result = await_change(&counter.changed, &counter.lock, flags)
        if result:
            break
        result = 8
    if result == 8:
        if counter.retired:
            result = -EINTR
        else:
            counter.value += value
            condition_broadcast(&counter.changed)
            vnode_ready(node, VFS_POLLIN)
    mutex_unlock(&counter.lock)
    return result


cdef u32 counter_poll(Vnode* node) noexcept nogil:
    cdef Counter* counter = <Counter*>node
    cdef u32 ready = 0
    if counter.value or counter.retired:
        ready |= VFS_POLLIN
    if counter.value < <u64>-2:
        ready |= VFS_POLLOUT
    return ready


cdef void counter_retire(Vnode* node) noexcept nogil:
    cdef Counter* counter = <Counter*>node
    mutex_lock(&counter.lock)
    counter.retired = True
    condition_broadcast(&counter.changed)
    mutex_unlock(&counter.lock)
    vnode_ready(node, VFS_POLLIN | VFS_POLLHUP)


cdef void counter_destroy(Vnode* node) noexcept nogil:
    kfree(node)


cdef public int event_counter_open(u32 flags) noexcept nogil:
    cdef Counter* counter = <Counter*>kcalloc(1, sizeof(Counter))
    if counter == NULL:
        return -ENOMEM
    anonymous_node(&counter.node, &counter_operations, 0o600)
    return anonymous_open(&counter.node, VFS_O_RDWR | (flags & VFS_O_NONBLOCK))


cdef public void pipes_init() noexcept nogil:
    reader_operations.unlocked = writer_operations.unlocked = counter_operations.unlocked = True
    reader_operations.read = pipe_read
    reader_operations.poll = poll_reader
    reader_operations.available = pipe_available
    writer_operations.write = pipe_write
    writer_operations.poll = poll_writer
    reader_operations.retire = writer_operations.retire = retire_end
    reader_operations.destroy = writer_operations.destroy = destroy_end
    counter_operations.read = counter_read
    counter_operations.write = counter_write
    counter_operations.poll = counter_poll
    counter_operations.retire = counter_retire
    counter_operations.destroy = counter_destroy
