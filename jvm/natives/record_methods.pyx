# Records: see record_methods.pxd.
#
# Invariant: a RecordMethod lives for ever and holds no objects.  Components are asked through the methods that the
# class library would call (Objects.equals, Objects.hashCode, StringConcatHelper.stringOf), so traces are the same.
from kernel.types cimport i32, i64, u8, u16, u32, u64
from jvm.heap.object cimport Object
from jvm.interpreter.dynamic cimport original_entry
from jvm.interpreter.helpers cimport field_push
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (ACC_STATIC, CONSTANT_Class, CONSTANT_Fieldref, CONSTANT_MethodHandle, CONSTANT_String, Field, Method,
                                 NativeMethod, RESOLVED_CLASS, RESOLVED_STRING, Slot, TYPE_BOOLEAN, TYPE_DOUBLE, TYPE_FLOAT, TYPE_LONG,
                                 TYPE_REFERENCE, class_of)
from jvm.loader.loader cimport class_initialize, class_is_subtype
from jvm.loader.memory cimport loader_alloc
from jvm.loader.parser cimport pool_class_name
from jvm.loader.resolution cimport resolve_string
from jvm.loader.symbols cimport symbol_matches
from jvm.natives.call_sites cimport native_link
from jvm.natives.concatenation cimport Piece, piece_literal, pieces_join
from jvm.natives.support cimport known_method, pool_name_and_type
from jvm.runtime.exceptions cimport throw_null_pointer, throw_out_of_memory
from jvm.runtime.strings cimport string_char, string_from, string_length

cdef enum:
    COMPONENTS_MAX = 60                  # more are left to the class library
    GET_FIELD = 1                        # reference kind (JVMS table 5.4.3.5-A)
    VALUES_MAX = 2 * COMPONENTS_MAX      # slots: a long takes two
    FLOAT_NAN = 0x7FC00000

cdef struct RecordMethod:
    Method method                        # must be first
    Class* record
    u32 count
    Field** fields
    Piece* pieces                        # of toString: text, component, text …
    u32 piece_count

cdef Method* simple_name
cdef Method* equal_objects
cdef Method* hash_of_object
cdef Method* text_of_object

# --- linking ------------------------------------------------------------------------------------------

cdef bint is_object_type(Symbol* descriptor, u32 at, Class* klass) noexcept nogil:
    """Whether the descriptor has L…; of this class at `at`."""
    cdef u32 i
    if descriptor.length < at + klass.name.length + 2 or descriptor.text[at] != c'L':
        return False
    for i in range(klass.name.length):
        if descriptor.text[at + 1 + i] != klass.name.text[i]:
            return False
    return descriptor.text[at + 1 + klass.name.length] == c';'


cdef bint ends_with(Symbol* descriptor, u32 at, const char* rest) noexcept nogil:
    cdef u32 i = 0
    while rest[i] != 0:
        if at + i >= descriptor.length or descriptor.text[at + i] != <u8>rest[i]:
            return False
        i += 1
    return at + i == descriptor.length


cdef Field* component(Class* record, u16 index) noexcept nogil:
    """The field of a REF_getField handle of this class, or NULL."""
    cdef const u8* handle
    cdef const u8* member
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef u32 i
    if index == 0 or index >= record.pool.count:
        return NULL
    handle = original_entry(record, index)
    if handle[0] != CONSTANT_MethodHandle or handle[1] != GET_FIELD or bytes_u2(handle + 2) >= record.pool.count:
        return NULL
    member = original_entry(record, bytes_u2(handle + 2))
    if member[0] != CONSTANT_Fieldref or pool_class_name(record, bytes_u2(member + 1)) != record.name:
        return NULL
    pool_name_and_type(record, bytes_u2(member + 3), &name, &descriptor)
    for i in range(record.field_count):
        if record.fields[i].name == name and record.fields[i].descriptor == descriptor and not record.fields[i].access_flags & ACC_STATIC:
            return &record.fields[i]
    return NULL


cdef int add_text(JavaThread* t, RecordMethod* m, Object* string, u32 start, u32 end) noexcept nogil:
    if piece_literal(m.record.owner, &m.pieces[m.piece_count], string, start, end) != 0:
        return throw_out_of_memory(t, b"Metaspace")
    m.piece_count += 1
    return 0


cdef int add_constant(JavaThread* t, RecordMethod* m, const char* text) noexcept nogil:
    cdef Object* string = string_from(t, text)
    return -1 if string == NULL else add_text(t, m, string, 0, string_length(string))


cdef int add_components(JavaThread* t, RecordMethod* m, Object* names) noexcept nogil:
    """`names` are separated by semicolons.  1: done; 0: they do not fit the components; -1: thrown."""
    cdef u32 length = string_length(names)
    cdef u32 start = 0
    cdef u32 end
    cdef u32 i
    for i in range(m.count):
        end = start
        while end < length and string_char(names, end) != c';':
            end += 1
        if (end == length) != (i + 1 == m.count):
            return 0
        if i > 0 and add_constant(t, m, b", ") != 0:
            return -1
        if add_text(t, m, names, start, end) != 0 or add_constant(t, m, b"=") != 0:
            return -1
        m.pieces[m.piece_count].type = m.fields[i].type
        m.pieces[m.piece_count].slot = <u16>(2 * i)
        m.piece_count += 1
        start = end + 1
    return 1


cdef int prepare_text(JavaThread* t, RecordMethod* m, u16 names_index) noexcept nogil:
    cdef u8 tag = m.record.pool.tags[names_index] if names_index < m.record.pool.count else 0
    cdef Object* names
    cdef Slot receiver
    cdef Slot name
    cdef int outcome
    if tag != CONSTANT_String and tag != RESOLVED_STRING:
        return 0
    names = resolve_string(t, m.record, names_index)
    # Name, "[", then for each component ", ", its name, "=" and itself, then "]".
    m.pieces = <Piece*>loader_alloc(m.record.owner, sizeof(Piece) * (4 * <u64>m.count + 3))
    if m.pieces == NULL:
        return throw_out_of_memory(t, b"Metaspace")
    receiver.a = m.record.mirror
    if names == NULL or java_call(t, known_method(&simple_name, b"java/lang/Class", b"getSimpleName", b"()Ljava/lang/String;"),
                                  &receiver, &name) != 0:
        return -1
    if add_text(t, m, name.a, 0, string_length(name.a)) != 0 or add_constant(t, m, b"[") != 0:
        return -1
    outcome = add_components(t, m, names)
    if outcome > 0 and add_constant(t, m, b"]") != 0:
        return -1
    return outcome


cdef public Link* record_link(JavaThread* t, Class* caller, const u8* row, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef u32 count = bytes_u2(row + 2)
    cdef u16 index = bytes_u2(row + 4)
    cdef u32 end = caller.name.length + 3
    cdef RecordMethod* m
    cdef NativeMethod native
    cdef u32 i
    cdef u8 tag
    if count < 2 or count - 2 > COMPONENTS_MAX or caller.is_hidden or not is_object_type(descriptor, 1, caller):
        return NULL
    if symbol_matches(name, b"toString") and ends_with(descriptor, end, b")Ljava/lang/String;"):
        native = <NativeMethod>record_to_string
    elif symbol_matches(name, b"hashCode") and ends_with(descriptor, end, b")I"):
        native = <NativeMethod>record_hash_code
    elif symbol_matches(name, b"equals") and ends_with(descriptor, end, b"Ljava/lang/Object;)Z"):
        native = <NativeMethod>record_equals
    else:
        return NULL
    tag = caller.pool.tags[index] if index < caller.pool.count else 0
    if (tag != CONSTANT_Class and tag != RESOLVED_CLASS) or pool_class_name(caller, index) != caller.name:
        return NULL
    m = <RecordMethod*>loader_alloc(caller.owner, sizeof(RecordMethod))
    if m != NULL:
        m.fields = <Field**>loader_alloc(caller.owner, sizeof(Field*) * (<u64>count))
    if m == NULL or m.fields == NULL:
        throw_out_of_memory(t, b"Metaspace")
        return NULL
    m.record = caller
    m.count = count - 2
    for i in range(m.count):
        m.fields[i] = component(caller, bytes_u2(row + 8 + 2 * i))
        if m.fields[i] == NULL:
            return NULL
    if native == <NativeMethod>record_to_string and prepare_text(t, m, bytes_u2(row + 6)) <= 0:
        return NULL
    return native_link(t, caller, &m.method, name, descriptor, native)

# --- running ------------------------------------------------------------------------------------------

cdef inline void load(Object* record, Field* field, Slot* into) noexcept nogil:
    field_push(<u8*>record + field.offset, field.type, into)


cdef int call(JavaThread* t, Method* method, Slot* args, Slot* result) noexcept nogil:
    if class_initialize(t, method.holder) != 0:
        return -1
    return java_call(t, method, args, result)


cdef void record_to_string(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef RecordMethod* m = <RecordMethod*>t.frame.method
    cdef Slot values[VALUES_MAX]
    cdef Slot text
    cdef u32 i
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    for i in range(m.count):
        load(args[0].a, m.fields[i], &values[2 * i])
    for i in range(m.count):
        if m.fields[i].type == TYPE_REFERENCE and values[2 * i].a != NULL:
            if call(t, known_method(&text_of_object, b"java/lang/StringConcatHelper", b"stringOf",
                                    b"(Ljava/lang/Object;)Ljava/lang/String;"), &values[2 * i], &text) != 0:
                return
            values[2 * i].a = text.a
    result.a = pieces_join(t, m.pieces, m.piece_count, values)


cdef u32 float_bits(Slot* value) noexcept nogil:
    """Float.floatToIntBits: one NaN."""
    return <u32>value.i if value.f == value.f else FLOAT_NAN


cdef u64 double_bits(Slot* value) noexcept nogil:
    return value.raw if value.d == value.d else <u64>0x7FF8 << 48


cdef int hash_value(JavaThread* t, int type, Slot* value, i32* hash) noexcept nogil:
    cdef Slot result
    cdef u64 bits
    if type == TYPE_REFERENCE:
        hash[0] = 0
        if value.a != NULL:
            if call(t, known_method(&hash_of_object, b"java/util/Objects", b"hashCode", b"(Ljava/lang/Object;)I"), value, &result) != 0:
                return -1
            hash[0] = result.i
    elif type == TYPE_LONG or type == TYPE_DOUBLE:
        bits = value.raw if type == TYPE_LONG else double_bits(value)
        hash[0] = <i32><u32>(bits ^ (bits >> 32))
    elif type == TYPE_FLOAT:
        hash[0] = <i32>float_bits(value)
    elif type == TYPE_BOOLEAN:
        hash[0] = 1231 if value.i != 0 else 1237
    else:
        hash[0] = value.i
    return 0


cdef void record_hash_code(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef RecordMethod* m = <RecordMethod*>t.frame.method
    cdef Slot value[2]
    cdef i32 sum = 0
    cdef i32 hash = 0
    cdef u32 i
    if args[0].a == NULL:
        throw_null_pointer(t)
        return
    for i in range(m.count):
        load(args[0].a, m.fields[i], value)
        if hash_value(t, m.fields[i].type, value, &hash) != 0:
            return
        sum = sum * 31 + hash
    result.i = sum


cdef int equal_values(JavaThread* t, int type, Slot* a, Slot* b) noexcept nogil:
    """1, 0, or -1 thrown."""
    cdef Slot both[2]
    cdef Slot result
    if type == TYPE_REFERENCE:
        if a.a == b.a:
            return 1
        if a.a == NULL:
            return 0
        both[0].a = a.a
        both[1].a = b.a
        if call(t, known_method(&equal_objects, b"java/util/Objects", b"equals", b"(Ljava/lang/Object;Ljava/lang/Object;)Z"), both, &result) != 0:
            return -1
        return result.i & 1
    if type == TYPE_LONG:
        return a.l == b.l
    if type == TYPE_DOUBLE:
        return double_bits(a) == double_bits(b)
    if type == TYPE_FLOAT:
        return float_bits(a) == float_bits(b)
    return a.i == b.i


cdef void record_equals(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef RecordMethod* m = <RecordMethod*>t.frame.method
    cdef Object* a = args[0].a
    cdef Object* b = args[1].a
    cdef Slot left[2]
    cdef Slot right[2]
    cdef u32 i = m.count
    cdef int same
    result.i = 0
    if a == NULL:
        throw_null_pointer(t)
        return
    if a != b:
        if b == NULL or not class_is_subtype(class_of(b), m.record):
            return
        while i > 0:                     # the class library tests the last component first
            i -= 1
            load(a, m.fields[i], left)
            load(b, m.fields[i], right)
            same = equal_values(t, m.fields[i].type, left, right)
            if same <= 0:
                return
    result.i = 1
