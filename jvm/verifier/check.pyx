# See check.pxd.  Fields and calls are in members.pyx.
#
# Invariant: a method's instructions are looked at in the order of their offsets, each once, with the frame of
# the stack map where there is one; so the first fault is the one that the host JVM reports.
from kernel.types cimport u8, u16, u32, i32, i64
from kernel.memory.arena cimport arena_alloc
from jvm.interpreter.opcodes cimport *
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.classes cimport ACC_STATIC, CONSTANT_Class, Class, Handler, Symbol
from jvm.loader.parser cimport find_attribute
from jvm.loader.symbols cimport symbol_from
from jvm.loader.wellknown cimport sym
from jvm.verifier.fault cimport (
    Blame, FAULT_BAD_CODE, FAULT_NO_STACK_MAP, FAULT_WRONG_TYPE, blame, blame_pool, blame_signature, blame_stack,
    blame_type, fault, fault_code, fault_format, fault_hex, fault_number)
from jvm.verifier.frames cimport (
    TypeFrame, frame_copy, frame_get, frame_get_two, frame_pop, frame_pop_any, frame_pop_two, frame_push,
    frame_push_two, frame_set, frame_set_two)
from jvm.verifier.instructions cimport opcode_checked_length, opcode_effect, opcode_name
from jvm.verifier.members cimport check_constant, check_field, check_invoke, check_pool_tag
from jvm.verifier.stack_maps cimport StackMaps, stack_maps_at, stack_maps_branch, stack_maps_match, stack_maps_read
from jvm.verifier.types cimport (
    FAILURE_NONE, MARK_NEW, MARK_START, Signature, T_ANY_ONE, T_ANY_REFERENCE, T_ANY_TWO, T_DOUBLE, T_FLOAT, T_INT,
    T_LONG, T_NULL, T_TOP, T_UNINITIALIZED_THIS, VType, Verifier, is_array, is_object, is_one, is_two_2,
    name_of, name_type, uninitialized_at, verify_array_of, verify_assignable, verify_class_name, verify_component,
    verify_out_of_memory, verify_signature, verify_load)

cdef enum:
    MOST_DIMENSIONS = 255
    CLASS_BIT = 1 << 7                   # CONSTANT_Class
    HOST_LINEAR_SWITCH = 228             # numbers that only the host's interpreter uses
    HOST_BINARY_SWITCH = 229

# --- instructions' places ----------------------------------------------------------------------------
cdef i64 switch_length(Verifier* v, u32 pc, u8 op) noexcept nogil:
    """Bytes of a switch (§6.5); not positive: there are too few."""
    cdef u32 at = (pc + 4) & ~<u32>3
    cdef i64 low, high, count
    if op == OP_TABLESWITCH:
        if at + 12 >= v.length:
            return -1
        low = <i32>bytes_u4(v.code + at + 4)
        high = <i32>bytes_u4(v.code + at + 8)
        return <i64>(at - pc) + (3 + high - low + 1) * 4 if low <= high else -1
    if at + 8 >= v.length:
        return -1
    count = <i32>bytes_u4(v.code + at + 4)
    return <i64>(at - pc) + (2 + 2 * count) * 4 if count >= 0 else -1

cdef u32 length_at(Verifier* v, u32 pc) noexcept nogil:
    """Of the instruction there; 0: it is none, or does not end in the code."""
    cdef u8 op = v.code[pc]
    cdef i64 length = opcode_checked_length[op]
    if op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH or op == HOST_LINEAR_SWITCH or op == HOST_BINARY_SWITCH:
        length = switch_length(v, pc, op)
    elif op == OP_WIDE:
        length = -1
        if pc + 1 < v.length:
            op = v.code[pc + 1]
            if op == OP_IINC:
                length = 6
            elif (op >= OP_ILOAD and op <= OP_ALOAD) or (op >= OP_ISTORE and op <= OP_ASTORE) or op == OP_RET:
                length = 4
    return <u32>length if length > 0 and <i64>pc + length <= v.length else 0

cdef int mark_instructions(Verifier* v) noexcept nogil:
    cdef u32 pc = 0
    cdef u32 length
    while pc < v.length:
        length = length_at(v, pc)
        if length == 0:
            return fault_code(v, <i32>pc, b"Bad instruction")
        v.marks[pc] = MARK_START | MARK_NEW if v.code[pc] == OP_NEW else MARK_START
        pc += length
    return 0

cdef bint starts(Verifier* v, u32 pc) noexcept nogil:
    return pc < v.length and v.marks[pc] != 0

# --- handlers (§4.10.1.6) ----------------------------------------------------------------------------
cdef int check_handler_table(Verifier* v, u32* low, u32* high) noexcept nogil:
    cdef u32 index
    cdef Handler* row
    cdef Blame b
    cdef VType type
    cdef int fits
    low[0] = v.length
    high[0] = 0
    for index in range(v.method.handler_count):
        row = &v.method.handlers[index]
        if not starts(v, row.start_pc):
            return fault_format(v, b"Illegal exception table start_pc ", row.start_pc)
        if row.end_pc != v.length and not starts(v, row.end_pc):
            return fault_format(v, b"Illegal exception table end_pc ", row.end_pc)
        if not starts(v, row.handler_pc):
            return fault_format(v, b"Illegal exception table handler_pc ", row.handler_pc)
        if row.catch_type != 0:
            type = name_type(verify_class_name(v, row.catch_type))
            if type == 0:
                return -1
            fits = verify_assignable(v, v.throwable, type, False)
            if fits < 0:
                return -1
            if not fits:
                blame(&b, FAULT_WRONG_TYPE, row.handler_pc)
                blame_pool(&b.type, row.catch_type, type)
                blame_type(&b.expected, v.throwable)
                return fault_number(v, &b, b"Catch type is not a subclass of Throwable in exception handler ",
                                    row.handler_pc)
        if row.start_pc < low[0]:
            low[0] = row.start_pc
        if row.end_pc > high[0]:
            high[0] = row.end_pc
    return 0

cdef public int check_handlers(Check* c, bint uninitialized) noexcept nogil:
    cdef Verifier* v = c.v
    cdef u32 index
    cdef Handler* row
    cdef TypeFrame f
    cdef TypeFrame* map
    cdef VType thrown[1]
    cdef Blame b
    cdef int fits
    for index in range(v.method.handler_count):
        row = &v.method.handlers[index]
        if <u32>c.f.offset < row.start_pc or <u32>c.f.offset >= row.end_pc:
            continue
        f = c.f
        f.stack = thrown
        f.stack_size = f.mark = 0
        if uninitialized:
            f.this_uninitialized = 1
        thrown[0] = v.throwable if row.catch_type == 0 else name_type(verify_class_name(v, row.catch_type))
        if thrown[0] == 0 or frame_push(v, &f, thrown[0]) != 0:
            return -1
        f.mark = 1
        map = stack_maps_at(&c.maps, row.handler_pc)
        if map == NULL:
            blame(&b, FAULT_NO_STACK_MAP, f.offset)
            return fault_number(v, &b, b"Expecting a stackmap frame at branch target ", row.handler_pc)
        fits = stack_maps_match(v, &f, map, &b)
        if fits < 0:
            return -1
        if not fits:
            return fault_number(v, &b, b"Stack map does not match the one at exception handler ", row.handler_pc)
    return 0

# --- single instructions -----------------------------------------------------------------------------
cdef VType letter_type(u8 letter) noexcept nogil:
    if letter == c'I': return T_INT
    elif letter == c'J': return T_LONG
    elif letter == c'F': return T_FLOAT
    return T_DOUBLE

cdef int apply(Check* c, const char* effect) noexcept nogil:
    """An instruction whose effect is all numbers: II>I."""
    cdef u32 middle = 0
    cdef u32 at
    cdef VType type
    while effect[middle] != c'>':
        middle += 1
    at = middle
    while at > 0:
        at -= 1
        type = letter_type(effect[at])
        if (frame_pop_two(c.v, &c.f, type) if type == T_LONG or type == T_DOUBLE
                else frame_pop(c.v, &c.f, type, NULL)) != 0:
            return -1
    if effect[middle + 1] == 0:
        return 0
    type = letter_type(effect[middle + 1])
    return frame_push_two(c.v, &c.f, type) if type == T_LONG or type == T_DOUBLE else frame_push(c.v, &c.f, type)

cdef int load(Check* c, u32 kind, u32 index) noexcept nogil:
    """kind: 0 … 4 as iload, lload, fload, dload, aload are numbered."""
    cdef VType type
    if kind == 1 or kind == 3:
        type = T_LONG if kind == 1 else T_DOUBLE
        if frame_get_two(c.v, &c.f, index, type) != 0:
            return -1
        return frame_push_two(c.v, &c.f, type)
    if frame_get(c.v, &c.f, index, T_INT if kind == 0 else T_FLOAT if kind == 2 else T_ANY_REFERENCE, &type) != 0:
        return -1
    return frame_push(c.v, &c.f, type)

cdef int store(Check* c, u32 kind, u32 index) noexcept nogil:
    cdef VType type
    # The handlers see the locals as they are before the instruction, too.
    if c.in_try:
        if check_handlers(c, False) != 0:
            return -1
        c.in_try = False
    if kind == 1 or kind == 3:
        type = T_LONG if kind == 1 else T_DOUBLE
        if frame_pop_two(c.v, &c.f, type) != 0:
            return -1
        return frame_set_two(c.v, &c.f, index, type)
    if frame_pop(c.v, &c.f, T_INT if kind == 0 else T_FLOAT if kind == 2 else T_ANY_REFERENCE, &type) != 0:
        return -1
    return frame_set(c.v, &c.f, index, type)

cdef int wrong_array(Check* c, u8 op, const char* want) noexcept nogil:
    """`want`: an array descriptor, "" for any reference type, NULL for nothing to compare with."""
    cdef Blame b
    cdef char text[48]
    cdef const char* name = b"Bad type on operand stack in "
    cdef u32 length = 0
    cdef Symbol* symbol
    blame(&b, FAULT_WRONG_TYPE, c.f.offset)
    blame_stack(&b.type, c.f.stack_size, &c.f)
    if want != NULL:
        if want[0] == 0:
            blame_type(&b.expected, T_ANY_REFERENCE)
        else:
            symbol = symbol_from(want)
            if symbol == NULL:
                return verify_out_of_memory(c.v)
            blame_type(&b.expected, name_type(symbol))
    while name[0] != 0:
        text[length] = name[0]
        length += 1
        name += 1
    name = opcode_name[op]
    while name[0] != 0 and length < 47:
        text[length] = name[0]
        length += 1
        name += 1
    text[length] = 0
    return fault(c.v, &b, text)

cdef const char* array_of(u32 kind) noexcept nogil:
    """The arrays of iaload … saload, iastore … sastore, in their order."""
    if kind == 0: return b"[I"
    elif kind == 1: return b"[J"
    elif kind == 2: return b"[F"
    elif kind == 3: return b"[D"
    elif kind == 4: return b""
    elif kind == 5: return NULL
    elif kind == 6: return b"[C"
    return b"[S"

cdef bint is_array_for(VType array, u32 kind) noexcept nogil:
    cdef u8 letter
    if array == T_NULL:
        return True
    if not is_array(array):
        return False
    letter = name_of(array).text[1]
    if kind == 4:
        return letter == c'L' or letter == c'['
    if kind == 5:
        return letter == c'B' or letter == c'Z'
    return letter == array_of(kind)[1]

cdef VType element_of(u32 kind) noexcept nogil:
    if kind == 1: return T_LONG
    elif kind == 2: return T_FLOAT
    elif kind == 3: return T_DOUBLE
    return T_INT

cdef int array_load(Check* c, u8 op) noexcept nogil:
    cdef u32 kind = <u32>op - OP_IALOAD
    cdef VType array
    cdef VType type
    if frame_pop(c.v, &c.f, T_INT, NULL) != 0 or frame_pop(c.v, &c.f, T_ANY_REFERENCE, &array) != 0:
        return -1
    if not is_array_for(array, kind):
        return wrong_array(c, op, array_of(kind))
    if kind == 4:
        type = T_NULL
        if array != T_NULL:
            type = verify_component(c.v, array)
            if c.v.failure != FAILURE_NONE:
                return -1
        return frame_push(c.v, &c.f, type)
    type = element_of(kind)
    return frame_push_two(c.v, &c.f, type) if type == T_LONG or type == T_DOUBLE else frame_push(c.v, &c.f, type)

cdef int array_store(Check* c, u8 op) noexcept nogil:
    cdef u32 kind = <u32>op - OP_IASTORE
    cdef VType array
    cdef VType type = element_of(kind)
    if kind == 4:
        type = c.v.object                                        # which it is, the instruction finds out
    if (frame_pop_two(c.v, &c.f, type) if type == T_LONG or type == T_DOUBLE else frame_pop(c.v, &c.f, type, NULL)) != 0:
        return -1
    if frame_pop(c.v, &c.f, T_INT, NULL) != 0 or frame_pop(c.v, &c.f, T_ANY_REFERENCE, &array) != 0:
        return -1
    if not is_array_for(array, kind):
        return wrong_array(c, op, array_of(kind))
    return 0

cdef int push_all(Check* c, VType* types, u32 count) noexcept nogil:
    cdef u32 index
    for index in range(count):
        if frame_push(c.v, &c.f, types[index]) != 0:
            return -1
    return 0

cdef int pop_pair(Check* c, u8 op, VType* upper, VType* lower) noexcept nogil:
    """Two slots: two values of one slot each, or one of two."""
    if frame_pop_any(c.v, &c.f, upper) != 0:
        return -1
    if is_one(upper[0]):
        return frame_pop(c.v, &c.f, T_ANY_ONE, lower)
    if is_two_2(upper[0]):
        return frame_pop(c.v, &c.f, T_ANY_TWO, lower)
    return wrong_array(c, op, NULL)

cdef int stack_instruction(Check* c, u8 op) noexcept nogil:
    """pop … swap (§4.10.1.9).  Names count from the top."""
    cdef VType one, two, three, four
    cdef VType pushed[6]
    if op == OP_POP:
        return frame_pop(c.v, &c.f, T_ANY_ONE, NULL)
    if op == OP_POP2:
        return pop_pair(c, op, &one, &two)
    if op == OP_DUP2 or op == OP_DUP2_X1 or op == OP_DUP2_X2:
        if pop_pair(c, op, &one, &two) != 0:
            return -1
        pushed[0] = two
        pushed[1] = one
        if op == OP_DUP2:
            pushed[2] = two
            pushed[3] = one
            return push_all(c, pushed, 4)
        if op == OP_DUP2_X1:
            if frame_pop(c.v, &c.f, T_ANY_ONE, &three) != 0:
                return -1
            pushed[2] = three
            pushed[3] = two
            pushed[4] = one
            return push_all(c, pushed, 5)
        if pop_pair(c, op, &three, &four) != 0:
            return -1
        pushed[2] = four
        pushed[3] = three
        pushed[4] = two
        pushed[5] = one
        return push_all(c, pushed, 6)
    if frame_pop(c.v, &c.f, T_ANY_ONE, &one) != 0:
        return -1
    pushed[0] = one
    pushed[1] = one
    if op == OP_DUP:
        return push_all(c, pushed, 2)
    if op == OP_DUP_X2:
        if pop_pair(c, op, &two, &three) != 0:
            return -1
        pushed[1] = three
        pushed[2] = two
        pushed[3] = one
        return push_all(c, pushed, 4)
    if frame_pop(c.v, &c.f, T_ANY_ONE, &two) != 0:
        return -1
    pushed[1] = two
    pushed[2] = one
    return push_all(c, pushed, 2 if op == OP_SWAP else 3)

cdef int check_switch(Check* c, u8 op) noexcept nogil:
    cdef Verifier* v = c.v
    cdef u32 pc = <u32>c.f.offset
    cdef u32 at = (pc + 4) & ~<u32>3
    cdef u32 pad
    cdef i64 count, low, high, index
    if v.klass.major_version < 51:
        for pad in range(pc + 1, at):
            if v.code[pad] != 0:
                return fault_code(v, c.f.offset, b"Nonzero padding byte in lookupswitch or tableswitch")
    if frame_pop(v, &c.f, T_INT, NULL) != 0:
        return -1
    if op == OP_TABLESWITCH:
        low = <i32>bytes_u4(v.code + at + 4)                     # low ≤ high, or it would not be an instruction
        high = <i32>bytes_u4(v.code + at + 8)
        count = high - low + 1
    else:
        count = <i32>bytes_u4(v.code + at + 4)
        for index in range(count - 1):
            if <i32>bytes_u4(v.code + at + 8 + 8 * index) >= <i32>bytes_u4(v.code + at + 16 + 8 * index):
                return fault_code(v, c.f.offset, b"Bad lookupswitch instruction")
    if stack_maps_branch(v, &c.maps, &c.f, c.f.offset, <i32>bytes_u4(v.code + at)) != 0:
        return -1
    for index in range(count):
        if stack_maps_branch(v, &c.maps, &c.f, c.f.offset,
                             <i32>bytes_u4(v.code + at + 12 + (4 if op == OP_TABLESWITCH else 8) * index)) != 0:
            return -1
    return 0

cdef int check_return(Check* c, u8 op) noexcept nogil:
    cdef Verifier* v = c.v
    cdef VType type
    cdef VType top
    cdef Blame b
    cdef int fits
    if op == OP_RETURN:
        if c.result != T_TOP:
            return fault_code(v, c.f.offset, b"Method expects a return value")
        if c.f.this_uninitialized and v.method.name == sym.object_init:
            return fault_code(v, c.f.offset, b"Constructor must call super() or this() before return")
        return 0
    type = T_INT if op == OP_IRETURN else T_LONG if op == OP_LRETURN else T_FLOAT if op == OP_FRETURN \
        else T_DOUBLE if op == OP_DRETURN else T_ANY_REFERENCE
    if type == T_LONG or type == T_DOUBLE:
        if frame_pop(v, &c.f, 6 if type == T_LONG else 7, NULL) != 0:
            return -1
    if frame_pop(v, &c.f, type, &top) != 0:
        return -1
    blame(&b, FAULT_WRONG_TYPE, c.f.offset)
    blame_stack(&b.type, c.f.stack_size, &c.f)
    blame_signature(&b.expected, c.result)
    if c.result == T_TOP:
        return fault(v, &b, b"Method does not expect a return value")
    fits = verify_assignable(v, c.result, top, False)
    if fits < 0:
        return -1
    return 0 if fits else fault(v, &b, b"Bad return type")

cdef VType class_operand(Check* c, u32 index) noexcept nogil:
    """The type that a Class entry names; 0 with v.failure set."""
    if check_pool_tag(c, index, CLASS_BIT) != 0:
        return 0
    return name_type(verify_class_name(c.v, index))

cdef int check_new(Check* c) noexcept nogil:
    cdef u32 index = bytes_u2(c.v.code + c.f.offset + 1)
    cdef VType type = class_operand(c, index)
    cdef Blame b
    if type == 0:
        return -1
    if not is_object(type):
        blame(&b, FAULT_WRONG_TYPE, c.f.offset)
        blame_pool(&b.type, index, type)
        return fault(c.v, &b, b"Illegal new instruction")
    return frame_push(c.v, &c.f, uninitialized_at(<u32>c.f.offset))

cdef int check_newarray(Check* c) noexcept nogil:
    cdef u8 code = c.v.code[c.f.offset + 1]
    cdef Symbol* symbol
    cdef const char* letters = b"ZCFDBSIJ"                       # in the order of table 6.5.newarray-A
    cdef char text[3]
    if code < 4 or code > 11:
        return fault_code(c.v, c.f.offset, b"Illegal newarray instruction")
    text[0] = c'['
    text[1] = letters[code - 4]
    text[2] = 0
    if frame_pop(c.v, &c.f, T_INT, NULL) != 0:
        return -1
    symbol = symbol_from(text)
    if symbol == NULL:
        return verify_out_of_memory(c.v)
    return frame_push(c.v, &c.f, name_type(symbol))

cdef u32 dimensions(VType type) noexcept nogil:
    cdef u32 count = 0
    while is_array(type) and count < name_of(type).length and name_of(type).text[count] == c'[':
        count += 1
    return count

cdef int check_anewarray(Check* c) noexcept nogil:
    cdef VType type = class_operand(c, bytes_u2(c.v.code + c.f.offset + 1))
    if type == 0 or frame_pop(c.v, &c.f, T_INT, NULL) != 0:
        return -1
    if dimensions(type) >= MOST_DIMENSIONS:
        return fault_code(c.v, c.f.offset, b"Illegal anewarray instruction, array has more than 255 dimensions")
    type = verify_array_of(c.v, type)
    if type == 0:
        return -1
    return frame_push(c.v, &c.f, type)

cdef int check_multianewarray(Check* c) noexcept nogil:
    cdef u32 index = bytes_u2(c.v.code + c.f.offset + 1)
    cdef u32 count = c.v.code[c.f.offset + 3]
    cdef u32 each
    cdef VType type = class_operand(c, index)
    cdef Blame b
    if type == 0:
        return -1
    if not is_array(type):
        blame(&b, FAULT_WRONG_TYPE, c.f.offset)
        blame_pool(&b.type, index, type)
        return fault(c.v, &b, b"Illegal constant pool index in multianewarray instruction")
    if count < 1 or dimensions(type) < count:
        blame(&b, FAULT_BAD_CODE, c.f.offset)
        return fault_number(c.v, &b, b"Illegal dimension in multianewarray instruction: ", <i32>count)
    for each in range(count):
        if frame_pop(c.v, &c.f, T_INT, NULL) != 0:
            return -1
    return frame_push(c.v, &c.f, type)

cdef int check_cast(Check* c, u8 op) noexcept nogil:
    """checkcast, instanceof."""
    cdef VType type = class_operand(c, bytes_u2(c.v.code + c.f.offset + 1))
    if type == 0 or frame_pop(c.v, &c.f, c.v.object, NULL) != 0:
        return -1
    return frame_push(c.v, &c.f, type if op == OP_CHECKCAST else T_INT)

cdef int check_length(Check* c) noexcept nogil:
    cdef VType type
    if frame_pop(c.v, &c.f, T_ANY_REFERENCE, &type) != 0:
        return -1
    if type != T_NULL and not is_array(type):
        return wrong_array(c, OP_ARRAYLENGTH, NULL)
    return frame_push(c.v, &c.f, T_INT)

cdef int check_branch(Check* c, u8 op) noexcept nogil:
    cdef Verifier* v = c.v
    cdef i32 distance
    if op >= OP_IF_ICMPEQ and op <= OP_IF_ICMPLE or op >= OP_IFEQ and op <= OP_IFLE:
        if op >= OP_IF_ICMPEQ and frame_pop(v, &c.f, T_INT, NULL) != 0 or frame_pop(v, &c.f, T_INT, NULL) != 0:
            return -1
    elif op != OP_GOTO and op != OP_GOTO_W:
        if (op == OP_IF_ACMPEQ or op == OP_IF_ACMPNE) and frame_pop(v, &c.f, T_ANY_REFERENCE, NULL) != 0:
            return -1
        if frame_pop(v, &c.f, T_ANY_REFERENCE, NULL) != 0:
            return -1
    distance = <i32>bytes_u4(v.code + c.f.offset + 1) if op == OP_GOTO_W else <short>bytes_u2(v.code + c.f.offset + 1)
    return stack_maps_branch(v, &c.maps, &c.f, c.f.offset, distance)

cdef int check_wide(Check* c) noexcept nogil:
    cdef u8 op = c.v.code[c.f.offset + 1]
    cdef u32 index = bytes_u2(c.v.code + c.f.offset + 2)
    cdef Blame b
    if op >= OP_ILOAD and op <= OP_ALOAD:
        return load(c, <u32>op - OP_ILOAD, index)
    if op >= OP_ISTORE and op <= OP_ASTORE:
        return store(c, <u32>op - OP_ISTORE, index)
    if op == OP_IINC:
        return frame_get(c.v, &c.f, index, T_INT, NULL)
    blame(&b, FAULT_BAD_CODE, c.f.offset)
    return fault_hex(c.v, &b, b"Bad instruction: ", op)

cdef int check_instruction(Check* c, u8 op, bint* ends) noexcept nogil:
    """*ends: the next instruction does not follow."""
    cdef const u8* at = c.v.code + c.f.offset
    cdef u32 number
    cdef Blame b
    if opcode_effect[op][0] != 0:
        return apply(c, opcode_effect[op])
    if op >= OP_ILOAD and op <= OP_ALOAD:
        return load(c, <u32>op - OP_ILOAD, at[1])
    if op >= OP_ILOAD_0 and op <= OP_ALOAD_3:
        number = <u32>op - OP_ILOAD_0
        return load(c, number >> 2, number & 3)
    if op >= OP_ISTORE and op <= OP_ASTORE:
        return store(c, <u32>op - OP_ISTORE, at[1])
    if op >= OP_ISTORE_0 and op <= OP_ASTORE_3:
        number = <u32>op - OP_ISTORE_0
        return store(c, number >> 2, number & 3)
    if op == OP_ACONST_NULL:
        return frame_push(c.v, &c.f, T_NULL)
    if op == OP_LDC:
        return check_constant(c, op, at[1])
    if op == OP_LDC_W or op == OP_LDC2_W:
        return check_constant(c, op, bytes_u2(at + 1))
    if op >= OP_IALOAD and op <= OP_SALOAD:
        return array_load(c, op)
    if op >= OP_IASTORE and op <= OP_SASTORE:
        return array_store(c, op)
    if op >= OP_POP and op <= OP_SWAP:
        return stack_instruction(c, op)
    if op == OP_IINC:
        return frame_get(c.v, &c.f, at[1], T_INT, NULL)
    if (op >= OP_IFEQ and op <= OP_GOTO) or op == OP_IFNULL or op == OP_IFNONNULL or op == OP_GOTO_W:
        ends[0] = op == OP_GOTO or op == OP_GOTO_W
        return check_branch(c, op)
    if op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH:
        ends[0] = True
        return check_switch(c, op)
    if op >= OP_IRETURN and op <= OP_RETURN:
        ends[0] = True
        return check_return(c, op)
    if op >= OP_GETSTATIC and op <= OP_PUTFIELD:
        return check_field(c, op)
    if op >= OP_INVOKEVIRTUAL and op <= OP_INVOKEDYNAMIC:
        return check_invoke(c, op)
    if op == OP_NEW: return check_new(c)
    elif op == OP_NEWARRAY: return check_newarray(c)
    elif op == OP_ANEWARRAY: return check_anewarray(c)
    elif op == OP_MULTIANEWARRAY: return check_multianewarray(c)
    elif op == OP_ARRAYLENGTH: return check_length(c)
    elif op == OP_CHECKCAST or op == OP_INSTANCEOF: return check_cast(c, op)
    elif op == OP_MONITORENTER or op == OP_MONITOREXIT: return frame_pop(c.v, &c.f, T_ANY_REFERENCE, NULL)
    elif op == OP_WIDE: return check_wide(c)
    if op == OP_ATHROW:
        ends[0] = True
        return frame_pop(c.v, &c.f, c.v.throwable, NULL)
    blame(&b, FAULT_BAD_CODE, c.f.offset)                        # jsr, ret (§4.9.1), and what is not in class files
    return fault_hex(c.v, &b, b"Bad instruction: ", op)

# --- a method ----------------------------------------------------------------------------------------
cdef int enter(Check* c) noexcept nogil:
    """The frame on entry (§4.10.1.6)."""
    cdef Verifier* v = c.v
    cdef Signature* s = verify_signature(v, v.method.descriptor)
    cdef u32 at = 0
    cdef u32 slot
    if s == NULL:
        return -1
    c.f.offset = 0
    c.f.this_uninitialized = 0
    c.f.max_locals = v.method.max_locals
    c.f.max_stack = v.method.max_stack
    c.f.stack_size = c.f.mark = 0
    c.f.locals = <VType*>arena_alloc(&v.arena, (<u32>c.f.max_locals + c.f.max_stack + 2) * sizeof(VType))
    if c.f.locals == NULL:
        return verify_out_of_memory(v)
    c.f.stack = c.f.locals + c.f.max_locals + 1
    if not v.method.access_flags & ACC_STATIC:
        c.f.locals[0] = v.self
        if v.method.name == sym.object_init and v.self != v.object:
            c.f.locals[0] = T_UNINITIALIZED_THIS
            c.f.this_uninitialized = 1
        at = 1
    for slot in range(s.slots):
        c.f.locals[at + slot] = s.types[slot]                    # the parser saw to it that they fit
    c.f.locals_size = <u16>(at + s.slots)
    c.result = s.result
    return 0

cdef int check_variables(Verifier* v) noexcept nogil:
    """Ranges of the LocalVariableTable (§4.7.13) are instructions' places, as the host wants it."""
    cdef u32 size, count, index, start, length
    cdef const u8* at = find_attribute(v.klass, v.method.code_attributes, b"LocalVariableTable", &size)
    if at == NULL or size < 2:
        return 0
    count = bytes_u2(at)
    if size < 2 + 10 * count:
        return 0
    for index in range(count):
        start = bytes_u2(at + 2 + 10 * index)
        length = bytes_u2(at + 4 + 10 * index)
        if not starts(v, start):
            return fault_format(v, b"Illegal local variable table start_pc ", <i32>start)
        if start + length != v.length and not starts(v, start + length):
            return fault_format(v, b"Illegal local variable table length ", <i32>length)
    return 0

cdef int meet_stack_map(Check* c, u32* next_map, bint unreached) noexcept nogil:
    """The stack map frame of this instruction, if it has one, becomes the current frame."""
    cdef Verifier* v = c.v
    cdef TypeFrame* map
    cdef Blame b
    cdef int fits
    if next_map[0] >= c.maps.count:
        return fault_code(v, c.f.offset, b"Expecting a stack map frame") if unreached else 0
    map = &c.maps.frames[next_map[0]]
    if map.offset > c.f.offset:
        if unreached:
            blame(&b, FAULT_NO_STACK_MAP, c.f.offset)
            return fault(v, &b, b"Expecting a stack map frame")
        return 0
    if not unreached:
        fits = stack_maps_match(v, &c.f, map, &b)
        if fits < 0:
            return -1
        if not fits:
            return fault(v, &b, b"Instruction type does not match stack map")
    frame_copy(&c.f, map)
    c.f.mark = c.f.stack_size
    next_map[0] += 1
    return 0

cdef public int check_method(Verifier* v) noexcept nogil:
    cdef Check c
    cdef u32 low, high
    cdef u32 pc = 0
    cdef u32 next_map = 0
    cdef bint ends = False
    cdef bint covered
    cdef u8 op
    c.v = v
    if enter(&c) != 0 or mark_instructions(v) != 0 or check_handler_table(v, &low, &high) != 0 \
            or check_variables(v) != 0 or stack_maps_read(v, &c.f, &c.maps) != 0:
        return -1
    while pc < v.length:
        c.f.offset = <i32>pc
        c.f.mark = c.f.stack_size
        if (next_map < c.maps.count or ends) and meet_stack_map(&c, &next_map, ends) != 0:
            return -1
        ends = False
        op = v.code[pc]
        c.in_try = covered = pc >= low and pc < high
        c.this_initialized = False
        if check_instruction(&c, op, &ends) != 0:
            return -1
        # A store has looked at the handlers already, and says so in in_try.
        if covered and c.in_try and check_handlers(&c, c.this_initialized) != 0:
            return -1
        pc += length_at(v, pc)
    if not ends:
        return fault_code(v, <i32>v.length, b"Control flow falls through code end")
    return 0
