# Tables of the verifiers by opcode, made by instructions.py.
cdef extern from "jvm/verifier/instructions.h" nogil:
    const char[256][28] opcode_name      # as messages have it; "<illegal>" for none
    const char[256][8] opcode_effect     # pops, '>', pushes in the letters I J F D; "" when that does not say all
    const signed char[256] opcode_checked_length     # 0: varies, -1: no instruction
