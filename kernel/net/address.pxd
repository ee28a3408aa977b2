# Socket addresses of IPv4 and IPv6 in one form.
#
# Invariant: `bytes` is an IPv6 address; an IPv4 one is mapped (RFC 4291 §2.5.5.2), also where the family
# is NET_INET.  `port` is in host order.
from kernel.types cimport i32, u8, u16, u32
from kernel.memory.string cimport memcmp, memset

cdef enum:
    NET_UNSPEC = 0                       # AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6
    NET_UNIX = 1                         # such sockets have a LocalName instead
    NET_INET = 2
    NET_INET6 = 10

cdef enum:
    PATH_MOST = 108                      # sun_path

# Where a Unix-domain socket is bound: a path, or after a NUL an abstract name; length 0: none.
cdef struct LocalName:
    i32 length
    char bytes[PATH_MOST + 1]            # a path ends with a NUL here

cdef struct SocketAddress:
    u8 bytes[16]
    u16 port
    u16 family
    u32 scope

cdef inline bint address_is_mapped(const SocketAddress* a) noexcept nogil:
    cdef int i
    for i in range(10):
        if a.bytes[i]:
            return False
    return a.bytes[10] == 0xFF and a.bytes[11] == 0xFF

cdef inline bint address_is_wildcard(const SocketAddress* a) noexcept nogil:
    cdef int i
    for i in range(12 if address_is_mapped(a) else 0, 16):
        if a.bytes[i]:
            return False
    return True

# 127.0.0.0/8 or ::1.
cdef inline bint address_is_loopback(const SocketAddress* a) noexcept nogil:
    cdef int i
    if address_is_mapped(a):
        return a.bytes[12] == 127
    for i in range(15):
        if a.bytes[i]:
            return False
    return a.bytes[15] == 1

# 224.0.0.0/4 or ff00::/8.
cdef inline bint address_is_multicast(const SocketAddress* a) noexcept nogil:
    return a.bytes[12] >> 4 == 14 if address_is_mapped(a) else a.bytes[0] == 0xFF

cdef inline bint address_same_host(const SocketAddress* a, const SocketAddress* b) noexcept nogil:
    return memcmp(a.bytes, b.bytes, 16) == 0

cdef inline void address_set_ipv4(SocketAddress* a, u8 b0, u8 b1, u8 b2, u8 b3) noexcept nogil:
    memset(a.bytes, 0, 16)
    a.bytes[10] = a.bytes[11] = 0xFF
    a.bytes[12] = b0
    a.bytes[13] = b1
    a.bytes[14] = b2
    a.bytes[15] = b3

cdef inline void address_set_ipv6_loopback(SocketAddress* a) noexcept nogil:
    memset(a.bytes, 0, 16)
    a.bytes[15] = 1
