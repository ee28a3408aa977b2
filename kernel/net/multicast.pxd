# Membership of datagram sockets in multicast groups (RFC 1112, RFC 4291 §2.7), with lists of sources (RFC 3678).
#
# There is one interface, so a group is its address.  Interface: all of it with loopback_lock held.
from kernel.types cimport u8
from kernel.net.address cimport SocketAddress

cdef enum MembershipChange:
    MEMBERSHIP_JOIN = 0
    MEMBERSHIP_DROP = 1
    MEMBERSHIP_BLOCK = 2                 # what one source sends to a group that is joined for all
    MEMBERSHIP_UNBLOCK = 3

cdef struct Source:
    Source* next
    u8 bytes[16]

cdef struct Membership:
    Membership* next
    u8 bytes[16]
    bint only                            # joined for the sources in the list; else for all but those
    Source* sources

# `source` NULL: any.  Errnos of Linux's setsockopt: EINVAL (no group; joined otherwise), EADDRINUSE, EADDRNOTAVAIL, ENOMEM.
cdef extern int membership_change(Membership** list, int how, const SocketAddress* group, const SocketAddress* source) noexcept nogil
# Does a socket with these memberships get what `sender` sends to the group?
cdef extern bint membership_accepts(Membership* list, const SocketAddress* group, const SocketAddress* sender) noexcept nogil
cdef extern void membership_leave_all(Membership** list) noexcept nogil
