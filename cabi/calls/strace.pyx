# The trace of system calls (demitasse run --strace): see strace.pxd.  Names and shapes of arguments come from the table.
#
# The line is written when the call has ended; calls that do not return get theirs before.
from kernel.types cimport i32, i64, u8, u32, u64
from kernel.boot.config cimport config_flag
from kernel.diagnostics.format cimport Text, kprint, text_bytes, text_char, text_init, text_print, text_signed, text_string
from kernel.files.errno cimport ENOSYS
from kernel.platform.platform cimport platform_print
from cabi.calls.strace cimport *
from cabi.process.program cimport *

cdef enum:
    LINE = 512
    SHOWN = 64
    CALL_EXIT = 60
    CALL_EXIT_GROUP = 231
    CALL_EXECVE = 59

cdef extern from *:
    """
    #include "cabi/names.h"
    __attribute__((visibility("hidden"))) uint32_t call_tracing;
    static int call_index(uint64_t number) {
        for (int i = 0; i < CALL_NAMES; i++) if ((uint64_t)call_names[i].number == number) return i;
        return -1;
    }
    static const char *call_name(int i) { return call_names[i].name; }
    static const char *call_arguments(int i) { return call_names[i].arguments; }
    static const char *call_reason(int i) { return call_names[i].reason; }
    """
    u32 call_tracing
    int call_index(u64 number) noexcept nogil
    const char* call_name(int i) noexcept nogil
    const char* call_arguments(int i) noexcept nogil
    const char* call_reason(int i) noexcept nogil

cdef extern i64 call_invoke(const u64* frame) noexcept nogil


cdef void quote(Text* line, const char* text) noexcept nogil:
    cdef int i = 0
    cdef u8 c
    text_char(line, c'"')
    while i < SHOWN and program_may(text + i, 1) and text[i]:
        c = <u8>text[i]
        if c == c'\n':
            text_string(line, b"\\n")
        elif c < 32 or c >= 127:
            text_print(line, b"\\x%02x", c)
        else:
            text_char(line, <char>c)
        i += 1
    text_char(line, c'"')
    if i == SHOWN:
        text_string(line, b"...")


cdef void octal(Text* line, u64 value) noexcept nogil:
    cdef int shift = 21
    text_char(line, c'0')
    while shift >= 0:
        if value >> shift:
            text_char(line, <char>(c'0' + (value >> shift & 7)))
        shift -= 3


cdef void argument(Text* line, char kind, u64 value) noexcept nogil:
    if kind == c's':
        if value == 0:
            text_string(line, b"NULL")
        elif program_may(<void*>value, 1):
            quote(line, <const char*>value)
        else:
            text_print(line, b"0x%x", value)
    elif kind == c'p':
        if value == 0:
            text_string(line, b"NULL")
        else:
            text_print(line, b"0x%x", value)
    elif kind == c'x':
        text_print(line, b"0x%x", value)
    elif kind == c'o':
        octal(line, value)
    elif kind == c'u':
        text_print(line, b"%u", value)
    elif kind == c'l':
        text_signed(line, <i64>value)
    else:
        text_signed(line, <i32>value)


cdef void begin(Text* line, const u64* frame, int index) noexcept nogil:
    cdef const char* kinds
    cdef int i = 0
    text_print(line, b"[%u] ", program_thread().id)
    if index < 0:
        text_print(line, b"syscall_%u(", frame[0])
        kinds = b"xxxxxx"
    else:
        text_print(line, b"%s(", call_name(index))
        kinds = call_arguments(index)
    while kinds[i]:
        if i:
            text_string(line, b", ")
        argument(line, kinds[i], frame[i + 1])
        i += 1
    text_char(line, c')')


cdef void end(Text* line) noexcept nogil:
    text_char(line, c'\n')
    platform_print(line.data, line.length)


# By entry.S, when calls are traced.
cdef public i64 call_traced(const u64* frame) noexcept nogil:
    cdef char bytes[LINE]
    cdef Text line
    cdef int index = call_index(frame[0])
    cdef i64 result
    text_init(&line, bytes, LINE - 1)
    begin(&line, frame, index)
    if frame[0] in (CALL_EXIT, CALL_EXIT_GROUP, CALL_EXECVE):
        text_string(&line, b" = ?")
        end(&line)
        return call_invoke(frame)
    result = call_invoke(frame)
    if <u64>result > <u64>1 << 32 and result > 0:
        text_print(&line, b" = 0x%x", result)
    elif result == -RESTART:
        text_string(&line, b" = ? (to be called again)")
    else:
        text_string(&line, b" = ")
        text_signed(&line, result)
    if index >= 0 and call_reason(index) != NULL:
        text_print(&line, b" (not there: %s)", call_reason(index))
    end(&line)
    return result


# The table has no function for the number.
cdef public i64 sys_missing() noexcept nogil:
    return -ENOSYS


cdef public void strace_init() noexcept nogil:
    global call_tracing
    call_tracing = config_flag(b"strace")
