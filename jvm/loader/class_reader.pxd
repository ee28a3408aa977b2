# The place of a parse in a class file, and the ways to say that the file is bad.
#
# Interface: functions that return int give 0, or -1 with t.exception set.
from kernel.types cimport u8, u16, u32, u64
from jvm.loader.classes cimport JavaThread, Symbol
from jvm.loader.messages cimport LoaderText
from jvm.loader.parser cimport ParsedClass

cdef struct ClassReader:
    JavaThread* t
    ParsedClass* parsed
    const u8* start
    const u8* at
    const u8* end                        # one past the file
    Symbol* label                        # the name for messages: expected, then found

cdef inline bint reader_has(ClassReader* r, u64 count) noexcept nogil:
    return <u64>(r.end - r.at) >= count

cdef inline bint reader_is_kind(ClassReader* r, u32 index, u8 tag) noexcept nogil:
    return index != 0 and index < r.parsed.pool.count and r.parsed.pool.tags[index] == tag

cdef extern int reader_truncated(ClassReader* r) noexcept nogil
cdef extern int reader_out_of_memory(ClassReader* r) noexcept nogil
# ClassFormatErrors: the text, with a number behind or in it, then " in class file" and its name.
cdef extern int reader_bad(ClassReader* r, const char* text) noexcept nogil
cdef extern int reader_bad_number(ClassReader* r, const char* text, u32 number) noexcept nogil
cdef extern int reader_bad_between(ClassReader* r, const char* before, u32 number, const char* after) noexcept nogil
cdef extern void reader_add_label(ClassReader* r, LoaderText* m) noexcept nogil

cdef extern bint reader_attribute_is(ClassReader* r, u16 name_index, const char* name, u32 name_length) noexcept nogil
# Attribute header: moves to its contents, which are in the file.
cdef extern int reader_next_attribute(ClassReader* r, const char* wrong_name, u16* name_index, u32* length) noexcept nogil
