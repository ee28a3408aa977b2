# StackMapTable (JVMS §4.7.4) as type frames, and meeting them at branch targets and handlers.
#
# Invariant: frames are in order of their offsets, and each offset is that of an instruction.  A frame's locals
# may be the array of the frame before it: they are never written to.
from kernel.types cimport u8, u32, i32
from jvm.verifier.fault cimport Blame
from jvm.verifier.frames cimport TypeFrame
from jvm.verifier.types cimport Verifier

cdef struct StackMaps:
    TypeFrame* frames
    u32 count

# Reads the method's table; `initial` is the frame on entry.
cdef extern int stack_maps_read(Verifier* v, TypeFrame* initial, StackMaps* maps) noexcept nogil
cdef extern TypeFrame* stack_maps_at(StackMaps* maps, i32 offset) noexcept nogil          # or NULL
# Whether the frame may go on as the stack map says: 1, 0 with `b` filled, -1 with v.failure set.
cdef extern int stack_maps_match(Verifier* v, TypeFrame* f, TypeFrame* map, Blame* b) noexcept nogil
cdef extern int stack_maps_branch(Verifier* v, StackMaps* maps, TypeFrame* f, i32 offset, i32 distance) noexcept nogil
