# Signature-polymorphic methods: see polymorphic.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.threads.cpu cimport compiler_barrier, events_mask, events_unmask
from jvm.heap.object cimport array_get
from jvm.interpreter.dynamic cimport link_upcall, method_type
from jvm.loader.classes cimport (ACC_STATIC, METHOD_HIDDEN, METHOD_POLYMORPHIC, RESOLVED_LINK, class_of)
from jvm.loader.descriptors cimport method_argument_slots, method_return_type
from jvm.loader.loader cimport loader_boot
from jvm.loader.memory cimport loader_alloc
from jvm.loader.resolution cimport select_interface, select_virtual
from jvm.loader.symbols cimport symbol_matches
from jvm.loader.wellknown cimport sym
from jvm.natives.support cimport array_new_named
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory
from jvm.runtime.strings cimport string_intern_symbol

cdef enum:
    BUCKETS = 256
    REF_INVOKE_VIRTUAL = 5

cdef struct Made:
    Made* next
    Method method

cdef struct Bucket:
    Made* first

cdef Bucket made[BUCKETS]                # by name and descriptor; guarded by masked events
cdef Class* object_array

cdef int intrinsic_of(Method* declared) noexcept nogil:
    cdef Symbol* name = declared.name
    if declared.holder.name != sym.java_lang_invoke_MethodHandle:
        return 0
    if symbol_matches(name, b"invokeBasic"):
        return INTRINSIC_INVOKE_BASIC
    elif symbol_matches(name, b"linkToStatic"):
        return INTRINSIC_LINK_STATIC
    elif symbol_matches(name, b"linkToSpecial"):
        return INTRINSIC_LINK_SPECIAL
    elif symbol_matches(name, b"linkToVirtual"):
        return INTRINSIC_LINK_VIRTUAL
    elif symbol_matches(name, b"linkToInterface"):
        return INTRINSIC_LINK_INTERFACE
    elif symbol_matches(name, b"linkToNative"):
        return INTRINSIC_LINK_NATIVE
    return 0

cdef void fill(Method* method, Method* declared, Symbol* descriptor) noexcept nogil:
    method.holder = declared.holder
    method.native = declared.native
    method.name = declared.name
    method.descriptor = descriptor
    method.access_flags = declared.access_flags
    method.flags = METHOD_POLYMORPHIC | METHOD_HIDDEN
    method.argument_slots = <u16>(method_argument_slots(descriptor) + (0 if declared.access_flags & ACC_STATIC else 1))
    method.max_locals = method.argument_slots
    method.return_type = method_return_type(descriptor)
    method.intrinsic = <u8>intrinsic_of(declared)
    method.slot = declared.slot
    method.vtable_index = -1
    method.itable_index = -1
    method.attributes = declared.attributes

cdef public Method* polymorphic_method(JavaThread* t, Method* declared, Symbol* descriptor) noexcept nogil:
    cdef Bucket* bucket = &made[(declared.name.hash + 31 * descriptor.hash) % BUCKETS]
    cdef Made* row
    events_mask()
    row = bucket.first
    while row != NULL and (row.method.name != declared.name or row.method.descriptor != descriptor
                           or row.method.holder != declared.holder):
        row = row.next
    if row == NULL:
        row = <Made*>loader_alloc(loader_boot(), sizeof(Made))
        if row != NULL:
            fill(&row.method, declared, descriptor)
            row.next = bucket.first
            bucket.first = row
    events_unmask()
    if row == NULL:
        throw_out_of_memory(t, b"Metaspace")
        return NULL
    return &row.method

# --- intrinsics -------------------------------------------------------------------------------------

cdef public int throw_unlinked(JavaThread* t) noexcept nogil:
    return throw_named(t, b"java/lang/InternalError", b"a method handle or a member name without a method")

cdef public Method* polymorphic_select(JavaThread* t, Object* receiver, Method* target, int intrinsic) noexcept nogil:
    if target == NULL:
        throw_unlinked(t)
        return NULL
    if intrinsic == INTRINSIC_LINK_INTERFACE:
        return select_interface(t, class_of(receiver), target)
    elif intrinsic == INTRINSIC_LINK_VIRTUAL:
        return select_virtual(t, class_of(receiver), target)
    elif intrinsic == INTRINSIC_LINK_NATIVE:
        throw_named(t, b"java/lang/UnsupportedOperationException",
                    b"MethodHandle.linkToNative (calls of foreign functions) is not supported by this machine")
        return NULL
    return target

cdef public Method* polymorphic_target(JavaThread* t, Method* intrinsic, Slot* args) noexcept nogil:
    cdef Method* target = intrinsic
    cdef Object* object
    cdef int kind
    # An intrinsic may itself be named by a MemberName.
    while target.intrinsic != 0:
        kind = target.intrinsic
        object = args[0].a
        if kind == INTRINSIC_INVOKE_BASIC:
            if object == NULL:
                throw_null_pointer(t)
                return NULL
            target = basic_target(object)
        else:
            if args[target.argument_slots - 1].a == NULL or (kind != INTRINSIC_LINK_STATIC and object == NULL):
                throw_null_pointer(t)
                return NULL
            target = member_target(args[target.argument_slots - 1].a) if kind != INTRINSIC_LINK_NATIVE else target
            target = polymorphic_select(t, object, target, kind)
            if target == NULL:
                return NULL
        if target == NULL:
            throw_unlinked(t)
            return NULL
    return target

# --- calls that java.lang.invoke links --------------------------------------------------------------

cdef public Link* link_new(JavaThread* t, Class* caller) noexcept nogil:
    cdef Link* link = <Link*>loader_alloc(caller.owner, sizeof(Link))
    if link == NULL:
        throw_out_of_memory(t, b"Metaspace")
        return NULL
    events_mask()
    link.next = caller.links
    caller.links = link
    events_unmask()
    return link

cdef public Link* polymorphic_link(JavaThread* t, Class* caller, int index, Method* declared, Symbol* descriptor) noexcept nogil:
    cdef Slot args[6]
    cdef Link* link
    cdef Object* result = array_new_named(t, &object_array, b"[Ljava/lang/Object;", 1)
    cdef Object* type
    if result == NULL:
        return NULL
    type = method_type(t, caller, descriptor)
    if type == NULL:
        return NULL
    args[0].a = caller.mirror
    args[1].i = REF_INVOKE_VIRTUAL
    args[2].a = declared.holder.mirror
    args[3].a = string_intern_symbol(t, declared.name)
    args[4].a = type
    args[5].a = result
    if args[3].a == NULL:
        return NULL
    link = link_upcall(t, caller, b"linkMethod", b"(Ljava/lang/Class;ILjava/lang/Class;Ljava/lang/String;Ljava/lang/Object;"
                       b"[Ljava/lang/Object;)Ljava/lang/invoke/MemberName;", args, result)
    if link == NULL:
        return NULL
    link.site = polymorphic_method(t, declared, descriptor)
    if link.site == NULL:
        return NULL
    # The first thread's link stays.
    events_mask()
    if caller.pool.tags[index] == RESOLVED_LINK:
        link = caller.pool.values[index].link
    else:
        caller.pool.values[index].link = link
        compiler_barrier()
        caller.pool.tags[index] = RESOLVED_LINK
    events_unmask()
    return link
