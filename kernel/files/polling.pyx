# Waiting until descriptors are ready: poll(2) and the lists of watches behind it.  See vfs.pxd; epoll is in readiness.pyx.
#
# Invariant: a vnode's list of watches changes with events masked only, and a watch is in it for as long as its waiter's
# file is held.
from kernel.types cimport u32, u64
from kernel.files.descriptors cimport *
from kernel.files.errno cimport *
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.sync cimport Parker, parker_park_interruptible, parker_unpark
from kernel.threads.thread cimport threads_expect_event
from kernel.time.clock cimport clock_monotonic


cdef u32 ready_now(File* file) noexcept nogil:
    if file.node.operations.poll == NULL:
        return VFS_POLLIN | VFS_POLLOUT
    return file.node.operations.poll(file.node)


cdef public void vnode_ready(Vnode* node, u32 events) noexcept nogil:
    cdef PollWatch* watch
    events_mask()
    watch = node.watches
    while watch != NULL:
        if watch.events & events or events & (VFS_POLLERR | VFS_POLLHUP):
            if watch.notify != NULL:
                watch.notify(watch)
            else:
                parker_unpark(watch.parker)
        watch = watch.next
    events_unmask()


cdef public void vnode_watch(Vnode* node, PollWatch* watch) noexcept nogil:
    events_mask()
    watch.previous = NULL
    watch.next = node.watches
    if watch.next != NULL:
        watch.next.previous = watch
    node.watches = watch
    events_unmask()


cdef public void vnode_unwatch(Vnode* node, PollWatch* watch) noexcept nogil:
    events_mask()
    if watch.previous != NULL:
        watch.previous.next = watch.next
    else:
        node.watches = watch.next
    if watch.next != NULL:
        watch.next.previous = watch.previous
    events_unmask()


cdef struct Polled:
    File* file
    PollWatch watch


cdef int look(PollRequest* requests, Polled* polled, u64 count) noexcept nogil:
    cdef u64 i
    cdef int ready = 0
    for i in range(count):
        if requests[i].fd < 0:
            requests[i].ready = 0
        elif polled[i].file == NULL:
            requests[i].ready = VFS_POLLNVAL
        else:
            requests[i].ready = ready_now(polled[i].file) & (requests[i].events | VFS_POLLERR | VFS_POLLHUP)
        ready += requests[i].ready != 0
    return ready


cdef public int vfs_poll(PollRequest* requests, u64 count, u64 deadline) noexcept nogil:
    cdef Polled* polled
    cdef Parker parker
    cdef u64 i
    cdef int ready, interrupted = 0
    if count > DESCRIPTORS_MAX:
        return -EINVAL
    polled = <Polled*>kcalloc(count, sizeof(Polled))
    if polled == NULL:
        return -ENOMEM
    memset(&parker, 0, sizeof(parker))
    for i in range(count):
        polled[i].file = file_get(requests[i].fd)
        if polled[i].file != NULL:
            polled[i].watch.events = requests[i].events
            polled[i].watch.parker = &parker
            vnode_watch(polled[i].file.node, &polled[i].watch)
    while True:
        ready = look(requests, polled, count)
        if ready or deadline == 1 or (deadline and clock_monotonic() >= deadline):
            break
        threads_expect_event(1)
        interrupted = parker_park_interruptible(&parker, deadline)
        threads_expect_event(-1)
        if interrupted == -EINTR:
            ready = -EINTR
            break
    for i in range(count):
        if polled[i].file != NULL:
            vnode_unwatch(polled[i].file.node, &polled[i].watch)
            file_put(polled[i].file)
    kfree(polled)
    return ready
