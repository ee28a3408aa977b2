# Initialisation of classes and interfaces: JVMS §5.5, the twelve steps.
#
# Invariant: `state` and `initializer` of a class change only under the one initialisation lock, and
# never back.  Whoever waits for another thread's initialisation is in STATE_SAFE.  The lock is held for
# a few instructions at a time: never over Java code, an allocation or another lock.
# Interface: class_initialize returns 0 when the class is initialised or is being initialised by the
# calling thread itself, else -1 with t.exception set.
from kernel.types cimport i32, i64, u8, u16, u32
from kernel.threads.sync cimport Condition, Mutex, condition_broadcast, condition_wait, mutex_lock, mutex_unlock
from jvm.heap.heap cimport heap_new
from jvm.heap.object cimport Object, ref_load, ref_store
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport (ACC_INTERFACE, ACC_STATIC, CLASS_ERRONEOUS, CLASS_HAS_DEFAULTS, CLASS_INITIALIZED,
                                 CLASS_INITIALIZING, CONSTANT_Double, CONSTANT_Float, CONSTANT_Integer, CONSTANT_Long,
                                 Class, ConstantValue, Field, JavaThread, Method, Slot, TYPE_BOOLEAN, TYPE_BYTE,
                                 TYPE_CHAR, TYPE_SHORT, class_of)
from jvm.loader.loader cimport class_find_declared, class_is_subtype, class_link, field_static_address
from jvm.loader.messages cimport (LoaderText, loader_throw_cause, message_add, message_class, message_init, message_throw)
from jvm.loader.resolution cimport resolve_string
from jvm.loader.wellknown cimport mid, off, sym, wk
from jvm.runtime.exceptions cimport throw_out_of_memory
from jvm.runtime.strings cimport string_to_utf8
from jvm.runtime.thread cimport thread_enter_safe, thread_leave_safe

cdef Mutex lock
cdef Condition changed

cdef extern from *:
    """
    #define publish_state(klass, value) __atomic_store_n(&(klass)->state, (value), __ATOMIC_RELEASE)
    """
    void publish_state(Class* klass, int value) noexcept nogil

cdef int set_constant(JavaThread* t, Field* field) noexcept nogil:
    """JVMS §4.7.2: a static final field starts with its ConstantValue."""
    cdef void* cell = field_static_address(field)
    cdef Class* klass = field.holder
    cdef int tag = klass.pool.tags[field.constant_index]
    cdef ConstantValue* value = &klass.pool.values[field.constant_index]
    cdef Object* text
    if tag == CONSTANT_Integer:
        if field.type == TYPE_BOOLEAN or field.type == TYPE_BYTE:
            (<u8*>cell)[0] = <u8>value.i
        elif field.type == TYPE_CHAR or field.type == TYPE_SHORT:
            (<u16*>cell)[0] = <u16>value.i
        else:
            (<i32*>cell)[0] = value.i
    elif tag == CONSTANT_Float:
        (<i32*>cell)[0] = value.i
    elif tag == CONSTANT_Long or tag == CONSTANT_Double:
        (<i64*>cell)[0] = value.l
    else:
        text = resolve_string(t, klass, field.constant_index)
        if text == NULL:
            return -1
        ref_store(klass.mirror, field.offset, text)
    return 0

cdef int set_constants(JavaThread* t, Class* klass) noexcept nogil:
    cdef int index
    for index in range(klass.field_count):
        if klass.fields[index].constant_index != 0 and klass.fields[index].access_flags & ACC_STATIC:
            if set_constant(t, &klass.fields[index]) != 0:
                return -1
    return 0

cdef int initialize_interfaces(JavaThread* t, Class* klass) noexcept nogil:
    """Step 7: superinterfaces that declare methods with code, each after its own superinterfaces."""
    cdef int index
    for index in range(klass.interface_count):
        if initialize_interfaces(t, klass.interfaces[index]) != 0:
            return -1
        if klass.interfaces[index].class_flags & CLASS_HAS_DEFAULTS:
            if class_initialize(t, klass.interfaces[index]) != 0:
                return -1
    return 0

cdef void describe_thread(JavaThread* t, LoaderText* m) noexcept nogil:
    cdef char name[256]
    cdef Object* text = NULL
    if t.object != NULL:
        text = ref_load(t.object, off.java_lang_Thread_name)
    name[0] = 0
    if text != NULL:
        string_to_utf8(text, <u8*>name, sizeof(name))
    message_add(m, name)

cdef Object* remember_failure(JavaThread* t, Object* failure) noexcept nogil:
    """What later attempts name as their cause: an ExceptionInInitializerError that tells the failure,
    where it happened and in which thread.  NULL if even that cannot be made."""
    cdef LoaderText m
    cdef char text[512]
    cdef Object* message = ref_load(failure, off.java_lang_Throwable_detailMessage)
    cdef Object* record
    message_init(&m, b"Exception ")
    message_class(&m, class_of(failure))
    if message != NULL:
        string_to_utf8(message, <u8*>text, sizeof(text))
        message_add(&m, b": ")
        message_add(&m, text)
    message_add(&m, b" [in thread \"")
    describe_thread(t, &m)
    message_add(&m, b"\"]")
    t.exception = NULL
    message_throw(t, b"java/lang/ExceptionInInitializerError", &m)
    record = t.exception
    t.exception = NULL
    if record == NULL or class_of(record) != wk.java_lang_ExceptionInInitializerError:
        return NULL
    # The record shows where the failure came from, not where the record was made.
    ref_store(record, off.java_lang_Throwable_backtrace, ref_load(failure, off.java_lang_Throwable_backtrace))
    ref_store(record, off.java_lang_Throwable_stackTrace, ref_load(failure, off.java_lang_Throwable_stackTrace))
    (<i32*>(<u8*>record + off.java_lang_Throwable_depth))[0] = (<i32*>(<u8*>failure + off.java_lang_Throwable_depth))[0]
    return record

cdef void finish(Class* klass, int state) noexcept nogil:
    mutex_lock(&lock)
    publish_state(klass, state)
    klass.initializer = NULL
    mutex_unlock(&lock)
    condition_broadcast(&changed)

cdef void wrap_failure(JavaThread* t, Object* failure) noexcept nogil:
    """t.exception = new ExceptionInInitializerError(failure), or what making it throws."""
    cdef Slot arguments[2]
    if class_initialize(t, wk.java_lang_ExceptionInInitializerError) != 0:
        return
    arguments[0].a = heap_new(&t.span, &wk.java_lang_ExceptionInInitializerError.shape)
    if arguments[0].a == NULL:
        throw_out_of_memory(t, b"Java heap space")
        return
    arguments[1].a = failure
    if java_call(t, mid.java_lang_ExceptionInInitializerError_init, arguments, NULL) == 0:
        t.exception = arguments[0].a

cdef int fail(JavaThread* t, Class* klass, bint wrap) noexcept nogil:
    """Steps 8 and 10 to 12: t.exception is what went wrong; an exception that is no Error is wrapped."""
    cdef Object* failure = t.exception
    klass.init_error = remember_failure(t, failure)
    if wrap and not class_is_subtype(class_of(failure), wk.java_lang_Error):
        t.exception = NULL
        wrap_failure(t, failure)
    else:
        t.exception = failure
    finish(klass, CLASS_ERRONEOUS)
    return -1

cdef int throw_erroneous(JavaThread* t, Class* klass) noexcept nogil:
    """Step 5."""
    cdef LoaderText m
    message_init(&m, b"Could not initialize class ")
    message_class(&m, klass)
    return loader_throw_cause(t, b"java/lang/NoClassDefFoundError", m.buffer, klass.init_error)

cdef public int class_initialize(JavaThread* t, Class* klass) noexcept nogil:
    cdef Method* initializer
    if klass.state == CLASS_INITIALIZED:
        return 0
    if class_link(t, klass) != 0:
        return -1
    mutex_lock(&lock)
    # Step 2: another thread is at it.
    while klass.state == CLASS_INITIALIZING and klass.initializer != t:
        mutex_unlock(&lock)
        thread_enter_safe(t)
        mutex_lock(&lock)
        if klass.state == CLASS_INITIALIZING:
            condition_wait(&changed, &lock, 0)
        mutex_unlock(&lock)
        thread_leave_safe(t)
        mutex_lock(&lock)
    # Steps 3 to 5: this thread is at it already, or it is done, or it failed.
    if klass.state == CLASS_INITIALIZING or klass.state == CLASS_INITIALIZED:
        mutex_unlock(&lock)
        return 0
    if klass.state == CLASS_ERRONEOUS:
        mutex_unlock(&lock)
        return throw_erroneous(t, klass)
    # Step 6.
    klass.initializer = t
    klass.state = CLASS_INITIALIZING
    mutex_unlock(&lock)
    if set_constants(t, klass) != 0:
        return fail(t, klass, False)
    # Step 7.
    if not klass.access_flags & ACC_INTERFACE:
        if klass.super_class != NULL and class_initialize(t, klass.super_class) != 0:
            return fail(t, klass, False)
        if initialize_interfaces(t, klass) != 0:
            return fail(t, klass, False)
    # Step 8 (assertions) is desiredAssertionStatus0's; step 9.
    initializer = class_find_declared(klass, sym.class_init, sym.void_descriptor)
    if initializer != NULL and initializer.access_flags & ACC_STATIC:
        if java_call(t, initializer, NULL, NULL) != 0:
            return fail(t, klass, True)
    finish(klass, CLASS_INITIALIZED)
    return 0
