# Byte-string primitives.  gcc calls memcpy, memmove, memset and memcmp on its own account.
#
# The builtins let gcc expand small constant sizes in place and otherwise call
# kernel/memory/string.pyx, which has no other users of its names.
cdef extern from * nogil:
    void* memcpy "__builtin_memcpy"(void* target, const void* source, size_t size) noexcept
    void* memmove "__builtin_memmove"(void* target, const void* source, size_t size) noexcept
    void* memset "__builtin_memset"(void* target, int value, size_t size) noexcept
    int memcmp "__builtin_memcmp"(const void* a, const void* b, size_t size) noexcept
    size_t strlen "__builtin_strlen"(const char* text) noexcept
    int strcmp "__builtin_strcmp"(const char* a, const char* b) noexcept
