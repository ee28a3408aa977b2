# Method tables: vtables (JVMS §5.4.5 overriding), interface tables, and method selection (§5.4.6).
#
# A vtable has one slot for each method that a superclass's method does not override; methods of
# superinterfaces have none: a call that resolved to an interface method, by whatever instruction, is
# selected through the interface table.
#
# Invariant: a slot belongs to one method and all that override it, down the superclasses; slot i of
# a superclass is slot i here.
from kernel.types cimport u32
from jvm.loader.classes cimport Class, JavaThread, Method, Symbol
from jvm.loader.parser cimport ParsedClass

# Slots that a class needs: the superclass's and at most one for each own method.
cdef extern u32 vtable_bound(ParsedClass* parsed, Class* super_class) noexcept nogil
# Fills klass.vtable; 0, or -1 thrown: a final method would be overridden.
cdef extern int vtable_fill(JavaThread* t, Class* klass) noexcept nogil
# Numbers an interface's methods; makes all_interfaces and the interface tables.  0, or -1 thrown.
cdef extern int itable_make(JavaThread* t, Class* klass) noexcept nogil
# The superinterface method that §5.4.3.3 and §5.4.6 call maximally specific: NULL when there is none.
# `conflict`: a second one that is not abstract either, or NULL.  Without one that is not abstract, any abstract.
cdef extern Method* interface_method_find(Class* klass, Symbol* name, Symbol* descriptor, Method** conflict) noexcept nogil
cdef extern bint same_package(Class* a, Class* b) noexcept nogil         # run-time package, JVMS §5.3
