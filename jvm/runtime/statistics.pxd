# Figures of a run.
from kernel.types cimport u32

# Nonzero: the interpreter counts in JavaThread.bytecodes.  Set once, before any Java code runs.
cdef extern u32 bytecodes_counted
