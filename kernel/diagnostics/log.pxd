# The kernel's log: levelled lines, kept in a ring, shown on the console from a level that the
# configuration sets (log=error|warning|info|debug; default warning).
#
# Interface: one line per call, no newline needed; formats as in format.pxd.  Works before memory does.
from kernel.types cimport u64
from kernel.diagnostics.format cimport kprint

cdef enum LogLevel:
    LOG_ERROR = 0
    LOG_WARNING = 1
    LOG_INFO = 2
    LOG_DEBUG = 3

cdef extern void log_init() noexcept nogil
cdef extern void log_set_level(int level) noexcept nogil
cdef extern void log_format(int level, const char* format, const u64* arguments, int count) noexcept nogil
# Copies the newest bytes of the ring, oldest first; returns how many.
cdef extern u64 log_copy(char* into, u64 size) noexcept nogil

cdef extern from *:
    """
    extern void log_format(int level, const char *format, const uint64_t *arguments, int count);
    #define log_error(format, ...) log_format(0, (const char *)(format), FORMAT_ARGUMENTS(__VA_ARGS__))
    #define log_warning(format, ...) log_format(1, (const char *)(format), FORMAT_ARGUMENTS(__VA_ARGS__))
    #define log_info(format, ...) log_format(2, (const char *)(format), FORMAT_ARGUMENTS(__VA_ARGS__))
    #define log_debug(format, ...) log_format(3, (const char *)(format), FORMAT_ARGUMENTS(__VA_ARGS__))
    """
    void log_error(const char* format, ...) noexcept nogil
    void log_warning(const char* format, ...) noexcept nogil
    void log_info(const char* format, ...) noexcept nogil
    void log_debug(const char* format, ...) noexcept nogil
