# Checks of the loop in debug builds: every instruction against the opcode table.
from kernel.types cimport u8
from jvm.loader.classes cimport Frame, JavaThread, Slot

# Called before each dispatch with where the last one was: panics when an instruction with a fixed
# stack effect did not have it, a straight one did not step by its length, or the operand stack
# left its bounds.
cdef extern void check_instruction(JavaThread* t, Frame* frame, u8* pc, Slot* sp, Frame* last_frame, u8* last_pc,
                                   Slot* last_sp, u8 last_op) noexcept nogil
