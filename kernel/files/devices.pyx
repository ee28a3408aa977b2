# Character devices: see devices.pxd.  Device numbers as Linux's (Documentation/admin-guide/devices.txt).
from kernel.types cimport i64, u32, u64
from kernel.drivers.console cimport (console_at_end, console_available, console_read, console_set_listener,
                                     console_write, CONSOLE_ERROR, CONSOLE_MAIN)
from kernel.files.errno cimport EINVAL, ENOENT, ENOMEM, ENOSPC
from kernel.files.ramfs cimport ramfs_destroy
from kernel.files.vfs cimport *
from kernel.memory.string cimport memset
from kernel.time.entropy cimport entropy_fill

cdef enum:
    PERMISSIONS = 0o666

cdef VnodeOperations console_operations, full_operations, null_operations, zero_operations, random_operations
cdef Vnode* console_node


cdef inline u64 device_number(u64 major, u64 minor) noexcept nogil:
    return major << 8 | minor


# The vnode's data is the console's role.
cdef i64 read_console(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    return console_read(into, size, flags & VFS_O_NONBLOCK == 0)

cdef i64 write_console(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil:
    return console_write(<u32><u64>node.data, data, size)

cdef u32 poll_console(Vnode* node) noexcept nogil:
    if console_available() or console_at_end():
        return VFS_POLLIN | VFS_POLLOUT
    return VFS_POLLOUT

cdef i64 available_console(Vnode* node) noexcept nogil:
    return <i64>console_available()

cdef void input_came() noexcept nogil:
    if console_node != NULL:
        vnode_ready(console_node, VFS_POLLIN)

cdef i64 read_null(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    return 0

cdef i64 write_null(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil:
    return <i64>size

cdef i64 read_zero(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    memset(into, 0, size)
    return <i64>size

cdef i64 write_full(Vnode* node, const void* data, u64 size, u64 offset, u32 flags) noexcept nogil:
    return -ENOSPC

cdef i64 read_random(Vnode* node, void* into, u64 size, u64 offset, u32 flags) noexcept nogil:
    entropy_fill(into, size)
    return <i64>size

cdef void destroy(Vnode* node) noexcept nogil:
    ramfs_destroy(node)


cdef int make(const char* path, u64 number, VnodeOperations* operations, void* data) noexcept nogil:
    operations.unlocked = True
    operations.destroy = destroy
    return vfs_make_node(path, VFS_S_IFCHR | PERMISSIONS, number, operations, data)


cdef public int devices_init() noexcept nogil:
    global console_node
    cdef int error
    console_operations.read = read_console
    console_operations.write = write_console
    console_operations.poll = poll_console
    console_operations.available = available_console
    null_operations.read = read_null
    null_operations.write = write_null
    zero_operations.read = read_zero
    zero_operations.write = write_null
    full_operations.read = read_zero
    full_operations.write = write_full
    random_operations.read = read_random
    random_operations.write = write_null
    error = make(b"/dev/console", device_number(5, 1), &console_operations, <void*>CONSOLE_MAIN)
    if error == 0:
        error = make(b"/dev/error", device_number(5, 2), &console_operations, <void*>CONSOLE_ERROR)
    if error == 0:
        error = make(b"/dev/null", device_number(1, 3), &null_operations, NULL)
    if error == 0:
        error = make(b"/dev/zero", device_number(1, 5), &zero_operations, NULL)
    if error == 0:
        error = make(b"/dev/full", device_number(1, 7), &full_operations, NULL)
    if error == 0:
        error = make(b"/dev/random", device_number(1, 8), &random_operations, NULL)
    if error == 0:
        error = make(b"/dev/urandom", device_number(1, 9), &random_operations, NULL)
    if error != 0:
        return error
    if vfs_open(b"/dev/console", VFS_O_RDONLY, 0) != 0 or vfs_open(b"/dev/console", VFS_O_WRONLY, 0) != 1 \
            or vfs_open(b"/dev/error", VFS_O_WRONLY, 0) != 2:
        return -ENOMEM
    console_node = vfs_vnode(0)
    console_set_listener(input_came)
    return 0
