# Readiness sets: see readiness.pxd.
#
# An interest is queued in its set when its vnode tells of readiness, and asked what is ready when it is
# taken out again; a level-triggered one that was ready goes back to the end of the queue.  So a wait costs
# as much as there is ready, not as there is watched.
#
# Invariant: `interests_lock` guards which interests exist; the queues are guarded by masking events, because
# vnode_ready is called anywhere.  A vnode with an interest is in memory while the lock is held: whoever
# frees it calls readiness_forget first.
# Lock order: interests_lock, then what the poll operation of a vnode takes.
from kernel.types cimport i32, i64, u32, u64
from kernel.files.anonymous cimport anonymous_node, anonymous_open
from kernel.files.errno cimport EBADF, EEXIST, EINTR, EINVAL, ENOENT, ENOMEM, EPERM
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.sync cimport Mutex, mutex_lock, mutex_unlock
from kernel.threads.thread cimport WaitQueue, thread_block_interruptible, threads_expect_event, waitqueue_wake_all, waitqueue_wake_one
from kernel.time.clock cimport clock_monotonic

cdef enum:
    BUCKETS = 64
    ALWAYS = VFS_POLLERR | VFS_POLLHUP

cdef struct Interest:
    PollWatch watch                      # first: notify is given its address
    Vnode* node
    ReadySet* owner
    int fd
    u64 data                             # epoll_event.data
    u32 events                           # with the READINESS_ bits
    bint quiet                           # one-shot, and reported
    bint queued
    Interest* next                       # in its bucket
    Interest* ready_next
    Interest* ready_previous

cdef struct ReadySet:
    Vnode node
    Interest* buckets[BUCKETS]
    Interest* first                      # the queue
    Interest* last
    WaitQueue waiters
    bint retired

cdef Mutex interests_lock
cdef VnodeOperations set_operations


# --- the queue: events masked ---------------------------------------------------------------------------

cdef void enqueue(Interest* interest) noexcept nogil:
    cdef ReadySet* owner = interest.owner
    if interest.queued:
        return
    interest.queued = True
    interest.ready_next = NULL
    interest.ready_previous = owner.last
    if owner.last != NULL:
        owner.last.ready_next = interest
    else:
        owner.first = interest
    owner.last = interest


cdef void dequeue(Interest* interest) noexcept nogil:
    cdef ReadySet* owner = interest.owner
    if not interest.queued:
        return
    interest.queued = False
    if interest.ready_previous != NULL:
        interest.ready_previous.ready_next = interest.ready_next
    else:
        owner.first = interest.ready_next
    if interest.ready_next != NULL:
        interest.ready_next.ready_previous = interest.ready_previous
    else:
        owner.last = interest.ready_previous


cdef void interest_notify(PollWatch* watch) noexcept nogil:
    cdef Interest* interest = <Interest*>watch
    if interest.quiet or interest.queued:
        return
    enqueue(interest)
    waitqueue_wake_one(&interest.owner.waiters, 0)
    vnode_ready(&interest.owner.node, VFS_POLLIN)


# --- interests: under interests_lock --------------------------------------------------------------------

cdef Interest** place(ReadySet* owner, int fd, Vnode* node) noexcept nogil:
    cdef Interest** at = &owner.buckets[<u32>fd % BUCKETS]
    while at[0] != NULL and (at[0].fd != fd or at[0].node != node):
        at = &at[0].next
    return at


cdef void drop(Interest** at) noexcept nogil:
    cdef Interest* interest = at[0]
    at[0] = interest.next
    vnode_unwatch(interest.node, &interest.watch)
    events_mask()
    dequeue(interest)
    events_unmask()
    kfree(interest)


cdef void look_at_once(Interest* interest, u32 events) noexcept nogil:
    events_mask()
    interest.events = events
    interest.watch.events = events
    interest.quiet = False
    interest_notify(&interest.watch)
    events_unmask()


cdef int control(ReadySet* owner, int operation, int fd, Vnode* node, u32 events, u64 data) noexcept nogil:
    cdef Interest** at = place(owner, fd, node)
    cdef Interest* interest
    if operation == READINESS_ADD:
        if at[0] != NULL:
            return -EEXIST
        interest = <Interest*>kcalloc(1, sizeof(Interest))
        if interest == NULL:
            return -ENOMEM
        interest.node = node
        interest.owner = owner
        interest.fd = fd
        interest.data = data
        interest.watch.notify = interest_notify
        at[0] = interest
        vnode_watch(node, &interest.watch)
        look_at_once(interest, events)
        return 0
    if at[0] == NULL:
        return -ENOENT
    if operation == READINESS_DELETE:
        drop(at)
    elif operation == READINESS_MODIFY:
        at[0].data = data
        look_at_once(at[0], events)
    else:
        return -EINVAL
    return 0


# What is ready of what was queued when it began.
cdef int harvest(ReadySet* owner, ReadyEvent* events, int count) noexcept nogil:
    cdef Interest* interest
    cdef Interest* end = owner.last
    cdef u32 ready
    cdef int found = 0
    cdef bint is_end = end == NULL
    while found < count and not is_end:
        events_mask()
        interest = owner.first
        is_end = interest == end
        dequeue(interest)
        events_unmask()
        if interest.quiet:
            continue
        ready = interest.node.operations.poll(interest.node) & (interest.events | ALWAYS)
        if ready == 0:
            continue
        events[found].events = ready
        events[found].fd = <i32>interest.data
        events[found].upper = <u32>(interest.data >> 32)
        found += 1
        events_mask()
        if interest.events & <u32>READINESS_ONE_SHOT:
            interest.quiet = True
            dequeue(interest)
        elif interest.events & <u32>READINESS_EDGE == 0:
            enqueue(interest)
        events_unmask()
    return found


# --- operations -----------------------------------------------------------------------------------------

cdef ReadySet* set_of(int fd, int* error) noexcept nogil:
    cdef Vnode* node = vfs_vnode(fd)
    if node == NULL:
        error[0] = -EBADF
        return NULL
    if node.operations != &set_operations:
        vnode_put(node)
        error[0] = -EINVAL
        return NULL
    return <ReadySet*>node


cdef public int readiness_open() noexcept nogil:
    cdef ReadySet* made = <ReadySet*>kcalloc(1, sizeof(ReadySet))
    if made == NULL:
        return -ENOMEM
    anonymous_node(&made.node, &set_operations, 0o600)
    return anonymous_open(&made.node, VFS_O_RDWR)


cdef public int readiness_control(int set_fd, int operation, int fd, u32 events, u64 data) noexcept nogil:
    cdef int result = 0
    cdef ReadySet* owner = set_of(set_fd, &result)
    cdef Vnode* node
    if owner == NULL:
        return result
    node = vfs_vnode(fd)
    if node == NULL:
        result = -EBADF
    elif node.operations.poll == NULL:
        result = -EPERM
    elif node == &owner.node:
        result = -EINVAL
    else:
        mutex_lock(&interests_lock)
        result = control(owner, operation, fd, node, events, data)
        mutex_unlock(&interests_lock)
    if node != NULL:
        vnode_put(node)
    vnode_put(&owner.node)
    return result


cdef public int readiness_wait(int set_fd, ReadyEvent* events, int count, u64 deadline) noexcept nogil:
    cdef int result = 0
    cdef ReadySet* owner
    if count <= 0:
        return -EINVAL
    owner = set_of(set_fd, &result)
    if owner == NULL:
        return result
    while True:
        mutex_lock(&interests_lock)
        result = harvest(owner, events, count)
        mutex_unlock(&interests_lock)
        if result or deadline == 1 or (deadline and clock_monotonic() >= deadline):
            break
        if owner.retired:
            result = -EINTR
            break
        threads_expect_event(1)
        events_mask()
        if owner.first == NULL and not owner.retired:
            result = thread_block_interruptible(&owner.waiters, deadline, b"readiness", owner)
        events_unmask()
        threads_expect_event(-1)
        if result == -EINTR:
            break
    vnode_put(&owner.node)
    return result


cdef u32 set_poll(Vnode* node) noexcept nogil:
    return VFS_POLLIN if (<ReadySet*>node).first != NULL else 0


cdef void set_retire(Vnode* node) noexcept nogil:
    events_mask()
    (<ReadySet*>node).retired = True
    waitqueue_wake_all(&(<ReadySet*>node).waiters, 0)
    events_unmask()


cdef void set_destroy(Vnode* node) noexcept nogil:
    cdef ReadySet* owner = <ReadySet*>node
    cdef int i
    mutex_lock(&interests_lock)
    for i in range(BUCKETS):
        while owner.buckets[i] != NULL:
            drop(&owner.buckets[i])
    mutex_unlock(&interests_lock)
    kfree(owner)


cdef public void readiness_forget(Vnode* node) noexcept nogil:
    cdef Interest* interest
    mutex_lock(&interests_lock)
    while node.watches != NULL:          # of interests only: a poll holds a reference to its vnode
        interest = <Interest*>node.watches
        drop(place(interest.owner, interest.fd, node))
    mutex_unlock(&interests_lock)


cdef public void readiness_init() noexcept nogil:
    memset(&interests_lock, 0, sizeof(interests_lock))
    set_operations.unlocked = True
    set_operations.poll = set_poll
    set_operations.retire = set_retire
    set_operations.destroy = set_destroy
