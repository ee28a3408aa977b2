# Initialisation of classes and interfaces (JVMS §5.5), the twelve steps.
#
# One lock and one condition serve all classes: they are held for a few instructions, and whoever
# waits looks again at its own class.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from kernel.diagnostics.trace cimport trace_start
from kernel.threads.sync cimport Condition, Mutex, condition_broadcast, condition_wait, mutex_lock, mutex_unlock
from jvm.heap.heap cimport heap_new
from jvm.heap.object cimport Object, ref_load, ref_store
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport (
    ACC_INTERFACE, CLASS_ERRONEOUS, CLASS_HAS_CLINIT, CLASS_HAS_DEFAULTS, CLASS_INITIALIZED, CLASS_INITIALIZING,
    Class, Field, JavaThread, METHOD_CLASS_INITIALIZER, Method, Slot, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE,
    TYPE_FLOAT, TYPE_INT, TYPE_LONG, TYPE_SHORT, class_of)
from jvm.loader.loader cimport class_find_method, class_initialize, class_is_subtype, class_link
from jvm.loader.messages cimport (LoaderText, loader_throw_cause, message_add, message_class, message_init)
from jvm.loader.resolution cimport resolve_string
from jvm.loader.symbols cimport symbol_from
from jvm.loader.wellknown cimport mid, off, wk
from jvm.runtime.exceptions cimport throw_out_of_memory
from jvm.runtime.observe cimport observe_class_initialized
from jvm.runtime.strings cimport string_from_utf8, string_to_utf8
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe

cdef extern from *:
    """
    /* Whoever sees CLASS_INITIALIZED sees all that the initializer wrote (JLS §12.4.2, §17.4.5). */
    static inline unsigned state_load(const unsigned char *state) { return __atomic_load_n(state, __ATOMIC_ACQUIRE); }
    static inline void state_store(unsigned char *state, unsigned value) { __atomic_store_n(state, (unsigned char)value, __ATOMIC_RELEASE); }
    """
    u32 state_load(const u8* state) noexcept nogil
    void state_store(u8* state, u32 value) noexcept nogil

cdef Mutex lock
cdef Condition changed

# --- ConstantValue (step 6) --------------------------------------------------------------------------
cdef int set_constants(JavaThread* t, Class* klass) noexcept nogil:
    cdef u32 index
    cdef Field* field
    cdef u8* cell
    cdef Object* string
    for index in range(klass.field_count):
        field = &klass.fields[index]
        if field.constant_index == 0:
            continue
        cell = <u8*>klass.mirror + field.offset
        if field.type == TYPE_INT or field.type == TYPE_FLOAT:
            (<i32*>cell)[0] = klass.pool.values[field.constant_index].i
        elif field.type == TYPE_LONG or field.type == TYPE_DOUBLE:
            (<i64*>cell)[0] = klass.pool.values[field.constant_index].l
        elif field.type == TYPE_SHORT or field.type == TYPE_CHAR:
            (<u16*>cell)[0] = <u16>klass.pool.values[field.constant_index].i
        elif field.type == TYPE_BYTE or field.type == TYPE_BOOLEAN:
            cell[0] = <u8>klass.pool.values[field.constant_index].i
        else:
            string = resolve_string(t, klass, field.constant_index)
            if string == NULL:
                return -1
            ref_store(klass.mirror, field.offset, string)
    return 0

# --- failure (steps 10 and 11) -----------------------------------------------------------------------
cdef void add_string(LoaderText* m, Object* string) noexcept nogil:
    cdef char buffer[700]
    string_to_utf8(string, <u8*>buffer, sizeof(buffer))
    message_add(m, buffer)

cdef Object* make_throwable(JavaThread* t, Class* klass, Method* constructor, Object* argument) noexcept nogil:
    """new klass(argument), or NULL with t.exception set."""
    cdef Slot arguments[2]
    if class_initialize(t, klass) != 0:
        return NULL
    arguments[0].a = heap_new(&t.span, &klass.shape)
    if arguments[0].a == NULL:
        throw_out_of_memory(t, b"Java heap space")
        return NULL
    arguments[1].a = argument
    if java_call(t, constructor, arguments, NULL) != 0:
        return NULL
    return arguments[0].a

cdef Object* record_of(JavaThread* t, Object* throwable) noexcept nogil:
    """What later attempts give as the cause: not the throwable itself, which would keep all alive that
    it refers to, but a text with its stack trace.  NULL, and nothing pending, if it cannot be made."""
    cdef LoaderText m
    cdef Object* record = NULL
    cdef Object* text
    cdef Slot arguments[1]
    cdef Slot result
    cdef Method* method
    message_init(&m, b"Exception ")
    message_class(&m, class_of(throwable))
    text = ref_load(throwable, off.java_lang_Throwable_detailMessage)
    if text != NULL:
        message_add(&m, b": ")
        add_string(&m, text)
    message_add(&m, b" [in thread \"")
    if t.object != NULL and ref_load(t.object, off.java_lang_Thread_name) != NULL:
        add_string(&m, ref_load(t.object, off.java_lang_Thread_name))
    message_add(&m, b"\"]")
    text = string_from_utf8(t, <const u8*>m.text.data, <u32>m.text.length)
    if text != NULL:
        record = make_throwable(t, wk.java_lang_ExceptionInInitializerError,
                                mid.java_lang_ExceptionInInitializerError_init_string, text)
    if record != NULL:
        arguments[0].a = throwable
        method = class_find_method(class_of(throwable), symbol_from(b"getStackTrace"),
                                   symbol_from(b"()[Ljava/lang/StackTraceElement;"))
        if method != NULL and java_call(t, method, arguments, &result) == 0:
            ref_store(record, off.java_lang_Throwable_stackTrace, result.a)
            ref_store(record, off.java_lang_Throwable_backtrace, NULL)
    t.exception = NULL
    return record

cdef int fail(JavaThread* t, Class* klass) noexcept nogil:
    cdef Object* throwable = t.exception
    cdef Object* wrapped
    t.exception = NULL
    if wk.java_lang_ExceptionInInitializerError != NULL and mid.java_lang_ExceptionInInitializerError_init_string != NULL:
        klass.init_error = record_of(t, throwable)
    finish(klass, CLASS_ERRONEOUS)
    if class_is_subtype(class_of(throwable), wk.java_lang_Error):
        t.exception = throwable
        return -1
    wrapped = make_throwable(t, wk.java_lang_ExceptionInInitializerError, mid.java_lang_ExceptionInInitializerError_init,
                             throwable)
    if wrapped != NULL:
        t.exception = wrapped
    return -1

cdef void finish(Class* klass, u8 state) noexcept nogil:
    """Step 8, 12: the state, and everybody who waits looks again."""
    mutex_lock(&lock)
    klass.initializer = NULL
    state_store(&klass.state, state)
    condition_broadcast(&changed)
    mutex_unlock(&lock)

# --- the steps ---------------------------------------------------------------------------------------
cdef int begin(JavaThread* t, Class* klass) noexcept nogil:
    """Steps 1 to 6.  1: this thread shall initialise it; 0: nothing to do; -1: it failed earlier."""
    cdef int result
    mutex_lock(&lock)
    while klass.state == CLASS_INITIALIZING and klass.initializer != t:
        # The thread blocks, so the collector may not wait for it; and it may not hold the lock when
        # it comes back, for coming back waits for the collector.
        thread_enter_safe(t)
        condition_wait(&changed, &lock, 0)
        mutex_unlock(&lock)
        thread_leave_safe(t)
        mutex_lock(&lock)
    if klass.state == CLASS_INITIALIZING or klass.state == CLASS_INITIALIZED:
        result = 0
    elif klass.state == CLASS_ERRONEOUS:
        result = -1
    else:
        klass.initializer = t
        klass.state = CLASS_INITIALIZING
        result = 1
    mutex_unlock(&lock)
    return result

cdef int initialize_supers(JavaThread* t, Class* klass) noexcept nogil:
    """Step 7: the superclass, then the superinterfaces that have default methods, nearest roots first."""
    cdef u32 index
    cdef Class* interface
    if klass.access_flags & ACC_INTERFACE:
        return 0
    if klass.super_class != NULL and klass.super_class.state != CLASS_INITIALIZED \
            and class_initialize(t, klass.super_class) != 0:
        return -1
    for index in range(klass.all_interface_count):
        interface = klass.all_interfaces[index]
        if interface.class_flags & CLASS_HAS_DEFAULTS and interface.state != CLASS_INITIALIZED \
                and class_initialize(t, interface) != 0:
            return -1
    return 0

cdef int run_initializer(JavaThread* t, Class* klass) noexcept nogil:
    """Step 9."""
    cdef u32 index
    if not klass.class_flags & CLASS_HAS_CLINIT:
        return 0
    for index in range(klass.method_count):
        if klass.methods[index].flags & METHOD_CLASS_INITIALIZER:
            return java_call(t, &klass.methods[index], NULL, NULL)
    return 0

cdef public int class_initialize(JavaThread* t, Class* klass) noexcept nogil:
    cdef LoaderText m
    cdef int state
    cdef u64 start
    if state_load(&klass.state) == CLASS_INITIALIZED:
        return 0
    if class_link(t, klass) != 0:
        return -1
    state = begin(t, klass)
    if state == 0:
        return 0
    if state < 0:
        message_init(&m, b"Could not initialize class ")
        message_class(&m, klass)
        return loader_throw_cause(t, b"java/lang/NoClassDefFoundError", m.text.data, klass.init_error)
    start = trace_start()
    if set_constants(t, klass) != 0 or initialize_supers(t, klass) != 0 or run_initializer(t, klass) != 0:
        return fail(t, klass)
    finish(klass, CLASS_INITIALIZED)
    observe_class_initialized(klass, start)
    return 0
