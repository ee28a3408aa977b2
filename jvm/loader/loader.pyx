# Class loaders and loading (JVMS §5.3); see loader.pxd.
from kernel.types cimport u8, u32, u64
from kernel.files.errno cimport ENOMEM
from kernel.files.vfs cimport VFS_O_RDONLY, vfs_map, vfs_open
from kernel.memory.arena cimport arena_init
from kernel.memory.string cimport memcpy, memset, strcmp
from kernel.threads.cpu cimport events_mask, events_unmask
from jvm.heap.object cimport Object, ref_load
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport Class, JavaThread, LoaderData, Method, Slot, Symbol, class_of
from jvm.loader.constraints cimport constraint_admit, constraint_violated, constraints_forget
from jvm.loader.define cimport define_class, define_hidden_class
from jvm.loader.descriptors cimport descriptor_skip, descriptor_type
from jvm.loader.dictionary cimport Loading, dictionary_add, dictionary_find, dictionary_forget, loading_begin, loading_end
from jvm.loader.jimage cimport jimage_find_class, jimage_open, jimage_package_module
from jvm.loader.memory cimport loader_alloc, metadata_forget, metadata_record
from jvm.loader.messages cimport (
    LoaderText, loader_throw, loader_throw_cause, message_add, message_init, message_symbol, message_throw)
from jvm.loader.mirrors cimport mirrors_forget, primitives_init
from jvm.loader.parser cimport PARSE_TRUSTED, PARSE_VM_ANNOTATIONS
from jvm.loader.symbols cimport symbol_intern, symbol_matches, symbols_forget, symbols_init
from jvm.loader.unloading cimport unloading_make_room
from jvm.loader.wellknown cimport mid, off, wk
from jvm.loader.module_graph cimport module_of
from jvm.runtime.strings cimport string_from_symbol
from jvm.loader.loader cimport class_array_of, class_is_subtype, class_primitive, mirror_class

cdef enum:
    # What a hidden class takes beside its file, about: for each byte of it, and in any case.
    HIDDEN_FACTOR = 3
    HIDDEN_MORE = 1024

cdef LoaderData boot
cdef LoaderData* loaders                 # all but the boot loader's; hidden classes' own ones too

cdef public int loader_init_memory(const u8* image, u64 size) noexcept nogil:
    cdef int error = jimage_open(image, size)
    if error != 0:
        return error
    symbols_init()
    arena_init(&boot.arena)
    boot.permanent = 1
    return -ENOMEM if primitives_init() != 0 else 0

cdef public void loader_forget() noexcept nogil:
    global loaders
    memset(&boot, 0, sizeof(LoaderData))
    loaders = NULL
    metadata_forget()
    mirrors_forget()
    dictionary_forget()
    constraints_forget()
    symbols_forget()

cdef public int loader_init() noexcept nogil:
    cdef void* address
    cdef u64 size
    cdef int fd = vfs_open(b"/boot/jdk/lib/modules", VFS_O_RDONLY, 0)
    cdef int error
    if fd < 0:
        return fd
    error = vfs_map(fd, &address, &size)                         # the descriptor stays open, and so does the mapping
    if error < 0:
        return error
    return loader_init_memory(<const u8*>address, size)

cdef public LoaderData* loader_boot() noexcept nogil:
    return &boot

cdef public Object* loader_object(LoaderData* data) noexcept nogil:
    return data.object

cdef bint is_permanent(Object* loader) noexcept nogil:
    """The platform and the application loader, which live as long as the machine."""
    cdef Class* klass = class_of(loader)
    return klass.loader == &boot and (symbol_matches(klass.name, b"jdk/internal/loader/ClassLoaders$PlatformClassLoader")
                                      or symbol_matches(klass.name, b"jdk/internal/loader/ClassLoaders$AppClassLoader"))

cdef LoaderData* add_record(Object* loader, LoaderData* host, u64 bytes) noexcept nogil:
    global loaders
    cdef LoaderData* data = metadata_record(loader, host, bytes)
    if data != NULL:
        data.next = loaders
        loaders = data
    return data

cdef public LoaderData* loader_of(Object* loader) noexcept nogil:
    cdef LoaderData* data
    cdef u64* cell
    if loader == NULL:
        return &boot
    cell = <u64*>(<u8*>loader + off.java_lang_ClassLoader_loader_data)
    events_mask()
    data = <LoaderData*>cell[0]
    if data == NULL:
        data = add_record(loader, NULL, 0)
        if data != NULL:
            data.permanent = is_permanent(loader)
            cell[0] = <u64>data
    events_unmask()
    return data

cdef public LoaderData** loader_records() noexcept nogil:
    return &loaders

cdef public Class* loader_find_loaded(LoaderData* data, Symbol* name) noexcept nogil:
    return dictionary_find(data, name) if data != NULL and name != NULL else NULL

cdef public LoaderData* loader_known(Object* loader) noexcept nogil:
    return <LoaderData*>(<u64*>(<u8*>loader + off.java_lang_ClassLoader_loader_data))[0]

cdef public void loader_for_each_class(void (*visit)(Class* klass) noexcept nogil) noexcept nogil:
    cdef LoaderData* data = &boot
    cdef Class* klass
    while data != NULL:
        klass = data.classes             # later ones come before it: this walk sees all that were there
        while klass != NULL:
            visit(klass)
            klass = klass.next_in_loader
        data = loaders if data == &boot else data.next

cdef public void loader_metadata(u64* used, u64* held) noexcept nogil:
    cdef LoaderData* data = &boot
    used[0] = 0
    held[0] = 0
    while data != NULL:
        used[0] += data.arena.used
        held[0] += data.arena.held
        data = loaders if data == &boot else data.next

# --- the boot loader ---------------------------------------------------------------------------------
cdef const u8* find_in_image(Symbol* name, u64* size) noexcept nogil:
    """Bytes of a class that the boot loader may define: its package is in a module that was defined
    to it; before any was, in java.base."""
    cdef u32 end = name.length
    cdef const char* module
    cdef Object* owner
    while end > 0 and name.text[end - 1] != c'/':
        end -= 1
    if end == 0:
        return NULL
    module = jimage_package_module(name.text, end - 1)
    if module == NULL:
        return NULL
    if strcmp(module, b"java.base") != 0:
        owner = module_of(&boot, name)
        if owner == NULL or ref_load(owner, off.java_lang_Module_name) == NULL:
            return NULL
    return jimage_find_class(module, name.text, name.length, size)

cdef public Class* loader_load_boot(JavaThread* t, Symbol* name) noexcept nogil:
    cdef Class* klass
    cdef const u8* bytes
    cdef u64 size
    cdef Loading loading
    cdef int state
    if name == NULL:
        return NULL
    if name.length > 0 and name.text[0] == c'[':
        return load_array(t, &boot, name, 0)
    while True:
        klass = dictionary_find(&boot, name)
        if klass != NULL:
            return klass
        bytes = find_in_image(name, &size)
        if bytes == NULL or size >> 32 != 0:
            return NULL
        state = loading_begin(t, &loading, &boot, name, 1)
        if state < 0:
            return NULL
        if state > 0:
            continue
        klass = dictionary_find(&boot, name)
        if klass == NULL:
            klass = define_class(t, &boot, name, bytes, <u32>size, NULL, PARSE_TRUSTED | PARSE_VM_ANNOTATIONS)
        loading_end(&loading)
        return klass

# --- other loaders -----------------------------------------------------------------------------------
cdef Class* not_found(JavaThread* t, Symbol* name, int error) noexcept nogil:
    """What a loader's failure means to the one who asked.  A pending ClassNotFoundException becomes the
    cause of a NoClassDefFoundError; others stay."""
    cdef Object* cause = t.exception
    if cause != NULL:
        if error and wk.java_lang_ClassNotFoundException != NULL \
                and class_is_subtype(class_of(cause), wk.java_lang_ClassNotFoundException):
            t.exception = NULL
            loader_throw_cause(t, b"java/lang/NoClassDefFoundError", <const char*>name.text, cause)
        return NULL
    loader_throw(t, b"java/lang/NoClassDefFoundError" if error else b"java/lang/ClassNotFoundException",
                 <const char*>name.text)
    return NULL

cdef Class* load_through(JavaThread* t, LoaderData* data, Symbol* name, int error) noexcept nogil:
    """ClassLoader.loadClass, and the checks of JVMS §5.3.2 on what it gives."""
    cdef Slot arguments[2]
    cdef Slot result
    cdef Method* method = mid.java_lang_ClassLoader_loadClass
    cdef Class* klass
    cdef Class* there = NULL
    cdef bint admitted
    cdef LoaderText m
    arguments[0].a = data.object
    arguments[1].a = string_from_symbol(t, name, 1)
    if arguments[1].a == NULL:
        return NULL
    method = class_of(data.object).vtable[method.vtable_index]
    if java_call(t, method, arguments, &result) != 0:
        return not_found(t, name, error)
    if result.a == NULL:
        return not_found(t, name, error)
    klass = mirror_class(result.a)
    if klass.name != name:
        message_init(&m, b"")
        message_symbol(&m, name)
        message_add(&m, b" (wrong name: ")
        message_symbol(&m, klass.name)
        message_add(&m, b")")
        message_throw(t, b"java/lang/NoClassDefFoundError", &m)
        return NULL
    events_mask()
    admitted = constraint_admit(data, klass)
    if admitted:
        there = dictionary_add(data, klass)
    events_unmask()
    if not admitted:
        constraint_violated(t, data, klass)
        return NULL
    if there == NULL:                    # the entry is what keeps the class: without it, it could go
        loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
        return NULL
    return klass

cdef Class* load_array(JavaThread* t, LoaderData* data, Symbol* name, int error) noexcept nogil:
    cdef u32 dimensions = 0
    cdef u32 length
    cdef const u8* text
    cdef Class* klass
    cdef Symbol* element
    if descriptor_skip(name.text, name.length, 0) != name.length:
        return not_found(t, name, error)
    while name.text[dimensions] == c'[':
        dimensions += 1
    text = name.text + dimensions
    length = name.length - dimensions
    if text[0] == c'L':
        element = symbol_intern(text + 1, length - 2)
        if element == NULL:
            loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
            return NULL
        klass = class_load(t, data, element, error)
    else:
        klass = class_primitive(descriptor_type(text[0]))
    while klass != NULL and dimensions > 0:
        klass = class_array_of(t, klass)
        dimensions -= 1
    return klass

cdef public Class* class_load(JavaThread* t, LoaderData* data, Symbol* name, int not_found_error) noexcept nogil:
    cdef Class* klass
    if data == NULL or name == NULL:     # there was no memory to make it
        loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
        return NULL
    if name.length > 0 and name.text[0] == c'[':
        return load_array(t, data, name, not_found_error)
    klass = dictionary_find(data, name)
    if klass != NULL:
        return klass
    if data != &boot:
        return load_through(t, data, name, not_found_error)
    klass = loader_load_boot(t, name)
    if klass == NULL and t.exception == NULL:
        return not_found(t, name, not_found_error)
    return klass

cdef public Class* class_by_descriptor(JavaThread* t, LoaderData* data, const u8* text, u32 length) noexcept nogil:
    """The class of a field descriptor, or of V."""
    cdef Symbol* name
    if length == 1:
        return class_primitive(descriptor_type(text[0]))
    if length > 2 and text[0] == c'L':
        return class_load(t, data, symbol_intern(text + 1, length - 2), 1)
    return class_load(t, data, symbol_intern(text, length), 1)

# --- defining (ClassLoader.defineClass) --------------------------------------------------------------

cdef u8* copy_of(JavaThread* t, LoaderData* data, const u8* bytes, u32 length) noexcept nogil:
    cdef u8* copy = <u8*>loader_alloc(data, length) if data != NULL else NULL
    if copy == NULL:
        loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
    else:
        memcpy(copy, bytes, length)
    return copy

cdef public Class* class_define_hidden(JavaThread* t, LoaderData* data, Symbol* expected, const u8* bytes, u32 length,
                                       Object* protection_domain, int vm_annotations, bint strong, Class* nest_host,
                                       Object* class_data) noexcept nogil:
    cdef LoaderData* owner = data
    cdef u8* copy
    # What the class library makes for itself, lambda forms above all, is trusted as it is.
    cdef u32 flags = PARSE_TRUSTED if data == &boot else 0
    unloading_make_room(length)
    if data != NULL and not strong:
        events_mask()
        owner = add_record(data.object, data, HIDDEN_FACTOR * <u64>length + HIDDEN_MORE)
        events_unmask()
    copy = copy_of(t, owner, bytes, length)
    if copy == NULL:
        return NULL
    return define_hidden_class(t, data, owner, expected, copy, length, protection_domain,
                               flags | (PARSE_VM_ANNOTATIONS if vm_annotations else 0), nest_host, class_data)

cdef public Class* class_define(JavaThread* t, LoaderData* data, Symbol* expected, const u8* bytes, u32 length,
                                Object* protection_domain, int mapped) noexcept nogil:
    cdef Slot arguments[2]
    cdef Class* klass
    cdef u8* copy = <u8*>bytes
    unloading_make_room(length)
    if not mapped:
        copy = copy_of(t, data, bytes, length)
        if copy == NULL:
            return NULL
    klass = define_class(t, data, expected, copy, length, protection_domain, 0)
    if klass == NULL or data == &boot:
        return klass
    # The loader's Java half keeps the classes it defined (ClassLoader.classes).
    arguments[0].a = data.object
    arguments[1].a = klass.mirror
    if java_call(t, mid.java_lang_ClassLoader_addClass, arguments, NULL) != 0:
        return NULL
    return klass
