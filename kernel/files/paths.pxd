# From paths to vnodes and back, for kernel/files only.
from kernel.types cimport i64, u64
from kernel.files.vfs cimport Vnode

# The absolute path of `folder`, then `name`, at the front of `into` with a NUL: its length; vfs_lock held.
# ENOENT: removed.  ERANGE: no room.
cdef extern i64 path_of(Vnode* folder, const char* name, u64 length, char* into, u64 size) noexcept nogil
