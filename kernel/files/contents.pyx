# What open files hold: reading, writing, positions, mappings.  See vfs.pxd.
#
# Access times stay as they were made or set: reading writes nothing (mount option "noatime").
from kernel.types cimport i64, u32, u64
from kernel.files.descriptors cimport *
from kernel.files.errno cimport *
from kernel.files.mapping cimport MAPPING_WRITE, mapping_flush, mapping_make, mapping_written
from kernel.files.notify cimport NOTIFY_MODIFY
from kernel.files.vfs cimport *
from kernel.files.vnode cimport *
from kernel.threads.sync cimport mutex_lock, mutex_unlock

cdef enum:
    TRANSFER_MAX = 0x7FFFF000            # what one read or write moves at most, as Linux's


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
    if size == 0 and kind(node) != VFS_S_IFSOCK:               # to a socket, an empty datagram
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
        vnode_tell(node, NOTIFY_MODIFY)
    return result


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
