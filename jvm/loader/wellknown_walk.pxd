# The loops over the tables of the generated module jvm/loader/wellknown.
#
# Interface: each fills `into` in the table's order.  They return -1 with t.exception set, or after a
# printed message that names what the class library lacks: it is not the one this machine was built for.
from kernel.types cimport u32
from jvm.loader.classes cimport Class, JavaThread, Method

cdef struct WellKnownField:
    int holder                           # index of its class
    const char* name
    const char* descriptor               # methods only

cdef extern int wellknown_walk_classes(JavaThread* t, const char* const* names, int count, Class** into) noexcept nogil
cdef extern int wellknown_walk_arrays(JavaThread* t, const char* const* names, int count, Class** into) noexcept nogil
cdef extern int wellknown_walk_fields(Class** classes, const WellKnownField* rows, int count, u32* into) noexcept nogil
cdef extern int wellknown_walk_methods(Class** classes, const WellKnownField* rows, int count, Method** into) noexcept nogil
