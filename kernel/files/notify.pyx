# Watching directories: see notify.pxd.
from kernel.types cimport i64, u8, u32, u64
from kernel.files.anonymous cimport anonymous_node, anonymous_open
from kernel.files.errno cimport EAGAIN, EINTR, EINVAL, ENOMEM, ENOSPC
from kernel.files.notify cimport *
from kernel.files.vfs cimport (DirectoryEntry, NAME_LIMIT, VFS_O_NONBLOCK, VFS_POLLIN, Vnode, VnodeOperations, vnode_get, vnode_put,
                               vnode_ready)
from kernel.memory.heap cimport kcalloc, kfree, kmalloc
from kernel.memory.string cimport memcmp, memcpy, memset
from kernel.threads.sync cimport Condition, Mutex, condition_broadcast, condition_wait, mutex_lock, mutex_unlock
from kernel.threads.thread cimport threads_expect_event

cdef enum:
    EVENTS_MAX = 16384                   # /proc/sys/fs/inotify/max_queued_events

cdef struct Event:
    Event* next
    NotifyEvent head
    u32 name_length                      # without the NULs
    char name[1]

cdef struct Queue:
    Vnode node                           # first: a Vnode* is a Queue*
    Mutex lock
    Condition changed
    Event* first
    Event* last
    u32 count
    int next_watch
    bint retired

cdef struct Watch:
    Watch* next
    Queue* queue                         # which takes its watches with it when it dies
    Vnode* folder
    int number
    u32 mask

cdef Watch* watches
cdef Mutex watches_lock                  # inside vfs_lock
cdef VnodeOperations operations


cdef void set_watches(Watch* first) noexcept nogil:
    global watches
    watches = first


cdef public bint notify_active() noexcept nogil:
    return watches != NULL


cdef public bint notify_is(Vnode* node) noexcept nogil:
    return node.operations == &operations


cdef u64 padded(u64 length) noexcept nogil:
    return (length + 1 + 15) & ~<u64>15 if length else 0


# Two events in a row that say the same are one.
cdef void add_event(Queue* queue, int watch, u32 mask, const char* name, u64 length) noexcept nogil:
    cdef Event* event
    mutex_lock(&queue.lock)
    event = queue.last
    if event != NULL and event.head.watch == watch and event.head.mask == mask and event.name_length == length \
            and memcmp(event.name, name, length) == 0:
        mutex_unlock(&queue.lock)
        return
    if queue.count >= EVENTS_MAX:
        watch = -1
        mask = NOTIFY_OVERFLOW
        length = 0
    if queue.count <= EVENTS_MAX:
        event = <Event*>kmalloc(sizeof(Event) + length)
        if event != NULL:
            memset(event, 0, sizeof(Event))
            event.head.watch = watch
            event.head.mask = mask
            event.head.length = <u32>padded(length)
            event.name_length = <u32>length
            memcpy(event.name, name, length)
            if queue.last != NULL:
                queue.last.next = event
            else:
                queue.first = event
            queue.last = event
            queue.count += 1
            condition_broadcast(&queue.changed)
    mutex_unlock(&queue.lock)
    vnode_ready(&queue.node, VFS_POLLIN)


cdef inline bint same(Vnode* a, Vnode* b) noexcept nogil:
    return a.inode == b.inode and a.mount == b.mount


cdef public void notify_name(Vnode* folder, const char* name, u64 length, u32 mask) noexcept nogil:
    cdef Watch* watch
    mutex_lock(&watches_lock)
    watch = watches
    while watch != NULL:
        if watch.mask & mask and same(watch.folder, folder):
            add_event(watch.queue, watch.number, mask, name, length)
        watch = watch.next
    mutex_unlock(&watches_lock)


# A file does not know its names: each watched directory is looked through for it.
cdef public void notify_contents(Vnode* node, u32 mask) noexcept nogil:
    cdef DirectoryEntry entry
    cdef Watch* watch
    mutex_lock(&watches_lock)
    watch = watches
    while watch != NULL:
        if watch.mask & mask and watch.folder.mount == node.mount and watch.folder.operations.entry != NULL:
            entry.next = 0
            while watch.folder.operations.entry(watch.folder, entry.next, &entry) == 1:
                if entry.inode == node.inode:
                    add_event(watch.queue, watch.number, mask, entry.name, entry.length)
        watch = watch.next
    mutex_unlock(&watches_lock)


# Unlinks and frees the watch at `place`; watches_lock.
cdef void drop(Watch** place) noexcept nogil:
    cdef Watch* watch = place[0]
    place[0] = watch.next
    vnode_put(watch.folder)
    kfree(watch)


cdef public void notify_gone(Vnode* folder) noexcept nogil:
    cdef Watch** place = &watches
    mutex_lock(&watches_lock)
    while place[0] != NULL:
        if same(place[0].folder, folder):
            add_event(place[0].queue, place[0].number, NOTIFY_IGNORED, b"", 0)
            drop(place)
        else:
            place = &place[0].next
    mutex_unlock(&watches_lock)


cdef public int notify_add(Vnode* node, Vnode* folder, u32 mask) noexcept nogil:
    cdef Queue* queue = <Queue*>node
    cdef Watch* watch
    cdef int number
    mutex_lock(&watches_lock)
    watch = watches
    while watch != NULL and not (watch.queue == queue and same(watch.folder, folder)):
        watch = watch.next
    if watch == NULL:
        watch = <Watch*>kcalloc(1, sizeof(Watch))
        if watch == NULL:
            mutex_unlock(&watches_lock)
            return -ENOSPC
        queue.next_watch += 1
        watch.number = queue.next_watch
        watch.queue = queue
        watch.folder = vnode_get(folder)
        watch.next = watches
        set_watches(watch)
    watch.mask = mask
    number = watch.number
    mutex_unlock(&watches_lock)
    return number


cdef public int notify_remove(Vnode* node, int number) noexcept nogil:
    cdef Watch** place = &watches
    cdef int error = -EINVAL
    mutex_lock(&watches_lock)
    while place[0] != NULL and error != 0:
        if place[0].queue == <Queue*>node and place[0].number == number:
            add_event(place[0].queue, number, NOTIFY_IGNORED, b"", 0)
            drop(place)
            error = 0
        else:
            place = &place[0].next
    mutex_unlock(&watches_lock)
    return error


# Whole events only, as many as fit.
cdef i64 queue_read(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef Queue* queue = <Queue*>node
    cdef Event* event
    cdef u64 done = 0
    cdef i64 result = 0
    mutex_lock(&queue.lock)
    while queue.first == NULL and not queue.retired and result == 0:
        if flags & VFS_O_NONBLOCK:
            result = -EAGAIN
        else:
            threads_expect_event(1)
            condition_wait(&queue.changed, &queue.lock, 0)
            threads_expect_event(-1)
    if queue.retired:
        result = -EINTR
    while result == 0 and queue.first != NULL:
        event = queue.first
        if sizeof(NotifyEvent) + event.head.length > size - done:
            if done == 0:
                result = -EINVAL
            break
        memcpy(<u8*>into + done, &event.head, sizeof(NotifyEvent))
        done += sizeof(NotifyEvent)
        memset(<u8*>into + done, 0, event.head.length)
        memcpy(<u8*>into + done, event.name, event.name_length)
        done += event.head.length
        queue.first = event.next
        if queue.first == NULL:
            queue.last = NULL
        queue.count -= 1
        kfree(event)
    mutex_unlock(&queue.lock)
    return result if result != 0 else <i64>done


cdef u32 queue_poll(Vnode* node) noexcept nogil:
    return VFS_POLLIN if (<Queue*>node).first != NULL or (<Queue*>node).retired else 0


cdef void queue_retire(Vnode* node) noexcept nogil:
    cdef Queue* queue = <Queue*>node
    mutex_lock(&queue.lock)
    queue.retired = True
    condition_broadcast(&queue.changed)
    mutex_unlock(&queue.lock)
    vnode_ready(node, VFS_POLLIN)


cdef void queue_destroy(Vnode* node) noexcept nogil:
    cdef Queue* queue = <Queue*>node
    cdef Watch** place = &watches
    cdef Event* event
    mutex_lock(&watches_lock)
    while place[0] != NULL:
        if place[0].queue == queue:
            drop(place)
        else:
            place = &place[0].next
    mutex_unlock(&watches_lock)
    while queue.first != NULL:
        event = queue.first
        queue.first = event.next
        kfree(event)
    kfree(queue)


cdef public int notify_open(u32 flags) noexcept nogil:
    cdef Queue* queue = <Queue*>kcalloc(1, sizeof(Queue))
    if queue == NULL:
        return -ENOMEM
    anonymous_node(&queue.node, &operations, 0o600)
    return anonymous_open(&queue.node, flags & VFS_O_NONBLOCK)


cdef public void notify_init() noexcept nogil:
    set_watches(NULL)
    operations.unlocked = True
    operations.read = queue_read
    operations.poll = queue_poll
    operations.retire = queue_retire
    operations.destroy = queue_destroy
