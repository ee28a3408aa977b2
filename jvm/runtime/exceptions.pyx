# Making and throwing Java exceptions: see exceptions.pxd.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.boot.main cimport kernel_exit
from kernel.diagnostics.format cimport Text, kprint, text_char, text_init, text_signed, text_string
from kernel.diagnostics.panic cimport panic
from kernel.memory.string cimport strcmp, strlen
from jvm.heap.heap cimport heap_new
from jvm.heap.object cimport Object, ref_load, ref_store
from jvm.interpreter.describe cimport describe_symbol
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport Class, Field, JavaThread, Method, Slot, Symbol
from jvm.loader.loader cimport (class_find_field, class_initialize, class_link, class_named_method, field_static_address,
                                loader_load_boot)
from jvm.loader.symbols cimport symbol_from
from jvm.loader.wellknown cimport off, wk
from jvm.natives.stack_trace cimport throwable_fill
from jvm.runtime.roots cimport roots_register_variable
from jvm.runtime.strings cimport string_from_utf8, string_try_utf8

cdef enum:
    MESSAGE_MAX = 2048

cdef u32 ready                           # exceptions_init has run
cdef Object* heap_space                  # prepared: an OutOfMemoryError for when nothing can be made
cdef Object* array_limit
cdef Object* overflow
cdef u32 suppressed_offset               # Throwable.suppressedExceptions
cdef void* sentinel                      # Throwable.SUPPRESSED_SENTINEL's cell

cdef Object* instance(JavaThread* t, Class* klass, Object* message) noexcept nogil:
    """A throwable as its constructor would leave it, without running Java code; NULL: no memory."""
    cdef Object* made = heap_new(&t.span, &klass.shape)
    if made == NULL:
        return NULL
    ref_store(made, off.java_lang_Throwable_detailMessage, message)
    ref_store(made, off.java_lang_Throwable_cause, made)         # means: not set
    ref_store(made, off.java_lang_Throwable_stackTrace,
              ref_load(wk.java_lang_Throwable.mirror, off.java_lang_Throwable_UNASSIGNED_STACK))
    if sentinel != NULL:
        ref_store(made, suppressed_offset, ref_load(sentinel, 0))
    return made

cdef Object* prepared(JavaThread* t, Class* klass, const char* message) noexcept nogil:
    cdef Object* text = NULL
    if class_link(t, klass) != 0:
        return NULL
    if message != NULL:
        text = string_try_utf8(t, <const u8*>message, <u32>strlen(message))
        if text == NULL:
            return NULL
    return instance(t, klass, text)

cdef public int exceptions_init(JavaThread* t) noexcept nogil:
    global ready, heap_space, array_limit, overflow, suppressed_offset, sentinel
    cdef Field* field
    field = class_find_field(wk.java_lang_Throwable, symbol_from(b"suppressedExceptions"), symbol_from(b"Ljava/util/List;"))
    if field != NULL:
        suppressed_offset = field.offset
        field = class_find_field(wk.java_lang_Throwable, symbol_from(b"SUPPRESSED_SENTINEL"), symbol_from(b"Ljava/util/List;"))
        if field != NULL:
            sentinel = field_static_address(field)
    # Roots before they are filled: making the next one may collect.
    roots_register_variable(&heap_space)
    roots_register_variable(&array_limit)
    roots_register_variable(&overflow)
    heap_space = prepared(t, wk.java_lang_OutOfMemoryError, b"Java heap space")
    array_limit = prepared(t, wk.java_lang_OutOfMemoryError, b"Requested array size exceeds VM limit")
    overflow = prepared(t, wk.java_lang_StackOverflowError, NULL)
    if heap_space == NULL or array_limit == NULL or overflow == NULL:
        if t.exception == NULL:
            kprint(b"Error: the Java heap is too small for the virtual machine\n")
        return -1
    ready = 1
    return 0

cdef int construct(JavaThread* t, Class* klass, const char* message) noexcept nogil:
    cdef Slot arguments[2]
    cdef Method* constructor
    t.exception = NULL
    if class_initialize(t, klass) != 0:
        return -1
    arguments[0].a = heap_new(&t.span, &klass.shape)
    if arguments[0].a == NULL:
        return throw_out_of_memory(t, b"Java heap space")
    arguments[1].a = NULL
    if message != NULL:
        arguments[1].a = string_from_utf8(t, <const u8*>message, <u32>strlen(message))
        if arguments[1].a == NULL:
            return -1
        constructor = class_named_method(klass, b"<init>", b"(Ljava/lang/String;)V")
        if constructor != NULL:
            if java_call(t, constructor, arguments, NULL) != 0:
                return -1
            t.exception = arguments[0].a
            return -1
    constructor = class_named_method(klass, b"<init>", b"()V")
    if constructor != NULL:
        if java_call(t, constructor, arguments, NULL) != 0:
            return -1
    else:
        # Only constructors with other arguments (IOException has both; InvocationTargetException has not).
        constructor = class_named_method(wk.java_lang_Throwable, b"<init>", b"()V")
        if java_call(t, constructor, arguments, NULL) != 0:
            return -1
    if message != NULL:
        ref_store(arguments[0].a, off.java_lang_Throwable_detailMessage, arguments[1].a)
    t.exception = arguments[0].a
    return -1

cdef void give_up(const char* class_name, const char* message) noexcept nogil:
    """An exception before there can be one: the machine does not start, in HotSpot's words."""
    cdef char text[MESSAGE_MAX]
    cdef Text name
    cdef u32 i = 0
    text_init(&name, text, sizeof(text))
    while class_name[i] != 0:
        text_char(&name, c'.' if class_name[i] == c'/' else class_name[i])
        i += 1
    kprint(b"Error occurred during initialization of VM\n")
    if message != NULL:
        kprint(b"%s: %s\n", text, message)
    else:
        kprint(b"%s\n", text)
    kernel_exit(1)

cdef public void fatal_out_of_memory(const char* what) noexcept nogil:
    kprint(b"There is insufficient memory for the virtual machine to continue: %s\n", what)
    kernel_exit(1)

cdef public int throw_class(JavaThread* t, Class* klass, const char* message) noexcept nogil:
    if not ready:
        give_up(<const char*>klass.name.text, message)
    return construct(t, klass, message)

cdef public int throw_named(JavaThread* t, const char* class_name, const char* message) noexcept nogil:
    cdef Class* klass
    if not ready:
        give_up(class_name, message)
    cdef Symbol* name = symbol_from(class_name)
    t.exception = NULL
    if name == NULL:
        return throw_out_of_memory(t, b"native memory")
    klass = loader_load_boot(t, name)
    if klass == NULL:
        if t.exception == NULL:
            kprint(b"%s is not in the class library\n", class_name)
            panic(b"the virtual machine cannot throw this exception")
        return -1
    return construct(t, klass, message)

cdef public int throw_object(JavaThread* t, Object* throwable) noexcept nogil:
    t.exception = throwable
    return -1

cdef public int throw_with_cause(JavaThread* t, const char* class_name, const char* message, Object* cause) noexcept nogil:
    throw_named(t, class_name, message)
    if t.exception != NULL:
        # As if by the constructor that takes a cause; initCause could be overridden.
        ref_store(t.exception, off.java_lang_Throwable_cause, cause)
    return -1

cdef public int throw_null_pointer(JavaThread* t) noexcept nogil:
    return throw_class(t, wk.java_lang_NullPointerException, NULL)

cdef public int throw_index(JavaThread* t, i32 index, i32 length) noexcept nogil:
    cdef char message[80]
    cdef Text text
    text_init(&text, message, sizeof(message))
    text_string(&text, b"Index ")
    text_signed(&text, index)
    text_string(&text, b" out of bounds for length ")
    text_signed(&text, length)
    return throw_class(t, wk.java_lang_ArrayIndexOutOfBoundsException, message)

cdef public int throw_out_of_memory(JavaThread* t, const char* message) noexcept nogil:
    cdef Object* text
    cdef Object* made
    cdef Object* fallback = heap_space
    if not ready:
        give_up(b"java.lang.OutOfMemoryError", message)
    if t.making_error:
        # The heap has not even room for the error and its trace.
        t.exception = heap_space
        return -1
    t.making_error = 1
    t.exception = NULL
    if strcmp(message, b"Java heap space") == 0:
        text = ref_load(heap_space, off.java_lang_Throwable_detailMessage)
    elif strcmp(message, b"Requested array size exceeds VM limit") == 0:
        fallback = array_limit
        text = ref_load(array_limit, off.java_lang_Throwable_detailMessage)
    else:
        text = string_try_utf8(t, <const u8*>message, <u32>strlen(message))
    made = instance(t, wk.java_lang_OutOfMemoryError, text) if text != NULL else NULL
    if made != NULL:
        throwable_fill(t, made)
        t.exception = made
    else:
        t.exception = fallback
    t.making_error = 0
    return -1

cdef public int throw_stack_overflow(JavaThread* t) noexcept nogil:
    cdef Object* made
    if not ready:
        give_up(b"java.lang.StackOverflowError", NULL)
    t.exception = NULL
    made = instance(t, wk.java_lang_StackOverflowError, NULL)
    if made != NULL:
        throwable_fill(t, made)
        t.exception = made
    else:
        t.exception = overflow
    return -1

cdef public int throw_format_list(void* t, const char* class_name, const char* format, const u64* arguments,
                                  int count) noexcept nogil:
    cdef char message[MESSAGE_MAX]
    cdef Text text
    cdef int used = 0
    text_init(&text, message, sizeof(message))
    while format[0] != 0:
        if format[0] != c'%':
            text_char(&text, format[0])
        else:
            format += 1
            if format[0] == c'%':
                text_char(&text, c'%')
            elif used < count:
                if format[0] == c's':
                    text_string(&text, <const char*>arguments[used])
                elif format[0] == c'S':
                    describe_symbol(&text, <Symbol*>arguments[used])
                else:
                    text_signed(&text, <i64>arguments[used])
                used += 1
            if format[0] == 0:
                break
        format += 1
    return throw_named(<JavaThread*>t, class_name, message)
