# Names of Unix-domain sockets (unix(7)): paths, and the abstract names of Linux, which are in no file system.
#
# Invariant: a Place is in the table exactly while its socket is bound and not yet destroyed; then `name` is not empty, and
# `node` is the file of a path, with a reference.  The table is guarded by loopback_lock.
# Interface: "locked" means with that lock held; no vnode is put while it is.
from kernel.types cimport u32
from kernel.files.vfs cimport Vnode
from kernel.net.address cimport LocalName
from kernel.net.socket cimport Socket

cdef struct Place:
    Place* next
    Socket* socket
    Vnode* node                          # NULL: abstract
    LocalName name

cdef extern void local_init() noexcept nogil
# A name from a sockaddr_un's bytes: a path ends at its NUL, an abstract name begins with one and counts as a whole.  EINVAL.
cdef extern int local_name(const char* bytes, int length, LocalName* into) noexcept nogil
# Binds; an empty name gives some abstract one.  EINVAL (is bound), EADDRINUSE, what making a file gives.
cdef extern int local_bind(Place* place, Socket* socket, const LocalName* name) noexcept nogil
# The file that a name means, with a reference, or NULL for an abstract one; before the lock is taken.
cdef extern int local_node(const LocalName* name, Vnode** node) noexcept nogil
# Locked: who is bound there.  EPROTOTYPE (of another type), ECONNREFUSED (nobody).
cdef extern int local_find(const LocalName* name, const Vnode* node, u32 type, Socket** found) noexcept nogil
# Locked: gives up the place; the vnode to put after the lock, or NULL.
cdef extern Vnode* local_leave(Place* place) noexcept nogil
