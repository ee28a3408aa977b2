# What the native methods of java.net and sun.nio.ch share: addresses between Java and the kernel, errors.
#
# Interface: makers give NULL with an exception thrown.
from kernel.types cimport i32, i64, u64
from kernel.net.address cimport SocketAddress
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread

# The java.net.InetAddress of an address; `host` is its name or NULL.
cdef extern Object* inet_address_new(JavaThread* t, const SocketAddress* address, Object* host) noexcept nogil
# The other way.  `ipv6`: for an IPv6 socket, where the IPv4 wildcard is the IPv6 one.
cdef extern void inet_address_read(Object* inet_address, i32 port, bint ipv6, SocketAddress* into) noexcept nogil
# An address in network order of 4 or 16 bytes (byte[]).
cdef extern void inet_bytes_read(Object* array, SocketAddress* into) noexcept nogil
# Throws what sun.nio.ch.Net's methods throw for an errno (of either sign), or nothing for EINPROGRESS.
cdef extern void throw_socket_error(JavaThread* t, i64 error) noexcept nogil
# Milliseconds as the classes give them (negative: for ever) as a deadline of vfs_poll.
cdef extern u64 poll_deadline(i64 milliseconds) noexcept nogil
