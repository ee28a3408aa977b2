# What calling costs in the common case, shared by the loop and its slow paths.
from kernel.types cimport u32, u64
from jvm.loader.classes cimport (ACC_ABSTRACT, ACC_NATIVE, ACC_SYNCHRONIZED, Frame, JavaThread, METHOD_GETTER, METHOD_PREPARED, Method,
                                 Slot)

cdef extern from * nogil:
    """
    #ifndef likely
    #define likely(x) __builtin_expect(!!(x), 1)
    #define unlikely(x) __builtin_expect(!!(x), 0)
    #endif
    """
    bint likely(bint condition) noexcept
    bint unlikely(bint condition) noexcept

cdef enum:
    FRAME_SLOTS = 8                      # sizeof(Frame) in slots
    METHOD_SLOW_BITS = ACC_NATIVE | ACC_ABSTRACT | ACC_SYNCHRONIZED | ((METHOD_PREPARED | METHOD_GETTER) << 16)

# Native, abstract, synchronized, not prepared, or a getter: one load of access_flags and flags, one test.
cdef inline bint method_is_slow(Method* method) noexcept nogil:
    return (((<u32*>&method.access_flags)[0] ^ (METHOD_PREPARED << 16)) & METHOD_SLOW_BITS) != 0

# First free slot above everything that the thread's youngest frame uses.
cdef inline Slot* stack_top(JavaThread* t) noexcept nogil:
    return t.frame.sp if t.frame != NULL else t.stack_base
