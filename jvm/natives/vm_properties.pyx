# System properties and the environment: jdk.internal.util.SystemProps$Raw, java.lang.ProcessEnvironment.
#
# Sources: what the machine is, then the launch configuration (kernel/boot/config.pxd): "property" records
# k=v (-D options, java.class.path, …), which come last and so win; "env" records K=V; "user.name",
# "user.home", "java.home".
from kernel.types cimport u8, u32, u64, i32
from kernel.boot.config cimport config_count, config_get
from kernel.identity cimport identity_version
from kernel.files.vfs cimport PATH_LIMIT, vfs_getcwd
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport strcmp, strlen
from jvm.heap.object cimport Object, array_set
from jvm.loader.classes cimport Class, JavaThread, Slot
from jvm.natives.support cimport array_new_named, bytes_new
from jvm.runtime.exceptions cimport throw_out_of_memory
from jvm.runtime.strings cimport string_from, string_from_utf8

cdef extern from *:
    """
    static const char *const machine_properties[][2] = {
        {"java.vm.specification.name", "Java Virtual Machine Specification"},
        {"java.vm.specification.vendor", "Oracle Corporation"},
        {"java.vm.specification.version", "25"},
        {"java.vm.name", "Demitasse VM"},
        {"java.vm.vendor", "Demitasse"},
        {"java.vm.version", "0.1.0"},
        {"java.vm.info", "interpreted mode"},
        {"jdk.debug", "release"},
        {"java.library.path", ""},
        {"sun.boot.library.path", "/boot/jdk/lib"},
        {"java.class.path", ""},
        {"jdk.boot.class.path.append", ""},
        {"sun.java.launcher", "SUN_STANDARD"},
        /* Method and Constructor go through native accessors: no method handles are spun for them. */
        {"jdk.reflect.useNativeAccessorOnly", "true"},
    };
    #define property_text(i, j) machine_properties[i][j]
    enum { machine_property_count = sizeof(machine_properties) / sizeof(machine_properties[0]) };
    """
    const int machine_property_count
    const char* property_text(int i, int j) noexcept nogil

cdef Class* string_array
cdef Class* bytes_array


cdef public const char* vm_property(const char* name) noexcept nogil:
    cdef int i
    for i in range(machine_property_count):
        if strcmp(property_text(i, 0), name) == 0:
            return property_text(i, 1)
    return NULL


cdef int put(JavaThread* t, Object* array, i32 index, const char* text, u64 length) noexcept nogil:
    cdef Object* string = string_from_utf8(t, <const u8*>text, <u32>length)
    if string == NULL:
        return -1
    array_set(array, index, string)
    return 0


cdef const char* configured(const char* key, const char* default) noexcept nogil:
    cdef const char* value = config_get(key, 0)
    return value if value != NULL else default


cdef u64 key_length(const char* record) noexcept nogil:
    cdef u64 i = 0
    while record[i] != 0 and record[i] != c'=':
        i += 1
    return i


# String[] of keys and values, ended by a null key.
cdef public void native_props_vm(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef u64 given = config_count(b"property")
    cdef Object* array = array_new_named(t, &string_array, b"[Ljava/lang/String;",
                                         2 * (<i32>given + machine_property_count + 1) + 2)
    cdef const char* text
    cdef u64 split
    cdef i32 at = 0
    cdef int i
    if array == NULL:
        return
    for i in range(machine_property_count):
        if put(t, array, at, property_text(i, 0), strlen(property_text(i, 0))) != 0:
            return
        if put(t, array, at + 1, property_text(i, 1), strlen(property_text(i, 1))) != 0:
            return
        at += 2
    text = configured(b"java.home", b"/boot/jdk")
    if put(t, array, at, b"java.home", 9) != 0 or put(t, array, at + 1, text, strlen(text)) != 0:
        return
    at += 2
    for i in range(<int>given):
        text = config_get(b"property", i)
        split = key_length(text)
        if put(t, array, at, text, split) != 0:
            return
        # -Dname without a value is the empty string.
        text += split + 1 if text[split] == c'=' else split
        if put(t, array, at + 1, text, strlen(text)) != 0:
            return
        at += 2
    result.a = array


# Indices of SystemProps$Raw (_xxx_NDX) that are not null here.
cdef enum PlatformIndex:
    PLATFORM_DISPLAY_LANGUAGE = 1
    PLATFORM_FILE_SEPARATOR = 4
    PLATFORM_FORMAT_LANGUAGE = 6
    PLATFORM_TMPDIR = 17
    PLATFORM_LINE_SEPARATOR = 18
    PLATFORM_NATIVE_ENCODING = 19
    PLATFORM_OS_ARCH = 20
    PLATFORM_OS_NAME = 21
    PLATFORM_OS_VERSION = 22
    PLATFORM_PATH_SEPARATOR = 23
    PLATFORM_DATA_MODEL = 31
    PLATFORM_ENDIAN = 32
    PLATFORM_UNICODE_ENCODING = 34
    PLATFORM_JNU_ENCODING = 35
    PLATFORM_USER_DIR = 37
    PLATFORM_USER_HOME = 38
    PLATFORM_USER_NAME = 39
    PLATFORM_COUNT = 40


cdef int put_text(JavaThread* t, Object* array, i32 index, const char* text) noexcept nogil:
    return put(t, array, index, text, strlen(text))


cdef public void native_props_platform(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* array = array_new_named(t, &string_array, b"[Ljava/lang/String;", PLATFORM_COUNT)
    cdef char* folder
    cdef int failed
    if array == NULL:
        return
    # The class library is the one for Linux, and the files, errors and numbers that it sees are Linux's.
    failed = (put_text(t, array, PLATFORM_DISPLAY_LANGUAGE, b"en") | put_text(t, array, PLATFORM_FORMAT_LANGUAGE, b"en")
              | put_text(t, array, PLATFORM_FILE_SEPARATOR, b"/") | put_text(t, array, PLATFORM_PATH_SEPARATOR, b":")
              | put_text(t, array, PLATFORM_LINE_SEPARATOR, b"\n") | put_text(t, array, PLATFORM_TMPDIR, b"/tmp")
              | put_text(t, array, PLATFORM_NATIVE_ENCODING, b"UTF-8") | put_text(t, array, PLATFORM_JNU_ENCODING, b"UTF-8")
              | put_text(t, array, PLATFORM_UNICODE_ENCODING, b"UnicodeLittle") | put_text(t, array, PLATFORM_OS_NAME, b"Linux")
              | put_text(t, array, PLATFORM_OS_VERSION, identity_version()) | put_text(t, array, PLATFORM_OS_ARCH, b"amd64")
              | put_text(t, array, PLATFORM_DATA_MODEL, b"64") | put_text(t, array, PLATFORM_ENDIAN, b"little")
              | put_text(t, array, PLATFORM_USER_HOME, configured(b"user.home", b"/root"))
              | put_text(t, array, PLATFORM_USER_NAME, configured(b"user.name", b"root")))
    folder = <char*>kmalloc(PATH_LIMIT)
    if folder == NULL:
        throw_out_of_memory(t, b"system properties")
        return
    if vfs_getcwd(folder, PATH_LIMIT) < 0:
        folder[0] = c'/'
        folder[1] = 0
    failed |= put_text(t, array, PLATFORM_USER_DIR, folder)
    kfree(folder)
    if not failed:
        result.a = array


# ProcessEnvironment.environ(): byte[][] of names and values.
cdef public void native_environment(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef i32 count = <i32>config_count(b"env")
    cdef Object* array = array_new_named(t, &bytes_array, b"[[B", 2 * count)
    cdef const char* text
    cdef Object* part
    cdef u64 split
    cdef i32 i
    if array == NULL:
        return
    for i in range(count):
        text = config_get(b"env", i)
        split = key_length(text)
        part = bytes_new(t, text, <u32>split)
        if part == NULL:
            return
        array_set(array, 2 * i, part)
        text += split + 1 if text[split] == c'=' else split
        part = bytes_new(t, text, <u32>strlen(text))
        if part == NULL:
            return
        array_set(array, 2 * i + 1, part)
    result.a = array
