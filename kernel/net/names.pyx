# See names.pxd.  Invariant: the file and net_name_family say the same, for both come from net_name.
from kernel.types cimport u32, u64, i64
from kernel.files.vfs cimport VFS_O_CREAT, VFS_O_WRONLY, vfs_close, vfs_mkdir, vfs_open, vfs_write
from kernel.identity cimport identity_name
from kernel.memory.string cimport strcmp, strlen
from kernel.net.address cimport NET_INET, NET_INET6


# The n-th name and the family of its address; NULL behind the last.
cdef const char* net_name(u32 n, int* family) noexcept nogil:
    family[0] = NET_INET if n < 3 else NET_INET6
    if n == 0:
        return b"localhost"
    if n == 1:
        return b"localhost.localdomain"
    if n == 2:
        return identity_name()
    if n == 3:
        return b"ip6-localhost"
    if n == 4:
        return b"ip6-loopback"
    return NULL


cdef public int net_name_family(const char* name) noexcept nogil:
    cdef u32 n = 0
    cdef int family = 0
    cdef const char* known = net_name(n, &family)
    while known != NULL:
        if strcmp(name, known) == 0:
            return family
        n += 1
        known = net_name(n, &family)
    return 0


cdef int net_names_put(int file, const char* text) noexcept nogil:
    cdef u64 length = strlen(text)
    return 0 if vfs_write(file, text, length) == <i64>length else -1


cdef public int net_names_init() noexcept nogil:
    cdef u32 n = 0
    cdef int family = 0
    cdef int last = 0
    cdef int error = vfs_mkdir(b"/etc", 0o755)
    cdef int file
    cdef const char* known = net_name(n, &family)
    if error != 0:
        return error
    file = vfs_open(b"/etc/hosts", VFS_O_CREAT | VFS_O_WRONLY, 0o644)
    if file < 0:
        return file
    while known != NULL and error == 0:
        if family != last:
            error = net_names_put(file, b"127.0.0.1" if family == NET_INET else b"\n::1")
            last = family
        if error == 0:
            error = net_names_put(file, b" ")
        if error == 0:
            error = net_names_put(file, known)
        n += 1
        known = net_name(n, &family)
    if error == 0:
        error = net_names_put(file, b"\n")
    vfs_close(file)
    return error
