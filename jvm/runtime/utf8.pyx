# Decoding of UTF-8: see utf8.pxd.
from kernel.types cimport u8, u32

cdef enum:
    REPLACEMENT = 0xFFFD

cdef inline bint is_continuation(u8 byte) noexcept nogil:
    return byte & 0xC0 == 0x80

cdef u32 next_of_three(const u8* text, u32 length, u32* position) noexcept nogil:
    """A sequence that starts with 1110xxxx: overlong forms end behind the first byte, a missing third
    byte behind the second; an encoded surrogate is one malformed whole."""
    cdef u32 at = position[0]
    cdef u32 rest = length - at
    cdef u8 first = text[at]
    cdef u32 point
    if rest > 1 and ((first == 0xE0 and text[at + 1] & 0xE0 == 0x80) or not is_continuation(text[at + 1])):
        position[0] = at + 1
        return REPLACEMENT
    if rest < 3:
        position[0] = length
        return REPLACEMENT
    if not is_continuation(text[at + 2]):
        position[0] = at + 2
        return REPLACEMENT
    position[0] = at + 3
    point = <u32>(first & 0x0F) << 12 | <u32>(text[at + 1] & 0x3F) << 6 | <u32>(text[at + 2] & 0x3F)
    return REPLACEMENT if 0xD800 <= point <= 0xDFFF else point

cdef u32 next_of_four(const u8* text, u32 length, u32* position) noexcept nogil:
    """A sequence that starts with 11110xxx, of a code point from U+10000 to U+10FFFF."""
    cdef u32 at = position[0]
    cdef u32 rest = length - at
    cdef u8 first = text[at]
    cdef u8 second = text[at + 1] if rest > 1 else 0x90
    if first > 0xF4 or not is_continuation(second) or (first == 0xF0 and second < 0x90) or (first == 0xF4 and second > 0x8F):
        position[0] = at + 1
        return REPLACEMENT
    if rest < 4:
        # The end is missing: what there is of it is one malformed whole, up to what cannot belong to it.
        if rest == 3 and not is_continuation(text[at + 2]):
            position[0] = at + 2
        else:
            position[0] = length
        return REPLACEMENT
    if not is_continuation(text[at + 2]):
        position[0] = at + 2
        return REPLACEMENT
    if not is_continuation(text[at + 3]):
        position[0] = at + 3
        return REPLACEMENT
    position[0] = at + 4
    return (<u32>(first & 7) << 18 | <u32>(second & 0x3F) << 12
            | <u32>(text[at + 2] & 0x3F) << 6 | <u32>(text[at + 3] & 0x3F))

cdef public u32 utf8_next(const u8* text, u32 length, u32* position) noexcept nogil:
    cdef u32 at = position[0]
    cdef u8 first = text[at]
    if first < 0x80:
        position[0] = at + 1
        return first
    if 0xC2 <= first <= 0xDF:
        if at + 1 < length and is_continuation(text[at + 1]):
            position[0] = at + 2
            return <u32>(first & 0x1F) << 6 | <u32>(text[at + 1] & 0x3F)
    elif first & 0xF0 == 0xE0:
        return next_of_three(text, length, position)
    elif first & 0xF8 == 0xF0:
        return next_of_four(text, length, position)
    position[0] = at + 1
    return REPLACEMENT

cdef public u32 modified_utf8_next(const u8* text, u32 length, u32* position) noexcept nogil:
    cdef u32 at = position[0]
    cdef u8 first = text[at]
    if first & 0xE0 == 0xC0 and at + 1 < length:
        position[0] = at + 2
        return <u32>(first & 0x1F) << 6 | <u32>(text[at + 1] & 0x3F)
    if first & 0xF0 == 0xE0 and at + 2 < length:
        position[0] = at + 3
        return <u32>(first & 0x0F) << 12 | <u32>(text[at + 1] & 0x3F) << 6 | <u32>(text[at + 2] & 0x3F)
    position[0] = at + 1
    return first

cdef public u32 utf8_put(u32 point, u8* out) noexcept nogil:
    if point < 0x80:
        out[0] = <u8>point
        return 1
    if point < 0x800:
        out[0] = <u8>(0xC0 | point >> 6)
        out[1] = <u8>(0x80 | point & 0x3F)
        return 2
    if point < 0x10000:
        out[0] = <u8>(0xE0 | point >> 12)
        out[1] = <u8>(0x80 | (point >> 6) & 0x3F)
        out[2] = <u8>(0x80 | point & 0x3F)
        return 3
    out[0] = <u8>(0xF0 | point >> 18)
    out[1] = <u8>(0x80 | (point >> 12) & 0x3F)
    out[2] = <u8>(0x80 | (point >> 6) & 0x3F)
    out[3] = <u8>(0x80 | point & 0x3F)
    return 4
