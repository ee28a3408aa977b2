# java.lang.reflect.Method, Field, Constructor, Parameter: made from members of loaded classes.
#
# Invariant: `slot` of such an object is the index in its class's methods or fields.
from kernel.types cimport u8, u16, u32, i32
from jvm.heap.object cimport Object, array_set, ref_load, ref_store
from jvm.loader.classes cimport (Class, Field, JavaThread, Method, Slot, Symbol, ACC_NATIVE, ACC_PUBLIC, ACC_STATIC, METHOD_CLASS_INITIALIZER,
                                 METHOD_INITIALIZER, METHOD_INTRINSIC, class_of)
from jvm.loader.loader cimport class_by_descriptor, class_link, mirror_class
from jvm.loader.resolution cimport resolve_class
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.parser cimport find_attribute
from jvm.natives.support cimport (array_new_named, bytes_new, field_int, field_set_byte, field_set_int, known_class, known_field,
                                  object_new, pool_utf8)
from jvm.runtime.exceptions cimport throw_named
from jvm.runtime.strings cimport string_from_symbol, string_intern_symbol

# The flags of the class file: an intrinsic's ACC_NATIVE is the interpreter's affair.
cdef i32 modifiers_of(Method* method) noexcept nogil:
    return method.access_flags & ~ACC_NATIVE if method.flags & METHOD_INTRINSIC else method.access_flags


cdef Class* class_array
cdef Class* method_class
cdef Class* method_array
cdef Class* constructor_class
cdef Class* constructor_array
cdef Class* field_class
cdef Class* field_array
cdef Class* parameter_class
cdef Class* parameter_array


cdef public u32 descriptor_length(const u8* text) noexcept nogil:
    cdef u32 at = 0
    while text[at] == c'[':
        at += 1
    if text[at] == c'L':
        while text[at] != c';':
            at += 1
    return at + 1


cdef public Object* member_signature(JavaThread* t, Class* klass, u32 attributes) noexcept nogil:
    cdef u32 length
    cdef const u8* data = find_attribute(klass, attributes, b"Signature", &length)
    cdef Symbol* text = pool_utf8(klass, bytes_u2(data)) if data != NULL else NULL
    return string_from_symbol(t, text, 0) if text != NULL else NULL


cdef public Object* member_bytes(JavaThread* t, Class* klass, u32 attributes, const char* name) noexcept nogil:
    cdef u32 length
    cdef const u8* data = find_attribute(klass, attributes, name, &length)
    return bytes_new(t, data, length) if data != NULL else NULL


cdef public Object* parameter_types(JavaThread* t, Method* method, Class** return_type) noexcept nogil:
    cdef const u8* at = method.descriptor.text + 1
    cdef i32 count = 0
    cdef i32 i
    cdef u32 length
    cdef Class* klass
    cdef Object* array
    while at[0] != c')':
        at += descriptor_length(at)
        count += 1
    array = array_new_named(t, &class_array, b"[Ljava/lang/Class;", count)
    if array == NULL:
        return NULL
    at = method.descriptor.text + 1
    for i in range(count):
        length = descriptor_length(at)
        klass = class_by_descriptor(t, method.holder.loader, at, length)
        if klass == NULL:
            return NULL
        array_set(array, i, klass.mirror)
        at += length
    at += 1
    return_type[0] = class_by_descriptor(t, method.holder.loader, at, descriptor_length(at))
    return array if return_type[0] != NULL else NULL


# Class[] of the Exceptions attribute (JVMS §4.7.5).
cdef Object* exception_types(JavaThread* t, Method* method) noexcept nogil:
    cdef u32 length
    cdef const u8* data = find_attribute(method.holder, method.attributes, b"Exceptions", &length)
    cdef i32 count = bytes_u2(data) if data != NULL else 0
    cdef i32 i
    cdef Class* klass
    cdef Object* array = array_new_named(t, &class_array, b"[Ljava/lang/Class;", count)
    if array == NULL:
        return NULL
    for i in range(count):
        klass = resolve_class(t, method.holder, bytes_u2(data + 2 + 2 * i))
        if klass == NULL:
            return NULL
        array_set(array, i, klass.mirror)
    return array


# --- methods and constructors -------------------------------------------------------------------------

cdef u32 method_clazz
cdef u32 method_slot
cdef u32 method_name
cdef u32 method_parameters
cdef u32 method_return
cdef u32 method_exceptions
cdef u32 method_modifiers
cdef u32 method_signature
cdef u32 method_annotations
cdef u32 method_parameter_annotations
cdef u32 method_default


cdef public Object* reflect_method(JavaThread* t, Method* method) noexcept nogil:
    cdef const char* holder = b"java/lang/reflect/Method"
    cdef Class* klass = method.holder
    cdef Class* returned
    cdef Object* value
    cdef Object* parameters = parameter_types(t, method, &returned)
    cdef Object* exceptions
    cdef Object* o
    if parameters == NULL:
        return NULL
    exceptions = exception_types(t, method)
    if exceptions == NULL:
        return NULL
    o = object_new(t, known_class(&method_class, holder))
    if o == NULL:
        return NULL
    ref_store(o, known_field(&method_clazz, holder, b"clazz", b"Ljava/lang/Class;"), klass.mirror)
    field_set_int(o, known_field(&method_slot, holder, b"slot", b"I"), method.slot)
    ref_store(o, known_field(&method_parameters, holder, b"parameterTypes", b"[Ljava/lang/Class;"), parameters)
    ref_store(o, known_field(&method_return, holder, b"returnType", b"Ljava/lang/Class;"), returned.mirror)
    ref_store(o, known_field(&method_exceptions, holder, b"exceptionTypes", b"[Ljava/lang/Class;"), exceptions)
    field_set_int(o, known_field(&method_modifiers, holder, b"modifiers", b"I"), modifiers_of(method))
    value = string_intern_symbol(t, method.name)
    ref_store(o, known_field(&method_name, holder, b"name", b"Ljava/lang/String;"), value)
    value = member_signature(t, klass, method.attributes)
    ref_store(o, known_field(&method_signature, holder, b"signature", b"Ljava/lang/String;"), value)
    value = member_bytes(t, klass, method.attributes, b"RuntimeVisibleAnnotations")
    ref_store(o, known_field(&method_annotations, holder, b"annotations", b"[B"), value)
    value = member_bytes(t, klass, method.attributes, b"RuntimeVisibleParameterAnnotations")
    ref_store(o, known_field(&method_parameter_annotations, holder, b"parameterAnnotations", b"[B"), value)
    value = member_bytes(t, klass, method.attributes, b"AnnotationDefault")
    ref_store(o, known_field(&method_default, holder, b"annotationDefault", b"[B"), value)
    return o if t.exception == NULL else NULL


cdef u32 constructor_clazz
cdef u32 constructor_slot
cdef u32 constructor_parameters
cdef u32 constructor_exceptions
cdef u32 constructor_modifiers
cdef u32 constructor_signature
cdef u32 constructor_annotations
cdef u32 constructor_parameter_annotations


cdef public Object* reflect_constructor(JavaThread* t, Method* method) noexcept nogil:
    cdef const char* holder = b"java/lang/reflect/Constructor"
    cdef Class* klass = method.holder
    cdef Class* returned
    cdef Object* value
    cdef Object* parameters = parameter_types(t, method, &returned)
    cdef Object* exceptions
    cdef Object* o
    if parameters == NULL:
        return NULL
    exceptions = exception_types(t, method)
    if exceptions == NULL:
        return NULL
    o = object_new(t, known_class(&constructor_class, holder))
    if o == NULL:
        return NULL
    ref_store(o, known_field(&constructor_clazz, holder, b"clazz", b"Ljava/lang/Class;"), klass.mirror)
    field_set_int(o, known_field(&constructor_slot, holder, b"slot", b"I"), method.slot)
    ref_store(o, known_field(&constructor_parameters, holder, b"parameterTypes", b"[Ljava/lang/Class;"), parameters)
    ref_store(o, known_field(&constructor_exceptions, holder, b"exceptionTypes", b"[Ljava/lang/Class;"), exceptions)
    field_set_int(o, known_field(&constructor_modifiers, holder, b"modifiers", b"I"), modifiers_of(method))
    value = member_signature(t, klass, method.attributes)
    ref_store(o, known_field(&constructor_signature, holder, b"signature", b"Ljava/lang/String;"), value)
    value = member_bytes(t, klass, method.attributes, b"RuntimeVisibleAnnotations")
    ref_store(o, known_field(&constructor_annotations, holder, b"annotations", b"[B"), value)
    value = member_bytes(t, klass, method.attributes, b"RuntimeVisibleParameterAnnotations")
    ref_store(o, known_field(&constructor_parameter_annotations, holder, b"parameterAnnotations", b"[B"), value)
    return o if t.exception == NULL else NULL


cdef public Method* method_of(Object* executable) noexcept nogil:
    cdef Object* mirror
    cdef i32 slot
    cdef Class* klass
    if class_of(executable) == known_class(&constructor_class, b"java/lang/reflect/Constructor"):
        mirror = ref_load(executable, known_field(&constructor_clazz, b"java/lang/reflect/Constructor", b"clazz", b"Ljava/lang/Class;"))
        slot = field_int(executable, known_field(&constructor_slot, b"java/lang/reflect/Constructor", b"slot", b"I"))
    else:
        mirror = ref_load(executable, known_field(&method_clazz, b"java/lang/reflect/Method", b"clazz", b"Ljava/lang/Class;"))
        slot = field_int(executable, known_field(&method_slot, b"java/lang/reflect/Method", b"slot", b"I"))
    klass = mirror_class(mirror)
    return &klass.methods[slot]


# Class.getDeclaredMethods0 and getDeclaredConstructors0: in the order of the class file.
cdef void declared(JavaThread* t, Slot* args, Slot* result, int constructors) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef int public_only = args[1].i
    cdef i32 count = 0
    cdef int i
    cdef Method* method
    cdef Object* array
    cdef Object* o
    if klass.dimensions == 0 and klass.bytes != NULL and class_link(t, klass) != 0:
        return
    for i in range(klass.method_count):
        if wanted(&klass.methods[i], public_only, constructors):
            count += 1
    if constructors:
        array = array_new_named(t, &constructor_array, b"[Ljava/lang/reflect/Constructor;", count)
    else:
        array = array_new_named(t, &method_array, b"[Ljava/lang/reflect/Method;", count)
    if array == NULL:
        return
    count = 0
    for i in range(klass.method_count):
        method = &klass.methods[i]
        if wanted(method, public_only, constructors):
            o = reflect_constructor(t, method) if constructors else reflect_method(t, method)
            if o == NULL:
                return
            array_set(array, count, o)
            count += 1
    result.a = array


cdef int wanted(Method* method, int public_only, int constructors) noexcept nogil:
    if public_only and not method.access_flags & ACC_PUBLIC:
        return 0
    if method.flags & METHOD_CLASS_INITIALIZER:
        return 0
    return (method.flags & METHOD_INITIALIZER != 0) == constructors


cdef public void native_class_get_declared_methods(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    declared(t, args, result, 0)


cdef public void native_class_get_declared_constructors(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    declared(t, args, result, 1)


# --- fields -------------------------------------------------------------------------------------------

cdef u32 field_clazz
cdef u32 field_slot
cdef u32 field_name
cdef u32 field_type
cdef u32 field_modifiers
cdef u32 field_trusted
cdef u32 field_signature
cdef u32 field_annotations


cdef public Object* reflect_field(JavaThread* t, Field* field) noexcept nogil:
    cdef const char* holder = b"java/lang/reflect/Field"
    cdef Class* klass = field.holder
    cdef Class* type = class_by_descriptor(t, klass.loader, field.descriptor.text, field.descriptor.length)
    cdef Object* value
    cdef Object* o
    if type == NULL:
        return NULL
    o = object_new(t, known_class(&field_class, holder))
    if o == NULL:
        return NULL
    ref_store(o, known_field(&field_clazz, holder, b"clazz", b"Ljava/lang/Class;"), klass.mirror)
    field_set_int(o, known_field(&field_slot, holder, b"slot", b"I"), field.slot)
    ref_store(o, known_field(&field_type, holder, b"type", b"Ljava/lang/Class;"), type.mirror)
    field_set_int(o, known_field(&field_modifiers, holder, b"modifiers", b"I"), field.access_flags)
    field_set_byte(o, known_field(&field_trusted, holder, b"trustedFinal", b"Z"), field.trusted_final)
    value = string_intern_symbol(t, field.name)
    ref_store(o, known_field(&field_name, holder, b"name", b"Ljava/lang/String;"), value)
    value = member_signature(t, klass, field.attributes)
    ref_store(o, known_field(&field_signature, holder, b"signature", b"Ljava/lang/String;"), value)
    value = member_bytes(t, klass, field.attributes, b"RuntimeVisibleAnnotations")
    ref_store(o, known_field(&field_annotations, holder, b"annotations", b"[B"), value)
    return o if t.exception == NULL else NULL


cdef public Field* field_of(Object* field) noexcept nogil:
    cdef Class* klass = mirror_class(ref_load(field, known_field(&field_clazz, b"java/lang/reflect/Field", b"clazz", b"Ljava/lang/Class;")))
    return &klass.fields[field_int(field, known_field(&field_slot, b"java/lang/reflect/Field", b"slot", b"I"))]


cdef public void native_class_get_declared_fields(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[0].a)
    cdef int public_only = args[1].i
    cdef i32 count = 0
    cdef int i
    cdef Object* array
    cdef Object* o
    if klass.dimensions == 0 and klass.bytes != NULL and class_link(t, klass) != 0:
        return
    for i in range(klass.field_count):
        if not public_only or klass.fields[i].access_flags & ACC_PUBLIC:
            count += 1
    array = array_new_named(t, &field_array, b"[Ljava/lang/reflect/Field;", count)
    if array == NULL:
        return
    count = 0
    for i in range(klass.field_count):
        if not public_only or klass.fields[i].access_flags & ACC_PUBLIC:
            o = reflect_field(t, &klass.fields[i])
            if o == NULL:
                return
            array_set(array, count, o)
            count += 1
    result.a = array


cdef public void native_field_get_type_annotation_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Field* field = field_of(args[0].a)
    result.a = member_bytes(t, field.holder, field.attributes, b"RuntimeVisibleTypeAnnotations")


# --- java.lang.reflect.Executable ---------------------------------------------------------------------

cdef public void native_executable_get_type_annotation_bytes(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Method* method = method_of(args[0].a)
    result.a = member_bytes(t, method.holder, method.attributes, b"RuntimeVisibleTypeAnnotations")


cdef u32 parameter_name
cdef u32 parameter_modifiers
cdef u32 parameter_executable
cdef u32 parameter_index


# Parameter[] of MethodParameters (JVMS §4.7.24), or null when the method has no such attribute.
cdef public void native_executable_get_parameters(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const char* holder = b"java/lang/reflect/Parameter"
    cdef Method* method = method_of(args[0].a)
    cdef u32 length
    cdef const u8* data = find_attribute(method.holder, method.attributes, b"MethodParameters", &length)
    cdef int count
    cdef int i
    cdef u16 index
    cdef Object* array
    cdef Object* o
    cdef Object* name
    cdef Symbol* symbol
    result.a = NULL
    if data == NULL:
        return
    count = data[0]
    array = array_new_named(t, &parameter_array, b"[Ljava/lang/reflect/Parameter;", count)
    if array == NULL:
        return
    for i in range(count):
        index = bytes_u2(data + 1 + 4 * i)
        symbol = pool_utf8(method.holder, index)
        if index != 0 and symbol == NULL:
            throw_named(t, b"java/lang/IllegalArgumentException", b"Wrong type at constant pool index")
            return
        name = string_intern_symbol(t, symbol) if symbol != NULL else NULL
        if t.exception != NULL:
            return
        o = object_new(t, known_class(&parameter_class, holder))
        if o == NULL:
            return
        ref_store(o, known_field(&parameter_name, holder, b"name", b"Ljava/lang/String;"), name)
        field_set_int(o, known_field(&parameter_modifiers, holder, b"modifiers", b"I"), bytes_u2(data + 3 + 4 * i))
        ref_store(o, known_field(&parameter_executable, holder, b"executable", b"Ljava/lang/reflect/Executable;"), args[0].a)
        field_set_int(o, known_field(&parameter_index, holder, b"index", b"I"), i)
        array_set(array, i, o)
    result.a = array
