# Static constraints on the code of one method (JVMS §4.9.1), for the type-inferring verifier: every instruction
# is a known one and ends inside the code, every branch, switch and handler leads to an instruction's first
# byte, pool entries have the kind that the instruction wants, locals exist.
#
# Worded as the host JVM words them for class files before version 50.
from kernel.types cimport u8, u32, i32
from jvm.verifier.types cimport Verifier

cdef extern int old_fault(Verifier* v, const char* text) noexcept nogil                      # VerifyError; -1
cdef extern int old_fault_number(Verifier* v, const char* text, i32 number) noexcept nogil
cdef extern int old_fault_pair(Verifier* v, const char* text, i32 one, const char* between, i32 other) noexcept nogil
cdef extern int old_fault_format(Verifier* v, const char* text) noexcept nogil               # ClassFormatError
cdef extern int old_format(Verifier* v) noexcept nogil                                       # v.method; fills v.marks
cdef extern u32 old_length(Verifier* v, u32 pc) noexcept nogil                               # of an instruction that was found good
