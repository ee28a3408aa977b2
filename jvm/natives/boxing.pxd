# Boxed values (JLS §5.1.7) and the widening of primitive values (JLS §5.1.2).
#
# Interface: a Slot holds a primitive value as a Java frame does (small integers as int).
from kernel.types cimport u64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread, Slot

# The PrimitiveType of a box's class, 0: not a box; its value goes to `value`.
cdef extern int unbox(Object* box, Slot* value) noexcept nogil
# The box of a value (Slot.raw), as valueOf makes it (small ones from the caches); NULL: t.exception is set.
cdef extern Object* box_new(JavaThread* t, int type, u64 bits) noexcept nogil
# Changes `value` from `type` to `to` in place if that is an identity or widening conversion: 1; else 0.
cdef extern int widen(Slot* value, int type, int to) noexcept nogil
