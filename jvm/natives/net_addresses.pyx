# java.net.InetAddress and its parts: addresses between Java and the kernel, and the resolver.
#
# There is no resolver over a network: the names are those of kernel/net/names.pyx, and any other is unknown.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.files.errno cimport (EACCES, EADDRINUSE, EADDRNOTAVAIL, ECONNREFUSED, EHOSTUNREACH, EINPROGRESS, ENOTCONN, EPROTO, ETIMEDOUT)
from kernel.identity cimport identity_name
from kernel.memory.string cimport memcpy, memset
from kernel.net.address cimport *
from kernel.net.names cimport net_name_family
from kernel.time.clock cimport clock_monotonic
from jvm.heap.object cimport Object, array_data, array_length, array_set, ref_load
from jvm.loader.classes cimport Class, JavaThread, Method, Slot
from jvm.natives.support cimport (array_new_named, bytes_new, field_int, known_field, known_method, object_construct, text_of,
                                  text_release, throw_errno, throw_text)
from jvm.runtime.exceptions cimport throw_format, throw_named, throw_null_pointer
from jvm.runtime.strings cimport string_from

# java.net.InetAddress
cdef enum:
    JAVA_IPV4 = 1
    JAVA_IPV6 = 2

# java.net.spi.InetAddressResolver.LookupPolicy
cdef enum:
    LOOKUP_IPV4 = 1
    LOOKUP_IPV6 = 2

cdef u32 address_holder, holder_address, holder_family, address_holder6, holder6_bytes, holder6_scope
cdef Method* inet4_new
cdef Method* inet6_new
cdef Class* inet_address_array


# --- addresses ------------------------------------------------------------------------------------------

cdef public Object* inet_address_new(JavaThread* t, const SocketAddress* address, Object* host) noexcept nogil:
    cdef Slot arguments[3]
    arguments[0].a = host
    if address_is_mapped(address):
        arguments[1].i = <i32>(<u32>address.bytes[12] << 24 | <u32>address.bytes[13] << 16 | <u32>address.bytes[14] << 8 | address.bytes[15])
        return object_construct(t, known_method(&inet4_new, b"java/net/Inet4Address", b"<init>", b"(Ljava/lang/String;I)V"), arguments, 2)
    arguments[1].a = bytes_new(t, address.bytes, 16)
    if arguments[1].a == NULL:
        return NULL
    arguments[2].i = <i32>address.scope if address.scope else -1         # negative: none
    return object_construct(t, known_method(&inet6_new, b"java/net/Inet6Address", b"<init>", b"(Ljava/lang/String;[BI)V"), arguments, 3)


cdef public void inet_address_read(Object* inet_address, i32 port, bint ipv6, SocketAddress* into) noexcept nogil:
    cdef Object* holder = ref_load(inet_address, known_field(&address_holder, b"java/net/InetAddress", b"holder",
                                                             b"Ljava/net/InetAddress$InetAddressHolder;"))
    cdef u32 ipv4
    memset(into, 0, sizeof(SocketAddress))
    into.port = <u32>port & 0xFFFF
    if field_int(holder, known_field(&holder_family, b"java/net/InetAddress$InetAddressHolder", b"family", b"I")) == JAVA_IPV6:
        holder = ref_load(inet_address, known_field(&address_holder6, b"java/net/Inet6Address", b"holder6",
                                                    b"Ljava/net/Inet6Address$Inet6AddressHolder;"))
        memcpy(into.bytes, array_data(ref_load(holder, known_field(&holder6_bytes, b"java/net/Inet6Address$Inet6AddressHolder",
                                                                   b"ipaddress", b"[B"))), 16)
        into.scope = <u32>field_int(holder, known_field(&holder6_scope, b"java/net/Inet6Address$Inet6AddressHolder", b"scope_id", b"I"))
        into.family = NET_INET6
        return
    ipv4 = <u32>field_int(holder, known_field(&holder_address, b"java/net/InetAddress$InetAddressHolder", b"address", b"I"))
    into.family = NET_INET6 if ipv6 else NET_INET
    if ipv4 != 0 or not ipv6:
        address_set_ipv4(into, <u8>(ipv4 >> 24), <u8>(ipv4 >> 16), <u8>(ipv4 >> 8), <u8>ipv4)


cdef public void inet_bytes_read(Object* array, SocketAddress* into) noexcept nogil:
    cdef u8* bytes = array_data(array)
    memset(into, 0, sizeof(SocketAddress))
    if array_length(array) == 4:
        into.family = NET_INET
        address_set_ipv4(into, bytes[0], bytes[1], bytes[2], bytes[3])
    else:
        into.family = NET_INET6
        memcpy(into.bytes, bytes, 16)


# --- errors and times -----------------------------------------------------------------------------------

cdef public void throw_socket_error(JavaThread* t, i64 error) noexcept nogil:
    cdef const char* klass = b"java/net/SocketException"
    if error < 0:
        error = -error
    if error == EINPROGRESS:
        return
    if error == EPROTO:
        klass = b"java/net/ProtocolException"
    elif error == ECONNREFUSED or error == ETIMEDOUT or error == ENOTCONN:
        klass = b"java/net/ConnectException"
    elif error == EHOSTUNREACH:
        klass = b"java/net/NoRouteToHostException"
    elif error == EADDRINUSE or error == EADDRNOTAVAIL or error == EACCES:
        klass = b"java/net/BindException"
    throw_errno(t, klass, error)


cdef public u64 poll_deadline(i64 milliseconds) noexcept nogil:
    if milliseconds < 0:
        return 0
    if milliseconds == 0:
        return 1
    if milliseconds > <i64>1 << 42:      # a hundred years
        return 0
    return clock_monotonic() + <u64>milliseconds * 1000000


# --- java.net.Inet4AddressImpl, Inet6AddressImpl ----------------------------------------------------------

cdef public void native_inet_local_name(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = string_from(t, identity_name())


cdef Object* lookup(JavaThread* t, Object* name, i32 wanted) noexcept nogil:
    cdef char buffer[256]
    cdef char* text
    cdef SocketAddress address
    cdef Object* found
    cdef Object* array = NULL
    cdef int family
    if name == NULL:
        throw_named(t, b"java/lang/NullPointerException", b"host argument is null")
        return NULL
    text = text_of(t, name, buffer, sizeof(buffer))
    if text == NULL:
        return NULL
    family = net_name_family(text)
    if not ((LOOKUP_IPV4 if family == NET_INET else LOOKUP_IPV6 if family == NET_INET6 else 0) & wanted):
        throw_format(t, b"java/net/UnknownHostException", b"%s: Name or service not known", text)
    else:
        memset(&address, 0, sizeof(address))
        if family == NET_INET:
            address_set_ipv4(&address, 127, 0, 0, 1)
        else:
            address_set_ipv6_loopback(&address)
        array = array_new_named(t, &inet_address_array, b"[Ljava/net/InetAddress;", 1)
        found = inet_address_new(t, &address, name) if array != NULL else NULL
        if found != NULL:
            array_set(array, 0, found)
        else:
            array = NULL
    text_release(text, buffer)
    return array


# lookupAllHostAddr(String): IPv4 alone.
cdef public void native_inet4_lookup(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = lookup(t, args[1].a, LOOKUP_IPV4)


cdef public void native_inet6_lookup(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = lookup(t, args[1].a, args[2].i)


cdef public void native_inet_host_by_address(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress address
    inet_bytes_read(args[1].a, &address)
    result.a = NULL
    if address_is_loopback(&address):
        result.a = string_from(t, b"localhost")
    else:
        throw_named(t, b"java/net/UnknownHostException", NULL)


# isReachable0(byte[], …): this machine reaches itself.
cdef public void native_inet_reachable(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef SocketAddress address
    inet_bytes_read(args[1].a, &address)
    result.i = address_is_loopback(&address) or address_is_wildcard(&address)
