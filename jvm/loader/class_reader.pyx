# See class_reader.pxd.
from kernel.types cimport u8, u16, u32
from kernel.memory.string cimport memcmp
from jvm.loader.bytes cimport bytes_u2, bytes_u4
from jvm.loader.classes cimport CONSTANT_Utf8
from jvm.loader.messages cimport LoaderText, loader_throw, message_add, message_init, message_number, message_symbol, message_throw
from jvm.loader.parser cimport PARSE_TRUSTED, pool_text

cdef public int reader_truncated(ClassReader* r) noexcept nogil:
    return loader_throw(r.t, b"java/lang/ClassFormatError", b"Truncated class file")

cdef public void reader_add_label(ClassReader* r, LoaderText* m) noexcept nogil:
    message_add(m, b" in class file ")
    message_symbol(m, r.label)

cdef public int reader_bad(ClassReader* r, const char* text) noexcept nogil:
    """ClassFormatError: text, then the class file's name."""
    cdef LoaderText m
    message_init(&m, text)
    reader_add_label(r, &m)
    return message_throw(r.t, b"java/lang/ClassFormatError", &m)

cdef public int reader_bad_number(ClassReader* r, const char* text, u32 number) noexcept nogil:
    cdef LoaderText m
    message_init(&m, text)
    message_number(&m, number)
    reader_add_label(r, &m)
    return message_throw(r.t, b"java/lang/ClassFormatError", &m)

cdef public int reader_bad_between(ClassReader* r, const char* before, u32 number, const char* after) noexcept nogil:
    cdef LoaderText m
    message_init(&m, before)
    message_number(&m, number)
    message_add(&m, after)
    reader_add_label(r, &m)
    return message_throw(r.t, b"java/lang/ClassFormatError", &m)

cdef public int reader_out_of_memory(ClassReader* r) noexcept nogil:
    return loader_throw(r.t, b"java/lang/OutOfMemoryError", b"Metaspace")

cdef public bint reader_attribute_is(ClassReader* r, u16 name_index, const char* name, u32 name_length) noexcept nogil:
    cdef u32 length
    cdef const u8* text = pool_text(&r.parsed.pool, r.start, name_index, &length)
    return text != NULL and length == name_length and memcmp(text, name, name_length) == 0

cdef public int reader_next_attribute(ClassReader* r, const char* wrong_name, u16* name_index, u32* length) noexcept nogil:
    if not reader_has(r, 6):
        return reader_truncated(r)
    name_index[0] = bytes_u2(r.at)
    length[0] = bytes_u4(r.at + 2)
    r.at += 6
    if not (r.parsed.flags & PARSE_TRUSTED) and not reader_is_kind(r, name_index[0], CONSTANT_Utf8):
        return reader_bad_number(r, wrong_name, name_index[0])
    if not reader_has(r, length[0]):
        return reader_truncated(r)
    return 0
