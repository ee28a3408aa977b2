# java.lang.String: making, reading, interning (JLS §3.10.5: literals are interned).
#
# Invariant: strings are compact (JEP 254): `coder` 0 and a byte for each char when all are at most
# 0xFF, else `coder` 1 and two bytes, low one first.  The table of interned strings holds them weakly.
# Interface: makers return NULL with t.exception set; they may collect.
from kernel.types cimport u8, u16, u32, i32
from jvm.heap.object cimport Object
from jvm.loader.classes cimport JavaThread, Symbol

cdef extern void strings_init() noexcept nogil                 # after roots_init
cdef extern Object* string_from_utf8(JavaThread* t, const u8* text, u32 length) noexcept nogil     # invalid bytes: U+FFFD, as the JDK
cdef extern Object* string_try_utf8(JavaThread* t, const u8* text, u32 length) noexcept nogil      # NULL without an exception
cdef extern Object* string_from_modified_utf8(JavaThread* t, const u8* text, u32 length) noexcept nogil
# Room for `length` chars of 1 << coder bytes each, to be filled by the caller before anything else.
cdef extern Object* string_allocate(JavaThread* t, u32 length, int coder) noexcept nogil
cdef extern Object* string_from_chars(JavaThread* t, const u16* chars, u32 length) noexcept nogil
cdef extern Object* string_from(JavaThread* t, const char* text) noexcept nogil
cdef extern Object* string_from_symbol(JavaThread* t, Symbol* symbol, int dots) noexcept nogil    # dots: '/' becomes '.'
cdef extern Object* string_intern(JavaThread* t, Object* string) noexcept nogil
cdef extern Object* string_intern_symbol(JavaThread* t, Symbol* symbol) noexcept nogil
cdef extern u32 string_length(Object* string) noexcept nogil                                       # in chars
cdef extern u16 string_char(Object* string, u32 index) noexcept nogil
# UTF-8 (or modified UTF-8) into `out`; returns the bytes needed without the NUL; always terminates.
# A surrogate without its other half becomes '?' in UTF-8, as with the JDK.
cdef extern u32 string_to_utf8(Object* string, u8* out, u32 capacity) noexcept nogil
cdef extern u32 string_to_modified_utf8(Object* string, u8* out, u32 capacity) noexcept nogil
cdef extern Symbol* string_to_symbol(Object* string, int slashes) noexcept nogil                   # slashes: '.' becomes '/'
cdef extern char* string_copy_utf8(Object* string) noexcept nogil                                  # kmalloc'ed; NULL: no memory
