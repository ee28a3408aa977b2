# Resolution and selection; see resolution.pxd.
#
# Messages are the host JVM's.  Loading constraints (JVMS §5.3.4) are in constraints.pyx.  Failures are not remembered (§5.4.3 asks for the
# same error again): a later attempt resolves anew, and differs only when the class path has changed.
from kernel.types cimport u8, u16, u32
from kernel.threads.cpu cimport compiler_barrier
from jvm.heap.object cimport Object
from jvm.loader.access cimport CLASS_ACCESSIBLE, CLASS_NOT_PUBLIC, class_access, member_accessible, message_nests
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (
    ACC_ABSTRACT, ACC_FINAL, ACC_INTERFACE, ACC_PRIVATE, ACC_PROTECTED, ACC_PUBLIC, ACC_STATIC, CONSTANT_Fieldref,
    CONSTANT_InterfaceMethodref, CONSTANT_Methodref, CONSTANT_String, Class, Field, JavaThread,
    METHOD_CLASS_INITIALIZER, METHOD_INITIALIZER, METHOD_POLYMORPHIC, Method, RESOLVED_CLASS, RESOLVED_FIELD,
    RESOLVED_LINK, RESOLVED_METHOD, RESOLVED_STRING, Symbol, pool_resolve)
from jvm.loader.constraints cimport constrain_field, constrain_method
from jvm.loader.loader cimport (class_find_declared, class_find_field, class_find_method, class_find_polymorphic,
                                class_is_subtype, class_load)
from jvm.loader.messages cimport (
    LoaderText, loader_throw, message_add, message_class, message_init, message_method,
    message_module_access, message_number,
    message_symbol, message_throw, message_type, message_where)
from jvm.loader.parser cimport pool_class_name, pool_symbol, pool_text
from jvm.loader.tables cimport interface_method_find
from jvm.loader.wellknown cimport sym
from jvm.runtime.strings cimport string_from_modified_utf8, string_intern

cdef enum:
    OP_GETSTATIC = 178
    OP_PUTSTATIC = 179
    OP_PUTFIELD = 181

cdef void bad_kind(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    """An instruction names an entry of the wrong kind: the class was not checked."""
    cdef LoaderText m
    message_init(&m, b"Constant pool index ")
    message_number(&m, index)
    message_add(&m, b" has the wrong kind in class ")
    message_class(&m, caller)
    message_throw(t, b"java/lang/ClassFormatError", &m)

# --- classes and strings (JVMS §5.4.3.1, §5.1) -------------------------------------------------------
cdef public int check_class_access(JavaThread* t, Class* caller, Class* klass) noexcept nogil:
    cdef LoaderText m
    cdef int access = class_access(caller, klass)
    if access == CLASS_ACCESSIBLE:
        return 0
    if access == CLASS_NOT_PUBLIC:
        message_init(&m, b"failed to access class ")
        message_class(&m, klass)
        message_add(&m, b" from class ")
        message_class(&m, caller)
        message_where(&m, klass, caller)
    else:
        message_init(&m, b"")
        message_module_access(&m, access, caller, klass)
    return message_throw(t, b"java/lang/IllegalAccessError", &m)

cdef public Class* resolve_class(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    cdef Class* klass
    cdef Symbol* name
    if index >= caller.pool.count:       # from an attribute that nothing has checked
        bad_kind(t, caller, index)
        return NULL
    if caller.pool.tags[index] == RESOLVED_CLASS:
        return caller.pool.values[index].klass
    name = pool_class_name(caller, index)
    if name == NULL:
        bad_kind(t, caller, index)
        return NULL
    klass = class_load(t, caller.loader, name, 1)
    if klass == NULL or check_class_access(t, caller, klass) != 0:
        return NULL
    caller.pool.values[index].klass = klass
    compiler_barrier()
    caller.pool.tags[index] = RESOLVED_CLASS
    return klass

cdef public Object* resolve_string(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    cdef Object* string
    cdef const u8* text
    cdef u32 length
    cdef u8 tag = caller.pool.tags[index]
    if tag == RESOLVED_STRING:
        return caller.pool.values[index].object
    if tag != CONSTANT_String:
        bad_kind(t, caller, index)
        return NULL
    text = pool_text(&caller.pool, caller.bytes, bytes_u2(caller.bytes + caller.pool.offsets[index]), &length)
    string = string_from_modified_utf8(t, text, length)
    if string != NULL:
        string = string_intern(t, string)
    if string == NULL:
        return NULL
    pool_resolve(&caller.pool, index, string, RESOLVED_STRING)
    return string

# --- a member reference's parts ----------------------------------------------------------------------
cdef struct Reference:
    Class* caller
    Class* klass                         # the class that the reference names
    Symbol* name
    Symbol* descriptor

cdef int read_reference(JavaThread* t, Class* caller, u16 index, Reference* r) noexcept nogil:
    """Resolves the class that the entry names, and finds name and descriptor."""
    cdef const u8* entry = caller.bytes + caller.pool.offsets[index]
    cdef u16 pair = bytes_u2(entry + 2)
    cdef const u8* body
    r.caller = caller
    r.klass = resolve_class(t, caller, bytes_u2(entry))
    if r.klass == NULL:
        return -1
    body = caller.bytes + caller.pool.offsets[pair]
    r.name = pool_symbol(&caller.pool, caller.bytes, bytes_u2(body))
    r.descriptor = pool_symbol(&caller.pool, caller.bytes, bytes_u2(body + 2))
    if r.name == NULL or r.descriptor == NULL:
        return loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
    return 0

# --- fields (JVMS §5.4.3.2) --------------------------------------------------------------------------
cdef void add_field(LoaderText* m, Class* holder, Symbol* name) noexcept nogil:
    message_class(m, holder)
    message_add(m, b".")
    message_symbol(m, name)

cdef const char* visibility(u16 flags) noexcept nogil:
    if flags & ACC_PRIVATE: return b"private "
    elif flags & ACC_PROTECTED: return b"protected "
    return b""

cdef public Field* find_field_in(JavaThread* t, Class* caller, Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil:
    """caller NULL: no access check."""
    cdef Field* field = NULL
    cdef LoaderText m
    if klass.dimensions == 0:
        field = class_find_field(klass, name, descriptor)
    if field == NULL:
        message_init(&m, b"Class ")
        message_class(&m, klass)
        message_add(&m, b" does not have member field '")
        message_type(&m, descriptor, 0)
        message_add(&m, b" ")
        message_symbol(&m, name)
        message_add(&m, b"'")
        message_throw(t, b"java/lang/NoSuchFieldError", &m)
        return NULL
    if caller != NULL and not member_accessible(t, caller, klass, field.holder, field.access_flags):
        if t.exception != NULL:
            return NULL
        message_init(&m, b"class ")
        message_class(&m, caller)
        message_add(&m, b" tried to access ")
        message_add(&m, visibility(field.access_flags))
        message_add(&m, b"field ")
        add_field(&m, field.holder, field.name)
        message_where(&m, caller, field.holder)
        message_nests(t, &m, caller, field.holder, field.access_flags)
        message_throw(t, b"java/lang/IllegalAccessError", &m)
        return NULL
    return field

cdef Field* find_field(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    cdef Reference r
    cdef Field* field
    cdef u8 tag = caller.pool.tags[index]
    if tag == RESOLVED_FIELD:
        return caller.pool.values[index].field
    if tag != CONSTANT_Fieldref:
        bad_kind(t, caller, index)
        return NULL
    if read_reference(t, caller, index, &r) != 0:
        return NULL
    field = find_field_in(t, caller, r.klass, r.name, r.descriptor)
    if field == NULL or constrain_field(t, caller, field) != 0:
        return NULL
    caller.pool.values[index].field = field
    compiler_barrier()
    caller.pool.tags[index] = RESOLVED_FIELD
    return field

cdef int check_final(JavaThread* t, Class* caller, Method* method, Field* field, bint is_static) noexcept nogil:
    """JVMS §6.5 putfield, putstatic: final fields are written by their class, from version 53 on only by
    its initializer."""
    cdef LoaderText m
    cdef const char* kind = b"static" if is_static else b"non-static"
    if caller != field.holder:
        message_init(&m, b"Update to ")
        message_add(&m, kind)
        message_add(&m, b" final field ")
        add_field(&m, field.holder, field.name)
        message_add(&m, b" attempted from a different class (")
        message_class(&m, caller)
        message_add(&m, b") than the field's declaring class")
        return message_throw(t, b"java/lang/IllegalAccessError", &m)
    if caller.major_version < 53 or method == NULL:
        return 0
    if method.flags & (METHOD_CLASS_INITIALIZER if is_static else METHOD_INITIALIZER):
        return 0
    message_init(&m, b"Update to ")
    message_add(&m, kind)
    message_add(&m, b" final field ")
    add_field(&m, field.holder, field.name)
    message_add(&m, b" attempted from a different method (")
    message_symbol(&m, method.name)
    message_add(&m, b") than the initializer method <clinit> " if is_static
                else b") than the initializer method <init> ")
    return message_throw(t, b"java/lang/IllegalAccessError", &m)

cdef public int check_field_static(JavaThread* t, Field* field, bint is_static) noexcept nogil:
    cdef LoaderText m
    if (field.access_flags & ACC_STATIC != 0) == is_static:
        return 0
    message_init(&m, b"Expected static field " if is_static else b"Expected non-static field ")
    add_field(&m, field.holder, field.name)
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef public Field* resolve_field(JavaThread* t, Class* caller, Method* method, u16 index, int opcode) noexcept nogil:
    cdef Field* field
    cdef bint is_static = opcode == OP_GETSTATIC or opcode == OP_PUTSTATIC
    field = find_field(t, caller, index)
    if field == NULL:
        return NULL
    if check_field_static(t, field, is_static) != 0:
        return NULL
    if field.access_flags & ACC_FINAL and (opcode == OP_PUTSTATIC or opcode == OP_PUTFIELD) \
            and check_final(t, caller, method, field, is_static) != 0:
        return NULL
    return field

# --- methods (JVMS §5.4.3.3, §5.4.3.4) ---------------------------------------------------------------
cdef int wrong_class(JavaThread* t, const char* before, Class* klass, const char* after) noexcept nogil:
    cdef LoaderText m
    message_init(&m, before)
    message_class(&m, klass)
    message_add(&m, after)
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef void wrong_method(JavaThread* t, const char* before, Method* method) noexcept nogil:
    cdef LoaderText m
    message_init(&m, before)
    message_method(&m, method.holder.name, method.name, method.descriptor)
    message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef int method_inaccessible(JavaThread* t, Class* caller, Method* method) noexcept nogil:
    cdef LoaderText m
    if t.exception != NULL:
        return -1
    message_init(&m, b"class ")
    message_class(&m, caller)
    message_add(&m, b" tried to access ")
    if method.access_flags & ACC_ABSTRACT:
        message_add(&m, b"abstract ")
    message_add(&m, visibility(method.access_flags))
    message_add(&m, b"method ")
    message_method(&m, method.holder.name, method.name, method.descriptor)
    message_where(&m, caller, method.holder)
    message_nests(t, &m, caller, method.holder, method.access_flags)
    return message_throw(t, b"java/lang/IllegalAccessError", &m)

cdef public Method* find_method_in(JavaThread* t, Class* caller, Class* klass, Symbol* name, Symbol* descriptor,
                                   int kind) noexcept nogil:
    """caller NULL: no access check."""
    cdef Method* method = NULL
    cdef LoaderText m
    if kind == INVOKE_INTERFACE and not klass.access_flags & ACC_INTERFACE:
        wrong_class(t, b"Found class ", klass, b", but interface was expected")
        return NULL
    if kind == INVOKE_VIRTUAL and klass.access_flags & ACC_INTERFACE:
        wrong_class(t, b"Found interface ", klass, b", but class was expected")
        return NULL
    if klass.name == sym.java_lang_invoke_MethodHandle or klass.name == sym.java_lang_invoke_VarHandle:
        method = class_find_polymorphic(klass, name)
    if method == NULL:
        method = class_find_method(klass, name, descriptor)
    if method == NULL:
        message_init(&m, b"")
        message_method(&m, klass.name, name, descriptor)
        message_throw(t, b"java/lang/NoSuchMethodError", &m)
        return NULL
    if method.flags & METHOD_INITIALIZER and method.holder != klass:
        # JVMS §6.5 invokespecial: constructors are not inherited.
        message_init(&m, b"")
        message_class(&m, klass)
        message_add(&m, b": method ")
        message_method(&m, NULL, name, descriptor)
        message_add(&m, b" not found")
        message_throw(t, b"java/lang/NoSuchMethodError", &m)
        return NULL
    # §6.5 invokevirtual: clone() of an array is public, whatever Object says.
    if caller != NULL and not (klass.dimensions != 0 and name == sym.clone) \
            and not member_accessible(t, caller, klass, method.holder, method.access_flags):
        method_inaccessible(t, caller, method)
        return NULL
    return method

cdef Method* find_method(JavaThread* t, Class* caller, u16 index, int kind) noexcept nogil:
    cdef Reference r
    cdef Method* method
    cdef LoaderText m
    cdef u8 tag = caller.pool.tags[index]
    if tag == RESOLVED_METHOD:
        return caller.pool.values[index].method
    if tag == RESOLVED_LINK:
        return caller.pool.values[index].link.site
    if tag != CONSTANT_Methodref and tag != CONSTANT_InterfaceMethodref:
        bad_kind(t, caller, index)
        return NULL
    if read_reference(t, caller, index, &r) != 0:
        return NULL
    if (tag == CONSTANT_InterfaceMethodref) != (r.klass.access_flags & ACC_INTERFACE != 0) \
            and (kind == INVOKE_STATIC or kind == INVOKE_SPECIAL):
        message_init(&m, b"Method ")
        message_method(&m, r.klass.name, r.name, r.descriptor)
        message_add(&m, b" must be Methodref constant" if tag == CONSTANT_InterfaceMethodref
                    else b" must be InterfaceMethodref constant")
        message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)
        return NULL
    method = find_method_in(t, caller, r.klass, r.name, r.descriptor,
                            INVOKE_INTERFACE if tag == CONSTANT_InterfaceMethodref else INVOKE_VIRTUAL)
    # JVMS §2.9.3: call sites of a signature-polymorphic method differ by descriptor;
    # jvm/interpreter/polymorphic.pyx links them and fills the entry.
    if method == NULL or method.flags & METHOD_POLYMORPHIC:
        return method
    if constrain_method(t, caller, method, tag == CONSTANT_InterfaceMethodref) != 0:
        return NULL
    caller.pool.values[index].method = method
    compiler_barrier()
    caller.pool.tags[index] = RESOLVED_METHOD
    return method

cdef public int check_method_static(JavaThread* t, Method* method, int kind) noexcept nogil:
    if kind == INVOKE_STATIC:
        if not method.access_flags & ACC_STATIC:
            wrong_method(t, b"Expected static method ", method)
            return -1
    elif method.access_flags & ACC_STATIC:
        wrong_method(t, b"Expected instance not static method " if kind == INVOKE_INTERFACE
                     else b"Expecting non-static method ", method)
        return -1
    return 0

cdef bint direct_interface(Class* klass, Class* interface) noexcept nogil:
    cdef u32 index
    for index in range(klass.interface_count):
        if klass.interfaces[index] == interface:
            return True
    return klass == interface

cdef public int check_direct_interface(JavaThread* t, Class* caller, Class* klass, Class* holder, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef LoaderText m
    if not klass.access_flags & ACC_INTERFACE or direct_interface(caller, klass):
        return 0
    message_init(&m, b"Interface method reference: ")
    message_method(&m, holder.name, name, descriptor)
    message_add(&m, b", is not in a direct superinterface of ")
    message_class(&m, caller)
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef public int check_method_special(JavaThread* t, Class* caller, Class* klass, Method* method) noexcept nogil:
    """JVMS §6.5 invokespecial, §4.9.2: a superinterface's method only of a direct one; no abstract method."""
    cdef LoaderText m
    if caller != NULL and check_direct_interface(t, caller, klass, method.holder, method.name, method.descriptor) != 0:
        return -1
    if method.access_flags & ACC_ABSTRACT:
        message_init(&m, b"")
        message_method(&m, klass.name, method.name, method.descriptor)
        return message_throw(t, b"java/lang/AbstractMethodError", &m)
    return 0

cdef public Method* resolve_method(JavaThread* t, Class* caller, u16 index, int kind) noexcept nogil:
    cdef Method* method = find_method(t, caller, index, kind)
    if method == NULL:
        return NULL
    return method if check_method_static(t, method, kind) == 0 else NULL

# --- selection (JVMS §5.4.6) -------------------------------------------------------------------------
cdef void add_kind(LoaderText* m, Class* klass) noexcept nogil:
    message_add(m, b"interface " if klass.access_flags & ACC_INTERFACE
                else b"abstract class " if klass.access_flags & ACC_ABSTRACT else b"class ")

cdef public int throw_abstract_method(JavaThread* t, Class* actual, Method* resolved, Method* selected) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"Receiver class ")
    message_class(&m, actual)
    message_add(&m, b" does not define or inherit an implementation of the resolved method '")
    if resolved.access_flags & ACC_ABSTRACT:
        message_add(&m, b"abstract ")
    add_signature(&m, resolved)
    message_add(&m, b"' of ")
    add_kind(&m, resolved.holder)
    message_class(&m, resolved.holder)
    message_add(&m, b".")
    if selected != NULL and selected != resolved:
        message_add(&m, b" Selected method is '")
        if selected.access_flags & ACC_ABSTRACT:
            message_add(&m, b"abstract ")
        add_whole(&m, selected)
        message_add(&m, b"'.")
    return message_throw(t, b"java/lang/AbstractMethodError", &m)

cdef u32 end_of_parameters(Symbol* descriptor) noexcept nogil:
    cdef u32 at = 0
    while at < descriptor.length and descriptor.text[at] != c')':
        at += 1
    return at

cdef void add_parameters(LoaderText* m, Symbol* descriptor) noexcept nogil:
    cdef u32 at = 1
    cdef u32 count = 0
    message_add(m, b"(")
    while at < descriptor.length and descriptor.text[at] != c')':
        if count > 0:
            message_add(m, b", ")
        at = message_type(m, descriptor, at)
        count += 1
    message_add(m, b")")

cdef void add_signature(LoaderText* m, Method* method) noexcept nogil:
    """void m(int), without the class."""
    message_type(m, method.descriptor, end_of_parameters(method.descriptor) + 1)
    message_add(m, b" ")
    message_symbol(m, method.name)
    add_parameters(m, method.descriptor)

cdef void add_whole(LoaderText* m, Method* method) noexcept nogil:
    """void A.m(int)"""
    message_type(m, method.descriptor, end_of_parameters(method.descriptor) + 1)
    message_add(m, b" ")
    message_class(m, method.holder)
    message_add(m, b".")
    message_symbol(m, method.name)
    add_parameters(m, method.descriptor)

cdef void throw_conflict(JavaThread* t, Method* one, Method* other) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"Conflicting default methods: ")
    message_symbol(&m, one.holder.name)
    message_add(&m, b".")
    message_symbol(&m, one.name)
    message_add(&m, b" ")
    message_symbol(&m, other.holder.name)
    message_add(&m, b".")
    message_symbol(&m, other.name)
    message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef Method* find_in_classes(Class* actual, Symbol* name, Symbol* descriptor) noexcept nogil:
    """The nearest instance method of a class that is not private: it overrides any interface method."""
    cdef Method* method
    while actual != NULL:
        method = class_find_declared(actual, name, descriptor)
        if method != NULL and not method.access_flags & (ACC_STATIC | ACC_PRIVATE):
            return method
        actual = actual.super_class
    return NULL

cdef void remember(Class* actual, Method* resolved, Method* selected) noexcept nogil:
    """For the next call, in the interface table."""
    cdef u32 place
    if resolved.itable_index < 0:
        return
    for place in range(actual.itable_length):
        if actual.itable[place].interface == resolved.holder:
            actual.itable[place].methods[resolved.itable_index] = selected
            return

cdef public Method* select_interface(JavaThread* t, Class* actual, Method* resolved) noexcept nogil:
    cdef Method* selected
    cdef Method* conflict = NULL
    cdef u32 place
    if resolved.access_flags & (ACC_PRIVATE | ACC_STATIC):
        return resolved
    if not resolved.holder.access_flags & ACC_INTERFACE:         # one of Object's, named through an interface
        return select_virtual(t, actual, resolved)
    for place in range(actual.itable_length if actual.dimensions == 0 else 0):
        if actual.itable[place].interface == resolved.holder:
            selected = actual.itable[place].methods[resolved.itable_index]
            if selected != NULL:
                return selected
            break
    else:
        if not class_is_subtype(actual, resolved.holder):
            # JVMS §6.5 invokeinterface.
            return not_implemented(t, actual, resolved.holder)
    selected = find_in_classes(actual, resolved.name, resolved.descriptor)
    if selected == NULL:
        selected = interface_method_find(actual, resolved.name, resolved.descriptor, &conflict)
    if conflict != NULL:
        throw_conflict(t, selected, conflict)
        return NULL
    if selected == NULL or selected.access_flags & ACC_ABSTRACT:
        throw_abstract_method(t, actual, resolved, selected)
        return NULL
    if not selected.access_flags & ACC_PUBLIC:
        not_public(t, actual, resolved, selected)
        return NULL
    remember(actual, resolved, selected)
    return selected

cdef Method* not_implemented(JavaThread* t, Class* actual, Class* interface) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"Class ")
    message_class(&m, actual)
    message_add(&m, b" does not implement the requested interface ")
    message_class(&m, interface)
    message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)
    return NULL

cdef void not_public(JavaThread* t, Class* actual, Method* resolved, Method* selected) noexcept nogil:
    """JVMS §6.5 invokeinterface: a selected method must be public (or private, which is no candidate)."""
    cdef LoaderText m
    message_init(&m, b"class ")
    message_class(&m, resolved.holder)
    message_add(&m, b" tried to access ")
    message_add(&m, visibility(selected.access_flags))
    message_add(&m, b"method ")
    message_method(&m, selected.holder.name, selected.name, selected.descriptor)
    message_where(&m, resolved.holder, selected.holder)
    message_throw(t, b"java/lang/IllegalAccessError", &m)

cdef public Method* select_virtual(JavaThread* t, Class* actual, Method* resolved) noexcept nogil:
    cdef Method* selected
    if resolved.holder.access_flags & ACC_INTERFACE:
        return select_interface(t, actual, resolved)
    if resolved.vtable_index < 0:
        return resolved
    selected = actual.vtable[resolved.vtable_index]
    if selected.access_flags & ACC_ABSTRACT:
        throw_abstract_method(t, actual, resolved, selected)
        return NULL
    return selected
