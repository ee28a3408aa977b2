# Text building without allocation: see format.pxd.
from kernel.types cimport i64, u32, u64
from kernel.platform.platform cimport platform_print
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.memory.string cimport strlen

cdef enum:
    LINE_MAX = 512                       # what one kprint shows at most


cdef public void text_init(Text* text, char* data, u64 capacity) noexcept nogil:
    text.data = data
    text.capacity = capacity
    text.length = 0
    text.cut = False
    if capacity:
        data[0] = 0


cdef public void text_char(Text* text, char c) noexcept nogil:
    if text.length + 1 >= text.capacity:
        text.cut = True
        return
    text.data[text.length] = c
    text.length += 1
    text.data[text.length] = 0


cdef public void text_bytes(Text* text, const char* bytes, u64 size) noexcept nogil:
    cdef u64 i
    for i in range(size):
        text_char(text, bytes[i])


cdef public void text_string(Text* text, const char* string) noexcept nogil:
    if string == NULL:
        string = b"(null)"
    text_bytes(text, string, strlen(string))


# `value` in `base`, at least `width` characters, filled on the left.
cdef void number(Text* text, u64 value, u32 base, bint negative, u32 width, char fill) noexcept nogil:
    cdef char digits[24]
    cdef u32 n = 0, length
    while True:
        digits[n] = <char>(c'0' + value % base if value % base < 10 else c'a' - 10 + value % base)
        n += 1
        value //= base
        if value == 0:
            break
    length = n + negative
    if negative and fill == c'0':
        text_char(text, c'-')
    while length < width:
        text_char(text, fill)
        length += 1
    if negative and fill != c'0':
        text_char(text, c'-')
    while n:
        n -= 1
        text_char(text, digits[n])


cdef public void text_unsigned(Text* text, u64 value) noexcept nogil:
    number(text, value, 10, False, 0, c' ')


cdef public void text_signed(Text* text, i64 value) noexcept nogil:
    number(text, -<u64>value if value < 0 else <u64>value, 10, value < 0, 0, c' ')


cdef public void text_hex(Text* text, u64 value, int digits) noexcept nogil:
    number(text, value, 16, False, digits, c'0')


cdef public void text_format(void* into, const char* format, const u64* arguments, int count) noexcept nogil:
    cdef Text* text = <Text*>into
    cdef int used = 0
    cdef char c
    cdef char fill
    cdef u32 width
    cdef u64 value, start
    cdef bint left
    while format[0]:
        c = format[0]
        format += 1
        if c != c'%':
            text_char(text, c)
            continue
        fill = c' '
        width = 0
        left = False
        if format[0] == c'-':
            left = True
            format += 1
        if format[0] == c'0':
            fill = c'0'
        while c'0' <= format[0] <= c'9' and width < 1000:
            width = width * 10 + (format[0] - c'0')
            format += 1
        c = format[0]
        if c == 0:
            return
        format += 1
        if c == c'%':
            text_char(text, c)
            continue
        value = 0
        if used < count:
            value = arguments[used]
            used += 1
        start = text.length
        if c == c'd':
            number(text, -value if <i64>value < 0 else value, 10, <i64>value < 0, 0 if left else width, fill)
        elif c == c'u':
            number(text, value, 10, False, 0 if left else width, fill)
        elif c == c'x':
            number(text, value, 16, False, 0 if left else width, fill)
        elif c == c'p':
            text_string(text, b"0x")
            number(text, value, 16, False, 0, c'0')
        elif c == c's':
            if not left and value and strlen(<const char*>value) < width:
                width -= <u32>strlen(<const char*>value)
                while width:
                    text_char(text, c' ')
                    width -= 1
            text_string(text, <const char*>value)
        elif c == c'c':
            text_char(text, <char>value)
        else:
            text_char(text, c'%')
            text_char(text, c)
        while left and text.length - start < width and not text.cut:
            text_char(text, c' ')


cdef public void kprint_format(const char* format, const u64* arguments, int count) noexcept nogil:
    cdef char line[LINE_MAX]
    cdef Text text
    text_init(&text, line, LINE_MAX)
    text_format(&text, format, arguments, count)
    events_mask()
    platform_print(line, text.length)
    events_unmask()
