# java.util.prefs.FileSystemPreferences: its files' modes and locks.
#
# There is one application, and it takes the lock in one thread at a time: a lock is an open descriptor of
# the lock file and excludes nobody.  Results are as in C, errors positive.
from kernel.types cimport i32, i64, u32
from kernel.files.vfs cimport VFS_O_CLOEXEC, VFS_O_CREAT, VFS_O_RDONLY, VFS_O_WRONLY, vfs_chmod, vfs_close, vfs_open
from jvm.heap.object cimport Object, array_data
from jvm.loader.classes cimport JavaThread, Slot, TYPE_INT
from jvm.natives.descriptors cimport left_safe
from jvm.natives.support cimport array_new_primitive, text_of, text_release
from jvm.runtime.exceptions cimport throw_null_pointer
from jvm.runtime.thread cimport thread_enter_safe

cdef enum:
    PATH_BUFFER = 512


cdef char* path_text(JavaThread* t, Object* path, char* buffer) noexcept nogil:
    if path == NULL:
        throw_null_pointer(t)
        return NULL
    return text_of(t, path, buffer, PATH_BUFFER)


# int chmod(String path, int mode)
cdef public void native_prefs_chmod(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef char* path = path_text(t, args[0].a, buffer)
    if path == NULL:
        return
    thread_enter_safe(t)
    result.i = -<i32>left_safe(t, vfs_chmod(path, <u32>args[1].i))
    text_release(path, buffer)


# int[] {handle, error} lockFile0(String path, int mode, boolean shared); handle 0: not locked
cdef public void native_prefs_lock(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[PATH_BUFFER]
    cdef char* path = path_text(t, args[0].a, buffer)
    cdef Object* pair
    cdef i64 number
    if path == NULL:
        return
    thread_enter_safe(t)
    number = left_safe(t, vfs_open(path, (VFS_O_RDONLY if args[2].i != 0 else VFS_O_WRONLY | VFS_O_CREAT) | VFS_O_CLOEXEC, <u32>args[1].i))
    text_release(path, buffer)
    pair = array_new_primitive(t, TYPE_INT, 2)
    if pair == NULL:
        if number >= 0:
            vfs_close(<int>number)
        return
    (<i32*>array_data(pair))[0] = <i32>number if number > 0 else 0
    (<i32*>array_data(pair))[1] = <i32>-number if number < 0 else 0
    result.a = pair


# int unlockFile0(int handle)
cdef public void native_prefs_unlock(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    thread_enter_safe(t)
    result.i = -<i32>left_safe(t, vfs_close(args[0].i))
