# Checks of the loop in debug builds: see checks.pxd.
from kernel.types cimport i64, u8, u32, u64
from kernel.diagnostics.format cimport Text, text_init, text_print
from kernel.diagnostics.panic cimport panic
from jvm.interpreter.describe cimport describe_place
from jvm.interpreter.opcodes cimport *
from jvm.loader.classes cimport Frame, JavaThread, Slot

cdef void broken(Frame* frame, u8 op, i64 found, i64 expected, const char* what) noexcept nogil:
    cdef char message[512]
    cdef Text text
    text_init(&text, message, sizeof(message))
    text_print(&text, b"interpreter: after opcode %u %s is %d, not %d,", op, what, found, expected)
    describe_place(&text, frame)
    panic(message)

cdef bint may_branch(u8 op) noexcept nogil:
    return (OP_IFEQ <= op <= OP_RETURN) or (OP_IFNULL <= op <= OP_JSR_W)

cdef public void check_instruction(JavaThread* t, Frame* frame, u8* pc, Slot* sp, Frame* last_frame, u8* last_pc,
                                   Slot* last_sp, u8 last_op) noexcept nogil:
    cdef Slot* bottom = <Slot*>(frame + 1)
    cdef i64 depth = sp - bottom
    t.bytecodes += 1
    if frame != t.frame:
        frame.pc = pc
        broken(frame, last_op, <i64>frame, <i64>t.frame, b"the frame")
    frame.pc = pc
    if depth < 0 or depth > frame.method.max_stack:
        broken(frame, last_op, depth, frame.method.max_stack, b"the stack's depth")
    if pc < frame.method.code or pc >= frame.method.code + frame.method.code_length:
        broken(frame, last_op, pc - frame.method.code, frame.method.code_length, b"the place in the code")
    if frame != last_frame or last_pc == NULL or pc == last_pc or opcode_length[last_op] <= 0 or may_branch(last_op):
        # Another frame, a retry in quick form, or an instruction whose end or target varies.
        return
    if pc != last_pc + opcode_length[last_op]:
        # An exception handler starts with a stack of one; so does nothing else here.
        if depth != 1:
            broken(frame, last_op, pc - last_pc, opcode_length[last_op], b"the step")
        return
    if opcode_pops[last_op] >= 0 and opcode_pushes[last_op] >= 0 \
            and sp - last_sp != opcode_pushes[last_op] - opcode_pops[last_op] and depth != 1:
        broken(frame, last_op, sp - last_sp, opcode_pushes[last_op] - opcode_pops[last_op], b"the stack's change")
