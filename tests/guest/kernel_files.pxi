# Shells of kernel/files: paths and contents as bytes; results are counts or negative errnos.
from kernel.files.vfs cimport (FileStat, DirectoryEntry, Mount, PollRequest, vfs_open, vfs_close, vfs_read, vfs_write,
    vfs_pread, vfs_pwrite, vfs_lseek, vfs_dup, vfs_dup2, vfs_map, vfs_stat, vfs_lstat, vfs_fstat, vfs_access, vfs_readdir,
    vfs_mkdir, vfs_rmdir, vfs_unlink, vfs_rename, vfs_link, vfs_symlink, vfs_readlink, vfs_realpath, vfs_truncate,
    vfs_ftruncate, vfs_chmod, vfs_utimens, vfs_chdir, vfs_getcwd, vfs_poll, vfs_get_flags, vfs_set_flags, vfs_available)
from kernel.files.bootfs cimport bootfs_init
from kernel.files.devices cimport devices_init


def fs_open(path: bytes, flags: int = 0, mode: int = 0o644) -> int:
    return vfs_open(path, flags, mode)

def fs_close(fd: int) -> int:
    return vfs_close(fd)

def fs_read(fd: int, size: int) -> int | bytes:
    buffer = bytearray(max(size, 1))
    cdef k_u8[:] view = buffer
    cdef k_i64 n = vfs_read(fd, &view[0], size)
    return bytes(buffer[:n]) if n >= 0 else n

def fs_pread(fd: int, size: int, offset: int) -> int | bytes:
    buffer = bytearray(max(size, 1))
    cdef k_u8[:] view = buffer
    cdef k_i64 n = vfs_pread(fd, &view[0], size, <k_u64><k_i64>offset)
    return bytes(buffer[:n]) if n >= 0 else n

def fs_write(fd: int, data: bytes) -> int:
    return vfs_write(fd, <const char*>data, len(data))

def fs_pwrite(fd: int, data: bytes, offset: int) -> int:
    return vfs_pwrite(fd, <const char*>data, len(data), <k_u64><k_i64>offset)

def fs_lseek(fd: int, offset: int, whence: int) -> int:
    return vfs_lseek(fd, offset, whence)

def fs_dup(fd: int) -> int:
    return vfs_dup(fd)

def fs_dup2(fd: int, target: int) -> int:
    return vfs_dup2(fd, target)

def fs_get_flags(fd: int) -> int:
    return vfs_get_flags(fd)

def fs_set_flags(fd: int, flags: int) -> int:
    return vfs_set_flags(fd, flags)

def fs_available(fd: int) -> int:
    return vfs_available(fd)

def fs_map(fd: int) -> int | bytes:
    cdef void* address
    cdef k_u64 size
    cdef int error = vfs_map(fd, &address, &size)
    return (<const char*>address)[:size] if error == 0 else error

cdef object stat_of(int error, FileStat* s):
    if error:
        return error
    return {"mode": s.mode, "links": s.links, "size": s.size, "inode": s.inode, "device": s.device,
            "rdevice": s.rdevice, "modify": s.modify_time, "access": s.access_time, "change": s.change_time}

def fs_stat(path: bytes, follow: bool = True) -> int | dict[str, int]:
    cdef FileStat s
    return stat_of(vfs_stat(path, &s) if follow else vfs_lstat(path, &s), &s)

def fs_fstat(fd: int) -> int | dict[str, int]:
    cdef FileStat s
    return stat_of(vfs_fstat(fd, &s), &s)

def fs_access(path: bytes, mode: int) -> int:
    return vfs_access(path, mode)

def fs_list(path: bytes) -> int | list[tuple[bytes, int]]:
    """Entries with their type bits, "." and ".." left out."""
    cdef DirectoryEntry entry
    cdef int fd = vfs_open(path, 0o200000, 0), result
    if fd < 0:
        return fd
    found = []
    while True:
        result = vfs_readdir(fd, &entry)
        if result != 1:
            break
        found.append((entry.name[:entry.length], entry.mode))
    vfs_close(fd)
    if result < 0:
        return result
    if [name for name, _ in found[:2]] != [b".", b".."]:
        raise AssertionError("a directory begins with . and ..")
    return found[2:]

def fs_remove_while_listing(path: bytes) -> int:
    """Unlink every entry as readdir names it; how many."""
    cdef DirectoryEntry entry
    cdef int fd = vfs_open(path, 0, 0), count = 0
    while vfs_readdir(fd, &entry) == 1:
        if entry.name[:entry.length] not in (b".", b".."):
            if vfs_unlink(path + b"/" + entry.name[:entry.length]) == 0:
                count += 1
    vfs_close(fd)
    return count

def fs_mkdir(path: bytes, mode: int = 0o755) -> int:
    return vfs_mkdir(path, mode)

def fs_rmdir(path: bytes) -> int:
    return vfs_rmdir(path)

def fs_unlink(path: bytes) -> int:
    return vfs_unlink(path)

def fs_rename(path: bytes, target: bytes) -> int:
    return vfs_rename(path, target)

def fs_link(path: bytes, target: bytes) -> int:
    return vfs_link(path, target)

def fs_symlink(contents: bytes, path: bytes) -> int:
    return vfs_symlink(contents, path)

def fs_readlink(path: bytes) -> int | bytes:
    cdef char buffer[4096]
    cdef k_i64 n = vfs_readlink(path, buffer, 4096)
    return buffer[:n] if n >= 0 else n

def fs_realpath(path: bytes, room: int = 4096) -> int | bytes:
    cdef char buffer[4096]
    cdef k_i64 n = vfs_realpath(path, buffer, room)
    return buffer[:n] if n >= 0 else n

def fs_truncate(path: bytes, size: int) -> int:
    return vfs_truncate(path, <k_u64><k_i64>size)

def fs_ftruncate(fd: int, size: int) -> int:
    return vfs_ftruncate(fd, <k_u64><k_i64>size)

def fs_chmod(path: bytes, mode: int) -> int:
    return vfs_chmod(path, mode)

def fs_utimens(path: bytes, access: int, modify: int) -> int:
    return vfs_utimens(path, access, modify)

def fs_chdir(path: bytes) -> int:
    return vfs_chdir(path)

def fs_getcwd() -> int | bytes:
    cdef char buffer[4096]
    cdef k_i64 n = vfs_getcwd(buffer, 4096)
    return buffer[:n] if n >= 0 else n

def fs_poll(fd: int, events: int) -> tuple[int, int]:
    cdef PollRequest request
    request.fd = fd
    request.events = events
    cdef int n = vfs_poll(&request, 1, 1)
    return n, request.ready

def fs_boot(modules: list[tuple[bytes, bytes]]) -> int:
    """Start anew with these boot modules under /boot and the devices in /dev."""
    global boot_module_data
    cdef int i, error
    kernel_reset()
    boot_module_data = [data for _, data in modules]
    host_info.module_count = len(modules)
    for i, (name, data) in enumerate(modules):
        bytes_memset(host_info.modules[i].name, 0, 48)
        bytes_memcpy(host_info.modules[i].name, <const char*>name, len(name))
        host_info.modules[i].address = <k_u64><const char*>data
        host_info.modules[i].size = len(data)
    error = bootfs_init(&host_info)
    return error if error else devices_init()

cdef list boot_module_data = []
