# java.io.UnixFileSystem: names and attributes of files, for java.io.File.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.files.errno cimport EEXIST
from kernel.files.vfs cimport (DirectoryEntry, FileStat, FileSystemStatus, PATH_LIMIT, NAME_LIMIT, VFS_O_CLOEXEC, VFS_O_CREAT, VFS_O_DIRECTORY, VFS_O_EXCL,
                               VFS_O_RDONLY, VFS_O_RDWR, VFS_S_IFDIR, VFS_S_IFMT, VFS_S_IFREG, VFS_TIME_OMIT, vfs_access, vfs_chmod,
                               vfs_close, vfs_mkdir, vfs_open, vfs_readdir, vfs_realpath, vfs_rename, vfs_rmdir, vfs_stat, vfs_unlink,
                               vfs_lstat, vfs_statfs, vfs_utimens)
from kernel.memory.heap cimport kfree, kmalloc, krealloc
from kernel.memory.string cimport memcpy, strlen
from jvm.heap.object cimport Object, array_set, ref_load
from jvm.loader.classes cimport Class, JavaThread, Slot
from jvm.natives.support cimport array_new_named, known_field, text_of, text_release, throw_errno, throw_text
from jvm.natives.descriptors cimport left_safe
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.strings cimport string_from, string_from_utf8

cdef enum:
    PATH_BUFFER = 512
    # FileSystem's constants
    BA_EXISTS = 1
    BA_REGULAR = 2
    BA_DIRECTORY = 4

cdef u32 file_path


# The path of a java.io.File as text, or NULL with an exception thrown; text_release frees it.
cdef char* path_of(JavaThread* t, Object* file, char* buffer) noexcept nogil:
    cdef Object* path
    if file == NULL:
        throw_null_pointer(t)
        return NULL
    path = ref_load(file, known_field(&file_path, b"java/io/File", b"path", b"Ljava/lang/String;"))
    if path == NULL:
        throw_null_pointer(t)
        return NULL
    return text_of(t, path, buffer, PATH_BUFFER)


# --- canonical names ----------------------------------------------------------------------------------

# Removes the last name of `path` (a canonical one), but never the first slash.
cdef u64 drop_name(char* path, u64 length) noexcept nogil:
    while length > 0 and path[length - 1] != c'/':
        length -= 1
    return length - 1 if length > 1 else length


# canonicalize0: the longest prefix that exists is made canonical by the file system, the rest by text.
cdef public void native_filesystem_canonicalize(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef char* path
    cdef char* out
    cdef u64 end
    cdef u64 start
    cdef i64 length
    cdef char saved
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    path = text_of(t, args[1].a, buffer, sizeof(buffer))
    if path == NULL:
        return
    end = strlen(path)
    out = <char*>kmalloc(PATH_LIMIT + end + 2)
    if out == NULL:
        text_release(path, buffer)
        throw_out_of_memory(t, b"file name")
        return
    start = end
    while True:
        saved = path[start]
        path[start] = 0
        thread_enter_safe(t)
        length = left_safe(t, vfs_realpath(path, out, PATH_LIMIT) if start > 0 else vfs_realpath(b"/", out, PATH_LIMIT))
        path[start] = saved
        if length >= 0 or start == 0:
            break
        start -= 1
        while start > 0 and path[start] != c'/':
            start -= 1
    if length < 0:
        text_release(path, buffer)
        kfree(out)
        throw_errno(t, b"java/io/IOException", length)
        return
    length = <i64>strlen(out)
    while start < end:
        while start < end and path[start] == c'/':
            start += 1
        saved = 0
        if start == end:
            break
        if path[start] == c'.' and (start + 1 == end or path[start + 1] == c'/'):
            start += 1
            continue
        if path[start] == c'.' and path[start + 1] == c'.' and (start + 2 == end or path[start + 2] == c'/'):
            length = <i64>drop_name(out, <u64>length)
            start += 2
            continue
        if length == 0 or out[length - 1] != c'/':
            out[length] = c'/'
            length += 1
        while start < end and path[start] != c'/':
            out[length] = path[start]
            length += 1
            start += 1
    result.a = string_from_utf8(t, <const u8*>out, <u32>length)
    text_release(path, buffer)
    kfree(out)


# --- attributes ---------------------------------------------------------------------------------------

cdef int stat_of(JavaThread* t, Object* file, FileStat* status) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef char* path = path_of(t, file, buffer)
    cdef int error
    if path == NULL:
        return -1
    thread_enter_safe(t)
    error = <int>left_safe(t, vfs_stat(path, status))
    text_release(path, buffer)
    return error


cdef public void native_filesystem_get_attributes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    result.i = 0
    if stat_of(t, args[1].a, &status) == 0:
        result.i = BA_EXISTS
        if status.mode & VFS_S_IFMT == VFS_S_IFREG:
            result.i |= BA_REGULAR
        elif status.mode & VFS_S_IFMT == VFS_S_IFDIR:
            result.i |= BA_DIRECTORY


cdef public void native_filesystem_get_length(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    result.l = <i64>status.size if stat_of(t, args[1].a, &status) == 0 else 0


cdef public void native_filesystem_get_modified(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef FileStat status
    result.l = status.modify_time // 1000000 if stat_of(t, args[1].a, &status) == 0 else 0


# One call that takes a path and answers whether it worked.
cdef enum PathCall:
    CALL_ACCESS
    CALL_MKDIR
    CALL_DELETE
    CALL_CHMOD
    CALL_UTIME


cdef int path_call(JavaThread* t, Object* file, int call, i64 argument, int flag) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef FileStat status
    cdef int error = -1
    cdef char* path = path_of(t, file, buffer)
    if path == NULL:
        return 0
    thread_enter_safe(t)
    if call == CALL_ACCESS:
        error = vfs_access(path, <int>argument)
    elif call == CALL_MKDIR:
        error = vfs_mkdir(path, 0o777)
    elif call == CALL_DELETE:
        error = vfs_lstat(path, &status)
        if error == 0:
            error = vfs_rmdir(path) if status.mode & VFS_S_IFMT == VFS_S_IFDIR else vfs_unlink(path)
    elif call == CALL_CHMOD:
        error = vfs_stat(path, &status)
        if error == 0:
            error = vfs_chmod(path, (status.mode | <u32>argument) & 0o7777 if flag else status.mode & ~<u32>argument & 0o7777)
    elif call == CALL_UTIME:
        error = vfs_utimens(path, VFS_TIME_OMIT, argument * 1000000)
    thread_leave_safe(t)
    text_release(path, buffer)
    return error == 0


cdef public void native_filesystem_check_access(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = path_call(t, args[1].a, CALL_ACCESS, args[2].i, 0)


cdef public void native_filesystem_create_directory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = path_call(t, args[1].a, CALL_MKDIR, 0, 0)


cdef public void native_filesystem_delete(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = path_call(t, args[1].a, CALL_DELETE, 0, 0)


# setPermission0(this, File, int access, boolean enable, boolean ownerOnly)
cdef public void native_filesystem_set_permission(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i64 bits = args[2].i << 6       # access is rwx as in the group of others
    if args[4].i == 0:
        bits |= args[2].i << 3 | args[2].i
    result.i = path_call(t, args[1].a, CALL_CHMOD, bits, args[3].i != 0)


cdef public void native_filesystem_set_read_only(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = path_call(t, args[1].a, CALL_CHMOD, 0o222, 0)


cdef public void native_filesystem_set_modified(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = path_call(t, args[1].a, CALL_UTIME, args[2].l, 0)


cdef public void native_filesystem_rename(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef char second[PATH_BUFFER]
    cdef char* path = path_of(t, args[1].a, buffer)
    cdef char* target
    result.i = 0
    if path == NULL:
        return
    target = path_of(t, args[2].a, second)
    if target != NULL:
        thread_enter_safe(t)
        result.i = left_safe(t, vfs_rename(path, target)) == 0
        text_release(target, second)
    text_release(path, buffer)


# createFileExclusively0(this, String path): false if it is there.
cdef public void native_filesystem_create_exclusively(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef char* path
    cdef int number
    result.i = 0
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    path = text_of(t, args[1].a, buffer, sizeof(buffer))
    if path == NULL:
        return
    # The root always exists, but cannot be created exclusively either.
    thread_enter_safe(t)
    number = -EEXIST if path[0] == c'/' and path[1] == 0 else vfs_open(path, VFS_O_RDWR | VFS_O_CREAT | VFS_O_EXCL | VFS_O_CLOEXEC, 0o666)
    if number >= 0:
        vfs_close(number)
    thread_leave_safe(t)
    text_release(path, buffer)
    if number >= 0:
        result.i = 1
    elif number != -EEXIST:
        throw_errno(t, b"java/io/IOException", number)


# --- directories --------------------------------------------------------------------------------------

cdef Class* string_array


# The names in an open directory without "." and "..", each with a NUL, in one block; NULL: no memory.
cdef char* read_names(int number, u64* used, i32* count) noexcept nogil:
    cdef DirectoryEntry entry
    cdef u64 capacity = 4096
    cdef char* names = <char*>kmalloc(capacity)
    cdef char* larger
    used[0] = 0
    count[0] = 0
    while names != NULL and vfs_readdir(number, &entry) == 1:
        if entry.name[0] == c'.' and (entry.length == 1 or (entry.length == 2 and entry.name[1] == c'.')):
            continue
        if used[0] + entry.length + 1 > capacity:
            capacity *= 2
            larger = <char*>krealloc(names, capacity)
            if larger == NULL:
                kfree(names)
            names = larger
        if names != NULL:
            memcpy(names + used[0], entry.name, entry.length)
            names[used[0] + entry.length] = 0
            used[0] += entry.length + 1
            count[0] += 1
    return names


# list0(this, File): null when it is no directory that can be read.
cdef public void native_filesystem_list(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef char* path = path_of(t, args[1].a, buffer)
    cdef char* names
    cdef char* at
    cdef int number
    cdef i32 count
    cdef i32 i
    cdef u64 used
    cdef Object* array
    cdef Object* name
    result.a = NULL
    if path == NULL:
        return
    thread_enter_safe(t)
    number = vfs_open(path, VFS_O_RDONLY | VFS_O_DIRECTORY | VFS_O_CLOEXEC, 0)
    names = read_names(number, &used, &count) if number >= 0 else NULL
    vfs_close(number)
    thread_leave_safe(t)
    text_release(path, buffer)
    if number < 0:
        return
    if names == NULL:
        throw_out_of_memory(t, b"directory")
        return
    array = array_new_named(t, &string_array, b"[Ljava/lang/String;", count)
    at = names
    for i in range(count):
        name = string_from(t, at) if array != NULL else NULL
        if name == NULL:
            kfree(names)
            return
        array_set(array, i, name)
        at += strlen(at) + 1
    kfree(names)
    result.a = array


# getSpace0(this, File, int which): 0 total, 1 free, 2 usable.
cdef public void native_filesystem_get_space(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef FileSystemStatus status
    cdef char* path = path_of(t, args[1].a, buffer)
    cdef i64 error
    result.l = 0
    if path == NULL:
        return
    thread_enter_safe(t)
    error = left_safe(t, vfs_statfs(path, &status))
    if error == 0:
        result.raw = status.block_size * (status.blocks if args[2].i == 0 else status.blocks_free if args[2].i == 1
                                          else status.blocks_available)
    text_release(path, buffer)


cdef public void native_filesystem_get_name_max(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = NAME_LIMIT
