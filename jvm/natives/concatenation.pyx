# String concatenation: see concatenation.pxd.
#
# Invariant: a Concatenation lives for ever and holds no objects.  The native method finds its own through
# t.frame.method.  Texts made on the way replace their operands in the argument slots, where the collector
# sees them.
from kernel.types cimport i32, i64, u8, u16, u32, u64
from jvm.heap.object cimport Object, array_data, array_length, ref_load
from jvm.interpreter.interpreter cimport java_call
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (CONSTANT_String, Method, NativeMethod, RESOLVED_STRING, Slot, TYPE_BOOLEAN, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT, TYPE_LONG, TYPE_REFERENCE, class_of)
from jvm.loader.descriptors cimport descriptor_skip, descriptor_type, method_argument_slots
from jvm.loader.memory cimport loader_alloc
from jvm.loader.resolution cimport resolve_string, select_virtual
from jvm.loader.symbols cimport symbol_from
from jvm.loader.wellknown cimport off, wk
from jvm.natives.call_sites cimport native_link
from jvm.natives.support cimport known_method
from jvm.runtime.exceptions cimport throw_out_of_memory
from jvm.runtime.strings cimport string_allocate, string_char, string_length

cdef enum:
    OPERANDS_MAX = 200                   # what StringConcatFactory takes
    TAG_ARGUMENT = 1                     # characters of a recipe
    TAG_CONSTANT = 2
    LENGTH_MAX = 2147483647

cdef struct Concatenation:
    Method method                        # must be first
    u32 count
    Piece* pieces

cdef Method* text_of_float
cdef Method* text_of_double
cdef Method* to_string

cdef const char* string_class() noexcept nogil:
    return b"java/lang/String"


# --- linking ------------------------------------------------------------------------------------------

cdef public int piece_literal(LoaderData* owner, Piece* piece, Object* string, u32 start, u32 end) noexcept nogil:
    cdef u32 i
    piece.type = PIECE_LITERAL
    piece.length = end - start
    piece.text = <u16*>loader_alloc(owner, 2 * <u64>piece.length + 2)
    if piece.text == NULL:
        return -1
    for i in range(piece.length):
        piece.text[i] = string_char(string, start + i)
        if piece.text[i] > 0xFF:
            piece.wide = 1
    return 0


cdef int add_literal(Class* caller, Concatenation* c, Object* string, u32 start, u32 end) noexcept nogil:
    if start == end:
        return 0
    c.count += 1
    return piece_literal(caller.owner, &c.pieces[c.count - 1], string, start, end)


cdef int compile(JavaThread* t, Class* caller, const u8* row, Symbol* descriptor, Object* recipe, Concatenation* c) noexcept nogil:
    """The pieces of a recipe: 1; 0: something that is not plain; -1: no memory, or t.exception."""
    cdef u32 length = string_length(recipe)
    cdef u32 start = 0
    cdef u32 i
    cdef u32 at = 1
    cdef u16 slot = 0
    cdef int constants = bytes_u2(row + 2) - 1
    cdef int used = 0
    cdef u16 index
    cdef u16 unit
    cdef Object* constant
    for i in range(length):
        unit = string_char(recipe, i)
        if unit != TAG_ARGUMENT and unit != TAG_CONSTANT:
            continue
        if add_literal(caller, c, recipe, start, i) != 0:
            return -1
        start = i + 1
        if unit == TAG_ARGUMENT:
            if descriptor.text[at] == c')':
                return 0
            c.pieces[c.count].type = descriptor_type(descriptor.text[at])
            c.pieces[c.count].slot = slot
            slot += 2 if c.pieces[c.count].type == TYPE_LONG or c.pieces[c.count].type == TYPE_DOUBLE else 1
            c.count += 1
            at = descriptor_skip(descriptor.text, descriptor.length, at)
            continue
        if used == constants:
            return 0
        index = bytes_u2(row + 6 + 2 * used)
        used += 1
        if index >= caller.pool.count or (caller.pool.tags[index] != CONSTANT_String and caller.pool.tags[index] != RESOLVED_STRING):
            return 0
        constant = resolve_string(t, caller, index)
        if constant == NULL or add_literal(caller, c, constant, 0, string_length(constant)) != 0:
            return -1
    if add_literal(caller, c, recipe, start, length) != 0:
        return -1
    return 1 if descriptor.text[at] == c')' and used == constants else 0


cdef bint gives_string(Symbol* descriptor) noexcept nogil:
    cdef const char* wanted = b")Ljava/lang/String;"
    cdef u32 i
    if descriptor.length < 20:
        return False
    for i in range(19):
        if descriptor.text[descriptor.length - 19 + i] != <u8>wanted[i]:
            return False
    return True


cdef public Link* concatenation_link(JavaThread* t, Class* caller, const u8* row, Symbol* descriptor) noexcept nogil:
    cdef Concatenation* c
    cdef Object* recipe
    cdef u32 slots = method_argument_slots(descriptor)
    cdef u16 index
    cdef int outcome
    if bytes_u2(row + 2) == 0 or slots > OPERANDS_MAX or not gives_string(descriptor):
        return NULL
    index = bytes_u2(row + 4)
    if index >= caller.pool.count or (caller.pool.tags[index] != CONSTANT_String and caller.pool.tags[index] != RESOLVED_STRING):
        return NULL
    recipe = resolve_string(t, caller, index)
    if recipe == NULL:
        return NULL
    c = <Concatenation*>loader_alloc(caller.owner, sizeof(Concatenation))
    if c != NULL:
        # Between two tags there is at most one literal.
        c.pieces = <Piece*>loader_alloc(caller.owner, sizeof(Piece) * (2 * <u64>string_length(recipe) + 1))
    if c == NULL or c.pieces == NULL:
        throw_out_of_memory(t, b"Metaspace")
        return NULL
    outcome = compile(t, caller, row, descriptor, recipe, c)
    if outcome < 0 and t.exception == NULL:
        throw_out_of_memory(t, b"Metaspace")
    if outcome <= 0:
        return NULL
    return native_link(t, caller, &c.method, symbol_from(b"makeConcatWithConstants"), descriptor, <NativeMethod>concatenate)


# --- running ------------------------------------------------------------------------------------------

cdef inline Object* value_of(Object* string) noexcept nogil:
    return ref_load(string, off.java_lang_String_value)


cdef inline int coder_of(Object* string) noexcept nogil:
    return (<u8*>string + off.java_lang_String_coder)[0]


cdef int make_texts(JavaThread* t, Piece* pieces, u32 count, Slot* args) noexcept nogil:
    """Objects and numbers with a fraction become strings, from left to right; NULL is "null"."""
    cdef Piece* piece
    cdef Method* method
    cdef Object* operand
    cdef Slot value
    cdef u32 i
    for i in range(count):
        piece = &pieces[i]
        if piece.type == TYPE_REFERENCE:
            operand = args[piece.slot].a
            if operand == NULL or class_of(operand) == wk.java_lang_String:
                continue
            method = select_virtual(t, class_of(operand), known_method(&to_string, b"java/lang/Object", b"toString", b"()Ljava/lang/String;"))
            if method == NULL:
                return -1
        elif piece.type == TYPE_FLOAT:
            method = known_method(&text_of_float, string_class(), b"valueOf", b"(F)Ljava/lang/String;")
        elif piece.type == TYPE_DOUBLE:
            method = known_method(&text_of_double, string_class(), b"valueOf", b"(D)Ljava/lang/String;")
        else:
            continue
        if java_call(t, method, &args[piece.slot], &value) != 0:
            return -1
        args[piece.slot].raw = value.raw
    return 0


cdef u32 decimal(i64 number, u8* buffer) noexcept nogil:
    """The digits end at buffer + 20; their count."""
    cdef u64 rest = <u64>number if number >= 0 else 0 - <u64>number
    cdef u32 count = 0
    while True:
        count += 1
        buffer[20 - count] = <u8>(c'0' + rest % 10)
        rest //= 10
        if rest == 0:
            break
    if number < 0:
        count += 1
        buffer[20 - count] = c'-'
    return count


# Where the text goes; without data it is only measured.
cdef struct Output:
    u8* latin1
    u16* utf16
    u64 length
    u32 wide                             # nonzero: a character above U+00FF

cdef void put_bytes(Output* out, const u8* text, u32 count) noexcept nogil:
    cdef u32 i
    if out.latin1 != NULL:
        for i in range(count):
            out.latin1[out.length + i] = text[i]
    elif out.utf16 != NULL:
        for i in range(count):
            out.utf16[out.length + i] = text[i]
    out.length += count


cdef void put_chars(Output* out, const u16* text, u32 count) noexcept nogil:
    cdef u32 i
    if out.utf16 != NULL:
        for i in range(count):
            out.utf16[out.length + i] = text[i]
    elif out.latin1 != NULL:
        for i in range(count):
            out.latin1[out.length + i] = <u8>text[i]
    out.length += count


cdef void put_piece(Output* out, Piece* piece, Slot* args) noexcept nogil:
    cdef u8 digits[20]
    cdef u16 unit
    cdef Object* string
    cdef u32 count
    if piece.type == PIECE_LITERAL:
        out.wide |= piece.wide
        put_chars(out, piece.text, piece.length)
    elif piece.type == TYPE_REFERENCE or piece.type == TYPE_FLOAT or piece.type == TYPE_DOUBLE:
        string = args[piece.slot].a
        if string == NULL:
            put_bytes(out, <const u8*>b"null", 4)
        elif coder_of(string) == 0:
            put_bytes(out, array_data(value_of(string)), <u32>array_length(value_of(string)))
        else:
            out.wide = 1
            put_chars(out, <u16*>array_data(value_of(string)), <u32>array_length(value_of(string)) >> 1)
    elif piece.type == TYPE_BOOLEAN:
        if args[piece.slot].i != 0:
            put_bytes(out, <const u8*>b"true", 4)
        else:
            put_bytes(out, <const u8*>b"false", 5)
    elif piece.type == TYPE_CHAR:
        unit = <u16>args[piece.slot].i
        if unit > 0xFF:
            out.wide = 1
        put_chars(out, &unit, 1)
    else:
        count = decimal(args[piece.slot].l if piece.type == TYPE_LONG else args[piece.slot].i, digits)
        put_bytes(out, digits + 20 - count, count)


cdef public Object* pieces_join(JavaThread* t, Piece* pieces, u32 count, Slot* args) noexcept nogil:
    cdef Output out
    cdef Object* string
    cdef u32 i
    if make_texts(t, pieces, count, args) != 0:
        return NULL
    out.latin1 = NULL
    out.utf16 = NULL
    out.length = 0
    out.wide = 0
    for i in range(count):
        put_piece(&out, &pieces[i], args)
    if out.length > (<u64>LENGTH_MAX >> 1 if out.wide else <u64>LENGTH_MAX):
        throw_out_of_memory(t, b"Overflow: String length out of range")
        return NULL
    string = string_allocate(t, <u32>out.length, 1 if out.wide else 0)
    if string == NULL:
        return NULL
    if out.wide:
        out.utf16 = <u16*>array_data(value_of(string))
    else:
        out.latin1 = array_data(value_of(string))
    out.length = 0
    for i in range(count):
        put_piece(&out, &pieces[i], args)
    return string


# The native code of every Concatenation.
cdef void concatenate(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Concatenation* c = <Concatenation*>t.frame.method
    result.a = pieces_join(t, c.pieces, c.count, args)
