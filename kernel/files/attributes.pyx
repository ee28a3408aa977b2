# Sizes, times, owners and permissions of files.  See vfs.pxd.
#
# There is one user, root: permission bits are kept and shown, and only access(2) for execution looks.
from kernel.types cimport i64, u32, u64
from kernel.files.descriptors cimport *
from kernel.files.errno cimport *
from kernel.files.notify cimport NOTIFY_ATTRIBUTES, NOTIFY_MODIFY
from kernel.files.vfs cimport *
from kernel.files.vnode cimport *
from kernel.memory.pages cimport PAGE_SHIFT, PAGE_SIZE, PageStatistics, pages_statistics
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.time.clock cimport clock_wall


cdef int fill_stat(Vnode* node, FileStat* into) noexcept nogil:
    cdef int error = refresh(node)
    if error != 0:
        return error
    memset(into, 0, sizeof(FileStat))
    events_mask()
    into.device = node.mount.device
    into.inode = node.inode
    into.mode = node.mode
    into.links = node.links
    into.uid = node.uid
    into.gid = node.gid
    into.rdevice = node.rdevice
    into.size = node.size
    into.blocks = (node.size + 511) >> 9
    into.access_time = node.access_time
    into.modify_time = node.modify_time
    into.change_time = node.change_time
    into.create_time = node.create_time
    events_unmask()
    return 0


cdef int stat_path(const char* path, bint follow, FileStat* into) noexcept nogil:
    cdef Vnode* node
    cdef int error = vfs_find(path, follow, &node)
    if error == 0:
        error = fill_stat(node, into)
        vnode_put(node)
    return error


cdef public int vfs_stat(const char* path, FileStat* into) noexcept nogil:
    return stat_path(path, True, into)


cdef public int vfs_lstat(const char* path, FileStat* into) noexcept nogil:
    return stat_path(path, False, into)


cdef public int vfs_fstat(int fd, FileStat* into) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int error
    if file == NULL:
        return -EBADF
    error = fill_stat(file.node, into)
    file_put(file)
    return error


cdef public int vfs_statfs(const char* path, FileSystemStatus* into) noexcept nogil:
    cdef PageStatistics memory
    cdef Vnode* node
    cdef int error = vfs_find(path, True, &node)
    if error != 0:
        return error
    memset(into, 0, sizeof(FileSystemStatus))
    if node.operations.status != NULL:
        error = node.operations.status(node, into)
    else:                                # it is memory
        pages_statistics(&memory)
        into.block_size = PAGE_SIZE
        into.blocks = memory.total >> PAGE_SHIFT
        into.blocks_free = memory.free >> PAGE_SHIFT
        into.blocks_available = into.blocks_free
        into.name_limit = NAME_LIMIT
    vnode_put(node)
    return error


cdef public int vfs_access(const char* path, int mode) noexcept nogil:
    cdef Vnode* node
    cdef int error
    if mode & ~7:
        return -EINVAL
    error = vfs_find(path, True, &node)
    if error == 0:
        error = refresh(node)
        if error != 0:
            pass
        elif mode & VFS_W_OK and is_frozen(node) and kind(node) != VFS_S_IFCHR:
            error = -EROFS
        elif mode & VFS_X_OK and not is_folder(node) and node.mode & 0o111 == 0:
            error = -EACCES
        vnode_put(node)
    return error


cdef int change_owner(Vnode* node, int uid, int gid) noexcept nogil:
    if is_frozen(node):
        return -EROFS
    refresh(node)
    if (uid == -1 or <u32>uid == node.uid) and (gid == -1 or <u32>gid == node.gid):
        return 0
    if node.operations.change != NULL:
        return -EPERM
    events_mask()
    if uid != -1:
        node.uid = <u32>uid
    if gid != -1:
        node.gid = <u32>gid
    node.change_time = <i64>clock_wall()
    events_unmask()
    return 0


cdef public int vfs_chown(const char* path, bint follow, int uid, int gid) noexcept nogil:
    cdef Vnode* node
    cdef int error = vfs_find(path, follow, &node)
    if error == 0:
        error = change_owner(node, uid, gid)
        vnode_tell(node, NOTIFY_ATTRIBUTES)
        vnode_put(node)
    return error


cdef public int vfs_fchown(int fd, int uid, int gid) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int error
    if file == NULL:
        return -EBADF
    error = change_owner(file.node, uid, gid)
    vnode_tell(file.node, NOTIFY_ATTRIBUTES)
    file_put(file)
    return error


cdef int change_mode(Vnode* node, u32 mode) noexcept nogil:
    if is_frozen(node):
        return -EROFS
    if node.operations.change != NULL:
        return node.operations.change(node, VFS_CHANGE_MODE, mode & VNODE_MODE_BITS, 0, 0)
    events_mask()
    node.mode = kind(node) | (mode & VNODE_MODE_BITS)
    node.change_time = <i64>clock_wall()
    events_unmask()
    return 0


cdef int change_times(Vnode* node, i64 access_time, i64 modify_time) noexcept nogil:
    cdef i64 now = <i64>clock_wall()
    if is_frozen(node):
        return -EROFS
    if node.operations.change != NULL:
        return node.operations.change(node, VFS_CHANGE_TIMES, 0, access_time, modify_time)
    events_mask()
    if access_time != VFS_TIME_OMIT:
        node.access_time = now if access_time == VFS_TIME_NOW else access_time
    if modify_time != VFS_TIME_OMIT:
        node.modify_time = now if modify_time == VFS_TIME_NOW else modify_time
    node.change_time = now
    events_unmask()
    return 0


cdef public int vfs_chmod(const char* path, u32 mode) noexcept nogil:
    cdef Vnode* node
    cdef int error = vfs_find(path, True, &node)
    if error == 0:
        error = change_mode(node, mode)
        vnode_tell(node, NOTIFY_ATTRIBUTES)
        vnode_put(node)
    return error


cdef public int vfs_fchmod(int fd, u32 mode) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int error
    if file == NULL:
        return -EBADF
    error = change_mode(file.node, mode)
    vnode_tell(file.node, NOTIFY_ATTRIBUTES)
    file_put(file)
    return error


cdef public int vfs_utimens(const char* path, i64 access_time, i64 modify_time) noexcept nogil:
    cdef Vnode* node
    cdef int error = vfs_find(path, True, &node)
    if error == 0:
        error = change_times(node, access_time, modify_time)
        vnode_tell(node, NOTIFY_ATTRIBUTES)
        vnode_put(node)
    return error


cdef public int vfs_futimens(int fd, i64 access_time, i64 modify_time) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int error
    if file == NULL:
        return -EBADF
    error = change_times(file.node, access_time, modify_time)
    file_put(file)
    return error


cdef public int vfs_truncate(const char* path, u64 size) noexcept nogil:
    cdef Vnode* node
    cdef int error = vfs_find(path, True, &node)
    if error == 0:
        error = vnode_truncate(node, size)
        vnode_tell(node, NOTIFY_MODIFY)
        vnode_put(node)
    return error


cdef public int vfs_ftruncate(int fd, u64 size) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int error
    if file == NULL:
        return -EBADF
    error = vnode_truncate(file.node, size) if is_writable(file) else -EINVAL
    if error == 0:
        vnode_tell(file.node, NOTIFY_MODIFY)
    file_put(file)
    return error
