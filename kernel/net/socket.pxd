# Sockets behind descriptors.
#
# A Socket is a vnode with a table of operations of its protocol (as VnodeOperations are those of a file
# system): socket.pyx checks the calls and keeps addresses and options, the protocol does the work.  The
# protocols there are now never leave the machine: loopback streams (stream.pyx) and datagrams
# (datagram.pyx); a stack over a network device registers in their place.
#
# Invariant: a Socket starts with one reference, its maker's; `destroy` runs when the last is gone, and
# closes it.  Blocked calls hold a reference, so it never runs under them.
# Interface: counts or negative errnos of Linux's socket calls; a call that blocks does so unless
# VFS_O_NONBLOCK is among `flags`, which the descriptor's own flags are added to.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.files.vfs cimport Vnode
from kernel.net.address cimport LocalName, SocketAddress

cdef enum:
    SOCKET_STREAM = 1                    # SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET
    SOCKET_DATAGRAM = 2
    SOCKET_RECORDS = 5                   # of NET_UNIX only
    SHUTDOWN_READ = 0                    # SHUT_RD …
    SHUTDOWN_WRITE = 1
    SHUTDOWN_BOTH = 2
    SOCKET_PEEK = 0x40000000              # beside VFS_O_NONBLOCK in `flags`: leave what is received

# Options, by the names of the protocol levels' tables in socket.pyx.
cdef enum:
    OPTION_REUSE_ADDRESS = 0
    OPTION_REUSE_PORT
    OPTION_KEEP_ALIVE
    OPTION_LINGER                        # seconds, -1: off
    OPTION_RECEIVE_BUFFER
    OPTION_SEND_BUFFER
    OPTION_BROADCAST
    OPTION_OOB_INLINE
    OPTION_NO_DELAY
    OPTION_TYPE_OF_SERVICE
    OPTION_TIME_TO_LIVE
    OPTION_MULTICAST_INTERFACE
    OPTION_MULTICAST_LOOP
    OPTION_MULTICAST_HOPS
    OPTION_ONLY_IPV6
    OPTION_KEEP_IDLE                     # these six are kept, and mean nothing on loopback
    OPTION_KEEP_INTERVAL
    OPTION_KEEP_PROBES
    OPTION_QUICK_ACK
    OPTION_NAPI_ID
    OPTION_DO_NOT_FRAGMENT
    OPTION_RECEIVE_TIMEOUT               # ms, 0: none; kept for whoever waits (cabi/calls/sockets.pyx)
    OPTION_SEND_TIMEOUT
    OPTION_COUNT

cdef struct Socket:
    Vnode node
    const SocketOperations* operations
    u32 family
    u32 type
    SocketAddress local                  # port 0: not bound
    SocketAddress peer                   # port 0: not connected; 1: a connected NET_UNIX
    i32 options[OPTION_COUNT]
    bint listening                       # keeps its port to itself
    Socket* bound_next                   # loopback.pyx

# All are given but where NULL is said to be allowed (a protocol without a notion of it gives EOPNOTSUPP); they do their own locking.
cdef struct SocketOperations:
    int (*bind)(Socket* socket, const SocketAddress* address) noexcept nogil
    int (*listen)(Socket* socket, int backlog) noexcept nogil
    int (*accept)(Socket* socket, Socket** made, u32 flags) noexcept nogil                # gives a reference
    int (*connect)(Socket* socket, const SocketAddress* address, u32 flags) noexcept nogil  # family NET_UNSPEC: disconnect
    i64 (*send)(Socket* socket, const void* data, u64 size, const SocketAddress* to, u32 flags) noexcept nogil      # to: or NULL
    i64 (*receive)(Socket* socket, void* into, u64 size, SocketAddress* sender, u32 flags) noexcept nogil           # sender: or NULL
    # Of family NET_UNIX; NULL: EINVAL.
    int (*bind_name)(Socket* socket, const LocalName* name) noexcept nogil                # empty: some abstract one
    int (*connect_name)(Socket* socket, const LocalName* name, u32 flags) noexcept nogil
    const LocalName* (*name)(Socket* socket, bint peer) noexcept nogil
    # Of its datagrams; NULL: EOPNOTSUPP.
    i64 (*send_name)(Socket* socket, const void* data, u64 size, const LocalName* to, u32 flags) noexcept nogil     # to: or NULL
    i64 (*receive_name)(Socket* socket, void* into, u64 size, LocalName* sender, u32 flags) noexcept nogil          # sender: or NULL
    void (*join)(Socket* one, Socket* other) noexcept nogil       # two new ones: connected, without paths
    int (*urgent)(Socket* socket, u8 byte, u32 flags) noexcept nogil                      # sends it: 1; NULL: EOPNOTSUPP
    int (*membership)(Socket* socket, int how, const SocketAddress* group, const SocketAddress* source) noexcept nogil  # NULL: EOPNOTSUPP
    int (*shutdown)(Socket* socket, int how) noexcept nogil
    int (*error)(Socket* socket) noexcept nogil            # takes the pending error: 0 or a positive errno
    u32 (*poll)(Socket* socket) noexcept nogil
    i64 (*available)(Socket* socket) noexcept nogil
    void (*changed)(Socket* socket, int option) noexcept nogil      # an option has a new value
    void (*retire)(Socket* socket) noexcept nogil
    void (*destroy)(Socket* socket) noexcept nogil

cdef extern int net_init() noexcept nogil
# Who makes sockets of a type: returns one that went through socket_setup, or NULL (no memory).
cdef extern void net_register(u32 type, Socket* (*make)(u32 family) noexcept nogil) noexcept nogil
# For protocols: fills a zeroed Socket.
cdef extern void socket_setup(Socket* socket, const SocketOperations* operations, u32 family, u32 type) noexcept nogil

cdef extern int socket_open(u32 family, u32 type, u32 flags) noexcept nogil      # a descriptor
cdef extern int socket_bind(int fd, const SocketAddress* address) noexcept nogil
cdef extern int socket_listen(int fd, int backlog) noexcept nogil
# A descriptor; a connection for which there is no descriptor is reset.
cdef extern int socket_accept(int fd, SocketAddress* peer, u32 flags) noexcept nogil
cdef extern int socket_connect(int fd, const SocketAddress* address) noexcept nogil
cdef extern i64 socket_send(int fd, const void* data, u64 size, const SocketAddress* to, u32 flags) noexcept nogil
cdef extern i64 socket_receive(int fd, void* into, u64 size, SocketAddress* sender, u32 flags) noexcept nogil
cdef extern int socket_send_urgent(int fd, u8 byte) noexcept nogil               # MSG_OOB: 1
# `how`: MembershipChange (multicast.pxd), with its errnos; `source` NULL: any.
cdef extern int socket_membership(int fd, int how, const SocketAddress* group, const SocketAddress* source) noexcept nogil
# Sockets of family NET_UNIX, by names as local_name (local.pxd) makes them.
cdef extern int socket_bind_name(int fd, const LocalName* name) noexcept nogil
cdef extern int socket_connect_name(int fd, const LocalName* name) noexcept nogil
cdef extern int socket_name(int fd, bint peer, LocalName* into) noexcept nogil
cdef extern i64 socket_send_name(int fd, const void* data, u64 size, const LocalName* to, u32 flags) noexcept nogil
cdef extern i64 socket_receive_name(int fd, void* into, u64 size, LocalName* sender, u32 flags) noexcept nogil
# Two descriptors; EOPNOTSUPP but for NET_UNIX.
cdef extern int socket_pair(u32 family, u32 type, u32 flags, i32* pair) noexcept nogil
cdef extern int socket_shutdown(int fd, int how) noexcept nogil
cdef extern int socket_local(int fd, SocketAddress* into) noexcept nogil
cdef extern int socket_peer(int fd, SocketAddress* into) noexcept nogil          # ENOTCONN
cdef extern int socket_error(int fd) noexcept nogil                              # takes it (SO_ERROR)
cdef extern int socket_family(int fd) noexcept nogil
cdef extern int socket_type(int fd) noexcept nogil
cdef extern int socket_listening(int fd) noexcept nogil
cdef extern int socket_timeout(int fd, int option, i32* value) noexcept nogil
cdef extern int socket_set_timeout(int fd, int option, i32 value) noexcept nogil
# Levels and names as in <sys/socket.h>, <netinet/in.h>, <netinet/tcp.h>; ENOPROTOOPT.
cdef extern int socket_get_option(int fd, int level, int name, i32* value) noexcept nogil
cdef extern int socket_set_option(int fd, int level, int name, i32 value) noexcept nogil
