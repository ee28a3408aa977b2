# Mirrors: the java.lang.Class object of each class, which holds its statics too; and array and
# primitive classes, which have no class file.
#
# Invariant: once mirrors_enable has run, every class that can be found has a mirror.
from kernel.types cimport u32
from jvm.loader.classes cimport Class

cdef extern int primitives_init() noexcept nogil                # 0, or -1: no memory
cdef extern void mirrors_forget() noexcept nogil                # loader_forget
cdef extern int mirrors_enabled() noexcept nogil
# java.lang.Class was laid out: statics of the classes before it move behind its fields.
cdef extern void mirrors_class_known(Class* klass) noexcept nogil
cdef extern u32 mirrors_base() noexcept nogil                   # bytes of a mirror before its statics; 0: not known yet
cdef extern u32 class_modifiers(Class* klass) noexcept nogil    # what Class.getModifiers gives
