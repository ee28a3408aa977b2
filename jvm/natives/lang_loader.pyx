# java.lang.ClassLoader, jdk.internal.loader.*: defining classes, and libraries that are part of the image.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.boot.config cimport config_flag
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memcmp, memcpy, strlen
from jvm.heap.object cimport Object, array_data, array_length, ref_store
from jvm.loader.access cimport nest_host
from jvm.loader.classes cimport Class, JavaThread, LoaderData, Slot, Symbol, TYPE_BOOLEAN
from jvm.loader.loader cimport (class_define, class_define_hidden, class_initialize, class_link, loader_boot, loader_find_loaded, loader_load_boot,
                                loader_of, mirror_class)
from jvm.loader.tables cimport same_package
from jvm.natives.foreign cimport LIBRARY_FUNCTIONS
from jvm.natives.support cimport (array_new_named, array_new_primitive, field_long, field_set_int, field_set_long, known_class, known_field,
                                  object_new, throw_text)
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.strings cimport string_from, string_to_symbol, string_to_utf8


cdef void define(JavaThread* t, Object* loader, Object* name, const u8* bytes, i32 length, Object* domain, Slot* result) noexcept nogil:
    cdef Symbol* expected = string_to_symbol(name, 1) if name != NULL else NULL
    cdef Class* klass = class_define(t, loader_of(loader), expected, bytes, <u32>length, domain, 0)
    result.a = klass.mirror if klass != NULL else NULL


# defineClass1(ClassLoader loader, String name, byte[] b, int off, int len, ProtectionDomain pd, String source)
cdef public void native_loader_define_class1(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[2].a == NULL:
        throw_null_pointer(t)
    elif args[3].i < 0 or args[4].i < 0 or <i64>args[3].i + args[4].i > array_length(args[2].a):
        throw_named(t, b"java/lang/ArrayIndexOutOfBoundsException", NULL)
    else:
        define(t, args[0].a, args[1].a, array_data(args[2].a) + args[3].i, args[4].i, args[5].a, result)


cdef u32 buffer_address


# defineClass2(ClassLoader loader, String name, ByteBuffer b, int off, int len, ProtectionDomain pd, String source):
# the buffer is a direct one.
cdef public void native_loader_define_class2(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[2].a == NULL:
        throw_null_pointer(t)
        return
    define(t, args[0].a, args[1].a,
           <const u8*>field_long(args[2].a, known_field(&buffer_address, b"java/nio/Buffer", b"address", b"J")) + args[3].i, args[4].i,
           args[5].a, result)


# Flags of defineClass0 (MethodHandleNatives.Constants).
cdef enum:
    NESTMATE_CLASS = 1
    HIDDEN_CLASS = 2
    STRONG_LOADER_LINK = 4
    ACCESS_VM_ANNOTATIONS = 8


# defineClass0(ClassLoader loader, Class lookup, String name, byte[] b, int off, int len, ProtectionDomain pd, boolean initialize,
# int flags, Object classData)
cdef public void native_loader_define_class0(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef LoaderData* data = loader_of(args[0].a)
    cdef int flags = args[8].i
    cdef Symbol* expected
    cdef Class* lookup
    cdef Class* host = NULL
    cdef Class* klass
    result.a = NULL
    if args[1].a == NULL:
        throw_named(t, b"java/lang/IllegalArgumentException", b"Lookup class is null")
        return
    if args[3].a == NULL:
        throw_null_pointer(t)
        return
    if args[4].i < 0 or args[5].i < 0 or <i64>args[4].i + args[5].i > array_length(args[3].a):
        throw_named(t, b"java/lang/ArrayIndexOutOfBoundsException", NULL)
        return
    lookup = mirror_class(args[1].a)
    expected = string_to_symbol(args[2].a, 1) if args[2].a != NULL else NULL
    if not flags & HIDDEN_CLASS:
        if flags & NESTMATE_CLASS or args[9].a != NULL:
            throw_named(t, b"java/lang/IllegalArgumentException", b"classData is only applicable for hidden classes")
            return
        klass = class_define(t, data, expected, array_data(args[3].a) + args[4].i, <u32>args[5].i, args[6].a, 0)
    else:
        if flags & NESTMATE_CLASS:
            host = nest_host(t, lookup)
            if host == NULL:
                return
        klass = class_define_hidden(t, data, expected, array_data(args[3].a) + args[4].i, <u32>args[5].i, args[6].a,
                                    flags & ACCESS_VM_ANNOTATIONS, flags & STRONG_LOADER_LINK, host, args[9].a)
    if klass == NULL:
        return
    if not flags & HIDDEN_CLASS and not same_package(lookup, klass):
        throw_named(t, b"java/lang/IllegalArgumentException", b"Lookup class and defined class are in different packages")
        return
    if (class_initialize(t, klass) if args[7].i != 0 else class_link(t, klass)) == 0:
        result.a = klass.mirror


cdef public void native_unsafe_define_class(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    # Unsafe.defineClass0(this, String name, byte[] b, int off, int len, ClassLoader loader, ProtectionDomain pd)
    if args[2].a == NULL:
        throw_null_pointer(t)
    elif args[3].i < 0 or args[4].i < 0 or <i64>args[3].i + args[4].i > array_length(args[2].a):
        throw_named(t, b"java/lang/ArrayIndexOutOfBoundsException", NULL)
    else:
        define(t, args[5].a, args[1].a, array_data(args[2].a) + args[3].i, args[4].i, args[6].a, result)


cdef public void native_loader_find_bootstrap_class(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Symbol* name = string_to_symbol(args[0].a, 1)
    cdef Class* klass = loader_load_boot(t, name) if name != NULL else NULL
    result.a = klass.mirror if klass != NULL else NULL


cdef public void native_loader_find_loaded_class(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Symbol* name
    cdef Class* klass
    result.a = NULL
    if args[1].a == NULL:
        return
    name = string_to_symbol(args[1].a, 1)
    klass = loader_find_loaded(loader_of(args[0].a), name) if name != NULL else NULL
    if klass != NULL:
        result.a = klass.mirror


# --- assertions: -ea or -da for all classes; directives for single ones are not read from the command line ---

cdef Class* directives_class
cdef Class* string_array
cdef u32 directives_classes
cdef u32 directives_class_enabled
cdef u32 directives_packages
cdef u32 directives_package_enabled
cdef u32 directives_default


cdef public void native_loader_retrieve_directives(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const char* holder = b"java/lang/AssertionStatusDirectives"
    cdef Object* names = array_new_named(t, &string_array, b"[Ljava/lang/String;", 0)
    cdef Object* flags
    cdef Object* o
    if names == NULL:
        return
    flags = array_new_primitive(t, TYPE_BOOLEAN, 0)
    if flags == NULL:
        return
    o = object_new(t, known_class(&directives_class, holder))
    if o == NULL:
        return
    ref_store(o, known_field(&directives_classes, holder, b"classes", b"[Ljava/lang/String;"), names)
    ref_store(o, known_field(&directives_class_enabled, holder, b"classEnabled", b"[Z"), flags)
    ref_store(o, known_field(&directives_packages, holder, b"packages", b"[Ljava/lang/String;"), names)
    ref_store(o, known_field(&directives_package_enabled, holder, b"packageEnabled", b"[Z"), flags)
    (<u8*>o)[known_field(&directives_default, holder, b"deflt", b"Z")] = config_flag(b"assertions")
    result.a = o


# --- libraries ----------------------------------------------------------------------------------------
# The class library's own libraries (libnet.so, …) are part of the image: their native methods are bound
# by the table, so loading one only has to succeed.  Others do not exist.

cdef int is_builtin(const char* name) noexcept nogil:
    # `name` without "lib" and ".so".
    return (same(name, b"java") or same(name, b"net") or same(name, b"nio") or same(name, b"zip") or same(name, b"jimage")
            or same(name, b"extnet") or same(name, b"management") or same(name, b"management_ext") or same(name, b"prefs")
            or same(name, b"verify") or same(name, b"rmi") or same(name, b"awt") or same(name, b"syslookup") or same(name, b"fallbackLinker"))


cdef int same(const char* a, const char* b) noexcept nogil:
    cdef u64 length = strlen(a)
    return length == strlen(b) and memcmp(a, b, length) == 0


# NativeLibraries.findBuiltinLib("libnet.so") → "net", or null.
cdef public void native_libraries_find_builtin(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char name[64]
    cdef u32 length
    result.a = NULL
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    length = string_to_utf8(args[0].a, <u8*>name, sizeof(name))
    if length < 7 or length >= sizeof(name) or memcmp(name, b"lib", 3) != 0 or memcmp(name + length - 3, b".so", 3) != 0:
        return
    name[length - 3] = 0
    if is_builtin(name + 3):
        result.a = string_from(t, name + 3)


cdef u32 library_handle
cdef u32 library_version


# NativeLibraries.load(NativeLibraryImpl impl, String name, boolean isBuiltin, boolean throwExceptionIfFail)
cdef public void native_libraries_load(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef const char* holder = b"jdk/internal/loader/NativeLibraries$NativeLibraryImpl"
    cdef char text[512]
    cdef u32 length
    result.i = 0
    if args[2].i != 0:
        string_to_utf8(args[1].a, <u8*>text, sizeof(text))
        field_set_long(args[0].a, known_field(&library_handle, holder, b"handle", b"J"), LIBRARY_FUNCTIONS if same(text, b"syslookup") else 1)
        field_set_int(args[0].a, known_field(&library_version, holder, b"jniVersion", b"I"), 0x00180000)    # JNI_VERSION_24
        result.i = 1
    elif args[3].i != 0:
        length = string_to_utf8(args[1].a, <u8*>text, sizeof(text) - 64)
        length = length if length < sizeof(text) - 64 else <u32>(sizeof(text) - 65)
        memcpy(text + length, b": shared libraries cannot be loaded into this machine", 54)
        throw_named(t, b"java/lang/UnsatisfiedLinkError", text)


# System.mapLibraryName("x") → "libx.so"
cdef public void native_system_map_library_name(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char text[264]
    cdef u32 length
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    memcpy(text, b"lib", 3)
    length = string_to_utf8(args[0].a, <u8*>text + 3, 240)
    if length >= 240:
        throw_named(t, b"java/lang/IllegalArgumentException", b"name too long")
        return
    memcpy(text + 3 + length, b".so", 4)
    result.a = string_from(t, text)
