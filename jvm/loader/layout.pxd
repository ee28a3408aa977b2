# Where fields lie: in instances, and in mirrors for static ones.
#
# Instances: the superclass's fields stay where they are; its unused tail bytes are filled first.  Then
# 8-byte fields, 4-byte ones, references, 2-byte and 1-byte ones, so that nothing else is lost.
# Statics lie in the mirror after java.lang.Class's own fields, laid out the same way, references first.
#
# Invariant: every field is aligned to its size; references form few runs, inherited runs come first.
# Interface: called once for each class, after its superclass was laid out, before anything of it is used.
from kernel.types cimport u32
from jvm.loader.classes cimport Class
from jvm.loader.parser cimport ParsedClass

# Sets shape, instance_end, offsets, statics of `klass` (with fields, super_class and loader set);
# 0, or -1: no memory.
cdef extern int class_layout(Class* klass) noexcept nogil
# Appends the VM's own fields (wellknown.py) to the parsed ones; 0, or -1: no memory.
cdef extern int layout_inject(ParsedClass* parsed) noexcept nogil
# Statics' offsets count from 0 until the layout of java.lang.Class is known: then this is added.
cdef extern void layout_shift_statics(Class* klass, u32 mirror_size) noexcept nogil
