# NullPointerException.getExtendedNPEMessage: which expression was null (JEP 358).
#
# The operand stack of the method is simulated along its bytecodes, in order, until the failing one is
# reached: for each slot, the instruction that pushed it.  What pushed the null is then described, and
# so on down to a variable, a field, a call.  Where paths with different pushers meet, nothing is known
# of that slot.  Texts and limits (detail, order of the passes) are the host JVM's, since programs show
# them.  Only `<parameterN>` and `<localN>` are known of a class without debug information.
#
# Invariant: the simulation reads the class file's own code, not the interpreter's rewritten copy; the
# code was verified, so targets and indices hold; every stack is bounded by max_stack.
from kernel.types cimport u8, u16, u32, u64, i8, i16, i32, i64
from kernel.diagnostics.format cimport Text, text_bytes, text_char, text_init, text_signed, text_string
from kernel.memory.heap cimport kcalloc, kfree, kmalloc
from kernel.memory.string cimport memcmp, memcpy
from jvm.heap.object cimport Object, array_data_wide, array_get, ref_load
from jvm.interpreter.opcodes cimport *
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.classes cimport (Class, JavaThread, Method, Slot, Symbol, ACC_NATIVE, ACC_STATIC, CONSTANT_NameAndType, METHOD_HIDDEN, METHOD_INTRINSIC)
from jvm.loader.parser cimport find_attribute, pool_text
from jvm.natives.members cimport descriptor_length
from jvm.natives.stack_trace cimport trace_bci, trace_method
from jvm.natives.support cimport known_field, pool_member, pool_name_and_type
from jvm.runtime.strings cimport string_from_utf8

cdef enum:
    UNKNOWN = 0xFFFF                     # pusher of a slot: several
    DETAIL = 5                           # how deep an expression is described
    STACKS_MAX = 1000000                 # slots simulated before giving up
    MESSAGE_MAX = 4096
    NO_NULL = -1                         # the instruction cannot fail so
    EXPLICIT = -2                        # new NullPointerException(): has no such message

# The operand stack before an instruction: `height` pushers, then which of the first 64 locals were written.
cdef struct Simulated:
    u64 written
    u16 height
    u16 slots[1]

cdef struct Analysis:
    Method* method
    Class* klass
    const u8* code
    u32 length
    Simulated** stacks                   # by the instruction's index, NULL: not known yet
    u64 used                             # slots simulated
    u64 entry_size                       # bytes of a Simulated
    int added                            # a stack was added in this pass
    Simulated* now                       # the stack after the current instruction
    Text* out


# --- simulation ---------------------------------------------------------------------------------------

cdef void merge(Analysis* a, i64 target) noexcept nogil:
    cdef Simulated* there
    cdef u32 i
    if target < 0 or target >= a.length:
        return
    there = a.stacks[target]
    if there == NULL:
        there = <Simulated*>kmalloc(a.entry_size)
        if there == NULL:
            a.used = STACKS_MAX
            return
        memcpy(there, a.now, a.entry_size)
        a.stacks[target] = there
        a.used += a.now.height + 1
        a.added = 1
        return
    there.written |= a.now.written
    for i in range(there.height if there.height < a.now.height else a.now.height):
        if there.slots[i] != a.now.slots[i]:
            there.slots[i] = UNKNOWN


cdef inline void push(Analysis* a, u32 pusher, int count) noexcept nogil:
    while count > 0:
        if a.now.height < a.method.max_stack:
            a.now.slots[a.now.height] = <u16>pusher
            a.now.height += 1
        count -= 1


cdef inline void pop(Analysis* a, int count) noexcept nogil:
    a.now.height = a.now.height - <u16>count if a.now.height >= count else 0


# Slots of a field descriptor, 0 for void.
cdef int type_slots(u8 letter) noexcept nogil:
    return 0 if letter == c'V' else (2 if letter == c'J' or letter == c'D' else 1)


# Slots of a method descriptor's parameters; `returned` gets those of its result.
cdef int parameter_slots(Symbol* descriptor, int* returned) noexcept nogil:
    cdef const u8* at = descriptor.text + 1
    cdef int count = 0
    while at[0] != c')':
        count += type_slots(at[0])
        at += descriptor_length(at)
    returned[0] = type_slots(at[1])
    return count


cdef void written(Analysis* a, u32 local, int count) noexcept nogil:
    while count > 0:
        if local < 64:
            a.now.written |= (<u64>1) << local
        local += 1
        count -= 1


# dup…, swap: `take` slots are taken off, and put back as the letters of `order` say ('a' was lowest).
cdef void rearrange(Analysis* a, int take, const char* order) noexcept nogil:
    cdef u16 taken[4]
    cdef int i
    if a.now.height < take:
        return
    for i in range(take):
        taken[i] = a.now.slots[a.now.height - take + i]
    a.now.height -= <u16>take
    i = 0
    while order[i] != 0:
        push(a, taken[order[i] - c'a'], 1)
        i += 1


cdef u32 switch_end(Analysis* a, u32 bci) noexcept nogil:
    cdef u32 at = (bci + 4) & ~<u32>3
    cdef i32 count
    if a.code[bci] == OP_TABLESWITCH:
        count = <i32>bytes_u4(a.code + at + 8) - <i32>bytes_u4(a.code + at + 4) + 1
        return at + 12 + 4 * <u32>count
    return at + 8 + 8 * bytes_u4(a.code + at + 4)


cdef void switch_targets(Analysis* a, u32 bci) noexcept nogil:
    cdef u32 at = (bci + 4) & ~<u32>3
    cdef u32 end = switch_end(a, bci)
    merge(a, <i64>bci + <i32>bytes_u4(a.code + at))
    if a.code[bci] == OP_TABLESWITCH:
        at += 12
        while at < end:
            merge(a, <i64>bci + <i32>bytes_u4(a.code + at))
            at += 4
    else:
        at += 8
        while at < end:
            merge(a, <i64>bci + <i32>bytes_u4(a.code + at + 4))
            at += 8


cdef u32 instruction_length(Analysis* a, u32 bci) noexcept nogil:
    cdef u8 op = a.code[bci]
    if op == OP_WIDE:
        return 6 if a.code[bci + 1] == OP_IINC else 4
    elif op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH:
        return switch_end(a, bci) - bci
    return <u32>opcode_length[op]


# Effect of one instruction on a.now; 1: the next one is reached from it.
cdef int execute(Analysis* a, u32 bci) noexcept nogil:
    cdef u8 op = a.code[bci]
    cdef u16 index
    cdef Symbol* owner
    cdef Symbol* name = NULL
    cdef Symbol* descriptor = NULL
    cdef int returned = 0
    cdef int count
    cdef u32 local
    cdef const u8* entry
    if op == OP_WIDE:
        op = a.code[bci + 1]
        local = bytes_u2(a.code + bci + 2)
    else:
        local = a.code[bci + 1] if bci + 1 < a.length else 0
    if op == OP_DUP:
        rearrange(a, 1, b"aa")
    elif op == OP_DUP_X1:
        rearrange(a, 2, b"bab")
    elif op == OP_DUP_X2:
        rearrange(a, 3, b"cabc")
    elif op == OP_DUP2:
        rearrange(a, 2, b"abab")
    elif op == OP_DUP2_X1:
        rearrange(a, 3, b"bcabc")
    elif op == OP_DUP2_X2:
        rearrange(a, 4, b"cdabcd")
    elif op == OP_SWAP:
        rearrange(a, 2, b"ba")
    elif op == OP_CHECKCAST:
        pass                             # the same reference
    elif op == OP_GETSTATIC or op == OP_PUTSTATIC or op == OP_GETFIELD or op == OP_PUTFIELD:
        if pool_member(a.klass, bytes_u2(a.code + bci + 1), &owner, &name, &descriptor) != 0:
            return 0
        count = type_slots(descriptor.text[0])
        if op == OP_PUTSTATIC or op == OP_PUTFIELD:
            pop(a, count)
        if op == OP_GETFIELD or op == OP_PUTFIELD:
            pop(a, 1)
        if op == OP_GETSTATIC or op == OP_GETFIELD:
            push(a, bci, count)
    elif op == OP_INVOKEVIRTUAL or op == OP_INVOKESPECIAL or op == OP_INVOKESTATIC or op == OP_INVOKEINTERFACE:
        if pool_member(a.klass, bytes_u2(a.code + bci + 1), &owner, &name, &descriptor) != 0:
            return 0
        pop(a, parameter_slots(descriptor, &returned) + (op != OP_INVOKESTATIC))
        push(a, bci, returned)
    elif op == OP_INVOKEDYNAMIC:
        descriptor = dynamic_descriptor(a, bytes_u2(a.code + bci + 1))
        if descriptor == NULL:
            return 0
        pop(a, parameter_slots(descriptor, &returned))
        push(a, bci, returned)
    elif op == OP_MULTIANEWARRAY:
        pop(a, a.code[bci + 3])
        push(a, bci, 1)
    elif op == OP_JSR or op == OP_JSR_W:
        push(a, bci, 1)
    else:
        pop(a, opcode_pops[op])
        push(a, bci, opcode_pushes[op])
        if (op >= OP_ISTORE and op <= OP_ASTORE) or op == OP_IINC:
            written(a, local, 2 if op == OP_LSTORE or op == OP_DSTORE else 1)
        elif op >= OP_ISTORE_0 and op <= OP_ASTORE_3:
            # Four opcodes for each type, in the order int, long, float, double, reference.
            count = (op - OP_ISTORE_0) >> 2
            written(a, (op - OP_ISTORE_0) & 3, 2 if count == 1 or count == 3 else 1)
    if (op >= OP_IFEQ and op <= OP_JSR) or op == OP_IFNULL or op == OP_IFNONNULL:
        merge(a, <i64>bci + <i16>bytes_u2(a.code + bci + 1))
        return op != OP_GOTO and op != OP_JSR
    elif op == OP_GOTO_W or op == OP_JSR_W:
        merge(a, <i64>bci + <i32>bytes_u4(a.code + bci + 1))
        return 0
    elif op == OP_TABLESWITCH or op == OP_LOOKUPSWITCH:
        switch_targets(a, bci)
        return 0
    return not ((op >= OP_IRETURN and op <= OP_RETURN) or op == OP_ATHROW or op == OP_RET)


# Descriptor of an invokedynamic's NameAndType.
cdef Symbol* dynamic_descriptor(Analysis* a, u16 index) noexcept nogil:
    cdef Symbol* name
    cdef Symbol* descriptor
    from_dynamic(a.klass, index, &name, &descriptor)
    return descriptor


cdef void from_dynamic(Class* klass, u16 index, Symbol** name, Symbol** descriptor) noexcept nogil:
    name[0] = NULL
    descriptor[0] = NULL
    if index != 0 and index < klass.pool.count:
        pool_name_and_type(klass, bytes_u2(klass.bytes + klass.pool.offsets[index] + 2), name, descriptor)


# Simulates until the stack before `bci` is known; 0: it is not.
cdef int simulate(Analysis* a, u32 bci) noexcept nogil:
    cdef u32 at
    cdef u32 i
    cdef int complete = 0
    a.now.height = 0
    a.now.written = 0
    merge(a, 0)
    for i in range(a.method.handler_count):
        # A handler starts with the exception alone; its pusher is the handler's first instruction.
        a.now.height = 0
        push(a, a.method.handlers[i].handler_pc, 1)
        if a.stacks[a.method.handlers[i].handler_pc] == NULL:
            merge(a, a.method.handlers[i].handler_pc)
    a.added = 1
    while not complete and a.added:
        complete = 1
        a.added = 0
        at = 0
        while at < a.length:
            if a.stacks[at] == NULL:
                complete = 0
                at += instruction_length(a, at)
                continue
            memcpy(a.now, a.stacks[at], a.entry_size)
            if execute(a, at):
                merge(a, at + instruction_length(a, at))
            at += instruction_length(a, at)
            if at == bci and a.stacks[at] != NULL:
                return 1
            if a.used >= STACKS_MAX:
                return 0
    return bci < a.length and a.stacks[bci] != NULL


# --- texts --------------------------------------------------------------------------------------------

cdef int is_text(const u8* text, u32 length, const char* wanted, u32 size) noexcept nogil:
    return length == size and memcmp(text, wanted, size) == 0


cdef void print_class(Analysis* a, const u8* text, u32 length) noexcept nogil:
    cdef u32 i
    if is_text(text, length, b"java/lang/Object", 16):
        text_string(a.out, b"Object")
    elif is_text(text, length, b"java/lang/String", 16):
        text_string(a.out, b"String")
    else:
        for i in range(length):
            text_char(a.out, c'.' if text[i] == c'/' else <char>text[i])


cdef void print_type(Analysis* a, const u8* text) noexcept nogil:
    cdef int dimensions = 0
    while text[0] == c'[':
        dimensions += 1
        text += 1
    if text[0] == c'L':
        print_class(a, text + 1, descriptor_length(text) - 2)
    elif text[0] == c'Z':
        text_string(a.out, b"boolean")
    elif text[0] == c'B':
        text_string(a.out, b"byte")
    elif text[0] == c'C':
        text_string(a.out, b"char")
    elif text[0] == c'S':
        text_string(a.out, b"short")
    elif text[0] == c'I':
        text_string(a.out, b"int")
    elif text[0] == c'J':
        text_string(a.out, b"long")
    elif text[0] == c'F':
        text_string(a.out, b"float")
    else:
        text_string(a.out, b"double")
    while dimensions > 0:
        text_string(a.out, b"[]")
        dimensions -= 1


# Class.method(parameter types)
cdef void print_method(Analysis* a, u16 index) noexcept nogil:
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef const u8* at
    if pool_member(a.klass, index, &owner, &name, &descriptor) != 0:
        return
    print_class(a, owner.text, owner.length)
    text_char(a.out, c'.')
    text_bytes(a.out, <const char*>name.text, name.length)
    text_char(a.out, c'(')
    at = descriptor.text + 1
    while at[0] != c')':
        if at != descriptor.text + 1:
            text_string(a.out, b", ")
        print_type(a, at)
        at += descriptor_length(at)
    text_char(a.out, c')')


cdef void print_field(Analysis* a, u16 index, int with_class) noexcept nogil:
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    if pool_member(a.klass, index, &owner, &name, &descriptor) != 0:
        return
    if with_class:
        print_class(a, owner.text, owner.length)
        text_char(a.out, c'.')
    text_bytes(a.out, <const char*>name.text, name.length)


# The variable's name from LocalVariableTable (JVMS §4.7.13), else what can be said without it.
cdef void print_local(Analysis* a, u32 bci, u32 local, int is_parameter) noexcept nogil:
    cdef u32 length
    cdef const u8* table = find_attribute(a.klass, a.method.code_attributes, b"LocalVariableTable", &length)
    cdef const u8* row
    cdef const u8* text
    cdef const u8* at
    cdef u32 rows = bytes_u2(table) if table != NULL else 0
    cdef u32 i
    cdef u32 slot = 0
    cdef int number = 1
    for i in range(rows):
        row = table + 2 + 10 * i
        if bci >= bytes_u2(row) and bci < <u32>bytes_u2(row) + bytes_u2(row + 2) and bytes_u2(row + 8) == local:
            text = pool_text(&a.klass.pool, a.klass.bytes, bytes_u2(row + 4), &length)
            if text != NULL:
                text_bytes(a.out, <const char*>text, length)
                return
    if not a.method.access_flags & ACC_STATIC:
        if local == 0 and is_parameter:
            text_string(a.out, b"this")
            return
        slot = 1
    if is_parameter:
        at = a.method.descriptor.text + 1
        while at[0] != c')':
            if local >= slot and local < slot + <u32>type_slots(at[0]):
                text_string(a.out, b"<parameter")
                text_signed(a.out, number)
                text_char(a.out, c'>')
                return
            slot += <u32>type_slots(at[0])
            number += 1
            at += descriptor_length(at)
    text_string(a.out, b"<local")
    text_signed(a.out, local)
    text_char(a.out, c'>')


cdef void print_action(Analysis* a, u32 bci) noexcept nogil:
    cdef u8 op = a.code[bci]
    if op == OP_INVOKEVIRTUAL or op == OP_INVOKESPECIAL or op == OP_INVOKEINTERFACE:
        text_string(a.out, b"Cannot invoke \"")
        print_method(a, bytes_u2(a.code + bci + 1))
        text_string(a.out, b"\"")
    elif op == OP_GETFIELD or op == OP_PUTFIELD:
        text_string(a.out, b"Cannot read field \"" if op == OP_GETFIELD else b"Cannot assign field \"")
        print_field(a, bytes_u2(a.code + bci + 1), 0)
        text_string(a.out, b"\"")
    elif op == OP_ARRAYLENGTH:
        text_string(a.out, b"Cannot read the array length")
    elif op == OP_ATHROW:
        text_string(a.out, b"Cannot throw exception")
    elif op == OP_MONITORENTER:
        text_string(a.out, b"Cannot enter synchronized block")
    elif op == OP_MONITOREXIT:
        text_string(a.out, b"Cannot exit synchronized block")
    else:
        text_string(a.out, b"Cannot load from " if op <= OP_SALOAD else b"Cannot store to ")
        # Loads and stores have the same order of types.
        op = op - OP_IALOAD if op <= OP_SALOAD else op - OP_IASTORE
        if op == 0:
            text_string(a.out, b"int")
        elif op == 1:
            text_string(a.out, b"long")
        elif op == 2:
            text_string(a.out, b"float")
        elif op == 3:
            text_string(a.out, b"double")
        elif op == 4:
            text_string(a.out, b"object")
        elif op == 5:
            text_string(a.out, b"byte/boolean")
        elif op == 6:
            text_string(a.out, b"char")
        else:
            text_string(a.out, b"short")
        text_string(a.out, b" array")


# How far below the top of the stack the reference lies that the instruction needs; NO_NULL, EXPLICIT.
cdef int null_slot(Analysis* a, u32 bci) noexcept nogil:
    cdef u8 op = a.code[bci]
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef int returned
    if op == OP_GETFIELD or op == OP_ARRAYLENGTH or op == OP_ATHROW or op == OP_MONITORENTER or op == OP_MONITOREXIT:
        return 0
    elif op >= OP_IALOAD and op <= OP_SALOAD:
        return 1
    elif op >= OP_IASTORE and op <= OP_SASTORE:
        return 3 if op == OP_LASTORE or op == OP_DASTORE else 2
    elif op == OP_PUTFIELD:
        if pool_member(a.klass, bytes_u2(a.code + bci + 1), &owner, &name, &descriptor) != 0:
            return NO_NULL
        return type_slots(descriptor.text[0])
    elif op == OP_INVOKEVIRTUAL or op == OP_INVOKESPECIAL or op == OP_INVOKEINTERFACE:
        if pool_member(a.klass, bytes_u2(a.code + bci + 1), &owner, &name, &descriptor) != 0:
            return NO_NULL
        if name.text[0] == c'<':
            return EXPLICIT
        return parameter_slots(descriptor, &returned)
    return NO_NULL


# Describes what pushed the slot `down` from the top before `bci`; 0: nothing is known of it.
cdef int print_cause(Analysis* a, u32 bci, int down, int detail, int inner, const char* prefix) noexcept nogil:
    cdef Simulated* stack
    cdef u32 source
    cdef u8 op
    cdef const u8* at
    cdef int is_wide = 0
    cdef u32 local
    if detail <= 0:
        return 0
    stack = a.stacks[bci]
    if stack == NULL or down >= stack.height:
        return 0
    source = stack.slots[stack.height - 1 - down]
    if source == UNKNOWN:
        return 0
    op = a.code[source]
    at = a.code + source + 1
    if op == OP_WIDE:
        is_wide = 1
        op = at[0]
        at += 1
    local = bytes_u2(at) if is_wide else at[0]
    if detail == DETAIL and prefix != NULL and not (op >= OP_INVOKEVIRTUAL and op <= OP_INVOKEINTERFACE):
        text_string(a.out, prefix)
    if op == OP_ILOAD or op == OP_ALOAD:
        print_local(a, source, local, not (local < 64 and stack.written >> local & 1))
        return 1
    elif (op >= OP_ILOAD_0 and op <= OP_ILOAD_3) or (op >= OP_ALOAD_0 and op <= OP_ALOAD_3):
        local = (op - OP_ILOAD_0) & 3
        print_local(a, source, local, not stack.written >> local & 1)
        return 1
    elif op == OP_ACONST_NULL:
        text_string(a.out, b"null")
        return 1
    elif op >= OP_ICONST_M1 and op <= OP_ICONST_5:
        text_signed(a.out, <i64>op - OP_ICONST_0)
        return 1
    elif op == OP_BIPUSH:
        text_signed(a.out, <i8>at[0])
        return 1
    elif op == OP_SIPUSH:
        text_signed(a.out, <i16>bytes_u2(at))
        return 1
    elif op == OP_IALOAD or op == OP_AALOAD:
        if not print_cause(a, source, 1, detail - 1, inner, NULL):
            text_string(a.out, b"<array>")
        text_string(a.out, b"[")
        if not print_cause(a, source, 0, detail, 1, NULL):
            text_string(a.out, b"...")
        text_string(a.out, b"]")
        return 1
    elif op == OP_GETSTATIC:
        print_field(a, bytes_u2(at), 1)
        return 1
    elif op == OP_GETFIELD:
        if print_cause(a, source, 0, detail - 1, inner, NULL):
            text_string(a.out, b".")
        print_field(a, bytes_u2(at), 0)
        return 1
    elif op >= OP_INVOKEVIRTUAL and op <= OP_INVOKEINTERFACE:
        if detail == DETAIL and not inner:
            text_string(a.out, b" because the return value of \"")
        print_method(a, bytes_u2(at))
        return 1
    return 0


# --- the native method --------------------------------------------------------------------------------

cdef void message(Analysis* a, u32 bci) noexcept nogil:
    cdef int down = null_slot(a, bci)
    if down == NO_NULL or down == EXPLICIT:
        return
    print_action(a, bci)
    if simulate(a, bci) and print_cause(a, bci, down, DETAIL, 0, b" because \""):
        text_string(a.out, b"\" is null")


cdef void release(Analysis* a) noexcept nogil:
    cdef u32 i
    if a.stacks != NULL:
        for i in range(a.length):
            kfree(a.stacks[i])
    kfree(a.stacks)
    kfree(a.now)


cdef u32 throwable_backtrace


cdef public void native_npe_message(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Analysis a
    cdef Text text
    cdef Object* backtrace = ref_load(args[0].a, known_field(&throwable_backtrace, b"java/lang/Throwable", b"backtrace",
                                                             b"Ljava/lang/Object;"))
    cdef Method* method
    cdef char* buffer
    cdef u64 entry
    cdef u32 bci
    result.a = NULL
    if backtrace == NULL or (<i32*>array_get(backtrace, 0))[2] == 0 or array_get(backtrace, 2) != NULL:
        return
    entry = (<u64*>array_data_wide(array_get(backtrace, 0)))[0]
    method = trace_method(entry)
    bci = trace_bci(entry)
    if (method.access_flags & ACC_NATIVE and not method.flags & METHOD_INTRINSIC) or method.flags & METHOD_HIDDEN or method.code_attributes == 0 or bci >= method.code_length:
        return
    a.method = method
    a.klass = method.holder
    # JVMS §4.7.3: the code lies before its exception table, which lies before its attributes.
    a.code = method.holder.bytes + method.code_attributes - 2 - 8 * <u32>method.handler_count - method.code_length
    a.length = method.code_length
    a.used = 0
    a.entry_size = sizeof(Simulated) + 2 * <u64>method.max_stack
    a.stacks = <Simulated**>kcalloc(a.length, sizeof(Simulated*))
    a.now = <Simulated*>kcalloc(1, a.entry_size)
    buffer = <char*>kmalloc(MESSAGE_MAX)
    if a.stacks != NULL and a.now != NULL and buffer != NULL:
        text_init(&text, buffer, MESSAGE_MAX)
        a.out = &text
        message(&a, bci)
        if text.length != 0:
            result.a = string_from_utf8(t, <const u8*>buffer, <u32>text.length)
    release(&a)
    kfree(buffer)
