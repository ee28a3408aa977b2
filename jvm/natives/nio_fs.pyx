# sun.nio.fs.UnixNativeDispatcher, LinuxNativeDispatcher, UnixFileSystem: java.nio.file on the kernel's VFS.
#
# Paths come as addresses of NUL-terminated bytes.  A failure is a UnixException with the errno.  A
# directory stream is the number of its descriptor plus 1.  There are no extended attributes and
# no *at calls; what asks for them gets EOPNOTSUPP or ENOSYS.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.files.errno cimport EAGAIN, EINTR, EINVAL, ENOENT, ENOSYS, EOPNOTSUPP
from kernel.files.vfs cimport (DirectoryEntry, FileStat, FileSystemStatus, NAME_LIMIT, PATH_LIMIT, VFS_O_CLOEXEC, VFS_O_DIRECTORY, VFS_O_RDONLY,
                               vfs_access, vfs_chmod, vfs_chown, vfs_close, vfs_dup, vfs_fchmod, vfs_fchown, vfs_fstat, vfs_futimens, vfs_getcwd,
                               vfs_link, vfs_lstat, vfs_mkdir, vfs_open, vfs_readdir, vfs_readlink, vfs_realpath, vfs_rename,
                               vfs_rmdir, vfs_stat, vfs_symlink, vfs_get_attribute, vfs_list_attributes, vfs_remove_attribute, vfs_set_attribute,
                               vfs_statfs, vfs_unlink, vfs_utimens, vfs_mount_at)
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcmp, strlen
from jvm.heap.object cimport Object, ref_store
from jvm.loader.classes cimport JavaThread, Method, Slot
from jvm.natives.descriptors cimport blocking_read, blocking_write, left_safe
from jvm.natives.support cimport (bytes_new, error_text, field_set_byte, field_set_int, field_set_long, known_field, known_method,
                                  object_construct)
from jvm.runtime.exceptions cimport throw_object, throw_out_of_memory
from jvm.runtime.thread cimport thread_enter_safe

cdef enum:
    SUPPORTS_XATTR = 1 << 3              # UnixNativeDispatcher's capabilities
    SUPPORTS_BIRTHTIME = 1 << 16

cdef Method* exception_new


cdef public void throw_unix(JavaThread* t, i64 error) noexcept nogil:
    cdef Slot argument
    cdef Object* exception
    argument.i = <i32>(-error if error < 0 else error)
    exception = object_construct(t, known_method(&exception_new, b"sun/nio/fs/UnixException", b"<init>", b"(I)V"), &argument, 1)
    if exception != NULL:
        throw_object(t, exception)


cdef i64 checked(JavaThread* t, i64 value) noexcept nogil:
    if value < 0:
        throw_unix(t, value)
    return value


cdef public void native_nio_init(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = SUPPORTS_XATTR | SUPPORTS_BIRTHTIME


cdef public void native_nio_no_sys(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    throw_unix(t, ENOSYS)


cdef public void native_nio_not_supported(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    throw_unix(t, EOPNOTSUPP)


# --- extended attributes: addresses of names and values are longs ------------------------------------------

cdef public void native_nio_get_attribute(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>checked(t, vfs_get_attribute(args[0].i, <const char*>args[1].raw, <void*>args[3].raw, <u64>args[5].i))


cdef public void native_nio_set_attribute(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    checked(t, vfs_set_attribute(args[0].i, <const char*>args[1].raw, <const void*>args[3].raw, <u64>args[5].i))


cdef public void native_nio_remove_attribute(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    checked(t, vfs_remove_attribute(args[0].i, <const char*>args[1].raw))


cdef public void native_nio_list_attributes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>checked(t, vfs_list_attributes(args[0].i, <char*>args[1].raw, <u64>args[3].i))


# --- files --------------------------------------------------------------------------------------------

cdef public void native_nio_open(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    result.i = <i32>checked(t, left_safe(t, vfs_open(<const char*>args[0].raw, <u32>args[2].i, <u32>args[3].i)))


cdef public void native_nio_close(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_close(args[0].i)))


cdef public void native_nio_dup(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>checked(t, vfs_dup(args[0].i))


cdef public void native_nio_read(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>checked(t, blocking_read(t, args[0].i, <void*>args[1].raw, args[3].i))


cdef public void native_nio_write(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = <i32>checked(t, blocking_write(t, args[0].i, <const void*>args[1].raw, args[3].i))


cdef public void native_nio_link(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_link(<const char*>args[0].raw, <const char*>args[2].raw)))


cdef public void native_nio_unlink(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_unlink(<const char*>args[0].raw)))


cdef public void native_nio_rename(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_rename(<const char*>args[0].raw, <const char*>args[2].raw)))


cdef public void native_nio_mkdir(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_mkdir(<const char*>args[0].raw, <u32>args[2].i)))


cdef public void native_nio_rmdir(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_rmdir(<const char*>args[0].raw)))


cdef public void native_nio_symlink(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_symlink(<const char*>args[0].raw, <const char*>args[2].raw)))


cdef public void native_nio_chmod(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_chmod(<const char*>args[0].raw, <u32>args[2].i)))


# chown0, lchown0(long path, int uid, int gid); -1: as it is.
cdef public void native_nio_chown(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_chown(<const char*>args[0].raw, True, args[2].i, args[3].i)))


cdef public void native_nio_lchown(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_chown(<const char*>args[0].raw, False, args[2].i, args[3].i)))


cdef public void native_nio_fchown(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_fchown(args[0].i, args[1].i, args[2].i)))


cdef public void native_nio_fchmod(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_fchmod(args[0].i, <u32>args[1].i)))


# 0 or the error number; throws nothing.
cdef public void native_nio_access(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    result.i = <i32>-left_safe(t, vfs_access(<const char*>args[0].raw, args[2].i))


# As utimensat(2) takes what the JDK computes: the remainder of a time before 1970 is negative, and refused.
# (The JDK tries the epoch then.)
cdef bint are_times(i64 access, i64 modify) noexcept nogil:
    return access % 1000000000 >= 0 and modify % 1000000000 >= 0


# utimensat0(int folder, long path, long accessNanos, long modifyNanos, int flags): the folder is
# AT_FDCWD, since the *at calls are not announced.
cdef public void native_nio_utimens(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if not are_times(args[3].l, args[5].l):
        throw_unix(t, EINVAL)
        return
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_utimens(<const char*>args[1].raw, args[3].l, args[5].l)))


cdef public void native_nio_futimens(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if not are_times(args[1].l, args[3].l):
        throw_unix(t, EINVAL)
        return
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_futimens(args[0].i, args[1].l, args[3].l)))


# --- names: byte[] -------------------------------------------------------------------------------------

cdef enum NameCall:
    NAME_CWD
    NAME_LINK
    NAME_REAL


cdef void name_call(JavaThread* t, int call, const char* path, Slot* result) noexcept nogil:
    cdef char* buffer = <char*>kmalloc(PATH_LIMIT)
    cdef i64 length
    if buffer == NULL:
        throw_out_of_memory(t, b"file name")
        return
    thread_enter_safe(t)
    if call == NAME_CWD:
        length = vfs_getcwd(buffer, PATH_LIMIT)
    elif call == NAME_LINK:
        length = vfs_readlink(path, buffer, PATH_LIMIT - 1)
        if length >= 0:
            buffer[length] = 0
    else:
        length = vfs_realpath(path, buffer, PATH_LIMIT)
    if checked(t, left_safe(t, length)) >= 0:
        result.a = bytes_new(t, buffer, <u32>strlen(buffer))
    kfree(buffer)


cdef public void native_nio_getcwd(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    name_call(t, NAME_CWD, NULL, result)


cdef public void native_nio_readlink(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    name_call(t, NAME_LINK, <const char*>args[0].raw, result)


cdef public void native_nio_realpath(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    name_call(t, NAME_REAL, <const char*>args[0].raw, result)


cdef public void native_nio_strerror(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = bytes_new(t, error_text(args[0].i), <u32>strlen(error_text(args[0].i)))


# Users and groups: root is number 0.
cdef public void native_nio_user_name(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].i != 0:
        throw_unix(t, ENOENT)
        return
    result.a = bytes_new(t, b"root", 4)


cdef public void native_nio_user_number(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 0 if strlen(<const char*>args[0].raw) == 4 and memcmp(<const char*>args[0].raw, b"root", 4) == 0 else -1


# --- directories --------------------------------------------------------------------------------------

cdef public void native_nio_opendir(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    result.l = checked(t, left_safe(t, vfs_open(<const char*>args[0].raw, VFS_O_RDONLY | VFS_O_DIRECTORY | VFS_O_CLOEXEC, 0))) + 1


cdef public void native_nio_fdopendir(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>args[0].i + 1


cdef public void native_nio_closedir(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    checked(t, left_safe(t, vfs_close(<int>args[0].l - 1)))


# The next name, or null at the end.
cdef public void native_nio_readdir(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef DirectoryEntry entry
    result.a = NULL
    thread_enter_safe(t)
    if checked(t, left_safe(t, vfs_readdir(<int>args[0].l - 1, &entry))) == 1:
        result.a = bytes_new(t, entry.name, entry.length)


# --- attributes ---------------------------------------------------------------------------------------

cdef u32 stat_int_fields[4]
cdef u32 stat_long_fields[12]
cdef u32 stat_birth_known

cdef extern from *:
    """
    static const char *const stat_int_names[4] = {"st_mode", "st_nlink", "st_uid", "st_gid"};
    static const char *const stat_long_names[12] = {"st_ino", "st_dev", "st_rdev", "st_size", "st_atime_sec", "st_atime_nsec",
        "st_mtime_sec", "st_mtime_nsec", "st_ctime_sec", "st_ctime_nsec", "st_birthtime_sec", "st_birthtime_nsec"};
    """
    const char** stat_int_names
    const char** stat_long_names


cdef void set_int(Object* o, int which, u32 value) noexcept nogil:
    field_set_int(o, known_field(&stat_int_fields[which], b"sun/nio/fs/UnixFileAttributes", stat_int_names[which], b"I"), <i32>value)


cdef void set_long(Object* o, int which, i64 value) noexcept nogil:
    field_set_long(o, known_field(&stat_long_fields[which], b"sun/nio/fs/UnixFileAttributes", stat_long_names[which], b"J"), value)


cdef void set_time(Object* o, int which, i64 nanoseconds) noexcept nogil:
    cdef i64 seconds = nanoseconds // 1000000000
    cdef i64 rest = nanoseconds % 1000000000
    if rest < 0:
        rest += 1000000000
        seconds -= 1
    set_long(o, which, seconds)
    set_long(o, which + 1, rest)


cdef void fill_attributes(Object* o, FileStat* status) noexcept nogil:
    set_int(o, 0, status.mode)
    set_int(o, 1, status.links)
    set_int(o, 2, status.uid)
    set_int(o, 3, status.gid)
    set_long(o, 0, <i64>status.inode)
    set_long(o, 1, <i64>status.device)
    set_long(o, 2, <i64>status.rdevice)
    set_long(o, 3, <i64>status.size)
    set_time(o, 4, status.access_time)
    set_time(o, 6, status.modify_time)
    set_time(o, 8, status.change_time)
    set_time(o, 10, status.create_time)
    field_set_byte(o, known_field(&stat_birth_known, b"sun/nio/fs/UnixFileAttributes", b"birthtime_available", b"Z"), 1)


# stat0 gives the error number back, the others throw.
cdef public void native_nio_stat(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    cdef int error
    thread_enter_safe(t)
    error = <int>left_safe(t, vfs_stat(<const char*>args[0].raw, &status))
    result.i = -error
    if error == 0:
        fill_attributes(args[2].a, &status)


cdef public void native_nio_lstat(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    thread_enter_safe(t)
    if checked(t, left_safe(t, vfs_lstat(<const char*>args[0].raw, &status))) == 0:
        fill_attributes(args[2].a, &status)


cdef public void native_nio_fstat(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    thread_enter_safe(t)
    if checked(t, left_safe(t, vfs_fstat(args[0].i, &status))) == 0:
        fill_attributes(args[1].a, &status)


cdef u32 store_fields[4]

cdef extern from *:
    """
    static const char *const store_names[4] = {"f_frsize", "f_blocks", "f_bfree", "f_bavail"};
    """
    const char** store_names


# statvfs0(long path, UnixFileStoreAttributes)
cdef public void native_nio_statvfs(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileSystemStatus status
    cdef i64 values[4]
    cdef int i
    thread_enter_safe(t)
    if checked(t, left_safe(t, vfs_statfs(<const char*>args[0].raw, &status))) != 0:
        return
    values[0] = <i64>status.block_size
    values[1] = <i64>status.blocks
    values[2] = <i64>status.blocks_free
    values[3] = <i64>status.blocks_available
    for i in range(4):
        field_set_long(args[2].a, known_field(&store_fields[i], b"sun/nio/fs/UnixFileStoreAttributes", store_names[i], b"J"), values[i])


# --- mounts: setmntent, getmntent, endmntent -------------------------------------------------------------
# The handle is the address of the number of the next mount; the names of the two files are not looked at.

cdef u32 mount_fields[4]

cdef extern from *:
    """
    static const char *const mount_names[4] = {"name", "dir", "fstype", "opts"};
    """
    const char** mount_names


cdef public void native_nio_setmntent(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64* number = <u64*>kmalloc(sizeof(u64))
    if number == NULL:
        throw_out_of_memory(t, b"mounts")
        return
    number[0] = 0
    result.raw = <u64>number


cdef public void native_nio_endmntent(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    kfree(<void*>args[0].raw)


# rewind(3), which the JDK calls on nothing else.
cdef public void native_nio_rewind(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    (<u64*>args[0].raw)[0] = 0


# getmntent0(long handle, UnixMountEntry entry, long buffer, int size): 0, or -1 at the end.
cdef public void native_nio_getmntent(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64* number = <u64*>args[0].raw
    cdef const char* texts[4]
    cdef char* path
    cdef Object* text
    cdef bint read_only = False
    cdef i64 length
    cdef int i
    result.i = -1
    path = <char*>kmalloc(PATH_LIMIT)
    if path == NULL:
        throw_out_of_memory(t, b"mounts")
        return
    thread_enter_safe(t)
    length = left_safe(t, vfs_mount_at(number[0], path, PATH_LIMIT, &texts[2], &read_only))
    if length >= 0:
        number[0] += 1
        texts[0] = texts[2]
        texts[1] = path
        texts[3] = b"ro" if read_only else b"rw"
        result.i = 0
        for i in range(4):
            text = bytes_new(t, texts[i], <u32>strlen(texts[i]))
            if text == NULL:
                break
            ref_store(args[2].a, known_field(&mount_fields[i], b"sun/nio/fs/UnixMountEntry", mount_names[i], b"[B"), text)
    kfree(path)


# --- copying ------------------------------------------------------------------------------------------

# bufferedCopy0(int target, int source, long buffer, int size, long addressToPollForCancel)
cdef public void native_nio_buffered_copy(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i64 count
    cdef i64 done
    cdef i64 part
    while True:
        count = checked(t, blocking_read(t, args[1].i, <void*>args[2].raw, args[4].i))
        if count <= 0:
            return
        done = 0
        while done < count:
            part = checked(t, blocking_write(t, args[0].i, <u8*>args[2].raw + done, count - done))
            if part < 0:
                return
            done += part
        # Another thread's interrupt cancels the copy.
        if args[5].raw != 0 and (<i32*>args[5].raw)[0] != 0:
            throw_unix(t, ECANCELED_VALUE)
            return


cdef enum:
    ECANCELED_VALUE = 125                # the errno that UnixFileSystem takes for a cancelled copy
