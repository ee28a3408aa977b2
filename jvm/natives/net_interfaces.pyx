# java.net.NetworkInterface: the loopback interface, with what Linux says of it.
from kernel.types cimport u8, u16, u32, i32
from kernel.memory.string cimport memset, strcmp
from kernel.net.address cimport *
from jvm.heap.object cimport Object, array_set, ref_load, ref_store
from jvm.loader.classes cimport Class, JavaThread, Method, Slot
from jvm.natives.net_support cimport inet_address_new, inet_address_read
from jvm.natives.support cimport (array_new_named, field_set_byte, field_set_int, known_field, known_method, object_construct, text_of,
                                  text_release)
from jvm.runtime.strings cimport string_from

cdef enum:
    LOOPBACK_INDEX = 1
    LOOPBACK_MTU = 65536
    PREFIX_IPV4 = 8
    PREFIX_IPV6 = 128

cdef u32 interface_name, interface_display, interface_index, interface_addresses, interface_bindings, interface_children
cdef u32 binding_address, binding_mask, address_holder6, holder6_interface, holder6_has_interface
cdef Method* interface_new
cdef Method* binding_new
cdef Class* address_array
cdef Class* binding_array
cdef Class* interface_array


cdef void set_reference(Object* o, u32* cache, const char* klass, const char* name, const char* descriptor, Object* value) noexcept nogil:
    ref_store(o, known_field(cache, klass, name, descriptor), value)


# ::1 knows its interface, so that it prints as 0:0:0:0:0:0:0:1%lo.
cdef Object* loopback_ipv6(JavaThread* t, Object* interface) noexcept nogil:
    cdef SocketAddress address
    cdef Object* made
    cdef Object* holder
    memset(&address, 0, sizeof(address))
    address_set_ipv6_loopback(&address)
    address.scope = LOOPBACK_INDEX
    made = inet_address_new(t, &address, NULL)
    if made != NULL:
        holder = ref_load(made, known_field(&address_holder6, b"java/net/Inet6Address", b"holder6",
                                            b"Ljava/net/Inet6Address$Inet6AddressHolder;"))
        set_reference(holder, &holder6_interface, b"java/net/Inet6Address$Inet6AddressHolder", b"scope_ifname",
                      b"Ljava/net/NetworkInterface;", interface)
        field_set_byte(holder, known_field(&holder6_has_interface, b"java/net/Inet6Address$Inet6AddressHolder", b"scope_ifname_set",
                                           b"Z"), 1)
    return made


cdef Object* loopback_ipv4(JavaThread* t) noexcept nogil:
    cdef SocketAddress address
    memset(&address, 0, sizeof(address))
    address_set_ipv4(&address, 127, 0, 0, 1)
    return inet_address_new(t, &address, NULL)


cdef Object* binding(JavaThread* t, Object* address, int prefix) noexcept nogil:
    cdef Object* made = object_construct(t, known_method(&binding_new, b"java/net/InterfaceAddress", b"<init>", b"()V"), NULL, 0)
    if made != NULL:
        set_reference(made, &binding_address, b"java/net/InterfaceAddress", b"address", b"Ljava/net/InetAddress;", address)
        (<u16*>(<u8*>made + known_field(&binding_mask, b"java/net/InterfaceAddress", b"maskLength", b"S")))[0] = <u16>prefix
    return made


# A NetworkInterface for lo; NULL: thrown.
cdef Object* loopback(JavaThread* t) noexcept nogil:
    cdef Object* made = object_construct(t, known_method(&interface_new, b"java/net/NetworkInterface", b"<init>", b"()V"), NULL, 0)
    cdef Object* name = string_from(t, b"lo") if made != NULL else NULL
    cdef Object* addresses = array_new_named(t, &address_array, b"[Ljava/net/InetAddress;", 2) if name != NULL else NULL
    cdef Object* bindings = array_new_named(t, &binding_array, b"[Ljava/net/InterfaceAddress;", 2) if addresses != NULL else NULL
    cdef Object* children = array_new_named(t, &interface_array, b"[Ljava/net/NetworkInterface;", 0) if bindings != NULL else NULL
    cdef Object* ipv6 = loopback_ipv6(t, made) if children != NULL else NULL
    cdef Object* ipv4 = loopback_ipv4(t) if ipv6 != NULL else NULL
    cdef Object* binding6 = binding(t, ipv6, PREFIX_IPV6) if ipv4 != NULL else NULL
    cdef Object* binding4 = binding(t, ipv4, PREFIX_IPV4) if binding6 != NULL else NULL
    if binding4 == NULL:
        return NULL
    array_set(addresses, 0, ipv6)
    array_set(addresses, 1, ipv4)
    array_set(bindings, 0, binding6)
    array_set(bindings, 1, binding4)
    set_reference(made, &interface_name, b"java/net/NetworkInterface", b"name", b"Ljava/lang/String;", name)
    set_reference(made, &interface_display, b"java/net/NetworkInterface", b"displayName", b"Ljava/lang/String;", name)
    set_reference(made, &interface_addresses, b"java/net/NetworkInterface", b"addrs", b"[Ljava/net/InetAddress;", addresses)
    set_reference(made, &interface_bindings, b"java/net/NetworkInterface", b"bindings", b"[Ljava/net/InterfaceAddress;", bindings)
    set_reference(made, &interface_children, b"java/net/NetworkInterface", b"childs", b"[Ljava/net/NetworkInterface;", children)
    field_set_int(made, known_field(&interface_index, b"java/net/NetworkInterface", b"index", b"I"), LOOPBACK_INDEX)
    return made


cdef public void native_interface_all(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* lo = loopback(t)
    cdef Object* array = array_new_named(t, &interface_array, b"[Ljava/net/NetworkInterface;", 1) if lo != NULL else NULL
    if array != NULL:
        array_set(array, 0, lo)
    result.a = array


cdef public void native_interface_by_name(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[64]
    cdef char* text = text_of(t, args[0].a, buffer, sizeof(buffer))
    result.a = NULL
    if text != NULL:
        if strcmp(text, b"lo") == 0:
            result.a = loopback(t)
        text_release(text, buffer)


cdef public void native_interface_by_index(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = loopback(t) if args[0].i == LOOPBACK_INDEX else NULL


# Does the interface have this very address?
cdef bint has_address(Object* inet_address) noexcept nogil:
    cdef SocketAddress address, known
    inet_address_read(inet_address, 0, 0, &address)
    if address_is_mapped(&address):
        address_set_ipv4(&known, 127, 0, 0, 1)
    else:
        address_set_ipv6_loopback(&known)
    return address_same_host(&address, &known)


cdef public void native_interface_by_address(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = loopback(t) if has_address(args[0].a) else NULL


cdef public void native_interface_bound(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = has_address(args[0].a)


cdef public void native_interface_mtu(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = LOOPBACK_MTU


cdef public void native_interface_no_mac(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = NULL
