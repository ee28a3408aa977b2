# Stack traces: java.lang.Throwable, StackTraceElement, Reflection.getCallerClass.
#
# Invariant: a Throwable's `backtrace` is an Object[3]: a long[] of trace entries (stack_trace.pxd), an
# Object[] of the mirrors of their classes, which keeps those classes loaded, and null; or that long[] again
# when the frame that threw is hidden, so that the first entry does not say what failed.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from kernel.memory.heap cimport kfree, kmalloc
from jvm.heap.object cimport Object, array_data_wide, array_get, array_length, array_set, ref_load, ref_store
from jvm.loader.classes cimport (Class, Frame, JavaThread, Method, Slot, Symbol, ACC_NATIVE, METHOD_HIDDEN, METHOD_INITIALIZER, METHOD_INTRINSIC, METHOD_LAMBDA_FORM, TYPE_LONG,
                                 class_of)
from jvm.loader.loader cimport class_is_subtype, loader_boot, loader_find_loaded, loader_object
from jvm.loader.symbols cimport symbol_from
from jvm.loader.module_graph cimport module_version
from jvm.natives.stack_trace cimport TRACE_DEPTH_MAX, trace_bci, trace_entry, trace_method
from jvm.loader.parser cimport class_source_file, method_line_number
from jvm.natives.support cimport (array_new_named, class_name_string, array_new_primitive, field_int, field_set_int, known_class, known_field,
                                  object_new)
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.strings cimport string_from_symbol, string_intern, string_intern_symbol

cdef Class* object_array
cdef Class* throwable_class
cdef u32 throwable_backtrace
cdef u32 throwable_depth
cdef Symbol* fill_name


# The first frame that belongs into the trace of `throwable`: behind fillInStackTrace and the
# constructors of the exception's class and its super classes.
cdef Frame* trace_start(JavaThread* t, Object* throwable) noexcept nogil:
    global fill_name
    cdef Frame* frame = t.frame
    cdef Class* root = known_class(&throwable_class, b"java/lang/Throwable")
    if fill_name == NULL:
        fill_name = symbol_from(b"fillInStackTrace")
    while frame != NULL and frame.method.name == fill_name:
        frame = frame.previous
    while (frame != NULL and frame.method.flags & METHOD_INITIALIZER and class_is_subtype(frame.method.holder, root)
           and frame.locals[0].a == throwable):
        frame = frame.previous
    return frame


cdef public int throwable_fill(JavaThread* t, Object* throwable) noexcept nogil:
    cdef const char* holder = b"java/lang/Throwable"
    cdef Frame* start = trace_start(t, throwable)
    cdef Frame* frame = start
    cdef i32 count = 0
    cdef i32 i = 0
    cdef bint hidden
    cdef Object* entries
    cdef Object* mirrors
    cdef Object* backtrace
    cdef u64* data
    while frame != NULL and count < TRACE_DEPTH_MAX:
        if not frame.method.flags & METHOD_HIDDEN:
            count += 1
        frame = frame.previous
    hidden = start != NULL and start.method.flags & METHOD_HIDDEN
    # Without memory the exception goes on without a trace, as the host's does.
    ref_store(throwable, known_field(&throwable_backtrace, holder, b"backtrace", b"Ljava/lang/Object;"), NULL)
    field_set_int(throwable, known_field(&throwable_depth, holder, b"depth", b"I"), 0)
    entries = array_new_primitive(t, TYPE_LONG, count)
    mirrors = array_new_named(t, &object_array, b"[Ljava/lang/Object;", count) if entries != NULL else NULL
    backtrace = array_new_named(t, &object_array, b"[Ljava/lang/Object;", 3) if mirrors != NULL else NULL
    if backtrace == NULL:
        t.exception = NULL
        return 0
    data = <u64*>array_data_wide(entries)
    frame = start
    while i < count:
        if not frame.method.flags & METHOD_HIDDEN:
            data[i] = trace_entry(frame)
            array_set(mirrors, i, frame.method.holder.mirror)
            i += 1
        frame = frame.previous
    array_set(backtrace, 0, entries)
    array_set(backtrace, 1, mirrors)
    array_set(backtrace, 2, entries if hidden else NULL)
    ref_store(throwable, throwable_backtrace, backtrace)
    field_set_int(throwable, throwable_depth, count)
    return 0


cdef public void native_throwable_fill_in_stack_trace(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* throwable = args[0].a
    throwable_fill(t, throwable)
    result.a = throwable


cdef public Object* trace_mirrors(JavaThread* t, i32 count) noexcept nogil:
    return array_new_named(t, &object_array, b"[Ljava/lang/Object;", count)


cdef public i32 trace_capture(JavaThread* target, u64* entries, Object* mirrors, u64 first, i32 limit) noexcept nogil:
    cdef Frame* frame = target.frame
    cdef i32 count = 0
    while frame != NULL and count < limit:
        if not frame.method.flags & METHOD_HIDDEN:
            entries[first + count] = trace_entry(frame)
            array_set(mirrors, <i32>first + count, frame.method.holder.mirror)
            count += 1
        frame = frame.previous
    return count


cdef public i32 trace_count(JavaThread* target, i32 limit) noexcept nogil:
    cdef Frame* frame = target.frame
    cdef i32 count = 0
    while frame != NULL and count < limit:
        count += not frame.method.flags & METHOD_HIDDEN
        frame = frame.previous
    return count


# --- elements -----------------------------------------------------------------------------------------

cdef public i32 method_line(Method* method, u32 bci) noexcept nogil:
    if method.access_flags & ACC_NATIVE and not method.flags & METHOD_INTRINSIC:
        return -2
    return method_line_number(method, bci)


cdef u32 class_name
cdef u32 loader_name
cdef u32 module_name
cdef u32 element_class_object
cdef u32 element_loader
cdef u32 element_module
cdef u32 element_version
cdef u32 element_class
cdef u32 element_method
cdef u32 element_file
cdef u32 element_line
cdef Class* element_type
cdef Class* element_array


cdef Symbol* native_accessors[2]
cdef Symbol* handle_accessors[2]


# The class that a trace names: a NativeAccessor (jvm/natives/reflect_invoke.pyx) stands for its outer class,
# which made it, hence is loaded.
cdef Class* trace_holder(Method* method) noexcept nogil:
    cdef Class* klass = method.holder
    cdef Class* outer = NULL
    if handle_accessors[1] == NULL:
        native_accessors[0] = symbol_from(b"jdk/internal/reflect/DirectMethodHandleAccessor$NativeAccessor")
        native_accessors[1] = symbol_from(b"jdk/internal/reflect/DirectConstructorHandleAccessor$NativeAccessor")
        handle_accessors[0] = symbol_from(b"jdk/internal/reflect/DirectMethodHandleAccessor")
        handle_accessors[1] = symbol_from(b"jdk/internal/reflect/DirectConstructorHandleAccessor")
    if klass.loader == loader_boot():
        if klass.name == native_accessors[0]:
            outer = loader_find_loaded(loader_boot(), handle_accessors[0])
        elif klass.name == native_accessors[1]:
            outer = loader_find_loaded(loader_boot(), handle_accessors[1])
    return outer if outer != NULL else klass


cdef Symbol* bound_thread


cdef Symbol* bound_thread_name() noexcept nogil:
    global bound_thread
    if bound_thread == NULL:
        bound_thread = symbol_from(b"java/lang/ThreadBuilders$BoundVirtualThread")
    return bound_thread


cdef public int element_fill(JavaThread* t, Object* element, Method* method, u32 bci) noexcept nogil:
    cdef const char* holder = b"java/lang/StackTraceElement"
    cdef const char* string = b"Ljava/lang/String;"
    cdef Class* klass = trace_holder(method)
    cdef Object* text
    cdef Object* loader = loader_object(klass.loader)
    cdef Object* name
    cdef Symbol* source
    ref_store(element, known_field(&element_class_object, holder, b"declaringClassObject", b"Ljava/lang/Class;"), klass.mirror)
    text = ref_load(klass.mirror, known_field(&class_name, b"java/lang/Class", b"name", string))
    if text == NULL:
        text = class_name_string(t, klass)
        text = string_intern(t, text) if text != NULL else NULL
        if text == NULL:
            return -1
        ref_store(klass.mirror, class_name, text)
    if klass.name == bound_thread_name():
        # The frame that a virtual thread begins with has this name in the host's traces.
        text = string_intern_symbol(t, symbol_from(b"java.lang.VirtualThread"))
        if text == NULL:
            return -1
    ref_store(element, known_field(&element_class, holder, b"declaringClass", string), text)
    if loader != NULL:
        text = ref_load(loader, known_field(&loader_name, b"java/lang/ClassLoader", b"name", string))
        ref_store(element, known_field(&element_loader, holder, b"classLoaderName", string), text)
    text = string_intern_symbol(t, method.name)
    if text == NULL:
        return -1
    ref_store(element, known_field(&element_method, holder, b"methodName", string), text)
    if klass.module != NULL:
        name = ref_load(klass.module, known_field(&module_name, b"java/lang/Module", b"name", string))
        if name != NULL:
            ref_store(element, known_field(&element_module, holder, b"moduleName", string), name)
            ref_store(element, known_field(&element_version, holder, b"moduleVersion", string), module_version(klass.module))
    source = class_source_file(klass)
    if source != NULL:
        text = string_intern_symbol(t, source)
        if text == NULL:
            return -1
        ref_store(element, known_field(&element_file, holder, b"fileName", string), text)
    field_set_int(element, known_field(&element_line, holder, b"lineNumber", b"I"), method_line(method, bci))
    return 0


# initStackTraceElements(StackTraceElement[] elements, Object backtrace, int depth)
cdef public void native_element_init_all(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* elements = args[0].a
    cdef Object* backtrace = args[1].a
    cdef Object* entries
    cdef u64 entry
    cdef i32 i
    if elements == NULL or backtrace == NULL:
        throw_null_pointer(t)
        return
    entries = array_get(backtrace, 0)
    if args[2].i != array_length(elements) or args[2].i != array_length(entries):
        throw_named(t, b"java/lang/IndexOutOfBoundsException", NULL)
        return
    for i in range(args[2].i):
        entry = (<u64*>array_data_wide(entries))[i]
        if array_get(elements, i) == NULL:
            throw_null_pointer(t)
            return
        if element_fill(t, array_get(elements, i), trace_method(entry), trace_bci(entry)) != 0:
            return


cdef public Object* trace_elements(JavaThread* t, const u64* entries, i32 count) noexcept nogil:
    cdef Object* array = array_new_named(t, &element_array, b"[Ljava/lang/StackTraceElement;", count)
    cdef Object* element
    cdef i32 i
    if array == NULL:
        return NULL
    for i in range(count):
        element = object_new(t, known_class(&element_type, b"java/lang/StackTraceElement"))
        if element == NULL or element_fill(t, element, trace_method(entries[i]), trace_bci(entries[i])) != 0:
            return NULL
        array_set(array, i, element)
    return array


# --- jdk.internal.reflect.Reflection ------------------------------------------------------------------

cdef Class* method_class
cdef Class* accessor_class
cdef Symbol* invoke_name


# Frames that stand between a caller and what it calls by reflection.
cdef int is_reflection_frame(Method* method) noexcept nogil:
    global invoke_name
    if invoke_name == NULL:
        invoke_name = symbol_from(b"invoke")
    if method.flags & METHOD_LAMBDA_FORM:
        return 1
    if method.name == invoke_name and method.holder == known_class(&method_class, b"java/lang/reflect/Method"):
        return 1
    return class_is_subtype(method.holder, known_class(&accessor_class, b"jdk/internal/reflect/MethodAccessorImpl"))


cdef public void native_reflection_get_caller_class(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Frame* frame = t.frame
    # The native method's own frame, then the caller-sensitive method's.
    if frame != NULL and frame.method.access_flags & ACC_NATIVE:
        frame = frame.previous
    if frame != NULL:
        frame = frame.previous
    while frame != NULL and is_reflection_frame(frame.method):
        frame = frame.previous
    result.a = frame.method.holder.mirror if frame != NULL else NULL
