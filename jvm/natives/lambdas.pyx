# Lambdas and method references: see lambdas.pxd.
#
# The class that is made has a field for each captured value, a constructor that sets them (for reflection: instances
# are made without it) and one method: it loads the captured values, then its own
# arguments, each cast to the type that the lambda expects, and calls the lambda's body.  It is a nest mate of the class
# that the lambda stands in, as LambdaMetafactory's is.
#
# Invariant: whatever this does not understand, or finds wrong, it leaves to LambdaMetafactory, which has the checks
# and the messages: only types that are equal by name, or cast in the made code, are let through.
# Invariant: a Site lives for ever and holds no objects; the one instance of a lambda that captures nothing is its
# Link's appendix.
from kernel.types cimport i32, u8, u16, u32, u64
from kernel.memory.string cimport memcmp, memcpy, strlen
from jvm.heap.object cimport Object, ref_store
from jvm.interpreter.dynamic cimport original_entry
from jvm.interpreter.opcodes cimport *
from jvm.loader.access cimport nest_host
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (
    ACC_FINAL, ACC_INTERFACE, ACC_NATIVE, ACC_PRIVATE, ACC_PUBLIC, ACC_STATIC, ACC_SUPER, ACC_SYNTHETIC, CONSTANT_Class,
    CONSTANT_Fieldref, CONSTANT_InterfaceMethodref, CONSTANT_MethodHandle, CONSTANT_MethodType, CONSTANT_Methodref,
    CONSTANT_NameAndType, CONSTANT_Utf8, METHOD_CALLER_SENSITIVE, METHOD_HIDDEN, METHOD_LAMBDA_FORM, METHOD_POLYMORPHIC,
    Method, NativeMethod, Slot, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT, TYPE_LONG, TYPE_REFERENCE,
    TYPE_SHORT, TYPE_VOID)
from jvm.loader.descriptors cimport descriptor_skip, descriptor_type, method_argument_slots
from jvm.loader.loader cimport class_define_hidden, class_initialize, class_load
from jvm.loader.memory cimport loader_alloc
from jvm.loader.resolution cimport INVOKE_INTERFACE, INVOKE_VIRTUAL, find_method_in, resolve_class
from jvm.loader.symbols cimport symbol_from, symbol_intern
from jvm.loader.tables cimport same_package
from jvm.loader.wellknown cimport off, wk
from jvm.natives.call_sites cimport native_link
from jvm.natives.support cimport object_new, pool_name_and_type, pool_utf8
from jvm.heap.object cimport ref_load

cdef enum:
    TYPES_MAX = 32                       # parameters of a lambda with its captured values
    FILE_MAX = 8192
    CODE_MAX = 512
    MAJOR = 65
    KIND_VIRTUAL = 5                     # reference kinds (JVMS table 5.4.3.5-A)
    KIND_STATIC = 6
    KIND_SPECIAL = 7
    KIND_NEW = 8
    KIND_INTERFACE = 9

# A type of a descriptor: its text.
cdef struct Type:
    const u8* text
    u32 length

cdef struct Types:
    u32 count
    Type at[TYPES_MAX]
    Type returns

# A class file under construction; `full` when something did not fit.
cdef struct File:
    u8* at
    u8* end
    u16 constants
    u8 full

cdef struct Site:
    Method method                        # must be first
    Class* made
    u32 count                            # captured values: made.fields, in their order


# --- types --------------------------------------------------------------------------------------------

cdef bint read_types(Symbol* descriptor, Types* types) noexcept nogil:
    cdef u32 at = 1
    cdef u32 end
    types.count = 0
    if descriptor == NULL or descriptor.length < 3 or descriptor.text[0] != c'(':
        return False
    while descriptor.text[at] != c')':
        end = descriptor_skip(descriptor.text, descriptor.length, at)
        if end == 0 or types.count == TYPES_MAX:
            return False
        types.at[types.count].text = descriptor.text + at
        types.at[types.count].length = end - at
        types.count += 1
        at = end
    types.returns.text = descriptor.text + at + 1
    types.returns.length = descriptor.length - at - 1
    return True


cdef inline bint same(Type* a, Type* b) noexcept nogil:
    return a.length == b.length and memcmp(a.text, b.text, a.length) == 0


cdef inline int kind_of(Type* type) noexcept nogil:
    return descriptor_type(type.text[0])


cdef inline int slots_of(int kind) noexcept nogil:
    return 2 if kind == TYPE_LONG or kind == TYPE_DOUBLE else 0 if kind == TYPE_VOID else 1


cdef bint is_object(Type* type) noexcept nogil:
    return type.length == 18 and memcmp(type.text, b"Ljava/lang/Object;", 18) == 0


# --- writing a class file -----------------------------------------------------------------------------

cdef void put1(File* f, u32 value) noexcept nogil:
    if f.at == f.end:
        f.full = 1
        return
    f.at[0] = <u8>value
    f.at += 1


cdef void put2(File* f, u32 value) noexcept nogil:
    put1(f, value >> 8)
    put1(f, value & 0xFF)


cdef void put4(File* f, u32 value) noexcept nogil:
    put2(f, value >> 16)
    put2(f, value & 0xFFFF)


cdef void put_bytes(File* f, const u8* bytes, u32 length) noexcept nogil:
    if length > <u64>(f.end - f.at):
        f.full = 1
        return
    memcpy(f.at, bytes, length)
    f.at += length


cdef u16 next_constant(File* f) noexcept nogil:
    f.constants += 1
    return f.constants - 1


cdef u16 put_text(File* f, const u8* text, u32 length) noexcept nogil:
    put1(f, CONSTANT_Utf8)
    put2(f, length)
    put_bytes(f, text, length)
    return next_constant(f)


cdef u16 put_symbol(File* f, Symbol* symbol) noexcept nogil:
    return put_text(f, symbol.text, symbol.length)


cdef u16 put_class(File* f, const u8* text, u32 length) noexcept nogil:
    cdef u16 name = put_text(f, text, length)
    put1(f, CONSTANT_Class)
    put2(f, name)
    return next_constant(f)


cdef u16 put_type_class(File* f, Type* type) noexcept nogil:
    """A Class entry of a reference type: arrays by their descriptor."""
    if type.text[0] == c'L':
        return put_class(f, type.text + 1, type.length - 2)
    return put_class(f, type.text, type.length)


cdef u16 put_member(File* f, int tag, u16 owner, u16 name, u16 descriptor) noexcept nogil:
    put1(f, CONSTANT_NameAndType)
    put2(f, name)
    put2(f, descriptor)
    put1(f, tag)
    put2(f, owner)
    put2(f, next_constant(f))
    return next_constant(f)


cdef void put_load(File* f, int kind, u32 local) noexcept nogil:
    put1(f, OP_ALOAD if kind == TYPE_REFERENCE else OP_LLOAD if kind == TYPE_LONG else OP_DLOAD if kind == TYPE_DOUBLE
         else OP_FLOAD if kind == TYPE_FLOAT else OP_ILOAD)
    put1(f, local)


# --- the made class -----------------------------------------------------------------------------------

# What a call site asks for.
cdef struct Wanted:
    Class* caller
    Symbol* name
    Symbol* erased_descriptor
    Type interface
    Types captured
    Types erased                         # of the interface's method
    Types instantiated
    Types body                           # with the receiver, and what a constructor makes
    Symbol* owner
    Symbol* body_name
    Symbol* body_descriptor
    int kind
    int tag                              # of the body's entry
    Type receiver


cdef bint fits(Wanted* w) noexcept nogil:
    """Whether every value passes as it is, or after a cast."""
    cdef u32 i
    cdef Type* given
    cdef Type* needed
    cdef int kind
    if w.captured.count + w.instantiated.count != w.body.count or w.erased.count != w.instantiated.count:
        return False
    for i in range(w.captured.count):
        if not same(&w.captured.at[i], &w.body.at[i]):
            return False
    for i in range(w.erased.count):
        given = &w.instantiated.at[i]
        needed = &w.body.at[w.captured.count + i]
        if (kind_of(&w.erased.at[i]) == TYPE_REFERENCE) != (kind_of(given) == TYPE_REFERENCE):
            return False
        if kind_of(given) != TYPE_REFERENCE and not same(&w.erased.at[i], given):
            return False
        if not same(given, needed) and not (is_object(needed) and kind_of(given) == TYPE_REFERENCE):
            return False
    kind = kind_of(&w.erased.returns)
    if kind == TYPE_VOID:
        return True
    if kind == TYPE_REFERENCE:
        return kind_of(&w.body.returns) == TYPE_REFERENCE
    return same(&w.erased.returns, &w.body.returns)


cdef u32 write_code(Wanted* w, File* pool, File* code, u16 this_class, u16* fields, u16* max_stack) noexcept nogil:
    """The interface's method: its code, and what that needs in the pool; its locals."""
    cdef u16 owner = put_class(pool, w.owner.text, w.owner.length)
    cdef u16 body = put_member(pool, w.tag, owner, put_symbol(pool, w.body_name), put_symbol(pool, w.body_descriptor))
    cdef u32 local = 1
    cdef u32 pushed = 0
    cdef u32 i
    cdef int kind
    if w.kind == KIND_NEW:
        put1(code, OP_NEW)
        put2(code, owner)
        put1(code, OP_DUP)
    for i in range(w.captured.count):
        put1(code, OP_ALOAD_0)
        put1(code, OP_GETFIELD)
        put2(code, fields[i])
        pushed += slots_of(kind_of(&w.captured.at[i]))
    for i in range(w.erased.count):
        kind = kind_of(&w.erased.at[i])
        put_load(code, kind, local)
        local += slots_of(kind)
        pushed += slots_of(kind)
        if kind == TYPE_REFERENCE and not same(&w.erased.at[i], &w.instantiated.at[i]) and not is_object(&w.instantiated.at[i]):
            put1(code, OP_CHECKCAST)
            put2(code, put_type_class(pool, &w.instantiated.at[i]))
    put1(code, OP_INVOKESTATIC if w.kind == KIND_STATIC else OP_INVOKESPECIAL if w.kind == KIND_NEW
         else OP_INVOKEINTERFACE if w.tag == CONSTANT_InterfaceMethodref else OP_INVOKEVIRTUAL)
    put2(code, body)
    if w.kind != KIND_STATIC and w.kind != KIND_NEW and w.tag == CONSTANT_InterfaceMethodref:
        put1(code, pushed)
        put1(code, 0)
    kind = kind_of(&w.erased.returns)
    if kind == TYPE_VOID:
        if kind_of(&w.body.returns) != TYPE_VOID:
            put1(code, OP_POP2 if slots_of(kind_of(&w.body.returns)) == 2 else OP_POP)
        put1(code, OP_RETURN)
    elif kind == TYPE_REFERENCE:
        if not same(&w.erased.returns, &w.body.returns) and not is_object(&w.erased.returns):
            put1(code, OP_CHECKCAST)
            put2(code, put_type_class(pool, &w.erased.returns))
        put1(code, OP_ARETURN)
    else:
        put1(code, OP_LRETURN if kind == TYPE_LONG else OP_DRETURN if kind == TYPE_DOUBLE else OP_FRETURN if kind == TYPE_FLOAT
             else OP_IRETURN)
    max_stack[0] = <u16>(pushed + 4)
    return local


cdef u32 write_constructor(Wanted* w, File* pool, File* code, u16 super_class, u16* fields, u16* descriptor) noexcept nogil:
    """Its code, and what that needs in the pool; its locals."""
    cdef u16 name = put_text(pool, <const u8*>b"<init>", 6)
    cdef u16 above
    cdef u8* start
    cdef u32 local = 1
    cdef u32 i
    descriptor[0] = put_text(pool, <const u8*>b"()V", 3)
    above = put_member(pool, CONSTANT_Methodref, super_class, name, descriptor[0])
    # Its own descriptor: the captured types.
    put1(pool, CONSTANT_Utf8)
    start = pool.at
    put2(pool, 0)
    put1(pool, c'(')
    put1(code, OP_ALOAD_0)
    put1(code, OP_INVOKESPECIAL)
    put2(code, above)
    for i in range(w.captured.count):
        put_bytes(pool, w.captured.at[i].text, w.captured.at[i].length)
        put1(code, OP_ALOAD_0)
        put_load(code, kind_of(&w.captured.at[i]), local)
        put1(code, OP_PUTFIELD)
        put2(code, fields[i])
        local += slots_of(kind_of(&w.captured.at[i]))
    put_bytes(pool, <const u8*>b")V", 2)
    put1(code, OP_RETURN)
    if not pool.full:
        start[0] = <u8>((pool.at - start - 2) >> 8)
        start[1] = <u8>(pool.at - start - 2)
    descriptor[0] = next_constant(pool)
    return local


cdef void put_method(File* f, u32 flags, u16 name, u16 descriptor, u16 attribute, u32 max_stack, u32 locals, File* code,
                     const u8* code_bytes) noexcept nogil:
    cdef u32 length = <u32>(code.at - code_bytes)
    put2(f, flags)
    put2(f, name)
    put2(f, descriptor)
    put2(f, 1)
    put2(f, attribute)
    put4(f, 12 + length)
    put2(f, max_stack)
    put2(f, locals)
    put4(f, length)
    put_bytes(f, code_bytes, length)
    put2(f, 0)                           # no handlers
    put2(f, 0)                           # no attributes
    f.full |= code.full


cdef u32 write_class(Wanted* w, u8* buffer) noexcept nogil:
    """The class file; its length, 0: it does not fit."""
    cdef u8 code_bytes[CODE_MAX]
    cdef u8 constructor_bytes[CODE_MAX]
    cdef File constructor
    cdef u16 constructor_name, constructor_type
    cdef u32 constructor_locals
    cdef u8 digits[8]
    cdef u16 fields[TYPES_MAX]
    cdef u16 names[TYPES_MAX]
    cdef u16 types[TYPES_MAX]
    cdef File file
    cdef File code
    cdef u16 this_class, super_class, interface, method_name, method_type, attribute
    cdef u16 max_stack
    cdef u32 i, length, locals
    file.at = buffer + 10
    file.end = buffer + FILE_MAX
    file.constants = 1
    file.full = 0
    code.at = code_bytes
    code.end = code_bytes + CODE_MAX
    code.full = 0
    constructor.at = constructor_bytes
    constructor.end = constructor_bytes + CODE_MAX
    constructor.full = 0
    # Host$$Lambda
    put1(&file, CONSTANT_Utf8)
    put2(&file, <u32>w.caller.name.length + 8)
    put_bytes(&file, w.caller.name.text, w.caller.name.length)
    put_bytes(&file, <const u8*>b"$$Lambda", 8)
    put1(&file, CONSTANT_Class)
    put2(&file, next_constant(&file))
    this_class = next_constant(&file)
    super_class = put_class(&file, <const u8*>b"java/lang/Object", 16)
    interface = put_type_class(&file, &w.interface)
    method_name = put_symbol(&file, w.name)
    method_type = put_symbol(&file, w.erased_descriptor)
    attribute = put_text(&file, <const u8*>b"Code", 4)
    memcpy(digits, b"arg$", 4)
    for i in range(w.captured.count):
        # arg$1, arg$2, …
        digits[4] = <u8>(c'0' + (i + 1) // 10) if i >= 9 else <u8>(c'1' + i)
        digits[5] = <u8>(c'0' + (i + 1) % 10)
        names[i] = put_text(&file, digits, 6 if i >= 9 else 5)
        types[i] = put_text(&file, w.captured.at[i].text, w.captured.at[i].length)
        fields[i] = put_member(&file, CONSTANT_Fieldref, this_class, names[i], types[i])
    locals = write_code(w, &file, &code, this_class, fields, &max_stack)
    constructor_locals = write_constructor(w, &file, &constructor, super_class, fields, &constructor_type)
    constructor_name = put_text(&file, <const u8*>b"<init>", 6)
    put2(&file, ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC)
    put2(&file, this_class)
    put2(&file, super_class)
    put2(&file, 1)
    put2(&file, interface)
    put2(&file, w.captured.count)
    for i in range(w.captured.count):
        put2(&file, ACC_PRIVATE | ACC_FINAL)
        put2(&file, names[i])
        put2(&file, types[i])
        put2(&file, 0)
    put2(&file, 2)
    put_method(&file, ACC_PRIVATE, constructor_name, constructor_type, attribute, 3, constructor_locals, &constructor, constructor_bytes)
    put_method(&file, ACC_PUBLIC, method_name, method_type, attribute, max_stack, locals, &code, code_bytes)
    put2(&file, 0)
    if file.full:
        return 0
    length = <u32>(file.at - buffer)
    file.at = buffer
    put4(&file, 0xCAFEBABE)
    put4(&file, MAJOR)
    put2(&file, file.constants)
    return length


# --- linking ------------------------------------------------------------------------------------------

cdef bint read_body(JavaThread* t, Wanted* w, u16 index) noexcept nogil:
    """The method of the lambda, which the made class may call as the caller may.  False: with or without t.exception."""
    cdef const u8* handle = original_entry(w.caller, index)
    cdef const u8* entry
    cdef Class* klass
    cdef Method* method
    cdef u8* text
    cdef u32 i
    if handle[0] != CONSTANT_MethodHandle:
        return False
    w.kind = handle[1]
    entry = original_entry(w.caller, bytes_u2(handle + 2))
    w.tag = entry[0]
    if w.kind < KIND_VIRTUAL or w.kind > KIND_INTERFACE or (w.tag != CONSTANT_Methodref and w.tag != CONSTANT_InterfaceMethodref):
        return False
    klass = resolve_class(t, w.caller, bytes_u2(entry + 1))
    if klass == NULL or klass.dimensions != 0 or klass.is_hidden:
        return False
    pool_name_and_type(w.caller, bytes_u2(entry + 3), &w.body_name, &w.body_descriptor)
    if w.body_name == NULL or not read_types(w.body_descriptor, &w.body):
        return False
    method = find_method_in(t, w.caller, klass, w.body_name, w.body_descriptor,
                            INVOKE_INTERFACE if w.tag == CONSTANT_InterfaceMethodref else INVOKE_VIRTUAL)
    if method == NULL or (method.access_flags & ACC_STATIC != 0) != (w.kind == KIND_STATIC):
        return False
    if method.flags & (METHOD_POLYMORPHIC | METHOD_CALLER_SENSITIVE):
        return False
    # A call of a super class's method, and of a protected one elsewhere, only the caller itself can make.
    if w.kind == KIND_SPECIAL and not method.access_flags & ACC_PRIVATE:
        return False
    if method.holder != w.caller and not same_package(method.holder, w.caller) and not method.access_flags & ACC_PUBLIC:
        return False
    w.owner = klass.name
    w.receiver.length = <u32>klass.name.length + 2
    text = <u8*>loader_alloc(w.caller.owner, w.receiver.length)
    if text == NULL:
        return False
    text[0] = c'L'
    memcpy(text + 1, klass.name.text, klass.name.length)
    text[w.receiver.length - 1] = c';'
    w.receiver.text = text
    if w.kind == KIND_NEW:
        w.body.returns = w.receiver
    elif w.kind != KIND_STATIC:
        if w.body.count == TYPES_MAX:
            return False
        i = w.body.count
        while i > 0:
            w.body.at[i] = w.body.at[i - 1]
            i -= 1
        w.body.at[0] = w.receiver
        w.body.count += 1
    return True


cdef Symbol* method_type_text(Class* caller, u16 index) noexcept nogil:
    cdef const u8* entry = original_entry(caller, index)
    return pool_utf8(caller, bytes_u2(entry + 1)) if entry[0] == CONSTANT_MethodType else NULL


cdef Class* make_class(JavaThread* t, Wanted* w) noexcept nogil:
    cdef u8 buffer[FILE_MAX]
    cdef u32 length = write_class(w, buffer)
    cdef Class* host
    cdef Class* made
    if length == 0:
        return NULL
    host = nest_host(t, w.caller)
    if host == NULL:
        return NULL
    made = class_define_hidden(t, w.caller.loader, NULL, buffer, length, ref_load(w.caller.mirror, off.java_lang_Class_protectionDomain),
                               0, True, host, NULL)
    if made == NULL or class_initialize(t, made) != 0:
        return NULL
    return made


cdef public Link* lambda_link(JavaThread* t, Class* caller, const u8* row, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef Wanted w
    cdef Site* site
    cdef Link* link
    cdef Object* instance = NULL
    cdef Class* interface
    cdef u32 i
    if bytes_u2(row + 2) != 3 or caller.is_hidden:
        return NULL
    for i in range(3):
        if bytes_u2(row + 4 + 2 * i) == 0 or bytes_u2(row + 4 + 2 * i) >= caller.pool.count:
            return NULL
    w.caller = caller
    w.name = name
    w.erased_descriptor = method_type_text(caller, bytes_u2(row + 4))
    if not read_types(descriptor, &w.captured) or not read_types(w.erased_descriptor, &w.erased) \
            or not read_types(method_type_text(caller, bytes_u2(row + 8)), &w.instantiated):
        return NULL
    w.interface = w.captured.returns
    if w.interface.text[0] != c'L' or not read_body(t, &w, bytes_u2(row + 6)) or not fits(&w):
        t.exception = NULL
        return NULL
    interface = class_load(t, caller.loader, symbol_intern(w.interface.text + 1, w.interface.length - 2), 1)
    if interface == NULL or not interface.access_flags & ACC_INTERFACE:
        t.exception = NULL
        return NULL
    site = <Site*>loader_alloc(caller.owner, sizeof(Site))
    if site == NULL:
        return NULL
    site.count = w.captured.count
    site.made = make_class(t, &w)
    if site.made == NULL:
        t.exception = NULL
        return NULL
    if site.count == 0:
        instance = object_new(t, site.made)
        if instance == NULL:
            return NULL
    link = native_link(t, caller, &site.method, symbol_from(b"metafactory"), descriptor, <NativeMethod>make_instance)
    if link == NULL:
        return NULL
    if site.count == 0:                  # the one instance is handed in
        site.method.argument_slots = 1
        site.method.max_locals = 1
        link.appendix = instance
    return link


# The native code of every Site: the one instance, which is the appendix, or a new one with what it captures.
cdef void make_instance(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Site* site = <Site*>t.frame.method
    cdef Object* made
    cdef u8* cell
    cdef u32 i
    cdef u32 slot = 0
    cdef int type
    if site.count == 0:
        result.a = args[0].a
        return
    made = object_new(t, site.made)
    if made == NULL:
        return
    for i in range(site.count):
        type = site.made.fields[i].type
        cell = <u8*>made + site.made.fields[i].offset
        if type == TYPE_REFERENCE:
            ref_store(made, site.made.fields[i].offset, args[slot].a)
        elif type == TYPE_LONG or type == TYPE_DOUBLE:
            (<u64*>cell)[0] = args[slot].raw
            slot += 1
        elif type == TYPE_BOOLEAN:
            cell[0] = <u8>(args[slot].i & 1)
        elif type == TYPE_BYTE:
            cell[0] = <u8>args[slot].i
        elif type == TYPE_CHAR or type == TYPE_SHORT:
            (<u16*>cell)[0] = <u16>args[slot].i
        else:
            (<i32*>cell)[0] = args[slot].i
        slot += 1
    result.a = made
