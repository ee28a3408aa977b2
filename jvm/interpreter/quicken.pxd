# First execution of an instruction that names something in the constant pool: resolve it, then
# rewrite the instruction to its quick form.
#
# Invariant: of a quick instruction the opcode byte is written last, so whoever sees it sees its
# operands; whoever still has the old opcode reads operands only through read_instruction, under the
# lock, together with the opcode that they belong to.  An instruction is rewritten once.
# Interface: frame is the youngest, saved, at the instruction.
from kernel.types cimport u8, u32, u64
from jvm.heap.object cimport Object, window_base
from jvm.interpreter.opcodes cimport *
from jvm.loader.classes cimport Class, Frame, JavaThread, Link, Method

cdef enum:
    SUPER_METHODS = 4096

# Methods of q_invokesuper, by its operand.
cdef struct SuperMethods:
    Method* at[SUPER_METHODS]

cdef extern SuperMethods super_methods "interpreter_super_methods"

# Takes out what belongs to classes that do not stay (jvm/loader/unloading.pxd).
cdef extern void super_methods_purge() noexcept nogil

# 0: run the instruction again; 3: it has been executed here (frame.sp moved), go on behind it; -1: thrown.
cdef extern int quicken_field(JavaThread* t, Frame* frame) noexcept nogil
# 0: run it again; -1: thrown.
cdef extern int quicken_constant(JavaThread* t, Frame* frame) noexcept nogil
# The method to call.  NULL without t.exception: run the instruction again.
cdef extern Method* quicken_invoke(JavaThread* t, Frame* frame) noexcept nogil
# Links the invokedynamic.  0: run it again; -1: thrown.
cdef extern int quicken_dynamic(JavaThread* t, Frame* frame) noexcept nogil
# The class to instantiate.  NULL without t.exception: run the instruction again.
cdef extern Class* quicken_class(JavaThread* t, Frame* frame) noexcept nogil
# Slow path of q_invokeinterface: searches the itable, notes the place in the instruction.
cdef extern Method* find_interface_method(JavaThread* t, Frame* frame, Class* klass) noexcept nogil
# The method that a class has for one of its interfaces' methods, when called through the class.
cdef extern Method* find_miranda(JavaThread* t, Class* klass, Method* method) noexcept nogil

# The quick form of an aload_0 that stands before opcode `following`; 0: not known yet.
cdef inline int fuse_aload_0(u8 following) noexcept nogil:
    if following == OP_Q_GETFIELD_INT:
        return OP_Q_THIS_GETFIELD_INT
    elif following == OP_Q_GETFIELD_REF:
        return OP_Q_THIS_GETFIELD_REF
    elif following == OP_Q_GETFIELD_BYTE:
        return OP_Q_THIS_GETFIELD_BYTE
    elif following == OP_Q_GETFIELD_LONG:
        return OP_Q_THIS_GETFIELD_LONG
    elif following == OP_GETFIELD:
        return 0
    return OP_Q_ALOAD_0

# Marks the method as METHOD_GETTER if `pc`, a q_this_getfield or not, is the first of two instructions
# of which the second returns the field.
cdef extern void note_getter(Method* method, u8* pc) noexcept nogil

# The Link of a linked invokedynamic: its operands are the compressed address.
cdef inline Link* call_site(u8* pc) noexcept nogil:
    return <Link*>(window_base() + (<u64>(<u32*>(pc + 1))[0] << 3))
