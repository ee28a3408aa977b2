# sun.nio.fs.LinuxWatchService on the kernel's directory watches (kernel/files/notify.pxd).
from kernel.types cimport i32, i64, u32, u64
from kernel.files.notify cimport NotifyEvent, notify_open
from kernel.files.pipe cimport pipe_open
from kernel.files.vfs cimport (PollRequest, VFS_O_NONBLOCK, VFS_POLLIN, vfs_get_flags, vfs_poll, vfs_set_flags, vfs_unwatch, vfs_watch)
from jvm.heap.object cimport Object, array_data
from jvm.loader.classes cimport JavaThread, Slot, TYPE_INT
from jvm.natives.descriptors cimport left_safe
from jvm.natives.nio_errors cimport throw_unix
from jvm.natives.support cimport array_new_primitive
from jvm.runtime.thread cimport thread_enter_safe


cdef i32 checked(JavaThread* t, i64 value) noexcept nogil:
    if value < 0:
        throw_unix(t, -value)
    return <i32>value


cdef public void native_watch_event_size(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = sizeof(NotifyEvent)


# Of wd, mask, cookie, len and name.
cdef public void native_watch_event_offsets(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* offsets = array_new_primitive(t, TYPE_INT, 5)
    cdef i32 i
    if offsets == NULL:
        return
    for i in range(5):
        (<i32*>array_data(offsets))[i] = 4 * i
    result.a = offsets


cdef public void native_watch_open(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = checked(t, notify_open(0))


cdef public void native_watch_add(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    result.i = checked(t, left_safe(t, vfs_watch(args[0].i, <const char*>args[1].raw, <u32>args[3].i)))


cdef public void native_watch_remove(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_unwatch(args[0].i, args[1].i)))


cdef public void native_watch_configure_blocking(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int flags = vfs_get_flags(args[0].i)
    if flags >= 0:
        flags = vfs_set_flags(args[0].i, <u32>flags & ~<u32>VFS_O_NONBLOCK if args[1].i else <u32>flags | VFS_O_NONBLOCK)
    checked(t, flags)


# A pair whose second end wakes who polls the first: a pipe does.
cdef public void native_watch_pair(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int ends[2]
    if checked(t, pipe_open(ends, 0)) >= 0:
        (<i32*>array_data(args[0].a))[0] = ends[0]
        (<i32*>array_data(args[0].a))[1] = ends[1]


cdef public void native_watch_poll(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef PollRequest requests[2]
    cdef int i
    for i in range(2):
        requests[i].fd = args[i].i
        requests[i].events = VFS_POLLIN
        requests[i].ready = 0
    thread_enter_safe(t)
    result.i = checked(t, left_safe(t, vfs_poll(requests, 2, 0)))
