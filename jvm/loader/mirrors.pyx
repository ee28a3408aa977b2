# See mirrors.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.memory.string cimport memcpy
from jvm.heap.heap cimport heap_allocate_slow
from jvm.heap.object cimport Object, SHAPE_PRIMITIVE_ARRAY, SHAPE_REF_ARRAY, SHAPE_UNLOADABLE, ref_store, window_base
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (
    ACC_ABSTRACT, ACC_FINAL, ACC_PRIVATE, ACC_PROTECTED, ACC_PUBLIC, ACC_SUPER, CLASS_CLONEABLE, CLASS_INITIALIZED,
    CLASS_TRUSTED, Class, JavaThread, Method, Symbol, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT,
    TYPE_INT, TYPE_LONG, TYPE_REFERENCE, TYPE_SHORT, TYPE_VOID, RESOLVED_CLASS)
from jvm.loader.dictionary cimport dictionary_add_array, dictionary_link
from jvm.loader.layout cimport layout_shift_statics
from jvm.loader.loader cimport (class_make_mirror, loader_boot, loader_for_each_class, loader_load_boot, loader_object)
from jvm.loader.memory cimport loader_alloc
from jvm.loader.messages cimport loader_throw
from jvm.loader.parser cimport find_attribute, pool_text, pool_u2
from jvm.loader.symbols cimport symbol_from, symbol_intern
from jvm.loader.wellknown cimport off, sym
from jvm.loader.module_graph cimport module_of
from jvm.runtime.exceptions cimport throw_out_of_memory
from kernel.memory.string cimport memcmp

cdef Class* primitives[TYPE_REFERENCE]   # by PrimitiveType
cdef Class* class_class
cdef u32 mirror_size
cdef int enabled
cdef JavaThread* enabling
cdef Object* java_base                   # java.lang.Module of java.base, once defined

cdef public void mirrors_forget() noexcept nogil:
    global class_class, mirror_size, enabled, java_base
    class_class = NULL
    mirror_size = 0
    enabled = 0
    java_base = NULL

cdef public int mirrors_enabled() noexcept nogil:
    return enabled

cdef public u32 mirrors_base() noexcept nogil:
    return mirror_size

# --- primitives --------------------------------------------------------------------------------------
cdef const char* primitive_name(int type) noexcept nogil:
    if type == TYPE_BOOLEAN: return b"boolean"
    elif type == TYPE_CHAR: return b"char"
    elif type == TYPE_FLOAT: return b"float"
    elif type == TYPE_DOUBLE: return b"double"
    elif type == TYPE_BYTE: return b"byte"
    elif type == TYPE_SHORT: return b"short"
    elif type == TYPE_INT: return b"int"
    elif type == TYPE_LONG: return b"long"
    return b"void"

cdef u8 primitive_letter(int type) noexcept nogil:
    if type == TYPE_BOOLEAN: return c'Z'
    elif type == TYPE_CHAR: return c'C'
    elif type == TYPE_FLOAT: return c'F'
    elif type == TYPE_DOUBLE: return c'D'
    elif type == TYPE_BYTE: return c'B'
    elif type == TYPE_SHORT: return c'S'
    elif type == TYPE_INT: return c'I'
    return c'J'

cdef u8 log_size(int type) noexcept nogil:
    if type == TYPE_LONG or type == TYPE_DOUBLE: return 3
    elif type == TYPE_CHAR or type == TYPE_SHORT: return 1
    elif type == TYPE_BYTE or type == TYPE_BOOLEAN: return 0
    return 2

cdef public int primitives_init() noexcept nogil:
    cdef int type
    cdef Class* klass
    for type in range(TYPE_BOOLEAN, TYPE_REFERENCE):
        klass = <Class*>loader_alloc(loader_boot(), sizeof(Class))
        if klass == NULL:
            return -1
        klass.name = symbol_from(primitive_name(type))
        klass.package = symbol_from(b"")
        klass.loader = loader_boot()
        klass.owner = klass.loader
        klass.type = <u8>type
        klass.access_flags = ACC_PUBLIC | ACC_FINAL | ACC_ABSTRACT
        klass.state = CLASS_INITIALIZED
        klass.class_flags = CLASS_TRUSTED
        primitives[type] = klass
        dictionary_link(klass)
    return 0

cdef public Class* class_primitive(int type) noexcept nogil:
    return primitives[type] if type >= TYPE_BOOLEAN and type < TYPE_REFERENCE else NULL

# --- arrays (JVMS §5.3.3) ----------------------------------------------------------------------------
cdef Symbol* array_name(Class* element) noexcept nogil:
    cdef u8 buffer[1024]
    cdef u8* text = buffer
    cdef u32 length = 1
    if element.name.length > 1000:
        text = <u8*>loader_alloc(element.owner, element.name.length + 4)
        if text == NULL:
            return NULL
    text[0] = c'['
    if element.type != TYPE_REFERENCE:
        text[1] = primitive_letter(element.type)
        length = 2
    elif element.dimensions != 0:
        memcpy(text + 1, element.name.text, element.name.length)
        length = 1 + element.name.length
    else:
        text[1] = c'L'
        memcpy(text + 2, element.name.text, element.name.length)
        text[2 + element.name.length] = c';'
        length = 3 + element.name.length
    return symbol_intern(text, length)

cdef public Class* class_array_of(JavaThread* t, Class* element) noexcept nogil:
    cdef Class* object_class
    cdef Class* klass
    if element.array != NULL:
        return element.array
    if element.dimensions == 255 or element.type == TYPE_VOID:
        loader_throw(t, b"java/lang/IllegalArgumentException", NULL)
        return NULL
    object_class = loader_load_boot(t, sym.java_lang_Object)
    if object_class == NULL:
        return NULL
    klass = <Class*>loader_alloc(element.owner, sizeof(Class) + sizeof(Method*) * object_class.vtable_length)
    if klass == NULL:
        loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
        return NULL
    klass.name = array_name(element)
    klass.interfaces = <Class**>loader_alloc(element.owner, 2 * sizeof(Class*))
    if klass.name == NULL or klass.interfaces == NULL:
        loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
        return NULL
    klass.shape.kind = SHAPE_REF_ARRAY if element.type == TYPE_REFERENCE else SHAPE_PRIMITIVE_ARRAY
    if not element.owner.permanent:
        klass.shape.kind |= SHAPE_UNLOADABLE
    klass.shape.log_element = 2 if element.type == TYPE_REFERENCE else log_size(element.type)
    klass.super_class = object_class
    klass.depth = 1
    klass.display[0] = object_class
    klass.display[1] = klass
    klass.access_flags = (element.access_flags & (ACC_PUBLIC | ACC_PRIVATE | ACC_PROTECTED)) | ACC_FINAL | ACC_ABSTRACT
    klass.state = CLASS_INITIALIZED
    klass.type = TYPE_REFERENCE
    klass.dimensions = element.dimensions + 1
    klass.element = element
    klass.loader = element.loader
    klass.owner = element.owner
    klass.package = element.package
    klass.class_flags = CLASS_CLONEABLE | CLASS_TRUSTED
    klass.vtable_length = object_class.vtable_length
    memcpy(klass.vtable, object_class.vtable, sizeof(Method*) * object_class.vtable_length)
    klass.interfaces[0] = loader_load_boot(t, sym.java_lang_Cloneable)
    klass.interfaces[1] = loader_load_boot(t, sym.java_io_Serializable)
    if klass.interfaces[0] == NULL or klass.interfaces[1] == NULL:
        return NULL
    klass.interface_count = 2
    klass.all_interfaces = klass.interfaces
    klass.all_interface_count = 2
    if enabled and class_make_mirror(t, klass, NULL) != 0:
        return NULL
    # Another thread may have made it meanwhile: the first one stays.
    return dictionary_add_array(element, klass)

# --- mirrors -----------------------------------------------------------------------------------------
cdef public Class* mirror_class(Object* mirror) noexcept nogil:
    cdef u32 klass = (<u32*>(<u8*>mirror + off.java_lang_Class_klass))[0]
    return <Class*>(window_base() + (<u64>klass << 3)) if klass != 0 else NULL

cdef public u32 class_modifiers(Class* klass) noexcept nogil:
    """JVMS table 4.7.6-A for a member class, else its own flags; without ACC_SUPER."""
    cdef u32 flags = klass.access_flags
    cdef const u8* at
    cdef const u8* text
    cdef u32 length, name_length, count, index
    cdef u16 entry
    if klass.dimensions != 0:
        while klass.element != NULL:
            klass = klass.element
        return (class_modifiers(klass) & (ACC_PUBLIC | ACC_PRIVATE | ACC_PROTECTED)) | ACC_FINAL | ACC_ABSTRACT
    at = find_attribute(klass, klass.attributes, b"InnerClasses", &length)
    if at != NULL and length >= 2:
        count = bytes_u2(at)
        if length < 2 + 8 * count:
            count = 0
        for index in range(count):
            entry = bytes_u2(at + 2 + 8 * index)
            if entry < klass.pool.count and klass.pool.tags[entry] == RESOLVED_CLASS:
                if klass.pool.values[entry].klass == klass:
                    flags = bytes_u2(at + 2 + 8 * index + 6)
                    break
                continue
            text = pool_text(&klass.pool, klass.bytes, pool_u2(klass, entry, 0), &name_length)
            if text != NULL and name_length == klass.name.length and memcmp(text, klass.name.text, name_length) == 0:
                flags = bytes_u2(at + 2 + 8 * index + 6)
                break
    return flags & 0x7FFF & ~<u32>ACC_SUPER

cdef public int class_make_mirror(JavaThread* t, Class* klass, Object* protection_domain) noexcept nogil:
    cdef Object* mirror
    cdef Object* module
    cdef u64 size = (<u64>mirror_size + klass.static_size + 7) & ~<u64>7
    mirror = heap_allocate_slow(&t.span, &class_class.shape, size)
    if mirror == NULL:
        return throw_out_of_memory(t, b"Java heap space")
    (<u32*>(<u8*>mirror + off.java_lang_Class_klass))[0] = <u32>(<u64>klass >> 3)
    ref_store(mirror, off.java_lang_Class_classLoader, loader_object(klass.loader))
    (<u16*>(<u8*>mirror + off.java_lang_Class_modifiers))[0] = <u16>class_modifiers(klass)
    if protection_domain != NULL:
        ref_store(mirror, off.java_lang_Class_protectionDomain, protection_domain)
    if klass.element != NULL:
        ref_store(mirror, off.java_lang_Class_componentType, klass.element.mirror)
        module = klass.element.module
    elif klass.type != TYPE_REFERENCE:
        (<u8*>mirror + off.java_lang_Class_primitive)[0] = 1
        module = java_base
    else:
        module = module_of(klass.loader, klass.name) if java_base != NULL else NULL
    ref_store(mirror, off.java_lang_Class_module, module)
    klass.module = module
    klass.mirror = mirror
    return 0

cdef public void mirrors_class_known(Class* klass) noexcept nogil:
    global mirror_size, class_class
    class_class = klass
    mirror_size = klass.shape.size
    loader_for_each_class(shift_statics)
    layout_shift_statics(klass, mirror_size)

cdef void shift_statics(Class* klass) noexcept nogil:
    layout_shift_statics(klass, mirror_size)

cdef void enable_one(Class* klass) noexcept nogil:
    if klass.mirror == NULL and enabling.exception == NULL and (klass.element == NULL or klass.element.mirror != NULL):
        class_make_mirror(enabling, klass, NULL)

cdef void enable_array(Class* klass) noexcept nogil:
    # An array's mirror needs its component's, which the list may hold later.
    cdef Class* array = klass.array
    while array != NULL and enabling.exception == NULL:
        enable_one(array)
        array = array.array

cdef public void mirrors_enable(JavaThread* t) noexcept nogil:
    global enabled, enabling
    enabled = 1
    enabling = t
    loader_for_each_class(enable_one)
    loader_for_each_class(enable_array)
    enabling = NULL

cdef void set_module(Class* klass) noexcept nogil:
    if klass.loader == loader_boot() and klass.module == NULL:
        klass.module = java_base
        if klass.mirror != NULL:
            ref_store(klass.mirror, off.java_lang_Class_module, java_base)

cdef public void classes_set_java_base(Object* module) noexcept nogil:
    global java_base
    java_base = module
    loader_for_each_class(set_module)
