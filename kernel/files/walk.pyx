# Path walk: see walk.pxd.
#
# Invariant: the rest of the path to walk is in one half of `buffer`; a symbolic link puts its target
# and that rest together in the other half.  Every component is at most NAME_LIMIT and every
# intermediate path at most PATH_LIMIT - 1 bytes, and at most SYMLINK_LIMIT links are followed.
from kernel.types cimport i64, u32, u64
from kernel.files.descriptors cimport FileContext, file_context
from kernel.files.vfs cimport *
from kernel.files.errno cimport *
from kernel.memory.heap cimport kmalloc, kfree
from kernel.memory.string cimport memcpy, memset
from kernel.threads.sync cimport Mutex

cdef public Mutex vfs_names_lock

cdef Vnode* root


cdef public void walk_init(Vnode* node) noexcept nogil:
    global root
    root = vnode_get(node)
    file_context().folder = vnode_get(node)


cdef public Vnode* walk_root() noexcept nogil:
    return root


cdef public Vnode* walk_cwd() noexcept nogil:
    return file_context().folder


cdef public void walk_set_cwd(Vnode* node) noexcept nogil:
    cdef FileContext* context = file_context()
    cdef Vnode* old = context.folder
    context.folder = node
    vnode_put(old)


cdef public Vnode* walk_down(Vnode* node) noexcept nogil:
    while node.covered != NULL:
        node = node.covered.root
    return node


cdef public Vnode* walk_up(Vnode* folder) noexcept nogil:
    while folder != root and folder == folder.mount.root and folder.mount.over != NULL:
        folder = folder.mount.over
    if folder == root or folder.parent == NULL:
        return folder
    return walk_down(folder.parent)


cdef inline void step(Vnode** at, Vnode* to) noexcept nogil:
    vnode_get(to)
    vnode_put(at[0])
    at[0] = to


cdef int fail(Walk* walk, Vnode* at, int error) noexcept nogil:
    vnode_put(at)
    kfree(walk.buffer)
    return error


cdef public int walk_path(const char* path, bint follow, Walk* walk) noexcept nogil:
    cdef u64 size = 0, length, target_size
    cdef i64 got
    cdef u32 links = 0
    cdef char* rest
    cdef char* other
    cdef char* swap
    cdef char* after
    cdef Vnode* at
    cdef Vnode* child
    cdef bint last
    cdef int error
    memset(walk, 0, sizeof(Walk))
    if path == NULL:
        return -EFAULT
    while path[size]:
        size += 1
        if size == PATH_LIMIT:
            return -ENAMETOOLONG
    if size == 0:
        return -ENOENT
    walk.buffer = <char*>kmalloc(2 * PATH_LIMIT)
    if walk.buffer == NULL:
        return -ENOMEM
    rest = walk.buffer
    other = walk.buffer + PATH_LIMIT
    memcpy(rest, path, size + 1)
    at = vnode_get(root if rest[0] == c'/' else file_context().folder)
    walk.dots = 3
    while True:
        while rest[0] == c'/':
            rest += 1
        if rest[0] == 0:                 # "/", or "." or ".." before
            if at.mode & VFS_S_IFMT != VFS_S_IFDIR:
                return fail(walk, at, -ENOTDIR)
            walk.node = at
            walk.slash = True
            return 0
        length = 0
        while rest[length] and rest[length] != c'/':
            length += 1
        if length > NAME_LIMIT:
            return fail(walk, at, -ENAMETOOLONG)
        if at.mode & VFS_S_IFMT != VFS_S_IFDIR:
            return fail(walk, at, -ENOTDIR)
        after = rest + length
        while after[0] == c'/':
            after += 1
        last = after[0] == 0
        if rest[0] == c'.' and length == 1:
            walk.dots = 1
            rest = after
            continue
        if rest[0] == c'.' and rest[1] == c'.' and length == 2:
            step(&at, walk_up(at))
            walk.dots = 2
            rest = after
            continue
        walk.slash = last and rest[length] == c'/'
        error = at.operations.lookup(at, rest, length, &child) if at.operations.lookup != NULL else -ENOTDIR
        if error == -ENOENT and last:
            walk.parent = at
            walk.name = rest
            walk.length = length
            walk.dots = 0
            return 0
        if error != 0:
            return fail(walk, at, error)
        if child.covered != NULL:
            step(&child, walk_down(child))
        if child.mode & VFS_S_IFMT == VFS_S_IFLNK and (follow or not last or walk.slash):
            links += 1
            error = -ELOOP
            if links <= SYMLINK_LIMIT:
                # The target, a slash if something follows or followed, and the rest.
                other = walk.buffer if rest >= walk.buffer + PATH_LIMIT else walk.buffer + PATH_LIMIT
                error = -EINVAL
                if child.operations.readlink != NULL:
                    got = child.operations.readlink(child, other, PATH_LIMIT)
                    error = <int>got if got < 0 else 0
                    target_size = <u64>got
                if error == 0 and target_size == 0:
                    error = -ENOENT
                size = 0
                while rest[length + size]:
                    size += 1
                if error == 0 and target_size + size >= PATH_LIMIT:
                    error = -ENAMETOOLONG
            vnode_put(child)
            if error != 0:
                return fail(walk, at, error)
            memcpy(other + target_size, rest + length, size + 1)
            rest = other
            walk.slash = False
            if rest[0] == c'/':
                step(&at, root)
                walk.dots = 3
            continue
        if last:
            if walk.slash and child.mode & VFS_S_IFMT != VFS_S_IFDIR:
                vnode_put(child)
                return fail(walk, at, -ENOTDIR)
            walk.parent = at
            walk.node = child
            walk.name = rest
            walk.length = length
            walk.dots = 0
            return 0
        vnode_put(at)
        at = child
        rest = after


cdef public void walk_end(Walk* walk) noexcept nogil:
    vnode_put(walk.node)
    vnode_put(walk.parent)
    kfree(walk.buffer)
