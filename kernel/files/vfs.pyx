# Mounts and opening: see vfs.pxd.  The rest of the virtual file system lies beside it: paths in walk.pyx and
# paths.pyx, vnodes in vnode.pyx, descriptors, contents, attributes, names and polling in the files named so.
from kernel.types cimport i64, u32, u64
from kernel.files.anonymous cimport anonymous_init
from kernel.files.descriptors cimport descriptors_init
from kernel.files.errno cimport *
from kernel.files.notify cimport NOTIFY_CREATE, NOTIFY_MODIFY, notify_active, notify_contents, notify_init, notify_name
from kernel.files.paths cimport path_of
from kernel.files.pipe cimport pipes_init
from kernel.files.ramfs cimport ramfs_create
from kernel.files.readiness cimport readiness_init
from kernel.files.vnode cimport *
from kernel.files.walk cimport *
from kernel.memory.string cimport memset
from kernel.threads.sync cimport mutex_lock, mutex_unlock

cdef Mount* mounts
cdef u64 mount_count
cdef u32 umask


cdef public int vfs_init() noexcept nogil:
    global mounts, mount_count, umask
    cdef Mount* mount
    cdef int error
    memset(&vfs_lock, 0, sizeof(vfs_lock))
    descriptors_init()
    anonymous_init()
    readiness_init()
    pipes_init()
    notify_init()
    mounts = NULL
    mount_count = 0
    umask = 0
    mount = ramfs_create()
    if mount == NULL:
        return -ENOMEM
    mount_count = 1
    mount.device = 1
    mounts = mount
    walk_init(mount.root)
    error = vfs_mkdir(b"/dev", 0o755)
    if error == 0:
        error = vfs_mkdir(b"/boot", 0o755)
    if error == 0:
        error = vfs_mkdir(b"/tmp", 0o1777)
    if error == 0:
        error = vfs_mkdir(b"/root", 0o700)   # user.home
    return error


cdef public int vfs_mount(const char* path, Mount* mount) noexcept nogil:
    global mounts, mount_count
    cdef Walk walk
    cdef int error
    mutex_lock(&vfs_lock)
    error = walk_path(path, True, &walk)
    if error == 0:
        if walk.node == NULL:
            error = -ENOENT
        elif not is_folder(walk.node):
            error = -ENOTDIR
        else:
            mount_count += 1
            mount.device = mount_count
            mount.over = vnode_get(walk.node)
            mount.next = mounts
            mounts = mount
            walk.node.covered = mount
        walk_end(&walk)
    mutex_unlock(&vfs_lock)
    return error


cdef public i64 vfs_mount_at(u64 index, char* into, u64 size, const char** type, bint* read_only) noexcept nogil:
    cdef Mount* mount
    cdef i64 result = -ENOENT
    mutex_lock(&vfs_lock)
    mount = mounts
    while mount != NULL and index:
        mount = mount.next
        index -= 1
    if mount != NULL:
        type[0] = mount.type
        read_only[0] = mount.read_only
        result = path_of(mount.root, NULL, 0, into, size)
    mutex_unlock(&vfs_lock)
    return result


cdef public void vfs_set_umask(u32 mask) noexcept nogil:
    global umask
    umask = mask & 0o777


cdef public u32 vfs_umask() noexcept nogil:
    return umask


cdef int open_walked(Walk* walk, u32 flags, u32 mode) noexcept nogil:
    cdef bint writes = flags & VFS_O_ACCMODE != VFS_O_RDONLY
    cdef int error
    if walk.node == NULL:
        if flags & VFS_O_CREAT == 0:
            return -ENOENT
        if walk.slash:
            return -EISDIR
        if flags & VFS_O_DIRECTORY:
            return -EINVAL
        if is_frozen(walk.parent) or walk.parent.operations.create == NULL:
            return -EROFS
        error = walk.parent.operations.create(walk.parent, walk.name, walk.length,
                                              VFS_S_IFREG | (mode & VNODE_MODE_BITS & ~umask), &walk.node)
        if error == 0 and notify_active():
            notify_name(walk.parent, walk.name, walk.length, NOTIFY_CREATE)
        if error == 0 and walk.node.operations.open != NULL:
            error = walk.node.operations.open(walk.node, flags)
        if error != 0:
            return error
        return vfs_open_vnode(walk.node, flags)
    if flags & VFS_O_CREAT and flags & VFS_O_EXCL:
        return -EEXIST
    error = refresh(walk.node)
    if error != 0:
        return error
    if kind(walk.node) == VFS_S_IFLNK:
        return -ELOOP                    # O_NOFOLLOW
    if is_folder(walk.node):
        if writes or flags & VFS_O_CREAT:
            return -EISDIR
    elif flags & VFS_O_DIRECTORY:
        return -ENOTDIR
    if kind(walk.node) == VFS_S_IFSOCK and flags & VFS_O_PATH == 0:
        return -ENXIO
    if kind(walk.node) == VFS_S_IFREG and (writes or flags & VFS_O_TRUNC) and is_frozen(walk.node):
        return -EROFS
    if flags & VFS_O_TRUNC and writes and kind(walk.node) == VFS_S_IFREG:
        error = vnode_truncate(walk.node, 0)
        if error != 0:
            return error
        if notify_active():
            notify_contents(walk.node, NOTIFY_MODIFY)
    if walk.node.operations.open != NULL and flags & VFS_O_PATH == 0:
        error = walk.node.operations.open(walk.node, flags)
        if error != 0:
            return error
    return vfs_open_vnode(walk.node, flags)


cdef public int vfs_open(const char* path, u32 flags, u32 mode) noexcept nogil:
    cdef Walk walk
    cdef int result
    cdef bint follow = flags & VFS_O_NOFOLLOW == 0 and flags & (VFS_O_CREAT | VFS_O_EXCL) != VFS_O_CREAT | VFS_O_EXCL
    if flags & VFS_O_ACCMODE == VFS_O_ACCMODE:
        return -EINVAL
    cdef int tries = 0
    mutex_lock(&vfs_lock)
    while True:
        result = walk_path(path, follow, &walk)
        if result == 0:
            result = open_walked(&walk, flags, mode)
            walk_end(&walk)
        # Somebody outside made the file between the walk and the creation: it is there to be opened now.
        tries += 1
        if result != -EEXIST or flags & VFS_O_EXCL or tries == 3:
            break
    mutex_unlock(&vfs_lock)
    return result
