# Finding fields and methods by name and descriptor, and subtyping: the find_* functions of loader.pxd.
from kernel.types cimport u8, u16, u32
from jvm.loader.classes cimport (
    ACC_INTERFACE, ACC_PUBLIC, ACC_STATIC, Class, Field, METHOD_POLYMORPHIC, Method, Symbol, TYPE_REFERENCE)
from jvm.loader.symbols cimport symbol_find
from jvm.loader.tables cimport interface_method_find
from jvm.loader.wellknown cimport sym
from kernel.memory.string cimport strlen

cdef public Method* class_find_declared(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef u32 index
    cdef u16 key = <u16>name.hash
    cdef u16* keys = klass.method_keys
    cdef Method* method
    for index in range(klass.method_count):
        if keys[index] == key:
            method = &klass.methods[index]
            if method.name == name and method.descriptor == descriptor:
                return method
    return NULL

cdef public Method* class_find_polymorphic(Class* klass, Symbol* name) noexcept nogil:
    """JVMS §2.9.3: MethodHandle and VarHandle declare one method of the name, for all descriptors."""
    cdef u32 index
    for index in range(klass.method_count):
        if klass.methods[index].name == name:
            return &klass.methods[index] if klass.methods[index].flags & METHOD_POLYMORPHIC else NULL
    return NULL

cdef public Method* class_find_in_supers(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef Method* method
    while klass != NULL:
        method = class_find_declared(klass, name, descriptor)
        if method != NULL:
            return method
        klass = klass.super_class
    return NULL

cdef public Method* class_find_method(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil:
    """JVMS §5.4.3.3 and §5.4.3.4 without access checks."""
    cdef Method* method
    cdef Method* conflict
    if klass.access_flags & ACC_INTERFACE:
        method = class_find_declared(klass, name, descriptor)
        if method != NULL:
            return method
        # Of Object's methods an interface has the public instance ones.
        if klass.super_class != NULL:
            method = class_find_declared(klass.super_class, name, descriptor)
            if method != NULL and method.access_flags & (ACC_PUBLIC | ACC_STATIC) == ACC_PUBLIC:
                return method
    else:
        method = class_find_in_supers(klass, name, descriptor)
        if method != NULL:
            return method
    method = interface_method_find(klass, name, descriptor, &conflict)
    if method != NULL:
        return method
    return NULL

cdef public Field* class_find_declared_field(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef u32 index
    for index in range(klass.field_count):
        if klass.fields[index].name == name and klass.fields[index].descriptor == descriptor:
            return &klass.fields[index]
    return NULL

cdef public Field* class_find_field(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil:
    """JVMS §5.4.3.2: the class, its direct superinterfaces (each with its own), its superclass."""
    cdef Field* field
    cdef u32 index
    while klass != NULL:
        field = class_find_declared_field(klass, name, descriptor)
        if field != NULL:
            return field
        for index in range(klass.interface_count):
            field = class_find_field(klass.interfaces[index], name, descriptor)
            if field != NULL:
                return field
        if klass.access_flags & ACC_INTERFACE:
            return NULL
        klass = klass.super_class
    return NULL

cdef public Method* class_named_method(Class* klass, const char* name, const char* descriptor) noexcept nogil:
    # A text that was never interned names nothing.
    cdef Symbol* name_symbol = symbol_find(<const u8*>name, <u32>strlen(name))
    cdef Symbol* descriptor_symbol = symbol_find(<const u8*>descriptor, <u32>strlen(descriptor))
    if name_symbol == NULL or descriptor_symbol == NULL:
        return NULL
    return class_find_declared(klass, name_symbol, descriptor_symbol)

cdef public void* field_static_address(Field* field) noexcept nogil:
    return <u8*>field.holder.mirror + field.offset if field.holder.mirror != NULL else NULL

cdef public int class_is_subtype_slow(Class* sub, Class* of) noexcept nogil:
    cdef u32 index
    while True:
        if sub == of:
            return 1
        if of.dimensions != 0:
            # §6.5 checkcast: arrays of references as their components are, arrays of primitives only themselves.
            if sub.dimensions == 0 or sub.element.type != TYPE_REFERENCE or of.element.type != TYPE_REFERENCE:
                return 0
            sub = sub.element
            of = of.element
            continue
        if of.access_flags & ACC_INTERFACE:
            if sub.dimensions != 0:
                return of.name == sym.java_lang_Cloneable or of.name == sym.java_io_Serializable
            for index in range(sub.all_interface_count):
                if sub.all_interfaces[index] == of:
                    return 1
            return 0
        sub = sub.super_class
        while sub != NULL:
            if sub == of:
                return 1
            sub = sub.super_class
        return 0
