# See merge.pxd.
from kernel.types cimport u8, u32
from kernel.memory.arena cimport arena_alloc
from kernel.memory.string cimport memcpy, memset
from jvm.loader.classes cimport ACC_INTERFACE, Class, Symbol
from jvm.loader.loader cimport class_is_subtype
from jvm.loader.symbols cimport symbol_intern
from jvm.verifier.types cimport (
    FAILURE_NONE, T_NULL, T_TOP, VType, Verifier, is_array, is_name, is_reference, name_of, name_type,
    verify_component, verify_load, verify_out_of_memory)

cdef VType common_class(Verifier* v, VType a, VType b) noexcept nogil:
    cdef Class* x
    cdef Class* y
    if a == v.object or b == v.object:
        return v.object
    x = verify_load(v, name_of(a))
    if x == NULL:
        return T_TOP
    y = verify_load(v, name_of(b))
    if y == NULL:
        return T_TOP
    if (x.access_flags | y.access_flags) & ACC_INTERFACE:
        return v.object                  # interfaces are treated as Object is
    while x.depth > y.depth:
        x = x.super_class
    while y.depth > x.depth:
        y = y.super_class
    while x != y and x.super_class != NULL and y.super_class != NULL:
        x = x.super_class
        y = y.super_class
    return name_type(x.name) if x == y else v.object

cdef u32 dimensions(VType type) noexcept nogil:
    cdef u32 count = 0
    while name_of(type).text[count] == c'[':
        count += 1
    return count

cdef VType array_with(Verifier* v, VType element, u32 count) noexcept nogil:
    """An array of `count` dimensions of a class."""
    cdef Symbol* name = name_of(element)
    cdef u8* text
    cdef Symbol* symbol
    if count == 0:
        return element
    text = <u8*>arena_alloc(&v.arena, count + name.length + 2)
    if text == NULL:
        verify_out_of_memory(v)
        return T_TOP
    memset(text, c'[', count)
    text[count] = c'L'
    memcpy(text + count + 1, name.text, name.length)
    text[count + 1 + <u32>name.length] = c';'
    symbol = symbol_intern(text, count + 2 + <u32>name.length)
    if symbol == NULL:
        verify_out_of_memory(v)
    return name_type(symbol)

cdef VType element_of(Verifier* v, VType array, u32 count) noexcept nogil:
    """The class at the bottom of an array; 0: a primitive type is there."""
    cdef Symbol* name = name_of(array)
    cdef Symbol* symbol
    if name.text[count] != c'L':
        return 0
    symbol = symbol_intern(name.text + count + 1, <u32>name.length - count - 2)
    if symbol == NULL:
        verify_out_of_memory(v)
    return name_type(symbol)

cdef VType merge_arrays(Verifier* v, VType a, VType b) noexcept nogil:
    cdef u32 x = dimensions(a)
    cdef u32 y = dimensions(b)
    cdef u32 least = x if x < y else y
    cdef VType one = element_of(v, a, x)
    cdef VType other = element_of(v, b, y)
    if v.failure != FAILURE_NONE:
        return T_TOP
    if x == y and one != 0 and other != 0:
        return array_with(v, common_class(v, one, other), x)
    # What is left of either is an object, unless it is a primitive type: then a dimension less is one.
    if (x == least and one == 0) or (y == least and other == 0):
        least -= 1
    return array_with(v, v.object, least)

cdef public VType merge_types(Verifier* v, VType a, VType b) noexcept nogil:
    if a == b:
        return a
    if not is_reference(a) or not is_reference(b):
        return T_TOP
    if a == T_NULL:
        return b
    if b == T_NULL:
        return a
    if is_array(a) and is_array(b):
        return merge_arrays(v, a, b)
    if is_array(a) or is_array(b):
        return v.object
    return common_class(v, a, b)

cdef public int merge_assignable(Verifier* v, VType other, VType to) noexcept nogil:
    cdef Class* target
    cdef Class* source
    if other == to or (is_reference(other) and to == v.object) or (other == T_NULL and is_reference(to)):
        return 1
    if not is_name(other) or not is_name(to):
        return 0
    if is_array(to):
        if not is_array(other):
            return 0
        to = verify_component(v, to)
        other = verify_component(v, other)
        return -1 if v.failure != FAILURE_NONE else merge_assignable(v, other, to)
    target = verify_load(v, name_of(to))
    if target == NULL:
        return -1
    if target.access_flags & ACC_INTERFACE:
        return 1
    if is_array(other):
        return 0
    source = verify_load(v, name_of(other))
    if source == NULL:
        return -1
    return class_is_subtype(source, target)
