# See inference.pxd.  States and how they spread are in flow.pyx; format checks in old_format.pyx.
#
# Invariant: instructions are interpreted in the order of their offsets, again and again while there are
# states that have changed: so the first fault found is the host JVM's.
from kernel.types cimport u8, u16, u32, i32
from kernel.diagnostics.format cimport Text, text_init, text_string, text_unsigned
from kernel.memory.arena cimport arena_alloc
from jvm.interpreter.opcodes cimport *
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.classes cimport (
    ACC_STATIC, CLASS_LOADED, CONSTANT_Class, CONSTANT_Double, CONSTANT_Float, CONSTANT_Integer, CONSTANT_Long,
    CONSTANT_String, Class, Handler, Method, Symbol)
from jvm.loader.loader cimport class_find_declared_field
from jvm.loader.symbols cimport symbol_from
from jvm.loader.wellknown cimport sym
from jvm.verifier.flow cimport (Flow, State, flow_begin, flow_call, flow_handlers, flow_return, flow_set, flow_take, flow_to)
from jvm.verifier.instructions cimport opcode_effect
from jvm.verifier.merge cimport merge_assignable
from jvm.verifier.old_format cimport old_fault, old_fault_number, old_fault_pair, old_format, old_length
from jvm.verifier.types cimport (
    FAILURE_NONE, Signature, T_ADDRESS, T_DOUBLE, T_DOUBLE_2, T_FLOAT, T_INT, T_LONG, T_LONG_2, T_NULL, T_TOP,
    T_UNINITIALIZED_THIS, VType, Verifier, is_array, is_name, is_reference, is_two, is_two_2, is_uninitialized,
    name_of, name_type, second_of, uninitialized_at, verify_array_of, verify_class_name, verify_component,
    verify_descriptor_type, verify_load, verify_member, verify_named_above, verify_out_of_memory,
    verify_protected_field, verify_protected_method, verify_select, verify_signature, verify_tag)

cdef enum Allowed:                       # besides initialized references
    ALLOW_UNINITIALIZED = 1
    ALLOW_ADDRESS = 2

# --- operand stack -----------------------------------------------------------------------------------
cdef int push(Flow* f, VType type) noexcept nogil:
    cdef u32 slots = 2 if is_two(type) else 1
    if f.stack_size + slots > f.v.method.max_stack:
        return old_fault(f.v, b"Stack size too large")
    f.stack[f.stack_size] = type
    if slots == 2:
        f.stack[f.stack_size + 1] = second_of(type)
    f.stack_size += slots
    return 0

cdef int pop_slot(Flow* f, VType* type) noexcept nogil:
    if f.stack_size == 0:
        return old_fault(f.v, b"Unable to pop operand off an empty stack")
    f.stack_size -= 1
    type[0] = f.stack[f.stack_size]
    return 0

cdef int pop_number(Flow* f, VType want) noexcept nogil:
    cdef VType type
    if pop_slot(f, &type) != 0:
        return -1
    if want == T_INT:
        return 0 if type == T_INT else old_fault(f.v, b"Expecting to find integer on stack")
    if want == T_FLOAT:
        return 0 if type == T_FLOAT else old_fault(f.v, b"Expecting to find float on stack")
    if type != second_of(want):
        return old_fault(f.v, b"Expecting to find long on stack" if want == T_LONG
                         else b"Expecting to find double on stack")
    f.stack_size -= 1                    # the first slot is under the second: they come and go together
    return 0

cdef int pop_reference(Flow* f, u32 allowed, VType* type) noexcept nogil:
    if pop_slot(f, type) != 0:
        return -1
    if is_reference(type[0]) or (allowed & ALLOW_UNINITIALIZED and is_uninitialized(type[0])) \
            or (allowed & ALLOW_ADDRESS and type[0] & 0xFF == T_ADDRESS and not is_name(type[0])):
        return 0
    return old_fault(f.v, b"Expecting to find object/array on stack")

cdef int pop_type(Flow* f, VType want, VType* got) noexcept nogil:
    """A value of a descriptor's type; of references only that it is one."""
    if is_name(want):
        return pop_reference(f, 0, got)
    return pop_number(f, T_INT if want >= 8 and want <= 11 else want)        # T_BOOLEAN … T_SHORT

cdef VType letter_type(u8 letter) noexcept nogil:
    if letter == c'I': return T_INT
    elif letter == c'J': return T_LONG
    elif letter == c'F': return T_FLOAT
    return T_DOUBLE

cdef int apply(Flow* f, const char* effect) noexcept nogil:
    cdef u32 middle = 0
    cdef u32 at
    while effect[middle] != c'>':
        middle += 1
    at = middle
    while at > 0:
        at -= 1
        if pop_number(f, letter_type(effect[at])) != 0:
            return -1
    return push(f, letter_type(effect[middle + 1])) if effect[middle + 1] != 0 else 0

cdef int split(Flow* f) noexcept nogil:
    return old_fault(f.v, b"Attempt to split long or double on the stack")

cdef int pop_one(Flow* f, VType* type) noexcept nogil:
    if pop_slot(f, type) != 0:
        return -1
    return split(f) if is_two_2(type[0]) else 0

cdef int pop_pair(Flow* f, VType* upper, VType* lower) noexcept nogil:
    if pop_slot(f, upper) != 0:
        return -1
    if is_two_2(upper[0]):
        return pop_slot(f, lower)
    return pop_one(f, lower)

cdef int push_slots(Flow* f, VType* types, u32 count) noexcept nogil:
    cdef u32 index
    if f.stack_size + count > f.v.method.max_stack:
        return old_fault(f.v, b"Stack size too large")
    for index in range(count):
        f.stack[f.stack_size + index] = types[index]
    f.stack_size += count
    return 0

cdef int stack_instruction(Flow* f, u8 op) noexcept nogil:
    cdef VType one, two, three, four
    cdef VType pushed[6]
    if op == OP_POP2 or op == OP_DUP2 or op == OP_DUP2_X1 or op == OP_DUP2_X2:
        if pop_pair(f, &one, &two) != 0:
            return -1
        if op == OP_POP2:
            return 0
        pushed[0] = two
        pushed[1] = one
        pushed[2] = two
        pushed[3] = one
        if op == OP_DUP2:
            return push_slots(f, pushed, 4)
        if op == OP_DUP2_X1:
            if pop_one(f, &three) != 0:
                return -1
            pushed[2] = three
            pushed[3] = two
            pushed[4] = one
            return push_slots(f, pushed, 5)
        if pop_pair(f, &three, &four) != 0:
            return -1
        pushed[2] = four
        pushed[3] = three
        pushed[4] = two
        pushed[5] = one
        return push_slots(f, pushed, 6)
    if pop_one(f, &one) != 0:
        return -1
    if op == OP_POP:
        return 0
    pushed[0] = one
    pushed[1] = one
    if op == OP_DUP:
        return push_slots(f, pushed, 2)
    if op == OP_DUP_X2:
        if pop_pair(f, &two, &three) != 0:
            return -1
        pushed[1] = three
        pushed[2] = two
        pushed[3] = one
        return push_slots(f, pushed, 4)
    if pop_one(f, &two) != 0:
        return -1
    pushed[1] = two
    pushed[2] = one
    return push_slots(f, pushed, 2 if op == OP_SWAP else 3)

# --- local variables ---------------------------------------------------------------------------------
cdef int check_local(Flow* f, u32 index, VType want) noexcept nogil:
    """What a load, iinc or ret finds in its local; T_NULL: any reference, T_ADDRESS: a return address."""
    cdef VType type
    if is_two(want):
        if index + 1 >= f.locals_size:
            return old_fault_pair(f.v, b"Accessing value from uninitialized register pair ", <i32>index, b"/", <i32>index + 1)
        if f.locals[index] != want or f.locals[index + 1] != second_of(want):
            return wrong_type(f, index, True)
        return 0
    if index >= f.locals_size:
        return old_fault_number(f.v, b"Accessing value from uninitialized register ", <i32>index)
    type = f.locals[index]
    if want == T_NULL:
        if is_reference(type) or is_uninitialized(type):
            return 0
    elif type == want or (want == T_ADDRESS and not is_name(type) and type & 0xFF == T_ADDRESS):
        return 0
    if not is_name(type) and type & 0xFF == T_ADDRESS:
        return old_fault_number(f.v, b"Cannot load return address from register ", <i32>index)
    return wrong_type(f, index, False)

cdef int wrong_type(Flow* f, u32 index, bint pair) noexcept nogil:
    cdef char buffer[64]
    cdef Text x
    text_init(&x, buffer, sizeof(buffer))
    text_string(&x, b"Register pair " if pair else b"Register ")
    text_unsigned(&x, index)
    if pair:
        text_string(&x, b"/")
        text_unsigned(&x, index + 1)
    text_string(&x, b" contains wrong type")
    return old_fault(f.v, buffer)

cdef VType kind_type(u32 kind) noexcept nogil:
    """By the order of iload, lload, fload, dload, aload."""
    if kind == 0: return T_INT
    elif kind == 1: return T_LONG
    elif kind == 2: return T_FLOAT
    elif kind == 3: return T_DOUBLE
    return T_NULL

cdef int load(Flow* f, u32 kind, u32 index) noexcept nogil:
    cdef VType type = kind_type(kind)
    if check_local(f, index, type) != 0:
        return -1
    return push(f, f.locals[index] if type == T_NULL else type)

cdef int store(Flow* f, u32 kind, u32 index) noexcept nogil:
    cdef VType type = kind_type(kind)
    if type == T_NULL:
        if pop_reference(f, ALLOW_UNINITIALIZED | ALLOW_ADDRESS, &type) != 0:
            return -1
    elif pop_number(f, type) != 0:
        return -1
    # Half of a long or double that is overwritten takes the other half along.
    if index > 0 and index < f.locals_size and is_two_2(f.locals[index]) and flow_set(f, index - 1, T_TOP) != 0:
        return -1
    if is_two(type) and index + 1 < f.locals_size and is_two(f.locals[index + 1]) and flow_set(f, index + 2, T_TOP) != 0:
        return -1
    if not is_two(type) and index < f.locals_size and is_two(f.locals[index]) and flow_set(f, index + 1, T_TOP) != 0:
        return -1
    if flow_set(f, index, type) != 0:
        return -1
    return flow_set(f, index + 1, second_of(type)) if is_two(type) else 0

# --- arrays ------------------------------------------------------------------------------------------
cdef int wrong_array(Flow* f, u32 kind) noexcept nogil:
    if kind == 0: return old_fault(f.v, b"Expecting to find array of ints on stack")
    elif kind == 1: return old_fault(f.v, b"Expecting to find array of longs on stack")
    elif kind == 2: return old_fault(f.v, b"Expecting to find array of floats on stack")
    elif kind == 3: return old_fault(f.v, b"Expecting to find array of doubles on stack")
    elif kind == 4: return old_fault(f.v, b"Expecting to find array of objects or arrays on stack")
    elif kind == 5: return old_fault(f.v, b"Expecting to find array of bytes or Booleans on stack")
    elif kind == 6: return old_fault(f.v, b"Expecting to find array of chars on stack")
    return old_fault(f.v, b"Expecting to find array of shorts on stack")

cdef int pop_array(Flow* f, u32 kind, VType* array) noexcept nogil:
    cdef const char* letters = b"IJFD.BCS"                       # by the order of iaload … saload
    cdef u8 letter
    if pop_slot(f, array) != 0:
        return -1
    if array[0] == T_NULL:
        return 0
    if not is_array(array[0]):
        return wrong_array(f, kind)
    letter = name_of(array[0]).text[1]
    if letter == letters[kind] or (kind == 5 and letter == c'Z') or (kind == 4 and (letter == c'L' or letter == c'[')):
        return 0
    return wrong_array(f, kind)

cdef int array_load(Flow* f, u8 op) noexcept nogil:
    cdef u32 kind = <u32>op - OP_IALOAD
    cdef VType array
    if pop_number(f, T_INT) != 0 or pop_array(f, kind, &array) != 0:
        return -1
    if kind != 4:
        return push(f, kind_type(kind) if kind < 4 else T_INT)
    if array != T_NULL:
        array = verify_component(f.v, array)
        if f.v.failure != FAILURE_NONE:
            return -1
    return push(f, array)

cdef int array_store(Flow* f, u8 op) noexcept nogil:
    cdef u32 kind = <u32>op - OP_IASTORE
    cdef VType type
    if kind == 4:
        if pop_reference(f, 0, &type) != 0:
            return -1
    elif pop_number(f, kind_type(kind) if kind < 4 else T_INT) != 0:
        return -1
    if pop_number(f, T_INT) != 0:
        return -1
    return pop_array(f, kind, &type)

# --- fields and calls --------------------------------------------------------------------------------
cdef int require(Flow* f, VType type, VType to, const char* text) noexcept nogil:
    cdef int fits = merge_assignable(f.v, type, to)
    if fits < 0:
        return -1
    return 0 if fits else old_fault(f.v, text)

cdef int is_protected(Flow* f, Symbol* owner, Symbol* name, Symbol* descriptor, bint method) noexcept nogil:
    """§4.10.1.8: 1, 0, -1."""
    cdef Class* target
    if not verify_named_above(f.v.klass, owner):
        return 0
    target = verify_load(f.v, owner)
    if target == NULL:
        return -1
    return verify_protected_method(f.v.klass, target, name, descriptor) if method \
        else verify_protected_field(f.v.klass, target, name, descriptor)

cdef int field(Flow* f, u8 op) noexcept nogil:
    cdef Verifier* v = f.v
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef VType type
    cdef VType value = T_NULL
    cdef VType object = T_NULL
    cdef bint put = op == OP_PUTFIELD or op == OP_PUTSTATIC
    cdef bint own
    cdef int guarded
    if verify_member(v, bytes_u2(v.code + f.pc + 1), &owner, &name, &descriptor) != 0:
        return -1
    type = verify_descriptor_type(v, descriptor.text, descriptor.length)
    if v.failure != FAILURE_NONE:
        return -1
    if put and pop_type(f, type, &value) != 0:
        return -1
    if op == OP_GETFIELD or op == OP_PUTFIELD:
        # A constructor may fill fields of its own class before it calls another.
        own = put and f.stack_size > 0 and f.stack[f.stack_size - 1] == T_UNINITIALIZED_THIS and owner == v.klass.name \
            and class_find_declared_field(v.klass, name, descriptor) != NULL
        if pop_reference(f, ALLOW_UNINITIALIZED if own else 0, &object) != 0:
            return -1
        if own:
            object = v.self
        if require(f, object, name_type(owner), b"Incompatible type for getting or setting field") != 0:
            return -1
        guarded = is_protected(f, owner, name, descriptor, False)
        if guarded < 0 or (guarded and require(f, object, v.self, b"Bad access to protected data") != 0):
            return -1
    if put:
        return require(f, value, type, b"Bad type in putfield/putstatic") if is_name(type) else 0
    return push(f, T_INT if type >= 8 and type <= 11 else type)              # T_BOOLEAN … T_SHORT

cdef void initialize(Flow* f, VType before, VType after) noexcept nogil:
    cdef u32 index
    for index in range(f.locals_size):
        if f.locals[index] == before:
            f.locals[index] = after
            f.dirty = 1
    for index in range(f.stack_size):
        if f.stack[index] == before:
            f.stack[index] = after

cdef int constructor(Flow* f, VType owner, Symbol* descriptor, VType object) noexcept nogil:
    cdef Verifier* v = f.v
    cdef VType made
    cdef int guarded
    f.initializes = 1
    if object == T_UNINITIALIZED_THIS:
        if owner != v.self and (v.klass.super_class == NULL or owner != name_type(v.klass.super_class.name)):
            return old_fault(v, b"Call to wrong initialization method")
        f.constructed = 1
        initialize(f, object, v.self)
        return 0
    made = name_type(verify_class_name(v, bytes_u2(v.code + (object >> 8) + 1)))
    if made == 0:
        return -1
    if made != owner:
        return old_fault(v, b"Call to wrong initialization method")
    guarded = is_protected(f, name_of(owner), sym.object_init, descriptor, True)
    if guarded != 0:                     # what is made is a superclass: never the class itself
        return old_fault(v, b"Bad access to protected data") if guarded > 0 else -1
    initialize(f, object, made)
    return 0

cdef int invoke(Flow* f, u8 op) noexcept nogil:
    cdef Verifier* v = f.v
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef Signature* s
    cdef VType object = T_NULL
    cdef VType type
    cdef u32 slot, base
    cdef int guarded
    if verify_member(v, bytes_u2(v.code + f.pc + 1), &owner, &name, &descriptor) != 0:
        return -1
    s = verify_signature(v, descriptor)
    if s == NULL:
        return -1
    slot = s.slots
    while slot > 0:
        slot -= 1
        if is_two_2(s.types[slot]):
            slot -= 1
        if pop_type(f, s.types[slot], &type) != 0:
            return -1
    base = f.stack_size                  # the arguments lie above: popping leaves them there
    if op != OP_INVOKESTATIC:
        if name == sym.object_init:
            if pop_slot(f, &object) != 0:
                return -1
            if not is_uninitialized(object):
                return old_fault(v, b"Expecting to find uninitialized object on stack")
            if constructor(f, name_type(owner), descriptor, object) != 0:
                return -1
        else:
            if pop_reference(f, 0, &object) != 0 \
                    or require(f, object, name_type(owner), b"Incompatible object argument for function call") != 0:
                return -1
            if op == OP_INVOKESPECIAL and require(f, object, v.self, b"Incompatible object argument for invokespecial") != 0:
                return -1
            if op != OP_INVOKEINTERFACE and not (owner == sym.java_lang_Object and is_array(object) and name == sym.clone):
                guarded = is_protected(f, owner, name, descriptor, True)
                if guarded < 0 or (guarded and require(f, object, v.self, b"Bad access to protected data") != 0):
                    return -1
    for slot in range(s.slots):
        if is_name(s.types[slot]) \
                and require(f, f.stack[base + slot], s.types[slot], b"Incompatible argument to function") != 0:
            return -1
    if s.results == 0:
        return 0
    return push(f, s.types[s.slots])

# --- other instructions ------------------------------------------------------------------------------
cdef int constant(Flow* f, u32 index) noexcept nogil:
    cdef u8 tag = verify_tag(f.v, index)
    if tag == CONSTANT_Integer: return push(f, T_INT)
    elif tag == CONSTANT_Float: return push(f, T_FLOAT)
    elif tag == CONSTANT_Long: return push(f, T_LONG)
    elif tag == CONSTANT_Double: return push(f, T_DOUBLE)
    elif tag == CONSTANT_String: return push(f, f.v.string)
    return push(f, f.v.class_type)

cdef int create(Flow* f) noexcept nogil:
    cdef VType type = uninitialized_at(f.pc)
    cdef u32 index
    for index in range(f.stack_size):
        if f.stack[index] == type:
            return old_fault(f.v, b"Uninitialized object on stack at creating point")
    for index in range(f.locals_size):
        if f.locals[index] == type:
            f.locals[index] = T_TOP
            f.dirty = 1
    return push(f, type)

cdef int array_new(Flow* f, u8 op) noexcept nogil:
    cdef Verifier* v = f.v
    cdef const char* letters = b"ZCFDBSIJ"                       # table 6.5.newarray-A, from 4
    cdef char text[3]
    cdef VType type
    cdef u32 count = v.code[f.pc + 3] if op == OP_MULTIANEWARRAY else 1
    if op == OP_NEWARRAY:
        text[0] = c'['
        text[1] = letters[v.code[f.pc + 1] - 4]
        text[2] = 0
        type = name_type(symbol_from(text))
        if type == 0:
            return verify_out_of_memory(v)
    else:
        type = name_type(verify_class_name(v, bytes_u2(v.code + f.pc + 1)))
        if type != 0 and op == OP_ANEWARRAY:
            type = verify_array_of(v, type)
        if type == 0:
            return -1
    while count > 0:
        if pop_number(f, T_INT) != 0:
            return -1
        count -= 1
    return push(f, type)

cdef int cast(Flow* f, u8 op) noexcept nogil:
    cdef VType type
    if pop_reference(f, 0, &type) != 0:
        return -1
    if op == OP_INSTANCEOF:
        return push(f, T_INT)
    type = name_type(verify_class_name(f.v, bytes_u2(f.v.code + f.pc + 1)))
    return push(f, type) if type != 0 else -1

cdef int leave(Flow* f, u8 op) noexcept nogil:
    """ireturn … return."""
    cdef VType type = kind_type(<u32>op - OP_IRETURN)
    cdef bint fits
    if op == OP_RETURN:
        if f.result != T_TOP:
            return old_fault(f.v, b"Wrong return type in function")
        return 0 if f.constructed else old_fault(f.v, b"Constructor must call super() or this()")
    if type == T_NULL:
        if pop_reference(f, 0, &type) != 0:
            return -1
        if not is_name(f.result):
            return old_fault(f.v, b"Wrong return type in function")
        return require(f, type, f.result, b"Wrong return type in function")
    if pop_number(f, type) != 0:
        return -1
    fits = f.result == type or (type == T_INT and f.result >= 8 and f.result <= 11)          # T_BOOLEAN … T_SHORT
    return 0 if fits else old_fault(f.v, b"Wrong return type in function")

cdef int branch_operands(Flow* f, u8 op) noexcept nogil:
    cdef VType type
    if op >= OP_IF_ICMPEQ and op <= OP_IF_ICMPLE and pop_number(f, T_INT) != 0:
        return -1
    if op >= OP_IFEQ and op <= OP_IF_ICMPLE:
        return pop_number(f, T_INT)
    if op == OP_IF_ACMPEQ or op == OP_IF_ACMPNE:
        return -1 if pop_reference(f, 0, &type) != 0 else pop_reference(f, 0, &type)
    return pop_reference(f, ALLOW_UNINITIALIZED, &type)          # ifnull, ifnonnull

cdef int interpret(Flow* f, u8 op) noexcept nogil:
    """The instruction's effect on locals and stack."""
    cdef const u8* at = f.v.code + f.pc
    cdef u32 number
    cdef VType type
    if opcode_effect[op][0] != 0:
        return apply(f, opcode_effect[op])
    if op == OP_WIDE:
        op = at[1]
        number = bytes_u2(at + 2)
    else:
        number = at[1] if f.pc + 1 < f.v.length else 0
    if op >= OP_ILOAD and op <= OP_ALOAD:
        return load(f, <u32>op - OP_ILOAD, number)
    if op >= OP_ISTORE and op <= OP_ASTORE:
        return store(f, <u32>op - OP_ISTORE, number)
    if op == OP_IINC:
        return check_local(f, number, T_INT)
    if op == OP_RET:
        return check_local(f, number, T_ADDRESS)
    if op >= OP_ILOAD_0 and op <= OP_ALOAD_3:
        number = <u32>op - OP_ILOAD_0
        return load(f, number >> 2, number & 3)
    if op >= OP_ISTORE_0 and op <= OP_ASTORE_3:
        number = <u32>op - OP_ISTORE_0
        return store(f, number >> 2, number & 3)
    if op >= OP_POP and op <= OP_SWAP: return stack_instruction(f, op)
    elif op >= OP_IALOAD and op <= OP_SALOAD: return array_load(f, op)
    elif op >= OP_IASTORE and op <= OP_SASTORE: return array_store(f, op)
    elif op >= OP_GETSTATIC and op <= OP_PUTFIELD: return field(f, op)
    elif op >= OP_INVOKEVIRTUAL and op <= OP_INVOKEINTERFACE: return invoke(f, op)
    elif op >= OP_IRETURN and op <= OP_RETURN: return leave(f, op)
    elif op == OP_ACONST_NULL: return push(f, T_NULL)
    elif op == OP_LDC: return constant(f, at[1])
    elif op == OP_LDC_W or op == OP_LDC2_W: return constant(f, bytes_u2(at + 1))
    elif op == OP_NEW: return create(f)
    elif op == OP_NEWARRAY or op == OP_ANEWARRAY or op == OP_MULTIANEWARRAY: return array_new(f, op)
    elif op == OP_CHECKCAST or op == OP_INSTANCEOF: return cast(f, op)
    elif op == OP_MONITORENTER or op == OP_MONITOREXIT: return pop_reference(f, 0, &type)
    elif op == OP_GOTO or op == OP_GOTO_W: return 0
    elif op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH: return pop_number(f, T_INT)
    if op == OP_JSR or op == OP_JSR_W:
        number = f.pc + (<i32><short>bytes_u2(at + 1) if op == OP_JSR else <i32>bytes_u4(at + 1))
        return push(f, (<VType>number << 8) | T_ADDRESS)
    if op == OP_ARRAYLENGTH:
        if pop_slot(f, &type) != 0:
            return -1
        return push(f, T_INT) if type == T_NULL or is_array(type) else old_fault(f.v, b"Expecting to find array on stack")
    if op == OP_ATHROW:
        if pop_reference(f, 0, &type) != 0:
            return -1
        return require(f, type, f.v.throwable, b"Can only throw Throwable objects")
    return branch_operands(f, op)

cdef int follow_switch(Flow* f, u8 op) noexcept nogil:
    cdef const u8* code = f.v.code
    cdef u32 at = (f.pc + 4) & ~<u32>3
    cdef u32 count, index
    cdef u32 stride = 4 if op == OP_TABLESWITCH else 8
    count = bytes_u4(code + at + 8) - bytes_u4(code + at + 4) + 1 if op == OP_TABLESWITCH else bytes_u4(code + at + 4)
    for index in range(count):
        if flow_to(f, <i32>(f.pc + bytes_u4(code + at + 12 + stride * index))) != 0:
            return -1
    return flow_to(f, <i32>(f.pc + bytes_u4(code + at)))

cdef int follow(Flow* f, u8 op) noexcept nogil:
    """To handlers and to whatever comes next."""
    cdef const u8* at = f.v.code + f.pc
    cdef u32 index
    if flow_handlers(f) != 0:
        return -1
    if (op >= OP_IRETURN and op <= OP_RETURN) or op == OP_ATHROW:
        return 0
    if op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH:
        return follow_switch(f, op)
    if op == OP_GOTO: return flow_to(f, <i32>f.pc + <short>bytes_u2(at + 1))
    elif op == OP_GOTO_W: return flow_to(f, <i32>(f.pc + bytes_u4(at + 1)))
    elif op == OP_JSR: return flow_call(f, f.pc + <i32><short>bytes_u2(at + 1))
    elif op == OP_JSR_W: return flow_call(f, f.pc + bytes_u4(at + 1))
    if op == OP_RET or (op == OP_WIDE and at[1] == OP_RET):
        index = at[1] if op == OP_RET else bytes_u2(at + 2)
        return flow_return(f, f.locals[index])
    if flow_to(f, <i32>(f.pc + old_length(f.v, f.pc))) != 0:
        return -1
    if (op >= OP_IFEQ and op <= OP_IF_ACMPNE) or op == OP_IFNULL or op == OP_IFNONNULL:
        return flow_to(f, <i32>f.pc + <short>bytes_u2(at + 1))
    return 0

# --- methods -----------------------------------------------------------------------------------------
cdef int check_catch_types(Verifier* v) noexcept nogil:
    cdef u32 index
    cdef VType type
    cdef int fits
    for index in range(v.method.handler_count):
        if v.method.handlers[index].catch_type == 0:
            continue
        type = name_type(verify_class_name(v, v.method.handlers[index].catch_type))
        if type == 0:
            return -1
        fits = merge_assignable(v, type, v.throwable)
        if fits < 0:
            return -1
        if not fits:
            return old_fault(v, b"catch_type not a subclass of Throwable")
    if v.method.handler_count > 0 and v.method.max_stack == 0:
        return old_fault(v, b"Stack size too large")
    return 0

cdef int enter(Flow* f, Verifier* v) noexcept nogil:
    cdef Signature* s = verify_signature(v, v.method.descriptor)
    cdef u32 slot
    cdef bint constructed = True
    if s == NULL:
        return -1
    f.locals = <VType*>arena_alloc(&v.arena, (<u32>v.method.max_locals + 2) * sizeof(VType))
    if f.locals == NULL:
        return verify_out_of_memory(v)
    f.locals_size = 0
    if not v.method.access_flags & ACC_STATIC:
        f.locals[0] = v.self
        if v.method.name == sym.object_init and v.self != v.object:
            f.locals[0] = T_UNINITIALIZED_THIS
            constructed = False
        f.locals_size = 1
    for slot in range(s.slots):
        f.locals[f.locals_size] = s.types[slot]
        f.locals_size += 1
    return flow_begin(f, v, s.result, constructed)

cdef int infer_method(Verifier* v) noexcept nogil:
    cdef Flow f
    cdef bint again = True
    cdef u32 pc
    cdef u8 op
    if old_format(v) != 0 or check_catch_types(v) != 0 or enter(&f, v) != 0:
        return -1
    while again:
        again = False
        pc = 0
        while pc < v.length:
            if f.states[pc] != NULL and f.states[pc].changed:
                again = True
                flow_take(&f, pc)
                op = v.code[pc]
                if interpret(&f, op) != 0 or follow(&f, op) != 0:
                    return -1
            pc += old_length(v, pc)
    return 0

cdef public int infer_class(Verifier* v) noexcept nogil:
    cdef u32 index
    for index in range(v.klass.method_count):
        if v.klass.methods[index].code_attributes == 0:
            continue
        if v.klass.state != CLASS_LOADED:
            return 0
        if verify_select(v, &v.klass.methods[index]) != 0 or infer_method(v) != 0:
            return -1
    return 0
