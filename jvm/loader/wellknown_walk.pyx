# See wellknown_walk.pxd.
from kernel.types cimport u8, u32
from kernel.diagnostics.format cimport kprint
from kernel.memory.string cimport strlen
from jvm.loader.classes cimport Class, JavaThread, Method
from jvm.loader.loader cimport class_by_descriptor, class_link, class_named_method, loader_boot, loader_load_boot
from jvm.loader.symbols cimport symbol_from, symbol_matches

cdef public int wellknown_walk_classes(JavaThread* t, const char* const* names, int count, Class** into) noexcept nogil:
    cdef int index
    for index in range(count):
        into[index] = loader_load_boot(t, symbol_from(names[index]))
        if into[index] == NULL:
            if t.exception == NULL:
                kprint(b"Error: class %s is not in the class library\n", names[index])
            return -1
        if class_link(t, into[index]) != 0:
            return -1
    return 0

cdef public int wellknown_walk_arrays(JavaThread* t, const char* const* names, int count, Class** into) noexcept nogil:
    cdef int index
    for index in range(count):
        into[index] = class_by_descriptor(t, loader_boot(), <const u8*>names[index], <u32>strlen(names[index]))
        if into[index] == NULL:
            return -1
    return 0

cdef public int wellknown_walk_fields(Class** classes, const WellKnownField* rows, int count, u32* into) noexcept nogil:
    cdef int index, slot
    cdef Class* holder
    for index in range(count):
        holder = classes[rows[index].holder]
        for slot in range(<int>holder.field_count + holder.injected_count):
            if symbol_matches(holder.fields[slot].name, rows[index].name):
                into[index] = holder.fields[slot].offset
                break
        else:
            kprint(b"Error: field %s.%s is not in the class library\n", holder.name.text, rows[index].name)
            return -1
    return 0

cdef public int wellknown_walk_methods(Class** classes, const WellKnownField* rows, int count, Method** into) noexcept nogil:
    cdef int index
    cdef Class* holder
    for index in range(count):
        holder = classes[rows[index].holder]
        into[index] = class_named_method(holder, rows[index].name, rows[index].descriptor)
        if into[index] == NULL:
            kprint(b"Error: method %s.%s%s is not in the class library\n", holder.name.text, rows[index].name,
                   rows[index].descriptor)
            return -1
    return 0
