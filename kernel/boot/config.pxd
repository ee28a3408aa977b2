# The launch configuration: boot module "@config", NUL-terminated "key=value" records.
#
# Interface: keys may repeat and keep their order.  Strings stay valid for ever; nothing is copied.
# A record without '=' is ignored, an unterminated last record too: the parser never reads past `size`.
from kernel.types cimport u64

cdef struct Config:
    const char* data
    u64 size

cdef extern void config_init(const char* data, u64 size) noexcept nogil
cdef extern const char* config_get(const char* key, u64 index) noexcept nogil   # value of the index-th record of `key`, or NULL
cdef extern u64 config_count(const char* key) noexcept nogil
cdef extern u64 config_number(const char* key, u64 default) noexcept nogil      # decimal with K, M, G; `default` if absent or malformed
cdef extern bint config_flag(const char* key) noexcept nogil                    # present and not "0", "no", "false", "off"
# The same on any bytes.
cdef extern const char* config_find(const Config* config, const char* key, u64 index) noexcept nogil
cdef extern bint config_parse_number(const char* text, u64* value) noexcept nogil
