# Checks of attributes that linking does not read, but that reflection, the debugger's tables and the
# verifier will (JVMS §4.7): lengths, indices and kinds, as the host JVM checks them when it parses.
#
# Interface: each is called with the reader at the attribute's contents, of which `length` bytes are in the
# file, and leaves the reader there; files of the class library are not checked.  `seen` remembers, for one
# list of attributes, those that may be there once; it starts as 0.  0, or -1 with a ClassFormatError.
from kernel.types cimport u16, u32
from jvm.loader.class_reader cimport ClassReader
from jvm.loader.classes cimport Method

cdef extern int attribute_check_code(ClassReader* r, Method* method, u16 name_index, u32 length) noexcept nogil
cdef extern int attribute_check_field(ClassReader* r, u16 name_index, u32 length, u32* seen) noexcept nogil
cdef extern int attribute_check_method(ClassReader* r, u16 name_index, u32 length, u32* seen) noexcept nogil
cdef extern int attribute_check_class(ClassReader* r, u16 name_index, u32 length, u32* seen) noexcept nogil
# After the last of the class: attributes that others need.
cdef extern int attribute_check_end(ClassReader* r, u32 seen) noexcept nogil
