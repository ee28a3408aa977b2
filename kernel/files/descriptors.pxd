# The table of descriptors, for kernel/files only.
#
# Invariant: a File lives while a descriptor or a running call holds it: closing a descriptor in the middle of
# another thread's read is safe.  Whoever gets a File gives it back with file_put.
from kernel.types cimport u32
from kernel.files.vfs cimport (VFS_O_ACCMODE, VFS_O_RDONLY, VFS_O_WRONLY, File)

cdef extern void descriptors_init() noexcept nogil
cdef extern File* file_get(int fd) noexcept nogil                       # with a reference; NULL
cdef extern void file_put(File* file) noexcept nogil
# Puts `file` (whose reference passes over) at the lowest free descriptor from `lowest` on.
cdef extern int file_install(File* file, int lowest) noexcept nogil


cdef inline bint is_readable(File* file) noexcept nogil:
    return file.flags & VFS_O_ACCMODE != VFS_O_WRONLY


cdef inline bint is_writable(File* file) noexcept nogil:
    return file.flags & VFS_O_ACCMODE != VFS_O_RDONLY
