# Descriptors and the working directory: what the threads of one program share.  For kernel/files and cabi/process.
#
# A thread's context is Thread.files, or the first one, in which everything of Java happens.
#
# Invariant: a File lives while a descriptor or a running call holds it: closing a descriptor in the middle of
# another thread's read is safe.  Whoever gets a File gives it back with file_put.
from kernel.types cimport u32
from kernel.files.vfs cimport (VFS_O_ACCMODE, VFS_O_RDONLY, VFS_O_WRONLY, File, Vnode)

cdef struct Descriptor:
    File* file                           # NULL: free
    bint closes                          # FD_CLOEXEC

cdef struct FileContext:
    Descriptor* descriptors
    int count
    int limit                            # descriptors are below it (RLIMIT_NOFILE); 0: DESCRIPTORS_MAX
    Vnode* folder                        # working directory, with a reference; NULL until walk_init

cdef extern void descriptors_init() noexcept nogil
cdef extern File* file_get(int fd) noexcept nogil                       # with a reference; NULL
cdef extern void file_put(File* file) noexcept nogil
# Puts `file` (whose reference passes over) at the lowest free descriptor from `lowest` on.
cdef extern int file_install(File* file, int lowest) noexcept nogil
cdef extern FileContext* file_context() noexcept nogil                  # the current thread's
# A copy of the current thread's context, which shares its open files; NULL: no memory.
cdef extern FileContext* file_context_copy() noexcept nogil
cdef extern void file_context_free(FileContext* context) noexcept nogil   # NULL: nothing
cdef extern void file_context_exec(FileContext* context) noexcept nogil   # closes what FD_CLOEXEC says


cdef inline bint is_readable(File* file) noexcept nogil:
    return file.flags & VFS_O_ACCMODE != VFS_O_WRONLY


cdef inline bint is_writable(File* file) noexcept nogil:
    return file.flags & VFS_O_ACCMODE != VFS_O_RDONLY
