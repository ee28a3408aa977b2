# Vnodes that no directory names: pipes, event counters, readiness sets, sockets.
#
# Interface: the owner allocates the Vnode (zeroed) as the first member of its own structure, gives it
# to vfs_open_vnode, then drops its own reference; `destroy` of the operations frees the structure.
from kernel.types cimport u32
from kernel.files.vfs cimport Vnode, VnodeOperations

cdef extern void anonymous_init() noexcept nogil
# One reference, the caller's.
cdef extern void anonymous_node(Vnode* node, const VnodeOperations* operations, u32 mode) noexcept nogil
# A descriptor for a fresh vnode; takes over the caller's reference, also on failure.
cdef extern int anonymous_open(Vnode* node, u32 flags) noexcept nogil
# Replaces what stands behind `fd` by a vnode that is at its end (reads give 0, writes EPIPE), and ends with
# EINTR all calls that are blocked in the old one, which is closed when they have left it.  The number stays taken.
cdef extern int anonymous_retire(int fd) noexcept nogil
