# Calls by reflection: DirectMethodHandleAccessor$NativeAccessor, DirectConstructorHandleAccessor$NativeAccessor.
#
# The Java callers have checked access; here are the checks of java.lang.reflect.Method.invoke that
# remain: receiver, number of arguments, their types after unboxing and widening.
#
# These accessors stand for the class library's method handle accessors, whose messages they give; stack
# traces name those too: invoke0 and newInstance0 are hidden (METHOD_HIDDEN), and a frame of a
# NativeAccessor is shown as one of the class around it (trace_holder in jvm/natives/stack_trace.pyx).
from kernel.types cimport u8, u32, i32
from jvm.heap.object cimport Object, array_get, array_length, ref_load
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport (Class, Frame, JavaThread, Method, Slot, ACC_ABSTRACT, ACC_INTERFACE, ACC_PRIVATE, ACC_STATIC, METHOD_HIDDEN,
                                 TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT, TYPE_INT, TYPE_LONG, TYPE_REFERENCE, TYPE_SHORT, TYPE_VOID, class_of)
from jvm.loader.loader cimport class_initialize, class_is_subtype, mirror_class
from jvm.loader.resolution cimport select_interface, select_virtual
from jvm.natives.boxing cimport box_new, unbox, widen
from jvm.natives.members cimport method_of, parameter_types
from jvm.natives.support cimport known_class, known_field, known_method, object_construct, object_new, throw_text
from jvm.runtime.exceptions cimport throw_format, throw_named, throw_null_pointer, throw_object

cdef enum:
    ARGUMENT_SLOTS = 256                 # JVMS §4.3.3: at most 255, receiver included

cdef Method* target_exception


# The method threw: InvocationTargetException around it.
cdef void wrap_exception(JavaThread* t) noexcept nogil:
    cdef Slot argument
    cdef Object* wrapper
    argument.a = t.exception
    t.exception = NULL
    wrapper = object_construct(t, known_method(&target_exception, b"java/lang/reflect/InvocationTargetException", b"<init>",
                                               b"(Ljava/lang/Throwable;)V"), &argument, 1)
    if wrapper != NULL:
        throw_object(t, wrapper)


cdef enum:
    TYPES = 12                           # of PrimitiveType

cdef Method* unboxers[TYPES]             # by PrimitiveType
cdef Method* illegal_argument
cdef Class* null_pointer


cdef Method* unboxer(int type) noexcept nogil:
    cdef const char* holder = b"sun/invoke/util/ValueConversions"
    if type == TYPE_BOOLEAN:
        return known_method(&unboxers[type], holder, b"unboxBoolean", b"(Ljava/lang/Object;Z)Z")
    elif type == TYPE_BYTE:
        return known_method(&unboxers[type], holder, b"unboxByte", b"(Ljava/lang/Object;Z)B")
    elif type == TYPE_CHAR:
        return known_method(&unboxers[type], holder, b"unboxCharacter", b"(Ljava/lang/Object;Z)C")
    elif type == TYPE_SHORT:
        return known_method(&unboxers[type], holder, b"unboxShort", b"(Ljava/lang/Object;Z)S")
    elif type == TYPE_INT:
        return known_method(&unboxers[type], holder, b"unboxInteger", b"(Ljava/lang/Object;Z)I")
    elif type == TYPE_LONG:
        return known_method(&unboxers[type], holder, b"unboxLong", b"(Ljava/lang/Object;Z)J")
    elif type == TYPE_FLOAT:
        return known_method(&unboxers[type], holder, b"unboxFloat", b"(Ljava/lang/Object;Z)F")
    return known_method(&unboxers[type], holder, b"unboxDouble", b"(Ljava/lang/Object;Z)D")


# null for a primitive parameter: what the class library's adapter throws, in an IllegalArgumentException, as
# DirectMethodHandleAccessor.invoke wraps it.
cdef void null_for_primitive(JavaThread* t, int type) noexcept nogil:
    cdef Slot[2] arguments
    cdef Slot value
    cdef Object* wrapper
    cdef Method* method = unboxer(type)
    arguments[0].raw = 0
    arguments[1].raw = 0                 # no cast, which would make null a zero
    if class_initialize(t, method.holder) != 0:
        return
    java_call(t, method, arguments, &value)
    if t.exception == NULL or class_of(t.exception) != known_class(&null_pointer, b"java/lang/NullPointerException"):
        return
    arguments[0].a = t.exception
    t.exception = NULL
    wrapper = object_construct(t, known_method(&illegal_argument, b"java/lang/IllegalArgumentException", b"<init>",
                                               b"(Ljava/lang/Throwable;)V"), arguments, 1)
    if wrapper != NULL:
        throw_object(t, wrapper)


# Puts `arguments` (an Object[], or null for none) behind `slots`, when `caller_first` the first one last;
# -1: thrown.
cdef int pass_arguments(JavaThread* t, Object* types, Object* arguments, Slot* slots, bint caller_first) noexcept nogil:
    cdef i32 wanted = array_length(types)
    cdef i32 given = array_length(arguments) if arguments != NULL else 0
    cdef i32 i
    cdef u32 at = 0
    cdef int type
    cdef Class* parameter
    cdef Object* argument
    if wanted != given:
        throw_format(t, b"java/lang/IllegalArgumentException", b"wrong number of arguments: %d expected: %d", given, wanted)
        return -1
    for i in range(wanted):
        parameter = mirror_class(array_get(types, i))
        argument = array_get(arguments, i if not caller_first else i + 1 if i + 1 < wanted else 0)
        if parameter.type == TYPE_REFERENCE:
            if argument != NULL and not class_is_subtype(class_of(argument), parameter):
                throw_named(t, b"java/lang/IllegalArgumentException", b"argument type mismatch")
                return -1
            slots[at].a = argument
            at += 1
            continue
        if argument == NULL:
            null_for_primitive(t, parameter.type)
            return -1
        type = unbox(argument, &slots[at])
        if type == 0 or not widen(&slots[at], type, parameter.type):
            throw_named(t, b"java/lang/IllegalArgumentException", b"argument type mismatch")
            return -1
        at += 2 if parameter.type == TYPE_LONG or parameter.type == TYPE_DOUBLE else 1
    return 0


cdef Class* native_accessor
cdef u32 accessor_adapter


# Whether the calling NativeAccessor passes `method` as the adapter of a caller-sensitive method, whose last
# parameter is the caller's class: the class library's code then puts that class in front of the arguments.
cdef bint is_adapter(JavaThread* t, Object* method) noexcept nogil:
    cdef const char* holder = b"jdk/internal/reflect/DirectMethodHandleAccessor$NativeAccessor"
    cdef Frame* frame = t.frame.previous
    if frame == NULL or frame.method.holder != known_class(&native_accessor, holder) or frame.method.access_flags & ACC_STATIC:
        return False
    return ref_load(frame.locals[0].a, known_field(&accessor_adapter, holder, b"csmAdapter", b"Ljava/lang/reflect/Method;")) == method


cdef u32 method_parameters
cdef u32 constructor_parameters


# invoke0(Method method, Object receiver, Object[] arguments)
cdef public void native_accessor_invoke(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Slot slots[ARGUMENT_SLOTS]
    cdef Slot returned
    cdef Method* method = method_of(args[0].a)
    cdef Object* receiver = args[1].a
    cdef Object* types = ref_load(args[0].a, known_field(&method_parameters, b"java/lang/reflect/Method", b"parameterTypes",
                                                         b"[Ljava/lang/Class;"))
    cdef u32 first = 0
    t.frame.method.flags |= METHOD_HIDDEN
    if class_initialize(t, method.holder) != 0:
        return
    if not method.access_flags & ACC_STATIC:
        if receiver == NULL:
            throw_null_pointer(t)
            return
        if not class_is_subtype(class_of(receiver), method.holder):
            throw_format(t, b"java/lang/IllegalArgumentException", b"object of type %S is not an instance of %S",
                         class_of(receiver).name, method.holder.name)
            return
        slots[0].a = receiver
        first = 1
    if pass_arguments(t, types, args[2].a, slots + first, is_adapter(t, args[0].a)) != 0:
        return
    if first and not method.access_flags & ACC_PRIVATE:
        if method.holder.access_flags & ACC_INTERFACE:
            method = select_interface(t, class_of(receiver), method)
        else:
            method = select_virtual(t, class_of(receiver), method)
        if method == NULL:
            wrap_exception(t)            # AbstractMethodError, as if thrown by the target
            return
    returned.raw = 0
    if java_call(t, method, slots, &returned) != 0:
        wrap_exception(t)
        return
    if method.return_type == TYPE_VOID:
        result.a = NULL
    elif method.return_type == TYPE_REFERENCE:
        result.a = returned.a
    else:
        result.a = box_new(t, method.return_type, returned.raw)


# newInstance0(Constructor constructor, Object[] arguments)
cdef public void native_accessor_new_instance(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Slot slots[ARGUMENT_SLOTS]
    cdef Method* method = method_of(args[0].a)
    cdef Object* types = ref_load(args[0].a, known_field(&constructor_parameters, b"java/lang/reflect/Constructor", b"parameterTypes",
                                                         b"[Ljava/lang/Class;"))
    t.frame.method.flags |= METHOD_HIDDEN
    if method.holder.access_flags & (ACC_ABSTRACT | ACC_INTERFACE):
        throw_named(t, b"java/lang/InstantiationException", NULL)
        return
    if class_initialize(t, method.holder) != 0:
        return
    if pass_arguments(t, types, args[1].a, slots + 1, False) != 0:
        return
    slots[0].a = object_new(t, method.holder)
    if slots[0].a == NULL:
        return
    if java_call(t, method, slots, NULL) != 0:
        wrap_exception(t)
        return
    result.a = slots[0].a
