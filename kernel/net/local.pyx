# Names of Unix-domain sockets: see local.pxd.
from kernel.types cimport u32, u64
from kernel.files.errno cimport EADDRINUSE, ECONNREFUSED, EINVAL
from kernel.files.vfs cimport Vnode, vfs_find, vfs_make_socket, vnode_put
from kernel.memory.string cimport memcmp, memcpy, memset
from kernel.net.loopback cimport loopback_lock
from kernel.net.address cimport PATH_MOST, LocalName
from kernel.net.socket cimport Socket
from kernel.threads.sync cimport mutex_lock, mutex_unlock

cdef enum:
    EPROTOTYPE = 91
    AUTOMATIC_DIGITS = 5                 # of a name that the kernel chooses: NUL and hexadecimal digits

cdef Place* places
cdef u32 automatic                       # the last that was chosen


cdef public void local_init() noexcept nogil:
    global places, automatic
    places = NULL
    automatic = 0


cdef public int local_name(const char* bytes, int length, LocalName* into) noexcept nogil:
    cdef int i = 0
    if length < 1 or length > PATH_MOST:
        return -EINVAL
    memset(into, 0, sizeof(LocalName))
    while i < length and (bytes[0] == 0 or bytes[i]):
        into.bytes[i] = bytes[i]
        i += 1
    into.length = i
    return 0


cdef bint same(const LocalName* a, const LocalName* b) noexcept nogil:
    return a.length == b.length and memcmp(a.bytes, b.bytes, <u64>a.length) == 0


cdef public int local_find(const LocalName* name, const Vnode* node, u32 type, Socket** found) noexcept nogil:
    cdef Place* place = places
    while place != NULL:
        if node != NULL and place.node == node:
            if place.socket.type != type:
                return -EPROTOTYPE
            break
        # Each type has abstract names of its own.
        if node == NULL and place.node == NULL and place.socket.type == type and same(&place.name, name):
            break
        place = place.next
    if place == NULL:
        return -ECONNREFUSED
    found[0] = place.socket
    return 0


cdef void choose(LocalName* name, u32 type) noexcept nogil:
    global automatic
    cdef const char* digits = b"0123456789abcdef"
    cdef Socket* found
    cdef int i
    memset(name, 0, sizeof(LocalName))
    name.length = 1 + AUTOMATIC_DIGITS
    while True:
        automatic = (automatic + 1) & 0xFFFFF
        for i in range(AUTOMATIC_DIGITS):
            name.bytes[1 + i] = digits[automatic >> <u32>(4 * (AUTOMATIC_DIGITS - 1 - i)) & 15]
        if local_find(name, NULL, type, &found) != 0:
            return


cdef int enter(Place* place, Socket* socket, const LocalName* name, Vnode* node) noexcept nogil:
    global places
    cdef Socket* found
    if place.name.length:
        return -EINVAL
    if node == NULL and name.length and local_find(name, NULL, socket.type, &found) == 0:
        return -EADDRINUSE
    place.name = name[0]
    if name.length == 0:
        choose(&place.name, socket.type)
    place.socket = socket
    place.node = node
    place.next = places
    places = place
    return 0


cdef public int local_bind(Place* place, Socket* socket, const LocalName* name) noexcept nogil:
    cdef Vnode* node = NULL
    cdef int error = 0
    if place.name.length:                # before a file is made
        return -EINVAL if name.length else 0
    if name.length and name.bytes[0]:
        error = vfs_make_socket(name.bytes, &node)
    if error:
        return error
    mutex_lock(loopback_lock())
    error = enter(place, socket, name, node)
    mutex_unlock(loopback_lock())
    if error and node != NULL:
        vnode_put(node)
    return error


cdef public int local_node(const LocalName* name, Vnode** node) noexcept nogil:
    node[0] = NULL
    return vfs_find(name.bytes, True, node) if name.bytes[0] else 0


cdef public Vnode* local_leave(Place* place) noexcept nogil:
    cdef Place** at = &places
    cdef Vnode* node = place.node
    while at[0] != NULL and at[0] != place:
        at = &at[0].next
    if at[0] != NULL:
        at[0] = place.next
    place.node = NULL
    return node
