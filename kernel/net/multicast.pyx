# See multicast.pxd.
from kernel.types cimport u8
from kernel.files.errno cimport EADDRINUSE, EADDRNOTAVAIL, EINVAL, ENOMEM
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memcmp, memcpy
from kernel.net.address cimport SocketAddress, address_is_multicast

cdef Membership** find(Membership** list, const SocketAddress* group) noexcept nogil:
    while list[0] != NULL and memcmp(list[0].bytes, group.bytes, 16) != 0:
        list = &list[0].next
    return list


cdef Source** find_source(Membership* member, const SocketAddress* source) noexcept nogil:
    cdef Source** at = &member.sources
    while at[0] != NULL and memcmp(at[0].bytes, source.bytes, 16) != 0:
        at = &at[0].next
    return at


cdef int add_source(Membership* member, const SocketAddress* source) noexcept nogil:
    cdef Source* made
    if find_source(member, source)[0] != NULL:
        return -EADDRNOTAVAIL
    made = <Source*>kcalloc(1, sizeof(Source))
    if made == NULL:
        return -ENOMEM
    memcpy(made.bytes, source.bytes, 16)
    made.next = member.sources
    member.sources = made
    return 0


cdef int remove_source(Membership* member, const SocketAddress* source) noexcept nogil:
    cdef Source** at = find_source(member, source)
    cdef Source* gone = at[0]
    if gone == NULL:
        return -EADDRNOTAVAIL
    at[0] = gone.next
    kfree(gone)
    return 0


cdef void leave(Membership** at) noexcept nogil:
    cdef Membership* member = at[0]
    cdef Source* source
    at[0] = member.next
    while member.sources != NULL:
        source = member.sources
        member.sources = source.next
        kfree(source)
    kfree(member)


cdef int join(Membership** at, const SocketAddress* group, const SocketAddress* source) noexcept nogil:
    cdef Membership* member = at[0]
    cdef int error
    if member != NULL:
        if source == NULL:
            return -EADDRINUSE
        return add_source(member, source) if member.only else -EINVAL
    member = <Membership*>kcalloc(1, sizeof(Membership))
    if member == NULL:
        return -ENOMEM
    memcpy(member.bytes, group.bytes, 16)
    member.only = source != NULL
    at[0] = member
    if source == NULL:
        return 0
    error = add_source(member, source)
    if error:
        leave(at)
    return error


cdef int drop(Membership** at, const SocketAddress* source) noexcept nogil:
    cdef int error
    if at[0] == NULL:
        return -EADDRNOTAVAIL
    if source == NULL:
        leave(at)
        return 0
    if not at[0].only:
        return -EINVAL
    error = remove_source(at[0], source)
    if error == 0 and at[0].sources == NULL:
        leave(at)
    return error


cdef public int membership_change(Membership** list, int how, const SocketAddress* group, const SocketAddress* source) noexcept nogil:
    cdef Membership** at = find(list, group)
    if not address_is_multicast(group):
        return -EINVAL
    if how == MEMBERSHIP_JOIN:
        return join(at, group, source)
    if how == MEMBERSHIP_DROP:
        return drop(at, source)
    if at[0] == NULL or at[0].only or source == NULL:
        return -EINVAL
    return add_source(at[0], source) if how == MEMBERSHIP_BLOCK else remove_source(at[0], source)


cdef public bint membership_accepts(Membership* list, const SocketAddress* group, const SocketAddress* sender) noexcept nogil:
    cdef Membership* member = find(&list, group)[0]
    return member != NULL and (find_source(member, sender)[0] != NULL) == member.only


cdef public void membership_leave_all(Membership** list) noexcept nogil:
    while list[0] != NULL:
        leave(list)
