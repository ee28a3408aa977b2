# Extended attributes of files by path and by descriptor (xattr(7)).  The work is the VFS's, on descriptors (kernel/files/extended.pxd);
# here are the borders, and what Linux says of files that can have none.
#
# (Deliberate: XATTR_CREATE and XATTR_REPLACE look first and set then; two threads that race for one name may both be let through.)
from kernel.types cimport i64, u64
from kernel.files.errno cimport EEXIST, EINVAL, ENODATA, ENOMEM, EPERM, ERANGE
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kfree, kmalloc
from cabi.calls.paths cimport path_at
from cabi.process.program cimport *

cdef enum:
    EFAULT = 14
    E2BIG = 7
    AT_FDCWD = -100
    NAME_MOST = 255                      # XATTR_NAME_MAX
    SIZE_MOST = 65536                    # XATTR_SIZE_MAX, XATTR_LIST_MAX
    CREATE = 1
    REPLACE = 2


# --- of what --------------------------------------------------------------------------------------------

# A descriptor to ask, which close_named closes; or a negative errno.  A symbolic link itself has no attributes: -EPERM.
cdef int open_named(const char* path, bint follow) noexcept nogil:
    cdef char* buffer
    cdef FileStat status
    cdef int error = 0, fd
    cdef const char* real = path_at(AT_FDCWD, path, &buffer, &error)
    if real == NULL:
        return error
    fd = vfs_lstat(real, &status) if not follow else 0
    if fd == 0:
        fd = -EPERM if not follow and status.mode & VFS_S_IFMT == VFS_S_IFLNK else vfs_open(real, VFS_O_RDONLY | VFS_O_NONBLOCK, 0)
    if buffer != NULL:
        kfree(buffer)
    return fd


# What the program gave as a name: -ERANGE unless it has 1 to 255 bytes.
cdef int check_name(const char* name) noexcept nogil:
    cdef int i = 0
    if not program_may(name, 1):
        return -EFAULT
    while name[i]:
        i += 1
        if i > NAME_MOST:
            return -ERANGE
    return 0 if i else -ERANGE


# --- the calls ------------------------------------------------------------------------------------------

cdef public i64 sys_fsetxattr(int fd, const char* name, const void* value, u64 size, int flags) noexcept nogil:
    cdef i64 result
    if flags & ~(CREATE | REPLACE):
        return -EINVAL
    result = check_name(name)
    if result < 0:
        return result
    if size > SIZE_MOST:
        return -E2BIG
    if size and not program_may(value, size):
        return -EFAULT
    if flags:
        result = vfs_get_attribute(fd, name, NULL, 0)
        if result >= 0 and flags & CREATE:
            return -EEXIST
        if result == -ENODATA and flags & REPLACE:
            return -ENODATA
        if result < 0 and result != -ENODATA:
            return result
    return vfs_set_attribute(fd, name, value, size)


cdef public i64 sys_fgetxattr(int fd, const char* name, void* value, u64 size) noexcept nogil:
    cdef i64 result = check_name(name)
    if result < 0:
        return result
    if size and not program_may(value, 1):
        return -EFAULT
    return vfs_get_attribute(fd, name, value, size)


cdef public i64 sys_flistxattr(int fd, char* list, u64 size) noexcept nogil:
    if size and not program_may(list, 1):
        return -EFAULT
    return vfs_list_attributes(fd, list, size)


cdef public i64 sys_fremovexattr(int fd, const char* name) noexcept nogil:
    cdef i64 result = check_name(name)
    return vfs_remove_attribute(fd, name) if result == 0 else result


# By path: the file is open for the length of the call.

cdef i64 set_named(const char* path, bint follow, const char* name, const void* value, u64 size, int flags) noexcept nogil:
    cdef i64 result
    cdef int fd = open_named(path, follow)
    if fd < 0:
        return fd
    result = sys_fsetxattr(fd, name, value, size, flags)
    vfs_close(fd)
    return result


cdef i64 get_named(const char* path, bint follow, const char* name, void* value, u64 size) noexcept nogil:
    cdef i64 result
    cdef int fd = open_named(path, follow)
    if fd < 0:
        return -ENODATA if fd == -EPERM else fd
    result = sys_fgetxattr(fd, name, value, size)
    vfs_close(fd)
    return result


cdef i64 list_named(const char* path, bint follow, char* list, u64 size) noexcept nogil:
    cdef i64 result
    cdef int fd = open_named(path, follow)
    if fd < 0:
        return 0 if fd == -EPERM else fd
    result = sys_flistxattr(fd, list, size)
    vfs_close(fd)
    return result


cdef i64 remove_named(const char* path, bint follow, const char* name) noexcept nogil:
    cdef i64 result
    cdef int fd = open_named(path, follow)
    if fd < 0:
        return fd
    result = sys_fremovexattr(fd, name)
    vfs_close(fd)
    return result


cdef public i64 sys_setxattr(const char* path, const char* name, const void* value, u64 size, int flags) noexcept nogil:
    return set_named(path, True, name, value, size, flags)


cdef public i64 sys_lsetxattr(const char* path, const char* name, const void* value, u64 size, int flags) noexcept nogil:
    return set_named(path, False, name, value, size, flags)


cdef public i64 sys_getxattr(const char* path, const char* name, void* value, u64 size) noexcept nogil:
    return get_named(path, True, name, value, size)


cdef public i64 sys_lgetxattr(const char* path, const char* name, void* value, u64 size) noexcept nogil:
    return get_named(path, False, name, value, size)


cdef public i64 sys_listxattr(const char* path, char* list, u64 size) noexcept nogil:
    return list_named(path, True, list, size)


cdef public i64 sys_llistxattr(const char* path, char* list, u64 size) noexcept nogil:
    return list_named(path, False, list, size)


cdef public i64 sys_removexattr(const char* path, const char* name) noexcept nogil:
    return remove_named(path, True, name)


cdef public i64 sys_lremovexattr(const char* path, const char* name) noexcept nogil:
    return remove_named(path, False, name)
