# Is one reference type assignable to another?  The rules of JVMS §6.5 checkcast and instanceof.
#
# Interface: both classes loaded; no allocation, no lock.
from kernel.types cimport u16
from jvm.loader.classes cimport ACC_INTERFACE, Class, DISPLAY_DEPTH, TYPE_REFERENCE
from jvm.loader.wellknown cimport wk

cdef bint implements(Class* sub, Class* interface) noexcept nogil:
    cdef u16 index
    for index in range(sub.all_interface_count):
        if sub.all_interfaces[index] == interface:
            return True
    return False

cdef public int class_is_subtype(Class* sub, Class* of) noexcept nogil:
    cdef Class* up
    while sub != of:
        if of.dimensions != 0:
            # An array: only arrays of a subtype of its element; primitive elements must be the same.
            if sub.dimensions == 0:
                return 0
            sub = sub.element
            of = of.element
            if sub.type != TYPE_REFERENCE or of.type != TYPE_REFERENCE:
                return sub == of
            continue
        if of.access_flags & ACC_INTERFACE:
            # Arrays implement Cloneable and Serializable (JLS §4.10.3).
            if sub.dimensions != 0:
                return of == wk.java_lang_Cloneable or of == wk.java_io_Serializable
            return implements(sub, of)
        if sub.dimensions != 0 or sub.access_flags & ACC_INTERFACE:
            return of == wk.java_lang_Object and sub.type == TYPE_REFERENCE
        if of.depth < DISPLAY_DEPTH:
            return sub.display[of.depth] == of
        up = sub.super_class
        while up != NULL and up != of:
            up = up.super_class
        return up != NULL
    return 1
