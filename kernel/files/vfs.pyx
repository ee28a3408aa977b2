# The virtual file system: see vfs.pxd.  Path walk is in walk.pyx, file systems beside it.
#
# Access times stay as they were made or set: reading writes nothing (mount option "noatime").
# There is one user, root: permission bits are kept and shown, and only access(2) for execution looks.
from kernel.types cimport i64, u8, u32, u64
from kernel.files.attributes cimport attribute_get, attribute_list, attribute_remove, attribute_set
from kernel.files.anonymous cimport anonymous_init
from kernel.files.errno cimport *
from kernel.files.mapping cimport MAPPING_WRITE, mapping_flush, mapping_make, mapping_truncated, mapping_written
from kernel.files.notify cimport (NOTIFY_ATTRIBUTES, NOTIFY_CREATE, NOTIFY_DELETE, NOTIFY_MODIFY, NOTIFY_MOVED_FROM, NOTIFY_MOVED_TO,
                                  notify_active, notify_add, notify_contents, notify_gone, notify_init, notify_is, notify_name,
                                  notify_remove)
from kernel.files.pipe cimport pipes_init
from kernel.files.walk cimport *
from kernel.files.ramfs cimport ramfs_create
from kernel.files.readiness cimport readiness_forget, readiness_init
from kernel.memory.heap cimport kcalloc, kfree, krealloc
from kernel.memory.pages cimport PAGE_SHIFT, PAGE_SIZE, PageStatistics, pages_statistics
from kernel.memory.string cimport memcpy, memmove, memset, strlen
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.sync cimport (Mutex, Parker, mutex_lock, mutex_unlock, parker_park, parker_unpark)
from kernel.threads.thread cimport threads_expect_event
from kernel.time.clock cimport clock_wall, clock_monotonic

cdef enum:
    FIRST_DESCRIPTORS = 64
    TRANSFER_MAX = 0x7FFFF000            # what one read or write moves at most, as Linux's
    NAMESPACE_BITS = 0o7777

cdef Mutex vfs_lock
cdef Mount* mounts
cdef u64 mount_count
cdef File** descriptors
cdef int descriptor_count
cdef u32 umask


cdef inline u32 kind(Vnode* node) noexcept nogil:
    return node.mode & VFS_S_IFMT


# Brings size, mode and times up to date where something else may have changed them.
cdef inline int refresh(Vnode* node) noexcept nogil:
    return node.operations.refresh(node) if node.operations.refresh != NULL else 0


cdef inline bint is_folder(Vnode* node) noexcept nogil:
    return kind(node) == VFS_S_IFDIR


# Read-only file systems still let their devices be written to.
cdef inline bint is_frozen(Vnode* node) noexcept nogil:
    return node.mount.read_only


# --- references -----------------------------------------------------------------------------------

cdef public Vnode* vnode_get(Vnode* node) noexcept nogil:
    events_mask()
    node.references += 1
    events_unmask()
    return node


cdef public void vnode_put(Vnode* node) noexcept nogil:
    cdef Vnode* parent
    cdef bint dead
    while node != NULL:
        events_mask()
        node.references -= 1
        dead = node.references == 0
        events_unmask()
        if not dead:
            return
        if node.watches != NULL:
            readiness_forget(node)
        parent = node.parent             # it held a reference to its parent
        node.operations.destroy(node)
        node = parent


cdef File* file_get(int fd) noexcept nogil:
    cdef File* file = NULL
    events_mask()
    if 0 <= fd < descriptor_count:
        file = descriptors[fd]
        if file != NULL:
            file.references += 1
    events_unmask()
    return file


cdef void file_put(File* file) noexcept nogil:
    cdef bint dead
    events_mask()
    file.references -= 1
    dead = file.references == 0
    events_unmask()
    if dead:
        vnode_put(file.node)
        kfree(file)


# Puts `file` (whose reference passes over) at the lowest free descriptor from `lowest` on.
cdef int install(File* file, int lowest) noexcept nogil:
    global descriptors, descriptor_count
    cdef int fd, capacity
    cdef File** larger
    events_mask()
    fd = lowest
    while fd < descriptor_count and descriptors[fd] != NULL:
        fd += 1
    if fd >= DESCRIPTORS_MAX:
        events_unmask()
        return -EMFILE
    if fd >= descriptor_count:
        capacity = max(descriptor_count, <int>FIRST_DESCRIPTORS)
        while capacity <= fd:
            capacity *= 2
        larger = <File**>krealloc(descriptors, capacity * sizeof(File*))
        if larger == NULL:
            events_unmask()
            return -ENOMEM
        memset(larger + descriptor_count, 0, (capacity - descriptor_count) * sizeof(File*))
        descriptors = larger
        descriptor_count = capacity
    descriptors[fd] = file
    events_unmask()
    return fd


cdef int open_node(Vnode* node, u32 flags) noexcept nogil:
    cdef File* file = <File*>kcalloc(1, sizeof(File))
    cdef int fd
    if file == NULL:
        return -ENOMEM
    file.node = vnode_get(node)
    file.references = 1
    file.flags = flags
    fd = install(file, 0)
    if fd < 0:
        file_put(file)
    return fd


cdef public int vfs_open_vnode(Vnode* node, u32 flags) noexcept nogil:
    return open_node(node, flags)


cdef public Vnode* vfs_vnode(int fd) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef Vnode* node
    if file == NULL:
        return NULL
    node = vnode_get(file.node)
    file_put(file)
    return node


# --- set-up ---------------------------------------------------------------------------------------

cdef public int vfs_init() noexcept nogil:
    global mounts, mount_count, descriptors, descriptor_count, umask
    cdef Mount* mount
    cdef int error
    memset(&vfs_lock, 0, sizeof(vfs_lock))
    anonymous_init()
    readiness_init()
    pipes_init()
    notify_init()
    mounts = NULL
    mount_count = 0
    descriptors = NULL
    descriptor_count = 0
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


# --- opening --------------------------------------------------------------------------------------

# Watches of the directories that `node` is in hear of it; vfs_lock is free.
cdef void tell(Vnode* node, u32 what) noexcept nogil:
    if notify_active():
        mutex_lock(&vfs_lock)
        notify_contents(node, what)
        mutex_unlock(&vfs_lock)


cdef int truncate_node(Vnode* node, u64 size) noexcept nogil:
    cdef int error
    if is_folder(node):
        return -EISDIR
    if is_frozen(node):
        return -EROFS
    if kind(node) != VFS_S_IFREG or node.operations.truncate == NULL:
        return -EINVAL
    if <i64>size < 0:
        return -EINVAL
    mutex_lock(&node.lock)
    if node.mappings != NULL:
        mapping_flush(node, 0, ~<u64>0)
    error = node.operations.truncate(node, size)
    if node.mappings != NULL:
        mapping_truncated(node)
    mutex_unlock(&node.lock)
    return error


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
                                              VFS_S_IFREG | (mode & NAMESPACE_BITS & ~umask), &walk.node)
        if error == 0 and notify_active():
            notify_name(walk.parent, walk.name, walk.length, NOTIFY_CREATE)
        if error == 0 and walk.node.operations.open != NULL:
            error = walk.node.operations.open(walk.node, flags)
        if error != 0:
            return error
        return open_node(walk.node, flags)
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
        error = truncate_node(walk.node, 0)
        if error != 0:
            return error
        if notify_active():
            notify_contents(walk.node, NOTIFY_MODIFY)
    if walk.node.operations.open != NULL and flags & VFS_O_PATH == 0:
        error = walk.node.operations.open(walk.node, flags)
        if error != 0:
            return error
    return open_node(walk.node, flags)


cdef public int vfs_descriptors() noexcept nogil:
    cdef int count = 0
    cdef int fd
    events_mask()
    for fd in range(descriptor_count):
        count += descriptors[fd] != NULL
    events_unmask()
    return count


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


cdef public int vfs_close(int fd) noexcept nogil:
    cdef File* file = NULL
    events_mask()
    if 0 <= fd < descriptor_count:
        file = descriptors[fd]
        descriptors[fd] = NULL
    events_unmask()
    if file == NULL:
        return -EBADF
    file_put(file)
    return 0


cdef public int vfs_dup(int fd) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int result
    if file == NULL:
        return -EBADF
    result = install(file, 0)
    if result < 0:
        file_put(file)
    return result


cdef public int vfs_dup2(int fd, int target) noexcept nogil:
    cdef File* file
    cdef File* old = NULL
    cdef int result
    if target < 0 or target >= DESCRIPTORS_MAX:
        return -EBADF
    file = file_get(fd)
    if file == NULL:
        return -EBADF
    if fd == target:
        file_put(file)
        return fd
    events_mask()
    if target < descriptor_count:
        old = descriptors[target]
        descriptors[target] = NULL
    result = install(file, target)
    events_unmask()
    if result < 0:
        file_put(file)
    if old != NULL:
        file_put(old)
    return result


cdef public int vfs_get_flags(int fd) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int flags
    if file == NULL:
        return -EBADF
    flags = file.flags & ~(VFS_O_CREAT | VFS_O_EXCL | VFS_O_NOCTTY | VFS_O_TRUNC | VFS_O_CLOEXEC)
    file_put(file)
    return flags


cdef public int vfs_set_flags(int fd, u32 flags) noexcept nogil:
    cdef File* file = file_get(fd)
    if file == NULL:
        return -EBADF
    file.flags = (file.flags & ~<u32>(VFS_O_APPEND | VFS_O_NONBLOCK)) | (flags & (VFS_O_APPEND | VFS_O_NONBLOCK))
    file_put(file)
    return 0


# --- contents -------------------------------------------------------------------------------------

cdef i64 read_node(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef i64 result
    if is_folder(node):
        return -EISDIR
    if node.operations.read == NULL:
        return -EINVAL
    if <i64>offset < 0:
        return -EINVAL
    if size == 0:
        return 0
    size = min(size, <u64>TRANSFER_MAX)
    if node.operations.unlocked and node.mappings == NULL:
        return node.operations.read(node, into, size, offset, flags)
    mutex_lock(&node.lock)
    if node.mappings != NULL:
        mapping_flush(node, offset, size)
    result = node.operations.read(node, into, size, offset, flags)
    mutex_unlock(&node.lock)
    return result


# `position` follows what was written (with O_APPEND, from the end of the file).
cdef i64 write_node(Vnode* node, const void* data, u64 size, u64* position, u32 flags) noexcept nogil:
    cdef i64 result
    if node.operations.write == NULL or is_folder(node):
        return -EINVAL
    if <i64>position[0] < 0:
        return -EINVAL
    if size == 0:
        return 0
    size = min(size, <u64>TRANSFER_MAX)
    cdef bint locked = not node.operations.unlocked or node.mappings != NULL
    if locked:
        mutex_lock(&node.lock)
    if flags & VFS_O_APPEND:
        refresh(node)
        position[0] = node.size
    if locked and node.mappings != NULL:
        mapping_flush(node, position[0], size)
    result = node.operations.write(node, data, size, position[0], flags)
    if locked and node.mappings != NULL and result > 0:
        mapping_written(node, data, position[0], <u64>result)
    if locked:
        mutex_unlock(&node.lock)
    if result > 0:
        position[0] += <u64>result
        tell(node, NOTIFY_MODIFY)
    return result


cdef inline bint is_readable(File* file) noexcept nogil:
    return file.flags & VFS_O_ACCMODE != VFS_O_WRONLY


cdef inline bint is_writable(File* file) noexcept nogil:
    return file.flags & VFS_O_ACCMODE != VFS_O_RDONLY


cdef inline bint is_seekable(File* file) noexcept nogil:
    return kind(file.node) in (VFS_S_IFREG, VFS_S_IFDIR, VFS_S_IFBLK)


cdef public i64 vfs_read(int fd, void* into, u64 size) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef i64 result
    if file == NULL:
        return -EBADF
    if not is_readable(file):
        result = -EBADF
    elif not is_seekable(file):
        result = read_node(file.node, into, size, 0, file.flags)
    else:
        mutex_lock(&file.lock)
        result = read_node(file.node, into, size, file.position, file.flags)
        if result > 0:
            file.position += <u64>result
        mutex_unlock(&file.lock)
    file_put(file)
    return result


cdef public i64 vfs_write(int fd, const void* data, u64 size) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef i64 result
    cdef u64 none = 0
    if file == NULL:
        return -EBADF
    if not is_writable(file):
        result = -EBADF
    elif not is_seekable(file):
        result = write_node(file.node, data, size, &none, file.flags)
    else:
        mutex_lock(&file.lock)
        result = write_node(file.node, data, size, &file.position, file.flags)
        mutex_unlock(&file.lock)
    file_put(file)
    return result


cdef public i64 vfs_pread(int fd, void* into, u64 size, u64 offset) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef i64 result
    if file == NULL:
        return -EBADF
    if not is_readable(file):
        result = -EBADF
    elif not is_seekable(file):
        result = -ESPIPE
    else:
        result = read_node(file.node, into, size, offset, file.flags)
    file_put(file)
    return result


# Unlike Linux and like POSIX, O_APPEND does not change where pwrite writes.
cdef public i64 vfs_pwrite(int fd, const void* data, u64 size, u64 offset) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef i64 result
    if file == NULL:
        return -EBADF
    if not is_writable(file):
        result = -EBADF
    elif not is_seekable(file):
        result = -ESPIPE
    else:
        result = write_node(file.node, data, size, &offset, file.flags & ~<u32>VFS_O_APPEND)
    file_put(file)
    return result


cdef public i64 vfs_lseek(int fd, i64 offset, int whence) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef i64 base = 0, result
    if file == NULL:
        return -EBADF
    if not is_seekable(file):
        file_put(file)
        return -ESPIPE
    mutex_lock(&file.lock)
    if whence == VFS_SEEK_CUR:
        base = <i64>file.position
    elif whence == VFS_SEEK_END:
        refresh(file.node)
        base = <i64>file.node.size
    result = <i64>(<u64>base + <u64>offset)
    if whence < VFS_SEEK_SET or whence > VFS_SEEK_END or (result < 0 and not (offset > 0 and base > 0)):
        result = -EINVAL
    elif result < 0:
        result = -EOVERFLOW
    else:
        file.position = <u64>result
    mutex_unlock(&file.lock)
    file_put(file)
    return result


cdef public int vfs_fsync(int fd) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int result = 0                  # memory is as lasting as it gets
    if file == NULL:
        return -EBADF
    if file.node.mappings != NULL:
        mutex_lock(&file.node.lock)
        result = mapping_flush(file.node, 0, ~<u64>0)
        mutex_unlock(&file.node.lock)
    if file.node.operations.sync != NULL and result == 0:
        result = file.node.operations.sync(file.node)
    file_put(file)
    return result


cdef public int vfs_map(int fd, void** address, u64* size) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int result = -ENODEV
    if file == NULL:
        return -EBADF
    if not is_readable(file):
        result = -EACCES
    elif file.node.operations.map != NULL:
        result = file.node.operations.map(file.node, address, size)
    file_put(file)
    return result


cdef public int vfs_map_part(int fd, u64 offset, u64 length, int kind, u64* address) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int result
    if file == NULL:
        return -EBADF
    if not is_readable(file) or (kind == MAPPING_WRITE and not is_writable(file)):
        result = -EACCES
    else:
        if file.node.operations.refresh != NULL:
            refresh(file.node)
        result = mapping_make(file.node, offset, length, kind, address)
    file_put(file)
    return result


cdef public int vfs_control(int fd, u64 request, void* argument) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int result = -ENOTTY
    if file == NULL:
        return -EBADF
    if file.node.operations.control != NULL:
        result = file.node.operations.control(file.node, request, argument)
    file_put(file)
    return result


cdef public i64 vfs_available(int fd) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef i64 result = 0
    if file == NULL:
        return -EBADF
    if kind(file.node) == VFS_S_IFREG:
        refresh(file.node)
        if file.position < file.node.size:
            result = <i64>(file.node.size - file.position)
    elif file.node.operations.available != NULL:
        result = file.node.operations.available(file.node)
    file_put(file)
    return result


# --- attributes -----------------------------------------------------------------------------------

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


# The vnode that a path names, with a reference.
cdef int find(const char* path, bint follow, Vnode** found) noexcept nogil:
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


cdef int stat_path(const char* path, bint follow, FileStat* into) noexcept nogil:
    cdef Vnode* node
    cdef int error = find(path, follow, &node)
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
    cdef int error = find(path, True, &node)
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


cdef public void vfs_set_umask(u32 mask) noexcept nogil:
    global umask
    umask = mask & 0o777


cdef public int vfs_access(const char* path, int mode) noexcept nogil:
    cdef Vnode* node
    cdef int error
    if mode & ~7:
        return -EINVAL
    error = find(path, True, &node)
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
    cdef int error = find(path, follow, &node)
    if error == 0:
        error = change_owner(node, uid, gid)
        tell(node, NOTIFY_ATTRIBUTES)
        vnode_put(node)
    return error


cdef public int vfs_fchown(int fd, int uid, int gid) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int error
    if file == NULL:
        return -EBADF
    error = change_owner(file.node, uid, gid)
    tell(file.node, NOTIFY_ATTRIBUTES)
    file_put(file)
    return error


cdef int change_mode(Vnode* node, u32 mode) noexcept nogil:
    if is_frozen(node):
        return -EROFS
    if node.operations.change != NULL:
        return node.operations.change(node, VFS_CHANGE_MODE, mode & NAMESPACE_BITS, 0, 0)
    events_mask()
    node.mode = kind(node) | (mode & NAMESPACE_BITS)
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
    cdef int error = find(path, True, &node)
    if error == 0:
        error = change_mode(node, mode)
        tell(node, NOTIFY_ATTRIBUTES)
        vnode_put(node)
    return error


cdef public int vfs_fchmod(int fd, u32 mode) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int error
    if file == NULL:
        return -EBADF
    error = change_mode(file.node, mode)
    tell(file.node, NOTIFY_ATTRIBUTES)
    file_put(file)
    return error


cdef public int vfs_utimens(const char* path, i64 access_time, i64 modify_time) noexcept nogil:
    cdef Vnode* node
    cdef int error = find(path, True, &node)
    if error == 0:
        error = change_times(node, access_time, modify_time)
        tell(node, NOTIFY_ATTRIBUTES)
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
    cdef int error = find(path, True, &node)
    if error == 0:
        error = truncate_node(node, size)
        tell(node, NOTIFY_MODIFY)
        vnode_put(node)
    return error


cdef public int vfs_ftruncate(int fd, u64 size) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef int error
    if file == NULL:
        return -EBADF
    error = truncate_node(file.node, size) if is_writable(file) else -EINVAL
    if error == 0:
        tell(file.node, NOTIFY_MODIFY)
    file_put(file)
    return error


# --- extended attributes --------------------------------------------------------------------------

# An open file that has some, its vnode locked; NULL: `error` says why.
cdef File* attributes_begin(int fd, bint change, Attribute*** list, i64* error) noexcept nogil:
    cdef File* file = file_get(fd)
    error[0] = -EBADF
    if file == NULL:
        return NULL
    if (kind(file.node) == VFS_S_IFREG or is_folder(file.node)) and file.node.operations.attributes != NULL:
        if not (change and is_frozen(file.node)):
            list[0] = file.node.operations.attributes(file.node)
            mutex_lock(&file.node.lock)
            return file
        error[0] = -EROFS
    else:
        error[0] = -EOPNOTSUPP
    file_put(file)
    return NULL


cdef void attributes_end(File* file, bint changed) noexcept nogil:
    if changed:
        file.node.change_time = <i64>clock_wall()
    mutex_unlock(&file.node.lock)
    if changed:
        tell(file.node, NOTIFY_ATTRIBUTES)
    file_put(file)


cdef public i64 vfs_get_attribute(int fd, const char* name, void* into, u64 size) noexcept nogil:
    cdef Attribute** list
    cdef i64 result
    cdef File* file = attributes_begin(fd, False, &list, &result)
    if file != NULL:
        result = attribute_get(list[0], name, into, size)
        attributes_end(file, False)
    return result


cdef public int vfs_set_attribute(int fd, const char* name, const void* value, u64 size) noexcept nogil:
    cdef Attribute** list
    cdef i64 result
    cdef File* file = attributes_begin(fd, True, &list, &result)
    if file != NULL:
        result = attribute_set(list, name, value, size)
        attributes_end(file, result == 0)
    return <int>result


cdef public int vfs_remove_attribute(int fd, const char* name) noexcept nogil:
    cdef Attribute** list
    cdef i64 result
    cdef File* file = attributes_begin(fd, True, &list, &result)
    if file != NULL:
        result = attribute_remove(list, name)
        attributes_end(file, result == 0)
    return <int>result


cdef public i64 vfs_list_attributes(int fd, char* into, u64 size) noexcept nogil:
    cdef Attribute** list
    cdef i64 result
    cdef File* file = attributes_begin(fd, False, &list, &result)
    if file != NULL:
        result = attribute_list(list[0], into, size)
        attributes_end(file, False)
    return result


# --- names ----------------------------------------------------------------------------------------

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
    return vfs_make_node(path, VFS_S_IFDIR | (mode & NAMESPACE_BITS & ~umask), 0, NULL, NULL)


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


cdef public int vfs_find_node(const char* path, Vnode** found) noexcept nogil:
    return find(path, True, found)


cdef public int vfs_make_socket(const char* path, Vnode** made) noexcept nogil:
    cdef int error = vfs_make_node(path, VFS_S_IFSOCK | (0o777 & ~umask), 0, NULL, NULL)
    if error == -EEXIST:
        return -EADDRINUSE
    return vfs_find_node(path, made) if error == 0 else error


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
    cdef i64 result = find(path, False, &node)
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


cdef public int vfs_chdir(const char* path) noexcept nogil:
    cdef Vnode* node
    cdef int error = find(path, True, &node)
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


# The absolute path of `folder`, then `name`, at the front of `into` with a NUL: its length.
cdef i64 path_of(Vnode* folder, const char* name, u64 length, char* into, u64 size) noexcept nogil:
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


cdef public int vfs_watch(int queue, const char* path, u32 mask) noexcept nogil:
    cdef File* file = file_get(queue)
    cdef Vnode* folder
    cdef int result
    if file == NULL:
        return -EBADF
    result = find(path, True, &folder)
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


# --- readiness ------------------------------------------------------------------------------------

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
    cdef int ready
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
        parker_park(&parker, deadline)
        threads_expect_event(-1)
    for i in range(count):
        if polled[i].file != NULL:
            vnode_unwatch(polled[i].file.node, &polled[i].watch)
            file_put(polled[i].file)
    kfree(polled)
    return ready
