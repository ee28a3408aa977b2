# The one place where the VM makes Java exceptions.
#
# Interface: each call sets t.exception (allocating, and running the exception's constructor) and
# returns -1, so that `return throw_…` reads well; natives check t.exception after calls that throw.
from kernel.types cimport i32, i64
from jvm.heap.object cimport Object
from jvm.loader.classes cimport Class, JavaThread, Symbol

# class_name in internal form; message may be NULL (no-argument constructor) else UTF-8.
cdef extern int throw_named(JavaThread* t, const char* class_name, const char* message) noexcept nogil
# printf-like message: %s char*, %S Symbol* as an external name (dots), %d i32, %l i64, %% percent.
cdef extern int throw_format(JavaThread* t, const char* class_name, const char* format, ...) noexcept nogil
cdef extern int throw_object(JavaThread* t, Object* throwable) noexcept nogil
cdef extern int throw_with_cause(JavaThread* t, const char* class_name, const char* message, Object* cause) noexcept nogil
cdef extern int throw_null_pointer(JavaThread* t) noexcept nogil
cdef extern int throw_index(JavaThread* t, i32 index, i32 length) noexcept nogil     # ArrayIndexOutOfBoundsException
cdef extern int throw_out_of_memory(JavaThread* t, const char* message) noexcept nogil  # prepared object when nothing can be made
cdef extern int throw_stack_overflow(JavaThread* t) noexcept nogil
