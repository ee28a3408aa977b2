# Figures of a run: see statistics.pxd.
from kernel.types cimport u32

# The definition behind statistics.pxd's extern variable.
cdef public u32 counted "bytecodes_counted"
