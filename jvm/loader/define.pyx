# See define.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.memory.string cimport memcpy
from kernel.threads.cpu cimport events_mask, events_unmask
from jvm.heap.object cimport Object, ref_store, window_base
from jvm.loader.access cimport CLASS_ACCESSIBLE, CLASS_NOT_PUBLIC, class_access, class_permits, same_module
from jvm.loader.classes cimport (
    ACC_ABSTRACT, ACC_FINAL, ACC_INTERFACE, ACC_PUBLIC, CLASS_CLONEABLE, CLASS_FINALIZABLE, CLASS_LOADED, Class, DISPLAY_DEPTH, JavaThread,
    LoaderData, METHOD_EMPTY, Method, RESOLVED_CLASS, Symbol, TYPE_REFERENCE)
from jvm.loader.constraints cimport constraint_admit, constraint_violated
from jvm.loader.dictionary cimport Loading, dictionary_add, dictionary_link, loading_begin, loading_end
from jvm.loader.layout cimport class_layout, layout_inject
from jvm.loader.loader cimport class_load, class_make_mirror, loader_boot
from jvm.loader.memory cimport loader_alloc
from jvm.loader.messages cimport (LoaderText, loader_throw, message_add, message_class, message_dots, message_init,
                                  message_loader, message_module, message_module_access,
                                  message_module_name, message_symbol, message_throw, message_where)
from jvm.loader.mirrors cimport mirrors_class_known, mirrors_base, mirrors_enabled
from jvm.loader.layout cimport layout_shift_statics
from jvm.loader.parser cimport PARSE_HIDDEN, ParsedClass, parse_class
from jvm.loader.symbols cimport symbol_intern
from jvm.loader.tables cimport itable_make, same_package, vtable_bound, vtable_fill
from jvm.loader.wellknown cimport off, sym

cdef enum:
    HIDDEN_SUFFIX = 24
from jvm.runtime.observe cimport observe_class_loaded

cdef Class* out_of_memory(JavaThread* t) noexcept nogil:
    loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
    return NULL

cdef int wrong_super(JavaThread* t, Class* klass, const char* text, Class* other) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"class ")
    message_class(&m, klass)
    message_add(&m, text)
    message_class(&m, other)
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef int no_access(JavaThread* t, Class* klass, int access, const char* what, const char* check,
                   Class* other) noexcept nogil:
    cdef LoaderText m
    if access != CLASS_NOT_PUBLIC:
        message_init(&m, check)
        message_add(&m, b" check failed: ")
        message_module_access(&m, access, klass, other)
        return message_throw(t, b"java/lang/IllegalAccessError", &m)
    message_init(&m, b"class ")
    message_class(&m, klass)
    message_add(&m, b" cannot access its ")
    message_add(&m, what)
    message_add(&m, b" ")
    message_class(&m, other)
    message_where(&m, klass, other)
    return message_throw(t, b"java/lang/IllegalAccessError", &m)

cdef int not_permitted(JavaThread* t, Class* klass, Class* other) noexcept nogil:
    """JVMS §5.3.5: `other` is sealed."""
    cdef LoaderText m
    if not same_module(klass, other):
        message_init(&m, b"Failed same module check: subclass ")
        message_class(&m, klass)
        message_add(&m, b" is in module '")
        message_module_name(&m, klass)
        message_add(&m, b"' with loader ")
        message_loader(&m, klass.loader)
        message_add(&m, b", and sealed class ")
        message_class(&m, other)
        message_add(&m, b" is in module '")
        message_module_name(&m, other)
        message_add(&m, b"' with loader ")
        message_loader(&m, other.loader)
    elif not klass.access_flags & ACC_PUBLIC and not same_package(klass, other):
        message_init(&m, b"Failed same package check: non-public subclass ")
        message_class(&m, klass)
        message_add(&m, b" is in package '")
        message_dots(&m, klass.package)
        message_add(&m, b"', and sealed class ")
        message_class(&m, other)
        message_add(&m, b" is in package '")
        message_dots(&m, other.package)
        message_add(&m, b"'")
    else:
        message_init(&m, b"Failed listed permitted subclass check: class ")
        message_class(&m, klass)
        message_add(&m, b" is not a permitted subclass of ")
        message_class(&m, other)
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef int check_super(JavaThread* t, Class* klass) noexcept nogil:
    """JVMS §5.3.5 step 3, §5.3.5 (PermittedSubclasses, §4.7.31)."""
    cdef Class* super_class = klass.super_class
    cdef int access
    if super_class == NULL:
        return 0
    if super_class.access_flags & ACC_INTERFACE:
        return interface_as_super(t, klass)
    if super_class.access_flags & ACC_FINAL:
        return wrong_super(t, klass, b" cannot inherit from final class ", super_class)
    if not class_permits(super_class, klass):
        return not_permitted(t, klass, super_class)
    access = class_access(klass, super_class)
    if access != CLASS_ACCESSIBLE:
        return no_access(t, klass, access, b"abstract superclass" if super_class.access_flags & ACC_ABSTRACT else b"superclass",
                         b"superclass access", super_class)
    return 0

cdef int interface_as_super(JavaThread* t, Class* klass) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"class ")
    message_class(&m, klass)
    message_add(&m, b" has interface ")
    message_class(&m, klass.super_class)
    message_add(&m, b" as super class")
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef int must_be_interface(JavaThread* t, ParsedClass* p, Class* interface) noexcept nogil:
    cdef LoaderText m
    if interface.access_flags & ACC_INTERFACE:
        return 0
    message_init(&m, b"class ")
    message_dots(&m, p.name)
    message_add(&m, b" can not implement ")
    message_class(&m, interface)
    message_add(&m, b", because it is not an interface (")
    message_module(&m, interface, NULL)
    message_add(&m, b")")
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef int check_interface(JavaThread* t, Class* klass, Class* interface) noexcept nogil:
    """JVMS §5.3.5 step 4."""
    cdef int access
    if not class_permits(interface, klass):
        return not_permitted(t, klass, interface)
    access = class_access(klass, interface)
    if access != CLASS_ACCESSIBLE:
        return no_access(t, klass, access, b"superinterface", b"superinterface", interface)
    return 0

cdef void set_display(Class* klass) noexcept nogil:
    cdef Class* super_class = klass.super_class
    cdef u32 depth = super_class.depth + 1 if super_class != NULL else 0
    if super_class != NULL:
        memcpy(klass.display, super_class.display, sizeof(klass.display))
    klass.depth = <u16>depth
    if depth < DISPLAY_DEPTH:
        klass.display[depth] = klass

cdef void set_inherited_flags(Class* klass) noexcept nogil:
    """Finalizers (a non-trivial finalize(), own or inherited) and Cloneable."""
    cdef u32 index
    cdef Method* method
    cdef bint declared = False
    cdef bint has_finalizer = False
    if klass.super_class == NULL:
        return
    for index in range(klass.method_count):
        method = &klass.methods[index]
        if method.name == sym.finalize and method.descriptor == sym.void_descriptor:
            declared = True
            has_finalizer = not method.flags & METHOD_EMPTY
    if not declared:
        has_finalizer = klass.super_class.shape.has_finalizer != 0
    if has_finalizer:
        klass.shape.has_finalizer = 1
        klass.class_flags |= CLASS_FINALIZABLE
    for index in range(klass.all_interface_count):
        if klass.all_interfaces[index].name == sym.java_lang_Cloneable and klass.all_interfaces[index].loader.object == NULL:
            klass.class_flags |= CLASS_CLONEABLE

cdef Symbol* package_of(Symbol* name) noexcept nogil:
    cdef u32 end = name.length
    while end > 0 and name.text[end - 1] != c'/':
        end -= 1
    return symbol_intern(name.text, end - 1 if end > 0 else 0)

cdef Class* assemble(ParsedClass* p, Class* super_class, Class** interfaces) noexcept nogil:
    """The Class of a parsed file, without tables and layout; NULL: no memory."""
    cdef u32 index
    cdef Class* klass = <Class*>loader_alloc(p.owner, sizeof(Class) + sizeof(Method*) * vtable_bound(p, super_class))
    if klass == NULL:
        return NULL
    klass.name = p.name
    klass.package = package_of(p.name)
    if klass.package == NULL:
        return NULL
    klass.super_class = super_class
    klass.access_flags = p.access_flags
    klass.class_flags = p.class_flags
    klass.state = CLASS_LOADED
    klass.type = TYPE_REFERENCE
    klass.loader = p.loader
    klass.owner = p.owner
    klass.pool = p.pool
    klass.interfaces = interfaces
    klass.interface_count = p.interface_count
    klass.fields = p.fields
    klass.field_count = p.field_count
    klass.injected_count = p.injected_count
    klass.methods = p.methods
    klass.method_keys = p.method_keys
    klass.method_count = p.method_count
    klass.bytes = <u8*>p.bytes
    klass.byte_count = p.length
    klass.major_version = p.major_version
    klass.minor_version = p.minor_version
    klass.attributes = p.attributes
    if p.flags & PARSE_HIDDEN:
        # Nobody can find the class by its name, not even its own code: its entry is itself from the start.
        klass.is_hidden = 1
        klass.pool.values[p.this_class].klass = klass
        klass.pool.tags[p.this_class] = RESOLVED_CLASS
    for index in range(<u32>p.field_count + p.injected_count):
        p.fields[index].holder = klass
    for index in range(p.method_count):
        p.methods[index].holder = klass
    set_display(klass)
    return klass

cdef Class* build(JavaThread* t, ParsedClass* p) noexcept nogil:
    """JVMS §5.3.5 steps 3 and 4, then layout and tables."""
    cdef Class* super_class = NULL
    cdef Class* klass
    cdef u32 index
    if p.super_name != NULL:
        super_class = class_load(t, p.loader, p.super_name, 1)
        if super_class == NULL:
            return NULL
    if p.loader.object == NULL and layout_inject(p) != 0:
        return out_of_memory(t)
    klass = assemble(p, super_class, p.interface_classes)
    if klass == NULL:
        return out_of_memory(t)
    if check_super(t, klass) != 0:
        return NULL
    index = p.interface_count
    while index > 0:                     # the host looks at them from the last one on
        index -= 1
        if check_interface(t, klass, p.interface_classes[index]) != 0:
            return NULL
    if itable_make(t, klass) != 0 or vtable_fill(t, klass) != 0:
        return NULL
    if class_layout(klass) != 0:
        return out_of_memory(t)
    set_inherited_flags(klass)
    return klass

cdef Class* duplicate(JavaThread* t, Class* klass) noexcept nogil:
    """JVMS §5.3.5 step 1."""
    cdef LoaderText m
    message_init(&m, b"loader attempted duplicate class definition for ")
    message_class(&m, klass)
    message_add(&m, b". (")
    message_module(&m, klass, NULL)
    message_add(&m, b")")
    message_throw(t, b"java/lang/LinkageError", &m)
    return NULL

cdef Class* publish(JavaThread* t, Class* klass, Object* protection_domain) noexcept nogil:
    cdef Class* there
    cdef bint admitted
    if klass.loader.object == NULL and klass.name == sym.java_lang_Class:
        mirrors_class_known(klass)
    elif mirrors_base() != 0:
        layout_shift_statics(klass, mirrors_base())
    if mirrors_enabled() and class_make_mirror(t, klass, protection_domain) != 0:
        return NULL
    # The collector does not know the class until it is added: nothing between may be a safepoint.
    events_mask()
    admitted = klass.loader.object == NULL or constraint_admit(klass.loader, klass)
    there = dictionary_add(klass.loader, klass) if admitted else NULL
    events_unmask()
    if not admitted:
        constraint_violated(t, klass.loader, klass)
        return NULL
    if there == NULL:
        return out_of_memory(t)
    if there != klass:
        return duplicate(t, klass)
    observe_class_loaded(klass)
    return klass

cdef Symbol* hidden_name(ParsedClass* p) noexcept nogil:
    """The class's name, a plus and a number that no other class of the name has; NULL: no memory."""
    cdef char* text = <char*>loader_alloc(p.owner, p.name.length + HIDDEN_SUFFIX)
    cdef u64 number = <u64>p.bytes - window_base()
    cdef const char* digits = b"0123456789abcdef"
    cdef int digit
    if text == NULL:
        return NULL
    memcpy(text, p.name.text, p.name.length)
    memcpy(text + p.name.length, b"+0x", 3)
    for digit in range(16):
        text[p.name.length + 3 + digit] = digits[number >> (60 - 4 * digit) & 15]
    return symbol_intern(<const u8*>text, p.name.length + 19)

cdef int check_name(JavaThread* t, Symbol* expected, Symbol* name) noexcept nogil:
    cdef LoaderText m
    if expected == NULL or name == expected:
        return 0
    message_init(&m, b"")
    message_symbol(&m, expected)
    message_add(&m, b" (wrong name: ")
    message_symbol(&m, name)
    message_add(&m, b")")
    return message_throw(t, b"java/lang/NoClassDefFoundError", &m)

cdef int load_interfaces(JavaThread* t, ParsedClass* p) noexcept nogil:
    """SupersKnown: the class has its name, and is being loaded from now on."""
    cdef Loading* loading = <Loading*>p.loading
    cdef u32 index
    if not p.flags & PARSE_HIDDEN and check_name(t, p.expected, p.name) != 0:
        return -1
    if loading != NULL and loading_begin(t, loading, p.loader, p.name, 0) != 0:
        loading.data = NULL              # nothing to end
        return -1
    p.interface_classes = <Class**>loader_alloc(p.owner, sizeof(Class*) * (<u32>p.interface_count + 1))
    if p.interface_classes == NULL:
        out_of_memory(t)
        return -1
    for index in range(p.interface_count):
        p.interface_classes[index] = class_load(t, p.loader, p.interfaces[index], 1)
        if p.interface_classes[index] == NULL or must_be_interface(t, p, p.interface_classes[index]) != 0:
            return -1
    return 0

cdef public Class* define_hidden_class(JavaThread* t, LoaderData* data, LoaderData* owner, Symbol* expected, const u8* bytes,
                                       u32 length, Object* protection_domain, u32 flags, Class* nest_host, Object* class_data) noexcept nogil:
    cdef ParsedClass p
    cdef Class* klass
    p.loading = NULL
    if parse_class(t, data, owner, bytes, length, flags | PARSE_HIDDEN, expected, load_interfaces, &p) != 0:
        return NULL
    if expected != NULL:
        p.name = expected                # the class library defines one template under many names, in many packages
    p.name = hidden_name(&p)
    if p.name == NULL:
        return out_of_memory(t)
    klass = build(t, &p)
    if klass == NULL:
        return NULL
    klass.nest_host = nest_host          # NULL: found as for any class, and its name is in nobody's list
    layout_shift_statics(klass, mirrors_base())
    if class_make_mirror(t, klass, protection_domain) != 0:
        return NULL
    ref_store(klass.mirror, off.java_lang_Class_classData, class_data)
    dictionary_link(klass)
    observe_class_loaded(klass)
    return klass

cdef public Class* define_class(JavaThread* t, LoaderData* data, Symbol* expected, const u8* bytes, u32 length,
                                Object* protection_domain, u32 flags) noexcept nogil:
    cdef ParsedClass p
    cdef Loading loading
    cdef Class* klass
    loading.data = NULL
    p.loading = NULL if data == loader_boot() else &loading          # loader_load_boot has noted it already
    klass = NULL
    if parse_class(t, data, data, bytes, length, flags, expected, load_interfaces, &p) == 0:
        klass = build(t, &p)
    if klass != NULL:
        klass = publish(t, klass, protection_domain)
    if p.loading != NULL and loading.data != NULL:
        loading_end(&loading)
    return klass
