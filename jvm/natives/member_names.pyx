# java.lang.invoke.MethodHandleNatives: MemberName, the bridge between names and loaded members.
#
# A resolved MemberName holds its declaring class, the kind and modifiers in `flags`, and in the injected
# `vmindex` a field's offset or how a method is called: its vtable or itable index, or DIRECT.  Methods
# are named by a ResolvedMethodName whose injected `vmtarget` is the Method.  Calls look only at the Method
# (jvm/interpreter/polymorphic.pyx): `vmindex` is for the class library's own checks.
#
# Left out: loading constraints.
from kernel.types cimport u8, u16, u32, u64, i32, i64
from kernel.diagnostics.format cimport Text, text_bytes, text_char, text_init, text_string
from jvm.heap.object cimport Object, array_data, array_get, array_length, array_set, ref_load, ref_store
from jvm.interpreter.dynamic cimport bootstrap_arguments
from jvm.interpreter.polymorphic cimport polymorphic_method
from jvm.loader.classes cimport (Class, Field, JavaThread, LoaderData, Method, Slot, Symbol, ACC_FINAL, ACC_INTERFACE, ACC_NATIVE, ACC_PRIVATE, ACC_STATIC,
                                 METHOD_CALLER_SENSITIVE, METHOD_CLASS_INITIALIZER, METHOD_HIDDEN, METHOD_INITIALIZER, METHOD_INTRINSIC, METHOD_LAMBDA_FORM,
                                 METHOD_POLYMORPHIC, TYPE_LONG, TYPE_REFERENCE, class_of)
from jvm.loader.loader cimport class_by_descriptor, class_link, mirror_class
from jvm.loader.memory cimport metadata_owner
from jvm.loader.resolution cimport (INVOKE_INTERFACE, INVOKE_SPECIAL, INVOKE_STATIC, INVOKE_VIRTUAL, check_method_special, check_method_static,
                                    find_field_in, find_method_in)
from jvm.loader.symbols cimport symbol_from, symbol_intern
from jvm.loader.wellknown cimport off
from jvm.natives.boxing cimport box_new
from jvm.natives.members cimport field_of, method_of, parameter_types
from jvm.natives.support cimport (array_new_named, field_int, field_long, field_set_int, field_set_long, known_class, known_field, object_new,
                                  throw_text)
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer
from jvm.runtime.strings cimport string_from_symbol, string_intern_symbol, string_to_symbol

# MethodHandleNatives.Constants
cdef enum:
    MN_IS_METHOD = 0x10000
    MN_IS_CONSTRUCTOR = 0x20000
    MN_IS_FIELD = 0x40000
    MN_CALLER_SENSITIVE = 0x100000
    MN_TRUSTED_FINAL = 0x200000
    MN_HIDDEN_MEMBER = 0x400000
    MN_KIND_SHIFT = 24
    REF_GET_FIELD = 1
    REF_GET_STATIC = 2
    REF_PUT_FIELD = 3
    REF_INVOKE_VIRTUAL = 5
    REF_INVOKE_STATIC = 6
    REF_INVOKE_SPECIAL = 7
    REF_NEW_INVOKE_SPECIAL = 8
    REF_INVOKE_INTERFACE = 9
    DIRECT = -2                          # vmindex of a method that is not selected by its receiver
    DESCRIPTOR_MAX = 4096

cdef u32 name_clazz
cdef u32 name_name
cdef u32 name_type
cdef u32 name_flags
cdef u32 name_method
cdef Class* resolved_class
cdef u32 resolved_holder


cdef const char* member_name() noexcept nogil:
    return b"java/lang/invoke/MemberName"


cdef u32 clazz_offset() noexcept nogil:
    return known_field(&name_clazz, member_name(), b"clazz", b"Ljava/lang/Class;")


cdef u32 flags_offset() noexcept nogil:
    return known_field(&name_flags, member_name(), b"flags", b"I")


cdef u32 index_offset() noexcept nogil:
    return off.java_lang_invoke_MemberName_vmindex


cdef u32 method_offset() noexcept nogil:
    return known_field(&name_method, member_name(), b"method", b"Ljava/lang/invoke/ResolvedMethodName;")


# --- filling in ---------------------------------------------------------------------------------------

cdef void fill_field(Object* name, Field* field, int setter) noexcept nogil:
    cdef i32 kind = REF_GET_STATIC if field.access_flags & ACC_STATIC else REF_GET_FIELD
    cdef i32 flags = field.access_flags | MN_IS_FIELD
    if setter:
        kind += REF_PUT_FIELD - REF_GET_FIELD
    if field.trusted_final:
        flags |= MN_TRUSTED_FINAL
    field_set_int(name, flags_offset(), flags | kind << MN_KIND_SHIFT)
    field_set_long(name, index_offset(), field.offset)
    ref_store(name, method_offset(), NULL)
    ref_store(name, clazz_offset(), field.holder.mirror)


cdef public i32 member_flags(Method* method) noexcept nogil:
    cdef i32 flags = method.access_flags
    if method.flags & METHOD_INTRINSIC:
        flags &= ~ACC_NATIVE
    flags |= MN_IS_CONSTRUCTOR if method.flags & METHOD_INITIALIZER else MN_IS_METHOD
    if method.flags & METHOD_CALLER_SENSITIVE:
        flags |= MN_CALLER_SENSITIVE
    if method.flags & METHOD_HIDDEN:
        flags |= MN_HIDDEN_MEMBER
    return flags


cdef public Object* resolved_method_new(JavaThread* t, Method* method) noexcept nogil:
    cdef const char* holder = b"java/lang/invoke/ResolvedMethodName"
    cdef Object* target = object_new(t, known_class(&resolved_class, holder))
    cdef Class* keeper = method.holder
    cdef LoaderData* owner
    if method.flags & METHOD_LAMBDA_FORM:
        # Native code of a call site (jvm/natives/call_sites.pyx) says that it is MethodHandle's, but lies in the
        # memory of the class with the call site.
        owner = metadata_owner(<u64>method)
        if owner != NULL and owner.classes != NULL:
            keeper = owner.classes
    if target != NULL:
        # `vmholder` keeps the method's memory (jvm/loader/unloading.pxd).
        ref_store(target, known_field(&resolved_holder, holder, b"vmholder", b"Ljava/lang/Class;"), keeper.mirror)
        field_set_long(target, off.java_lang_invoke_ResolvedMethodName_vmtarget, <i64>method)
    return target


cdef int fill_method(JavaThread* t, Object* name, Method* method, Class* named, int kind) noexcept nogil:
    """`named`: the class that the method was looked up in."""
    cdef Object* target = resolved_method_new(t, method)
    cdef Class* owner = method.holder
    cdef i64 index = DIRECT
    if target == NULL:
        return -1
    if kind == REF_INVOKE_VIRTUAL or kind == REF_INVOKE_INTERFACE:
        if method.access_flags & ACC_PRIVATE:
            kind = REF_INVOKE_SPECIAL
        elif owner.access_flags & ACC_INTERFACE:
            index = method.itable_index
            if not named.access_flags & ACC_INTERFACE:
                # An interface's method that a class inherits is virtual, and the class's.
                kind = REF_INVOKE_VIRTUAL
                owner = named
        elif method.vtable_index >= 0:
            # Also a method of Object that was named through an interface.
            kind = REF_INVOKE_VIRTUAL
            index = method.vtable_index
        else:
            kind = REF_INVOKE_SPECIAL
    field_set_int(name, flags_offset(), member_flags(method) | kind << MN_KIND_SHIFT)
    field_set_long(name, index_offset(), index)
    ref_store(name, method_offset(), target)
    ref_store(name, clazz_offset(), owner.mirror)
    return 0


# init(MemberName self, Object member): from a reflected member.
cdef Class* reflected_field
cdef Class* reflected_method
cdef Class* reflected_constructor


cdef public void native_member_init(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* member = args[1].a
    cdef Class* klass
    cdef Method* method
    if args[0].a == NULL or member == NULL:
        throw_named(t, b"java/lang/InternalError", b"mname and ref must not be null")
        return
    klass = class_of(member)
    if klass == known_class(&reflected_field, b"java/lang/reflect/Field"):
        fill_field(args[0].a, field_of(member), 0)
    elif klass == known_class(&reflected_method, b"java/lang/reflect/Method"):
        method = method_of(member)
        if class_link(t, method.holder) != 0 or method.flags & METHOD_POLYMORPHIC:
            return                       # without a descriptor of the call there is nothing to name
        if method.access_flags & ACC_STATIC:
            fill_method(t, args[0].a, method, method.holder, REF_INVOKE_STATIC)
        elif method.holder.access_flags & ACC_INTERFACE:
            fill_method(t, args[0].a, method, method.holder, REF_INVOKE_INTERFACE)
        else:
            fill_method(t, args[0].a, method, method.holder, REF_INVOKE_VIRTUAL)
    elif klass == known_class(&reflected_constructor, b"java/lang/reflect/Constructor"):
        method = method_of(member)
        fill_method(t, args[0].a, method, method.holder, REF_INVOKE_SPECIAL)
    else:
        throw_named(t, b"java/lang/InternalError", b"unrecognized kind of member")


# --- resolving ----------------------------------------------------------------------------------------

cdef extern from *:
    """
    /* Letters of the field descriptors of PrimitiveType 4 … 12 (JVMS §4.3.2). */
    static inline char type_letter(int type) { return "ZCFDBSIJV"[type - 4]; }
    """
    char type_letter(int type) noexcept nogil
    void fence "__sync_synchronize"() noexcept nogil


# Appends the descriptor of a class.
cdef void add_class(Text* text, Class* klass) noexcept nogil:
    cdef u32 at = 0
    if klass.dimensions != 0:
        text_bytes(text, <const char*>klass.name.text, klass.name.length)
    elif klass.type == TYPE_REFERENCE:
        text_char(text, c'L')
        text_bytes(text, <const char*>klass.name.text, klass.name.length)
        text_char(text, c';')
    else:
        text_char(text, type_letter(klass.type))


cdef u32 method_type_returns
cdef u32 method_type_parameters
cdef Class* method_type_class
cdef Class* class_class
cdef Class* string_class


# The descriptor that a MemberName's `type` stands for: a MethodType, a Class or a String; NULL: neither.
cdef Symbol* descriptor_of(Object* type) noexcept nogil:
    cdef const char* holder = b"java/lang/invoke/MethodType"
    cdef char buffer[DESCRIPTOR_MAX]
    cdef Text text
    cdef Object* parameters
    cdef i32 i
    if type == NULL:
        return NULL
    if class_of(type) == known_class(&string_class, b"java/lang/String"):
        return string_to_symbol(type, 0)
    text_init(&text, buffer, sizeof(buffer))
    if class_of(type) == known_class(&class_class, b"java/lang/Class"):
        add_class(&text, mirror_class(type))
    elif class_of(type) == known_class(&method_type_class, holder):
        parameters = ref_load(type, known_field(&method_type_parameters, holder, b"ptypes", b"[Ljava/lang/Class;"))
        text_char(&text, c'(')
        for i in range(array_length(parameters)):
            add_class(&text, mirror_class(array_get(parameters, i)))
        text_char(&text, c')')
        add_class(&text, mirror_class(ref_load(type, known_field(&method_type_returns, holder, b"rtype", b"Ljava/lang/Class;"))))
    else:
        return NULL
    if text.cut:
        return NULL
    return symbol_intern(<const u8*>buffer, <u32>text.length)


# The InvokeKind of a reference kind.
cdef int invoke_kind(int kind) noexcept nogil:
    if kind == REF_INVOKE_STATIC:
        return INVOKE_STATIC
    elif kind == REF_INVOKE_INTERFACE:
        return INVOKE_INTERFACE
    elif kind == REF_INVOKE_VIRTUAL:
        return INVOKE_VIRTUAL
    return INVOKE_SPECIAL


cdef int resolve_member(JavaThread* t, Object* self, Class* caller, Class* klass, Symbol* name, Symbol* descriptor,
                        i32 flags) noexcept nogil:
    cdef int kind = flags >> MN_KIND_SHIFT & 15
    cdef int setter
    cdef Field* field
    cdef Method* method
    if flags & MN_IS_FIELD:
        setter = kind >= REF_PUT_FIELD
        # The Java callers judge access, and whether the field is static, by what is found here.
        field = find_field_in(t, NULL, klass, name, descriptor)
        if field == NULL:
            return -1
        if class_link(t, field.holder) != 0:
            return -1
        fill_field(self, field, setter)
        return 0
    if kind == REF_NEW_INVOKE_SPECIAL:
        kind = REF_INVOKE_SPECIAL
    method = find_method_in(t, caller, klass, name, descriptor, invoke_kind(kind))
    if method == NULL or check_method_static(t, method, invoke_kind(kind)) != 0:
        return -1
    if method.flags & METHOD_POLYMORPHIC:
        method = polymorphic_method(t, method, descriptor)
        return fill_method(t, self, method, klass, kind) if method != NULL else -1
    if class_link(t, method.holder) != 0:
        return -1
    if kind == REF_INVOKE_SPECIAL and check_method_special(t, caller, klass, method) != 0:
        return -1
    return fill_method(t, self, method, klass, kind)


# resolve(MemberName self, Class caller, int lookupMode, boolean speculative): self, or null when it is
# speculative and there is no such member, or none that the caller may use.
cdef public void native_member_resolve(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* self = args[0].a
    cdef Object* mirror
    cdef Class* klass
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef int speculative = args[3].i
    result.a = NULL
    if self == NULL:
        throw_named(t, b"java/lang/InternalError", b"nothing to resolve")
        return
    mirror = ref_load(self, clazz_offset())
    name = string_to_symbol(ref_load(self, known_field(&name_name, member_name(), b"name", b"Ljava/lang/String;")), 0)
    descriptor = descriptor_of(ref_load(self, known_field(&name_type, member_name(), b"type", b"Ljava/lang/Object;")))
    if mirror == NULL or name == NULL or descriptor == NULL:
        throw_named(t, b"java/lang/IllegalArgumentException", b"nothing to resolve")
        return
    klass = mirror_class(mirror)
    if klass.type != TYPE_REFERENCE:
        return
    if klass.dimensions != 0:
        klass = klass.super_class        # members of arrays are Object's
    if class_link(t, klass) == 0 and resolve_member(t, self, mirror_class(args[1].a) if args[1].a != NULL else NULL, klass, name,
                                                    descriptor, field_int(self, flags_offset())) == 0:
        result.a = self
    elif speculative:
        t.exception = NULL


# --- asking back --------------------------------------------------------------------------------------

# expand(MemberName self): name and type of a member known by its method or by class and offset.
cdef public void native_member_expand(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* self = args[0].a
    cdef Object* target
    cdef Object* text
    cdef Class* klass
    cdef Method* method
    cdef Field* field = NULL
    cdef i32 flags
    cdef int i
    if self == NULL:
        throw_named(t, b"java/lang/InternalError", b"mname must not be null")
        return
    flags = field_int(self, flags_offset())
    if flags & MN_IS_FIELD:
        klass = mirror_class(ref_load(self, clazz_offset()))
        for i in range(klass.field_count):
            if (klass.fields[i].offset == <u32>field_long(self, index_offset())
                    and (klass.fields[i].access_flags & ACC_STATIC) == (flags & ACC_STATIC)):
                field = &klass.fields[i]
        if field == NULL:
            throw_named(t, b"java/lang/InternalError", b"unrecognized type")
            return
        text = string_intern_symbol(t, field.name)
        ref_store(self, known_field(&name_name, member_name(), b"name", b"Ljava/lang/String;"), text)
        klass = class_by_descriptor(t, klass.loader, field.descriptor.text, field.descriptor.length)
        if klass != NULL:
            ref_store(self, known_field(&name_type, member_name(), b"type", b"Ljava/lang/Object;"), klass.mirror)
        return
    target = ref_load(self, method_offset())
    if target == NULL:
        throw_named(t, b"java/lang/IllegalArgumentException", b"nothing to expand")
        return
    method = <Method*>field_long(target, off.java_lang_invoke_ResolvedMethodName_vmtarget)
    text = string_intern_symbol(t, method.name)
    ref_store(self, known_field(&name_name, member_name(), b"name", b"Ljava/lang/String;"), text)
    text = string_from_symbol(t, method.descriptor, 0)
    ref_store(self, known_field(&name_type, member_name(), b"type", b"Ljava/lang/Object;"), text)


cdef int is_field(JavaThread* t, Object* name, int want_static) noexcept nogil:
    cdef i32 flags = field_int(name, flags_offset()) if name != NULL else 0
    if not flags & MN_IS_FIELD or (flags & ACC_STATIC != 0) != want_static:
        throw_named(t, b"java/lang/InternalError", b"static field required" if want_static else b"non-static field required")
        return 0
    return 1


cdef public void native_member_field_offset(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if is_field(t, args[0].a, 0):
        result.l = field_long(args[0].a, index_offset())


cdef public void native_member_static_offset(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if is_field(t, args[0].a, 1):
        result.l = field_long(args[0].a, index_offset())


cdef public void native_member_static_base(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if is_field(t, args[0].a, 1):
        result.a = ref_load(args[0].a, clazz_offset())


# Constants' values are checked by MethodHandleNatives only with assertions: there are none to compare.
cdef public void native_member_named_constant(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    result.i = 0


cdef Class* object_array


# getMemberVMInfo: {vmindex as Long, the member name of a method or the class of a field}.
cdef public void native_member_vm_info(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Object* self = args[0].a
    cdef Object* array
    cdef Object* index
    result.a = NULL
    if self == NULL:
        return
    array = array_new_named(t, &object_array, b"[Ljava/lang/Object;", 2)
    if array == NULL:
        return
    index = box_new(t, TYPE_LONG, <u64>field_long(self, index_offset()))
    if index == NULL:
        return
    array_set(array, 0, index)
    array_set(array, 1, ref_load(self, clazz_offset()) if field_int(self, flags_offset()) & MN_IS_FIELD else self)
    result.a = array


# --- call sites ---------------------------------------------------------------------------------------

cdef void set_target(JavaThread* t, Slot* args) noexcept nogil:
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    ref_store(args[0].a, off.java_lang_invoke_CallSite_target, args[1].a)


# Linked instructions read CallSite.target each time: nothing has to be told of a change.
cdef public void native_call_site_set_target(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_target(t, args)


cdef public void native_call_site_set_target_volatile(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    set_target(t, args)
    fence()


# copyOutBootstrapArguments(Class caller, int[] indexInfo, int start, int end, Object[] buf, int pos, boolean resolve, Object ifNotAvailable);
# indexInfo: {argument count, constant-pool index}.  Arguments are always resolved.
cdef public void native_call_site_copy_arguments(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    if args[0].a == NULL or args[1].a == NULL or args[4].a == NULL:
        throw_null_pointer(t)
    elif args[2].i < 0 or args[3].i < args[2].i or args[5].i < 0 or array_length(args[1].a) < 2 \
            or <i64>args[5].i + args[3].i - args[2].i > array_length(args[4].a):
        throw_named(t, b"java/lang/IllegalArgumentException", b"bad bootstrap argument index")
    else:
        bootstrap_arguments(t, mirror_class(args[0].a), <u16>(<i32*>array_data(args[1].a))[1], args[2].i, args[3].i, args[4].a, args[5].i)


# --- reflective calls of signature-polymorphic methods --------------------------------------------------

cdef public void native_method_handle_reflected(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef char buffer[128]
    cdef Text text
    cdef Method* method = t.frame.method
    text_init(&text, buffer, sizeof(buffer))
    text_string(&text, b"MethodHandle.")
    text_bytes(&text, <const char*>method.name.text, method.name.length)
    text_string(&text, b" cannot be invoked reflectively")
    throw_named(t, b"java/lang/UnsupportedOperationException", buffer)


cdef public void native_var_handle_reflected(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    throw_named(t, b"java/lang/UnsupportedOperationException", b"VarHandle access mode methods cannot be invoked reflectively")
