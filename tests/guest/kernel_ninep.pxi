# Shells of kernel/files/ninep: a mounted folder whose server is a Python function.
from kernel.drivers.ninep cimport NinepCall, NinepTransport, ninep_device_find, ninep_devices_init
from kernel.files.ninep cimport ninep_create
from kernel.files.vfs cimport vfs_mount, vfs_fsync, vfs_statfs, vfs_set_umask, FileSystemStatus

cdef object ninep_server = None
cdef list ninep_failures = []

# server(request, room) -> bytes of the reply, or (bytes, length that the device claims), or a negative errno.
cdef int ninep_python_call(void* context, NinepCall* call) noexcept with gil:
    cdef bytes request = (<const char*>call.request)[:call.request_size]
    cdef bytes data
    cdef k_u32 front, behind
    try:
        if call.payload_size:
            request += (<const char*>call.payload)[:call.payload_size]
        answer = ninep_server(request, call.reply_room + call.data_room)
        if isinstance(answer, int):
            return answer
        data, claimed = answer if isinstance(answer, tuple) else (answer, len(answer))
        front = min(len(data), call.reply_room)
        behind = min(len(data) - front, call.data_room)
        if front:
            bytes_memcpy(call.reply, <const char*>data, front)
        if behind:
            bytes_memcpy(call.data, <const char*>data + front, behind)
        call.received = claimed
        return 0
    except BaseException as error:
        ninep_failures.append(error)
        return -5


def ninep_mount(path: bytes, server: object, read_only: bool = False) -> int:
    """Mount what `server` serves; 0 or a negative errno."""
    global ninep_server
    cdef NinepTransport transport
    cdef Mount* mount = NULL
    cdef int error
    ninep_server = server
    ninep_failures.clear()
    transport.call = <int (*)(void*, NinepCall*) noexcept nogil>ninep_python_call
    transport.post = NULL
    transport.context = NULL
    error = ninep_create(&transport, read_only, &mount)
    if error == 0:
        error = vfs_mount(path, mount)
    return error


def ninep_device_mount(path: bytes, tag: bytes, device: object) -> int:
    """Make `device` (notify, read, write: the registers of virtio-mmio) the machine's, and mount what it serves."""
    global host_device, host_has_device
    cdef NinepTransport transport
    cdef Mount* mount = NULL
    cdef int error
    host_device = device
    host_has_device = True
    host_info.device_count = 1
    host_info.devices[0].virtio_id = 9
    host_info.devices[0].transport = 1
    host_info.devices[0].address = 0
    ninep_devices_init(&host_info)
    error = ninep_device_find(tag, len(tag), &transport)
    if error == 0:
        error = ninep_create(&transport, False, &mount)
    if error == 0:
        error = vfs_mount(path, mount)
    return error


def ninep_failed() -> list[BaseException]:
    """What the server function has raised since the mount."""
    return list(ninep_failures)


def fs_fsync(fd: int) -> int:
    return vfs_fsync(fd)


def fs_set_umask(mask: int) -> None:
    vfs_set_umask(mask)


def fs_statfs(path: bytes) -> int | dict[str, int]:
    cdef FileSystemStatus s
    cdef int error = vfs_statfs(path, &s)
    return error if error else {"block_size": s.block_size, "blocks": s.blocks, "free": s.blocks_free, "files": s.files,
                                "name_limit": s.name_limit}


def fs_readlink_room(path: bytes, room: int) -> int | bytes:
    cdef char buffer[4096]
    cdef k_i64 n = vfs_readlink(path, buffer, room)
    return buffer[:n] if n >= 0 else n
