# Vnodes as the parts of the VFS handle them, for kernel/files only.  References, waiting and the structure: vfs.pxd.
from kernel.types cimport u32, u64
from kernel.files.vfs cimport VFS_S_IFDIR, VFS_S_IFMT, Vnode

cdef enum:
    VNODE_MODE_BITS = 0o7777             # of a mode, what is not the kind


cdef inline u32 kind(Vnode* node) noexcept nogil:
    return node.mode & VFS_S_IFMT


# Brings size, mode and times up to date where something else may have changed them.
cdef inline int refresh(Vnode* node) noexcept nogil:
    return node.operations.refresh(node) if node.operations.refresh != NULL else 0


cdef inline bint is_folder(Vnode* node) noexcept nogil:
    return kind(node) == VFS_S_IFDIR


# Read-only file systems still let their devices be written to.
cdef inline bint is_frozen(Vnode* node) noexcept nogil:
    return node.mount.read_only


# Watches of the directories that `node` is in hear of `what` (kernel/files/notify.pxd); vfs_lock is free.
cdef extern void vnode_tell(Vnode* node, u32 what) noexcept nogil
# EISDIR, EROFS, EINVAL for what is no regular file.
cdef extern int vnode_truncate(Vnode* node, u64 size) noexcept nogil
