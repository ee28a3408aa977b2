# What the launch configuration mounts: see volumes.pxd.
from kernel.types cimport i64, u32, u64
from kernel.boot.config cimport config_get
from kernel.drivers.ninep cimport NinepTransport, ninep_device_find
from kernel.files.errno cimport EEXIST, EINVAL, EROFS
from kernel.files.ninep cimport ninep_create
from kernel.files.vfs cimport Mount, PATH_LIMIT, vfs_mkdir, vfs_mount
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcpy
from kernel.diagnostics.format cimport kprint


# Makes every directory of an absolute path that is not there.
cdef int make_folders(char* path) noexcept nogil:
    cdef u64 i = 1
    cdef char saved
    cdef int error
    while path[0] and path[i - 1]:
        saved = path[i]
        if saved == 0 or saved == c'/':
            path[i] = 0
            error = vfs_mkdir(path, 0o755)
            path[i] = saved
            if error != 0 and error != -EEXIST and error != -EROFS:
                return error
        i += 1
    return 0


# One record "TAG PATH ro|rw".
cdef int mount_record(const char* record, char* path) noexcept nogil:
    cdef NinepTransport transport
    cdef Mount* mount = NULL
    cdef u64 tag = 0, length = 0
    cdef int error
    while record[tag] and record[tag] != c' ':
        tag += 1
    if record[tag] == 0 or record[tag + 1] != c'/':
        return -EINVAL
    while record[tag + 1 + length]:
        length += 1
    if length < 4 or length - 3 >= PATH_LIMIT or record[tag + 1 + length - 3] != c' ':
        return -EINVAL
    length -= 3
    memcpy(path, record + tag + 1, length)
    path[length] = 0
    error = ninep_device_find(record, <u32>tag, &transport)
    if error == 0:
        error = make_folders(path)
    if error == 0:
        error = ninep_create(&transport, record[tag + 1 + length + 2] == c'o', &mount)
    return vfs_mount(path, mount) if error == 0 else error


cdef public bint volumes_mount() noexcept nogil:
    cdef char* path
    cdef const char* record
    cdef u64 i = 0
    cdef int error = 0
    if config_get(b"mount", 0) == NULL:
        return True
    path = <char*>kmalloc(PATH_LIMIT)
    if path == NULL:
        kprint(b"demitasse: too little memory to mount folders\n")
        return False
    while error == 0:
        record = config_get(b"mount", i)
        if record == NULL:
            break
        i += 1
        path[0] = 0
        error = mount_record(record, path)
        if error != 0:
            kprint(b"demitasse: the folder for %s cannot be mounted (error %d)\n", path if path[0] else <char*>record, <i64>-error)
    kfree(path)
    return error == 0
