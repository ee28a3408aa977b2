# The names of addresses that the guest knows by itself: those of /etc/hosts, as programs read it that resolve names on their own.
#
# Interface: net_names_init once, after vfs_init.
cdef extern int net_names_init() noexcept nogil                         # makes /etc/hosts; a negative errno
cdef extern int net_name_family(const char* name) noexcept nogil       # of which loopback address it is a name: NET_INET, NET_INET6; else 0
