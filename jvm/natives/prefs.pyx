# java.util.prefs.FileSystemPreferences: permissions and the lock files of its trees.
#
# A lock is an open descriptor: the guest is the only process there is, and the class keeps its own threads
# apart.
from kernel.types cimport i32, i64, u32
from kernel.files.vfs cimport VFS_O_CREAT, VFS_O_RDONLY, VFS_O_RDWR, vfs_chmod, vfs_close, vfs_open
from jvm.heap.object cimport Object, array_data
from jvm.loader.classes cimport JavaThread, Slot, TYPE_INT
from jvm.natives.descriptors cimport left_safe
from jvm.natives.support cimport array_new_primitive, text_of, text_release
from jvm.runtime.exceptions cimport throw_null_pointer
from jvm.runtime.thread cimport thread_enter_safe


# chmod(String file, int mode): 0 or the error number.
cdef public void native_prefs_chmod(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[256]
    cdef char* path
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    path = text_of(t, args[0].a, buffer, sizeof(buffer))
    if path == NULL:
        return
    thread_enter_safe(t)
    result.i = <i32>-left_safe(t, vfs_chmod(path, <u32>args[1].i))
    text_release(path, buffer)


# lockFile0(String file, int mode, boolean shared): {handle or 0, error number}.
cdef public void native_prefs_lock(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[256]
    cdef char* path
    cdef Object* answer
    cdef i64 file
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    answer = array_new_primitive(t, TYPE_INT, 2)
    path = text_of(t, args[0].a, buffer, sizeof(buffer)) if answer != NULL else NULL
    if path == NULL:
        return
    thread_enter_safe(t)
    file = left_safe(t, vfs_open(path, (VFS_O_RDONLY if args[2].i != 0 else VFS_O_RDWR) | VFS_O_CREAT, <u32>args[1].i))
    text_release(path, buffer)
    (<i32*>array_data(answer))[0] = <i32>file if file > 0 else 0
    (<i32*>array_data(answer))[1] = <i32>-file if file < 0 else 0
    result.a = answer


cdef public void native_prefs_unlock(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = -vfs_close(args[0].i)
