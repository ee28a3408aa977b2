# Resolution of constant-pool entries: JVMS §5.4.3, with the checks that an instruction adds (§6.5).
#
# Invariant: an entry's value is written before its tag says that it is resolved, so threads may
# resolve one entry at the same time: they write the same.  Failures are not cached: trying again
# finds the same failure, because classes do not change.
from kernel.types cimport i32, u8, u16, u32
from jvm.heap.object cimport Object
from jvm.loader.access cimport access_class, access_member
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (ACC_ABSTRACT, ACC_FINAL, ACC_INTERFACE, ACC_PRIVATE, ACC_PROTECTED, ACC_PUBLIC,
                                 ACC_STATIC, ACC_SUPER, CONSTANT_Class, CONSTANT_InterfaceMethodref, CONSTANT_Methodref,
                                 Class, ConstantPool, ConstantValue, Field, JavaThread, METHOD_CLASS_INITIALIZER,
                                 METHOD_INITIALIZER, METHOD_POLYMORPHIC, Method, RESOLVED_CLASS, RESOLVED_FIELD,
                                 RESOLVED_METHOD, RESOLVED_STRING, Symbol)
from jvm.loader.loader cimport class_find_field, class_find_method, class_is_subtype, class_load, loader_keep_object
from jvm.loader.messages cimport (LoaderText, loader_throw, message_add, message_class, message_dots, message_init,
                                  message_method, message_symbol, message_throw, message_type, message_where)
from jvm.loader.parser cimport pool_class_name, pool_symbol, pool_text, pool_u2
from jvm.loader.wellknown cimport sym, wk
from jvm.runtime.strings cimport string_from_modified_utf8, string_intern

cdef enum:
    OPCODE_GETSTATIC = 178
    OPCODE_PUTSTATIC = 179
    OPCODE_GETFIELD = 180
    OPCODE_PUTFIELD = 181

cdef extern from *:
    """
    #define publish_tag(pool, index, tag) __atomic_store_n(&(pool)->tags[index], (tag), __ATOMIC_RELEASE)
    """
    void publish_tag(ConstantPool* pool, u16 index, int tag) noexcept nogil

cdef int illegal_access(JavaThread* t, LoaderText* m, Class* caller, Class* other) noexcept nogil:
    message_where(m, caller, other)
    return message_throw(t, b"java/lang/IllegalAccessError", m)

cdef int check_class_access(JavaThread* t, Class* caller, Class* target) noexcept nogil:
    cdef LoaderText m
    if access_class(caller, target):
        return 0
    message_init(&m, b"class ")
    message_class(&m, caller)
    message_add(&m, b" tried to access class ")
    message_class(&m, target)
    return illegal_access(t, &m, caller, target)

cdef public Class* resolve_class(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    cdef ConstantPool* pool = &caller.pool
    cdef Symbol* name
    cdef Class* klass
    if pool.tags[index] == RESOLVED_CLASS:
        return pool.values[index].klass
    name = pool_class_name(caller, index)
    klass = class_load(t, caller.loader, name, 1)
    if klass == NULL or check_class_access(t, caller, klass) != 0:
        return NULL
    pool.values[index].klass = klass
    publish_tag(pool, index, RESOLVED_CLASS)
    return klass

cdef public Object* resolve_string(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    cdef ConstantPool* pool = &caller.pool
    cdef const u8* text
    cdef u32 length = 0
    cdef Object* string
    if pool.tags[index] == RESOLVED_STRING:
        return pool.values[index].object
    text = pool_text(pool, caller.bytes, pool_u2(caller, index, 0), &length)
    string = string_from_modified_utf8(t, text, length)
    if string != NULL:
        string = string_intern(t, string)
    if string == NULL:
        return NULL
    if loader_keep_object(t, caller.loader, string) != 0:
        return NULL
    pool.values[index].object = string
    publish_tag(pool, index, RESOLVED_STRING)
    return string

# A Fieldref, Methodref or InterfaceMethodref, split (JVMS §4.4.2, §4.4.6).
cdef struct Reference:
    Class* named
    Symbol* name
    Symbol* descriptor

cdef int open_reference(JavaThread* t, Class* caller, u16 index, Reference* into) noexcept nogil:
    cdef u16 class_index = pool_u2(caller, index, 0)
    cdef u16 pair = pool_u2(caller, index, 2)
    into.name = pool_symbol(&caller.pool, caller.bytes, pool_u2(caller, pair, 0))
    into.descriptor = pool_symbol(&caller.pool, caller.bytes, pool_u2(caller, pair, 2))
    if into.name == NULL or into.descriptor == NULL:
        return loader_throw(t, b"java/lang/OutOfMemoryError", b"symbols")
    into.named = resolve_class(t, caller, class_index)
    return 0 if into.named != NULL else -1

cdef void add_access(LoaderText* m, int flags) noexcept nogil:
    if flags & ACC_PRIVATE:
        message_add(m, b"private ")
    elif flags & ACC_PROTECTED:
        message_add(m, b"protected ")

cdef void add_field(LoaderText* m, Field* field) noexcept nogil:
    message_class(m, field.holder)
    message_add(m, b".")
    message_symbol(m, field.name)

cdef int no_such_field(JavaThread* t, Reference* reference) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"Class ")
    message_class(&m, reference.named)
    message_add(&m, b" does not have member field '")
    message_type(&m, reference.descriptor, 0)
    message_add(&m, b" ")
    message_symbol(&m, reference.name)
    message_add(&m, b"'")
    return message_throw(t, b"java/lang/NoSuchFieldError", &m)

cdef int check_final_write(JavaThread* t, Class* caller, Method* method, Field* field, int opcode) noexcept nogil:
    """JVMS §6.5 putfield, putstatic: a final field is written by its class, in its initialiser."""
    cdef LoaderText m
    cdef int initializer = METHOD_CLASS_INITIALIZER if opcode == OPCODE_PUTSTATIC else METHOD_INITIALIZER
    cdef bint other_class = field.holder != caller
    # Class files before version 53 could write their finals anywhere in the class.
    cdef bint other_method = caller.major_version >= 53 and method != NULL and not method.flags & initializer
    if not field.access_flags & ACC_FINAL or not (other_class or other_method):
        return 0
    message_init(&m, b"Update to ")
    message_add(&m, b"static" if opcode == OPCODE_PUTSTATIC else b"non-static")
    message_add(&m, b" final field ")
    add_field(&m, field)
    message_add(&m, b" attempted from a different ")
    if other_class:
        message_add(&m, b"class (")
        message_class(&m, caller)
        message_add(&m, b") than the field's declaring class")
    else:
        message_add(&m, b"method (")
        message_symbol(&m, method.name)
        message_add(&m, b") than the initializer method ")
        message_add(&m, b"<clinit>" if opcode == OPCODE_PUTSTATIC else b"<init>")
        message_add(&m, b" ")
    return message_throw(t, b"java/lang/IllegalAccessError", &m)

cdef public Field* resolve_field(JavaThread* t, Class* caller, Method* method, u16 index, int opcode) noexcept nogil:
    """JVMS §5.4.3.2; the entry stays unresolved to other instructions until their own checks pass."""
    cdef ConstantPool* pool = &caller.pool
    cdef Reference reference
    cdef Field* field
    cdef LoaderText m
    cdef bint want_static = opcode == OPCODE_GETSTATIC or opcode == OPCODE_PUTSTATIC
    if pool.tags[index] == RESOLVED_FIELD:
        field = pool.values[index].field
    else:
        if open_reference(t, caller, index, &reference) != 0:
            return NULL
        field = class_find_field(reference.named, reference.name, reference.descriptor)
        if field == NULL:
            no_such_field(t, &reference)
            return NULL
        if not access_member(t, caller, reference.named, field.holder, field.access_flags):
            message_init(&m, b"class ")
            message_class(&m, caller)
            message_add(&m, b" tried to access ")
            add_access(&m, field.access_flags)
            message_add(&m, b"field ")
            add_field(&m, field)
            illegal_access(t, &m, caller, field.holder)
            return NULL
    if want_static != ((field.access_flags & ACC_STATIC) != 0):
        message_init(&m, b"Expected ")
        message_add(&m, b"static" if want_static else b"non-static")
        message_add(&m, b" field ")
        add_field(&m, field)
        message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)
        return NULL
    if opcode == OPCODE_PUTFIELD or opcode == OPCODE_PUTSTATIC:
        if check_final_write(t, caller, method, field, opcode) != 0:
            return NULL
    if pool.tags[index] != RESOLVED_FIELD:
        pool.values[index].field = field
        publish_tag(pool, index, RESOLVED_FIELD)
    return field

cdef int no_such_method(JavaThread* t, Reference* reference) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"")
    message_method(&m, reference.named.name, reference.name, reference.descriptor)
    return message_throw(t, b"java/lang/NoSuchMethodError", &m)

cdef int check_kind_of_class(JavaThread* t, Class* named, int tag) noexcept nogil:
    """JVMS §5.4.3.3 step 1 and §5.4.3.4 step 1."""
    cdef LoaderText m
    cdef bint interface = (named.access_flags & ACC_INTERFACE) != 0
    if interface == (tag == CONSTANT_InterfaceMethodref):
        return 0
    message_init(&m, b"Found interface " if interface else b"Found class ")
    message_class(&m, named)
    message_add(&m, b", but class was expected" if interface else b", but interface was expected")
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef Method* find_method(Reference* reference) noexcept nogil:
    cdef Method* method = class_find_method(reference.named, reference.name, reference.descriptor)
    if method == NULL:
        return NULL
    # JVMS §5.4.3.3: superclasses do not give their constructors; §5.4.3.4 step 3: of Object an
    # interface has the public instance methods only.
    if method.holder != reference.named:
        if method.flags & (METHOD_INITIALIZER | METHOD_CLASS_INITIALIZER):
            return NULL
        if reference.named.access_flags & ACC_INTERFACE and method.holder == wk.java_lang_Object:
            if not method.access_flags & ACC_PUBLIC or method.access_flags & ACC_STATIC:
                return NULL
    return method

cdef int no_method_handles(JavaThread* t, Method* method) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"this virtual machine does not link method handles yet: ")
    message_method(&m, method.holder.name, method.name, method.descriptor)
    return message_throw(t, b"java/lang/LinkageError", &m)

cdef Method* select_special(JavaThread* t, Class* caller, Class* named, Method* method) noexcept nogil:
    """JVMS §6.5 invokespecial: a super call starts at the caller's direct superclass."""
    cdef LoaderText m
    cdef Method* selected = method
    if (not method.flags & METHOD_INITIALIZER and caller.access_flags & ACC_SUPER and named != caller
            and not named.access_flags & ACC_INTERFACE and not caller.access_flags & ACC_INTERFACE
            and caller.super_class != NULL and class_is_subtype(caller, named)):
        selected = class_find_method(caller.super_class, method.name, method.descriptor)
    if selected == NULL or selected.access_flags & ACC_ABSTRACT:
        message_init(&m, b"")
        message_method(&m, named.name, method.name, method.descriptor)
        message_throw(t, b"java/lang/AbstractMethodError", &m)
        return NULL
    return selected

cdef public Method* resolve_method(JavaThread* t, Class* caller, u16 index, int kind) noexcept nogil:
    cdef ConstantPool* pool = &caller.pool
    cdef Reference reference
    cdef Method* method
    cdef LoaderText m
    cdef int tag = pool.tags[index]
    if tag == RESOLVED_METHOD:
        method = pool.values[index].method
        reference.named = method.holder
    else:
        if open_reference(t, caller, index, &reference) != 0 or check_kind_of_class(t, reference.named, tag) != 0:
            return NULL
        method = find_method(&reference)
        if method == NULL:
            no_such_method(t, &reference)
            return NULL
        if method.flags & METHOD_POLYMORPHIC:
            no_method_handles(t, method)
            return NULL
        if not access_member(t, caller, reference.named, method.holder, method.access_flags):
            message_init(&m, b"class ")
            message_class(&m, caller)
            message_add(&m, b" tried to access ")
            add_access(&m, method.access_flags)
            message_add(&m, b"method ")
            message_method(&m, method.holder.name, method.name, method.descriptor)
            illegal_access(t, &m, caller, method.holder)
            return NULL
    if (kind == 184) != ((method.access_flags & ACC_STATIC) != 0):
        message_init(&m, b"Expected static method " if kind == 184 else b"Expected non-static method ")
        message_method(&m, method.holder.name, method.name, method.descriptor)
        message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)
        return NULL
    if kind == 183:
        method = select_special(t, caller, reference.named, method)
        if method == NULL:
            return NULL
        # One entry may serve an invokevirtual too, whose method this is not: kept only when it is.
        if tag != RESOLVED_METHOD and method.holder != reference.named:
            return method
    if tag != RESOLVED_METHOD:
        pool.values[index].method = method
        publish_tag(pool, index, RESOLVED_METHOD)
    return method
