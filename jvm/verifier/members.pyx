# See members.pxd.
from kernel.types cimport u8, u16, u32
from jvm.interpreter.opcodes cimport (
    OP_GETFIELD, OP_GETSTATIC, OP_INVOKEDYNAMIC, OP_INVOKEINTERFACE, OP_INVOKESPECIAL, OP_INVOKESTATIC,
    OP_INVOKEVIRTUAL, OP_LDC2_W, OP_NEW, OP_PUTFIELD, OP_PUTSTATIC)
from jvm.loader.bytes cimport bytes_u2
from jvm.loader.classes cimport (
    ACC_PROTECTED, CONSTANT_Class, CONSTANT_Double, CONSTANT_Dynamic, CONSTANT_Fieldref, CONSTANT_Float,
    CONSTANT_Integer, CONSTANT_InterfaceMethodref, CONSTANT_InvokeDynamic, CONSTANT_Long, CONSTANT_MethodHandle,
    CONSTANT_MethodType, CONSTANT_Methodref, CONSTANT_String, Class, Method, Symbol)
from jvm.loader.loader cimport class_find_declared_field, class_find_in_supers
from jvm.loader.tables cimport same_package
from jvm.loader.wellknown cimport sym
from jvm.verifier.check cimport check_handlers
from jvm.verifier.fault cimport (
    Blame, FAULT_BAD_POOL, FAULT_WRONG_TYPE, blame, blame_index, blame_pool, blame_stack, blame_type, fault, fault_class,
    fault_code, fault_format)
from jvm.verifier.frames cimport (TypeFrame, frame_initialize, frame_pop, frame_pop_two, frame_push, frame_push_two)
from jvm.verifier.types cimport (
    FAILURE_NONE, Signature, T_ANY_REFERENCE, T_DOUBLE, T_FLOAT, T_INT, T_LONG, T_TOP, T_UNINITIALIZED_THIS, VType, Verifier,
    is_array, is_object, is_two, is_uninitialized, name_type, verify_assignable, verify_class_name,
    verify_descriptor_type, verify_load, verify_member, verify_named_above, verify_protected_field,
    verify_protected_method, verify_reference_assignable, verify_signature, verify_tag)

cdef public int check_pool_tag(Check* c, u32 index, u32 tags) noexcept nogil:
    cdef Blame b
    cdef u8 tag
    if index == 0 or index >= c.v.klass.pool.count:
        blame(&b, FAULT_BAD_POOL, c.f.offset)
        blame_index(&b.type, index)
        return fault_class(c.v, &b, b"Illegal constant pool index ", index, b" in class ", b"", False)
    tag = verify_tag(c.v, index)
    if tag > 31 or not (<u32>1 << tag) & tags:
        blame(&b, FAULT_BAD_POOL, c.f.offset)
        blame_index(&b.type, index)
        return fault_class(c.v, &b, b"Illegal type at constant pool entry ", index, b" in class ", b"", False)
    return 0

cdef inline u32 bit(u8 tag) noexcept nogil:
    return <u32>1 << tag

cdef inline VType on_stack(VType type) noexcept nogil:
    return T_INT if type >= 8 and type <= 11 else type           # T_BOOLEAN … T_SHORT

cdef int push(Check* c, VType type) noexcept nogil:
    """A value of a field or constant: each slot for itself."""
    if frame_push(c.v, &c.f, on_stack(type)) != 0:
        return -1
    if not is_two(type):
        return 0
    return frame_push(c.v, &c.f, 6 if type == T_LONG else 7)      # T_LONG_2, T_DOUBLE_2

cdef int pop(Check* c, VType type) noexcept nogil:
    if is_two(type) and frame_pop(c.v, &c.f, 6 if type == T_LONG else 7, NULL) != 0:
        return -1
    return frame_pop(c.v, &c.f, on_stack(type), NULL)

# --- constants (§6.5 ldc) ----------------------------------------------------------------------------
cdef public int check_constant(Check* c, u8 op, u32 index) noexcept nogil:
    cdef u32 wide = bit(CONSTANT_Long) | bit(CONSTANT_Double) | bit(CONSTANT_Dynamic)
    cdef u32 narrow = bit(CONSTANT_Integer) | bit(CONSTANT_Float) | bit(CONSTANT_String) | bit(CONSTANT_Class) \
        | bit(CONSTANT_MethodHandle) | bit(CONSTANT_MethodType) | bit(CONSTANT_Dynamic)
    cdef u32 tags = wide if op == OP_LDC2_W else narrow
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef VType type
    cdef u8 tag
    if check_pool_tag(c, index, tags) != 0:
        return -1
    tag = verify_tag(c.v, index)
    if tag == CONSTANT_Integer: type = T_INT
    elif tag == CONSTANT_Float: type = T_FLOAT
    elif tag == CONSTANT_Long: type = T_LONG
    elif tag == CONSTANT_Double: type = T_DOUBLE
    elif tag == CONSTANT_String: type = c.v.string
    elif tag == CONSTANT_Class: type = c.v.class_type
    elif tag == CONSTANT_MethodHandle: type = c.v.method_handle
    elif tag == CONSTANT_MethodType: type = c.v.method_type
    else:
        if verify_member(c.v, index, &owner, &name, &descriptor) != 0:
            return -1
        type = verify_descriptor_type(c.v, descriptor.text, descriptor.length)
        if c.v.failure != FAILURE_NONE:
            return -1
        if is_two(type) != (op == OP_LDC2_W):
            return check_pool_tag(c, index, tags & ~bit(CONSTANT_Dynamic))
        return push(c, type)
    if is_two(type):
        return frame_push_two(c.v, &c.f, type)
    return frame_push(c.v, &c.f, type)

# --- fields (§6.5 getfield, putfield, getstatic, putstatic) ------------------------------------------
cdef int wrong_receiver(Check* c, VType want, const char* text) noexcept nogil:
    cdef Blame b
    blame(&b, FAULT_WRONG_TYPE, c.f.offset)
    blame_stack(&b.type, c.f.stack_size, &c.f)
    blame_type(&b.expected, want)
    return fault(c.v, &b, text)

cdef int check_protected_field(Check* c, VType object, Symbol* owner, Symbol* name, Symbol* descriptor, bint get) noexcept nogil:
    cdef Verifier* v = c.v
    cdef Class* target
    cdef int fits
    if object == v.self or not verify_named_above(v.klass, owner):
        return 0
    target = verify_load(v, owner)
    if target == NULL:
        return -1
    if not verify_protected_field(v.klass, target, name, descriptor):
        return 0
    fits = verify_assignable(v, v.self, object, True)
    if fits < 0:
        return -1
    if not fits:
        return wrong_receiver(c, v.self, b"Bad access to protected data in getfield" if get
                              else b"Bad access to protected data in putfield")
    return 0

cdef public int check_field(Check* c, u8 op) noexcept nogil:
    cdef Verifier* v = c.v
    cdef Blame b
    cdef u32 index = bytes_u2(v.code + c.f.offset + 1)
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef VType type, target, object
    cdef int fits
    if check_pool_tag(c, index, bit(CONSTANT_Fieldref)) != 0 or verify_member(v, index, &owner, &name, &descriptor) != 0:
        return -1
    target = name_type(owner)
    if is_array(target) and (op == OP_GETFIELD or op == OP_PUTFIELD):
        blame(&b, FAULT_WRONG_TYPE, c.f.offset)
        blame_pool(&b.type, index, target)
        return fault_class(v, &b, b"Expecting reference to class in class ", index, b" at constant pool index ", b"", True)
    type = verify_descriptor_type(v, descriptor.text, descriptor.length)
    if v.failure != FAILURE_NONE:
        return -1
    if op == OP_GETSTATIC:
        return push(c, type)
    if op == OP_PUTSTATIC:
        return pop(c, type)
    if op == OP_GETFIELD:
        if frame_pop(v, &c.f, target, &object) != 0 or check_protected_field(c, object, owner, name, descriptor, True) != 0:
            return -1
        return push(c, type)
    if pop(c, type) != 0 or frame_pop(v, &c.f, T_ANY_REFERENCE, &object) != 0:
        return -1
    # A constructor may fill fields of its own class before it calls another (§4.10.1.9 putfield).
    if object == T_UNINITIALIZED_THIS and target == v.self and class_find_declared_field(v.klass, name, descriptor) != NULL:
        object = v.self
    fits = verify_assignable(v, target, object, False)
    if fits < 0:
        return -1
    if not fits:
        blame(&b, FAULT_WRONG_TYPE, c.f.offset)
        blame_stack(&b.type, c.f.stack_size, &c.f)
        blame_pool(&b.expected, index, target)
        return fault(v, &b, b"Bad type on operand stack in putfield")
    return check_protected_field(c, object, owner, name, descriptor, False)

# --- calls (§6.5 invoke…) ----------------------------------------------------------------------------
cdef bint direct_interface(Class* klass, VType type) noexcept nogil:
    cdef u32 index
    for index in range(klass.interface_count):
        if name_type(klass.interfaces[index].name) == type:
            return True
    return False

cdef int check_special_owner(Check* c, VType owner) noexcept nogil:
    """§4.10.1.9 invokespecial: the class itself, a superclass, or a direct superinterface."""
    cdef Verifier* v = c.v
    cdef bint is_interface = False
    cdef int fits
    if owner == v.self or direct_interface(v.klass, owner) \
            or (v.klass.super_class != NULL and owner == name_type(v.klass.super_class.name)):
        return 0
    fits = verify_reference_assignable(v, owner, v.self, False, &is_interface)
    if fits < 0:
        return -1
    if not fits:
        return fault_code(v, c.f.offset, b"Bad invokespecial instruction: current class isn't assignable to reference class.")
    if is_interface:
        return fault_code(v, c.f.offset, b"Bad invokespecial instruction: interface method to invoke is not in a direct "
                          b"superinterface.")
    return 0

cdef int init_this(Check* c, VType owner) noexcept nogil:
    """super(…) or this(…)."""
    cdef Verifier* v = c.v
    cdef Blame b
    if owner != v.self and owner != name_type(v.klass.super_class.name):
        blame(&b, FAULT_WRONG_TYPE, c.f.offset)
        blame_type(&b.type, owner)
        blame_type(&b.expected, v.self)
        return fault(v, &b, b"Bad <init> method call")
    # A handler sees the object as it was before the call, and (after the instruction) as it is then.
    if c.in_try and check_handlers(c, True) != 0:
        return -1
    frame_initialize(&c.f, T_UNINITIALIZED_THIS, v.self)
    c.this_initialized = True
    return 0

cdef int init_new(Check* c, u32 index, VType owner, Symbol* descriptor, VType object) noexcept nogil:
    """The constructor of what a `new` has made."""
    cdef Verifier* v = c.v
    cdef Blame b
    cdef u32 at = <u32>(object >> 8)
    cdef u32 made
    cdef VType type
    cdef Class* target
    cdef Method* method
    cdef int fits
    if v.length < 3 or at > v.length - 3 or v.code[at] != OP_NEW:
        return fault_code(v, <int>at, b"Expecting new instruction")
    made = bytes_u2(v.code + at + 1)
    if check_pool_tag(c, made, bit(CONSTANT_Class)) != 0:
        return -1
    type = name_type(verify_class_name(v, made))
    if type == 0:
        return -1
    if type != owner:
        blame(&b, FAULT_WRONG_TYPE, c.f.offset)
        blame_pool(&b.type, made, type)
        blame_pool(&b.expected, index, owner)
        return fault(v, &b, b"Call to wrong <init> method")
    if verify_named_above(v.klass, <Symbol*>owner):
        target = verify_load(v, <Symbol*>owner)
        if target == NULL:
            return -1
        method = class_find_in_supers(target, sym.object_init, descriptor)
        if method != NULL and method.access_flags & ACC_PROTECTED and not same_package(method.holder, v.klass):
            fits = verify_assignable(v, v.self, type, True)
            if fits < 0:
                return -1
            if not fits:
                blame(&b, FAULT_WRONG_TYPE, c.f.offset)
                blame_pool(&b.type, made, type)
                blame_type(&b.expected, v.self)
                return fault(v, &b, b"Bad access to protected <init> method")
    if c.in_try and check_handlers(c, c.this_initialized) != 0:
        return -1
    frame_initialize(&c.f, object, type)
    return 0

cdef int check_init(Check* c, u32 index, VType owner, Symbol* descriptor) noexcept nogil:
    cdef Blame b
    cdef VType object
    if frame_pop(c.v, &c.f, T_ANY_REFERENCE, &object) != 0:
        return -1
    if object == T_UNINITIALIZED_THIS:
        return init_this(c, owner)
    if is_uninitialized(object):
        return init_new(c, index, owner, descriptor, object)
    blame(&b, FAULT_WRONG_TYPE, c.f.offset)
    blame_stack(&b.type, c.f.stack_size, &c.f)
    return fault(c.v, &b, b"Bad operand type when invoking <init>")

cdef int check_virtual(Check* c, VType owner, Symbol* name, Symbol* descriptor) noexcept nogil:
    cdef Verifier* v = c.v
    cdef VType object
    cdef Class* target
    cdef int fits
    if frame_pop(v, &c.f, owner, &object) != 0:
        return -1
    if object == v.self or not verify_named_above(v.klass, <Symbol*>owner):
        return 0
    target = verify_load(v, <Symbol*>owner)
    if target == NULL:
        return -1
    if not verify_protected_method(v.klass, target, name, descriptor):
        return 0
    if owner == v.object and is_array(object) and name == sym.clone:
        return 0                         # §6.5 invokevirtual: arrays have a public clone
    fits = verify_assignable(v, v.self, object, True)
    if fits < 0:
        return -1
    return 0 if fits else wrong_receiver(c, v.self, b"Bad access to protected data in invokevirtual")

cdef int check_operands(Check* c, u8 op, Signature* s) noexcept nogil:
    cdef const u8* at = c.v.code + c.f.offset
    if op == OP_INVOKEINTERFACE:
        if at[3] != s.slots + 1:
            return fault_code(c.v, c.f.offset, b"Inconsistent args count operand in invokeinterface")
        if at[4] != 0:
            return fault_code(c.v, c.f.offset, b"Fourth operand byte of invokeinterface must be zero")
    elif op == OP_INVOKEDYNAMIC and (at[3] != 0 or at[4] != 0):
        return fault_code(c.v, c.f.offset, b"Third and fourth operand bytes of invokedynamic must be zero")
    return 0

cdef public int check_invoke(Check* c, u8 op) noexcept nogil:
    cdef Verifier* v = c.v
    cdef u32 index = bytes_u2(v.code + c.f.offset + 1)
    cdef u32 tags, slot
    cdef Symbol* owner
    cdef Symbol* name
    cdef Symbol* descriptor
    cdef Signature* s
    cdef VType type
    if op == OP_INVOKEINTERFACE:
        tags = bit(CONSTANT_InterfaceMethodref)
    elif op == OP_INVOKEDYNAMIC:
        tags = bit(CONSTANT_InvokeDynamic)
    elif op == OP_INVOKEVIRTUAL or v.klass.major_version < 52:
        tags = bit(CONSTANT_Methodref)
    else:
        tags = bit(CONSTANT_Methodref) | bit(CONSTANT_InterfaceMethodref)
    if check_pool_tag(c, index, tags) != 0 or verify_member(v, index, &owner, &name, &descriptor) != 0:
        return -1
    s = verify_signature(v, descriptor)
    if s == NULL or check_operands(c, op, s) != 0:
        return -1
    type = name_type(owner)
    if name.length > 0 and name.text[0] == c'<':
        if op != OP_INVOKESPECIAL or name != sym.object_init:
            return fault_code(v, c.f.offset, b"Illegal call to internal method")
    elif op == OP_INVOKESPECIAL and check_special_owner(c, type) != 0:
        return -1
    slot = s.slots
    while slot > 0:
        slot -= 1
        if frame_pop(v, &c.f, s.types[slot], NULL) != 0:
            return -1
    if op == OP_INVOKESPECIAL:
        if name == sym.object_init:
            if check_init(c, index, type, descriptor) != 0:
                return -1
        elif frame_pop(v, &c.f, v.self, NULL) != 0:
            return -1
    elif op == OP_INVOKEVIRTUAL:
        if check_virtual(c, type, name, descriptor) != 0:
            return -1
    elif op == OP_INVOKEINTERFACE and frame_pop(v, &c.f, type, NULL) != 0:
        return -1
    for slot in range(s.results):
        if frame_push(v, &c.f, s.types[s.slots + slot]) != 0:
            return -1
    return 0
