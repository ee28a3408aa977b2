# See code_check.pxd.
from kernel.types cimport u8, u16, u32, i32, i64
from kernel.memory.heap cimport kfree, kmalloc
from kernel.memory.string cimport memset
from jvm.interpreter.opcodes cimport *
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.classes cimport (
    CONSTANT_Class, CONSTANT_Double, CONSTANT_Dynamic, CONSTANT_Fieldref, CONSTANT_Float, CONSTANT_Integer,
    CONSTANT_InterfaceMethodref, CONSTANT_InvokeDynamic, CONSTANT_Long, CONSTANT_MethodHandle, CONSTANT_MethodType,
    CONSTANT_Methodref, CONSTANT_String, Class, JavaThread, Method, RESOLVED_CLASS, RESOLVED_STRING, Symbol)
from jvm.loader.descriptors cimport method_argument_slots
from jvm.loader.messages cimport (
    LoaderText, loader_throw, message_add, message_init, message_number, message_symbol, message_throw)
from jvm.loader.parser cimport pool_symbol, pool_text, pool_u2

cdef struct Code:
    JavaThread* t
    Class* klass
    Method* method
    const u8* bytes
    u32 length
    u8* starts                           # bit pc: an instruction begins there

cdef int bad(Code* c, u32 pc, const char* text) noexcept nogil:
    """VerifyError, worded as the host's checks of instructions are."""
    cdef LoaderText m
    message_init(&m, b"(class: ")
    message_symbol(&m, c.klass.name)
    message_add(&m, b", method: ")
    message_symbol(&m, c.method.name)
    message_add(&m, b" signature: ")
    message_symbol(&m, c.method.descriptor)
    message_add(&m, b") ")
    message_add(&m, text)
    message_add(&m, b" at bytecode ")
    message_number(&m, pc)
    return message_throw(c.t, b"java/lang/VerifyError", &m)

cdef inline bint is_start(Code* c, i64 pc) noexcept nogil:
    return pc >= 0 and pc < c.length and c.starts[pc >> 3] >> (pc & 7) & 1 != 0

cdef inline u8 tag_of(Code* c, u32 index) noexcept nogil:
    return c.klass.pool.tags[index] if index > 0 and index < c.klass.pool.count else 0

# --- lengths (pass 1) --------------------------------------------------------------------------------
cdef u32 switch_length(Code* c, u32 pc) noexcept nogil:
    """Bytes of a tableswitch or lookupswitch (JVMS §6.5); 0: malformed."""
    cdef u32 at = (pc + 4) & ~<u32>3
    cdef i64 low, high, count
    if at + 12 > c.length and at + 8 > c.length:
        return 0
    if c.bytes[pc] == OP_TABLESWITCH:
        if at + 12 > c.length:
            return 0
        low = <i32>bytes_u4(c.bytes + at + 4)
        high = <i32>bytes_u4(c.bytes + at + 8)
        if low > high or high - low >= c.length:
            return 0
        at += 12 + 4 * <u32>(high - low + 1)
    else:
        count = <i32>bytes_u4(c.bytes + at + 4)
        if count < 0 or count >= c.length:
            return 0
        at += 8 + 8 * <u32>count
    return at - pc if at <= c.length else 0

cdef u32 instruction_length(Code* c, u32 pc) noexcept nogil:
    """0: not an instruction, or longer than the code."""
    cdef u8 op = c.bytes[pc]
    cdef u32 length
    if op > OP_JSR_W:
        return 0
    if op == OP_WIDE:
        if pc + 1 >= c.length:
            return 0
        op = c.bytes[pc + 1]
        if op == OP_IINC:
            length = 6
        elif (op >= OP_ILOAD and op <= OP_ALOAD) or (op >= OP_ISTORE and op <= OP_ASTORE) or op == OP_RET:
            length = 4
        else:
            return 0
    elif op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH:
        return switch_length(c, pc)
    else:
        length = opcode_length[op]
    return length if length > 0 and pc + length <= c.length else 0

cdef int mark_starts(Code* c) noexcept nogil:
    cdef u32 pc = 0
    cdef u32 length
    cdef u32 last = 0
    cdef u8 op
    while pc < c.length:
        length = instruction_length(c, pc)
        if length == 0:
            return bad(c, pc, b"Illegal instruction found")
        c.starts[pc >> 3] |= <u8>(1 << (pc & 7))
        last = pc
        pc += length
    op = c.bytes[last]
    if not ((op >= OP_IRETURN and op <= OP_RETURN) or op == OP_GOTO or op == OP_GOTO_W or op == OP_ATHROW
            or op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH or op == OP_RET or op == OP_JSR or op == OP_JSR_W
            or (op == OP_WIDE and c.bytes[last + 1] == OP_RET)):
        return bad(c, last, b"Falling off the end of the code")
    return 0

# --- operands (pass 2) -------------------------------------------------------------------------------
cdef int check_target(Code* c, u32 pc, i64 offset) noexcept nogil:
    if not is_start(c, <i64>pc + offset):
        return bad(c, pc, b"Illegal target of jump or branch")
    return 0

cdef int check_switch(Code* c, u32 pc) noexcept nogil:
    cdef u32 at = (pc + 4) & ~<u32>3
    cdef u32 index, count
    cdef i32 key
    cdef i32 previous = 0
    if check_target(c, pc, <i32>bytes_u4(c.bytes + at)) != 0:
        return -1
    if c.bytes[pc] == OP_TABLESWITCH:
        count = bytes_u4(c.bytes + at + 8) - bytes_u4(c.bytes + at + 4) + 1
        at += 12
        for index in range(count):
            if check_target(c, pc, <i32>bytes_u4(c.bytes + at + 4 * index)) != 0:
                return -1
        return 0
    count = bytes_u4(c.bytes + at + 4)
    at += 8
    for index in range(count):
        key = <i32>bytes_u4(c.bytes + at + 8 * index)
        if index > 0 and key <= previous:
            return bad(c, pc, b"Bad lookupswitch instruction")
        previous = key
        if check_target(c, pc, <i32>bytes_u4(c.bytes + at + 8 * index + 4)) != 0:
            return -1
    return 0

cdef int check_local(Code* c, u32 pc, u32 index, u32 slots) noexcept nogil:
    if index + slots > c.method.max_locals:
        return bad(c, pc, b"Illegal local variable number")
    return 0

cdef inline u32 slots_of(u8 op) noexcept nogil:
    """Of the local variable that a load or store with an operand names."""
    return 2 if op == OP_LLOAD or op == OP_DLOAD or op == OP_LSTORE or op == OP_DSTORE else 1

cdef int check_short_local(Code* c, u32 pc, u8 op) noexcept nogil:
    """iload_0 … aload_3, istore_0 … astore_3: five types, four numbers each."""
    cdef u32 number = <u32>op - (OP_ILOAD_0 if op <= OP_ALOAD_3 else OP_ISTORE_0)
    cdef u32 type = number >> 2
    return check_local(c, pc, number & 3, 2 if type == 1 or type == 3 else 1)

cdef bint is_initializer_name(Code* c, u32 index) noexcept nogil:
    """Whether a member reference names <init> or <clinit>."""
    cdef u16 pair = pool_u2(c.klass, <u16>index, 2)
    cdef u32 length
    cdef const u8* text = pool_text(&c.klass.pool, c.klass.bytes, pool_u2(c.klass, pair, 0), &length)
    return text != NULL and length > 0 and text[0] == c'<'

cdef u32 arguments_of(Code* c, u32 index) noexcept nogil:
    """Argument slots of a method reference with its receiver, as invokeinterface counts them."""
    cdef u16 pair = pool_u2(c.klass, <u16>index, 2)
    cdef Symbol* descriptor = pool_symbol(&c.klass.pool, c.klass.bytes, pool_u2(c.klass, pair, 2))
    return method_argument_slots(descriptor) + 1 if descriptor != NULL else 0

cdef int check_pool(Code* c, u32 pc, u32 index, bint ok) noexcept nogil:
    if not ok:
        return bad(c, pc, b"Illegal type in constant pool")
    return 0

cdef int check_load_constant(Code* c, u32 pc, u32 index) noexcept nogil:
    """ldc, ldc_w: not the two-slot kinds."""
    cdef u8 tag = tag_of(c, index)
    cdef u32 major = c.klass.major_version
    return check_pool(c, pc, index, tag == CONSTANT_Integer or tag == CONSTANT_Float or tag == CONSTANT_String
                      or tag == RESOLVED_STRING or ((tag == CONSTANT_Class or tag == RESOLVED_CLASS) and major >= 49)
                      or ((tag == CONSTANT_MethodHandle or tag == CONSTANT_MethodType) and major >= 51)
                      or (tag == CONSTANT_Dynamic and not is_wide_dynamic(c, index)))

cdef bint is_wide_dynamic(Code* c, u32 index) noexcept nogil:
    cdef u16 pair = pool_u2(c.klass, <u16>index, 2)
    cdef u32 length
    cdef const u8* text = pool_text(&c.klass.pool, c.klass.bytes, pool_u2(c.klass, pair, 2), &length)
    return text != NULL and length > 0 and (text[0] == c'J' or text[0] == c'D')

cdef int check_invoke(Code* c, u32 pc, u8 op, u32 index) noexcept nogil:
    cdef u8 tag = tag_of(c, index)
    cdef const u8* at = c.bytes + pc
    if op == OP_INVOKEDYNAMIC:
        if at[3] != 0 or at[4] != 0:
            return bad(c, pc, b"Third and fourth operand bytes of invokedynamic must be zero")
        return check_pool(c, pc, index, tag == CONSTANT_InvokeDynamic)
    if op == OP_INVOKEINTERFACE:
        if check_pool(c, pc, index, tag == CONSTANT_InterfaceMethodref) != 0:
            return -1
        if at[4] != 0:
            return bad(c, pc, b"Fourth operand byte of invokeinterface must be zero")
        if at[3] != arguments_of(c, index):
            return bad(c, pc, b"Inconsistent args count operand in invokeinterface")
    elif op == OP_INVOKEVIRTUAL:
        if check_pool(c, pc, index, tag == CONSTANT_Methodref) != 0:
            return -1
    elif check_pool(c, pc, index, tag == CONSTANT_Methodref
                    or (tag == CONSTANT_InterfaceMethodref and c.klass.major_version >= 52)) != 0:
        return -1
    if op != OP_INVOKESPECIAL and is_initializer_name(c, index):
        return bad(c, pc, b"Illegal call to internal method")
    return 0

cdef int check_class_operand(Code* c, u32 pc, u8 op, u32 index) noexcept nogil:
    cdef u8 tag = tag_of(c, index)
    cdef u32 length = 0
    cdef u32 dimensions = 0
    cdef const u8* text
    if check_pool(c, pc, index, tag == CONSTANT_Class or tag == RESOLVED_CLASS) != 0:
        return -1
    if tag == RESOLVED_CLASS:
        text = c.klass.pool.values[index].klass.name.text
        length = c.klass.pool.values[index].klass.name.length
    else:
        text = pool_text(&c.klass.pool, c.klass.bytes, pool_u2(c.klass, <u16>index, 0), &length)
    while text != NULL and dimensions < length and text[dimensions] == c'[':
        dimensions += 1
    if op == OP_NEW and dimensions > 0:
        return bad(c, pc, b"Illegal creation of array with new")
    if op == OP_ANEWARRAY and dimensions >= 255:
        return bad(c, pc, b"Array with too many dimensions")
    if op == OP_MULTIANEWARRAY and (c.bytes[pc + 3] == 0 or c.bytes[pc + 3] > dimensions):
        return bad(c, pc, b"Illegal dimension argument")
    return 0

cdef int check_instruction(Code* c, u32 pc) noexcept nogil:
    cdef u8 op = c.bytes[pc]
    cdef const u8* at = c.bytes + pc
    cdef u32 index
    if op == OP_LDC:
        return check_load_constant(c, pc, at[1])
    if op == OP_LDC_W:
        return check_load_constant(c, pc, bytes_u2(at + 1))
    if op == OP_LDC2_W:
        index = bytes_u2(at + 1)
        return check_pool(c, pc, index, tag_of(c, index) == CONSTANT_Long or tag_of(c, index) == CONSTANT_Double
                          or (tag_of(c, index) == CONSTANT_Dynamic and is_wide_dynamic(c, index)))
    if (op >= OP_ILOAD and op <= OP_ALOAD) or (op >= OP_ISTORE and op <= OP_ASTORE):
        return check_local(c, pc, at[1], slots_of(op))
    if (op >= OP_ILOAD_0 and op <= OP_ALOAD_3) or (op >= OP_ISTORE_0 and op <= OP_ASTORE_3):
        return check_short_local(c, pc, op)
    if op == OP_IINC or op == OP_RET:
        if op == OP_RET and c.klass.major_version >= 51:
            return bad(c, pc, b"Illegal instruction found")
        return check_local(c, pc, at[1], 1)
    if op == OP_WIDE:
        if at[1] == OP_RET and c.klass.major_version >= 51:
            return bad(c, pc, b"Illegal instruction found")
        return check_local(c, pc, bytes_u2(at + 2), slots_of(at[1]))
    if op == OP_JSR and c.klass.major_version >= 51 or op == OP_JSR_W and c.klass.major_version >= 51:
        return bad(c, pc, b"Illegal instruction found")
    if (op >= OP_IFEQ and op <= OP_JSR) or op == OP_IFNULL or op == OP_IFNONNULL:
        return check_target(c, pc, <i64><short>bytes_u2(at + 1))
    if op == OP_GOTO_W or op == OP_JSR_W:
        return check_target(c, pc, <i32>bytes_u4(at + 1))
    if op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH:
        return check_switch(c, pc)
    if op >= OP_GETSTATIC and op <= OP_PUTFIELD:
        index = bytes_u2(at + 1)
        return check_pool(c, pc, index, tag_of(c, index) == CONSTANT_Fieldref)
    if op >= OP_INVOKEVIRTUAL and op <= OP_INVOKEDYNAMIC:
        return check_invoke(c, pc, op, bytes_u2(at + 1))
    if op == OP_NEW or op == OP_ANEWARRAY or op == OP_CHECKCAST or op == OP_INSTANCEOF or op == OP_MULTIANEWARRAY:
        return check_class_operand(c, pc, op, bytes_u2(at + 1))
    if op == OP_NEWARRAY and (at[1] < 4 or at[1] > 11):
        return bad(c, pc, b"Illegal newarray instruction")
    return 0

cdef int check_method(Code* c) noexcept nogil:
    cdef u32 pc = 0
    cdef u32 index
    if mark_starts(c) != 0:
        return -1
    while pc < c.length:
        if check_instruction(c, pc) != 0:
            return -1
        pc += instruction_length(c, pc)
    for index in range(c.method.handler_count):
        if not is_start(c, c.method.handlers[index].start_pc) or not is_start(c, c.method.handlers[index].handler_pc) \
                or not (c.method.handlers[index].end_pc == c.length or is_start(c, c.method.handlers[index].end_pc)):
            return bad(c, c.method.handlers[index].start_pc, b"Illegal exception table range")
    return 0

cdef public int code_check(JavaThread* t, Class* klass) noexcept nogil:
    cdef Code c
    cdef u32 index, longest
    cdef int result = 0
    c.t = t
    c.klass = klass
    longest = 0
    for index in range(klass.method_count):
        if klass.methods[index].code_length > longest:
            longest = klass.methods[index].code_length
    if longest == 0:
        return 0
    c.starts = <u8*>kmalloc((longest + 7) // 8)
    if c.starts == NULL:
        return loader_throw(t, b"java/lang/OutOfMemoryError", b"Metaspace")
    for index in range(klass.method_count):
        c.method = &klass.methods[index]
        c.bytes = c.method.code
        c.length = c.method.code_length
        if c.bytes == NULL:
            continue
        memset(c.starts, 0, (c.length + 7) // 8)
        result = check_method(&c)
        if result != 0:
            break
    kfree(c.starts)
    return result
