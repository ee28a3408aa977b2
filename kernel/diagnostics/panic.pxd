# The end of a guest that cannot go on: one clear line, then all that is known, then exit code 134.
#
# Interface: callable from anywhere, also on the event stack and inside another panic (which then only
# says so and leaves).  Does not return.
from kernel.types cimport u64
from kernel.boot.bootinfo cimport EventFrame
from kernel.diagnostics.format cimport kprint

cdef enum:
    EXIT_PANIC = 134                     # as a process killed by SIGABRT
    EXIT_BOOT = 125                      # BootInfo or the launch configuration is not ours

cdef extern void panic_init() noexcept nogil
cdef extern void panic(const char* message) noexcept nogil
cdef extern void panic_format(const char* format, const u64* arguments, int count) noexcept nogil
cdef extern void panic_fault(EventFrame* frame) noexcept nogil
cdef extern void panic_print_threads() noexcept nogil
# `reporter()` prints the Java stack of the current thread with kprint; called after the kernel's stack.
cdef extern void panic_set_java_reporter(void (*reporter)() noexcept nogil) noexcept nogil
cdef extern void assertion_failed(const char* message) noexcept nogil

cdef extern from *:
    """
    extern void assertion_failed(const char *message);
    extern void panic_format(const char *format, const uint64_t *arguments, int count);
    #define panic_print(format, ...) panic_format((const char *)(format), FORMAT_ARGUMENTS(__VA_ARGS__))
    #ifdef DEMITASSE_DEBUG
    #define kassert(condition, message) do { if (__builtin_expect(!(condition), 0)) assertion_failed((const char *)(message)); } while (0)
    #define DEMITASSE_CHECKS 1
    #else
    #define kassert(condition, message) do { } while (0)
    #define DEMITASSE_CHECKS 0
    #endif
    """
    void panic_print(const char* format, ...) noexcept nogil
    void kassert(bint condition, const char* message) noexcept nogil
    const bint DEMITASSE_CHECKS
