# See tables.pxd.
from kernel.types cimport u16, u32, u64, i32
from kernel.memory.string cimport memcpy
from jvm.loader.classes cimport (
    ACC_ABSTRACT, ACC_FINAL, ACC_INTERFACE, ACC_PRIVATE, ACC_PROTECTED, ACC_PUBLIC, ACC_STATIC, Class, InterfaceTable,
    JavaThread, METHOD_CLASS_INITIALIZER, METHOD_INITIALIZER, Method, Symbol)
from jvm.loader.loader cimport class_find_declared
from jvm.loader.memory cimport loader_alloc
from jvm.loader.messages cimport (
    LoaderText, loader_throw, message_add, message_class, message_init, message_symbol, message_throw)
from jvm.loader.parser cimport ParsedClass

cdef public bint same_package(Class* a, Class* b) noexcept nogil:
    return a.package == b.package and a.loader == b.loader

cdef inline bint is_virtual(Method* method) noexcept nogil:
    """Whether others may override it: an instance method that is neither private nor an initializer."""
    return not method.access_flags & (ACC_STATIC | ACC_PRIVATE) and not method.flags & METHOD_INITIALIZER

cdef public u32 vtable_bound(ParsedClass* parsed, Class* super_class) noexcept nogil:
    cdef u32 bound = 0
    cdef u32 index
    if parsed.access_flags & ACC_INTERFACE:
        return 0
    if super_class != NULL:
        bound = super_class.vtable_length
    for index in range(parsed.method_count):
        if is_virtual(&parsed.methods[index]):
            bound += 1
    return bound

cdef bint overrides_slot(Class* klass, u32 slot) noexcept nogil:
    """JVMS §5.4.5, for a method of `klass` with the slot's name and descriptor: a method that held the
    slot in some superclass is public or protected, or in the same run-time package.  Whoever holds the
    slot overrides its earlier holders, so this is the rule's transitive part too."""
    cdef Class* holder = klass.super_class
    cdef Method* method
    while holder != NULL and slot < holder.vtable_length:
        method = holder.vtable[slot]
        if method.access_flags & (ACC_PUBLIC | ACC_PROTECTED) or same_package(method.holder, klass):
            return True
        holder = holder.super_class
    return False

cdef int final_overridden(JavaThread* t, Method* method, Method* inherited) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"class ")
    message_class(&m, method.holder)
    message_add(&m, b" overrides final method ")
    message_class(&m, inherited.holder)
    message_add(&m, b".")
    message_symbol(&m, method.name)
    message_symbol(&m, method.descriptor)
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef public int vtable_fill(JavaThread* t, Class* klass) noexcept nogil:
    cdef Class* super_class = klass.super_class
    cdef u32 inherited = 0
    cdef u32 length, slot, index
    cdef Method* method
    if klass.access_flags & ACC_INTERFACE:
        return 0
    if super_class != NULL:
        inherited = super_class.vtable_length
        memcpy(klass.vtable, super_class.vtable, sizeof(Method*) * inherited)
    length = inherited
    for index in range(klass.method_count):
        method = &klass.methods[index]
        if not is_virtual(method) or method.flags & METHOD_CLASS_INITIALIZER:
            continue
        for slot in range(inherited):
            if klass.vtable[slot].name != method.name or klass.vtable[slot].descriptor != method.descriptor:
                continue
            if not overrides_slot(klass, slot):
                continue
            if super_class.vtable[slot].access_flags & ACC_FINAL:
                return final_overridden(t, method, super_class.vtable[slot])
            klass.vtable[slot] = method
            if method.vtable_index < 0:
                method.vtable_index = <i32>slot
        # A package-private method gets a slot of its own even so: outside the package others may
        # override what it overrides, but not it.
        if method.vtable_index < 0 or not method.access_flags & (ACC_PUBLIC | ACC_PROTECTED):
            if length == 65535:
                return loader_throw(t, b"java/lang/LinkageError", b"Class has more than 65535 virtual methods")
            method.vtable_index = <i32>length
            klass.vtable[length] = method
            length += 1
    klass.vtable_length = <u16>length
    return 0

# --- interfaces --------------------------------------------------------------------------------------
cdef u32 add_interface(Class** list, u32 count, Class* interface) noexcept nogil:
    cdef u32 index
    for index in range(count):
        if list[index] == interface:
            return count
    list[count] = interface
    return count + 1

cdef int closure(Class* klass) noexcept nogil:
    """all_interfaces: the superclass's, then each direct one after its own superinterfaces."""
    cdef Class* super_class = klass.super_class
    cdef Class* interface
    cdef u32 bound = super_class.all_interface_count if super_class != NULL else 0
    cdef u32 count = 0
    cdef u32 i, j
    if klass.interface_count == 0:
        if super_class != NULL:          # nothing of its own: share the list
            klass.all_interfaces = super_class.all_interfaces
            klass.all_interface_count = super_class.all_interface_count
        return 0
    for i in range(klass.interface_count):
        bound += 1 + <u32>klass.interfaces[i].all_interface_count
    klass.all_interfaces = <Class**>loader_alloc(klass.owner, sizeof(Class*) * bound)
    if klass.all_interfaces == NULL:
        return -1
    if super_class != NULL:
        count = super_class.all_interface_count
        memcpy(klass.all_interfaces, super_class.all_interfaces, sizeof(Class*) * count)
    for i in range(klass.interface_count):
        interface = klass.interfaces[i]
        for j in range(interface.all_interface_count):
            count = add_interface(klass.all_interfaces, count, interface.all_interfaces[j])
        count = add_interface(klass.all_interfaces, count, interface)
    if count > 65535:
        return -2
    klass.all_interface_count = <u16>count
    return 0

cdef u32 interface_size(Class* interface) noexcept nogil:
    """How many of its methods are numbered.  itable_length of an interface says so."""
    return interface.itable_length

cdef void number_methods(Class* interface) noexcept nogil:
    cdef u32 index
    cdef u32 count = 0
    cdef Method* method
    for index in range(interface.method_count):
        method = &interface.methods[index]
        if is_virtual(method) and not method.flags & METHOD_CLASS_INITIALIZER:
            method.itable_index = <i32>count
            count += 1
    interface.itable_length = <u16>count

cdef public int itable_make(JavaThread* t, Class* klass) noexcept nogil:
    cdef u32 i
    cdef u64 size
    cdef Method** methods
    cdef int failure = closure(klass)
    if failure == -2:
        return loader_throw(t, b"java/lang/LinkageError", b"Class has more than 65535 superinterfaces")
    if failure != 0:
        return loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
    if klass.access_flags & ACC_INTERFACE:
        number_methods(klass)
        return 0
    if klass.access_flags & ACC_ABSTRACT or klass.all_interface_count == 0:
        return 0                         # no object has this very class, or no interface asks
    size = sizeof(InterfaceTable) * klass.all_interface_count
    for i in range(klass.all_interface_count):
        size += sizeof(Method*) * interface_size(klass.all_interfaces[i])
    klass.itable = <InterfaceTable*>loader_alloc(klass.owner, size)
    if klass.itable == NULL:
        return loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
    methods = <Method**>(klass.itable + klass.all_interface_count)
    for i in range(klass.all_interface_count):
        klass.itable[i].interface = klass.all_interfaces[i]
        klass.itable[i].methods = methods
        methods += interface_size(klass.all_interfaces[i])
    klass.itable_length = klass.all_interface_count
    return 0

# --- finding methods in superinterfaces --------------------------------------------------------------
cdef bint extends(Class* interface, Class* other) noexcept nogil:
    cdef u32 index
    for index in range(interface.all_interface_count):
        if interface.all_interfaces[index] == other:
            return True
    return False

cdef bint overridden_below(Class* klass, Class* interface, Symbol* name, Symbol* descriptor) noexcept nogil:
    """Whether another superinterface of `klass` that extends `interface` declares the method as well:
    then the one of `interface` is not maximally specific (JVMS §5.4.3.3)."""
    cdef u32 index
    cdef Class* other
    cdef Method* method
    for index in range(klass.all_interface_count):
        other = klass.all_interfaces[index]
        if other == interface or not extends(other, interface):
            continue
        method = class_find_declared(other, name, descriptor)
        if method != NULL and is_virtual(method):
            return True
    return False

cdef public Method* interface_method_find(Class* klass, Symbol* name, Symbol* descriptor, Method** conflict) noexcept nogil:
    cdef u32 index
    cdef Method* method
    cdef Method* abstract = NULL
    cdef Method* found = NULL
    conflict[0] = NULL
    for index in range(klass.all_interface_count):
        method = class_find_declared(klass.all_interfaces[index], name, descriptor)
        if method == NULL or not is_virtual(method):
            continue
        if method.access_flags & ACC_ABSTRACT and abstract != NULL:
            continue
        if overridden_below(klass, klass.all_interfaces[index], name, descriptor):
            continue
        if method.access_flags & ACC_ABSTRACT:
            abstract = method
        elif found == NULL:
            found = method
        elif conflict[0] == NULL:
            conflict[0] = method
    return found if found != NULL else abstract
