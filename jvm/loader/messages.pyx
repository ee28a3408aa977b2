# See messages.pxd.
from kernel.types cimport u8, u32
from kernel.diagnostics.format cimport text_bytes, text_char, text_hex, text_init, text_string, text_unsigned
from kernel.memory.string cimport memcmp
from jvm.heap.object cimport Object, identity_hash, ref_load
from jvm.interpreter.describe cimport describe_class
from jvm.loader.access cimport CLASS_NOT_READABLE
from jvm.loader.classes cimport Class, JavaThread, LoaderData, Symbol, class_of
from jvm.loader.module_graph cimport module_of_class
from jvm.loader.wellknown cimport off
from jvm.runtime.exceptions cimport throw_named, throw_with_cause
from jvm.runtime.strings cimport string_to_utf8

ctypedef void (*Thrower)(JavaThread* t, const char* class_name, const char* text) noexcept nogil

cdef Thrower replacement

cdef public void loader_set_thrower(void (*thrower)(JavaThread* t, const char* class_name, const char* text) noexcept nogil) noexcept nogil:
    global replacement
    replacement = thrower

cdef public int loader_throw(JavaThread* t, const char* class_name, const char* text) noexcept nogil:
    if replacement != NULL:
        replacement(t, class_name, text)
        return -1
    return throw_named(t, class_name, text)

cdef public int loader_throw_cause(JavaThread* t, const char* class_name, const char* text, Object* cause) noexcept nogil:
    if replacement != NULL:
        replacement(t, class_name, text)
        return -1
    return throw_with_cause(t, class_name, text, cause)

cdef public int message_throw(JavaThread* t, const char* class_name, LoaderText* m) noexcept nogil:
    return loader_throw(t, class_name, m.text.data)

cdef public void message_init(LoaderText* m, const char* start) noexcept nogil:
    text_init(&m.text, m.buffer, MESSAGE_CAPACITY)
    text_string(&m.text, start)

cdef public void message_add(LoaderText* m, const char* text) noexcept nogil:
    text_string(&m.text, text)

cdef public void message_number(LoaderText* m, u32 number) noexcept nogil:
    text_unsigned(&m.text, number)

cdef public void message_hex(LoaderText* m, u32 number) noexcept nogil:
    """Upper-case digits without leading zeros, as printf's %X."""
    cdef int shift = 28
    cdef u32 digit
    while shift > 0 and (number >> shift) == 0:
        shift -= 4
    while shift >= 0:
        digit = (number >> shift) & 15
        text_char(&m.text, <char>(c'0' + digit if digit < 10 else c'A' + digit - 10))
        shift -= 4

cdef public void message_symbol(LoaderText* m, Symbol* symbol) noexcept nogil:
    text_bytes(&m.text, <const char*>symbol.text, symbol.length)

cdef void add_dotted(LoaderText* m, const u8* text, u32 length) noexcept nogil:
    cdef u32 i
    for i in range(length):
        text_char(&m.text, <char>(c'.' if text[i] == c'/' else text[i]))

cdef public u32 message_type(LoaderText* m, Symbol* descriptor, u32 at) noexcept nogil:
    cdef u32 dimensions = 0
    cdef u32 start
    cdef u8 letter
    while at < descriptor.length and descriptor.text[at] == c'[':
        dimensions += 1
        at += 1
    letter = descriptor.text[at] if at < descriptor.length else 0
    at += 1
    if letter == c'B': message_add(m, b"byte")
    elif letter == c'C': message_add(m, b"char")
    elif letter == c'D': message_add(m, b"double")
    elif letter == c'F': message_add(m, b"float")
    elif letter == c'I': message_add(m, b"int")
    elif letter == c'J': message_add(m, b"long")
    elif letter == c'S': message_add(m, b"short")
    elif letter == c'Z': message_add(m, b"boolean")
    elif letter == c'V': message_add(m, b"void")
    elif letter == c'L':
        start = at
        while at < descriptor.length and descriptor.text[at] != c';':
            at += 1
        add_dotted(m, descriptor.text + start, at - start)
        at += 1
    while dimensions > 0:
        message_add(m, b"[]")
        dimensions -= 1
    return at

cdef public void message_dots(LoaderText* m, Symbol* symbol) noexcept nogil:
    if symbol.length > 0 and symbol.text[0] == c'[':
        message_type(m, symbol, 0)
    else:
        add_dotted(m, symbol.text, symbol.length)

cdef public void message_class(LoaderText* m, Class* klass) noexcept nogil:
    describe_class(&m.text, klass)

cdef public void message_method(LoaderText* m, Symbol* holder, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef u32 at = 0
    cdef u32 count = 0
    while at < descriptor.length and descriptor.text[at] != c')':
        at += 1
    message_add(m, b"'")
    message_type(m, descriptor, at + 1)
    message_add(m, b" ")
    if holder != NULL:
        message_dots(m, holder)
        message_add(m, b".")
    message_symbol(m, name)
    message_add(m, b"(")
    at = 1
    while at < descriptor.length and descriptor.text[at] != c')':
        if count > 0:
            message_add(m, b", ")
        at = message_type(m, descriptor, at)
        count += 1
    message_add(m, b")'")

cdef public void message_loader(LoaderText* m, LoaderData* data) noexcept nogil:
    add_loader_object(m, data.object if data != NULL else NULL)

cdef void add_loader_object(LoaderText* m, Object* loader) noexcept nogil:
    cdef char buffer[256]
    cdef Object* name = NULL
    if loader == NULL:
        message_add(m, b"'bootstrap'")
        return
    if off.java_lang_ClassLoader_nameAndId != 0:
        name = ref_load(loader, off.java_lang_ClassLoader_nameAndId)
    if name == NULL:
        message_dots(m, class_of(loader).name)
        return
    string_to_utf8(name, <u8*>buffer, 256)
    message_add(m, buffer)

cdef Class* bottom(Class* klass) noexcept nogil:
    while klass.element != NULL:
        klass = klass.element
    return klass

cdef void add_module_of(LoaderText* m, Class* element, const char* before) noexcept nogil:
    """`before` and a module's name, or "unnamed module"."""
    cdef char buffer[256]
    cdef Object* name = NULL
    if element.module != NULL and off.java_lang_Module_name != 0:
        name = ref_load(element.module, off.java_lang_Module_name)
    if name != NULL:
        string_to_utf8(name, <u8*>buffer, 256)
        message_add(m, before)
        message_add(m, buffer)
    elif element.loader == NULL or element.loader.object == NULL:
        message_add(m, before)
        message_add(m, b"java.base")                     # before the module system is up
    else:
        message_add(m, b"unnamed module")

cdef public void message_module_name(LoaderText* m, Class* klass) noexcept nogil:
    add_module_of(m, bottom(klass), b"")

cdef public void message_module(LoaderText* m, Class* a, Class* b) noexcept nogil:
    cdef Class* element = bottom(a)
    message_class(m, a)
    if b != NULL:
        message_add(m, b" and ")
        message_class(m, b)
    message_add(m, b" are in " if b != NULL else b" is in ")
    add_module_of(m, element, b"module ")
    message_add(m, b" of loader ")
    message_loader(m, element.loader)

cdef public void message_module_parent(LoaderText* m, Class* a) noexcept nogil:
    cdef LoaderData* data = bottom(a).loader
    message_module(m, a, NULL)
    # The class library's own loaders (jdk.internal.loader.ClassLoaders) are known without their parents.
    if data != NULL and data.object != NULL and off.java_lang_ClassLoader_parent != 0 \
            and not (class_of(data.object).loader.object == NULL
                     and memcmp(class_of(data.object).name.text, b"jdk/internal/loader/ClassLoaders$", 33) == 0):
        message_add(m, b", parent loader ")
        add_loader_object(m, ref_load(data.object, off.java_lang_ClassLoader_parent))

cdef void add_module(LoaderText* m, Object* module) noexcept nogil:
    """"module java.base", or an unnamed module by its identity."""
    cdef char buffer[256]
    cdef Object* name = ref_load(module, off.java_lang_Module_name)
    if name != NULL:
        message_add(m, b"module ")
        string_to_utf8(name, <u8*>buffer, 256)
        message_add(m, buffer)
    else:
        message_add(m, b"unnamed module @0x")
        text_hex(&m.text, <u32>identity_hash(module), 1)

cdef public void message_module_access(LoaderText* m, int access, Class* caller, Class* target) noexcept nogil:
    cdef Class* element = bottom(target)
    cdef Object* reader = module_of_class(caller)
    cdef Object* module = module_of_class(element)
    message_add(m, b"class ")
    message_class(m, caller)
    message_add(m, b" (in ")
    add_module(m, reader)
    message_add(m, b") cannot access class ")
    message_class(m, element)
    message_add(m, b" (in ")
    add_module(m, module)
    message_add(m, b") because ")
    if access == CLASS_NOT_READABLE:
        add_module(m, reader)
        message_add(m, b" does not read ")
        add_module(m, module)
    else:
        add_module(m, module)
        message_add(m, b" does not export ")
        message_dots(m, element.package)
        message_add(m, b" to ")
        add_module(m, reader)

cdef public void message_where(LoaderText* m, Class* a, Class* b) noexcept nogil:
    cdef Class* x = bottom(a)
    cdef Class* y = bottom(b)
    message_add(m, b" (")
    # A class that is being defined has no module yet: it will have its loader's.
    if x.loader == y.loader and (x.module == y.module or x.module == NULL or y.module == NULL):
        message_module(m, a, b)
    else:
        message_module(m, a, NULL)
        message_add(m, b"; ")
        message_module(m, b, NULL)
    message_add(m, b")")
