# The file system in memory: see ramfs.pxd.
#
# A directory keeps its entries in an array of slots (a slot number is a readdir cookie, a removed
# entry leaves a hole) and in a hash table of chains.  A file keeps its contents in 4 KiB pages under a
# radix tree of 512-way nodes; a page never written is a hole that reads as zeros.
#
# Invariant: `links` of a directory is 2 plus its subdirectories, 0 once removed; bytes of the last
# page beyond `size` are zero.
from kernel.types cimport i64, u8, u32, u64
from kernel.files.extended cimport Attribute, attributes_free
from kernel.files.vfs cimport *
from kernel.files.errno cimport *
from kernel.memory.heap cimport kcalloc, kfree, kmalloc, krealloc
from kernel.memory.pages cimport pages_alloc, pages_free, PAGE_SIZE, PAGE_SHIFT, PAGES_ZERO
from kernel.memory.string cimport memcmp, memcpy, memset
from kernel.time.clock cimport clock_wall

cdef enum:
    FILE_MAX = 4398046511104             # bytes, 2^42
    FAN_SHIFT = 9
    FAN = 512
    FIRST_SLOTS = 8

cdef struct Entry:
    Entry* chain
    Vnode* node
    u32 hash
    u32 slot
    u32 length
    char name[1]

cdef struct RamNode:
    Vnode node                           # first, so that a Vnode* is a RamNode*
    # directory
    Entry** slots
    u32 slot_count                       # used from the front, holes included
    u32 slot_capacity
    u32 entries
    u32 buckets                          # a power of two
    Entry** table
    # file
    u64 root                             # page at height 0, else a node of the tree
    u32 height
    u64 page_count                       # data pages held
    Attribute* attributes
    # symbolic link
    char* target
    u64 target_size

cdef VnodeOperations operations


cdef inline RamNode* ram(Vnode* node) noexcept nogil:
    return <RamNode*>node


cdef inline bint is_folder(Vnode* node) noexcept nogil:
    return node.mode & VFS_S_IFMT == VFS_S_IFDIR


cdef RamNode* make(Mount* mount, u32 mode) noexcept nogil:
    cdef RamNode* made = <RamNode*>kcalloc(1, sizeof(RamNode))
    cdef i64 now
    if made == NULL:
        return NULL
    now = <i64>clock_wall()
    mount.next_inode += 1
    made.node.operations = &operations
    made.node.mount = mount
    made.node.references = 1
    made.node.inode = mount.next_inode
    made.node.mode = mode
    made.node.links = 2 if is_folder(&made.node) else 1
    made.node.access_time = now
    made.node.modify_time = now
    made.node.change_time = now
    made.node.create_time = now
    return made


# --- directories ----------------------------------------------------------------------------------

# FNV-1a, 32 bits.
cdef u32 hash_name(const char* name, u64 length) noexcept nogil:
    cdef u32 h = 2166136261U
    cdef u64 i
    for i in range(length):
        h = (h ^ <u8>name[i]) * 16777619U
    return h


cdef Entry* find(RamNode* folder, const char* name, u64 length) noexcept nogil:
    cdef u32 h = hash_name(name, length)
    cdef Entry* entry
    if folder.buckets == 0:
        return NULL
    entry = folder.table[h & (folder.buckets - 1)]
    while entry != NULL:
        if entry.hash == h and entry.length == length and memcmp(entry.name, name, length) == 0:
            return entry
        entry = entry.chain
    return NULL


# Room for one more entry in slots and table.  Holes are closed here only, so removing while
# reading a directory skips nothing.
cdef bint reserve(RamNode* folder) noexcept nogil:
    cdef u32 i, kept = 0, capacity
    cdef void* memory
    cdef Entry* entry
    if folder.slot_count == folder.slot_capacity and folder.entries * 2 < folder.slot_count:
        for i in range(folder.slot_count):
            if folder.slots[i] != NULL:
                folder.slots[i].slot = kept
                folder.slots[kept] = folder.slots[i]
                kept += 1
        folder.slot_count = kept
    if folder.slot_count == folder.slot_capacity:
        capacity = folder.slot_capacity * 2 if folder.slot_capacity else FIRST_SLOTS
        if capacity > 1 << 28:
            return False
        memory = krealloc(folder.slots, capacity * sizeof(Entry*))
        if memory == NULL:
            return False
        folder.slots = <Entry**>memory
        folder.slot_capacity = capacity
    if folder.entries >= folder.buckets:
        capacity = folder.buckets * 2 if folder.buckets else FIRST_SLOTS
        memory = kcalloc(capacity, sizeof(Entry*))
        if memory == NULL:
            return folder.buckets != 0   # longer chains will do
        kfree(folder.table)
        folder.table = <Entry**>memory
        folder.buckets = capacity
        for i in range(folder.slot_count):
            entry = folder.slots[i]
            if entry != NULL:
                entry.chain = folder.table[entry.hash & (capacity - 1)]
                folder.table[entry.hash & (capacity - 1)] = entry
    return True


# Takes its own reference to `node`.
cdef int insert(RamNode* folder, const char* name, u64 length, Vnode* node) noexcept nogil:
    cdef Entry* entry
    if folder.node.links == 0:
        return -ENOENT                   # the directory has been removed
    if not reserve(folder):
        return -ENOSPC
    entry = <Entry*>kmalloc(sizeof(Entry) + length)
    if entry == NULL:
        return -ENOSPC
    memcpy(entry.name, name, length)
    entry.name[length] = 0
    entry.length = <u32>length
    entry.hash = hash_name(name, length)
    entry.node = vnode_get(node)
    entry.slot = folder.slot_count
    folder.slots[folder.slot_count] = entry
    folder.slot_count += 1
    folder.entries += 1
    entry.chain = folder.table[entry.hash & (folder.buckets - 1)]
    folder.table[entry.hash & (folder.buckets - 1)] = entry
    if is_folder(node):
        folder.node.links += 1
        node.parent = vnode_get(&folder.node)
    folder.node.modify_time = <i64>clock_wall()
    folder.node.change_time = folder.node.modify_time
    return 0


# Drops the entry's reference; what was a subdirectory loses its parent only when it dies (vnode_put).
cdef void erase(RamNode* folder, Entry* entry) noexcept nogil:
    cdef Entry** at = &folder.table[entry.hash & (folder.buckets - 1)]
    cdef Vnode* node = entry.node
    while at[0] != entry:
        at = &at[0].chain
    at[0] = entry.chain
    folder.slots[entry.slot] = NULL
    folder.entries -= 1
    while folder.slot_count and folder.slots[folder.slot_count - 1] == NULL:
        folder.slot_count -= 1
    kfree(entry)
    if is_folder(node):
        folder.node.links -= 1
    folder.node.modify_time = <i64>clock_wall()
    folder.node.change_time = folder.node.modify_time
    vnode_put(node)


cdef int ram_lookup(Vnode* folder, const char* name, u64 length, Vnode** found) noexcept nogil:
    cdef Entry* entry = find(ram(folder), name, length)
    if entry == NULL:
        return -ENOENT
    found[0] = vnode_get(entry.node)
    return 0


cdef int ram_create(Vnode* folder, const char* name, u64 length, u32 mode, Vnode** made) noexcept nogil:
    return ramfs_add(folder, name, length, mode, 0, NULL, NULL, made)


cdef public int ramfs_add(Vnode* folder, const char* name, u64 length, u32 mode, u64 rdevice,
                          const VnodeOperations* own, void* data, Vnode** made) noexcept nogil:
    cdef RamNode* node = make(folder.mount, mode)
    cdef int error
    if node == NULL:
        return -ENOSPC
    if own != NULL:
        node.node.operations = own
    node.node.rdevice = rdevice
    node.node.data = data
    error = insert(ram(folder), name, length, &node.node)
    if error == 0 and made != NULL:
        made[0] = &node.node
    else:
        vnode_put(&node.node)
    return error


cdef int ram_symlink(Vnode* folder, const char* name, u64 length, const char* target, u64 size) noexcept nogil:
    cdef RamNode* node = make(folder.mount, VFS_S_IFLNK | 0o777)
    cdef int error = -ENOSPC
    if node == NULL:
        return error
    node.target = <char*>kmalloc(size)
    if node.target != NULL:
        memcpy(node.target, target, size)
        node.target_size = size
        node.node.size = size
        error = insert(ram(folder), name, length, &node.node)
    vnode_put(&node.node)
    return error


cdef int ram_link(Vnode* folder, const char* name, u64 length, Vnode* node) noexcept nogil:
    cdef int error = insert(ram(folder), name, length, node)
    if error == 0:
        node.links += 1
        node.change_time = <i64>clock_wall()
    return error


cdef int ram_remove(Vnode* folder, const char* name, u64 length, Vnode* node) noexcept nogil:
    cdef Entry* entry = find(ram(folder), name, length)
    if entry == NULL or entry.node != node:
        return -ENOENT
    if is_folder(node):
        if ram(node).entries:
            return -ENOTEMPTY
        node.links = 0
    else:
        node.links -= 1
    node.change_time = <i64>clock_wall()
    erase(ram(folder), entry)
    return 0


cdef int ram_rename(Vnode* folder, const char* name, u64 length, Vnode* node, Vnode* target, const char* new_name,
                    u64 new_length, Vnode* replaced) noexcept nogil:
    cdef Vnode* old_parent = node.parent
    cdef Entry* entry
    cdef int error
    if replaced != NULL and is_folder(replaced) and ram(replaced).entries:
        return -ENOTEMPTY
    if replaced != NULL:
        # The new name changes its node in place: nothing can fail any more.
        entry = find(ram(target), new_name, new_length)
        entry.node = vnode_get(node)
        if is_folder(node):
            node.parent = vnode_get(target)
            vnode_put(old_parent)
        if is_folder(replaced):
            replaced.links = 0
        else:
            replaced.links -= 1
        replaced.change_time = <i64>clock_wall()
        vnode_put(replaced)              # the entry's
        entry = find(ram(folder), name, length)
        erase(ram(folder), entry)        # counts a subdirectory off: `replaced`'s place in `target` stands for it
        target.modify_time = folder.modify_time
        target.change_time = folder.modify_time
    else:
        error = insert(ram(target), new_name, new_length, node)
        if error != 0:
            return error
        if is_folder(node):
            vnode_put(old_parent)
        entry = find(ram(folder), name, length)
        erase(ram(folder), entry)
    node.change_time = <i64>clock_wall()
    return 0


cdef int ram_entry(Vnode* folder, u64 cookie, DirectoryEntry* into) noexcept nogil:
    cdef RamNode* node = ram(folder)
    cdef Entry* entry
    while cookie < node.slot_count and node.slots[cookie] == NULL:
        cookie += 1
    if cookie >= node.slot_count:
        return 0
    entry = node.slots[cookie]
    into.inode = entry.node.inode
    into.mode = entry.node.mode & VFS_S_IFMT
    into.next = cookie + 1
    into.length = entry.length
    memcpy(into.name, entry.name, entry.length + 1)
    return 1


cdef i64 ram_readlink(Vnode* node, char* into, u64 size) noexcept nogil:
    if ram(node).target == NULL:
        return -EINVAL
    size = min(size, ram(node).target_size)
    memcpy(into, ram(node).target, size)
    return <i64>size


# --- contents -------------------------------------------------------------------------------------

# Address of data page `index`; 0: a hole, or (with make) no memory.
cdef u64 page_at(RamNode* file, u64 index, bint make_it) noexcept nogil:
    cdef u64* place
    cdef u64 node
    cdef u32 level
    while index >> (FAN_SHIFT * file.height):
        if not make_it:
            return 0
        if file.root:
            node = pages_alloc(1, 1, PAGES_ZERO)
            if node == 0:
                return 0
            (<u64*>node)[0] = file.root
            file.root = node
        file.height += 1
    place = &file.root
    level = file.height
    while True:
        if place[0] == 0:
            if not make_it:
                return 0
            place[0] = pages_alloc(1, 1, PAGES_ZERO)
            if place[0] == 0:
                return 0
            if level == 0:
                file.page_count += 1
        if level == 0:
            return place[0]
        level -= 1
        place = <u64*>place[0] + (index >> (FAN_SHIFT * level) & (FAN - 1))


# Frees all data pages from number `first` on in the subtree at `place`, and the nodes left empty.
cdef void cut(RamNode* file, u64* place, u32 level, u64 first) noexcept nogil:
    cdef u64* node
    cdef u64 i, span
    if place[0] == 0:
        return
    if level:
        node = <u64*>place[0]
        span = <u64>1 << (FAN_SHIFT * (level - 1))
        i = first // span
        while i < FAN:
            cut(file, &node[i], level - 1, first - i * span if first > i * span else 0)
            i += 1
        if first:
            return
    else:
        if first:
            return
        file.page_count -= 1
    pages_free(place[0], 1)
    place[0] = 0


cdef i64 ram_read(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef u64 done = 0, part, page
    if offset >= node.size:
        return 0
    size = min(size, node.size - offset)
    while done < size:
        part = min(size - done, PAGE_SIZE - ((offset + done) & (PAGE_SIZE - 1)))
        page = page_at(ram(node), (offset + done) >> PAGE_SHIFT, False)
        if page:
            memcpy(<u8*>into + done, <u8*>page + ((offset + done) & (PAGE_SIZE - 1)), part)
        else:
            memset(<u8*>into + done, 0, part)
        done += part
    return <i64>size


cdef i64 ram_write(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef u64 done = 0, part, page
    if size == 0:
        return 0
    if offset >= <u64>FILE_MAX:
        return -EFBIG
    size = min(size, <u64>FILE_MAX - offset)
    while done < size:
        part = min(size - done, PAGE_SIZE - ((offset + done) & (PAGE_SIZE - 1)))
        page = page_at(ram(node), (offset + done) >> PAGE_SHIFT, True)
        if page == 0:
            break
        memcpy(<u8*>page + ((offset + done) & (PAGE_SIZE - 1)), <const u8*>data + done, part)
        done += part
    if done == 0:
        return -ENOSPC
    node.size = max(node.size, offset + done)
    node.modify_time = <i64>clock_wall()
    node.change_time = node.modify_time
    return <i64>done


cdef int ram_truncate(Vnode* node, u64 size) noexcept nogil:
    cdef RamNode* file = ram(node)
    cdef u64 page, keep = (size + PAGE_SIZE - 1) >> PAGE_SHIFT
    if size > <u64>FILE_MAX:
        return -EFBIG
    if size < node.size:
        if keep >> (FAN_SHIFT * file.height) == 0:
            cut(file, &file.root, file.height, keep)
        if file.root == 0:
            file.height = 0
        if size & (PAGE_SIZE - 1):
            page = page_at(file, size >> PAGE_SHIFT, False)
            if page:
                memset(<u8*>page + (size & (PAGE_SIZE - 1)), 0, PAGE_SIZE - (size & (PAGE_SIZE - 1)))
    node.size = size
    node.modify_time = <i64>clock_wall()
    node.change_time = node.modify_time
    return 0


cdef Attribute** ram_attributes(Vnode* node) noexcept nogil:
    return &ram(node).attributes


cdef void ram_destroy(Vnode* node) noexcept nogil:
    ramfs_destroy(node)


cdef public void ramfs_destroy(Vnode* node) noexcept nogil:
    cdef RamNode* self = ram(node)
    if self.root:
        cut(self, &self.root, self.height, 0)
    kfree(self.slots)
    kfree(self.table)
    kfree(self.target)
    attributes_free(&self.attributes)
    kfree(self)


cdef public Mount* ramfs_create() noexcept nogil:
    cdef Mount* mount = <Mount*>kcalloc(1, sizeof(Mount))
    cdef RamNode* root
    if mount == NULL:
        return NULL
    operations.lookup = ram_lookup
    operations.create = ram_create
    operations.symlink = ram_symlink
    operations.link = ram_link
    operations.remove = ram_remove
    operations.rename = ram_rename
    operations.entry = ram_entry
    operations.readlink = ram_readlink
    operations.read = ram_read
    operations.write = ram_write
    operations.truncate = ram_truncate
    operations.attributes = ram_attributes
    operations.destroy = ram_destroy
    mount.type = b"ramfs"
    root = make(mount, VFS_S_IFDIR | 0o755)
    if root == NULL:
        kfree(mount)
        return NULL
    mount.root = &root.node
    return mount
