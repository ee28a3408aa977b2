# Descriptors and names (JVMS §4.2, §4.3): pure functions over text.
from kernel.types cimport u8, u32
from jvm.loader.classes cimport Symbol

cdef extern u8 descriptor_type(u8 letter) noexcept nogil                                 # PrimitiveType of its first letter
cdef extern u32 method_argument_slots(Symbol* descriptor) noexcept nogil                 # without a receiver
cdef extern u8 method_return_type(Symbol* descriptor) noexcept nogil
# Offset after the field descriptor that starts at `at`; 0: there is none.
cdef extern u32 descriptor_skip(const u8* text, u32 length, u32 at) noexcept nogil
cdef extern bint field_descriptor_ok(const u8* text, u32 length) noexcept nogil
cdef extern bint method_descriptor_ok(const u8* text, u32 length) noexcept nogil
cdef extern bint class_name_ok(const u8* text, u32 length) noexcept nogil                # a Class entry: a name or an array descriptor
cdef extern bint unqualified_name_ok(Symbol* name, bint method) noexcept nogil
cdef extern bint modified_utf8_ok(const u8* text, u32 length) noexcept nogil
