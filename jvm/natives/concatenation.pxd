# String concatenation without StringConcatFactory: the call sites that javac makes (JLS §15.18.1) run one native
# method instead of method handles that the class library would have to spin.
#
# `--config indy-shortcuts=0` switches this off; both ways give the same strings in the same order of evaluation.
from kernel.types cimport u8, u16, u32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, JavaThread, Link, LoaderData, Slot, Symbol

cdef enum:
    PIECE_LITERAL = 0                    # Piece.type of text; else the operand's PrimitiveType

cdef struct Piece:
    u8 type
    u8 wide                              # a literal with characters above U+00FF
    u16 slot                             # of the operand
    u32 length
    u16* text

# A call site of StringConcatFactory.makeConcatWithConstants with this type, whose row of the BootstrapMethods attribute
# is at `row`.  NULL: it is not so plain that this can link it, or (t.exception set) there is no memory.
cdef extern Link* concatenation_link(JavaThread* t, Class* caller, const u8* row, Symbol* descriptor) noexcept nogil
# A piece of the characters of a string; its text is the loader's.  -1: no memory.
cdef extern int piece_literal(LoaderData* loader, Piece* piece, Object* string, u32 start, u32 end) noexcept nogil
# The string of the pieces, whose operands are in `args`, which change.  NULL: t.exception is set.
cdef extern Object* pieces_join(JavaThread* t, Piece* pieces, u32 count, Slot* args) noexcept nogil
