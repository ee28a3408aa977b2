# Path walk (POSIX.1-2024 §4.16 "Pathname Resolution"), for kernel/files only; vfs_lock held.
from kernel.types cimport u32, u64
from kernel.files.vfs cimport Mount, Vnode
from kernel.threads.sync cimport Mutex

cdef extern Mutex vfs_lock "vfs_names_lock"    # guards every name; see vfs.pxd

# Where a path leads.  `node` is NULL when only its last component does not exist; `parent` is NULL when
# the path ends in "/", "." or "..", which cannot be made or removed.  Both carry references.
cdef struct Walk:
    Vnode* node
    Vnode* parent
    const char* name                     # last component, inside `buffer`, not terminated
    u64 length
    bint slash                           # the path ends in a slash: only a directory will do
    u32 dots                             # 1, 2: it ends in "." or ".."; 3: it is "/"
    char* buffer

cdef extern int walk_path(const char* path, bint follow, Walk* walk) noexcept nogil   # 0 or an errno; walk_end only after 0
cdef extern void walk_end(Walk* walk) noexcept nogil
cdef extern void walk_init(Vnode* root) noexcept nogil                  # root and working directory
cdef extern Vnode* walk_root() noexcept nogil
cdef extern Vnode* walk_cwd() noexcept nogil                            # without a reference
cdef extern void walk_set_cwd(Vnode* node) noexcept nogil               # takes over the caller's reference
cdef extern Vnode* walk_up(Vnode* folder) noexcept nogil                # ".." of a directory, without a reference
cdef extern Vnode* walk_down(Vnode* node) noexcept nogil                # what is mounted on it, else itself
