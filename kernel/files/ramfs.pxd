# A file system in memory: names in directories, contents in pages.
from kernel.types cimport u32, u64
from kernel.files.vfs cimport Mount, Vnode, VnodeOperations

cdef extern Mount* ramfs_create() noexcept nogil                        # an empty one; NULL when memory is out
# A node of any kind in `folder`: used for devices and for boot modules.  Returns 0 or an errno.
cdef extern int ramfs_add(Vnode* folder, const char* name, u64 length, u32 mode, u64 rdevice,
                          const VnodeOperations* operations, void* data, Vnode** made) noexcept nogil
# destroy() for nodes made by ramfs_add with operations of their own.
cdef extern void ramfs_destroy(Vnode* node) noexcept nogil
