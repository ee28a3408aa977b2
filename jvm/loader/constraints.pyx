# See constraints.pxd.
from kernel.types cimport u8, u32
from kernel.diagnostics.format cimport text_char
from kernel.memory.heap cimport kcalloc, kfree
from kernel.memory.string cimport memcmp
from kernel.threads.cpu cimport events_mask, events_unmask
from jvm.loader.classes cimport (
    ACC_ABSTRACT, ACC_INTERFACE, ACC_PRIVATE, ACC_PUBLIC, ACC_STATIC, Class, Field, JavaThread, LoaderData,
    METHOD_POLYMORPHIC, Method, Symbol)
from jvm.loader.dictionary cimport dictionary_find
from jvm.loader.loader cimport class_find_declared
from jvm.loader.messages cimport (
    LoaderText, loader_throw, message_add, message_class, message_init, message_loader, message_method,
    message_module_parent, message_symbol, message_throw)
from jvm.loader.symbols cimport symbol_intern
from jvm.loader.tables cimport interface_method_find
from jvm.loader.unloading cimport loader_data_stays

cdef enum:
    BUCKETS = 256
    FIRST_LOADERS = 4

cdef struct Constraint:
    Symbol* name
    Class* klass                         # the one they agree on, once some loader of them knows it
    LoaderData** loaders
    u32 count
    u32 capacity
    Constraint* next

cdef Constraint* buckets[BUCKETS]

cdef public void constraints_forget() noexcept nogil:
    cdef u32 index
    for index in range(BUCKETS):
        buckets[index] = NULL

# --- the table ---------------------------------------------------------------------------------------
cdef Constraint* find(Symbol* name, LoaderData* data) noexcept nogil:
    cdef Constraint* c = buckets[name.hash % BUCKETS]
    cdef u32 index
    while c != NULL:
        if c.name == name:
            for index in range(c.count):
                if c.loaders[index] == data:
                    return c
        c = c.next
    return NULL

cdef bint join(Constraint* c, LoaderData* data) noexcept nogil:
    cdef LoaderData** larger
    cdef u32 index
    if c.count == c.capacity:
        larger = <LoaderData**>kcalloc(c.capacity * 2 if c.capacity != 0 else FIRST_LOADERS, sizeof(LoaderData*))
        if larger == NULL:
            return False
        for index in range(c.count):
            larger[index] = c.loaders[index]
        kfree(c.loaders)
        c.loaders = larger
        c.capacity = c.capacity * 2 if c.capacity != 0 else FIRST_LOADERS
    c.loaders[c.count] = data
    c.count += 1
    return True

cdef bint swallow(Constraint* c, Constraint* other) noexcept nogil:
    """The loaders of `other` join, and it goes."""
    cdef Constraint** place = &buckets[c.name.hash % BUCKETS]
    cdef u32 index
    for index in range(other.count):
        if not join(c, other.loaders[index]):
            return False
    while place[0] != other:
        place = &place[0].next
    place[0] = other.next
    kfree(other.loaders)
    kfree(other)
    return True

cdef Constraint* create(Symbol* name) noexcept nogil:
    cdef Constraint* c = <Constraint*>kcalloc(1, sizeof(Constraint))
    if c != NULL:
        c.name = name
        c.next = buckets[name.hash % BUCKETS]
        buckets[name.hash % BUCKETS] = c
    return c

cdef bint purge(Constraint* c) noexcept nogil:
    """False: nobody is left who could differ.  A class that goes, no loader that stays has found."""
    cdef u32 index
    cdef u32 kept = 0
    if c.klass != NULL and not loader_data_stays(c.klass.owner):
        c.klass = NULL
    for index in range(c.count):
        if loader_data_stays(c.loaders[index]):
            c.loaders[kept] = c.loaders[index]
            kept += 1
    c.count = kept
    return kept > 1

cdef public void constraints_purge() noexcept nogil:
    cdef u32 index
    cdef Constraint** place
    cdef Constraint* c
    for index in range(BUCKETS):
        place = &buckets[index]
        while place[0] != NULL:
            c = place[0]
            if purge(c):
                place = &c.next
            else:
                place[0] = c.next
                kfree(c.loaders)
                kfree(c)

cdef int agree(LoaderData* a, LoaderData* b, Symbol* name) noexcept nogil:
    """name means one class to both: 1, 0 if it cannot, -1 for no memory."""
    cdef Class* x = dictionary_find(a, name)
    cdef Class* y = dictionary_find(b, name)
    cdef Constraint* c
    cdef Constraint* d
    if x != NULL and y != NULL:
        return x == y
    c = find(name, a)
    d = find(name, b)
    if x == NULL:
        x = y
    if c != NULL and c.klass != NULL:
        if x != NULL and x != c.klass:
            return 0
        x = c.klass
    if d != NULL and d.klass != NULL:
        if x != NULL and x != d.klass:
            return 0
        x = d.klass
    if c == NULL and d == NULL:
        c = create(name)
        if c == NULL or not join(c, a) or not join(c, b):
            return -1
    elif c == NULL:
        c = d
        if not join(c, a):
            return -1
    elif d == NULL:
        if not join(c, b):
            return -1
    elif c != d and not swallow(c, d):
        return -1
    c.klass = x
    return 1

cdef public int constraint_admit(LoaderData* data, Class* klass) noexcept nogil:
    cdef Constraint* c = find(klass.name, data)
    if c == NULL:
        return 1
    if c.klass != NULL and c.klass != klass:
        return 0
    c.klass = klass
    return 1

cdef public int constraint_violated(JavaThread* t, LoaderData* data, Class* klass) noexcept nogil:
    cdef LoaderText m
    cdef Constraint* c = find(klass.name, data)
    message_init(&m, b"loader constraint violation: loader ")
    message_loader(&m, data)
    message_add(&m, b" wants to load ")
    add_kind(&m, klass)
    message_add(&m, b" ")
    message_class(&m, klass)
    message_add(&m, b".")
    if c != NULL and c.klass != NULL and c.klass.loader != data:
        message_add(&m, b" A different ")
        add_kind(&m, c.klass)
        message_add(&m, b" with the same name was previously loaded by ")
        message_loader(&m, c.klass.loader)
        message_add(&m, b".")
        klass = c.klass
    message_add(&m, b" (")
    message_module_parent(&m, klass)
    message_add(&m, b")")
    return message_throw(t, b"java/lang/LinkageError", &m)

# --- descriptors -------------------------------------------------------------------------------------
cdef void add_kind(LoaderText* m, Class* klass) noexcept nogil:
    message_add(m, b"interface" if klass.access_flags & ACC_INTERFACE
                else b"abstract class" if klass.access_flags & ACC_ABSTRACT else b"class")

cdef bint is_foreign(const u8* text, u32 length) noexcept nogil:
    """A class's name that loaders may differ about."""
    return length < 5 or memcmp(text, b"java/", 5) != 0

cdef Symbol* whole_type(Symbol* descriptor, u32 start, u32 end) noexcept nogil:
    """Of a class name in a descriptor: the name, or the array type that it is part of."""
    start -= 1
    if start == 0 or descriptor.text[start - 1] != c'[':
        return symbol_intern(descriptor.text + start + 1, end - start - 1)
    while start > 0 and descriptor.text[start - 1] == c'[':
        start -= 1
    return symbol_intern(descriptor.text + start, end + 1 - start)

cdef void add_external(LoaderText* m, Symbol* name) noexcept nogil:
    """With dots; an array type stays a descriptor."""
    cdef u32 index
    for index in range(name.length):
        text_char(&m.text, <char>(c'.' if name.text[index] == c'/' else name.text[index]))

cdef u32 next_name(Symbol* descriptor, u32 at, u32* start) noexcept nogil:
    """The next foreign class name from there: its end, and where it starts; 0: there is none."""
    cdef u32 end
    while at < descriptor.length:
        if descriptor.text[at] != c'L':
            at += 1
            continue
        end = at + 1
        while end < descriptor.length and descriptor.text[end] != c';':
            end += 1
        if is_foreign(descriptor.text + at + 1, end - at - 1):
            start[0] = at + 1
            return end
        at = end + 1
    return 0

cdef int agree_on_all(JavaThread* t, LoaderData* a, LoaderData* b, Symbol* descriptor, Symbol** culprit) noexcept nogil:
    """Of every name in a descriptor: 1, 0 with the first that they cannot agree on, -1 thrown."""
    cdef u32 at = 0
    cdef u32 start
    cdef Symbol* name
    cdef int result
    if a == b:
        return 1
    while True:
        at = next_name(descriptor, at, &start)
        if at == 0:
            return 1
        name = symbol_intern(descriptor.text + start, at - start)
        result = -1
        if name != NULL:
            events_mask()
            result = agree(a, b, name)
            events_unmask()
        if result < 0:
            return loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
        if result == 0:
            culprit[0] = whole_type(descriptor, start, at)
            return 0 if culprit[0] != NULL else loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")

# --- resolution --------------------------------------------------------------------------------------
cdef int differ(JavaThread* t, LoaderText* m, Symbol* culprit, bint signature, Class* one, Class* other) noexcept nogil:
    message_add(m, b" have different Class objects for the type " if signature else b" have different Class objects for type ")
    add_external(m, culprit)
    message_add(m, b" used in the signature (" if signature else b" (")
    message_module_parent(m, one)
    message_add(m, b"; ")
    message_module_parent(m, other)
    message_add(m, b")")
    return message_throw(t, b"java/lang/LinkageError", m)

cdef public int constrain_method(JavaThread* t, Class* caller, Method* method, bint interface) noexcept nogil:
    cdef Symbol* culprit
    cdef LoaderText m
    cdef int result
    if caller.loader == method.holder.loader or method.flags & METHOD_POLYMORPHIC:
        return 0
    result = agree_on_all(t, caller.loader, method.holder.loader, method.descriptor, &culprit)
    if result != 0:
        return -1 if result < 0 else 0
    message_init(&m, b"loader constraint violation: when resolving ")
    message_add(&m, b"interface method " if interface else b"method ")
    message_method(&m, method.holder.name, method.name, method.descriptor)
    message_add(&m, b" the class loader ")
    message_loader(&m, caller.loader)
    message_add(&m, b" of the current class, ")
    message_class(&m, caller)
    message_add(&m, b", and the class loader ")
    message_loader(&m, method.holder.loader)
    message_add(&m, b" for the method's defining class, ")
    message_class(&m, method.holder)
    message_add(&m, b",")
    return differ(t, &m, culprit, True, caller, method.holder)

cdef public int constrain_field(JavaThread* t, Class* caller, Field* field) noexcept nogil:
    cdef Symbol* culprit
    cdef LoaderText m
    cdef int result
    if caller.loader == field.holder.loader:
        return 0
    result = agree_on_all(t, caller.loader, field.holder.loader, field.descriptor, &culprit)
    if result != 0:
        return -1 if result < 0 else 0
    message_init(&m, b"loader constraint violation: when resolving field \"")
    message_symbol(&m, field.name)
    message_add(&m, b"\" of type ")
    add_external(&m, culprit)
    message_add(&m, b", the class loader ")
    message_loader(&m, caller.loader)
    message_add(&m, b" of the current class, ")
    message_class(&m, caller)
    message_add(&m, b", and the class loader ")
    message_loader(&m, field.holder.loader)
    message_add(&m, b" for the field's defining ")
    add_kind(&m, field.holder)
    message_add(&m, b", ")
    message_class(&m, field.holder)
    message_add(&m, b",")
    return differ(t, &m, culprit, False, caller, field.holder)

# --- virtual and interface method tables (§5.4.5: the overriding method and the overridden one) -------
cdef int constrain_overrides(JavaThread* t, Class* klass) noexcept nogil:
    cdef Class* above = klass.super_class
    cdef Method* mine
    cdef Method* inherited
    cdef Symbol* culprit
    cdef LoaderText m
    cdef u32 slot
    cdef int result
    for slot in range(above.vtable_length):
        mine = klass.vtable[slot]
        inherited = above.vtable[slot]
        if mine.holder != klass or inherited.holder.loader == klass.loader:
            continue
        result = agree_on_all(t, klass.loader, inherited.holder.loader, mine.descriptor, &culprit)
        if result < 0:
            return -1
        if result > 0:
            continue
        message_init(&m, b"loader constraint violation for class ")
        message_class(&m, klass)
        message_add(&m, b": when selecting overriding method ")
        message_method(&m, mine.holder.name, mine.name, mine.descriptor)
        message_add(&m, b" the class loader ")
        message_loader(&m, klass.loader)
        message_add(&m, b" of the selected method's type ")
        message_class(&m, klass)
        message_add(&m, b", and the class loader ")
        message_loader(&m, inherited.holder.loader)
        message_add(&m, b" for its super type ")
        message_class(&m, inherited.holder)
        return differ(t, &m, culprit, True, klass, inherited.holder)
    return 0

cdef Method* implementation(Class* klass, Method* method) noexcept nogil:
    """What an object of the class runs for an interface's method; NULL: nothing that could."""
    cdef Class* each = klass
    cdef Method* found
    cdef Method* conflict
    while each != NULL:
        found = class_find_declared(each, method.name, method.descriptor)
        if found != NULL and not found.access_flags & (ACC_STATIC | ACC_PRIVATE):
            break
        found = NULL
        each = each.super_class
    if found == NULL:
        found = interface_method_find(klass, method.name, method.descriptor, &conflict)
    if found == NULL or not found.access_flags & ACC_PUBLIC or found.access_flags & ACC_ABSTRACT:
        return NULL
    return found

cdef int constrain_interface(JavaThread* t, Class* klass, Class* interface) noexcept nogil:
    cdef Method* method
    cdef Method* target
    cdef Symbol* culprit
    cdef LoaderText m
    cdef u32 index, start
    cdef int result
    for index in range(interface.method_count):
        method = &interface.methods[index]
        if method.itable_index < 0 or next_name(method.descriptor, 0, &start) == 0:
            continue
        target = implementation(klass, method)
        if target == NULL or target.holder.loader == interface.loader:
            continue
        result = agree_on_all(t, target.holder.loader, interface.loader, method.descriptor, &culprit)
        if result < 0:
            return -1
        if result > 0:
            continue
        message_init(&m, b"loader constraint violation in interface itable initialization for class ")
        message_class(&m, klass)
        message_add(&m, b": when selecting method ")
        message_method(&m, interface.name, method.name, method.descriptor)
        message_add(&m, b" the class loader ")
        message_loader(&m, interface.loader)
        message_add(&m, b" for super interface ")
        message_class(&m, interface)
        message_add(&m, b", and the class loader ")
        message_loader(&m, target.holder.loader)
        message_add(&m, b" of the selected method's ")
        add_kind(&m, target.holder)
        message_add(&m, b", ")
        message_class(&m, target.holder)
        return differ(t, &m, culprit, True, interface, target.holder)
    return 0

cdef public int constrain_tables(JavaThread* t, Class* klass) noexcept nogil:
    cdef u32 index
    if klass.super_class == NULL or klass.access_flags & ACC_INTERFACE:
        return 0
    if constrain_overrides(t, klass) != 0:
        return -1
    for index in range(klass.all_interface_count):
        if (klass.all_interfaces[index].loader != klass.loader or klass.super_class.loader != klass.loader) \
                and constrain_interface(t, klass, klass.all_interfaces[index]) != 0:
            return -1
    return 0
