# Resolving and rewriting instructions: see quicken.pxd.
from kernel.types cimport u8, u16, u32, u64
from kernel.threads.cpu cimport SpinLock, compiler_barrier, spin_lock, spin_unlock, thread_preempt_disable, thread_preempt_enable
from jvm.heap.object cimport SHAPE_MIRROR, shape_kind, window_base
from jvm.interpreter.dynamic cimport link_call_site, resolve_dynamic_constant
from jvm.interpreter.polymorphic cimport INTRINSIC_INVOKE_BASIC, polymorphic_link, polymorphic_method
from jvm.interpreter.helpers cimport field_pop, field_push, type_slots
from jvm.loader.classes cimport (ACC_ABSTRACT, ACC_FINAL, ACC_INTERFACE, ACC_NATIVE, ACC_PRIVATE, ACC_PUBLIC,
                                 ACC_STATIC, ACC_SYNCHRONIZED, ACC_VOLATILE, CLASS_INITIALIZED, CONSTANT_Class, CONSTANT_Double,
                                 CONSTANT_Float, CONSTANT_Integer, CONSTANT_Long, CONSTANT_String,
                                 ConstantValue, Field, Link, METHOD_EMPTY, METHOD_GETTER, METHOD_INITIALIZER, METHOD_POLYMORPHIC,
                                 RESOLVED_CLASS, RESOLVED_LINK, RESOLVED_METHOD, RESOLVED_STRING, Slot, Symbol, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE,
                                 TYPE_FLOAT, TYPE_INT, TYPE_LONG, TYPE_SHORT, class_of)
from jvm.loader.loader cimport class_array_of, class_find_method, class_initialize, class_is_subtype
from jvm.loader.resolution cimport (resolve_class, resolve_field, resolve_method, resolve_string, select_interface, select_virtual)
from jvm.loader.unloading cimport loader_data_stays
from jvm.natives.support cimport pool_member
from jvm.runtime.exceptions cimport throw_format, throw_named, throw_null_pointer
from jvm.runtime.statistics cimport bytecodes_counted

cdef enum:
    OFFSET_MAX = 0xFFFF                  # what fits into the operands of a quick field instruction
    VTABLE_MAX = 0xFF
    GETTER_LENGTH = 5                    # aload_0, getfield, return of a value

cdef public SuperMethods interpreter_super_methods
cdef int super_count

# Guards the bytes of all instructions that are not quick yet.  Held for a few instructions only.
cdef SpinLock lock

cdef void enter() noexcept nogil:
    thread_preempt_disable()
    spin_lock(&lock)

cdef void leave() noexcept nogil:
    spin_unlock(&lock)
    thread_preempt_enable()

cdef int read_instruction(u8* pc, u16* index) noexcept nogil:
    """The opcode at pc and the constant-pool index that belongs to it."""
    cdef int opcode
    enter()
    opcode = pc[0]
    index[0] = pc[1] if opcode == OP_LDC else <u16>(pc[1] << 8 | pc[2])
    leave()
    return opcode

cdef void rewrite(u8* pc, int old, int quick) noexcept nogil:
    """Make the instruction quick, with the same operands."""
    enter()
    if pc[0] == old:
        compiler_barrier()
        pc[0] = <u8>quick
    leave()

cdef void rewrite_operands(u8* pc, int old, int quick, u8 first, u8 second) noexcept nogil:
    enter()
    if pc[0] == old:
        pc[1] = first
        pc[2] = second
        compiler_barrier()
        pc[0] = <u8>quick
    leave()

cdef int quick_getfield(int type) noexcept nogil:
    if type == TYPE_BOOLEAN or type == TYPE_BYTE:
        return OP_Q_GETFIELD_BYTE
    elif type == TYPE_CHAR:
        return OP_Q_GETFIELD_CHAR
    elif type == TYPE_SHORT:
        return OP_Q_GETFIELD_SHORT
    elif type == TYPE_INT or type == TYPE_FLOAT:
        return OP_Q_GETFIELD_INT
    elif type == TYPE_LONG or type == TYPE_DOUBLE:
        return OP_Q_GETFIELD_LONG
    return OP_Q_GETFIELD_REF

cdef int quick_putfield(int type) noexcept nogil:
    if type == TYPE_BOOLEAN:
        return OP_Q_PUTFIELD_BOOLEAN
    elif type == TYPE_BYTE:
        return OP_Q_PUTFIELD_BYTE
    elif type == TYPE_CHAR or type == TYPE_SHORT:
        return OP_Q_PUTFIELD_SHORT
    elif type == TYPE_INT or type == TYPE_FLOAT:
        return OP_Q_PUTFIELD_INT
    elif type == TYPE_LONG or type == TYPE_DOUBLE:
        return OP_Q_PUTFIELD_LONG
    return OP_Q_PUTFIELD_REF

cdef int quick_getstatic(int type) noexcept nogil:
    if type == TYPE_BOOLEAN or type == TYPE_BYTE:
        return OP_Q_GETSTATIC_BYTE
    elif type == TYPE_INT or type == TYPE_FLOAT:
        return OP_Q_GETSTATIC_INT
    elif type == TYPE_LONG or type == TYPE_DOUBLE:
        return OP_Q_GETSTATIC_LONG
    elif type == TYPE_CHAR or type == TYPE_SHORT:
        return OP_Q_GETSTATIC_POOL
    return OP_Q_GETSTATIC_REF

cdef int quick_putstatic(Field* field) noexcept nogil:
    cdef int type = field.type
    if field.access_flags & ACC_VOLATILE or type == TYPE_BOOLEAN or type == TYPE_BYTE or type == TYPE_CHAR or type == TYPE_SHORT:
        return OP_Q_PUTSTATIC_POOL
    elif type == TYPE_INT or type == TYPE_FLOAT:
        return OP_Q_PUTSTATIC_INT
    elif type == TYPE_LONG or type == TYPE_DOUBLE:
        return OP_Q_PUTSTATIC_LONG
    return OP_Q_PUTSTATIC_REF

cdef public int quicken_field(JavaThread* t, Frame* frame) noexcept nogil:
    cdef u8* pc = frame.pc
    cdef u16 index
    cdef int opcode = read_instruction(pc, &index)
    cdef Field* field
    if opcode != OP_GETFIELD and opcode != OP_PUTFIELD and opcode != OP_GETSTATIC and opcode != OP_PUTSTATIC:
        return 0
    field = resolve_field(t, frame.method.holder, frame.method, index, opcode)
    if field == NULL:
        return -1
    if opcode == OP_GETFIELD:
        if field.offset > OFFSET_MAX:
            rewrite(pc, opcode, OP_Q_GETFIELD_POOL)
        else:
            rewrite_operands(pc, opcode, quick_getfield(field.type), <u8>field.offset, <u8>(field.offset >> 8))
        return 0
    if opcode == OP_PUTFIELD:
        if field.offset > OFFSET_MAX or field.access_flags & ACC_VOLATILE:
            rewrite(pc, opcode, OP_Q_PUTFIELD_POOL)
        else:
            rewrite_operands(pc, opcode, quick_putfield(field.type), <u8>field.offset, <u8>(field.offset >> 8))
        return 0
    # JVMS §5.5: reading or writing a static field initialises its class.
    if class_initialize(t, field.holder) != 0:
        return -1
    # Mirrors do not move.
    field.cell = <u8*>field.holder.mirror + field.offset
    if field.holder.state == CLASS_INITIALIZED:
        rewrite(pc, opcode, quick_getstatic(field.type) if opcode == OP_GETSTATIC else quick_putstatic(field))
        return 0
    # This thread is initialising the class: other threads must still meet the barrier here.
    if opcode == OP_GETSTATIC:
        frame.sp = field_push(field.cell, field.type, frame.sp)
    else:
        field_pop(field.cell, field, frame.sp)
        frame.sp -= type_slots(field.type)
    return 3

cdef public void note_getter(Method* method, u8* pc) noexcept nogil:
    """A method whose whole body is `return this.field`.  When bytecodes are counted none is marked, for
    a call without a frame executes only itself."""
    if pc == method.code and OP_Q_THIS_GETFIELD_BYTE <= pc[0] <= OP_Q_THIS_GETFIELD_REF and method.code_length == GETTER_LENGTH \
            and OP_IRETURN <= pc[4] <= OP_ARETURN and not method.access_flags & (ACC_STATIC | ACC_SYNCHRONIZED) \
            and not bytecodes_counted:
        method.flags |= METHOD_GETTER

cdef public int quicken_constant(JavaThread* t, Frame* frame) noexcept nogil:
    cdef u8* pc = frame.pc
    cdef u16 index
    cdef int opcode = read_instruction(pc, &index)
    cdef Class* holder = frame.method.holder
    cdef u8 tag
    if opcode != OP_LDC and opcode != OP_LDC_W and opcode != OP_LDC2_W:
        return 0
    tag = holder.pool.tags[index]
    if opcode == OP_LDC2_W:
        if tag != CONSTANT_Long and tag != CONSTANT_Double and resolve_dynamic_constant(t, holder, index) != 0:
            return -1
        rewrite(pc, opcode, OP_Q_LDC2_W)
        return 0
    if tag == CONSTANT_Class or tag == RESOLVED_CLASS:
        if resolve_class(t, holder, index) == NULL:
            return -1
        rewrite(pc, opcode, OP_Q_LDC_CLASS if opcode == OP_LDC else OP_Q_LDC_W_CLASS)
        return 0
    if tag == CONSTANT_String or tag == RESOLVED_STRING:
        if resolve_string(t, holder, index) == NULL:
            return -1
    elif tag != CONSTANT_Integer and tag != CONSTANT_Float and resolve_dynamic_constant(t, holder, index) != 0:
        return -1
    rewrite(pc, opcode, OP_Q_LDC if opcode == OP_LDC else OP_Q_LDC_W)
    return 0

cdef public Class* quicken_class(JavaThread* t, Frame* frame) noexcept nogil:
    cdef u8* pc = frame.pc
    cdef u16 index
    cdef int opcode = read_instruction(pc, &index)
    cdef Class* klass
    cdef int quick
    if opcode == OP_NEW:
        quick = OP_Q_NEW
    elif opcode == OP_ANEWARRAY:
        quick = OP_Q_ANEWARRAY
    elif opcode == OP_CHECKCAST:
        quick = OP_Q_CHECKCAST
    elif opcode == OP_INSTANCEOF:
        quick = OP_Q_INSTANCEOF
    else:
        return NULL
    klass = resolve_class(t, frame.method.holder, index)
    if klass == NULL:
        return NULL
    if opcode == OP_ANEWARRAY and class_array_of(t, klass) == NULL:
        return NULL
    if opcode == OP_NEW:
        if klass.access_flags & (ACC_ABSTRACT | ACC_INTERFACE) or klass.dimensions != 0:
            throw_format(t, b"java/lang/InstantiationError", b"%S", klass.name)
            return NULL
        if shape_kind(&klass.shape) == SHAPE_MIRROR:
            # Instances of java.lang.Class stand for classes; only the loader makes them.
            throw_format(t, b"java/lang/IllegalAccessError", b"%S", klass.name)
            return NULL
        if class_initialize(t, klass) != 0:
            return NULL
        if klass.state != CLASS_INITIALIZED:
            return klass
    rewrite(pc, opcode, quick)
    return NULL

cdef int super_place(Method* method) noexcept nogil:
    """Index of a method in super_methods, where it is put if need be; -1: the table is full."""
    global super_count
    cdef int place = 0
    cdef int free = -1
    enter()
    while place < super_count and super_methods.at[place] != method:
        if super_methods.at[place] == NULL:
            free = place
        place += 1
    if place == super_count:
        if free >= 0:
            place = free
            super_methods.at[place] = method
        elif super_count == SUPER_METHODS:
            place = -1
        else:
            super_methods.at[place] = method
            super_count += 1
    leave()
    return place

cdef public void super_methods_purge() noexcept nogil:
    """A call that names such a place is in a subclass's code, which goes too."""
    cdef int place
    for place in range(super_count):
        if super_methods.at[place] != NULL and not loader_data_stays(super_methods.at[place].holder.owner):
            super_methods.at[place] = NULL

cdef Method* quicken_static(JavaThread* t, u8* pc, Method* method) noexcept nogil:
    if class_initialize(t, method.holder) != 0:
        return NULL
    if method.holder.state == CLASS_INITIALIZED:
        rewrite(pc, OP_INVOKESTATIC, OP_Q_INVOKESTATIC)
    return method

cdef bint body_is_empty(Method* method) noexcept nogil:
    return method.flags & METHOD_EMPTY and not method.access_flags & (ACC_NATIVE | ACC_ABSTRACT | ACC_SYNCHRONIZED)

cdef Method* quicken_special(JavaThread* t, Frame* frame, u8* pc, u16 index, Method* method) noexcept nogil:
    """JVMS §6.5 invokespecial: a super call runs what the direct superclass has, whichever superclass
    the reference names.  Where that is another method than the constant pool's, the operands become
    an index of `super_methods`."""
    cdef ConstantValue* entry = &frame.constants[index]
    cdef Class* current = frame.method.holder
    cdef int place
    if not method.flags & METHOD_INITIALIZER and not method.access_flags & ACC_PRIVATE \
            and not method.holder.access_flags & ACC_INTERFACE and not current.access_flags & ACC_INTERFACE \
            and method.holder != current and current.super_class != NULL and class_is_subtype(current, method.holder):
        method = class_find_method(current.super_class, method.name, method.descriptor)
        if method == NULL:
            throw_named(t, b"java/lang/AbstractMethodError", NULL)
            return NULL
    if frame.method.holder.pool.tags[index] == RESOLVED_METHOD and entry.method == method:
        if body_is_empty(method):
            # Once more in its quick form, which also registers objects with a finalizer (JLS §12.6.1).
            rewrite(pc, OP_INVOKESPECIAL, OP_Q_INVOKEEMPTY)
            return NULL
        rewrite(pc, OP_INVOKESPECIAL, OP_Q_INVOKEDIRECT)
        return method
    place = super_place(method)
    if place >= 0:
        rewrite_operands(pc, OP_INVOKESPECIAL, OP_Q_INVOKESUPER, <u8>place, <u8>(place >> 8))
    return method

cdef Method* quicken_virtual(JavaThread* t, u8* pc, Method* method, Class* actual) noexcept nogil:
    if method.holder.access_flags & ACC_INTERFACE and not method.access_flags & ACC_PRIVATE:
        # Only a superinterface of the named class declares it: there is no vtable slot, and the
        # method is selected anew each time.
        return select_virtual(t, actual, method)
    if method.vtable_index < 0 or (method.access_flags | method.holder.access_flags) & ACC_FINAL and not method.access_flags & ACC_ABSTRACT:
        # Nobody overrides it.
        rewrite(pc, OP_INVOKEVIRTUAL, OP_Q_INVOKEEMPTY if body_is_empty(method) else OP_Q_INVOKEDIRECT)
        return method
    if method.vtable_index <= VTABLE_MAX and method.argument_slots <= 0xFF:
        rewrite_operands(pc, OP_INVOKEVIRTUAL, OP_Q_INVOKEVIRTUAL, <u8>method.argument_slots, <u8>method.vtable_index)
    else:
        rewrite(pc, OP_INVOKEVIRTUAL, OP_Q_INVOKEVIRTUAL_POOL)
    return actual.vtable[method.vtable_index]

cdef Method* quicken_interface(JavaThread* t, Frame* frame, u8* pc, Method* method, Class* actual) noexcept nogil:
    if method.itable_index < 0 or method.access_flags & ACC_PRIVATE or not method.holder.access_flags & ACC_INTERFACE:
        # A private method of the interface, or one of Object: selected anew each time, for it is rare.
        return select_interface(t, actual, method)
    enter()
    if pc[0] == OP_INVOKEINTERFACE:
        pc[4] = 0
        compiler_barrier()
        pc[0] = OP_Q_INVOKEINTERFACE
    leave()
    return find_interface_method(t, frame, actual)

cdef void quicken_polymorphic(JavaThread* t, Frame* frame, int opcode, u16 index, Method* method) noexcept nogil:
    """JVMS §2.9.3: the method's types are the call site's, so the entry gets a method made for them, or a Link."""
    cdef Class* holder = frame.method.holder
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    if holder.pool.tags[index] != RESOLVED_LINK and holder.pool.tags[index] != RESOLVED_METHOD:
        if pool_member(holder, index, &owner, &name, &descriptor) != 0:
            return
        method = polymorphic_method(t, method, descriptor)
        if method == NULL:
            return
        if method.intrinsic == 0:
            if polymorphic_link(t, holder, index, method, descriptor) == NULL:
                return
        else:
            holder.pool.values[index].method = method
            compiler_barrier()
            holder.pool.tags[index] = RESOLVED_METHOD
    if holder.pool.tags[index] == RESOLVED_LINK:
        rewrite(frame.pc, opcode, OP_Q_INVOKEHANDLE)
    else:
        rewrite(frame.pc, opcode, OP_Q_INVOKEBASIC if method.intrinsic == INTRINSIC_INVOKE_BASIC else OP_Q_LINKTO)

cdef public int quicken_dynamic(JavaThread* t, Frame* frame) noexcept nogil:
    cdef u8* pc = frame.pc
    cdef u16 index
    cdef Link* link
    if read_instruction(pc, &index) != OP_INVOKEDYNAMIC:
        return 0
    link = link_call_site(t, frame, index)
    if link == NULL:
        return -1 if t.exception != NULL else 0
    # JVMS §6.5 invokedynamic: one call site for each instruction, and the first one that is linked stays.
    enter()
    if pc[0] == OP_INVOKEDYNAMIC:
        (<u32*>(pc + 1))[0] = <u32>((<u64>link - window_base()) >> 3)
        compiler_barrier()
        pc[0] = OP_Q_INVOKEDYNAMIC
    leave()
    return 0

cdef public Method* quicken_invoke(JavaThread* t, Frame* frame) noexcept nogil:
    cdef u8* pc = frame.pc
    cdef u16 index
    cdef int opcode = read_instruction(pc, &index)
    cdef Class* holder = frame.method.holder
    cdef Method* method
    cdef Object* receiver
    if opcode < OP_INVOKEVIRTUAL or opcode > OP_INVOKEINTERFACE:
        return NULL
    method = resolve_method(t, holder, index, opcode)
    if method == NULL:
        return NULL
    if method.flags & METHOD_POLYMORPHIC:
        quicken_polymorphic(t, frame, opcode, index, method)
        return NULL
    if opcode == OP_INVOKESTATIC:
        return quicken_static(t, pc, method)
    receiver = (frame.sp - method.argument_slots).a
    if receiver == NULL:
        throw_null_pointer(t)
        return NULL
    if opcode == OP_INVOKESPECIAL:
        return quicken_special(t, frame, pc, index, method)
    elif opcode == OP_INVOKEVIRTUAL:
        return quicken_virtual(t, pc, method, class_of(receiver))
    return quicken_interface(t, frame, pc, method, class_of(receiver))

cdef public Method* find_interface_method(JavaThread* t, Frame* frame, Class* klass) noexcept nogil:
    cdef u8* pc = frame.pc
    cdef Method* method = frame.constants[<u16>(pc[1] << 8 | pc[2])].method
    cdef Method* found
    cdef int place
    for place in range(klass.itable_length):
        if klass.itable[place].interface == method.holder:
            found = klass.itable[place].methods[method.itable_index]
            if found == NULL or not found.access_flags & ACC_PUBLIC:
                break
            if place <= 0xFF:
                pc[4] = <u8>place
            return found
    return select_interface(t, klass, method)

cdef public Method* find_miranda(JavaThread* t, Class* klass, Method* method) noexcept nogil:
    cdef Method* found
    cdef int place
    for place in range(klass.itable_length):
        if klass.itable[place].interface == method.holder:
            found = klass.itable[place].methods[method.itable_index]
            if found != NULL:
                return found
            break
    return select_interface(t, klass, method)
