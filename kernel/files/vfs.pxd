# The virtual file system: mounts, path walk, descriptors with positions.
#
# Invariant: a Vnode lives while its reference count is not 0: directories count their entries, open
# files and mounts count theirs.  A File lives while descriptors or running calls hold it, so closing a
# descriptor in the middle of another thread's read is safe.
#
# Locks: `vfs_lock` (one mutex) guards every name: directory contents, mounts, link counts.  A Vnode's
# own mutex guards its contents and size.  Order: vfs_lock, then File.lock, then Vnode.lock.
#
# Interface: all functions return a count or a negative errno.  Paths are NUL-terminated bytes, at most
# PATH_LIMIT - 1; relative ones start at the working directory.  Numbers are Linux x86-64's.
from kernel.types cimport u8, u16, u32, u64, i64
from kernel.threads.sync cimport Mutex, Parker
from kernel.files.extended cimport Attribute

cdef enum:
    PATH_LIMIT = 4096                    # PATH_MAX, with the NUL
    NAME_LIMIT = 255                     # NAME_MAX, without it
    SYMLINK_LIMIT = 40                   # links followed in one walk, then ELOOP
    DESCRIPTORS_MAX = 65536

# open(2) flags and modes.  A VFS_ prefix keeps them apart from <fcntl.h>, whose values they have.
cdef enum:
    VFS_O_RDONLY = 0
    VFS_O_WRONLY = 1
    VFS_O_RDWR = 2
    VFS_O_ACCMODE = 3
    VFS_O_CREAT = 0o100
    VFS_O_EXCL = 0o200
    VFS_O_NOCTTY = 0o400
    VFS_O_TRUNC = 0o1000
    VFS_O_APPEND = 0o2000
    VFS_O_NONBLOCK = 0o4000
    VFS_O_DSYNC = 0o10000
    VFS_O_DIRECTORY = 0o200000
    VFS_O_NOFOLLOW = 0o400000
    VFS_O_CLOEXEC = 0o2000000
    VFS_O_SYNC = 0o4010000
    VFS_O_PATH = 0o10000000

cdef enum:
    VFS_S_IFMT = 0o170000
    VFS_S_IFSOCK = 0o140000
    VFS_S_IFLNK = 0o120000
    VFS_S_IFREG = 0o100000
    VFS_S_IFBLK = 0o060000
    VFS_S_IFDIR = 0o040000
    VFS_S_IFCHR = 0o020000
    VFS_S_IFIFO = 0o010000

cdef enum:
    VFS_SEEK_SET = 0
    VFS_SEEK_CUR = 1
    VFS_SEEK_END = 2

# access(2)
cdef enum:
    VFS_F_OK = 0
    VFS_X_OK = 1
    VFS_W_OK = 2
    VFS_R_OK = 4

# poll(2) bits
cdef enum:
    VFS_POLLIN = 1
    VFS_POLLOUT = 4
    VFS_POLLERR = 8
    VFS_POLLHUP = 16
    VFS_POLLNVAL = 32

# Times of vfs_utimens that are not times: leave as it is, set to now.
cdef enum:
    VFS_TIME_OMIT = -1
    VFS_TIME_NOW = -2

cdef struct FileStat:
    u64 device
    u64 inode
    u32 mode
    u32 links
    u32 uid
    u32 gid
    u64 rdevice
    u64 size
    u64 blocks                           # of 512 bytes
    i64 access_time                      # ns since the epoch
    i64 modify_time
    i64 change_time
    i64 create_time

cdef struct DirectoryEntry:
    u64 inode
    u64 next                             # cookie: the position after this entry
    u32 mode                             # S_IFMT bits only
    u32 length
    char name[NAME_LIMIT + 1]

# One open description's place in a Vnode's list of those who wait for readiness.
cdef struct PollWatch:
    PollWatch* next
    PollWatch* previous
    u32 events
    Parker* parker                       # unparked when one of `events` becomes ready
    void (*notify)(PollWatch* watch) noexcept nogil    # or, if not NULL, called then, with events masked

cdef struct Vnode:
    const VnodeOperations* operations
    Mount* mount                         # the file system it belongs to
    Mount* covered                       # a file system mounted on it, or NULL
    void* data                           # the file system's own
    Vnode* parent                        # directories: where ".." leads
    u64 references
    u64 inode
    u32 mode
    u32 links
    u32 uid
    u32 gid
    u64 rdevice
    u64 size
    i64 access_time
    i64 modify_time
    i64 change_time
    i64 create_time
    Mutex lock
    PollWatch* watches
    void* mappings                       # kernel/files/mapping.pxd

# statfs(2).
cdef struct FileSystemStatus:
    u64 type
    u64 block_size
    u64 blocks                           # of block_size bytes
    u64 blocks_free
    u64 blocks_available
    u64 files
    u64 files_free
    u64 name_limit

# What VnodeOperations.change sets.
cdef enum:
    VFS_CHANGE_MODE = 1
    VFS_CHANGE_TIMES = 2

# What a file system gives for its vnodes.  A member that is NULL fails with the errno beside it.
# Directory operations run under vfs_lock; contents operations under Vnode.lock unless `unlocked`
# (devices, which may block).
cdef struct VnodeOperations:
    bint unlocked
    int (*lookup)(Vnode* folder, const char* name, u64 length, Vnode** found) noexcept nogil      # ENOTDIR; gives a reference
    int (*create)(Vnode* folder, const char* name, u64 length, u32 mode, Vnode** made) noexcept nogil   # EROFS; gives a reference
    int (*symlink)(Vnode* folder, const char* name, u64 length, const char* target, u64 size) noexcept nogil   # EROFS
    int (*link)(Vnode* folder, const char* name, u64 length, Vnode* node) noexcept nogil          # EROFS
    int (*remove)(Vnode* folder, const char* name, u64 length, Vnode* node) noexcept nogil        # EROFS; file, link or empty directory
    int (*rename)(Vnode* folder, const char* name, u64 length, Vnode* node, Vnode* target, const char* new_name,
                  u64 new_length, Vnode* replaced) noexcept nogil                                 # EROFS
    int (*entry)(Vnode* folder, u64 cookie, DirectoryEntry* entry) noexcept nogil                 # ENOTDIR; 1 an entry, 0 the end
    i64 (*readlink)(Vnode* node, char* into, u64 size) noexcept nogil                             # EINVAL
    i64 (*read)(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil          # EINVAL
    i64 (*write)(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil   # EINVAL
    int (*truncate)(Vnode* node, u64 size) noexcept nogil                                         # EINVAL
    int (*map)(Vnode* node, void** address, u64* size) noexcept nogil                             # ENODEV
    u32 (*poll)(Vnode* node) noexcept nogil                                                       # always ready
    i64 (*available)(Vnode* node) noexcept nogil                                                  # 0
    int (*control)(Vnode* node, u64 request, void* argument) noexcept nogil                       # ENOTTY
    Attribute** (*attributes)(Vnode* node) noexcept nogil                                         # EOPNOTSUPP; where its list begins
    void (*retire)(Vnode* node) noexcept nogil                                                    # nothing; calls blocked in it end with EINTR, for ever
    void (*destroy)(Vnode* node) noexcept nogil                                                   # last reference gone; frees it
    # For file systems whose vnodes are kept elsewhere; NULL: the Vnode itself is all there is.
    # A vnode's fields may be old until `refresh`; they change with events masked.
    int (*refresh)(Vnode* node) noexcept nogil                                                    # may sleep
    int (*open)(Vnode* node, u32 flags) noexcept nogil                                            # under vfs_lock, before the descriptor is made
    int (*change)(Vnode* node, u32 what, u32 mode, i64 access_time, i64 modify_time) noexcept nogil
    int (*sync)(Vnode* node) noexcept nogil
    int (*name)(Vnode* node, char* into, u64* length) noexcept nogil                              # in its parent; NAME_LIMIT bytes; ENOENT: removed
    int (*status)(Vnode* node, FileSystemStatus* into) noexcept nogil

cdef struct Mount:
    Mount* next
    const char* type                     # static text
    Vnode* root
    Vnode* over                          # the directory it covers; NULL for "/"
    u64 device
    u64 next_inode
    bint read_only
    void* data

cdef struct File:
    Vnode* node
    u64 references
    u64 position
    u32 flags
    Mutex lock

cdef struct PollRequest:
    int fd
    u32 events
    u32 ready

cdef extern int vfs_init() noexcept nogil                               # mounts a ramfs at "/", makes /dev, /tmp, /boot, /root
cdef extern int vfs_mount(const char* path, Mount* mount) noexcept nogil

cdef extern int vfs_descriptors() noexcept nogil                         # how many are open
cdef extern int vfs_open(const char* path, u32 flags, u32 mode) noexcept nogil   # the lowest free descriptor
cdef extern int vfs_close(int fd) noexcept nogil
cdef extern i64 vfs_read(int fd, void* into, u64 size) noexcept nogil
cdef extern i64 vfs_write(int fd, const void* data, u64 size) noexcept nogil
cdef extern i64 vfs_pread(int fd, void* into, u64 size, u64 offset) noexcept nogil
cdef extern i64 vfs_pwrite(int fd, const void* data, u64 size, u64 offset) noexcept nogil
cdef extern i64 vfs_lseek(int fd, i64 offset, int whence) noexcept nogil
cdef extern int vfs_dup(int fd) noexcept nogil
cdef extern int vfs_dup_from(int fd, int lowest) noexcept nogil         # the lowest free one from `lowest` on
cdef extern int vfs_closes_on_exec(int fd) noexcept nogil               # FD_CLOEXEC: 0, 1 or EBADF
cdef extern int vfs_close_on_exec(int fd, bint closes) noexcept nogil
cdef extern int vfs_dup2(int fd, int target) noexcept nogil
cdef extern int vfs_get_flags(int fd) noexcept nogil                    # access mode and status flags
cdef extern int vfs_set_flags(int fd, u32 flags) noexcept nogil         # O_APPEND and O_NONBLOCK
cdef extern int vfs_fsync(int fd) noexcept nogil
cdef extern int vfs_map(int fd, void** address, u64* size) noexcept nogil        # the whole file in place, read-only; ENODEV if it has no place
# A mapping of part of a file (kernel/files/mapping.pxd, MappingKind); offset in whole pages.  EACCES, ENODEV, ENOMEM.
cdef extern int vfs_map_part(int fd, u64 offset, u64 length, int kind, u64* address) noexcept nogil
cdef extern int vfs_control(int fd, u64 request, void* argument) noexcept nogil
cdef extern i64 vfs_available(int fd) noexcept nogil                    # bytes that a read would give without blocking, as far as known

cdef extern int vfs_stat(const char* path, FileStat* into) noexcept nogil
cdef extern int vfs_lstat(const char* path, FileStat* into) noexcept nogil
cdef extern int vfs_fstat(int fd, FileStat* into) noexcept nogil
cdef extern int vfs_access(const char* path, int mode) noexcept nogil
cdef extern int vfs_readdir(int fd, DirectoryEntry* entry) noexcept nogil        # 1 an entry ("." and ".." first), 0 the end
cdef extern int vfs_mkdir(const char* path, u32 mode) noexcept nogil
cdef extern int vfs_rmdir(const char* path) noexcept nogil
cdef extern int vfs_unlink(const char* path) noexcept nogil
cdef extern int vfs_rename(const char* path, const char* target) noexcept nogil
cdef extern int vfs_link(const char* path, const char* target) noexcept nogil
cdef extern int vfs_symlink(const char* contents, const char* path) noexcept nogil
cdef extern i64 vfs_readlink(const char* path, char* into, u64 size) noexcept nogil
cdef extern i64 vfs_realpath(const char* path, char* into, u64 size) noexcept nogil  # canonical path with a NUL; its length
cdef extern int vfs_truncate(const char* path, u64 size) noexcept nogil
cdef extern int vfs_ftruncate(int fd, u64 size) noexcept nogil
cdef extern int vfs_chmod(const char* path, u32 mode) noexcept nogil
cdef extern int vfs_fchmod(int fd, u32 mode) noexcept nogil
# -1: as it is.  EPERM where the file system keeps owners elsewhere.
cdef extern int vfs_chown(const char* path, bint follow, int uid, int gid) noexcept nogil
cdef extern int vfs_fchown(int fd, int uid, int gid) noexcept nogil
cdef extern int vfs_utimens(const char* path, i64 access_time, i64 modify_time) noexcept nogil   # ns, VFS_TIME_OMIT, VFS_TIME_NOW
cdef extern int vfs_futimens(int fd, i64 access_time, i64 modify_time) noexcept nogil
cdef extern int vfs_chdir(const char* path) noexcept nogil
# Watches of directories for a queue of notify_open (kernel/files/notify.pxd); the watch's number.
cdef extern int vfs_watch(int queue, const char* path, u32 mask) noexcept nogil
cdef extern int vfs_unwatch(int queue, int watch) noexcept nogil
cdef extern i64 vfs_getcwd(char* into, u64 size) noexcept nogil         # with a NUL; its length
# The index-th mount, the last made first: the path that it covers with a NUL, its length; -ENOENT: no more.
cdef extern i64 vfs_mount_at(u64 index, char* into, u64 size, const char** type, bint* read_only) noexcept nogil
cdef extern int vfs_statfs(const char* path, FileSystemStatus* into) noexcept nogil
cdef extern void vfs_set_umask(u32 mask) noexcept nogil                 # bits that new files and directories do not get; 0 at first
cdef extern u32 vfs_umask() noexcept nogil

# poll(2): returns how many are ready; waits until the absolute deadline (0: for ever, 1: not at all).
cdef extern int vfs_poll(PollRequest* requests, u64 count, u64 deadline) noexcept nogil
# A vnode's owner says that `events` have become ready; events masked or not.
cdef extern void vnode_ready(Vnode* node, u32 events) noexcept nogil

# In a vnode's list of watches, and out of it.
cdef extern void vnode_watch(Vnode* node, PollWatch* watch) noexcept nogil
cdef extern void vnode_unwatch(Vnode* node, PollWatch* watch) noexcept nogil

# For file systems, devices and sockets.
cdef extern Vnode* vnode_get(Vnode* node) noexcept nogil                # takes a reference
cdef extern void vnode_put(Vnode* node) noexcept nogil
cdef extern int vfs_open_vnode(Vnode* node, u32 flags) noexcept nogil   # a descriptor for a vnode (takes its own reference)
cdef extern Vnode* vfs_vnode(int fd) noexcept nogil                     # the vnode behind a descriptor, with a reference; NULL
# Extended attributes of a regular file or directory: extended.pxd says what comes of it.
cdef extern i64 vfs_get_attribute(int fd, const char* name, void* into, u64 size) noexcept nogil
cdef extern int vfs_set_attribute(int fd, const char* name, const void* value, u64 size) noexcept nogil
cdef extern int vfs_remove_attribute(int fd, const char* name) noexcept nogil
cdef extern i64 vfs_list_attributes(int fd, char* into, u64 size) noexcept nogil
# The vnode that a path names, with a reference: 0 or an errno.
cdef extern int vfs_find(const char* path, bint follow, Vnode** found) noexcept nogil
# A socket's name (unix(7)): a file that nothing can be opened through; EADDRINUSE where there is one.
cdef extern int vfs_make_socket(const char* path, Vnode** made) noexcept nogil
cdef extern int vfs_make_node(const char* path, u32 mode, u64 rdevice, const VnodeOperations* operations, void* data) noexcept nogil
