# Classes and methods in words, as the host JVM's messages have them.
from kernel.types cimport u8
from jvm.loader.classes cimport Class, Frame, Method, Symbol
from kernel.diagnostics.format cimport Text

cdef extern void describe_symbol(Text* text, Symbol* name) noexcept nogil                 # '/' as '.'
cdef extern void describe_class(Text* text, Class* klass) noexcept nogil                  # java.lang.String, [I
cdef extern void describe_kind(Text* text, Class* klass) noexcept nogil                   # "class ", "abstract class ", "interface "
# Owner.name(int, java.lang.String), with the return type in front if asked for.
cdef extern void describe_method(Text* text, Method* method, bint with_return) noexcept nogil
cdef extern void describe_signature(Text* text, const u8* descriptor) noexcept nogil
# One type of a descriptor; returns where the next begins.
cdef extern const u8* describe_type(Text* text, const u8* descriptor) noexcept nogil
# " in Owner.name(…) at bytecode 12"
cdef extern void describe_place(Text* text, Frame* frame) noexcept nogil
# "A is in module M@1 of loader 'app'"; "A and B are in …"
cdef extern void describe_location(Text* text, Class* klass) noexcept nogil
cdef extern void describe_location_of_two(Text* text, Class* first, Class* second) noexcept nogil
