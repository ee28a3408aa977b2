from kernel.types cimport u8, u32, u64
from kernel.diagnostics.format cimport Text, text_init, text_string, text_char
from kernel.files.vfs cimport vfs_write
from jvm.heap.object cimport Object, ref_load
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport ACC_PRIVATE, Class, JavaThread, Method, Slot, Symbol, class_of
from jvm.loader.loader cimport class_find_method, class_is_subtype, class_load, loader_of
from jvm.loader.symbols cimport symbol_from, symbol_intern
from jvm.loader.wellknown cimport mid, off, wk
from jvm.runtime.strings cimport string_to_utf8

cdef enum:
    TEXT_MAX = 4096
    NAME_MAX = 65535
    STANDARD_ERROR = 2

cdef void say(Text* text) noexcept nogil:
    text_char(text, c'\n')
    vfs_write(STANDARD_ERROR, text.data, text.length)

cdef void add_dotted(Text* text, Symbol* name) noexcept nogil:
    cdef u32 index
    for index in range(name.length):
        text_char(text, c'.' if name.text[index] == c'/' else <char>name.text[index])

cdef void add_exception(Text* text, Object* exception) noexcept nogil:
    """java.lang.X: message"""
    cdef Object* message = ref_load(exception, off.java_lang_Throwable_detailMessage)
    cdef u8 buffer[TEXT_MAX]
    add_dotted(text, class_of(exception).name)
    text_string(text, b": ")
    if message == NULL:
        text_string(text, b"null")
    else:
        string_to_utf8(message, buffer, sizeof(buffer))
        text_string(text, <const char*>buffer)

cdef void complain_about_class(const char* name, Object* exception) noexcept nogil:
    cdef char buffer[TEXT_MAX]
    cdef Text text
    text_init(&text, buffer, sizeof(buffer))
    if (class_is_subtype(class_of(exception), wk.java_lang_ClassNotFoundException)
            or class_is_subtype(class_of(exception), wk.java_lang_NoClassDefFoundError)):
        text_string(&text, b"Error: Could not find or load main class ")
        text_string(&text, name)
        text_string(&text, b"\nCaused by: ")
    else:
        text_string(&text, b"Error: LinkageError occurred while loading main class ")
        text_string(&text, name)
        text_string(&text, b"\n\t")
    add_exception(&text, exception)
    say(&text)

cdef void complain_about_main(const char* name) noexcept nogil:
    cdef char buffer[TEXT_MAX]
    cdef Text text
    text_init(&text, buffer, sizeof(buffer))
    text_string(&text, b"Error: Main method not found in class ")
    text_string(&text, name)
    text_string(&text, b", please define the main method as:\n   public static void main(String[] args)\n"
                       b"or a JavaFX application class must extend javafx.application.Application")
    say(&text)

cdef bint has_main(Class* klass, const char* descriptor) noexcept nogil:
    """JLS §12.1.4: a main method that is not private, the class's own or inherited."""
    cdef Method* method = class_find_method(klass, symbol_from(b"main"), symbol_from(descriptor))
    return method != NULL and not method.access_flags & ACC_PRIVATE

cdef Symbol* internal_name(const char* name) noexcept nogil:
    cdef u8 buffer[TEXT_MAX]
    cdef u32 length = 0
    while name[length] != 0 and length < TEXT_MAX:
        buffer[length] = c'/' if name[length] == c'.' else <u8>name[length]
        length += 1
    return symbol_intern(buffer, length)

cdef public int launcher_check(JavaThread* t, const char* name) noexcept nogil:
    cdef Slot result
    cdef Class* klass
    cdef Object* exception
    if java_call(t, mid.java_lang_ClassLoader_getSystemClassLoader, NULL, &result) != 0:
        return 0                         # LauncherHelper meets the same, and tells
    klass = class_load(t, loader_of(result.a), internal_name(name), 0)
    if klass == NULL:
        exception = t.exception
        t.exception = NULL
        complain_about_class(name, exception)
        return -1
    if not has_main(klass, b"([Ljava/lang/String;)V") and not has_main(klass, b"()V"):
        complain_about_main(name)
        return -1
    return 0
