# Type states (JVMS §4.10.1.4): what locals and operand stack hold at one instruction, and the operations
# that instructions make of them.
#
# Invariant: locals[locals_size …] are T_TOP; stack[0 … stack_size) are real types, one entry per slot.
# Interface: functions that return int give 0, or -1 with v.failure set (fault.pxd words it).
from kernel.types cimport u8, u16, u32, i32
from jvm.verifier.types cimport VType, Verifier

cdef struct TypeFrame:
    i32 offset
    u8 this_uninitialized                # flagThisUninit
    u16 max_locals
    u16 max_stack
    u16 locals_size
    u16 stack_size
    u16 mark                             # stack_size when the instruction began: what messages show
    VType* locals
    VType* stack

cdef extern int frame_push(Verifier* v, TypeFrame* f, VType type) noexcept nogil
cdef extern int frame_push_two(Verifier* v, TypeFrame* f, VType first) noexcept nogil
cdef extern int frame_pop(Verifier* v, TypeFrame* f, VType want, VType* got) noexcept nogil      # got may be NULL
cdef extern int frame_pop_any(Verifier* v, TypeFrame* f, VType* got) noexcept nogil
cdef extern int frame_pop_two(Verifier* v, TypeFrame* f, VType first) noexcept nogil             # T_LONG, T_DOUBLE
cdef extern int frame_get(Verifier* v, TypeFrame* f, u32 index, VType want, VType* got) noexcept nogil
cdef extern int frame_get_two(Verifier* v, TypeFrame* f, u32 index, VType first) noexcept nogil
cdef extern int frame_set(Verifier* v, TypeFrame* f, u32 index, VType type) noexcept nogil
cdef extern int frame_set_two(Verifier* v, TypeFrame* f, u32 index, VType first) noexcept nogil
# The object that `before` stands for is initialized: everywhere.
cdef extern void frame_initialize(TypeFrame* f, VType before, VType after) noexcept nogil
cdef extern void frame_copy(TypeFrame* into, TypeFrame* source) noexcept nogil
