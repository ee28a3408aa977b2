# The one place where the VM makes Java exceptions.
#
# Interface: each call sets t.exception (allocating, and running the exception's constructor) and
# returns -1, so that `return throw_…` reads well; natives check t.exception after calls that throw.
# What was pending before is replaced.  Class names are in internal form, of the boot loader.
from kernel.types cimport i32, i64, u64
from kernel.diagnostics.format cimport kprint      # for FORMAT_ARGUMENTS
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, JavaThread, Symbol

# Once the classes of java.lang are loaded and have mirrors: the prepared objects.  -1: t.exception.
cdef extern int exceptions_init(JavaThread* t) noexcept nogil
# message may be NULL (no-argument constructor) else UTF-8.
cdef extern int throw_named(JavaThread* t, const char* class_name, const char* message) noexcept nogil
cdef extern int throw_class(JavaThread* t, Class* klass, const char* message) noexcept nogil
cdef extern int throw_object(JavaThread* t, Object* throwable) noexcept nogil
cdef extern int throw_with_cause(JavaThread* t, const char* class_name, const char* message, Object* cause) noexcept nogil
cdef extern int throw_null_pointer(JavaThread* t) noexcept nogil
cdef extern int throw_index(JavaThread* t, i32 index, i32 length) noexcept nogil     # ArrayIndexOutOfBoundsException
# Both make their object without running Java code, and fall back on one made at the start.
cdef extern int throw_out_of_memory(JavaThread* t, const char* message) noexcept nogil
# The machine cannot go on for want of memory and has no way to say so in Java: one line, exit code 1.
cdef extern void fatal_out_of_memory(const char* what) noexcept nogil
cdef extern int throw_stack_overflow(JavaThread* t) noexcept nogil
cdef extern int throw_format_list(void* t, const char* class_name, const char* format, const u64* arguments,
                                  int count) noexcept nogil

# printf-like message: %s char*, %S Symbol* as an external name (dots), %d any integer, %% percent; up
# to 8 arguments.
cdef extern from *:
    """
    #ifndef throw_format
    extern int throw_format_list(void *t, const char *class_name, const char *format, const uint64_t *arguments, int count);
    #define throw_format(t, class_name, format, ...) \\
        throw_format_list((t), (const char *)(class_name), (const char *)(format), FORMAT_ARGUMENTS(__VA_ARGS__))
    #endif
    """
    int throw_format(JavaThread* t, const char* class_name, const char* format, ...) noexcept nogil
