# Names of files: opening, links, directories, permissions, times.  The work is the VFS's (kernel/files/vfs.pxd);
# here are the borders, and the calls that name a directory by a descriptor.
#
# A relative path behind a descriptor is put together with that directory's path.  (Deliberate: a directory that is
# renamed between the two is looked for under its old name.)
from kernel.types cimport i32, i64, u32, u64
from kernel.files.errno cimport (EBADF, EEXIST, EINVAL, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EOPNOTSUPP, EPERM)
from kernel.files.paths cimport path_of
from kernel.files.vfs cimport *
from kernel.files.walk cimport vfs_lock
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcmp, memcpy, memset, strcmp, strlen
from kernel.threads.sync cimport mutex_lock, mutex_unlock
from cabi.calls.paths cimport *
from cabi.process.program cimport *

cdef enum:
    EFAULT = 14
    AT_FDCWD = -100
    AT_SYMLINK_NOFOLLOW = 0x100
    AT_REMOVEDIR = 0x200
    AT_EACCESS = 0x200
    AT_SYMLINK_FOLLOW = 0x400
    AT_EMPTY_PATH = 0x1000
    RENAME_NOREPLACE = 1
    O_TMPFILE = 0o20200000
    SECOND = 1000000000
    UTIME_NOW = 0x3fffffff
    UTIME_OMIT = 0x3ffffffe
    SELF_EXE_LENGTH = 14


# --- the border -----------------------------------------------------------------------------------------

# A path that the program gave: itself where nothing is to be done, else a copy in `buffer` (PATH_SIZE bytes), which
# is made when it is needed and freed by path_done.  NULL: `error` says why.
cdef public const char* path_at(int at_fd, const char* path, char** buffer, int* error) noexcept nogil:
    buffer[0] = NULL
    error[0] = 0
    if not program_may(path, 1):
        error[0] = -EFAULT
        return NULL
    if path[0] == c'/':
        if path[1] == c'p' and strcmp(path, b"/proc/self/exe") == 0:
            return program_process().path
        if path[1] == c'd' and path[2] == c'e' and path[5] in (c't', c's'):
            if strcmp(path, b"/dev/tty") == 0 or strcmp(path, b"/dev/stdin") == 0 or strcmp(path, b"/dev/stdout") == 0:
                return b"/dev/console"
            if strcmp(path, b"/dev/stderr") == 0:
                return b"/dev/error"
        return path
    if at_fd == AT_FDCWD or path[0] == 0:
        return path
    return path_below(at_fd, path, buffer, error)


# The path of `path`, which may be the kernel's own, in an open folder.
cdef const char* path_below(int at_fd, const char* path, char** buffer, int* error) noexcept nogil:
    cdef Vnode* folder = vfs_vnode(at_fd)
    cdef i64 length
    cdef u64 size
    if folder == NULL:
        error[0] = -EBADF
        return NULL
    if folder.mode & VFS_S_IFMT != VFS_S_IFDIR:
        vnode_put(folder)
        error[0] = -ENOTDIR
        return NULL
    buffer[0] = <char*>kmalloc(PATH_SIZE)
    size = strlen(path) + 1
    if buffer[0] == NULL:
        error[0] = -ENOMEM
    else:
        mutex_lock(&vfs_lock)
        length = path_of(folder, NULL, 0, buffer[0], PATH_SIZE)
        mutex_unlock(&vfs_lock)
        if length < 0:
            error[0] = <int>length
        elif <u64>length + 1 + size > PATH_SIZE:
            error[0] = -ENAMETOOLONG
        else:
            buffer[0][length] = c'/'
            memcpy(buffer[0] + length + 1, path, size)
    vnode_put(folder)
    if error[0] != 0:
        kfree(buffer[0])
        buffer[0] = NULL
        return NULL
    return buffer[0]


cdef struct Named:
    const char* path
    char* buffer
    int error


cdef inline bint named(Named* n, int at_fd, const char* path) noexcept nogil:
    n.path = path_at(at_fd, path, &n.buffer, &n.error)
    return n.path != NULL


cdef inline i64 done(Named* n, i64 result) noexcept nogil:
    if n.buffer != NULL:
        kfree(n.buffer)
    return result


# --- opening --------------------------------------------------------------------------------------------

# /dev/stdin and its kin, /dev/fd/N, /proc/self/fd/N: the descriptor, or -1.
cdef int named_descriptor(const char* path) noexcept nogil:
    cdef int fd = 0, i = 0
    if not program_may(path, 1):
        return -1
    if strcmp(path, b"/dev/stdin") == 0:
        return 0
    if strcmp(path, b"/dev/stdout") == 0:
        return 1
    if strcmp(path, b"/dev/stderr") == 0:
        return 2
    if memcmp(path, b"/dev/fd/", 8) == 0:
        path += 8
    elif memcmp(path, b"/proc/self/fd/", 14) == 0:
        path += 14
    else:
        return -1
    while c'0' <= path[i] <= c'9' and i < 6:
        fd = fd * 10 + (path[i] - c'0')
        i += 1
    return fd if i and path[i] == 0 else -1


cdef public i64 sys_openat(int at_fd, const char* path, int flags, u32 mode) noexcept nogil:
    cdef Named n
    cdef int fd
    if flags & O_TMPFILE == O_TMPFILE:
        return -EOPNOTSUPP
    fd = named_descriptor(path)
    if fd >= 0:
        fd = vfs_dup(fd)
        if fd >= 0 and flags & VFS_O_CLOEXEC:
            vfs_close_on_exec(fd, True)
        return fd
    if not named(&n, at_fd, path):
        return n.error
    fd = vfs_open(n.path, <u32>flags & ~<u32>VFS_O_CLOEXEC, mode)
    if fd >= 0 and flags & VFS_O_CLOEXEC:
        vfs_close_on_exec(fd, True)
    return done(&n, fd)


cdef public i64 sys_open(const char* path, int flags, u32 mode) noexcept nogil:
    return sys_openat(AT_FDCWD, path, flags, mode)


cdef public i64 sys_creat(const char* path, u32 mode) noexcept nogil:
    return sys_openat(AT_FDCWD, path, VFS_O_CREAT | VFS_O_WRONLY | VFS_O_TRUNC, mode)


cdef public i64 sys_mknodat(int at_fd, const char* path, u32 mode, u64 device) noexcept nogil:
    cdef Named n
    cdef int fd
    if mode & VFS_S_IFMT not in (0, VFS_S_IFREG):
        return -EPERM
    if not named(&n, at_fd, path):
        return n.error
    fd = vfs_open(n.path, VFS_O_CREAT | VFS_O_EXCL | VFS_O_WRONLY, mode)
    if fd >= 0:
        vfs_close(fd)
        fd = 0
    return done(&n, fd)


cdef public i64 sys_mknod(const char* path, u32 mode, u64 device) noexcept nogil:
    return sys_mknodat(AT_FDCWD, path, mode, device)


cdef public i64 sys_memfd_create(const char* name, u32 flags) noexcept nogil:
    cdef char path[40]
    cdef u64 number = <u64>&path ^ (<u64>program_thread().id << 40)
    cdef int fd = -EEXIST, i
    if not program_may(name, 1):
        return -EFAULT
    memcpy(path, b"/tmp/.memory-", 13)
    while fd == -EEXIST:
        number = number * <u64>6364136223846793005 + <u64>1442695040888963407
        for i in range(16):
            path[13 + i] = <char>(c'a' + (number >> (4 * i) & 15))
        path[29] = 0
        fd = vfs_open(path, VFS_O_CREAT | VFS_O_EXCL | VFS_O_RDWR, 0o777)
    if fd >= 0:
        vfs_unlink(path)
        if flags & 1:
            vfs_close_on_exec(fd, True)
    return fd


# --- status ---------------------------------------------------------------------------------------------

cdef struct LinuxStat:                   # struct stat of x86-64
    u64 device, inode, links
    u32 mode, uid, gid, pad
    u64 rdevice
    i64 size, block_size, blocks
    i64 access_s, access_ns, modify_s, modify_ns, change_s, change_ns
    i64 unused[3]


cdef i64 give_stat(const FileStat* s, void* into) noexcept nogil:
    cdef LinuxStat* to = <LinuxStat*>into
    if not program_may(into, sizeof(LinuxStat)):
        return -EFAULT
    memset(to, 0, sizeof(LinuxStat))
    to.device = s.device
    to.inode = s.inode
    to.links = s.links
    to.mode = s.mode
    to.uid = s.uid
    to.gid = s.gid
    to.rdevice = s.rdevice
    to.size = <i64>s.size
    to.block_size = 4096
    to.blocks = <i64>s.blocks
    to.access_s = s.access_time // SECOND
    to.access_ns = s.access_time % SECOND
    to.modify_s = s.modify_time // SECOND
    to.modify_ns = s.modify_time % SECOND
    to.change_s = s.change_time // SECOND
    to.change_ns = s.change_time % SECOND
    return 0


cdef public i64 sys_fstat(int fd, void* into) noexcept nogil:
    cdef FileStat s
    cdef int error = vfs_fstat(fd, &s)
    return give_stat(&s, into) if error == 0 else error


cdef int stat_at(int at_fd, const char* path, int flags, FileStat* s) noexcept nogil:
    cdef Named n
    cdef int error
    if flags & AT_EMPTY_PATH and (path == NULL or (program_may(path, 1) and path[0] == 0)):
        return vfs_stat(b".", s) if at_fd == AT_FDCWD else vfs_fstat(at_fd, s)
    if not named(&n, at_fd, path):
        return n.error
    error = vfs_lstat(n.path, s) if flags & AT_SYMLINK_NOFOLLOW else vfs_stat(n.path, s)
    return <int>done(&n, error)


cdef public i64 sys_newfstatat(int at_fd, const char* path, void* into, int flags) noexcept nogil:
    cdef FileStat s
    cdef int error = stat_at(at_fd, path, flags, &s)
    return give_stat(&s, into) if error == 0 else error


cdef public i64 sys_stat(const char* path, void* into) noexcept nogil:
    return sys_newfstatat(AT_FDCWD, path, into, 0)


cdef public i64 sys_lstat(const char* path, void* into) noexcept nogil:
    return sys_newfstatat(AT_FDCWD, path, into, AT_SYMLINK_NOFOLLOW)


cdef void give_time(char* to, i64 time) noexcept nogil:
    (<i64*>to)[0] = time // SECOND
    (<u32*>to)[2] = <u32>(time % SECOND)


# struct statx: what is always there, and the time of creation.
cdef public i64 sys_statx(int at_fd, const char* path, int flags, u32 mask, void* into) noexcept nogil:
    cdef FileStat s
    cdef char* to = <char*>into
    cdef int error
    if not program_may(into, 256):
        return -EFAULT
    error = stat_at(at_fd, path, flags, &s)
    if error != 0:
        return error
    memset(to, 0, 256)
    (<u32*>to)[0] = 0xfff                # STATX_BASIC_STATS | STATX_BTIME
    (<u32*>to)[1] = 4096
    (<u32*>to)[4] = s.links
    (<u32*>to)[5] = s.uid
    (<u32*>to)[6] = s.gid
    (<u32*>to)[7] = s.mode & 0xffff
    (<u64*>to)[4] = s.inode
    (<u64*>to)[5] = s.size
    (<u64*>to)[6] = s.blocks
    give_time(to + 64, s.access_time)
    give_time(to + 80, s.create_time)
    give_time(to + 96, s.change_time)
    give_time(to + 112, s.modify_time)
    (<u32*>to)[32] = <u32>(s.rdevice >> 8)
    (<u32*>to)[33] = <u32>(s.rdevice & 255)
    (<u32*>to)[34] = <u32>(s.device >> 8)
    (<u32*>to)[35] = <u32>(s.device & 255)
    return 0


cdef public i64 sys_faccessat2(int at_fd, const char* path, int mode, int flags) noexcept nogil:
    cdef Named n
    if mode & ~7 or flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH):
        return -EINVAL
    if not named(&n, at_fd, path):
        return n.error
    return done(&n, vfs_access(n.path, mode))


cdef public i64 sys_faccessat(int at_fd, const char* path, int mode) noexcept nogil:
    return sys_faccessat2(at_fd, path, mode, 0)


cdef public i64 sys_access(const char* path, int mode) noexcept nogil:
    return sys_faccessat2(AT_FDCWD, path, mode, 0)


cdef i64 give_status(const FileSystemStatus* s, u64* into) noexcept nogil:
    if not program_may(into, 120):
        return -EFAULT
    memset(into, 0, 120)
    into[0] = s.type
    into[1] = into[9] = s.block_size
    into[2] = s.blocks
    into[3] = s.blocks_free
    into[4] = s.blocks_available
    into[5] = s.files if s.files else s.blocks       # no limit of its own: as many as there are blocks
    into[6] = s.files_free if s.files else s.blocks_free
    into[8] = s.name_limit
    return 0


cdef public i64 sys_statfs(const char* path, void* into) noexcept nogil:
    cdef FileSystemStatus s
    cdef Named n
    cdef int error
    if not named(&n, AT_FDCWD, path):
        return n.error
    error = vfs_statfs(n.path, &s)
    return give_status(&s, <u64*>into) if error == 0 else error


cdef public i64 sys_fstatfs(int fd, void* into) noexcept nogil:
    cdef FileSystemStatus s
    cdef FileStat file
    cdef int error = vfs_fstat(fd, &file)
    if error == 0:                       # deliberate: of the root, whatever the descriptor is
        error = vfs_statfs(b"/", &s)
    return give_status(&s, <u64*>into) if error == 0 else error


# --- making and removing --------------------------------------------------------------------------------

cdef public i64 sys_mkdirat(int at_fd, const char* path, u32 mode) noexcept nogil:
    cdef Named n
    return done(&n, vfs_mkdir(n.path, mode)) if named(&n, at_fd, path) else n.error


cdef public i64 sys_mkdir(const char* path, u32 mode) noexcept nogil:
    return sys_mkdirat(AT_FDCWD, path, mode)


cdef public i64 sys_unlinkat(int at_fd, const char* path, int flags) noexcept nogil:
    cdef Named n
    if flags & ~AT_REMOVEDIR:
        return -EINVAL
    if not named(&n, at_fd, path):
        return n.error
    return done(&n, vfs_rmdir(n.path) if flags & AT_REMOVEDIR else vfs_unlink(n.path))


cdef public i64 sys_rmdir(const char* path) noexcept nogil:
    return sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR)


cdef public i64 sys_unlink(const char* path) noexcept nogil:
    return sys_unlinkat(AT_FDCWD, path, 0)


cdef public i64 sys_renameat2(int at_fd, const char* path, int target_fd, const char* target, u32 flags) noexcept nogil:
    cdef Named n, m
    cdef FileStat s
    cdef int error
    if flags & ~<u32>RENAME_NOREPLACE:
        return -EINVAL
    if not named(&n, at_fd, path):
        return n.error
    if not named(&m, target_fd, target):
        return done(&n, m.error)
    if flags & RENAME_NOREPLACE and vfs_lstat(m.path, &s) == 0:
        error = -EEXIST
    else:
        error = vfs_rename(n.path, m.path)
    return done(&n, done(&m, error))


cdef public i64 sys_renameat(int at_fd, const char* path, int target_fd, const char* target) noexcept nogil:
    return sys_renameat2(at_fd, path, target_fd, target, 0)


cdef public i64 sys_rename(const char* path, const char* target) noexcept nogil:
    return sys_renameat2(AT_FDCWD, path, AT_FDCWD, target, 0)


cdef public i64 sys_linkat(int at_fd, const char* path, int target_fd, const char* target, int flags) noexcept nogil:
    cdef Named n, m
    cdef char* real
    cdef i64 result
    if not named(&n, at_fd, path):
        return n.error
    if not named(&m, target_fd, target):
        return done(&n, m.error)
    if flags & AT_SYMLINK_FOLLOW:
        real = <char*>kmalloc(PATH_SIZE)
        result = vfs_realpath(n.path, real, PATH_SIZE) if real != NULL else -ENOMEM
        if result >= 0:
            result = vfs_link(real, m.path)
        kfree(real)
    else:
        result = vfs_link(n.path, m.path)
    return done(&n, done(&m, result))


cdef public i64 sys_link(const char* path, const char* target) noexcept nogil:
    return sys_linkat(AT_FDCWD, path, AT_FDCWD, target, 0)


cdef public i64 sys_symlinkat(const char* contents, int at_fd, const char* path) noexcept nogil:
    cdef Named n
    if not program_may(contents, 1):
        return -EFAULT
    return done(&n, vfs_symlink(contents, n.path)) if named(&n, at_fd, path) else n.error


cdef public i64 sys_symlink(const char* contents, const char* path) noexcept nogil:
    return sys_symlinkat(contents, AT_FDCWD, path)


# Directories and consoles know where they are; files may have several names, or none.
cdef i64 path_of_descriptor(int fd, char* into, u64 size) noexcept nogil:
    cdef char* path
    cdef i64 length = -ENOENT
    cdef Vnode* node = vfs_vnode(fd)
    if node == NULL:
        return -ENOENT
    path = <char*>kmalloc(PATH_SIZE)
    if path == NULL:
        vnode_put(node)
        return -ENOMEM
    if node.mode & VFS_S_IFMT == VFS_S_IFDIR:
        mutex_lock(&vfs_lock)
        length = path_of(node, NULL, 0, path, PATH_SIZE)
        mutex_unlock(&vfs_lock)
    elif node.rdevice >> 8 == 5:
        length = 12 if node.rdevice & 0xff == 1 else 10
        memcpy(path, b"/dev/console" if length == 12 else b"/dev/error", <u64>length)
    vnode_put(node)
    if length > 0:
        length = <i64>min(<u64>length, size)
        memcpy(into, path, <u64>length)
    kfree(path)
    return length


cdef public i64 sys_readlinkat(int at_fd, const char* path, char* buffer, u64 size) noexcept nogil:
    cdef Named n
    cdef u64 length
    cdef int fd
    if <i64>size <= 0:
        return -EINVAL
    if not program_may(buffer, size):
        return -EFAULT
    fd = named_descriptor(path)
    if fd >= 0:
        return path_of_descriptor(fd, buffer, size)
    if not named(&n, at_fd, path):
        return n.error
    if n.path == program_process().path:                          # /proc/self/exe
        length = min(strlen(n.path), size)
        memcpy(buffer, n.path, length)
        return <i64>length
    return done(&n, vfs_readlink(n.path, buffer, size))


cdef public i64 sys_readlink(const char* path, char* buffer, u64 size) noexcept nogil:
    return sys_readlinkat(AT_FDCWD, path, buffer, size)


# --- attributes -----------------------------------------------------------------------------------------

cdef public i64 sys_fchmodat2(int at_fd, const char* path, u32 mode, int flags) noexcept nogil:
    cdef Named n
    cdef FileStat s
    cdef int error
    if flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH):
        return -EINVAL
    if not named(&n, at_fd, path):
        return n.error
    if flags & AT_SYMLINK_NOFOLLOW:
        error = vfs_lstat(n.path, &s)
        if error == 0 and s.mode & VFS_S_IFMT == VFS_S_IFLNK:
            error = -EOPNOTSUPP
        if error != 0:
            return done(&n, error)
    return done(&n, vfs_chmod(n.path, mode & 0o7777))


cdef public i64 sys_fchmodat(int at_fd, const char* path, u32 mode) noexcept nogil:
    return sys_fchmodat2(at_fd, path, mode, 0)


cdef public i64 sys_chmod(const char* path, u32 mode) noexcept nogil:
    return sys_fchmodat2(AT_FDCWD, path, mode, 0)


cdef public i64 sys_fchmod(int fd, u32 mode) noexcept nogil:
    return vfs_fchmod(fd, mode & 0o7777)


cdef public i64 sys_fchownat(int at_fd, const char* path, int user, int group, int flags) noexcept nogil:
    cdef Named n
    if flags & AT_EMPTY_PATH and program_may(path, 1) and path[0] == 0:
        return vfs_fchown(at_fd, user, group)
    if not named(&n, at_fd, path):
        return n.error
    return done(&n, vfs_chown(n.path, flags & AT_SYMLINK_NOFOLLOW == 0, user, group))


cdef public i64 sys_chown(const char* path, int user, int group) noexcept nogil:
    return sys_fchownat(AT_FDCWD, path, user, group, 0)


cdef public i64 sys_lchown(const char* path, int user, int group) noexcept nogil:
    return sys_fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW)


cdef public i64 sys_fchown(int fd, int user, int group) noexcept nogil:
    return vfs_fchown(fd, user, group)


cdef i64 set_times(int at_fd, const char* path, i64 access_time, i64 modify_time, int flags) noexcept nogil:
    cdef Named n
    cdef FileStat s
    if path == NULL:
        return vfs_futimens(at_fd, access_time, modify_time)
    if not named(&n, at_fd, path):
        return n.error
    if flags & AT_SYMLINK_NOFOLLOW and vfs_lstat(n.path, &s) == 0 and s.mode & VFS_S_IFMT == VFS_S_IFLNK:
        return done(&n, 0)               # deliberate: a link's own times stay
    return done(&n, vfs_utimens(n.path, access_time, modify_time))


cdef int time_of(const i64* at, i64* time) noexcept nogil:
    if at[1] == UTIME_NOW:
        time[0] = VFS_TIME_NOW
    elif at[1] == UTIME_OMIT:
        time[0] = VFS_TIME_OMIT
    elif at[1] < 0 or at[1] >= SECOND:
        return -EINVAL
    else:
        time[0] = at[0] * SECOND + at[1]
    return 0


cdef public i64 sys_utimensat(int at_fd, const char* path, const i64* times, int flags) noexcept nogil:
    cdef i64 access_time = VFS_TIME_NOW, modify_time = VFS_TIME_NOW
    if times != NULL:
        if not program_may(times, 32):
            return -EFAULT
        if time_of(times, &access_time) != 0 or time_of(times + 2, &modify_time) != 0:
            return -EINVAL
    return set_times(at_fd, path, access_time, modify_time, flags)


cdef public i64 sys_futimesat(int at_fd, const char* path, const i64* times) noexcept nogil:
    if times == NULL:
        return set_times(at_fd, path, VFS_TIME_NOW, VFS_TIME_NOW, 0)
    if not program_may(times, 32):
        return -EFAULT
    if times[1] < 0 or times[1] >= 1000000 or times[3] < 0 or times[3] >= 1000000:
        return -EINVAL
    return set_times(at_fd, path, times[0] * SECOND + times[1] * 1000, times[2] * SECOND + times[3] * 1000, 0)


cdef public i64 sys_utimes(const char* path, const i64* times) noexcept nogil:
    return sys_futimesat(AT_FDCWD, path, times)


cdef public i64 sys_utime(const char* path, const i64* times) noexcept nogil:
    if times == NULL:
        return set_times(AT_FDCWD, path, VFS_TIME_NOW, VFS_TIME_NOW, 0)
    if not program_may(times, 16):
        return -EFAULT
    return set_times(AT_FDCWD, path, times[0] * SECOND, times[1] * SECOND, 0)


cdef public i64 sys_truncate(const char* path, i64 size) noexcept nogil:
    cdef Named n
    if size < 0:
        return -EINVAL
    return done(&n, vfs_truncate(n.path, <u64>size)) if named(&n, AT_FDCWD, path) else n.error


cdef public i64 sys_umask(u32 mask) noexcept nogil:
    cdef u32 old = vfs_umask()
    vfs_set_umask(mask)
    return old


# --- the working directory ------------------------------------------------------------------------------

cdef public i64 sys_getcwd(char* buffer, u64 size) noexcept nogil:
    cdef i64 length
    if not program_may(buffer, size):
        return -EFAULT
    length = vfs_getcwd(buffer, size)
    return length + 1 if length >= 0 else length


cdef public i64 sys_chdir(const char* path) noexcept nogil:
    cdef Named n
    return done(&n, vfs_chdir(n.path)) if named(&n, AT_FDCWD, path) else n.error


cdef public i64 sys_fchdir(int fd) noexcept nogil:
    cdef Named n
    n.buffer = NULL
    n.error = 0
    n.path = path_below(fd, b".", &n.buffer, &n.error)
    return done(&n, vfs_chdir(n.path)) if n.path != NULL else n.error
