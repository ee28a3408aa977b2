# From a class file to a class that its loader knows (JVMS §5.3.5).
from kernel.types cimport u8, u32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, JavaThread, LoaderData, Symbol

# Parses, loads the superclass and superinterfaces, checks, lays out and records the class.  `bytes`
# must outlive it.  flags: ParseFlag.  NULL with t.exception set on any failure.
cdef extern Class* define_class(JavaThread* t, LoaderData* data, Symbol* expected, const u8* bytes, u32 length,
                                Object* protection_domain, u32 flags) noexcept nogil
# A hidden class (JVMS §5.3.5, Lookup.defineHiddenClass): no loader finds it by its name, which is the one in
# its file with a suffix.  nest_host: of the nest that it joins, or NULL; class_data: Class.classData, or NULL.
# `owner` has the class's memory, bytes included: the loader's record, or one of its own.
cdef extern Class* define_hidden_class(JavaThread* t, LoaderData* data, LoaderData* owner, Symbol* expected, const u8* bytes,
                                       u32 length, Object* protection_domain, u32 flags, Class* nest_host, Object* class_data) noexcept nogil
