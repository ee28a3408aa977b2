# Virtio 9P device with its server: see ninep.pxd.  Message layouts: kernel/files/ninep_wire.pxd.
from libc.errno cimport EINTR, errno
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcmp, memcpy, memset, strlen
from kernel.types cimport i64, u8, u32, u64
from kernel.files.ninep_wire cimport *
from runtime.devices.device cimport Device, VIRTIO_9P, device_init, device_used
from runtime.devices.memory cimport GuestMemory
from runtime.devices.virtqueue cimport Buffer, CHAIN_MAX, Chain, QUEUE_CHAIN, virtqueue_pop, virtqueue_push
from runtime.devices.ninep cimport *

cdef extern from *:
    """
    #define _GNU_SOURCE 1
    #include <dirent.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <stdio.h>
    #include <sys/stat.h>
    #include <sys/statfs.h>
    #include <sys/sysmacros.h>
    #include <sys/syscall.h>
    #include <sys/uio.h>
    #include <unistd.h>

    /* The name under which /proc leads to what a descriptor stands for, and to nothing else. */
    static void ninep_place(char *into, int fd) { snprintf(into, 40, "/proc/self/fd/%d", fd); }

    /* An opened descriptor of what `fd` stands for. */
    static int ninep_reopen(int fd, int flags) {
        char place[40];
        ninep_place(place, fd);
        return open(place, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    }
    /* Another O_PATH descriptor of the same thing: of a symbolic link itself, too (dup keeps what it is). */
    static int ninep_again(int fd) {
        char place[40];
        if (fcntl(fd, F_GETFL) & O_PATH)
            return fcntl(fd, F_DUPFD_CLOEXEC, 3);
        ninep_place(place, fd);
        return open(place, O_PATH | O_CLOEXEC);
    }
    static int ninep_chmod(int fd, unsigned mode) {
        char place[40];
        ninep_place(place, fd);
        return chmod(place, mode);
    }
    static int ninep_truncate(int fd, unsigned long size) {
        char place[40];
        ninep_place(place, fd);
        return truncate(place, (off_t)size);
    }
    static int ninep_link(int fd, int folder, const char *name) {
        char place[40];
        ninep_place(place, fd);
        return linkat(AT_FDCWD, place, folder, name, AT_SYMLINK_FOLLOW);
    }
    /* which: 0 leave, 1 now, 2 as given; seconds and nanoseconds of access and modification. */
    static int ninep_times(int fd, int symlink, const int *which, const unsigned long *when) {
        char place[40];
        struct timespec times[2];
        for (int i = 0; i < 2; i++) {
            times[i].tv_sec = which[i] == 2 ? (time_t)when[2 * i] : 0;
            times[i].tv_nsec = which[i] == 2 ? (long)when[2 * i + 1] : which[i] == 1 ? UTIME_NOW : UTIME_OMIT;
        }
        if (symlink)
            return utimensat(fd, "", times, AT_EMPTY_PATH);
        ninep_place(place, fd);
        return utimensat(AT_FDCWD, place, times, 0);
    }
    static int ninep_stat(int fd, struct statx *into) {
        return statx(fd, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_BTIME, into);
    }
    static unsigned long ninep_device_of(const struct statx *s) { return makedev(s->stx_dev_major, s->stx_dev_minor); }
    static unsigned long ninep_rdevice_of(const struct statx *s) { return makedev(s->stx_rdev_major, s->stx_rdev_minor); }
    static long ninep_list(int fd, void *into, size_t size) { return syscall(SYS_getdents64, fd, into, size); }
    static unsigned long ninep_fsid(const struct statfs *s) { unsigned long id; __builtin_memcpy(&id, &s->f_fsid, 8); return id; }
    """
    struct statx_time "statx_timestamp":
        i64 tv_sec
        u32 tv_nsec
    struct statx_t "statx":
        u32 stx_mask
        u32 stx_blksize
        u32 stx_nlink
        u32 stx_uid
        u32 stx_gid
        u32 stx_mode
        u64 stx_ino
        u64 stx_size
        u64 stx_blocks
        statx_time stx_atime, stx_mtime, stx_ctime, stx_btime
    struct statfs_t "statfs":
        i64 f_type
        i64 f_bsize
        u64 f_blocks
        u64 f_bfree
        u64 f_bavail
        u64 f_files
        u64 f_ffree
        i64 f_namelen
    struct iovec:
        void* iov_base
        size_t iov_len
    int ninep_reopen(int fd, int flags) nogil
    int ninep_again(int fd) nogil
    int ninep_chmod(int fd, u32 mode) nogil
    int ninep_truncate(int fd, u64 size) nogil
    int ninep_link(int fd, int folder, const char* name) nogil
    int ninep_times(int fd, int symlink, const int* which, const u64* when) nogil
    int ninep_stat(int fd, statx_t* into) nogil
    u64 ninep_device_of(const statx_t* s) nogil
    u64 ninep_rdevice_of(const statx_t* s) nogil
    long ninep_list(int fd, void* into, size_t size) nogil
    u64 ninep_fsid(const statfs_t* s) nogil
    int openat(int folder, const char* name, int flags, ...) nogil
    int mkdirat(int folder, const char* name, u32 mode) nogil
    int symlinkat(const char* target, int folder, const char* name) nogil
    int unlinkat(int folder, const char* name, int flags) nogil
    int renameat(int folder, const char* name, int target, const char* new_name) nogil
    long readlinkat(int folder, const char* name, char* into, size_t size) nogil
    int fstatfs(int fd, statfs_t* into) nogil
    int fsync(int fd) nogil
    int fdatasync(int fd) nogil
    int fchownat(int folder, const char* name, u32 uid, u32 gid, int flags) nogil
    int close(int fd) nogil
    i64 lseek(int fd, i64 offset, int whence) nogil
    long preadv(int fd, const iovec* parts, int count, i64 offset) nogil
    long pwritev(int fd, const iovec* parts, int count, i64 offset) nogil
    int O_PATH, O_NOFOLLOW, O_CLOEXEC, O_DIRECTORY, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_DSYNC, O_SYNC, O_ACCMODE, O_RDONLY
    int O_NOCTTY, O_NONBLOCK, AT_REMOVEDIR, AT_EMPTY_PATH, SEEK_SET
    u32 STATX_BTIME, S_IFMT, S_IFDIR, S_IFREG, S_IFLNK
    int EBADF, EINVAL, EIO, EISDIR, EMFILE, ENOTDIR, ENXIO, EOPNOTSUPP, EPERM, EROFS, ENOENT, EACCES

cdef enum:
    PERMISSIONS = 0o1777                 # what the guest may set: no set-user-id, no set-group-id
    DIRENT_NAME = 19                     # struct linux_dirent64: ino[8] off[8] reclen[2] type[1] name
    ENTRY_FIXED = 24                     # Rreaddir: qid[13] offset[8] type[1] length[2]
    DIRENT_LINK = 10                     # DT_LNK
    DIRENT_FOLDER = 4                    # DT_DIR


# --- fids -----------------------------------------------------------------------------------------

cdef Fid* fid_at(Ninep* ninep, u64 number) noexcept nogil:
    """The fid of that number, or NULL if there is none."""
    if number >= NINEP_FIDS or ninep.fids[number].path == 0:
        return NULL
    return &ninep.fids[number]


cdef void fid_drop(Fid* fid) noexcept nogil:
    if fid.file:
        close(fid.file - 1)
    if fid.path:
        close(fid.path - 1)
    memset(fid, 0, sizeof(Fid))


cdef void drop_all(Ninep* ninep) noexcept nogil:
    cdef u32 i
    for i in range(ninep.fid_end):
        fid_drop(&ninep.fids[i])
    ninep.fid_end = 0
    ninep.message_size = 0


cdef int fid_new(Ninep* ninep, u64 number, Fid** made) noexcept nogil:
    """A free place for fid `number`, or an errno."""
    if number >= NINEP_FIDS:
        return EMFILE
    if ninep.fids[number].path:
        return EINVAL                    # in use
    made[0] = &ninep.fids[number]
    ninep.fid_end = max(ninep.fid_end, <u32>number + 1)
    return 0


cdef u64 identity(Ninep* ninep, statx_t* status) noexcept nogil:
    # Inode numbers of another file system mounted inside the folder are told apart by its number.
    cdef u64 device = ninep_device_of(status)
    return status.stx_ino if device == ninep.folder_device else status.stx_ino ^ device * <u64>0x9E3779B97F4A7C15


cdef void qid_of(Ninep* ninep, statx_t* status, Qid* qid) noexcept nogil:
    cdef u32 kind = status.stx_mode & S_IFMT
    qid.type = P9_QTDIR if kind == S_IFDIR else (P9_QTSYMLINK if kind == S_IFLNK else 0)
    qid.version = 0
    qid.path = identity(ninep, status)


cdef int step(int folder, const char* name, u32 length, int* found) noexcept nogil:
    """One path element down: an O_PATH descriptor that has followed nothing."""
    cdef char text[P9_NAME_MAX + 1]
    if not wire_is_name(name, length):
        return EINVAL
    memcpy(text, name, length)
    text[length] = 0
    while True:
        found[0] = openat(folder, text, O_PATH | O_NOFOLLOW | O_CLOEXEC)
        if found[0] >= 0:
            return 0
        if errno != EINTR:
            return errno


cdef int name_in(Wire* request, char* into) noexcept nogil:
    """Reads a name that will be made or removed; `into` has P9_NAME_MAX + 1 bytes."""
    cdef u32 length
    cdef const char* name = wire_get_text(request, &length)
    if not wire_is_name(name, length):
        return EINVAL
    memcpy(into, name, length)
    into[length] = 0
    return 0


# --- one function for each message: an errno, or 0 with the reply's body written -------------------------

cdef bint is_version(const char* text, u32 length) noexcept nogil:
    return length == 8 and text != NULL and memcmp(text, b"9P2000.L", 8) == 0


cdef int do_version(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef u32 size = <u32>wire_get(request, 4), length
    cdef const char* version = wire_get_text(request, &length)
    if request.bad:
        return EINVAL
    drop_all(ninep)                      # version(5): a new session
    size = min(size, <u32>NINEP_MESSAGE_MAX)
    wire_put(reply, size, 4)
    if size < P9_MESSAGE_MIN or not is_version(version, length):
        wire_put_text(reply, b"unknown", 7)
        return 0
    ninep.message_size = size
    wire_put_text(reply, version, length)
    return 0


cdef int do_attach(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    # User and tree names are not looked at: there is one folder, with this process's rights.
    cdef u64 number = wire_get(request, 4)
    cdef Fid* fid = NULL
    cdef statx_t status
    cdef Qid qid
    cdef int error
    if request.bad or ninep.message_size == 0:
        return EINVAL
    error = fid_new(ninep, number, &fid)
    if error:
        return error
    fid.path = openat(ninep.folder, b".", O_PATH | O_DIRECTORY | O_CLOEXEC) + 1
    if fid.path == 0:
        return errno
    if ninep_stat(fid.path - 1, &status) < 0:
        error = errno
        fid_drop(fid)
        return error
    fid.mode = status.stx_mode & S_IFMT
    ninep.folder_device = ninep_device_of(&status)
    qid_of(ninep, &status, &qid)
    wire_put_qid(reply, &qid)
    return 0


cdef int do_walk(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef u64 number = wire_get(request, 4)
    cdef u64 count = wire_get(request, 2), i
    cdef u32 length
    cdef const char* name
    cdef Fid* made = NULL
    cdef int at, below, error
    cdef u32 mode
    cdef statx_t status
    cdef Qid qid
    if request.bad or fid == NULL:
        return EBADF
    if count > P9_WALK_MAX:
        return EINVAL
    if fid_at(ninep, number) == fid:     # walk(5): it may be replaced, but we never need that
        return EINVAL
    error = fid_new(ninep, number, &made)
    if error:
        return error
    at = ninep_again(fid.path - 1)
    if at < 0:
        return errno
    mode = fid.mode
    wire_put(reply, count, 2)
    for i in range(count):
        name = wire_get_text(request, &length)
        error = step(at, name, length, &below) if name != NULL else EINVAL
        close(at)
        if error:
            return error                 # walk(5) would tell of a partial walk; the errno says more
        at = below
        if ninep_stat(at, &status) < 0:
            error = errno
            close(at)
            return error
        mode = status.stx_mode & S_IFMT
        qid_of(ninep, &status, &qid)
        wire_put_qid(reply, &qid)
    made.path = at + 1
    made.mode = mode
    return 0


cdef int do_open(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef int flags = <int>wire_get(request, 4), file, error
    cdef statx_t status
    cdef Qid qid
    if request.bad or fid == NULL:
        return EBADF
    if fid.file:
        return EINVAL
    if fid.mode == S_IFDIR:
        flags = O_RDONLY | O_DIRECTORY if not flags & O_ACCMODE else -1
        if flags < 0:
            return EISDIR
    elif fid.mode != S_IFREG:
        return ENXIO                     # no device, pipe or socket of the host
    if ninep.read_only and flags & (O_ACCMODE | O_TRUNC) != O_RDONLY:
        return EROFS
    file = ninep_reopen(fid.path - 1, flags & (O_ACCMODE | O_TRUNC | O_APPEND | O_DSYNC | O_SYNC | O_DIRECTORY))
    if file < 0:
        return errno
    if ninep_stat(file, &status) < 0:
        error = errno
        close(file)
        return error
    fid.file = file + 1
    fid.position = 0
    qid_of(ninep, &status, &qid)
    wire_put_qid(reply, &qid)
    wire_put(reply, 0, 4)                # iounit: as much as a message holds
    return 0


cdef int do_create(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    """The fid of the directory becomes that of the new, opened file."""
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef char name[P9_NAME_MAX + 1]
    cdef int error = name_in(request, name)
    cdef int flags = <int>wire_get(request, 4), file, path
    cdef u32 mode = <u32>wire_get(request, 4)
    cdef statx_t status
    cdef Qid qid
    if request.bad or fid == NULL:
        return EBADF
    if error or fid.file:
        return EINVAL
    if fid.mode != S_IFDIR:
        return ENOTDIR
    if ninep.read_only:
        return EROFS
    # O_EXCL always: what is there already is opened by Tlopen, which looks at its kind first.
    flags = (flags & (O_ACCMODE | O_APPEND | O_DSYNC | O_SYNC)) | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY
    file = openat(fid.path - 1, name, flags, mode & PERMISSIONS)
    if file < 0:
        return errno
    path = ninep_again(file)
    if path < 0 or ninep_stat(file, &status) < 0:
        error = errno
        close(file)
        if path >= 0:
            close(path)
        return error
    close(fid.path - 1)
    fid.path = path + 1
    fid.file = file + 1
    fid.mode = S_IFREG
    qid_of(ninep, &status, &qid)
    wire_put_qid(reply, &qid)
    wire_put(reply, 0, 4)
    return 0


cdef int qid_below(Ninep* ninep, int folder, const char* name, Wire* reply) noexcept nogil:
    cdef statx_t status
    cdef Qid qid
    cdef int path, error = step(folder, name, <u32>strlen(name), &path)
    if error:
        return error
    if ninep_stat(path, &status) < 0:
        error = errno
    else:
        qid_of(ninep, &status, &qid)
        wire_put_qid(reply, &qid)
    close(path)
    return error


cdef int do_mkdir(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef char name[P9_NAME_MAX + 1]
    cdef int error = name_in(request, name)
    cdef u32 mode = <u32>wire_get(request, 4)
    if request.bad or fid == NULL:
        return EBADF
    if error:
        return error
    if ninep.read_only:
        return EROFS
    if mkdirat(fid.path - 1, name, mode & PERMISSIONS) < 0:
        return errno
    return qid_below(ninep, fid.path - 1, name, reply)


cdef int do_symlink(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef char name[P9_NAME_MAX + 1]
    cdef char target[P9_TEXT_MAX + 1]
    cdef int error = name_in(request, name)
    cdef u32 length
    cdef const char* text = wire_get_text(request, &length)
    if request.bad or fid == NULL:
        return EBADF
    if error or length == 0 or length > P9_TEXT_MAX:
        return EINVAL
    if ninep.read_only:
        return EROFS
    memcpy(target, text, length)
    target[length] = 0
    if strlen(target) != length:
        return EINVAL
    if symlinkat(target, fid.path - 1, name) < 0:
        return errno
    return qid_below(ninep, fid.path - 1, name, reply)


cdef int do_link(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* folder = fid_at(ninep, wire_get(request, 4))
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef char name[P9_NAME_MAX + 1]
    cdef int error = name_in(request, name)
    if request.bad or fid == NULL or folder == NULL:
        return EBADF
    if error:
        return error
    if ninep.read_only:
        return EROFS
    if fid.mode == S_IFDIR:
        return EPERM
    return errno if ninep_link(fid.path - 1, folder.path - 1, name) < 0 else 0


cdef int do_rename(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* folder = fid_at(ninep, wire_get(request, 4))
    cdef char name[P9_NAME_MAX + 1]
    cdef char new_name[P9_NAME_MAX + 1]
    cdef int error = name_in(request, name)
    cdef Fid* target = fid_at(ninep, wire_get(request, 4))
    cdef int second = name_in(request, new_name)
    if request.bad or folder == NULL or target == NULL:
        return EBADF
    if error or second:
        return EINVAL
    if ninep.read_only:
        return EROFS
    return errno if renameat(folder.path - 1, name, target.path - 1, new_name) < 0 else 0


cdef int do_unlink(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* folder = fid_at(ninep, wire_get(request, 4))
    cdef char name[P9_NAME_MAX + 1]
    cdef int error = name_in(request, name)
    cdef u64 flags = wire_get(request, 4)
    if request.bad or folder == NULL:
        return EBADF
    if error or flags & ~<u64>P9_UNLINK_FOLDER:
        return EINVAL
    if ninep.read_only:
        return EROFS
    return errno if unlinkat(folder.path - 1, name, AT_REMOVEDIR if flags else 0) < 0 else 0


cdef int do_readlink(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef char target[P9_TEXT_MAX + 1]
    cdef long length
    if request.bad or fid == NULL:
        return EBADF
    if fid.mode != S_IFLNK:
        return EINVAL
    length = readlinkat(fid.path - 1, b"", target, sizeof(target))
    if length < 0:
        return errno
    wire_put_text(reply, target, <u32>min(length, <long>P9_TEXT_MAX))
    return 0


cdef void put_time(Wire* reply, statx_time* when) noexcept nogil:
    wire_put(reply, <u64>when.tv_sec, 8)
    wire_put(reply, when.tv_nsec, 8)


cdef int do_getattr(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef statx_t status
    cdef Qid qid
    cdef bint created
    wire_get(request, 8)                 # the mask: everything is given
    if request.bad or fid == NULL:
        return EBADF
    memset(&status, 0, sizeof(status))
    if ninep_stat(fid.path - 1, &status) < 0:
        return errno
    created = status.stx_mask & STATX_BTIME
    qid_of(ninep, &status, &qid)
    wire_put(reply, P9_STATS_BASIC | (P9_STATS_CREATED if created else 0), 8)
    wire_put_qid(reply, &qid)
    wire_put(reply, status.stx_mode, 4)
    wire_put(reply, status.stx_uid, 4)
    wire_put(reply, status.stx_gid, 4)
    wire_put(reply, status.stx_nlink, 8)
    wire_put(reply, ninep_rdevice_of(&status), 8)
    wire_put(reply, status.stx_size, 8)
    wire_put(reply, status.stx_blksize, 8)
    wire_put(reply, status.stx_blocks, 8)
    put_time(reply, &status.stx_atime)
    put_time(reply, &status.stx_mtime)
    put_time(reply, &status.stx_ctime)
    put_time(reply, &status.stx_btime)   # zeros where the host does not know it
    wire_put(reply, 0, 8)                # generation
    wire_put(reply, 0, 8)                # data version
    return 0


cdef int do_setattr(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef u64 valid = wire_get(request, 4)
    cdef u32 mode = <u32>wire_get(request, 4), uid = <u32>wire_get(request, 4), gid = <u32>wire_get(request, 4)
    cdef u64 size = wire_get(request, 8)
    cdef u64 when[4]
    cdef int which[2]
    cdef int i
    for i in range(4):
        when[i] = wire_get(request, 8)
    if request.bad or fid == NULL:
        return EBADF
    if ninep.read_only:
        return EROFS
    if when[1] >= 1000000000 or when[3] >= 1000000000 or <i64>size < 0:
        return EINVAL
    if valid & P9_SET_MODE:
        if fid.mode == S_IFLNK:
            return EOPNOTSUPP
        if ninep_chmod(fid.path - 1, mode & PERMISSIONS) < 0:
            return errno
    if valid & (P9_SET_UID | P9_SET_GID):
        if fchownat(fid.path - 1, b"", uid if valid & P9_SET_UID else <u32>-1, gid if valid & P9_SET_GID else <u32>-1,
                    AT_EMPTY_PATH) < 0:
            return errno
    if valid & P9_SET_SIZE:
        if fid.mode != S_IFREG:
            return EISDIR if fid.mode == S_IFDIR else EINVAL
        if ninep_truncate(fid.path - 1, size) < 0:
            return errno
    if valid & (P9_SET_ACCESS | P9_SET_MODIFY):
        which[0] = (2 if valid & P9_SET_ACCESS_GIVEN else 1) if valid & P9_SET_ACCESS else 0
        which[1] = (2 if valid & P9_SET_MODIFY_GIVEN else 1) if valid & P9_SET_MODIFY else 0
        if ninep_times(fid.path - 1, fid.mode == S_IFLNK, which, when) < 0:
            return errno
    return 0


cdef int do_statfs(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef statfs_t status
    if request.bad or fid == NULL:
        return EBADF
    if fstatfs(fid.path - 1, &status) < 0:
        return errno
    wire_put(reply, <u64>status.f_type, 4)
    wire_put(reply, <u64>status.f_bsize, 4)
    wire_put(reply, status.f_blocks, 8)
    wire_put(reply, status.f_bfree, 8)
    wire_put(reply, status.f_bavail, 8)
    wire_put(reply, status.f_files, 8)
    wire_put(reply, status.f_ffree, 8)
    wire_put(reply, ninep_fsid(&status), 8)
    wire_put(reply, <u64>status.f_namelen, 4)
    return 0


cdef int do_fsync(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef u64 data_only = wire_get(request, 4)
    if request.bad or fid == NULL or fid.file == 0:
        return EBADF
    return errno if (fdatasync(fid.file - 1) if data_only else fsync(fid.file - 1)) < 0 else 0


cdef int do_clunk(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    if request.bad or fid == NULL:
        return EBADF
    fid_drop(fid)
    return 0


# --- contents -----------------------------------------------------------------------------------------

cdef u32 part_of(Buffer* from_, u32 count, u64 skip, u64 size, Buffer* into) noexcept nogil:
    """The buffers that hold bytes [skip, skip + size) of those at `from_`; how many there are."""
    cdef u32 i, found = 0
    cdef u64 length
    for i in range(count):
        length = from_[i].length
        if skip >= length:
            skip -= length
            continue
        into[found].data = from_[i].data + skip
        into[found].length = min(length - skip, size)
        size -= into[found].length
        skip = 0
        if into[found].length:
            found += 1
        if size == 0:
            break
    return found


cdef int do_read(Ninep* ninep, Wire* request, Chain* chain, u32* got) noexcept nogil:
    """Reads straight into the guest's buffers, behind where Rread's header will be."""
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef u64 offset = wire_get(request, 8), count = wire_get(request, 4), room
    cdef Buffer parts[CHAIN_MAX]
    cdef u32 buffers
    cdef long done
    if request.bad or fid == NULL or fid.file == 0:
        return EBADF
    if fid.mode != S_IFREG:
        return EISDIR
    if <i64>offset < 0:
        return EINVAL
    room = min(chain.writable_bytes, <u64>ninep.message_size)
    count = min(count, room - P9_READ_HEADER)    # answer() has made sure of the header
    buffers = part_of(chain.buffers + chain.readable_count, chain.writable_count, P9_READ_HEADER, count, parts)
    done = 0
    while buffers:
        done = preadv(fid.file - 1, <iovec*>parts, <int>buffers, <i64>offset)
        if done >= 0:
            break
        if errno != EINTR:
            return errno
    got[0] = <u32>done
    return 0


cdef int do_write(Ninep* ninep, Wire* request, Chain* chain, u64 size, Wire* reply) noexcept nogil:
    """Writes straight from the guest's buffers; `size` is that of the whole message."""
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef u64 offset = wire_get(request, 8), count = wire_get(request, 4)
    cdef Buffer parts[CHAIN_MAX]
    cdef u32 buffers
    cdef long done
    if request.bad or fid == NULL or fid.file == 0:
        return EBADF
    if ninep.read_only:
        return EROFS
    if fid.mode != S_IFREG or <i64>offset < 0 or count > size - P9_WRITE_HEADER:
        return EINVAL
    buffers = part_of(chain.buffers, chain.readable_count, P9_WRITE_HEADER, count, parts)
    done = 0
    while buffers:
        done = pwritev(fid.file - 1, <iovec*>parts, <int>buffers, <i64>offset)
        if done >= 0:
            break
        if errno != EINTR:
            return errno
    wire_put(reply, <u64>done, 4)
    return 0


cdef int do_readdir(Ninep* ninep, Wire* request, Wire* reply) noexcept nogil:
    cdef Fid* fid = fid_at(ninep, wire_get(request, 4))
    cdef u64 offset = wire_get(request, 8), count = wire_get(request, 4), next
    cdef u8* entry
    cdef u8* end
    cdef u32 length, start = reply.at + 4
    cdef long got
    cdef Qid qid
    if request.bad or fid == NULL or fid.file == 0:
        return EBADF
    if fid.mode != S_IFDIR:
        return ENOTDIR
    if <i64>offset < 0:
        return EINVAL
    count = min(count, min(<u64>NINEP_ENTRIES, <u64>(reply.size - start)))
    if offset != fid.position and lseek(fid.file - 1, <i64>offset, SEEK_SET) < 0:
        return errno
    fid.position = <u64>-1               # known again only if everything read is handed over
    # An entry takes at most twice the room of its dirent.
    got = ninep_list(fid.file - 1, ninep.entries, min(<u64>NINEP_ENTRIES // 2, count // 2))
    if got < 0:
        return errno
    wire_put(reply, 0, 4)
    entry = ninep.entries
    end = entry + got
    next = offset
    while entry < end:
        length = <u32>strlen(<char*>entry + DIRENT_NAME)
        if reply.at - start + ENTRY_FIXED + length > count:
            break
        memcpy(&qid.path, entry, 8)
        memcpy(&next, entry + 8, 8)
        qid.type = P9_QTDIR if entry[18] == DIRENT_FOLDER else (P9_QTSYMLINK if entry[18] == DIRENT_LINK else 0)
        qid.version = 0
        wire_put_qid(reply, &qid)
        wire_put(reply, next, 8)
        wire_put(reply, entry[18], 1)
        wire_put_text(reply, <char*>entry + DIRENT_NAME, length)
        entry += entry[16] | <u32>entry[17] << 8
    if entry >= end:
        fid.position = next
    length = reply.at - start
    if got and length == 0:
        return EINVAL                    # no room for one entry
    reply.at = start - 4
    wire_put(reply, length, 4)
    reply.at = start + length
    return 0


# --- the message as a whole -----------------------------------------------------------------------------

cdef int serve(Ninep* ninep, u32 type, Wire* request, Wire* reply) noexcept nogil:
    if type == P9_TVERSION:
        return do_version(ninep, request, reply)
    if type == P9_TATTACH:
        return do_attach(ninep, request, reply)
    if type == P9_TFLUSH:
        return 0                         # flush(5): all earlier requests have been answered
    if type == P9_TWALK:
        return do_walk(ninep, request, reply)
    if type == P9_TLOPEN:
        return do_open(ninep, request, reply)
    if type == P9_TLCREATE:
        return do_create(ninep, request, reply)
    if type == P9_TGETATTR:
        return do_getattr(ninep, request, reply)
    if type == P9_TSETATTR:
        return do_setattr(ninep, request, reply)
    if type == P9_TREADDIR:
        return do_readdir(ninep, request, reply)
    if type == P9_TREADLINK:
        return do_readlink(ninep, request, reply)
    if type == P9_TMKDIR:
        return do_mkdir(ninep, request, reply)
    if type == P9_TSYMLINK:
        return do_symlink(ninep, request, reply)
    if type == P9_TLINK:
        return do_link(ninep, request, reply)
    if type == P9_TRENAMEAT:
        return do_rename(ninep, request, reply)
    if type == P9_TUNLINKAT:
        return do_unlink(ninep, request, reply)
    if type == P9_TSTATFS:
        return do_statfs(ninep, request, reply)
    if type == P9_TFSYNC:
        return do_fsync(ninep, request, reply)
    if type == P9_TCLUNK:
        return do_clunk(ninep, request, reply)
    if type == P9_TMKNOD:
        return EPERM                     # no devices, pipes or sockets on the host
    return EOPNOTSUPP


cdef u32 gather(Buffer* buffers, u32 count, u8* into, u32 room) noexcept nogil:
    """Copies the front of what the guest sends; the only look at it."""
    cdef u32 i, done = 0, length
    for i in range(count):
        length = <u32>min(<u64>buffers[i].length, <u64>(room - done))
        memcpy(into + done, buffers[i].data, length)
        done += length
    return done


cdef void scatter(Chain* chain, const u8* data, u32 size) noexcept nogil:
    cdef Buffer parts[CHAIN_MAX]
    cdef u32 i, count = part_of(chain.buffers + chain.readable_count, chain.writable_count, 0, size, parts)
    for i in range(count):
        memcpy(parts[i].data, data, parts[i].length)
        data += parts[i].length


cdef u32 answer(Ninep* ninep, Chain* chain) noexcept nogil:
    """Serves one request; the length of the reply, 0 if there is no room for any."""
    cdef Wire request, reply
    cdef u32 type, tag, got = 0, copied
    cdef u64 size
    cdef int error
    if chain.writable_bytes < P9_READ_HEADER:
        return 0
    copied = gather(chain.buffers, chain.readable_count, ninep.message, NINEP_MESSAGE)
    wire_init(&request, ninep.message, copied)
    size = wire_get(&request, 4)
    type = <u32>wire_get(&request, 1)
    tag = <u32>wire_get(&request, 2)
    if request.bad:
        return 0                         # not even a header: no tag to answer to
    wire_init(&reply, ninep.answer, <u32>min(chain.writable_bytes, <u64>(P9_READ_HEADER + NINEP_ENTRIES)))
    wire_take(&reply, P9_HEADER)
    if size < P9_HEADER or size > chain.readable_bytes or (ninep.message_size and size > ninep.message_size):
        error = EINVAL
    elif type == P9_TWRITE:
        error = do_write(ninep, &request, chain, size, &reply) if size >= P9_WRITE_HEADER else EINVAL
    elif size > copied:
        error = EINVAL                   # no other message is so long
    else:
        request.size = <u32>size
        if type == P9_TREAD:
            error = do_read(ninep, &request, chain, &got)
            wire_put(&reply, got, 4)
        else:
            error = serve(ninep, type, &request, &reply)
    if error == 0 and reply.bad:
        error = EIO                      # the guest's buffers are too small for the reply
    if error:
        got = 0
        reply.bad = False
        reply.at = P9_HEADER
        type = P9_RLERROR - 1
        wire_put(&reply, <u32>error, 4)
    size = reply.at + got
    reply.size = P9_HEADER
    reply.at = 0
    wire_put(&reply, size, 4)
    wire_put(&reply, type + 1, 1)
    wire_put(&reply, tag, 2)
    scatter(chain, ninep.answer, <u32>size - got)
    return <u32>size


cdef void process(Device* device, u32 queue) noexcept nogil:
    cdef Ninep* ninep = <Ninep*>device
    cdef Chain chain
    cdef bint used = False
    while virtqueue_pop(&device.queues[queue], device.memory, &chain) == QUEUE_CHAIN:
        virtqueue_push(&device.queues[queue], chain.head, answer(ninep, &chain))
        used = True
    if used:
        device_used(device, queue)


cdef void restart(Device* device) noexcept nogil:
    drop_all(<Ninep*>device)


cdef public int ninep_init(Ninep* ninep, GuestMemory* memory, int folder, bint read_only, const char* tag,
                           void (*interrupt)(void* context) noexcept nogil, void* context) noexcept nogil:
    cdef u32 length = <u32>min(strlen(tag), <size_t>NINEP_TAG_MAX)
    memset(ninep, 0, sizeof(Ninep))
    device_init(&ninep.device, VIRTIO_9P, 1, memory, interrupt, context)
    ninep.device.offered |= 1            # VIRTIO_9P_MOUNT_TAG
    ninep.device.process = process
    ninep.device.restart = restart
    ninep.device.config[0] = <u8>length
    memcpy(&ninep.device.config[2], tag, length)
    ninep.device.config_size = 2 + length
    ninep.folder = folder
    ninep.read_only = read_only
    ninep.fids = <Fid*>calloc(NINEP_FIDS, sizeof(Fid))
    ninep.message = <u8*>malloc(NINEP_MESSAGE)
    ninep.answer = <u8*>malloc(P9_READ_HEADER + NINEP_ENTRIES)
    ninep.entries = <u8*>malloc(NINEP_ENTRIES // 2)
    if ninep.fids == NULL or ninep.message == NULL or ninep.answer == NULL or ninep.entries == NULL:
        ninep_close(ninep)
        return -1
    return 0


cdef public void ninep_close(Ninep* ninep) noexcept nogil:
    if ninep.fids != NULL:
        drop_all(ninep)
    free(ninep.fids)
    free(ninep.message)
    free(ninep.answer)
    free(ninep.entries)
    ninep.fids = NULL
    ninep.message = NULL
    ninep.answer = NULL
    ninep.entries = NULL
