# See access.pxd.
from kernel.types cimport u8, u16, u32
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (ACC_PRIVATE, ACC_PROTECTED, ACC_PUBLIC, ACC_STATIC, CLASS_TRUSTED, Class, JavaThread,
                                 Symbol, TYPE_REFERENCE, class_of)
from jvm.loader.loader cimport class_is_subtype
from jvm.loader.messages cimport LoaderText, message_add, message_class, message_loader, message_symbol
from jvm.loader.module_graph cimport MODULE_ACCESS, MODULE_NOT_READABLE, module_access
from jvm.loader.parser cimport find_attribute, pool_class_name
from jvm.loader.resolution cimport resolve_class
from jvm.loader.tables cimport same_package
from jvm.loader.wellknown cimport wk

cdef Class* bottom(Class* klass) noexcept nogil:
    while klass.element != NULL:
        klass = klass.element
    return klass

cdef public int class_access(Class* caller, Class* target) noexcept nogil:
    cdef int access
    if target.dimensions != 0:
        target = bottom(target)
    if caller == target or target.type != TYPE_REFERENCE:
        return CLASS_ACCESSIBLE
    if not target.access_flags & ACC_PUBLIC:
        return CLASS_ACCESSIBLE if same_package(caller, target) else CLASS_NOT_PUBLIC
    access = module_access(caller, target)
    if access == MODULE_ACCESS or same_package(caller, target):
        return CLASS_ACCESSIBLE
    return CLASS_NOT_READABLE if access == MODULE_NOT_READABLE else CLASS_NOT_EXPORTED

cdef bint lists(Class* klass, const char* attribute, Symbol* name) noexcept nogil:
    """Whether an attribute of class entries names the class."""
    cdef u32 length, count, index
    cdef const u8* at = find_attribute(klass, klass.attributes, attribute, &length)
    if at == NULL or length < 2:
        return False
    count = bytes_u2(at)
    if length < 2 + 2 * count:
        return False
    for index in range(count):
        if pool_class_name(klass, bytes_u2(at + 2 + 2 * index)) == name:
            return True
    return False

cdef public bint same_module(Class* klass, Class* other) noexcept nogil:
    """A class that is being defined has no module yet: it will have its loader's."""
    return klass.loader == other.loader if klass.module == NULL or other.module == NULL else klass.module == other.module

cdef public bint class_permits(Class* super_class, Class* klass) noexcept nogil:
    cdef u32 length
    if super_class.class_flags & klass.class_flags & CLASS_TRUSTED or super_class.major_version < 61:
        return True
    if find_attribute(super_class, super_class.attributes, b"PermittedSubclasses", &length) == NULL:
        return True
    if not same_module(klass, super_class):
        return False
    if not klass.access_flags & ACC_PUBLIC and not same_package(super_class, klass):
        return False
    return lists(super_class, b"PermittedSubclasses", klass.name)

cdef public Class* nest_host(JavaThread* t, Class* klass) noexcept nogil:
    cdef u32 length
    cdef const u8* at
    cdef Class* host
    if klass.nest_host != NULL:
        return klass.nest_host
    host = klass
    if klass.dimensions == 0 and klass.bytes != NULL:
        at = find_attribute(klass, klass.attributes, b"NestHost", &length)
        if at != NULL and length == 2:
            host = resolve_class(t, klass, bytes_u2(at))
            if host == NULL:
                if wk.java_lang_VirtualMachineError != NULL \
                        and class_is_subtype(class_of(t.exception), wk.java_lang_VirtualMachineError):
                    return NULL
                t.exception = NULL       # not remembered: a later attempt may find it
                return klass
            if not same_package(klass, host) or not lists(host, b"NestMembers", klass.name):
                host = klass
    klass.nest_host = host
    return host

cdef int complain(JavaThread* t, LoaderText* m, Class* klass, const char* before) noexcept nogil:
    """Why a class is not in the nest whose host it names; 0: it is, or names none."""
    cdef u32 length
    cdef const u8* at
    cdef Class* host
    if klass.dimensions != 0 or klass.bytes == NULL:
        return 0
    at = find_attribute(klass, klass.attributes, b"NestHost", &length)
    if at == NULL or length != 2 or klass.nest_host != NULL and klass.nest_host != klass:
        return 0
    host = resolve_class(t, klass, bytes_u2(at))
    if host == NULL:
        t.exception = NULL
        message_add(m, before)
        message_add(m, b"Nest host resolution of ")
        message_class(m, klass)
        message_add(m, b" with host ")
        message_symbol(m, pool_class_name(klass, bytes_u2(at)))
        message_add(m, b" failed: java.lang.NoClassDefFoundError: ")
        message_symbol(m, pool_class_name(klass, bytes_u2(at)))
        return 1
    if host.dimensions == 0 and same_package(klass, host) and lists(host, b"NestMembers", klass.name):
        return 0
    message_add(m, before)
    message_add(m, b"Type ")
    message_class(m, klass)
    message_add(m, b" (loader: ")
    message_loader(m, klass.loader)
    message_add(m, b") is not a nest member of type ")
    message_class(m, host)
    message_add(m, b" (loader: ")
    message_loader(m, host.loader)
    if host.dimensions != 0:
        message_add(m, b"): host is not an instance class")
    elif not same_package(klass, host):
        message_add(m, b"): types are in different packages")
    else:
        message_add(m, b"): current type is not listed as a nest member")
    return 1

cdef public void message_nests(JavaThread* t, LoaderText* m, Class* caller, Class* holder, u16 flags) noexcept nogil:
    cdef int said
    if not flags & ACC_PRIVATE:
        return
    said = complain(t, m, caller, b", (")
    said |= complain(t, m, holder, b", " if said else b", (")
    if said:
        message_add(m, b")")

cdef public bint member_accessible(JavaThread* t, Class* caller, Class* named, Class* holder, u16 flags) noexcept nogil:
    cdef Class* a
    if flags & ACC_PUBLIC or caller == holder:
        return True
    if flags & ACC_PRIVATE:
        a = nest_host(t, caller)
        return a != NULL and nest_host(t, holder) == a
    if same_package(caller, holder):
        return True
    if not flags & ACC_PROTECTED:
        return False
    # Protected: in a subclass of the holder; and an instance member only through a reference whose
    # class is the caller, above it or below it.
    if not class_is_subtype(caller, holder):
        return False
    return flags & ACC_STATIC != 0 or class_is_subtype(named, caller) or class_is_subtype(caller, named)
