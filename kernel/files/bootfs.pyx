# Boot modules as files: see bootfs.pxd.  A ramfs tree whose files are the modules where they lie;
# frozen once it is built.
from kernel.types cimport i64, u8, u32, u64
from kernel.boot.bootinfo cimport BootInfo, BootModule, BOOT_NAME_MAX
from kernel.files.errno cimport EEXIST, EINVAL, ENOENT, ENOMEM
from kernel.files.ramfs cimport ramfs_add, ramfs_create, ramfs_destroy
from kernel.files.vfs cimport *
from kernel.files.bootfs cimport BootFile
from kernel.memory.string cimport memcpy, strlen
from kernel.diagnostics.log cimport log_warning

cdef VnodeOperations operations


cdef i64 boot_read(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    if offset >= node.size:
        return 0
    size = min(size, node.size - offset)
    memcpy(into, <u8*>node.data + offset, size)
    return <i64>size


cdef int boot_map(Vnode* node, void** address, u64* size) noexcept nogil:
    address[0] = node.data
    size[0] = node.size
    return 0


cdef void boot_destroy(Vnode* node) noexcept nogil:
    ramfs_destroy(node)


# Puts a file below `start`, where its contents lie; a name that ends in '/' is a directory, which is given back with a
# reference if `made` is not NULL.  The directories of "jdk/lib/modules" are made on the way; a name with an empty
# component, "." or ".." is no file name.
cdef int add(Vnode* start, const char* name, void* contents, u64 size, Vnode** made) noexcept nogil:
    cdef Vnode* folder = vnode_get(start)
    cdef Vnode* next = NULL
    cdef u64 length
    cdef int error = 0
    while error == 0:
        length = 0
        while name[length] and name[length] != c'/':
            length += 1
        if length == 0 or (name[0] == c'.' and (length == 1 or (length == 2 and name[1] == c'.'))):
            error = -EINVAL
        elif name[length] == 0:
            error = folder.operations.lookup(folder, name, length, &next)
            if error == 0:
                vnode_put(next)
                error = -EEXIST
            else:
                error = ramfs_add(folder, name, length, VFS_S_IFREG | 0o444, 0, &operations, contents, &next)
                if error == 0:
                    next.size = size
                    vnode_put(next)
                    break
        else:
            error = folder.operations.lookup(folder, name, length, &next)
            if error == -ENOENT:
                error = ramfs_add(folder, name, length, VFS_S_IFDIR | 0o555, 0, NULL, NULL, &next)
            if error == 0:
                vnode_put(folder)
                folder = next
                if folder.mode & VFS_S_IFMT != VFS_S_IFDIR:
                    error = -EEXIST
                name += length + 1
                if error == 0 and name[0] == 0:
                    if made != NULL:
                        made[0] = vnode_get(folder)
                    break
    vnode_put(folder)
    return error


# A module whose name ends in '/' is a folder: records of what is in it (BootFile), then the contents.
cdef int add_folder(Vnode* root, BootModule* module) noexcept nogil:
    cdef Vnode* folder = NULL
    cdef int error = add(root, module.name, NULL, 0, &folder)
    cdef u8* contents = <u8*>module.address
    cdef u64 at = 0
    cdef BootFile* file
    while error == 0:
        file = <BootFile*>(contents + at)
        if module.size - at < sizeof(BootFile):
            error = -EINVAL
        elif file.record == 0:
            break
        elif (file.record <= sizeof(BootFile) or file.record % 8 or file.record > module.size - at
              or contents[at + file.record - 1] or file.offset > module.size or file.size > module.size - file.offset):
            error = -EINVAL
        else:
            error = add(folder, <const char*>(file + 1), contents + file.offset, file.size, NULL)
            at += file.record
    if folder != NULL:
        vnode_put(folder)
    return error


cdef public int bootfs_init(BootInfo* info) noexcept nogil:
    cdef Mount* mount = ramfs_create()
    cdef u32 i
    cdef BootModule* module
    cdef u64 length
    cdef int error
    if mount == NULL:
        return -ENOMEM
    operations.unlocked = True
    operations.read = boot_read
    operations.map = boot_map
    operations.destroy = boot_destroy
    mount.type = b"bootfs"
    for i in range(info.module_count):
        module = &info.modules[i]
        module.name[BOOT_NAME_MAX - 1] = 0
        length = strlen(module.name)
        if module.name[0] == c'@':
            continue
        if length and module.name[length - 1] == c'/':
            error = add_folder(mount.root, module)
        else:
            error = add(mount.root, module.name, <void*>module.address, module.size, NULL)
        if error != 0:
            log_warning(b"boot module \"%s\" is no file (%d)", module.name, <i64>error)
    mount.read_only = True
    return vfs_mount(b"/boot", mount)
