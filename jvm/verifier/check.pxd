# The type-checking verifier (JVMS §4.10.1): one pass over each method, with the frames of its StackMapTable.
from jvm.verifier.frames cimport TypeFrame
from jvm.verifier.stack_maps cimport StackMaps
from jvm.verifier.types cimport VType, Verifier

# One method being checked.
cdef struct Check:
    Verifier* v
    TypeFrame f                          # the current frame
    StackMaps maps
    VType result                         # what the method returns, exactly
    bint in_try                          # some handler covers the instruction
    bint this_initialized                # the instruction is the call of super() or this()

cdef extern int check_method(Verifier* v) noexcept nogil             # v.method
cdef extern int check_handlers(Check* c, bint uninitialized) noexcept nogil      # frame into those that cover c.f.offset
