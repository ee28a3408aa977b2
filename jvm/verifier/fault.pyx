# See fault.pxd.
from kernel.diagnostics.format cimport Text, text_bytes, text_char, text_hex, text_init, text_signed, text_string, text_unsigned
from kernel.memory.arena cimport arena_alloc
from kernel.types cimport u8, u16, u32, u64, i32
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport Handler, Symbol
from jvm.loader.messages cimport (LoaderText, message_add, message_class, message_init, message_method, message_number,
                                  message_throw)
from jvm.loader.parser cimport find_attribute
from jvm.verifier.instructions cimport opcode_name
from jvm.verifier.types cimport (
    FAILURE_FORMAT, FAILURE_THROWN, FAILURE_VERIFY, MARK_START, T_ANY_ONE, T_ANY_REFERENCE, T_ANY_TWO, T_ANY_TWO_2,
    T_BOOLEAN, T_BYTE, T_CHAR, T_DOUBLE, T_DOUBLE_2, T_FLOAT, T_INT, T_LONG, T_LONG_2, T_NULL, T_SHORT, T_TOP,
    T_UNINITIALIZED_THIS, is_name, name_of, verify_out_of_memory)

cdef enum:
    FIRST_CAPACITY = 8192
    LARGEST_CAPACITY = 1 << 24

# --- blame -------------------------------------------------------------------------------------------
cdef public void blame(Blame* b, u8 kind, i32 offset) noexcept nogil:
    b.kind = kind
    b.offset = offset
    b.type.kind = ORIGIN_NONE
    b.type.frame = NULL
    b.expected.kind = ORIGIN_NONE
    b.expected.frame = NULL

cdef void origin(Origin* o, u8 kind, u32 index, VType type, TypeFrame* f) noexcept nogil:
    o.kind = kind
    o.index = index
    o.type = type
    o.frame = f

cdef public void blame_frame(Origin* o, TypeFrame* f) noexcept nogil:
    origin(o, ORIGIN_FRAME, 0, T_TOP, f)

cdef public void blame_local(Origin* o, u32 index, TypeFrame* f) noexcept nogil:
    origin(o, ORIGIN_LOCAL, index, f.locals[index], f)

cdef public void blame_stack(Origin* o, u32 index, TypeFrame* f) noexcept nogil:
    origin(o, ORIGIN_STACK, index, f.stack[index], f)

cdef public void blame_map_local(Origin* o, u32 index, TypeFrame* f) noexcept nogil:
    origin(o, ORIGIN_MAP_LOCAL, index, f.locals[index], f)

cdef public void blame_map_stack(Origin* o, u32 index, TypeFrame* f) noexcept nogil:
    origin(o, ORIGIN_MAP_STACK, index, f.stack[index], f)

cdef public void blame_type(Origin* o, VType type) noexcept nogil:
    origin(o, ORIGIN_IMPLICIT, 0, type, NULL)

cdef public void blame_signature(Origin* o, VType type) noexcept nogil:
    origin(o, ORIGIN_SIGNATURE, 0, type, NULL)

cdef public void blame_pool(Origin* o, u32 index, VType type) noexcept nogil:
    origin(o, ORIGIN_POOL, index, type, NULL)

cdef public void blame_index(Origin* o, u32 index) noexcept nogil:
    origin(o, ORIGIN_INDEX, index, T_TOP, NULL)

# --- the parts of the text ---------------------------------------------------------------------------
cdef void add_symbol(Text* x, Symbol* symbol) noexcept nogil:
    text_bytes(x, <const char*>symbol.text, symbol.length)

cdef void add_type(Text* x, VType type) noexcept nogil:
    if is_name(type):
        text_char(x, c'\'')
        add_symbol(x, name_of(type))
        text_char(x, c'\'')
    elif type == T_TOP: text_string(x, b"top")
    elif type == T_INT: text_string(x, b"integer")
    elif type == T_FLOAT: text_string(x, b"float")
    elif type == T_LONG: text_string(x, b"long")
    elif type == T_DOUBLE: text_string(x, b"double")
    elif type == T_NULL: text_string(x, b"null")
    elif type == T_LONG_2: text_string(x, b"long_2nd")
    elif type == T_DOUBLE_2: text_string(x, b"double_2nd")
    elif type == T_BOOLEAN: text_string(x, b"boolean")
    elif type == T_BYTE: text_string(x, b"byte")
    elif type == T_CHAR: text_string(x, b"char")
    elif type == T_SHORT: text_string(x, b"short")
    elif type == T_ANY_REFERENCE: text_string(x, b"reference type")
    elif type == T_ANY_ONE: text_string(x, b"category1 type")
    elif type == T_ANY_TWO: text_string(x, b"category2 type")
    elif type == T_ANY_TWO_2: text_string(x, b"category2_2nd type")
    elif type == T_UNINITIALIZED_THIS: text_string(x, b"uninitializedThis")
    else:
        text_string(x, b"uninitialized ")
        text_unsigned(x, type >> 8)

cdef void add_origin(Text* x, Origin* o) noexcept nogil:
    add_type(x, o.type)
    if o.kind == ORIGIN_LOCAL: text_string(x, b" (current frame, locals[")
    elif o.kind == ORIGIN_STACK: text_string(x, b" (current frame, stack[")
    elif o.kind == ORIGIN_MAP_LOCAL: text_string(x, b" (stack map, locals[")
    elif o.kind == ORIGIN_MAP_STACK: text_string(x, b" (stack map, stack[")
    elif o.kind == ORIGIN_POOL: text_string(x, b" (constant pool ")
    elif o.kind == ORIGIN_SIGNATURE: text_string(x, b" (from method signature")
    else:
        return
    if o.kind != ORIGIN_SIGNATURE:
        text_unsigned(x, o.index)
    text_string(x, b"])" if o.kind <= ORIGIN_MAP_STACK else b")")

cdef void add_location(Text* x, Verifier* v, i32 offset) noexcept nogil:
    text_string(x, b"  Location:\n    ")
    add_symbol(x, v.klass.name)
    text_char(x, c'.')
    add_symbol(x, v.method.name)
    add_symbol(x, v.method.descriptor)
    text_string(x, b" @")
    text_signed(x, offset)
    text_string(x, b": ")
    if offset < 0 or <u32>offset >= v.length:
        text_string(x, b"<invalid>")
    else:
        text_string(x, opcode_name[v.code[offset]])
    text_char(x, c'\n')

cdef void add_reason(Text* x, Blame* b) noexcept nogil:
    text_string(x, b"  Reason:\n    ")
    if b.kind == FAULT_BAD_CODE: text_string(x, b"Error exists in the bytecode")
    elif b.kind == FAULT_WRONG_TYPE:
        text_string(x, b"Type " if b.expected.kind != ORIGIN_NONE else b"Invalid type: ")
        add_origin(x, &b.type)
        if b.expected.kind != ORIGIN_NONE:
            text_string(x, b" is not assignable to ")
            add_origin(x, &b.expected)
    elif b.kind == FAULT_FLAGS:
        text_string(x, b"Current frame's flags are not assignable to stack map frame's." if b.expected.kind != ORIGIN_NONE
                    else b"Current frame's flags are invalid in this context.")
    elif b.kind == FAULT_BAD_POOL or b.kind == FAULT_BAD_LOCAL:
        text_string(x, b"Constant pool index " if b.kind == FAULT_BAD_POOL else b"Local index ")
        text_unsigned(x, b.type.index)
        text_string(x, b" is invalid")
    elif b.kind == FAULT_LOCALS_SIZE: text_string(x, b"Current frame's local size doesn't match stackmap.")
    elif b.kind == FAULT_STACK_SIZE: text_string(x, b"Current frame's stack size doesn't match stackmap.")
    elif b.kind == FAULT_STACK_OVERFLOW: text_string(x, b"Exceeded max stack size.")
    elif b.kind == FAULT_STACK_UNDERFLOW: text_string(x, b"Attempt to pop empty stack.")
    elif b.kind == FAULT_NO_STACK_MAP: text_string(x, b"Expected stackmap frame at this location.")
    elif b.kind == FAULT_BAD_STACK_MAP: text_string(x, b"Invalid stackmap specification.")
    text_char(x, c'\n')

cdef void add_types(Text* x, const char* label, VType* types, u32 count) noexcept nogil:
    cdef u32 index
    text_string(x, label)
    for index in range(count):
        text_char(x, c' ')
        add_type(x, types[index])
        if index + 1 < count:
            text_char(x, c',')
    text_string(x, b" }\n")

cdef void add_frame(Text* x, const char* title, TypeFrame* f) noexcept nogil:
    text_string(x, title)
    text_string(x, b"    bci: @")
    text_signed(x, f.offset)
    text_string(x, b"\n    flags: { flagThisUninit }\n" if f.this_uninitialized else b"\n    flags: { }\n")
    add_types(x, b"    locals: {", f.locals, f.locals_size)
    add_types(x, b"    stack: {", f.stack, f.mark)

cdef void add_bytes(Text* x, Verifier* v) noexcept nogil:
    """Sixteen to a line; the last line is filled up with spaces, and there is always one that is not full."""
    cdef u32 at
    cdef u32 end = (v.length + 16) // 16 * 16
    text_string(x, b"  Bytecode:\n")
    for at in range(end):
        if at % 16 == 0:
            text_string(x, b"    ")
            text_hex(x, at, 7)
            text_char(x, c':')
        if at % 2 == 0:
            text_char(x, c' ')
        if at < v.length:
            text_hex(x, v.code[at], 2)
        else:
            text_string(x, b"  ")
        if at % 16 == 15:
            text_char(x, c'\n')

cdef void add_handlers(Text* x, Verifier* v) noexcept nogil:
    cdef u32 index
    cdef Handler* row
    if v.method.handler_count == 0:
        return
    text_string(x, b"  Exception Handler Table:\n")
    for index in range(v.method.handler_count):
        row = &v.method.handlers[index]
        text_string(x, b"    bci [")
        text_unsigned(x, row.start_pc)
        text_string(x, b", ")
        text_unsigned(x, row.end_pc)
        text_string(x, b"] => handler: ")
        text_unsigned(x, row.handler_pc)
        text_char(x, c'\n')

# --- the stack map as it is written (JVMS §4.7.4) ----------------------------------------------------
cdef struct MapText:
    Text* x
    const u8* at
    const u8* end

cdef bint add_map_types(MapText* m, u32 count, const char* between, bint show) noexcept nogil:
    """False: they do not fit."""
    cdef u32 index, size
    cdef u8 tag
    for index in range(count):
        if m.at >= m.end:
            return False
        tag = m.at[0]
        size = 3 if tag == 7 or tag == 8 else 1
        if m.end - m.at < size:
            return False
        if show:
            if index > 0:
                text_string(m.x, between)
            if tag == 0: text_string(m.x, b"Top")
            elif tag == 1: text_string(m.x, b"Integer")
            elif tag == 2: text_string(m.x, b"Float")
            elif tag == 3: text_string(m.x, b"Double")
            elif tag == 4: text_string(m.x, b"Long")
            elif tag == 5: text_string(m.x, b"Null")
            elif tag == 6: text_string(m.x, b"UninitializedThis")
            elif size == 3:
                text_string(m.x, b"Object[#" if tag == 7 else b"Uninitialized[#")
                text_unsigned(m.x, bytes_u2(m.at + 1))
                text_char(m.x, c']')
            else:
                text_string(m.x, b"Bad:#")
                text_unsigned(m.x, tag)
        m.at += size
    return True

cdef void truncated(Text* x, const char* name, i32 offset) noexcept nogil:
    text_string(x, name)
    text_string(x, b"(@")
    text_signed(x, offset)
    text_string(x, b"), output truncated, Stackmap exceeds table size.")

cdef i32 add_map_frame(MapText* m, i32 before) noexcept nogil:
    """Offset of the frame; -1: what follows cannot be read."""
    cdef MapText probe
    cdef u8 type = m.at[0]
    cdef i32 offset
    cdef u32 count, more
    cdef Text* x = m.x
    cdef const char* name
    if type < 128:
        offset = before + 1 + (type & 63)
    elif m.end - m.at < 3:
        if type == 247: truncated(x, b"same_locals_1_stack_item_extended", before + 1)
        elif type >= 252 and type < 255: truncated(x, b"append_frame", before + 1)
        elif type == 255: truncated(x, b"full_frame", before + 1)
        return -1
    else:
        offset = before + 1 + bytes_u2(m.at + 1)
    if type < 64: name = b"same_frame"
    elif type < 128: name = b"same_locals_1_stack_item_frame"
    elif type == 247: name = b"same_locals_1_stack_item_extended"
    elif type < 251: name = b"chop_frame"
    elif type == 251: name = b"same_frame_extended"
    elif type < 255: name = b"append_frame"
    else: name = b"full_frame"
    probe = m[0]
    probe.at += 1 if type < 128 else 3
    if type < 64 or (type >= 248 and type <= 251):
        count = 0
    elif type <= 247:
        count = 1
    elif type < 255:
        count = type - 251
    else:
        if probe.end - probe.at < 2:
            truncated(x, name, offset)
            return -1
        count = bytes_u2(probe.at)
        probe.at += 2
    m.at = probe.at
    if not add_map_types(&probe, count, b"", False) or (type == 255 and probe.end - probe.at < 2):
        truncated(x, name, offset)
        return -1
    if type == 255:
        more = bytes_u2(probe.at)
        probe.at += 2
        if not add_map_types(&probe, more, b"", False):
            truncated(x, name, offset)
            return -1
    text_string(x, name)
    text_string(x, b"(@")
    text_signed(x, offset)
    if type >= 248 and type < 251:
        text_char(x, c',')
        text_unsigned(x, <u32>251 - type)
    elif count > 0 or type == 255:
        text_string(x, b",{" if type == 255 else b",")
        add_map_types(m, count, b",", True)
        if type == 255:
            m.at += 2
            text_string(x, b"},{")
            add_map_types(m, more, b",", True)
            text_char(x, c'}')
    text_string(x, b")\n")
    m.at = probe.at
    return offset

cdef void add_stack_map(Text* x, Verifier* v) noexcept nogil:
    cdef MapText m
    cdef u32 size, count
    cdef i32 offset = -1
    m.x = x
    m.at = find_attribute(v.klass, v.method.code_attributes, b"StackMapTable", &size)
    if m.at == NULL or size < 2 or v.klass.major_version < 50:
        return
    text_string(x, b"  Stackmap Table:\n")
    m.end = m.at + size
    count = bytes_u2(m.at)
    m.at += 2
    while count > 0 and m.at < m.end:
        if m.at[0] >= 128 and m.at[0] < 247:                     # reserved: no frame
            return
        text_string(x, b"    ")
        offset = add_map_frame(&m, offset)
        if offset < 0:
            return
        count -= 1

# --- the whole ---------------------------------------------------------------------------------------
cdef void compose(Text* x, Verifier* v, Blame* b, const char* first) noexcept nogil:
    text_string(x, first)
    text_string(x, b"\nException Details:\n")
    add_location(x, v, b.offset)
    add_reason(x, b)
    if b.type.frame != NULL:
        add_frame(x, b"  Current Frame:\n", b.type.frame)
    if b.expected.frame != NULL:
        add_frame(x, b"  Stackmap Frame:\n", b.expected.frame)
    add_bytes(x, v)
    add_handlers(x, v)
    add_stack_map(x, v)

cdef public int fault(Verifier* v, Blame* b, const char* text) noexcept nogil:
    cdef Text x
    cdef u64 capacity = FIRST_CAPACITY
    cdef char* memory
    while True:
        memory = <char*>arena_alloc(&v.arena, capacity)
        if memory == NULL:
            return verify_out_of_memory(v)
        text_init(&x, memory, capacity)
        compose(&x, v, b, text)
        if not x.cut or capacity >= LARGEST_CAPACITY:
            break
        capacity *= 4
    v.message = memory
    v.failure = FAILURE_VERIFY
    return -1

cdef public int fault_number(Verifier* v, Blame* b, const char* text, i32 number) noexcept nogil:
    cdef char buffer[160]
    cdef Text x
    text_init(&x, buffer, sizeof(buffer))
    text_string(&x, text)
    text_signed(&x, number)
    return fault(v, b, buffer)

cdef public int fault_class(Verifier* v, Blame* b, const char* before, u32 number, const char* between, const char* after,
                            bint class_first) noexcept nogil:
    cdef LoaderText m
    message_init(&m, before)
    if class_first:
        message_class(&m, v.klass)
    else:
        message_number(&m, number)
    message_add(&m, between)
    if class_first:
        message_number(&m, number)
    else:
        message_class(&m, v.klass)
    message_add(&m, after)
    return fault(v, b, m.text.data)

cdef public int fault_branch(Verifier* v, Blame* b, i32 offset, i32 distance) noexcept nogil:
    cdef char buffer[160]
    cdef Text x
    text_init(&x, buffer, sizeof(buffer))
    text_string(&x, b"Illegal target of jump or branch (bci ")
    text_signed(&x, offset)
    text_string(&x, b" + offset ")
    text_signed(&x, distance)
    text_string(&x, b")")
    return fault(v, b, buffer)

cdef public int fault_hex(Verifier* v, Blame* b, const char* text, u8 byte) noexcept nogil:
    cdef char buffer[160]
    cdef Text x
    text_init(&x, buffer, sizeof(buffer))
    text_string(&x, text)
    text_hex(&x, byte, 2)
    return fault(v, b, buffer)

cdef public int fault_code(Verifier* v, i32 offset, const char* text) noexcept nogil:
    cdef Blame b
    blame(&b, FAULT_BAD_CODE, offset)
    return fault(v, &b, text)

cdef public int fault_format(Verifier* v, const char* text, i32 number) noexcept nogil:
    cdef LoaderText m
    cdef char* copy
    message_init(&m, text)
    if number >= 0:
        message_number(&m, <u32>number)
    message_add(&m, b" in method ")
    message_method(&m, v.klass.name, v.method.name, v.method.descriptor)
    copy = <char*>arena_alloc(&v.arena, m.text.length + 1)
    if copy == NULL:
        return verify_out_of_memory(v)
    for number in range(<i32>m.text.length):
        copy[number] = m.text.data[number]
    v.message = copy
    v.failure = FAILURE_FORMAT
    return -1

cdef public int fault_stack_map(Verifier* v, const char* text) noexcept nogil:
    cdef LoaderText m
    message_init(&m, b"StackMapTable format error: ")
    message_add(&m, text)
    message_throw(v.t, b"java/lang/ClassFormatError", &m)
    v.failure = FAILURE_THROWN
    return -1
