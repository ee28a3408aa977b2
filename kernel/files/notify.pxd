# Watching directories: inotify(7) for what is done inside the guest.
#
# Invariant: a watch is of a directory, which it knows by file system and inode and holds a reference to; the lists
# change with vfs_lock held.  What somebody outside the guest does in a host folder is not told.
# Interface: vfs.pyx tells, with vfs_lock held, when notify_active() says that there are watches.
from kernel.types cimport u32, u64
from kernel.files.vfs cimport Vnode

# inotify(7), as sun.nio.fs.LinuxWatchService has them.
cdef enum:
    NOTIFY_MODIFY = 0x2
    NOTIFY_ATTRIBUTES = 0x4
    NOTIFY_MOVED_FROM = 0x40
    NOTIFY_MOVED_TO = 0x80
    NOTIFY_CREATE = 0x100
    NOTIFY_DELETE = 0x200
    NOTIFY_OVERFLOW = 0x4000
    NOTIFY_IGNORED = 0x8000

cdef struct NotifyEvent:                 # what a read gives, followed by `length` bytes of name and NULs
    int watch
    u32 mask
    u32 cookie
    u32 length

cdef extern void notify_init() noexcept nogil
cdef extern bint notify_active() noexcept nogil
cdef extern int notify_open(u32 flags) noexcept nogil                    # a descriptor to read events from
cdef extern int notify_add(Vnode* queue, Vnode* folder, u32 mask) noexcept nogil     # the watch's number; the same for the same folder
cdef extern int notify_remove(Vnode* queue, int watch) noexcept nogil
cdef extern bint notify_is(Vnode* node) noexcept nogil
# Something happened to a name in `folder`, to the contents of `node`, to `folder` itself, which is gone.
cdef extern void notify_name(Vnode* folder, const char* name, u64 length, u32 mask) noexcept nogil
cdef extern void notify_contents(Vnode* node, u32 mask) noexcept nogil
cdef extern void notify_gone(Vnode* folder) noexcept nogil
