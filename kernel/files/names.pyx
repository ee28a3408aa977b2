# Names: making, removing, linking, renaming and listing them.  See vfs.pxd.
#
# Invariant: names change under vfs_lock only.
from kernel.types cimport i64, u32, u64
from kernel.files.descriptors cimport *
from kernel.files.errno cimport *
from kernel.files.notify cimport (NOTIFY_CREATE, NOTIFY_DELETE, NOTIFY_MOVED_FROM, NOTIFY_MOVED_TO, notify_active, notify_gone,
                                  notify_name)
from kernel.files.vfs cimport *
from kernel.files.vnode cimport *
from kernel.files.walk cimport *
from kernel.memory.string cimport memcpy
from kernel.threads.sync cimport mutex_lock, mutex_unlock


# Common to everything that makes a name: walked to a place where nothing is yet.
cdef int check_new(Walk* walk, bint folder) noexcept nogil:
    if walk.node != NULL:
        return -EEXIST
    if walk.slash and not folder:
        return -ENOENT
    if is_frozen(walk.parent):
        return -EROFS
    return 0


cdef public int vfs_mkdir(const char* path, u32 mode) noexcept nogil:
    return vfs_make_node(path, VFS_S_IFDIR | (mode & VNODE_MODE_BITS & ~vfs_umask()), 0, NULL, NULL)


cdef public int vfs_make_node(const char* path, u32 mode, u64 rdevice, const VnodeOperations* operations, void* data) noexcept nogil:
    cdef Walk walk
    cdef Vnode* made = NULL
    cdef int error
    mutex_lock(&vfs_lock)
    error = walk_path(path, False, &walk)
    if error == 0:
        error = check_new(&walk, mode & VFS_S_IFMT == VFS_S_IFDIR)
        if error == 0:
            error = -EROFS
            if walk.parent.operations.create != NULL:
                error = walk.parent.operations.create(walk.parent, walk.name, walk.length, mode, &made)
        if error == 0:
            made.rdevice = rdevice
            if operations != NULL:
                made.operations = operations
                made.data = data
            vnode_put(made)
            if notify_active():
                notify_name(walk.parent, walk.name, walk.length, NOTIFY_CREATE)
        walk_end(&walk)
    mutex_unlock(&vfs_lock)
    return error


cdef public int vfs_make_socket(const char* path, Vnode** made) noexcept nogil:
    cdef int error = vfs_make_node(path, VFS_S_IFSOCK | (0o777 & ~vfs_umask()), 0, NULL, NULL)
    if error == -EEXIST:
        return -EADDRINUSE
    return vfs_find(path, True, made) if error == 0 else error


cdef public int vfs_symlink(const char* contents, const char* path) noexcept nogil:
    cdef Walk walk
    cdef int error
    cdef u64 size = 0
    if contents == NULL:
        return -EFAULT
    while contents[size]:
        size += 1
        if size == PATH_LIMIT:
            return -ENAMETOOLONG
    if size == 0:
        return -ENOENT
    mutex_lock(&vfs_lock)
    error = walk_path(path, False, &walk)
    if error == 0:
        error = check_new(&walk, False)
        if error == 0:
            error = -EROFS
            if walk.parent.operations.symlink != NULL:
                error = walk.parent.operations.symlink(walk.parent, walk.name, walk.length, contents, size)
            if error == 0 and notify_active():
                notify_name(walk.parent, walk.name, walk.length, NOTIFY_CREATE)
        walk_end(&walk)
    mutex_unlock(&vfs_lock)
    return error


cdef public i64 vfs_readlink(const char* path, char* into, u64 size) noexcept nogil:
    cdef Vnode* node
    cdef i64 result = vfs_find(path, False, &node)
    if result == 0:
        result = -EINVAL
        if kind(node) == VFS_S_IFLNK and size and node.operations.readlink != NULL:
            result = node.operations.readlink(node, into, size)
        vnode_put(node)
    return result


cdef public int vfs_link(const char* path, const char* target) noexcept nogil:
    cdef Walk old, new
    cdef int error
    mutex_lock(&vfs_lock)
    error = walk_path(path, False, &old)
    if error == 0:
        if old.node == NULL:
            error = -ENOENT
        else:
            error = walk_path(target, False, &new)
            if error == 0:
                error = check_new(&new, False)
                if error == 0:
                    if is_folder(old.node):
                        error = -EPERM
                    elif old.node.mount != new.parent.mount:
                        error = -EXDEV
                    elif new.parent.operations.link == NULL:
                        error = -EROFS
                    else:
                        error = new.parent.operations.link(new.parent, new.name, new.length, old.node)
                    if error == 0 and notify_active():
                        notify_name(new.parent, new.name, new.length, NOTIFY_CREATE)
                walk_end(&new)
        walk_end(&old)
    mutex_unlock(&vfs_lock)
    return error


cdef int remove_walked(Walk* walk, bint folder) noexcept nogil:
    if walk.parent == NULL:
        # POSIX: rmdir of "." is EINVAL; "..", if anything, is not empty; "/" is busy.
        if not folder:
            return -EISDIR
        return -EINVAL if walk.dots == 1 else (-ENOTEMPTY if walk.dots == 2 else -EBUSY)
    if walk.node == NULL:
        return -ENOENT
    if folder and not is_folder(walk.node):
        return -ENOTDIR
    if not folder and is_folder(walk.node):
        return -EISDIR
    if walk.node == walk.node.mount.root:
        return -EBUSY
    if is_frozen(walk.parent) or walk.parent.operations.remove == NULL:
        return -EROFS
    return walk.parent.operations.remove(walk.parent, walk.name, walk.length, walk.node)


cdef int remove_path(const char* path, bint folder) noexcept nogil:
    cdef Walk walk
    cdef int error
    mutex_lock(&vfs_lock)
    error = walk_path(path, False, &walk)
    if error == 0:
        error = remove_walked(&walk, folder)
        if error == 0 and notify_active():
            notify_name(walk.parent, walk.name, walk.length, NOTIFY_DELETE)
            if folder:
                notify_gone(walk.node)
        walk_end(&walk)
    mutex_unlock(&vfs_lock)
    return error


cdef public int vfs_rmdir(const char* path) noexcept nogil:
    return remove_path(path, True)


cdef public int vfs_unlink(const char* path) noexcept nogil:
    return remove_path(path, False)


cdef bint is_inside(Vnode* node, Vnode* folder) noexcept nogil:
    cdef Vnode* up
    while True:
        if node == folder:
            return True
        up = walk_up(node)
        if up == node:
            return False
        node = up


cdef int rename_walked(Walk* old, Walk* new) noexcept nogil:
    if old.parent == NULL or new.parent == NULL:
        return -EBUSY                    # "/", "." and ".."
    if old.node == NULL:
        return -ENOENT
    if old.parent.mount != new.parent.mount:
        return -EXDEV
    if old.node == old.node.mount.root or (new.node != NULL and new.node == new.node.mount.root):
        return -EBUSY
    if is_frozen(old.parent):
        return -EROFS
    if not is_folder(old.node) and (new.slash or old.slash):
        return -ENOTDIR
    if new.node == old.node:
        return 0
    if is_folder(old.node) and is_inside(new.parent, old.node):
        return -EINVAL
    if new.node != NULL and is_inside(old.parent, new.node):
        return -ENOTEMPTY                # as Linux says it, before it looks at kinds
    if new.node != NULL:
        if is_folder(new.node) and not is_folder(old.node):
            return -EISDIR
        if not is_folder(new.node) and is_folder(old.node):
            return -ENOTDIR
    if old.parent.operations.rename == NULL:
        return -EROFS
    return old.parent.operations.rename(old.parent, old.name, old.length, old.node, new.parent, new.name, new.length,
                                        new.node)


cdef public int vfs_rename(const char* path, const char* target) noexcept nogil:
    cdef Walk old, new
    cdef int error
    mutex_lock(&vfs_lock)
    error = walk_path(path, False, &old)
    if error == 0:
        error = walk_path(target, False, &new)
        if error == 0:
            error = rename_walked(&old, &new)
            if error == 0 and notify_active() and old.node != new.node:
                notify_name(old.parent, old.name, old.length, NOTIFY_MOVED_FROM)
                notify_name(new.parent, new.name, new.length, NOTIFY_MOVED_TO)
            walk_end(&new)
        walk_end(&old)
    mutex_unlock(&vfs_lock)
    return error


cdef public int vfs_readdir(int fd, DirectoryEntry* entry) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef Vnode* folder
    cdef Vnode* node
    cdef int result
    if file == NULL:
        return -EBADF
    folder = file.node
    if not is_folder(folder) or folder.operations.entry == NULL:
        file_put(file)
        return -ENOTDIR
    mutex_lock(&vfs_lock)
    mutex_lock(&file.lock)
    if file.position < 2:
        node = walk_up(folder) if file.position else folder
        entry.inode = node.inode
        entry.mode = VFS_S_IFDIR
        entry.length = <u32>file.position + 1
        entry.next = file.position + 1
        memcpy(entry.name, b"..", entry.length)
        entry.name[entry.length] = 0
        result = 1
    else:
        result = folder.operations.entry(folder, file.position - 2, entry)
        entry.next += 2
    if result == 1:
        file.position = entry.next
    mutex_unlock(&file.lock)
    mutex_unlock(&vfs_lock)
    file_put(file)
    return result
