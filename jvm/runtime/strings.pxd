# java.lang.String: making, reading, interning (JLS §3.10.5: literals are interned).
from kernel.types cimport u8, u16, u32, i32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread, Symbol

cdef extern Object* string_from_utf8(JavaThread* t, const u8* text, u32 length) noexcept nogil
cdef extern Object* string_from_modified_utf8(JavaThread* t, const u8* text, u32 length) noexcept nogil
cdef extern Object* string_from_chars(JavaThread* t, const u16* chars, u32 length) noexcept nogil
cdef extern Object* string_from(JavaThread* t, const char* text) noexcept nogil
cdef extern Object* string_from_symbol(JavaThread* t, Symbol* symbol, int dots) noexcept nogil    # dots: '/' becomes '.'
cdef extern Object* string_intern(JavaThread* t, Object* string) noexcept nogil
cdef extern Object* string_intern_symbol(JavaThread* t, Symbol* symbol) noexcept nogil
cdef extern u32 string_length(Object* string) noexcept nogil                                       # in chars
cdef extern u16 string_char(Object* string, u32 index) noexcept nogil
# UTF-8 (or modified UTF-8) into `out`; returns the bytes needed without the NUL; always terminates.
cdef extern u32 string_to_utf8(Object* string, u8* out, u32 capacity) noexcept nogil
cdef extern u32 string_to_modified_utf8(Object* string, u8* out, u32 capacity) noexcept nogil
cdef extern Symbol* string_to_symbol(Object* string, int slashes) noexcept nogil                   # slashes: '.' becomes '/'
cdef extern char* string_copy_utf8(Object* string) noexcept nogil                                  # kmalloc'ed; NULL: no memory
