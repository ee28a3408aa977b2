# java.lang.reflect.Method, Field, Constructor: objects for members, and members for objects.
#
# Interface: makers return NULL with t.exception set.
from kernel.types cimport u8, u32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, Field, JavaThread, Method, Symbol

cdef extern Object* reflect_method(JavaThread* t, Method* method) noexcept nogil
cdef extern Object* reflect_constructor(JavaThread* t, Method* method) noexcept nogil
cdef extern Object* reflect_field(JavaThread* t, Field* field) noexcept nogil
# The Method behind a java.lang.reflect.Method or Constructor, the Field behind a Field.
cdef extern Method* method_of(Object* executable) noexcept nogil
cdef extern Field* field_of(Object* field) noexcept nogil
# Signature attribute (JVMS §4.7.9) as a String, or NULL without an exception when there is none.
cdef extern Object* member_signature(JavaThread* t, Class* klass, u32 attributes) noexcept nogil
# Contents of an attribute as a byte[], or NULL without an exception when there is none.
cdef extern Object* member_bytes(JavaThread* t, Class* klass, u32 attributes, const char* name) noexcept nogil
# Class[] of a descriptor's parameters, and its return type.
cdef extern Object* parameter_types(JavaThread* t, Method* method, Class** return_type) noexcept nogil
# Bytes of the field descriptor (JVMS §4.3.2) that starts at `text`.
cdef extern u32 descriptor_length(const u8* text) noexcept nogil
