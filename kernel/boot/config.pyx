# The launch configuration: see config.pxd.
from kernel.types cimport u64
from kernel.memory.string cimport memcmp, strcmp, strlen

cdef Config boot_config


cdef public void config_init(const char* data, u64 size) noexcept nogil:
    boot_config.data = data
    boot_config.size = size if data != NULL else 0


cdef public const char* config_find(const Config* config, const char* key, u64 index) noexcept nogil:
    cdef u64 position = 0, end, length = strlen(key)
    while position < config.size:
        end = position
        while end < config.size and config.data[end]:
            end += 1
        if end == config.size:
            return NULL                  # not terminated
        if end - position > length and config.data[position + length] == c'=' \
                and memcmp(config.data + position, key, length) == 0:
            if index == 0:
                return config.data + position + length + 1
            index -= 1
        position = end + 1
    return NULL


cdef public const char* config_get(const char* key, u64 index) noexcept nogil:
    return config_find(&boot_config, key, index)


cdef public u64 config_count(const char* key) noexcept nogil:
    cdef u64 count = 0
    while config_get(key, count) != NULL:
        count += 1
    return count


cdef public bint config_parse_number(const char* text, u64* value) noexcept nogil:
    cdef u64 number = 0
    cdef u64 shift = 0
    cdef u64 digits = 0
    while c'0' <= text[digits] <= c'9':
        if number > (~<u64>0 - 9) // 10:
            return False
        number = number * 10 + <u64>(text[digits] - c'0')
        digits += 1
    if digits == 0:
        return False
    if text[digits] in (c'K', c'k'):
        shift = 10
    elif text[digits] in (c'M', c'm'):
        shift = 20
    elif text[digits] in (c'G', c'g'):
        shift = 30
    if shift:
        digits += 1
    if text[digits] or number << shift >> shift != number:
        return False
    value[0] = number << shift
    return True


cdef public u64 config_number(const char* key, u64 default) noexcept nogil:
    cdef const char* text = config_get(key, 0)
    cdef u64 value
    if text == NULL or not config_parse_number(text, &value):
        return default
    return value


cdef public bint config_flag(const char* key) noexcept nogil:
    cdef const char* text = config_get(key, 0)
    if text == NULL:
        return False
    return strcmp(text, b"0") != 0 and strcmp(text, b"no") != 0 and strcmp(text, b"false") != 0 and strcmp(text, b"off") != 0
