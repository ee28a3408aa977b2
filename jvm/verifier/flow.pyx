# See flow.pxd.
from kernel.types cimport u8, u32, i32, u64
from kernel.memory.arena cimport arena_alloc
from kernel.memory.string cimport memcmp, memcpy
from jvm.interpreter.opcodes cimport OP_JSR, OP_JSR_W
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.classes cimport Handler
from jvm.verifier.merge cimport merge_types
from jvm.verifier.old_format cimport old_fault, old_fault_pair, old_length
from jvm.verifier.types cimport (FAILURE_NONE, T_TOP, T_UNINITIALIZED_THIS, VType, Verifier, name_type, verify_class_name,
                                 verify_out_of_memory)

cdef VType* new_types(Verifier* v, u32 count) noexcept nogil:
    cdef VType* types = <VType*>arena_alloc(&v.arena, (count + 1) * sizeof(VType))
    if types == NULL:
        verify_out_of_memory(v)
    return types

cdef VType* copy_types(Verifier* v, VType* types, u32 count) noexcept nogil:
    cdef VType* copy = new_types(v, count)
    if copy != NULL:
        memcpy(copy, types, count * sizeof(VType))
    return copy

cdef public int flow_begin(Flow* f, Verifier* v, VType result, bint constructed) noexcept nogil:
    cdef State* first
    f.v = v
    f.result = result
    f.states = <State**>arena_alloc(&v.arena, v.length * sizeof(State*))
    f.stack = new_types(v, <u32>v.method.max_stack + 6)
    first = <State*>arena_alloc(&v.arena, sizeof(State))
    if f.states == NULL or f.stack == NULL or first == NULL:
        return verify_out_of_memory(v)
    first.changed = 1
    first.constructed = constructed
    first.exit = -1
    first.locals_size = f.locals_size
    first.locals = copy_types(v, f.locals, f.locals_size)
    first.stack = new_types(v, 0)
    if first.locals == NULL or first.stack == NULL:
        return -1
    f.states[0] = first
    return 0

cdef public int flow_take(Flow* f, u32 pc) noexcept nogil:
    cdef State* now = f.states[pc]
    cdef u32 index
    now.changed = 0
    f.now = now
    f.pc = pc
    memcpy(f.locals, now.locals, now.locals_size * sizeof(VType))
    for index in range(now.locals_size, f.locals_size):
        f.locals[index] = T_TOP
    f.locals_size = now.locals_size
    memcpy(f.stack, now.stack, now.stack_size * sizeof(VType))
    f.stack_size = now.stack_size
    f.constructed = now.constructed
    f.masks = now.masks
    f.dirty = 0
    f.initializes = 0
    f.copy = NULL
    return 0

# --- subroutines' masks ------------------------------------------------------------------------------
cdef inline u32 mask_size(Verifier* v) noexcept nogil:
    return (<u32>v.method.max_locals + 7) // 8

cdef Mask* new_mask(Verifier* v, u32 entry, Mask* next) noexcept nogil:
    cdef Mask* mask = <Mask*>arena_alloc(&v.arena, sizeof(Mask) + mask_size(v))
    if mask == NULL:
        verify_out_of_memory(v)
        return NULL
    mask.entry = entry
    mask.bits = <u8*>(mask + 1)
    mask.next = next
    return mask

cdef Mask* find_mask(Mask* masks, u32 entry) noexcept nogil:
    while masks != NULL and masks.entry != entry:
        masks = masks.next
    return masks

cdef int united(Verifier* v, Mask* masks, Mask* others, u8* bits, Mask** result) noexcept nogil:
    """Copies of `masks` with more bits: those of the same entry in `others`, which drops an entry that is
    not in both (NULL: no condition), and `bits` (or NULL)."""
    cdef Mask* made
    cdef Mask* same = NULL
    cdef u32 index
    result[0] = NULL
    while masks != NULL:
        if others != NULL:
            same = find_mask(others, masks.entry)
        if others == NULL or same != NULL:
            made = new_mask(v, masks.entry, NULL)
            if made == NULL:
                return -1
            for index in range(mask_size(v)):
                made.bits[index] = masks.bits[index] | (same.bits[index] if same != NULL else 0) \
                    | (bits[index] if bits != NULL else 0)
            result[0] = made
            result = &made.next
        masks = masks.next
    return 0

cdef bint same_masks(Verifier* v, Mask* a, Mask* b) noexcept nogil:
    while a != NULL and b != NULL:
        if a.entry != b.entry or memcmp(a.bits, b.bits, mask_size(v)) != 0:
            return False
        a = a.next
        b = b.next
    return a == b

cdef public int flow_set(Flow* f, u32 index, VType type) noexcept nogil:
    cdef Mask* mask = f.masks
    cdef bint known = True
    f.locals[index] = type
    f.dirty = 1
    if index >= f.locals_size:
        f.locals_size = index + 1
    while mask != NULL:
        if not mask.bits[index >> 3] >> (index & 7) & 1:
            known = False
        mask = mask.next
    if known:
        return 0
    if united(f.v, f.masks, NULL, NULL, &f.masks) != 0:
        return -1
    mask = f.masks
    while mask != NULL:
        mask.bits[index >> 3] |= <u8>(1 << (index & 7))
        mask = mask.next
    return 0

# --- meeting -----------------------------------------------------------------------------------------
cdef struct Incoming:
    VType* locals
    u32 locals_size
    State* owner                         # whose array `locals` is; NULL: nobody's, it may be kept
    VType* stack
    u32 stack_size
    u8 constructed
    Mask* masks

cdef int first_arrival(Flow* f, u32 target, Incoming* s) noexcept nogil:
    cdef State* state = <State*>arena_alloc(&f.v.arena, sizeof(State))
    if state == NULL:
        return verify_out_of_memory(f.v)
    state.changed = 1
    state.constructed = s.constructed
    state.exit = -1
    state.locals = s.locals
    state.locals_size = s.locals_size
    if s.owner != NULL:
        s.owner.owned = 0
    state.stack = copy_types(f.v, s.stack, s.stack_size)
    state.stack_size = s.stack_size
    state.masks = s.masks
    if state.stack == NULL:
        return -1
    f.states[target] = state
    return 0

cdef int merge_stack(Flow* f, State* state, Incoming* s) noexcept nogil:
    cdef u32 index
    cdef VType type
    if state.stack_size != s.stack_size:
        return old_fault_pair(f.v, b"Inconsistent stack height ", <i32>s.stack_size, b" != ", <i32>state.stack_size)
    for index in range(s.stack_size):
        if state.stack[index] == s.stack[index]:
            continue
        type = merge_types(f.v, state.stack[index], s.stack[index])
        if f.v.failure != FAILURE_NONE:
            return -1
        if type == T_TOP:
            return old_fault(f.v, b"Mismatched stack types")
        if type != state.stack[index]:
            state.stack[index] = type
            state.changed = 1
    return 0

cdef int merge_locals(Flow* f, State* state, Incoming* s) noexcept nogil:
    cdef u32 index
    cdef VType type
    if s.locals_size < state.locals_size:
        state.locals_size = s.locals_size
        state.changed = 1
    if s.locals == state.locals:
        return 0
    for index in range(state.locals_size):
        if state.locals[index] == s.locals[index] or state.locals[index] == T_TOP:
            continue
        type = merge_types(f.v, state.locals[index], s.locals[index])
        if f.v.failure != FAILURE_NONE:
            return -1
        if type == state.locals[index]:
            continue
        if not state.owned:
            state.locals = copy_types(f.v, state.locals, state.locals_size)
            if state.locals == NULL:
                return -1
            state.owned = 1
        state.locals[index] = type
        state.changed = 1
    return 0

cdef int arrive(Flow* f, i32 target, Incoming* s) noexcept nogil:
    cdef State* state
    cdef Mask* masks
    if target < 0 or <u32>target >= f.v.length:
        return old_fault(f.v, b"Falling off the end of the code")
    state = f.states[target]
    if state == NULL:
        return first_arrival(f, <u32>target, s)
    if merge_stack(f, state, s) != 0 or merge_locals(f, state, s) != 0:
        return -1
    if state.constructed and not s.constructed:
        state.constructed = 0
        state.changed = 1
    if not same_masks(f.v, state.masks, s.masks):
        masks = NULL
        if s.masks != NULL and united(f.v, state.masks, s.masks, NULL, &masks) != 0:
            return -1
        if not same_masks(f.v, state.masks, masks):
            state.masks = masks
            state.changed = 1
    return 0

cdef int present(Flow* f, Incoming* s) noexcept nogil:
    """What there is after the instruction."""
    if f.dirty and f.copy == NULL:
        f.copy = copy_types(f.v, f.locals, f.locals_size)
        if f.copy == NULL:
            return -1
    s.locals = f.copy if f.dirty else f.now.locals
    s.owner = NULL if f.dirty else f.now
    s.locals_size = f.locals_size
    s.stack = f.stack
    s.stack_size = f.stack_size
    s.constructed = f.constructed
    s.masks = f.masks
    return 0

cdef public int flow_to(Flow* f, i32 target) noexcept nogil:
    cdef Incoming s
    return -1 if present(f, &s) != 0 else arrive(f, target, &s)

cdef public int flow_handlers(Flow* f) noexcept nogil:
    """Handlers see the locals from before the instruction; a constructor may have failed before or after it
    made its object usable."""
    cdef u32 index
    cdef Handler* row
    cdef Incoming s
    cdef VType thrown
    for index in range(f.v.method.handler_count):
        row = &f.v.method.handlers[index]
        if f.pc < row.start_pc or f.pc >= row.end_pc:
            continue
        thrown = f.v.throwable if row.catch_type == 0 else name_type(verify_class_name(f.v, row.catch_type))
        if thrown == 0:
            return -1
        s.locals = f.now.locals
        s.locals_size = f.now.locals_size
        s.owner = f.now
        s.stack = &thrown
        s.stack_size = 1
        s.constructed = f.now.constructed
        s.masks = f.now.masks
        if arrive(f, row.handler_pc, &s) != 0:
            return -1
        if f.initializes:
            if present(f, &s) != 0:
                return -1
            s.stack = &thrown
            s.stack_size = 1
            if arrive(f, row.handler_pc, &s) != 0:
                return -1
    return 0

# --- jsr and ret -------------------------------------------------------------------------------------
cdef public int flow_call(Flow* f, u32 entry) noexcept nogil:
    cdef State* state
    if find_mask(f.masks, entry) != NULL:
        return old_fault(f.v, b"Recursive call to jsr entry")
    f.masks = new_mask(f.v, entry, f.masks)
    if f.masks == NULL or flow_to(f, <i32>entry) != 0:
        return -1
    state = f.states[entry]
    if state.exit >= 0 and f.states[state.exit] != NULL:
        f.states[state.exit].changed = 1                         # it has one more place to return to
    return 0

cdef int return_behind(Flow* f, u32 pc, Mask* mask) noexcept nogil:
    """To the instruction behind the jsr at `pc`: locals that the subroutine left alone are as they were there."""
    cdef State* caller = f.states[pc]
    cdef Incoming s
    cdef u32 index
    s.locals_size = f.locals_size if f.locals_size > caller.locals_size else caller.locals_size
    s.locals = new_types(f.v, s.locals_size)
    if s.locals == NULL:
        return -1
    for index in range(s.locals_size):
        if mask.bits[index >> 3] >> (index & 7) & 1:
            s.locals[index] = f.locals[index] if index < f.locals_size else T_TOP
        else:
            s.locals[index] = caller.locals[index] if index < caller.locals_size else T_TOP
    s.owner = NULL
    s.stack = f.stack
    s.stack_size = f.stack_size
    s.constructed = f.constructed
    if united(f.v, caller.masks, NULL, mask.bits, &s.masks) != 0:
        return -1
    return arrive(f, <i32>(pc + old_length(f.v, pc)), &s)

cdef public int flow_return(Flow* f, VType address) noexcept nogil:
    cdef u32 entry = <u32>(address >> 8)
    cdef Mask* mask = find_mask(f.masks, entry)
    cdef u32 pc = 0
    cdef u8 op
    cdef const u8* code = f.v.code
    if mask == NULL:
        return old_fault(f.v, b"Illegal return from subroutine")
    if f.states[entry].exit < 0:
        f.states[entry].exit = <i32>f.pc
    elif f.states[entry].exit != <i32>f.pc:
        return old_fault(f.v, b"Multiple returns to single jsr")
    while pc < f.v.length:
        op = code[pc]
        if f.states[pc] != NULL and (
                (op == OP_JSR and pc + <short>bytes_u2(code + pc + 1) == entry)
                or (op == OP_JSR_W and pc + <i32>bytes_u4(code + pc + 1) == entry)) \
                and return_behind(f, pc, mask) != 0:
            return -1
        pc += old_length(f.v, pc)
    return 0
