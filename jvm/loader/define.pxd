# From a class file to a class that its loader knows (JVMS §5.3.5).
from kernel.types cimport u8, u32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, JavaThread, LoaderData, Symbol

# Parses, loads the superclass and superinterfaces, checks, lays out and records the class.  `bytes`
# must outlive it.  flags: ParseFlag.  NULL with t.exception set on any failure.
cdef extern Class* define_class(JavaThread* t, LoaderData* data, Symbol* expected, const u8* bytes, u32 length,
                                Object* protection_domain, u32 flags) noexcept nogil
