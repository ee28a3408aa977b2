# Folders of the host as a file system: see ninep.pxd.  Messages: ninep_session.pxd.
#
# Locks: directory operations run under vfs_lock and sleep there for the server, so one slow path walk holds
# up all others; reads, writes and stats hold nothing.  The fields of a vnode, the table of live vnodes and
# the fid map change with events masked.  `opened` is only added to, under vfs_lock, until the vnode dies.
from kernel.types cimport i64, u8, u16, u32, u64
from kernel.drivers.ninep cimport NinepTransport
from kernel.files.errno cimport *
from kernel.files.ninep_session cimport *
from kernel.files.ninep_wire cimport *
from kernel.files.vfs cimport *
from kernel.memory.heap cimport kcalloc, kfree, kmalloc
from kernel.memory.string cimport memcmp, memcpy, memset
from kernel.threads.cpu cimport events_mask, events_unmask

cdef enum:
    BUCKETS = 256
    ENTRIES_SIZE = 16384                 # of a directory read at once
    CHANGE_BITS = 0o7777

# The fids opened on a vnode.
cdef enum:
    OPEN_READ = 0
    OPEN_WRITE = 1
    OPEN_BOTH = 2
    OPEN_APPEND = 3
    OPEN_KINDS = 4

cdef struct Volume:
    Mount mount                          # first, so that a Mount* is a Volume*
    NinepSession session
    NinepNode* table[BUCKETS]            # live vnodes that have a name

cdef struct NinepNode:
    Vnode node                           # first
    NinepNode* chain
    char* name                           # in node.parent; NULL: the root
    u32 name_length
    u32 hash
    bint listed                          # in the table
    bint removed                         # its name is gone
    bint fresh                           # just created: OPEN_BOTH may stand for any kind
    u8 type                              # of its qid
    u32 fid
    u32 opened[OPEN_KINDS]               # fid, 0: not opened
    # A directory's entries as last read, in the server's form.
    u8* entries
    u32 entries_size
    u32 entries_at                       # where the entry with cookie `entries_next` begins
    u64 entries_next

cdef VnodeOperations operations


cdef inline NinepNode* nine(Vnode* node) noexcept nogil:
    return <NinepNode*>node


cdef inline Volume* volume_of(Vnode* node) noexcept nogil:
    return <Volume*>node.mount


cdef inline NinepSession* session_of(Vnode* node) noexcept nogil:
    return &volume_of(node).session


# --- live vnodes ----------------------------------------------------------------------------------------

cdef u32 hash_name(Vnode* folder, const char* name, u64 length) noexcept nogil:
    cdef u32 h = <u32>(<u64>folder >> 4) ^ 2166136261U
    cdef u64 i
    for i in range(length):
        h = (h ^ <u8>name[i]) * 16777619U
    return h ^ h >> 15


# The live vnode of a name, with a reference, or NULL.  One whose last reference has just gone is dead.
cdef NinepNode* table_find(Volume* volume, Vnode* folder, const char* name, u64 length) noexcept nogil:
    cdef u32 h = hash_name(folder, name, length)
    cdef NinepNode* at
    events_mask()
    at = volume.table[h & (BUCKETS - 1)]
    while at != NULL:
        if at.hash == h and at.node.parent == folder and at.name_length == length and at.node.references \
                and memcmp(at.name, name, length) == 0:
            vnode_get(&at.node)
            break
        at = at.chain
    events_unmask()
    return at


cdef void table_add(Volume* volume, NinepNode* node) noexcept nogil:
    events_mask()
    node.hash = hash_name(node.node.parent, node.name, node.name_length)
    node.chain = volume.table[node.hash & (BUCKETS - 1)]
    volume.table[node.hash & (BUCKETS - 1)] = node
    node.listed = True
    events_unmask()


cdef void table_remove(Volume* volume, NinepNode* node) noexcept nogil:
    cdef NinepNode** at
    events_mask()
    if node.listed:
        at = &volume.table[node.hash & (BUCKETS - 1)]
        while at[0] != node:
            at = &at[0].chain
        at[0] = node.chain
        node.listed = False
    events_unmask()


cdef u32 kind_of(u8 type) noexcept nogil:
    if type & P9_QTDIR:
        return VFS_S_IFDIR
    return VFS_S_IFLNK if type & P9_QTSYMLINK else VFS_S_IFREG


cdef char* copy_name(const char* name, u64 length) noexcept nogil:
    cdef char* copy = <char*>kmalloc(length + 1)
    if copy != NULL:
        memcpy(copy, name, length)
        copy[length] = 0
    return copy


# A vnode that owns `fid`, with one reference; NULL, and the fid still the caller's, without memory.
cdef NinepNode* node_new(Volume* volume, Vnode* folder, const char* name, u64 length, u32 fid, const Qid* qid) noexcept nogil:
    cdef NinepNode* made = <NinepNode*>kcalloc(1, sizeof(NinepNode))
    if made == NULL:
        return NULL
    if folder != NULL:
        made.name = copy_name(name, length)
        if made.name == NULL:
            kfree(made)
            return NULL
        made.name_length = <u32>length
        made.node.parent = vnode_get(folder)
    made.node.operations = &operations
    made.node.mount = &volume.mount
    made.node.references = 1
    made.node.inode = qid.path
    made.node.mode = kind_of(qid.type) | 0o777    # until the first refresh
    made.node.links = 1
    made.type = qid.type
    made.fid = fid
    if folder != NULL:
        table_add(volume, made)
    return made


cdef int lookup(Vnode* folder, const char* name, u64 length, Vnode** found) noexcept nogil:
    cdef Volume* volume = volume_of(folder)
    cdef NinepNode* node
    cdef Qid qid
    cdef u32 fid
    cdef int error
    memset(&qid, 0, sizeof(qid))
    error = ninep_walk(&volume.session, nine(folder).fid, name, length, &fid, &qid)
    if error != 0:
        return error
    node = table_find(volume, folder, name, length)
    if node != NULL and (node.node.inode != qid.path or kind_of(node.type) != kind_of(qid.type)):
        table_remove(volume, node)       # the host has put another file there
        node.removed = True
        vnode_put(&node.node)
        node = NULL
    if node != NULL:
        ninep_release(&volume.session, fid)
    else:
        node = node_new(volume, folder, name, length, fid, &qid)
        if node == NULL:
            ninep_clunk(&volume.session, fid)
            return -ENOMEM
    found[0] = &node.node
    return 0


cdef void destroy(Vnode* node) noexcept nogil:
    cdef NinepNode* self = nine(node)
    cdef Volume* volume = volume_of(node)
    cdef int i
    table_remove(volume, self)
    # A removed file's space is the host's again at once.
    if self.removed:
        ninep_clunk(&volume.session, self.fid)
    else:
        ninep_release(&volume.session, self.fid)
    for i in range(OPEN_KINDS):
        if self.opened[i]:
            ninep_clunk(&volume.session, self.opened[i])
    kfree(self.entries)
    kfree(self.name)
    kfree(self)


# --- names ----------------------------------------------------------------------------------------------

# Requests of the form: fid of a directory, a name, two numbers.
cdef int make_name(Vnode* folder, u32 type, const char* name, u64 length, u32 mode) noexcept nogil:
    cdef NinepExchange message
    ninep_begin(session_of(folder), &message, type)
    wire_put(&message.request, nine(folder).fid, 4)
    wire_put_text(&message.request, name, <u32>length)
    wire_put(&message.request, mode, 4)
    wire_put(&message.request, 0, 4)     # group: the server's own
    return ninep_ask(session_of(folder), &message)


# Makes and opens a file: a fid of the directory becomes the file's.
cdef int create_file(Vnode* folder, const char* name, u64 length, u32 mode, u32* opened) noexcept nogil:
    cdef Volume* volume = volume_of(folder)
    cdef NinepExchange message
    cdef Qid qid
    cdef u32 fid
    cdef int error = ninep_walk(&volume.session, nine(folder).fid, NULL, 0, &fid, &qid)
    if error != 0:
        return error
    ninep_begin(&volume.session, &message, P9_TLCREATE)
    wire_put(&message.request, fid, 4)
    wire_put_text(&message.request, name, <u32>length)
    wire_put(&message.request, VFS_O_RDWR | VFS_O_CREAT | VFS_O_EXCL, 4)
    wire_put(&message.request, mode & CHANGE_BITS, 4)
    wire_put(&message.request, 0, 4)
    error = ninep_ask(&volume.session, &message)
    if error != 0:
        ninep_clunk(&volume.session, fid)
        return error
    opened[0] = fid
    return 0


cdef int create(Vnode* folder, const char* name, u64 length, u32 mode, Vnode** made) noexcept nogil:
    cdef u32 opened = 0
    cdef int error = -EPERM              # device nodes, pipes
    if mode & VFS_S_IFMT == VFS_S_IFDIR:
        error = make_name(folder, P9_TMKDIR, name, length, mode & CHANGE_BITS)
    elif mode & VFS_S_IFMT == VFS_S_IFREG:
        error = create_file(folder, name, length, mode, &opened)
    if error != 0:
        return error
    error = lookup(folder, name, length, made)
    if error != 0:
        if opened:
            ninep_clunk(session_of(folder), opened)
        return error
    if opened:
        nine(made[0]).opened[OPEN_BOTH] = opened
        nine(made[0]).fresh = True
    return 0


cdef int make_symlink(Vnode* folder, const char* name, u64 length, const char* target, u64 size) noexcept nogil:
    cdef Volume* volume = volume_of(folder)
    cdef NinepExchange message
    cdef int error
    cdef u32 room = <u32>(NINEP_SMALL + size)
    cdef u8* memory = <u8*>kmalloc(room)
    if memory == NULL:
        return -ENOMEM
    ninep_begin(&volume.session, &message, P9_TSYMLINK)
    memcpy(memory, message.sent, message.request.at)
    message.request.data = memory
    message.request.size = room
    wire_put(&message.request, nine(folder).fid, 4)
    wire_put_text(&message.request, name, <u32>length)
    wire_put_text(&message.request, target, <u32>size)
    wire_put(&message.request, 0, 4)
    error = ninep_ask(&volume.session, &message)
    kfree(memory)
    return error


cdef int make_link(Vnode* folder, const char* name, u64 length, Vnode* node) noexcept nogil:
    cdef NinepExchange message
    ninep_begin(session_of(folder), &message, P9_TLINK)
    wire_put(&message.request, nine(folder).fid, 4)
    wire_put(&message.request, nine(node).fid, 4)
    wire_put_text(&message.request, name, <u32>length)
    return ninep_ask(session_of(folder), &message)


# The vnode's name is gone; what is open on it stays.
cdef void forget_name(NinepNode* node) noexcept nogil:
    table_remove(volume_of(&node.node), node)
    events_mask()
    node.removed = True
    if node.node.links:
        node.node.links = 0 if kind_of(node.type) == VFS_S_IFDIR else node.node.links - 1
    events_unmask()


cdef int remove(Vnode* folder, const char* name, u64 length, Vnode* node) noexcept nogil:
    cdef NinepExchange message
    cdef int error
    ninep_begin(session_of(folder), &message, P9_TUNLINKAT)
    wire_put(&message.request, nine(folder).fid, 4)
    wire_put_text(&message.request, name, <u32>length)
    wire_put(&message.request, P9_UNLINK_FOLDER if kind_of(nine(node).type) == VFS_S_IFDIR else 0, 4)
    error = ninep_ask(session_of(folder), &message)
    if error == 0:
        forget_name(nine(node))
    return error


cdef int rename(Vnode* folder, const char* name, u64 length, Vnode* node, Vnode* target, const char* new_name,
                u64 new_length, Vnode* replaced) noexcept nogil:
    cdef Volume* volume = volume_of(folder)
    cdef NinepNode* self = nine(node)
    cdef NinepExchange message
    cdef Vnode* old_parent = node.parent
    cdef char* old_name = self.name
    cdef char* copy
    cdef int error
    if replaced != NULL and replaced.inode == node.inode and kind_of(nine(replaced).type) != VFS_S_IFDIR:
        return 0                         # rename(2): two names of one file stay
    copy = copy_name(new_name, new_length)
    if copy == NULL:
        return -ENOMEM
    ninep_begin(&volume.session, &message, P9_TRENAMEAT)
    wire_put(&message.request, nine(folder).fid, 4)
    wire_put_text(&message.request, name, <u32>length)
    wire_put(&message.request, nine(target).fid, 4)
    wire_put_text(&message.request, new_name, <u32>new_length)
    error = ninep_ask(&volume.session, &message)
    if error != 0:
        kfree(copy)
        return error
    if replaced != NULL:
        forget_name(nine(replaced))
    table_remove(volume, self)
    events_mask()
    self.name = copy
    self.name_length = <u32>new_length
    node.parent = vnode_get(target)
    events_unmask()
    table_add(volume, self)
    kfree(old_name)
    vnode_put(old_parent)
    return 0


cdef int name_of(Vnode* node, char* into, u64* length) noexcept nogil:
    if nine(node).removed or nine(node).name == NULL:
        return -ENOENT
    memcpy(into, nine(node).name, nine(node).name_length)
    length[0] = nine(node).name_length
    return 0


cdef i64 readlink(Vnode* node, char* into, u64 size) noexcept nogil:
    cdef NinepExchange message
    # Room for the longest target: a server answers a chain that is too short with a broken queue.
    cdef char* target = <char*>kmalloc(P9_TEXT_MAX + 1)
    cdef u64 length
    cdef i64 result
    if target == NULL:
        return -ENOMEM
    ninep_begin(session_of(node), &message, P9_TREADLINK)
    wire_put(&message.request, nine(node).fid, 4)
    result = ninep_exchange(session_of(node), &message, NULL, 0, P9_HEADER + 4, target + 2, P9_TEXT_MAX - 1)
    if result == 0:
        # The first two bytes of the text are still in the reply's part of their own (11 bytes, for an error).
        length = wire_get(&message.reply, 2)
        memcpy(target, message.received + P9_HEADER + 2, 2)
        wire_init(&message.reply, message.received, 4)
        if wire_get(&message.reply, 4) != P9_HEADER + 2 + length or length == 0 or length > P9_TEXT_MAX:
            result = -EIO
        else:
            result = <i64>min(size, length)
            memcpy(into, target, result)
            if has_nul(into, <u64>result):
                result = -EIO
    kfree(target)
    return result


cdef bint has_nul(const char* text, u64 length) noexcept nogil:
    cdef u64 i
    for i in range(length):
        if text[i] == 0:
            return True
    return False


# --- attributes -----------------------------------------------------------------------------------------

cdef i64 get_time(Wire* wire) noexcept nogil:
    cdef i64 seconds = <i64>wire_get(wire, 8)
    cdef u64 rest = wire_get(wire, 8)
    seconds = min(max(seconds, <i64>-9000000000), <i64>9000000000)    # what 64 bits of nanoseconds hold
    return seconds * 1000000000 + <i64>min(rest, <u64>999999999)


cdef int refresh(Vnode* node) noexcept nogil:
    cdef NinepNode* self = nine(node)
    cdef NinepExchange message
    cdef Wire* reply = &message.reply
    cdef Qid qid
    cdef u64 valid, links, rdevice, size
    cdef u32 mode, uid, gid
    cdef i64 access, modify, change, create_time
    cdef int error
    ninep_begin(session_of(node), &message, P9_TGETATTR)
    wire_put(&message.request, self.fid, 4)
    wire_put(&message.request, P9_STATS_BASIC | P9_STATS_CREATED, 8)
    error = ninep_ask(session_of(node), &message)
    if error == 0:
        valid = wire_get(reply, 8)
        wire_get_qid(reply, &qid)
        mode = <u32>wire_get(reply, 4)
        uid = <u32>wire_get(reply, 4)
        gid = <u32>wire_get(reply, 4)
        links = wire_get(reply, 8)
        rdevice = wire_get(reply, 8)
        size = wire_get(reply, 8)
        wire_get(reply, 8)               # block size
        wire_get(reply, 8)               # blocks
        access = get_time(reply)
        modify = get_time(reply)
        change = get_time(reply)
        create_time = get_time(reply)
        if reply.bad or <i64>size < 0 or links >> 32:
            return -EIO
        if qid.path != node.inode:
            error = -ENOENT              # a server that goes by names has found another file
        elif not fits(mode & VFS_S_IFMT, kind_of(self.type)):
            return -EIO
    if error == -ENOENT and self.removed and is_open(self):
        return 0                         # a server that goes by names: what was known last
    if error != 0:
        return error
    events_mask()
    node.mode = mode
    node.uid = uid
    node.gid = gid
    node.links = <u32>links
    node.rdevice = rdevice
    node.size = size
    node.access_time = access
    node.modify_time = modify
    node.change_time = change
    node.create_time = create_time if valid & P9_STATS_CREATED else modify
    events_unmask()
    return 0


# A kind of file from the server agrees with what its qid said: the VFS relies on directories and links.
cdef bint fits(u32 kind, u32 known) noexcept nogil:
    if known != VFS_S_IFREG:
        return kind == known
    return kind in (VFS_S_IFREG, VFS_S_IFIFO, VFS_S_IFSOCK, VFS_S_IFCHR, VFS_S_IFBLK)


cdef bint is_open(NinepNode* node) noexcept nogil:
    cdef int i
    for i in range(OPEN_KINDS):
        if node.opened[i]:
            return True
    return False


cdef int set_attributes(Vnode* node, u32 valid, u32 mode, u64 size, i64 access_time, i64 modify_time) noexcept nogil:
    cdef NinepExchange message
    cdef i64 times[2]
    cdef int i
    times[0] = access_time
    times[1] = modify_time
    ninep_begin(session_of(node), &message, P9_TSETATTR)
    wire_put(&message.request, nine(node).fid, 4)
    wire_put(&message.request, valid, 4)
    wire_put(&message.request, mode, 4)
    wire_put(&message.request, 0, 4)
    wire_put(&message.request, 0, 4)
    wire_put(&message.request, size, 8)
    for i in range(2):
        # Floor: nanoseconds are never negative.
        wire_put(&message.request, <u64>(times[i] // 1000000000 - (1 if times[i] % 1000000000 < 0 else 0)), 8)
        wire_put(&message.request, <u64>((times[i] % 1000000000 + 1000000000) % 1000000000), 8)
    return ninep_ask(session_of(node), &message)


cdef int change(Vnode* node, u32 what, u32 mode, i64 access_time, i64 modify_time) noexcept nogil:
    cdef u32 valid = 0
    if what == VFS_CHANGE_MODE:
        return set_attributes(node, P9_SET_MODE, mode, 0, 0, 0)
    if access_time != VFS_TIME_OMIT:
        valid |= P9_SET_ACCESS | (0 if access_time == VFS_TIME_NOW else P9_SET_ACCESS_GIVEN)
    if modify_time != VFS_TIME_OMIT:
        valid |= P9_SET_MODIFY | (0 if modify_time == VFS_TIME_NOW else P9_SET_MODIFY_GIVEN)
    return set_attributes(node, valid, 0, 0, max(access_time, <i64>0) if not valid & P9_SET_ACCESS_GIVEN else access_time,
                          max(modify_time, <i64>0) if not valid & P9_SET_MODIFY_GIVEN else modify_time)


cdef int truncate(Vnode* node, u64 size) noexcept nogil:
    cdef int error = set_attributes(node, P9_SET_SIZE, 0, size, 0, 0)
    if error == 0:
        events_mask()
        node.size = size
        events_unmask()
    return error


cdef int status(Vnode* node, FileSystemStatus* into) noexcept nogil:
    cdef NinepExchange message
    cdef int error
    ninep_begin(session_of(node), &message, P9_TSTATFS)
    wire_put(&message.request, nine(node).fid, 4)
    error = ninep_ask(session_of(node), &message)
    if error != 0:
        return error
    into.type = wire_get(&message.reply, 4)
    into.block_size = wire_get(&message.reply, 4)
    into.blocks = wire_get(&message.reply, 8)
    into.blocks_free = wire_get(&message.reply, 8)
    into.blocks_available = wire_get(&message.reply, 8)
    into.files = wire_get(&message.reply, 8)
    into.files_free = wire_get(&message.reply, 8)
    wire_get(&message.reply, 8)
    into.name_limit = wire_get(&message.reply, 4)
    return -EIO if message.reply.bad else 0


# --- contents -------------------------------------------------------------------------------------------

# Opens a fid of its own for this kind of access, unless there is one: the server judges each time.
cdef int open_node(Vnode* node, u32 flags) noexcept nogil:
    cdef NinepNode* self = nine(node)
    cdef Volume* volume = volume_of(node)
    cdef u32 access = flags & VFS_O_ACCMODE, fid, kind = node.mode & VFS_S_IFMT
    cdef Qid qid
    cdef int which = OPEN_READ, error
    if kind == VFS_S_IFDIR:
        access = VFS_O_RDONLY
        flags = VFS_O_DIRECTORY
        if self.entries == NULL:
            self.entries = <u8*>kmalloc(ENTRIES_SIZE)
            if self.entries == NULL:
                return -ENOMEM
    elif kind != VFS_S_IFREG:
        return -ENXIO
    if access == VFS_O_WRONLY:
        which = OPEN_WRITE
    elif access == VFS_O_RDWR:
        which = OPEN_BOTH
    if self.fresh:
        # Its maker may do with it whatever its mode says, once.
        self.fresh = False
        if flags & VFS_O_APPEND == 0:
            return 0
    if flags & VFS_O_APPEND and access != VFS_O_RDONLY:
        error = open_as(volume, self, OPEN_APPEND, VFS_O_WRONLY | VFS_O_APPEND)
        if error != 0 or access == VFS_O_WRONLY:
            return error
        which = OPEN_READ
        access = VFS_O_RDONLY
    return open_as(volume, self, which, access | (flags & VFS_O_DIRECTORY))


cdef int open_as(Volume* volume, NinepNode* node, int which, u32 flags) noexcept nogil:
    cdef Qid qid
    cdef u32 fid
    cdef int error = ninep_walk(&volume.session, node.fid, NULL, 0, &fid, &qid)
    if error != 0:
        return error
    error = ninep_open(&volume.session, fid, flags)
    if error != 0 or node.opened[which]:
        ninep_clunk(&volume.session, fid)
        return error
    node.opened[which] = fid
    return 0


cdef i64 read(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef NinepNode* self = nine(node)
    cdef u32 fid = self.opened[OPEN_READ] if self.opened[OPEN_READ] else self.opened[OPEN_BOTH]
    cdef NinepExchange message
    cdef u64 done = 0
    cdef u32 part, got
    cdef int error
    if fid == 0:
        return -EBADF
    while done < size:
        part = <u32>min(size - done, <u64>session_of(node).data_size)
        ninep_begin(session_of(node), &message, P9_TREAD)
        wire_put(&message.request, fid, 4)
        wire_put(&message.request, offset + done, 8)
        wire_put(&message.request, part, 4)
        error = ninep_exchange(session_of(node), &message, NULL, 0, P9_READ_HEADER, <u8*>into + done, part)
        got = 0
        if error == 0:
            got = <u32>wire_get(&message.reply, 4)
            if message.reply.bad or got > part or got != ninep_reply_size(&message) - P9_READ_HEADER:
                error = -EIO
        if error != 0:
            return <i64>done if done else error
        done += got
        if got < part:
            break
    return <i64>done


cdef i64 write(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil:
    cdef NinepNode* self = nine(node)
    cdef u32 fid = self.opened[OPEN_APPEND] if flags & VFS_O_APPEND else 0
    cdef NinepExchange message
    cdef u64 done = 0
    cdef u32 part, put
    cdef int error = 0, which
    for which in range(OPEN_WRITE, OPEN_KINDS):
        if fid == 0:
            fid = self.opened[which]
    if fid == 0:
        return -EBADF
    while done < size:
        part = <u32>min(size - done, <u64>session_of(node).data_size)
        ninep_begin(session_of(node), &message, P9_TWRITE)
        wire_put(&message.request, fid, 4)
        wire_put(&message.request, offset + done, 8)
        wire_put(&message.request, part, 4)
        error = ninep_exchange(session_of(node), &message, <const u8*>data + done, part, sizeof(message.received),
                               NULL, 0)
        put = 0
        if error == 0:
            put = <u32>wire_get(&message.reply, 4)
            if message.reply.bad or put > part or put == 0:
                error = -EIO
        if error != 0:
            break
        done += put
    if done:
        events_mask()
        node.size = max(node.size, offset + done)
        events_unmask()
        if flags & VFS_O_DSYNC and error == 0:
            error = sync(node)
            if error != 0:
                return error
        return <i64>done
    return error


cdef int sync(Vnode* node) noexcept nogil:
    cdef NinepNode* self = nine(node)
    cdef NinepExchange message
    cdef int which = OPEN_KINDS - 1
    while which and self.opened[which] == 0:
        which -= 1
    if self.opened[which] == 0:
        return 0
    ninep_begin(session_of(node), &message, P9_TFSYNC)
    wire_put(&message.request, self.opened[which], 4)
    wire_put(&message.request, 0, 4)
    return ninep_ask(session_of(node), &message)


# Reads the directory's entries behind `cookie` into the vnode's buffer: how many bytes there are.
cdef int read_entries(NinepNode* folder, u64 cookie) noexcept nogil:
    cdef NinepExchange message
    cdef u32 room = min(<u32>ENTRIES_SIZE, session_of(&folder.node).data_size)
    cdef int error
    folder.entries_size = 0
    folder.entries_at = 0
    ninep_begin(session_of(&folder.node), &message, P9_TREADDIR)
    wire_put(&message.request, folder.opened[OPEN_READ], 4)
    wire_put(&message.request, cookie, 8)
    wire_put(&message.request, room, 4)
    error = ninep_exchange(session_of(&folder.node), &message, NULL, 0, P9_READ_HEADER, folder.entries, room)
    if error != 0:
        return error
    folder.entries_size = <u32>wire_get(&message.reply, 4)
    if message.reply.bad or folder.entries_size > room or folder.entries_size != ninep_reply_size(&message) - P9_READ_HEADER:
        folder.entries_size = 0
        return -EIO
    folder.entries_next = cookie
    return <int>folder.entries_size


cdef int entry(Vnode* node, u64 cookie, DirectoryEntry* into) noexcept nogil:
    cdef NinepNode* folder = nine(node)
    cdef Wire wire
    cdef Qid qid
    cdef u64 next
    cdef u32 type, length
    cdef const char* name
    cdef int got
    if folder.opened[OPEN_READ] == 0 or folder.entries == NULL:
        return -EBADF
    if cookie == 0:
        folder.entries_size = 0          # from the beginning: as it is now
    while True:
        if folder.entries_at >= folder.entries_size or folder.entries_next != cookie:
            got = read_entries(folder, cookie)
            if got <= 0:
                return got
        wire_init(&wire, folder.entries, folder.entries_size)
        wire.at = folder.entries_at
        wire_get_qid(&wire, &qid)
        next = wire_get(&wire, 8)
        type = <u32>wire_get(&wire, 1)
        name = wire_get_text(&wire, &length)
        # Cookies are what lseek takes on the host; the VFS counts "." and ".." before them.
        if wire.bad or next == 0 or next == cookie or <i64>next < 0:
            folder.entries_size = 0
            return -EIO
        folder.entries_at = wire.at
        folder.entries_next = next
        cookie = next
        if is_dots(name, length):
            continue                     # the VFS has its own
        if not wire_is_name(name, length):
            folder.entries_size = 0
            return -EIO
        into.inode = qid.path
        into.mode = kind_of(qid.type) if qid.type & (P9_QTDIR | P9_QTSYMLINK) or type > 15 else type << 12
        into.next = next
        into.length = length
        memcpy(into.name, name, length)
        into.name[length] = 0
        return 1


cdef bint is_dots(const char* name, u32 length) noexcept nogil:
    return 0 < length <= 2 and name[0] == c'.' and (length == 1 or name[1] == c'.')


# --- mounting -------------------------------------------------------------------------------------------

cdef public int ninep_create(const NinepTransport* transport, bint read_only, Mount** made) noexcept nogil:
    cdef Volume* volume = <Volume*>kcalloc(1, sizeof(Volume))
    cdef NinepNode* root
    cdef Qid qid
    cdef int error
    if volume == NULL:
        return -ENOMEM
    operations.unlocked = True
    operations.lookup = lookup
    operations.create = create
    operations.symlink = make_symlink
    operations.link = make_link
    operations.remove = remove
    operations.rename = rename
    operations.entry = entry
    operations.readlink = readlink
    operations.read = read
    operations.write = write
    operations.truncate = truncate
    operations.destroy = destroy
    operations.refresh = refresh
    operations.open = open_node
    operations.change = change
    operations.sync = sync
    operations.name = name_of
    operations.status = status
    volume.mount.type = b"9p"
    volume.mount.read_only = read_only
    error = ninep_start(&volume.session, transport, &qid)
    root = node_new(volume, NULL, NULL, 0, NINEP_ROOT_FID, &qid) if error == 0 else NULL
    if root == NULL:
        kfree(volume)
        return error if error else -ENOMEM
    volume.mount.root = &root.node
    made[0] = &volume.mount
    return 0
