# Vnodes without a name: see anonymous.pxd.
from kernel.types cimport i64, u32, u64
from kernel.files.errno cimport EBADF, EPIPE
from kernel.files.vfs cimport *
from kernel.memory.string cimport memset
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.time.clock cimport clock_wall

cdef enum:
    ANONYMOUS_DEVICE = 0xFFFF            # st_dev of all of them; mounts count from 1

cdef Mount anonymous_mount
cdef Vnode ended_node
cdef VnodeOperations ended_operations


cdef i64 ended_read(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    return 0


cdef i64 ended_write(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil:
    return -EPIPE


cdef u32 ended_poll(Vnode* node) noexcept nogil:
    return VFS_POLLIN | VFS_POLLOUT | VFS_POLLHUP


cdef void ended_destroy(Vnode* node) noexcept nogil:
    pass                                 # never: the module holds a reference


cdef public void anonymous_init() noexcept nogil:
    memset(&anonymous_mount, 0, sizeof(anonymous_mount))
    anonymous_mount.type = b"anonymous"
    anonymous_mount.device = ANONYMOUS_DEVICE
    ended_operations.unlocked = True
    ended_operations.read = ended_read
    ended_operations.write = ended_write
    ended_operations.poll = ended_poll
    ended_operations.destroy = ended_destroy
    memset(&ended_node, 0, sizeof(ended_node))
    anonymous_node(&ended_node, &ended_operations, VFS_S_IFSOCK | 0o600)


cdef public void anonymous_node(Vnode* node, const VnodeOperations* operations, u32 mode) noexcept nogil:
    events_mask()
    anonymous_mount.next_inode += 1
    node.inode = anonymous_mount.next_inode
    events_unmask()
    node.operations = operations
    node.mount = &anonymous_mount
    node.references = 1
    node.mode = mode
    node.links = 1
    node.create_time = node.change_time = node.modify_time = node.access_time = <i64>clock_wall()


cdef public int anonymous_open(Vnode* node, u32 flags) noexcept nogil:
    cdef int fd = vfs_open_vnode(node, flags)
    vnode_put(node)
    return fd


cdef public int anonymous_retire(int fd) noexcept nogil:
    cdef Vnode* node = vfs_vnode(fd)
    cdef int marker, result
    if node == NULL:
        return -EBADF
    marker = vfs_open_vnode(&ended_node, VFS_O_RDWR)
    result = marker
    if marker >= 0:
        result = vfs_dup2(marker, fd)
        vfs_close(marker)
    if node.operations.retire != NULL:
        node.operations.retire(node)
    vnode_put(node)
    return 0 if result >= 0 else result
