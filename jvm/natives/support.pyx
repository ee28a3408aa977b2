# What the native methods share; see support.pxd.
#
# Invariant: nothing here keeps state but caches that every thread fills with the same value.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from kernel.diagnostics.format cimport Text, text_init, text_signed, text_string
from kernel.diagnostics.panic cimport panic
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcpy, strlen
from jvm.heap.heap cimport HEAP_CAUSE_ALLOCATION, heap_collect, heap_new, heap_new_array
from jvm.heap.object cimport Object, Shape, array_data
from jvm.interpreter.interpreter cimport java_call
from jvm.natives.support cimport pool_utf8
from jvm.loader.classes cimport (Class, Field, JavaThread, Method, Slot, Symbol, CLASS_LINKED, CONSTANT_Class, CONSTANT_Dynamic, CONSTANT_Fieldref,
                               CONSTANT_InterfaceMethodref, CONSTANT_MethodHandle, CONSTANT_MethodType, CONSTANT_Methodref, CONSTANT_NameAndType, CONSTANT_String,
                               CONSTANT_Utf8, RESOLVED_CLASS, RESOLVED_DYNAMIC, RESOLVED_DYNAMIC_VALUE, RESOLVED_FIELD, RESOLVED_LINK,
                               RESOLVED_METHOD, RESOLVED_METHOD_HANDLE, RESOLVED_METHOD_TYPE, RESOLVED_STRING, TYPE_BYTE, CLASS_INITIALIZED)
from jvm.loader.loader cimport (class_array_of, class_by_descriptor, class_find_field, class_initialize, class_link, class_named_method, class_primitive,
                                loader_boot, loader_find_loaded, loader_load_boot)
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.parser cimport pool_class_name
from jvm.loader.symbols cimport symbol_from
from jvm.runtime.exceptions cimport fatal_out_of_memory, throw_named, throw_out_of_memory
from jvm.runtime.strings cimport string_copy_utf8, string_from_modified_utf8, string_from_symbol, string_to_utf8
from jvm.runtime.thread cimport java_thread_current


cdef bint out_of_symbols


cdef void missing(const char* klass, const char* name, const char* descriptor) noexcept nogil:
    cdef char buffer[256]
    cdef Text text
    cdef JavaThread* t = java_thread_current()
    text_init(&text, buffer, sizeof(buffer))
    if t.exception != NULL or out_of_symbols:
        # The member is there; it could not be loaded.
        text_string(&text, klass)
        text_string(&text, name)
        fatal_out_of_memory(buffer)
    text_string(&text, b"the class library has no ")
    text_string(&text, klass)
    text_string(&text, b".")
    text_string(&text, name)
    text_string(&text, descriptor)
    panic(buffer)


# symbol_from, noting when there was no memory for a symbol.
cdef Symbol* symbol(const char* text) noexcept nogil:
    global out_of_symbols
    cdef Symbol* found = symbol_from(text)
    if found == NULL:
        out_of_symbols = True
    return found


cdef public Class* known_class_slow(Class** cache, const char* name) noexcept nogil:
    cdef JavaThread* t = java_thread_current()
    cdef Object* pending = t.exception
    cdef Class* klass
    cdef int attempt
    # What only lacked memory may succeed after a collection that clears soft references.
    for attempt in range(2):
        t.exception = NULL
        if name[0] == c'[':
            klass = class_by_descriptor(t, loader_boot(), <const u8*>name, <u32>strlen(name))
        else:
            klass = loader_load_boot(t, symbol(name))
        if klass != NULL and (klass.state >= CLASS_LINKED or class_link(t, klass) == 0):
            t.exception = pending
            cache[0] = klass
            return klass
        if t.exception == NULL and not out_of_symbols:
            break
        if attempt == 0:
            heap_collect(1, HEAP_CAUSE_ALLOCATION)
    missing(name, b"", b"class")
    return NULL


cdef public u32 known_field_slow(u32* cache, const char* klass, const char* name, const char* descriptor) noexcept nogil:
    cdef Class* holder = NULL
    known_class_slow(&holder, klass)
    cdef Field* field = class_find_field(holder, symbol(name), symbol(descriptor))
    if field == NULL:
        missing(klass, name, descriptor)
    cache[0] = field.offset
    return field.offset


cdef public Method* known_method_slow(Method** cache, const char* klass, const char* name, const char* descriptor) noexcept nogil:
    cdef Class* holder = NULL
    known_class_slow(&holder, klass)
    cdef Method* method = class_named_method(holder, name, descriptor)
    if method == NULL:
        missing(klass, name, descriptor)
    cache[0] = method
    return method


cdef public Object* object_new(JavaThread* t, Class* klass) noexcept nogil:
    cdef Object* o = heap_new(&t.span, &klass.shape)
    if o == NULL:
        throw_out_of_memory(t, b"Java heap space")
    return o


cdef public Object* array_new(JavaThread* t, Class* array_class, i32 length) noexcept nogil:
    cdef char digits[16]
    cdef Text text
    if length < 0:
        text_init(&text, digits, sizeof(digits))
        text_signed(&text, length)
        throw_named(t, b"java/lang/NegativeArraySizeException", digits)
        return NULL
    cdef Object* o = heap_new_array(&t.span, &array_class.shape, length)
    if o == NULL:
        throw_out_of_memory(t, b"Java heap space")
    return o


cdef public Object* array_new_primitive(JavaThread* t, int type, i32 length) noexcept nogil:
    cdef Class* array_class = class_array_of(t, class_primitive(type))
    return array_new(t, array_class, length) if array_class != NULL else NULL


cdef public Object* array_new_named(JavaThread* t, Class** cache, const char* array_class, i32 length) noexcept nogil:
    if cache[0] == NULL:
        known_class_slow(cache, array_class)
    return array_new(t, cache[0], length)


cdef public Object* bytes_new(JavaThread* t, const void* bytes, u32 length) noexcept nogil:
    cdef Object* array = array_new_primitive(t, TYPE_BYTE, <i32>length)
    if array != NULL:
        memcpy(array_data(array), bytes, length)
    return array


cdef public Object* class_name_string(JavaThread* t, Class* klass) noexcept nogil:
    cdef Class* bottom = klass
    cdef char* text
    cdef Object* name
    cdef u32 index
    cdef u32 plus
    while bottom.element != NULL:
        bottom = bottom.element
    if not bottom.is_hidden:
        return string_from_symbol(t, klass.name, 1)
    # A hidden class: the last plus stands where its name has a slash.
    text = <char*>kmalloc(klass.name.length)
    if text == NULL:
        throw_out_of_memory(t, b"class name")
        return NULL
    plus = 0
    for index in range(klass.name.length):
        text[index] = c'.' if klass.name.text[index] == c'/' else <char>klass.name.text[index]
        if text[index] == c'+':
            plus = index
    text[plus] = c'/'
    name = string_from_modified_utf8(t, <const u8*>text, klass.name.length)
    kfree(text)
    return name


cdef public Object* object_construct(JavaThread* t, Method* constructor, Slot* arguments, int slots) noexcept nogil:
    cdef Slot all[16]
    cdef int i
    cdef Object* o
    if constructor.holder.state != CLASS_INITIALIZED and class_initialize(t, constructor.holder) != 0:
        return NULL
    o = object_new(t, constructor.holder)
    if o == NULL:
        return NULL
    all[0].a = o
    for i in range(slots):
        all[1 + i] = arguments[i]
    if java_call(t, constructor, all, NULL) != 0:
        return NULL
    return o


cdef public void throw_text(JavaThread* t, const char* klass, const char* text) noexcept nogil:
    throw_named(t, klass, text)


cdef public void throw_errno(JavaThread* t, const char* klass, i64 error) noexcept nogil:
    throw_named(t, klass, error_text(error))


cdef public void throw_unsupported(JavaThread* t, const char* method) noexcept nogil:
    cdef char buffer[256]
    cdef Text text
    text_init(&text, buffer, sizeof(buffer))
    text_string(&text, method)
    text_string(&text, b" is not supported by this machine")
    throw_named(t, b"java/lang/UnsupportedOperationException", buffer)


cdef public char* text_of(JavaThread* t, Object* string, char* buffer, u32 capacity) noexcept nogil:
    cdef char* copy
    if string_to_utf8(string, <u8*>buffer, capacity) < capacity:
        return buffer
    copy = string_copy_utf8(string)
    if copy == NULL:
        throw_out_of_memory(t, b"native memory")
    return copy


cdef public void text_release(char* text, char* buffer) noexcept nogil:
    if text != buffer:
        kfree(text)


cdef public void native_nothing(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    pass


# --- constants ----------------------------------------------------------------------------------------

cdef public int pool_tag(Class* klass, u16 index) noexcept nogil:
    cdef int tag
    if index == 0 or index >= klass.pool.count:
        return 0
    tag = klass.pool.tags[index]
    if tag == RESOLVED_CLASS:
        return CONSTANT_Class
    elif tag == RESOLVED_STRING:
        return CONSTANT_String
    elif tag == RESOLVED_METHOD_HANDLE:
        return CONSTANT_MethodHandle
    elif tag == RESOLVED_METHOD_TYPE:
        return CONSTANT_MethodType
    elif tag == RESOLVED_DYNAMIC or tag == RESOLVED_DYNAMIC_VALUE:
        return CONSTANT_Dynamic
    return tag


cdef public void pool_name_and_type(Class* klass, u16 index, Symbol** name, Symbol** descriptor) noexcept nogil:
    cdef const u8* entry
    name[0] = NULL
    descriptor[0] = NULL
    if index == 0 or index >= klass.pool.count or klass.pool.tags[index] != CONSTANT_NameAndType:
        return
    entry = klass.bytes + klass.pool.offsets[index]
    name[0] = pool_utf8(klass, bytes_u2(entry))
    descriptor[0] = pool_utf8(klass, bytes_u2(entry + 2))


cdef public int pool_member(Class* klass, u16 index, Symbol** owner, Symbol** name, Symbol** descriptor) noexcept nogil:
    cdef const u8* entry
    cdef Field* field
    cdef Method* method
    cdef int tag = klass.pool.tags[index] if index != 0 and index < klass.pool.count else 0
    if klass.bytes != NULL and (tag == RESOLVED_FIELD or tag == RESOLVED_METHOD or tag == RESOLVED_LINK):
        tag = klass.bytes[klass.pool.offsets[index] - 1]     # the class that the entry names may be a subclass of the holder
    if tag == RESOLVED_FIELD:
        field = klass.pool.values[index].field
        owner[0] = field.holder.name
        name[0] = field.name
        descriptor[0] = field.descriptor
    elif tag == RESOLVED_METHOD or tag == RESOLVED_LINK:
        method = klass.pool.values[index].method if tag == RESOLVED_METHOD else klass.pool.values[index].link.site
        owner[0] = method.holder.name
        name[0] = method.name
        descriptor[0] = method.descriptor
    elif tag == CONSTANT_Fieldref or tag == CONSTANT_Methodref or tag == CONSTANT_InterfaceMethodref:
        entry = klass.bytes + klass.pool.offsets[index]
        owner[0] = pool_class_name(klass, bytes_u2(entry))
        pool_name_and_type(klass, bytes_u2(entry + 2), name, descriptor)
    else:
        return -1
    return 0 if owner[0] != NULL and name[0] != NULL else -1
