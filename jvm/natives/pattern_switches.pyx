# Switches: see pattern_switches.pxd.
#
# Invariant: a Switch lives for ever and holds no objects: its strings are in the constant pool, which keeps them.
from kernel.types cimport i32, i64, u8, u16, u32, u64
from kernel.memory.string cimport memcmp
from jvm.heap.object cimport Object, array_data, array_length, ref_load
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (ACC_ENUM, CONSTANT_Class, CONSTANT_Integer, CONSTANT_String, Method, NativeMethod, RESOLVED_CLASS,
                                 RESOLVED_STRING, Slot, TYPE_BYTE, TYPE_CHAR, TYPE_INT, TYPE_SHORT, class_of)
from jvm.loader.loader cimport class_by_descriptor, class_is_subtype
from jvm.loader.memory cimport loader_alloc
from jvm.loader.resolution cimport resolve_class, resolve_string
from jvm.loader.wellknown cimport off, wk
from jvm.natives.boxing cimport unbox
from jvm.natives.call_sites cimport native_link
from jvm.natives.support cimport known_field
from jvm.runtime.exceptions cimport throw_named, throw_out_of_memory

cdef struct Label:
    Class* klass                         # NULL: a constant
    u16 string                           # index of a resolved string in the caller's pool, or 0
    i32 number

cdef struct Switch:
    Method method                        # must be first
    Class* caller
    u32 count
    Label* labels

cdef u32 enum_name

# --- linking ------------------------------------------------------------------------------------------

cdef bint takes_object(Symbol* descriptor) noexcept nogil:
    """(L…;I)I: the selector is no array and no primitive value, which have rules of their own."""
    cdef u32 n = descriptor.length
    return n > 6 and descriptor.text[1] == c'L' and descriptor.text[n - 4] == c';' and descriptor.text[n - 3] == c'I' \
        and descriptor.text[n - 2] == c')' and descriptor.text[n - 1] == c'I'


cdef int read_label(JavaThread* t, Class* caller, u16 index, bint enums, Label* label) noexcept nogil:
    """1; 0: a label of another kind; -1: thrown."""
    cdef u8 tag = caller.pool.tags[index] if index < caller.pool.count else 0
    if tag == CONSTANT_Class or tag == RESOLVED_CLASS:
        label.klass = resolve_class(t, caller, index)
        return 1 if label.klass != NULL else -1
    if tag == CONSTANT_String or tag == RESOLVED_STRING:
        label.string = index
        return 1 if resolve_string(t, caller, index) != NULL else -1
    if tag == CONSTANT_Integer and not enums:
        label.number = caller.pool.values[index].i
        return 1
    return 0


cdef bint is_enum(JavaThread* t, Class* caller, Symbol* descriptor) noexcept nogil:
    """Whether the selector's type is an enum class, as enumSwitch asks for."""
    cdef Class* klass = class_by_descriptor(t, caller.loader, descriptor.text + 1, descriptor.length - 4)
    return klass != NULL and klass.access_flags & ACC_ENUM != 0


cdef public Link* switch_link(JavaThread* t, Class* caller, const u8* row, Symbol* name, Symbol* descriptor, bint enums) noexcept nogil:
    cdef Switch* s
    cdef u32 count = bytes_u2(row + 2)
    cdef u32 i
    cdef int outcome = 1
    if not takes_object(descriptor):
        return NULL
    s = <Switch*>loader_alloc(caller.owner, sizeof(Switch))
    if s != NULL:
        s.labels = <Label*>loader_alloc(caller.owner, sizeof(Label) * (<u64>count + 1))
    if s == NULL or s.labels == NULL:
        throw_out_of_memory(t, b"Metaspace")
        return NULL
    s.caller = caller
    s.count = count
    if enums and not is_enum(t, caller, descriptor):
        outcome = 0
    for i in range(count):
        if outcome > 0:
            outcome = read_label(t, caller, bytes_u2(row + 4 + 2 * i), enums, &s.labels[i])
    if outcome <= 0:
        t.exception = NULL               # the bootstrap method will say it in its own words
        return NULL
    return native_link(t, caller, &s.method, name, descriptor, <NativeMethod>select_enum if enums else <NativeMethod>select_label)

# --- running ------------------------------------------------------------------------------------------

cdef bint equal_text(Object* a, Object* b) noexcept nogil:
    cdef Object* x = ref_load(a, off.java_lang_String_value)
    cdef Object* y = ref_load(b, off.java_lang_String_value)
    return a == b or ((<u8*>a + off.java_lang_String_coder)[0] == (<u8*>b + off.java_lang_String_coder)[0]
                      and array_length(x) == array_length(y) and memcmp(array_data(x), array_data(y), array_length(x)) == 0)


cdef bint is_number(Object* target, i32 number) noexcept nogil:
    """A constant of a switch over Integer and its kin (JLS §14.11.1)."""
    cdef Slot value
    cdef int type = unbox(target, &value)
    return (type == TYPE_INT or type == TYPE_SHORT or type == TYPE_BYTE or type == TYPE_CHAR) and value.i == number


cdef inline bint starts(JavaThread* t, Switch* s, Slot* args, Slot* result) noexcept nogil:
    """Whether there are labels to look at; args[1] is the first."""
    if args[1].i < 0 or <u32>args[1].i > s.count:
        throw_named(t, b"java/lang/IndexOutOfBoundsException", b"switch restarts behind its labels")
        return False
    result.i = -1
    return args[0].a != NULL


cdef void select_label(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Switch* s = <Switch*>t.frame.method
    cdef Object* target = args[0].a
    cdef Label* label
    cdef u32 i
    if not starts(t, s, args, result):
        return
    for i in range(<u32>args[1].i, s.count):
        label = &s.labels[i]
        if label.klass != NULL:
            if class_is_subtype(class_of(target), label.klass):
                result.i = <i32>i
                return
        elif label.string != 0:
            if class_of(target) == wk.java_lang_String and equal_text(target, s.caller.pool.values[label.string].object):
                result.i = <i32>i
                return
        elif is_number(target, label.number):
            result.i = <i32>i
            return
    result.i = <i32>s.count


cdef void select_enum(JavaThread* t, Slot* args, Slot* result) noexcept nogil:
    cdef Switch* s = <Switch*>t.frame.method
    cdef Object* target = args[0].a
    cdef Object* name
    cdef Label* label
    cdef bint found
    cdef u32 i
    if not starts(t, s, args, result):
        return
    name = ref_load(target, known_field(&enum_name, b"java/lang/Enum", b"name", b"Ljava/lang/String;"))
    for i in range(<u32>args[1].i, s.count):
        label = &s.labels[i]
        if label.klass != NULL:
            found = class_is_subtype(class_of(target), label.klass) != 0
        else:
            found = equal_text(name, s.caller.pool.values[label.string].object)
        if found:
            result.i = <i32>i
            return
    result.i = <i32>s.count
