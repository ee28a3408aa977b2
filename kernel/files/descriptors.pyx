# Descriptors and open files.  See descriptors.pxd; the functions named vfs_ are in vfs.pxd.
#
# Invariant: the table changes with events masked only.
from kernel.types cimport u32
from kernel.files.errno cimport *
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kcalloc, kfree, krealloc
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask

cdef enum:
    FIRST_DESCRIPTORS = 64

cdef File** descriptors
cdef int descriptor_count


cdef public void descriptors_init() noexcept nogil:
    global descriptors, descriptor_count
    descriptors = NULL
    descriptor_count = 0


cdef public File* file_get(int fd) noexcept nogil:
    cdef File* file = NULL
    events_mask()
    if 0 <= fd < descriptor_count:
        file = descriptors[fd]
        if file != NULL:
            file.references += 1
    events_unmask()
    return file


cdef public void file_put(File* file) noexcept nogil:
    cdef bint dead
    events_mask()
    file.references -= 1
    dead = file.references == 0
    events_unmask()
    if dead:
        vnode_put(file.node)
        kfree(file)


cdef public int file_install(File* file, int lowest) noexcept nogil:
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


cdef public int vfs_open_vnode(Vnode* node, u32 flags) noexcept nogil:
    cdef File* file = <File*>kcalloc(1, sizeof(File))
    cdef int fd
    if file == NULL:
        return -ENOMEM
    file.node = vnode_get(node)
    file.references = 1
    file.flags = flags
    fd = file_install(file, 0)
    if fd < 0:
        file_put(file)
    return fd


cdef public Vnode* vfs_vnode(int fd) noexcept nogil:
    cdef File* file = file_get(fd)
    cdef Vnode* node
    if file == NULL:
        return NULL
    node = vnode_get(file.node)
    file_put(file)
    return node


cdef public int vfs_descriptors() noexcept nogil:
    cdef int count = 0
    cdef int fd
    events_mask()
    for fd in range(descriptor_count):
        count += descriptors[fd] != NULL
    events_unmask()
    return count


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
    result = file_install(file, 0)
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
    result = file_install(file, target)
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
