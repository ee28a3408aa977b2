# What the type-inferring verifier knows at each instruction, and how that spreads (JVMS §4.10.2.2), with the
# rules for subroutines (§4.10.2.5).
#
# Invariant: a state only becomes more general, so spreading ends.  Arrays of locals may be shared between
# states; `owned` says that an array is its state's alone and may be written to.
from kernel.types cimport u8, u32, i32
from jvm.verifier.types cimport VType, Verifier

# A subroutine that the instruction is part of: the locals that were set in it so far.
cdef struct Mask:
    u32 entry
    u8* bits
    Mask* next

cdef struct State:
    u8 changed
    u8 constructed                       # super() or this() was called, or need not be
    u8 owned
    i32 exit                             # a subroutine's entry: where its `ret` is; -1
    u32 locals_size
    u32 stack_size
    VType* locals
    VType* stack
    Mask* masks

# The instruction being interpreted; locals and stack are copies that it changes.
cdef struct Flow:
    Verifier* v
    State** states                       # by offset; NULL: not reached yet
    State* now
    u32 pc
    VType* locals
    VType* stack
    u32 locals_size
    u32 stack_size
    u8 constructed
    u8 dirty                             # locals differ from those of `now`
    u8 initializes                       # the instruction calls a constructor
    VType* copy                          # of the changed locals, once some state needed them
    Mask* masks
    VType result                         # what the method returns

cdef extern int flow_begin(Flow* f, Verifier* v, VType result, bint constructed) noexcept nogil      # locals are set by the caller
cdef extern int flow_take(Flow* f, u32 pc) noexcept nogil                # the state of an instruction, to work on
cdef extern int flow_set(Flow* f, u32 index, VType type) noexcept nogil  # a local
cdef extern int flow_to(Flow* f, i32 target) noexcept nogil              # what there is now goes on at the target
cdef extern int flow_handlers(Flow* f) noexcept nogil
cdef extern int flow_call(Flow* f, u32 entry) noexcept nogil             # jsr, its address pushed
cdef extern int flow_return(Flow* f, VType address) noexcept nogil       # ret
