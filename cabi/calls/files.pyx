# Open files of programs: reading, writing, descriptors.  The work is the VFS's (kernel/files/vfs.pxd).
#
# A call that a signal interrupts before anything was moved is made again after it, unless its handler is not of the
# kind (SA_RESTART): it returns -RESTART, which delivery.pyx turns into one or the other.
from kernel.types cimport i16, i32, i64, u8, u16, u32, u64
from kernel.files.errno cimport (EAGAIN, EBADF, EFBIG, EINTR, EINVAL, EISDIR, EMFILE, ENODEV, ENOMEM, ENOTDIR, ENOTTY, EOPNOTSUPP,
                                 EPERM, EPIPE, ESPIPE)
from kernel.files.pipe cimport event_counter_open, pipe_open
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcpy, memset
from kernel.net.socket cimport SOCKET_DATAGRAM, SOCKET_RECORDS, socket_type
from kernel.platform.platform cimport ACCESS_READ
from cabi.calls.terminal cimport terminal_control
from cabi.process.program cimport *
from cabi.process.signals cimport SIGNAL_PIPE, signal_send_thread

cdef enum:
    EFAULT = 14
    PARTS_MAX = 1024                     # IOV_MAX
    GATHERED = 1024                      # bytes that writev puts together first
    COPY = 65536
    F_DUPFD = 0
    F_GETFD = 1
    F_SETFD = 2
    F_GETFL = 3
    F_SETFL = 4
    F_GETLK = 5
    F_SETLK = 6
    F_SETLKW = 7
    F_SETOWN = 8
    F_GETOWN = 9
    F_OFD_GETLK = 36
    F_OFD_SETLK = 37
    F_OFD_SETLKW = 38
    F_DUPFD_CLOEXEC = 1030
    F_UNLCK = 2
    FIONREAD = 0x541b
    FIONBIO = 0x5421
    FIONCLEX = 0x5450
    FIOCLEX = 0x5451
    ENTRY_HEAD = 19                      # of struct linux_dirent64, before the name

cdef struct Part:                        # struct iovec
    u8* base
    u64 size


cdef inline i64 again(i64 result) noexcept nogil:
    return -RESTART if result == -EINTR else result


# SIGPIPE is for streams of bytes: pipes and stream sockets.
cdef i64 broken(int fd, i64 result) noexcept nogil:
    if result == -EPIPE and socket_type(fd) not in (SOCKET_DATAGRAM, SOCKET_RECORDS):
        signal_send_thread(program_thread(), SIGNAL_PIPE, NULL)
    return again(result)


# --- reading and writing --------------------------------------------------------------------------------

cdef public i64 sys_read(int fd, void* buffer, u64 count) noexcept nogil:
    cdef i64 result
    if not program_may(buffer, count):
        return -EFAULT if vfs_get_flags(fd) >= 0 else -EBADF
    result = vfs_read(fd, buffer, count)
    return result if result >= 0 else again(result)


cdef public i64 sys_write(int fd, const void* buffer, u64 count) noexcept nogil:
    cdef i64 result
    if not program_may(buffer, count):
        return -EFAULT if vfs_get_flags(fd) >= 0 else -EBADF
    result = vfs_write(fd, buffer, count)
    return result if result >= 0 else broken(fd, result)


cdef public i64 sys_pread64(int fd, void* buffer, u64 count, i64 offset) noexcept nogil:
    if offset < 0:
        return -EINVAL
    if not program_may(buffer, count):
        return -EFAULT
    return again(vfs_pread(fd, buffer, count, <u64>offset))


cdef public i64 sys_pwrite64(int fd, const void* buffer, u64 count, i64 offset) noexcept nogil:
    if offset < 0:
        return -EINVAL
    if not program_may(buffer, count):
        return -EFAULT
    return broken(fd, vfs_pwrite(fd, buffer, count, <u64>offset))


# 0, or what is wrong with the list.
cdef int check_parts(const Part* parts, int count, u64* total) noexcept nogil:
    cdef int i
    total[0] = 0
    if count < 0 or count > PARTS_MAX:
        return -EINVAL
    if count and not program_may(parts, <u64>count * sizeof(Part)):
        return -EFAULT
    for i in range(count):
        if parts[i].size and not program_may(parts[i].base, parts[i].size):
            return -EFAULT
        total[0] += parts[i].size
        if <i64>total[0] < 0:
            return -EINVAL
    return 0


# `offset` -1: at the position.
cdef i64 read_parts(int fd, const Part* parts, int count, i64 offset) noexcept nogil:
    cdef u64 total
    cdef i64 done = 0, got
    cdef int i, error = check_parts(parts, count, &total)
    if error != 0:
        return error
    if total == 0:
        return sys_read(fd, <void*>parts, 0)
    for i in range(count):
        if parts[i].size == 0:
            continue
        if offset < 0:
            # What is there already is given at once: only the first part may wait.
            if done and vfs_available(fd) == 0 and is_stream(fd):
                break
            got = vfs_read(fd, parts[i].base, parts[i].size)
        else:
            got = vfs_pread(fd, parts[i].base, parts[i].size, <u64>(offset + done))
        if got < 0:
            return done if done else again(got)
        done += got
        if <u64>got < parts[i].size:
            break
    return done


cdef bint is_stream(int fd) noexcept nogil:
    cdef FileStat s
    return vfs_fstat(fd, &s) == 0 and s.mode & VFS_S_IFMT not in (VFS_S_IFREG, VFS_S_IFDIR)


cdef i64 write_parts(int fd, const Part* parts, int count, i64 offset) noexcept nogil:
    cdef u8 gathered[GATHERED]
    cdef Part whole
    cdef u64 total
    cdef i64 done = 0, got
    cdef int i, error = check_parts(parts, count, &total)
    if error != 0:
        return error
    if total == 0:
        return sys_write(fd, <void*>parts, 0)
    if count > 1 and total <= GATHERED:
        whole.base = gathered
        whole.size = 0
        for i in range(count):
            memcpy(gathered + whole.size, parts[i].base, parts[i].size)
            whole.size += parts[i].size
        parts = &whole
        count = 1
    for i in range(count):
        if parts[i].size == 0:
            continue
        if offset < 0:
            got = vfs_write(fd, parts[i].base, parts[i].size)
        else:
            got = vfs_pwrite(fd, parts[i].base, parts[i].size, <u64>(offset + done))
        if got < 0:
            return done if done else broken(fd, got)
        done += got
        if <u64>got < parts[i].size:
            break
    return done


cdef public i64 sys_readv(int fd, const void* parts, int count) noexcept nogil:
    return read_parts(fd, <const Part*>parts, count, -1)


cdef public i64 sys_writev(int fd, const void* parts, int count) noexcept nogil:
    return write_parts(fd, <const Part*>parts, count, -1)


cdef public i64 sys_preadv(int fd, const void* parts, int count, i64 offset) noexcept nogil:
    return read_parts(fd, <const Part*>parts, count, offset) if offset >= 0 else -EINVAL


cdef public i64 sys_pwritev(int fd, const void* parts, int count, i64 offset) noexcept nogil:
    return write_parts(fd, <const Part*>parts, count, offset) if offset >= 0 else -EINVAL


cdef public i64 sys_preadv2(int fd, const void* parts, int count, i64 offset, i64 high, int flags) noexcept nogil:
    return -EOPNOTSUPP if flags else read_parts(fd, <const Part*>parts, count, offset)


cdef public i64 sys_pwritev2(int fd, const void* parts, int count, i64 offset, i64 high, int flags) noexcept nogil:
    return -EOPNOTSUPP if flags else write_parts(fd, <const Part*>parts, count, offset)


cdef public i64 sys_lseek(int fd, i64 offset, int whence) noexcept nogil:
    return vfs_lseek(fd, offset, whence)


cdef public i64 sys_sendfile(int out_fd, int in_fd, i64* offset, u64 count) noexcept nogil:
    cdef u8* buffer
    cdef i64 done = 0, got = 0, put
    if offset != NULL and not program_may(offset, 8):
        return -EFAULT
    buffer = <u8*>kmalloc(COPY)
    if buffer == NULL:
        return -ENOMEM
    while count:
        got = vfs_pread(in_fd, buffer, min(count, <u64>COPY), <u64>offset[0]) if offset != NULL \
            else vfs_read(in_fd, buffer, min(count, <u64>COPY))
        if got <= 0:
            break
        put = vfs_write(out_fd, buffer, <u64>got)
        if put < 0:
            got = put
            break
        if offset != NULL:
            offset[0] += put
        elif put < got:
            vfs_lseek(in_fd, put - got, VFS_SEEK_CUR)
        done += put
        count -= <u64>put
        if put < got:
            break
    kfree(buffer)
    return done if done else broken(out_fd, got)


cdef public i64 sys_fsync(int fd) noexcept nogil:
    return vfs_fsync(fd)


cdef public i64 sys_sync() noexcept nogil:
    return 0                             # what is written is where it belongs


cdef public i64 sys_ftruncate(int fd, i64 size) noexcept nogil:
    return vfs_ftruncate(fd, <u64>size) if size >= 0 else -EINVAL


cdef public i64 sys_fallocate(int fd, int mode, i64 offset, i64 length) noexcept nogil:
    cdef FileStat s
    cdef int error = vfs_fstat(fd, &s)
    if error != 0:
        return error
    if mode:
        return -EOPNOTSUPP
    if offset < 0 or length <= 0:
        return -EINVAL
    if s.mode & VFS_S_IFMT != VFS_S_IFREG:
        return -ESPIPE if s.mode & VFS_S_IFMT == VFS_S_IFIFO else -ENODEV
    if offset + length < 0:
        return -EFBIG
    return vfs_ftruncate(fd, <u64>(offset + length)) if <u64>(offset + length) > s.size else 0


cdef public i64 sys_fadvise64(int fd, i64 offset, i64 length, int advice) noexcept nogil:
    cdef FileStat s
    cdef int error = vfs_fstat(fd, &s)
    if error == 0 and s.mode & VFS_S_IFMT == VFS_S_IFIFO:
        error = -ESPIPE
    if error == 0 and (advice < 0 or advice > 5):
        error = -EINVAL
    return error


# --- descriptors ----------------------------------------------------------------------------------------

cdef public i64 sys_close(int fd) noexcept nogil:
    return vfs_close(fd)


cdef public i64 sys_dup(int fd) noexcept nogil:
    return vfs_dup(fd)


cdef public i64 sys_dup2(int fd, int target) noexcept nogil:
    return vfs_dup2(fd, target)


cdef public i64 sys_dup3(int fd, int target, int flags) noexcept nogil:
    cdef int result
    if fd == target or flags & ~VFS_O_CLOEXEC:
        return -EINVAL
    result = vfs_dup2(fd, target)
    if result >= 0 and flags & VFS_O_CLOEXEC:
        vfs_close_on_exec(result, True)
    return result


cdef public i64 sys_pipe2(i32* ends, int flags) noexcept nogil:
    cdef int made[2]
    cdef int error
    if flags & ~(VFS_O_CLOEXEC | VFS_O_NONBLOCK):
        return -EINVAL
    if not program_may(ends, 8):
        return -EFAULT
    error = pipe_open(made, <u32>flags & VFS_O_NONBLOCK)
    if error != 0:
        return error
    if flags & VFS_O_CLOEXEC:
        vfs_close_on_exec(made[0], True)
        vfs_close_on_exec(made[1], True)
    ends[0] = made[0]
    ends[1] = made[1]
    return 0


cdef public i64 sys_pipe(i32* ends) noexcept nogil:
    return sys_pipe2(ends, 0)


cdef public i64 sys_eventfd2(u32 value, int flags) noexcept nogil:
    cdef u64 start = value
    cdef int fd
    if flags & ~(VFS_O_CLOEXEC | VFS_O_NONBLOCK):
        return -EINVAL
    fd = event_counter_open(<u32>flags & VFS_O_NONBLOCK)
    if fd >= 0 and value:
        vfs_write(fd, &start, 8)
    if fd >= 0 and flags & VFS_O_CLOEXEC:
        vfs_close_on_exec(fd, True)
    return fd


cdef public i64 sys_eventfd(u32 value) noexcept nogil:
    return sys_eventfd2(value, 0)


# Record locks keep other programs out; among the threads of one they have no meaning.  (Deliberate: between the few
# programs of one guest they are not kept.)
cdef i64 record_lock(int fd, u64 command, i16* lock) noexcept nogil:
    if vfs_get_flags(fd) < 0:
        return -EBADF
    if not program_may(lock, 32):
        return -EFAULT
    if lock[0] < 0 or lock[0] > F_UNLCK or lock[1] < 0 or lock[1] > 2:
        return -EINVAL
    if command == F_GETLK or command == F_OFD_GETLK:
        lock[0] = F_UNLCK
    elif lock[0] != F_UNLCK and vfs_get_flags(fd) & VFS_O_ACCMODE == (VFS_O_WRONLY if lock[0] == 0 else VFS_O_RDONLY):
        return -EBADF
    return 0


cdef public i64 sys_fcntl(int fd, int command, u64 argument) noexcept nogil:
    cdef int result
    if command == F_DUPFD or command == F_DUPFD_CLOEXEC:
        result = vfs_dup_from(fd, <int>argument)
        if result >= 0 and command == F_DUPFD_CLOEXEC:
            vfs_close_on_exec(result, True)
        return result
    if command == F_GETFD:
        return vfs_closes_on_exec(fd)
    if command == F_SETFD:
        return vfs_close_on_exec(fd, argument & 1)
    if command == F_GETFL:
        result = vfs_get_flags(fd)
        return result | 0o100000 if result >= 0 else result      # O_LARGEFILE, as on Linux
    if command == F_SETFL:
        return vfs_set_flags(fd, <u32>argument)
    if command in (F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW):
        return record_lock(fd, <u64>command, <i16*>argument)
    if vfs_get_flags(fd) < 0:
        return -EBADF
    if command == F_SETOWN or command == F_GETOWN:
        return 0
    return -EINVAL


cdef public i64 sys_flock(int fd, int operation) noexcept nogil:
    if vfs_get_flags(fd) < 0:
        return -EBADF
    return 0 if operation & ~4 in (1, 2, 8) else -EINVAL


cdef public i64 sys_ioctl(int fd, u64 request, void* argument) noexcept nogil:
    cdef int flags = vfs_get_flags(fd)
    cdef i64 available
    if flags < 0:
        return flags
    request &= <u64>0xffffffff
    if request == FIOCLEX or request == FIONCLEX:
        return vfs_close_on_exec(fd, request == FIOCLEX)
    if request in (FIONREAD, FIONBIO):
        if not program_may(argument, 4):
            return -EFAULT
        if request == FIONBIO:
            return vfs_set_flags(fd, <u32>flags | VFS_O_NONBLOCK if (<i32*>argument)[0] else <u32>flags & ~<u32>VFS_O_NONBLOCK)
        available = vfs_available(fd)
        if available < 0:
            return available
        (<i32*>argument)[0] = <i32>min(available, <i64>0x7fffffff)
        return 0
    if request & <u64>0xffffff00 == 0x5400:
        return terminal_control(fd, request, argument)
    return vfs_control(fd, request, argument)


# --- directories ----------------------------------------------------------------------------------------

cdef public i64 sys_getdents64(int fd, u8* into, u64 size) noexcept nogil:
    cdef DirectoryEntry entry
    cdef u64 done = 0, step
    cdef i64 before
    cdef int got
    if not program_may(into, size):
        return -EFAULT
    while True:
        before = vfs_lseek(fd, 0, VFS_SEEK_CUR)
        got = vfs_readdir(fd, &entry)
        if got <= 0:
            return got if got < 0 and done == 0 else <i64>done
        step = (ENTRY_HEAD + <u64>entry.length + 1 + 7) & ~<u64>7
        if done + step > size:
            vfs_lseek(fd, before, VFS_SEEK_SET)
            return <i64>done if done else -EINVAL
        memset(into + done, 0, step)
        (<u64*>(into + done))[0] = entry.inode
        (<u64*>(into + done))[1] = entry.next
        (<u16*>(into + done))[8] = <u16>step
        into[done + 18] = <u8>((entry.mode & VFS_S_IFMT) >> 12)
        memcpy(into + done + ENTRY_HEAD, entry.name, entry.length)
        done += step
