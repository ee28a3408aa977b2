# Calls of VarHandle's signature-polymorphic methods without method handles.
#
# Every kind of VarHandle has a class with static methods named as the access modes, which take the
# handle, the coordinates and the values, references as Object (java.lang.invoke.VarHandleInts and so
# on); the class library's own guards call these when the call's types fit.  Here the method is found by
# the handle's class, name and erased types; primitive values are widened when that makes them fit, and
# a reference result is cast to what the call site expects.
#
# Left out: conversions that box, and handles that are made of others (IndirectVarHandle): they need
# method handles, and say so.
#
# Invariant: the table of made methods only grows; `lock` guards it.  A made Method lives for ever.
from kernel.types cimport u8, u16, u32, u64, i32
from kernel.memory.heap cimport kcalloc
from kernel.memory.string cimport memcmp
from kernel.diagnostics.format cimport Text, text_bytes, text_char, text_init, text_string
from kernel.threads.sync cimport Mutex, mutex_lock, mutex_unlock
from jvm.heap.object cimport Object
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.classes cimport (Class, JavaThread, Method, NativeMethod, Slot, Symbol, ACC_FINAL, ACC_NATIVE, ACC_PUBLIC, ACC_STATIC,
                                 METHOD_HIDDEN, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT, TYPE_INT, TYPE_LONG,
                                 TYPE_REFERENCE, TYPE_SHORT, TYPE_VOID, class_of)
from jvm.loader.loader cimport class_by_descriptor, class_initialize, class_is_subtype
from jvm.loader.resolution cimport select_virtual
from jvm.natives.boxing cimport widen
from jvm.natives.members cimport descriptor_length
from jvm.natives.support cimport known_class, known_method
from jvm.runtime.exceptions cimport throw_named, throw_null_pointer, throw_out_of_memory

cdef enum:
    ARGUMENT_SLOTS = 256

cdef struct Made:
    Made* next
    Method method

cdef Mutex lock
cdef Made* made


cdef int type_of(u8 letter) noexcept nogil:
    if letter == c'Z':
        return TYPE_BOOLEAN
    elif letter == c'B':
        return TYPE_BYTE
    elif letter == c'C':
        return TYPE_CHAR
    elif letter == c'S':
        return TYPE_SHORT
    elif letter == c'I':
        return TYPE_INT
    elif letter == c'J':
        return TYPE_LONG
    elif letter == c'F':
        return TYPE_FLOAT
    elif letter == c'D':
        return TYPE_DOUBLE
    elif letter == c'V':
        return TYPE_VOID
    return TYPE_REFERENCE


cdef inline u32 slots_of(int type) noexcept nogil:
    return 2 if type == TYPE_LONG or type == TYPE_DOUBLE else 1


cdef public Method* var_handle_method(JavaThread* t, Class* var_handle, Symbol* name, Symbol* descriptor) noexcept nogil:
    global made
    cdef Made* row
    cdef const u8* at
    mutex_lock(&lock)
    row = made
    while row != NULL and (row.method.name != name or row.method.descriptor != descriptor):
        row = row.next
    if row == NULL:
        row = <Made*>kcalloc(1, sizeof(Made))
        if row != NULL:
            row.method.holder = var_handle
            row.method.name = name
            row.method.descriptor = descriptor
            row.method.native = <NativeMethod>access_variable
            row.method.access_flags = ACC_PUBLIC | ACC_FINAL | ACC_NATIVE
            row.method.flags = METHOD_HIDDEN
            row.method.vtable_index = -1
            row.method.itable_index = -1
            row.method.argument_slots = 1
            at = descriptor.text + 1
            while at[0] != c')':
                row.method.argument_slots += <u16>slots_of(type_of(at[0]))
                at += descriptor_length(at)
            row.method.max_locals = row.method.argument_slots
            row.method.return_type = <u8>type_of(at[1])
            row.next = made
            made = row
    mutex_unlock(&lock)
    if row == NULL:
        throw_out_of_memory(t, b"call site")
        return NULL
    return &row.method


# Do the call site's parameters (behind '(') fit those of a method (behind its first, the handle)?  An
# exact fit is 2, one by widening 1.
cdef int fits(const u8* site, const u8* target) noexcept nogil:
    cdef Slot none
    cdef int fit = 2
    cdef int from_type
    cdef int to_type
    while site[0] != c')' and target[0] != c')':
        from_type = type_of(site[0])
        to_type = type_of(target[0])
        if from_type != to_type:
            none.raw = 0
            if from_type == TYPE_REFERENCE or to_type == TYPE_REFERENCE or not widen(&none, from_type, to_type):
                return 0
            fit = 1
        site += descriptor_length(site)
        target += descriptor_length(target)
    return fit if site[0] == c')' and target[0] == c')' else 0


# The static method of the handle's class for an access mode, NULL: none whose types fit.
cdef Method* find_target(Class* klass, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef Method* method
    cdef Method* best = NULL
    cdef const u8* parameters
    cdef u32 i
    cdef int fit
    while klass != NULL:
        for i in range(klass.method_count):
            method = &klass.methods[i]
            if method.name != name or not method.access_flags & ACC_STATIC or method.descriptor.text[1] != c'L':
                continue
            parameters = method.descriptor.text + 1
            fit = fits(descriptor.text + 1, parameters + descriptor_length(parameters))
            if fit == 2:
                return method
            if fit == 1 and best == NULL:
                best = method
        klass = klass.super_class
    return best


cdef void throw_unfit(JavaThread* t, Class* klass, Method* site) noexcept nogil:
    cdef char buffer[512]
    cdef Text text
    text_init(&text, buffer, sizeof(buffer))
    text_string(&text, b"VarHandle.")
    text_bytes(&text, <const char*>site.name.text, site.name.length)
    text_bytes(&text, <const char*>site.descriptor.text, site.descriptor.length)
    text_string(&text, b" on a ")
    text_bytes(&text, <const char*>klass.name.text, klass.name.length)
    text_string(&text, b" needs method handles, which this machine does not have")
    throw_named(t, b"java/lang/UnsupportedOperationException", buffer)


cdef void throw_cast(JavaThread* t, Class* klass, Class* wanted) noexcept nogil:
    cdef char buffer[512]
    cdef Text text
    cdef u32 i
    text_init(&text, buffer, sizeof(buffer))
    text_string(&text, b"Cannot cast ")
    for i in range(klass.name.length):
        text_char(&text, c'.' if klass.name.text[i] == c'/' else <char>klass.name.text[i])
    text_string(&text, b" to ")
    for i in range(wanted.name.length):
        text_char(&text, c'.' if wanted.name.text[i] == c'/' else <char>wanted.name.text[i])
    throw_named(t, b"java/lang/ClassCastException", buffer)


cdef Method* handle_target


# The native code of every made method: t.frame.method says which.
cdef void access_variable(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Slot slots[ARGUMENT_SLOTS]
    cdef Slot value
    cdef Method* site = t.frame.method
    cdef Method* target
    cdef Method* redirect
    cdef Object* handle = args[0].a
    cdef Class* wanted
    cdef const u8* from_text
    cdef const u8* to_text
    cdef int from_type
    cdef int to_type
    cdef u32 from_slot = 1
    cdef u32 to_slot = 1
    if handle == NULL:
        throw_null_pointer(t)
        return
    target = find_target(class_of(handle), site.name, site.descriptor)
    if target == NULL:
        # A handle of a static field whose class may not be initialised: the direct one stands behind it.
        redirect = select_virtual(t, class_of(handle), known_method(&handle_target, b"java/lang/invoke/VarHandle", b"target",
                                                                    b"()Ljava/lang/invoke/VarHandle;"))
        value.a = NULL
        if redirect == NULL or java_call(t, redirect, args, &value) != 0:
            return
        if value.a != NULL and value.a != handle:
            handle = value.a
            target = find_target(class_of(handle), site.name, site.descriptor)
    if target == NULL:
        throw_unfit(t, class_of(handle), site)
        return
    slots[0].a = handle
    from_text = site.descriptor.text + 1
    to_text = target.descriptor.text + 1
    to_text += descriptor_length(to_text)
    while from_text[0] != c')':
        from_type = type_of(from_text[0])
        to_type = type_of(to_text[0])
        slots[to_slot] = args[from_slot]
        if from_type != to_type:
            widen(&slots[to_slot], from_type, to_type)
        from_slot += slots_of(from_type)
        to_slot += slots_of(to_type)
        from_text += descriptor_length(from_text)
        to_text += descriptor_length(to_text)
    if class_initialize(t, target.holder) != 0:
        return
    value.raw = 0
    if java_call(t, target, slots, &value) != 0:
        return
    from_type = target.return_type
    to_type = site.return_type
    if to_type == TYPE_REFERENCE and from_type == TYPE_REFERENCE:
        if value.a != NULL:
            from_text += 1
            wanted = class_by_descriptor(t, t.frame.previous.method.holder.loader, from_text, descriptor_length(from_text))
            if wanted == NULL:
                return
            if not class_is_subtype(class_of(value.a), wanted):
                throw_cast(t, class_of(value.a), wanted)
                return
    elif to_type != TYPE_VOID and (to_type == TYPE_REFERENCE or from_type == TYPE_REFERENCE or not widen(&value, from_type, to_type)):
        throw_unfit(t, class_of(handle), site)
        return
    result.raw = value.raw
