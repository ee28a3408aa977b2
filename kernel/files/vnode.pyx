# Vnodes: references and size.  See vfs.pxd and vnode.pxd.
#
# Invariant: a directory's vnode holds a reference to its parent, so the way up to the root is always there.
from kernel.types cimport i64, u32, u64
from kernel.files.errno cimport *
from kernel.files.mapping cimport mapping_flush, mapping_truncated
from kernel.files.notify cimport notify_active, notify_contents
from kernel.files.readiness cimport readiness_forget
from kernel.files.vfs cimport *
from kernel.files.walk cimport vfs_lock
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.threads.sync cimport mutex_lock, mutex_unlock


cdef public Vnode* vnode_get(Vnode* node) noexcept nogil:
    events_mask()
    node.references += 1
    events_unmask()
    return node


cdef public void vnode_put(Vnode* node) noexcept nogil:
    cdef Vnode* parent
    cdef bint dead
    while node != NULL:
        events_mask()
        node.references -= 1
        dead = node.references == 0
        events_unmask()
        if not dead:
            return
        if node.watches != NULL:
            readiness_forget(node)
        parent = node.parent             # it held a reference to its parent
        node.operations.destroy(node)
        node = parent


cdef public void vnode_tell(Vnode* node, u32 what) noexcept nogil:
    if notify_active():
        mutex_lock(&vfs_lock)
        notify_contents(node, what)
        mutex_unlock(&vfs_lock)


cdef public int vnode_truncate(Vnode* node, u64 size) noexcept nogil:
    cdef int error
    if is_folder(node):
        return -EISDIR
    if is_frozen(node):
        return -EROFS
    if kind(node) != VFS_S_IFREG or node.operations.truncate == NULL:
        return -EINVAL
    if <i64>size < 0:
        return -EINVAL
    mutex_lock(&node.lock)
    if node.mappings != NULL:
        mapping_flush(node, 0, ~<u64>0)
    error = node.operations.truncate(node, size)
    if node.mappings != NULL:
        mapping_truncated(node)
    mutex_unlock(&node.lock)
    return error
