# What is wrong with a method, and its VerifyError: the host JVM's text, byte for byte, with location,
# reason, frames, bytecodes, handlers and stack map.
#
# Interface: fill a Blame (blame, then its two origins), then fault*; they set v.failure and return -1.
# A later fault replaces an earlier one.
from kernel.types cimport u8, u32, i32
from jvm.verifier.frames cimport TypeFrame
from jvm.verifier.types cimport VType, Verifier

cdef enum FaultKind:
    FAULT_BAD_CODE = 1
    FAULT_WRONG_TYPE = 2
    FAULT_FLAGS = 3
    FAULT_BAD_POOL = 4
    FAULT_BAD_LOCAL = 5
    FAULT_LOCALS_SIZE = 6
    FAULT_STACK_SIZE = 7
    FAULT_STACK_OVERFLOW = 8
    FAULT_STACK_UNDERFLOW = 9
    FAULT_NO_STACK_MAP = 10
    FAULT_BAD_STACK_MAP = 11

cdef enum OriginKind:
    ORIGIN_NONE = 0
    ORIGIN_LOCAL = 1                     # of the current frame
    ORIGIN_STACK = 2
    ORIGIN_MAP_LOCAL = 3                 # of the stack map
    ORIGIN_MAP_STACK = 4
    ORIGIN_POOL = 5
    ORIGIN_SIGNATURE = 6
    ORIGIN_IMPLICIT = 7
    ORIGIN_INDEX = 8
    ORIGIN_FRAME = 9

cdef struct Origin:
    u8 kind
    u32 index
    VType type
    TypeFrame* frame

cdef struct Blame:
    u8 kind
    i32 offset
    Origin type
    Origin expected

cdef extern void blame(Blame* b, u8 kind, i32 offset) noexcept nogil
cdef extern void blame_frame(Origin* o, TypeFrame* f) noexcept nogil
cdef extern void blame_local(Origin* o, u32 index, TypeFrame* f) noexcept nogil
cdef extern void blame_stack(Origin* o, u32 index, TypeFrame* f) noexcept nogil
cdef extern void blame_map_local(Origin* o, u32 index, TypeFrame* f) noexcept nogil
cdef extern void blame_map_stack(Origin* o, u32 index, TypeFrame* f) noexcept nogil
cdef extern void blame_type(Origin* o, VType type) noexcept nogil            # from nowhere in particular
cdef extern void blame_signature(Origin* o, VType type) noexcept nogil
cdef extern void blame_pool(Origin* o, u32 index, VType type) noexcept nogil
cdef extern void blame_index(Origin* o, u32 index) noexcept nogil

cdef extern int fault(Verifier* v, Blame* b, const char* text) noexcept nogil
cdef extern int fault_number(Verifier* v, Blame* b, const char* text, i32 number) noexcept nogil
# text, number, ", " or " in class …": see the callers.
cdef extern int fault_class(Verifier* v, Blame* b, const char* before, u32 number, const char* between, const char* after,
                            bint class_first) noexcept nogil
cdef extern int fault_branch(Verifier* v, Blame* b, i32 offset, i32 distance) noexcept nogil
cdef extern int fault_hex(Verifier* v, Blame* b, const char* text, u8 byte) noexcept nogil
cdef extern int fault_code(Verifier* v, i32 offset, const char* text) noexcept nogil      # FAULT_BAD_CODE, nothing more to say
# ClassFormatError: text, number if it is not negative, and the method.
cdef extern int fault_format(Verifier* v, const char* text, i32 number) noexcept nogil
cdef extern int fault_stack_map(Verifier* v, const char* text) noexcept nogil             # ClassFormatError, thrown at once
