# See old_format.pxd.
from kernel.types cimport u8, u16, u32, i32, i64
from kernel.memory.arena cimport arena_alloc
from jvm.interpreter.opcodes cimport *
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.classes cimport (
    CONSTANT_Class, CONSTANT_Double, CONSTANT_Fieldref, CONSTANT_Float, CONSTANT_Integer, CONSTANT_InterfaceMethodref,
    CONSTANT_Long, CONSTANT_Methodref, CONSTANT_String, Class, Handler, Symbol)
from jvm.loader.messages cimport LoaderText, message_add, message_init, message_number, message_symbol
from jvm.loader.wellknown cimport sym
from jvm.verifier.types cimport (
    FAILURE_FORMAT, FAILURE_NONE, FAILURE_VERIFY, MARK_START, Failure, Signature, VType, Verifier, name_type,
    verify_class_name, verify_member, verify_named_above, verify_out_of_memory, verify_signature, verify_tag)

# --- faults ------------------------------------------------------------------------------------------
cdef int raise_fault(Verifier* v, Failure failure, const char* text, i32 one, const char* between, i32 other) noexcept nogil:
    cdef LoaderText m
    cdef u32 index
    message_init(&m, b"(class: ")
    message_symbol(&m, v.klass.name)
    message_add(&m, b", method: ")
    message_symbol(&m, v.method.name)
    message_add(&m, b" signature: ")
    message_symbol(&m, v.method.descriptor)
    message_add(&m, b") ")
    message_add(&m, text)
    if one >= 0:
        message_number(&m, <u32>one)
    if between != NULL:
        message_add(&m, between)
        message_number(&m, <u32>other)
    v.message = <char*>arena_alloc(&v.arena, m.text.length + 1)
    if v.message == NULL:
        return verify_out_of_memory(v)
    for index in range(<u32>m.text.length):
        v.message[index] = m.text.data[index]
    v.failure = failure
    return -1

cdef public int old_fault(Verifier* v, const char* text) noexcept nogil:
    return raise_fault(v, FAILURE_VERIFY, text, -1, NULL, 0)

cdef public int old_fault_number(Verifier* v, const char* text, i32 number) noexcept nogil:
    return raise_fault(v, FAILURE_VERIFY, text, number, NULL, 0)

cdef public int old_fault_pair(Verifier* v, const char* text, i32 one, const char* between, i32 other) noexcept nogil:
    return raise_fault(v, FAILURE_VERIFY, text, one, between, other)

cdef public int old_fault_format(Verifier* v, const char* text) noexcept nogil:
    return raise_fault(v, FAILURE_FORMAT, text, -1, NULL, 0)

# --- lengths -----------------------------------------------------------------------------------------
cdef public u32 old_length(Verifier* v, u32 pc) noexcept nogil:
    """0: not an instruction.  It may end behind the code."""
    cdef u8 op = v.code[pc]
    cdef u32 at = (pc + 4) & ~<u32>3
    cdef i64 count
    if op > OP_JSR_W:
        return 0
    if op == OP_TABLESWITCH:
        if at + 12 > v.length:
            return 0
        count = <i64><i32>bytes_u4(v.code + at + 8) - <i32>bytes_u4(v.code + at + 4)
        return <u32>(at + 16 + 4 * count - pc) if count >= 0 and count <= 65535 else 0
    if op == OP_LOOKUPSWITCH:
        if at + 8 > v.length:
            return 0
        count = <i32>bytes_u4(v.code + at + 4)
        return <u32>(at + 8 + 8 * count - pc) if count >= 0 and count < 65536 else 0
    if op == OP_WIDE:
        if pc + 1 >= v.length:
            return 0
        op = v.code[pc + 1]
        if op == OP_IINC:
            return 6
        return 4 if (op >= OP_ILOAD and op <= OP_ALOAD) or (op >= OP_ISTORE and op <= OP_ASTORE) or op == OP_RET else 0
    return <u32>opcode_length[op]

cdef int mark_starts(Verifier* v) noexcept nogil:
    cdef u32 pc = 0
    cdef u32 length
    while pc < v.length:
        length = old_length(v, pc)
        if length == 0:
            return old_fault_number(v, b"Illegal instruction found at offset ", <i32>pc)
        if pc + length > v.length:
            return old_fault_number(v, b"Code stops in the middle of instruction  starting at offset ", <i32>pc)
        v.marks[pc] = MARK_START
        pc += length
    return 0

# --- operands ----------------------------------------------------------------------------------------
cdef inline bint is_start(Verifier* v, i64 pc) noexcept nogil:
    return pc >= 0 and pc < v.length and v.marks[pc] != 0

cdef int check_target(Verifier* v, i64 pc) noexcept nogil:
    return 0 if is_start(v, pc) else old_fault(v, b"Illegal target of jump or branch")

cdef int check_switch(Verifier* v, u32 pc) noexcept nogil:
    cdef u32 at = (pc + 4) & ~<u32>3
    cdef u32 index, count
    cdef bint table = v.code[pc] == OP_TABLESWITCH
    for index in range(pc + 1, at):
        if v.code[index] != 0:
            return old_fault(v, b"Non zero padding bytes in switch")
    if table:
        count = bytes_u4(v.code + at + 8) - bytes_u4(v.code + at + 4) + 1
    else:
        count = bytes_u4(v.code + at + 4)
        for index in range(1, count):
            if <i32>bytes_u4(v.code + at + 8 * index) >= <i32>bytes_u4(v.code + at + 8 * index + 8):
                return old_fault(v, b"Unsorted lookup switch")
    if not is_start(v, <i64>pc + <i32>bytes_u4(v.code + at)):
        return old_fault(v, b"Illegal default target in switch")
    for index in range(count):
        if not is_start(v, <i64>pc + <i32>bytes_u4(v.code + at + 12 + (4 if table else 8) * index)):
            return old_fault(v, b"Illegal branch in tableswitch")
    return 0

cdef int check_tag(Verifier* v, u32 index, u32 tags) noexcept nogil:
    cdef u8 tag
    if index == 0 or index >= v.klass.pool.count:
        return old_fault(v, b"Illegal constant pool index")
    tag = verify_tag(v, index)
    return 0 if tag <= 31 and (<u32>1 << tag) & tags else old_fault(v, b"Illegal type in constant pool")

cdef inline u32 bit(u8 tag) noexcept nogil:
    return <u32>1 << tag

cdef int check_local(Verifier* v, u32 index, u8 op) noexcept nogil:
    cdef u32 slots = 2 if op == OP_LLOAD or op == OP_DLOAD or op == OP_LSTORE or op == OP_DSTORE else 1
    return 0 if index + slots <= v.method.max_locals else old_fault(v, b"Illegal local variable number")

cdef int check_invoke(Verifier* v, u32 pc, u8 op) noexcept nogil:
    cdef u32 index = bytes_u2(v.code + pc + 1)
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef Signature* s
    if op == OP_INVOKEDYNAMIC:
        return old_fault(v, b"invokedynamic bytecode is not supported in this class file version")
    if check_tag(v, index, bit(CONSTANT_InterfaceMethodref) if op == OP_INVOKEINTERFACE else bit(CONSTANT_Methodref)) != 0 \
            or verify_member(v, index, &owner, &name, &descriptor) != 0:
        return -1
    if name == sym.object_init:
        if op != OP_INVOKESPECIAL:
            return old_fault(v, b"Must call initializers using invokespecial")
    elif name.length > 0 and name.text[0] == c'<':
        return old_fault(v, b"Illegal call to internal method")
    elif op == OP_INVOKESPECIAL and owner != v.klass.name and not verify_named_above(v.klass, owner):
        return old_fault(v, b"Illegal use of nonvirtual function call")
    if op == OP_INVOKEINTERFACE:
        s = verify_signature(v, descriptor)
        if s == NULL:
            return -1
        if v.code[pc + 3] != s.slots + 1:
            return old_fault(v, b"Inconsistent args_size for invokeinterface")
        if v.code[pc + 4] != 0:
            return old_fault(v, b"Fourth operand byte of invokeinterface must be zero")
    return 0

cdef int check_class(Verifier* v, u32 pc, u8 op) noexcept nogil:
    cdef u32 index = bytes_u2(v.code + pc + 1)
    cdef Symbol* name
    cdef u32 dimensions = 0
    if check_tag(v, index, bit(CONSTANT_Class)) != 0:
        return -1
    name = verify_class_name(v, index)
    if name == NULL:
        return -1
    while dimensions < name.length and name.text[dimensions] == c'[':
        dimensions += 1
    if op == OP_NEW and dimensions > 0:
        return old_fault(v, b"Illegal creation of multi-dimensional array")
    if op == OP_ANEWARRAY and dimensions >= 255:
        return old_fault(v, b"Array with too many dimensions")
    if op == OP_MULTIANEWARRAY and (v.code[pc + 3] == 0 or v.code[pc + 3] > dimensions):
        return old_fault(v, b"Illegal dimension argument")
    return 0

cdef int check_operands(Verifier* v, u32 pc) noexcept nogil:
    cdef u8 op = v.code[pc]
    cdef const u8* at = v.code + pc
    cdef u32 tags = bit(CONSTANT_Integer) | bit(CONSTANT_Float) | bit(CONSTANT_String)
    cdef u32 number
    if op == OP_LDC or op == OP_LDC_W:
        if v.klass.major_version >= 49:
            tags |= bit(CONSTANT_Class)
        return check_tag(v, at[1] if op == OP_LDC else bytes_u2(at + 1), tags)
    if op == OP_LDC2_W:
        return check_tag(v, bytes_u2(at + 1), bit(CONSTANT_Long) | bit(CONSTANT_Double))
    if (op >= OP_ILOAD and op <= OP_ALOAD) or (op >= OP_ISTORE and op <= OP_ASTORE) or op == OP_IINC or op == OP_RET:
        return check_local(v, at[1], op)
    if op >= OP_ILOAD_0 and op <= OP_ALOAD_3:
        number = <u32>op - OP_ILOAD_0
        return check_local(v, number & 3, <u8>(OP_ILOAD + (number >> 2)))
    if op >= OP_ISTORE_0 and op <= OP_ASTORE_3:
        number = <u32>op - OP_ISTORE_0
        return check_local(v, number & 3, <u8>(OP_ISTORE + (number >> 2)))
    if op == OP_WIDE:
        return check_local(v, bytes_u2(at + 2), at[1])
    if (op >= OP_IFEQ and op <= OP_JSR) or op == OP_IFNULL or op == OP_IFNONNULL:
        return check_target(v, <i64>pc + <short>bytes_u2(at + 1))
    if op == OP_GOTO_W or op == OP_JSR_W:
        return check_target(v, <i64>pc + <i32>bytes_u4(at + 1))
    if op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH:
        return check_switch(v, pc)
    if op >= OP_GETSTATIC and op <= OP_PUTFIELD:
        return check_tag(v, bytes_u2(at + 1), bit(CONSTANT_Fieldref))
    if op >= OP_INVOKEVIRTUAL and op <= OP_INVOKEDYNAMIC:
        return check_invoke(v, pc, op)
    if op == OP_NEW or op == OP_ANEWARRAY or op == OP_CHECKCAST or op == OP_INSTANCEOF or op == OP_MULTIANEWARRAY:
        return check_class(v, pc, op)
    if op == OP_NEWARRAY and (at[1] < 4 or at[1] > 11):
        return old_fault(v, b"Bad type passed to newarray")
    return 0

cdef public int old_format(Verifier* v) noexcept nogil:
    cdef u32 pc = 0
    cdef u32 index
    cdef Handler* row
    if mark_starts(v) != 0:
        return -1
    while pc < v.length:
        if check_operands(v, pc) != 0:
            return -1
        pc += old_length(v, pc)
    for index in range(v.method.handler_count):
        row = &v.method.handlers[index]
        if not is_start(v, row.start_pc) or not (row.end_pc == v.length or is_start(v, row.end_pc)):
            return old_fault_format(v, b"Illegal exception table range")
        if row.handler_pc == 0 or not is_start(v, row.handler_pc):           # the host: not the first instruction
            return old_fault_format(v, b"Illegal exception table handler")
    return 0
