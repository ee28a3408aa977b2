# Folders of the host as a file system: a 9P2000.L client behind VnodeOperations.
#
# What is kept: for each vnode the fid of its file and those opened on it, so a file that is removed while
# it is open goes on being read and written.  Nothing else: each name is asked of the server at every walk,
# sizes and times at every stat, directories are read anew from their beginning, and reads and writes go
# to the host at once, between its file and the caller's memory.
#
# Invariant: at most one live vnode stands for a name in a directory vnode; it is given out only after the
# server has said that the name still means the same file.  (So a mount point inside keeps its vnode.)
# Invariant: nothing from the server is believed: each length, count, kind and name is checked before use.
#
# What the host does to a folder's own place is not followed: after `mv` on the host the path of a working
# directory is the old one.  Pipes, devices and sockets of the host have names and attributes only.
from kernel.types cimport u32
from kernel.drivers.ninep cimport NinepTransport
from kernel.files.vfs cimport Mount

# Speaks version and attach; the folder as a Mount, or a negative errno.
cdef extern int ninep_create(const NinepTransport* transport, bint read_only, Mount** made) noexcept nogil
