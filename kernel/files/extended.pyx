# See extended.pxd.
from kernel.types cimport i64, u8, u32, u64
from kernel.files.descriptors cimport file_get, file_put
from kernel.files.errno cimport E2BIG, EBADF, EINVAL, ENODATA, ENOSPC, EOPNOTSUPP, ERANGE, EROFS
from kernel.files.notify cimport NOTIFY_ATTRIBUTES
from kernel.files.vfs cimport File, VFS_S_IFREG
from kernel.files.vnode cimport is_folder, is_frozen, kind, vnode_tell
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcmp, memcpy
from kernel.threads.sync cimport mutex_lock, mutex_unlock
from kernel.time.clock cimport clock_wall


# Of a name that may be used, without its NUL; negative: an errno.
cdef i64 length_of(const char* name) noexcept nogil:
    cdef i64 length = 0
    while name[length]:
        length += 1
        if length > ATTRIBUTE_NAME_MOST:
            return -ERANGE
    if length < 5 or memcmp(name, b"user.", 5) != 0:
        return -EOPNOTSUPP
    return length if length > 5 else -EINVAL


cdef Attribute** find(Attribute** at, const char* name, i64 length) noexcept nogil:
    while at[0] != NULL and (at[0].name_length != <u32>length or memcmp(at[0].name, name, <u64>length) != 0):
        at = &at[0].next
    return at


cdef public i64 attribute_get(Attribute* list, const char* name, void* into, u64 size) noexcept nogil:
    cdef i64 length = length_of(name)
    cdef Attribute* found
    if length < 0:
        return length
    found = find(&list, name, length)[0]
    if found == NULL:
        return -ENODATA
    if size == 0:
        return found.size
    if size < found.size:
        return -ERANGE
    memcpy(into, found.value, found.size)
    return found.size


cdef void drop(Attribute** at) noexcept nogil:
    cdef Attribute* gone = at[0]
    at[0] = gone.next
    kfree(gone)


cdef public int attribute_set(Attribute** list, const char* name, const void* value, u64 size) noexcept nogil:
    cdef i64 length = length_of(name)
    cdef Attribute** at
    cdef Attribute* made
    if length < 0:
        return <int>length
    if size > ATTRIBUTE_SIZE_MOST:
        return -E2BIG
    made = <Attribute*>kmalloc(sizeof(Attribute) + <u64>length + size)
    if made == NULL:
        return -ENOSPC
    made.name_length = <u32>length
    made.size = <u32>size
    memcpy(made.name, name, <u64>length + 1)
    made.value = <u8*>made.name + length + 1
    memcpy(made.value, value, size)
    at = find(list, name, length)
    made.next = at[0].next if at[0] != NULL else NULL
    kfree(at[0])
    at[0] = made
    return 0


cdef public int attribute_remove(Attribute** list, const char* name) noexcept nogil:
    cdef i64 length = length_of(name)
    cdef Attribute** at
    if length < 0:
        return <int>length
    at = find(list, name, length)
    if at[0] == NULL:
        return -ENODATA
    drop(at)
    return 0


cdef public i64 attribute_list(Attribute* list, char* into, u64 size) noexcept nogil:
    cdef Attribute* one = list
    cdef u64 used = 0
    while one != NULL:
        if size != 0:
            if used + one.name_length + 1 > size:
                return -ERANGE
            memcpy(into + used, one.name, one.name_length + 1)
        used += one.name_length + 1
        one = one.next
    return <i64>used


cdef public void attributes_free(Attribute** list) noexcept nogil:
    while list[0] != NULL:
        drop(list)


# --- of open files: vfs.pxd --------------------------------------------------------------------------------

# An open file that has some, its vnode locked; NULL: `error` says why.
cdef File* attributes_begin(int fd, bint change, Attribute*** list, i64* error) noexcept nogil:
    cdef File* file = file_get(fd)
    error[0] = -EBADF
    if file == NULL:
        return NULL
    if (kind(file.node) == VFS_S_IFREG or is_folder(file.node)) and file.node.operations.attributes != NULL:
        if not (change and is_frozen(file.node)):
            list[0] = file.node.operations.attributes(file.node)
            mutex_lock(&file.node.lock)
            return file
        error[0] = -EROFS
    else:
        error[0] = -EOPNOTSUPP
    file_put(file)
    return NULL


cdef void attributes_end(File* file, bint changed) noexcept nogil:
    if changed:
        file.node.change_time = <i64>clock_wall()
    mutex_unlock(&file.node.lock)
    if changed:
        vnode_tell(file.node, NOTIFY_ATTRIBUTES)
    file_put(file)


cdef public i64 vfs_get_attribute(int fd, const char* name, void* into, u64 size) noexcept nogil:
    cdef Attribute** list
    cdef i64 result
    cdef File* file = attributes_begin(fd, False, &list, &result)
    if file != NULL:
        result = attribute_get(list[0], name, into, size)
        attributes_end(file, False)
    return result


cdef public int vfs_set_attribute(int fd, const char* name, const void* value, u64 size) noexcept nogil:
    cdef Attribute** list
    cdef i64 result
    cdef File* file = attributes_begin(fd, True, &list, &result)
    if file != NULL:
        result = attribute_set(list, name, value, size)
        attributes_end(file, result == 0)
    return <int>result


cdef public int vfs_remove_attribute(int fd, const char* name) noexcept nogil:
    cdef Attribute** list
    cdef i64 result
    cdef File* file = attributes_begin(fd, True, &list, &result)
    if file != NULL:
        result = attribute_remove(list, name)
        attributes_end(file, result == 0)
    return <int>result


cdef public i64 vfs_list_attributes(int fd, char* into, u64 size) noexcept nogil:
    cdef Attribute** list
    cdef i64 result
    cdef File* file = attributes_begin(fd, False, &list, &result)
    if file != NULL:
        result = attribute_list(list[0], into, size)
        attributes_end(file, False)
    return result
