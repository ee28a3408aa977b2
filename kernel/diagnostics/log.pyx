# The kernel's log: see log.pxd.
from kernel.types cimport u64
from kernel.platform.platform cimport platform_clock, platform_print
from kernel.threads.cpu cimport events_mask, events_unmask
from kernel.diagnostics.format cimport Text, text_init, text_format, text_char, text_print
from kernel.boot.config cimport config_get
from kernel.memory.string cimport strcmp

cdef enum:
    RING_SIZE = 16384
    LINE_MAX = 400

cdef char ring[RING_SIZE]
cdef u64 written                         # bytes ever; the ring holds the last RING_SIZE of them
cdef int shown                           # level up to which lines go to the console
cdef u64 started


cdef const char* level_name(int level) noexcept nogil:
    if level == LOG_ERROR:
        return b"error"
    if level == LOG_WARNING:
        return b"warning"
    if level == LOG_INFO:
        return b"info"
    return b"debug"


cdef public void log_init() noexcept nogil:
    global shown, written, started
    cdef const char* wanted = config_get(b"log", 0)
    cdef int level
    shown = LOG_WARNING
    written = 0
    events_mask()
    started = platform_clock()
    events_unmask()
    if wanted != NULL:
        for level in range(4):
            if strcmp(wanted, level_name(level)) == 0:
                shown = level


cdef public void log_set_level(int level) noexcept nogil:
    global shown
    shown = level


cdef public void log_format(int level, const char* format, const u64* arguments, int count) noexcept nogil:
    global written
    cdef char line[LINE_MAX]
    cdef Text text
    cdef u64 i, now
    events_mask()
    now = platform_clock() - started
    text_init(&text, line, LINE_MAX - 1)
    text_print(&text, b"[%5u.%06u] %s: ", now // 1000000000, now // 1000 % 1000000, level_name(level))
    text_format(&text, format, arguments, count)
    line[text.length] = c'\n'
    text.length += 1
    for i in range(text.length):
        ring[written % RING_SIZE] = line[i]
        written += 1
    if level <= shown:
        platform_print(line, text.length)
    events_unmask()


cdef public u64 log_copy(char* into, u64 size) noexcept nogil:
    cdef u64 i, first, count
    events_mask()
    count = min(min(size, written), <u64>RING_SIZE)
    first = written - count
    for i in range(count):
        into[i] = ring[(first + i) % RING_SIZE]
    events_unmask()
    return count
