# See layout.pxd.
from kernel.types cimport u8, u16, u32
from kernel.memory.string cimport memcpy
from jvm.heap.object cimport (OBJECT_HEADER, ReferenceRun, SHAPE_INSTANCE, SHAPE_LOADER, SHAPE_MIRROR, SHAPE_REFERENCE, SHAPE_UNLOADABLE,
                              STRENGTH_FINAL, STRENGTH_PHANTOM, STRENGTH_SOFT, STRENGTH_WEAK, shape_kind)
from jvm.loader.classes cimport (
    ACC_STATIC, ACC_SYNTHETIC, Class, Field, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT, TYPE_INT, TYPE_LONG, TYPE_REFERENCE,
    TYPE_SHORT)
from jvm.loader.descriptors cimport descriptor_type
from jvm.loader.memory cimport loader_alloc
from jvm.loader.parser cimport ParsedClass
from jvm.loader.symbols cimport symbol_from
from jvm.loader.wellknown cimport sym, wellknown_injected

cdef enum:                               # groups of fields, in the order in which they are placed
    GROUP_8 = 0
    GROUP_4 = 1
    GROUP_REFERENCE = 2
    GROUP_2 = 3
    GROUP_1 = 4
    GROUP_HIDDEN_REFERENCE = 5           # Reference.referent and .discovered: the collector has its own ideas
    GROUPS = 6

cdef struct Placing:
    Class* klass
    u16 wanted                           # ACC_STATIC or 0
    u32 position
    u32 left[GROUPS]                     # fields not yet placed, by group
    u32 next[GROUPS]                     # where the search for the next of a group goes on
    ReferenceRun* runs
    u32 run_count

cdef inline int group_of(Class* klass, Field* field) noexcept nogil:
    cdef u8 type = field.type
    if type == TYPE_REFERENCE:
        if klass.name == sym.java_lang_ref_Reference and not field.access_flags & ACC_STATIC \
                and (field.name == sym.referent or field.name == sym.discovered):
            return GROUP_HIDDEN_REFERENCE
        return GROUP_REFERENCE
    elif type == TYPE_LONG or type == TYPE_DOUBLE: return GROUP_8
    elif type == TYPE_INT or type == TYPE_FLOAT: return GROUP_4
    elif type == TYPE_SHORT or type == TYPE_CHAR: return GROUP_2
    return GROUP_1

cdef inline u32 size_of(int group) noexcept nogil:
    if group == GROUP_8: return 8
    elif group == GROUP_2: return 2
    elif group == GROUP_1: return 1
    return 4

cdef void add_reference(Placing* p, u32 offset) noexcept nogil:
    cdef ReferenceRun* last
    if p.run_count > 0:
        last = &p.runs[p.run_count - 1]
        if last.offset + 4 * last.count == offset:
            last.count += 1
            return
    p.runs[p.run_count].offset = offset
    p.runs[p.run_count].count = 1
    p.run_count += 1

cdef void place_one(Placing* p, int group) noexcept nogil:
    """The next field of the group goes to the current position, which is aligned for it."""
    cdef u32 index = p.next[group]
    cdef Field* field
    while True:
        field = &p.klass.fields[index]
        index += 1
        if field.access_flags & ACC_STATIC == p.wanted and group_of(p.klass, field) == group:
            break
    p.next[group] = index
    p.left[group] -= 1
    field.offset = p.position
    if group == GROUP_REFERENCE:
        add_reference(p, p.position)
    p.position += size_of(group)

cdef void fill_to(Placing* p, u32 alignment) noexcept nogil:
    """Moves the position to a multiple of `alignment`, using the gap for smaller fields."""
    while p.position & (alignment - 1) != 0:
        if p.position & 3 == 0 and p.left[GROUP_4] > 0:
            place_one(p, GROUP_4)
        elif p.position & 3 == 0 and p.left[GROUP_REFERENCE] > 0:
            place_one(p, GROUP_REFERENCE)
        elif p.position & 1 == 0 and p.left[GROUP_2] > 0 and alignment > 2:
            place_one(p, GROUP_2)
        elif p.left[GROUP_1] > 0:
            place_one(p, GROUP_1)
        else:
            p.position += 1

cdef void place_all(Placing* p, bint references_first) noexcept nogil:
    cdef int step, group
    for step in range(GROUPS):
        group = step
        if references_first:             # 2 0 1 3 4 5
            group = GROUP_REFERENCE if step == 0 else step - 1 if step <= 2 else step
        if p.left[group] > 0:
            fill_to(p, size_of(group))
            while p.left[group] > 0:
                place_one(p, group)

cdef bint count_fields(Placing* p, Class* klass, u16 wanted) noexcept nogil:
    cdef u32 index
    cdef bint found = False
    p.klass = klass
    p.wanted = wanted
    p.run_count = 0
    p.runs = NULL
    for index in range(GROUPS):
        p.left[index] = 0
        p.next[index] = 0
    for index in range(<u32>klass.field_count + klass.injected_count):
        if klass.fields[index].access_flags & ACC_STATIC == wanted:
            p.left[group_of(klass, &klass.fields[index])] += 1
            found = True
    return found

cdef int reference_strength(Class* klass) noexcept nogil:
    """Of a Reference subclass: by the nearest of the library's four; 0 for Reference itself."""
    if klass.name == sym.java_lang_ref_SoftReference: return STRENGTH_SOFT
    elif klass.name == sym.java_lang_ref_WeakReference: return STRENGTH_WEAK
    elif klass.name == sym.java_lang_ref_FinalReference: return STRENGTH_FINAL
    elif klass.name == sym.java_lang_ref_PhantomReference: return STRENGTH_PHANTOM
    return 0

cdef int layout_statics(Class* klass) noexcept nogil:
    cdef Placing p
    if not count_fields(&p, klass, ACC_STATIC):
        return 0
    p.position = 0
    if p.left[GROUP_REFERENCE] > 0:
        klass.static_runs = <ReferenceRun*>loader_alloc(klass.owner, sizeof(ReferenceRun))
        if klass.static_runs == NULL:
            return -1
    p.runs = klass.static_runs
    place_all(&p, True)
    klass.static_run_count = p.run_count
    klass.static_size = p.position
    return 0

cdef public int class_layout(Class* klass) noexcept nogil:
    cdef Placing p
    cdef Class* super_class = klass.super_class
    cdef int strength
    cdef u32 inherited = 0
    klass.shape.kind = SHAPE_INSTANCE
    klass.instance_end = OBJECT_HEADER
    if super_class != NULL:
        klass.shape.kind = <u8>shape_kind(&super_class.shape)
        klass.shape.strength = super_class.shape.strength
        klass.shape.run_count = inherited = super_class.shape.run_count
        klass.shape.runs = super_class.shape.runs
        klass.instance_end = super_class.instance_end
    if klass.loader.object == NULL:
        strength = reference_strength(klass)
        if strength != 0:
            klass.shape.strength = <u8>strength
        if klass.name == sym.java_lang_ref_Reference:
            klass.shape.kind = SHAPE_REFERENCE
        elif klass.name == sym.java_lang_Class:
            klass.shape.kind = SHAPE_MIRROR
        elif klass.name == sym.java_lang_ClassLoader:
            klass.shape.kind = SHAPE_LOADER
    if not klass.owner.permanent:
        klass.shape.kind |= SHAPE_UNLOADABLE
    if count_fields(&p, klass, 0):
        p.position = klass.instance_end
        if p.left[GROUP_REFERENCE] > 0:
            # At most two more runs: one in the superclass's tail, one with the rest.
            p.runs = <ReferenceRun*>loader_alloc(klass.owner, sizeof(ReferenceRun) * (inherited + 2))
            if p.runs == NULL:
                return -1
            memcpy(p.runs, klass.shape.runs, sizeof(ReferenceRun) * inherited)
            p.run_count = inherited
        place_all(&p, False)
        if p.runs != NULL:
            klass.shape.runs = p.runs
            klass.shape.run_count = p.run_count
        klass.instance_end = p.position
    klass.shape.size = (klass.instance_end + 7) & ~<u32>7
    return layout_statics(klass)

cdef public void layout_shift_statics(Class* klass, u32 mirror_size) noexcept nogil:
    cdef u32 index
    for index in range(klass.field_count):
        if klass.fields[index].access_flags & ACC_STATIC:
            klass.fields[index].offset += mirror_size
    for index in range(klass.static_run_count):
        klass.static_runs[index].offset += mirror_size

cdef public int layout_inject(ParsedClass* parsed) noexcept nogil:
    cdef const char* name
    cdef const char* descriptor
    cdef int count = 0
    cdef int index
    cdef Field* fields
    cdef Field* field
    while wellknown_injected(parsed.name, count, &name, &descriptor):
        count += 1
    parsed.injected_count = 0
    if count == 0:
        return 0
    fields = <Field*>loader_alloc(parsed.owner, sizeof(Field) * (parsed.field_count + count))
    if fields == NULL:
        return -1
    memcpy(fields, parsed.fields, sizeof(Field) * parsed.field_count)
    for index in range(count):
        wellknown_injected(parsed.name, index, &name, &descriptor)
        field = &fields[parsed.field_count + index]
        field.name = symbol_from(name)
        field.descriptor = symbol_from(descriptor)
        if field.name == NULL or field.descriptor == NULL:
            return -1
        field.type = descriptor_type(<u8>descriptor[0])
        field.slot = <u16>(parsed.field_count + index)
        field.access_flags = ACC_SYNTHETIC
    parsed.fields = fields
    parsed.injected_count = <u16>count
    return 0
