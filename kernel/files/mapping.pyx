# Memory-mapped files: see mapping.pxd.
#
# The address space is one linear piece of memory, so a page cannot be seen at two addresses and a store
# cannot be noticed.  Which pages of a mapping were stored to is found by comparing: with the
# file itself where nobody outside the guest can have changed it, else with a copy of what was read.
from kernel.types cimport i64, u8, u64
from kernel.files.errno cimport EINVAL, EIO, ENODEV, ENOMEM
from kernel.files.mapping cimport *
from kernel.files.vfs cimport VFS_S_IFMT, VFS_S_IFREG, Vnode, vnode_get, vnode_put
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.pages cimport PAGES_ZERO, PAGE_SHIFT, PAGE_SIZE, pages_alloc, pages_free
from kernel.memory.string cimport memcmp, memcpy, memset
from kernel.threads.sync cimport Mutex, mutex_lock, mutex_unlock

cdef struct FileMapping:
    FileMapping* next                    # of all mappings
    FileMapping* next_of_node
    Vnode* node
    u64 address
    u64 offset                           # in the file
    u64 length
    u64 pages
    u64 original                         # pages with what the file had, or 0
    u64 users                            # calls of mapping_make that gave it
    int kind

cdef FileMapping* all
cdef Mutex all_lock                      # taken before a Vnode.lock

# --- contents; Vnode.lock is held ---------------------------------------------------------------------

cdef u64 size_of(Vnode* node) noexcept nogil:
    if node.operations.refresh != NULL:
        node.operations.refresh(node)
    return node.size


# Reads `size` bytes of the file; zeros where it has none.
cdef int fetch(Vnode* node, u8* into, u64 size, u64 offset) noexcept nogil:
    cdef i64 part
    while size > 0:
        part = node.operations.read(node, into, size, offset, 0)
        if part < 0:
            return <int>part
        if part == 0:
            break
        into += part
        offset += <u64>part
        size -= <u64>part
    memset(into, 0, size)
    return 0


cdef int store(Vnode* node, const u8* data, u64 size, u64 offset) noexcept nogil:
    cdef i64 part
    while size > 0:
        part = node.operations.write(node, data, size, offset, 0)
        if part <= 0:
            return <int>part if part < 0 else -EIO
        data += part
        offset += <u64>part
        size -= <u64>part
    return 0


# Gives the bytes that changed to the other mappings of the file, which may have stores of their own beside them.
cdef void spread(FileMapping* m, const u8* before, const u8* now, u64 count, u64 at) noexcept nogil:
    cdef FileMapping* other = <FileMapping*>m.node.mappings
    cdef u64 i, place
    while other != NULL:
        if other != m and at < other.offset + other.length and other.offset < at + count:
            for i in range(count):
                if before[i] != now[i] and other.offset <= at + i < other.offset + other.length:
                    place = at + i - other.offset
                    (<u8*>other.address)[place] = now[i]
                    if other.original != 0:
                        (<u8*>other.original)[place] = now[i]
        other = other.next_of_node


# Writes the pages in [offset, offset + size) of the file that were stored to.
cdef int flush(FileMapping* m, u64 offset, u64 size) noexcept nogil:
    cdef u8 page[PAGE_SIZE]
    cdef u8 now[PAGE_SIZE]
    cdef u8* memory
    cdef u8* before
    cdef u64 at, count
    cdef u64 end = offset + size
    cdef int error = 0
    cdef int failed
    if m.kind != MAPPING_WRITE:
        return 0
    if end < offset or end > m.offset + m.length:
        end = m.offset + m.length
    if end > size_of(m.node):
        end = m.node.size
    at = m.offset if offset <= m.offset else m.offset + ((offset - m.offset) & ~<u64>(PAGE_SIZE - 1))
    while at < end:
        count = end - at if end - at < PAGE_SIZE else <u64>PAGE_SIZE
        memory = <u8*>(m.address + (at - m.offset))
        if m.original != 0:
            before = <u8*>(m.original + (at - m.offset))
        else:
            before = page
            failed = fetch(m.node, page, count, at)
            if failed != 0:
                return failed
        if memcmp(memory, before, count) != 0:
            # Others may store meanwhile: what is written is what is remembered.
            memcpy(now, memory, count)
            failed = store(m.node, now, count, at)
            if failed != 0:
                error = failed
            else:
                spread(m, before, now, count, at)
                if m.original != 0:
                    memcpy(before, now, count)
        at += PAGE_SIZE
    return error


cdef public int mapping_flush(Vnode* node, u64 offset, u64 size) noexcept nogil:
    cdef FileMapping* m = <FileMapping*>node.mappings
    cdef int error = 0
    cdef int failed
    while m != NULL:
        if offset < m.offset + m.length and m.offset < offset + size:
            failed = flush(m, offset, size)
            if failed != 0:
                error = failed
        m = m.next_of_node
    return error


cdef public void mapping_written(Vnode* node, const void* data, u64 offset, u64 size) noexcept nogil:
    cdef FileMapping* m = <FileMapping*>node.mappings
    cdef u64 start, end
    while m != NULL:
        start = offset if offset > m.offset else m.offset
        end = offset + size if offset + size < m.offset + m.length else m.offset + m.length
        if start < end:
            memcpy(<void*>(m.address + (start - m.offset)), <const u8*>data + (start - offset), end - start)
            if m.original != 0:
                memcpy(<void*>(m.original + (start - m.offset)), <const u8*>data + (start - offset), end - start)
        m = m.next_of_node


# What lies beyond the end reads as zeros, also when the file grows again.
cdef public void mapping_truncated(Vnode* node) noexcept nogil:
    cdef FileMapping* m = <FileMapping*>node.mappings
    cdef u64 keep, whole
    cdef u64 size = size_of(node)
    while m != NULL:
        whole = m.pages << PAGE_SHIFT
        keep = size - m.offset if size > m.offset else 0
        if keep < whole:
            memset(<void*>(m.address + keep), 0, whole - keep)
            if m.original != 0:
                memset(<void*>(m.original + keep), 0, whole - keep)
        m = m.next_of_node

# --- making and removing ------------------------------------------------------------------------------

cdef void free_mapping(FileMapping* m) noexcept nogil:
    if m.address != 0:
        pages_free(m.address, m.pages)
    if m.original != 0:
        pages_free(m.original, m.pages)
    kfree(m)


# With Vnode.lock: the shared mapping that can serve [offset, offset + length); NULL: none.
cdef FileMapping* sharable(Vnode* node, u64 offset, u64 length, int kind) noexcept nogil:
    cdef FileMapping* m = <FileMapping*>node.mappings
    while m != NULL:
        if m.offset <= offset and offset + length <= m.offset + m.length and (kind == MAPPING_READ or m.kind == MAPPING_WRITE):
            return m
        m = m.next_of_node
    return NULL


cdef int fill(FileMapping* m) noexcept nogil:
    m.pages = (m.length + PAGE_SIZE - 1) >> PAGE_SHIFT
    m.address = pages_alloc(m.pages, 1, PAGES_ZERO)
    if m.address == 0:
        return -ENOMEM
    # A vnode that is all there is of its file changes through the guest alone.
    if m.kind == MAPPING_WRITE and m.node.operations.refresh != NULL:
        m.original = pages_alloc(m.pages, 1, PAGES_ZERO)
        if m.original == 0:
            return -ENOMEM
    cdef int error = fetch(m.node, <u8*>m.address, m.length, m.offset)
    if error == 0 and m.original != 0:
        memcpy(<void*>m.original, <void*>m.address, m.length)
    return error


cdef public int mapping_make(Vnode* node, u64 offset, u64 length, int kind, u64* address) noexcept nogil:
    global all
    cdef FileMapping* m
    cdef FileMapping* made
    cdef int error = 0
    if node.mode & VFS_S_IFMT != VFS_S_IFREG or node.operations.read == NULL \
            or (kind == MAPPING_WRITE and node.operations.write == NULL):
        return -ENODEV
    if offset & (PAGE_SIZE - 1) or length == 0 or offset + length < offset:
        return -EINVAL
    made = <FileMapping*>kcalloc(1, sizeof(FileMapping))
    if made == NULL:
        return -ENOMEM
    made.node = node
    made.offset = offset
    made.length = length
    made.kind = kind
    made.users = 1
    mutex_lock(&all_lock)
    mutex_lock(&node.lock)
    m = sharable(node, offset, length, kind) if kind != MAPPING_PRIVATE else NULL
    if m != NULL:
        m.users += 1
    else:
        error = mapping_flush(node, offset, length)
        if error == 0:
            error = fill(made)
    if error == 0 and m == NULL:
        m = made
        made = NULL
        vnode_get(node)
        m.next = all
        all = m
        if kind != MAPPING_PRIVATE:
            m.next_of_node = <FileMapping*>node.mappings
            node.mappings = m
    mutex_unlock(&node.lock)
    mutex_unlock(&all_lock)
    if made != NULL:
        free_mapping(made)
    if error == 0:
        address[0] = m.address + (offset - m.offset)
    return error


# With all_lock: the place of the link to the mapping that holds the address; *place is NULL: none.
cdef FileMapping** holder(u64 address) noexcept nogil:
    cdef FileMapping** place = &all
    while place[0] != NULL and not (place[0].address <= address < place[0].address + (place[0].pages << PAGE_SHIFT)):
        place = &place[0].next
    return place


cdef public int mapping_remove(u64 address) noexcept nogil:
    cdef FileMapping** place
    cdef FileMapping* m
    cdef FileMapping** at
    cdef int error = 0
    mutex_lock(&all_lock)
    place = holder(address)
    m = place[0]
    if m == NULL:
        mutex_unlock(&all_lock)
        return -EINVAL
    m.users -= 1
    if m.users != 0:
        mutex_unlock(&all_lock)
        return 0
    place[0] = m.next
    mutex_lock(&m.node.lock)
    if m.kind != MAPPING_PRIVATE:
        error = flush(m, m.offset, m.length)
        at = <FileMapping**>&m.node.mappings
        while at[0] != m:
            at = &at[0].next_of_node
        at[0] = m.next_of_node
    mutex_unlock(&m.node.lock)
    mutex_unlock(&all_lock)
    vnode_put(m.node)
    free_mapping(m)
    return error


cdef int sync(FileMapping* m) noexcept nogil:
    cdef int error
    mutex_lock(&m.node.lock)
    error = flush(m, m.offset, m.length)
    mutex_unlock(&m.node.lock)
    return error


cdef public int mapping_sync(u64 address) noexcept nogil:
    cdef FileMapping* m
    cdef int error = 0
    mutex_lock(&all_lock)
    m = holder(address)[0]
    if m != NULL:
        error = sync(m)
    mutex_unlock(&all_lock)
    return error


# Only file systems beyond the guest care.
cdef public void mappings_finish() noexcept nogil:
    cdef FileMapping* m
    if all == NULL:
        return
    mutex_lock(&all_lock)
    m = all
    while m != NULL:
        if m.original != 0:
            sync(m)
        m = m.next
    mutex_unlock(&all_lock)
