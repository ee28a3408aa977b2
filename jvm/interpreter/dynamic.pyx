# Constants and call sites that java.lang.invoke links: see dynamic.pxd.
from kernel.types cimport i32, u8, u16, u32, u64
from kernel.boot.config cimport config_number
from kernel.threads.cpu cimport compiler_barrier, events_mask, events_unmask
from jvm.heap.object cimport array_get, array_set, ref_load, ref_store
from jvm.interpreter.interpreter cimport java_call
from jvm.interpreter.opcodes cimport OP_INVOKEDYNAMIC
from jvm.interpreter.polymorphic cimport link_new, member_target, throw_unlinked
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (
    ACC_INTERFACE, CONSTANT_Class, CONSTANT_Double, CONSTANT_Dynamic, CONSTANT_Fieldref, CONSTANT_Float, CONSTANT_Integer,
    CONSTANT_InterfaceMethodref, CONSTANT_InvokeDynamic, CONSTANT_Long, CONSTANT_MethodHandle, CONSTANT_MethodType,
    CONSTANT_Methodref, CONSTANT_String, Method, RESOLVED_CLASS, RESOLVED_DYNAMIC, RESOLVED_DYNAMIC_VALUE,
    RESOLVED_ERROR, RESOLVED_METHOD_HANDLE, RESOLVED_METHOD_TYPE, RESOLVED_STRING, TYPE_DOUBLE, TYPE_FLOAT, TYPE_INT,
    TYPE_LONG, TYPE_REFERENCE, class_of, pool_resolve)
from jvm.loader.descriptors cimport descriptor_skip, descriptor_type
from jvm.loader.loader cimport class_by_descriptor, class_initialize, class_is_subtype, class_named_method, loader_load_boot
from jvm.loader.messages cimport (LoaderText, message_add, message_class, message_init, message_method, message_number,
                                  message_symbol, message_throw)
from jvm.loader.parser cimport find_attribute, pool_class_name, pool_u2
from jvm.loader.resolution cimport check_class_access, check_direct_interface, resolve_class, resolve_string
from jvm.loader.symbols cimport symbol_matches
from jvm.loader.wellknown cimport off, wk
from jvm.natives.boxing cimport box_new, unbox
from jvm.natives.concatenation cimport concatenation_link
from jvm.natives.lambdas cimport lambda_link
from jvm.natives.pattern_switches cimport switch_link
from jvm.natives.record_methods cimport record_link
from jvm.natives.support cimport array_new_named, known_method, object_construct, object_new, pool_name_and_type, pool_utf8
from jvm.runtime.exceptions cimport throw_named
from jvm.runtime.strings cimport string_intern_symbol

cdef enum:
    PARAMETERS_MAX = 255
    REF_INVOKE_STATIC = 6
    REF_FIELD_MAX = 4                    # reference kinds (JVMS table 5.4.3.5-A): 1 … 4 name fields
    REF_INVOKE_SPECIAL = 7

cdef Class* class_array
cdef Class* object_array
cdef Method* find_type
cdef Method* link_handle
cdef Method* link_constant
cdef Method* wrap_constructor

cdef const char* natives_class() noexcept nogil:
    return b"java/lang/invoke/MethodHandleNatives"

cdef int bad_class_file(JavaThread* t, Class* caller, const char* what, u16 index) noexcept nogil:
    cdef LoaderText m
    message_init(&m, what)
    message_add(&m, b" at constant pool index ")
    message_number(&m, index)
    message_add(&m, b" in class file ")
    message_symbol(&m, caller.name)
    return message_throw(t, b"java/lang/ClassFormatError", &m)

# --- errors (JVMS §5.4.3) ---------------------------------------------------------------------------

cdef Object* copy_of(JavaThread* t, Object* throwable) noexcept nogil:
    """A throwable of the same class and message, made now; NULL: t.exception is set."""
    cdef Class* klass = class_of(throwable)
    cdef Method* constructor = class_named_method(klass, b"<init>", b"(Ljava/lang/String;)V")
    cdef Object* message = ref_load(throwable, off.java_lang_Throwable_detailMessage)
    cdef Object* made
    cdef Slot slots[2]
    made = object_new(t, klass)
    if made == NULL:
        return NULL
    slots[0].a = made
    slots[1].a = message
    if message == NULL or constructor == NULL:
        constructor = class_named_method(klass, b"<init>", b"()V")
    if constructor == NULL:
        constructor = class_named_method(wk.java_lang_Throwable, b"<init>", b"()V")
    if java_call(t, constructor, slots, NULL) != 0:
        return NULL
    ref_store(made, off.java_lang_Throwable_detailMessage, message)
    return made

cdef int throw_again(JavaThread* t, Object* error, bint with_cause) noexcept nogil:
    cdef Object* cause = ref_load(error, off.java_lang_Throwable_cause) if with_cause else NULL
    cdef Object* made = copy_of(t, error)
    if made == NULL:
        return -1
    if cause != NULL and cause != error:
        cause = copy_of(t, cause)
        if cause == NULL:
            return -1
        ref_store(made, off.java_lang_Throwable_cause, cause)
    t.exception = made
    return -1

cdef bint is_linkage_error(Object* throwable) noexcept nogil:
    return class_is_subtype(class_of(throwable), wk.java_lang_LinkageError) != 0

cdef int fail(JavaThread* t, Class* caller, u16 index, u8 tag) noexcept nogil:
    """Resolution of the entry has thrown.  Only linkage errors stay: memory may come back."""
    if is_linkage_error(t.exception):
        events_mask()
        if caller.pool.tags[index] == tag:
            pool_resolve(&caller.pool, index, t.exception, RESOLVED_ERROR)
        events_unmask()
    return -1

cdef int wrap(JavaThread* t) noexcept nogil:
    """JVMS §6.5 invokedynamic: what is no Error becomes the cause of a BootstrapMethodError."""
    cdef Slot argument
    cdef Object* made
    argument.a = t.exception
    if class_is_subtype(class_of(argument.a), wk.java_lang_Error):
        return -1
    t.exception = NULL
    made = object_construct(t, known_method(&wrap_constructor, b"java/lang/BootstrapMethodError", b"<init>",
                                            b"(Ljava/lang/Throwable;)V"), &argument, 1)
    if made != NULL:
        t.exception = made
    return -1

cdef void publish(Class* caller, u16 index, u8 before, u8 after, Object* value) noexcept nogil:
    events_mask()
    if caller.pool.tags[index] == before:
        pool_resolve(&caller.pool, index, value, after)
    events_unmask()

cdef void publish_number(Class* caller, u16 index, u64 value) noexcept nogil:
    events_mask()
    if caller.pool.tags[index] == CONSTANT_Dynamic:
        caller.pool.values[index].raw = value
        compiler_barrier()
        caller.pool.tags[index] = RESOLVED_DYNAMIC_VALUE
    events_unmask()

# --- method types -----------------------------------------------------------------------------------

cdef int upcall(JavaThread* t, Method* method, Slot* args, Slot* result) noexcept nogil:
    if class_initialize(t, method.holder) != 0:
        return -1
    return java_call(t, method, args, result)

cdef Class* accessible_type(JavaThread* t, Class* caller, const u8* text, u32 length) noexcept nogil:
    cdef Class* klass = class_by_descriptor(t, caller.loader, text, length)
    if klass == NULL or (klass.type == TYPE_REFERENCE and check_class_access(t, caller, klass) != 0):
        return NULL
    return klass

cdef public Object* method_type(JavaThread* t, Class* caller, Symbol* descriptor) noexcept nogil:
    cdef u32 starts[PARAMETERS_MAX + 2]
    cdef u32 count = 0
    cdef u32 at = 1
    cdef u32 index
    cdef Object* parameters
    cdef Class* klass
    cdef Slot args[2]
    cdef Slot result
    while descriptor.text[at] != c')' and count < PARAMETERS_MAX:
        starts[count] = at
        count += 1
        at = descriptor_skip(descriptor.text, descriptor.length, at)
    starts[count] = at
    parameters = array_new_named(t, &class_array, b"[Ljava/lang/Class;", <i32>count)
    if parameters == NULL:
        return NULL
    for index in range(count):
        klass = accessible_type(t, caller, descriptor.text + starts[index], starts[index + 1] - starts[index])
        if klass == NULL:
            return NULL
        array_set(parameters, <i32>index, klass.mirror)
    klass = accessible_type(t, caller, descriptor.text + at + 1, descriptor.length - at - 1)
    if klass == NULL:
        return NULL
    args[0].a = klass.mirror
    args[1].a = parameters
    if upcall(t, known_method(&find_type, natives_class(), b"findMethodHandleType",
                              b"(Ljava/lang/Class;[Ljava/lang/Class;)Ljava/lang/invoke/MethodType;"), args, &result) != 0:
        return NULL
    return result.a

cdef int resolve_type(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    cdef Symbol* descriptor = pool_utf8(caller, pool_u2(caller, index, 0))
    cdef Object* type
    if descriptor == NULL:
        return bad_class_file(t, caller, b"Bad method type", index)
    type = method_type(t, caller, descriptor)
    if type == NULL:
        return fail(t, caller, index, CONSTANT_MethodType)
    publish(caller, index, CONSTANT_MethodType, RESOLVED_METHOD_TYPE, type)
    return 0

# --- method handles ---------------------------------------------------------------------------------

cdef public const u8* original_entry(Class* klass, u16 wanted) noexcept nogil:
    """The entry in the class file, from its tag on: the pool's own tag changes with resolution."""
    if klass.pool.offsets[wanted] == 0:      # the second half of a long or double
        return <const u8*>b"\0\0\0\0\0"
    return klass.bytes + klass.pool.offsets[wanted] - 1

cdef int inconsistent(JavaThread* t, Class* klass, u16 index, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef LoaderText m
    cdef bint interface = klass.access_flags & ACC_INTERFACE != 0
    message_init(&m, b"Inconsistent constant pool data in classfile for class ")
    message_symbol(&m, klass.name)
    message_add(&m, b". Method ")
    message_method(&m, NULL, name, descriptor)
    message_add(&m, b" at index ")
    message_number(&m, index)
    message_add(&m, b" is CONSTANT_MethodRef and should be CONSTANT_InterfaceMethodRef" if interface
                else b" is CONSTANT_InterfaceMethodRef and should be CONSTANT_MethodRef")
    return message_throw(t, b"java/lang/IncompatibleClassChangeError", &m)

cdef int make_handle(JavaThread* t, Class* caller, u16 index, Slot* result) noexcept nogil:
    cdef const u8* entry = caller.bytes + caller.pool.offsets[index]
    cdef const u8* reference
    cdef int kind = entry[0]
    cdef u16 member = bytes_u2(entry + 1)
    cdef u8 tag
    cdef Class* klass
    cdef Class* type
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef Slot args[5]
    if kind < 1 or kind > 9 or member == 0 or member >= caller.pool.count:
        return bad_class_file(t, caller, b"Bad method handle", index)
    reference = original_entry(caller, member)
    tag = reference[0]
    if tag != CONSTANT_Fieldref and tag != CONSTANT_Methodref and tag != CONSTANT_InterfaceMethodref:
        return bad_class_file(t, caller, b"Bad method handle", index)
    klass = resolve_class(t, caller, bytes_u2(reference + 1))
    if klass == NULL:
        return -1
    pool_name_and_type(caller, bytes_u2(reference + 3), &name, &descriptor)
    if name == NULL or descriptor == NULL:
        return bad_class_file(t, caller, b"Bad method handle", index)
    if tag != CONSTANT_Fieldref and (tag == CONSTANT_InterfaceMethodref) != (klass.access_flags & ACC_INTERFACE != 0):
        return inconsistent(t, klass, index, name, descriptor)
    if kind == REF_INVOKE_SPECIAL and check_direct_interface(t, caller, klass, klass, name, descriptor) != 0:
        return -1
    if kind <= REF_FIELD_MAX:
        type = accessible_type(t, caller, descriptor.text, descriptor.length)
        if type == NULL:
            return -1
        args[4].a = type.mirror
    else:
        args[4].a = method_type(t, caller, descriptor)
        if args[4].a == NULL:
            return -1
    args[0].a = caller.mirror
    args[1].i = kind
    args[2].a = klass.mirror
    args[3].a = string_intern_symbol(t, name)
    if args[3].a == NULL:
        return -1
    return upcall(t, known_method(&link_handle, natives_class(), b"linkMethodHandleConstant",
                                  b"(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;)"
                                  b"Ljava/lang/invoke/MethodHandle;"), args, result)

cdef int resolve_handle(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    cdef Slot result
    if make_handle(t, caller, index, &result) != 0:
        return fail(t, caller, index, CONSTANT_MethodHandle)
    publish(caller, index, CONSTANT_MethodHandle, RESOLVED_METHOD_HANDLE, result.a)
    return 0

# --- bootstrap methods ------------------------------------------------------------------------------

cdef int loadable(JavaThread* t, Class* caller, u16 index, Object** into) noexcept nogil:
    """A static argument: any loadable constant (JVMS table 4.4-C), boxed."""
    cdef u8 tag
    cdef Class* klass
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef u8 type = 0
    into[0] = NULL
    if index == 0 or index >= caller.pool.count:
        return bad_class_file(t, caller, b"Bad bootstrap argument", index)
    tag = caller.pool.tags[index]
    if tag == CONSTANT_String or tag == RESOLVED_STRING:
        into[0] = resolve_string(t, caller, index)
    elif tag == CONSTANT_Class or tag == RESOLVED_CLASS:
        klass = resolve_class(t, caller, index)
        into[0] = klass.mirror if klass != NULL else NULL
    elif tag == CONSTANT_Integer:
        into[0] = box_new(t, TYPE_INT, caller.pool.values[index].raw)
    elif tag == CONSTANT_Long:
        into[0] = box_new(t, TYPE_LONG, caller.pool.values[index].raw)
    elif tag == CONSTANT_Float:
        into[0] = box_new(t, TYPE_FLOAT, caller.pool.values[index].raw)
    elif tag == CONSTANT_Double:
        into[0] = box_new(t, TYPE_DOUBLE, caller.pool.values[index].raw)
    else:
        if resolve_dynamic_constant(t, caller, index) != 0:
            return -1
        if caller.pool.tags[index] != RESOLVED_DYNAMIC_VALUE:
            into[0] = caller.pool.values[index].object
            return 0
        pool_name_and_type(caller, bytes_u2(original_entry(caller, index) + 3), &name, &descriptor)
        into[0] = box_new(t, descriptor_type(descriptor.text[0]), caller.pool.values[index].raw)
    return 0 if into[0] != NULL else -1

cdef const u8* bootstrap_entry(Class* caller, u32 number) noexcept nogil:
    """The number-th row of the BootstrapMethods attribute (JVMS §4.7.23), which fits; NULL: there is none."""
    cdef u32 length
    cdef const u8* at = find_attribute(caller, caller.attributes, b"BootstrapMethods", &length)
    cdef const u8* end
    if at == NULL or length < 2 or number >= bytes_u2(at):
        return NULL
    end = at + length
    at += 2
    while end - at >= 4:
        if end - at < 4 + 2 * <int>bytes_u2(at + 2):
            return NULL
        if number == 0:
            return at
        at += 4 + 2 * <int>bytes_u2(at + 2)
        number -= 1
    return NULL

# What a bootstrap method is called with.
cdef struct Bootstrap:
    Object* method
    Object* name
    Object* type
    Object* arguments                    # NULL, the only one, or Object[]
    u8 primitive                         # PrimitiveType of a dynamic constant, or TYPE_REFERENCE

cdef int static_arguments(JavaThread* t, Class* caller, const u8* row, Bootstrap* b) noexcept nogil:
    cdef int count = bytes_u2(row + 2)
    cdef int index
    cdef Object* value
    b.arguments = NULL
    if count == 0:
        return 0
    if count == 1:
        if loadable(t, caller, bytes_u2(row + 4), &value) != 0:
            return -1
        if value != NULL and class_of(value).dimensions == 0:
            b.arguments = value
            return 0
    b.arguments = array_new_named(t, &object_array, b"[Ljava/lang/Object;", count)
    if b.arguments == NULL:
        return -1
    for index in range(count):
        if loadable(t, caller, bytes_u2(row + 4 + 2 * index), &value) != 0:
            return -1
        array_set(b.arguments, index, value)
    return 0

cdef public int bootstrap_arguments(JavaThread* t, Class* caller, u16 index, int first, int end, Object* array, int at) noexcept nogil:
    cdef const u8* row = NULL
    cdef Object* value
    if index != 0 and index < caller.pool.count:
        row = bootstrap_entry(caller, bytes_u2(original_entry(caller, index) + 1))
    if row == NULL or first < 0 or end < first or end > bytes_u2(row + 2):
        return throw_named(t, b"java/lang/InternalError", b"bad bootstrap argument index")
    while first < end:
        if loadable(t, caller, bytes_u2(row + 4 + 2 * first), &value) != 0:
            return -1
        array_set(array, at, value)
        first += 1
        at += 1
    return 0

cdef int prepare(JavaThread* t, Class* caller, u16 index, u8 tag, Bootstrap* b) noexcept nogil:
    """JVMS §5.4.3.6: the bootstrap method, the type and the static arguments."""
    cdef const u8* entry = original_entry(caller, index)
    cdef const u8* row = bootstrap_entry(caller, bytes_u2(entry + 1)) if entry[0] == tag else NULL
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef Class* type
    cdef u16 method
    if row == NULL:
        return bad_class_file(t, caller, b"Missing bootstrap method", index)
    pool_name_and_type(caller, bytes_u2(entry + 3), &name, &descriptor)
    method = bytes_u2(row)
    if name == NULL or descriptor == NULL or method == 0 or method >= caller.pool.count:
        return bad_class_file(t, caller, b"Bad bootstrap method", index)
    if resolve_dynamic_constant(t, caller, method) != 0:
        return -1
    if caller.pool.tags[method] != RESOLVED_METHOD_HANDLE:
        return bad_class_file(t, caller, b"Bad bootstrap method", index)
    b.method = caller.pool.values[method].object
    b.name = string_intern_symbol(t, name)
    if b.name == NULL:
        return -1
    b.primitive = TYPE_REFERENCE
    if tag == CONSTANT_InvokeDynamic:
        b.type = method_type(t, caller, descriptor)
        if b.type == NULL:
            return -1
    else:
        type = accessible_type(t, caller, descriptor.text, descriptor.length)
        if type == NULL:
            return -1
        b.type = type.mirror
        b.primitive = type.type
    return static_arguments(t, caller, row, b)

# --- dynamic constants ------------------------------------------------------------------------------

cdef int resolve_dynamic(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    cdef Bootstrap b
    cdef Slot args[5]
    cdef Slot result
    if prepare(t, caller, index, CONSTANT_Dynamic, &b) != 0:
        wrap(t)
        return fail(t, caller, index, CONSTANT_Dynamic)
    args[0].a = caller.mirror
    args[1].a = b.method
    args[2].a = b.name
    args[3].a = b.type
    args[4].a = b.arguments
    if upcall(t, known_method(&link_constant, natives_class(), b"linkDynamicConstant",
                              b"(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;)"
                              b"Ljava/lang/Object;"), args, &result) != 0:
        wrap(t)
        return fail(t, caller, index, CONSTANT_Dynamic)
    if b.primitive == TYPE_REFERENCE:
        publish(caller, index, CONSTANT_Dynamic, RESOLVED_DYNAMIC, result.a)
        return 0
    if result.a == NULL or unbox(result.a, &result) != b.primitive:
        throw_named(t, b"java/lang/InternalError", b"a dynamic constant of another type")
        return fail(t, caller, index, CONSTANT_Dynamic)
    publish_number(caller, index, result.raw)
    return 0

cdef public int resolve_dynamic_constant(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    cdef u8 tag = caller.pool.tags[index]
    cdef int outcome = 0
    if tag == CONSTANT_MethodHandle:
        outcome = resolve_handle(t, caller, index)
    elif tag == CONSTANT_MethodType:
        outcome = resolve_type(t, caller, index)
    elif tag == CONSTANT_Dynamic:
        outcome = resolve_dynamic(t, caller, index)
    elif tag != RESOLVED_METHOD_HANDLE and tag != RESOLVED_METHOD_TYPE and tag != RESOLVED_DYNAMIC \
            and tag != RESOLVED_DYNAMIC_VALUE and tag != RESOLVED_ERROR:
        return bad_class_file(t, caller, b"Constant of the wrong kind", index)
    if outcome != 0:
        return -1
    if caller.pool.tags[index] == RESOLVED_ERROR:
        return throw_again(t, caller.pool.values[index].object, True)
    return 0

# --- call sites -------------------------------------------------------------------------------------

cdef public Link* link_upcall(JavaThread* t, Class* caller, const char* name, const char* descriptor, Slot* args,
                              Object* result) noexcept nogil:
    cdef Method* method = NULL
    cdef Object* appendix
    cdef Link* link
    cdef Slot member
    if upcall(t, known_method(&method, natives_class(), name, descriptor), args, &member) != 0:
        return NULL
    method = member_target(member.a) if member.a != NULL else NULL
    if method == NULL:
        throw_unlinked(t)
        return NULL
    appendix = array_get(result, 0)
    link = link_new(t, caller)
    if link == NULL:
        return NULL
    link.method = method
    link.appendix = appendix
    return link

cdef Object* earlier_error(Class* caller, u8* pc) noexcept nogil:
    cdef Object* error = NULL
    cdef Link* link
    events_mask()
    link = caller.links
    while link != NULL and (link.pc != pc or link.error == NULL):
        link = link.next
    if link != NULL:
        error = link.error
    events_unmask()
    return error

cdef public void call_site_failed(JavaThread* t, Frame* frame) noexcept nogil:
    cdef Class* caller = frame.method.holder
    cdef Object* error = t.exception
    cdef Link* link
    if not is_linkage_error(error) or earlier_error(caller, frame.pc) != NULL:
        return
    t.exception = NULL
    link = link_new(t, caller)
    t.exception = error
    if link != NULL:
        link.error = error
        compiler_barrier()
        link.pc = frame.pc

cdef Link* shortcut(JavaThread* t, Class* caller, u16 index) noexcept nogil:
    """A call site whose bootstrap method need not run.  NULL without t.exception: it must."""
    cdef const u8* entry = original_entry(caller, index)
    cdef const u8* row
    cdef const u8* handle
    cdef const u8* member
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef Symbol* owner
    cdef Symbol* bootstrap
    cdef Symbol* ignored
    if config_number(b"indy-shortcuts", 1) == 0 or entry[0] != CONSTANT_InvokeDynamic:
        return NULL
    row = bootstrap_entry(caller, bytes_u2(entry + 1))
    if row == NULL or bytes_u2(row) == 0 or bytes_u2(row) >= caller.pool.count:
        return NULL
    handle = original_entry(caller, bytes_u2(row))
    if handle[0] != CONSTANT_MethodHandle or handle[1] != REF_INVOKE_STATIC:
        return NULL
    member = original_entry(caller, bytes_u2(handle + 2))
    # A class of java.lang.invoke is the boot loader's, whoever names it.
    owner = pool_class_name(caller, bytes_u2(member + 1))
    if member[0] != CONSTANT_Methodref or owner == NULL:
        return NULL
    pool_name_and_type(caller, bytes_u2(member + 3), &bootstrap, &ignored)
    pool_name_and_type(caller, bytes_u2(entry + 3), &name, &descriptor)
    if bootstrap == NULL or descriptor == NULL:
        return NULL
    if symbol_matches(owner, b"java/lang/invoke/StringConcatFactory") and symbol_matches(bootstrap, b"makeConcatWithConstants"):
        return concatenation_link(t, caller, row, descriptor)
    if symbol_matches(owner, b"java/lang/invoke/LambdaMetafactory") and symbol_matches(bootstrap, b"metafactory"):
        return lambda_link(t, caller, row, name, descriptor)
    if symbol_matches(owner, b"java/lang/runtime/ObjectMethods") and symbol_matches(bootstrap, b"bootstrap"):
        return record_link(t, caller, row, name, descriptor)
    if symbol_matches(owner, b"java/lang/runtime/SwitchBootstraps"):
        if symbol_matches(bootstrap, b"typeSwitch"):
            return switch_link(t, caller, row, name, descriptor, False)
        if symbol_matches(bootstrap, b"enumSwitch"):
            return switch_link(t, caller, row, name, descriptor, True)
    return NULL

cdef public Link* link_call_site(JavaThread* t, Frame* frame, u16 index) noexcept nogil:
    cdef Class* caller = frame.method.holder
    cdef Object* error = earlier_error(caller, frame.pc)
    cdef Object* result
    cdef Bootstrap b
    cdef Slot args[6]
    cdef Link* link = NULL
    if error != NULL:
        throw_again(t, error, False)   # as the host: a call site's error comes back without its cause
        return NULL
    link = shortcut(t, caller, index)
    if link != NULL:
        return link
    if t.exception == NULL and prepare(t, caller, index, CONSTANT_InvokeDynamic, &b) == 0:
        result = array_new_named(t, &object_array, b"[Ljava/lang/Object;", 1)
        if result == NULL:
            return NULL
        args[0].a = caller.mirror
        args[1].a = b.method
        args[2].a = b.name
        args[3].a = b.type
        args[4].a = b.arguments
        args[5].a = result
        link = link_upcall(t, caller, b"linkCallSite",
                           b"(Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;Ljava/lang/Object;"
                           b"[Ljava/lang/Object;)Ljava/lang/invoke/MemberName;", args, result)
    if link == NULL:
        wrap(t)
        if frame.pc[0] != OP_INVOKEDYNAMIC:
            # Another thread was luckier, and the first outcome counts.
            t.exception = NULL
            return NULL
        call_site_failed(t, frame)
        return NULL
    # JVMS §6.5: the first outcome counts, also when it was an error.
    error = earlier_error(caller, frame.pc)
    if error != NULL:
        throw_again(t, error, False)
        return NULL
    return link
