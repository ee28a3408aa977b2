# java.lang.Class: lookup, relations, and what its class file says (JVMS §4.7).
#
# Invariant: a native method here reads the class file's bytes in place; they do not change.  The
# attributes were checked by the parser, so their lengths hold.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from kernel.boot.config cimport config_flag
from kernel.memory.string cimport memcmp
from jvm.heap.object cimport Object, array_set, ref_load, ref_store
from jvm.loader.classes cimport (Class, JavaThread, Method, Slot, Symbol, ACC_INTERFACE, ACC_STATIC, CLASS_HAS_CLINIT, CONSTANT_Class, RESOLVED_CLASS,
                                 TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT, TYPE_INT, TYPE_LONG, TYPE_REFERENCE,
                                 TYPE_SHORT, TYPE_VOID, class_of)
from jvm.loader.loader cimport (class_by_descriptor, class_find_declared, class_initialize, class_is_subtype, class_load, class_primitive,
                                loader_of, mirror_class)
from jvm.loader.descriptors cimport class_name_ok
from jvm.loader.resolution cimport resolve_class
from jvm.loader.symbols cimport symbol_find, symbol_from
from jvm.natives.members cimport member_bytes, member_signature, reflect_method
from jvm.loader.access cimport nest_host
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.messages cimport LoaderText, message_add, message_class, message_init, message_throw
from jvm.loader.parser cimport find_attribute, pool_class_name
from jvm.natives.support cimport (array_new, array_new_named, bytes_new, class_name_string, known_class, known_field, object_new, pool_name_and_type,
                                  pool_utf8, throw_text)
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.strings cimport (string_from_symbol, string_intern, string_intern_symbol, string_length, string_to_symbol,
                                  string_to_utf8)


# --- names and lookup ---------------------------------------------------------------------------------

cdef u32 class_name


cdef public void native_class_init_name(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* name = class_name_string(t, mirror_class(args[0].a))
    if name != NULL:
        name = string_intern(t, name)
    if name != NULL:
        ref_store(args[0].a, known_field(&class_name, b"java/lang/Class", b"name", b"Ljava/lang/String;"), name)
    result.a = name


cdef Class* primitive_named(const char* name) noexcept nogil:
    # Two letters tell the nine names apart; the class's own name is then compared.
    cdef int type = 0
    if name[0] == c'b':
        type = TYPE_BOOLEAN if name[1] == c'o' else TYPE_BYTE
    elif name[0] == c'c':
        type = TYPE_CHAR
    elif name[0] == c'd':
        type = TYPE_DOUBLE
    elif name[0] == c'f':
        type = TYPE_FLOAT
    elif name[0] == c'i':
        type = TYPE_INT
    elif name[0] == c'l':
        type = TYPE_LONG
    elif name[0] == c's':
        type = TYPE_SHORT
    elif name[0] == c'v':
        type = TYPE_VOID
    if type == 0:
        return NULL
    cdef Class* klass = class_primitive(type)
    cdef u32 i
    for i in range(<u32>klass.name.length + 1):
        if <u8>name[i] != klass.name.text[i]:
            return NULL
    return klass


cdef public void native_class_get_primitive(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char name[16]
    cdef Class* klass = NULL
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    if string_to_utf8(args[0].a, <u8*>name, sizeof(name)) < sizeof(name):
        klass = primitive_named(name)
    if klass == NULL:
        name[15] = 0
        throw_named(t, b"java/lang/ClassNotFoundException", name)
        return
    result.a = klass.mirror


cdef void throw_not_found(JavaThread* t, Object* name) noexcept nogil:
    cdef char text[1024]
    string_to_utf8(name, <u8*>text, sizeof(text))
    throw_named(t, b"java/lang/ClassNotFoundException", text)


cdef void throw_internal_name(JavaThread* t, Symbol* symbol) noexcept nogil:
    cdef Object* name = string_from_symbol(t, symbol, 0)
    if name != NULL:
        throw_not_found(t, name)


# Class.forName0(name, initialize, loader, caller)
cdef public void native_class_for_name(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* name = args[0].a
    cdef Symbol* symbol
    cdef Class* klass
    cdef u32 i
    cdef u32 length
    if name == NULL:
        throw_null_pointer(t)
        return
    symbol = string_to_symbol(name, 0)
    # A name with slashes is no name of a class here, though it would name one inside a class file.
    if symbol == NULL:
        throw_not_found(t, name)
        return
    for i in range(symbol.length):
        if symbol.text[i] == c'/':
            throw_not_found(t, name)
            return
    symbol = string_to_symbol(name, 1)
    if symbol == NULL:
        throw_out_of_memory(t, b"Metaspace")
        return
    # As the host, messages name what no loader is asked for, and arrays of the boot loader, in internal form.
    length = symbol.length
    if length > 1 and symbol.text[length - 1] == c'/':
        length -= 1                      # which the host lets through
    if length > 0 and symbol.text[0] != c'[' and not class_name_ok(symbol.text, length):
        throw_internal_name(t, symbol)
        return
    klass = class_load(t, loader_of(args[2].a), symbol, 0)
    if klass == NULL:
        if args[2].a == NULL and symbol.length > 0 and symbol.text[0] == c'[' \
                and class_of(t.exception).name == symbol_from(b"java/lang/ClassNotFoundException"):
            t.exception = NULL
            throw_internal_name(t, symbol)
        return
    if args[1].i != 0 and class_initialize(t, klass) != 0:
        return
    result.a = klass.mirror


cdef public void native_class_desired_assertion_status(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    # -esa is for classes of the boot loader, -ea for all others.
    result.i = config_flag(b"system-assertions") if mirror_class(args[0].a).loader.object == NULL else config_flag(b"assertions")


# --- relations ----------------------------------------------------------------------------------------

cdef public void native_class_get_superclass(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    result.a = NULL
    if klass.type != TYPE_REFERENCE or (klass.access_flags & ACC_INTERFACE and klass.dimensions == 0):
        return
    if klass.super_class != NULL:
        result.a = klass.super_class.mirror


cdef Class* class_array
cdef Class* object_array


cdef Object* classes_new(JavaThread* t, i32 count) noexcept nogil:
    return array_new_named(t, &class_array, b"[Ljava/lang/Class;", count)


cdef public void native_class_get_interfaces(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef i32 i
    cdef Object* array
    array = classes_new(t, klass.interface_count)
    if array == NULL:
        return
    for i in range(klass.interface_count):
        array_set(array, i, klass.interfaces[i].mirror)
    result.a = array


cdef public void native_class_is_instance(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    result.i = 1 if args[1].a != NULL and klass.type == TYPE_REFERENCE and class_is_subtype(class_of(args[1].a), klass) else 0


cdef public void native_class_is_assignable_from(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass
    cdef Class* other
    if args[1].a == NULL:
        throw_null_pointer(t)
        return
    klass = mirror_class(args[0].a)
    other = mirror_class(args[1].a)
    if klass.type != TYPE_REFERENCE or other.type != TYPE_REFERENCE:
        result.i = klass == other
    else:
        result.i = 1 if class_is_subtype(other, klass) else 0


cdef public void native_class_is_hidden(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 1 if mirror_class(args[0].a).is_hidden else 0


# The flags of the class file; arrays and primitives have none (Class.accessFlags makes its own).
cdef public void native_class_get_access_flags_raw(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    result.i = klass.access_flags if klass.bytes != NULL else 0


# Reflection.getClassAccessFlags: as the class file has them, with the flags of InnerClasses left alone.
cdef public void native_reflection_get_class_access_flags(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = mirror_class(args[0].a).access_flags


cdef public void native_class_get_file_version(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    result.i = <i32>(<u32>klass.minor_version << 16 | klass.major_version)


# --- attributes ---------------------------------------------------------------------------------------

cdef Object* attribute_bytes(JavaThread* t, Class* klass, const char* name) noexcept nogil:
    cdef u32 length
    cdef const u8* data = find_attribute(klass, klass.attributes, name, &length)
    return bytes_new(t, data, length) if data != NULL else NULL


cdef public void native_class_get_raw_annotations(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = attribute_bytes(t, mirror_class(args[0].a), b"RuntimeVisibleAnnotations")


cdef public void native_class_get_raw_type_annotations(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = attribute_bytes(t, mirror_class(args[0].a), b"RuntimeVisibleTypeAnnotations")


cdef public void native_class_get_generic_signature(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    result.a = member_signature(t, klass, klass.attributes)


cdef u32 pool_oop
cdef Class* pool_class


cdef public void native_class_get_constant_pool(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* pool
    result.a = NULL
    if mirror_class(args[0].a).bytes == NULL:
        return                           # arrays and primitives
    pool = object_new(t, known_class(&pool_class, b"jdk/internal/reflect/ConstantPool"))
    if pool == NULL:
        return
    ref_store(pool, known_field(&pool_oop, b"jdk/internal/reflect/ConstantPool", b"constantPoolOop", b"Ljava/lang/Object;"), args[0].a)
    result.a = pool


# The row of a class in its own InnerClasses attribute (JVMS §4.7.6), or NULL.
cdef const u8* inner_row(Class* klass) noexcept nogil:
    cdef u32 length
    cdef const u8* at = find_attribute(klass, klass.attributes, b"InnerClasses", &length)
    cdef int count
    if at == NULL:
        return NULL
    count = bytes_u2(at)
    at += 2
    while count > 0:
        if pool_class_name(klass, bytes_u2(at)) == klass.name:
            return at
        at += 8
        count -= 1
    return NULL


cdef public void native_class_get_simple_binary_name(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef const u8* row = inner_row(klass)
    cdef Symbol* name
    result.a = NULL
    if row != NULL:
        name = pool_utf8(klass, bytes_u2(row + 4))
        if name != NULL:
            result.a = string_from_symbol(t, name, 0)


# Outer and inner class must both say so, else anyone could claim to be inside another (JVMS §4.7.6); and mean
# the same classes, not others of their names.
cdef int agree(JavaThread* t, Class* outer, Class* inner, bint member) noexcept nogil:
    cdef LoaderText m
    cdef u32 length
    cdef const u8* at = find_attribute(outer, outer.attributes, b"InnerClasses", &length)
    cdef int count = bytes_u2(at) if at != NULL else 0
    at += 2
    while count > 0:
        if pool_class_name(outer, bytes_u2(at)) == inner.name \
                and (bytes_u2(at + 2) == 0 if not member else pool_class_name(outer, bytes_u2(at + 2)) == outer.name):
            named = outer
            if member:
                named = resolve_class(t, outer, bytes_u2(at + 2))
            if named == outer:
                named = resolve_class(t, outer, bytes_u2(at))
                if named == inner:
                    return 0
            if named == NULL:
                return -1
        at += 8
        count -= 1
    message_init(&m, b"")
    message_class(&m, outer)
    message_add(&m, b" and ")
    message_class(&m, inner)
    message_add(&m, b" disagree on InnerClasses attribute")
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)


cdef public void native_class_get_declaring_class(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef const u8* row = inner_row(klass)
    cdef const u8* enclosing
    cdef Class* outer
    cdef u32 length
    cdef bint member = row != NULL and bytes_u2(row + 2) != 0
    result.a = NULL
    if member:
        outer = resolve_class(t, klass, bytes_u2(row + 2))
    else:                                # local and anonymous classes are not declared, but checked
        enclosing = find_attribute(klass, klass.attributes, b"EnclosingMethod", &length)
        if enclosing == NULL or length < 4:
            return
        outer = resolve_class(t, klass, bytes_u2(enclosing))
    if outer != NULL and agree(t, outer, klass, member) == 0 and member:
        result.a = outer.mirror


cdef public void native_class_get_declared_classes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef u32 length
    cdef const u8* start = find_attribute(klass, klass.attributes, b"InnerClasses", &length)
    cdef const u8* at
    cdef Object* array
    cdef Class* member
    cdef int rows = bytes_u2(start) if start != NULL else 0
    cdef int i
    cdef i32 count = 0
    for i in range(rows):
        at = start + 2 + 8 * i
        if bytes_u2(at) != 0 and bytes_u2(at + 2) != 0 and pool_class_name(klass, bytes_u2(at + 2)) == klass.name:
            count += 1
    array = classes_new(t, count)
    if array == NULL:
        return
    count = 0
    for i in range(rows):
        at = start + 2 + 8 * i
        if bytes_u2(at) != 0 and bytes_u2(at + 2) != 0 and pool_class_name(klass, bytes_u2(at + 2)) == klass.name:
            member = resolve_class(t, klass, bytes_u2(at))
            if member == NULL or agree(t, klass, member, True) != 0:
                return
            array_set(array, count, member.mirror)
            count += 1
    result.a = array


# Object[] {class, method name or null, descriptor or null} of EnclosingMethod (JVMS §4.7.7), or null.
cdef public void native_class_get_enclosing_method(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef u32 length
    cdef const u8* data = find_attribute(klass, klass.attributes, b"EnclosingMethod", &length)
    cdef Object* array
    cdef Object* text
    cdef Class* outer
    cdef Symbol* name
    cdef Symbol* descriptor
    result.a = NULL
    if data == NULL:
        return
    outer = resolve_class(t, klass, bytes_u2(data))
    if outer == NULL:
        return
    array = array_new_named(t, &object_array, b"[Ljava/lang/Object;", 3)
    if array == NULL:
        return
    array_set(array, 0, outer.mirror)
    pool_name_and_type(klass, bytes_u2(data + 2), &name, &descriptor)
    if name != NULL and descriptor != NULL:
        text = string_from_symbol(t, name, 0)
        if text == NULL:
            return
        array_set(array, 1, text)
        text = string_from_symbol(t, descriptor, 0)
        if text == NULL:
            return
        array_set(array, 2, text)
    result.a = array


# --- nests, sealed classes, records -------------------------------------------------------------------

cdef public void native_class_get_nest_host(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* host = nest_host(t, mirror_class(args[0].a))
    if host != NULL:
        result.a = host.mirror


cdef public void native_class_get_nest_members(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* host = nest_host(t, mirror_class(args[0].a))
    cdef u32 length
    cdef const u8* data
    cdef int rows
    cdef int i
    cdef i32 count = 1
    cdef Class* member
    cdef Object* all
    if host == NULL:
        return
    data = find_attribute(host, host.attributes, b"NestMembers", &length)
    rows = bytes_u2(data) if data != NULL else 0
    all = classes_new(t, rows + 1)
    if all == NULL:
        return
    array_set(all, 0, host.mirror)
    for i in range(rows):
        member = resolve_class(t, host, bytes_u2(data + 2 + 2 * i))
        if member == NULL:
            t.exception = NULL           # listed but not there: no member
            continue
        if nest_host(t, member) == host:
            array_set(all, count, member.mirror)
            count += 1
    result.a = trimmed(t, all, count)


cdef Object* trimmed(JavaThread* t, Object* all, i32 count) noexcept nogil:
    cdef Object* array
    cdef i32 i
    if (<i32*>all)[2] == count:
        return all
    array = classes_new(t, count)
    if array != NULL:
        for i in range(count):
            array_set(array, i, ref_load(all, 12 + 4 * i))
    return array


cdef public void native_reflection_are_nest_mates(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* a = nest_host(t, mirror_class(args[0].a))
    cdef Class* b = nest_host(t, mirror_class(args[1].a)) if a != NULL else NULL
    result.i = a != NULL and a == b


cdef public void native_class_get_permitted_subclasses(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef u32 length
    cdef const u8* data = find_attribute(klass, klass.attributes, b"PermittedSubclasses", &length)
    cdef int rows
    cdef int i
    cdef i32 count = 0
    cdef Class* member
    cdef Object* all
    result.a = NULL
    if data == NULL:
        return
    rows = bytes_u2(data)
    all = classes_new(t, rows)
    if all == NULL:
        return
    for i in range(rows):
        member = resolve_class(t, klass, bytes_u2(data + 2 + 2 * i))
        if member == NULL:
            t.exception = NULL           # Class.getPermittedSubclasses leaves out what cannot be loaded
            continue
        array_set(all, count, member.mirror)
        count += 1
    result.a = trimmed(t, all, count)


cdef public void native_class_is_record(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef u32 length
    result.i = find_attribute(klass, klass.attributes, b"Record", &length) != NULL


cdef Class* component_class
cdef Class* component_array
cdef u32 component_clazz
cdef u32 component_name
cdef u32 component_type
cdef u32 component_accessor
cdef u32 component_signature
cdef u32 component_annotations
cdef u32 component_type_annotations


# The accessor of a record component: the instance method of its name without parameters, or NULL.
cdef Method* accessor_of(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef int i
    cdef Method* method
    for i in range(klass.method_count):
        method = &klass.methods[i]
        if (method.name == name and not method.access_flags & ACC_STATIC and method.descriptor.length == descriptor.length + 2
                and method.descriptor.text[0] == c'(' and method.descriptor.text[1] == c')'
                and memcmp(&method.descriptor.text[2], descriptor.text, descriptor.length) == 0):
            return method
    return NULL


cdef Object* component_new(JavaThread* t, Class* klass, const u8* at) noexcept nogil:
    cdef const char* holder = b"java/lang/reflect/RecordComponent"
    cdef Symbol* name = pool_utf8(klass, bytes_u2(at))
    cdef Symbol* descriptor = pool_utf8(klass, bytes_u2(at + 2))
    cdef u32 attributes = <u32>(at + 4 - klass.bytes)
    cdef Class* type = class_by_descriptor(t, klass.loader, descriptor.text, descriptor.length)
    cdef Object* component
    cdef Object* value
    cdef Method* accessor
    if type == NULL:
        return NULL
    component = object_new(t, known_class(&component_class, holder))
    if component == NULL:
        return NULL
    ref_store(component, known_field(&component_clazz, holder, b"clazz", b"Ljava/lang/Class;"), klass.mirror)
    ref_store(component, known_field(&component_type, holder, b"type", b"Ljava/lang/Class;"), type.mirror)
    value = string_intern_symbol(t, name)
    ref_store(component, known_field(&component_name, holder, b"name", b"Ljava/lang/String;"), value)
    accessor = accessor_of(klass, name, descriptor)
    if accessor != NULL:
        value = reflect_method(t, accessor)
        if value == NULL:
            return NULL
        ref_store(component, known_field(&component_accessor, holder, b"accessor", b"Ljava/lang/reflect/Method;"), value)
    value = member_signature(t, klass, attributes)
    ref_store(component, known_field(&component_signature, holder, b"signature", b"Ljava/lang/String;"), value)
    value = member_bytes(t, klass, attributes, b"RuntimeVisibleAnnotations")
    ref_store(component, known_field(&component_annotations, holder, b"annotations", b"[B"), value)
    value = member_bytes(t, klass, attributes, b"RuntimeVisibleTypeAnnotations")
    ref_store(component, known_field(&component_type_annotations, holder, b"typeAnnotations", b"[B"), value)
    return component if t.exception == NULL else NULL


cdef public void native_class_get_record_components(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef u32 length
    cdef const u8* at = find_attribute(klass, klass.attributes, b"Record", &length)
    cdef int count = bytes_u2(at) if at != NULL else 0
    cdef int i
    cdef int attributes
    cdef Object* component
    cdef Object* array = array_new_named(t, &component_array, b"[Ljava/lang/reflect/RecordComponent;", count)
    if array == NULL:
        return
    if at != NULL:
        at += 2
    for i in range(count):
        component = component_new(t, klass, at)
        if component == NULL:
            return
        array_set(array, i, component)
        # name, descriptor, attributes (JVMS §4.7.30)
        attributes = bytes_u2(at + 4)
        at += 6
        while attributes > 0:
            at += 6 + bytes_u4(at + 2)
            attributes -= 1
    result.a = array


# --- java.io.ObjectStreamClass ------------------------------------------------------------------------

# static boolean hasStaticInitializer(Class)
cdef public void native_class_has_initializer(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    result.i = mirror_class(args[0].a).class_flags & CLASS_HAS_CLINIT != 0
