# jdk.internal.reflect.ConstantPool: the constant pool of a class, for annotations.
from kernel.types cimport u8, u16, u32, i32
from jvm.heap.object cimport Object, array_set
from jvm.loader.classes cimport (Class, Field, JavaThread, Method, Slot, Symbol, CONSTANT_Class, CONSTANT_Double, CONSTANT_Fieldref,
                                 CONSTANT_Float, CONSTANT_Integer, CONSTANT_InterfaceMethodref, CONSTANT_Long, CONSTANT_Methodref,
                                 CONSTANT_NameAndType, CONSTANT_String, CONSTANT_Utf8, METHOD_INITIALIZER, RESOLVED_CLASS)
from jvm.loader.loader cimport class_find_field, class_find_method, loader_find_loaded, mirror_class
from jvm.loader.resolution cimport resolve_class, resolve_string
from jvm.natives.members cimport reflect_constructor, reflect_field, reflect_method
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.parser cimport pool_class_name
from jvm.natives.support cimport array_new_named, pool_member, pool_name_and_type, pool_tag, pool_utf8, throw_text
from jvm.runtime.exceptions cimport throw_named
from jvm.runtime.strings cimport string_from_symbol


# args: this, the mirror, index.  The class, if entry `index` has this tag; else NULL with
# IllegalArgumentException thrown.
cdef Class* checked(JavaThread* t, Slot* args, int tag) noexcept nogil:
    cdef Class* klass = mirror_class(args[1].a)
    if args[2].i <= 0 or args[2].i >= klass.pool.count:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Constant pool index out of bounds")
        return NULL
    if pool_tag(klass, <u16>args[2].i) != tag:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Wrong type at constant pool index")
        return NULL
    return klass


cdef public void native_pool_get_size(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = mirror_class(args[1].a).pool.count


cdef public void native_pool_get_tag(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[1].a)
    if args[2].i <= 0 or args[2].i >= klass.pool.count:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Constant pool index out of bounds")
        return
    result.i = pool_tag(klass, <u16>args[2].i)


# Numbers are stored as they are when the class is parsed (jvm/loader/classes.pxd, ConstantValue).
cdef public void native_pool_get_int(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = checked(t, args, CONSTANT_Integer)
    if klass != NULL:
        result.i = klass.pool.values[args[2].i].i


cdef public void native_pool_get_float(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = checked(t, args, CONSTANT_Float)
    if klass != NULL:
        result.i = klass.pool.values[args[2].i].i


cdef public void native_pool_get_long(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = checked(t, args, CONSTANT_Long)
    if klass != NULL:
        result.l = klass.pool.values[args[2].i].l


cdef public void native_pool_get_double(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = checked(t, args, CONSTANT_Double)
    if klass != NULL:
        result.l = klass.pool.values[args[2].i].l


cdef public void native_pool_get_utf8(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = checked(t, args, CONSTANT_Utf8)
    if klass != NULL:
        result.a = string_from_symbol(t, pool_utf8(klass, <u16>args[2].i), 0)


cdef public void native_pool_get_string(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = checked(t, args, CONSTANT_String)
    if klass != NULL:
        result.a = resolve_string(t, klass, <u16>args[2].i)


cdef public void native_pool_get_class(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = checked(t, args, CONSTANT_Class)
    cdef Class* found
    if klass != NULL:
        found = resolve_class(t, klass, <u16>args[2].i)
        if found != NULL:
            result.a = found.mirror


cdef public void native_pool_get_class_if_loaded(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = checked(t, args, CONSTANT_Class)
    cdef Class* found
    result.a = NULL
    if klass != NULL:
        found = loader_find_loaded(klass.loader, pool_class_name(klass, <u16>args[2].i))
        if found != NULL:
            result.a = found.mirror


# --- member references --------------------------------------------------------------------------------

# The member that a reference names, or NULL (thrown only for a bad index, or when `load` fails to load).
cdef Object* member(JavaThread* t, Slot* args, int want_field, int load) noexcept nogil:
    cdef Class* klass = mirror_class(args[1].a)
    cdef u16 index = <u16>args[2].i
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef Class* holder
    cdef Field* field
    cdef Method* method
    cdef int tag
    if args[2].i <= 0 or args[2].i >= klass.pool.count:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Constant pool index out of bounds")
        return NULL
    if pool_member(klass, index, &owner, &name, &descriptor) != 0:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Wrong type at constant pool index")
        return NULL
    tag = pool_tag(klass, index)
    if load and (tag == CONSTANT_Fieldref or tag == CONSTANT_Methodref or tag == CONSTANT_InterfaceMethodref):
        holder = resolve_class(t, klass, bytes_u2(klass.bytes + klass.pool.offsets[index]))
        if holder == NULL:
            return NULL
    else:
        holder = loader_find_loaded(klass.loader, owner)
        if holder == NULL:
            return NULL
    if want_field:
        field = class_find_field(holder, name, descriptor)
        if field != NULL:
            return reflect_field(t, field)
        throw_named(t, b"java/lang/NoSuchFieldError", <const char*>name.text)
        return NULL
    method = class_find_method(holder, name, descriptor)
    if method == NULL:
        throw_named(t, b"java/lang/NoSuchMethodError", <const char*>name.text)
        return NULL
    return reflect_constructor(t, method) if method.flags & METHOD_INITIALIZER else reflect_method(t, method)


cdef public void native_pool_get_field(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = member(t, args, 1, 1)


cdef public void native_pool_get_field_if_loaded(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = member(t, args, 1, 0)


cdef public void native_pool_get_method(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = member(t, args, 0, 1)


cdef public void native_pool_get_method_if_loaded(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = member(t, args, 0, 0)


cdef Class* string_array


cdef void put_symbol(JavaThread* t, Object* array, i32 index, Symbol* symbol) noexcept nogil:
    cdef Object* text
    if array != NULL and t.exception == NULL and symbol != NULL:
        text = string_from_symbol(t, symbol, 0)
        array_set(array, index, text)


# String[] {class name, name, descriptor}
cdef public void native_pool_get_member_info(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = mirror_class(args[1].a)
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef Object* array
    if args[2].i <= 0 or args[2].i >= klass.pool.count or pool_member(klass, <u16>args[2].i, &owner, &name, &descriptor) != 0:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Wrong type at constant pool index")
        return
    array = array_new_named(t, &string_array, b"[Ljava/lang/String;", 3)
    put_symbol(t, array, 0, owner)
    put_symbol(t, array, 1, name)
    put_symbol(t, array, 2, descriptor)
    result.a = array


# String[] {name, descriptor}
cdef public void native_pool_get_name_and_type(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Class* klass = checked(t, args, CONSTANT_NameAndType)
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef Object* array
    if klass == NULL:
        return
    pool_name_and_type(klass, <u16>args[2].i, &name, &descriptor)
    array = array_new_named(t, &string_array, b"[Ljava/lang/String;", 2)
    put_symbol(t, array, 0, name)
    put_symbol(t, array, 1, descriptor)
    result.a = array


# The indices inside a member reference that has not been resolved.
cdef void reference_index(JavaThread* t, Slot* args, Slot* result, int offset) noexcept nogil:
    cdef Class* klass = mirror_class(args[1].a)
    cdef int tag
    if args[2].i <= 0 or args[2].i >= klass.pool.count:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Constant pool index out of bounds")
        return
    tag = pool_tag(klass, <u16>args[2].i)
    if tag != CONSTANT_Fieldref and tag != CONSTANT_Methodref and tag != CONSTANT_InterfaceMethodref:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Wrong type at constant pool index")
        return
    result.i = bytes_u2(klass.bytes + klass.pool.offsets[args[2].i] + offset)


cdef public void native_pool_get_class_index(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    reference_index(t, args, result, 0)


cdef public void native_pool_get_name_and_type_index(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    reference_index(t, args, result, 2)
