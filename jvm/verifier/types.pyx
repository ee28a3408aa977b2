# See types.pxd.
from kernel.types cimport u8, u16, u32
from kernel.memory.arena cimport arena_alloc
from kernel.memory.string cimport memcpy
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (
    ACC_INTERFACE, ACC_PROTECTED, CONSTANT_Dynamic, CONSTANT_InvokeDynamic, Class, Field, Method, Symbol)
from jvm.loader.descriptors cimport method_argument_slots
from jvm.loader.loader cimport class_find_field, class_find_in_supers, class_is_subtype, class_load
from jvm.loader.messages cimport loader_throw
from jvm.loader.parser cimport pool_class_name, pool_symbol
from jvm.loader.symbols cimport symbol_intern
from jvm.loader.tables cimport same_package
from jvm.loader.wellknown cimport sym

cdef public int verify_out_of_memory(Verifier* v) noexcept nogil:
    loader_throw(v.t, b"java/lang/OutOfMemoryError", b"Metaspace")
    v.failure = FAILURE_THROWN
    return -1

# --- names and descriptors ---------------------------------------------------------------------------
cdef VType interned(Verifier* v, const u8* text, u32 length) noexcept nogil:
    cdef Symbol* symbol = symbol_intern(text, length)
    if symbol == NULL:
        verify_out_of_memory(v)
    return name_type(symbol)

cdef public VType verify_descriptor_type(Verifier* v, const u8* text, u32 length) noexcept nogil:
    cdef u8 letter = text[0]
    if letter == c'L':
        return interned(v, text + 1, length - 2)
    if letter == c'[': return interned(v, text, length)
    elif letter == c'I': return T_INT
    elif letter == c'J': return T_LONG
    elif letter == c'F': return T_FLOAT
    elif letter == c'D': return T_DOUBLE
    elif letter == c'Z': return T_BOOLEAN
    elif letter == c'B': return T_BYTE
    elif letter == c'C': return T_CHAR
    elif letter == c'S': return T_SHORT
    return T_TOP

cdef inline VType stack_type(VType type) noexcept nogil:
    return T_INT if type >= T_BOOLEAN and type <= T_SHORT else type

cdef u32 type_end(Symbol* descriptor, u32 at) noexcept nogil:
    """Of the type that starts there; the parser has checked the descriptor."""
    while descriptor.text[at] == c'[':
        at += 1
    if descriptor.text[at] == c'L':
        while at < descriptor.length and descriptor.text[at] != c';':
            at += 1
    return at + 1

cdef public Signature* verify_signature(Verifier* v, Symbol* descriptor) noexcept nogil:
    cdef u32 place = descriptor.hash % SIGNATURE_CACHE
    cdef Signature* s = v.cache[place]
    cdef u32 at = 1
    cdef u32 end, slot
    cdef VType type
    if s != NULL and s.descriptor == descriptor:
        return s
    slot = method_argument_slots(descriptor)
    s = <Signature*>arena_alloc(&v.arena, sizeof(Signature) + (slot + 2) * sizeof(VType))
    if s == NULL:
        verify_out_of_memory(v)
        return NULL
    s.descriptor = descriptor
    s.types = <VType*>(s + 1)
    s.slots = <u16>slot
    slot = 0
    while at < descriptor.length and descriptor.text[at] != c')':
        end = type_end(descriptor, at)
        type = stack_type(verify_descriptor_type(v, descriptor.text + at, end - at))
        s.types[slot] = type
        slot += 1
        if is_two(type):
            s.types[slot] = second_of(type)
            slot += 1
        at = end
    at += 1
    if descriptor.text[at] != c'V':
        s.result = verify_descriptor_type(v, descriptor.text + at, descriptor.length - at)
        s.types[slot] = stack_type(s.result)
        s.results = 1
        if is_two(s.result):
            s.types[slot + 1] = second_of(s.result)
            s.results = 2
    if v.failure != FAILURE_NONE:
        return NULL
    v.cache[place] = s
    return s

cdef public VType verify_component(Verifier* v, VType array) noexcept nogil:
    return verify_descriptor_type(v, name_of(array).text + 1, <u32>name_of(array).length - 1)

cdef public VType verify_array_of(Verifier* v, VType component) noexcept nogil:
    cdef Symbol* name = name_of(component)
    cdef u8* text = <u8*>arena_alloc(&v.arena, <u32>name.length + 3)
    if text == NULL:
        verify_out_of_memory(v)
        return 0
    text[0] = c'['
    if name.text[0] == c'[':
        memcpy(text + 1, name.text, name.length)
        return interned(v, text, <u32>name.length + 1)
    text[1] = c'L'
    memcpy(text + 2, name.text, name.length)
    text[2 + <u32>name.length] = c';'
    return interned(v, text, <u32>name.length + 3)

# --- assignability (JVMS §4.10.1.2) ------------------------------------------------------------------
cdef public Class* verify_load(Verifier* v, Symbol* name) noexcept nogil:
    cdef Class* klass
    if v.klass.is_hidden and name == v.klass.name:
        return v.klass                   # no loader finds it
    klass = class_load(v.t, v.klass.loader, name, 1)
    if klass == NULL:
        v.failure = FAILURE_THROWN
    return klass

cdef public int verify_reference_assignable(Verifier* v, VType to, VType other, bint member, bint* is_interface) noexcept nogil:
    cdef Class* target
    cdef Class* source
    cdef VType inner
    if other == T_NULL:
        return 1
    if to == T_NULL:
        return 0
    if is_object(to):
        if to == v.object:
            return 1
        target = verify_load(v, name_of(to))
        if target == NULL:
            return -1
        if is_interface != NULL:
            is_interface[0] = target.access_flags & ACC_INTERFACE != 0
        if target.access_flags & ACC_INTERFACE and (not member or other != v.object):
            # Interfaces are treated as Object is, but an array implements just two.
            return not is_array(other) or (target.loader.object == NULL and (target.name == sym.java_lang_Cloneable
                                           or target.name == sym.java_io_Serializable))
        if not is_object(other):
            return 0
        source = verify_load(v, name_of(other))
        if source == NULL:
            return -1
        return class_is_subtype(source, target)
    if not is_array(other):
        return 0
    inner = verify_component(v, to)
    other = verify_component(v, other)
    if v.failure != FAILURE_NONE:
        return -1
    if inner == other:
        return 1
    if not is_name(inner) or not is_name(other):
        return 0                         # arrays of primitives are only like themselves
    return verify_reference_assignable(v, inner, other, member, NULL)

cdef public int verify_assignable(Verifier* v, VType to, VType other, bint member) noexcept nogil:
    if to == other or to == T_TOP:
        return 1
    if is_reference(to):
        return verify_reference_assignable(v, to, other, member, NULL) if is_reference(other) else 0
    if to == T_ANY_REFERENCE: return is_reference(other) or is_uninitialized(other)
    elif to == T_ANY_ONE: return is_one(other)
    elif to == T_ANY_TWO: return is_two(other)
    elif to == T_ANY_TWO_2: return is_two_2(other)
    elif to >= T_BOOLEAN and to <= T_SHORT: return other == T_INT
    return 0

# --- protected members (JVMS §4.10.1.8) --------------------------------------------------------------
cdef public bint verify_named_above(Class* klass, Symbol* name) noexcept nogil:
    klass = klass.super_class
    while klass != NULL:
        if klass.name == name:
            return True
        klass = klass.super_class
    return False

cdef public bint verify_protected_method(Class* klass, Class* target, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef Method* method
    if not class_is_subtype(klass, target):
        return False
    method = class_find_in_supers(target, name, descriptor)
    return method != NULL and method.access_flags & ACC_PROTECTED != 0 and not same_package(klass, method.holder)

cdef public bint verify_protected_field(Class* klass, Class* target, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef Field* field
    if not class_is_subtype(klass, target):
        return False
    field = class_find_field(target, name, descriptor)
    return field != NULL and field.access_flags & ACC_PROTECTED != 0 and not same_package(klass, field.holder)

# --- the constant pool -------------------------------------------------------------------------------
cdef public u8 verify_tag(Verifier* v, u32 index) noexcept nogil:
    cdef u32 offset = v.klass.pool.offsets[index] if index != 0 and index < v.klass.pool.count else 0
    return v.klass.bytes[offset - 1] if offset != 0 else 0

cdef inline u16 pair(Verifier* v, u32 index, u32 place) noexcept nogil:
    """A u2 of an entry's contents, whatever has become of the entry."""
    return bytes_u2(v.klass.bytes + v.klass.pool.offsets[index] + place)

cdef public Symbol* verify_class_name(Verifier* v, u32 index) noexcept nogil:
    cdef Symbol* name = pool_class_name(v.klass, <u16>index)
    if name == NULL:                     # the entry holds the throwable that resolving it ended with
        name = pool_symbol(&v.klass.pool, v.klass.bytes, pair(v, index, 0))
    if name == NULL:
        verify_out_of_memory(v)
    return name

cdef public int verify_member(Verifier* v, u32 index, Symbol** owner, Symbol** name, Symbol** descriptor) noexcept nogil:
    cdef u8 tag = verify_tag(v, index)
    cdef u32 named = pair(v, index, 2)
    owner[0] = NULL
    if tag != CONSTANT_Dynamic and tag != CONSTANT_InvokeDynamic:
        owner[0] = verify_class_name(v, pair(v, index, 0))
        if owner[0] == NULL:
            return -1
    name[0] = pool_symbol(&v.klass.pool, v.klass.bytes, pair(v, named, 0))
    descriptor[0] = pool_symbol(&v.klass.pool, v.klass.bytes, pair(v, named, 2))
    if name[0] == NULL or descriptor[0] == NULL:
        return verify_out_of_memory(v)
    return 0
