# See frames.pxd.
from kernel.types cimport u32
from jvm.verifier.fault cimport (Blame, FAULT_BAD_LOCAL, FAULT_STACK_OVERFLOW, FAULT_STACK_UNDERFLOW, FAULT_WRONG_TYPE,
                                 blame, blame_frame, blame_index, blame_local, blame_stack, blame_type, fault)
from jvm.verifier.types cimport (
    FAILURE_NONE, FAILURE_THROWN, T_TOP, T_UNINITIALIZED_THIS, VType, Verifier, is_two, is_two_2, second_of, verify_assignable)

# --- operand stack -----------------------------------------------------------------------------------
cdef int overflow(Verifier* v, TypeFrame* f) noexcept nogil:
    cdef Blame b
    blame(&b, FAULT_STACK_OVERFLOW, f.offset)
    blame_frame(&b.type, f)
    return fault(v, &b, b"Operand stack overflow")

cdef int underflow(Verifier* v, TypeFrame* f) noexcept nogil:
    cdef Blame b
    blame(&b, FAULT_STACK_UNDERFLOW, f.offset)
    blame_frame(&b.type, f)
    return fault(v, &b, b"Operand stack underflow")

cdef public int frame_push(Verifier* v, TypeFrame* f, VType type) noexcept nogil:
    if f.stack_size >= f.max_stack:
        return overflow(v, f)
    f.stack[f.stack_size] = type
    f.stack_size += 1
    return 0

cdef public int frame_push_two(Verifier* v, TypeFrame* f, VType first) noexcept nogil:
    if <u32>f.stack_size + 1 >= f.max_stack:
        return overflow(v, f)
    f.stack[f.stack_size] = first
    f.stack[f.stack_size + 1] = second_of(first)
    f.stack_size += 2
    return 0

cdef public int frame_pop(Verifier* v, TypeFrame* f, VType want, VType* got) noexcept nogil:
    cdef Blame b
    cdef VType top
    cdef int fits
    if f.stack_size == 0:
        return underflow(v, f)
    f.stack_size -= 1
    top = f.stack[f.stack_size]
    fits = verify_assignable(v, want, top, False)
    if fits < 0:
        return -1
    if not fits:
        blame(&b, FAULT_WRONG_TYPE, f.offset)
        blame_stack(&b.type, f.stack_size, f)
        blame_type(&b.expected, want)
        return fault(v, &b, b"Bad type on operand stack")
    if got != NULL:
        got[0] = top
    return 0

cdef public int frame_pop_any(Verifier* v, TypeFrame* f, VType* got) noexcept nogil:
    if f.stack_size == 0:
        return underflow(v, f)
    f.stack_size -= 1
    got[0] = f.stack[f.stack_size]
    return 0

cdef public int frame_pop_two(Verifier* v, TypeFrame* f, VType first) noexcept nogil:
    if f.stack_size >= 2 and f.stack[f.stack_size - 2] == first and f.stack[f.stack_size - 1] == second_of(first):
        f.stack_size -= 2
        return 0
    if f.stack_size < 2:
        return underflow(v, f)
    # Both slots are looked at, and what is wrong with the lower one is said last.
    if frame_pop(v, f, second_of(first), NULL) != 0 and v.failure == FAILURE_THROWN:
        return -1
    return frame_pop(v, f, first, NULL) if v.failure == FAILURE_NONE or f.stack[f.stack_size - 1] != first else -1

# --- local variables ---------------------------------------------------------------------------------
cdef int no_local(Verifier* v, TypeFrame* f, u32 index, const char* text) noexcept nogil:
    cdef Blame b
    blame(&b, FAULT_BAD_LOCAL, f.offset)
    blame_index(&b.type, index)
    return fault(v, &b, text)

cdef int wrong_local(Verifier* v, TypeFrame* f, u32 index, VType want) noexcept nogil:
    cdef Blame b
    blame(&b, FAULT_WRONG_TYPE, f.offset)
    blame_local(&b.type, index, f)
    blame_type(&b.expected, want)
    return fault(v, &b, b"Bad local variable type")

cdef public int frame_get(Verifier* v, TypeFrame* f, u32 index, VType want, VType* got) noexcept nogil:
    cdef int fits
    if index >= f.max_locals:
        return no_local(v, f, index, b"Local variable table overflow")
    fits = verify_assignable(v, want, f.locals[index], False)
    if fits < 0:
        return -1
    if not fits:
        return wrong_local(v, f, index, want)
    if got != NULL:
        got[0] = f.locals[index]
    return 0

cdef public int frame_get_two(Verifier* v, TypeFrame* f, u32 index, VType first) noexcept nogil:
    if index + 1 >= f.locals_size:
        return no_local(v, f, index, b"get long/double overflows locals")
    if f.locals[index] != first:
        return wrong_local(v, f, index, first)
    if f.locals[index + 1] != second_of(first):
        return wrong_local(v, f, index, first)
    return 0

cdef inline void spoil(TypeFrame* f, u32 index) noexcept nogil:
    """Half of a long or double goes: so does the other half."""
    if is_two(f.locals[index]) and index + 1 < f.max_locals:
        f.locals[index + 1] = T_TOP
    if is_two_2(f.locals[index]) and index > 0:
        f.locals[index - 1] = T_TOP

cdef public int frame_set(Verifier* v, TypeFrame* f, u32 index, VType type) noexcept nogil:
    if index >= f.max_locals:
        return no_local(v, f, index, b"Local variable table overflow")
    spoil(f, index)
    f.locals[index] = type
    if index >= f.locals_size:
        f.locals_size = <unsigned short>(index + 1)
    return 0

cdef public int frame_set_two(Verifier* v, TypeFrame* f, u32 index, VType first) noexcept nogil:
    if index + 1 >= f.max_locals:
        return no_local(v, f, index, b"Local variable table overflow")
    if is_two(f.locals[index + 1]) and index + 2 < f.max_locals:
        f.locals[index + 2] = T_TOP
    if is_two_2(f.locals[index]) and index > 0:
        f.locals[index - 1] = T_TOP
    f.locals[index] = first
    f.locals[index + 1] = second_of(first)
    if index + 2 > f.locals_size:
        f.locals_size = <unsigned short>(index + 2)
    return 0

# --- whole frames ------------------------------------------------------------------------------------
cdef public void frame_initialize(TypeFrame* f, VType before, VType after) noexcept nogil:
    cdef u32 index
    for index in range(f.locals_size):
        if f.locals[index] == before:
            f.locals[index] = after
    for index in range(f.stack_size):
        if f.stack[index] == before:
            f.stack[index] = after
    if before == T_UNINITIALIZED_THIS:
        f.this_uninitialized = 0

cdef public void frame_copy(TypeFrame* into, TypeFrame* source) noexcept nogil:
    cdef u32 index
    for index in range(source.locals_size):
        into.locals[index] = source.locals[index]
    for index in range(source.locals_size, into.locals_size):
        into.locals[index] = T_TOP
    for index in range(source.stack_size):
        into.stack[index] = source.stack[index]
    into.locals_size = source.locals_size
    into.stack_size = source.stack_size
    into.this_uninitialized = source.this_uninitialized
