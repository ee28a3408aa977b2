# java.lang.Object, System, Runtime, Shutdown, Float, Double, String.
#
# Texts of arraycopy's exceptions are the host JVM's.
from kernel.types cimport u8, u32, u64, i32, i64
from kernel.diagnostics.format cimport Text, text_bytes, text_char, text_init, text_signed, text_string, text_unsigned
from kernel.memory.string cimport memcpy
from kernel.time.clock cimport clock_monotonic, clock_wall
from jvm.heap.heap cimport HEAP_CAUSE_PROGRAM, HeapStatistics, heap_collect, heap_has_pending, heap_statistics
from jvm.heap.object cimport (identity_hash, Object, array_get, array_length, array_refs, ARRAY_BASE, ARRAY_BASE_WIDE, OBJECT_HEADER, SHAPE_PRIMITIVE_ARRAY,
                              SHAPE_REF_ARRAY, object_shape, ref, ref_store, shape_kind)
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport (Class, JavaThread, Method, Slot, Symbol, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT,
                                 TYPE_INT, TYPE_LONG, TYPE_SHORT, CLASS_CLONEABLE, CLASS_FINALIZABLE, class_of)
from jvm.loader.loader cimport class_is_subtype
from jvm.natives.memory cimport elements_move
from jvm.natives.support cimport array_new, known_class, known_field, known_method, object_new, throw_text
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer
from jvm.runtime.monitor cimport monitor_notify, monitor_wait
from jvm.runtime.strings cimport string_intern
from jvm.runtime.threads cimport java_thread_yield
from jvm.runtime.vm cimport vm_halt

cdef enum:
    GC_TURNS = 16                        # of the Reference Handler, before System.gc returns


# --- java.lang.Object ---------------------------------------------------------------------------------

cdef public void native_object_get_class(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = class_of(args[0].a).mirror


cdef public void native_object_hash_code(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = identity_hash(args[0].a)


cdef Method* finalizer_register


cdef public void native_object_clone(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* original = args[0].a
    cdef Object* copy
    cdef Class* klass = class_of(original)
    cdef char buffer[256]
    cdef Text text
    cdef Slot argument
    cdef u32 base
    if klass.dimensions != 0:
        copy = array_new(t, klass, array_length(original))
        if copy == NULL:
            return
        base = ARRAY_BASE_WIDE if klass.shape.log_element == 3 else ARRAY_BASE
        elements_move(<u8*>copy + base, <u8*>original + base, <u64>array_length(original) << klass.shape.log_element)
        result.a = copy
        return
    if not klass.class_flags & CLASS_CLONEABLE:
        text_init(&text, buffer, sizeof(buffer))
        external_name(&text, klass.name)
        throw_named(t, b"java/lang/CloneNotSupportedException", buffer)
        return
    copy = object_new(t, klass)
    if copy == NULL:
        return
    elements_move(<u8*>copy + OBJECT_HEADER, <u8*>original + OBJECT_HEADER, klass.shape.size - OBJECT_HEADER)
    # JLS §12.6: a clone is finalizable as any other instance, but no constructor ran to register it.
    if klass.shape.has_finalizer:
        argument.a = copy
        if java_call(t, known_method(&finalizer_register, b"java/lang/ref/Finalizer", b"register", b"(Ljava/lang/Object;)V"),
                     &argument, NULL) != 0:
            return
    result.a = copy


cdef public void native_object_notify(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    monitor_notify(t, args[0].a, 0)


cdef public void native_object_notify_all(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    monitor_notify(t, args[0].a, 1)


cdef public void native_object_wait(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[1].l < 0:
        throw_named(t, b"java/lang/IllegalArgumentException", b"timeout value is negative")
        return
    monitor_wait(t, args[0].a, args[1].l)


# --- java.lang.System ---------------------------------------------------------------------------------

cdef u32 system_in
cdef u32 system_out
cdef u32 system_err


cdef Class* system_class


cdef void set_stream(JavaThread* t, u32 offset, Object* stream) noexcept nogil:
    # The fields are final for Java code: only these natives write them.
    ref_store(known_class(&system_class, b"java/lang/System").mirror, offset, stream)


cdef public void native_system_set_in(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_stream(t, known_field(&system_in, b"java/lang/System", b"in", b"Ljava/io/InputStream;"), args[0].a)


cdef public void native_system_set_out(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_stream(t, known_field(&system_out, b"java/lang/System", b"out", b"Ljava/io/PrintStream;"), args[0].a)


cdef public void native_system_set_err(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_stream(t, known_field(&system_err, b"java/lang/System", b"err", b"Ljava/io/PrintStream;"), args[0].a)


cdef public void native_system_current_time_millis(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>(clock_wall() // 1000000)


cdef public void native_system_nano_time(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.l = <i64>clock_monotonic()


cdef public void native_system_identity_hash_code(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = identity_hash(args[0].a) if args[0].a != NULL else 0


cdef void external_name(Text* text, Symbol* name) noexcept nogil:
    cdef u32 i
    for i in range(name.length):
        text_char(text, c'.' if name.text[i] == c'/' else <char>name.text[i])


# A class as Class.getTypeName shows it: java.lang.Object[], int.
cdef void type_name(Text* text, Class* klass) noexcept nogil:
    cdef int dimensions = klass.dimensions
    while klass.dimensions != 0:
        klass = klass.element
    external_name(text, klass.name)
    while dimensions > 0:
        text_string(text, b"[]")
        dimensions -= 1


# "int" or "object array", as arraycopy's messages call an array's elements.
cdef void element_kind(Text* text, Class* array) noexcept nogil:
    if shape_kind(&array.shape) == SHAPE_REF_ARRAY:
        text_string(text, b"object array")
    else:
        external_name(text, array.element.name)


cdef void copy_bounds_error(JavaThread* t, const char* what, i64 value, int is_unsigned, Class* array, i32 length) noexcept nogil:
    cdef char buffer[256]
    cdef Text text
    text_init(&text, buffer, sizeof(buffer))
    text_string(&text, b"arraycopy: ")
    text_string(&text, what)
    if is_unsigned:
        text_unsigned(&text, <u32>value)
    else:
        text_signed(&text, value)
    if array == NULL:
        text_string(&text, b" is negative")
    else:
        text_string(&text, b" out of bounds for ")
        element_kind(&text, array)
        text_char(&text, c'[')
        text_signed(&text, length)
        text_char(&text, c']')
    throw_named(t, b"java/lang/ArrayIndexOutOfBoundsException", buffer)


cdef void copy_type_error(JavaThread* t, Class* source, Class* target) noexcept nogil:
    cdef char buffer[512]
    cdef Text text
    text_init(&text, buffer, sizeof(buffer))
    text_string(&text, b"arraycopy: ")
    if source.dimensions == 0:
        text_string(&text, b"source type ")
        type_name(&text, source)
        text_string(&text, b" is not an array")
    elif target.dimensions == 0:
        text_string(&text, b"destination type ")
        type_name(&text, target)
        text_string(&text, b" is not an array")
    else:
        text_string(&text, b"type mismatch: can not copy ")
        element_kind(&text, source)
        text_string(&text, b"[] into ")
        element_kind(&text, target)
        text_string(&text, b"[]")
    throw_named(t, b"java/lang/ArrayStoreException", buffer)


cdef void copy_element_error(JavaThread* t, Class* source, Class* target) noexcept nogil:
    cdef char buffer[512]
    cdef Text text
    text_init(&text, buffer, sizeof(buffer))
    text_string(&text, b"arraycopy: element type mismatch: can not cast one of the elements of ")
    type_name(&text, source.element)
    text_string(&text, b"[] to the type of the destination array, ")
    type_name(&text, target.element)
    throw_named(t, b"java/lang/ArrayStoreException", buffer)


cdef public void native_system_arraycopy(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* source = args[0].a
    cdef Object* target = args[2].a
    cdef i32 from_index = args[1].i
    cdef i32 to_index = args[3].i
    cdef i32 count = args[4].i
    cdef Class* source_class
    cdef Class* target_class
    cdef Object* element
    cdef ref* from_refs
    cdef ref* to_refs
    cdef i32 i
    cdef u32 base
    cdef u32 shift
    if source == NULL or target == NULL:
        throw_null_pointer(t)
        return
    source_class = class_of(source)
    target_class = class_of(target)
    if source_class.dimensions == 0 or target_class.dimensions == 0 or (source_class != target_class and (
            shape_kind(&source_class.shape) == SHAPE_PRIMITIVE_ARRAY or shape_kind(&target_class.shape) == SHAPE_PRIMITIVE_ARRAY)):
        copy_type_error(t, source_class, target_class)
        return
    if from_index < 0:
        copy_bounds_error(t, b"source index ", from_index, 0, source_class, array_length(source))
        return
    if to_index < 0:
        copy_bounds_error(t, b"destination index ", to_index, 0, target_class, array_length(target))
        return
    if count < 0:
        copy_bounds_error(t, b"length ", count, 0, NULL, 0)
        return
    if <u32>from_index + <u32>count > <u32>array_length(source):
        copy_bounds_error(t, b"last source index ", <u32>from_index + <u32>count, 1, source_class, array_length(source))
        return
    if <u32>to_index + <u32>count > <u32>array_length(target):
        copy_bounds_error(t, b"last destination index ", <u32>to_index + <u32>count, 1, target_class, array_length(target))
        return
    if source_class == target_class or class_is_subtype(source_class.element, target_class.element):
        shift = source_class.shape.log_element
        base = ARRAY_BASE_WIDE if shift == 3 else ARRAY_BASE
        elements_move(<u8*>target + base + (<u64>to_index << shift), <u8*>source + base + (<u64>from_index << shift),
                      <u64>count << shift)
        return
    # Every element is checked; those before the first wrong one stay copied (System.arraycopy's text).
    from_refs = array_refs(source) + from_index
    to_refs = array_refs(target) + to_index
    for i in range(count):
        element = array_get(source, from_index + i)
        if element != NULL and not class_is_subtype(class_of(element), target_class.element):
            copy_element_error(t, source_class, target_class)
            return
        to_refs[i] = from_refs[i]


# --- java.lang.Runtime, Shutdown ----------------------------------------------------------------------

cdef public void native_runtime_available_processors(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 1


cdef public void native_runtime_free_memory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef HeapStatistics statistics
    heap_statistics(&statistics)
    result.l = <i64>(statistics.capacity - statistics.used) if statistics.capacity > statistics.used else 0


cdef public void native_runtime_total_memory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef HeapStatistics statistics
    heap_statistics(&statistics)
    result.l = <i64>statistics.capacity


cdef public void native_runtime_max_memory(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef HeapStatistics statistics
    heap_statistics(&statistics)
    result.l = <i64>statistics.maximum


cdef public void native_runtime_gc(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef int turns = GC_TURNS
    heap_collect(0, HEAP_CAUSE_PROGRAM)
    # The Reference Handler shares the one CPU with the caller: let it enqueue what was found before the caller
    # looks, as it would on a CPU of its own.  It may be blocked by the caller, hence not for ever.
    if not heap_has_pending():
        return
    while heap_has_pending() and turns > 0:
        java_thread_yield(t)
        turns -= 1
    java_thread_yield(t)                 # what it has taken is enqueued,
    java_thread_yield(t)                 # and whoever waited for that, the Finalizer for one, has had a turn


cdef public void native_shutdown_halt(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    vm_halt(args[0].i & 0xFF)            # as the host's process exit status


# --- java.lang.Double, Float: the bits are the value's own ---------------------------------------------

cdef public void native_bits_long(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.raw = args[0].raw


cdef public void native_bits_int(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = args[0].i


# --- java.lang.String ----------------------------------------------------------------------------------

cdef public void native_string_intern(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.a = string_intern(t, args[0].a)
