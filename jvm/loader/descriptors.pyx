# See descriptors.pxd.
from kernel.types cimport u8, u32
from jvm.loader.classes cimport (Symbol, TYPE_BOOLEAN, TYPE_BYTE, TYPE_CHAR, TYPE_DOUBLE, TYPE_FLOAT, TYPE_INT,
                                 TYPE_LONG, TYPE_NONE, TYPE_REFERENCE, TYPE_SHORT, TYPE_VOID)
from jvm.loader.symbols cimport symbol_matches

cdef public u8 descriptor_type(u8 letter) noexcept nogil:
    if letter == c'B': return TYPE_BYTE
    elif letter == c'C': return TYPE_CHAR
    elif letter == c'D': return TYPE_DOUBLE
    elif letter == c'F': return TYPE_FLOAT
    elif letter == c'I': return TYPE_INT
    elif letter == c'J': return TYPE_LONG
    elif letter == c'S': return TYPE_SHORT
    elif letter == c'Z': return TYPE_BOOLEAN
    elif letter == c'V': return TYPE_VOID
    elif letter == c'L' or letter == c'[': return TYPE_REFERENCE
    return TYPE_NONE

cdef public u32 method_argument_slots(Symbol* descriptor) noexcept nogil:
    cdef u32 at = 1
    cdef u32 slots = 0
    cdef const u8* text = descriptor.text
    cdef u8 letter
    while at < descriptor.length:
        letter = text[at]
        if letter == c')':
            break
        if letter == c'J' or letter == c'D':
            slots += 2
            at += 1
            continue
        slots += 1
        while letter == c'[':
            at += 1
            letter = text[at]
        if letter == c'L':
            while text[at] != c';' and at < descriptor.length:
                at += 1
        at += 1
    return slots

cdef public u8 method_return_type(Symbol* descriptor) noexcept nogil:
    cdef u32 at = descriptor.length
    while at > 0 and descriptor.text[at - 1] != c')':
        at -= 1
    return descriptor_type(descriptor.text[at])

cdef bint class_name_part(const u8* text, u32 start, u32 end) noexcept nogil:
    """Binary class name in internal form (JVMS §4.2.1): identifiers between '/'."""
    cdef u32 at
    cdef bint empty = True
    for at in range(start, end):
        if text[at] == c'/':
            if empty:
                return False
            empty = True
        elif text[at] == c'.' or text[at] == c';' or text[at] == c'[':
            return False
        else:
            empty = False
    return not empty

cdef public u32 descriptor_skip(const u8* text, u32 length, u32 at) noexcept nogil:
    cdef u32 dimensions = 0
    cdef u32 start
    while at < length and text[at] == c'[':
        dimensions += 1
        at += 1
    if at >= length or dimensions > 255:                         # JVMS §4.3.2
        return 0
    if text[at] == c'L':
        start = at + 1
        while at < length and text[at] != c';':
            at += 1
        if at >= length or not class_name_part(text, start, at):
            return 0
        return at + 1
    if text[at] == c'V' or descriptor_type(text[at]) == TYPE_NONE:
        return 0
    return at + 1

cdef public bint field_descriptor_ok(const u8* text, u32 length) noexcept nogil:
    return length > 0 and descriptor_skip(text, length, 0) == length

cdef public bint method_descriptor_ok(const u8* text, u32 length) noexcept nogil:
    cdef u32 at = 1
    if length < 3 or text[0] != c'(':
        return False
    while at < length and text[at] != c')':
        at = descriptor_skip(text, length, at)
        if at == 0:
            return False
    at += 1
    if at >= length:
        return False
    if text[at] == c'V':
        return at + 1 == length
    return descriptor_skip(text, length, at) == length

cdef public bint class_name_ok(const u8* text, u32 length) noexcept nogil:
    if length > 0 and text[0] == c'[':
        return field_descriptor_ok(text, length)
    return class_name_part(text, 0, length)

cdef public bint unqualified_name_ok(Symbol* name, bint method) noexcept nogil:
    """JVMS §4.2.2."""
    cdef u32 at
    cdef u8 c
    if name.length == 0:
        return False
    if method and name.text[0] == c'<':
        return symbol_matches(name, b"<init>") or symbol_matches(name, b"<clinit>")
    for at in range(name.length):
        c = name.text[at]
        if c == c'.' or c == c';' or c == c'[' or c == c'/' or (method and (c == c'<' or c == c'>')):
            return False
    return True

cdef public bint modified_utf8_ok(const u8* text, u32 length) noexcept nogil:
    """JVMS §4.4.7: no zero byte, no byte from 0xF0 on, continuation bytes where they belong."""
    cdef u32 at = 0
    cdef u8 c
    while at < length:
        c = text[at]
        if c >= 1 and c < 0x80:
            at += 1
        elif c & 0xE0 == 0xC0:
            if at + 1 >= length or text[at + 1] & 0xC0 != 0x80:
                return False
            at += 2
        elif c & 0xF0 == 0xE0:
            if at + 2 >= length or text[at + 1] & 0xC0 != 0x80 or text[at + 2] & 0xC0 != 0x80:
                return False
            at += 3
        else:
            return False
    return True
