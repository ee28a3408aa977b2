# From paths to vnodes and back: working directory, canonical paths, watches.  See vfs.pxd and paths.pxd.
from kernel.types cimport i64, u32, u64
from kernel.files.descriptors cimport *
from kernel.files.errno cimport *
from kernel.files.notify cimport notify_add, notify_is, notify_remove
from kernel.files.vfs cimport *
from kernel.files.vnode cimport *
from kernel.files.walk cimport *
from kernel.memory.string cimport memcpy, memmove, strlen
from kernel.threads.sync cimport mutex_lock, mutex_unlock


cdef public int vfs_find(const char* path, bint follow, Vnode** found) noexcept nogil:
    cdef Walk walk
    cdef int error
    mutex_lock(&vfs_lock)
    error = walk_path(path, follow, &walk)
    if error == 0:
        if walk.node == NULL:
            error = -ENOENT
        else:
            found[0] = vnode_get(walk.node)
        walk_end(&walk)
    mutex_unlock(&vfs_lock)
    return error


cdef public int vfs_chdir(const char* path) noexcept nogil:
    cdef Vnode* node
    cdef int error = vfs_find(path, True, &node)
    if error == 0:
        if is_folder(node):
            mutex_lock(&vfs_lock)
            walk_set_cwd(node)
            mutex_unlock(&vfs_lock)
        else:
            vnode_put(node)
            error = -ENOTDIR
    return error


# Puts a component (or a NUL, length 0) before what stands at `at`; NULL: no room.
cdef char* before(char* into, char* at, const char* name, u64 length) noexcept nogil:
    if <u64>(at - into) < length + 1:
        return NULL
    at -= length
    memcpy(at, name, length)
    at -= 1
    at[0] = c'/'
    return at


cdef public i64 path_of(Vnode* folder, const char* name, u64 length, char* into, u64 size) noexcept nogil:
    cdef DirectoryEntry entry
    cdef Vnode* up
    cdef Vnode* node
    cdef Vnode* child
    cdef char* at
    cdef u64 up_length
    cdef bint found
    if size < 2:
        return -ERANGE
    at = into + size - 1
    at[0] = 0
    if length:
        at = before(into, at, name, length)
    while at != NULL and folder != walk_root():
        node = folder
        while node == node.mount.root and node.mount.over != NULL:
            node = node.mount.over
        up = walk_up(folder)
        if up == folder:
            return -ENOENT               # it has been removed
        entry.next = 0
        found = False
        if node.operations.name != NULL:
            up_length = 0
            if node.operations.name(node, entry.name, &up_length) != 0:
                return -ENOENT
            entry.length = <u32>up_length
            found = True
        while not found and up.operations.entry(up, entry.next, &entry) == 1:
            if entry.inode == node.inode and up.operations.lookup(up, entry.name, entry.length, &child) == 0:
                found = child == node
                vnode_put(child)
        if not found:
            return -ENOENT
        at = before(into, at, entry.name, entry.length)
        folder = up
    if at == NULL:
        return -ERANGE
    if at[0] == 0:
        at -= 1
        at[0] = c'/'
    size = strlen(at)
    memmove(into, at, size + 1)
    return <i64>size


cdef public i64 vfs_getcwd(char* into, u64 size) noexcept nogil:
    cdef i64 result
    mutex_lock(&vfs_lock)
    result = path_of(walk_cwd(), NULL, 0, into, size)
    mutex_unlock(&vfs_lock)
    return result


cdef public i64 vfs_realpath(const char* path, char* into, u64 size) noexcept nogil:
    cdef Walk walk
    cdef i64 result
    mutex_lock(&vfs_lock)
    result = walk_path(path, True, &walk)
    if result == 0:
        if walk.node == NULL:
            result = -ENOENT
        elif walk.parent == NULL:
            result = path_of(walk.node, NULL, 0, into, size)
        else:
            result = path_of(walk.parent, walk.name, walk.length, into, size)
        walk_end(&walk)
    mutex_unlock(&vfs_lock)
    return result


cdef public int vfs_watch(int queue, const char* path, u32 mask) noexcept nogil:
    cdef File* file = file_get(queue)
    cdef Vnode* folder
    cdef int result
    if file == NULL:
        return -EBADF
    result = vfs_find(path, True, &folder)
    if result == 0:
        mutex_lock(&vfs_lock)
        result = notify_add(file.node, folder, mask) if notify_is(file.node) else -EINVAL
        mutex_unlock(&vfs_lock)
        vnode_put(folder)
    file_put(file)
    return result


cdef public int vfs_unwatch(int queue, int watch) noexcept nogil:
    cdef File* file = file_get(queue)
    cdef int result
    if file == NULL:
        return -EBADF
    result = notify_remove(file.node, watch) if notify_is(file.node) else -EINVAL
    file_put(file)
    return result
