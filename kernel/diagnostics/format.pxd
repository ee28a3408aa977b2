# Text building without allocation: a bounded buffer and a small printf.
#
# Formats: %d signed, %u unsigned, %x hexadecimal, %p pointer, %s C string (NULL: "(null)"), %c, %%; a
# width as in %8u, filled with zeros as in %08x, on the right as in %-8s; all arguments are 64 bits wide, so no length letters are needed.
# Invariant: length < capacity and data[length] is NUL; what does not fit is cut and sets `cut`.
from kernel.types cimport u64, i64

cdef struct Text:
    char* data
    u64 capacity
    u64 length
    bint cut

cdef extern void text_format(void* text, const char* format, const u64* arguments, int count) noexcept nogil   # text: a Text*

cdef extern void text_init(Text* text, char* data, u64 capacity) noexcept nogil
cdef extern void text_char(Text* text, char c) noexcept nogil
cdef extern void text_bytes(Text* text, const char* bytes, u64 size) noexcept nogil
cdef extern void text_string(Text* text, const char* string) noexcept nogil
cdef extern void text_unsigned(Text* text, u64 value) noexcept nogil
cdef extern void text_signed(Text* text, i64 value) noexcept nogil
cdef extern void text_hex(Text* text, u64 value, int digits) noexcept nogil
# Formats to the early console (platform_print): for panics and for the time before consoles.
cdef extern void kprint_format(const char* format, const u64* arguments, int count) noexcept nogil

# Up to 8 arguments of any integer or pointer type: FORMAT_ARGUMENTS makes them 64 bits wide.
cdef extern from *:
    """
    #ifndef DEMITASSE_FORMAT
    #define DEMITASSE_FORMAT
    extern void kprint_format(const char *format, const uint64_t *arguments, int count);
    extern void text_format(void *text, const char *format, const uint64_t *arguments, int count);
    #define FORMAT_COUNT_(_0, _1, _2, _3, _4, _5, _6, _7, _8, n, ...) n
    #define FORMAT_COUNT(...) FORMAT_COUNT_(0, ##__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1, 0)
    #define FORMAT_W(x) ((unsigned long)(x))
    #define FORMAT_A0() 0
    #define FORMAT_A1(a) FORMAT_W(a)
    #define FORMAT_A2(a, ...) FORMAT_W(a), FORMAT_A1(__VA_ARGS__)
    #define FORMAT_A3(a, ...) FORMAT_W(a), FORMAT_A2(__VA_ARGS__)
    #define FORMAT_A4(a, ...) FORMAT_W(a), FORMAT_A3(__VA_ARGS__)
    #define FORMAT_A5(a, ...) FORMAT_W(a), FORMAT_A4(__VA_ARGS__)
    #define FORMAT_A6(a, ...) FORMAT_W(a), FORMAT_A5(__VA_ARGS__)
    #define FORMAT_A7(a, ...) FORMAT_W(a), FORMAT_A6(__VA_ARGS__)
    #define FORMAT_A8(a, ...) FORMAT_W(a), FORMAT_A7(__VA_ARGS__)
    #define FORMAT_JOIN_(a, b) a##b
    #define FORMAT_JOIN(a, b) FORMAT_JOIN_(a, b)
    #define FORMAT_ARGUMENTS(...) (const uint64_t[]){ FORMAT_JOIN(FORMAT_A, FORMAT_COUNT(__VA_ARGS__))(__VA_ARGS__) }, FORMAT_COUNT(__VA_ARGS__)
    #define kprint(format, ...) kprint_format((const char *)(format), FORMAT_ARGUMENTS(__VA_ARGS__))
    #define text_print(text, format, ...) text_format((text), (const char *)(format), FORMAT_ARGUMENTS(__VA_ARGS__))
    #endif
    """
    void kprint(const char* format, ...) noexcept nogil
    void text_print(Text* text, const char* format, ...) noexcept nogil
