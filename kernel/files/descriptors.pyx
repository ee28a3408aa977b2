# Descriptors and open files.  See descriptors.pxd; the functions named vfs_ are in vfs.pxd.
#
# Invariant: the table changes with events masked only.
from kernel.types cimport u32
from kernel.files.descriptors cimport *
from kernel.files.errno cimport *
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kcalloc, kfree, krealloc
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask, thread_current

cdef enum:
    FIRST_DESCRIPTORS = 64

cdef FileContext first_context


cdef public void descriptors_init() noexcept nogil:
    memset(&first_context, 0, sizeof(first_context))


cdef public FileContext* file_context() noexcept nogil:
    cdef FileContext* context = <FileContext*>thread_current().files
    return context if context != NULL else &first_context


cdef public File* file_get(int fd) noexcept nogil:
    cdef FileContext* context = file_context()
    cdef File* file = NULL
    events_mask()
    if 0 <= fd < context.count:
        file = context.descriptors[fd].file
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


# Masked.
cdef int grow(FileContext* context, int fd) noexcept nogil:
    cdef int capacity = max(context.count, <int>FIRST_DESCRIPTORS)
    cdef Descriptor* larger
    while capacity <= fd:
        capacity *= 2
    larger = <Descriptor*>krealloc(context.descriptors, capacity * sizeof(Descriptor))
    if larger == NULL:
        return -ENOMEM
    memset(larger + context.count, 0, (capacity - context.count) * sizeof(Descriptor))
    context.descriptors = larger
    context.count = capacity
    return 0


cdef public int file_install(File* file, int lowest) noexcept nogil:
    cdef FileContext* context = file_context()
    cdef int fd = lowest
    events_mask()
    while fd < context.count and context.descriptors[fd].file != NULL:
        fd += 1
    if fd >= (context.limit if context.limit else <int>DESCRIPTORS_MAX):
        fd = -EMFILE
    elif fd >= context.count and grow(context, fd) < 0:
        fd = -ENOMEM
    else:
        context.descriptors[fd].file = file
        context.descriptors[fd].closes = False
    events_unmask()
    return fd


cdef public FileContext* file_context_copy() noexcept nogil:
    cdef FileContext* old = file_context()
    cdef FileContext* context = <FileContext*>kcalloc(1, sizeof(FileContext))
    cdef int fd
    if context == NULL:
        return NULL
    events_mask()
    context.descriptors = <Descriptor*>kcalloc(old.count, sizeof(Descriptor))
    if context.descriptors != NULL:
        context.count = old.count
        context.limit = old.limit
        for fd in range(old.count):
            context.descriptors[fd] = old.descriptors[fd]
            if old.descriptors[fd].file != NULL:
                old.descriptors[fd].file.references += 1
        context.folder = vnode_get(old.folder)
    events_unmask()
    if context.descriptors == NULL:
        kfree(context)
        return NULL
    return context


cdef void close_in(FileContext* context, int fd) noexcept nogil:
    cdef File* file
    events_mask()
    file = context.descriptors[fd].file
    context.descriptors[fd].file = NULL
    events_unmask()
    if file != NULL:
        file_put(file)


cdef public void file_context_exec(FileContext* context) noexcept nogil:
    cdef int fd
    for fd in range(context.count):
        if context.descriptors[fd].closes:
            close_in(context, fd)


cdef public void file_context_free(FileContext* context) noexcept nogil:
    cdef int fd
    if context == NULL:
        return
    for fd in range(context.count):
        close_in(context, fd)
    vnode_put(context.folder)
    kfree(context.descriptors)
    kfree(context)


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
    cdef FileContext* context = file_context()
    cdef int count = 0
    cdef int fd
    events_mask()
    for fd in range(context.count):
        count += context.descriptors[fd].file != NULL
    events_unmask()
    return count


cdef public int vfs_close(int fd) noexcept nogil:
    cdef FileContext* context = file_context()
    cdef File* file = NULL
    events_mask()
    if 0 <= fd < context.count:
        file = context.descriptors[fd].file
        context.descriptors[fd].file = NULL
    events_unmask()
    if file == NULL:
        return -EBADF
    file_put(file)
    return 0


cdef public int vfs_dup_from(int fd, int lowest) noexcept nogil:
    cdef File* file
    cdef int result
    if lowest < 0 or lowest >= DESCRIPTORS_MAX:
        return -EINVAL
    file = file_get(fd)
    if file == NULL:
        return -EBADF
    result = file_install(file, lowest)
    if result < 0:
        file_put(file)
    return result


cdef public int vfs_dup(int fd) noexcept nogil:
    return vfs_dup_from(fd, 0)


cdef public int vfs_dup2(int fd, int target) noexcept nogil:
    cdef FileContext* context = file_context()
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
    if target < context.count:
        old = context.descriptors[target].file
        context.descriptors[target].file = NULL
    result = file_install(file, target)
    events_unmask()
    if result < 0:
        file_put(file)
    if old != NULL:
        file_put(old)
    return result


cdef public int vfs_closes_on_exec(int fd) noexcept nogil:
    cdef FileContext* context = file_context()
    cdef int result = -EBADF
    events_mask()
    if 0 <= fd < context.count and context.descriptors[fd].file != NULL:
        result = context.descriptors[fd].closes
    events_unmask()
    return result


cdef public int vfs_close_on_exec(int fd, bint closes) noexcept nogil:
    cdef FileContext* context = file_context()
    cdef int result = -EBADF
    events_mask()
    if 0 <= fd < context.count and context.descriptors[fd].file != NULL:
        context.descriptors[fd].closes = closes
        result = 0
    events_unmask()
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
